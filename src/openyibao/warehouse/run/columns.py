"""Between columns and records 列与记录: compiled copies in both directions, with the checks that a loop without bounds needs.

Columns come from mapped files, read-only, or from memory; they are made read-only views of one exact type, so that one compilation
serves all.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from openyibao.kernel.codes import KINDS, LEVELS, RESIDENT
from openyibao.kernel.law import compilable
from openyibao.warehouse.cache import cache_folder
from openyibao.warehouse.records import CLAIM, MONEY, RESULTS
from openyibao.warehouse.tables.schema import RESULT

numba = compilable(cache_folder())

CLAIM_COLUMNS = {name: np.dtype(np.int32) if name in MONEY else CLAIM[name] for name in CLAIM.names or ()}
"""The claim's fields in the record's order, and the type each has in a file of bills."""
RESULT_COLUMNS = {column.name: np.dtype(column.type) for column in RESULT.columns}

Columns = Mapping[str, Any]


def exact(values: Any, kind: Any) -> Any:
    """A column as a read-only view of one type; copied only when it has another type or lies scattered."""
    found = np.ascontiguousarray(values, dtype=kind).view()
    found.flags.writeable = False
    return found


def exacts(columns: Columns, kinds: Mapping[str, Any]) -> tuple[Any, ...]:
    """Columns by name, in the order of `kinds`."""
    return tuple(exact(columns[name], kind) for name, kind in kinds.items())


@numba.njit(cache=True, error_model="numpy", nogil=True)
def gather(columns: Any, holder: Any, start: int, first: int, after: int, year: int, claims: Any, persons: Any) -> int:
    """Copy bills start, start + 1 … into `claims`, and their holders' rows less `first` into `persons`.

    columns  the claim's columns, in the order of CLAIM_COLUMNS
    Returns the row of the first bill that may not be settled (a code outside the kernel's, a day of another year, a holder outside
    [first, after), a day before the one before it), or -1.
    """
    day_before = 0
    for i in range(claims.shape[0]):
        r = start + i
        claim = claims[i]
        claim.total = columns[0][r]
        claim.full = columns[1][r]
        claim.over = columns[2][r]
        claim.pre = columns[3][r]
        claim.within = columns[4][r]
        claim.off_list = columns[5][r]
        claim.consultation = columns[6][r]
        claim.third_party = columns[7][r]
        claim.day = columns[8][r]
        claim.admitted = columns[9][r]
        claim.place = columns[10][r]
        claim.grant = columns[11][r]
        claim.other_grant = columns[12][r]
        claim.cover_from = columns[13][r]
        claim.cover_to = columns[14][r]
        claim.wait_until = columns[15][r]
        claim.died = columns[16][r]
        claim.sessions = columns[17][r]
        claim.scheme = columns[18][r]
        claim.kind = columns[19][r]
        claim.level = columns[20][r]
        claim.status = columns[21][r]
        claim.offsite = columns[22][r]
        claim.transferred = columns[23][r]
        claim.continued = columns[24][r]
        claim.long_bed = columns[25][r]
        claim.disease = columns[26][r]
        claim.other_disease = columns[27][r]
        claim.granted = columns[28][r]
        claim.two_disease = columns[29][r]
        claim.two_registered = columns[30][r]
        claim.babies = columns[31][r]
        claim.complication = columns[32][r]
        claim.aid = columns[33][r]
        claim.registered_poor = columns[34][r]
        claim.civil_servant = columns[35][r]
        claim.epidemic = columns[36][r]
        claim.added = columns[37][r]
        claim.pre_existing = columns[38][r]
        claim.account_use = columns[39][r]
        claim.suspended = columns[40][r]
        claim.agreement = columns[41][r]
        claim.outside_fund = columns[42][r]
        persons[i] = holder[r] - first
        if (
            claim.scheme < 0 or claim.scheme > RESIDENT or claim.kind < 0 or claim.kind >= KINDS or claim.level < 0 or claim.level >= LEVELS
            or claim.day // 10_000 != year or holder[r] < first or holder[r] >= after
        ):  # fmt: skip
            return r
        if i > 0 and persons[i] == persons[i - 1] and claim.day < day_before:
            return r
        day_before = claim.day
    return -1


@numba.njit(cache=True, error_model="numpy", nogil=True)
def scatter(results: Any, start: int, columns: Any) -> None:
    """Copy settled results to rows start, start + 1 … of the columns of `result`, in the order of RESULTS.

    No figure of a bill is above its total, and a total came out of 32 bits; so none is cut.
    """
    for i in range(results.shape[0]):
        r = start + i
        result = results[i]
        columns[0][r] = result.outcome
        columns[1][r] = result.deductible
        columns[2][r] = result.pool
        columns[3][r] = result.large_first
        columns[4][r] = result.large_second
        columns[5][r] = result.catastrophic
        columns[6][r] = result.civil
        columns[7][r] = result.aid
        columns[8][r] = result.tilt
        columns[9][r] = result.topup
        columns[10][r] = result.added_1
        columns[11][r] = result.added_2
        columns[12][r] = result.added_3
        columns[13][r] = result.state
        columns[14][r] = result.fund
        columns[15][r] = result.hospital
        columns[16][r] = result.person
        columns[17][r] = result.account
        columns[18][r] = result.family
        columns[19][r] = result.cash


@numba.njit(cache=True, error_model="numpy", nogil=True)
def differing(results: Any, start: int, columns: Any, recorded: Any) -> int:
    """Copy rows start, start + 1 … of recorded results into `recorded`; how many bills have a figure that differs from `results`."""
    count = 0
    for i in range(results.shape[0]):
        r = start + i
        before, now = recorded[i], results[i]
        before.outcome = columns[0][r]
        before.deductible = columns[1][r]
        before.pool = columns[2][r]
        before.large_first = columns[3][r]
        before.large_second = columns[4][r]
        before.catastrophic = columns[5][r]
        before.civil = columns[6][r]
        before.aid = columns[7][r]
        before.tilt = columns[8][r]
        before.topup = columns[9][r]
        before.added_1 = columns[10][r]
        before.added_2 = columns[11][r]
        before.added_3 = columns[12][r]
        before.state = columns[13][r]
        before.fund = columns[14][r]
        before.hospital = columns[15][r]
        before.person = columns[16][r]
        before.account = columns[17][r]
        before.family = columns[18][r]
        before.cash = columns[19][r]
        if (
            before.outcome != now.outcome or before.deductible != now.deductible or before.pool != now.pool
            or before.large_first != now.large_first or before.large_second != now.large_second
            or before.catastrophic != now.catastrophic or before.civil != now.civil or before.aid != now.aid or before.tilt != now.tilt
            or before.topup != now.topup or before.added_1 != now.added_1 or before.added_2 != now.added_2
            or before.added_3 != now.added_3 or before.state != now.state or before.fund != now.fund or before.hospital != now.hospital
            or before.person != now.person or before.account != now.account or before.family != now.family or before.cash != now.cash
        ):  # fmt: skip
            count += 1
    return count


def empty_result(count: int) -> dict[str, Any]:
    """The columns of `result`, not yet written."""
    return {name: np.empty(count, RESULT_COLUMNS[name]) for name in RESULTS}


def in_order(columns: Columns, names: Sequence[str] = RESULTS) -> tuple[Any, ...]:
    """Columns to be written, as they are."""
    return tuple(columns[name] for name in names)
