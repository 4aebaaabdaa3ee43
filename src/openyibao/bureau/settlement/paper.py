"""A paper claim settled 零星报销结算 (中心报销): the bill a person paid in full elsewhere, decided by the same law as a bill at a window.

Lines with a catalogue code are split by the law; a line without one keeps the split that the reviewer read from the papers. Visit, lines,
settlement, layers, journal and entry are written by the statement of the hot path, in the transaction of the review's last step.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from openyibao.bureau.codes.catalogue import BED, CONSULTATION, CONSUMABLE, DRUG, SLICES
from openyibao.bureau.codes.queries import excerpt
from openyibao.bureau.fund.actions import numbers, post
from openyibao.bureau.policydesk.queries import Shelf, pooling_area
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement import deciding
from openyibao.bureau.settlement.actions import TRIES, Caller, busy, rows_of
from openyibao.bureau.settlement.assemble import Asked, home_area, number_of
from openyibao.bureau.settlement.clock import day_of
from openyibao.bureau.settlement.deciding import Decided
from openyibao.bureau.settlement.models import Diagnosis, Encounter, Settlement
from openyibao.bureau.settlement.purchases import with_lines
from openyibao.bureau.settlement.splitting import APPROVED, Charge, Priced, Rules, price_lines, rules_of_bill, rules_of_visit
from openyibao.bureau.settlement.store import facts, visits, within, writing
from openyibao.bureau.settlement.store.facts import Handed
from openyibao.bureau.settlement.store.visits import LineRow
from openyibao.bureau.settlement.store.within import Overtaken
from openyibao.kernel import codes
from openyibao.kernel.ledger import Entry, Posting
from openyibao.policybook.national import CHARGE_HEADS

INFNO = "PAPER"
"""How the messages' table names a paper claim, which no message brought."""

BATCH = "0"
CLAIMANTS = "payable/claims"
"""应付零星报销款: what a fund owes persons whose claims are settled and not paid yet."""

FLAGS = {"bed": BED, "consumable": CONSUMABLE, "drug": DRUG, "slices": SLICES, "consultation": CONSULTATION}
WHOLE_QUANTITY, MICRO_YUAN = 10_000, 10_000
"""One piece in the unit of quantities; a fen in the unit of prices."""


class PaperLine(NamedTuple):
    """One line of the papers; quantity in 1/10,000, price in 1/1,000,000 yuan, the rest fen. `code` empty: the split is stated."""

    number: str
    code: str  # national catalogue code
    name: str
    heading: str  # med_chrgitm_type
    quantity: int
    price: int
    amount: int
    full: int
    over: int
    pre: int


class Paper(NamedTuple):
    """A paper claim as the claims desk hands it over."""

    number: str
    psn_no: str
    insutype: str
    med_type: str
    sort: str  # O outpatient, I stay
    begins: datetime
    ends: datetime
    diagnosis: str
    diagnosis_name: str
    disease: str  # 病种编码 of a chronic bill
    institution: str
    treating: str  # division of the institution
    hosp_lv: str
    agreed: bool  # designated there
    lines: Sequence[PaperLine]


class Settled(NamedTuple):
    """A paper claim settled: its numbers, what the person gets, and which fund pays how much of it."""

    setl_id: int
    mdtrt_id: int
    fen: int
    pays: tuple[tuple[str, int], ...]


class Judged(NamedTuple):
    """What the law answers on a paper claim, with its lines."""

    decided: Decided
    lines: list[LineRow]


def judged(paper: Paper, shelf: Shelf, *, at: datetime) -> Judged:
    """The facts of a paper claim and what the law answers 预结算; leaves nothing behind. Raises Refused, with the law's own reason."""
    deciding.check_scheme(paper.insutype)
    handed = Handed(paper.institution, paper.number, paper.psn_no, at, paper.insutype, paper.treating, paper.sort, paper.med_type,
                    paper.begins, paper.ends, paper.disease)
    row = facts.of_paper(handed)
    if row["name"] is None:
        raise Refused("PERSON-01", "没有查到参保登记。", "No registration is found.", place="psn_no",
                      next_zh="请核对人员编号。", next_en="Check the person's number.")
    # Care outside is known from the papers alone; a measure stops direct settlement, not a claim at the bureau.
    row |= {"institution_area": paper.treating, "hosp_lv": paper.hosp_lv, "agreed": paper.agreed, "insured": home_area(row),
            "person_measure": None, "institution_measure": None, "doctor_measure": None, "diagnoses": [paper.diagnosis]}
    asked = Asked(paper.psn_no, paper.insutype, paper.med_type, BATCH, "0", None, {}, sort=paper.sort)
    by = rules_of_visit(row, shelf)
    lines = split(paper, row, by, shelf)
    decided = decided_with(row, lines, asked, paper, shelf)
    settled_by = rules_of_bill(decided)
    if settled_by.name != by.name:
        lines = split(paper, row, settled_by, shelf)
        decided = decided_with(row, lines, asked, paper, shelf)
    return Judged(decided, lines)


def decided_with(row: dict[str, Any], lines: Sequence[LineRow], asked: Asked, paper: Paper, shelf: Shelf) -> Decided:
    """What the law answers on these lines. Raises Refused."""
    full = with_lines(row, [Priced(line, NO_ITEM) for line in lines])
    deciding.check(full, asked, paper.institution)
    return deciding.decide(full, asked, shelf)


