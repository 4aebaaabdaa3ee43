"""Two policies over one file 两套政策对比: who pays more or less, by layer, scheme, class of person, kind and level, exact to the fen.

Both policies settle the same bills in the same order, each with its own years; a bill that either cannot settle is left out of both.
Reversals act under both, with replay; what is compared is what stands in the end: a bill taken back is in neither, a bill settled again
is there once, with its last settlement.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import count
from typing import Any, NamedTuple

from openyibao.kernel import codes
from openyibao.kernel.settle.cascade import settle
from openyibao.policybook.national import amounts
from openyibao.warehouse.bills import words
from openyibao.warehouse.bills.bill import Bill
from openyibao.warehouse.bills.people import People
from openyibao.warehouse.bills.problems import Problem, yuan
from openyibao.warehouse.bills.reading import Rejected, rejected_bill
from openyibao.warehouse.bills.results import INSUTYPE
from openyibao.warehouse.bills.reversal import Event, Reversal
from openyibao.warehouse.bills.settled import Law, Policy, Settled
from openyibao.warehouse.bills.settling import claim_of, settle_bills
from openyibao.warehouse.bills.values import day_text

FIELDS = (
    "act_pay_dedc", "hifp_pay", "hifob_pay", "hifmi_pay", "cvlserv_pay", "maf_pay", "hifes_pay", "oth_pay", "fund_pay_sumamt",
    "hosp_part_amt", "psn_part_amt", "acct_pay", "psn_cash_pay",
)  # fmt: skip
"""The amount fields that a comparison shows."""

PERSON = "psn_part_amt"
"""Who gains and who loses is told by what the person bears."""


class Pair(NamedTuple):
    """One bill under both policies, with the amount fields of each."""

    first: Settled
    second: Settled
    before: Mapping[str, int]
    after: Mapping[str, int]

    @property
    def loss(self) -> int:
        """What the person pays more under the second policy, fen (negative = less)."""
        return self.after[PERSON] - self.before[PERSON]


class Group:
    """Bills of one group: counts and sums under each policy."""

    def __init__(self) -> None:
        """An empty group."""
        self.bills = self.gain = self.lose = 0
        self.before = dict.fromkeys(FIELDS, 0)
        self.after = dict.fromkeys(FIELDS, 0)
        self.differences = dict.fromkeys(FIELDS, 0)

    def add(self, pair: Pair) -> None:
        """Count one bill."""
        self.bills += 1
        self.gain += pair.loss < 0
        self.lose += pair.loss > 0
        for field in FIELDS:
            self.before[field] += pair.before[field]
            self.after[field] += pair.after[field]
            self.differences[field] += pair.after[field] - pair.before[field]

    def closes(self) -> bool:
        """Whether the sum of the bills' differences is the difference of the sums, for every field."""
        return all(self.after[field] - self.before[field] == self.differences[field] for field in FIELDS)


class Comparison:
    """What two policies came to."""

    def __init__(self, hardest: int) -> None:
        """Keep the `hardest` biggest losses and gains."""
        self.hardest = hardest
        self.whole = Group()
        self.groups: dict[tuple[str, str], Group] = {}
        self.persons: dict[str, int] = {}
        self.rejected: list[Rejected] = []
        self.refused = [0, 0]
        self.days: set[tuple[int, int]] = set()
        self._losses: list[tuple[int, int, Pair]] = []
        self._gains: list[tuple[int, int, Pair]] = []
        self._order = count()

    def add(self, pair: Pair) -> None:
        """Count one bill."""
        self.whole.add(pair)
        for key in groups_of(pair.first):
            self.groups.setdefault(key, Group()).add(pair)
        person = pair.first.bill.person
        self.persons[person] = self.persons.get(person, 0) + pair.loss
        self.refused[0] += pair.first.receipt.outcome != codes.SETTLED
        self.refused[1] += pair.second.receipt.outcome != codes.SETTLED
        if pair.loss:
            kept = self._losses if pair.loss > 0 else self._gains
            heapq.heappush(kept, (abs(pair.loss), -next(self._order), pair))
            if len(kept) > self.hardest:
                heapq.heappop(kept)

    def losses(self) -> list[Pair]:
        """The biggest losses, biggest first."""
        return [pair for *_, pair in sorted(self._losses, reverse=True, key=lambda entry: entry[:2])]

    def gains(self) -> list[Pair]:
        """The biggest gains, biggest first."""
        return [pair for *_, pair in sorted(self._gains, reverse=True, key=lambda entry: entry[:2])]

    def winners(self) -> int:
        """Persons who pay less over all their bills."""
        return sum(loss < 0 for loss in self.persons.values())

    def losers(self) -> int:
        """Persons who pay more over all their bills."""
        return sum(loss > 0 for loss in self.persons.values())


