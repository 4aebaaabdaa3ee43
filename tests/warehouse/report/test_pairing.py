"""Steps of one bill before and after: beside each other where both take them, alone where only one does, in order."""

import dataclasses

from openyibao.warehouse.report.page import layers_of
from openyibao.warehouse.report.pairing import pairs
from openyibao.warehouse.simulate.outcome import Amount, Words
from warehouse.report.made_outcome import case, step


def test_a_step_that_only_the_reform_takes_stands_alone_in_its_place():
    found = pairs(case(1, "bill", 9, 1))
    assert [(pair.shown.key, pair.before is None, pair.differs) for pair in found] == [
        ("eligible", False, False), ("deductible", False, False), ("cap", True, True), ("ratio", False, True), ("pool", False, True)]


def test_a_figure_that_is_the_same_by_another_formula_differs():
    one = case(1, "bill", 9, 1)
    assert one.before is not None and one.after is not None
    other = dataclasses.replace(one.after, steps=(step("eligible", "可报金额", "eligible amount", "2100.00 - 100.00", 2_000_00),))
    found = pairs(dataclasses.replace(one, after=other))
    assert found[0].shown.key == "eligible" and found[0].differs and found[0].after is not None
    assert all(pair.after is None for pair in found[1:])


def test_a_year_without_a_bill_has_no_steps():
    assert pairs(case(1, "year", -1, 1)) == []


def test_layers_come_in_the_order_of_the_law_and_what_the_person_pays_is_told_apart():
    one = case(1, "bill", 9, 1)
    assert one.before is not None and one.after is not None
    paid = {"account": 5, "aid": 7, "civil": 0, "pool": 9, "cash": 3}
    layers = tuple(Amount(key, Words(key, key), fen, fen) for key, fen in paid.items())
    found = layers_of(dataclasses.replace(one, before=dataclasses.replace(one.before, layers=layers)))
    assert [(words.en, before, after) for words, before, after in found] == [("pool", 9, 650_00), ("aid", 7, 0)]


def test_a_step_taken_instead_of_another_is_not_beside_it():
    one = case(1, "bill", 9, 1)
    assert one.before is not None and one.after is not None
    sides = [dataclasses.replace(side, steps=(step(key, "步骤", "step", "1.00", 1_00),))
             for side, key in ((one.before, "cap"), (one.after, "quota"))]
    found = pairs(dataclasses.replace(one, before=sides[0], after=sides[1]))
    assert [(pair.before is None, pair.after is None, pair.shown.key) for pair in found] == [(False, True, "cap"), (True, False, "quota")]
