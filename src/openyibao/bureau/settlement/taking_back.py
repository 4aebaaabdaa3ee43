"""Taking a settlement back 冲销 (2103, 2208, 2305, and 2601 for an answer that was lost): a mirror document, never an edit.

Later bills of the year stand as they are, and the year is carried again without the bill (docs/decisions/0005). What was taken from
accounts goes back to the accounts it was taken from.
"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from openyibao.bureau.policydesk.queries import Shelf
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement import deciding
from openyibao.bureau.settlement.actions import TRIES, Caller, Said, busy, pause, said_before
from openyibao.bureau.settlement.clock import day_of
from openyibao.bureau.settlement.deciding import Heading, with_figures
from openyibao.bureau.settlement.packing import SHAPE, pack, unpack
from openyibao.bureau.settlement.store import reversals, writing
from openyibao.bureau.settlement.store.pool import AlreadyAnswered, Conflict, Store, Taken
from openyibao.bureau.settlement.store.writing import JournalRow, LayerRow, MessageRow, Money, Rows, VisitRow, YearRow
from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.reversal import Settled, mirror, reverse, stood
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book
from openyibao.warehouse.bills.settled import NO_PLAN


class Mirrored(NamedTuple):
    """A settlement and the mirror that takes it back."""

    row: Any  # the settlement with its visit, person and year (store/reversals.py)
    claim: Claim
    plan: Plan
    book: Book
    receipt: Receipt  # the mirror
    after: Year


Answer = Callable[[Mirrored, int], bytes]
"""The reply's output as bytes, from the mirror and its own setl_id."""


class Undo(NamedTuple):
    """What should be taken back, as the message names it; empty or 0 = not named."""

    setl_id: int
    mdtrt_id: int
    psn_no: str


def check(row: Any, undo: Undo, institution: str) -> None:
    """Refuse what cannot be taken back."""
    if row is None:
        raise Refused(
            "REVERSE-01",
            f"结算ID {undo.setl_id} 不存在",
            f"there is no settlement {undo.setl_id}",
            place="setl_id",
            next_zh="请用 5203 核对结算ID",
            next_en="check setl_id by 5203",
        )
    if row["fixmedins_code"] != institution:
        raise Refused("REVERSE-02", "该结算不是本机构的结算", "this settlement is not of this institution", place="setl_id")
    if (undo.psn_no and row["psn_no"] != undo.psn_no) or (undo.mdtrt_id and row["mdtrt_id"] != undo.mdtrt_id):
        raise Refused(
            "REVERSE-03",
            "人员编号或就诊ID与该结算不一致",
            "psn_no or mdtrt_id is not that of the settlement",
            place="psn_no",
            next_zh="请核对后重发",
            next_en="check and send again",
        )
    if "claim" in json.loads(row["detail"]):
        raise Refused(
            "REVERSE-09",
            f"{undo.setl_id} 是零星报销，不由医疗机构冲销",
            f"{undo.setl_id} is a paper claim, which no institution takes back",
            place="setl_id",
            next_zh="请联系医保经办机构",
            next_en="ask the bureau",
        )
    if row["mirror_of"] is not None:
        raise Refused(
            "REVERSE-05",
            f"{undo.setl_id} 是 {row['mirror_of']} 的冲销单，不能再冲销",
            f"{undo.setl_id} is itself the mirror of {row['mirror_of']}",
            place="setl_id",
            next_zh="如需恢复请重新结算",
            next_en="settle again instead",
        )
    if row["mirrored_by"] is not None:
        raise Refused(
            "REVERSE-04",
            f"该结算已由 {row['mirrored_by']} 冲销",
            f"this settlement was taken back by {row['mirrored_by']}",
            since=day_of(row["mirrored_at"]),
            place="setl_id",
            next_zh="无需再冲销",
            next_en="nothing more to do",
        )


def standing_of_year(rows: list[Any], shelf: Shelf) -> tuple[list[Settled], dict[int, tuple[Book, Plan]], dict[int, int]]:
    """The year's standing settlements as they follow one another now, the plan of each by the identity of its claim, places by setl_id.

    They are carried from what the year began with: the figures in a row are those of its own day, with bills in them that fell since.
    """
    standing: list[Settled] = []
    plans: dict[int, tuple[Book, Plan]] = {}
    places: dict[int, int] = {}
    for row in rows:
        if row["taken_back"]:
            continue
        claim = unpack(Claim, row["claim"], row["shape"])
        book = shelf.of_digest(row["digest"])
        plans[id(claim)] = (book, book.plan_for(claim) or NO_PLAN)
        places[row["setl_id"]] = len(standing)
        before, after = unpack(Year, row["before"], row["shape"]), unpack(Year, row["after"], row["shape"])
        standing.append(Settled(claim, before, unpack(Receipt, row["receipt"], row["shape"]), after))
    began = unpack(Year, rows[0]["before"], rows[0]["shape"])
    return list(stood(standing, began, lambda claim: plans[id(claim)][1])), plans, places


