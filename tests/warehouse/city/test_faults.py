"""Planted faults: every pattern occurs where cheating is common, the truth says where and how much, and nothing else reads it."""

import re
from pathlib import Path

import numpy as np
import pytest

import openyibao
from openyibao.warehouse.city import registers
from openyibao.warehouse.city.faults import habits_of, truth_of
from openyibao.warehouse.city.patterns import (
    AFTER_DEATH,
    EMPTY_BED,
    NAMES,
    NONE,
    OF_PHARMACIES,
    OF_STAYS,
    OF_VISITS,
    ON_LINES,
    OVERLAPPING_STAYS,
    STOCK_MISMATCH,
    UNCOVERED,
    ZH,
)  # fmt: skip
from openyibao.warehouse.city.slips import FAULT
from warehouse.city.small_year import YEARS, Town, crooked, town

OF_THE_PLANS = (
    "empty_bed", "induced", "over_examination", "false_treatment", "false_drugs", "forged_papers", "resold_drugs", "false_identity",
)


@pytest.fixture(scope="module")
def place() -> Town:
    return crooked()


def truths(place: Town) -> list[dict]:
    return [truth_of(made.slips, made.bill, made.sheet, place.folk.person) for made in place.years.values()]


def test_every_pattern_occurs_those_of_the_plans_first(place: Town) -> None:
    found = {name for truth in truths(place) for name in truth["pattern"]}
    assert found >= set(OF_THE_PLANS)
    rare = {NAMES[NONE], NAMES[STOCK_MISMATCH], "duplicate_benefit", "uncovered"}     # too few people for the last two
    assert set(NAMES) - found <= rare
    assert len(NAMES) == len(ZH) == len(set(NAMES))


def test_the_truth_of_lines_and_bills(place: Town) -> None:
    for made, truth in zip(place.years.values(), truths(place), strict=True):
        pattern = np.array(truth["pattern"])
        whole = truth["line"] < 0
        assert np.all(np.diff(truth["row"]) >= 0)
        for name in ("bill", "person", "institution"):
            assert np.array_equal(made.bill[name][truth["row"]], truth[name])
        assert np.array_equal(truth["amount"][whole], made.bill["total"][truth["row"][whole]])
        lines = truth["line"][~whole]
        assert np.array_equal(made.sheet.row[lines], truth["row"][~whole])
        fees = (made.sheet.quantity[lines].astype(np.int64) * made.sheet.price[lines] + 50_000_000) // 100_000_000
        assert np.array_equal(fees, truth["amount"][~whole]) and np.all(fees > 0)
        assert set(pattern[~whole]) <= {NAMES[number] for number in ON_LINES} | {"resold_drugs"}
        assert (made.sheet.fault != NONE).sum() == (~whole).sum()


def test_what_a_pattern_looks_like_on_the_bills(place: Town) -> None:
    assert sum((made.slips[:, FAULT] == EMPTY_BED).sum() for made in place.years.values()) > 0
    for made in place.years.values():
        fault, bill = made.slips[:, FAULT], made.bill
        assert np.all(bill["lines"][fault == EMPTY_BED] == 3)
        dead = fault == AFTER_DEATH
        assert dead.sum() > 0 and np.all(bill["day"][dead] > bill["died"][dead]) and np.all(made.result["fund"][dead] == 0)
        assert np.all(made.result["outcome"][fault == UNCOVERED] != 0)
        for row in np.flatnonzero(fault == OVERLAPPING_STAYS)[:10]:
            others = (bill["person"] == bill["person"][row]) & (bill["admitted"] > 0) & (bill["bill"] != bill["bill"][row])
            assert np.any((bill["admitted"][others] <= bill["day"][row]) & (bill["admitted"][row] <= bill["day"][others]))


def test_an_ordinary_city_cheats_seldom() -> None:
    place = town()
    for year in YEARS:
        share = (place.years[year].slips[:, FAULT] != NONE).mean()
        assert 0 < share < 0.04      # so few institutions that most have a habit


def test_habits_are_the_citys_and_only_at_home() -> None:
    shop = town().shop
    institution = shop.ground.institution
    habits = habits_of(institution, shop.care_profile, 1)
    assert np.array_equal(habits, shop.habits) and not np.array_equal(habits, habits_of(institution, shop.care_profile, 2))
    assert np.all(habits[np.asarray(institution["place"]) != 0] == 0)
    whole = registers.institutions(shop.ground.profile, shop.ground.city._replace(people=shop.ground.city.whole), shop.ground.town)
    wide = habits_of(whole, shop.care_profile, 1)
    assert set(OF_STAYS) | {-pattern for pattern in (*OF_VISITS, *OF_PHARMACIES)} <= set(wide.tolist())
    assert 0 < (wide != 0).mean() < 0.15


def test_nothing_outside_the_city_knows_the_patterns() -> None:
    root = Path(openyibao.__file__).parent
    told = re.compile(r"city\.patterns|city\.faults|truth_of|truth/")
    allowed = {root / "warehouse" / "tables", root / "warehouse" / "questions"}
    for file in root.rglob("*.py"):
        if root / "warehouse" / "city" in file.parents or any(folder in file.parents for folder in allowed):
            continue
        assert not told.search(file.read_text(encoding="utf-8")), file
