"""Reversals in a run of bills 冲销: what stands of each person's settlements, so that one of them can be taken back.

The law of reversals is kernel/reversal.py; here the bill is found, the later bills are followed, and the documents get their numbers.
Only persons of whom the file reverses something are kept.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from openyibao.kernel.claim import Claim
from openyibao.kernel.dates import year_of
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.reversal import UNSIGNED, mirror, reverse, stood
from openyibao.kernel.reversal import Settled as Played
from openyibao.kernel.year import Year, opened
from openyibao.warehouse.bills.bill import Bill
from openyibao.warehouse.bills.problems import already_reversed, anothers_bill, impossible, no_settlement, reversal_of_reversal
from openyibao.warehouse.bills.reversal import Event, Reversal
from openyibao.warehouse.bills.settled import Key, Settled
from openyibao.warehouse.bills.values import day_text

MONEY = ("outcome", *(name for name in Receipt._fields if name not in UNSIGNED))
"""What makes a bill settled again another document: an amount or the outcome, not the balance or the room it found."""


class Standing(NamedTuple):
    """A bill that has not been taken back, and its settlement as it now stands."""

    bill_id: str  # as the file numbers it; the settlement's own number differs once it is settled again
    settled: Settled


class Change(NamedTuple):
    """A later bill that a reversal changes: as it stood, as it settles now, and the numbers of the two documents that say so."""

    old: Standing
    new: Settled
    mirror: str
    number: str


class Journals:
    """The standing settlements of every person of whom the file takes something back, in order of settlement."""

    def __init__(self, events: Sequence[Event], trials: Mapping[int, object] | frozenset[int], replay: bool) -> None:
        """Nothing settled yet. `replay`: later bills are settled again (strict); else they stand as they are."""
        self.trials, self.replay = trials, replay
        self.reversals = {event.number for event in events if isinstance(event, Reversal)}
        self.persons = {event.person for event in events if isinstance(event, Reversal)}
        self.bills = {event.number: event for event in events if isinstance(event, Bill)} if self.persons else {}
        self.journals: dict[Key, list[Standing]] = {}
        self.whose: dict[str, Key] = {}  # bill_id -> journal
        self.taken: dict[str, str] = {}  # bill_id -> the reversal that took it back
        self.documents: dict[str, str] = {}  # number of a later document -> bill_id
        self.mirrors: set[str] = set()
        self.count: dict[str, int] = {}
        self.aside: set[str] = set()

    def keep(self, key: Key, settled: Settled) -> None:
        """Remember a settlement, if the file takes something of this person back."""
        number = settled.bill.number
        if settled.bill.person in self.persons:
            self.journals.setdefault(key, []).append(Standing(number, settled))
            self.whose[number] = key

    def reverse(self, event: Reversal, years: dict[Key, Year]) -> list[Settled]:
        """Take a bill back 冲销 and move the person's year: the documents in order. Raises Problem when there is nothing to take back.

        First the bill's mirror; then, of the later bills that change, the mirrors, latest first, since money comes back before it is
        spent again; then their new settlements, in order.
        """
        key, place = self.found(event)
        journal, now = self.journals[key], years[key]
        target, later = journal[place], journal[place + 1:]
        again, year = settled_again(target.settled, later) if self.replay else carried_again(target.settled, later)
        changes = [Change(old, new, self.numbered(old.bill_id), self.numbered(old.bill_id))
                   for old, new in zip(later, again, strict=True) if has_changed(old.settled, new)]
        replaced = {change.old.bill_id: replacement(change, event) for change in changes}
        journal[place:] = [Standing(old.bill_id, replaced.get(old.bill_id, new._replace(receipt=old.settled.receipt)))
                           for old, new in zip(later, again, strict=True)]
        years[key] = year
        self.taken[target.bill_id] = event.number
        self.mirrors.update(change.mirror for change in changes)
        self.documents.update((change.number, change.old.bill_id) for change in changes)
        mirrors = [document._replace(before=now) for document in mirrored(target.settled, changes, event, now.account)]
        return [document._replace(after=year) for document in (*mirrors, *replaced.values())]

    def found(self, event: Reversal) -> tuple[Key, int]:
        """Whose journal and which place in it; raises Problem when there is nothing to take back."""
        named = event.reverses
        if named in self.reversals or named in self.mirrors:
            raise reversal_of_reversal(named)
        bill_id = self.documents.get(named, named)
        bill = self.bills.get(bill_id)
        if bill is None:
            raise no_settlement(named, "文件中没有这张账单，或它已被退回", "the file has no such bill, or it was set aside")
        if bill.person != event.person:
            raise anothers_bill(named, event.person)
        if event.city and bill.city and event.city != bill.city:
            raise impossible("city", event.city, f"被冲销的账单写的统筹区是 {bill.city}", f"the bill taken back names the city {bill.city}")
        if bill_id in self.taken:
            raise already_reversed(named, self.taken[bill_id])
        if bill_id not in self.whose:
            raise no_settlement(named, *self.why_not(bill, event))
        journal = self.journals[self.whose[bill_id]]
        place = next(place for place, one in enumerate(journal) if one.bill_id == bill_id)
        standing = journal[place].settled
        if named not in (bill_id, standing.bill.number):
            raise already_reversed(named, standing.because)
        return self.whose[bill_id], place

    def why_not(self, bill: Bill, event: Reversal) -> tuple[str, str]:
        """Why a bill of the file is not settled when the reversal comes."""
        if bill.line in self.trials:
            return "它是预结算，没有留下结算", "it was a trial and left no settlement"
        if bill.number in self.aside:
            return "它已被退回，没有结算", "it was set aside and never settled"
        if 0 < event.day < bill.day:
            first, second = day_text(event.day), day_text(bill.day)
            return f"冲销日 {first} 早于它的日期 {second}", f"the reversal's day {first} is before its day {second}"
        return f"它在第 {bill.line} 行，排在冲销之后", f"it stands after the reversal, on line {bill.line}"

    def numbered(self, bill_id: str) -> str:
        """The number of a bill's next document: A3#2, A3#3, …, passing over numbers that the file itself uses."""
        while True:
            self.count[bill_id] = self.count.get(bill_id, 1) + 1
            number = f"{bill_id}#{self.count[bill_id]}"
            if number not in self.bills and number not in self.reversals:
                return number


