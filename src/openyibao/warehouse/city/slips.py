"""The slip 就诊单: one bill before it has lines and money, as a row of integers that the compiled loops write and read.

Days are counted from 1 January of the year that is being made; a person, a cover and a town are rows of the bucket.
"""

from typing import Any

import numpy as np

from openyibao.warehouse.city.chance import inner

(PERSON, COVER, DAY, KIND, ILLNESS, INSTITUTION, PRACTITIONER, LEVEL, DAYS, ADMITTED, OFFSITE, SEVERITY, DISEASE, OTHER, TWO, BABIES,
 COMPLICATION, SESSIONS, MARKS, FAULT, OPERATION) = range(21)  # fmt: skip
FIELDS = 21
TRANSFERRED, CONTINUED, LONG_BED, THIRD_PARTY, WORK_INJURY, DIRECT, EPIDEMIC, NOT_GRANTED, ACCOUNT_REFUSED = (
    1, 2, 4, 8, 16, 32, 64, 128, 256)  # fmt: skip
"""Bits of MARKS."""
THOUSANDTH = 1000
"""SEVERITY is in thousandths; 1,000 is the ordinary case."""
NEVER = 1_000_000
"""A day that never comes."""
CALENDAR_FROM, CALENDAR_TO = -40_000, 1_500
"""Days of the calendar, around 1 January."""


@inner
def write_slip(
    slips: Any, count: int, person: int, cover: int, day: int, kind: int, illness: int, institution: int, level: int, days: int,
    admitted: int, offsite: int, severity: float,
) -> int:  # fmt: skip
    """Write a slip and return the count after it; one beyond the end is counted and not written."""
    if count < slips.shape[0]:
        slip = slips[count]
        slip[PERSON], slip[COVER], slip[DAY], slip[KIND], slip[ILLNESS] = person, cover, day, kind, illness
        slip[INSTITUTION], slip[LEVEL], slip[DAYS], slip[ADMITTED], slip[OFFSITE] = institution, level, days, admitted, offsite
        slip[SEVERITY] = int(min(severity, 40.0) * THOUSANDTH)
        slip[PRACTITIONER], slip[DISEASE], slip[OTHER], slip[TWO], slip[BABIES] = -1, -1, -1, 0, 1
        slip[COMPLICATION], slip[SESSIONS], slip[MARKS], slip[FAULT], slip[OPERATION] = 0, 0, DIRECT, 0, -1
    return count + 1


@inner
def set_field(slips: Any, count: int, field: int, value: int) -> None:
    """Set a field of the slip written last."""
    if count - 1 < slips.shape[0]:
        slips[count - 1, field] = value


@inner
def add_mark(slips: Any, count: int, mark: int) -> None:
    """Add a mark to the slip written last."""
    if count - 1 < slips.shape[0]:
        slips[count - 1, MARKS] |= mark


@inner
def drop_mark(slips: Any, count: int, mark: int) -> None:
    """Take a mark off the slip written last."""
    if count - 1 < slips.shape[0]:
        slips[count - 1, MARKS] &= ~mark


def day_number(days: Any, year: int) -> Any:
    """Days yyyymmdd as days from 1 January of a year; 0 becomes NEVER, and so does a year beyond 9000."""
    given = np.asarray(days).astype(np.int64)
    real = (given > 0) & (given < 90_000_000)
    safe = np.where(real, given, year * 10_000 + 101)
    months = ((safe // 10_000 - 1970) * 12 + safe // 100 % 100 - 1).astype("datetime64[M]")
    found = months.astype("datetime64[D]").astype(np.int64) + safe % 100 - 1 - first_day(year)
    return np.where(real, found, NEVER)


def first_day(year: int) -> int:
    """1 January as days since 1970."""
    return int(np.datetime64(f"{year}-01-01", "D").astype(np.int64))


def calendar(year: int) -> Any:
    """yyyymmdd by day from CALENDAR_FROM on, int32; `calendar(year)[day - CALENDAR_FROM]`."""
    days = np.arange(CALENDAR_FROM, CALENDAR_TO) + first_day(year)
    dates = days.astype("datetime64[D]")
    years, months = dates.astype("datetime64[Y]").astype(np.int64) + 1970, dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    number: Any = years * 10_000 + months * 100 + (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
    return number.astype(np.int32)


def dated(days: Any, numbers: Any) -> Any:
    """Days from 1 January as yyyymmdd, by a `calendar`."""
    return numbers[np.asarray(days) - CALENDAR_FROM]
