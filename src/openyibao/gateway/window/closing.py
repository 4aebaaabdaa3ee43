"""The day's close 日终对账: the hospital's own book, our settlements and the ledger, to the fen; every broken pair with its class.

The comparison is `settlement/reconcile.py`, as for the door's 3201 and 3202 and for `openyibao reconcile`; here are the hospital's side,
the remedies that have a button, and the record of a close. Recording one sends the day's totals by 3201, scheme by scheme.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.urls import reverse

from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement import statements
from openyibao.bureau.settlement.reconcile import (
    AMOUNT,
    ANOTHER,
    GROUP,
    KINDS,
    ONLY_HERE,
    TAKEN_BACK_HERE,
    TAKEN_BACK_THERE,
    Bill,
    Mismatch,
    Said,
    Sums,
    grouped,
    summed,
    with_hospital,
    with_ledger,
)
from openyibao.bureau.staff import work
from openyibao.bureau.staff.actions import acted
from openyibao.bureau.staff.models import Work
from openyibao.gateway import inside
from openyibao.gateway.window import queries
from openyibao.gateway.window.actions import new_message_id
from openyibao.gateway.window.models import Booking, Close, Upload
from openyibao.outside.hospital.books import UNDOING, yuan
from openyibao.outside.hospital.envelope import Institution, one

WINDOW, FILE = "window", "file"
FETCH, REVERSE, BUREAU = "fetch", "reverse", "bureau"
REMEDIES = {
    ONLY_HERE: (FETCH, REVERSE, BUREAU), TAKEN_BACK_HERE: (FETCH, BUREAU), TAKEN_BACK_THERE: (REVERSE, BUREAU), AMOUNT: (FETCH, BUREAU),
    ANOTHER: (FETCH, BUREAU), GROUP: (FETCH, BUREAU),
}  # fmt: skip
"""Class of mismatch -> buttons; every other class goes to the bureau."""

QUESTION = "window.question"
"""Kind of work that a question to the bureau opens."""


class Row(NamedTuple):
    """One scheme and clearing category on the three sides 三方合计; fund and account together, fen."""

    insutype: str
    clr_type: str
    theirs: Sums
    ours: Sums
    booked: int

    @property
    def equal(self) -> bool:
        """Whether all three agree; cash is compared too, a window knows it."""
        mine, said = self.ours, self.theirs
        return (said.total, said.fund, said.account, said.bills) == (mine.total, mine.fund, mine.account, mine.bills) and self.booked == (
            mine.fund + mine.account
        )


class Broken(NamedTuple):
    """A pair that does not agree, with its words and what can be done."""

    kind: str
    zh: str
    en: str
    repair: dict[str, str]
    setl_id: int
    psn_no: str
    theirs: str
    ours: str
    fen: int
    remedies: tuple[str, ...]
    asked: bool  # the bureau has been asked


class Day(NamedTuple):
    """A day on three sides."""

    day: date
    source: str
    rows: list[Row]
    theirs: Sums
    ours: Sums
    booked: int
    broken: list[Broken]
    unknown: list[Booking]

    @property
    def agreed(self) -> bool:
        """Whether the day closes to 0.00: nothing broken, nothing unknown."""
        return not self.broken and not self.unknown and all(row.equal for row in self.rows)

    @property
    def difference(self) -> int:
        """Funds and accounts of the hospital's book less those of the settlements, fen."""
        return self.theirs.fund + self.theirs.account - self.ours.fund - self.ours.account


def book_of(institution: str, day: date) -> list[Said]:
    """The hospital's bills of a day as its window booked them."""
    starts, ends = statements.period(day, day)
    rows = Booking.objects.filter(fixmedins_code=institution, state=Booking.BOOKED, setl_at__gte=starts, setl_at__lt=ends)
    return [
        Said(row.receipt or 0, str(row.setl_id), str(row.mdtrt_id), row.psn_no, row.total, row.fund, row.account,
             row.infno in UNDOING, institution, row.insutype, row.clr_type, day)
        for row in rows.order_by("receipt")
    ]  # fmt: skip


