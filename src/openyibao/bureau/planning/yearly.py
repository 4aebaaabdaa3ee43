"""The yearly report 年度报告 of a city's plan (L04): the board at a year's end, deviations with their remedies, milestones and tasks."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from openyibao.bureau.planning import lists, queries
from openyibao.bureau.planning import report_parts as parts
from openyibao.bureau.planning.board import Row
from openyibao.bureau.planning.models import Task, Value
from openyibao.bureau.planning.report import Part, Report
from openyibao.warehouse.measure.plantable import plan_of


def years_kept(city: str) -> list[int]:
    """The years that have values, ascending."""
    months = Value.objects.filter(city=city, stands=True).order_by("month").values_list("month", flat=True).distinct()
    return sorted({month // 100 for month in months})


def made(city: str, year: int, made_on: date) -> Report:
    """The report of a year from what is kept: the values to its December, its milestones, tasks due in it or in the year after."""
    plan, rows = plan_of(city), tuple(queries.board(city, year * 100 + 12))
    tasks = list(Task.objects.filter(city=city, due__year__lte=year + 1).order_by("due", "pk"))
    last = max((row.month for row in rows), default=0)
    return Report(
        f"{plan.plan}-{year}", lists.lang(), parts.plan_words(plan), _("%(year)s 年度规划指标执行情况") % {"year": year},
        (parts.standings(rows), parts.off_sums(rows)), _("编制日期 %(day)s") % {"day": made_on.isoformat()},
        _("值由业务数据或填报得出；未经填报、也无法计算的列为待数据。值截至 %(month)s。%(bounds)s。") % {
            "month": lists.month_words(last) or "—", "bounds": parts.bounds()},
        rows,
        (indicators_part([row for row in rows if not row.watched], city),
         watched_part([row for row in rows if row.watched and row.shown is not None], city),
         parts.deviations_part(rows, city), parts.milestones_part(queries.milestones(city), made_on), parts.tasks_part(tasks, made_on)),
    )  # fmt: skip


def indicators_part(rows: Sequence[Row], city: str) -> Part:
    """The plan's indicators in words."""
    lang = lists.lang()
    return Part(
        _("指标表"), (_("编号"), _("指标名称"), _("现值"), _("基期"), _("目标"), _("状态"), _("性质")), (3, 9, 4, 4, 6, 5, 3),
        [[row.code, row.name(lang), parts.value_words(row), row.baseline_words(lang), parts.target_words(row), parts.verdict(row),
          lists.binding_words(row)] for row in rows],
        tuple(parts.page_of(row, city) for row in rows), tuple((row.state, *lists.marks(row)) for row in rows),
        tuple(lists.off_note(row) for row in rows), 5, board=True,
    )  # fmt: skip


def watched_part(rows: Sequence[Row], city: str) -> Part:
    """What is watched beside the plan: values without a verdict."""
    lang = lists.lang()
    return Part(
        _("监测指标"), (_("指标名称"), _("现值"), _("算法")), (7, 4, 14),
        [[row.name(lang), parts.value_words(row), row.quantity.formula(lang)] for row in rows],
        tuple(parts.page_of(row, city) for row in rows), board=True,
    )  # fmt: skip
