"""Filings 备案: transfers 2501, chronic diseases 2503, chosen institutions 2505, and their withdrawal."""

from datetime import timedelta
from typing import Any

from openyibao.outside.hospital.books import today
from openyibao.outside.hospital.cast import Clinic, Diagnosis
from openyibao.outside.hospital.client import Hospital
from openyibao.outside.hospital.envelope import one
from openyibao.outside.hospital.inputs import Node, Patient


def transfer(hospital: Hospital, patient: Patient, found: Diagnosis, target: Clinic) -> Node:
    """2501: on to another hospital."""
    day = hospital.clock().date()
    return {"refmedin": {
        "psn_no": patient.psn_no, "insutype": patient.insutype, "tel": "", "addr": "", "insu_optins": patient.home, "diag_code": found.code,
        "diag_name": found.name, "dise_cond_dscr": "", "reflin_medins_no": target.institution.code,
        "reflin_medins_name": target.institution.name, "mdtrtarea_admdvs": target.institution.area, "hosp_agre_refl_flag": "1",
        "refl_type": "1", "refl_date": today(day), "refl_rea": "本院条件不足", "refl_opnn": "同意", "begndate": today(day),
        "enddate": today(day + timedelta(days=30)),
    }}  # fmt: skip


def chronic(hospital: Hospital, patient: Patient, clinic: Clinic, code: str, name: str) -> Node:
    """2503: a chronic disease."""
    day = hospital.clock().date()
    return {"data": {
        "psn_no": patient.psn_no, "insutype": patient.insutype, "opsp_dise_code": code, "opsp_dise_name": name, "tel": "", "addr": "",
        "insu_optins": patient.home, "ide_fixmedins_no": clinic.institution.code, "ide_fixmedins_name": clinic.institution.name,
        "hosp_ide_date": today(day), "diag_dr_codg": clinic.doctor, "diag_dr_name": clinic.doctor_name, "begndate": today(day),
        "enddate": today(day + timedelta(days=365)),
    }}  # fmt: skip


def chosen(hospital: Hospital, patient: Patient, clinic: Clinic) -> Node:
    """2505: the institution a person chooses."""
    day = hospital.clock().date()
    return {"data": {
        "psn_no": patient.psn_no, "tel": "", "addr": "", "biz_appy_type": "03", "begndate": today(day), "enddate": "",
        "fix_srt_no": "1", "fixmedins_code": clinic.institution.code, "fixmedins_name": clinic.institution.name, "memo": "",
    }}  # fmt: skip


def filed(hospital: Hospital, patient: Patient, infno: str, given: Node) -> str:
    """File; the filing's number 待遇申报明细流水号."""
    return str(one(hospital.must(infno, given, home=patient.home).output, "result", "data")["trt_dcla_detl_sn"])


def withdrawal(patient: Patient, number: str) -> dict[str, Any]:
    """2502, 2504, 2506: take a filing back."""
    return {"data": {"trt_dcla_detl_sn": number, "psn_no": patient.psn_no, "memo": "登记有误"}}
