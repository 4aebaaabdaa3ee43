"""Run in a fresh process by city_year.py: settle a city's year again, or let DuckDB scan the same columns; seconds and memory as JSON.

    python year_child.py STORE YEAR settle|scan CORES REPEATS OUT

`settle` times three things (to totals, to totals on one core, with every result written to OUT), `scan` two (CORES, one core). The first
turn of each loads the compiled code, maps the files and is not counted; memory is the most the process held at any time, mapped pages of
the files included.
"""

import json
import re
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa

from openyibao.warehouse.run.driver import Want, recorded_package, resettle
from openyibao.warehouse.run.runner import threads
from openyibao.warehouse.run.task import NEEDED, OPENS
from openyibao.warehouse.tables.store import Store

GIGA = 1024 * 1024
"""Kilobytes in what we print as a GB."""


def settles(store: Store, year: int, cores: int, out: Path | None) -> Callable[[], int]:
    """A turn of settling the year again, to totals or with every bill's result written; answers how many bills."""
    package, runner = recorded_package(store, year), threads(cores)

    def turn() -> int:
        if out is not None:
            shutil.rmtree(out, ignore_errors=True)
        return resettle(store, year, package, out, runner=runner, want=Want(again=True)).bills

    return turn


def scans(store: Store, year: int, cores: int) -> Callable[[], int]:
    """A turn of DuckDB summing every column that a run reads, from the same mapped files; answers how many bills."""
    desk = duckdb.connect(config={"threads": cores})
    sums = {"bill": NEEDED, "holder": OPENS}

    def turn() -> int:
        bills = 0
        for table, columns in sums.items():
            whole = pa.concat_tables([store.read(table, year, bucket, columns) for bucket in store.buckets("bill", year)])
            desk.register(table, whole)
            asked = ", ".join(f'sum("{column}")' for column in columns)
            found = desk.execute(f"SELECT count(*), {asked} FROM {table}").fetchall()
            bills = bills or int(found[0][0])
            desk.unregister(table)
        return bills

    return turn


def timed(turn: Callable[[], int], repeats: int) -> tuple[int, list[float]]:
    """Bills of a turn, and the seconds of the turns after the first."""
    bills, seconds = turn(), []
    for _ in range(repeats):
        begun = time.perf_counter()
        turn()
        seconds.append(time.perf_counter() - begun)
    return bills, seconds


def most_held() -> int:
    """Kilobytes this process held at most. Not getrusage: a child's starts from what its parent held before `exec`."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)[1])


def main(given: list[str]) -> dict[str, object]:
    """Do the turns."""
    place, year, what, cores, repeats, out = given
    store, count = Store(Path(place)), int(repeats)
    turns = {
        "settle": lambda: {"totals": settles(store, int(year), int(cores), None), "alone": settles(store, int(year), 1, None),
                           "written": settles(store, int(year), int(cores), Path(out))},
        "scan": lambda: {"scan": scans(store, int(year), int(cores)), "scan_alone": scans(store, int(year), 1)},
    }[what]()  # fmt: skip
    found = {name: timed(turn, count) for name, turn in turns.items()}
    peak = most_held() / GIGA
    seconds = {name: timing for name, (_, timing) in found.items()}
    return {"bills": [bills for bills, _ in found.values()], "seconds": seconds, "peak_gb": peak}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1:])))
