"""A bucket in blocks gives what one bill after the other gives in plain Python, to the fen, whatever the policy and the block."""

from typing import Any

import numpy as np
import pytest

from openyibao.kernel.claim import Claim, Line
from openyibao.kernel.codes import ACTIVE, EMPLOYEE, HALF_UP, KINDS, RETIRED
from openyibao.kernel.enrolment import monthly
from openyibao.kernel.lines import bill_of
from openyibao.kernel.plan import no_plan
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from openyibao.policybook.book import load_book, policies_root
from openyibao.policybook.contributions import rates, retiree_credit
from openyibao.warehouse.records import RESULTS
from openyibao.warehouse.run.block import OPENING, Unsettled, plan_rows, scope_rows
from openyibao.warehouse.run.credits import credits_of
from openyibao.warehouse.run.package import package_of
from openyibao.warehouse.run.scoping import SUMS, scope_bills
from openyibao.warehouse.run.settling import settle_year

PERSONS = 150
"""Holders of the bucket settled in plain Python too."""


def row_of(columns: dict[str, Any], row: int, names: Any) -> dict[str, int]:
    """A row as plain integers."""
    return {name: int(columns[name][row]) for name in names}


def plain_credit(book: Any, holder: dict[str, Any], row: int, month: int, year: int) -> int:
    """What a holder's account is credited in a month, read from the book with the desk's own functions."""
    if holder["scheme"][row] != EMPLOYEE or not holder["first_month"][row] <= month <= holder["last_month"][row]:
        return 0
    day = year * 10_000 + month * 100 + 1
    if holder["status"][row] == RETIRED:
        return retiree_credit(book, day, pension=int(holder["pension"][row]))
    if not holder["base"][row]:
        return 0
    found = rates(book, day, age=int(holder["age"][row]))
    return monthly(int(holder["base"][row]), int(holder["flexible"][row]), found, 10_000, HALF_UP).to_account


@pytest.mark.parametrize("readings", [(), ("version_by_admission", "offsite_all_layers", "cumulative_rounding")])
def test_one_bill_after_the_other_gives_the_same(wuhan, readings):
    book = load_book(policies_root(), "wuhan", readings=readings)
    holder, bill = wuhan.arrays("holder", 2023, 1), wuhan.arrays("bill", 2023, 1)
    result, closing = settle_year(holder, bill, package_of(book, 2023), size=37)
    years, month_of = {}, {}
    met = set()
    for row in np.flatnonzero(bill["holder"] < PERSONS).tolist():
        own = int(bill["holder"][row])
        if own not in years:
            years[own], month_of[own] = Year(year=2023, **row_of(holder, own, OPENING)), 0
        claim = Claim(**row_of(bill, row, Claim._fields))
        month = claim.day // 100 % 100
        credit = sum(plain_credit(book, holder, own, one, 2023) for one in range(month_of[own] + 1, month + 1))
        month_of[own] = max(month_of[own], month)
        receipt, years[own] = settle(claim, years[own]._replace(account=years[own].account + credit), book.plan_for(claim) or no_plan())
        assert row_of(result, row, RESULTS) == {name: getattr(receipt, name) for name in RESULTS}, f"bill {row}: {claim}"
        met.add(claim.kind)
    for own in range(PERSONS):
        year = years.get(own, Year(year=2023, **row_of(holder, own, OPENING)))
        rest = sum(plain_credit(book, holder, own, one, 2023) for one in range(month_of.get(own, 0) + 1, 13))
        ends = year._replace(account=year.account + rest)
        assert row_of(closing, own, closing) == {name: getattr(ends, name) for name in closing}, f"holder {own}"
    assert len(met) > 8


def test_blocks_of_any_size_and_columns_of_any_type_give_the_same(jishou):
    holder, bill = jishou.arrays("holder", 2023, 0), jishou.arrays("bill", 2023, 0)
    package = package_of(load_book(policies_root(), "jishou"), 2023)
    first = settle_year(holder, bill, package, size=1)
    wide = {name: values.astype(np.int64) if values.dtype.kind == "i" else values for name, values in bill.items()}
    for size, given in ((3, bill), (1_000_000, wide), (512, bill)):
        again = settle_year(holder, given, package, size=size)
        for one, other in zip(first, again, strict=True):
            assert all(np.array_equal(one[name], other[name]) for name in one)


