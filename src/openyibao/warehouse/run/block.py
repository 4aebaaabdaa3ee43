"""Bills by the block 分块结算: narrow columns gathered into claims, settled in order by the compiled law, and handed on.

A block holds all bills of the persons it begins, and is small enough to stay in a core's cache from gathering to summing; that, and
not the law, is what decides how fast a city is.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel.codes import EMPLOYEE, KINDS, RESIDENT
from openyibao.kernel.law import compilable
from openyibao.warehouse.cache import cache_folder
from openyibao.warehouse.loop import settle_credited
from openyibao.warehouse.records import CLAIM, RESULT, YEAR, Records
from openyibao.warehouse.run.columns import CLAIM_COLUMNS, Columns, exact, exacts, gather
from openyibao.warehouse.run.credits import HOLDER_COLUMNS, credit_holders
from openyibao.warehouse.run.package import MONTHS, Package
from openyibao.warehouse.tables.schema import CLOSING, HOLDER

numba = compilable(cache_folder())

SIZE = 4_096
"""Bills of a block, about: claims, results and accumulators of some 1.4 MB stay within a core's second cache."""
CARRIED = ("stay_level", "stay_due", "stay_borne", "stay_left", "stay_admission", "prenatal_paid")
"""What a year takes over from the one before beside the account (kernel.year.fresh); columns of `holder` and `closing` alike."""
OPENING = ("account", "family", *CARRIED)
OPENING_COLUMNS = {column.name: np.dtype(column.type) for column in HOLDER.columns if column.name in OPENING}
CLOSING_COLUMNS = {column.name: np.dtype(column.type) for column in CLOSING.columns}


class Unsettled(Exception):
    """Bills that may not be settled as they stand: the row and what is wrong with it."""

    def __init__(self, row: int) -> None:
        self.row = row
        super().__init__(f"row {row}: a code outside the kernel's, a day of another year, or out of the order of person and day")


class Block(NamedTuple):
    """Settled bills start to stop of a bucket, of holders first to after; the buffers are used again for the next block."""

    start: int
    stop: int
    claims: Records
    results: Records
    first: int
    after: int
    years: Records  # at the end of the year, every month credited
    credit: int  # fen credited to these holders' accounts in the year
    account: int  # fen in their accounts at its end


@numba.njit(error_model="numpy", forceinline=True)
def segment_on(starts: Any, low: int, high: int, day: int) -> int:
    """The segment of [low, high) in force on a day; low - 1 before the first."""
    while low < high:
        middle = (low + high) // 2
        if starts[middle] <= day:
            low = middle + 1
        else:
            high = middle
    return low - 1


@numba.njit(cache=True, error_model="numpy", nogil=True)
def assign_plans(claims: Any, plans: Any, edges: Any, starts: Any, rows: Any, missing: Any, plan_of: Any) -> None:
    """Write each bill's plan row as Book.plan_for chooses it: by its day, or by admission under `version_by_admission`."""
    none = plans.shape[0] - 1
    for i in range(claims.shape[0]):
        claim = claims[i]
        plan_of[i] = none
        if claim.scheme < EMPLOYEE or claim.scheme > RESIDENT:
            continue
        low, high = edges[claim.scheme], edges[claim.scheme + 1]
        place = segment_on(starts, low, high, claim.day)
        if place >= low and rows[place] != none and claim.admitted > 0 and plans[rows[place]].readings.version_by_admission == 1:
            place = segment_on(starts, low, high, claim.admitted)
        if place < low:
            continue
        if claim.kind >= 0 and claim.kind < KINDS and missing[place, claim.kind] == 1:
            continue
        plan_of[i] = rows[place]


def plan_rows(bill: Columns, package: Package) -> Any:
    """The row in `package.plans` of each bill's plan, int32; the last row is that of no plan. Needs `scheme`, `kind`, `day`, `admitted`."""
    return rows_under(bill, package, package.missing)


def scope_rows(bill: Columns, package: Package) -> Any:
    """The row of the plan whose scope a bill's lines fall under: as `plan_rows`, but a kind without a version has its scheme's scope."""
    return rows_under(bill, package, np.zeros_like(package.missing))


def rows_under(bill: Columns, package: Package, missing: Any) -> Any:
    """The rows, with the given benefits missing."""
    count = len(bill["kind"])
    claims, plan_of = np.zeros(count, CLAIM), np.empty(count, np.int32)
    for name in ("scheme", "kind", "day", "admitted"):
        claims[name] = bill[name]
    assign_plans(claims, package.plans, package.edges, package.starts, package.rows, missing, plan_of)
    return plan_of


