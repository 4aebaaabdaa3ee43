"""Reconciliation 对账: the hospital, our settlements, the ledger and the bank, bill by bill; each mismatch with its class and repair.

Pure: `statements.py` reads our side, the door (3201, 3202) and the command `openyibao reconcile` bring the other sides.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

ONLY_THERE, ONLY_HERE, AMOUNT, TWICE_THERE = "only-there", "only-here", "amount", "twice-there"
TAKEN_BACK_HERE, TAKEN_BACK_THERE, ANOTHER, GROUP = "taken-back-here", "taken-back-there", "another", "group"
TOTALS, LEDGER_MISSING, LEDGER_DIFFERS = "totals", "ledger-missing", "ledger-differs"
BANK_MISSING, BANK_UNKNOWN, BANK_DIFFERS, BANK_TWICE = "bank-missing", "bank-unknown", "bank-differs", "bank-twice"


class Kind(NamedTuple):
    """A class of mismatch 差异类别 and the action that repairs it."""

    zh: str
    en: str
    repair_zh: str
    repair_en: str


KINDS: dict[str, Kind] = {
    ONLY_THERE: Kind(
        "医院有，本系统没有这笔结算", "the hospital has it, we do not",
        "医院用 Y0001 查该笔报文；未办结的重发原报文，已对患者收费而不再结算的由医院退费",
        "the hospital asks Y0001 about its message; unknown: send the same message again, or give the patient the money back",
    ),
    ONLY_HERE: Kind(
        "本系统有，医院没有这笔结算", "we have it, the hospital does not",
        "医院用 5203 取回结算结果补记；患者未就诊的用 2208（住院 2305、购药 2103）冲销",
        "the hospital fetches it by 5203 and books it, or takes it back by 2208 (stay 2305, purchase 2103)",
    ),
    AMOUNT: Kind(
        "两边金额不同", "the amounts differ",
        "以本系统结算为准：医院用 5203 核对并改正其记录",
        "ours is what was settled: the hospital checks by 5203 and corrects its own record",
    ),
    TWICE_THERE: Kind(
        "医院记了两次", "the hospital has it twice",
        "医院删去重复的一笔；重复收费的退给患者", "the hospital removes one of them and gives back what was taken twice",
    ),
    TAKEN_BACK_HERE: Kind(
        "本系统已冲销，医院没有退费", "taken back here, not refunded at the hospital",
        "医院补记退费；不应冲销的由医院用新报文重新结算", "the hospital books the refund, or settles again with a new message",
    ),
    TAKEN_BACK_THERE: Kind(
        "医院已退费，本系统没有冲销", "refunded at the hospital, not taken back here",
        "医院用 2208（住院 2305、购药 2103）冲销；应答丢失的用 2601",
        "the hospital takes it back by 2208 (2305, 2103), or 2601 if the answer was lost",
    ),
    ANOTHER: Kind(
        "结算ID相同而就诊ID或人员编号不同", "same setl_id, another visit or person",
        "医院用 5203 核对结算ID、就诊ID与人员编号", "the hospital checks setl_id, mdtrt_id and psn_no by 5203",
    ),
    GROUP: Kind(
        "险种、清算类别或日期不同", "another insutype, clearing category or day",
        "医院按结算时间 setl_time 与本系统的险种、清算类别归集", "the hospital groups by setl_time and by our insutype and clr_type",
    ),
    TOTALS: Kind(
        "总额或笔数不平", "totals or counts differ",
        "医院用 3202 对明细账找出差异的单据", "the hospital sends its details by 3202 to find the bills",
    ),
    LEDGER_MISSING: Kind(
        "结算没有记账凭证", "the settlement has no entry",
        "运行 openyibao verify 并报告；不得手工补记", "run openyibao verify and report it; do not book it by hand",
    ),
    LEDGER_DIFFERS: Kind(
        "记账金额与结算不同", "the entry differs from the settlement",
        "运行 openyibao verify 并报告；不得手工更正", "run openyibao verify and report it; do not correct it by hand",
    ),
    BANK_MISSING: Kind(
        "已记账的拨付，银行没有", "a booked payment is not at the bank",
        "向银行查询支付凭证；未支付的用红字凭证冲销后重新拨付", "ask the bank about the order; unpaid: take the entry back and pay again",
    ),
    BANK_UNKNOWN: Kind(
        "银行有，账上没有这笔收付", "the bank has it, the ledger does not",
        "查明用途后补记凭证；误付的追回，退票的记退款", "find out what it was and book it; recover what was paid by mistake",
    ),
    BANK_DIFFERS: Kind(
        "银行与账上金额或对方不同", "the bank's amount or payee differs from the ledger's",
        "以银行为准：差额用凭证补记或追回", "the bank is right about money moved: book or recover the difference",
    ),
    BANK_TWICE: Kind(
        "银行对同一凭证付了两次", "the bank paid one order twice",
        "追回重复支付的一笔", "recover the second payment",
    ),
}  # fmt: skip
"""class -> words."""


class Bill(NamedTuple):
    """A settlement or mirror of ours; fen, a mirror's are negative."""

    setl_id: int
    mdtrt_id: int
    psn_no: str
    institution: str
    insutype: str
    clr_type: str
    day: date  # of setl_time
    total: int
    fund: int
    account: int
    cash: int
    mirror_of: int | None
    msgid: str
    booked_fund: int | None = 0  # in the ledger: funds without the personal account; None = no entry
    booked_account: int = 0


