"""The rows behind a figure 明细: read from the city's store when asked for, with the person's number at the wire, narrowed by area.

A figure is the sum over its rows, so the page also says whether the store still answers what the board keeps.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from openyibao.bureau.planning.measuring import surveyed
from openyibao.bureau.planning.models import Value
from openyibao.kernel.indicators.quantity import Quantity
from openyibao.kernel.indicators.value import printed, ratio
from openyibao.kernel.indicators.value import shown as rounded
from openyibao.warehouse.measure import wording as words
from openyibao.warehouse.measure.export import stream
from openyibao.warehouse.measure.measuring import Survey
from openyibao.warehouse.measure.months import ALONE
from openyibao.warehouse.measure.period import Period
from openyibao.warehouse.measure.sources import SHEET, SOURCES
from openyibao.warehouse.measure.written import text_of, written
from openyibao.warehouse.questions.written import Answered

PAGE = 100
HIDDEN = ("bucket", "row", "person")
"""Columns that only the store itself understands; the person's number stands for `person`."""
GROUPS = ("county", "level", "kind", "scheme", "aid")
"""Columns that a figure may be broken down by, where its rows have them; the county is the person's."""
PSN = Answered("psn_no", "text", "人员编号", "person number")


class Behind(NamedTuple):
    """A page of rows."""

    columns: tuple[Answered, ...]
    rows: list[list[Any]]
    more: bool
    over: int  # as the store answers it now
    under: int
    total: int
    same: bool  # whether that is what the board keeps
    parts: dict[str, list[tuple[str, str, int, int]]]  # column -> (group, value in words, numerator, denominator)
    text: str  # the SQL


def period_of(value: Value) -> Period:
    """The period that a value was counted over."""
    year, month = divmod(value.month, 100)
    return Period(year, month if value.span == ALONE else 1, month)


def shown_columns(source: str) -> tuple[Answered, ...]:
    """The columns of a source's rows as they are shown: the person's number first."""
    found = tuple(column for column in written()[source].columns if column.name not in HIDDEN)
    return (PSN, *found) if by_person(source) else found


def by_person(source: str) -> bool:
    """Whether a source's rows name persons."""
    return any(column.name == "person" for column in written()[source].columns)


def statement(source: str, area: str) -> str:
    """The SQL of a source's rows with the person's number, of persons who live in an area where one is given."""
    names = ", ".join(f"counted.{column.name}" for column in shown_columns(source) if column is not PSN)
    if not by_person(source):
        return f"SELECT {names} FROM ({text_of(source)}) AS counted"
    where = "WHERE CAST(place_of.county AS VARCHAR) LIKE $area" if area else ""
    return (f"SELECT who.psn_no, {names} FROM ({text_of(source)}) AS counted LEFT JOIN person AS who ON who.person = counted.person "
            f"LEFT JOIN town AS place_of ON place_of.town = who.town {where}")


def like(area: str) -> str:
    """An area as a pattern of county codes: the store knows persons' counties, not the codes of their towns."""
    return f"{area[:6]}%"


def given_of(survey: Survey, quantity: Quantity, period: Period, area: str) -> dict[str, Any]:
    """What the rows' SQL is given."""
    return {**(survey.given(SOURCES[quantity.code], period) or {}), "area": like(area)}


def behind(city: str, quantity: Quantity, value: Value, area: str, start: int, lang: str) -> Behind:
    """A page of the rows behind a kept value. Raises Refused without a store."""
    period, source = period_of(value), value.source
    with surveyed(city) as survey:
        answer = survey.answer(quantity, period)
        given = given_of(survey, quantity, period, area)
        text = statement(source, area)
        found = survey.desk.sql(f"{text} LIMIT {PAGE + 1} OFFSET {max(start, 0)}", given).to_pylist()
        parts = {}
        names = {column.name for column in written()[source].columns}
        if SOURCES[quantity.code].shape != SHEET and not area:
            for group in GROUPS:
                if group in names or (group == "county" and "person" in names):
                    parts[group] = [(words.named(group, part, lang), part_words(quantity, over, under, lang), over, under)
                                    for part, over, under in survey.by(quantity, period, group)]  # fmt: skip
    columns = shown_columns(source)
    rows = [[row[column.name] for column in columns] for row in found[:PAGE]]
    same = (answer.numerator, answer.denominator, answer.rows) == (value.counted_over, value.counted_under, value.rows)
    return Behind(columns, rows, len(found) > PAGE, answer.numerator, answer.denominator, answer.rows, same, parts, text_of(source))


def part_words(quantity: Quantity, over: int, under: int, lang: str) -> str:
    """The figure of one group in words; a dash where there is nothing to divide by."""
    found = ratio(over, under)
    return "—" if found is None else printed(rounded(found, quantity.unit), quantity.unit, lang)


def every_row(city: str, quantity: Quantity, value: Value, area: str) -> Iterator[list[Any]]:
    """All rows behind a kept value as they come, for a file."""
    with surveyed(city) as survey:
        given = given_of(survey, quantity, period_of(value), area)
        names = [column.name for column in shown_columns(value.source)]
        for batch in stream(survey.desk, statement(value.source, area), given):
            for row in batch.to_pylist():
                yield [row[name] for name in names]
