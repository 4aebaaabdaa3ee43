"""What the window reads 窗口查询: its visits and bookings, the institution's departments, doctors and goods, limits left, demo people."""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet

from openyibao.bureau.codes.models import Code, Item, Mapping
from openyibao.bureau.codes.queries import DIAGNOSES, on_day
from openyibao.bureau.enrolment import queries as enrolment
from openyibao.bureau.enrolment.accounts import balance_of
from openyibao.bureau.enrolment.cipher import Cipher
from openyibao.bureau.enrolment.cover import Cover
from openyibao.bureau.enrolment.models import Person
from openyibao.bureau.entitlement.queries import aid_class, filings_of, identities_of
from openyibao.bureau.policydesk.shelf import shelf
from openyibao.bureau.providers.models import Department, Institution, Practitioner
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.models import Year as YearRow
from openyibao.bureau.settlement.packing import unpack
from openyibao.bureau.staff.rights import Rights
from openyibao.bureau.statement.yearly import Limit, class_on, limits_on
from openyibao.gateway.window import words
from openyibao.gateway.window.models import Booking, Line, Visit
from openyibao.kernel.year import Year, opened
from openyibao.outside.hospital import envelope as wire
from openyibao.policybook.national import SCHEMES

FOUND = 20
"""Rows of a search."""

DOCTOR = "1"
MICRO = Decimal(1_000_000)
SHOWN = ("outpatient", "pool", "catastrophic", "large", "aid")
"""Limits that are shown untouched too; others once something of them is used."""


class Good(NamedTuple):
    """Something the hospital can charge 收费项目: its own code and the national one; `gone` = the national code has ended."""

    own_code: str
    code: str
    name: str
    spec: str
    price: Decimal
    gone: bool = False
    replaced_by: str = ""

    @property
    def label(self) -> str:
        """How it stands in the field: a code that finds it again, and its name."""
        return " ".join(filter(None, (self.own_code or self.code, self.name, self.spec)))


class Disease(NamedTuple):
    """A filed disease 备案病种 and the kind of care that goes by it."""

    care: str
    code: str
    zh: str
    en: str


class Standing(NamedTuple):
    """Where a person stands today 参保待遇: cover, class, aid, account, limits left."""

    cover: Cover
    scheme: Any
    person_class: Any
    aid: Any
    balance: int
    limits: tuple[Limit, ...]


def hospital_of(rights: Rights, name: str) -> wire.Institution:
    """The institution of the reader's post as it speaks at the door; no form says another. Raises Refused WINDOW-04."""
    row = Institution.objects.filter(fixmedins_code=rights.institution).first() if rights.institution else None
    if row is None:
        raise Refused(
            "WINDOW-04", "您的岗位没有对应的定点医药机构。", "Your post belongs to no designated institution.",
            next_zh="请由系统管理岗为岗位填写机构编号。", next_en="Have the administrator name the post's institution.",
        )  # fmt: skip
    return wire.Institution(row.fixmedins_code, row.name, row.admdvs, rights.login[:30], name[:50])


def visits_of(institution: str) -> QuerySet[Visit]:
    """The institution's visits."""
    return Visit.objects.filter(fixmedins_code=institution)


def visit_of(institution: str, number: int) -> Visit:
    """One visit of the institution. Raises Refused WINDOW-03 for another's."""
    found = visits_of(institution).filter(pk=number).first()
    if found is None:
        raise no_visit()
    return found


def no_visit() -> Refused:
    """There is none of that number here."""
    return Refused("WINDOW-03", "本机构窗口没有这次就诊。", "This institution's window has no such visit.",
                   next_zh="请在最近就诊中查找。", next_en="Look it up among the recent visits.")


def lines_of(visit: Visit) -> list[Line]:
    """The lines that stand and those that were refused, in order."""
    return list(Line.objects.filter(visit=visit).exclude(state=Line.REMOVED).order_by("serial"))


def bookings_of(visit: Visit) -> list[Booking]:
    """Settlements and reversals of a visit in order, forms that were dropped left out."""
    return list(Booking.objects.filter(visit=visit).exclude(state=Booking.DROPPED).order_by("pk"))


