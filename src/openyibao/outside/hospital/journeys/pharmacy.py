"""Medicines bought at a pharmacy 药店购药: 2101 → 2102, and undone by 2103."""

from collections.abc import Sequence

from openyibao.outside.hospital import inputs
from openyibao.outside.hospital.cast import Clinic, Item
from openyibao.outside.hospital.client import Hospital
from openyibao.outside.hospital.envelope import Exchange, one
from openyibao.outside.hospital.inputs import Node, Patient
from openyibao.outside.hospital.journeys.people import charges


def basket(hospital: Hospital, clinic: Clinic, patient: Patient, items: Sequence[Item], count: int = 1) -> Node:
    """What is bought: the input of 2101 and 2102."""
    at = hospital.clock()
    return inputs.pharmacy_bill(patient, clinic, charges(items, at, count), at)


def tried(hospital: Hospital, patient: Patient, bought: Node) -> Exchange:
    """2101: what would it cost."""
    return hospital.must("2101", bought, home=patient.home)


def settled(hospital: Hospital, patient: Patient, bought: Node, msgid: str = "") -> Exchange:
    """2102: settle."""
    return hospital.must("2102", bought, home=patient.home, msgid=msgid)


def undone(hospital: Hospital, patient: Patient, settlement: Exchange) -> Exchange:
    """2103: undo."""
    setl = one(settlement.output, "setlinfo")
    return hospital.must("2103", inputs.undo(patient, str(setl["mdtrt_id"]), str(setl["setl_id"])), home=patient.home)
