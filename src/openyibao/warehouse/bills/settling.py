"""Settling a file of bills 逐单结算: each bill under its city's plan, each person's year and accounts carried from bill to bill.

The law decides; this module only fetches the plan, keeps the years, and sets aside the bills that a policy finds wanting.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from openyibao.kernel.claim import Claim
from openyibao.kernel.dates import year_of
from openyibao.kernel.plan import Plan
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from openyibao.warehouse.bills.assemble import bare_claim, with_seen, with_sums
from openyibao.warehouse.bills.bill import Bill
from openyibao.warehouse.bills.journal import Journals
from openyibao.warehouse.bills.people import People, opening_of
from openyibao.warehouse.bills.problems import Problem, impossible, restated, yuan
from openyibao.warehouse.bills.reading import Rejected, rejected_bill
from openyibao.warehouse.bills.reversal import Event, Reversal
from openyibao.warehouse.bills.settled import Key as Key
from openyibao.warehouse.bills.settled import Law as Law
from openyibao.warehouse.bills.settled import Policy as Policy
from openyibao.warehouse.bills.settled import Settled as Settled


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
        opens, now = figures.get("year", 0), year_of(bill.day)
        if opens > now:
            raise impossible("year", opens, f"期初 year 为 {opens} 年，晚于账单所在的 {now} 年",
                             f"The opening is of the year {opens}, after the bill's year {now}")
        self.opened[key] = figures
        return Year(**({"year": now} | figures))

    def check(self, key: Key, bill: Bill) -> None:
        """Opening figures on a later bill repeat those in use, or the bill is set aside."""
        for name, value in bill.opening.figures:
            if self.opened[key].get(name) != value:
                raise restated(name if name in ("account", "family") else f"year.{name}", yuan(value))


def claim_of(bill: Bill, policy: Policy, people: People) -> tuple[Claim, Plan]:
    """The claim and its plan; raises Problem."""
    bare = bare_claim(bill, people, policy.book)
    plan = policy.plan_for(bare)
    return with_sums(with_seen(bare, bill, people, plan, policy.book), bill, plan), plan


def settle_bills(
    bills: Iterable[Event],
    policy_of: Callable[[Bill], Policy],
    people: People,
    trials: Mapping[int, object] | frozenset[int] = frozenset(),
    law: Law = settle,
    replay: bool = True,
) -> Iterator[Settled | Rejected]:
    """Settle bills in the order given; a bill that cannot be a claim is answered as Rejected, and the rest goes on.

    bills      bills and reversals; a reversal answers with several documents (journal.py)
    policy_of  the policy of a bill; may raise Problem
    trials     lines whose settlement leaves nothing in the year (2206, 2303)
    replay     settle a person's later bills again when one is taken back
    """
    events = list(bills)
    years, journals = Years(people), Journals(events, trials, replay)
    for event in events:
        if isinstance(event, Reversal):
            yield from reversed_by(event, journals, years)
            continue
        try:
            policy = policy_of(event)
            claim, plan = claim_of(event, policy, people)
            key = (policy.name, event.person, claim.scheme)
            before = years.before(key, event)
        except Problem as problem:
            journals.aside.add(event.number)
            yield rejected_bill(event, problem)
            continue
        receipt, after = law(claim, before, plan)
        settled = Settled(event, policy, claim, plan, before, receipt, after)
        if event.line not in trials:
            years.now[key] = after
            journals.keep(key, settled)
        yield settled


def reversed_by(event: Reversal, journals: Journals, years: Years) -> list[Settled] | list[Rejected]:
    """The documents of a reversal, or why it is set aside."""
    try:
        return journals.reverse(event, years.now)
    except Problem as problem:
        return [rejected_bill(event, problem)]
