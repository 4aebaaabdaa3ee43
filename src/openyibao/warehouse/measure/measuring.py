"""Answering a quantity for a period 测算: the exact value, what it was divided from, the rows behind it, and how far it can be trusted.

A figure is the sum over the rows of its SQL file, so listing the rows is listing the figure. What cannot be answered says why.
"""

from typing import Any

import pyarrow as pa

from openyibao.kernel.codes import EMPLOYEE, RESIDENT
from openyibao.kernel.indicators.quantity import FEEDS, YEAR, Quantity
from openyibao.kernel.indicators.reserve import UNKNOWN, strained, warning
from openyibao.kernel.indicators.value import Value, grossed, ratio
from openyibao.kernel.ledger import ACCOUNT, EMPLOYEE_POOL, RESIDENT_FUND
from openyibao.policybook.contributions import Gap
from openyibao.warehouse.measure.answer import Answer, Words, none
from openyibao.warehouse.measure.export import stream
from openyibao.warehouse.measure.funds import INCOME, OUTGO, POOL, TRANSFER, Books, books, reserve
from openyibao.warehouse.measure.levels import levels_of
from openyibao.warehouse.measure.marks import of_opening, of_plan, of_sample
from openyibao.warehouse.measure.period import Period
from openyibao.warehouse.measure.place import City, tilt_of
from openyibao.warehouse.measure.plantable import choices
from openyibao.warehouse.measure.sources import ANY, PLAN, RESERVE, SHEET, SOURCES, STRAIN, TILT, Source
from openyibao.warehouse.measure.written import text_of
from openyibao.warehouse.questions.asking import Desk

BASIC = (*POOL, ACCOUNT, RESIDENT_FUND)
THROUGH_PERSON = {"town": "town", "county": "county"}
"""A breakdown that rows do not carry themselves but their person does."""


class Survey:
    """A desk and its city, asked for many quantities: the funds' sheets are added up once."""

    def __init__(self, desk: Desk, city: City) -> None:
        """A desk opened on every year that a balance needs, and the city of the same store."""
        self.desk, self.city = desk, city
        self.sheets: dict[int, Books] = {}

    def books(self, month: int) -> Books:
        """The funds' sheets up to a month yyyymm."""
        if month not in self.sheets:
            self.sheets[month] = books(self.desk, self.city, month)
        return self.sheets[month]

    def answer(self, quantity: Quantity, period: Period) -> Answer:
        """The answer to a quantity for a period."""
        if quantity.feed:
            zh, en = FEEDS[quantity.feed]
            return none(quantity, period, (f"待数据：{zh}", f"waits for {en}"))
        if period.year not in self.desk.years:
            return none(quantity, period, (f"库中没有 {period.year} 年", f"the store has no {period.year}"))
        if quantity.when == YEAR and not period.whole:
            return none(quantity, period, ("只按全年计算", "counted over whole years only"))
        source = SOURCES[quantity.code]
        if source.shape in (PLAN, TILT) and self.desk.run is not None:
            return none(quantity, period, ("重结算的政策不在政策册中", "the run's policy is not in the policy book"))
        if source.shape == PLAN:
            return of_policy(self.city, quantity, period)
        if source.shape in (SHEET, RESERVE, STRAIN):
            return of_sheets(self.books(period.month), self.city, quantity, source, period)
        given = self.given(source, period)
        if given is None:
            return none(quantity, period, ("当年政策没有居民大病保险", "the policy of the year has no major-illness insurance"))
        return self.of_rows(quantity, source, period, given)

    def given(self, source: Source, period: Period) -> dict[str, Any] | None:
        """What a source's SQL may ask for; None where the policy lacks it."""
        known = {**period._asdict(), "day": period.day, "province": self.city.province, **source.given}
        if source.shape == TILT:
            tilt = tilt_of(self.city.book.plan(RESIDENT, period.day))
            if tilt is None:
                return None
            known |= tilt._asdict()
        return known

    def of_rows(self, quantity: Quantity, source: Source, period: Period, given: dict[str, Any]) -> Answer:
        """The sum over a source's rows."""
        found = self.desk.sql(
            "SELECT CAST(coalesce(sum(numerator), 0) AS BIGINT) AS over_sum, CAST(coalesce(sum(denominator), 0) AS BIGINT) AS under_sum, "
            f"count(*) AS rows FROM ({text_of(source.rows)})", given,
        ).to_pylist()[0]  # fmt: skip
        over, under = found["over_sum"], found["under_sum"]
        value = Value(int(over > 0), 1) if source.shape == ANY else ratio(over, under)
        why = None if value is not None else ("本期无可计数", "nothing to count in this period")
        notes = of_plan(self.city, RESIDENT, period.day, "catastrophic.deductible") if source.shape == TILT else ()
        return Answer(quantity, period, value, over, under, found["rows"], source.rows, given, why, notes)

    def by(self, quantity: Quantity, period: Period, column: str) -> list[tuple[Any, int, int]]:
        """(group, numerator, denominator) for each value of a column of the rows, or of the person's town or county; in order.

        Raises ValueError for a quantity that has no rows, or whose rows have no such column.
        """
        source = SOURCES.get(quantity.code)
        given = self.given(source, period) if source is not None and source.rows and source.shape != SHEET else None
        if source is None or given is None:
            raise ValueError(f"{quantity.code} has no rows to group")
        text = text_of(source.rows)
        inner = f"({text}) AS counted"
        if column in THROUGH_PERSON:
            inner += " INNER JOIN person AS who ON who.person = counted.person INNER JOIN town AS place_of ON place_of.town = who.town"
            column = f"place_of.{column}"
        found = self.desk.sql(
            f"SELECT {column} AS part, CAST(sum(numerator) AS BIGINT) AS over_part, CAST(sum(denominator) AS BIGINT) AS under_part "
            f"FROM {inner} GROUP BY ALL ORDER BY ALL", given,
        )  # fmt: skip
        return [(row["part"], row["over_part"], row["under_part"]) for row in found.to_pylist()]

    def rows(self, quantity: Quantity, period: Period) -> pa.RecordBatchReader:
        """The rows behind a figure, as they come; those of a reserve are the lines of the funds' sheets.

        Raises ValueError where there are none: a figure of the policy, a quantity that waits.
        """
        source = SOURCES.get(quantity.code)
        given = self.given(source, period) if source is not None and source.shape != PLAN else None
        if source is None or given is None:
            raise ValueError(f"{quantity.code} has no rows")
        if not source.rows:
            return pa.Table.from_pylist([line._asdict() for line in self.books(period.month).lines]).to_reader()
        return stream(self.desk, text_of(source.rows), given)


