"""At the desk 窗口: who is this, what are they entitled to, how far has their year gone."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from openyibao.outside.hospital.books import fen
from openyibao.outside.hospital.cast import Clinic, Item, Person
from openyibao.outside.hospital.client import Hospital
from openyibao.outside.hospital.envelope import many, one
from openyibao.outside.hospital.inputs import Charge, Patient, identify

NORMAL = "1"
"""Enrolment status: in force 正常参保."""


def known(hospital: Hospital, person: Person) -> Patient:
    """1101: the person, with the scheme in force; the first row when none is."""
    output = hospital.must("1101", identify(person, hospital.clock()), home=person.home).output
    rows = many(output, "insuinfo")
    row = next((row for row in rows if str(row.get("psn_insu_stas")) == NORMAL), rows[0] if rows else {})
    return Patient(
        person=person, psn_no=str(one(output, "baseinfo")["psn_no"]), insutype=str(row.get("insutype", "")),
        psn_type=str(row.get("psn_type", "")), home=str(row.get("insuplc_admdvs") or hospital.institution.area),
        balance=Decimal(str(row.get("balc") or 0)),
    )  # fmt: skip


def entitled(hospital: Hospital, patient: Patient, med_type: str) -> list[Any]:
    """2001: the rows of the benefit check, one per fund."""
    given = {"data": {"psn_no": patient.psn_no, "insutype": patient.insutype, "fixmedins_code": hospital.institution.code,
                      "med_type": med_type,
                      "begntime": f"{hospital.clock():%Y-%m-%d %H:%M:%S}", "dise_codg": patient.person.disease}}  # fmt: skip
    return many(hospital.must("2001", given, home=patient.home).output, "trtinfo")


def year_so_far(hospital: Hospital, patient: Patient) -> dict[tuple[str, str, str], int]:
    """5206: the person's accumulators 年度累计 as scheme, year and code -> fen; those that are 0 are left out."""
    rows = many(hospital.must("5206", {"data": {"psn_no": patient.psn_no, "cum_ym": ""}}, home=patient.home).output, "cuminfo")
    found = {(str(row.get("insutype")), str(row.get("year")), str(row.get("cum_type_code"))): fen(row.get("cum")) for row in rows}
    return {name: amount for name, amount in found.items() if amount}


def charges(items: Sequence[Item], at: datetime, count: int = 1) -> list[Charge]:
    """Charge lines for some items, with serials of 15 digits from the time."""
    return [Charge(int(f"{at:%y%m%d%H%M%S}") * 1000 + number, item, Decimal(count), item.price) for number, item in enumerate(items, 1)]


def clinic_of(clinic: Clinic, *, doctor: str, name: str) -> Clinic:
    """The clinic with another doctor at the desk."""
    return Clinic(clinic.institution, clinic.department, clinic.department_name, clinic.specialty, doctor, name)
