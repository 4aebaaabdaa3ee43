"""Where money moves at the window 收费: trial, settlement, reversal, and what to do when an answer was lost.

The form of a settlement carries a message that was written down before it was shown: its id, and its content letter for letter. Pressing
twice, sending again after a cut, or asking later all lead to the one settlement of that id; there is no second way to pay. The order is:
written down as sent and committed, then sent, then booked from the reply. Whatever is cut between two of these is found again by Y0001.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.clock import BEIJING
from openyibao.bureau.settlement.models import Encounter, Settlement
from openyibao.bureau.staff.actions import acted
from openyibao.gateway import inside
from openyibao.gateway.inside import Answer
from openyibao.gateway.window import messages, queries
from openyibao.gateway.window.actions import forms_dropped, held, new_message_id, no_lines, resent, said
from openyibao.gateway.window.explaining import trial_of
from openyibao.gateway.window.models import Booking, Line, Till, Visit
from openyibao.gateway.window.words import TAKES_BACK, TRIES
from openyibao.outside.hospital.books import fen
from openyibao.outside.hospital.envelope import Institution, one
from openyibao.outside.hospital.inputs import Node

COMMITTED, REVERSED = "committed", "reversed"
"""States that Y0001 answers; anything else: nothing came of the message."""

OTHER_LINES = ("VISIT-07", "VISIT-09")
"""Refusals that say that the bill's lines are not those of the visit."""


def no_booking() -> Refused:
    """There is none of that number here."""
    return Refused("WINDOW-08", "本机构窗口没有这笔收费。", "This institution's window has no such charge.",
                   next_zh="请在就诊页查看。", next_en="Look at the page of the visit.")


def booking_of(institution: str, number: int) -> Booking:
    """A booking of the institution, held to the end of the transaction. Raises Refused WINDOW-08."""
    found = Booking.objects.select_for_update().filter(fixmedins_code=institution, pk=number).first()
    if found is None:
        raise no_booking()
    return found


# ---- trial ----


@transaction.atomic
def try_bill(*, hospital: Institution, number: int, account: str, at: datetime, by: str) -> Booking:
    """Pre-settle 预结算 (2206, 2303), and write down the settlement's message that goes with what the page will show. Raises Refused."""
    visit = held(hospital.code, number, Visit.OPEN, Visit.DISCHARGED)
    lines = [line for line in queries.lines_of(visit) if line.state == Line.TAKEN]
    if not lines:
        raise no_lines()
    cipher = inside.open_door().cipher
    certno, credential = queries.certno_of(cipher, visit.psn_no), cipher.open(visit.credential)
    infno, msgid = TRIES[visit.sort], new_message_id(hospital.code, at)

    def bill() -> Node:
        """The bill of the lines as they stand."""
        return messages.with_credential(messages.bill(visit, lines, hospital, certno, account, at), visit, credential)

    given = bill()
    answer = inside.ask(hospital, infno, given, msgid=msgid, home=visit.home)
    if visit.sort == "O" and answer.refusal is not None and answer.refusal.code in OTHER_LINES:
        resent(hospital, visit, lines, at)              # a cut between withdrawing and sending again left other lines there
        given = bill()
        answer = inside.ask(hospital, infno, given, msgid=msgid, home=visit.home)
    if answer.refusal is not None:
        raise answer.refusal
    setl = one(answer.output, "setlinfo")
    trial = trial_of(inside.tried(hospital, infno, given, msgid=msgid, home=visit.home))
    trial |= {"total": fen(setl["medfee_sumamt"]), "fund": fen(setl["fund_pay_sumamt"]), "account": fen(setl["acct_pay"]),
              "cash": fen(setl["psn_cash_pay"]), "account_flag": account}  # fmt: skip
    forms_dropped(visit)
    return Booking.objects.create(
        fixmedins_code=hospital.code, msgid=new_message_id(hospital.code, at), infno=messages.settling(visit), visit=visit,
        content=messages.kept(given), psn_no=visit.psn_no, mdtrt_id=visit.mdtrt_id, insutype=visit.insutype, trial=trial, made_at=at, by=by,
    )  # fmt: skip


# ---- settlement and reversal ----


def settle(*, hospital: Institution, number: int, at: datetime, by: str) -> Booking:
    """Send a settlement (2207, 2304) or reversal (2208, 2305) that was written down. Sent twice, it is one. Raises Refused."""
    row = written_as_sent(hospital.code, number, at)
    if row.state == Booking.BOOKED:
        return row
    answer = inside.ask(hospital, row.infno, messages.given_again(row.content), msgid=row.msgid, home=home_of(row))
    return booked(hospital.code, number, answer, at, by)


