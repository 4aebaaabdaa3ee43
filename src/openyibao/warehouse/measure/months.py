"""A city's indicators month by month 逐月测算: what a board keeps, so that a page need not count."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from openyibao.kernel.indicators.answered import ANSWERED
from openyibao.kernel.indicators.quantity import FLOW, YEAR, Quantity
from openyibao.warehouse.measure.answer import Answer
from openyibao.warehouse.measure.period import Period
from openyibao.warehouse.measure.plantable import PlanTable

if TYPE_CHECKING:       # as in board.py
    from openyibao.warehouse.measure.measuring import Survey

TO_DATE, ALONE = "year", "month"
"""Spans: January to the month; the month alone, of shares and averages over a period, whose trend is drawn by months."""
SUMS = ("hundred_million",)
"""Units whose figure of a month cannot be set against a year's."""


class Counted(NamedTuple):
    """An answer under the code by which a board knows it."""

    code: str  # the plan's id, or the quantity's code where no plan asks
    span: str
    answer: Answer


def months_of(years: Sequence[int], first: int = 0, last: int = 0) -> list[int]:
    """The months yyyymm of a store's years from `first` to `last`, both counted; 0 = no bound."""
    months = [year * 100 + month for year in sorted(years) for month in range(1, 13)]
    return [month for month in months if (not first or month >= first) and (not last or month <= last)]


def counted(survey: "Survey", plan: PlanTable, month: int) -> Iterator[Counted]:
    """Every answered quantity at a month's end: under each indicator of the plan that asks for it, else under its own code.

    What is counted over whole years only is told in December.
    """
    year, number = divmod(month, 100)
    for quantity in ANSWERED:
        codes = [one.id for one in plan.indicators if one.quantity.code == quantity.code] or [quantity.code]
        if quantity.when == YEAR and number != 12:
            continue
        to_date = survey.answer(quantity, Period(year, 1, number))
        yield from (Counted(code, TO_DATE, to_date) for code in codes)
        if by_months(quantity):
            alone = survey.answer(quantity, Period(year, number, number))
            yield from (Counted(code, ALONE, alone) for code in codes)


def by_months(quantity: Quantity) -> bool:
    """Whether a quantity's trend is drawn by single months."""
    return quantity.when == FLOW and quantity.unit not in SUMS and quantity.unit != "milestone"


def trend_span(quantity: Quantity) -> str:
    """Which span's values a trend is drawn through."""
    return ALONE if by_months(quantity) else TO_DATE


def in_trend(quantity: Quantity, month: int) -> bool:
    """Whether a month's value belongs in the trend: of sums and whole-year figures the Decembers alone."""
    return month % 100 == 12 or by_months(quantity) or (quantity.when not in (FLOW, YEAR) and quantity.unit not in SUMS)
