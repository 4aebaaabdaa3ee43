"""What the settlement desk writes 结算: settle, take back. Read the facts, let the law decide, write everything in one statement.

Two windows on one person: the second finds the year moved on, reads again and decides again. Different persons never meet.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from openyibao.bureau.policydesk.queries import Shelf
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement import deciding
from openyibao.bureau.settlement.assemble import Asked
from openyibao.bureau.settlement.deciding import Decided
from openyibao.bureau.settlement.splitting import resplit
from openyibao.bureau.settlement.store import facts, writing
from openyibao.bureau.settlement.store.pool import AlreadyAnswered, Conflict, Store, Taken
from openyibao.bureau.settlement.store.writing import MessageRow, Rows

TRIES = 30
"""How often a bill is decided again because another window was first."""


class Caller(NamedTuple):
    """Who asks, by which message."""

    institution: str
    msgid: str
    infno: str
    digest: bytes


class Said(NamedTuple):
    """The first answer to a message id that comes again."""

    infno: str
    digest: bytes
    answer: bytes


Answer = Callable[[Decided, int], bytes]
"""The reply's output as bytes, from the decision and the setl_id (0 for a trial)."""


def said_before(row: Mapping[str, Any]) -> Said | None:
    """The stored answer in a row of facts."""
    digest = row["said_digest"]
    return None if digest is None else Said(row["said_infno"], digest, row["said_answer"])


async def pause(attempt: int) -> None:
    """Step aside for the window that was first, a little longer each time."""
    await asyncio.sleep(random.uniform(0, 0.002 * (attempt + 1)))


async def decided_visit(store: Store, shelf: Shelf, asked: Asked, mdtrt_id: int, caller: Caller, at: datetime) -> Decided | Said:
    """The facts of a visit's bill and what the law answers. Raises Refused."""
    for _ in range(2):
        row = await facts.of_visit(store, caller.institution, caller.msgid, mdtrt_id, asked.discharged or at, asked.batch)
        if row is None:
            raise Refused(
                "VISIT-01",
                f"就诊ID {mdtrt_id} 不存在",
                f"there is no visit {mdtrt_id}",
                place="mdtrt_id",
                next_zh="请核对就诊ID，或先登记（2201、2401）",
                next_en="check mdtrt_id, or register first (2201, 2401)",
            )
        before = said_before(row)
        if before is not None:
            return before
        deciding.check(row, asked, caller.institution)
        decided = deciding.decide(row, asked, shelf)
        if not await resplit(store, decided):
            return decided
    raise Conflict("the lines changed while they were split again")


async def try_visit(store: Store, shelf: Shelf, asked: Asked, mdtrt_id: int, caller: Caller, at: datetime) -> Decided:
    """Pre-settle 预结算 (2206, 2303): the same facts and the same law as a settlement, leaving nothing behind. Raises Refused."""
    for attempt in range(TRIES):
        try:
            found = await decided_visit(store, shelf, asked, mdtrt_id, caller._replace(msgid=""), at)
        except Conflict:
            await pause(attempt)
        else:
            assert isinstance(found, Decided)
            return found
    raise busy()


async def settle_visit(
    store: Store, shelf: Shelf, asked: Asked, mdtrt_id: int, caller: Caller, at: datetime, answer: Answer
) -> bytes | Said:
    """Settle a visit's batch or a stay 结算 (2207, 2304); the answer, or the first one when the message id comes again. Raises Refused."""
    async with store.one_at_a_time(asked.psn_no):
        for attempt in range(TRIES):
            try:
                found = await decided_visit(store, shelf, asked, mdtrt_id, caller, at)
                if isinstance(found, Said):
                    return found
                return await record(store, found, caller, at, answer)
            except (Conflict, AlreadyAnswered):
                await pause(attempt)
            except Taken as taken:
                if taken.constraint != "settlement_batch_once":
                    raise
                await pause(attempt)  # the other window's settlement is read next time, and refused or answered
    raise busy()


def busy() -> Refused:
    """The person is being settled at too many windows at once."""
    return Refused(
        "BUSY-01",
        "该参保人正在其他窗口结算",
        "this person is being settled at another window",
        next_zh="请稍候用同一报文编号重发",
        next_en="send again in a moment with the same msgid",
    )


def rows_of(decided: Decided, setl_id: int, caller: Caller, at: datetime, said: bytes) -> Rows:
    """What a decided bill leaves behind."""
    text, postings = deciding.postings_of(decided.receipt, decided.row["day"], setl_id, caller.institution)
    return Rows(
        deciding.year_row(decided),
        deciding.visit_row(decided),
        deciding.settlement_row(decided, setl_id, at),
        deciding.layer_rows(decided),
        deciding.journal_row(decided),
        text,
        postings,
        deciding.moves_of(decided),
        MessageRow(caller.institution, caller.msgid, caller.infno, caller.digest, said),
    )


async def record(store: Store, decided: Decided, caller: Caller, at: datetime, answer: Answer) -> bytes:
    """Write a decided bill and return its answer. Raises Conflict, AlreadyAnswered, Taken."""
    (setl_id,) = await store.numbers(1)
    said = answer(decided, setl_id)
    await writing.write(store, rows_of(decided, setl_id, caller, at, said))
    return said
