"""The hospital's own books 医院账: each settlement and each undoing as its replies told it, and their sums for the month-end 对账.

Amounts are fen. An undone settlement stands twice, once forward and once with the opposite sign 退费.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openyibao.outside.hospital.envelope import Exchange, one

SETTLING = {"2102", "2207", "2304"}
UNDOING = {"2103", "2208", "2305"}


def fen(value: Any) -> int:
    """Yuan at the wire (number or text; null and empty are 0) as fen. Raises ValueError for what is no amount."""
    if value is None or value == "":
        return 0
    amount = Decimal(str(value))
    if not amount.is_finite():
        raise ValueError(f"{value!r} 不是金额 / is no amount")
    return int((amount * 100).to_integral_value(ROUND_HALF_UP))


def yuan(amount: int) -> Decimal:
    """Fen as yuan with two decimals, for a request."""
    return Decimal(amount).scaleb(-2)


@dataclass(frozen=True)
class Entry:
    """One settlement, or one undoing with negative amounts (fen). day: of setl_time, the platform's; original: the settlement undone."""

    setl_id: str
    mdtrt_id: str
    psn_no: str
    insutype: str
    clr_type: str
    day: str
    total: int
    funds: int
    account: int
    cash: int
    refund: bool
    msgid: str
    original: str = ""


def booked(books: list[Entry], exchange: Exchange) -> None:
    """Write a successful settlement or undoing into the books, once; an undoing takes scheme and kind from what it undoes."""
    entry = entry_of(exchange)
    if entry is None or any(known.setl_id == entry.setl_id for known in books):
        return
    if undone := next((known for known in books if entry.refund and known.setl_id == entry.original), None):
        entry = replace(entry, insutype=undone.insutype, clr_type=undone.clr_type)
    books.append(entry)


def entry_of(exchange: Exchange) -> Entry | None:
    """The entry a successful settlement or undoing makes; None for any other exchange."""
    if exchange.infno not in SETTLING | UNDOING or not exchange.ok:
        return None
    setl = one(exchange.output, "setlinfo")
    given: Mapping[str, Any] = one(exchange.request.get("input"), "data", "druginfo", "mdtrtinfo")
    cash = setl.get("psn_cash_pay", setl.get("pdn_cash_pay"))
    return Entry(
        setl_id=str(setl.get("setl_id", "")), mdtrt_id=str(setl.get("mdtrt_id") or given.get("mdtrt_id", "")),
        psn_no=str(setl.get("psn_no") or given.get("psn_no", "")), insutype=str(setl.get("insutype") or ""),
        clr_type=str(setl.get("clr_type") or ""), day=str(setl.get("setl_time") or "")[:10], total=fen(setl.get("medfee_sumamt")),
        funds=fen(setl.get("fund_pay_sumamt")), account=fen(setl.get("acct_pay")), cash=fen(cash), refund=exchange.infno in UNDOING,
        msgid=exchange.msgid, original=str(given.get("setl_id") or ""),
    )  # fmt: skip


@dataclass(frozen=True)
class Sums:
    """What a month-end total says 对总账: number of settlements, and fen."""

    count: int
    total: int
    funds: int
    account: int
    cash: int


def sums(entries: Iterable[Entry]) -> Sums:
    """The sums of some entries; an undoing counts and takes its amounts away again."""
    rows = list(entries)
    return Sums(len(rows), *(sum(getattr(row, name) for row in rows) for name in ("total", "funds", "account", "cash")))


def today(day: date) -> str:
    """A day as the wire writes it."""
    return f"{day:%Y-%m-%d}"