def settled_again(target: Settled, later: Sequence[Standing]) -> tuple[list[Settled], Year]:
    """Strict replay 严格重放: the later bills settled as if the target had never been, and the year after them."""
    played = [Played(one.claim, opened(one.before, year_of(one.claim.day)), one.receipt, one.after)
              for one in (target, *(standing.settled for standing in later))]
    done = reverse(played, 0, target.policy.plan_for)
    again = [old.settled._replace(before=new.before, receipt=new.receipt, after=new.after)
             for old, new in zip(later, done.journal, strict=True)]
    return again, done.year


def _same(plan: Plan, _: Claim) -> Plan:
    return plan


def carried_again(target: Settled, later: Sequence[Standing]) -> tuple[list[Settled], Year]:
    """Without replay: the later settlements stand, and the year is built up again from what each of them adds."""
    year = opened(target.before, year_of(target.claim.day))
    again = []
    for _, one in later:
        (standing,) = stood([Played(one.claim, one.before, one.receipt, one.after)], year, partial(_same, one.plan))
        again.append(one._replace(before=standing.before, after=standing.after))
        year = standing.after
    return again, year


def has_changed(old: Settled, new: Settled) -> bool:
    """Whether a bill settled again is another document."""
    return any(getattr(old.receipt, name) != getattr(new.receipt, name) for name in MONEY)


def mirrored(target: Settled, changes: Sequence[Change], event: Reversal, account: int) -> list[Settled]:
    """The mirrors of one reversal, each with the account as it is after it (identity I13); `account` is what it holds before, fen."""
    own = target.bill._replace(line=event.line, number=event.number, day=event.day)
    documents = [taken_back(target, own, account)]
    for change in reversed(changes):
        own = change.old.settled.bill._replace(number=change.mirror)
        back = taken_back(change.old.settled, own, documents[-1].receipt.balance)
        documents.append(back._replace(because=event.number))
    return documents


def taken_back(settled: Settled, own: Bill, account: int) -> Settled:
    """The mirror 冲销单 of one settlement, as a document of its own."""
    return settled._replace(bill=own, receipt=mirror(settled.receipt, account), reverses=settled.bill.number, replaces="", because="")


def replacement(change: Change, event: Reversal) -> Settled:
    """A later bill settled again, as a document of its own."""
    own = change.old.settled.bill
    return change.new._replace(bill=own._replace(number=change.number), reverses="", replaces=own.number, because=event.number)
