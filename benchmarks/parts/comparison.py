"""The kernel and OpenFisca-Core on the same bills in the same minutes, and whether they agree to the fen.

Imported only where OpenFisca-Core is installed (`make bench-setup`).
"""

from typing import Any, NamedTuple

import numpy as np

from openyibao.warehouse.loop import settle_records
from openyibao.warehouse.records import RESULT
from parts.city import City
from parts.clock import Timing, once
from parts.fisca_base import Cascade
from parts.fisca_tables import tables_of
from parts.fisca_waves import differing, modelled_bills, settle_waves, waves_of

PEOPLE_AT_ONCE = 200_000
"""People in one OpenFisca simulation; of 5,000 to 200,000 the largest was the quickest."""


class Comparison(NamedTuple):
    """Timings of a whole run over the same bills, and how far the two were compared."""

    bills: int
    openfisca: Timing
    kernel: Timing
    compared: int  # bills compared to the fen
    differing: dict[str, int]  # field -> bills that differ: empty, or a fault


def compare(city: City, repeats: int) -> Comparison:
    """Run both, turn about, so that a busy machine is busy for both."""
    results = np.empty(len(city.claims), RESULT)
    system, waves = Cascade(tables_of(city.plans)), waves_of(city, PEOPLE_AT_ONCE)

    def kernel_run(years: Any) -> None:
        settle_records(city.claims, city.persons, city.plan_of, city.table, years, results)

    kernel_run(city.opening.copy())
    theirs = settle_waves(system, waves)
    compared = modelled_bills(city)
    found = differing(theirs, waves, results, compared)
    ours_s, theirs_s = [], []
    for _ in range(repeats):
        theirs_s.append(once(settle_waves, lambda: (system, waves)))
        ours_s.append(once(kernel_run, lambda: (city.opening.copy(),)))
    return Comparison(len(city.claims), Timing(tuple(theirs_s)), Timing(tuple(ours_s)), int(np.count_nonzero(compared)), found)