def next_serial(visit: Visit) -> int:
    """The serial of the next line."""
    last = Line.objects.filter(visit=visit).order_by("-serial").values_list("serial", flat=True).first()
    return (last or 0) + 1


def certno_of(cipher: Cipher, psn_no: str) -> str:
    """The identity number that messages repeat."""
    return str(cipher.open(enrolment.person_of(psn_no).certno_cipher))


def person_by_number(psn_no: str) -> Person:
    """A person by number. Raises Refused PERSON-01."""
    return enrolment.person_of(psn_no)


def departments(institution: str, day: date) -> list[Department]:
    """Departments on a day, in order of code."""
    rows = Department.objects.filter(Q(ends__isnull=True) | Q(ends__gt=day), fixmedins_code=institution, withdrawn=False, starts__lte=day)
    return list(rows.order_by("hosp_dept_codg"))


def doctors(institution: str, day: date) -> list[Practitioner]:
    """Doctors on a day, in order of department and code."""
    rows = Practitioner.objects.filter(Q(ends__isnull=True) | Q(ends__gt=day), fixmedins_code=institution, kind=DOCTOR, starts__lte=day)
    return list(rows.order_by("hosp_dept_codg", "code"))


# ---- where a person stands ----


def standing_of(psn_no: str, day: date) -> list[Standing]:
    """A person's standing under each basic scheme, the one in force first."""
    person = enrolment.person_of(psn_no)
    aid, balance = words.AIDS.get(aid_class(identities_of(psn_no, day)), ""), balance_of(psn_no)
    found = []
    for place, cover in enumerate(enrolment.covers_on(person, day)):
        limits = limits_of(psn_no, cover, day) if cover.covered else ()
        named = words.scheme(cover.insutype), words.person_class(cover.psn_type)
        found.append(Standing(cover, *named, aid, 0 if place else balance, limits))
    return found


def limits_of(psn_no: str, cover: Cover, day: date) -> tuple[Limit, ...]:
    """What is left this year of the limits that concern the person's class."""
    book = shelf().of_area(cover.admdvs)
    if book is None or cover.insutype not in SCHEMES:
        return ()
    row = YearRow.objects.filter(psn_no=psn_no, insutype=cover.insutype, year=day.year).first()
    year = opened(unpack(Year, row.figures), day.year) if row is not None else Year(year=day.year)
    found = limits_on(year, class_on(psn_no, day, cover.insutype), book, int(f"{day:%Y%m%d}"))
    return tuple(one for one in found if one.code in SHOWN or one.used)


def diseases_of(visit: Visit, day: date) -> list[Disease]:
    """The diseases that were filed for the person, those in force on a day."""
    book = shelf().of_area(visit.home)
    names = {code: (zh, en) for code, zh, en in book.disease_names()} if book is not None else {}
    found = []
    for care, kind in words.WITH_FILING.items():
        for filing in filings_of(visit.psn_no, kind=kind, day=day):
            zh, en = names.get(filing.code) or words.DISEASES.get(filing.code, (filing.code, filing.code))
            found.append(Disease(care, filing.code, zh, en))
    return found


# ---- goods and diagnoses ----


def goods(institution: str, text: str, day: date, most: int = FOUND) -> list[Good]:
    """Goods by the hospital's own code, national code or name: its own first, then the national catalogue, ended codes too."""
    text = text.strip()
    own = Mapping.objects.filter(on_day(day), fixmedins_code=institution, withdrawn=False)
    if text:
        own = own.filter(Q(own_code__istartswith=text) | Q(own_name__icontains=text) | Q(hilist_code__istartswith=text))
    rows = list(own.order_by("own_code")[:most])
    items = newest(row.hilist_code for row in rows)
    found = [own_good(row, items.get(row.hilist_code), day) for row in rows]
    if text and len(found) < most:
        national = Item.objects.filter(Q(hilist_code__istartswith=text) | Q(name__icontains=text)).order_by("hilist_code", "-starts")
        known = {one.code for one in found}
        for item in national[:most]:
            if item.hilist_code not in known and len(found) < most:
                known.add(item.hilist_code)
                found.append(good(item, day, "", item.hilist_code, item.name, item.spec))
    return found


