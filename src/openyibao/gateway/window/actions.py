"""What the window does before money moves 窗口办理: a credential shown, a visit registered, lines charged and taken off, discharge.

Every one sends its message to the door and keeps what came back. The visit's row is held meanwhile, so that two presses of one button are
one after the other, and the second finds what the first did. Messages that move money are in `paying.py`.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction

from openyibao.bureau.enrolment.actions import issue_voucher
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.actions import acted
from openyibao.gateway import inside
from openyibao.gateway.inside import Answer
from openyibao.gateway.window import messages, queries
from openyibao.gateway.window.messages import IDENTITY_CARD, VOUCHER
from openyibao.gateway.window.models import Booking, Line, Visit
from openyibao.gateway.window.queries import Good
from openyibao.gateway.window.words import is_stay
from openyibao.outside.hospital.envelope import Institution, many, one

SERIALS = 100_000
DEMO_MINUTES = 30
CERTIFICATE, PERSON_NUMBER = re.compile(r"\d{17}[\dXx]|[A-Z]\d{10}"), re.compile(r"\d{20,30}")


def new_message_id(institution: str, at: datetime) -> str:
    """A message id 报文编号 of 30 characters, used by nobody: the W keeps it apart from those of the institution's other programs."""
    return f"{institution}{at:%y%m%d%H%M%S}W{next_number() % SERIALS:05d}"


