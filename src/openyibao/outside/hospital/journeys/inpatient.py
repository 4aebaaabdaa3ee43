"""A hospital stay 住院: 2401 → 2301 → 2402 → 2303 → 2304, and undone by 2305; then the settlement list 结算清单 4101."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from openyibao.outside.hospital import inputs
from openyibao.outside.hospital.cast import Clinic, Diagnosis, Item
from openyibao.outside.hospital.client import Hospital
from openyibao.outside.hospital.envelope import Exchange, many, one
from openyibao.outside.hospital.inputs import Charge, Patient
from openyibao.outside.hospital.journeys.people import charges as charge_lines

ORDINARY = "2101"
"""Kind of care 医疗类别: an ordinary stay."""

NUMBERS = itertools.count(1)
DAYS = 3
"""Days before now on which a played stay began."""


@dataclass(frozen=True)
class Stay:
    """A stay in progress. number: the hospital's own 住院号; rows: the replies to its lines."""

    patient: Patient
    clinic: Clinic
    mdtrt_id: str
    number: str
    found: tuple[Diagnosis, ...]
    med_type: str = ORDINARY
    charges: tuple[Charge, ...] = ()
    rows: tuple[Any, ...] = ()

    @property
    def amount(self) -> Decimal:
        """What the lines come to, yuan."""
        return inputs.total(self.charges)


def admitted(hospital: Hospital, clinic: Clinic, patient: Patient, found: Sequence[Diagnosis], med_type: str = ORDINARY) -> Stay:
    """2401: admitted some days ago."""
    at = hospital.clock()
    number = f"Z{at:%y%m%d%H%M%S}{next(NUMBERS):05d}"
    given = inputs.admission(patient, clinic, number, med_type, found, at - timedelta(days=DAYS))
    output = hospital.must("2401", given, home=patient.home).output
    return Stay(patient, clinic, str(one(output, "result", "data")["mdtrt_id"]), number, tuple(found), med_type)


def charged(hospital: Hospital, stay: Stay, items: Sequence[Item], count: int = 1) -> Stay:
    """2301: charge lines."""
    at = hospital.clock() - timedelta(days=1)
    lines = charge_lines(items, at, count)
    return uploaded(hospital, stay, lines)


def given_back(hospital: Hospital, stay: Stay, charge: Charge) -> Stay:
    """2301: a line that gives one back: negative count, the serial of the original."""
    back = Charge(charge.serial + 500, charge.item, -charge.count, charge.price, charge.serial)
    return uploaded(hospital, stay, [back])


def uploaded(hospital: Hospital, stay: Stay, lines: Sequence[Charge]) -> Stay:
    """2301 with the lines as they are."""
    at = hospital.clock() - timedelta(days=1)
    given = inputs.inpatient_lines(stay.patient, stay.clinic, stay.mdtrt_id, stay.med_type, lines, at)
    output = hospital.must("2301", given, home=stay.patient.home).output
    return replace(stay, charges=(*stay.charges, *lines), rows=(*stay.rows, *many(output, "result")))


def discharged(hospital: Hospital, stay: Stay) -> Exchange:
    """2402: the stay ends now."""
    given = inputs.discharge(stay.patient, stay.clinic, stay.mdtrt_id, stay.found, hospital.clock())
    return hospital.must("2402", given, home=stay.patient.home)


def bill(hospital: Hospital, stay: Stay, account: str = "1") -> dict[str, Any]:
    """The input of 2303 and 2304."""
    return inputs.inpatient_bill(stay.patient, stay.clinic, stay.mdtrt_id, stay.amount, inputs.four_sums(stay.rows), hospital.clock(),
                                 account=account)  # fmt: skip


def tried(hospital: Hospital, stay: Stay) -> Exchange:
    """2303: what would it cost."""
    return hospital.must("2303", bill(hospital, stay), home=stay.patient.home)


def settled(hospital: Hospital, stay: Stay, msgid: str = "") -> Exchange:
    """2304: settle."""
    return hospital.must("2304", bill(hospital, stay), home=stay.patient.home, msgid=msgid)


def undone(hospital: Hospital, stay: Stay, settlement: Exchange) -> Exchange:
    """2305: undo the settlement."""
    setl_id = str(one(settlement.output, "setlinfo")["setl_id"])
    return hospital.must("2305", inputs.undo(stay.patient, stay.mdtrt_id, setl_id), home=stay.patient.home)


def simple(stay: Stay) -> dict[str, Any]:
    """The input of 2404 and 2405: the stay alone."""
    return {"data": {"mdtrt_id": stay.mdtrt_id, "psn_no": stay.patient.psn_no}}


def settlement_list(hospital: Hospital, stay: Stay, settlement: Exchange) -> dict[str, Any]:
    """4101: the settlement list of one stay."""
    at = hospital.clock()
    setl = one(settlement.output, "setlinfo")
    begun, ended = at - timedelta(days=DAYS), at
    main = {
        "psn_no": stay.patient.psn_no, "mdtrt_id": stay.mdtrt_id, "setl_id": setl["setl_id"], "medcasno": stay.number,
        "dcla_time": inputs.time_text(at), "ntly": "CHN", "prfs": "90", "curr_addr": "示例路1号", "patn_rlts": "9",
        "coner_addr": "示例路1号",
        "coner_tel": "13900000000", "adm_way": "2", "trt_type": "10", "adm_time": inputs.time_text(begun),
        "adm_dept_code": stay.clinic.department, "adm_dept_name": stay.clinic.department_name, "dscg_time": inputs.time_text(ended),
        "dscg_dept_code": stay.clinic.department, "dscg_dept_name": stay.clinic.department_name, "adm_caty": stay.clinic.specialty,
        "dscg_caty": stay.clinic.specialty, "dscg_way": "1", "bill_code": "0001", "bill_no": stay.number, "biz_sn": stay.number,
        "days_rinp_flag_31": "1", "chfpdr_code": stay.clinic.doctor, "setl_begn_date": f"{begun:%Y-%m-%d}",
        "setl_end_date": f"{ended:%Y-%m-%d}", "medins_fill_dept": "医保办", "medins_fill_psn": "填报人",
        "resp_nurs_code": "", "stas_type": "0", "hi_paymtd": "1",
    }  # fmt: skip
    rows = [{"diag_type": "1", "diag_code": one_.code, "diag_name": one_.name, "adm_cond_type": "1",
             "maindiag_flag": "1" if not number else "0"}
            for number, one_ in enumerate(stay.found)]  # fmt: skip
    paid = [{"fund_pay_type": row["fund_pay_type"], "fund_payamt": row["fund_payamt"]} for row in many(settlement.output, "setldetail")
            if not str(row["fund_pay_type"]).startswith("9")]  # fmt: skip
    return {"setlinfo": main, "opspdiseinfo": [], "diseinfo": rows, "oprninfo": [], "icuinfo": [], "payinfo": paid, "bldinfo": []}
