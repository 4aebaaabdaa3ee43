"""Inpatient messages 住院 (2301–2304, 2401–2405): admit, change, charge, discharge, pre-settle, settle. 2305 is with 2208."""

from typing import Any

from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement import actions
from openyibao.bureau.settlement.actions import Said
from openyibao.bureau.settlement.deciding import Decided
from openyibao.bureau.settlement.models import Encounter
from openyibao.gateway import answers, reading
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages import charges, visits

EVERY_LINE = "0000"
STAY = "I"
"""Encounter.sort of a stay."""

ADMISSION, DISCHARGE = "1", "2"
"""inout_diag_type 出入院诊断类别, as the diagnoses of a stay are kept."""


async def admit(request: Request, desk: Desk) -> bytes | Said:
    """2401 入院办理."""
    fields = request.input["mdtrtinfo"]
    found = visits.diagnoses(request.input.get("diseinfo") or [], ADMISSION, desk, request)
    return await visits.register(
        request,
        desk,
        fields,
        "I",
        fields["med_type"],
        fields.get("ipt_no") or "",
        fields.get("atddr_no") or "",
        fields.get("adm_dept_codg") or "",
        found,
        "result",
    )


async def discharge(request: Request, desk: Desk) -> bytes | Said:
    """2402 出院办理."""
    fields = request.input["dscginfo"]
    ends = reading.at_or(fields.get("endtime"), request.at)

    def changes(row: Any) -> dict[str, Any]:
        visits.check_unsettled(row, "办理出院", "discharged again")
        if ends < row["begins"]:
            raise Refused(
                "VISIT-12",
                f"出院时间 {ends:%Y-%m-%d %H:%M} 早于入院时间 {row['begins']:%Y-%m-%d %H:%M}",
                "the discharge is before the admission",
                place="endtime",
                next_zh="请核对出院时间",
                next_en="check endtime",
            )
        return {
            "state": Encounter.DISCHARGED,
            "ends": ends,
            "dise_codg": fields.get("dise_codg") or row["dise_codg"],
            "detail": visits.joined(row, fields),
        }

    found = visits.diagnoses(request.input.get("diseinfo") or [], DISCHARGE, desk, request)
    return await visits.change(request, desk, fields, changes, found, visits.voided(request.input.get("diseinfo") or [], DISCHARGE))


async def alter(request: Request, desk: Desk) -> bytes | Said:
    """2403 住院信息变更."""
    fields = request.input["adminfo"]

    def changes(row: Any) -> dict[str, Any]:
        visits.check_unsettled(row, "变更住院信息", "changed")
        return {
            "med_type": fields.get("med_type") or row["med_type"],
            "begins": reading.moment(fields.get("begntime")) or row["begins"],
            "dise_codg": fields.get("dise_codg") or row["dise_codg"],
            "dr_code": fields.get("atddr_no") or row["dr_code"],
            "dept_code": fields.get("adm_dept_codg") or row["dept_code"],
            "detail": visits.joined(row, fields),
        }

    found = visits.diagnoses(request.input.get("diseinfo") or [], ADMISSION, desk, request)
    return await visits.change(request, desk, fields, changes, found, visits.voided(request.input.get("diseinfo") or [], ADMISSION))


async def cancel(request: Request, desk: Desk) -> bytes | Said:
    """2404 入院撤销."""

    def changes(row: Any) -> dict[str, Any]:
        visits.check_unsettled(row, "撤销入院", "cancelled")
        if row["charged"]:
            raise Refused(
                "VISIT-13",
                "该住院已有费用明细，不能撤销入院",
                "the stay has charge lines, it cannot be cancelled",
                place="mdtrt_id",
                next_zh="请先撤销明细（2302）",
                next_en="withdraw the lines first (2302)",
            )
        return {"state": Encounter.CANCELLED}

    return await visits.change(request, desk, request.input["data"], changes)


