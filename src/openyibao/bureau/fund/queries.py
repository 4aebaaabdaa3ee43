"""What the fund desk reads 基金账簿查询: balances, an account's ledger with the rows behind it, what institutions are still owed."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection

from openyibao.bureau.fund.books import BANK, Moved, Owed, Paid, followed


class Balance(NamedTuple):
    """An account of a fund's books at the end of a day: fen, debit positive."""

    fund: str
    account: str
    debit: int
    credit: int

    @property
    def fen(self) -> int:
        """The balance."""
        return self.debit - self.credit


class LedgerRow(NamedTuple):
    """One posting of an account 明细账, with the balance after it."""

    day: date
    entry: int
    text: str
    setl_id: int | None
    fen: int
    balance: int


class Unpaid(NamedTuple):
    """What a fund owes an institution at the end of a day 未拨付: fen, the oldest bill, its days, and what was paid late or in time."""

    institution: str
    fund: str
    fen: int
    oldest: date | None
    days: int
    paid: int
    paid_days: int  # days from bill to payment, weighted by fen, rounded up (I19)
    longest: int


BALANCES = """
SELECT p.fund, p.account, coalesce(sum(p.fen) FILTER (WHERE p.fen > 0), 0)::bigint,
  coalesce(-sum(p.fen) FILTER (WHERE p.fen < 0), 0)::bigint
FROM fund_entry e JOIN fund_posting p ON p.entry_id = e.id
WHERE e.poolarea = %s AND e.day <= %s GROUP BY p.fund, p.account ORDER BY p.fund, p.account
"""

LEDGER = """
SELECT e.day, e.id, e.text, e.setl_id, p.fen FROM fund_entry e JOIN fund_posting p ON p.entry_id = e.id
WHERE e.poolarea = %s AND p.fund = %s AND p.account = %s AND e.day >= %s AND e.day < %s ORDER BY e.day, e.id, p.id
"""

BEFORE = """
SELECT coalesce(sum(p.fen), 0)::bigint FROM fund_entry e JOIN fund_posting p ON p.entry_id = e.id
WHERE e.poolarea = %s AND p.fund = %s AND p.account = %s AND e.day < %s
"""

PAYABLES = """
SELECT p.account, p.fund, e.day, sum(p.fen)::bigint, e.setl_id IS NOT NULL AND p.fen > 0
FROM fund_entry e JOIN fund_posting p ON p.entry_id = e.id
WHERE e.poolarea = %s AND e.day <= %s AND p.account LIKE 'payable/%%' AND (%s = '' OR p.account = 'payable/' || %s)
GROUP BY p.account, p.fund, e.day, e.setl_id IS NOT NULL AND p.fen > 0, p.fen > 0
ORDER BY p.account, p.fund, e.day, p.fen > 0, e.setl_id IS NOT NULL AND p.fen > 0 DESC
"""


def asked(query: str, *values: object) -> list[Any]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def balances(poolarea: str, day: date) -> list[Balance]:
    """Every account of every fund at the end of a day 科目余额."""
    return [Balance(*row) for row in asked(BALANCES, poolarea, day)]


def trial_balance(poolarea: str, day: date) -> dict[str, int]:
    """Each fund's accounts in sum 试算平衡, fen: 0 for every fund of books that close."""
    sums: dict[str, int] = {}
    for one in balances(poolarea, day):
        sums[one.fund] = sums.get(one.fund, 0) + one.fen
    return sums


def overdrawn(poolarea: str, day: date) -> list[Balance]:
    """Bank accounts below zero: a fund cannot pay what it has not."""
    return [one for one in balances(poolarea, day) if one.account == BANK and one.fen < 0]


def ledger(poolarea: str, fund: str, account: str, starts: date, ends: date) -> Iterator[LedgerRow]:
    """The postings of an account over days [starts, ends) 明细账, with the balance carried from the days before."""
    balance = asked(BEFORE, poolarea, fund, account, starts)[0][0]
    for day, entry, text, setl_id, fen in asked(LEDGER, poolarea, fund, account, starts, ends):
        balance += fen
        yield LedgerRow(day, entry, text, setl_id, fen, balance)


def unpaid(poolarea: str, day: date, institution: str = "") -> list[Unpaid]:
    """What is owed to institutions at the end of a day, and how long bills waited for payment 及时拨付. `institution` empty: all."""
    found = []
    rows = asked(PAYABLES, poolarea, day, institution, institution)
    for (account, fund), moves in groupby(rows, key=lambda row: (row[0], row[1])):
        owed, paid = followed(Moved(on, fen, back) for _, _, on, fen, back in moves)
        found.append(_unpaid(account.removeprefix("payable/"), fund, day, owed, paid))
    return found


def _unpaid(institution: str, fund: str, day: date, owed: list[Owed], paid: list[Paid]) -> Unpaid:
    """The sums of one fund and institution."""
    total, late = sum(one.fen for one in paid), sum(one.fen * one.days for one in paid)
    bills = [one for one in owed if one.fen > 0]
    oldest = bills[0].day if bills else None
    return Unpaid(
        institution=institution, fund=fund, fen=sum(one.fen for one in owed), oldest=oldest, days=(day - oldest).days if oldest else 0,
        paid=total, paid_days=-(-late // total) if total else 0, longest=max((one.days for one in paid), default=0),
    )