class Said(NamedTuple):
    """A bill as the hospital has it; fen, a refund's may come with either sign."""

    line: int
    setl_id: str
    mdtrt_id: str
    psn_no: str
    total: int
    fund: int
    account: int
    refund: bool
    institution: str = ""
    insutype: str = ""
    clr_type: str = ""
    day: date | None = None


class Payment(NamedTuple):
    """A payment to an institution, in the ledger or at the bank; fen, negative = money that came back."""

    number: str
    institution: str
    day: date
    fen: int


class Mismatch(NamedTuple):
    """One mismatch. `ours`: the bill of ours; `said`: the hospital's; fen: theirs less ours."""

    kind: str
    institution: str
    place: str
    theirs: str
    our: str
    fen: int
    ours: Bill | None = None
    said: Said | None = None


class Sums(NamedTuple):
    """Sums of a group of bills, fen, and how many bills."""

    total: int = 0
    fund: int = 0
    account: int = 0
    cash: int = 0
    bills: int = 0


Group = tuple[str, str, str, date]
"""institution, insutype, clr_type, day."""


def summed(bills: Iterable[Bill]) -> Sums:
    """The sums of bills; mirrors count, with their negative amounts."""
    sums = Sums()
    for one in bills:
        sums = Sums(sums.total + one.total, sums.fund + one.fund, sums.account + one.account, sums.cash + one.cash, sums.bills + 1)
    return sums


def grouped(bills: Iterable[Bill]) -> dict[Group, list[Bill]]:
    """Bills by institution, insutype, clearing category and day."""
    groups: dict[Group, list[Bill]] = {}
    for one in bills:
        groups.setdefault((one.institution, one.insutype, one.clr_type, one.day), []).append(one)
    return dict(sorted(groups.items()))


def with_hospital(ours: Sequence[Bill], said: Iterable[Said]) -> Iterator[Mismatch]:
    """What differs between the hospital's bills and ours. A refund may name the settlement or its mirror."""
    known: dict[tuple[str, bool], Bill] = {}
    for one in ours:
        known[str(one.setl_id), one.mirror_of is not None] = one
        if one.mirror_of is not None:
            known[str(one.mirror_of), True] = one
    met: set[int] = set()
    refunded: dict[int, Said] = {}
    for row in said:
        found = known.get((row.setl_id, row.refund))
        if found is None:
            if row.refund and (row.setl_id, False) in known:
                standing = known[row.setl_id, False]
                refunded[standing.setl_id] = row
                yield mismatch(TAKEN_BACK_THERE, standing, row)
            else:
                place = f"setl_id {row.setl_id} {row.psn_no}"
                yield Mismatch(ONLY_THERE, row.institution, place, money(row.fund), "-", row.fund, None, row)
        elif found.setl_id in met:
            yield mismatch(TWICE_THERE, found, row)
        else:
            met.add(found.setl_id)
            yield from one_bill(found, row)
    for one in ours:
        if one.setl_id in met:
            continue
        known_there = one.mirror_of is not None and one.mirror_of in met
        yield mismatch(TAKEN_BACK_HERE if known_there else ONLY_HERE, one, None)


