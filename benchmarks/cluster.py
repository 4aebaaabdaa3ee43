"""What a cluster costs over one machine: the same buckets settled by two threads here, by Dask with two workers, by Spark on two cores.

    .venv/bin/python benchmarks/cluster.py --quick --json build/bench/cluster.json

All on this machine, so that only the way of handing out work differs. What each figure means: docs/reference/benchmarks.md.
"""

import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import psutil
from parts.clock import once
from parts.figures import arguments, write_figures
from rich.console import Console
from rich.table import Table

from openyibao.warehouse.city.driver import make_city
from openyibao.warehouse.city.ground import city_of
from openyibao.warehouse.city.profile import load_profile
from openyibao.warehouse.cluster.connect import runner_for
from openyibao.warehouse.cluster.trial import trial
from openyibao.warehouse.run.driver import Run, recorded_package, resettle
from openyibao.warehouse.run.package import recorded_path
from openyibao.warehouse.run.runner import processes, threads
from openyibao.warehouse.tables.schema import BUCKET
from openyibao.warehouse.tables.store import Store

CITY, YEAR, CORES = "jishou", 2022, 2
BASELINE = "two threads of one process on the same machine, the same buckets, by turns"
AIM = 25.0
"""Per cent over the baseline, at most."""


class Size(NamedTuple):
    """How much a run does."""

    people: int
    buckets: int  # links to the buckets that were made
    repeats: int


