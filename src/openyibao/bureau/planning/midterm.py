"""The mid-term evaluation 中期评估 of a city's plan (L04): where each indicator stands at a chosen month, where its trend leads, what the
duty offices have done, deviations with their remedies.

The judgements are the board's. Values are those to the evaluated month; milestones and tasks are as they are on the day of making, and
the paper says both.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from openyibao.bureau.planning import lists, queries
from openyibao.bureau.planning import report_parts as parts
from openyibao.bureau.planning.board import DECEMBER, Row, path_at
from openyibao.bureau.planning.models import Milestone, Task, Value
from openyibao.bureau.planning.offices import BETWEEN
from openyibao.bureau.planning.report import Part, Report
from openyibao.warehouse.measure.months import TO_DATE
from openyibao.warehouse.measure.plantable import PlanTable, plan_of


def months_kept(city: str) -> list[int]:
    """The months that have values, the newest first."""
    kept = Value.objects.filter(city=city, stands=True, span=TO_DATE).exclude(shown=None)
    return sorted(set(kept.values_list("month", flat=True)), reverse=True)


def middle(plan: PlanTable) -> int:
    """December of the middle of a plan's years, yyyymm: from the year after the baseline to the year in which most targets are due."""
    due = Counter(one.target_year for one in plan.indicators).most_common(1)[0][0]
    based = Counter(one.baseline_year for one in plan.indicators if one.baseline_year).most_common(1)
    first = based[0][0] + 1 if based else due
    return (first + due) // 2 * 100 + DECEMBER


def evaluated(plan: PlanTable, months: Sequence[int]) -> int:
    """The month that is evaluated where none is chosen: the plan's middle, or the newest month with values if that is earlier."""
    return min([middle(plan), *months[:1]])


def made(city: str, month: int, made_on: date) -> Report:
    """The evaluation at a month's end, from what is kept."""
    plan = plan_of(city)
    rows = tuple(row for row in queries.board(city, month) if not row.watched)
    tasks, milestones = list(Task.objects.filter(city=city).order_by("due", "pk")), queries.milestones(city)
    return Report(
        f"{plan.plan}-{lists.month_words(month)}", lists.lang(), parts.plan_words(plan),
        _("规划中期评估：截至 %(month)s") % {"month": lists.month_words(month)},
        (parts.standings(rows), foreseen_sums(rows), parts.off_sums(rows), values_words(rows)),
        _("编制日期 %(day)s；里程碑和任务为当日状态") % {"day": made_on.isoformat()},
        _("路径为基期到目标的直线；预测为最小二乘趋势，区间含八成。%(bounds)s。") % {"bounds": parts.bounds()}, rows,
        (indicators_part(rows, city, month), offices_part(rows, tasks, milestones, made_on), parts.deviations_part(rows, city),
         parts.milestones_part(milestones, made_on), parts.tasks_part(tasks, made_on)),
    )  # fmt: skip


def values_words(rows: Sequence[Row]) -> str:
    """Which months the values are of."""
    months = sorted(row.month for row in rows if row.shown is not None)
    if not months:
        return _("到评估月份还没有值。")
    if months[0] == months[-1]:
        return _("现值均截至 %(month)s。") % {"month": lists.month_words(months[0])}
    return _("现值各截至所注月份，最早 %(first)s，最晚 %(last)s。") % {
        "first": lists.month_words(months[0]), "last": lists.month_words(months[-1])}


def foreseen_sums(rows: Iterable[Row]) -> str:
    """What the forecasts say: how many miss, meet, or leave it open."""
    found = Counter(row.foreseen for row in rows)
    joint = "，" if lists.lang() == "zh" else ", "
    told = joint.join(f"{words} {found[word]}" for word, words in lists.FORESEEN.items() if found[word])
    if not told:
        return _("点数不足，均不作预测。")
    return _("有预测 %(all)s 项：%(parts)s。") % {"all": sum(found.values()) - found[""], "parts": told}


def indicators_part(rows: Sequence[Row], city: str, month: int) -> Part:
    """Every indicator: baseline, target, value, path, verdict, forecast."""
    lang = lists.lang()
    return Part(
        _("指标表"),
        (_("编号"), _("指标名称"), _("基期"), _("目标"), _("现值"), _("路径应为"), _("状态"), _("按趋势到期")),
        (3, 8, 4, 6, 5, 4, 6, 7),
        [[row.code, row.name(lang), row.baseline_words(lang), parts.target_words(row), parts.value_words(row),
          parts.whole(row.printed(path_at(row, row.month or month), lang)), parts.verdict(row), parts.forecast_words(row)]
         for row in rows],
        tuple(parts.page_of(row, city) for row in rows), tuple((row.state, *lists.marks(row)) for row in rows),
        tuple(lists.off_note(row) for row in rows), 6, board=True,
    )  # fmt: skip


def offices_part(rows: Sequence[Row], tasks: Sequence[Task], milestones: Sequence[Milestone], day: date) -> Part:
    """By duty office: indicators by state, tasks, milestones. What several offices answer for counts with each of them."""
    kept = [task for task in tasks if task.state != "dropped"]
    named = {office: None for row in rows for office in row.indicator.offices}
    told = [one.office for one in milestones] + [task.office for task in kept]
    named |= {office: None for offices in told for office in offices.split(BETWEEN) if office}

    def line(title: str, office: str) -> list[str]:
        """What one office answers for; "" those for which nobody is named."""
        its = [row for row in rows if of(row.indicator.offices, office)]
        its_tasks = [task for task in kept if of(task.office.split(BETWEEN), office)]
        its_milestones = [one for one in milestones if of(one.office.split(BETWEEN), office)]
        return [
            title, str(len(its)), parts.states(its), str(len(its_tasks)), str(sum(task.state == "done" for task in its_tasks)),
            str(sum(parts.is_late(task, day) for task in its_tasks)), str(len(its_milestones)),
            str(sum(one.reached_on is not None for one in its_milestones)),
            str(sum(parts.milestone_state(one, day) == "late" for one in its_milestones)),
        ]  # fmt: skip

    lines = [line(office, office) for office in named]
    nobody = line(_("未注明"), "")
    return Part(
        _("按责任部门"),
        (_("责任部门"), _("指标数"), _("各状态"), _("任务数"), _("任务已完成"), _("任务逾期"), _("里程碑数"), _("里程碑已实现"),
         _("里程碑逾期")),
        (5, 3, 11, 3, 3, 3, 3, 3, 3), [*lines, *([nobody] if any(cell != "0" for cell in (nobody[1], nobody[3], nobody[6])) else [])],
    )  # fmt: skip


def of(offices: Sequence[str], office: str) -> bool:
    """Whether an office is among those named; "" where none is."""
    return office in offices if office else not any(offices)
