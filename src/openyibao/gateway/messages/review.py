"""Audit of orders 明细审核: 3101 at the doctor's desk, 3102 at the window, 3103 what the doctor did about it."""

from collections.abc import Iterator
from typing import Any

from openyibao.bureau.settlement import review
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages.kept import instant, plain
from openyibao.gateway.wire import yuan

CURRENT = "1"
"""curr_drord_flag of the order at hand; a row without it counts as one."""

CALCULATED = "1"
"""vola_amt_stas: the amount at stake was calculated."""


def judged(request: Request, desk: Desk) -> dict[str, Any]:
    """3101, 3102 明细审核: suspended doctors are refused; of everything else the installation's audit judges."""
    data = request.input["data"]
    review.refuse_suspended_doctors(orders_of(data["patient_dtos"]))
    result: list[dict[str, Any]] = []
    for patient in data["patient_dtos"]:
        asked = {**plain({name: value for name, value in data.items() if name != "patient_dtos"}), "patient_dtos": [plain(patient)]}
        findings = review.reviewed(
            request.institution, request.infno, asked, psn_no=patient["patn_id"], mdtrt_id=patient["curr_mdtrt_id"], at=request.at
        )
        result += [written(finding) for finding in findings]
    return {"result": result}


def orders_of(patients: list[dict[str, Any]]) -> Iterator[review.Order]:
    """The orders at hand of a request; earlier ones that are told for comparison are left out."""
    for number, patient in enumerate(patients):
        for visit, encounter in enumerate(patient["fsi_encounter_dtos"]):
            for row, order in enumerate(encounter["fsi_order_dtos"]):
                if order.get("curr_drord_flag", CURRENT) == CURRENT:
                    place = f"data.patient_dtos[{number}].fsi_encounter_dtos[{visit}].fsi_order_dtos[{row}].drord_dr_codg"
                    yield review.Order(
                        order["rx_id"], order["drord_dr_codg"], order["drord_dr_name"], instant(order["drord_begn_date"]), place
                    )


def written(finding: dict[str, Any]) -> dict[str, Any]:
    """A finding at the wire."""
    return {
        "jr_id": finding["jr_id"], "rule_id": finding["rule"], "rule_name": finding["rule_name"], "vola_cont": finding["because"],
        "patn_id": finding["psn_no"], "mdtrt_id": finding["mdtrt_id"], "vola_amt": yuan(finding["at_stake"]), "vola_amt_stas": CALCULATED,
        "sev_deg": finding["severity"], "vola_evid": finding["evidence"], "vola_bhvr_type": finding["behaviour"],
        "judge_result_detail_dtos": [
            {
                "jrd_id": f"{finding['jr_id']}-{number}", "patn_id": line["psn_no"], "mdtrt_id": line["mdtrt_id"], "rx_id": line["order"],
                "vola_item_type": line["kind"], "vola_amt": yuan(line["at_stake"]),
            }
            for number, line in enumerate(finding["lines"], 1)
        ],
    }


def answered(request: Request, desk: Desk) -> dict[str, Any]:
    """3103 事前事中服务反馈."""
    data = request.input["data"]
    review.answered(request.institution, plain(data), numbers=[row["warn_rslt_id"] for row in data["warns"]], at=request.at)
    return {}


HANDLERS = {"3101": Handler(judged, "write"), "3102": Handler(judged, "write"), "3103": Handler(answered, "write")}
