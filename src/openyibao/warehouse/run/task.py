"""The partition task 分区任务: paths in, paths out; one bucket of one year settled under one package, on whatever core or machine.

Nothing but these paths and numbers travels, and what comes back is a cube of sums; so the same function runs in local processes, under
Dask and under Spark, and a task that is done again writes the same bytes.
"""

import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel.claim import Claim
from openyibao.warehouse.records import RESULTS, Records
from openyibao.warehouse.run.block import OPENING, Block, Unsettled, close, closing_columns, settled
from openyibao.warehouse.run.carrying import opening
from openyibao.warehouse.run.columns import RESULT_COLUMNS, Columns, differing, empty_result, exacts, scatter
from openyibao.warehouse.run.credits import HOLDER_COLUMNS
from openyibao.warehouse.run.package import Package, package_at
from openyibao.warehouse.run.parts import Done, read_part, write_part
from openyibao.warehouse.run.pricing import resummed
from openyibao.warehouse.run.scoping import SUMS
from openyibao.warehouse.run.totals import add_block, empty_cube
from openyibao.warehouse.tables.store import Store, StoreProblem

NEEDED = (*Claim._fields, "holder")
"""Columns of `bill` that a settlement reads."""
OPENS = ("person", *HOLDER_COLUMNS, *OPENING)
"""Columns of `holder` that it reads."""


class Task(NamedTuple):
    """One bucket to settle; every field a word or a number."""

    store: str  # folder of the city's store
    year: int
    bucket: int
    package: str  # file of the package
    out: str = ""  # folder of the run; "" = totals only, nothing is written
    prices: str = ""  # file of a repriced `item` table
    recorded: str = ""  # file of the package the sums were made under, where the scope changes
    carry: str = ""  # folder of the run whose closing of the year before opens this one
    against: int = 0  # 1 = compare with the recorded result
    form: str = "arrow"  # of the store's files


def settle_bucket(task: Task) -> Done:
    """Settle one bucket. With `out`, a bucket whose files are whole is read and not done again.

    Raises StoreProblem or PackageProblem naming the file.
    """
    begun = time.perf_counter()
    if task.out:
        there = read_part(Path(task.out), task.year, task.bucket)
        if there is not None and (there.recorded is not None or not task.against):
            return there._replace(seconds=time.perf_counter() - begun)
    store, package = Store(Path(task.store), task.form), package_at(Path(task.package))
    holder = store.arrays("holder", task.year, task.bucket, OPENS)
    if task.carry:
        holder = opening(store, holder, task.year, task.bucket, Path(task.carry))
    bill, again = bills_of(store, package, task)
    try:
        done = settled_bucket(store, task, holder, bill, again, package)
    except Unsettled as problem:
        raise StoreProblem(f"{store.path('bill', task.year, task.bucket)}: {problem}") from None
    return done._replace(seconds=time.perf_counter() - begun)


def bills_of(store: Store, package: Package, task: Task) -> tuple[Columns, dict[str, Any]]:
    """The bucket's bills as recorded, and the sums to take instead where lines were scoped again (none = as recorded)."""
    if not task.prices and not task.recorded:
        return store.arrays("bill", task.year, task.bucket, NEEDED), {}
    bill = store.arrays("bill", task.year, task.bucket, (*NEEDED, "lines", "days"))
    lines = store.arrays("line", task.year, task.bucket, ("row", "item", "quantity", "price", "restricted"))
    recorded = package_at(Path(task.recorded)) if task.recorded else None
    sums = resummed(store, bill, lines, package, recorded, Path(task.prices) if task.prices else None)
    return bill, sums


def settled_bucket(
    store: Store, task: Task, holder: Columns, bill: Columns, again: dict[str, Any], package: Package
) -> Done:
    """Settle, sum, compare, and write what is asked for; the part, which says that the bucket is whole, comes last.

    again  the sums that were scoped again, to be written with the results; empty = none were
    """
    count, opens, credited, closes, changed = len(bill["kind"]), int(holder["account"].sum()), 0, 0, 0
    cube, recorded = empty_cube(), empty_cube() if task.against else None
    known = exacts(store.arrays("result", task.year, task.bucket, RESULTS), RESULT_COLUMNS) if task.against else ()
    result = empty_result(count) if task.out else {}
    closing = closing_columns(len(holder["person"])) if task.out else {}
    written = tuple(result.values())
    for block in settled(holder, {**bill, **again}, package):
        add_block(block.claims, block.results, cube)
        credited, closes = credited + block.credit, closes + block.account
        if task.out:
            scatter(block.results, block.start, written)
            close(block, closing)
        if recorded is not None:
            before = np.empty_like(block.results)
            changed += differing(block.results, block.start, known, before)
            add_block(as_recorded(block, bill) if again else block.claims, before, recorded)
    done = Done(task.bucket, count, 0.0, cube, recorded, changed, (opens, credited, closes))
    if task.out:
        run = Store(Path(task.out))
        run.write("result", result, task.year, task.bucket)
        if again:
            run.write("rescoped", again, task.year, task.bucket)
        run.write("closing", closing, task.year, task.bucket)
        write_part(Path(task.out), task.year, done)
    return done


def as_recorded(block: Block, bill: Columns) -> Records:
    """A block's claims with their recorded sums."""
    claims = block.claims.copy()
    for name in SUMS:
        claims[name] = bill[name][block.start : block.stop]
    return claims
