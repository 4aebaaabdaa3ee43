"""What the enrolment desk knows 参保查询: who somebody is by number, card, voucher or name, and the person's whole record.

Reading a person's data is logged by who asks (`staff.actions.looked`); `record_of` does it itself, so that it cannot be forgotten.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from openyibao.bureau.enrolment.accounts import Family, balance_of, family_of
from openyibao.bureau.enrolment.cipher import Cipher
from openyibao.bureau.enrolment.cover import Cover, cover_of, cover_on
from openyibao.bureau.enrolment.models import BASIC, AccountMove, Card, Due, Employer, Person, Relation, Share
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.actions import looked

__all__ = [
    "Cover", "Record", "by_card", "by_certificate", "by_name", "cover_on", "covers_on", "employer_name", "gaps_of", "held",
    "known_numbers", "person_of", "record_of", "relations_of", "surviving", "token_hash",
]

ID_CARD = "01"
HOPS = 8
"""A number merged more often than this points in a ring."""


class Gap(NamedTuple):
    """Days without basic cover 断保 between two relations, half-open."""

    starts: date
    ends: date


class Record(NamedTuple):
    """Everything the enrolment desk has on a person 一人一档 (A01)."""

    person: Person
    certno: str
    relations: list[Relation]
    covers: list[Cover]  # on the day asked, one per scheme
    gaps: list[Gap]
    dues: list[Due]
    balance: int  # 个人账户余额, fen
    moves: list[AccountMove]  # newest first
    family: list[Family]  # accounts the person may use
    shares: list[Share]  # who may use the person's
    cards: int
    numbers_before: list[str]  # numbers that were merged into this one


def unknown(place: str = "psn_no") -> Refused:
    """Nobody by that number."""
    return Refused(
        "PERSON-01", "没有查到参保登记。", "No registration is found.", place=place,
        next_zh="请核对证件号码；未参保的先到经办窗口登记。", next_en="Check the number; who is not registered goes to the bureau first.",
    )


def surviving(person: Person) -> Person:
    """The person that a merged number stands for now 合并后的人员. Raises Refused PERSON-01 for a ring or a number that leads nowhere."""
    for _ in range(HOPS):
        if not person.merged_into:
            return person
        found = Person.objects.filter(psn_no=person.merged_into).first()
        if found is None:
            break
        person = found
    raise unknown()


def person_of(psn_no: str) -> Person:
    """A person by number, merged numbers followed. Raises Refused PERSON-01."""
    person = Person.objects.filter(psn_no=psn_no).first()
    if person is None:
        raise unknown()
    return surviving(person)


def held(psn_no: str) -> str:
    """The person's number, merged numbers followed, its row held to the end of the transaction. Raises Refused PERSON-01."""
    number = person_of(psn_no).psn_no
    return str(Person.objects.select_for_update().get(psn_no=number).psn_no)


def known_numbers(numbers: Iterable[str]) -> set[str]:
    """Which of these person numbers are registered."""
    return set(Person.objects.filter(psn_no__in=list(numbers)).values_list("psn_no", flat=True))


def by_certificate(cipher: Cipher, certno: str, cert_type: str = "") -> Person:
    """A person by identity number 证件号码, through the blind index. Raises Refused PERSON-01, PERSON-02 when several kinds have it."""
    found = list(Person.objects.filter(certno_index=cipher.index(certno)))
    of_kind = [row for row in found if row.psn_cert_type == cert_type]
    living = {person.psn_no: person for person in map(surviving, of_kind or found)}
    if not living:
        raise unknown("certno")
    if len(living) > 1:
        raise Refused("PERSON-02", "该号码对应多个人员，须填证件类型。", "Several persons have this number.", place="psn_cert_type",
                      next_zh="请选择人员证件类型后再查。", next_en="Name the kind of certificate.")
    return next(iter(living.values()))


def by_card(cipher: Cipher, card_no: str, day: date) -> Person:
    """A person by social security card 社会保障卡. Raises Refused PERSON-03 (no such card), PERSON-04 (reported lost)."""
    card = Card.objects.filter(card_index=cipher.index(card_no)).first()
    if card is None:
        raise Refused("PERSON-03", "没有这张社会保障卡。", "There is no such card.", place="mdtrt_cert_no",
                      next_zh="请改用身份证或医保电子凭证。", next_en="Use the identity card or the electronic voucher.")
    if card.lost_on is not None and card.lost_on <= day:
        raise Refused("PERSON-04", "该社会保障卡已挂失。", "This card is reported lost.", place="mdtrt_cert_no", since=card.lost_on,
                      next_zh="请改用身份证或医保电子凭证，并留意冒用。", next_en="Use another credential, and beware of misuse.")
    return person_of(card.psn_no)


def token_hash(token: str) -> bytes:
    """How a voucher's token is kept: SHA-256."""
    return sha256(token.encode()).digest()


def by_name(name: str, born: date) -> list[Person]:
    """Persons of a name and birth date, merged ones left out, by number."""
    return list(Person.objects.filter(name=name.strip(), brdy=born, merged_into="").order_by("psn_no"))


def employer_name(emp_no: str) -> str:
    """An employer's name; empty for none."""
    return str(Employer.objects.filter(emp_no=emp_no).values_list("name", flat=True).first() or "") if emp_no else ""


def relations_of(psn_no: str) -> list[Relation]:
    """All relations of a person but void ones, oldest first."""
    return list(Relation.objects.filter(psn_no=psn_no).exclude(state="3").order_by("starts", "pk"))


def covers_on(person: Person, day: date) -> list[Cover]:
    """A person's cover on a day, one row per scheme ever joined, standing ones first."""
    relations = relations_of(person.psn_no)
    schemes = list(dict.fromkeys(row.insutype for row in relations))
    covers = [cover_of(person.psn_no, relations, person.died_on, day, scheme) for scheme in schemes if scheme in BASIC]
    return sorted(covers, key=lambda cover: (cover.state != "1", -(cover.starts or date.min).toordinal()))


def gaps_of(relations: list[Relation]) -> list[Gap]:
    """Days between two basic relations 断保区间."""
    gaps, upto = [], None
    for row in sorted((row for row in relations if row.insutype in BASIC), key=lambda row: row.starts):
        if upto is not None and row.starts > upto:
            gaps.append(Gap(upto, row.starts))
        ends = row.ends or date.max
        upto = ends if upto is None else max(upto, ends)
    return gaps


def record_of(psn_no: str, *, cipher: Cipher, officer: str, purpose: str, at: datetime, day: date, months: int = 36) -> Record:
    """A person's whole enrolment record 一人一档, and the look is logged. `months` of dues and moves back.

    Raises Refused PERSON-01, STAFF-01 without a purpose.
    """
    person = person_of(psn_no)
    looked(officer=officer, psn_no=person.psn_no, purpose=purpose, what="record", at=at)
    relations = relations_of(person.psn_no)
    since = day - timedelta(days=31 * months)
    return Record(
        person, cipher.open(person.certno_cipher), relations, covers_on(person, day), gaps_of(relations),
        list(Due.objects.filter(psn_no=person.psn_no, due_on__gte=since).order_by("-month", "bill_no")), balance_of(person.psn_no),
        list(AccountMove.objects.filter(psn_no=person.psn_no, at__date__gte=since).order_by("-id")), family_of(person.psn_no, day),
        list(Share.objects.filter(owner=person.psn_no).order_by("place")), Card.objects.filter(psn_no=person.psn_no).count(),
        list(Person.objects.filter(merged_into=person.psn_no).values_list("psn_no", flat=True)),
    )
