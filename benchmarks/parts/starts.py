"""How long the compiled kernel takes to start in a fresh process: with nothing on disk, and with the compiled code there."""

import json
import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import Plan
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from parts.clock import Timing

CHILD = Path(__file__).with_name("start_child.py")
COMPILING = 3.0
"""A first start that takes this many times the next one has compiled."""


def starts(claim: Claim, year: Year, plan: Plan, repeats: int, cold: bool) -> dict[str, Timing]:
    """Timings in seconds: `second_start_s`, `numba_import_s`, `cache_load_s`, and `first_start_s` when the first start compiled.

    cold  begin with an empty cache folder of its own, so that the first start compiles; else with the user's cache as it is
    """
    receipt, _ = settle(claim, year, plan)
    with tempfile.TemporaryDirectory() as folder:
        bill = Path(folder) / "bill.pickle"
        bill.write_bytes(pickle.dumps({"claim": claim, "year": year, "plan": plan, "cash": receipt.cash}))
        environment = dict(os.environ)
        if cold:
            environment["OPENYIBAO_CACHE"] = str(Path(folder) / "cache")
        first = start(bill, environment, False)
        whole = [start(bill, environment, False) for _ in range(repeats)]
        apart = [start(bill, environment, True) for _ in range((repeats + 1) // 2)]
    found = {
        "second_start_s": Timing(tuple(child["whole"] for child in whole)),
        "numba_import_s": Timing(tuple(child["numba"] for child in apart)),
        "cache_load_s": Timing(tuple(child["load"] for child in apart)),
    }
    if first["whole"] > COMPILING * found["second_start_s"].median:
        found["first_start_s"] = Timing((first["whole"],))
    return found


def start(bill: Path, environment: dict[str, str], apart: bool) -> dict[str, float]:
    """One fresh process."""
    command = [sys.executable, str(CHILD), str(bill), *(["apart"] if apart else [])]
    found = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    seconds: dict[str, float] = json.loads(found.stdout)
    return seconds