@transaction.atomic
def written_as_sent(institution: str, number: int, at: datetime) -> Booking:
    """The booking, marked as sent before it is. Raises Refused WINDOW-09 for a form that another has taken the place of."""
    row = booking_of(institution, number)
    if row.state in (Booking.DROPPED, Booking.REFUSED):
        raise Refused(
            "WINDOW-09", "这张结算单据已作废：明细或预结算已经变了，没有收费。",
            "This form is void: lines or trial have changed since. Nothing was charged.",
            next_zh="请重新预结算后再结算。", next_en="Pre-settle again, then settle.",
        )  # fmt: skip
    if row.state == Booking.READY:
        row.state, row.sent_at = Booking.SENT, at
        row.save(update_fields=["state", "sent_at"])
    return row


def home_of(row: Booking) -> str:
    """The insured division of a booking's visit."""
    return str(row.visit.home) if row.visit is not None else ""


@transaction.atomic
def booked(institution: str, number: int, answer: Answer, at: datetime, by: str, fetched: bool = False) -> Booking:
    """Book what the door answered. A refusal is kept and raised by the caller's view; an unknown outcome leaves the booking as sent."""
    row = booking_of(institution, number)
    if row.state == Booking.BOOKED:
        return row
    if answer.unsure:
        return row
    if answer.refusal is not None:
        row.state, row.refusal = Booking.REFUSED, {
            "code": answer.refusal.code, "zh": answer.refusal.zh, "en": answer.refusal.en, "since": str(answer.refusal.since or ""),
            "next_zh": answer.refusal.next_zh, "next_en": answer.refusal.next_en, "clause": answer.refusal.clause,
        }  # fmt: skip
        row.save(update_fields=["state", "refusal"])
        if row.takes_back is not None:
            undoing_ready(row.takes_back, at)
        return row
    filled(row, one(answer.output, "setlinfo"), fetched)
    acted(officer=by, what="window.reverse" if row.takes_back_id else "window.settle", object=f"settlement/{row.setl_id}", at=at,
          detail={"msgid": row.msgid, "fetched": fetched})  # fmt: skip
    after(row, at)
    return row


def filled(row: Booking, setl: Any, fetched: bool) -> None:
    """The figures of a reply, and the receipt's number: given when it is booked, so that receipts are in order."""
    row.state, row.fetched, row.setl_id = Booking.BOOKED, fetched, int(setl["setl_id"])
    row.setl_at = datetime.fromisoformat(str(setl["setl_time"])).replace(tzinfo=BEIJING)
    row.insutype, row.clr_type = str(setl.get("insutype") or row.insutype), str(setl.get("clr_type") or "")
    row.total, row.fund, row.account = fen(setl["medfee_sumamt"]), fen(setl["fund_pay_sumamt"]), fen(setl["acct_pay"])
    row.cash, row.balance = fen(setl.get("psn_cash_pay", setl.get("pdn_cash_pay"))), fen(setl.get("balc"))
    Till.objects.get_or_create(pk=row.fixmedins_code)
    till = Till.objects.select_for_update().get(pk=row.fixmedins_code)
    till.receipts += 1
    till.save(update_fields=["receipts"])
    row.receipt = till.receipts
    row.save()


def after(row: Booking, at: datetime) -> None:
    """What follows a booking: the visit is settled and may be taken back, or open again."""
    if row.takes_back is None:
        undoing_ready(row, at)
    if row.visit is None:
        return
    visit = Visit.objects.select_for_update().get(pk=row.visit_id)
    if row.takes_back is None:
        visit.state = Visit.SETTLED
    else:
        visit.state = Visit.DISCHARGED if visit.sort == "I" else Visit.OPEN
    visit.save(update_fields=["state"])


def undoing_ready(row: Booking, at: datetime) -> None:
    """Write down the message that takes a settlement back, to be sent if anybody asks."""
    sort = row.visit.sort if row.visit is not None else str(Encounter.objects.get(pk=row.mdtrt_id).sort)
    assert row.setl_id is not None
    Booking.objects.create(
        fixmedins_code=row.fixmedins_code, msgid=new_message_id(row.fixmedins_code, at),
        infno=TAKES_BACK.get(sort, "2103"), visit=row.visit, takes_back=row, psn_no=row.psn_no, mdtrt_id=row.mdtrt_id,
        insutype=row.insutype, content=messages.kept(messages.undoing(row.psn_no, row.mdtrt_id, row.setl_id)), made_at=at, by=row.by,
    )  # fmt: skip


# ---- a lost answer ----