async def back_in(request: Request, desk: Desk) -> bytes | Said:
    """2405 出院撤销."""

    def changes(row: Any) -> dict[str, Any]:
        visits.check_unsettled(row, "撤销出院", "taken back into hospital")
        if row["state"] != Encounter.DISCHARGED:
            raise Refused(
                "VISIT-14",
                "该住院尚未办理出院",
                "the stay is not discharged",
                place="mdtrt_id",
                next_zh="无需撤销",
                next_en="nothing to take back",
            )
        return {"state": Encounter.OPEN, "ends": None}

    return await visits.change(request, desk, request.input["data"], changes)


async def upload(request: Request, desk: Desk) -> bytes | Said:
    """2301 住院费用明细上传."""
    return await charges.take(request, desk, reading.STAY_BATCH, STAY)


async def withdraw(request: Request, desk: Desk) -> bytes | Said:
    """2302 住院费用明细撤销."""
    rows = request.input["data"]
    mdtrt_id, psn_no = reading.visit_number(rows[0]), rows[0]["psn_no"]
    if any(fields.get("mdtrt_id") != rows[0].get("mdtrt_id") for fields in rows):
        raise Refused("LINE-12", "一次撤销的明细须属于同一就诊", "the lines of one message must belong to one visit", place="data")
    numbers = [fields["feedetl_sn"] for fields in rows]
    return await charges.withdraw(request, desk, mdtrt_id, psn_no, None, None if EVERY_LINE in numbers else numbers)


def whole_stay(fields: dict[str, Any]) -> None:
    """Refuse an interim settlement 中途结算, which is not served."""
    if str(fields.get("mid_setl_flag") or "0") == "1":
        raise Refused(
            "VISIT-15",
            "尚不支持中途结算",
            "interim settlement is not served yet",
            place="mid_setl_flag",
            next_zh="请在出院时一次结算",
            next_en="settle the whole stay at discharge",
        )


def check_discharged(decided: Decided) -> None:
    """Refuse to settle a stay before its discharge."""
    if decided.row["visit_state"] != Encounter.DISCHARGED:
        raise Refused(
            "VISIT-16",
            "该住院尚未办理出院",
            "the stay is not discharged yet",
            place="mdtrt_id",
            next_zh="请先办理出院（2402）再结算",
            next_en="discharge first (2402)",
        )


async def tried(request: Request, desk: Desk) -> Decided:
    """What the law would answer to the bill of a 2303; before the discharge as of the time given, or of now."""
    fields = request.input["data"]
    whole_stay(fields)
    discharged = reading.moment(fields.get("dscgTime") or fields.get("dscg_time"))
    asked = reading.asked(fields, reading.STAY_BATCH, discharged, STAY)
    return await actions.try_visit(desk.store, desk.shelf, asked, reading.visit_number(fields), reading.caller(request), request.at)


async def trial(request: Request, desk: Desk) -> Any:
    """2303 住院预结算."""
    decided = await tried(request, desk)
    return answers.settled_output(decided, 0, reading.visit_number(request.input["data"]), request.at, request, desk)


async def settle(request: Request, desk: Desk) -> bytes | Said:
    """2304 住院结算."""
    fields = request.input["data"]
    whole_stay(fields)
    mdtrt_id = reading.visit_number(fields)

    def answer(decided: Decided, setl_id: int) -> bytes:
        check_discharged(decided)
        return answers.encoded(request.infno, answers.settled_output(decided, setl_id, mdtrt_id, request.at, request, desk))

    return await actions.settle_visit(
        desk.store, desk.shelf, reading.asked(fields, reading.STAY_BATCH, sort=STAY), mdtrt_id, reading.caller(request), request.at, answer
    )


HANDLERS = {
    "2301": Handler(upload, "hot"),
    "2302": Handler(withdraw, "hot"),
    "2303": Handler(trial, "look"),
    "2304": Handler(settle, "hot"),
    "2401": Handler(admit, "hot"),
    "2402": Handler(discharge, "hot"),
    "2403": Handler(alter, "hot"),
    "2404": Handler(cancel, "hot"),
    "2405": Handler(back_in, "hot"),
}
"""The family's messages."""
