"""Prices and scope that a reform changes: lines priced and scoped again, and only the bills it touches."""

from pathlib import Path

import numpy as np
import pytest

from openyibao.kernel.claim import Claim, Line
from openyibao.kernel.lines import bill_of
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.run.driver import Want, recorded_package, resettle
from openyibao.warehouse.run.package import package_of
from openyibao.warehouse.run.pricing import repriced, scope_differs
from openyibao.warehouse.run.scoping import SUMS
from openyibao.warehouse.run.totals import measured
from openyibao.warehouse.tables.store import Store, StoreProblem


def changed_prices(store: Store, folder: Path, **changes: dict[int, int]) -> Path:
    """The store's catalogue with other figures: column -> {item: value}."""
    items = store.arrays("item")
    columns = {name: values.copy() for name, values in items.items()}
    for name, figures in changes.items():
        for item, value in figures.items():
            columns[name][item] = value
    return Store(folder).write("item", columns)


def test_the_same_catalogue_changes_nothing(ankang, tmp_path):
    prices = changed_prices(ankang, tmp_path)
    run = resettle(ankang, 2023, recorded_package(ankang, 2023), tmp_path / "run", want=Want(against=True, prices=prices))
    assert run.changed == 0 and np.array_equal(run.cube, run.recorded)


def test_a_cheaper_item_moves_the_bills_it_is_on_and_no_other(ankang, tmp_path):
    items = ankang.arrays("item")
    item = int(np.argmax(np.where(items["item_class"] == 2, items["price"], 0)))
    half = int(items["price"][item]) // 2
    prices = changed_prices(ankang, tmp_path, price={item: half}, self_pay={item: 500})
    resettle(ankang, 2023, recorded_package(ankang, 2023), tmp_path / "run", want=Want(against=True, prices=prices))
    book, run = load_book(policies_root(), "ankang"), Store(tmp_path / "run")
    cheaper = 0
    for bucket in (0, 1):
        bill, lines, sums = ankang.arrays("bill", 2023, bucket), ankang.arrays("line", 2023, bucket), run.arrays("rescoped", 2023, bucket)
        touched = np.isin(np.arange(len(bill["bill"])), lines["row"][lines["item"] == item])
        for name in SUMS:
            assert np.array_equal(sums[name][~touched], bill[name][~touched])
        for row in np.flatnonzero(touched)[:60].tolist():
            own = [moved_line(items, lines, place, item, half) for place in np.flatnonzero(lines["row"] == row).tolist()]
            plan = book.plan(int(bill["scheme"][row]), int(bill["day"][row]))
            days, maternity = max(int(bill["days"][row]), 1), int(8 <= bill["kind"][row] <= 12)
            part = bill_of(tuple(own), plan.scope, int(bill["level"][row]), days, maternity, plan.rounding)
            assert tuple(int(sums[name][row]) for name in SUMS) == tuple(part)
            cheaper += part.fee < bill["total"][row]
    assert cheaper > 20


def moved_line(items, lines, place: int, item: int, half: int) -> Line:
    """A line of the bill under the new catalogue, priced by hand: half up, in whole numbers."""
    own, price = int(lines["item"][place]), int(lines["price"][place])
    share = int(items["self_pay"][own])
    if own == item:
        old = int(items["price"][own])
        price, share = (2 * price * half + old) // (2 * old), 500
    flags = {name: int(items[name][own]) for name in ("item_class", "ceiling", "consumable", "bed", "drug", "dual_channel",
                                                     "consultation", "slices")}  # fmt: skip
    return Line(quantity=int(lines["quantity"][place]), price=price, self_pay=share, restricted=int(lines["restricted"][place]), **flags)


def test_what_is_scoped_again_is_what_settles(ankang, tmp_path):
    items = ankang.arrays("item")
    prices = changed_prices(ankang, tmp_path, item_class=dict.fromkeys(range(0, len(items["item"]), 2), 3))
    run = resettle(ankang, 2023, recorded_package(ankang, 2023), tmp_path / "run", want=Want(against=True, prices=prices))
    now, before = measured(run.cube), measured(run.recorded)
    assert now["total"] == before["total"] and now["full"] > before["full"] and now["fund"] < before["fund"]
    sums = [Store(tmp_path / "run").arrays("rescoped", 2023, bucket) for bucket in (0, 1)]
    assert now["within"] == sum(int(part["within"].sum()) for part in sums)
    book, bill = load_book(policies_root(), "ankang"), ankang.arrays("bill", 2023, 0)
    result = Store(tmp_path / "run").arrays("result", 2023, 0)
    firsts = [row for row in np.flatnonzero(np.diff(bill["holder"], prepend=-1)).tolist() if bill["kind"][row] == 5][:20]
    assert firsts
    for row in firsts:
        claim = Claim(**{name: int((sums[0] if name in SUMS else bill)[name][row]) for name in Claim._fields})
        receipt, _ = settle(claim, Year(year=2023), book.plan_for(claim))
        assert receipt.pool == result["pool"][row]


def test_a_policy_of_another_scope_scopes_the_recorded_lines_again(ankang, tmp_path):
    draft = tmp_path / "draft.yaml"
    draft.write_text(BED, encoding="utf-8")
    book, plain = load_book(policies_root(), "ankang", overlays=[draft]), load_book(policies_root(), "ankang")
    assert scope_differs(package_of(book, 2023), package_of(plain, 2023))
    other = load_book(policies_root(), "ankang", readings=["offsite_all_layers"])
    assert not scope_differs(package_of(plain, 2023), package_of(other, 2023))
    run = resettle(ankang, 2023, book, want=Want(against=True))
    now, before = measured(run.cube), measured(run.recorded)
    assert now["total"] == before["total"] and now["over"] > before["over"]
    visits, visits_before = measured(run.cube, kind=1), measured(run.recorded, kind=1)
    assert [visits[name] for name in ("total", *SUMS[1:5])] == [visits_before[name] for name in ("total", *SUMS[1:5])]


def test_prices_are_scaled_exactly_and_what_cannot_be_is_refused():
    lines = {"item": np.array([0, 0, 1, 2, 3]), "price": np.array([1, 10**9 + 1, 7, 5, 123_456]), "quantity": np.full(5, 10_000)}
    before = {"price": np.array([2, 3, 0, 100])}
    after = {"price": np.array([3, 3, 9, 333])}
    assert repriced(lines, before, after, Path("item.arrow")).tolist() == [2, 1_500_000_002, 7, 9, 411_108]
    large = {"price": np.array([10**12 - 11, 3, 0, 100])}
    with pytest.raises(StoreProblem, match="too fine"):
        repriced(lines, large, {"price": np.array([10**12 + 39, 3, 9, 333])}, Path("item.arrow"))
    dear = {**lines, "price": np.full(5, 10**17)}
    with pytest.raises(StoreProblem, match="larger than any bill"):
        repriced(dear, before, after, Path("item.arrow"))


def test_another_list_of_items_is_refused(ankang, tmp_path):
    prices = changed_prices(ankang, tmp_path, item={0: 99})
    with pytest.raises(StoreProblem, match="same items"):
        resettle(ankang, 2023, recorded_package(ankang, 2023), want=Want(prices=prices))


BED = """overlay:
  city: ankang
  name: 床位费限价草案
  name_en: Draft ceiling on bed fees

scope.both.bed_day_ceiling.L1:
  name: 一级床位费日限价
  name_en: "Bed ceiling a day, level 1"
  unit: yuan_per_day
  values:
    2020-01-01: {value: 10, trust: illustrative, source: "测试设定"}
  confirmed_on: null
"""
