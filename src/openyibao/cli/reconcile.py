"""`openyibao reconcile`: the four-way check of a day 日对账: hospital, settlements, ledger, bank; every mismatch with class and repair."""

import csv
import html
import os
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import django
import typer
from rich.table import Table

from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.hospital_file import bills_of, day_of, rows_of, yuan_of
from openyibao.bureau.settlement.reconcile import (
    KINDS,
    Bill,
    Group,
    Mismatch,
    Payment,
    Said,
    Sums,
    grouped,
    money,
    summed,
    with_bank,
    with_hospital,
    with_ledger,
)
from openyibao.cli import serve
from openyibao.cli.console import REJECTED, check_lang, fail, out

BANK = ("number", "fixmedins_code", "day", "amount")
"""Columns of the bank's file: payment order, payee, day, yuan; a refund is negative."""

HEADS = {
    "zh": ("机构", "险种", "清算类别", "笔数", "总额", "基金", "账户", "记账基金", "差异"),
    "en": ("institution", "insutype", "clr_type", "bills", "total", "funds", "account", "booked", "mismatches"),
}
FOUND = {
    "zh": ("机构", "位置", "差异", "对方", "本系统", "差额", "处理"),
    "en": ("institution", "place", "mismatch", "theirs", "ours", "difference", "repair"),
}
STYLE = "body{font-family:sans-serif}table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #999;padding:.2em .5em}"


def reconcile(
    day: str = typer.Option(..., "--day", help="The day of setl_time, yyyy-mm-dd 结算日."),
    home: Path = typer.Option(Path("openyibao-home"), "--home", envvar="OPENYIBAO_HOME", help="Home folder 运行目录."),
    institution: str = typer.Option("", "--institution", help="One institution; default all 定点医药机构编号."),
    hospital: Path | None = typer.Option(None, "--hospital", exists=True, dir_okay=False, help="The hospital's bills, CSV 医院明细."),
    bank: Path | None = typer.Option(None, "--bank", exists=True, dir_okay=False, help="The bank's payments of the day, CSV 银行流水."),
    report: Path | None = typer.Option(None, "--out", help="Write a report: .html or .csv 报告."),
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
) -> None:
    """Compare a day's bills on four sides 日对账. Without --hospital, what institutions sent by 3201. Exit code 3 when anything differs."""
    check_lang(lang)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        fail(f"--day {day} 不是日期，应为 yyyy-mm-dd。", f"--day {day} is no day: yyyy-mm-dd.")
    if report is not None and report.suffix not in (".html", ".csv"):
        fail(f"--out {report}：只写 .html 或 .csv。", f"--out {report}: .html or .csv.")
    said = hospital_rows(hospital) if hospital is not None else None
    lines = bank_rows(bank) if bank is not None else None
    with serve.database(home):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openyibao.site.settings")
        django.setup()
        statements = import_module("openyibao.bureau.settlement.statements")        # models can be imported only now
        bills = statements.bills(*statements.period(on, on), institution=institution)
        found = list(compared(statements, bills, on, institution, said, lines))
    shown(bills, found, lang)
    if report is not None:
        written(report, bills, found, day, lang)
    if found:
        raise typer.Exit(REJECTED)


def compared(
    statements: Any, bills: list[Bill], day: date, institution: str, said: list[Said] | None, bank: list[Payment] | None
) -> Iterator[Mismatch]:
    """Every mismatch of the four sides. A side that was not given is not compared."""
    if said is None:
        sums: dict[Group, Sums] = {group: summed(rows) for group, rows in grouped(bills).items()}
        yield from statements.totals_differ(statements.said_totals(day, institution), sums)
    else:
        names = {row.institution for row in said}
        rows = [row for row in said if institution in ("", row.institution)]
        yield from with_hospital([bill for bill in bills if bill.institution in names], rows)
    yield from with_ledger(bills)
    if bank is not None:
        lines = [line for line in bank if line.day == day and institution in ("", line.institution)]
        yield from with_bank(statements.payments(day, day, institution), lines)


def hospital_rows(path: Path) -> list[Said]:
    """The hospital's bills of a file."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        try:
            return list(bills_of(stream))
        except Refused as refused:
            fail(f"{path}：{refused.zh}", f"{path}: {refused.en}")


def bank_rows(path: Path) -> list[Payment]:
    """The bank's payments of a file."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        try:
            return [
                Payment(row["number"], row["fixmedins_code"], day_of(line, row["day"]), yuan_of(line, row, "amount"))
                for line, row in rows_of(stream, BANK)
            ]
        except Refused as refused:
            fail(f"{path}：{refused.zh}", f"{path}: {refused.en}")


def group_rows(bills: list[Bill], found: list[Mismatch]) -> Iterator[list[str]]:
    """A line per institution, insutype and clearing category."""
    for (institution, insutype, clr_type, _), rows in grouped(bills).items():
        sums, setl_ids = summed(rows), {row.setl_id for row in rows}
        booked = sum(row.booked_fund or 0 for row in rows)
        wrong = sum(one.ours is not None and one.ours.setl_id in setl_ids for one in found)
        yield [institution, insutype, clr_type, str(sums.bills), *map(money, (sums.total, sums.fund, sums.account, booked)), str(wrong)]


def found_row(one: Mismatch, lang: str) -> list[str]:
    """A mismatch as cells."""
    kind = KINDS[one.kind]
    said, repair = (kind.zh, kind.repair_zh) if lang == "zh" else (kind.en, kind.repair_en)
    return [one.institution, one.place, f"{said} [{one.kind}]", one.theirs, one.our, money(one.fen), repair]


def shown(bills: list[Bill], found: list[Mismatch], lang: str) -> None:
    """Print both tables."""
    sides = Table(*HEADS[lang])
    for row in group_rows(bills, found):
        sides.add_row(*row)
    out().print(sides)
    if not found:
        out().print("四方一致。" if lang == "zh" else "All sides agree.")
        return
    table = Table(*FOUND[lang])
    for one in found:
        table.add_row(*(cell.replace("[", "\\[") for cell in found_row(one, lang)))
    out().print(table)


def written(path: Path, bills: list[Bill], found: list[Mismatch], day: str, lang: str) -> None:
    """Write the report."""
    cells = [found_row(one, lang) for one in found]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows([FOUND[lang], *cells])
        return
    title = f"对账 {day}" if lang == "zh" else f"Reconciliation {day}"
    parts = [f"<!doctype html><html lang='{lang}'><meta charset='utf-8'><title>{title}</title><style>{STYLE}</style><h1>{title}</h1>"]
    for heads, rows in ((HEADS[lang], list(group_rows(bills, found))), (FOUND[lang], cells)):
        parts.append("<table><tr>" + "".join(f"<th>{html.escape(name)}</th>" for name in heads) + "</tr>")
        parts += ["<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
        parts.append("</table>")
    path.write_text("\n".join(parts), encoding="utf-8")
