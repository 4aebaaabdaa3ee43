"""A period 统计期: months of one calendar year, and its last day."""

import re
from typing import NamedTuple

from openyibao.kernel.enrolment import last_of_month

MONTH = re.compile(r"(\d{4})-(\d{1,2})")
QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])")
YEAR = re.compile(r"\d{4}")
MONTHS = 12


class PeriodProblem(ValueError):
    """Words that name no period; `zh` and `en` say what was expected."""

    def __init__(self, zh: str, en: str) -> None:
        """The sentence in both languages."""
        super().__init__(en)
        self.zh, self.en = zh, en


class Period(NamedTuple):
    """Months `first` to `last` of a year, both counted."""

    year: int
    first: int
    last: int

    @property
    def day(self) -> int:
        """The last day, yyyymmdd."""
        return (self.year * 100 + self.last) * 100 + last_of_month(self.year * 100 + self.last)

    @property
    def month(self) -> int:
        """The last month, yyyymm."""
        return self.year * 100 + self.last

    @property
    def whole(self) -> bool:
        """Whether it is the whole calendar year."""
        return (self.first, self.last) == (1, MONTHS)

    def words(self, lang: str) -> str:
        """`2023 年 1–12 月` or `2023-01 to 2023-12`."""
        if lang == "zh":
            months = f"{self.first}–{self.last}" if self.first != self.last else str(self.first)
            return f"{self.year} 年 {months} 月"
        ends = f" to {self.year}-{self.last:02d}" if self.first != self.last else ""
        return f"{self.year}-{self.first:02d}{ends}"


def year_to(month: str) -> Period:
    """`2023-06` as January to June, `2023` as the whole year. Raises PeriodProblem."""
    if YEAR.fullmatch(month):
        return Period(int(month), 1, MONTHS)
    found = MONTH.fullmatch(month)
    if found is None or not 1 <= int(found[2]) <= MONTHS:
        raise PeriodProblem(f"截止月 {month} 应写成 2023-12 或 2023。", f"Write the month {month} as 2023-12, or a year as 2023.")
    return Period(int(found[1]), 1, int(found[2]))


def period(words: str) -> Period:
    """`2023` a year, `2023Q3` a quarter, `2023-09` one month. Raises PeriodProblem."""
    quarter, month = QUARTER.fullmatch(words), MONTH.fullmatch(words)
    if YEAR.fullmatch(words):
        return Period(int(words), 1, MONTHS)
    if quarter is not None:
        return Period(int(quarter[1]), int(quarter[2]) * 3 - 2, int(quarter[2]) * 3)
    if month is not None and 1 <= int(month[2]) <= MONTHS:
        return Period(int(month[1]), int(month[2]), int(month[2]))
    raise PeriodProblem(f"统计期 {words} 应写成 2023、2023Q3 或 2023-09。", f"Write the period {words} as 2023, 2023Q3 or 2023-09.")
