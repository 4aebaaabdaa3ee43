"""Reversals of whole files: whatever is taken back in whatever order, what is left is what the other bills alone leave."""

from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from openyibao.kernel.receipt import Receipt
from openyibao.kernel.reversal import UNSIGNED
from openyibao.kernel.year import opened
from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.bills.bill import bill
from openyibao.warehouse.bills.order import ordered
from openyibao.warehouse.bills.people import NOBODY
from openyibao.warehouse.bills.reversal import Event, Reversal, reversal
from openyibao.warehouse.bills.settling import Policy, Settled, settle_bills
from openyibao.warehouse.bills.tally import Tally

POLICIES = {city: Policy(city, load_book(policies_root(), city)) for city in ("ankang", "jingzhou", "jishou", "wuhan", "yuxi")}
AMOUNTS = [name for name in Receipt._fields if name not in UNSIGNED]
KINDS = ("outpatient", "inpatient", "chronic", "two_disease", "prenatal", "delivery", "dialysis", "pharmacy", "day_surgery")
MANY = settings(max_examples=120)


@st.composite
def files(draw: Any) -> tuple[str, list[Event]]:
    """Bills of one person over two years, in order of day, and reversals of some of them, after them in any order."""
    scheme = draw(st.sampled_from(("310", "390")))
    count = draw(st.integers(1, 6))
    days = sorted(draw(st.lists(st.sampled_from([f"{year}-{month:02d}-15" for year in (2023, 2024) for month in (1, 2, 3, 11, 12)]),
                                min_size=count, max_size=count)))
    rows: list[dict[str, Any]] = []
    for place, day in enumerate(days):
        within = draw(st.integers(0, 3_000_000))
        rows.append({
            "bill_id": f"A{place}", "psn_no": "P", "insutype": scheme, "kind": draw(st.sampled_from(KINDS)), "begndate": day,
            "enddate": day, "level": draw(st.sampled_from(("P0", "L2", "L3"))), "medfee_sumamt": f"{within + 777}e-2",
            "inscp_scp_amt": f"{within}e-2", "dise_code": "M01600", "two_disease": "diabetes", "sessions": draw(st.integers(1, 9)),
            "agreement": draw(st.sampled_from("1110")), "account": "900.00", "family": "120.00"})
    events: list[Event] = [bill(row, line) for line, row in enumerate(rows, 1)]
    for place, taken in enumerate(draw(st.lists(st.integers(0, count - 1), unique=True, min_size=1))):
        event = reversal({"bill_id": f"R{place}", "psn_no": "P", "reverses": f"A{taken}"}, 100 + place)
        own = [event.number for event in events].index(f"A{taken}")
        after = draw(st.integers(own + 1, len(events))) if draw(st.booleans()) else len(events)
        events.insert(after, event)
    return draw(st.sampled_from(sorted(POLICIES))), ordered(events).bills


def run(city: str, events: list[Event], replay: bool = True) -> list[Settled]:
    return list(checked(settle_bills(events, lambda _: POLICIES[city], NOBODY, replay=replay)))


def checked(results: Any) -> Iterator[Settled]:
    for result in results:
        assert isinstance(result, Settled), result
        yield result


def taken(events: list[Event]) -> set[str]:
    return {event.reverses for event in events if isinstance(event, Reversal)}


def totals(documents: list[Settled]) -> dict[str, int]:
    return {name: sum(getattr(one.receipt, name) for one in documents) for name in AMOUNTS}


@MANY
@given(files())
def test_with_replay_it_is_as_if_the_bills_had_never_been(file: tuple[str, list[Event]]) -> None:
    city, events = file
    left = [event for event in events if not isinstance(event, Reversal) and event.number not in taken(events)]
    documents, never = run(city, events), run(city, left)
    assert totals(documents) == totals(never)
    end = never[-1].after if never else documents[0].before
    assert documents[-1].after == opened(end, documents[-1].after.year)


@MANY
@given(files(), st.booleans())
def test_every_mirror_negates_the_document_it_names_and_every_document_adds_up(file: tuple[str, list[Event]], replay: bool) -> None:
    city, events = file
    documents = run(city, events, replay)
    by_number = {one.bill.number: one for one in documents}
    assert len(by_number) == len(documents)
    named = [one.reverses for one in documents if one.reverses]
    assert len(set(named)) == len(named)
    tally = Tally()
    for one in documents:
        tally.add(one)
        if one.reverses:
            assert all(getattr(one.receipt, name) == -getattr(by_number[one.reverses].receipt, name) for name in AMOUNTS)
        if one.replaces:
            assert one.replaces in named and one.because in by_number
    assert tally.broken == [] and tally.reversed == len(taken(events))


@MANY
@given(files())
def test_without_replay_the_money_of_the_standing_bills_is_the_money_of_the_year(file: tuple[str, list[Event]]) -> None:
    city, events = file
    documents = run(city, events, replay=False)
    assert [one.bill.number for one in documents] == [event.number for event in events]
    year, start = documents[-1].after, documents[0].before
    standing = [one for one in documents if not one.reverses and one.bill.number not in taken(events)]
    assert year.account == start.account - sum(one.receipt.account for one in standing)
    assert year.family == start.family - sum(one.receipt.family for one in standing)
    own = [one.receipt for one in standing if one.claim.day // 10_000 == year.year]
    assert (year.bills, year.cash_paid, year.burden) == (len(own), sum(one.cash for one in own), sum(one.burden for one in own))
    assert all(value >= 0 for value in year)
    if not standing:
        assert year == opened(start, year.year)


@MANY
@given(files())
def test_the_account_is_never_overdrawn_by_the_documents_of_a_reversal(file: tuple[str, list[Event]]) -> None:
    city, events = file
    account = 90_000
    for one in run(city, events):
        account -= one.receipt.account
        assert account >= 0
        if one.reverses:
            assert one.receipt.balance == account
    assert one.after.account == account
