"""From one year into the next 年度结转: what a run's closing of the year before opens this year with."""

from pathlib import Path
from typing import Any

import numpy as np

from openyibao.warehouse.run.block import CARRIED
from openyibao.warehouse.run.columns import Columns
from openyibao.warehouse.tables.store import Store

SCHEMES = 4
"""Room for the scheme's code beside the person in one key."""


def key_of(holder: Columns) -> Any:
    """A holder's key: person and scheme in one number, ascending as the table is sorted."""
    return holder["person"].astype(np.int64) * SCHEMES + holder["scheme"]


def opening(store: Store, holder: Columns, year: int, bucket: int, run: Path) -> dict[str, Any]:
    """The holder's columns of `year`, opened by what the run in folder `run` closed the year before with.

    A person without a row of this scheme in the year before opens as recorded. The family's allotment is the year's own.
    """
    before = store.arrays("holder", year - 1, bucket, ["person", "scheme"])
    closing = Store(run).arrays("closing", year - 1, bucket, ["account", *CARRIED])
    keys, asked = key_of(before), key_of(holder)
    found = dict(holder)
    if len(keys) == 0:
        return found
    place = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    known = keys[place] == asked
    for name in ("account", *CARRIED):
        found[name] = np.where(known, closing[name][place], holder[name])
    return found
