"""What the enrolment desk writes of a person's identity 参保登记: registration with its checks, corrections, merging, vouchers, cards.

Spans of insurance are in `spans`, contributions in `dues`, accounts in `accounts`. Data are checked where they are entered (A08): an
impossible number never becomes a row. Local household registration is noted and never asked for (A03).
"""

from datetime import date, datetime
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction

from openyibao.bureau.enrolment.cipher import Cipher, compared
from openyibao.bureau.enrolment.models import Account, Card, Employer, Person, Voucher
from openyibao.bureau.enrolment.queries import ID_CARD, person_of, token_hash, unknown
from openyibao.bureau.enrolment.terms import number_of
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.actions import acted
from openyibao.kernel.identity import person_doubt, unit_doubt, upgraded

ONE_CERTIFICATE = "enrolment_person_cert"


class Entry(NamedTuple):
    """A person as entered 人员信息采集."""

    psn_cert_type: str
    certno: str
    name: str
    gend: str  # 1 male 2 female
    brdy: date
    admdvs: str
    register_admdvs: str = ""
    naty: str = ""
    household: str = ""
    psn_no: str = ""  # empty: a new number is given


def checked(entry: Entry, day: date, *, training: bool = False) -> Entry:
    """The entry as it is kept, its identity number upgraded to 18 signs. Raises Refused with the code of the doubt (ID-01 …), PERSON-05.

    training  numbers of area 99, which were never given out, are taken
    """
    certno, name = compared(entry.certno), " ".join(entry.name.split())
    if not name or not certno or entry.brdy > day or entry.gend not in ("1", "2", "9"):
        raise Refused("PERSON-05", "姓名、证件号码、性别、出生日期须填全，出生日期不得晚于当日。",
                      "Name, number, sex and a past birth date are needed.", place="psn_name", next_zh="请对照证件补全。",
                      next_en="Complete them from the certificate.")
    if entry.psn_cert_type == ID_CARD:
        certno = upgraded(certno)
        sex = int(entry.gend) if entry.gend in ("1", "2") else 0
        doubt = person_doubt(certno, number_of(day), sex, number_of(entry.brdy), training)
        if doubt is not None:
            raise Refused(doubt.code, doubt.zh, doubt.en, place="certno",
                          next_zh="请对照证件逐位核对。", next_en="Compare it with the card.")
    return entry._replace(certno=certno, name=name)


@transaction.atomic
def register(entry: Entry, *, cipher: Cipher, at: datetime, day: date, officer: str, training: bool = False) -> Person:
    """Register a person 全民参保登记 (A01). Raises what `checked` raises; PERSON-06 naming the number that has the certificate already."""
    entry = checked(entry, day, training=training)
    index = cipher.index(entry.certno)
    fields = {name: getattr(entry, name) for name in ("psn_cert_type", "name", "gend", "naty", "brdy", "admdvs", "register_admdvs",
                                                     "household")}
    try:
        with transaction.atomic():
            person = Person.objects.create(
                psn_no=entry.psn_no or new_number(entry.admdvs), certno_cipher=cipher.seal(entry.certno), certno_index=index, **fields
            )
    except IntegrityError as refused:
        if ONE_CERTIFICATE not in str(refused):
            raise
        holder = Person.objects.get(psn_cert_type=entry.psn_cert_type, certno_index=index, merged_into="")
        raise taken(holder, entry.name) from refused
    Account.objects.get_or_create(psn_no=person.psn_no)
    acted(officer=officer, what="enrolment.register", object=f"person/{person.psn_no}", at=at, detail={"admdvs": entry.admdvs})
    return person


def taken(holder: Person, name: str) -> Refused:
    """A certificate that is registered: the same person, or two names for one number."""
    if holder.name == name:
        return Refused("PERSON-06", f"该证件已登记，人员编号 {holder.psn_no}。", f"This certificate is person {holder.psn_no}.",
                       place="certno",
                       next_zh="无需重复登记，请用原编号。", next_en="Use that number.")
    return Refused("PERSON-07", f"该证件已登记为另一姓名，人员编号 {holder.psn_no}。",
                   f"Person {holder.psn_no} has it under another name.", place="psn_name",
                   next_zh="请核对证件；确为同一人的先更正姓名。", next_en="Compare the card; correct the name first.")


