"""The input nodes 交易输入 of the messages, as a hospital fills them. Amounts are Decimal yuan; times are text as the wire wants it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openyibao.outside.hospital.cast import Clinic, Diagnosis, Item, Person

Node = dict[str, Any]
CENT = Decimal("0.01")
ID_CARD = "02"
"""Credential: resident identity card 居民身份证."""


@dataclass(frozen=True)
class Patient:
    """A person as 1101 made them known 就诊人员: platform number, scheme in force, home division, account balance in yuan."""

    person: Person
    psn_no: str
    insutype: str
    psn_type: str
    home: str
    balance: Decimal


@dataclass(frozen=True)
class Charge:
    """One charge line 费用明细. serial: digits, unique within the visit; count, price: decimal; original: serial of what it returns."""

    serial: int
    item: Item
    count: Decimal
    price: Decimal
    original: int = 0

    @property
    def amount(self) -> Decimal:
        """Price times quantity, to the fen, half up."""
        return (self.price * self.count).quantize(CENT, ROUND_HALF_UP)


def time_text(at: datetime) -> str:
    """A time at the wire."""
    return f"{at:%Y-%m-%d %H:%M:%S}"


def credential(person: Person) -> Node:
    """The credential pair and what goes with it."""
    return {"mdtrt_cert_type": ID_CARD, "mdtrt_cert_no": person.certno, "card_sn": "", "psn_cert_type": "01", "certno": person.certno}


def identify(person: Person, at: datetime) -> Node:
    """1101: who is this."""
    return {"data": {**credential(person), "begntime": time_text(at), "psn_name": person.name}}


def register(patient: Patient, clinic: Clinic, number: str, at: datetime) -> Node:
    """2201: an outpatient visit. number: the hospital's own visit number."""
    return {"data": {
        "psn_no": patient.psn_no, "insutype": patient.insutype, "begntime": time_text(at), **credential(patient.person),
        "psn_type": patient.psn_type, "psn_name": patient.person.name, "ipt_otp_no": number, "atddr_no": clinic.doctor,
        "dr_name": clinic.doctor_name, "dept_code": clinic.department, "dept_name": clinic.department_name, "caty": clinic.specialty,
    }}  # fmt: skip


def diagnosis(clinic: Clinic, found: Diagnosis, at: datetime, number: int = 1) -> Node:
    """One diagnosis row."""
    return {
        "diag_type": "1", "diag_srt_no": number, "diag_code": found.code, "diag_name": found.name, "diag_dept": clinic.department,
        "dise_dor_no": clinic.doctor, "dise_dor_name": clinic.doctor_name, "diag_time": time_text(at), "vali_flag": "1",
        "maindiag_flag": "1" if number == 1 else "0",
    }  # fmt: skip


def visit(patient: Patient, clinic: Clinic, mdtrt_id: str, med_type: str, found: Sequence[Diagnosis], at: datetime) -> Node:
    """2203: what the visit is for. The chronic or two-disease code goes with its kinds of care."""
    person = patient.person
    main = {
        "mdtrt_id": mdtrt_id, "psn_no": patient.psn_no, "med_type": med_type, "begntime": time_text(at), "main_cond_dscr": "",
        "dise_codg": person.disease or found[0].code, "dise_name": person.disease_name or found[0].name,
        "birctrl_type": "", "birctrl_matn_date": "",
    }  # fmt: skip
    rows = [diagnosis(clinic, one, at, number) for number, one in enumerate(found, 1)]
    return {"mdtrtinfo": main, "diseinfo": rows}


def line(patient: Patient, clinic: Clinic, mdtrt_id: str, charge: Charge, at: datetime) -> Node:
    """What an outpatient and an inpatient line share."""
    return {
        "feedetl_sn": str(charge.serial), "mdtrt_id": mdtrt_id, "psn_no": patient.psn_no, "fee_ocur_time": time_text(at),
        "med_list_codg": charge.item.code, "medins_list_codg": charge.item.own, "det_item_fee_sumamt": charge.amount, "cnt": charge.count,
        "pric": charge.price, "bilg_dept_codg": clinic.department, "bilg_dept_name": clinic.department_name, "bilg_dr_codg": clinic.doctor,
        "bilg_dr_name": clinic.doctor_name, "hosp_appr_flag": "1", "tcmdrug_used_way": "", "etip_flag": "", "memo": "",
    }  # fmt: skip


