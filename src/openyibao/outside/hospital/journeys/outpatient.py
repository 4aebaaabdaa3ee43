"""An outpatient visit 门诊: 1101 → 2201 → 2203 → 2204 → 2206 → 2207, and undone by 2208."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from openyibao.outside.hospital import inputs
from openyibao.outside.hospital.cast import Clinic, Diagnosis, Item
from openyibao.outside.hospital.client import Hospital
from openyibao.outside.hospital.envelope import Exchange, many, one
from openyibao.outside.hospital.inputs import Charge, Patient
from openyibao.outside.hospital.journeys.people import charges as charge_lines

ORDINARY, CHRONIC, TWO_DISEASE = "11", "14", "9901"
"""Kinds of care 医疗类别: ordinary, chronic, hypertension and diabetes."""

NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Visit:
    """An open visit. number: the hospital's own; batch: 收费批次号; rows: the replies to its lines."""

    patient: Patient
    clinic: Clinic
    mdtrt_id: str
    number: str
    batch: str
    med_type: str = ORDINARY
    charges: tuple[Charge, ...] = ()
    rows: tuple[Any, ...] = ()

    @property
    def amount(self) -> Decimal:
        """What the lines come to, yuan."""
        return inputs.total(self.charges)

    def bill(self, account: str = "1") -> dict[str, Any]:
        """The input of 2206 and 2207."""
        return inputs.outpatient_bill(self.patient, self.mdtrt_id, self.batch, self.med_type, self.amount, inputs.four_sums(self.rows),
                                      account=account)  # fmt: skip


def registered(hospital: Hospital, clinic: Clinic, patient: Patient, med_type: str = ORDINARY) -> Visit:
    """2201: a visit opens."""
    at = hospital.clock()
    number = f"M{at:%y%m%d%H%M%S}{next(NUMBERS):05d}"
    output = hospital.must("2201", inputs.register(patient, clinic, number, at), home=patient.home).output
    return Visit(patient, clinic, str(one(output, "data", "result")["mdtrt_id"]), number, f"B{number[1:]}", med_type)


def described(hospital: Hospital, visit: Visit, found: Sequence[Diagnosis], infno: str = "2203") -> Visit:
    """2203 (or 2203A): what the visit is for."""
    given = inputs.visit(visit.patient, visit.clinic, visit.mdtrt_id, visit.med_type, found, hospital.clock())
    hospital.must(infno, given, home=visit.patient.home)
    return visit


def charged(hospital: Hospital, visit: Visit, items: Sequence[Item], count: int = 1) -> Visit:
    """2204: the lines of one batch."""
    at = hospital.clock()
    lines = charge_lines(items, at, count)
    given = inputs.outpatient_lines(visit.patient, visit.clinic, visit.mdtrt_id, visit.batch, lines, at)
    output = hospital.must("2204", given, home=visit.patient.home).output
    return replace(visit, charges=(*visit.charges, *lines), rows=(*visit.rows, *many(output, "result")))


def opened(
    hospital: Hospital, clinic: Clinic, patient: Patient, items: Sequence[Item], found: Sequence[Diagnosis], *, med_type: str = ORDINARY,
    upload: str = "2203", count: int = 1,
) -> Visit:  # fmt: skip
    """A visit up to its lines: 2201, 2203, 2204."""
    visit = registered(hospital, clinic, patient, med_type)
    return charged(hospital, described(hospital, visit, found, upload), items, count)


def tried(hospital: Hospital, visit: Visit, account: str = "1") -> Exchange:
    """2206: what would it cost."""
    return hospital.must("2206", visit.bill(account), home=visit.patient.home)


def settled(hospital: Hospital, visit: Visit, account: str = "1", msgid: str = "") -> Exchange:
    """2207: settle."""
    return hospital.must("2207", visit.bill(account), home=visit.patient.home, msgid=msgid)


def undone(hospital: Hospital, visit: Visit, settlement: Exchange) -> Exchange:
    """2208: undo the settlement."""
    setl_id = str(one(settlement.output, "setlinfo")["setl_id"])
    return hospital.must("2208", inputs.undo(visit.patient, visit.mdtrt_id, setl_id), home=visit.patient.home)
