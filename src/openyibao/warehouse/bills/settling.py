"""Settling a file of bills 逐单结算: each bill under its city's plan, each person's year and accounts carried from bill to bill.

The law decides; this module only fetches the plan, keeps the years, and sets aside the bills that a policy finds wanting.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from openyibao.kernel.claim import Claim
from openyibao.kernel.dates import year_of
from openyibao.kernel.plan import Plan, no_plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book
from openyibao.warehouse.bills.assemble import bare_claim, with_sums
from openyibao.warehouse.bills.bill import Bill
from openyibao.warehouse.bills.people import People, opening_of
from openyibao.warehouse.bills.problems import Problem, restated, yuan
from openyibao.warehouse.bills.reading import Rejected, rejected_bill

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
    """One bill settled or refused: the claim as the law saw it, the plan, the year before and after."""

    bill: Bill
    policy: Policy
    claim: Claim
    plan: Plan
    before: Year
    receipt: Receipt
    after: Year

    @property
    def law_day(self) -> int:
        """The day whose law decided: the run's fixed day, the admission day where the reading says so, else the bill's day."""
        if self.policy.day:
            return self.policy.day
        by_admission = self.plan.readings.version_by_admission == 1 and self.claim.admitted
        return self.claim.admitted if by_admission else self.claim.day


class Years:
    """Every person's year so far, opened from the people file or the person's first bill."""

    def __init__(self, people: People) -> None:
        """No year opened yet."""
        self.people = people
        self.now: dict[Key, Year] = {}
        self.opened: dict[Key, dict[str, int]] = {}

    def before(self, key: Key, bill: Bill) -> Year:
        """The year before this bill; raises Problem when the bill states other opening figures than those in use."""
        if key in self.now:
            self.check(key, bill)
            return self.now[key]
        person = self.people.by_number.get(bill.person)
        figures = dict(opening_of(person, key[2]).figures) if person is not None else {}
        figures |= dict(bill.opening.figures)
        self.opened[key] = figures
        return Year(**({"year": year_of(bill.day)} | figures))

    def check(self, key: Key, bill: Bill) -> None:
        """Opening figures on a later bill repeat those in use, or the bill is set aside."""
        for name, value in bill.opening.figures:
            if self.opened[key].get(name) != value:
                raise restated(name if name in ("account", "family") else f"year.{name}", yuan(value))


def claim_of(bill: Bill, policy: Policy, people: People) -> tuple[Claim, Plan]:
    """The claim and its plan; raises Problem."""
    bare = bare_claim(bill, people, policy.book)
    plan = policy.plan_for(bare)
    return with_sums(bare, bill, plan), plan


def settle_bills(
    bills: Iterable[Bill],
    policy_of: Callable[[Bill], Policy],
    people: People,
    trials: Mapping[int, object] | frozenset[int] = frozenset(),
    law: Law = settle,
) -> Iterator[Settled | Rejected]:
    """Settle bills in the order given; a bill that cannot be a claim is answered as Rejected, and the rest goes on.

    policy_of  the policy of a bill; may raise Problem
    trials     lines whose settlement leaves nothing in the year (2206, 2303)
    """
    years = Years(people)
    for bill in bills:
        try:
            policy = policy_of(bill)
            claim, plan = claim_of(bill, policy, people)
            key = (policy.name, bill.person, claim.scheme)
            before = years.before(key, bill)
        except Problem as problem:
            yield rejected_bill(bill, problem)
            continue
        receipt, after = law(claim, before, plan)
        if bill.line not in trials:
            years.now[key] = after
        yield Settled(bill, policy, claim, plan, before, receipt, after)
