"""When an answer was lost 应答丢失: ask what became of the message Y0001, send it again, or reverse it 2601."""

from typing import Any

from openyibao.outside.hospital import inputs
from openyibao.outside.hospital.client import Hospital
from openyibao.outside.hospital.envelope import Exchange, one
from openyibao.outside.hospital.inputs import Patient

COMMITTED, REVERSED, UNKNOWN = "committed", "reversed", "unknown"
"""What can have become of a message."""


def fate(hospital: Hospital, msgid: str) -> Any:
    """Y0001: what became of a message of ours: msgid, infno, state, at, answer."""
    return one(hospital.must("Y0001", {"data": {"msgid": msgid}}).output, "data", "result")


def reversed_by_id(hospital: Hospital, patient: Patient, msgid: str, infno: str) -> Exchange:
    """2601: reverse a message by its id; the books take the settlement back."""
    return hospital.must("2601", inputs.reverse(patient, msgid, infno), home=patient.home)
