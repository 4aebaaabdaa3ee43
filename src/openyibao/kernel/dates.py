"""Days as yyyymmdd integers 日期: readable in a bill, comparable as they stand, and countable without a calendar library."""

from openyibao.kernel.law import law


@law
def year_of(day: int) -> int:
    """Calendar year of a yyyymmdd day."""
    return day // 10_000


@law
def month_of(day: int) -> int:
    """Month 1-12 of a yyyymmdd day."""
    return day // 100 % 100


@law
def day_number(day: int) -> int:
    """Days since an arbitrary origin, for differences (proleptic Gregorian, year starting in March)."""
    year, month = day // 10_000, day // 100 % 100
    if month <= 2:
        year, month = year - 1, month + 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day % 100


@law
def days_between(first: int, last: int) -> int:
    """Whole days from `first` to `last`, negative when `last` is earlier."""
    return day_number(last) - day_number(first)


@law
def period_start(day: int, months: int) -> int:
    """First month (yyyymm) of the period of `months` (1, 3, 12) that holds `day`."""
    month = month_of(day) - 1
    return year_of(day) * 100 + month // months * months + 1
