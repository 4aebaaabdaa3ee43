"""One person's journal settled again 重放核验: each row from the claim it keeps, under the policies of its day, figure by figure.

Accounts are looked at elsewhere (`crosschecks.py`): between two bills money may have come in, so `account` and `family` of a year are
not compared.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from openyibao.bureau.settlement.chain import Row
from openyibao.bureau.settlement.differences import Difference
from openyibao.bureau.settlement.packing import UnknownShape, unpack
from openyibao.kernel.claim import Claim
from openyibao.kernel.ledger import settlement_entry
from openyibao.kernel.plan import Plan, no_plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.reversal import Settled, mirror, reverse
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year, opened
from openyibao.policybook.book import Book
from openyibao.policybook.national import fund_rows

BookOf = Callable[[str], Book | None]
"""The policies of a package by its hash; None when nobody has it any more."""

FIGURES = (
    "total", "full", "over", "pre", "within", "deductible", "pool", "fund", "hospital", "person", "account", "family", "cash", "balance",
)  # fmt: skip
"""Columns of a settlement that are figures of its receipt; `account` is own and family together."""


class Beside(NamedTuple):
    """What the other tables keep of the row's settlement 结算单、分项、凭证."""

    setl_id: int | None  # None: no settlement
    mirror_of: int | None
    fixmedins_code: str
    digest: str
    day: int  # yyyymmdd
    figures: Sequence[int]  # FIGURES
    layers: Sequence[str]  # "fund_pay_type|fen"
    postings: Sequence[str]  # "fund|account|fen"


class Playing:
    """The rows of one person and scheme, in the order of the journal: give them to `row` one by one, then ask for `years`."""

    def __init__(self, psn_no: str, insutype: str, openings: Mapping[int, Sequence[int]], book_of: BookOf) -> None:
        """Nothing played. `openings`: opening figures 期初数 by year, as their table has them."""
        self.psn_no, self.insutype, self.openings, self.book_of = psn_no, insutype, openings, book_of
        self.years: dict[int, Year] = {}
        self.standing: dict[int, list[tuple[int, Settled]]] = {}  # year -> (setl_id, settlement) that stand, in order
        self.plans: dict[int, Plan] = {}  # setl_id -> the plan that settled it

    def row(self, row: Row, beside: Beside) -> Iterator[Difference]:
        """Play one row, and say what differs."""
        place = f"{self.psn_no} {self.insutype} journal {row.id} setl_id {row.setl_id}"
        try:
            opening = row.what == "O"
            claim = Claim(0, 0, 0, 0, 0) if opening else unpack(Claim, row.claim, row.shape)
            receipt = Receipt() if opening else unpack(Receipt, row.receipt, row.shape)
            before, after = unpack(Year, row.before, row.shape), unpack(Year, row.after, row.shape)
        except (UnknownShape, TypeError, ValueError) as unknown:
            yield Difference("replay.shape", place, str(unknown))
            return
        if row.what == "O":
            yield from self.opening(place, after)
        elif row.what == "M":
            yield from self.taken_back(place, row, before, receipt, after)
        else:
            yield from self.settled(place, row, Settled(claim, before, receipt, after))
        self.years[after.year] = after
        if row.what != "O":
            yield from beside_the_journal(place, row, receipt, beside)
            yield from self.layers(place, row, receipt, beside)
            if row.what != "M" and beside.setl_id is not None and beside.day != claim.day:
                yield Difference("settlement.figure", f"{place} day", str(beside.day), str(claim.day))

    def before_first(self, year: int) -> Year:
        """The figures with which a year begins: its opening figures, or the year before carried over, or nothing."""
        if year in self.openings:
            return unpack(Year, self.openings[year])
        earlier = max((number for number in {*self.years, *self.openings} if number < year), default=None)
        if earlier is None:
            return Year(year=year)
        return opened(self.years[earlier] if earlier in self.years else unpack(Year, self.openings[earlier]), year)

    def opening(self, place: str, after: Year) -> Iterator[Difference]:
        """Opening figures in the journal: the first of their year, and those of the table."""
        table = self.openings.get(after.year)
        if after.year in self.years or table is None or list(table) != list(after):
            yield Difference("replay.opening", place, str(list(after)), str(table))

    def settled(self, place: str, row: Row, one: Settled) -> Iterator[Difference]:
        """A settlement: the year before it, and what the law decides."""
        expected = self.years.get(one.before.year) or self.before_first(one.before.year)
        yield from different_years("replay.before", place, one.before, expected)
        book = self.book_of(row.digest)
        if book is None:
            yield Difference("replay.policy", place, row.digest)
        else:
            plan = book.plan_for(one.claim) or no_plan()
            receipt, after = settle(one.claim, one.before, plan)
            yield from different("replay.receipt", place, one.receipt, receipt)
            yield from different("replay.after", place, one.after, after)
            self.plans[row.setl_id] = plan
        self.standing.setdefault(one.before.year, []).append((row.setl_id, one))

    def layers(self, place: str, row: Row, receipt: Receipt, beside: Beside) -> Iterator[Difference]:
        """What each fund pays, as the receipt says it; a mirror is laid out under the plan of its settlement."""
        plan = self.plans.get(row.setl_id if row.of is None else row.of)
        if plan is None or beside.setl_id is None:
            return
        expected = [f"{one.fund}|{one.amount}" for one in fund_rows(receipt, plan)]
        if sorted(beside.layers) != sorted(expected):
            fen = sum(amounts(beside.layers)) - sum(amounts(expected))
            yield Difference("settlement.layers", place, " ".join(beside.layers) or "-", " ".join(expected) or "-", fen)

    def taken_back(self, place: str, row: Row, before: Year, receipt: Receipt, after: Year) -> Iterator[Difference]:
        """A mirror: its settlement with the opposite sign, and the year as it would be had only the others been."""
        expected = self.years.get(before.year)
        if expected is not None:
            yield from different_years("replay.before", place, before, expected)
        standing = self.standing.get(before.year, [])
        index = next((index for index, (setl_id, _) in enumerate(standing) if setl_id == row.of), None)
        if index is None:
            yield Difference("replay.mirror-of", place, str(row.of))
            return
        original = standing[index][1]
        yield from different("replay.mirror", place, receipt, mirror(original.receipt, 0)._replace(balance=receipt.balance))
        if any(setl_id not in self.plans for setl_id, _ in standing[index + 1 :]):
            self.standing[before.year] = standing[:index] + standing[index + 1 :]
            return                                      # their policies are not there, which was said of each of them
        plans = {id(one.claim): self.plans[setl_id] for setl_id, one in standing[index + 1 :]}
        done = reverse([one for _, one in standing], index, lambda claim: plans[id(claim)], strict=False)
        yield from different_years("replay.mirror-year", place, after, done.year)
        numbers = [setl_id for setl_id, _ in standing if setl_id != row.of]
        self.standing[before.year] = list(zip(numbers, done.journal, strict=True))


