"""The yearly report 年度报告 of a city's plan (L04): the board at a year's end, milestones and tasks, as a workbook and as a paper."""

import io
from datetime import date
from typing import Any, NamedTuple

import xlsxwriter

from openyibao.bureau.pages.paper import pdf
from openyibao.bureau.planning import lists
from openyibao.bureau.planning.board import Row, board_of
from openyibao.bureau.planning.models import Milestone, Task, Value
from openyibao.bureau.policydesk.shelf import books
from openyibao.warehouse.measure.plantable import PlanTable, plan_of

FORMS = ("xlsx", "pdf")
KINDS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf"}
HEADS: dict[str, dict[str, Any]] = {
    "zh": {"title": "{year} 年度规划指标执行情况", "board": "规划指标", "watched": "监测指标", "milestones": "里程碑", "tasks": "任务分解",
           "day": "编制日期", "heads": ("编号", "指标", "现值", "基期", "目标", "状态", "性质"),
           "milestone": ("里程碑", "应实现于", "实现于", "责任部门"),
           "task": ("任务", "指标", "责任部门", "责任人", "完成时限", "状态"), "sums": "共 {all} 项：{parts}。",
           "foot": "值由业务数据或填报得出；未经填报、也无法计算的列为待数据。容差、偏离界限为本项目设定。值截至 {month}。",
           "states": {"open": "待办", "doing": "进行中", "done": "已完成", "dropped": "已取消"}, "none": "无"},
    "en": {"title": "The plan's indicators in {year}", "board": "Indicators", "watched": "Watched", "milestones": "Milestones",
           "tasks": "Tasks", "day": "Made on", "heads": ("id", "indicator", "value", "baseline", "target", "state", "kind"),
           "milestone": ("milestone", "due", "reached", "office"), "task": ("task", "indicator", "office", "owner", "due", "state"),
           "sums": "{all} indicators: {parts}.",
           "foot": "Values are counted from the data or entered; those with neither wait for data. Tolerances and bounds are this "
                   "project's own. Values to {month}.",
           "states": {"open": "open", "doing": "under way", "done": "done", "dropped": "dropped"}, "none": "none"},
}  # fmt: skip
"""Words of the report, which is written in one language whatever the page's is."""

PAPER = """
#let said = json(bytes(sys.inputs.said))
#set page(paper: "a4", flipped: true, margin: (x: 1.6cm, y: 1.5cm), footer: context [
  #set text(8pt, fill: rgb("#51626c"))
  #said.foot #h(1fr) #counter(page).display("1 / 1", both: true)
])
#set text(font: "Noto Sans SC", size: 9pt, lang: said.lang)
#set table(stroke: 0.4pt + rgb("#b8c4ca"), inset: 5pt, fill: (_, row) => if row == 0 { rgb("#e5f1f2") })
#align(center)[#text(15pt, weight: 700)[#said.plan] \\ #text(12pt)[#said.title]]
#v(2mm)
#said.sums #h(1fr) #said.day
#for part in said.parts [
  #v(2mm)
  #text(11pt, weight: 700)[#part.title]
  #v(-1mm)
  #if part.rows.len() == 0 [#said.none] else [
    #table(columns: part.widths.map(width => width * 1fr), table.header(..part.heads.map(head => strong(head))), ..part.rows.flatten())
  ]
]
"""


class Report(NamedTuple):
    """A year's report."""

    city: str
    year: int
    plan: PlanTable
    rows: tuple[Row, ...]
    milestones: tuple[Milestone, ...]
    tasks: tuple[Task, ...]
    made_on: date