def new_number(admdvs: str) -> str:
    """A person number 人员编号 of 26 digits, never given before: the division of registration and a serial. It means nothing further."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('document_number')")
        return f"{admdvs}{cursor.fetchone()[0]:020d}"


@transaction.atomic
def correct_identity(
    *, psn_no: str, entry: Entry, cipher: Cipher, at: datetime, day: date, officer: str, why: str, training: bool = False
) -> Person:
    """Correct name, number, sex or birth of a person 信息更正. Raises what `checked` raises; PERSON-01, -06, -07."""
    entry = checked(entry, day, training=training)
    person = Person.objects.select_for_update().filter(psn_no=psn_no, merged_into="").first()
    if person is None:
        raise unknown()
    index = cipher.index(entry.certno)
    holder = Person.objects.filter(psn_cert_type=entry.psn_cert_type, certno_index=index, merged_into="").exclude(psn_no=psn_no).first()
    if holder is not None:
        raise taken(holder, entry.name)
    changed = [name for name in ("psn_cert_type", "name", "gend", "brdy") if getattr(person, name) != getattr(entry, name)]
    if bytes(person.certno_index) != index:
        changed.append("certno")
    person.psn_cert_type, person.name, person.gend, person.brdy = entry.psn_cert_type, entry.name, entry.gend, entry.brdy
    person.certno_cipher, person.certno_index = cipher.seal(entry.certno), index
    person.save(update_fields=["psn_cert_type", "name", "gend", "brdy", "certno_cipher", "certno_index"])
    acted(officer=officer, what="enrolment.correct-identity", object=f"person/{psn_no}", at=at,
          detail={"changed": changed, "why": why[:200]})
    return person


@transaction.atomic
def merge(*, psn_no: str, into: str, at: datetime, officer: str) -> None:
    """Two numbers are one person 合并: the first leads to the second from now on, and keeps its rows.

    Raises Refused PERSON-01, PERSON-08.
    """
    rows = {row.psn_no: row for row in Person.objects.select_for_update().filter(psn_no__in=(psn_no, into)).order_by("psn_no")}
    if len(rows) != 2 or rows[into].merged_into or rows[psn_no].merged_into:
        raise unknown()
    if Account.objects.filter(psn_no=psn_no, balance__gt=0).exists() or rows[psn_no].brdy != rows[into].brdy:
        raise Refused("PERSON-08", "出生日期不同，或被并编号仍有账户余额，不能合并。",
                      "Birth dates differ, or money is left in the account.", place="psn_no", next_zh="请先更正信息、划转余额。",
                      next_en="Correct the data and move the balance first.")
    rows[psn_no].merged_into = into
    rows[psn_no].save(update_fields=["merged_into"])
    acted(officer=officer, what="enrolment.merge", object=f"person/{psn_no}", at=at, detail={"into": into})


def register_employer(*, emp_no: str, uscc: str, name: str, admdvs: str, at: datetime, officer: str) -> Employer:
    """Register an employer 单位登记, its credit code checked. Raises Refused with the code of the doubt, EMPLOYER-01."""
    doubt = unit_doubt(uscc) if uscc else None
    if doubt is not None:
        raise Refused(doubt.code, doubt.zh, doubt.en, place="uscc", next_zh="请对照营业执照核对。",
                      next_en="Compare it with the licence.")
    employer, made = Employer.objects.get_or_create(emp_no=emp_no, defaults={"uscc": uscc, "name": name, "admdvs": admdvs})
    if not made:
        raise Refused("EMPLOYER-01", f"单位编号已登记：{employer.name}。", f"This number is registered: {employer.name}.", place="emp_no",
                      next_zh="请用原单位编号。", next_en="Use it.")
    acted(officer=officer, what="enrolment.register-employer", object=f"employer/{emp_no}", at=at)
    return employer


# ---- credentials ----


def issue_voucher(*, token: str, psn_no: str, expires_at: datetime) -> None:
    """Keep what the e-credential centre says of a token 医保电子凭证: whose it is and until when. Only its hash is kept."""
    Voucher.objects.create(token_hash=token_hash(token), psn_no=person_of(psn_no).psn_no, expires_at=expires_at)


@transaction.atomic
def present_voucher(*, token: str, institution: str, at: datetime) -> Person:
    """Read an electronic voucher at a window 亮码 (J17): the first institution to read it keeps it until it expires.

    Raises Refused VOUCHER-01 (unknown), VOUCHER-02 (expired), VOUCHER-03 (shown at another institution).
    """
    voucher = Voucher.objects.select_for_update().filter(token_hash=token_hash(token)).first()
    if voucher is None:
        raise not_taken("VOUCHER-01", "医保电子凭证令牌无效。", "The voucher is not valid.")
    if voucher.expires_at <= at:
        raise not_taken("VOUCHER-02", "医保电子凭证已过期。", "The voucher has expired.")
    if voucher.fixmedins_code not in ("", institution):
        raise not_taken("VOUCHER-03", "该医保电子凭证已在其他机构使用。", "The voucher was used at another institution.")
    if not voucher.fixmedins_code:
        voucher.fixmedins_code, voucher.used_at = institution, at
        voucher.save(update_fields=["fixmedins_code", "used_at"])
    return person_of(voucher.psn_no)


def not_taken(code: str, zh: str, en: str) -> Refused:
    """A voucher that is not taken, with what to do."""
    return Refused(code, zh, en, place="mdtrt_cert_no", next_zh="请参保人刷新医保码后重新出示。",
                   next_en="Have the person refresh the code and show it again.")


def register_card(*, card_no: str, psn_no: str, cipher: Cipher) -> None:
    """Keep a social security card 社会保障卡 by its blind index."""
    Card.objects.get_or_create(card_index=cipher.index(card_no), defaults={"psn_no": person_of(psn_no).psn_no})


def report_lost(*, card_no: str, day: date, cipher: Cipher, at: datetime, officer: str) -> bool:
    """Report a card lost 挂失; False when there is no such card."""
    card = Card.objects.filter(card_index=cipher.index(card_no)).first()
    if card is None:
        return False
    card.lost_on = day
    card.save(update_fields=["lost_on"])
    acted(officer=officer, what="enrolment.report-lost", object=f"person/{card.psn_no}", at=at)
    return True