@numba.njit(cache=True, error_model="numpy", nogil=True)
def open_years(opening: Any, first: int, year: int, years: Any, credits: Any, credited: Any) -> None:
    """Open the years of holders first, first + 1 … on 1 January; `years` holds zeros but for these figures.

    opening  columns of `holder` in the order of OPENING_COLUMNS
    """
    for h in range(years.shape[0]):
        record, r = years[h], first + h
        record.year = year
        record.account = opening[0][r]
        record.family = opening[1][r]
        record.stay_level = opening[2][r]
        record.stay_due = opening[3][r]
        record.stay_borne = opening[4][r]
        record.stay_left = opening[5][r]
        record.stay_admission = opening[6][r]
        record.prenatal_paid = opening[7][r]
        credited[h] = 0
        for m in range(credits.shape[1]):
            credits[h, m] = 0


@numba.njit(cache=True, error_model="numpy", nogil=True)
def close_years(years: Any, credits: Any, credited: Any) -> tuple[int, int]:
    """Credit every holder the months after their last bill: the end of the year. Returns all credits, and all accounts then, fen."""
    credit, account = 0, 0
    for h in range(years.shape[0]):
        for m in range(credits.shape[1]):
            credit += credits[h, m]
            if m >= credited[h]:
                years[h].account += credits[h, m]
        account += years[h].account
    return credit, account


def settled(holder: Columns, bill: Columns, package: Package, size: int = SIZE) -> Iterator[Block]:
    """Settle a bucket's bills of the package's year in order, block by block; every holder is in exactly one block, with or without bills.

    holder  columns of `holder`: `person`, standing, opening figures; sorted by person and scheme
    bill    every field of the claim, and `holder`; sorted by person and day
    Raises Unsettled for a bill that may not be given to the law.
    """
    columns, owner = exacts(bill, CLAIM_COLUMNS), exact(bill["holder"], np.int32)
    standing, opening = exacts(holder, HOLDER_COLUMNS), exacts(holder, OPENING_COLUMNS)
    cuts = list(spans(owner, holder["person"], size))
    room = Room.of(max((cut[1] - cut[0] for cut in cuts), default=0), max((cut[3] - cut[2] for cut in cuts), default=0))
    for start, stop, first, after in cuts:
        bills, holders = stop - start, after - first
        claims, results, persons, plan_of = (part[:bills] for part in (room.claims, room.results, room.persons, room.plan_of))
        bad = gather(columns, owner, start, first, after, package.year, claims, persons)
        if bad >= 0:
            raise Unsettled(bad)
        years, credits, credited = room.years[:holders], room.credits[:holders], room.credited[:holders]
        years.view(np.int64)[:] = 0
        open_years(opening, first, package.year, years, credits, credited)
        credit_holders(*(values[first:after] for values in standing), package.terms, credits)
        assign_plans(claims, package.plans, package.edges, package.starts, package.rows, package.missing, plan_of)
        settle_credited(claims, persons, plan_of, package.plans, years, credits, credited, results)
        credit, account = close_years(years, credits, credited)
        yield Block(start, stop, claims, results, first, after, years, credit, account)


class Room(NamedTuple):
    """Buffers for the largest block of a bucket, used again for each."""

    claims: Records
    results: Records
    persons: Any
    plan_of: Any
    years: Records
    credits: Any
    credited: Any

    @classmethod
    def of(cls, bills: int, holders: int) -> "Room":
        """Room for so many bills and holders."""
        return cls(
            np.empty(bills, CLAIM), np.empty(bills, RESULT), np.empty(bills, np.int32), np.empty(bills, np.int32),
            np.empty(holders, YEAR), np.empty((holders, MONTHS), np.int64), np.empty(holders, np.int8),
        )  # fmt: skip


def spans(owner: Any, persons_of: Any, size: int) -> Iterator[tuple[int, int, int, int]]:
    """Bills start to stop and holders first to after of each block: about `size` bills, cut between persons; all holders are met."""
    count, holders, start, first = len(owner), len(persons_of), 0, 0
    while first < holders:
        last = start + size - 1
        if last >= count or not 0 <= owner[last] < holders:
            yield start, count, first, holders
            return
        after = int(np.searchsorted(persons_of, persons_of[owner[last]], side="right"))
        stop = last + 1
        while stop < count and owner[stop] < after:
            stop += 1
        yield start, stop, first, after
        start, first = stop, after
    if start < count:
        raise Unsettled(start)


def closing_columns(holders: int) -> dict[str, Any]:
    """The columns of `closing`, not yet written."""
    return {name: np.empty(holders, kind) for name, kind in CLOSING_COLUMNS.items()}


def close(block: Block, closing: Columns) -> None:
    """Write the end of a block's holders' years into the columns of `closing`."""
    for name, values in closing.items():
        values[block.first : block.after] = block.years[name]
