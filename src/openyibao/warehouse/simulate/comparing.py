"""One bucket compared under two policies 分桶比较: what moved, for whom, summed exactly. Paths in, a path out (a partition task).

The side before is the recorded result where the store was settled under the policy before; else it is settled anew, for a merger of
counties each county under its own old rules. Nothing is estimated: every figure is a sum of differences over bills and person-years.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.warehouse.records import RESULTS
from openyibao.warehouse.run.credits import credits_of
from openyibao.warehouse.run.driver import has_lines
from openyibao.warehouse.run.package import read_package
from openyibao.warehouse.run.pricing import resummed, scope_differs
from openyibao.warehouse.run.settling import settle_year
from openyibao.warehouse.simulate.behind import is_there, write_bills, write_years
from openyibao.warehouse.simulate.funds import FEES, FUNDS, MEASURES, SHAPE, no_cells
from openyibao.warehouse.simulate.grouping import PERSON, bill_codes, groupings, person_codes, status_codes
from openyibao.warehouse.tables.store import Store

Columns = Mapping[str, Any]

BILL_COLUMNS = (*Claim._fields, "holder", "bill", "institution", "days", "lines")
COUNTS = (
    "persons", "bills", "gain", "lose", "same", "gained", "lost", "person_before", "person_after", "fund_before", "fund_after",
    "credit_before", "credit_after",
)  # fmt: skip
"""Columns of a group's row, in order."""
ACCOUNT = ("owners", "months", "credit_before", "credit_after", "paid_before", "paid_after", "closing_before", "closing_after",
           "opening", "gain", "lose", "gained", "lost", "gain_months", "lose_months")  # fmt: skip
"""Columns of a row of personal accounts."""
EDGES = (-500_000, -200_000, -100_000, -50_000, -20_000, -10_000, -5_000, 0, 1, 5_001, 10_001, 20_001, 50_001, 100_001, 200_001, 500_001)
"""Bounds of the distribution's bins, fen: 50 yuan to 5,000 yuan on both sides, the bin of exactly nothing in the middle."""
CASE = ("bucket", "holder", "bill", "change")
"""A hard case: where it is, and by how many fen."""


class Order(NamedTuple):
    """One bucket to compare; plain values, so that any runner can carry it."""

    store: str
    form: str
    year: int
    bucket: int
    before: tuple[tuple[str, tuple[int, ...]], ...]  # packages and the counties under each; () = the recorded result
    after: str  # package
    prices: str  # repriced item file of the side after; "" = prices as recorded
    recorded: str  # package that the bills' sums were made under
    bounds: tuple[int, ...]  # income fifths
    top: int  # hard cases kept
    out: str  # folder of the parts
    behind: str = ""  # the simulation's folder, where every bill and person-year is written beside the sums; "" = sums alone


class Side(NamedTuple):
    """A bucket under one policy, row by row with `bill` and `holder`."""

    bill: Mapping[str, Any]  # with the sums of this side
    result: Mapping[str, Any]
    closing: Mapping[str, Any]
    credits: Any  # int64 (holders, 12)


class Sides(NamedTuple):
    """A bucket's persons, and the bucket on both sides."""

    holder: Mapping[str, Any]
    before: Side
    after: Side


def compare_bucket(order: Order) -> str:
    """Compare one bucket and write what was found; returns the part's path. A part that is there already is not made again."""
    path = Path(order.out) / f"bucket={order.bucket:05d}.npz"
    if not path.exists() or (order.behind and not is_there(order.behind, order.bucket)):
        found = compared(order)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.stem}.{token_hex(8)}.npz")
        np.savez(part, **found)
        part.replace(path)
    return str(path)


def sides_of(order: Order) -> Sides:
    """Read a bucket and settle what has to be settled."""
    store = Store(Path(order.store), order.form)
    holder = store.arrays("holder", order.year, order.bucket)
    bill = store.arrays("bill", order.year, order.bucket, BILL_COLUMNS)
    after = settled_under(order, store, holder, bill, Path(order.after), Path(order.prices) if order.prices else None)
    if order.before:
        return Sides(holder, by_county(order, store, holder, bill), after)
    result, closing = (store.arrays(table, order.year, order.bucket) for table in ("result", "closing"))
    return Sides(holder, Side(bill, result, closing, credits_of(holder, read_package(Path(order.recorded)))), after)


def settled_under(order: Order, store: Store, holder: Columns, bill: Columns, path: Path, prices: Path | None = None) -> Side:
    """A bucket under a package; lines are scoped again where prices or the scope are not the recorded ones."""
    package, recorded = read_package(path), read_package(Path(order.recorded))
    scope = scope_differs(recorded, package)
    if prices is not None or (scope and has_lines(store, order.year)):
        lines = store.arrays("line", order.year, order.bucket, ("row", "item", "quantity", "price", "restricted"))
        bill = {**bill, **resummed(store, bill, lines, package, recorded if scope else None, prices)}
    result, closing = settle_year(holder, bill, package)
    return Side(bill, result, closing, credits_of(holder, package))


