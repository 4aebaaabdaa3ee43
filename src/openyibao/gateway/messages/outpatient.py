"""Outpatient messages 门诊 (2201–2208): register, diagnoses, lines, pre-settle, settle, take back."""

from typing import Any

from openyibao.bureau.settlement import actions, taking_back
from openyibao.bureau.settlement.actions import Said
from openyibao.bureau.settlement.deciding import Decided
from openyibao.bureau.settlement.models import Encounter
from openyibao.bureau.settlement.taking_back import Mirrored, Undo
from openyibao.gateway import answers, reading
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages import charges, visits

OUTPATIENT = "11"
"""med_type of a visit until 2203 or the settlement says another."""

EVERY_BATCH = "0000"
VISIT = "O"
"""Encounter.sort of an outpatient visit."""


async def register(request: Request, desk: Desk) -> bytes | Said:
    """2201 门诊挂号."""
    fields = request.input["data"]
    return await visits.register(
        request,
        desk,
        fields,
        "O",
        fields.get("med_type") or OUTPATIENT,
        fields.get("ipt_otp_no") or "",
        fields.get("atddr_no") or "",
        fields.get("dept_code") or "",
        (),
        "data",
    )


async def cancel(request: Request, desk: Desk) -> bytes | Said:
    """2202 门诊挂号撤销."""

    def changes(row: Any) -> dict[str, Any]:
        visits.check_unsettled(row, "撤销挂号", "cancelled")
        return {"state": Encounter.CANCELLED}

    return await visits.change(request, desk, request.input["data"], changes)


async def diagnose(request: Request, desk: Desk) -> bytes | Said:
    """2203, 2203A 门诊就诊信息上传."""
    fields, rows = request.input["mdtrtinfo"], request.input.get("diseinfo") or []

    def changes(row: Any) -> dict[str, Any]:
        visits.check_unsettled(row, "更改就诊信息", "changed")
        begins = reading.moment(fields.get("begntime")) or row["begins"]
        doctor = next((one.get("dise_dor_no") for one in rows if one.get("dise_dor_no")), "") or row["dr_code"]
        return {
            "med_type": fields.get("med_type") or row["med_type"],
            "begins": begins,
            "dise_codg": fields.get("dise_codg") or "",
            "dr_code": doctor,
            "detail": visits.joined(row, fields),
        }

    found = visits.diagnoses(rows, "O", desk, request)
    return await visits.change(request, desk, fields, changes, found, visits.voided(rows, "O"))


async def upload(request: Request, desk: Desk) -> bytes | Said:
    """2204 门诊费用明细上传."""
    return await charges.take(request, desk, EVERY_BATCH, VISIT)


async def withdraw(request: Request, desk: Desk) -> bytes | Said:
    """2205 门诊费用明细撤销."""
    fields = request.input["data"]
    batch = fields.get("chrg_bchno") or EVERY_BATCH
    only = [fields["feedetl_sn"]] if fields.get("feedetl_sn") else None
    return await charges.withdraw(
        request, desk, reading.visit_number(fields), fields["psn_no"], None if batch == EVERY_BATCH else batch, only
    )


async def tried(request: Request, desk: Desk) -> Decided:
    """What the law would answer to the bill of a 2206."""
    fields = request.input["data"]
    return await actions.try_visit(
        desk.store,
        desk.shelf,
        reading.asked(fields, fields.get("chrg_bchno") or EVERY_BATCH),
        reading.visit_number(fields),
        reading.caller(request),
        request.at,
    )


async def trial(request: Request, desk: Desk) -> Any:
    """2206 门诊预结算."""
    decided = await tried(request, desk)
    return answers.settled_output(decided, 0, reading.visit_number(request.input["data"]), request.at, request, desk)


async def settle(request: Request, desk: Desk) -> bytes | Said:
    """2207 门诊结算."""
    fields = request.input["data"]
    mdtrt_id = reading.visit_number(fields)

    def answer(decided: Decided, setl_id: int) -> bytes:
        return answers.encoded(request.infno, answers.settled_output(decided, setl_id, mdtrt_id, request.at, request, desk))

    return await actions.settle_visit(
        desk.store,
        desk.shelf,
        reading.asked(fields, fields.get("chrg_bchno") or EVERY_BATCH),
        mdtrt_id,
        reading.caller(request),
        request.at,
        answer,
    )


async def undo(request: Request, desk: Desk) -> bytes | Said:
    """2208 门诊结算撤销, 2305 住院结算撤销, 2103 药店结算撤销."""
    fields = request.input["data"]

    def answer(done: Mirrored, setl_id: int) -> bytes:
        return answers.encoded(request.infno, answers.mirror_output(done, setl_id, request.at, request, desk))

    target = Undo(
        reading.settlement_number(fields), reading.visit_number(fields) if fields.get("mdtrt_id") else 0, fields.get("psn_no") or ""
    )
    return await taking_back.take_back(desk.store, desk.shelf, target, reading.caller(request), request.at, answer)


HANDLERS = {
    "2201": Handler(register, "hot"),
    "2202": Handler(cancel, "hot"),
    "2203": Handler(diagnose, "hot"),
    "2203A": Handler(diagnose, "hot"),
    "2204": Handler(upload, "hot"),
    "2205": Handler(withdraw, "hot"),
    "2206": Handler(trial, "look"),
    "2206A": Handler(trial, "look"),
    "2207": Handler(settle, "hot"),
    "2207A": Handler(settle, "hot"),
    "2208": Handler(undo, "hot"),
    "2305": Handler(undo, "hot"),
    "2103": Handler(undo, "hot"),
}
"""The family's messages, and the three that take a settlement back."""
