"""Months payable agree with the funds' own sheets; the behaviour option does what its rule says, apart from the static figures."""

from fractions import Fraction

import numpy as np
import pytest

from openyibao.kernel import codes
from openyibao.kernel.indicators.value import shown
from openyibao.kernel.ledger import EMPLOYEE_POOL, RESIDENT_FUND
from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.measure.funds import books, reserve
from openyibao.warehouse.measure.place import city_of
from openyibao.warehouse.questions.asking import opened
from openyibao.warehouse.run.credits import credits_of
from openyibao.warehouse.run.package import read_package, recorded_path
from openyibao.warehouse.simulate.behaviour import DEFAULT, Elasticity, behaviour_of, elasticity_of
from openyibao.warehouse.simulate.comparing import cells_of
from openyibao.warehouse.simulate.funds import PLACE, no_cells
from openyibao.warehouse.simulate.months import months_of
from openyibao.warehouse.tables.store import Store


@pytest.mark.parametrize("year", [2022, 2023])
def test_the_side_before_is_what_the_funds_sheets_say(small_ankang: Store, year: int) -> None:
    book = load_book(policies_root(), "ankang")
    cells, credits = no_cells(), 0
    for bucket in small_ankang.buckets("bill", year):
        cells += cells_of(small_ankang.arrays("bill", year, bucket), small_ankang.arrays("result", year, bucket))
        credits += int(credits_of(small_ankang.arrays("holder", year, bucket), read_package(recorded_path(small_ankang, year))).sum())
    found = months_of(small_ankang, year, book, cells, cells, (credits, credits))
    city = city_of(small_ankang, book)
    with opened(small_ankang, (2022, 2023)) as desk:
        sheets = books(desk, city, year * 100 + 12)
        for pool, fund in zip(found, (EMPLOYEE_POOL, RESIDENT_FUND), strict=True):
            asked = reserve(sheets, city, (fund,), year * 100 + 12)
            assert asked is not None
            assert asked.value is not None
            assert (pool.closing_before, pool.outgo_before) == (asked.balance, asked.outgo if year == 2022 else pool.outgo_before)
            assert pool.months_before == pool.months_after == shown(asked.value, "months")
            assert pool.level_before == pool.level_after
            assert (pool.trust, pool.bounds) == ("illustrative", (1, 3, 6, 9, 15))


def cells_with(kind: int, total: int, fund: int) -> np.ndarray:
    """Cells with one kind of the employees' bills."""
    cells = no_cells()
    for name, figure in (("total", total), ("fund", fund), ("pool", fund), ("person", total - fund)):
        cells[codes.EMPLOYEE, kind, codes.L2, PLACE[name]] = figure
    return cells


def test_behaviour_weighs_every_bill_of_a_kind_by_the_change_of_the_share() -> None:
    before, after = cells_with(codes.OUTPATIENT, 1_000_000, 400_000), cells_with(codes.OUTPATIENT, 1_000_000, 550_001)
    found = behaviour_of(before, after, Elasticity(-2000, 0))
    change = Fraction(-2, 10) * (Fraction(449_999, 600_000) - 1)
    assert found.cells[0].quantity == round(change * 10**6)
    assert found.cells[0].fund_after == (2 * 550_001 * (1 + change) + 1) // 2
    amounts = {one.key: (one.before, one.after) for one in found.funds}
    assert amounts["employee_pool"] == amounts["fund"] == (550_001, found.cells[0].fund_after)
    assert amounts["person"][0] == 449_999 < amounts["person"][1]


@pytest.mark.parametrize("kind", [codes.RESCUE, codes.DIALYSIS, codes.DELIVERY, codes.PHARMACY])
def test_what_nobody_chooses_does_not_answer_to_price(kind: int) -> None:
    found = behaviour_of(cells_with(kind, 10_000, 0), cells_with(kind, 10_000, 5_000), DEFAULT)
    assert found.cells == ()
    assert all(one.before == one.after for one in found.funds)


def test_nothing_borne_before_and_nothing_changed_give_no_response() -> None:
    for before, after in (((100, 100), (100, 50)), ((100, 50), (100, 50))):
        assert behaviour_of(cells_with(codes.INPATIENT, *before), cells_with(codes.INPATIENT, *after), DEFAULT).cells == ()


def test_elasticities_as_they_are_written() -> None:
    assert elasticity_of("0") is None
    assert elasticity_of("default") == DEFAULT
    assert elasticity_of("-0.25") == Elasticity(-2500, -2500, "user")
    assert elasticity_of("outpatient=-0.3,inpatient=-0.1") == Elasticity(-3000, -1000, "user")
    for text in ("a", "-3", "0.00001", "dental=-0.1"):
        with pytest.raises(ValueError, match=r"\S"):
            elasticity_of(text)