def person_class(settled: Settled) -> str:
    """The class of person: aid category first, else resident, retired, active."""
    claim = settled.claim
    if claim.aid != codes.NO_AID:
        return words.AID_NAMES[claim.aid][0]
    if claim.scheme == codes.RESIDENT:
        return "resident"
    return words.STATUS_NAMES[claim.status][0]


def groups_of(settled: Settled) -> Iterator[tuple[str, str]]:
    """(dimension, group) for each table of the comparison."""
    yield "scheme", words.SCHEME_NAMES[settled.claim.scheme][0]
    yield "class", person_class(settled)
    yield "kind", words.KIND_NAMES[settled.claim.kind][0]
    yield "level", words.LEVEL_NAMES[settled.claim.level][0]


def the_same(policy: Policy, _: Bill) -> Policy:
    """One policy for every bill, whatever its city."""
    return policy


def compare(bills: Iterable[Event], first: Policy, second: Policy, people: People, trials: frozenset[int], law: Law = settle) -> Iterator[
    Pair | Rejected
]:
    """Every bill under both policies, or why it is left out of both."""
    fit: list[Event] = []
    for bill in bills:
        try:
            for policy in (first, second):
                if isinstance(bill, Bill):
                    claim_of(bill, policy, people)
        except Problem as problem:
            yield rejected_bill(bill, problem)
            continue
        fit.append(bill)
    persons = frozenset(bill.person for bill in fit if isinstance(bill, Reversal))
    runs = (standing(settle_bills(fit, partial(the_same, policy), people, trials, law), persons) for policy in (first, second))
    for one, other in zip(*runs, strict=True):
        if isinstance(one, Rejected):
            yield one
        elif isinstance(other, Rejected):
            yield other
        else:
            yield Pair(one, other, amounts(one.receipt, one.plan), amounts(other.receipt, other.plan))


def standing(run: Iterable[Settled | Rejected], persons: frozenset[str]) -> Iterator[Settled | Rejected]:
    """What stands of a run in the end: everything as it comes, but the bills of the persons of a reversal when all is done.

    Those come by line, each with its last settlement under its own bill_id; what was taken back does not come.
    """
    last: dict[int, Settled] = {}
    bills: dict[int, Bill] = {}
    lines: dict[str, int] = {}
    for result in run:
        if isinstance(result, Rejected) or result.bill.person not in persons:
            yield result
        elif result.reverses:
            if not result.because:
                del last[lines[result.reverses]]
        else:
            lines[result.bill.number] = result.bill.line
            bills.setdefault(result.bill.line, result.bill)
            last[result.bill.line] = result
    for line in sorted(last):
        yield last[line]._replace(bill=bills[line])


def pair_record(pair: Pair) -> dict[str, Any]:
    """One bill of the comparison file: each field under the first policy, the second, and the difference."""
    settled = pair.first
    record: dict[str, Any] = {
        "line": settled.bill.line,
        "bill_id": settled.bill.number,
        "psn_no": settled.bill.person,
        "insutype": INSUTYPE[settled.claim.scheme],
        "class": person_class(settled),
        "kind": words.KIND_NAMES[settled.claim.kind][0],
        "level": words.LEVEL_NAMES[settled.claim.level][0],
        "enddate": day_text(settled.claim.day),
        "medfee_sumamt": yuan(pair.before["medfee_sumamt"]),
    }
    for field in FIELDS:
        before, after = pair.before[field], pair.after[field]
        record |= {f"{field}_a": yuan(before), f"{field}_b": yuan(after), f"{field}_difference": yuan(after - before)}
    return record
