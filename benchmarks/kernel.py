"""How quick the kernel is: whole cities compiled on one core, one bill, an explanation, a start; and OpenFisca-Core beside it.

    make bench-setup
    .venv-bench/bin/python benchmarks/kernel.py --quick --json build/bench/kernel.json

What each figure means, and what the comparison leaves out: docs/reference/benchmarks.md.
"""

import importlib
import importlib.util
from collections.abc import Sequence
from importlib import metadata
from typing import Any, NamedTuple

import numpy as np
from parts.city import City, city, first_bills
from parts.clock import Timing, timed
from parts.figures import arguments, write_figures
from parts.onebill import cases_of, compiled_calls, explanations, plain_calls
from parts.starts import starts
from rich.console import Console
from rich.table import Table

from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.loop import settle_records
from openyibao.warehouse.records import RESULT

CITY = "wuhan"
NO_BASELINE = "none: OpenFisca-Core is not installed here (make bench-setup), so there is no ratio"
AT_LEAST = {"bills_per_s_core": 15e6, "openfisca_ratio": 30}
AT_MOST = {"one_bill_us_compiled": 10, "one_bill_us_python": 100, "explain_ms": 2, "second_start_s": 0.5}
"""What we aim for."""


class Size(NamedTuple):
    """How much a run does."""

    bills: tuple[int, int, int]
    compared: int  # bills of the comparison with OpenFisca-Core
    turns: int  # repeats of that comparison
    single: int  # bills settled one at a time
    explained: int
    repeats: int
    starts: int
    cold: bool  # compile once more in an empty cache


QUICK = Size((200_000, 400_000, 800_000), 800_000, 3, 4_000, 200, 5, 2, False)
FULL = Size((1_000_000, 2_000_000, 5_000_000), 2_000_000, 7, 50_000, 1_000, 9, 5, True)
TINY = Size((300, 600, 1_200), 1_200, 1, 200, 20, 1, 1, False)


class Row(NamedTuple):
    """One line of the printed table."""

    figure: str
    median: float
    best: float
    words: str


def main(given: Sequence[str] | None = None) -> None:
    """Measure, print, write."""
    parser = arguments("Speed of the kernel, with OpenFisca-Core as the baseline.")
    parser.add_argument("--tiny", action="store_true", help="a run of seconds that shows that everything works; its figures mean nothing")
    parser.add_argument("--city", default=CITY, help=f"whose plans of 2023 settle the bills (default {CITY})")
    options = parser.parse_args(given)
    size = TINY if options.tiny else QUICK if options.quick else FULL
    book = load_book(policies_root(), options.city)
    whole = city(book, size.bills[-1])
    few = first_bills(whole, size.single)
    cases = cases_of(few)
    stay = max(cases, key=lambda case: case.receipt.fund)
    rows = speed_rows(whole, size)
    rows.append(Row("one_bill_us_compiled", *micros(compiled_calls(few, size.repeats)), "one call of the compiled loop for one bill, µs"))
    rows.append(Row("one_bill_us_python", *micros(plain_calls(cases, size.repeats)), "one bill in plain Python, mean of the mix, µs"))
    rows += explain_rows(cases[: size.explained], book, size)
    rows += start_rows(starts(stay.claim, stay.year, stay.plan, size.starts, size.cold))
    found, baseline, note = comparison_rows(first_bills(whole, size.compared), size)
    rows += found
    shown(rows, f"{options.city}, {len(whole.claims):,} bills of {len(whole.opening):,} people, both schemes, plans of 2023", note)
    write_figures(options.json, figures_of(rows), baseline)


def speed_rows(whole: City, size: Size) -> list[Row]:
    """The compiled loop on one core at three sizes; the largest is the figure."""
    rows, largest = [], Timing((1.0,))
    for bills in size.bills:
        part = first_bills(whole, bills)
        largest = settled(part, size.repeats).per(len(part.claims))
        words = f"cost per bill of {len(part.claims):,} bills, ns"
        rows.append(Row(f"ns_per_bill_{bills}", largest.median * 1e9, largest.least * 1e9, words))
    return [Row("bills_per_s_core", 1 / largest.median, 1 / largest.least, f"compiled loop, one core, {len(whole.claims):,} bills"), *rows]


