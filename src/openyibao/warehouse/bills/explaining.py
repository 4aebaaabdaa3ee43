"""Explaining a settlement from its values 结算说明: the steps of one bill with the clauses of its own day, whoever keeps the bill.

A bill file, the journal of the database and an estimate hold the same four values (claim, year before, plan, receipt); the book of the
package that settled them says where each figure comes from.
"""

from openyibao.kernel.claim import Claim
from openyibao.kernel.explain import explain
from openyibao.kernel.explained.steps import STEP, Step, percent, yuan
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book

PAID = frozenset((
    "pool", "consultation", "large_first", "large_second", "catastrophic", "civil", "aid", "tilt", "topup", "added_paid_1", "added_paid_2",
    "added_paid_3", "account", "family", "cash",
))  # fmt: skip
"""Steps that are somebody's payment."""

KEPT = PAID | {"deductible"}


def deciding_day(claim: Claim, plan: Plan) -> int:
    """The day whose policies decide: that of admission where the city reads it so, else the bill's own."""
    by_admission = plan.readings.version_by_admission == 1 and claim.admitted
    return claim.admitted if by_admission else claim.day


def explained(claim: Claim, before: Year, plan: Plan, receipt: Receipt, book: Book, day: int = 0) -> list[Step]:
    """The steps of a bill, each with its clauses and trust marks. `day`: the law of one fixed day; 0 = the bill's deciding day."""
    return explain(claim, before, plan, receipt, book.sources(claim.scheme, day or deciding_day(claim, plan)))


def is_told(step: Step) -> bool:
    """Whether a step is worth a place: not zero, and more than the figure of a step before under another name."""
    if step.value == 0:
        return False
    same = any(operand.text == printed(step) for operand in step.operands if operand.kind == STEP)
    return bool(step.sources) or step.key in KEPT or not same


def printed(step: Step) -> str:
    """A step's figure as later formulas print it."""
    return percent(step.value) if step.unit == "percent" else yuan(step.value) if step.unit == "yuan" else str(step.value)