def different(kind: str, place: str, found: Year | Receipt, expected: Year | Receipt) -> Iterator[Difference]:
    """The fields in which two values differ."""
    if found == expected:
        return
    for name, one, other in zip(found._fields, found, expected, strict=True):
        if one != other:
            yield Difference(kind, f"{place} {name}", str(one), str(other), one - other)


def different_years(kind: str, place: str, found: Year, expected: Year) -> Iterator[Difference]:
    """The fields in which two years differ, accounts aside."""
    if found != expected:
        yield from different(kind, place, found, expected._replace(account=found.account, family=found.family))


def beside_the_journal(place: str, row: Row, receipt: Receipt, beside: Beside) -> Iterator[Difference]:
    """The settlement, its layers and its entry against the receipt of the journal."""
    if beside.setl_id is None:
        yield Difference("settlement.missing", place)
        return
    expected = figures_of(receipt)
    for name, found, should in zip(FIGURES, beside.figures, expected, strict=True):
        if found != should:
            yield Difference("settlement.figure", f"{place} {name}", str(found), str(should), found - should)
    if beside.mirror_of != row.of or beside.digest != row.digest:
        yield Difference("settlement.figure", f"{place} mirror_of, digest", f"{beside.mirror_of} {beside.digest}", f"{row.of} {row.digest}")
    entry = settlement_entry(receipt, beside.day, str(row.setl_id), beside.fixmedins_code)
    postings = [f"{part.fund}|{part.account}|{part.fen}" for part in entry.postings]
    for name, kept in (("journal", row.entry), ("ledger", beside.postings)):
        if sorted(kept) != sorted(postings):
            fen = sum(debits(kept)) - sum(debits(postings))
            yield Difference("entry.differs", f"{place} {name}", " ".join(kept) or "-", " ".join(postings) or "-", fen)


def amounts(parts: Sequence[str]) -> list[int]:
    """The fen at the end of parts written "...|fen"."""
    return [int(part.rsplit("|", 1)[1]) for part in parts]


def debits(postings: Sequence[str]) -> list[int]:
    """The debits of postings: their sum is that of the credits."""
    return [max(fen, 0) for fen in amounts(postings)]


def figures_of(receipt: Receipt) -> tuple[int, ...]:
    """What a settlement's columns hold of a receipt, in the order of FIGURES."""
    one = receipt
    return (
        one.total, one.full, one.over, one.pre, one.within, one.deductible, one.pool, one.fund, one.hospital, one.person,
        one.account + one.family, one.family, one.cash, one.balance,
    )  # fmt: skip
