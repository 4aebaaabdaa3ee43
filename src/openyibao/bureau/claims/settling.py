"""A claim as the settlement desk takes it 报销结算: from its rows to a paper claim, tried for the reviewers, settled by the last review."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from openyibao.bureau.claims.models import Claim
from openyibao.bureau.claims.stages import STAYS
from openyibao.bureau.policydesk.actions import put_in_force
from openyibao.bureau.policydesk.models import Package
from openyibao.bureau.policydesk.shelf import shelf
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement import paper, paper_back
from openyibao.bureau.settlement.clock import BEIJING
from openyibao.bureau.settlement.paper import Paper, PaperLine, Settled
from openyibao.kernel.explained.steps import Step
from openyibao.kernel.receipt import Receipt
from openyibao.warehouse.bills.explaining import explained, is_told, printed

NOON = 12


class Tried(NamedTuple):
    """What the law answers before anybody settles 预结算: the receipt, what each fund pays, or why nothing is payable."""

    receipt: Receipt | None
    funds: list[tuple[str, int]]
    lines: list[dict[str, Any]]
    steps: list[Step]  # how each figure came about, with its clauses
    refusal: Refused | None


def paper_of(row: Claim) -> Paper:
    """The claim as a paper claim. Days have no hours: noon."""
    begins, ends = (datetime(day.year, day.month, day.day, NOON, tzinfo=BEIJING) for day in (row.begins, row.ends))
    lines = tuple(
        PaperLine(str(one.place), one.code, one.name, one.heading, one.quantity, one.price, one.amount, one.full, one.over, one.pre)
        for one in row.lines.order_by("place")
    )
    return Paper(
        row.number, row.psn_no, row.insutype, row.med_type, "I" if row.med_type in STAYS else "O", begins,
        ends, row.diagnosis, row.diagnosis_name, row.disease, row.institution, row.treating, row.hosp_lv, row.designated, lines,
    )  # fmt: skip


def tried(row: Claim, *, at: datetime) -> Tried:
    """What the claim would come to now, or why it would not be settled."""
    try:
        found = paper.judged(paper_of(row), shelf(), at=at)
    except Refused as refusal:
        return Tried(None, [], [], [], refusal)
    lines = [
        {"name": one.name, "code": one.hilist_code, "heading": one.med_chrgitm_type, "fee": one.fee, "full": one.full, "over": one.over,
         "pre": one.pre, "within": one.within} for one in found.lines
    ]  # fmt: skip
    decided = found.decided
    funds = [(fund.name, fund.amount) for fund in decided.funds]
    case = decided.case
    steps = [step for step in explained(case.claim, case.before, case.plan, decided.receipt, case.book) if is_told(step)]
    return Tried(decided.receipt, funds, lines, steps, None)


def told(steps: Sequence[Step], lang: str) -> list[dict[str, Any]]:
    """Steps as a page shows them: name, formula, figure, and the clauses with their trust marks, each once."""
    return [
        {"name": one.name_zh if lang == "zh" else one.name_en, "formula": one.formula, "figure": printed(one), "sources": cited(one)}
        for one in steps
    ]


def cited(step: Step) -> list[dict[str, str]]:
    """What a step rests on: clauses with their trust marks, each once."""
    pairs = dict.fromkeys((part.clause, part.trust) for part in step.sources)
    return [{"clause": clause, "trust": trust} for clause, trust in pairs]


def settled(row: Claim, *, at: datetime) -> Settled:
    """Settle the claim in the transaction that is open. Raises Refused."""
    books = shelf()
    book = books.of_area(row.area[:6])
    if book is not None and not Package.objects.filter(digest=book.digest).exists():
        put_in_force(books, at=at, by="claims")     # a bill is explained later by the package it was settled under
    return paper.settle(paper_of(row), books, at=at)


def taken_back(row: Claim, *, at: datetime) -> int:
    """Take the claim's settlement back, in the transaction that is open; the mirror's number. Raises Refused."""
    if row.setl_id is None:
        raise LookupError(f"{row.number} is not settled")
    return paper_back.take_back(row.setl_id, shelf(), at=at)
