"""Prices and scope changed by a reform 调价与目录调整: lines priced again and scoped again, only where the reform touches them.

    new price of a line = recorded price x new reference price / recorded reference price, half up to 1/1,000,000 yuan

so that what an institution charges above or below the reference keeps its relation to it. A bill none of whose lines and scope is
touched keeps its recorded sums as they are.
"""

from math import gcd
from pathlib import Path
from typing import Any

import numpy as np

from openyibao.kernel.codes import EMPLOYEE, RESIDENT
from openyibao.kernel.lines import LARGEST
from openyibao.warehouse.records import Records
from openyibao.warehouse.run.block import scope_rows
from openyibao.warehouse.run.columns import Columns
from openyibao.warehouse.run.package import Package
from openyibao.warehouse.run.scoping import ITEM_COLUMNS, SUMS, scope_bills
from openyibao.warehouse.tables.store import Store, StoreProblem, one_chunk, opened

DECIDES = ("price", *ITEM_COLUMNS)
"""Columns of an item that decide a line's sums."""


def items_of(path: Path) -> dict[str, Any]:
    """The columns of an `item` file that decide sums. Raises StoreProblem."""
    data = opened(path, ["item", *DECIDES])
    return {name: one_chunk(data.column(name)).to_numpy(zero_copy_only=False) for name in data.column_names}


def changed_items(before: Columns, after: Columns, path: Path) -> Any:
    """Which items a reform changes, bool. Raises StoreProblem when the files do not list the same items in the same order."""
    if not np.array_equal(before["item"], after["item"]):
        raise StoreProblem(f"{path}: the repriced catalogue must list the same items in the same order as the store's `item` table")
    return np.logical_or.reduce([before[name] != after[name] for name in DECIDES])


def repriced(lines: Columns, before: Columns, after: Columns, path: Path) -> Any:
    """Every line's price under the new catalogue, 1/1,000,000 yuan, int64; an item without recorded reference price takes the new one."""
    old, new = before["price"].astype(np.int64), after["price"].astype(np.int64)
    numerator, denominator = np.ones(len(old), np.int64), np.ones(len(old), np.int64)
    for item in np.flatnonzero((old != new) & (old > 0)):
        common = gcd(int(old[item]), int(new[item]))
        numerator[item], denominator[item] = new[item] // common, old[item] // common
        if 2 * int(numerator[item]) * int(denominator[item]) > LARGEST:
            raise StoreProblem(f"{path}: the price of item {item} moves from {old[item]} to {new[item]}, a ratio too fine to apply")
    item, price = lines["item"], lines["price"].astype(np.int64)
    top, bottom = numerator[item], denominator[item]
    whole, rest = price // bottom, price % bottom
    moved = whole * top + (2 * rest * top + bottom) // (2 * bottom)
    moved = np.where((old[item] == 0) & (new[item] > 0), new[item], moved)
    if len(moved) and int(np.max(moved)) * int(np.max(lines["quantity"])) > LARGEST:
        raise StoreProblem(f"{path}: a line's quantity times its new price is larger than any bill")
    return moved


def same_scope(one: Records, other: Records) -> Any:
    """Which plans scope a line alike: bool (plans of one, plans of the other)."""
    def flat(plans: Records) -> list[bytes]:
        return [plan["scope"].tobytes() + plan["rounding"].tobytes() for plan in plans]

    left, right = flat(one), flat(other)
    return np.array([[mine == theirs for theirs in right] for mine in left])


def scope_differs(one: Package, other: Package) -> bool:
    """Whether some day of the year has another scope under the two packages."""
    edges = sorted({one.year * 10_000 + 101, *one.starts.tolist(), *other.starts.tolist()})
    days = np.array([day for day in edges if day // 10_000 <= one.year] * 2)
    scheme = np.repeat((EMPLOYEE, RESIDENT), len(days) // 2)
    asked = {"scheme": scheme, "kind": np.zeros(len(days), np.int8), "day": days, "admitted": np.zeros(len(days), np.int32)}
    return not bool(np.all(same_scope(one.plans, other.plans)[scope_rows(asked, one), scope_rows(asked, other)]))


def resummed(
    store: Store, bill: Columns, lines: Columns, package: Package, recorded: Package | None, prices: Path | None
) -> dict[str, Any]:
    """The sums of a bucket's bills under a reform, fen, int64, by the names of SUMS.

    recorded  the package the sums were made under, where the reform changes the scope; None = it does not
    prices    the repriced `item` file; None = the store's own
    """
    before = items_of(store.path("item"))
    after = items_of(prices) if prices is not None else before
    plan_of = scope_rows(bill, package)
    touched = np.zeros(len(plan_of), bool)
    if recorded is not None:
        touched |= ~same_scope(recorded.plans, package.plans)[scope_rows(bill, recorded), plan_of]
    given = dict(lines)
    if prices is not None:
        touched[lines["row"][changed_items(before, after, prices)[lines["item"]]]] = True
        given["price"] = repriced(lines, before, after, prices)
    touched &= bill["lines"] > 0
    sums = scope_bills(given, after, bill, plan_of, package.plans)
    return {name: np.where(touched, sums[name], bill[name]) for name in SUMS}
