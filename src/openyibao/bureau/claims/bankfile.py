"""The batch file 批量拨付文件 that goes to the bank: CSV with control sums at its end; the same batch is always the same bytes."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

HEAD = ("序号", "受理编号", "收款人", "开户银行", "收款账号", "金额（元）", "用途")
BYTE_ORDER_MARK = "\ufeff"


class Paid(NamedTuple):
    """One line of the file."""

    place: int
    number: str
    holder: str
    bank: str
    account: str
    fen: int


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals."""
    return f"{fen // 100}.{fen % 100:02d}"


def written(number: str, day: date, lines: Iterable[Paid]) -> str:
    """The file of a batch: heading, one line a payment, and the control line with count, sum and the sum of account digits.

    Text that a spreadsheet would run as a formula is held back by an apostrophe.
    """
    buffer = io.StringIO()
    buffer.write(BYTE_ORDER_MARK)
    out = csv.writer(buffer, lineterminator="\r\n")
    out.writerow((f"批次 {number}", f"{day:%Y-%m-%d}"))
    out.writerow(HEAD)
    rows = list(lines)
    for one in rows:
        out.writerow((one.place, one.number, safe(one.holder), safe(one.bank), f"{one.account}", yuan(one.fen), "医保零星报销"))
    digits = sum(int(sign) for one in rows for sign in one.account if sign.isdigit())
    out.writerow(("合计", len(rows), "", "", f"校验和 {digits}", yuan(sum(one.fen for one in rows)), ""))
    return buffer.getvalue()


def safe(text: str) -> str:
    """Text that no spreadsheet runs."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
