"""A purchase at a pharmacy 药店购药 (2101, 2102): lines, visit and settlement come in one message and are written in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from openyibao.bureau.codes.catalogue import Catalogue
from openyibao.bureau.entitlement.models import Filing
from openyibao.bureau.policydesk.queries import Shelf
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement import deciding
from openyibao.bureau.settlement.actions import TRIES, Caller, Said, busy, pause, rows_of, said_before
from openyibao.bureau.settlement.assemble import Asked, filings_of, home_area
from openyibao.bureau.settlement.deciding import Decided
from openyibao.bureau.settlement.splitting import APPROVED, Charge, Priced, price_lines, rules_of_bill, rules_of_visit
from openyibao.bureau.settlement.store import facts, visits, writing
from openyibao.bureau.settlement.store.facts import Buying, Sums
from openyibao.bureau.settlement.store.pool import AlreadyAnswered, Conflict, Store


class Purchase(NamedTuple):
    """A purchase as the pharmacy sends it."""

    asked: Asked
    charges: Sequence[Charge]
    disease: str
    begins: datetime


class Bought(NamedTuple):
    """A purchase decided: the bill and its lines."""

    decided: Decided
    lines: list[Priced]


Answer = Callable[[Bought, int, int], bytes]
"""The reply's output as bytes, from the purchase, its mdtrt_id and its setl_id (0 for a trial)."""


def sums(lines: Sequence[Priced]) -> Sums:
    """The lines in sum, as facts.py sums them."""
    rows = [line.row for line in lines]
    marks = [row.scope for row in rows]
    return Sums(
        len(rows),
        sum(row.fee for row in rows),
        sum(row.full for row in rows),
        sum(row.over for row in rows),
        sum(row.pre for row in rows),
        sum(row.within for row in rows),
        sum(row.within for row in rows if row.flags & 4),
        sum(row.full for row in rows if row.flags & 10),
        sum(row.within for row in rows if row.flags & 32),
        0,
        min(marks),
        max(marks),
    )


LINE_NAMES = (
    "line_count",
    "line_fee",
    "line_full",
    "line_over",
    "line_pre",
    "line_within",
    "line_bed",
    "line_off_list",
    "line_consultation",
    "line_sessions",
    "line_first_scope",
    "line_last_scope",
)
"""The names of Sums in a row of facts."""


def with_lines(row: Mapping[str, Any], lines: Sequence[Priced]) -> dict[str, Any]:
    """The facts with the sums of the purchase's lines."""
    return {**row, **dict(zip(LINE_NAMES, sums(lines), strict=True))}


def with_filed(charges: Sequence[Charge], row: Mapping[str, Any]) -> list[Charge]:
    """The lines; a drug filed for the person 双通道备案 has its listing's condition met, since a pharmacy's line has no approval."""
    filed = {one.code for one in filings_of(row) if one.kind == Filing.SPECIAL_DRUG}
    return [one._replace(approval=APPROVED) if not one.approval and one.code in filed else one for one in charges]


async def decided_purchase(
    store: Store, shelf: Shelf, catalogue: Catalogue, purchase: Purchase, caller: Caller, at: datetime
) -> Bought | Said:
    """The facts of a purchase and what the law answers. Raises Refused."""
    asked, charges, disease, begins = purchase
    deciding.check_scheme(asked.insutype)
    prescriber = next((charge.doctor for charge in charges if charge.doctor), "")
    buying = Buying(
        caller.institution, caller.msgid, asked.psn_no, at, asked.batch, asked.insutype, asked.med_type, disease, prescriber, begins
    )
    found = await facts.of_purchase(store, buying)
    before = said_before(found)
    if before is not None:
        return before
    row = dict(found)
    if row["name"] is None:
        raise Refused(
            "PERSON-01",
            "人员编号不存在",
            "there is no such person",
            place="psn_no",
            next_zh="请用 1101 重新获取人员信息",
            next_en="look the person up again by 1101",
        )
    row["treating"], row["insured"] = row["institution_area"], home_area(row)
    by, charges = rules_of_visit(row, shelf), with_filed(charges, row)
    priced = price_lines(charges, row, {}, catalogue, by)
    full = with_lines(row, priced)
    deciding.check(full, asked, caller.institution)
    decided = deciding.decide(full, asked, shelf)
    settled_by = rules_of_bill(decided)
    if settled_by.name != by.name:
        priced = price_lines(charges, row, {}, catalogue, settled_by)
        decided = deciding.decide(with_lines(row, priced), asked, shelf)
    return Bought(decided, priced)


async def try_purchase(
    store: Store, shelf: Shelf, catalogue: Catalogue, purchase: Purchase, caller: Caller, at: datetime
) -> Bought:
    """Pre-settle a purchase 药店预结算 (2101), leaving nothing behind. Raises Refused."""
    found = await decided_purchase(store, shelf, catalogue, purchase, caller._replace(msgid=""), at)
    assert isinstance(found, Bought)
    return found


async def settle_purchase(
    store: Store, shelf: Shelf, catalogue: Catalogue, purchase: Purchase, caller: Caller, at: datetime, answer: Answer
) -> bytes | Said:
    """Settle a purchase 药店结算 (2102); the answer, or the first one when the message id comes again. Raises Refused."""
    async with store.one_at_a_time(purchase.asked.psn_no):
        for attempt in range(TRIES):
            try:
                found = await decided_purchase(store, shelf, catalogue, purchase, caller, at)
                if isinstance(found, Said):
                    return found
                return await record(store, found, caller, at, answer)
            except (Conflict, AlreadyAnswered):
                await pause(attempt)
    raise busy()


async def record(store: Store, bought: Bought, caller: Caller, at: datetime, answer: Answer) -> bytes:
    """Write a purchase and return its answer. Raises Conflict, AlreadyAnswered, Taken."""
    mdtrt_id, setl_id = await store.numbers(2)
    said = answer(bought, mdtrt_id, setl_id)
    rows = rows_of(bought.decided, setl_id, caller, at, said)
    rows = rows._replace(visit=rows.visit._replace(mdtrt_id=mdtrt_id, visit_version=-1, ipt_otp_no=str(mdtrt_id)))
    lines = visits.purchase_lines(mdtrt_id, bought.decided.row["psn_no"], [line.row for line in bought.lines])
    await store.write_together([lines, writing.alone(rows)])
    return said
