"""Plain Python = compiled, to the fen, on a million random bills under random valid plans: the nightly size of tests/differential.

    .venv-bench/bin/python benchmarks/differential.py                 # 1,000,000 bills
    .venv-bench/bin/python benchmarks/differential.py --quick         # as many as half a minute allows
    .venv-bench/bin/python benchmarks/differential.py --seed 7000000  # other bills

Ends with an error, and prints the first differing bill, when any figure of any bill or closing year differs.
"""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "tests"))

from parts.figures import arguments, write_figures

from both_ways import Check, check_batch
from openyibao.kernel.plan import Readings

BATCH, NIGHTLY, TINY, QUICK_SECONDS = 20_000, 1_000_000, 2_000, 28.0
BASELINE = "plain Python: kernel.settle.cascade.settle, one bill after another"


def main(given: Sequence[str] | None = None) -> None:
    """Check batch after batch, print what was met, write the figures."""
    parser = arguments("Plain Python against the compiled loop on random bills.")
    parser.add_argument("--seed", type=int, default=1_000_000, help="seed of the first batch; each next one adds 1")
    parser.add_argument("--bills", type=int, default=NIGHTLY, help=f"how many bills at least (default {NIGHTLY:,})")
    parser.add_argument("--tiny", action="store_true", help="a run of seconds that shows that everything works")
    options = parser.parse_args(given)
    check_batch(options.seed, 50)     # loads or compiles; not counted
    begun, checks = time.perf_counter(), []
    bills, seconds = (TINY, QUICK_SECONDS) if options.tiny else (options.bills, QUICK_SECONDS if options.quick else float("inf"))
    while sum(check.bills for check in checks) < bills and time.perf_counter() - begun < seconds:
        checks.append(check_batch(options.seed + len(checks), min(BATCH, bills)))
    met: Counter[str] = sum((check.seen for check in checks), Counter())
    shown(checks, met, time.perf_counter() - begun)
    write_figures(options.json, figures_of(checks, met, time.perf_counter() - begun), BASELINE)
    first = next((check.first for check in checks if check.differing), "")
    if first:
        sys.exit(f"plain Python and the compiled loop differ. The first difference:\n{first}")


def figures_of(checks: list[Check], met: Counter[str], seconds: float) -> dict[str, float]:
    """Bills, differences, and how much of the law the bills met."""
    return {
        "bills": sum(check.bills for check in checks),
        "mismatches": sum(check.differing for check in checks),
        "kinds_met": count(met, "kind"),
        "outcomes_met": count(met, "outcome"),
        "readings_met": count(met, "reading"),
        "readings_in_all": len(Readings._fields),
        "layers_that_paid": count(met, "paid"),
        "bills_checked_per_s": sum(check.bills for check in checks) / seconds,
    }


def count(met: Counter[str], what: str) -> int:
    """How many different things of a sort were met."""
    return sum(1 for name, times in met.items() if times and name.startswith(f"{what} "))


def shown(checks: list[Check], met: Counter[str], seconds: float) -> None:
    """Print the outcome and what was met."""
    table = Table(title="met by the bills", title_justify="left")
    table.add_column("what")
    table.add_column("bills", justify="right")
    for name, times in sorted(met.items()):
        table.add_row(name, f"{times:,}")
    bills, differing = sum(check.bills for check in checks), sum(check.differing for check in checks)
    console = Console(width=110)
    console.print(table)
    console.print(f"{bills:,} bills in {seconds:.0f} s, every result field and closing year compared: {differing} differ.")


if __name__ == "__main__":
    main()
