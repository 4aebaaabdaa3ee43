"""Every benchmark runs, and its file of figures holds what docs/reference/benchmarks.md promises; how quick it was is not asked here."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROMISED = {
    "kernel": {
        "bills_per_s_core", "one_bill_us_compiled", "one_bill_us_python", "explain_ms", "second_start_s", "numba_import_s", "cache_load_s",
    },
    "city_year": {
        "bills", "totals_s", "per_bill_s", "scan_s", "totals_to_scan", "peak_gb", "bills_per_s_core", "cost_ratio_large_to_small",
    },
    "differential": {"bills", "mismatches", "kinds_met", "outcomes_met", "readings_met", "readings_in_all", "bills_checked_per_s"},
}  # fmt: skip
NIGHTLY = {
    "door": {
        "settle_per_s", "pgbench_n_per_s", "settle_to_pgbench", "chain_per_s", "p50_ms_at_100", "p99_ms_at_100", "p99_ms_saturated",
        "cost_ratio_large_to_small",
    },
    "cluster": {
        "bills", "buckets", "differ", "local_totals_s", "local_written_s", "dask_connect_s", "dask_totals_s", "dask_written_s",
        "dask_totals_over_pct", "dask_written_over_pct", "dask_totals_cpu_over_pct", "dask_written_cpu_over_pct",
    },
    "lists": {
        "rows", "slowest_ms", "median_ms", "slowest_to_sql", "bills_sql_ms", "bills_plain_ms", "bills_filtered_ms", "bills_sorted_ms",
        "bills_far_ms",
    },
    "crash": {"kills", "settlements", "sent_again", "lost", "doubled", "unknown", "verify_differences", "refused"},
}  # fmt: skip
"""Those with a server and a database of their own: minutes even at their smallest. The short crash run is in tests/crash."""
WITH_OPENFISCA = {"openfisca_ratio", "openfisca_bills_per_s", "openfisca_compared_bills"}
PAGE = (ROOT / "docs" / "reference" / "benchmarks.md").read_text(encoding="utf-8")


def run(name: str, file: Path) -> dict:
    """Run a benchmark at its smallest and read its file."""
    command = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), "--quick", "--tiny", "--json", str(file)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.nightly
@pytest.mark.parametrize("name", sorted(NIGHTLY))
def test_the_long_ones_hold_what_they_promise(name, tmp_path):
    content = run(name, tmp_path / f"{name}.json")
    assert NIGHTLY[name] <= set(content["figures"])


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_the_file_holds_what_is_promised(name, tmp_path):
    content = run(name, tmp_path / "deeper" / f"{name}.json")
    assert set(content) == {"figures", "baseline", "machine", "versions"}
    assert content["baseline"] and content["machine"]["processor"] and content["versions"]["python"]
    assert all(isinstance(value, int | float) for value in content["figures"].values())
    promised = set(PROMISED[name])
    if name == "kernel" and importlib.util.find_spec("openfisca_core"):
        promised |= WITH_OPENFISCA
    assert promised <= set(content["figures"])
    assert content["figures"].get("mismatches", 0) == 0


def test_every_benchmark_is_run_here():
    assert {path.stem for path in (ROOT / "benchmarks").glob("*.py")} == set(PROMISED) | set(NIGHTLY)


@pytest.mark.parametrize("figure", sorted(set().union(*PROMISED.values(), *NIGHTLY.values(), WITH_OPENFISCA, {"first_start_s"})))
def test_the_page_explains_the_figure(figure):
    assert re.search(rf"`{figure}`", PAGE), f"docs/reference/benchmarks.md does not explain {figure}"
