"""The people of one bucket while its years go by 一桶人: arrays by row, spans of cover as they close, one year's months of cover.

Rows are numbered as persons come: first everybody on the eve of the first year, then newborns and newcomers.
"""

from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np

from openyibao.kernel.codes import EMPLOYEE, RESIDENT
from openyibao.warehouse.city.draws import Array, stream
from openyibao.warehouse.city.ground import Ground, Quota, quota_of
from openyibao.warehouse.city.registers import OPEN
from openyibao.warehouse.city.size import TURNOVER
from openyibao.warehouse.tables.schema import BUCKET

NO_JOB, EMPLOYED, FLEXIBLE, RETIREE = 0, 1, 2, 3
"""What a person is in the employee scheme."""
BIRTH, WORK, SWITCH, RETIREMENT, RENEWAL, ARRIVAL = 1, 2, 3, 4, 5, 6
"""Why a span of cover starts, as the table `cover` says it."""
SPARE = 64

ZERO = (
    "sex", "born", "died", "household", "town", "scheme", "job", "kind", "wage", "pension", "since", "reason", "wait", "gone",
    "local", "resident", "poor", "aid", "two", "grant", "other_grant", "added", "wealth", "offsite", "place", "voucher", "opening",
    "covered", "double",
)  # fmt: skip
MINUS = ("mother", "employer", "disease", "other_disease")
"""Figures of a person, by row: int64, all 0 or all -1 before they are drawn."""
MONTHS_OF = ("first", "last", "from", "to", "wait")


