"""Sums of a run 汇总: every amount by scheme, kind, level and month, in whole fen, added up as bills settle.

A cube is small and adds: buckets, machines and years are summed by adding arrays, so the order in which tasks end cannot move a fen.
"""

from typing import Any

import numpy as np

from openyibao.kernel.codes import KINDS, LEVELS, RESIDENT
from openyibao.kernel.law import compilable
from openyibao.warehouse.cache import cache_folder
from openyibao.warehouse.records import RESULTS

numba = compilable(cache_folder())

SUMMED = ("total", "full", "over", "pre", "within", "third_party")
"""What is summed of a claim."""
MEASURES = ("bills", "refused", *SUMMED, *RESULTS[1:])
"""What a cell holds: bills, those that no fund pays (outcome other than 0), and fen."""
SHAPE = (RESIDENT + 1, KINDS, LEVELS, 12, len(MEASURES))
"""Scheme and kind and level by the kernel's codes, month 1 to 12 at 0 to 11. The kind is the bill's own, not the one it settled as."""


@numba.njit(cache=True, error_model="numpy", nogil=True)
def add_block(claims: Any, results: Any, cube: Any) -> None:
    """Add settled bills to a cube."""
    for i in range(claims.shape[0]):
        claim, result = claims[i], results[i]
        cell = cube[claim.scheme, claim.kind, claim.level, claim.day // 100 % 100 - 1]
        cell[0] += 1
        if result.outcome != 0:
            cell[1] += 1
        cell[2] += claim.total
        cell[3] += claim.full
        cell[4] += claim.over
        cell[5] += claim.pre
        cell[6] += claim.within
        cell[7] += claim.third_party
        cell[8] += result.deductible
        cell[9] += result.pool
        cell[10] += result.large_first
        cell[11] += result.large_second
        cell[12] += result.catastrophic
        cell[13] += result.civil
        cell[14] += result.aid
        cell[15] += result.tilt
        cell[16] += result.topup
        cell[17] += result.added_1
        cell[18] += result.added_2
        cell[19] += result.added_3
        cell[20] += result.state
        cell[21] += result.fund
        cell[22] += result.hospital
        cell[23] += result.person
        cell[24] += result.account
        cell[25] += result.family
        cell[26] += result.cash


def empty_cube() -> Any:
    """A cube of zeros, int64."""
    return np.zeros(SHAPE, np.int64)


def measured(
    cube: Any, scheme: int | None = None, kind: int | None = None, level: int | None = None, month: int | None = None
) -> dict[str, int]:
    """The sums of a part of a cube by measure; None = all of that dimension, `month` from 1."""
    at = tuple(slice(None) if place is None else slice(place, place + 1) for place in (scheme, kind, level))
    months = slice(None) if month is None else slice(month - 1, month)
    sums = cube[(*at, months)].reshape(-1, len(MEASURES)).sum(axis=0)
    return dict(zip(MEASURES, sums.tolist(), strict=True))
