"""Invented persons for tests of the enrolment and entitlement desks; their numbers are of area 99, which was never given out."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from openyibao.bureau.enrolment import actions, spans
from openyibao.bureau.enrolment.actions import Entry
from openyibao.bureau.enrolment.cipher import Cipher
from openyibao.bureau.enrolment.models import Person, Relation
from openyibao.bureau.policydesk.queries import Shelf, open_shelf
from openyibao.bureau.providers.models import Agreement, Institution
from openyibao.kernel.identity import check_sign
from openyibao.policybook.book import Book, policies_root

AT = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)
TODAY = date(2025, 6, 2)
WUHAN, JISHOU, ANKANG = "420100", "433101", "610900"
OFFICER = "zhang"
CIPHER = Cipher(bytes.fromhex("11" * 32), bytes.fromhex("22" * 32))
HOSPITAL, OTHER_HOSPITAL = "H42010099001", "H61090099001"


@cache
def shelf() -> Shelf:
    return open_shelf(policies_root(), ["wuhan", "jishou", "ankang"])


def book(admdvs: str = WUHAN) -> Book:
    found = shelf().of_area(admdvs)
    assert found is not None
    return found


def certno(serial: int, born: date = date(1980, 5, 20), *, male: bool = True) -> str:
    order = serial * 2 - 1 if male else serial * 2
    first = f"990101{born:%Y%m%d}{order:03d}"
    return first + check_sign(first)


def entry(serial: int = 1, **changes: object) -> Entry:
    born = changes.get("brdy", date(1980, 5, 20))
    gend = changes.get("gend", "1")
    assert isinstance(born, date)
    values: dict[str, Any] = {
        "psn_cert_type": "01", "certno": certno(serial, born, male=gend == "1"), "name": f"测试{serial}", "gend": gend, "brdy": born,
        "admdvs": WUHAN, "register_admdvs": "510100", **changes,
    }
    return Entry(**values)


def person(serial: int = 1, **changes: object) -> Person:
    return actions.register(entry(serial, **changes), cipher=CIPHER, at=AT, day=TODAY, officer=OFFICER, training=True)


def joining(psn_no: str, insutype: str, day: date, **changes: object) -> spans.Joining:
    values: dict[str, Any] = {"psn_type": "1101" if insutype == "310" else "151", "admdvs": WUHAN, **changes}
    if insutype == "310":
        values.setdefault("emp_no", "E1")
    return spans.Joining(psn_no, insutype, day, **values)


def join(psn_no: str, insutype: str, day: date, **changes: object) -> Relation:
    return spans.join(joining(psn_no, insutype, day, **changes), book=book(), at=AT, officer=OFFICER)


def standing(psn_no: str, insutype: str = "310", **changes: object) -> Relation:
    """A relation as it is loaded, without any law."""
    values = {
        "psn_no": psn_no, "insutype": insutype, "admdvs": WUHAN, "psn_type": "1101" if insutype == "310" else "151",
        "starts": date(2020, 1, 1), "benefit_from": date(2020, 1, 1), "emp_no": "E1" if insutype == "310" else "", **changes,
    }
    return Relation.objects.create(**values)


def hospital(code: str = HOSPITAL, admdvs: str = WUHAN, *, kind: str = "1", agreed: bool = True) -> Institution:
    row = Institution.objects.create(fixmedins_code=code, name=f"医院{code[-3:]}", kind=kind, hosp_lv="04", admdvs=admdvs)
    if agreed:
        Agreement.objects.create(institution=row, number="A1", starts=date(2020, 1, 1))
    return row