class Bucketful:
    """One bucket's people, their spans of cover, and the year at hand."""

    def __init__(self, ground: Ground, bucket: int) -> None:
        """Nobody yet; room for everybody and for those who will come."""
        self.ground, self.bucket = ground, bucket
        self.quota: Quota = quota_of(ground.profile, ground.city, bucket)
        self.living = self.quota.living
        room = min(BUCKET, int(self.living * (1 + 1.5 * TURNOVER * len(ground.city.years))) + SPARE)
        self.p: dict[str, Array] = {name: np.zeros(room, np.int64) for name in ZERO} | {name: np.full(room, -1, np.int64) for name in MINUS}
        self.count = 0
        self.spans: list[dict[str, Array]] = []
        self.months: dict[int, dict[str, Array]] = {}
        self.employer_then = np.full(room, -1, np.int64)
        self.changed = np.zeros(room, np.int64)
        self.employer_now = np.full(room, -1, np.int64)
        self.job_now = np.zeros(room, np.int64)

    def rng(self, year: int, what: str) -> np.random.Generator:
        """A stream of this bucket."""
        return stream(self.ground.city.seed, self.bucket, year, what)

    def new_rows(self, count: int) -> Array:
        """Rows for newcomers; raises ValueError when the bucket is full, which `TURNOVER` is there to prevent."""
        if self.count + count > len(self.p["sex"]):
            raise ValueError(f"bucket {self.bucket} is full: {self.count} persons and {count} more")
        rows = np.arange(self.count, self.count + count)
        self.count += count
        return rows

    def age(self, year: int) -> Array:
        """Age on 31 December; rows not in use count as of year 0."""
        return year - self.p["born"] // 10_000

    def here(self) -> Array:
        """1 for the living who belong to the city."""
        found = np.zeros(len(self.p["sex"]), np.int64)
        found[: self.count] = (self.p["died"][: self.count] == 0) & (self.p["gone"][: self.count] == 0)
        return found

    def open_year(self, year: int) -> None:
        """Begin a year: everybody covered on the eve is covered from January to December until something happens."""
        room = len(self.p["sex"])
        self.months = {scheme: {name: np.zeros(room, np.int64) for name in MONTHS_OF} for scheme in (EMPLOYEE, RESIDENT)}
        here = self.here()
        for scheme, found in self.months.items():
            rows = np.flatnonzero((here == 1) & (self.p["scheme"] == scheme))
            found["first"][rows], found["last"][rows] = 1, 12
            found["from"][rows], found["to"][rows], found["wait"][rows] = self.p["since"][rows], OPEN, self.p["wait"][rows]
        twice = np.flatnonzero((here == 1) & (self.p["double"] > 0))
        self.p["double"][twice] = 0
        self.employer_then[:], self.changed[:] = self.p["employer"], 0
        self.employer_now[:], self.job_now[:] = self.p["employer"], self.p["job"]

    def start(self, rows: Array, scheme: int, month: Any, starts: Any, reason: int, wait: Any = 0) -> None:
        """Cover in a scheme begins for some rows on days `starts`, counted from `month` on."""
        found = self.months[scheme]
        again = found["first"][rows] > 0
        found["first"][rows] = np.where(again, found["first"][rows], month)
        found["last"][rows], found["from"][rows], found["to"][rows], found["wait"][rows] = 12, starts, OPEN, wait
        self.p["scheme"][rows], self.p["since"][rows], self.p["reason"][rows], self.p["wait"][rows] = scheme, starts, reason, wait

    def stop(self, rows: Array, month: Any, ends: Any, *, last_day: Any = None) -> None:
        """The cover that rows have now ends: `month` is the last that counts, `ends` the first day without."""
        self.record(rows, ends)
        for scheme, found in self.months.items():
            mine = self.p["scheme"][rows] == scheme
            there = rows[mine]
            found["last"][there] = np.broadcast_to(month, rows.shape)[mine]
            found["to"][there] = np.broadcast_to(ends if last_day is None else last_day, rows.shape)[mine]
            none = there[found["last"][there] < found["first"][there]]
            found["first"][none] = found["last"][none] = 0

    def record(self, rows: Array, ends: Any, *, duplicate: bool = False, starts: Any = None) -> None:
        """Note spans of cover that end on days `ends`; a span that would be empty is none."""
        p = self.p
        begins = p["since"][rows] if starts is None else np.broadcast_to(starts, rows.shape)
        until = np.broadcast_to(ends, rows.shape)
        kept = until > begins
        rows, begins, until = rows[kept], begins[kept], until[kept]
        civil = np.append(self.ground.employer["civil"], 0)[p["employer"][rows]]
        employee = (p["scheme"][rows] == EMPLOYEE) & (not duplicate)
        self.spans.append({
            "row": rows, "scheme": np.where(employee, EMPLOYEE, RESIDENT),
            "status": ((p["job"][rows] == RETIREE) & employee).astype(np.int64),
            "civil_servant": np.where(employee, civil, 0), "flexible": ((p["job"][rows] == FLEXIBLE) & employee).astype(np.int64),
            "employer": np.where(employee, p["employer"][rows], -1), "starts": begins, "ends": until,
            "wait_until": np.zeros(len(rows), np.int64) if duplicate else p["wait"][rows],
            "reason": np.full(len(rows), RENEWAL) if duplicate else p["reason"][rows], "duplicate": np.full(len(rows), int(duplicate)),
        })  # fmt: skip


def days_of(year: Any, offset: Any) -> Array:
    """The day `offset` (from 0) of a year, yyyymmdd; both numbers or arrays."""
    day = (np.asarray(year) - 1970).astype("datetime64[Y]").astype("datetime64[D]") + np.asarray(offset).astype("timedelta64[D]")
    month = day.astype("datetime64[M]")
    number = month.astype(np.int64)
    return np.asarray((number // 12 + 1970) * 10_000 + (number % 12 + 1) * 100 + (day - month.astype("datetime64[D]")).astype(np.int64) + 1)


@cache
def normal_table() -> tuple[Array, Array]:
    """Chances and the standard normal values that they belong to, fine enough for wages."""
    chances = (np.arange(4096) + 0.5) / 4096
    return chances, np.array([NormalDist().inv_cdf(float(chance)) for chance in chances])


def lognormal(chances: Array, median: float, sigma: float) -> Array:
    """Log-normal values at given chances, whole numbers."""
    grid, values = normal_table()
    return np.asarray(np.rint(median * np.exp(sigma * np.interp(chances, grid, values))).astype(np.int64))