def mirrored(row: Any, rows: list[Any], shelf: Shelf) -> Mirrored:
    """The mirror of a settlement, and the year of `rows` without it. Raises Conflict when another window has taken it back meanwhile."""
    journal, plans, places = standing_of_year(rows, shelf)
    if row["setl_id"] not in places:
        raise Conflict("taken back meanwhile")
    place = places[row["setl_id"]]
    target = journal[place]
    done = reverse(journal, place, lambda claim: plans[id(claim)][1], strict=False)
    book, plan = plans[id(target.claim)]
    return Mirrored(row, target.claim, plan, book, mirror(target.receipt, row["balance_now"] or 0), done.year)


async def take_back(store: Store, shelf: Shelf, undo: Undo, caller: Caller, at: datetime, answer: Answer) -> bytes | Said:
    """Take a settlement back; the answer, or the first one when the message id comes again. Raises Refused."""
    first = await reversals.target(store, caller.institution, caller.msgid, undo.setl_id)
    if first is None:
        check(None, undo, caller.institution)
    async with store.one_at_a_time(first["psn_no"]):
        for attempt in range(TRIES):
            row = await reversals.target(store, caller.institution, caller.msgid, undo.setl_id)
            before = said_before(row)
            if before is not None:
                return before
            check(row, undo, caller.institution)
            rows = await reversals.journal_of_year(store, row["psn_no"], row["insutype"], undo.setl_id)
            try:
                return await record(store, mirrored(row, rows, shelf), caller, at, answer)
            except (Conflict, AlreadyAnswered):
                await pause(attempt)
            except Taken as taken:
                if taken.constraint != "settlement_one_mirror":
                    raise
                await pause(attempt)  # the next reading finds the other mirror, and refuses or answers
    raise busy()


async def record(store: Store, done: Mirrored, caller: Caller, at: datetime, answer: Answer) -> bytes:
    """Write the mirror and return its answer. Raises Conflict, AlreadyAnswered, Taken."""
    (number,) = await store.numbers(1)
    said, row = answer(done, number), done.row
    layers = await reversals.layers(store, row["setl_id"])
    moves = await reversals.moves(store, row["setl_id"], row["psn_no"])
    await writing.write(store, rows_of(done, number, layers, moves, caller, at, said))
    return said


def rows_of(done: Mirrored, number: int, layers: Iterable[Any], moves: Iterable[Any], caller: Caller, at: datetime, said: bytes) -> Rows:
    """What the mirror leaves behind under its own number, from what the funds and the accounts paid."""
    row, receipt = done.row, done.receipt
    text, postings = deciding.postings_of(receipt, row["day"], number, row["fixmedins_code"])
    heading = Heading(number, row["poolarea"], row["clr_type"], row["chrg_bchno"], row["day"], at, row["setl_id"])
    settlement = with_figures(heading, receipt, done.book.digest, row["detail"])
    visit = VisitRow(
        row["mdtrt_id"],
        row["visit_version"],
        row["visit_state"],
        row["fixmedins_code"],
        row["treating"],
        row["insured"],
        row["sort"],
        row["med_type"],
        row["ipt_otp_no"],
        row["begins"],
        row["ends"],
        row["dise_codg"],
        row["dr_code"],
        "{}",
    )
    undone = [LayerRow(one["fund_pay_type"], one["name"], -one["fen"]) for one in layers]
    back = [Money(one["psn_no"], -one["fen"]) for one in moves]
    if sum(move.fen for move in back) != row["account"]:
        raise LookupError(f"settlement {row['setl_id']} took {row['account']} fen from accounts, {back} of them are found")
    before = unpack(Year, row["year_figures"])
    journal = JournalRow("M", SHAPE, pack(done.claim), pack(before), pack(receipt), pack(done.after))
    year = YearRow(row["psn_no"], row["insutype"], done.after.year, row["year_version"], pack(done.after))
    message = MessageRow(caller.institution, caller.msgid, caller.infno, caller.digest, said)
    return Rows(year, visit, settlement, undone, journal, text, postings, back, message)