def settled(part: City, repeats: int) -> Timing:
    """Seconds to settle all bills of a city: layers, accumulators and results written."""
    results = np.empty(len(part.claims), RESULT)

    def settle_all(years: Any) -> None:
        settle_records(part.claims, part.persons, part.plan_of, part.table, years, results)

    settle_all(part.opening.copy())
    return timed(settle_all, repeats, lambda: (part.opening.copy(),))


def micros(timing: Timing) -> tuple[float, float]:
    """Median and least, in microseconds."""
    return timing.median * 1e6, timing.least * 1e6


def explain_rows(cases: list[Any], book: Any, size: Size) -> list[Row]:
    """The explanation of a bill."""
    found = explanations(cases, book, size.repeats)
    words = {
        "explain": "explanation of a bill with clauses, mean of the mix, ms",
        "explain_with_lookup": "the same, clauses asked of the book each time, ms",
    }
    return [Row(f"{name}_ms", timing.median * 1e3, timing.least * 1e3, words[name]) for name, timing in found.items()]


def start_rows(found: dict[str, Timing]) -> list[Row]:
    """Starts in fresh processes."""
    words = {
        "second_start_s": "fresh process, code on disk: import to first compiled bill, s",
        "numba_import_s": "of which importing Numba, s",
        "cache_load_s": "of which loading the compiled code and the first bill, s",
        "first_start_s": "fresh process, nothing on disk: compiles, s",
    }
    return [Row(name, timing.median, timing.least, words[name]) for name, timing in found.items()]


def comparison_rows(part: City, size: Size) -> tuple[list[Row], str, str]:
    """OpenFisca-Core on the same bills, the baseline's name, and what to say below the table."""
    if importlib.util.find_spec("openfisca_core") is None:
        return [], NO_BASELINE, f"Baseline: {NO_BASELINE}."
    comparison: Any = importlib.import_module("parts.comparison")
    found = comparison.compare(part, size.turns)
    if found.differing:
        raise SystemExit(f"kernel and OpenFisca cascade differ (field: bills): {found.differing}; the ratio would mean nothing")
    theirs, ours = found.openfisca.per(found.bills), found.kernel.per(found.bills)
    version = metadata.version("OpenFisca-Core")
    baseline = f"OpenFisca-Core {version}, the same cascade vectorised over people wave by wave, same bills, same core"
    rows = [
        Row("openfisca_bills_per_s", 1 / theirs.median, 1 / theirs.least, f"OpenFisca-Core on {found.bills:,} of the bills"),
        Row("openfisca_ratio", theirs.median / ours.median, theirs.least / ours.least, "kernel over OpenFisca-Core, same bills, by turns"),
        Row("openfisca_compared_bills", found.compared, found.compared, "bills on which both agree to the fen in every layer"),
    ]
    return rows, baseline, f"Baseline: {baseline}. {found.bills:,} bills, {found.compared:,} compared in every layer: none differs."


def figures_of(rows: list[Row]) -> dict[str, float]:
    """Medians by name; for the speed and the ratio the best too."""
    figures = {row.figure: row.median for row in rows}
    return figures | {f"{row.figure}_best": row.best for row in rows if row.figure in AT_LEAST}


def shown(rows: list[Row], title: str, note: str) -> None:
    """Print the table."""
    table = Table(title=title, title_justify="left")
    for heading, side in (("figure", "left"), ("median", "right"), ("best", "right"), ("aim", "right"), ("what", "left")):
        table.add_column(heading, justify=side, overflow="fold")
    for row in rows:
        table.add_row(row.figure, printed(row.median), printed(row.best), aim_of(row.figure), row.words)
    console = Console(width=150)
    console.print(table)
    console.print(note)


def aim_of(figure: str) -> str:
    """The aim in words, empty where there is none."""
    if figure in AT_LEAST:
        return f"≥ {AT_LEAST[figure]:,.10g}"
    return f"≤ {AT_MOST[figure]:,.10g}" if figure in AT_MOST else ""


def printed(value: float) -> str:
    """A figure with as many digits as it deserves."""
    return f"{value:,.0f}" if value >= 1_000 else f"{value:,.3g}"


if __name__ == "__main__":
    main()
