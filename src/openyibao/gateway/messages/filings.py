"""Filings at the window 人员备案: 2501–2506, and what was filed: 5301, 5302, 5304."""

from datetime import date, datetime
from typing import Any

from openyibao.bureau.enrolment.queries import cover_on, employer_name, person_of
from openyibao.bureau.entitlement import actions
from openyibao.bureau.entitlement.actions import Filed
from openyibao.bureau.entitlement.models import Filing
from openyibao.bureau.entitlement.queries import filings_of
from openyibao.bureau.policydesk.queries import pooling_area
from openyibao.bureau.providers.queries import institution_on
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages.kept import clock, first_day_after, further, last_day
from openyibao.gateway.messages.person import note, officer_of

FROM_INSTITUTION, FROM_BUREAU = "01", "02"
"""dcla_souc 申报来源."""

NAMED = ("psn_no", "insutype", "begndate", "enddate")


def filed(fields: dict[str, Any], starts: date) -> Filed:
    """The person, the days and the further fields of a filing."""
    return Filed(fields["psn_no"], starts, first_day_after(fields.get("enddate")), fields.get("insutype") or "", further(fields, *NAMED))


def number(row: Filing) -> dict[str, Any]:
    """The answer to a filing: its number."""
    return {"result": {"trt_dcla_detl_sn": str(row.sn), "exp_content": None}}


def refer(request: Request, desk: Desk) -> dict[str, Any]:
    """2501 转院备案."""
    fields = request.input["refmedin"]
    row = actions.file_referral(
        filed(fields, fields.get("begndate") or fields["refl_date"]), target=fields["reflin_medins_no"], area=fields["mdtrtarea_admdvs"],
        shelf=desk.shelf, at=request.at, by=officer_of(request),
    )  # fmt: skip
    return {"result": {"trt_dcla_detl_sn": str(row.sn)}}


def file_chronic(request: Request, desk: Desk) -> dict[str, Any]:
    """2503 人员慢特病备案."""
    fields = request.input["data"]
    return number(actions.file_chronic(
        filed(fields, fields["begndate"]), disease=fields["opsp_dise_code"], institution=fields["ide_fixmedins_no"], shelf=desk.shelf,
        at=request.at, by=officer_of(request),
    ))  # fmt: skip


def file_fixed(request: Request, desk: Desk) -> dict[str, Any]:
    """2505 人员定点备案."""
    fields = request.input["data"]
    return number(actions.file_fixed(
        filed(fields, fields["begndate"]), institution=fields["fixmedins_code"], business=fields["biz_appy_type"],
        rank=fields["fix_srt_no"], at=request.at, by=officer_of(request),
    ))  # fmt: skip


def withdraw(request: Request, kind: str) -> dict[str, Any]:
    """Undo a filing of a kind."""
    fields = request.input["data"]
    actions.withdraw(kind=kind, sn=fields["trt_dcla_detl_sn"], psn_no=fields["psn_no"], day=request.day, at=request.at,
                     by=officer_of(request), why=fields.get("memo") or "")
    return {}


def withdraw_referral(request: Request, desk: Desk) -> dict[str, Any]:
    """2502 转院备案撤销."""
    return withdraw(request, Filing.REFERRAL)


def withdraw_chronic(request: Request, desk: Desk) -> dict[str, Any]:
    """2504 人员慢特病备案撤销."""
    return withdraw(request, Filing.CHRONIC)


def withdraw_fixed(request: Request, desk: Desk) -> dict[str, Any]:
    """2506 人员定点备案撤销."""
    return withdraw(request, Filing.FIXED)


# ---- queries ----


def chronic_filings(request: Request, desk: Desk) -> dict[str, Any]:
    """5301 人员慢特病备案查询: those in force today."""
    person = person_of(request.input["data"]["psn_no"])
    note(request, person.psn_no, "filings")
    cover = cover_on(person.psn_no, request.day)
    book = desk.shelf.of_area(cover.admdvs or person.admdvs)
    names = {code: zh for code, zh, _ in book.disease_names()} if book is not None else {}
    return {"feedetail": [
        {"opsp_dise_code": row.code, "opsp_dise_name": row.detail.get("opsp_dise_name") or short(names.get(row.code, row.code)),
         "begndate": row.starts, "enddate": last_day(row.ends), "exp_content": None}
        for row in filings_of(person.psn_no, kind=Filing.CHRONIC, day=request.day)
    ]}  # fmt: skip


