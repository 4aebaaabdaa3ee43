"""Run in a fresh process by parts/starts.py: import the compiled loop, settle one bill, and print how long each part took, as JSON.

    python start_child.py BILL.pickle [apart]

`apart` imports Numba on its own first, so that its share is known.
"""

import importlib
import json
import pickle
import sys
import time
from pathlib import Path
from typing import Any


def main(file: str, apart: bool) -> dict[str, float]:
    """Seconds of the start. The bill is unpickled before the clock runs, which loads the kernel's values, not NumPy or Numba."""
    bill = pickle.loads(Path(file).read_bytes())
    begun = time.perf_counter()
    if apart:
        importlib.import_module("numba")
    numba_there = time.perf_counter()
    loop: Any = importlib.import_module("openyibao.warehouse.loop")
    records: Any = importlib.import_module("openyibao.warehouse.records")
    numpy: Any = importlib.import_module("numpy")
    imported = time.perf_counter()
    claims, years = records.claim_records([bill["claim"]]), records.year_records([bill["year"]])
    plans, row, results = records.plan_records([bill["plan"]]), numpy.zeros(1, numpy.int32), numpy.empty(1, records.RESULT)
    ready = time.perf_counter()
    loop.settle_records(claims, row, row, plans, years, results)
    settled = time.perf_counter()
    if int(results["cash"][0]) != bill["cash"]:
        raise SystemExit(f"the compiled loop pays {int(results['cash'][0])} fen in cash, plain Python {bill['cash']}")
    return {"whole": settled - begun, "numba": numba_there - begun, "modules": imported - numba_there, "load": settled - ready}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2:] == ["apart"])))
