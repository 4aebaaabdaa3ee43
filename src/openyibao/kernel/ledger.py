"""Ledger entries 记账凭证 of settlements: each fund keeps its own books, and an entry balances fund by fund to the fen (I01).

A settled bill makes each fund spend, and owe the institution until payment 拨付. Money moves only as entries; a reversal's entry is the
same with the opposite sign.
"""

from typing import NamedTuple

from openyibao.kernel.codes import CAESAREAN, DELIVERY, EMPLOYEE, MISCARRIAGE_EARLY, MISCARRIAGE_LATE, PRENATAL
from openyibao.kernel.receipt import Receipt

EMPLOYEE_POOL = "employee-pool"  # 职工统筹基金
ACCOUNT = "personal-account"  # 个人账户
MATERNITY = "maternity"  # 生育待遇（职工统筹内单列）
RESIDENT_FUND = "resident"  # 城乡居民基金
LARGE = "large-amount"  # 大额补助资金
CATASTROPHIC = "catastrophic"  # 大病保险资金
CIVIL = "civil-servant"  # 公务员补助资金
AID = "medical-aid"  # 医疗救助资金
ADDED = ("added-1", "added-2", "added-3")  # 补充层
STATE = "state"  # 财政补助

MATERNITY_KINDS = (DELIVERY, CAESAREAN, PRENATAL, MISCARRIAGE_EARLY, MISCARRIAGE_LATE)


class Posting(NamedTuple):
    """One side of an entry: a fund, an account of its books, and fen (debit positive, credit negative)."""

    fund: str
    account: str
    fen: int


class Unbalanced(ValueError):
    """An entry whose postings do not sum to zero in some fund."""


class Entry(NamedTuple):
    """A balanced entry 凭证 of one day."""

    day: int
    text: str
    postings: tuple[Posting, ...]


def entry(day: int, text: str, postings: tuple[Posting, ...]) -> Entry:
    """An entry, once every fund of it balances. Raises Unbalanced naming the fund and the difference in fen."""
    left: dict[str, int] = {}
    for fund, _, fen in postings:
        left[fund] = left.get(fund, 0) + fen
    for fund, difference in left.items():
        if difference != 0:
            raise Unbalanced(f"{text}: fund {fund} is out of balance by {difference} fen")
    return Entry(day, text, postings)


def fund_pays(receipt: Receipt) -> tuple[tuple[str, int], ...]:
    """What each fund pays of a bill, (fund, fen), nothing left out: they sum to the receipt's fund and account money."""
    employee = receipt.scheme == EMPLOYEE
    basic = MATERNITY if employee and receipt.kind in MATERNITY_KINDS else EMPLOYEE_POOL if employee else RESIDENT_FUND
    pays = (
        (basic, receipt.pool),
        (LARGE, receipt.large_first + receipt.large_second),
        (CATASTROPHIC, receipt.catastrophic),
        (CIVIL, receipt.civil),
        (AID, receipt.aid + receipt.tilt + receipt.topup),
        (ADDED[0], receipt.added_1),
        (ADDED[1], receipt.added_2),
        (ADDED[2], receipt.added_3),
        (STATE, receipt.state),
        (ACCOUNT, receipt.account + receipt.family),
    )
    return tuple((fund, fen) for fund, fen in pays if fen != 0)


def settlement_entry(receipt: Receipt, day: int, number: str, institution: str) -> Entry:
    """The entry of one settled bill or, with a mirror receipt, of its reversal: benefit spent against payable to the institution."""
    postings: list[Posting] = []
    for fund, fen in fund_pays(receipt):
        postings.append(Posting(fund, "benefit", fen))
        postings.append(Posting(fund, f"payable/{institution}", -fen))
    return entry(day, f"settlement {number}", tuple(postings))


def trial_balance(entries: tuple[Entry, ...]) -> dict[tuple[str, str], int]:
    """Balance of every account of every fund 试算平衡, fen; each fund sums to zero."""
    balance: dict[tuple[str, str], int] = {}
    for one in entries:
        for posting in one.postings:
            key = (posting.fund, posting.account)
            balance[key] = balance.get(key, 0) + posting.fen
    return balance