NO_ITEM: Any = None
"""The sums of lines need no catalogue item."""


def split(paper: Paper, row: dict[str, Any], by: Rules, shelf: Shelf) -> list[LineRow]:
    """Every line with its split, in the order of the papers. Raises Refused naming each bad line."""
    at, coded = paper.ends, [line for line in paper.lines if line.code]
    charges = [
        Charge(line.number, BATCH, line.code, "", at, line.quantity, line.price, line.amount, APPROVED, "", "", "{}") for line in coded
    ]
    # Prices and shares are the treating side's; where this server has none for it, the home side's.
    area = row["institution_area"] if shelf.of_area(row["institution_area"]) is not None else row["insured"]
    priced = price_lines(charges, {**row, "institution_area": area}, {}, excerpt(line.code for line in coded), by)
    found = {one.row.feedetl_sn: one.row for one in priced}
    return [found.get(line.number) or stated(line, at, by) for line in paper.lines]


def stated(line: PaperLine, at: datetime, by: Rules) -> LineRow:
    """A line without a catalogue code, split as the reviewer read it from the papers."""
    flags = 0
    for head in CHARGE_HEADS.get(line.heading[:2], ()):
        flags |= FLAGS[head]
    inside = line.amount - line.full - line.over - line.pre
    if min(inside, line.full, line.over, line.pre) < 0:
        raise Refused("CLAIM-05", f"“{line.name}”的自费、超限价、先行自付之和超过金额。", f"The parts of {line.name} exceed its amount.",
                      place="lines", next_zh="请核对该行金额。", next_en="Check the amounts of the line.")
    return LineRow(
        line.number, BATCH, "", "", line.name, line.heading, at, line.quantity, line.price, codes.CLASS_A, 0, 0, flags, "", line.amount,
        line.full, line.over, line.pre, inside, by.name, "{}",
    )  # fmt: skip


def settle(paper: Paper, shelf: Shelf, *, at: datetime) -> Settled:
    """Settle a paper claim 中心报销, in the transaction that is open. Raises Refused."""
    for _ in range(TRIES):
        found = judged(paper, shelf, at=at)
        try:
            with transaction.atomic():
                return record(paper, found, at)
        except Overtaken:
            continue                        # a window settled this person meanwhile: the year moved on
    raise busy()


def record(paper: Paper, found: Judged, at: datetime) -> Settled:
    """Write visit, lines, settlement and entries. Raises Overtaken."""
    mdtrt_id, setl_id = numbers.next(), numbers.next()
    digest = hashlib.sha256(repr(paper).encode()).digest()
    caller = Caller(paper.institution, next_msgid(paper.number, paper.psn_no), INFNO, digest)
    rows = rows_of(found.decided, setl_id, caller, at, b"{}")
    state = Encounter.DISCHARGED if paper.sort == "I" else Encounter.OPEN
    visit = rows.visit._replace(mdtrt_id=mdtrt_id, visit_version=-1, state=state, ipt_otp_no=paper.number)
    detail = json.dumps({**json.loads(rows.settlement.detail), "direct": 0, "pay_loc": "1", "claim": paper.number})
    rows = rows._replace(visit=visit, settlement=rows.settlement._replace(detail=detail))
    sql, values = visits.purchase_lines(mdtrt_id, paper.psn_no, found.lines)
    within.write(sql, *values)
    sql, values = writing.alone(rows)
    within.write(sql, *values)
    if paper.diagnosis:
        Diagnosis.objects.create(
            mdtrt_id=mdtrt_id, psn_no=paper.psn_no, place=1, main=True, code=paper.diagnosis, name=paper.diagnosis_name,
            stage="2" if paper.sort == "I" else "O",
        )  # fmt: skip
    pays = tuple((part.fund, -part.fen) for part in rows.postings if part.fen < 0)
    if pays:
        post(owed_entry(paper.number, paper.institution, pays, at), poolarea=rows.settlement.poolarea, at=at)
    return Settled(setl_id, mdtrt_id, sum(fen for _, fen in pays), pays)


def next_msgid(number: str, psn_no: str) -> str:
    """Under which id the next settlement or mirror of a claim is kept: its number, then -2, -3 … where it was taken back."""
    before = Settlement.objects.filter(psn_no=psn_no, detail__claim=number).count()
    return f"{number}-{before + 1}" if before else number


def owed_entry(number: str, institution: str, pays: Sequence[tuple[str, int]], at: datetime) -> Entry:
    """The entry by which the funds owe the person what the settlement's entry made them owe the institution: the person has paid it.

    pays  fund and fen; negative ones take such an entry back
    """
    postings: list[Posting] = []
    for fund, fen in pays:
        postings += [Posting(fund, f"payable/{institution}", fen), Posting(fund, CLAIMANTS, -fen)]
    told = "owed to the person" if all(fen > 0 for _, fen in pays) else "no longer owed to the person"
    return Entry(number_of(day_of(at)), f"claim {number} {told}", tuple(postings))


def home_pool(found: Judged) -> str:
    """The pooling area whose funds pay."""
    return pooling_area(home_area(found.decided.row))
