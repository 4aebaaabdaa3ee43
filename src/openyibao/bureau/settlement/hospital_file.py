"""A hospital's bills as a file 医院明细文件: what `openyibao reconcile` and the window's day close read alike.

CSV in UTF-8 with the wire's column names; amounts in yuan, a refund's may come with either sign.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date

from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.reconcile import Said
from openyibao.outside.hospital.books import fen

COLUMNS = ("fixmedins_code", "setl_id", "mdtrt_id", "psn_no", "medfee_sumamt", "fund_pay_sumamt", "acct_pay", "refd_setl_flag")
"""Columns that must be there; insutype, clr_type and day may follow."""


def bills_of(lines: Iterable[str], columns: tuple[str, ...] = COLUMNS) -> Iterator[Said]:
    """The bills of a file, row by row. Raises Refused FILE-01 … -03 naming the line and the column."""
    for line, row in rows_of(lines, columns):
        total, fund, account = (yuan_of(line, row, name) for name in ("medfee_sumamt", "fund_pay_sumamt", "acct_pay"))
        on = day_of(line, row["day"]) if row.get("day") else None
        yield Said(
            line, row["setl_id"], row["mdtrt_id"], row["psn_no"], total, fund, account, row["refd_setl_flag"] == "1",
            row["fixmedins_code"], row.get("insutype", ""), row.get("clr_type", ""), on,
        )  # fmt: skip


def rows_of(lines: Iterable[str], columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV with their line numbers. Raises Refused FILE-01 when columns are missing."""
    reader = csv.DictReader(lines)
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise Refused("FILE-01", f"文件缺少列 {'、'.join(missing)}。", f"The file lacks the columns {', '.join(missing)}.", place="file",
                      next_zh="第一行须是列名，UTF-8 编码，逗号分隔。", next_en="The first line names the columns; UTF-8, commas.")
    for row in reader:
        yield reader.line_num, {name: (value or "").strip() for name, value in row.items() if name}


def yuan_of(line: int, row: dict[str, str], column: str) -> int:
    """An amount as fen. Raises Refused FILE-02."""
    try:
        return fen(row[column] or "0")
    except (ValueError, ArithmeticError):
        raise Refused("FILE-02", f"第 {line} 行：{column} {row[column]} 不是金额。", f"Line {line}: {column} {row[column]} is no amount.",
                      place="file", next_zh="请更正后重新上传。", next_en="Correct it and send the file again.") from None


def day_of(line: int, text: str) -> date:
    """A day of a file. Raises Refused FILE-03."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("FILE-03", f"第 {line} 行：{text} 不是日期。", f"Line {line}: {text} is no day.", place="file",
                      next_zh="日期写作 2026-01-31。", next_en="Write days as 2026-01-31.") from None
