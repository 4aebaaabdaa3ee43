"""Months payable before and after 可支付月数: the pools' balances rolled to the year, the year's income and outgo on both sides.

The side before is what the funds' sheets say (warehouse/measure/funds.py). Income is what arrived in contributions and subsidies less
what is credited to personal accounts; a reform of the split therefore moves it. Outgo of the employee pool is what it pays on bills; of
the resident pool, with the premium of major-illness insurance: what a reform moves in that insurance's payments counts as if the premium
followed them. The kernel decides the level (kernel/indicators/reserve.py).
"""

from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel import codes
from openyibao.kernel.indicators.reserve import WORDS, Levels, months_payable, warning
from openyibao.kernel.indicators.value import shown
from openyibao.policybook.book import Book
from openyibao.policybook.tree import found_on
from openyibao.policybook.units import TRUST
from openyibao.warehouse.measure.levels import levels_of
from openyibao.warehouse.measure.place import premium_per_head
from openyibao.warehouse.run.credits import credits_of
from openyibao.warehouse.run.driver import recorded_package
from openyibao.warehouse.simulate.funds import FUNDS, sums_of
from openyibao.warehouse.simulate.outcome import Months, Words
from openyibao.warehouse.tables.store import Store

POOLS = (("employee_pool", codes.EMPLOYEE, ("pool",)), ("resident_pool", codes.RESIDENT, ("pool", "catastrophic")))
"""A pool, its scheme, and the columns of `result` through which a reform moves its outgo."""
BOUNDS = ("excess_months", "comfortable_months.high", "comfortable_months.low", "insufficient_months")
IN_ARREARS, REGULAR = 3, (1, 4)
"""States of a contribution: never arrived; arrived in its own months."""


class Flow(NamedTuple):
    """One pool in one year, fen."""

    income: int  # contributions and subsidies, before anything is credited to accounts
    credits: int
    outgo: int