def next_number() -> int:
    """The next number of the windows; given out once, also where what it was for came to nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('window_number')")
        (number,) = cursor.fetchone()
    return int(number)


def said(hospital: Institution, infno: str, given: Any, *, at: datetime, msgid: str = "", home: str = "") -> Answer:
    """Send one message. Raises Refused as the door refuses it."""
    answer = inside.ask(hospital, infno, given, msgid=msgid or new_message_id(hospital.code, at), home=home)
    if answer.refusal is not None:
        raise answer.refusal
    return answer


def held(institution: str, number: int, *states: int) -> Visit:
    """A visit of the institution, held to the end of the transaction. Raises Refused WINDOW-03, -05 beyond these states, -10."""
    visit = Visit.objects.select_for_update().filter(fixmedins_code=institution, pk=number).first()
    if visit is None:
        raise queries.no_visit()
    if Booking.objects.filter(visit=visit, state=Booking.SENT).exists():
        raise Refused(
            "WINDOW-10", "本次就诊有一笔收费的结果还不知道。", "What became of one charge of this visit is not known yet.",
            next_zh="请先在本页取回结果。", next_en="Fetch its result on this page first.",
        )  # fmt: skip
    if states and visit.state not in states:
        raise Refused(
            "WINDOW-05", "这次就诊的状态已经变了，本操作没有执行。", "The visit has moved on; this was not done.",
            next_zh="请看本页现在的状态再操作。", next_en="Look at the state this page shows now.",
        )  # fmt: skip
    return visit


def no_lines() -> Refused:
    """Nothing to settle."""
    return Refused("WINDOW-06", "没有可结算的费用明细。", "There are no charge lines to settle.", next_zh="请先录入费用明细。",
                   next_en="Enter charge lines first.")


# ---- the credential ----


def show(*, hospital: Institution, credential: str, kind: str, at: datetime, by: str) -> Visit:
    """A credential shown at the window 扫码读证: 1101. Raises Refused VOUCHER-…, PERSON-….

    kind  mdtrt_cert_type, `number` for a person number, empty to tell by its form
    """
    text = credential.strip()
    if not text:
        raise Refused("WINDOW-07", "没有读到凭证。", "No credential was read.", place="credential",
                      next_zh="请扫码，或输入身份证号、社保卡号、人员编号。", next_en="Scan it, or type the number.")
    cipher = inside.open_door().cipher
    if kind == "number" or (not kind and PERSON_NUMBER.fullmatch(text)):
        kind, text = IDENTITY_CARD, queries.certno_of(cipher, text)
    elif not kind:
        kind = IDENTITY_CARD if CERTIFICATE.fullmatch(text) else VOUCHER
    answer = said(hospital, "1101", messages.identify(kind, text.upper() if kind == IDENTITY_CARD else text, at), at=at)
    base, rows = one(answer.output, "baseinfo"), many(answer.output, "insuinfo")
    standing = next((row for row in rows if str(row.get("psn_insu_stas")) == "1"), rows[0] if rows else {})
    return Visit.objects.create(
        fixmedins_code=hospital.code, psn_no=str(base["psn_no"]), name=str(base["psn_name"]), cert_type=kind, credential=cipher.seal(text),
        insutype=str(standing.get("insutype") or ""), psn_type=str(standing.get("psn_type") or ""),
        home=str(standing.get("insuplc_admdvs") or hospital.area), number=f"W{at:%y%m%d}{next_number() % SERIALS:05d}",
        msgid=new_message_id(hospital.code, at), begins=at, at=at, by=by,
    )  # fmt: skip


@transaction.atomic
def demo_voucher(*, psn_no: str, at: datetime, by: str) -> str:
    """An electronic voucher 医保电子凭证 for one of the demo's people, as the person's telephone would show it; returns its token."""
    token = f"DEMO{secrets.token_hex(12).upper()}"
    issue_voucher(token=token, psn_no=psn_no, expires_at=at + timedelta(minutes=DEMO_MINUTES))
    acted(officer=by, what="window.demo-voucher", object=f"person/{psn_no}", at=at)
    return token


# ---- the visit ----


class Registration(NamedTuple):
    """What the registration form says 挂号单."""

    med_type: str
    insutype: str
    psn_type: str
    home: str
    disease: tuple[str, str]  # code, name of the filed disease; empty where the care goes by none
    dept: tuple[str, str, str]  # code, name, specialty
    doctor: tuple[str, str]  # code, name
    diagnoses: tuple[tuple[str, str], ...]  # code, name; the main one first
    begins: datetime


def register(*, hospital: Institution, number: int, form: Registration, at: datetime, by: str) -> Visit:
    """Register a visit 挂号 (2201 and 2203A) or a stay 入院 (2401). Pressed twice it registers once. Raises Refused."""
    visit, refusal = registered(hospital, number, form, at, by)
    if refusal is not None:
        raise refusal
    return visit


@transaction.atomic
def registered(hospital: Institution, number: int, form: Registration, at: datetime, by: str) -> tuple[Visit, Refused | None]:
    """The visit as it stands, and why it could not be registered; then the form is as it was, under a message id of its own."""
    visit = held(hospital.code, number)
    if visit.state != Visit.SHOWN:
        return visit, None
    cipher = inside.open_door().cipher
    visit.med_type, visit.sort = form.med_type, "I" if is_stay(form.med_type) else "O"
    visit.insutype, visit.psn_type, visit.home = form.insutype, form.psn_type, form.home
    visit.dise_codg, visit.dise_name = form.disease
    visit.dept, visit.dept_name, visit.specialty = form.dept
    visit.doctor, visit.doctor_name = form.doctor
    visit.diagnoses, visit.begins = [list(one_) for one_ in form.diagnoses], form.begins
    certno, credential = queries.certno_of(cipher, visit.psn_no), cipher.open(visit.credential)
    given = messages.with_credential(messages.registration(visit, hospital, certno), visit, credential)
    infno = "2401" if visit.sort == "I" else "2201"
    answer = inside.ask(hospital, infno, given, msgid=visit.msgid, home=visit.home)
    refusal = answer.refusal
    if refusal is None:
        visit.mdtrt_id = int(one(answer.output, "data", "result")["mdtrt_id"])
        if visit.sort == "O":
            care = messages.care(visit, hospital, certno)
            refusal = inside.ask(hospital, "2203A", care, msgid=new_message_id(hospital.code, at), home=visit.home).refusal
            if refusal is not None:
                said(hospital, "2202", messages.key(visit), at=at, home=visit.home)
    if refusal is not None:
        fresh = Visit.objects.get(pk=visit.pk)
        fresh.msgid = new_message_id(hospital.code, at)
        fresh.save(update_fields=["msgid"])
        return fresh, refusal
    visit.state = Visit.OPEN
    visit.save()
    acted(officer=by, what="window.register", object=f"visit/{visit.mdtrt_id}", at=at, detail={"infno": infno})
    return visit, None


@transaction.atomic
def cancel(*, hospital: Institution, number: int, at: datetime, by: str) -> Visit:
    """Cancel a registration 退号 (2202) or an admission 撤销入院 (2404); one that was never registered is only put away. Raises Refused."""
    visit = held(hospital.code, number, Visit.SHOWN, Visit.OPEN)
    if visit.state == Visit.OPEN:
        said(hospital, "2404" if visit.sort == "I" else "2202", messages.key(visit), at=at, home=visit.home)
    visit.state = Visit.CANCELLED
    visit.save(update_fields=["state"])
    forms_dropped(visit)
    acted(officer=by, what="window.cancel", object=f"visit/{visit.mdtrt_id or visit.pk}", at=at)
    return visit


@transaction.atomic
def discharge(*, hospital: Institution, number: int, at: datetime, by: str) -> Visit:
    """Discharge a stay 出院办理 (2402). Raises Refused."""
    visit = held(hospital.code, number, Visit.OPEN)
    certno = queries.certno_of(inside.open_door().cipher, visit.psn_no)
    said(hospital, "2402", messages.discharge(visit, hospital, certno, at), at=at, home=visit.home)
    visit.state, visit.ends = Visit.DISCHARGED, at
    visit.save(update_fields=["state", "ends"])
    acted(officer=by, what="window.discharge", object=f"visit/{visit.mdtrt_id}", at=at)
    return visit


@transaction.atomic
def back_in(*, hospital: Institution, number: int, at: datetime, by: str) -> Visit:
    """Take a discharge back 撤销出院 (2405). Raises Refused."""
    visit = held(hospital.code, number, Visit.DISCHARGED)
    said(hospital, "2405", messages.key(visit), at=at, home=visit.home)
    visit.state, visit.ends = Visit.OPEN, None
    visit.save(update_fields=["state", "ends"])
    forms_dropped(visit)
    acted(officer=by, what="window.back-in", object=f"visit/{visit.mdtrt_id}", at=at)
    return visit


def forms_dropped(visit: Visit) -> None:
    """Settlement forms that were never sent fall away: the bill they were made for is another now."""
    Booking.objects.filter(visit=visit, state=Booking.READY, takes_back=None).update(state=Booking.DROPPED)


# ---- the lines ----


@transaction.atomic
def charge(
    *, hospital: Institution, number: int, serial: int, good: Good, quantity: Decimal, price: Decimal, at: datetime, instead_of: int = 0,
) -> Line:  # fmt: skip
    """Charge one line 录入明细 (2204, 2301). A refused line is kept with its reason and stands in nobody's way. Pressed twice: one line.

    instead_of  serial of a refused line that this one replaces
    """
    visit = held(hospital.code, number, Visit.OPEN, Visit.DISCHARGED)
    there = Line.objects.filter(visit=visit, serial=serial).first()
    if there is not None:
        return there
    fee = (quantity * price * 100).quantize(Decimal(1), ROUND_HALF_UP)
    line = Line(visit=visit, serial=serial, feedetl_sn=f"{visit.pk}{serial:04d}", own_code=good.own_code or good.code, code=good.code,
                name=good.name, quantity=quantity, price=price, fee=int(fee), at=at)  # fmt: skip
    given = messages.charging(visit, [line], hospital, queries.certno_of(inside.open_door().cipher, visit.psn_no), at)
    answer = inside.ask(hospital, "2301" if visit.sort == "I" else "2204", given, msgid=new_message_id(hospital.code, at), home=visit.home)
    if answer.unsure and answer.refusal is not None:
        raise answer.refusal
    if answer.refusal is not None:
        line.state, line.refusal = Line.REFUSED, refusal_kept(answer.refusal, good)
    else:
        line.split = split_of(many(answer.output, "result")[0])
    line.save()
    if instead_of:
        Line.objects.filter(visit=visit, serial=instead_of, state=Line.REFUSED).update(state=Line.REMOVED)
    forms_dropped(visit)
    return line


def refusal_kept(refusal: Refused, good: Good) -> dict[str, Any]:
    """A refusal as a line keeps it, with the code that stands in the place of one that has ended."""
    return {
        "code": refusal.code, "zh": refusal.zh, "en": refusal.en, "since": str(refusal.since or ""), "next_zh": refusal.next_zh,
        "next_en": refusal.next_en, "clause": refusal.clause, "instead": good.replaced_by,
    }  # fmt: skip


def split_of(row: Mapping[str, Any]) -> dict[str, str]:
    """A line's split as the door answered it, amounts as text."""
    return {name: str(value) for name, value in row.items() if value is not None}


