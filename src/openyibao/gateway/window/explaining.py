"""The one bill at the window 一单制: what a trial is kept as, and how it is told layer by layer, as the bill's own page tells it.

Kept are the kernel's own values and the package that decided; the words are made when the page is shown, in the page's language.
"""

from typing import Any

from openyibao.bureau.settlement.deciding import Decided
from openyibao.bureau.settlement.packing import SHAPE, pack, unpack
from openyibao.bureau.statement.layering import layered
from openyibao.bureau.statement.telling import told_layers, told_step
from openyibao.gateway import inside
from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.refusals import refusal
from openyibao.kernel.year import Year


def trial_of(decided: Decided) -> dict[str, Any]:
    """What a trial is kept as: claim, year and receipt as arrays, the package, and why the pool paid nothing where that is so."""
    case, receipt = decided.case, decided.receipt
    facts = {"digest": case.book.digest, "shape": SHAPE, "claim": pack(case.claim), "before": pack(case.before), "receipt": pack(receipt)}
    if receipt.outcome == codes.SETTLED:
        return {"facts": facts}
    why = refusal(receipt.outcome)
    return {"facts": facts, "warning": {"zh": why.sentence, "en": why.sentence_en, "code": why.code, "clause": why.clause}}


def told(trial: dict[str, Any]) -> dict[str, Any]:
    """A trial in words: its layers with base, ratio, cap left, result, clauses and trust marks, then the sums. Empty without a trial."""
    facts = trial.get("facts")
    if not facts:
        return {}
    book = inside.open_door().desk.shelf.of_digest(facts["digest"])
    claim, receipt = unpack(Claim, facts["claim"], facts["shape"]), unpack(Receipt, facts["receipt"], facts["shape"])
    plan = book.plan_for(claim)
    if plan is None:
        return {}
    found = layered(claim, unpack(Year, facts["before"], facts["shape"]), plan, receipt, book)
    return {"layers": told_layers(found, book), "rest": [told_step(step) for step in found.rest]}