def incomes(store: Store, through: int) -> dict[tuple[int, int], int]:
    """What arrived by year and scheme, up to a year: employees' months paid in order in their own year, all else when it was paid."""
    found: dict[tuple[int, int], int] = {}
    for year in (one for one in store.years("contribution") if one <= through):
        for bucket in store.buckets("contribution", year):
            columns = ("scheme", "employer_part", "person_part", "subsidy", "aided", "paid_on", "state")
            rows = store.arrays("contribution", year, bucket, columns)
            fen = rows["employer_part"] + rows["person_part"] + rows["subsidy"] + rows["aided"]
            regular = (rows["scheme"] == codes.EMPLOYEE) & np.isin(rows["state"], REGULAR)
            arrival = np.where(regular, year, np.maximum(rows["paid_on"] // 10_000, year))
            counts = (rows["state"] != IN_ARREARS) & (rows["paid_on"] > 0)
            for scheme in (codes.EMPLOYEE, codes.RESIDENT):
                mine = counts & (rows["scheme"] == scheme)
                for when in np.unique(arrival[mine]).tolist():
                    key = (int(when), scheme)
                    found[key] = found.get(key, 0) + int(fen[mine & (arrival == when)].sum())
    return found


def premium_of(store: Store, book: Book, year: int) -> int | None:
    """What the resident fund pays the major-illness insurer for a year; None where the policy has no premium."""
    head = premium_per_head(book, year)
    if head is None:
        return None
    heads = 0
    for bucket in store.buckets("contribution", year):
        rows = store.arrays("contribution", year, bucket, ("person", "scheme", "paid_on", "state"))
        paid = (rows["scheme"] == codes.RESIDENT) & (rows["state"] != IN_ARREARS) & (rows["paid_on"] > 0)
        heads += len(np.unique(rows["person"][paid]))
    return heads * head


def recorded_flows(store: Store, book: Book, year: int, income: dict[tuple[int, int], int]) -> dict[str, Flow]:
    """The recorded year of both pools."""
    package = recorded_package(store, year)
    paid, credited = {"employee_pool": 0, "resident_pool": 0, "catastrophic": 0}, 0
    for bucket in store.buckets("bill", year):
        scheme = store.arrays("bill", year, bucket, ("scheme",))["scheme"]
        result = store.arrays("result", year, bucket, ("pool", "catastrophic"))
        for key, mine, _ in POOLS:
            paid[key] += int(result["pool"][scheme == mine].sum(dtype=np.int64))
        paid["catastrophic"] += int(result["catastrophic"].sum(dtype=np.int64))
        credited += int(credits_of(store.arrays("holder", year, bucket), package).sum())
    premium = premium_of(store, book, year)
    paid["resident_pool"] += paid["catastrophic"] if premium is None else premium
    return {
        key: Flow(income.get((year, mine), 0), credited if mine == codes.EMPLOYEE else 0, paid[key]) for key, mine, _ in POOLS
    }


def openings(store: Store, book: Book, year: int, income: dict[tuple[int, int], int]) -> dict[str, tuple[int, str, str]]:
    """Each pool's balance on 1 January with its mark and source: the card's opening figure, rolled on by the recorded years before."""
    stated = store.card().get("balances", {})
    flows = [recorded_flows(store, book, one, income) for one in store.years() if one < year]
    return {
        key: (
            int(stated[key]["opening"]) + sum(flow[key].income - flow[key].credits - flow[key].outgo for flow in flows),
            str(stated[key]["trust"]), str(stated[key]["source"]),
        )
        for key, _, _ in POOLS if key in stated
    }  # fmt: skip


def weakest_bound(book: Book, day: int) -> str:
    """The weakest mark among the policy book's bounds; the red line is our own."""
    entries = (found_on(book.tables[codes.RESIDENT], f"fund.{key}", day) for key in BOUNDS)
    marks = [entry.value.trust for entry in entries if entry is not None]
    return max(marks, key=list(TRUST).index, default="illustrative")


def outgo_of(cells: Any, key: str) -> int:
    """A pool's outgo on one side."""
    _, scheme, columns = next(pool for pool in POOLS if pool[0] == key)
    return sum(sums_of(cells, column, scheme) for column in columns)


def months_of(store: Store, year: int, book: Book, before: Any, after: Any, credits: tuple[int, int]) -> tuple[Months, ...]:
    """Months payable of both pools on both sides; a pool whose balance the store's card does not state is left out.

    before, after  cells of both sides (funds.SHAPE)
    credits        credited to personal accounts on both sides, fen
    """
    day = year * 10_000 + 1231
    bounds, weakest = levels_of(book, day), weakest_bound(book, day)
    income, premium = incomes(store, year), premium_of(store, book, year)
    balances = openings(store, book, year, income)
    found = []
    for key, scheme, _ in POOLS:
        if key not in balances:
            continue
        credited = credits if scheme == codes.EMPLOYEE else (0, 0)
        arrived = income.get((year, scheme), 0)
        gained = arrived - credited[0], arrived - credited[1]
        outgo = outgo_of(before, key), outgo_of(after, key)
        if key == "resident_pool" and premium is not None:
            more = premium - sums_of(before, "catastrophic", scheme)
            outgo = outgo[0] + more, outgo[1] + more
        found.append(month_of(key, balances[key], gained, outgo, bounds, weakest))
    return tuple(found)


def month_of(
    key: str, balance: tuple[int, str, str], income: tuple[int, int], outgo: tuple[int, int], bounds: Levels, weakest: str
) -> Months:
    """One pool on both sides: how long the balance at the year's end lasts, and the level the kernel gives it."""
    opening, trust, source = balance
    closing = opening + income[0] - outgo[0], opening + income[1] - outgo[1]
    values = months_payable(closing[0], outgo[0]), months_payable(closing[1], outgo[1])
    levels = tuple(warning(value, one, other, bounds) for value, one, other in zip(values, income, outgo, strict=True))
    return Months(
        key=key, words=next(fund.words for fund in FUNDS if fund.key == key), opening=opening,
        income_before=income[0], income_after=income[1], outgo_before=outgo[0], outgo_after=outgo[1],
        closing_before=closing[0], closing_after=closing[1],
        months_before=shown(values[0], "months") if values[0] is not None else None,
        months_after=shown(values[1], "months") if values[1] is not None else None,
        level_before=levels[0], level_after=levels[1],
        level_words_before=Words(*WORDS[levels[0]]), level_words_after=Words(*WORDS[levels[1]]),
        trust=trust, source=source, bounds=(bounds.red, bounds.insufficient, bounds.low, bounds.high, bounds.excess), bounds_trust=weakest,
    )  # fmt: skip
