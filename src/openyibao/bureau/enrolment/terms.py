"""What the enrolment desk needs of a policy book on a day 参保征缴参数: the book's own readings, and the desk's calendar days.

The readings stand in `policybook.contributions`, where whole-city runs find them too.
"""

from datetime import date

from openyibao.kernel import codes
from openyibao.policybook.book import Book
from openyibao.policybook.contributions import (
    Gap,
    Premium,
    Window,
    employee_waiting,
    grace_months,
    minimum_years,
    newborn_days,
    page,
    premium,
    rates,
    relief_factor,
    resident_waiting,
    retiree_credit,
    shares_in_family,
    window,
)

__all__ = [
    "Gap", "Premium", "Window", "date_of", "due_day", "employee_waiting", "grace_months", "minimum_years", "newborn_days", "number_of",
    "premium", "rates", "relief_factor", "resident_waiting", "retiree_credit", "shares_in_family", "window",
]  # fmt: skip


def number_of(day: date) -> int:
    """A date as the kernel's yyyymmdd."""
    return day.year * 10_000 + day.month * 100 + day.day


def date_of(number: int) -> date | None:
    """yyyymmdd as a date; 0 as None."""
    return date(number // 10_000, number // 100 % 100, number % 100) if number else None


def due_day(book: Book, month: int) -> date:
    """The day by which the dues of a month yyyymm are paid 缴纳截止日. Raises Gap."""
    number = page(book, codes.EMPLOYEE, month * 100 + 1).whole("", "contribution.due_day")
    return date(month // 100, month % 100, number)