def resent(hospital: Institution, visit: Visit, lines: Sequence[Line], at: datetime) -> None:
    """The lines of an outpatient visit brought in line with the window's: all withdrawn (2205), these sent again (2204). Raises Refused."""
    said(hospital, "2205", messages.withdrawing_batch(visit), at=at, home=visit.home)
    if not lines:
        return
    certno = queries.certno_of(inside.open_door().cipher, visit.psn_no)
    answer = said(hospital, "2204", messages.charging(visit, lines, hospital, certno, at), at=at, home=visit.home)
    splits = {str(row["feedetl_sn"]): row for row in many(answer.output, "result")}
    for line in lines:
        line.split = split_of(splits[line.feedetl_sn])
        line.save(update_fields=["split"])


@transaction.atomic
def take_off(*, hospital: Institution, number: int, serial: int, at: datetime, by: str) -> None:
    """Take a line off 撤销明细 (2302; 2205 and 2204); a refused one is only put away. Raises Refused."""
    visit = held(hospital.code, number, Visit.OPEN, Visit.DISCHARGED)
    line = Line.objects.filter(visit=visit, serial=serial).exclude(state=Line.REMOVED).first()
    if line is None:
        return
    if line.state == Line.TAKEN:
        if visit.sort == "I":
            said(hospital, "2302", messages.withdrawing(visit, line), at=at, home=visit.home)
        else:
            resent(hospital, visit, [one_ for one_ in queries.lines_of(visit) if one_.state == Line.TAKEN and one_.pk != line.pk], at)
        acted(officer=by, what="window.take-off", object=f"visit/{visit.mdtrt_id}", at=at, detail={"serial": serial, "code": line.code})
    line.state = Line.REMOVED
    line.save(update_fields=["state"])
    forms_dropped(visit)