QUICK = Size(2 * BUCKET, 48, 3)
FULL = Size(4 * BUCKET, 192, 5)
TINY = Size(1_000, 4, 1)


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, write."""
    parser = arguments("Cost of handing a year's buckets to Dask or Spark, over the machine's own threads.")
    parser.add_argument("--tiny", action="store_true", help="a run of seconds that shows that everything works; its figures mean nothing")
    parser.add_argument("--store", type=Path, metavar="DIR", help="settle this store's buckets instead of making a city")
    parser.add_argument("--year", type=int, default=YEAR, help=f"its year (default {YEAR})")
    parser.add_argument("--no-spark", action="store_true", help="leave Spark out even where it is installed")
    options = parser.parse_args(given)
    if find_spec("distributed") is None:
        print("cluster: distributed is not installed here, nothing is measured (.venv/bin/python has it; or install openyibao[cluster])")
        return
    size = TINY if options.tiny else QUICK if options.quick else FULL
    with_spark = not options.no_spark and find_spec("pyspark") is not None and shutil.which("java") is not None
    with tempfile.TemporaryDirectory(prefix="openyibao-bench-") as folder:
        source = options.store.resolve() if options.store else made_city(Path(folder) / "made", size)
        name = store_name(source)
        store = linked(Store(source), Path(folder) / "city", options.year, size)
        figures = measured(store, options.year, size, with_spark)
    shown(figures, f"{name} {options.year}")
    write_figures(options.json, figures, BASELINE)


def made_city(place: Path, size: Size) -> Path:
    """A synthetic city to settle."""
    make_city(city_of(load_profile(CITY), size.people, (YEAR,), 1), place, processes(CORES))
    return place


def linked(source: Store, place: Path, year: int, size: Size) -> Store:
    """A store of `size.buckets` buckets, each of the source's standing for several: neither making nor disk limits the tasks.

    Hard links, so the source must lie on the same disk as the folder for temporary files.
    """
    store, made = Store(place), source.buckets("bill", year)
    store.write_card(source.card())
    for table in ("bill", "holder"):
        store.folder(table, year).mkdir(parents=True)
        for bucket in range(size.buckets):
            store.path(table, year, bucket).hardlink_to(source.path(table, year, made[bucket % len(made)]))
    recorded_path(store, year).parent.mkdir(parents=True)
    recorded_path(store, year).hardlink_to(recorded_path(source, year))
    return store


def store_name(source: Path) -> str:
    """The city of a store, and how large it is."""
    card = Store(source).card()
    return f"{card['city']}, {card['people']:,} people"


@contextmanager
def ways(store: Store, results: Path, with_spark: bool) -> Iterator[tuple[dict[str, Any], dict[str, float]]]:
    """Every way of settling the store, connected, and the seconds that connecting took."""
    found: dict[str, Any] = {"local": threads(CORES)}
    seconds: dict[str, float] = {}
    with ExitStack() as stack:
        running = stack.enter_context(trial(CORES))
        for name, url in {"dask": running.url, "spark": f"local[{CORES}]"}.items():
            if name == "dask" or with_spark:
                def connect(name: str = name, url: str = url) -> None:
                    found[name] = stack.enter_context(closing(runner_for(url, store.root, results)))
                seconds[f"{name}_connect_s"] = once(connect)
        yield found, seconds


def measured(store: Store, year: int, size: Size, with_spark: bool) -> dict[str, float]:
    """Medians of totals alone and of every result written; and how many results differ from the local ones: none may."""
    package, results = recorded_package(store, year), store.root / "runs"
    took: dict[str, list[float]] = {}
    with ways(store, results, with_spark) as (found, figures):
        first: dict[str, Run] = {name: resettle(store, year, package, results / name, runner=runner) for name, runner in found.items()}
        differ = sum(different(results / "local", results / name) for name in found if name != "local")
        if differ:
            raise SystemExit(f"{differ} files of the cluster's runs differ from the local run's; the figures would mean nothing")
        for _ in range(size.repeats):
            for name, runner in found.items():
                for what, out in (("totals", None), ("written", results / name)):
                    if out is not None:
                        shutil.rmtree(out)
                    cpu = used()
                    seconds = once(lambda runner=runner, out=out: resettle(store, year, package, out, runner=runner))
                    took.setdefault(f"{name}_{what}_s", []).append(seconds)
                    took.setdefault(f"{name}_{what}_cpu_s", []).append(used() - cpu)
        bills = first["local"].bills
    medians = {name: statistics.median(seconds) for name, seconds in took.items()}
    over = {
        f"{name}_{what}_over_pct": 100 * (medians[f"{name}_{what}_s"] / medians[f"local_{what}_s"] - 1)
        for name in found if name != "local" for what in ("totals", "written", "totals_cpu", "written_cpu")
    }
    return {"bills": bills, "buckets": size.buckets, "differ": differ, **figures, **medians, **over}


def used() -> float:
    """Seconds of processor that this process and all below it have used: what a busy machine cannot stretch."""
    this = psutil.Process()
    found = 0.0
    for process in (this, *this.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            found += times.user + times.system
    return found


def different(one: Path, other: Path) -> int:
    """How many files of two runs differ."""
    names = {path.relative_to(run) for run in (one, other) for path in run.rglob("*") if path.is_file()}
    return sum(not (other / name).exists() or (one / name).read_bytes() != (other / name).read_bytes() for name in names)


def shown(figures: dict[str, float], name: str) -> None:
    """Print the table."""
    title = f"{name}: {figures['bills']:,} bills, {figures['buckets']} buckets (linked)"
    table = Table(title=title, title_justify="left")
    for heading in ("way", "connect s", "totals s", "over %", "cpu over %", "written s", "over %", "cpu over %"):
        table.add_column(heading, justify="left" if heading == "way" else "right")
    for name in ("local", "dask", "spark"):
        if f"{name}_totals_s" in figures:
            ends = ("s", "over_pct", "cpu_over_pct")
            cells = [f"{name}_connect_s", *(f"{name}_{what}_{end}" for what in ("totals", "written") for end in ends)]
            table.add_row(name, *(f"{figures[cell]:.2f}" if cell in figures else "" for cell in cells))
    console = Console(width=120)
    console.print(table)
    console.print(f"Baseline: {BASELINE}. Aim: at most {AIM:.0f} % over it.")


if __name__ == "__main__":
    main()
