"""Institutions and their people 定点医药机构、执业人员: 1201, 5102."""

from typing import Any

from openyibao.bureau.providers import queries
from openyibao.bureau.providers.models import Practitioner
from openyibao.bureau.refused import Refused
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages.kept import clock, last_day
from openyibao.gateway.tables import label


def institution(request: Request, desk: Desk) -> dict[str, Any]:
    """1201 医药机构信息获取, by code or exact name; without either the sender itself."""
    row = request.input["medinsinfo"]
    code = row.get("fixmedins_code") or one_named(row) or request.institution
    found = queries.institution_on(code, request.at)
    kind = row.get("fixmedins_type")
    if found is None or (kind and found.kind != kind):
        what = f"（{label('fixmedins_type', kind)}）" if kind else ""
        raise Refused(
            "INST-01", f"没有编号为 {code} 的定点医药机构{what}", f"there is no institution {code} of that type",
            place="medinsinfo.fixmedins_code", next_zh="请核对机构编号与机构类型", next_en="check fixmedins_code and fixmedins_type",
        )
    return {
        "medinsinfo": {
            "fixmedins_code": found.code, "fixmedins_name": found.name, "uscc": found.uscc, "fixmedins_type": found.kind,
            "hosp_lv": found.hosp_lv, "exp_content": "",
        }
    }


def one_named(row: dict[str, Any]) -> str:
    """The code of the one institution of the name that was sent; "" when no name was. Raises Refused when there is none, or several."""
    name = row.get("fixmedins_name", "")
    if not name:
        return ""
    codes = queries.institution_named(name, row.get("fixmedins_type", ""))
    if not codes:
        raise Refused(
            "INST-02", f"没有名为“{name}”的定点医药机构", f"no institution is called “{name}”", place="medinsinfo.fixmedins_name",
            next_zh="请填写全称，或改用机构编号查询", next_en="give the full name, or the code",
        )
    if len(codes) > 1:
        raise Refused(
            "INST-03", f"“{name}”有 {len(codes)} 家：{'、'.join(codes)}",
            f"{len(codes)} institutions are called “{name}”: {', '.join(codes)}",
            place="medinsinfo.fixmedins_name", next_zh="请改用机构编号查询", next_en="ask by code",
        )
    return codes[0]


def practitioners(request: Request, desk: Desk) -> dict[str, Any]:
    """5102 执业人员信息查询: the sender's register; who is suspended shows hi_dr_flag 0 and the reason (F28)."""
    row = request.input["data"]
    if row.get("certno") and not row.get("prac_psn_code") and not row.get("prac_psn_name"):
        raise Refused(
            "INST-04", "执业人员不按证件号码登记，无法按证件号码查询", "practitioners are not registered by identity number",
            place="data.certno", next_zh="请按姓名或执业人员代码查询", next_en="ask by name or code",
        )
    rows = list(
        queries.practitioners_of(
            request.institution, kind=row.get("prac_psn_type", ""), code=row.get("prac_psn_code", ""), name=row.get("prac_psn_name", "")
        )
    )
    measures = queries.suspensions_of([one.code for one in rows], request.at)
    return {"feedetail": [practitioner(one, measures.get(one.code)) for one in rows]}


def practitioner(row: Practitioner, measure: queries.Suspension | None) -> dict[str, Any]:
    """One row of 5102."""
    until = f"，至 {clock(measure.ends):%Y-%m-%d %H:%M}" if measure and measure.ends else ""
    return {
        "psn_cert_type": row.detail.get("psn_cert_type", ""), "certno": "",  # identity numbers of practitioners are not given out
        "prac_psn_no": row.detail.get("prac_psn_no"), "prac_psn_code": row.code, "prac_psn_name": row.name, "prac_psn_type": row.kind,
        "prac_psn_cert": row.detail.get("prac_psn_cert"), "prac_cert_no": row.detail.get("prac_cert_no"),
        "hi_dr_flag": "0" if measure else row.detail.get("hi_dr_flag", "1"),
        "begntime": row.starts, "endtime": last_day(row.ends),
        "chg_rea": f"暂停医保结算{until}：{measure.reason}" if measure else None,
    }


HANDLERS = {"1201": Handler(institution, "read"), "5102": Handler(practitioners, "read")}
