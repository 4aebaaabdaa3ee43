"""The report's files in a folder 报告文件: report.html and report.xlsx, each whole or not there at all."""

import os
from pathlib import Path
from typing import NamedTuple

from openyibao.warehouse.report.page import page
from openyibao.warehouse.report.workbook import write_workbook
from openyibao.warehouse.simulate.outcome import Outcome
from openyibao.warehouse.tables.store import whole

PAGE, WORKBOOK = "report.html", "report.xlsx"


class Report(NamedTuple):
    """Where a report's files are."""

    page: Path
    workbook: Path


def write_report(outcome: Outcome, folder: Path, lang: str = "zh") -> Report:
    """Write both files; the page holds both languages and opens in `lang`, the workbook is in `lang`. Raises NoCharts, OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    report = Report(folder / PAGE, folder / WORKBOOK)
    whole(report.page, page(outcome, lang).encode())
    part = folder / f".{os.getpid()}.{WORKBOOK}"
    write_workbook(outcome, part, lang)
    part.replace(report.workbook)
    return report
