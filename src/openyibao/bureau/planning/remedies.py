"""Deviations and what is done about them 偏离与整改 (L05): since when an indicator is off, and whether a remedial task is laid down."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from django.utils import timezone

from openyibao.bureau.planning.board import Off, Row, row_at
from openyibao.bureau.planning.models import Task, Value
from openyibao.warehouse.measure.months import TO_DATE

Coded = TypeVar("Coded", Value, Task)
NONE, LAID, DONE = "remedy.none", "remedy.laid", "remedy.done"
"""No remedy; one that is not ended; all that were laid down are done, and the indicator is off all the same."""


def is_off(row: Row) -> bool:
    """Whether an indicator deviates by much, or its forecast misses the target."""
    return row.deviates or row.misses


def looked_into(row: Row, values: Sequence[Value], tasks: Sequence[Task]) -> Row:
    """A row with what is off about it; the row as it was where nothing is.

    values  the indicator's own that stand, in order of months
    tasks   its remedial tasks, dropped ones among them
    """
    if not is_off(row):
        return row
    deviation, forecast = (since(row, values, cause) if cause(row) else 0 for cause in CAUSES)
    kept = tuple(task for task in tasks if task.state != "dropped")
    first = min(month for month in (deviation, forecast) if month)
    return replace(row, off=Off(deviation, forecast, remedy(kept, first), kept))


def since(row: Row, values: Sequence[Value], cause: Callable[[Row], bool]) -> int:
    """The first month, yyyymm, of the unbroken run of months that are off and end with the newest value's; that month at least."""
    first = row.month
    for value in reversed([value for value in values if value.span == TO_DATE and value.month < row.month]):
        if not cause(row_at(row.indicator, values, value.month)):
            break
        first = value.month
    return first


CAUSES: tuple[Callable[[Row], bool], ...] = (lambda row: row.deviates, lambda row: row.misses)
"""What may be off: the value, the forecast."""


def remedy(tasks: Iterable[Task], first: int) -> str:
    """Whether something is done about what is off since the month `first`. A task that was done before then was for another deviation."""
    if any(task.state != "done" for task in tasks):
        return LAID
    ends = [timezone.localtime(task.ended_at) for task in tasks if task.ended_at is not None]
    return DONE if any(end.year * 100 + end.month >= first for end in ends) else NONE


def with_remedies(rows: Iterable[Row], values: Iterable[Value], tasks: Iterable[Task]) -> list[Row]:
    """A board's rows with what is off about each: from the city's values that the rows were made of, and its remedial tasks."""
    found = list(rows)
    codes = {row.code for row in found if is_off(row)}
    its_values, its_tasks = by_code(values, codes), by_code(tasks, codes)
    return [looked_into(row, its_values.get(row.code, ()), its_tasks.get(row.code, ())) for row in found]


def by_code(many: Iterable[Coded], codes: set[str]) -> Mapping[str, list[Coded]]:
    """What belongs to each of these indicators, in the order given."""
    found: dict[str, list[Coded]] = {}
    for one in many:
        if one.code in codes:
            found.setdefault(one.code, []).append(one)
    return found