def test_a_bucket_without_bills_closes_with_its_credits(jishou):
    holder, bill = jishou.arrays("holder", 2023, 0), jishou.arrays("bill", 2023, 0)
    package = package_of(load_book(policies_root(), "jishou"), 2023)
    result, closing = settle_year(holder, {name: values[:0] for name, values in bill.items()}, package)
    assert len(result["pool"]) == 0
    credits = credits_of(holder, package)
    assert np.array_equal(closing["account"], holder["account"] + credits.sum(axis=1))
    assert credits[holder["status"] == ACTIVE].sum() > 0 < credits[holder["status"] == RETIRED].sum()


WRONG = [("scheme", 3), ("kind", KINDS), ("level", 6), ("day", 20220101), ("holder", 10**6), ("holder", -1)]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_bill_that_the_loop_may_not_be_given_is_refused_by_its_row(jishou, name, value):
    holder, bill = jishou.arrays("holder", 2023, 0), jishou.arrays("bill", 2023, 0)
    broken = bill[name].astype(np.int64)
    broken[1_000] = value
    package = package_of(load_book(policies_root(), "jishou"), 2023)
    with pytest.raises(Unsettled) as refused:
        settle_year(holder, {**bill, name: broken}, package)
    assert refused.value.row == 1_000 or name == "holder"


def test_bills_out_of_order_are_refused(jishou):
    holder, bill = jishou.arrays("holder", 2023, 0), jishou.arrays("bill", 2023, 0)
    package = package_of(load_book(policies_root(), "jishou"), 2023)
    turned = {name: values[::-1] for name, values in bill.items()}
    with pytest.raises(Unsettled):
        settle_year(holder, turned, package)


@pytest.mark.parametrize("city", ["ankang", "jishou", "wuhan", "yuxi"])
@pytest.mark.parametrize("readings", [(), ("version_by_admission",)])
def test_plans_are_chosen_as_the_book_chooses_them(city, readings):
    book, rng = load_book(policies_root(), city, readings=readings), np.random.default_rng(7)
    package, count = package_of(book, 2023), 3_000
    day = rng.integers(2018, 2024, count) * 10_000 + rng.integers(1, 13, count) * 100 + rng.integers(1, 29, count)
    asked = {"scheme": rng.integers(0, 3, count), "kind": rng.integers(1, KINDS, count), "day": day,
             "admitted": np.where(rng.random(count) < 0.5, day - 10_000 * rng.integers(0, 3, count), 0)}  # fmt: skip
    rows, nobody = plan_rows(asked, package), no_plan()
    packed, plans = [plain(record) for record in package.plans], {}
    for place in range(count):
        claim = Claim(level=2, total=0, **row_of(asked, place, asked))
        plan = book.plan_for(claim) or nobody
        if id(plan) not in plans:
            plans[id(plan)] = plain(plan)
        assert packed[rows[place]] == plans[id(plan)], claim
    assert len(plans) > 2


def plain(value: Any) -> Any:
    """A plan's part as nested tuples, from a record or from a value."""
    if isinstance(value, np.ndarray | np.void):
        value = value.tolist()
    return tuple(plain(item) for item in value) if isinstance(value, list | tuple) else int(value)


def test_lines_are_scoped_as_one_bill_is(ankang):
    book = load_book(policies_root(), "ankang")
    bill, lines, items = ankang.arrays("bill", 2023, 0), ankang.arrays("line", 2023, 0), ankang.arrays("item")
    package = package_of(book, 2023)
    sums = scope_bills(lines, items, bill, scope_rows(bill, package), package.plans)
    opens = np.searchsorted(lines["row"], np.arange(len(bill["bill"]) + 1))
    for row in range(0, len(bill["bill"]), 3):
        plan = book.plan(int(bill["scheme"][row]), int(bill["day"][row]))
        own = tuple(line_of(lines, items, place) for place in range(opens[row], opens[row + 1]))
        maternity = int(8 <= bill["kind"][row] <= 12)
        part = bill_of(own, plan.scope, int(bill["level"][row]), max(int(bill["days"][row]), 1), maternity, plan.rounding)
        assert tuple(int(sums[name][row]) for name in SUMS) == tuple(part)
        assert part.fee == bill["total"][row]
    assert sums["over"].sum() > 0 < sums["pre"].sum()


def line_of(lines: dict[str, Any], items: dict[str, Any], place: int) -> Line:
    """A charge line as the kernel's value."""
    own = row_of(lines, place, ("quantity", "price", "restricted"))
    names = ("item_class", "self_pay", "ceiling", "consumable", "bed", "drug", "dual_channel", "consultation", "slices")
    return Line(**own, **row_of(items, int(lines["item"][place]), names))
