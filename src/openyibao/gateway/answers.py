"""What a settlement answers at the wire 结算应答: setlinfo and setldetail of a bill, of its mirror, and the output of any message as bytes.

The identities I1–I4 and I10–I13 of the interface hold among the amounts; a mirror's amounts are negative (I12).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import msgspec

from openyibao.bureau.settlement.assemble import home_area
from openyibao.bureau.settlement.clock import day_of
from openyibao.bureau.settlement.deciding import Decided, warning
from openyibao.bureau.settlement.taking_back import Mirrored
from openyibao.gateway.describe import Message, described
from openyibao.gateway.handling import Desk, Request
from openyibao.gateway.wire import age, moment_text, typed_output, yuan
from openyibao.kernel import codes
from openyibao.kernel.receipt import Receipt
from openyibao.policybook.national import FundRow, amounts, fund_rows

ENCODER = msgspec.json.Encoder(decimal_format="number")
BY_ITEM = "1"
"""clr_way 清算方式: by item, until the payment desk says otherwise."""


@cache
def message_of(infno: str) -> Message:
    """The description of a served message."""
    found = described(infno)
    if found is None:
        raise LookupError(f"{infno} is not described")
    return found


def encoded(infno: str, output: Mapping[str, Any]) -> bytes:
    """An output in its documented types as JSON bytes: what is answered, and kept for a repeat."""
    return ENCODER.encode(typed_output(message_of(infno), output))


def decoded(text: str) -> dict[str, Any]:
    """A JSON column as a dict."""
    found = msgspec.json.decode(text)
    return found if isinstance(found, dict) else {}


def born(row: Mapping[str, Any], day: date) -> Any:
    """The age on a day; None without a birth date."""
    return age(row["brdy"], day) if row["brdy"] is not None else None


def person_of(row: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
    """The person's part of setlinfo."""
    return {
        "psn_no": row["psn_no"],
        "psn_name": row["name"],
        "psn_cert_type": row["psn_cert_type"],
        "certno": desk.cipher.open(row["certno_cipher"]) if row["certno_cipher"] is not None else "",
        "gend": row["gend"],
        "naty": row["naty"],
        "brdy": row["brdy"],
        "age": born(row, row["day"]),
    }


def money_of(figures: Mapping[str, int]) -> dict[str, Any]:
    """The national amounts as JSON numbers."""
    return {name: yuan(fen) for name, fen in figures.items()}


def setldetail(receipt: Receipt, figures: Mapping[str, int], funds: Sequence[FundRow]) -> list[dict[str, Any]]:
    """One row per payer 基金分项; every row repeats the in-scope amount, the basic fund's row the limit before the bill."""
    within = yuan(figures["inscp_scp_amt"])
    rows = []
    for place, row in enumerate(funds):
        left = receipt.limit_left if place == 0 and receipt.pool > 0 else codes.UNBOUNDED
        rows.append(
            {
                "fund_pay_type": row.fund,
                "fund_pay_type_name": row.name,
                "inscp_scp_amt": within,
                "crt_payb_lmt_amt": None if left >= codes.UNBOUNDED else yuan(left),
                "fund_payamt": yuan(row.amount),
                "setl_proc_info": None,
            }
        )
    return rows


def settled_output(decided: Decided, setl_id: int, mdtrt_id: int, at: datetime, request: Request, desk: Desk) -> dict[str, Any]:
    """The output of 2206, 2207, 2303, 2304, 2101, 2102; setl_id 0 for a trial."""
    row, said = decided.row, warning(decided.receipt)
    figures = amounts(decided.receipt, decided.case.plan)
    info = {
        **person_of(row, desk),
        "mdtrt_id": str(mdtrt_id) if mdtrt_id else "",
        "setl_id": str(setl_id) if setl_id else "",
        "setl_time": moment_text(at) if setl_id else None,
        "insutype": row["insutype"],
        "psn_type": row["psn_type"] or "",
        "cvlserv_flag": str(int(bool(row["civil_servant"]))),
        "mdtrt_cert_type": decided.asked.cert_type or row["cert_type"],
        "med_type": decided.case.med_type,
        **money_of(figures),
        "medins_setl_id": request.msgid,
        "clr_optins": home_area(row),
        "clr_way": BY_ITEM,
        "clr_type": decided.clr_type,
    }
    output = {"setlinfo": info, "setldetail": setldetail(decided.receipt, figures, decided.funds)}
    return output if not said else {**output, "setlinfo": {**info, "exp_content": ENCODER.encode({"warn_msg": said}).decode()}}


def mirror_output(done: Mirrored, setl_id: int, at: datetime, request: Request, desk: Desk) -> dict[str, Any]:
    """The output of 2208, 2305, 2103: every amount negated, the account after the money came back."""
    figures = amounts(done.receipt, done.plan)
    row, money = done.row, money_of(figures)
    detail = decoded(row["detail"])
    info = {
        **person_of(row, desk),
        "mdtrt_id": str(row["mdtrt_id"]),
        "setl_id": str(setl_id),
        "setl_time": moment_text(at),
        "insutype": row["insutype"],
        "psn_type": detail.get("psn_type", ""),
        "cvlserv_flag": detail.get("cvlserv_flag", "0"),
        "mdtrt_cert_type": detail.get("mdtrt_cert_type", ""),
        "med_type": row["med_type"],
        **money,
        "pdn_cash_pay": money["psn_cash_pay"],
        "medins_setl_id": request.msgid,
        "clr_optins": row["insured"],
        "clr_way": BY_ITEM,
        "clr_type": row["clr_type"],
        "insu_admdvs": row["insured"],
        "begndate": day_of(row["begins"]),
        "enddate": row["day"],
    }
    return {"setlinfo": info, "setldetail": setldetail(done.receipt, figures, fund_rows(done.receipt, done.plan))}