def fetch(*, hospital: Institution, number: int, at: datetime, by: str) -> Booking:
    """Fetch the result 取回结果: Y0001 tells what became of the message; a settlement that stands is booked. Raises Refused.

    One of which nothing came stays as it was sent: the very same message may be sent again.
    """
    row = Booking.objects.filter(fixmedins_code=hospital.code, pk=number).first()
    if row is None:
        raise no_booking()
    if row.state != Booking.SENT:
        return row
    found = one(said(hospital, "Y0001", {"data": {"msgid": row.msgid}}, at=at).output, "data", "result")
    if found.get("state") not in (COMMITTED, REVERSED) or not found.get("answer"):
        return row
    done: Booking = booked(hospital.code, number, Answer(dict(found["answer"])), at, by, True)
    if found["state"] == REVERSED and done.setl_id is not None:
        mirror = Settlement.objects.filter(mirror_of=done.setl_id).values_list("setl_id", flat=True).first()
        if mirror is not None:
            fetch_settlement(hospital=hospital, setl_id=mirror, at=at, by=by)
    return done


def void(*, hospital: Institution, number: int, at: datetime, by: str) -> Booking:
    """Give up a charge of which nothing came 作废 (2601): its message is buried, and refused should it still arrive. Raises Refused.

    Where the settlement did stand after all it is taken back, and both are booked.
    """
    row = fetch(hospital=hospital, number=number, at=at, by=by)
    if row.state != Booking.SENT:
        return row
    given = {"data": {"psn_no": row.psn_no, "omsgid": row.msgid, "oinfno": row.infno}}
    said(hospital, "2601", given, at=at, home=home_of(row))
    row = fetch(hospital=hospital, number=number, at=at, by=by)
    if row.state == Booking.SENT:
        with transaction.atomic():
            row = booking_of(hospital.code, number)
            row.state = Booking.DROPPED
            row.save(update_fields=["state"])
            acted(officer=by, what="window.void", object=f"message/{row.msgid}", at=at)
            if row.takes_back is not None:
                undoing_ready(row.takes_back, at)
    return row


def fetch_settlement(*, hospital: Institution, setl_id: int, at: datetime, by: str) -> Booking:
    """Fetch a settlement that the hospital's book lacks or has otherwise (5203), and book it as it was settled. Raises Refused."""
    theirs = Settlement.objects.filter(pk=setl_id, fixmedins_code=hospital.code).first()
    if theirs is None:
        raise no_booking()
    given = messages.undoing(theirs.psn_no, theirs.mdtrt_id, setl_id)
    setl = one(said(hospital, "5203", given, at=at).output, "setlinfo")
    return corrected(hospital.code, theirs, setl, at, by)


@transaction.atomic
def corrected(institution: str, theirs: Settlement, setl: Any, at: datetime, by: str) -> Booking:
    """The booking of a settlement brought in line with it, made where there is none."""
    rows = Booking.objects.select_for_update().filter(fixmedins_code=institution)
    row = rows.filter(setl_id=theirs.setl_id).first() or rows.filter(msgid=theirs.msgid).first()
    original = rows.filter(setl_id=theirs.mirror_of).first() if theirs.mirror_of else None
    if row is None and original is not None:
        row = rows.filter(takes_back=original, state=Booking.READY).first()
    if row is None:
        row = Booking(fixmedins_code=institution, msgid=theirs.msgid, infno="", psn_no=theirs.psn_no, mdtrt_id=theirs.mdtrt_id,
                      takes_back=original, visit=Visit.objects.filter(fixmedins_code=institution, mdtrt_id=theirs.mdtrt_id).first(),
                      made_at=at, by=by)  # fmt: skip
        sort = str(Encounter.objects.get(pk=theirs.mdtrt_id).sort)
        row.infno = {"O": "2208", "I": "2305"}.get(sort, "2103") if theirs.mirror_of else {"O": "2207", "I": "2304"}.get(sort, "2102")
    if row.state == Booking.BOOKED:
        row.total, row.fund, row.account = fen(setl["medfee_sumamt"]), fen(setl["fund_pay_sumamt"]), fen(setl["acct_pay"])
        row.cash, row.fetched = fen(setl.get("psn_cash_pay")), True
        row.save()
    else:
        row.msgid = theirs.msgid
        filled(row, setl, True)
        if theirs.mirror_of is None or original is not None:
            after(row, at)
    acted(officer=by, what="window.fetch", object=f"settlement/{theirs.setl_id}", at=at, detail={"msgid": theirs.msgid})
    return row


def reverse_settlement(*, hospital: Institution, setl_id: int, at: datetime, by: str) -> Booking:
    """Take back a settlement that stands here and not in the hospital's book: fetched first, so that the book has both. Raises Refused."""
    first = fetch_settlement(hospital=hospital, setl_id=setl_id, at=at, by=by)
    undoing = Booking.objects.filter(takes_back=first, state__in=(Booking.READY, Booking.SENT)).first()
    if undoing is None:
        return first
    return settle(hospital=hospital, number=undoing.pk, at=at, by=by)
