"""A question put to every bucket of a city 提问: two sides, one answer; shared by the simulation of a reform and the merger of counties."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from openyibao.policybook.book import Book
from openyibao.warehouse.run.runner import Runner
from openyibao.warehouse.simulate.accounts import accounts_of
from openyibao.warehouse.simulate.comparing import Order, sides_of
from openyibao.warehouse.simulate.funds import CREDITS, FEE, LAYERS, WITHIN, fund_totals, person_totals, sums_of
from openyibao.warehouse.simulate.gathering import Gathered, Progress, dimensions_of, distribution_of, gather, hard_cases
from openyibao.warehouse.simulate.hardest import Bucket, Policy, case_of
from openyibao.warehouse.simulate.months import months_of
from openyibao.warehouse.simulate.outcome import Accounts, Amount, Case, Dimension, Distribution, Months, Totals
from openyibao.warehouse.tables.store import Store

TOP = 20
"""Hard cases shown."""


class Question(NamedTuple):
    """What a simulation or a merger asks of the buckets."""

    store: Store
    year: int
    out: Path
    before: tuple[tuple[str, tuple[int, ...]], ...]  # packages by county; () = the recorded results
    after: Path
    prices: Path | None
    recorded: Path  # package of the recorded results
    policies: Callable[[int], tuple[Policy, Policy]]  # of a county's code: before and after
    top: int = TOP
    behind: bool = False  # every bill and person-year is written beside the sums (behind.py)


class Answer(NamedTuple):
    """What the buckets say, before it is told why."""

    gathered: Gathered
    totals: Totals
    months: tuple[Months, ...]
    dimensions: tuple[Dimension, ...]
    distribution: Distribution
    accounts: Accounts
    hardest_bills: tuple[Case, ...]
    hardest_years: tuple[Case, ...]

    @property
    def holders(self) -> int:
        """Person-years counted."""
        return int(self.gathered.sums["group_scheme"][:, 0].sum())

    @property
    def bills(self) -> int:
        """Bills settled."""
        return int(self.gathered.sums["bills"][0])


def answered(question: Question, base: Book, runner: Runner | None, progress: Progress | None) -> Answer:
    """Compare the city's buckets and read off the sums. `base` gives the bounds of months payable."""
    store, year = question.store, question.year
    gathered = gather(store, year, question.before, question.after, question.prices, question.recorded, question.out, runner, progress,
                      question.top, question.behind)  # fmt: skip
    sums = gathered.sums
    accounts = accounts_of(sums["accounts"])
    credits = accounts.rows[0].credit_before, accounts.rows[0].credit_after
    months = months_of(store, year, base, sums["before"], sums["after"], credits)
    bills, years = hardest_of(question, gathered)
    return Answer(
        gathered, totals_of(gathered, credits), months, dimensions_of(gathered, store), distribution_of(sums), accounts, bills, years
    )


def totals_of(gathered: Gathered, credits: tuple[int, int]) -> Totals:
    """The whole city's year."""
    sums = gathered.sums
    before, after = sums["before"], sums["after"]
    named = (("total", FEE), ("within", WITHIN), ("fund", LAYERS["fund"]))
    fee, within, fund = (Amount(name, words, sums_of(before, name), sums_of(after, name)) for name, words in named)
    persons = sums["group_scheme"].sum(axis=0)
    _, changed, gain, lose = (int(figure) for figure in sums["bills"])
    return Totals(
        funds=fund_totals(before, after), person=person_totals(before, after), total=fee, within=within, fund=fund,
        credits=Amount("credits", CREDITS, *credits), bills_changed=changed, bills_gain=gain, bills_lose=lose,
        persons_gain=int(persons[2]), persons_lose=int(persons[3]), persons_same=int(persons[4]),
    )  # fmt: skip


def hardest_of(question: Question, gathered: Gathered) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
    """The hardest bills and the hardest years, explained."""
    wanted = {by: hard_cases(gathered.sums[f"hard_{by}s"], question.top) for by in ("bill", "year")}
    buckets = {number: bucket_of(question, number) for number in sorted({one[0] for found in wanted.values() for one in found})}
    bills, years = (
        tuple(
            case_of(rank, by, buckets[bucket], holder, bill, question.policies) for rank, (bucket, holder, bill) in enumerate(found, 1)
        )
        for by, found in wanted.items()
    )
    return bills, years


def bucket_of(question: Question, number: int) -> Bucket:
    """A bucket settled once more, to look at single persons."""
    store = question.store
    order = Order(
        str(store.root), store.form, question.year, number, question.before, str(question.after), str(question.prices or ""),
        str(question.recorded), (), 0, "",
    )  # fmt: skip
    sides, town = sides_of(order), store.arrays("town")
    place = np.searchsorted(town["town"], sides.holder["town"])
    return Bucket(sides, town["county"][place], town["county_name"][place])
