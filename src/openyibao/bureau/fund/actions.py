"""What the fund desk writes 基金记账: entries, payments to institutions, closed months. A mistake is taken back by another entry."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from threading import Lock

from django.db import connection, transaction

from openyibao.bureau.fund import models, queries
from openyibao.bureau.fund.books import payment_entry
from openyibao.bureau.refused import Refused
from openyibao.kernel import ledger
from openyibao.kernel.ledger import Unbalanced

BLOCK = 1_000
"""Numbers per step of the sequence document_number (migration 0002)."""

WAIT = "5s"
"""How long closing waits for entries that are being written."""


class Numbers:
    """Document numbers 单据号 for a desk: a block is taken when one is needed, a number is never given twice."""

    def __init__(self) -> None:
        """No block yet."""
        self._next, self._end, self._lock = 0, 0, Lock()

    def next(self) -> int:
        """The next number."""
        with self._lock:
            if self._next == self._end:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT nextval('document_number')")
                    self._next = cursor.fetchone()[0]
                self._end = self._next + BLOCK
            self._next += 1
            return self._next - 1


numbers = Numbers()
"""The numbers of this process's desks."""


@transaction.atomic
def post(entry: ledger.Entry, *, poolarea: str, at: datetime, setl_id: int | None = None, number: int | None = None) -> int:
    """Book a balanced entry 记账; its number.

    entry    of kernel.ledger; its day decides the month
    setl_id  the settlement it books
    number   of the entry; by default the next one
    Raises Unbalanced; Refused FUND-02 when its month is closed.
    """
    ledger.entry(*entry)                # refuses a sum other than 0, whoever made it
    day = date(entry.day // 10_000, entry.day // 100 % 100, entry.day % 100)
    closed = models.Close.objects.filter(poolarea=poolarea, ends__gt=day).order_by("-ends").first()
    if closed is not None:
        raise Refused(
            "FUND-02", f"{poolarea} 的账已结到 {closed.ends}，不能再记 {day} 的凭证",
            f"the books of {poolarea} are closed up to {closed.ends}", place="day",
            next_zh="请记在未结账的日期", next_en="book it on a day that is open",
        )  # fmt: skip
    if not entry.postings:
        raise Refused("FUND-01", "凭证没有分录", "the entry has no postings", next_zh="请填写分录", next_en="give its postings")
    one = models.Entry.objects.create(
        id=numbers.next() if number is None else number, poolarea=poolarea, day=day, text=entry.text, setl_id=setl_id, at=at
    )
    models.Posting.objects.bulk_create(
        models.Posting(entry_id=one.id, fund=part.fund, account=part.account, fen=part.fen) for part in entry.postings if part.fen != 0
    )
    return int(one.id)


def take_back(number: int, *, at: datetime, day: int, because: str) -> int:
    """Take an entry back by its mirror 红字冲销; the mirror's number. `day`: yyyymmdd of the mirror.

    Raises Refused FUND-03 for an unknown entry, or one of a settlement.
    """
    found = models.Entry.objects.filter(id=number).first()
    if found is None or found.setl_id is not None:
        raise Refused(
            "FUND-03", f"凭证 {number} 不存在，或由结算生成", f"entry {number} is not there, or belongs to a settlement",
            next_zh="结算凭证请冲销该笔结算", next_en="reverse the settlement instead",
        )  # fmt: skip
    written = models.Posting.objects.filter(entry_id=number).order_by("id")
    postings = tuple(ledger.Posting(one.fund, one.account, -one.fen) for one in written)
    return post(ledger.Entry(day, f"takes back {number}: {because}"[:120], postings), poolarea=found.poolarea, at=at)


def pay_institution(*, poolarea: str, institution: str, pays: Iterable[tuple[str, int]], day: int, at: datetime) -> int:
    """Book a payment to an institution 拨付, fund by fund; the payment order's number, which the bank file must name."""
    number = numbers.next()
    return post(payment_entry(day, institution, tuple(pays), str(number)), poolarea=poolarea, at=at, number=number)


def close_month(*, poolarea: str, month: int, by: str, at: datetime) -> date:
    """Close a month 结账 (yyyymm): no entry of its days is taken any more. The first day that is still open.

    Raises Refused: FUND-11 the month has not ended, FUND-12 it is closed, FUND-13 one before it is open, FUND-14 a fund is out of balance,
    FUND-15 a bank account is below zero. An entry that is being written is waited for.
    """
    starts = date(month // 100, month % 100, 1)
    ends = (starts + timedelta(days=32)).replace(day=1)
    if at.date() < ends:
        raise Refused("FUND-11", f"{month} 还没有过完", f"{month} has not ended", next_zh="请次月再结账", next_en="close it next month")
    _follows(poolarea, starts, ends)
    _closes(poolarea, ends - timedelta(days=1))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
            cursor.execute("LOCK TABLE fund_entry IN SHARE MODE")      # who writes now ends first; who comes later sees the close
        _follows(poolarea, starts, ends)
        models.Close.objects.create(poolarea=poolarea, ends=ends, closed_by=by, at=at)
    return ends


def _follows(poolarea: str, starts: date, ends: date) -> None:
    """The month is open, and the one before it is not."""
    last = models.Close.objects.filter(poolarea=poolarea).order_by("-ends").first()
    if last is not None and last.ends >= ends:
        raise Refused("FUND-12", f"{poolarea} 的账已结到 {last.ends}", f"the books of {poolarea} are closed up to {last.ends}")
    first = models.Entry.objects.filter(poolarea=poolarea).order_by("day").first()
    begins = last.ends if last is not None else first.day.replace(day=1) if first is not None else starts
    if begins < starts:
        raise Refused(
            "FUND-13", f"{begins:%Y%m} 还没有结账", f"{begins:%Y%m} is still open",
            next_zh="请按月顺序结账", next_en="close the months in order",
        )  # fmt: skip


def _closes(poolarea: str, day: date) -> None:
    """Every fund balances and no bank account is overdrawn at the end of a day."""
    wrong = {fund: fen for fund, fen in queries.trial_balance(poolarea, day).items() if fen != 0}
    if wrong:
        said = "、".join(f"{fund} {fen / 100:.2f}" for fund, fen in wrong.items())
        raise Refused("FUND-14", f"试算不平：{said} 元", f"out of balance: {said} yuan",
                      next_zh="请运行 openyibao verify", next_en="run openyibao verify")
    below = queries.overdrawn(poolarea, day)
    if below:
        said = "、".join(f"{one.fund} {one.fen / 100:.2f}" for one in below)
        raise Refused("FUND-15", f"支出户余额为负：{said} 元", f"bank accounts below zero: {said} yuan", next_zh="请先登记划入支出户的资金",
                      next_en="book the money that came into the account first")


__all__ = ["Numbers", "Unbalanced", "close_month", "numbers", "pay_institution", "post", "take_back"]
