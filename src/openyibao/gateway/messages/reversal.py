"""When an answer was lost 冲正与查询: 2601 takes back what a message did, Y0001 tells what became of it.

An original that never arrived is buried by 2601: should it still come, it is refused, so that both sides agree whichever came first.
"""

from typing import Any

import msgspec

from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement import taking_back
from openyibao.bureau.settlement.actions import TRIES, Said, busy, pause
from openyibao.bureau.settlement.clock import local
from openyibao.bureau.settlement.models import Encounter
from openyibao.bureau.settlement.store import reversals, visits
from openyibao.bureau.settlement.store.pool import AlreadyAnswered, Conflict
from openyibao.bureau.settlement.store.writing import MessageRow
from openyibao.bureau.settlement.taking_back import Mirrored, Undo
from openyibao.gateway import reading
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages.visits import check_unsettled
from openyibao.gateway.wire import moment_text

SETTLING = ("2102", "2207", "2207A", "2304")
MIRRORS = ("2103", "2208", "2305")
ADMITTING = "2401"
BURIED = b"\x00"
NOTHING = b"{}"


async def undo(request: Request, desk: Desk) -> bytes | Said:
    """2601 冲正交易."""
    fields = request.input["data"]
    original, infno = fields["omsgid"], fields["oinfno"]
    if infno not in (*SETTLING, *MIRRORS, ADMITTING):
        raise Refused(
            "REVERSE-06",
            f"交易 {infno} 不能冲正",
            f"{infno} cannot be reversed by 2601",
            place="oinfno",
            next_zh="可冲正 2102、2207、2304、2401",
            next_en="2102, 2207, 2304 and 2401 can",
        )
    repeat = await reversals.message(desk.store, request.institution, request.msgid)
    if repeat is not None:
        return Said(repeat["infno"], repeat["digest"], repeat["answer"])
    found = await reversals.message(desk.store, request.institution, original)
    if found is None:
        await reversals.bury(desk.store, request.institution, original, infno, request.at, fields.get("psn_no") or "")
        found = await reversals.message(desk.store, request.institution, original)
    if found["digest"] == BURIED:
        return NOTHING
    if found["infno"] != infno:
        raise Refused(
            "REVERSE-07",
            f"报文 {original} 是交易 {found['infno']}，不是 {infno}",
            f"message {original} is {found['infno']}, not {infno}",
            place="oinfno",
        )
    if fields.get("psn_no") and found["psn_no"] != fields["psn_no"]:
        raise Refused("REVERSE-03", "人员编号与原交易不一致", "psn_no is not that of the original", place="psn_no")
    if infno in MIRRORS:
        raise Refused(
            "REVERSE-08",
            f"报文 {original} 已完成撤销，撤销不能再冲正",
            f"message {original} took a settlement back, which cannot be undone",
            place="oinfno",
            next_zh="如需恢复请用新报文重新结算",
            next_en="settle again with a new message",
        )
    return await (cancel_admission(request, desk, found) if infno == ADMITTING else take_back(request, desk, found))


async def take_back(request: Request, desk: Desk, found: Any) -> bytes | Said:
    """Take back the settlement a message made; one that was taken back already is as it should be."""

    def answer(done: Mirrored, setl_id: int) -> bytes:
        return NOTHING

    caller = reading.caller(request)
    try:
        return await taking_back.take_back(desk.store, desk.shelf, Undo(found["ref"], 0, ""), caller, request.at, answer)
    except Refused as refused:
        if refused.code != "REVERSE-04":
            raise
        return NOTHING


async def cancel_admission(request: Request, desk: Desk, found: Any) -> bytes | Said:
    """Cancel the stay a 2401 registered."""
    message = MessageRow(request.institution, request.msgid, request.infno, request.digest, NOTHING)
    for attempt in range(TRIES):
        row = await visits.stand_of(desk.store, request.institution, request.msgid, found["ref"])
        if row["state"] == Encounter.CANCELLED:
            return NOTHING
        check_unsettled(row, "冲正入院", "reversed")
        try:
            await visits.change_visit(desk.store, message, request.at, row, {"state": Encounter.CANCELLED}, (), ())
        except (AlreadyAnswered, Conflict):
            await pause(attempt)
        else:
            return NOTHING
    raise busy()


async def became(request: Request, desk: Desk) -> Any:
    """Y0001 报文处理结果查询: committed, reversed, or unknown (then the original may be sent again as it was)."""
    fields = request.input["data"]
    msgid = fields.get("msgid") or fields.get("omsgid") or ""
    found = await reversals.message(desk.store, request.institution, msgid)
    if found is None:
        return {"data": {"msgid": msgid, "infno": None, "state": "unknown", "at": None, "answer": None}}
    reversed_ = found["digest"] == BURIED
    if not reversed_ and found["infno"] in SETTLING:
        target = await reversals.target(desk.store, request.institution, "", found["ref"])
        reversed_ = target is not None and target["mirrored_by"] is not None
    answer = None if found["digest"] == BURIED else msgspec.Raw(found["answer"])
    return {
        "data": {
            "msgid": msgid,
            "infno": found["infno"],
            "state": "reversed" if reversed_ else "committed",
            "at": moment_text(local(found["at"])),
            "answer": answer,
        }
    }


HANDLERS = {"2601": Handler(undo, "hot"), "Y0001": Handler(became, "look")}
"""The family's messages."""
