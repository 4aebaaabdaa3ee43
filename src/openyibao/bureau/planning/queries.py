"""What the planning desk reads 规划台查询: kept values, the board, milestones, tasks, proofs."""

from collections.abc import Sequence
from typing import NamedTuple

from openyibao.bureau.planning import remedies
from openyibao.bureau.planning.board import Row, board_of, indicators_of, row_at
from openyibao.bureau.planning.models import Milestone, Proof, Refresh, Step, Task, Value
from openyibao.bureau.staff.queries import names_of
from openyibao.policybook.book import Book
from openyibao.policybook.contributions import Gap
from openyibao.warehouse.measure.levels import levels_of
from openyibao.warehouse.measure.months import TO_DATE
from openyibao.warehouse.measure.plantable import plan_of

RESERVES = ("employee_months", "resident_months", "pooled_months")
"""Quantities that say how long a fund lasts."""
PROOF_FIELDS = ("id", "object", "name", "link", "kind", "digest", "by", "at")


class Level(NamedTuple):
    """A warning level of a reserve: months, and its name."""

    months: int
    zh: str
    en: str


class Gone(NamedTuple):
    """A fund's reserve and where it leads 可支付月数预警 (I08)."""

    row: Row
    crossings: tuple[tuple[Level, int | None], ...]  # level -> month at which the trend falls below it


def board(city: str, until: int = 0) -> list[Row]:
    """The board of a city, with what is off and its remedies: two queries. What no plan asks for stands on it once it has a value.

    until  month yyyymm: the board as the values to that month make it; 0 = all of them
    """
    kept = Value.objects.filter(city=city, stands=True).order_by("month")
    values = list(kept.filter(month__lte=until) if until else kept)
    rows = [row for row in board_of(city, values) if not row.watched or row.value is not None]
    return remedies.with_remedies(rows, values, remedial(city))


def remedial(city: str) -> list[Task]:
    """The remedial tasks 整改任务 of a city in order of their days."""
    return list(Task.objects.filter(city=city, remedy=True).order_by("due", "pk"))


def values_of(city: str, code: str) -> list[Value]:
    """The values of an indicator that stand, in order of months."""
    return list(Value.objects.filter(city=city, code=code, stands=True).order_by("month"))


def row(city: str, code: str, values: Sequence[Value], tasks: Sequence[Task]) -> Row:
    """One row of the board from its values in order of months and its tasks. Raises KeyError for a code that the city's board lacks."""
    found = row_at(indicators_of(plan_of(city))[code], values)
    return remedies.looked_into(found, values, [task for task in tasks if task.remedy])


def entries(city: str, code: str) -> list[Value]:
    """Everything that was ever entered or counted for an indicator's months, the newest first: what stands and what stood."""
    return list(Value.objects.filter(city=city, code=code, span=TO_DATE).order_by("-at", "-id")[:100])


def reserves(rows: Sequence[Row], levels: Sequence[Level]) -> list[Gone]:
    """The funds' reserves on the board with the day each level is crossed."""
    return [
        Gone(one, tuple((level, one.trend.crossing(level.months * 100) if one.trend is not None and one.trend.slope < 0 else None)
                        for level in levels))
        for one in rows if one.quantity.code in RESERVES and one.shown is not None
    ]  # fmt: skip


def warning_levels(book: Book, day: int) -> list[Level]:
    """The levels below which a reserve is watched, insufficient, red, highest first; none where the policy book lacks them."""
    try:
        found = levels_of(book, day)
    except Gap:
        return []
    return [Level(found.low, "适宜区间下限", "comfortable range"), Level(found.insufficient, "结余不足线", "insufficient"),
            Level(found.red, "红线", "red line")]  # fmt: skip


def last_refresh(city: str) -> Refresh | None:
    """The newest count of a city."""
    return Refresh.objects.filter(city=city).order_by("-asked_at").first()


def milestones(city: str) -> list[Milestone]:
    """A city's milestones in order of days."""
    return list(Milestone.objects.filter(city=city).order_by("due", "pk"))


def tasks_of(city: str, code: str) -> list[Task]:
    """The tasks towards an indicator."""
    return list(Task.objects.filter(city=city, code=code).order_by("due", "pk"))


def with_owners(tasks: Sequence[Task]) -> list[tuple[Task, str]]:
    """Tasks, each with its owner's name: one query."""
    names = names_of(task.owner for task in tasks)
    return [(task, names.get(task.owner, "")) for task in tasks]


def steps_of(task: int) -> list[Step]:
    """What happened to a task, the newest first."""
    return list(Step.objects.filter(task_id=task).order_by("-at", "-pk"))


def proofs_of(*objects: str) -> list[Proof]:
    """The proofs of some objects, without the bytes."""
    return list(Proof.objects.filter(object__in=objects).only(*PROOF_FIELDS).order_by("at", "pk"))
