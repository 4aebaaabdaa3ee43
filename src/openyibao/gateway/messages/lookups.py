"""Queries of visits and settlements 查询 (5201–5204): what the hospital reads back after a time-out or for its own books."""

from typing import Any

from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.clock import day_of, local
from openyibao.bureau.settlement.packing import unpack
from openyibao.bureau.settlement.store import looking
from openyibao.gateway import answers, reading
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages.charges import CLASS_AT_WIRE, NO_CEILING, WHOLE
from openyibao.gateway.messages.person import officer_of
from openyibao.gateway.wire import moment_text, wire_price, wire_quantity, wire_rate, yuan
from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.receipt import Receipt
from openyibao.policybook.national import amounts, fund_rows
from openyibao.warehouse.bills.settled import NO_PLAN

MOST = 500
"""Visits of one answer; a longer list asks for a shorter period."""


async def visits(request: Request, desk: Desk) -> Any:
    """5201 就诊信息查询: the institution's own visits of a person in a period, newest first."""
    fields = request.input["data"]
    number = reading.visit_number(fields) if fields.get("mdtrt_id") else None
    rows = await looking.visits(
        desk.store,
        request.institution,
        fields.get("psn_no") or "",
        reading.moment(fields.get("begntime")),
        reading.moment(fields.get("endtime")),
        fields.get("med_type") or None,
        number,
        MOST,
    )
    return {"mdtrtinfo": [visit_output(row, desk) for row in rows]}


def visit_output(row: Any, desk: Desk) -> dict[str, Any]:
    """One visit: its own fields over those it was registered with."""
    detail = answers.decoded(row["detail"])
    days = None if row["ends"] is None else max((day_of(row["ends"]) - day_of(row["begins"])).days, 1)
    return {
        **detail,
        **answers.person_of({**row, "day": day_of(row["begins"])}, desk),
        "mdtrt_id": str(row["mdtrt_id"]),
        "insutype": row["insutype"],
        "med_type": row["med_type"],
        "ipt_otp_no": row["ipt_otp_no"],
        "begntime": moment_text(local(row["begins"])),
        "endtime": moment_text(local(row["ends"] or row["begins"])),
        "atddr_no": row["dr_code"],
        "dise_codg": row["dise_codg"],
        "psn_type": row["psn_type"] or "",
        "cvlserv_flag": str(int(bool(row["civil_servant"]))),
        "inhosp_stas": "1" if row["sort"] == "I" and row["ends"] is None else "0",
        "ipt_days": days,
        "insu_optins": row["insured"],
        "mdtrt_cert_type": row["cert_type"],
    }


async def diagnoses(request: Request, desk: Desk) -> Any:
    """5202 诊断信息查询."""
    fields = request.input["data"]
    rows = await looking.diagnoses(desk.store, request.institution, reading.visit_number(fields), fields.get("psn_no") or "")
    return {"diseinfo": [diagnosis_output(row) for row in rows]}


def diagnosis_output(row: Any) -> dict[str, Any]:
    """One diagnosis."""
    return {
        **answers.decoded(row["detail"]),
        "diag_info_id": str(row["id"]),
        "mdtrt_id": str(row["mdtrt_id"]),
        "psn_no": row["psn_no"],
        "inout_diag_type": row["stage"],
        "maindiag_flag": str(int(row["main"])),
        "diag_srt_no": row["place"],
        "diag_code": row["code"],
        "diag_name": row["name"],
        "vali_flag": "1",
    }


async def settlement(request: Request, desk: Desk) -> Any:
    """5203 结算信息查询: a settlement or mirror of the institution as it was settled, read back from the journal."""
    fields = request.input["data"]
    number = reading.document(fields, "setl_id", "结算ID", "REVERSE-01")
    row = await looking.settlement(desk.store, request.institution, number)
    if row is None or (fields.get("psn_no") and row["psn_no"] != fields["psn_no"]):
        raise Refused(
            "REVERSE-01",
            f"结算ID {number} 不存在",
            f"there is no settlement {number}",
            place="setl_id",
            next_zh="请核对结算ID与人员编号",
            next_en="check setl_id and psn_no",
        )
    claim, receipt = unpack(Claim, row["claim"], row["shape"]), unpack(Receipt, row["receipt"], row["shape"])
    plan = desk.shelf.of_area(row["poolarea"])
    found = (plan.plan_for(claim) if plan is not None else None) or NO_PLAN
    figures = amounts(receipt, found)
    money, detail = answers.money_of(figures), answers.decoded(row["detail"])
    info = {
        **answers.person_of(row, desk),
        **money,
        **detail,
        "setl_id": str(number),
        "mdtrt_id": str(row["mdtrt_id"]),
        "insutype": row["insutype"],
        "insu_optins": row["poolarea"],
        "emp_name": row["emp_name"],
        "pay_loc": "1",
        "fixmedins_code": row["fixmedins_code"],
        "fixmedins_name": row["institution_name"],
        "hosp_lv": row["hosp_lv"],
        "fixmedins_poolarea": row["treating"],
        "lmtpric_hosp_lv": row["hosp_lv"],
        "dedc_hosp_lv": row["hosp_lv"],
        "begndate": day_of(row["begins"]),
        "enddate": row["day"],
        "setl_time": moment_text(local(row["at"])),
        "med_type": row["med_type"],
        "clr_type": row["clr_type"],
        "clr_way": answers.BY_ITEM,
        "clr_optins": row["poolarea"],
        "psn_pay": money["psn_part_amt"],
        "cash_payamt": money["psn_cash_pay"],
        "medins_setl_id": row["msgid"],
        "refd_setl_flag": str(int(row["mirror_of"] is not None or row["mirrored_by"] is not None)),
        "year": str(row["day"].year),
        "dise_codg": row["dise_codg"],
    }
    return {"setlinfo": info, "setldetail": answers.setldetail(receipt, figures, fund_rows(receipt, found))}