def one_bill(bill: Bill, row: Said) -> Iterator[Mismatch]:
    """What differs about one bill that both have."""
    if (row.mdtrt_id and row.mdtrt_id != str(bill.mdtrt_id)) or (row.psn_no and row.psn_no != bill.psn_no):
        yield mismatch(ANOTHER, bill, row)
    elif amounts(row) != (bill.total, bill.fund, bill.account):
        yield mismatch(AMOUNT, bill, row)
    elif (row.insutype or bill.insutype, row.clr_type or bill.clr_type, row.day or bill.day) != (bill.insutype, bill.clr_type, bill.day):
        yield mismatch(GROUP, bill, row)


def amounts(row: Said) -> tuple[int, int, int]:
    """Total, funds and account of a row; a refund's are negative, however they were written."""
    sign = -1 if row.refund and row.total > 0 else 1
    return sign * row.total, sign * row.fund, sign * row.account


def mismatch(kind: str, bill: Bill, row: Said | None) -> Mismatch:
    """A mismatch about a bill of ours."""
    theirs = amounts(row) if row is not None else (0, 0, 0)
    shown = " / ".join(money(fen) for fen in theirs) if row is not None else "-"
    our = " / ".join(money(fen) for fen in (bill.total, bill.fund, bill.account))
    stake = {
        AMOUNT: theirs[1] - bill.fund, ONLY_HERE: -bill.fund, TAKEN_BACK_HERE: -bill.fund, TWICE_THERE: theirs[1],
        TAKEN_BACK_THERE: theirs[1],
    }.get(kind, 0)  # fmt: skip
    return Mismatch(kind, bill.institution, f"setl_id {bill.setl_id} {bill.psn_no}", shown, our, stake, bill, row)


def with_ledger(ours: Iterable[Bill]) -> Iterator[Mismatch]:
    """Settlements whose entry is missing or differs."""
    for one in ours:
        if one.booked_fund is None:
            if one.fund or one.account:
                yield Mismatch(LEDGER_MISSING, one.institution, f"setl_id {one.setl_id}", "-", money(one.fund), -one.fund, one)
        elif (one.booked_fund, one.booked_account) != (one.fund, one.account):
            booked = one.booked_fund + one.booked_account
            due = one.fund + one.account
            yield Mismatch(LEDGER_DIFFERS, one.institution, f"setl_id {one.setl_id}", money(booked), money(due), booked - due, one)


def with_bank(ledger: Iterable[Payment], bank: Iterable[Payment]) -> Iterator[Mismatch]:
    """What differs between booked payments and the bank's, by the number of the payment order."""
    lines = list(bank)
    paid: Mapping[str, Payment] = {one.number: one for one in reversed(lines)}
    for number, times in Counter(one.number for one in lines if one.number).items():
        if times > 1:
            one = paid[number]
            shown = f"{times} x {money(one.fen)}", money(one.fen)
            yield Mismatch(BANK_TWICE, one.institution, f"order {number}", *shown, (times - 1) * one.fen)
    booked = {one.number: one for one in ledger}
    for one in booked.values():
        other = paid.get(one.number)
        if other is None:
            yield Mismatch(BANK_MISSING, one.institution, f"order {one.number}", "-", money(one.fen), -one.fen)
        elif (other.fen, other.institution or one.institution) != (one.fen, one.institution):
            shown = f"{money(other.fen)} {other.institution}", f"{money(one.fen)} {one.institution}"
            yield Mismatch(BANK_DIFFERS, one.institution, f"order {one.number}", *shown, other.fen - one.fen)
    for one in lines:
        if one.number not in booked:
            yield Mismatch(BANK_UNKNOWN, one.institution, f"order {one.number or '-'} {one.day}", money(one.fen), "-", one.fen)


def money(fen: int) -> str:
    """Fen as yuan with two decimals."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
