"""Who is treated where 就医地点: institutions by level and town, nearest first, pharmacies, institutions outside the city, their doctors.

A town without an institution of a level sends its people to those of its county, a county without one to those of the city, a city
without one to its own of the closest level. Long lists are cut by a skew: the first institutions of a list are the busy ones.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel.codes import LEVELS

Columns = Mapping[str, Any]
PHARMACIES = LEVELS
"""The row of pharmacies, after the levels."""


class Places(NamedTuple):
    """Lists of institutions end to end, and where each begins; every array is read-only."""

    at: Any  # int32 (LEVELS + 1, towns): into `lists`; the last row is pharmacies
    count: Any
    outside_at: Any  # int32 (places + 1, LEVELS): into `lists`; the last row is every place
    outside_count: Any
    areas: Any  # int32 (places): division code of each place outside
    lists: Any  # int32, institutions
    level: Any  # int8 by institution
    area: Any  # int32 by institution: division code outside, 0 = home
    starts: Any  # int32 by institution: agreement's first day
    ends: Any  # int32: first day no longer in force
    staff_at: Any  # int32 by institution: into `staff`
    staff_count: Any
    staff: Any  # int32, practitioners
    department: Any  # int16 by practitioner
    rural: Any  # int8 by town


class Lists:
    """Lists being laid end to end; equal ones once."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.rows: list[int] = []
        self.known: dict[bytes, int] = {}

    def add(self, rows: Any) -> tuple[int, int]:
        """Where the list begins, and its length."""
        key = rows.tobytes()
        if key not in self.known:
            self.known[key] = len(self.rows)
            self.rows.extend(int(row) for row in rows)
        return self.known[key], len(rows)


def places_of(town: Columns, institution: Columns, practitioner: Columns) -> Places:
    """The lists of a city's registers."""
    counties = np.asarray(town["county"])
    lists = Lists()
    at, count = np.zeros((LEVELS + 1, len(counties)), np.int32), np.zeros((LEVELS + 1, len(counties)), np.int32)
    outside = rows_where(np.asarray(institution["place"]) != 0)
    for level in range(LEVELS + 1):
        able = of_level(institution, level)
        for place, county in enumerate(counties):
            at[level, place], count[level, place] = lists.add(nearest(institution, able, place, counties, int(county), outside, level))
    areas = np.unique(np.asarray(institution["place"])[outside]).astype(np.int32)
    outside_at, outside_count = np.zeros((len(areas) + 1, LEVELS), np.int32), np.zeros((len(areas) + 1, LEVELS), np.int32)
    for place in range(len(areas) + 1):
        there = outside if place == len(areas) else outside[np.asarray(institution["place"])[outside] == areas[place]]
        for level in range(LEVELS):
            outside_at[place, level], outside_count[place, level] = lists.add(closest_level(institution, there, level))
    staff_of = np.asarray(practitioner["institution"])
    order = np.argsort(staff_of, kind="stable").astype(np.int32)
    numbers = np.arange(len(institution["level"]))
    staff_at = np.searchsorted(staff_of[order], numbers).astype(np.int32)
    staff_count = (np.searchsorted(staff_of[order], numbers, side="right") - staff_at).astype(np.int32)
    return Places(
        at, count, outside_at, outside_count, areas, np.array(lists.rows, np.int32), narrow(institution["level"], np.int8),
        narrow(institution["place"], np.int32), narrow(institution["starts"], np.int32), narrow(institution["ends"], np.int32),
        staff_at, staff_count, order, narrow(practitioner["department"], np.int16), narrow(town["rural"], np.int8),
    )  # fmt: skip


def narrow(values: Any, kind: Any) -> Any:
    """A copy of one type, so that the compiled loops see one signature."""
    return np.array(values, dtype=kind)


def rows_where(mask: Any) -> Any:
    """Rows as int32."""
    return np.flatnonzero(mask).astype(np.int32)


def of_level(institution: Columns, level: int) -> Any:
    """The city's own institutions of a level, or its pharmacies."""
    home = np.asarray(institution["place"]) == 0
    pharmacy = np.asarray(institution["pharmacy"]) == 1
    if level == PHARMACIES:
        return rows_where(home & pharmacy)
    return rows_where(home & ~pharmacy & (np.asarray(institution["level"]) == level))


def nearest(institution: Columns, able: Any, town: int, counties: Any, county: int, outside: Any, level: int) -> Any:
    """The institutions a town uses of those able: its own, its county's, the city's, else those outside of the closest level."""
    if level == PHARMACIES and not len(able):
        return able
    towns = np.asarray(institution["town"])[able]
    for group in (able[towns == town], able[counties[towns] == county], able):
        if len(group):
            return group
    home = rows_where((np.asarray(institution["place"]) == 0) & (np.asarray(institution["pharmacy"]) == 0))
    return closest_level(institution, home if len(home) else outside, level)


def closest_level(institution: Columns, rows: Any, level: int) -> Any:
    """Of these institutions those whose level is closest to the one wanted."""
    if not len(rows):
        return rows
    gap = np.abs(np.asarray(institution["level"])[rows].astype(np.int64) - level)
    return rows[gap == gap.min()]