def years_kept(city: str) -> list[int]:
    """The years that have values, ascending."""
    months = Value.objects.filter(city=city, stands=True).order_by("month").values_list("month", flat=True).distinct()
    return sorted({month // 100 for month in months})


def made(city: str, year: int, made_on: date) -> Report:
    """The report of a year from what is kept: the values to its December, its milestones, tasks due in it."""
    values = Value.objects.filter(city=city, stands=True, month__lte=year * 100 + 12).order_by("month")
    return Report(
        city, year, plan_of(city), tuple(board_of(city, values)), tuple(Milestone.objects.filter(city=city).order_by("due", "pk")),
        tuple(Task.objects.filter(city=city, due__year__lte=year + 1).order_by("due", "pk")), made_on,
    )  # fmt: skip


def tables(report: Report, lang: str) -> list[dict[str, Any]]:
    """The report's tables: title, heads, widths, rows of words."""
    said = HEADS[lang]

    def board(rows: list[Row]) -> list[list[str]]:
        """Rows of the board in words."""
        return [[row.code, row.name(lang), row.value_words(lang), row.baseline_words(lang), row.target_words(lang), lists.state_words(row),
                 lists.binding_words(row)] for row in rows]

    milestones = [[one.title if lang == "zh" else one.title_en or one.title, one.due.isoformat(),
                   one.reached_on.isoformat() if one.reached_on else "—", one.office] for one in report.milestones]
    tasks = [[one.title, one.code, one.office, one.owner, one.due.isoformat(), said["states"][one.state]] for one in report.tasks]
    widths = [3, 9, 4, 4, 6, 5, 3]
    return [
        {"title": said["board"], "heads": said["heads"], "widths": widths, "rows": board([row for row in report.rows if not row.watched])},
        {"title": said["watched"], "heads": said["heads"], "widths": widths,
         "rows": board([row for row in report.rows if row.watched and row.shown is not None])},
        {"title": said["milestones"], "heads": said["milestone"], "widths": [8, 3, 3, 5], "rows": milestones},
        {"title": said["tasks"], "heads": said["task"], "widths": [8, 3, 5, 3, 3, 3], "rows": tasks},
    ]  # fmt: skip


def summary(report: Report, lang: str) -> str:
    """How many indicators are in each state."""
    plain = [row for row in report.rows if not row.watched]
    names: dict[str, int] = {}
    for row in plain:
        word = str(dict(lists.STATES)[row.state])
        names[word] = names.get(word, 0) + 1
    joint = "，" if lang == "zh" else ", "
    return str(HEADS[lang]["sums"]).format(all=len(plain), parts=joint.join(f"{word} {count}" for word, count in names.items()))


def file(report: Report, form: str, lang: str) -> tuple[str, str, bytes]:
    """The report as a file: name, kind, bytes. `form`: xlsx or pdf."""
    name = f"{report.plan.plan}-{report.year}.{form}"
    return name, KINDS[form], workbook(report, lang) if form == "xlsx" else paper(report, lang)


def workbook(report: Report, lang: str) -> bytes:
    """The workbook: the board with every column, milestones, tasks."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    sheet = book.add_worksheet(str(HEADS[lang]["board"])[:31])
    for at, column in enumerate(lists.BOARD_FILE.columns):
        sheet.write_string(0, at, str(column.title), bold)
        sheet.set_column(at, at, 34 if column.name in ("name", "formula", "notes", "feed") else 14)
        for place, row in enumerate(report.rows, 1):
            value = column.of(row)
            sheet.write(place, at, value if isinstance(value, (int, float)) else str(value))
    sheet.freeze_panes(1, 2)
    for part in tables(report, lang)[2:]:
        sheet = book.add_worksheet(str(part["title"])[:31])
        for place, cells in enumerate((part["heads"], *part["rows"])):
            for at, value in enumerate(cells):
                sheet.write(place, at, value, bold if place == 0 else None)
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 6, 18)
    book.close()
    return file.getvalue()


def paper(report: Report, lang: str) -> bytes:
    """The paper."""
    said, book = HEADS[lang], books()[report.city]
    last = max((row.month for row in report.rows), default=0)
    return pdf(PAPER, said={
        "lang": lang, "plan": report.plan.title if lang == "zh" else f"{book.name_en}: {report.plan.title}",
        "title": str(said["title"]).format(year=report.year), "sums": summary(report, lang),
        "day": f"{said['day']} {report.made_on.isoformat()}", "foot": str(said["foot"]).format(month=lists.month_words(last) or "—"),
        "none": said["none"], "parts": tables(report, lang),
    })  # fmt: skip
