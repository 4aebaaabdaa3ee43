"""The rows behind a simulation 数字背后的明细: every bill and every person-year with what it came to on both sides.

    <out>/behind/bill/bucket=00000.parquet     a row per bill, in the order of the store's `bill`
    <out>/behind/year/bucket=00000.parquet     a row per holder, in the order of the store's `holder`

A figure of a simulation is a sum over these rows, so that it can be opened down to them: the groups that `grouping` counts by stand in
every row as `g_<dimension>`, with the keys that the outcome's rows have. Nothing in a row names a person: numbers are the store's own.
"""

from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from openyibao.warehouse.records import RESULTS
from openyibao.warehouse.simulate.grouping import Grouping

Columns = Mapping[str, Any]

FOLDER, BILLS, YEARS = "behind", "bill", "year"
"""The folder below a simulation's, and its two tables."""
SUMS = ("total", "within", *(name for name in RESULTS if name != "outcome"))
"""Amounts of a bill that stand in its row twice: `<name>_before`, `<name>_after`; fen."""
APART = 100_000_000
"""What lies between the numbers of two buckets' first rows; no bucket has so many."""
PLAIN = ("bill", "day", "scheme", "kind", "level", "offsite", "institution", "lines", "days")
"""What a bill's row says of it in the store's own codes."""


def place_of(out: Path | str, table: str, bucket: int) -> Path:
    """The file of a bucket's rows."""
    return Path(out) / FOLDER / table / f"bucket={bucket:05d}.parquet"


def is_there(out: Path | str, bucket: int) -> bool:
    """Whether a bucket's rows are written."""
    return all(place_of(out, table, bucket).exists() for table in (BILLS, YEARS))


def write_bills(out: Path | str, bucket: int, sides: Any, groups: Columns, groupings: tuple[Grouping, ...]) -> None:
    """Write the bills of a bucket.

    sides   comparing.Sides
    groups  the row of its dimension of every bill (dimensions by bill) and of every holder (by person)
    """
    holder, bill = sides.holder, sides.before.bill
    mine = bill["holder"]
    found = numbered(bucket, len(mine))
    found |= {name: np.asarray(bill[name]) for name in PLAIN}
    found |= {"holder": np.asarray(mine, np.int32), "person": holder["person"][mine]}
    for name in SUMS:
        for side, words in ((sides.before, "before"), (sides.after, "after")):
            values = side.bill[name] if name in ("total", "within") else side.result[name]
            found[f"{name}_{words}"] = np.asarray(values, np.int64)
    found |= {"outcome_before": sides.before.result["outcome"], "outcome_after": sides.after.result["outcome"]}
    for grouping in groupings:
        rows = groups[grouping.key]
        found[f"g_{grouping.key}"] = keyed(rows if grouping.by == "bill" else rows[mine], grouping)
    written(place_of(out, BILLS, bucket), found)


def write_years(out: Path | str, bucket: int, sides: Any, each: Columns, groups: Columns, groupings: tuple[Grouping, ...]) -> None:
    """Write the person-years of a bucket; `each` holds the sums of a holder's year by name (comparing.compared)."""
    holder = sides.holder
    count = len(holder["person"])
    found = numbered(bucket, count)
    found |= {"person": holder["person"], "age": holder["age"], "bills": each["bills"]}
    names = ("person_before", "person_after", "fund_before", "fund_after", "credit_before", "credit_after")
    found |= {name: np.asarray(each[name], np.int64) for name in names}
    found |= {"closing_before": sides.before.closing["account"], "closing_after": sides.after.closing["account"]}
    found["better"] = each["gained"] - each["lost"]
    for grouping in groupings:
        if grouping.by != "bill":
            found[f"g_{grouping.key}"] = keyed(groups[grouping.key], grouping)
    written(place_of(out, YEARS, bucket), found)


def numbered(bucket: int, count: int) -> dict[str, Any]:
    """Where each row is, and its number over all buckets: ascending through the files, so that a reader finds the first ones at once."""
    rows = np.arange(count, dtype=np.int64)
    return {"pk": bucket * APART + rows, "bucket": np.full(count, bucket, np.int32), "row": rows.astype(np.int32)}


def keyed(rows: Any, grouping: Grouping) -> Any:
    """The keys of a dimension's rows, as a column of few different words."""
    return pa.DictionaryArray.from_arrays(pa.array(np.asarray(rows, np.int32)), pa.array([key for key, _ in grouping.rows]))


def written(path: Path, columns: Columns) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.stem}.{token_hex(8)}.parquet")
    pq.write_table(pa.table(dict(columns)), part, compression="zstd", row_group_size=65_536)
    part.replace(path)