def uploaded_of(institution: str, day: date) -> list[Said] | None:
    """The hospital's bills of a day as its own program sent them; None when it sent none."""
    row = Upload.objects.filter(fixmedins_code=institution, day=day).first()
    return None if row is None else [Said._make((*values, None)) for values in row.rows]


def day_of(institution: str, day: date) -> Day:
    """The three sides of a day, compared now."""
    uploaded = uploaded_of(institution, day)
    said, source = (book_of(institution, day), WINDOW) if uploaded is None else (uploaded, FILE)
    starts, ends = statements.period(day, day)
    bills = statements.bills(starts, ends, institution=institution)
    unknown = [one_ for one_ in queries.unknown_of(institution) if one_.sent_at is not None and starts <= one_.sent_at < ends]
    waiting = {one_.msgid for one_ in unknown}
    asked = set(Work.objects.filter(kind=QUESTION, closed_at=None).values_list("object", flat=True))
    found = [one_ for one_ in (*with_hospital(bills, said), *with_ledger(bills)) if one_.ours is None or one_.ours.msgid not in waiting]
    return Day(
        day, source, list(rows_of(bills, said)), sums_of(said), summed(bills), sum(booked_of(bill) for bill in bills),
        [broken(one_, asked) for one_ in found], unknown,
    )  # fmt: skip


def booked_of(bill: Bill) -> int:
    """What the ledger has for a bill: funds and account."""
    return (bill.booked_fund or 0) + bill.booked_account


def sums_of(said: Iterable[Said]) -> Sums:
    """The sums of the hospital's bills; its cash is what is left for the person less the account."""
    found = Sums()
    for row in said:
        sign = -1 if row.refund and row.total > 0 else 1
        found = Sums(found.total + sign * row.total, found.fund + sign * row.fund, found.account + sign * row.account, 0, found.bills + 1)
    return found


def rows_of(bills: Sequence[Bill], said: Sequence[Said]) -> Iterable[Row]:
    """The groups of a day on each side. A file's bills without scheme or category take those of ours."""
    ours = {(insutype, clr_type): rows for (_, insutype, clr_type, _), rows in grouped(bills).items()}
    known = {str(bill.setl_id): (bill.insutype, bill.clr_type) for bill in bills}
    theirs: dict[tuple[str, str], list[Said]] = {}
    for row in said:
        near = known.get(row.setl_id, ("", ""))
        theirs.setdefault((row.insutype or near[0], row.clr_type or near[1]), []).append(row)
    for key in sorted({*ours, *theirs}):
        mine = ours.get(key, [])
        yield Row(*key, sums_of(theirs.get(key, [])), summed(mine), sum(booked_of(bill) for bill in mine))


def broken(mismatch: Mismatch, asked: set[str]) -> Broken:
    """A mismatch with its words and buttons."""
    kind, bill, said = KINDS[mismatch.kind], mismatch.ours, mismatch.said
    number = bill.setl_id if bill is not None else int(said.setl_id) if said is not None and said.setl_id.isdecimal() else 0
    person = bill.psn_no if bill is not None else said.psn_no if said is not None else ""
    return Broken(
        mismatch.kind, kind.zh, kind.en, {"zh": kind.repair_zh, "en": kind.repair_en}, number, person, mismatch.theirs, mismatch.our,
        mismatch.fen, REMEDIES.get(mismatch.kind, (BUREAU,)), question_on(mismatch.kind, number) in asked,
    )  # fmt: skip


def question_on(kind: str, setl_id: int) -> str:
    """What a question to the bureau is about."""
    return f"settlement/{setl_id}/{kind}"


# ---- writes ----


@transaction.atomic
def upload(*, hospital: Institution, day: date, name: str, rows: Sequence[Said], at: datetime, by: str) -> None:
    """Keep a hospital's own list of a day in the place of its window's book. Raises Refused WINDOW-11 for another institution's rows."""
    strange = next((row for row in rows if row.institution and row.institution != hospital.code), None)
    if strange is not None:
        raise Refused(
            "WINDOW-11", f"第 {strange.line} 行是机构 {strange.institution} 的单据。",
            f"Line {strange.line} is of institution {strange.institution}.",
            place="file", next_zh="只上传本机构的明细。", next_en="Send this institution's bills only.",
        )  # fmt: skip
    Upload.objects.update_or_create(
        fixmedins_code=hospital.code, day=day,
        defaults={"name": name[:200], "rows": [list(row[:-1]) for row in rows], "at": at, "by": by},
    )  # fmt: skip
    acted(officer=by, what="window.upload", object=f"day/{hospital.code}/{day}", at=at, detail={"rows": len(rows)})


