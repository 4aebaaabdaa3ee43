"""A report on a plan as a page, a paper and a workbook 报告 (L04): what the yearly report and the mid-term evaluation share.

A report is words and tables that are ready to be set; `yearly.py` and `midterm.py` say which, `report_parts.py` writes the tables.
"""

import io
from collections.abc import Sequence
from typing import Any, NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _

from openyibao.bureau.pages.paper import pdf
from openyibao.bureau.planning import lists
from openyibao.bureau.planning.board import Row

FORMS = ("xlsx", "pdf")
KINDS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf"}

PAPER = """
#let said = json(bytes(sys.inputs.said))
#set page(paper: "a4", flipped: true, margin: (x: 1.6cm, y: 1.5cm), footer: context [
  #set text(8pt, fill: rgb("#51626c"))
  #grid(columns: (1fr, auto), gutter: 6mm, said.foot, counter(page).display("1 / 1", both: true))
])
#set text(font: "Noto Sans SC", size: 9pt, lang: said.lang)
#set table(stroke: 0.4pt + rgb("#b8c4ca"), inset: 5pt, fill: (_, row) => if row == 0 { rgb("#e5f1f2") })
#align(center)[#text(15pt, weight: 700)[#said.plan] \\ #text(12pt)[#said.title]]
#v(2mm)
#for line in said.sums [#line \\ ]
#said.day
#for part in said.parts [
  #v(2mm)
  #text(11pt, weight: 700)[#part.title]
  #v(-1mm)
  #if part.rows.len() == 0 [#said.none] else [
    #table(columns: part.widths.map(width => width * 1fr), table.header(..part.heads.map(head => strong(head))), ..part.rows.flatten())
  ]
]
"""


class Part(NamedTuple):
    """One table of a report, in words."""

    title: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: list[list[str]]
    links: tuple[str, ...] = ()  # row by row, where the first cell leads on the page
    states: tuple[tuple[str, ...], ...] = ()  # row by row, tags that the page shows for the words of the column `stated`
    notes: tuple[str, ...] = ()  # row by row, what stands below the tags
    stated: int = -1
    board: bool = False  # the workbook's first sheet says it in more columns


class Report(NamedTuple):
    """A report ready to be set."""

    file: str  # the file's name without its ending
    lang: str
    plan: str  # whose plan
    title: str
    sums: tuple[str, ...]  # sentences at the head
    day: str  # when it was made
    foot: str
    rows: tuple[Row, ...]  # the board, for the workbook
    parts: tuple[Part, ...]


class Shown(NamedTuple):
    """A cell on the page: its column's head, its words, where it leads, the tags that stand for the words."""

    head: str
    words: str
    link: str
    tags: tuple[str, ...]
    note: str


def shown(part: Part) -> list[list[Shown]]:
    """A table's rows as the page shows them."""
    return [
        [Shown(head, cell, part.links[place] if part.links and at == 0 else "", part.states[place] if at == part.stated else (),
               part.notes[place] if part.notes and at == part.stated else "")
         for at, (head, cell) in enumerate(zip(part.heads, row, strict=True))]
        for place, row in enumerate(part.rows)
    ]  # fmt: skip


def page_parts(report: Report) -> list[tuple[Part, list[list[Shown]]]]:
    """Every table with its rows for the page."""
    return [(part, shown(part)) for part in report.parts]


def file(report: Report, form: str) -> tuple[str, str, bytes]:
    """The report as a file: name, kind, bytes. `form`: xlsx or pdf."""
    return f"{report.file}.{form}", KINDS[form], workbook(report) if form == "xlsx" else paper(report)


def workbook(report: Report) -> bytes:
    """The workbook: the sentences, the board with every column, then the tables that the board does not hold."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, wrapped = book.add_format({"bold": True, "bottom": 1, "text_wrap": True}), book.add_format({"text_wrap": True, "valign": "top"})
    board_sheet(book.add_worksheet(_("指标表")[:31]), report.rows, bold)
    for part in report.parts:
        if part.board:
            continue
        sheet = book.add_worksheet(part.title[:31])
        for place, cells in enumerate((part.heads, *part.rows)):
            for at, value in enumerate(cells):
                sheet.write(place, at, int(value) if place and value.isdecimal() else value, wrapped if place else bold)
        for at, width in enumerate(part.widths):
            sheet.set_column(at, at, max(12, 5 * width))
        sheet.freeze_panes(1, 1)
    sheet = book.add_worksheet(_("说明"))
    for place, line in enumerate((report.plan, report.title, *report.sums, report.day, report.foot)):
        sheet.write_string(place, 0, line)
    book.close()
    return file.getvalue()


def board_sheet(sheet: Any, rows: Sequence[Row], bold: Any) -> None:
    """The board with every column on a sheet."""
    for at, column in enumerate(lists.BOARD_FILE.columns):
        sheet.write_string(0, at, str(column.title), bold)
        sheet.set_column(at, at, 34 if column.name in ("name", "formula", "notes", "feed") else 14)
        for place, row in enumerate(rows, 1):
            value = column.of(row)
            sheet.write(place, at, value if isinstance(value, (int, float)) else str(value))
    sheet.freeze_panes(1, 2)


def paper(report: Report) -> bytes:
    """The paper."""
    return pdf(PAPER, said={
        "lang": report.lang, "plan": report.plan, "title": report.title, "sums": report.sums, "day": report.day, "foot": report.foot,
        "none": _("无"), "parts": [part._asdict() for part in report.parts],
    })  # fmt: skip
