"""How quick a whole city's year is settled again: mapped files to totals and to every bill's result, and DuckDB scanning the same columns.

    .venv-bench/bin/python benchmarks/city_year.py --quick --json build/bench/city_year.json

The cities are made first where they are not there yet (build/bench/cities/); that is not timed here. What each figure means:
docs/reference/benchmarks.md.
"""

import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from parts.figures import arguments, write_figures
from rich.console import Console
from rich.table import Table

from openyibao.warehouse.city.driver import make_city
from openyibao.warehouse.city.ground import city_of, whole_city
from openyibao.warehouse.city.profile import load_profile
from openyibao.warehouse.run.runner import processes

YEAR, SEED = 2023, 1
CHILD = Path(__file__).parent / "parts" / "year_child.py"
BYTES_A_PERSON = 2_500
"""What a person's year takes on disk, with lines and everything."""
BASELINE = "DuckDB {version} scanning and summing the same columns of the same mapped files, same run, same cores"
AIMS = {"totals_s": "≤ 10 (Wuhan)", "per_bill_s": "≤ 45 (Wuhan)", "totals_to_scan": "≤ 3", "peak_gb": "≤ 4",
        "cost_ratio_large_to_small": "1"}  # fmt: skip


HEADINGS = (
    "city", "bills", "to totals", "one core", "results written", "DuckDB scan", "totals / scan", "ns a bill", "bills/s a core", "GB",
)


class Size(NamedTuple):
    """A city at a scale, and how often each thing is timed."""

    city: str
    share: float
    repeats: int


QUICK = (Size("jishou", 0.1, 7), Size("jishou", 1.0, 3))
FULL = (Size("jishou", 1.0, 5), Size("ankang", 1.0, 3), Size("wuhan", 1.0, 3))
TINY = (Size("jishou", 0.002, 1), Size("jishou", 0.004, 1))


class Row(NamedTuple):
    """What one city at one scale took, seconds."""

    size: Size
    bills: int
    totals: float  # on all cores
    alone: float  # totals on one core
    written: float
    scan: float
    scan_alone: float
    peak: float


def main(given: Sequence[str] | None = None) -> None:
    """Make, measure, print, write."""
    parser = arguments("Speed of settling a whole city's year again, with DuckDB's bare scan as the floor.")
    parser.add_argument("--tiny", action="store_true", help="a run of seconds that shows that everything works; its figures mean nothing")
    parser.add_argument("--cities", type=Path, default=Path("build/bench/cities"), help="where made cities are kept")
    parser.add_argument("--cores", type=int, default=2, help="cores of the figures (default 2)")
    options = parser.parse_args(given)
    console = Console(width=150)
    rows = []
    for size in TINY if options.tiny else QUICK if options.quick else FULL:
        store = made(size, options.cities, console)
        if store is not None:
            rows.append(measured(size, store, options.cores))
    shown(console, rows, options.cores)
    write_figures(options.json, figures_of(rows), BASELINE.format(version=metadata.version("duckdb")))


def made(size: Size, cities: Path, console: Console) -> Path | None:
    """The store of a city, made now where it is not there; None where the disk has no room for it."""
    profile = load_profile(size.city)
    people = round(whole_city(profile) * size.share)
    place = cities / f"{size.city}-{people}-{YEAR}-{profile.digest[:8]}"
    cities.mkdir(parents=True, exist_ok=True)
    if not place.exists() and shutil.disk_usage(cities).free < 2 * people * BYTES_A_PERSON:
        console.print(f"{size.city} {size.share:g}: left out, the disk has no room for {people:,} people's year twice")
        return None
    card = make_city(city_of(profile, people, (YEAR,), SEED), place, processes())
    console.print(f"{size.city} {size.share:g}: {card['people']:,} people, {card['bills']:,} bills")
    return place


def measured(size: Size, store: Path, cores: int) -> Row:
    """Settling and scanning, each in a process of its own."""
    out = store.with_name(f"{store.name}-run")
    settled, scanned = (child(store, what, cores, size.repeats, out) for what in ("settle", "scan"))
    shutil.rmtree(out, ignore_errors=True)
    if len({*settled["bills"], *scanned["bills"]}) != 1:
        raise SystemExit(f"{store}: the runs did not meet the same bills (field: bills)")
    middle = {name: statistics.median(seconds) for name, seconds in (settled["seconds"] | scanned["seconds"]).items()}
    return Row(size, settled["bills"][0], middle["totals"], middle["alone"], middle["written"], middle["scan"], middle["scan_alone"],
               settled["peak_gb"])


def child(store: Path, what: str, cores: int, repeats: int, out: Path) -> dict:
    """What a fresh process measured."""
    command = [sys.executable, str(CHILD), str(store), str(YEAR), what, str(cores), str(repeats), str(out)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict = json.loads(done.stdout.splitlines()[-1])
    return found


def figures_of(rows: list[Row]) -> dict[str, float]:
    """The largest city's figures, each city's own beside them, and how flat the cost of a bill is."""
    large, small = rows[-1], rows[0]
    figures = {
        "bills": large.bills, "totals_s": large.totals, "per_bill_s": large.written, "scan_s": large.scan,
        "totals_to_scan": large.totals / large.scan, "peak_gb": large.peak, "bills_per_s_core": large.bills / large.alone,
        "totals_one_core_s": large.alone, "scan_one_core_s": large.scan_alone,
        "cost_ratio_large_to_small": (large.totals / large.bills) / (small.totals / small.bills),
    }  # fmt: skip
    for row in rows:
        name = f"{row.size.city}_{row.bills}"
        figures |= {f"ns_per_bill_{name}": row.totals / row.bills * 1e9, f"totals_s_{name}": row.totals, f"per_bill_s_{name}": row.written,
                    f"peak_gb_{name}": row.peak, f"totals_to_scan_{name}": row.totals / row.scan}  # fmt: skip
    return figures


def shown(console: Console, rows: list[Row], cores: int) -> None:
    """Print a line a city."""
    table = Table(title=f"A year settled again, {cores} cores, seconds (medians)", title_justify="left")
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading == "city" else "right")
    for row in rows:
        table.add_row(f"{row.size.city} {row.size.share:g}", f"{row.bills:,}", f"{row.totals:.2f}", f"{row.alone:.2f}",
                      f"{row.written:.2f}", f"{row.scan:.2f}", f"{row.totals / row.scan:.2f}", f"{row.totals / row.bills * 1e9:.0f}",
                      f"{row.bills / row.alone:,.0f}", f"{row.peak:.2f}")  # fmt: skip
    console.print(table)
    console.print("Aims: " + ", ".join(f"{name} {aim}" for name, aim in AIMS.items()))


if __name__ == "__main__":
    main()