@transaction.atomic
def upload_dropped(*, hospital: Institution, day: date, at: datetime, by: str) -> None:
    """Compare with the window's own book again."""
    Upload.objects.filter(fixmedins_code=hospital.code, day=day).delete()
    acted(officer=by, what="window.upload-dropped", object=f"day/{hospital.code}/{day}", at=at)


def close(*, hospital: Institution, day: date, at: datetime, by: str) -> Close:
    """Record a day's close 日终结账, whatever it found, and tell the bureau the totals by 3201. Raises Refused."""
    found = day_of(hospital.code, day)
    for row in found.rows:
        told(hospital, day, row, at)
    return recorded(hospital.code, found, at, by)


def told(hospital: Institution, day: date, row: Row, at: datetime) -> None:
    """3201 of one scheme and clearing category, refunds with their negative amounts among them."""
    theirs = row.theirs
    given = {"data": {
        "insutype": row.insutype, "clr_type": row.clr_type, "setl_optins": hospital.area,
        "stmt_begndate": str(day), "stmt_enddate": str(day), "medfee_sumamt": yuan(theirs.total),
        "fund_pay_sumamt": yuan(theirs.fund), "acct_pay": yuan(theirs.account),
        "fixmedins_setl_cnt": theirs.bills,
    }}  # fmt: skip
    answer = inside.ask(hospital, "3201", given, msgid=new_message_id(hospital.code, at))
    if answer.refusal is not None:
        raise answer.refusal
    one(answer.output, "stmtinfo")


@transaction.atomic
def recorded(institution: str, found: Day, at: datetime, by: str) -> Close:
    """The row of a close."""
    row = Close.objects.create(
        fixmedins_code=institution, day=found.day, at=at, by=by, source=found.source, agreed=found.agreed, bills=found.ours.bills,
        theirs=found.theirs.fund + found.theirs.account, ours=found.ours.fund + found.ours.account, booked=found.booked,
        broken=len(found.broken) + len(found.unknown), detail=detail_of(found),
    )  # fmt: skip
    acted(officer=by, what="window.close", object=f"day/{institution}/{found.day}", at=at,
          detail={"agreed": found.agreed, "broken": row.broken})  # fmt: skip
    return row


def detail_of(found: Day) -> list[dict[str, object]]:
    """The broken pairs and the charges of unknown outcome, as a close keeps them."""
    pairs: list[dict[str, object]] = [
        {"kind": one_.kind, "setl_id": one_.setl_id, "theirs": one_.theirs, "ours": one_.ours, "fen": one_.fen} for one_ in found.broken
    ]
    return [*pairs, *({"kind": "unknown", "msgid": one_.msgid} for one_ in found.unknown)]


@transaction.atomic
def ask_bureau(*, hospital: Institution, day: date, kind: str, setl_id: int, at: datetime, by: str) -> None:
    """Ask the bureau about a broken pair 提请经办核对: a piece of work for its settlement clerks. Raises Refused WINDOW-12."""
    if kind not in KINDS:
        raise Refused("WINDOW-12", "没有这种差异。", "There is no such class of mismatch.", next_zh="请回到日终对账页。",
                      next_en="Go back to the day's close.")
    words = KINDS[kind]
    work.opened(
        act="dispute.handle", kind=QUESTION, object=question_on(kind, setl_id),
        title=f"{hospital.name} {day} 对账差异：{words.zh}（结算ID {setl_id}）",
        title_en=f"{hospital.name} {day}, reconciliation: {words.en} (setl_id {setl_id})",
        link=reverse("bill", args=[setl_id]) if setl_id else reverse("bills"), at=at, area=hospital.area,
    )  # fmt: skip
    acted(officer=by, what="window.ask-bureau", object=f"settlement/{setl_id}", at=at, detail={"kind": kind, "day": str(day)})