def outpatient_lines(patient: Patient, clinic: Clinic, mdtrt_id: str, batch: str, charges: Sequence[Charge], at: datetime) -> Node:
    """2204: the charge lines of one batch 收费批次."""
    more = {"chrg_bchno": batch, "dise_codg": patient.person.disease, "rxno": "", "rx_circ_flag": "0", "prd_days": "", "sin_dos_dscr": "",
            "used_frqu_dscr": "", "medc_way_dscr": ""}  # fmt: skip
    return {"feedetail": [{**line(patient, clinic, mdtrt_id, charge, at), **more} for charge in charges]}


def inpatient_lines(patient: Patient, clinic: Clinic, mdtrt_id: str, med_type: str, charges: Sequence[Charge], at: datetime) -> Node:
    """2301: charge lines of a stay; a return names the serial it gives back."""
    rows = []
    for charge in charges:
        original = str(charge.original) if charge.original else ""
        rows.append({**line(patient, clinic, mdtrt_id, charge, at), "init_feedetl_sn": original, "drord_no": "", "med_type": med_type})
    return {"feedetail": rows}


def total(charges: Sequence[Charge]) -> Decimal:
    """What the lines come to."""
    return sum((charge.amount for charge in charges), Decimal("0.00"))


def four_sums(rows: Sequence[Any]) -> Node:
    """The four totals that 2207 and 2304 repeat, summed from the line replies."""
    names = {"fulamt_ownpay_amt": "fulamt_ownpay_amt", "overlmt_selfpay": "overlmt_amt", "preselfpay_amt": "preselfpay_amt",
             "inscp_scp_amt": "inscp_scp_amt"}  # fmt: skip
    return {name: sum((Decimal(str(row.get(of) or 0)) for row in rows), Decimal("0.00")) for name, of in names.items()}


def outpatient_bill(
    patient: Patient, mdtrt_id: str, batch: str, med_type: str, amount: Decimal, sums: Node, *, account: str = "1", invoice: str = "",
) -> Node:  # fmt: skip
    """2206 and 2207: settle one batch. account: 个人账户使用标志 0, 1 or 2."""
    return {"data": {
        "psn_no": patient.psn_no, **credential(patient.person), "psn_type": patient.psn_type, "psn_name": patient.person.name,
        "med_type": med_type, "medfee_sumamt": amount, "psn_setlway": "01", "mdtrt_id": mdtrt_id, "chrg_bchno": batch,
        "acct_used_flag": account, "insutype": patient.insutype, "invono": invoice, **sums,
    }}  # fmt: skip


def admission(patient: Patient, clinic: Clinic, number: str, med_type: str, found: Sequence[Diagnosis], at: datetime) -> Node:
    """2401: a stay begins."""
    main = {
        "psn_no": patient.psn_no, "insutype": patient.insutype, "coner_name": "", "tel": "", "begntime": time_text(at),
        **credential(patient.person), "cert_type": "01", "med_type": med_type, "ipt_no": number, "medrcdno": number,
        "atddr_no": clinic.doctor, "chfpdr_name": clinic.doctor_name, "adm_diag_dscr": found[0].name, "adm_dept_codg": clinic.department,
        "adm_dept_name": clinic.department_name, "adm_bed": "01", "dscg_maindiag_code": found[0].code, "dscg_maindiag_name": found[0].name,
        "main_cond_dscr": "", "dise_codg": "", "dise_name": "", "insuplc_admdvs": patient.home,
        "mdtrtarea_admvs": clinic.institution.area,
    }  # fmt: skip
    return {"mdtrtinfo": main, "diseinfo": stay_diagnoses(patient, clinic, found, at)}