def by_county(order: Order, store: Store, holder: Columns, bill: Columns) -> Side:
    """The side before where it is settled anew: each county under its own package. A single package may name no county: all of them."""
    town = store.arrays("town")
    county = town["county"][np.searchsorted(town["town"], holder["town"])]
    whole: Side | None = None
    for path, counties in order.before:
        side = settled_under(order, store, holder, bill, Path(path))
        mine = np.isin(county, counties) if counties else np.ones(len(county), bool)
        whole = side if whole is None else joined(whole, side, mine, mine[bill["holder"]])
    assert whole is not None
    return whole


def joined(one: Side, other: Side, holders: Any, bills: Any) -> Side:
    """One side, with these holders and bills of the other."""
    def mixed(mine: Columns, theirs: Columns, rows: Any) -> dict[str, Any]:
        return {name: np.where(rows, theirs[name], values) for name, values in mine.items()}

    return Side(
        mixed(one.bill, other.bill, bills), mixed(one.result, other.result, bills), mixed(one.closing, other.closing, holders),
        np.where(holders[:, None], other.credits, one.credits),
    )  # fmt: skip


def compared(order: Order) -> dict[str, Any]:
    """Everything a bucket adds to a simulation, as arrays by name."""
    sides = sides_of(order)
    store = Store(Path(order.store), order.form)
    town, person = store.arrays("town"), store.arrays("person", bucket=order.bucket)
    bill, count = sides.before.bill, len(sides.holder["person"])
    before, after = sides.before.result, sides.after.result
    borne = [by_holder(result["person"], bill, count) for result in (before, after)]
    funds = [by_holder(result["fund"], bill, count) for result in (before, after)]
    credit = [side.credits.sum(axis=1) for side in (sides.before, sides.after)]
    year = borne[1] - borne[0] - (credit[1] - credit[0])
    moved = after["person"].astype(np.int64) - before["person"]
    found: dict[str, Any] = {
        "before": cells_of(bill, before), "after": cells_of(sides.after.bill, after),
        "bills": np.array([len(moved), int(differs(sides).sum()), int((moved < 0).sum()), int((moved > 0).sum())], np.int64),
        **spread(-year),
        "hard_bills": hardest(order, moved, bill["holder"], np.arange(len(moved)), bill["bill"]),
        "hard_years": hardest(order, year, np.arange(count), worst_bill(moved, bill, count), sides.holder["person"]),
    }  # fmt: skip
    holders = person_codes(sides.holder, person, town, order.bounds, order.year)
    bills = bill_codes(bill)
    each = {
        "persons": np.ones(count, np.int64), "bills": by_holder(np.ones(len(moved), np.int64), bill, count), **signs(year),
        "person_before": borne[0], "person_after": borne[1], "fund_before": funds[0], "fund_after": funds[1],
        "credit_before": credit[0], "credit_after": credit[1],
    }  # fmt: skip
    own = {
        "bills": np.ones(len(moved), np.int64), **signs(moved),
        "person_before": before["person"], "person_after": after["person"], "fund_before": before["fund"], "fund_after": after["fund"],
    }  # fmt: skip
    for dimension in groupings(town):
        size = len(dimension.rows)
        if dimension.by == PERSON:
            found[f"group_{dimension.key}"] = summed(holders[dimension.key], size, each, COUNTS)
        else:
            codes_of = bills[dimension.key]
            table = summed(codes_of, size, own, COUNTS)
            pairs = np.unique(codes_of * count + bill["holder"])
            table[:, COUNTS.index("persons")] = np.bincount(pairs // max(count, 1), minlength=size)[:size]
            found[f"group_{dimension.key}"] = table
    if order.behind:
        write_bills(order.behind, order.bucket, sides, holders | bills, groupings(town))
        write_years(order.behind, order.bucket, sides, each, holders, groupings(town))
    found["counties"] = counties_of(sides, holders["county"], len(np.unique(town["county"])))
    found["accounts"] = accounts_of(sides, status_codes(sides.holder), holders["income"])
    return found


def by_holder(values: Any, bill: Columns, count: int) -> Any:
    """Sums of bills by holder, int64; a bucket's sums stay far below 2**53, so that bincount's float sums are whole numbers."""
    return np.bincount(bill["holder"], weights=values, minlength=count).astype(np.int64)


def summed(group: Any, size: int, columns: Columns, names: Iterable[str]) -> Any:
    """One row per group: the sums of every column by name, int64; a column that is not given has zeros."""
    none = np.zeros(size, np.int64)
    return np.stack(
        [np.bincount(group, weights=columns[name], minlength=size).astype(np.int64) if name in columns else none for name in names], axis=1
    )


def signs(change: Any) -> dict[str, Any]:
    """Who is better off (change < 0), worse off, the same, and by how much."""
    return {
        "gain": change < 0, "lose": change > 0, "same": change == 0,
        "gained": np.where(change < 0, -change, 0), "lost": np.where(change > 0, change, 0),
    }  # fmt: skip


def cells_of(bill: Columns, result: Columns) -> Any:
    """Sums by scheme, kind and level of every measure (funds.SHAPE). A level or scheme outside the codes is counted at the edge."""
    axes = zip(("scheme", "kind", "level"), SHAPE[:3], strict=True)
    scheme, kind, level = (np.clip(bill[name], 0, top - 1).astype(np.int64) for name, top in axes)
    place = (scheme * SHAPE[1] + kind) * SHAPE[2] + level
    cells = no_cells().reshape(-1, len(MEASURES))
    for column, name in enumerate(MEASURES):
        values = bill[name] if name in FEES else result[name]
        cells[:, column] = np.bincount(place, weights=values, minlength=len(cells)).astype(np.int64)
    return cells.reshape(SHAPE)


def differs(sides: Sides) -> Any:
    """Which bills have any other figure."""
    found = sides.before.bill["total"] != sides.after.bill["total"]
    for name in RESULTS:
        found |= sides.before.result[name] != sides.after.result[name]
    return found


def spread(better: Any) -> dict[str, Any]:
    """The distribution of the yearly change: persons and money by bin, the changed ones by whole yuan, the extremes."""
    bins = np.searchsorted(EDGES, better, side="right")
    changed = better[better != 0]
    yuan, times = np.unique(np.floor_divide(changed, 100), return_counts=True)
    return {
        "bin_persons": np.bincount(bins, minlength=len(EDGES) + 1).astype(np.int64),
        "bin_money": np.bincount(bins, weights=better, minlength=len(EDGES) + 1).astype(np.int64),
        "yuan": yuan, "yuan_persons": times,
        "extremes": np.array([better.min(initial=0), better.max(initial=0)], np.int64),
    }  # fmt: skip


def worst_bill(moved: Any, bill: Columns, count: int) -> Any:
    """The row of each holder's bill that moved most for the worse; of equal ones the dearest, then the first; -1 = no bill."""
    found = np.full(count, -1, np.int64)
    order = np.lexsort((np.arange(len(moved))[::-1], bill["total"], moved))
    found[bill["holder"][order]] = order  # the last one written for a holder is its worst
    return found


def hardest(order: Order, change: Any, holder: Any, row: Any, number: Any) -> Any:
    """The cases with the largest loss and those with the largest gain, CASE by row; ties by the lower number."""
    kept = []
    for sign in (-1, 1):
        places = np.lexsort((number, sign * change))[: order.top]
        places = places[sign * change[places] < 0]
        bucket = np.full(len(places), order.bucket)
        kept.append(np.stack((bucket, holder[places], row[places], change[places]), axis=1))
    return np.concatenate(kept).astype(np.int64)


def counties_of(sides: Sides, county: Any, count: int) -> Any:
    """What each payer pays for the people of each county: int64 (sides, counties, funds.FUNDS and the person)."""
    where = county[sides.before.bill["holder"]]
    scheme = sides.before.bill["scheme"]
    found = np.zeros((2, count, len(FUNDS) + 1), np.int64)
    for place, side in enumerate((sides.before.result, sides.after.result)):
        for column, fund in enumerate(FUNDS):
            mine = np.ones(len(where), bool) if fund.scheme == 0 else scheme == fund.scheme
            for name in fund.columns:
                found[place, :, column] += np.bincount(where, np.where(mine, side[name], 0), count).astype(np.int64)
        found[place, :, -1] = np.bincount(where, side["person"], count).astype(np.int64)
    return found


def accounts_of(sides: Sides, status: Any, income: Any) -> Any:
    """Personal accounts by status and age (rows of accounts.ROWS): ACCOUNT by row."""
    holder, bill, count = sides.holder, sides.before.bill, len(status)
    credits = sides.before.credits, sides.after.credits
    before, after = (side.sum(axis=1) for side in credits)
    months = ((credits[0] > 0) | (credits[1] > 0)).sum(axis=1)
    paid = [by_holder(side.result["account"], bill, count) for side in (sides.before, sides.after)]
    change = after - before
    columns = {
        "owners": months > 0, "months": months, "credit_before": before, "credit_after": after,
        "paid_before": paid[0], "paid_after": paid[1],
        "closing_before": sides.before.closing["account"], "closing_after": sides.after.closing["account"], "opening": holder["account"],
        "gain": change > 0, "lose": change < 0, "gained": np.where(change > 0, change, 0), "lost": np.where(change < 0, -change, 0),
        "gain_months": np.where(change > 0, months, 0), "lose_months": np.where(change < 0, months, 0),
    }  # fmt: skip
    employee = holder["scheme"] == codes.EMPLOYEE
    older = np.where(status == 2, holder["age"] >= 70, holder["age"] >= 45)
    mine = {name: np.asarray(values)[employee] for name, values in columns.items()}
    by_status = summed((status * 2 + older)[employee], 8, mine, ACCOUNT)
    return np.concatenate((by_status[:6], summed(income[employee], 5, mine, ACCOUNT)))
