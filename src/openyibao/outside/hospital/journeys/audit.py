"""The audit's questions 审核: what a prescribing screen sends before an order stands, 3101."""

from openyibao.outside.hospital.cast import Clinic, Diagnosis, Item
from openyibao.outside.hospital.inputs import Node, Patient


def order_time(patient: Patient, clinic: Clinic, item: Item, found: Diagnosis, at: str) -> Node:
    """3101: one outpatient order of one item. at: time at the wire."""
    order = {
        "rx_id": "1", "rxno": "1", "grpno": "", "long_drord_flag": "0", "hilist_type": "11", "chrg_type": "09", "drord_bhvr": "1",
        "hilist_code": item.code[:20], "hilist_name": item.name, "hilist_dosform": "", "hilist_lv": "01", "hilist_pric": item.price,
        "hosplist_code": item.own, "hosplist_name": item.name, "cnt": 1, "pric": item.price, "sumamt": item.price, "ownpay_amt": 0,
        "selfpay_amt": 0, "spec": "盒", "spec_unt": "盒", "drord_begn_date": at, "drord_dept_codg": clinic.department,
        "drord_dept_name": clinic.department_name, "drord_dr_codg": clinic.doctor, "drord_dr_name": clinic.doctor_name,
        "drord_dr_profttl": "234", "curr_drord_flag": "1",
    }  # fmt: skip
    disease = {"dise_id": "1", "inout_dise_type": "1", "maindise_flag": "1", "dias_srt_no": "1", "dise_codg": found.code,
               "dise_name": found.name,
               "dise_date": at}  # fmt: skip
    encounter = {
        "mdtrt_id": "1", "medins_id": clinic.institution.code, "medins_name": clinic.institution.name,
        "medins_admdvs": clinic.institution.area, "medins_type": "A1", "medins_lv": "2", "adm_date": at, "dscg_date": at,
        "dscg_main_dise_codg": found.code, "dscg_main_dise_name": found.name, "fsi_diagnose_dtos": [disease], "dr_codg": clinic.doctor,
        "adm_dept_codg": clinic.department, "adm_dept_name": clinic.department_name, "dscg_dept_codg": clinic.department,
        "dscg_dept_name": clinic.department_name, "med_mdtrt_type": "1", "med_type": "11", "fsi_order_dtos": [order], "matn_stas": "0",
        "medfee_sumamt": item.price, "ownpay_amt": 0, "selfpay_amt": 0, "setl_totlnum": 1, "insutype": patient.insutype, "reim_flag": "2",
        "out_setl_flag": "0", "fsi_operation_dtos": [],
    }  # fmt: skip
    person = {"patn_id": patient.psn_no, "patn_name": patient.person.name, "gend": "1", "brdy": "1980-01-01",
              "poolarea": clinic.institution.area, "curr_mdtrt_id": "1", "fsi_encounter_dtos": [encounter]}  # fmt: skip
    return {"data": {"patient_dtos": [person], "rule_ids": [], "trig_scen": "2"}}
