"""What the window says to the door 报文内容: the very inputs that a hospital's program fills (`outside/hospital/inputs.py`)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from openyibao.gateway.window.models import Line, Visit
from openyibao.gateway.window.words import SETTLES
from openyibao.outside.hospital import inputs
from openyibao.outside.hospital.cast import Clinic, Diagnosis, Item, Person
from openyibao.outside.hospital.envelope import Institution, encoded, read
from openyibao.outside.hospital.inputs import Charge, Node, Patient

VOUCHER, IDENTITY_CARD, SOCIAL_CARD = "01", "02", "03"
BATCH = "1"
"""chrg_bchno of an outpatient visit's lines: the window charges a visit once at a time."""


def identify(cert_type: str, credential: str, at: datetime) -> Node:
    """1101: whose credential is this."""
    return {"data": {
        "mdtrt_cert_type": cert_type, "mdtrt_cert_no": credential, "card_sn": credential if cert_type == SOCIAL_CARD else "",
        "begntime": inputs.time_text(at), "psn_cert_type": "", "certno": "", "psn_name": "",
    }}  # fmt: skip


def patient(visit: Visit, certno: str) -> Patient:
    """The person of a visit."""
    person = Person(certno, visit.name, visit.home, visit.dise_codg, visit.dise_name)
    return Patient(person, visit.psn_no, visit.insutype, visit.psn_type, visit.home, Decimal(0))


def clinic(visit: Visit, hospital: Institution) -> Clinic:
    """Department and doctor of a visit."""
    return Clinic(hospital, visit.dept, visit.dept_name, visit.specialty, visit.doctor, visit.doctor_name)


def diagnoses(visit: Visit) -> list[Diagnosis]:
    """The diagnoses, the main one first."""
    return [Diagnosis(code, name) for code, name in visit.diagnoses]


def with_credential(node: Node, visit: Visit, credential: str) -> Node:
    """An input with the credential that was shown, in place of the identity card."""
    for part in node.values():
        if isinstance(part, dict) and "mdtrt_cert_type" in part:
            part["mdtrt_cert_type"], part["mdtrt_cert_no"] = visit.cert_type, credential
            part["card_sn"] = credential if visit.cert_type == SOCIAL_CARD else ""
    return node


def registration(visit: Visit, hospital: Institution, certno: str) -> Node:
    """2201, or 2401 of a stay."""
    who, where, begins = patient(visit, certno), clinic(visit, hospital), visit.begins
    if visit.sort == "I":
        return inputs.admission(who, where, visit.number, visit.med_type, diagnoses(visit), begins)
    return inputs.register(who, where, visit.number, begins)


def care(visit: Visit, hospital: Institution, certno: str) -> Node:
    """2203A: what the visit is for."""
    who, where = patient(visit, certno), clinic(visit, hospital)
    return inputs.visit(who, where, str(visit.mdtrt_id), visit.med_type, diagnoses(visit), visit.begins)


def charge_of(line: Line) -> Charge:
    """A line as it is charged."""
    return Charge(int(line.feedetl_sn), Item(line.code, line.own_code, line.name, line.price), line.quantity, line.price)


def charging(visit: Visit, lines: Sequence[Line], hospital: Institution, certno: str, at: datetime) -> Node:
    """2204, or 2301 of a stay: lines."""
    who, where, charges = patient(visit, certno), clinic(visit, hospital), [charge_of(line) for line in lines]
    if visit.sort == "I":
        return inputs.inpatient_lines(who, where, str(visit.mdtrt_id), visit.med_type, charges, at)
    return inputs.outpatient_lines(who, where, str(visit.mdtrt_id), BATCH, charges, at)


def withdrawing_batch(visit: Visit) -> Node:
    """2205: every unsettled line of an outpatient visit; the number knows no single ones."""
    return {"data": {"mdtrt_id": str(visit.mdtrt_id), "psn_no": visit.psn_no, "chrg_bchno": BATCH}}


def withdrawing(visit: Visit, line: Line) -> Node:
    """2302: one line of a stay."""
    return {"data": [{"feedetl_sn": line.feedetl_sn, "mdtrt_id": str(visit.mdtrt_id), "psn_no": visit.psn_no}]}


def discharge(visit: Visit, hospital: Institution, certno: str, at: datetime) -> Node:
    """2402: the stay ends."""
    return inputs.discharge(patient(visit, certno), clinic(visit, hospital), str(visit.mdtrt_id), diagnoses(visit), at)


def key(visit: Visit) -> Node:
    """2202, 2404, 2405: the visit alone."""
    return {"data": {"mdtrt_id": str(visit.mdtrt_id), "psn_no": visit.psn_no, "ipt_otp_no": visit.number}}


def bill(visit: Visit, lines: Sequence[Line], hospital: Institution, certno: str, account: str, at: datetime) -> Node:
    """2206 and 2207, or 2303 and 2304 of a stay. account: acct_used_flag."""
    who, charges, sums = patient(visit, certno), [charge_of(line) for line in lines], inputs.four_sums([line.split for line in lines])
    amount = inputs.total(charges)
    if visit.sort == "I":
        return inputs.inpatient_bill(who, clinic(visit, hospital), str(visit.mdtrt_id), amount, sums, visit.ends or at, account=account)
    return inputs.outpatient_bill(who, str(visit.mdtrt_id), BATCH, visit.med_type, amount, sums, account=account)


def undoing(psn_no: str, mdtrt_id: int, setl_id: int) -> Node:
    """2208, 2305, 5203: one settlement."""
    return {"data": {"setl_id": str(setl_id), "mdtrt_id": str(mdtrt_id), "psn_no": psn_no}}


def kept(given: Any) -> str:
    """An input as text, to be sent again letter for letter."""
    return encoded(given).decode()


def given_again(content: str) -> Node:
    """The input of a text that `kept` made."""
    return dict(read(content.encode()) or {})


def settling(visit: Visit) -> str:
    """The number that settles a visit."""
    return SETTLES[visit.sort]
