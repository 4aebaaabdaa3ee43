"""One bill at a time: by the compiled loop with the cost of the call, by plain Python, and explained."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel.claim import Claim
from openyibao.kernel.explain import explain
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book
from openyibao.warehouse.loop import settle_records
from openyibao.warehouse.records import RESULT
from parts.city import City
from parts.clock import Timing, timed


class Case(NamedTuple):
    """One bill as values: the year before it, its plan and receipt."""

    claim: Claim
    year: Year
    plan: Plan
    receipt: Receipt


def claims_of(city: City) -> list[Claim]:
    """The city's bills as values."""
    columns = [city.claims[field].tolist() for field in Claim._fields]
    return [Claim(*row) for row in zip(*columns, strict=True)]


def years_of(city: City) -> list[Year]:
    """The people's opening years as values."""
    return [Year(*row) for row in zip(*(city.opening[field].tolist() for field in Year._fields), strict=True)]


def cases_of(city: City) -> list[Case]:
    """Every bill settled in plain Python, with the year it met."""
    years, cases = years_of(city), []
    for claim, person, row in zip(claims_of(city), city.persons.tolist(), city.plan_of.tolist(), strict=True):
        before, plan = years[person], city.plans[row]
        receipt, years[person] = settle(claim, before, plan)
        cases.append(Case(claim, before, plan, receipt))
    return cases


def compiled_calls(city: City, repeats: int) -> Timing:
    """Seconds per bill when each bill is a call of its own of the compiled loop."""
    row = np.zeros(1, np.int32)
    results, count = np.empty(len(city.claims), RESULT), len(city.claims)

    def calls() -> tuple[list[tuple[Any, ...]]]:
        years = city.opening.copy()
        return ([
            (city.claims[i : i + 1], row, city.plan_of[i : i + 1], city.table, years[person : person + 1], results[i : i + 1])
            for i, person in enumerate(city.persons.tolist())
        ],)  # fmt: skip

    return timed(settle_each, repeats, calls).per(count)


def settle_each(calls: list[tuple[Any, ...]]) -> None:
    """Call the loop once for each bill."""
    for arguments in calls:
        settle_records(*arguments)


def plain_calls(cases: list[Case], repeats: int) -> Timing:
    """Seconds per bill in plain Python."""

    def settle_all() -> None:
        for case in cases:
            settle(case.claim, case.year, case.plan)

    return timed(settle_all, repeats).per(len(cases))


def explanations(cases: list[Case], book: Book, repeats: int) -> dict[str, Timing]:
    """Seconds per explained bill: with the sources of each plan at hand, and with them asked of the book for each bill."""
    sources = {place: book.sources(*place) for place in {(case.claim.scheme, case.claim.day) for case in cases}}

    def explain_all() -> None:
        for case in cases:
            explain(case.claim, case.year, case.plan, case.receipt, sources[case.claim.scheme, case.claim.day])

    def ask_and_explain_all() -> None:
        for case in cases:
            found: Mapping[str, tuple[Any, ...]] = book.sources(case.claim.scheme, case.claim.day)
            explain(case.claim, case.year, case.plan, case.receipt, found)

    return {
        "explain": timed(explain_all, repeats).per(len(cases)),
        "explain_with_lookup": timed(ask_and_explain_all, repeats).per(len(cases)),
    }