def newest(numbers: Any) -> dict[str, Item]:
    """The latest row of each of these codes."""
    return {row.hilist_code: row for row in Item.objects.filter(hilist_code__in=list(numbers)).order_by("starts")}


def own_good(row: Mapping, item: Item | None, day: date) -> Good:
    """One of the hospital's own goods, as it is mapped."""
    return good(item, day, row.own_code, row.hilist_code, row.own_name, str(row.detail.get("spec") or ""))


def good(item: Item | None, day: date, own_code: str, code: str, name: str, spec: str) -> Good:
    """One of the hospital's goods with its reference price and whether its national code still stands."""
    price = Decimal(int(item.detail.get("ref_pric") or 0)) / MICRO if item is not None else Decimal(0)
    gone = item is not None and item.ends is not None and item.ends <= day
    return Good(own_code, code, name, spec, price, gone, item.replaced_by if item is not None and gone else "")


def good_of(institution: str, text: str, day: date) -> Good | list[Good]:
    """The one good that a text names: its code (the first word) exactly, else the only one found; else all that fit."""
    first = text.strip().split(" ")[0]
    mapped = Mapping.objects.filter(on_day(day), fixmedins_code=institution, own_code=first, withdrawn=False).first()
    if mapped is not None:
        item = newest([mapped.hilist_code]).get(mapped.hilist_code)
        return own_good(mapped, item, day)
    item = newest([first]).get(first)
    if item is not None:
        own = Mapping.objects.filter(on_day(day), fixmedins_code=institution, hilist_code=first, withdrawn=False).first()
        return good(item, day, own.own_code if own else first, first, item.name, item.spec)
    found = goods(institution, text, day)
    return found[0] if len(found) == 1 else found


def diagnoses(text: str, day: date, most: int = FOUND) -> list[tuple[str, str]]:
    """Diagnoses by code or name, those in force on a day."""
    rows = Code.objects.filter(on_day(day), code_set_id=DIAGNOSES)
    text = text.strip()
    if text:
        rows = rows.filter(Q(code__istartswith=text) | Q(name__icontains=text))
    return list(rows.order_by("code").values_list("code", "name")[:most])


def diagnosis_of(text: str, day: date) -> tuple[str, str] | None:
    """The diagnosis that a text names: its code (the first word) as it stands, else the only one found; a code that nobody knows is sent
    as it is, for the door to refuse with its reason. None = several fit, or nothing was written."""
    first = text.strip().split(" ")[0]
    row = Code.objects.filter(code_set_id=DIAGNOSES, code=first).order_by("-starts").values_list("code", "name").first()
    if row is not None:
        return str(row[0]), str(row[1])
    found = diagnoses(text, day)
    return found[0] if len(found) == 1 else None


# ---- demo people ----


@lru_cache(maxsize=1)
def demo_file() -> tuple[dict[str, str], ...]:
    """The invented people with something to try, of the example files; none where the files are not there."""
    here = Path(__file__).resolve()
    places = (here.parents[4] / "examples" / "sandbox" / "people.csv", here.parents[2] / "_examples" / "sandbox" / "people.csv")
    for place in places:
        if place.is_file():
            with place.open(encoding="utf-8-sig", newline="") as file:
                return tuple(row for row in csv.DictReader(file) if row["memo"])
    return ()


def demo_people(city: str) -> list[dict[str, str]]:
    """The demo's people of a city, in demo mode only: number, certificate, name, what there is to try."""
    if not settings.DEMO:
        return []
    return [row for row in demo_file() if row["psn_no"][:4] == city[:4] or row["memo"].startswith("offsite")]


def unknown_of(institution: str) -> Sequence[Booking]:
    """Bookings that were sent and whose outcome nobody here knows 结果未知."""
    return list(Booking.objects.filter(fixmedins_code=institution, state=Booking.SENT).select_related("visit").order_by("sent_at")[:50])