def stay_diagnoses(patient: Patient, clinic: Clinic, found: Sequence[Diagnosis], at: datetime, mdtrt_id: str = "") -> list[Node]:
    """Diagnosis rows of a stay."""
    rows = [diagnosis(clinic, one, at, number) for number, one in enumerate(found, 1)]
    return [{**row, "psn_no": patient.psn_no, "mdtrt_id": mdtrt_id, "adm_cond": ""} for row in rows]


def admission_change(patient: Patient, clinic: Clinic, mdtrt_id: str, number: str, found: Sequence[Diagnosis], at: datetime) -> Node:
    """2403: what is known of the stay has changed."""
    same = admission(patient, clinic, number, "21", found, at)["mdtrtinfo"]
    kept = {name: value for name,
            value in same.items() if name not in ("insutype", "ipt_no", "cert_type", "insuplc_admdvs", "mdtrtarea_admvs")}
    main = {**kept, "mdtrt_id": mdtrt_id, "ipt_otp_no": number, "adm_bed": "02"}
    return {"adminfo": main, "diseinfo": stay_diagnoses(patient, clinic, found, at, mdtrt_id)}


def discharge(patient: Patient, clinic: Clinic, mdtrt_id: str, found: Sequence[Diagnosis], at: datetime) -> Node:
    """2402: the stay ends."""
    main = {
        "mdtrt_id": mdtrt_id, "psn_no": patient.psn_no, "insutype": patient.insutype, "endtime": time_text(at), "dise_codg": "",
        "dise_name": "", "dscg_dept_codg": clinic.department, "dscg_dept_name": clinic.department_name, "dscg_bed": "01", "dscg_way": "1",
        "cop_flag": "0",
    }  # fmt: skip
    return {"dscginfo": main, "diseinfo": stay_diagnoses(patient, clinic, found, at, mdtrt_id)}


def inpatient_bill(patient: Patient, clinic: Clinic, mdtrt_id: str, amount: Decimal, sums: Node, at: datetime, *,
                   account: str = "1") -> Node:
    """2303 and 2304: settle a stay."""
    return {"data": {
        "psn_no": patient.psn_no, **credential(patient.person), "psn_type": patient.psn_type, "psn_name": patient.person.name,
        "medfee_sumamt": amount, "psn_setlway": "01", "mdtrt_id": mdtrt_id, "acct_used_flag": account, "insutype": patient.insutype,
        "mid_setl_flag": "0", "invono": "", **sums, "dscgTime": time_text(at), "insuplc_admdvs": patient.home,
        "mdtrtarea_admvs": clinic.institution.area,
    }}  # fmt: skip


def pharmacy_bill(patient: Patient, clinic: Clinic, charges: Sequence[Charge], at: datetime, *, account: str = "1") -> Node:
    """2101 and 2102: medicines sold at a pharmacy."""
    head = {
        "psn_no": patient.psn_no, **credential(patient.person), "psn_type": patient.psn_type, "psn_name": patient.person.name,
        "begntime": time_text(at), "medfee_sumamt": total(charges), "invono": "", "insutype": patient.insutype, "dise_codg": "",
        "dise_name": "", "acct_used_flag": account, "med_type": "41",
    }  # fmt: skip
    rows = [{
        "feedetl_sn": str(charge.serial), "rxno": "", "rx_circ_flag": "0", "fee_ocur_time": time_text(at),
        "med_list_codg": charge.item.code,
        "medins_list_codg": charge.item.own, "det_item_fee_sumamt": charge.amount, "cnt": charge.count, "pric": charge.price,
        "bilg_dr_codg": clinic.doctor, "bilg_dr_name": clinic.doctor_name,
    } for charge in charges]  # fmt: skip
    return {"druginfo": head, "drugdetail": rows}


def undo(patient: Patient, mdtrt_id: str, setl_id: str) -> Node:
    """2208, 2305, 2103: undo a settlement; also the key of 5203 and 5204."""
    return {"data": {"setl_id": setl_id, "mdtrt_id": mdtrt_id, "psn_no": patient.psn_no}}


def reverse(patient: Patient, msgid: str, infno: str) -> Node:
    """2601: reverse the message whose answer was lost."""
    return {"data": {"psn_no": patient.psn_no, "omsgid": msgid, "oinfno": infno}}
