"""The work that the plan opens 偏离预警 (L05): large deviations, forecasts that miss the target, milestones that are due.

A piece says what is off and whether a remedy is laid down; its words follow both, and it is closed when the cause is gone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.urls import reverse

from openyibao.bureau.planning import queries
from openyibao.bureau.planning.board import Row
from openyibao.bureau.planning.models import Milestone
from openyibao.bureau.planning.remedies import DONE, LAID, NONE
from openyibao.bureau.staff import work
from openyibao.warehouse.measure.plantable import plan_of

EDIT = "indicators.edit"
"""The right of those who keep milestones and tasks: the work is theirs."""
DEVIATION, FORECAST, MILESTONE = "plan.deviation", "plan.forecast", "plan.milestone"
TITLE = 200
"""Letters of a title of work."""
AHEAD = timedelta(days=90)
"""How long before its day a milestone becomes work."""
REMEDIES = {
    NONE: ("尚无整改措施", "no remedy yet"), LAID: ("已有整改任务", "a remedy is laid down"),
    DONE: ("整改已办结，仍偏离", "the remedy is done, still off"),
}  # fmt: skip
"""What is done about it, zh and en."""


class Alarm(NamedTuple):
    """One kind of alarm of an indicator: when it is raised, and its words in a language."""

    kind: str
    raised: Callable[[Row], bool]
    words: Callable[[Row, str], str]


def deviation_words(row: Row, lang: str) -> str:
    """A large deviation in words."""
    off = row.difference(max(row.worse, row.fallen), lang)
    return (f"重大偏离：{row.code} {row.name(lang)}，差 {off}" if lang == "zh"
            else f"Large deviation: {row.code} {row.name(lang)}, {off} off")


def forecast_words(row: Row, lang: str) -> str:
    """A forecast that misses in words: figure, interval, target, by when; empty without a forecast."""
    found = row.forecast()
    if found is None:
        return ""
    middle, low, high = (row.printed(figure, lang) for figure in found)
    year, target, name = row.indicator.target_year, row.target_words(lang), f"{row.code} {row.name(lang)}"
    return (f"预测达不到目标：{name}，{year} 年末预计 {middle}（{low} 至 {high}），目标 {target}" if lang == "zh"
            else f"Forecast misses the target: {name}, {middle} ({low} to {high}) at the end of {year}, target {target}")


ALARMS = (
    Alarm(DEVIATION, lambda row: row.deviates, deviation_words),
    Alarm(FORECAST, lambda row: row.misses and bool(row.indicator.binding), forecast_words),
)  # fmt: skip
"""A forecast alarms for what the plan calls binding or expected; a deviation for everything that has a path."""


def warn(*, city: str, at: datetime) -> None:
    """Open work for what is off 重大偏离、预测不达标, and for milestones that are due; close it where the cause is gone."""
    for row in queries.board(city):
        if not row.watched:
            warn_of(row, city=city, at=at)
    for due in Milestone.objects.filter(city=city, reached_on=None, due__lte=at.date() + AHEAD):
        work.opened(act=EDIT, kind=MILESTONE, object=f"milestone/{due.pk}", title=f"里程碑：{due.title}",
                    title_en=f"Milestone: {due.title_en or due.title}", link=reverse("plan-milestone", args=[due.pk]), at=at, due=due.due)


def warn_of(row: Row, *, city: str, at: datetime) -> None:
    """The work of one indicator: opened, its words brought up to date, or closed."""
    object = f"indicator/{city}/{row.code}"
    for alarm in ALARMS:
        if not alarm.raised(row):
            work.closed(kind=alarm.kind, object=object, by="planning", outcome="gone", at=at)
            continue
        title, title_en = titles(alarm, row)
        work.opened(act=EDIT, kind=alarm.kind, object=object, title=title, title_en=title_en, at=at,
                    link=f"{reverse('indicator', args=[row.code])}?city={city}")
        work.retitled(kind=alarm.kind, object=object, title=title, title_en=title_en)


def titles(alarm: Alarm, row: Row) -> tuple[str, str]:
    """The words of an alarm, zh and en, with what is done about it; where both are too long for a piece of work the first are cut."""
    zh, en = REMEDIES[row.off.remedy if row.off is not None else NONE]
    return joined(alarm.words(row, "zh"), f"；{zh}"), joined(alarm.words(row, "en"), f"; {en}")


def joined(words: str, remedy: str) -> str:
    """Both together, in the length of a title."""
    return f"{words[:TITLE - len(remedy)]}{remedy}"


def again(*, city: str, code: str, at: datetime) -> None:
    """Look again at one indicator of a city whose remedies have changed; a code that its plan does not know has no work."""
    if code in {one.id for one in plan_of(city).indicators}:
        row = queries.row(city, code, queries.values_of(city, code), queries.tasks_of(city, code))
        warn_of(row, city=city, at=at)
