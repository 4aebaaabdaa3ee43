"""Layers of a bill: on the shipped bills of five cities they add up to what the funds pay, and the bars fall from the total to the cash."""

from pathlib import Path

import pytest

from openyibao.bureau.statement.layering import SCOPE, grouped, layered, waterfall
from openyibao.bureau.statement.naming import kind_words, masked_name
from openyibao.kernel.codes import UNBOUNDED
from openyibao.kernel.explained.steps import Builder, given, money, rate
from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.bills.people import read_people
from openyibao.warehouse.bills.reading import read_bills
from openyibao.warehouse.bills.settled import Policy, Settled
from openyibao.warehouse.bills.settling import settle_bills

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@pytest.fixture(scope="module")
def settled():
    """Every example bill that settles."""
    books = {}

    def policy(bill):
        if bill.city not in books:
            books[bill.city] = Policy(bill.city, load_book(policies_root(), bill.city))
        return books[bill.city]

    found = settle_bills(read_bills(EXAMPLES / "bills.jsonl").bills, policy, read_people(EXAMPLES / "people.jsonl"))
    return [one for one in found if isinstance(one, Settled) and not one.reverses]


def test_layers_and_state_add_up_to_the_funds(settled):
    assert len(settled) > 50
    for one in settled:
        found = layered(one.claim, one.before, one.plan, one.receipt, one.policy.book)
        paid = sum(layer.paid or 0 for layer in found.layers)
        assert paid + one.receipt.state == one.receipt.fund, one.bill.number


def test_every_layer_that_pays_says_what_it_took_up_and_by_which_clause(settled):
    seen = set()
    for one in settled:
        for layer in layered(one.claim, one.before, one.plan, one.receipt, one.policy.book).layers:
            if layer.paid:
                seen.add(layer.code)
                assert layer.base is not None and layer.sources and layer.trusts and layer.steps, (one.bill.number, layer.code)
    assert {"pool", "catastrophic", "aid", "civil"} <= seen


def test_what_was_left_under_the_cap_is_never_less_than_what_was_paid(settled):
    for one in settled:
        for layer in layered(one.claim, one.before, one.plan, one.receipt, one.policy.book).layers:
            if layer.paid and layer.cap_left is not None and layer.code not in ("pool", SCOPE):
                assert layer.paid <= layer.cap_left, (one.bill.number, layer.code)


def test_the_bars_fall_from_the_total_to_the_cash(settled):
    for one in settled:
        falls = waterfall(one.receipt, one.plan)
        assert falls[0].fen == one.receipt.total and falls[-1].fen == one.receipt.cash
        assert sum(fall.fen for fall in falls[:-1]) == falls[-1].fen, one.bill.number


def test_a_cap_without_limit_and_one_that_is_used_up():
    builder = Builder(0)
    builder.add("eligible", "{within}", 50_000, within=given(50_000))
    builder.add("base", "{eligible}", 50_000)
    builder.add("civil_base", "{base}", 50_000)
    builder.add("civil", "min(round({civil_base} × {civil_ratio}), max({civil_cap} - {civil_used}, 0))", 0, civil_ratio=rate(5_000),
                civil_cap=money(10_000), civil_used=given(12_000))  # fmt: skip
    builder.add("aid_base", "{base}", 50_000)
    builder.add("aid", "min(round({aid_base} × {aid_ratio}), max({aid_cap} - {aid_used}, 0))", 25_000, aid_ratio=rate(5_000),
                aid_cap=money(UNBOUNDED), aid_used=given(0))  # fmt: skip
    scope, civil, aid = grouped(builder.steps).layers
    assert scope.code == SCOPE and scope.paid is None
    assert (civil.cap_left, civil.capless, civil.ratios) == (0, False, ("50%",))
    assert (aid.capless, aid.paid, aid.base) == (True, 25_000, 50_000)


def test_words_of_a_bill():
    assert masked_name("欧阳娜娜") == "欧***" and masked_name("") == ""
    assert str(kind_words("21")) == "住院" and str(kind_words("51")) == "生育门诊" and kind_words("nothing") == "nothing"
