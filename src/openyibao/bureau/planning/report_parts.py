"""The tables of reports on a plan 报告各表: indicators, deviations with their remedies, milestones, tasks; in the page's language."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from openyibao.bureau.planning import deviations, lists, queries
from openyibao.bureau.planning.board import Row, tolerance_words
from openyibao.bureau.planning.models import Milestone, Task
from openyibao.bureau.planning.report import Part
from openyibao.bureau.policydesk.shelf import books
from openyibao.warehouse.measure.plantable import PlanTable, choices

SHORT = 14
"""Letters of a figure that stay on one line."""
AWAITED = ("open", "doing")
"""States of a task that is not ended."""


def plan_words(plan: PlanTable) -> str:
    """Whose plan: its title, in English after the city's name."""
    return plan.title if lists.lang() == "zh" else f"{books()[plan.city].name_en}: {plan.title}"


def page_of(row: Row, city: str) -> str:
    """An indicator's page."""
    return f"{reverse('indicator', args=[row.code])}?city={city}"


def trust_words(trust: str) -> str:
    """A trust mark in words, for paper."""
    return str(lists.tag_words(f"trust.{trust}"))


def target_words(row: Row) -> str:
    """The target, with the tolerance that "about" is given and its trust mark."""
    held = tolerance_words(row, lists.lang())
    if held is None:
        return row.target_words(lists.lang())
    said = _("容差 %(figure)s") % {"figure": held[0]}
    return _("%(target)s；%(tolerance)s（%(trust)s）") % {
        "target": row.target_words(lists.lang()), "tolerance": said, "trust": trust_words(held[1])}


def value_words(row: Row) -> str:
    """The value with its month."""
    month = f"\n({lists.month_words(row.month)})" if row.shown is not None else ""
    return f"{whole(row.value_words(lists.lang()))}{month}"


def whole(figure: str) -> str:
    """A figure that is not parted from its unit at a line's end, where the unit is short."""
    return figure.replace(" ", "\u00a0") if len(figure) <= SHORT else figure


def forecast_words(row: Row) -> str:
    """Where the trend leads, its interval, and what that says of the target; why there is none."""
    middle, interval = lists.forecast_parts(row)
    if not middle or row.quantity.unit == "milestone":
        return lists.forecast_words(row)
    ends = (f"{whole(end)}{dash}" for end, dash in zip(interval.split(" – "), ("\u00a0–", ""), strict=True))
    return "\n".join(filter(None, (whole(middle), *ends, str(lists.FORESEEN.get(row.foreseen, "")))))


def verdict(row: Row) -> str:
    """The board's state in words, with how far it is off."""
    return " · ".join(filter(None, (lists.state_words(row), lists.off_note(row))))


def standings(rows: Iterable[Row]) -> str:
    """How many of the plan's indicators are in each state."""
    plain = [row for row in rows if not row.watched]
    return _("共 %(all)s 项：%(parts)s。") % {"all": len(plain), "parts": states(plain)}


def states(rows: Iterable[Row]) -> str:
    """The states with how many are in each, in the order of the states."""
    found = Counter(row.state for row in rows)
    joint = "，" if lists.lang() == "zh" else ", "
    return joint.join(f"{title} {found[state]}" for state, title in lists.STATES if found[state])


def off_sums(rows: Iterable[Row]) -> str:
    """How many are off, and how many of these have no remedy."""
    off = [row for row in rows if row.off is not None]
    return _("重大偏离 %(deviate)s 项，预测达不到目标 %(miss)s 项；其中无整改 %(none)s 项，整改已办结、仍偏离 %(done)s 项。") % {
        "deviate": sum(row.deviates for row in off), "miss": sum(row.misses for row in off),
        "none": sum(row.off.remedy == "remedy.none" for row in off if row.off is not None),
        "done": sum(row.off.remedy == "remedy.done" for row in off if row.off is not None)}  # fmt: skip


def bounds() -> str:
    """The bounds of a large deviation with their trust marks: no plan gives them."""
    named = [choice for name, choice in sorted(choices().items()) if name.startswith("deviation.")]
    if lists.lang() == "zh":
        return "；".join(f"{choice.zh}（{trust_words(choice.trust)}）" for choice in named)
    return "; ".join(f"{choice.en} ({trust_words(choice.trust)})" for choice in named)


def deviations_part(rows: Iterable[Row], city: str) -> Part:
    """Deviations and what is done about each."""
    off = [row for row in rows if row.off is not None]
    owners = {task.pk: owner for task, owner in queries.with_owners([task for row in off if row.off is not None for task in row.off.tasks])}
    names = dict(lists.TASK_STATES)

    def tasks(row: Row) -> str:
        """The remedial tasks in words, one a line."""
        return "\n".join(
            " · ".join(filter(None, (task.title, task.office, owners[task.pk], task.due.isoformat(), str(names[task.state]))))
            for task in (row.off.tasks if row.off is not None else ())
        )  # fmt: skip

    remedies = dict(lists.REMEDIES)
    return Part(
        _("偏离与整改"), (_("编号"), _("指标名称"), _("责任部门"), _("偏离"), _("整改"), _("整改任务")), (3, 7, 4, 10, 3, 9),
        [[row.code, row.name(lists.lang()), "、".join(row.indicator.offices), "\n".join(one.words for one in deviations.told(row)),
          str(remedies[row.off.remedy]), tasks(row)] for row in off if row.off is not None],
        tuple(page_of(row, city) for row in off), tuple((row.off.remedy,) for row in off if row.off is not None), stated=4,
    )  # fmt: skip


def milestones_part(milestones: Sequence[Milestone], day: date) -> Part:
    """Milestones, overdue ones marked."""
    english = lists.lang() == "en"
    states = [milestone_state(one, day) for one in milestones]
    return Part(
        _("里程碑"), (_("里程碑"), _("应实现于"), _("实现于"), _("状态"), _("责任部门")), (8, 3, 3, 3, 5),
        [[one.title_en or one.title if english else one.title, one.due.isoformat(), one.reached_on.isoformat() if one.reached_on else "—",
          str(lists.tag_words(state)), one.office] for one, state in zip(milestones, states, strict=True)],
        tuple(reverse("plan-milestone", args=[one.pk]) for one in milestones), tuple((state,) for state in states), stated=3,
    )  # fmt: skip


def milestone_state(one: Milestone, day: date) -> str:
    """Whether a milestone is reached, overdue or still to come, on a day."""
    return "done" if one.reached_on is not None else "late" if one.due < day else "open"


def tasks_part(tasks: Sequence[Task], day: date) -> Part:
    """Tasks, overdue and remedial ones marked."""
    names, owned = dict(lists.TASK_STATES), queries.with_owners(tasks)
    states = [(task.state, *(["late"] if is_late(task, day) else []), *(["remedy"] if task.remedy else [])) for task in tasks]
    return Part(
        _("任务分解"), (_("任务"), _("指标编号"), _("责任部门"), _("责任人"), _("完成时限"), _("状态")), (8, 3, 5, 3, 3, 4),
        [[task.title, task.code, task.office, owner, task.due.isoformat(),
          " · ".join((str(names[task.state]), *(str(lists.tag_words(mark)) for mark in marks[1:])))]
         for (task, owner), marks in zip(owned, states, strict=True)],
        tuple(reverse("plan-task", args=[task.pk]) for task in tasks), tuple(states), stated=5,
    )  # fmt: skip


def is_late(task: Task, day: date) -> bool:
    """Whether a task is past its day and not ended."""
    return task.state in AWAITED and task.due < day
