"""One settlement and the policy that decided it 结算单: the values that a run hands on to results, tables, sums and reversals."""

from collections.abc import Callable
from typing import NamedTuple

from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import Plan, no_plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book
from openyibao.warehouse.bills.bill import Bill
from openyibao.warehouse.bills.explaining import deciding_day

Law = Callable[[Claim, Year, Plan], tuple[Receipt, Year]]
Key = tuple[str, str, int]
"""Whose year: city, person, scheme."""

NO_PLAN = no_plan()


class Policy(NamedTuple):
    """A city's book 政策 as a run uses it; `day` fixes the law of one day for every bill, 0 = each bill's own day."""

    name: str
    book: Book
    day: int = 0

    def plan_for(self, claim: Claim) -> Plan:
        """The plan of a claim's deciding day, or of the fixed day; where the book has none, the plan under which no fund pays."""
        asked = claim._replace(day=self.day, admitted=self.day) if self.day else claim
        return self.book.plan_for(asked) or NO_PLAN


class Settled(NamedTuple):
    """One document: a bill settled or refused, the mirror 冲销单 of a settlement, or a bill settled again 重放.

    `bill.number` is the document's own bill_id. A mirror has the claim and plan of what it takes back, and the opposite amounts; all
    documents of one reversal carry the year after the whole of it.
    """

    bill: Bill
    policy: Policy
    claim: Claim
    plan: Plan
    before: Year
    receipt: Receipt
    after: Year
    reverses: str = ""  # bill_id of the document that this one takes back: a mirror
    replaces: str = ""  # bill_id of the document instead of which this one stands: settled again
    because: str = ""  # bill_id of the reversal that made a later bill change

    @property
    def law_day(self) -> int:
        """The day whose law decided: the run's fixed day, the admission day where the reading says so, else the bill's day."""
        return self.policy.day or deciding_day(self.claim, self.plan)