def short(name: str) -> str:
    """A disease's name without the word that the parameter adds: 高血压慢特病类别 -> 高血压."""
    for ending in ("慢特病类别", "病种类别", "类别", "病种"):
        name = name.removesuffix(ending)
    return name


def institution_name(code: str, at: datetime) -> str:
    """An institution's name; its code where it is not registered."""
    found = institution_on(code, at)
    return found.name if found is not None else code


def fixed_filings(request: Request, desk: Desk) -> dict[str, Any]:
    """5302 人员定点信息查询: those in force today, of the kind of business asked for."""
    fields = request.input["data"]
    person = person_of(fields["psn_no"])
    note(request, person.psn_no, "filings")
    business = fields["biz_appy_type"]
    rows = [row for row in filings_of(person.psn_no, kind=Filing.FIXED, day=request.day)
            if row.detail.get("biz_appy_type", business) == business]
    return {"psnfixmedin": [
        {"psn_no": person.psn_no, "insutype": row.insutype or None, "fix_srt_no": row.detail.get("fix_srt_no") or str(place),
         "fixmedins_code": row.code, "fixmedins_name": institution_name(row.code, request.at), "begndate": row.starts,
         "enddate": last_day(row.ends), "memo": row.detail.get("memo")}
        for place, row in enumerate(rows, 1)
    ]}  # fmt: skip


def referrals(request: Request, desk: Desk) -> dict[str, Any]:
    """5304 转院信息查询: filings that hold on some day of the span asked for."""
    fields = request.input["data"]
    person = person_of(fields["psn_no"])
    note(request, person.psn_no, "referrals")
    first = fields["begntime"].date()
    until = fields["endtime"].date() if fields.get("endtime") is not None else None
    cover = cover_on(person.psn_no, request.day)
    certno = desk.cipher.open(person.certno_cipher)
    rows = [row for row in filings_of(person.psn_no, kind=Filing.REFERRAL)
            if (row.ends is None or row.ends > first) and (until is None or row.starts <= until)]
    return {"refmedin": [
        {
            "insutype": row.insutype or cover.insutype, "dcla_souc": FROM_INSTITUTION if "/" in row.filed_by else FROM_BUREAU,
            "psn_no": person.psn_no, "psn_cert_type": person.psn_cert_type, "certno": certno, "psn_name": person.name,
            "gend": person.gend,
            "brdy": person.brdy, "insu_optins": cover.admdvs or person.admdvs, "emp_name": employer_name(cover.emp_no) or None,
            **{name: row.detail.get(name) for name in ("tel", "addr", "diag_code", "diag_name", "dise_cond_dscr")},
            "reflin_medins_no": row.fixmedins_code,
            "out_flag": str(int(pooling_area(row.area) != pooling_area(cover.admdvs or person.admdvs))),
            "reflin_medins_name": row.detail.get("reflin_medins_name") or institution_name(row.fixmedins_code, request.at),
            "refl_date": row.detail.get("refl_date") or row.starts, "refl_rea": row.detail.get("refl_rea") or "",
            "begndate": row.starts, "enddate": last_day(row.ends), "hosp_agre_refl_flag": row.detail.get("hosp_agre_refl_flag") or "1",
            "opter_id": row.filed_by.partition("/")[2][:20] or None, "opter_name": None, "opt_time": clock(row.at),
        }
        for row in rows
    ]}  # fmt: skip


HANDLERS = {
    "2501": Handler(refer, "write"), "2502": Handler(withdraw_referral, "write"), "2503": Handler(file_chronic, "write"),
    "2504": Handler(withdraw_chronic, "write"), "2505": Handler(file_fixed, "write"), "2506": Handler(withdraw_fixed, "write"),
    "5301": Handler(chronic_filings, "read"), "5302": Handler(fixed_filings, "read"), "5304": Handler(referrals, "read"),
}  # fmt: skip