async def lines(request: Request, desk: Desk) -> Any:
    """5204 费用明细查询: the lines of a settlement, or of a visit that is not settled yet."""
    fields = request.input["data"]
    number = reading.document(fields, "setl_id", "结算ID", "REVERSE-01") if fields.get("setl_id") else 0
    mdtrt_id = reading.visit_number(fields) if fields.get("mdtrt_id") else 0
    rows = await looking.lines(desk.store, request.institution, number, mdtrt_id)
    return [line_output(row) for row in rows]


def line_output(row: Any) -> dict[str, Any]:
    """One line as it was taken and split."""
    own_pay = row["item_class"] == codes.CLASS_C or bool(row["flags"] & 1)
    return {
        **answers.decoded(row["detail"]),
        "mdtrt_id": str(row["mdtrt_id"]),
        "setl_id": str(row["setl_id"] or ""),
        "feedetl_sn": row["feedetl_sn"],
        "med_type": row["med_type"],
        "fee_ocur_time": moment_text(local(row["at"])),
        "cnt": wire_quantity(row["quantity"]),
        "pric": wire_price(row["price"]),
        "det_item_fee_sumamt": yuan(row["fee"]),
        "pric_uplmt_amt": wire_price(row["ceiling"] or NO_CEILING),
        "selfpay_prop": wire_rate(WHOLE if own_pay else row["rate"]),
        "fulamt_ownpay_amt": yuan(row["full"]),
        "overlmt_amt": yuan(row["over"]),
        "preselfpay_amt": yuan(row["pre"]),
        "inscp_scp_amt": yuan(row["within"]),
        "chrgitm_lv": CLASS_AT_WIRE[row["item_class"]],
        "hilist_code": row["hilist_code"],
        "hilist_name": row["name"],
        "list_type": row["list_type"] or "",
        "med_list_codg": row["hilist_code"],
        "medins_list_codg": row["own_code"],
        "medins_list_name": row["name"],
        "med_chrgitm_type": row["med_chrgitm_type"],
        "prodname": row["name"],
        "lmt_used_flag": str(row["flags"] & 1),
        "spec": row["spec"],
        "dosform_name": row["dosform"],
    }


async def drugs(request: Request, desk: Desk) -> Any:
    """5205 人员慢特病用药记录查询: the drugs of a person's chronic bills in a period, wherever they were bought; the look is logged."""
    fields = request.input["data"]
    await looking.looked(desk.store, request.at, officer_of(request), fields["psn_no"], request.infno, "chronic drugs")
    rows = await looking.chronic_drugs(
        desk.store, fields["psn_no"], reading.moment(fields.get("begntime")), reading.moment(fields.get("endtime")), MOST
    )
    return {"feedetail": [line_output(row) for row in rows]}


async def in_hospital(request: Request, desk: Desk) -> Any:
    """5303 在院信息查询: who lies in this institution now; of one person, or all of a period."""
    fields = request.input["data"]
    rows = await looking.in_hospital(
        desk.store,
        request.institution,
        fields.get("psn_no") or None,
        reading.moment(fields.get("begntime")),
        reading.moment(fields.get("endtime")),
        MOST,
    )
    return {"data": [stay_output(row, desk) for row in rows]}


def stay_output(row: Any, desk: Desk) -> dict[str, Any]:
    """One stay."""
    detail = answers.decoded(row["detail"])
    return {
        **detail,
        **answers.person_of({**row, "day": day_of(row["begins"])}, desk),
        "mdtrt_id": str(row["mdtrt_id"]),
        "insutype": row["insutype"],
        "begndate": day_of(row["begins"]),
        "enddate": None,
        "med_type": row["med_type"],
        "ipt_otp_no": row["ipt_otp_no"],
        "out_flag": "0",
        "begntime": moment_text(local(row["begins"])),
        "fixmedins_code": row["fixmedins_code"],
    }


HANDLERS = {
    "5201": Handler(visits, "look"),
    "5202": Handler(diagnoses, "look"),
    "5203": Handler(settlement, "look"),
    "5204": Handler(lines, "look"),
    "5205": Handler(drugs, "look"),
    "5303": Handler(in_hospital, "look"),
}
"""The family's messages."""