def of_sheets(sheets: Books, city: City, quantity: Quantity, source: Source, period: Period) -> Answer:
    """What the funds' sheets answer: income, outgo, months payable, income over outgo."""
    first, last = period.year * 100 + period.first, period.month
    if source.shape == SHEET:
        fen = sheets.total(BASIC, INCOME if quantity.code == "basic_income" else OUTGO, first, last)
        value = grossed(Value(fen, 1), city.people, city.whole)
        return Answer(quantity, period, value, fen, 1, len(sheets.lines), source.rows, {**period._asdict()}, None, of_sample(city))
    if EMPLOYEE_POOL in source.funds and not sheets.credited:
        return none(quantity, period,
        ("库中没有结算所用的政策包，不知划入个人账户多少", "the store keeps no policy package: account credits unknown"))
    parts = tuple(part for fund in source.funds for part in (POOL if fund == EMPLOYEE_POOL else (fund,)))
    income = sheets.total(parts, INCOME, first, last) + sheets.total(parts, TRANSFER, first, last)
    outgo = sheets.total(parts, OUTGO, first, last)
    if source.shape == STRAIN:
        level = strained(max(income, 0), outgo, choices()["strain.yellow"].value, choices()["strain.red"].value)
        strain = ratio(income, outgo)
        why = None if strain is not None else ("本期无支出", "no outgo in this period")
        return Answer(quantity, period, strain, income, outgo, len(sheets.lines), "", {}, why, (), level)
    found = reserve(sheets, city, source.funds, period.month)
    if found is None:
        missing = ("库卡没有期初结余，或缺期初以来的年份", "no opening balance on the card, or a year since then is missing")
        return none(quantity, period, missing)
    level, notes = warned(city, period, found.value, income, outgo)
    notes = (*of_opening(city, source.funds), *notes)
    if found.months < 12:
        notes += ((f"库中只有 {found.months} 个月支出", f"only {found.months} months of outgo in the store"),)
    why = None if found.value is not None else ("无支出", "no outgo")
    given = {"months": found.months}
    return Answer(quantity, period, found.value, found.balance, found.outgo, len(sheets.lines), "", given, why, notes, level)


def warned(city: City, period: Period, value: Value | None, income: int, outgo: int) -> tuple[str, tuple[Words, ...]]:
    """The warning level, and a note where the policy book has no levels."""
    try:
        return warning(value, income, outgo, levels_of(city.book, period.day)), ()
    except Gap:
        return UNKNOWN, (("政策册缺预警线", "the policy book has no warning levels"),)


def of_policy(city: City, quantity: Quantity, period: Period) -> Answer:
    """What the policy of the last day answers about ordinary outpatient pooling of employees."""
    plan = city.book.plan(EMPLOYEE, period.day)
    if plan is None or "outpatient" in city.book.missing(EMPLOYEE, period.day):
        if quantity.code == "outpatient_pooling":
            return Answer(quantity, period, Value(0, 1), 0, 1, 0, "", {})
        return none(quantity, period, ("政策册当日没有职工门诊统筹", "the policy book has no employee outpatient pooling on the day"))
    part = plan.outpatient
    ratios = [share for share, listed in zip(part.ratio_active, part.listed, strict=True) if listed and share]
    notes = of_plan(city, EMPLOYEE, period.day, "outpatient.ratio_active")
    if quantity.code == "outpatient_pooling":
        return Answer(quantity, period, Value(int(bool(part.present and ratios)), 1), int(bool(ratios)), 1, 0, "", {}, None, notes)
    if not part.present or not ratios:
        return none(quantity, period, ("政策册当日没有职工门诊统筹", "the policy book has no employee outpatient pooling on the day"))
    return Answer(quantity, period, Value(min(ratios), 10_000), min(ratios), 10_000, 0, "", {}, None, notes)
