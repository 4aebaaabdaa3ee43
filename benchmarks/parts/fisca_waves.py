"""Bills settled by the OpenFisca cascade wave by wave: wave k holds the k-th bill of every person who has one.

People stand in the order of how many bills they have, so that a wave is the first so many of them and carrying the year is a slice, with no
sorting or gathering inside the timed part. This is the most favourable arrangement for OpenFisca that we found.
"""

from typing import Any, NamedTuple

import numpy as np
from openfisca_core.periods import period as period_of
from openfisca_core.simulations import Simulation

from parts import fisca_basic, fisca_carry, fisca_later, fisca_scope
from parts.city import City
from parts.fisca_base import BILL, CARRIED, PERSON, Cascade

RESULTS = {
    "deductible": "deductible", "pool": "pool", "large_first": "large_first", "large_second": "large_second",
    "catastrophic": "catastrophic", "civil": "civil", "aid": "aid", "tilt": "tilt", "added_1": "added_1", "added_2": "added_2",
    "added_3": "added_3", "fund": "fund", "hospital": "hospital", "person": "person_pays", "account": "account", "family": "family",
    "cash": "cash",
}  # fmt: skip
"""Field of the kernel's result -> variable of the cascade."""

FORMULA_FILES = (fisca_scope, fisca_basic, fisca_later, fisca_carry)
"""Imported for the formulas that they declare."""

CLAIM_FIELD = {"aid_category": "aid", "buys_added": "added"}
"""Variable of the cascade -> claim field, where the names differ."""

PERIODS = [period_of(f"{2023 + month // 12}-{month % 12 + 1:02d}") for month in range(240)]
OUTSIDE = ("continued", "registered_poor", "epidemic", "complication")
"""Claim fields that must be 0 for the cascade's rules to be enough; none of the city's bills has one."""


class Waves(NamedTuple):
    """Bills in wave order, int32 columns, cut into blocks of people."""

    blocks: list[list[dict[str, Any]]]  # block -> wave -> columns of BILL
    opening: list[dict[str, Any]]  # block -> columns of CARRIED
    order: Any  # wave order -> row in the city's order
    bills: int


def waves_of(city: City, people_at_once: int) -> Waves:
    """The city's bills arranged for the cascade. Nobody had a stay before the year, so `stay_left` needs no counting.

    people_at_once  size of a block: small enough for the processor's caches, large enough that calls cost little
    """
    counts = np.bincount(city.persons, minlength=len(city.opening))
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    blocks, opening, order = [], [], []
    for first in range(0, len(counts), people_at_once):
        block = np.arange(first, min(first + people_at_once, len(counts)))
        people = block[np.argsort(-counts[block], kind="stable")]
        waves = []
        for number in range(int(counts[people[0]])):
            rows = starts[people[counts[people] > number]] + number
            order.append(rows)
            waves.append({name: column(city, name, rows) for name in BILL})
        blocks.append(waves)
        opening.append({name: city.opening[name][people].astype(np.int32) for name in CARRIED})
    return Waves(blocks, opening, np.concatenate(order), len(city.claims))


def column(city: City, name: str, rows: Any) -> Any:
    """One input of a wave."""
    claims = city.claims
    if name == "plan":
        values = city.plan_of[rows]
    elif name == "day_number":
        values = day_numbers(claims["day"][rows])
    elif name in ("admitted_on", "admitted_number"):
        admitted = claims["admitted"][rows]
        values = np.where(admitted > 0, admitted, claims["day"][rows])
        values = day_numbers(values) if name == "admitted_number" else values
    else:
        values = claims[CLAIM_FIELD.get(name, name)][rows]
    return np.ascontiguousarray(values, np.int32)


def day_numbers(days: Any) -> Any:
    """Days counted from 1970, from yyyymmdd."""
    months = (days // 10_000 - 1970) * 12 + days // 100 % 100 - 1
    return (months.astype("M8[M]").astype("M8[D]") + (days % 100 - 1)).astype(np.int64)


def settle_waves(system: Cascade, waves: Waves) -> dict[str, Any]:
    """Settle every bill; results by field, in wave order. This is what the benchmark times."""
    results = {field: np.empty(waves.bills, np.int32) for field in RESULTS}
    done = 0
    for block, opening in zip(waves.blocks, waves.opening, strict=True):
        year = opening
        for number, wave in enumerate(block):
            count = len(wave["plan"])
            year = settle_wave(system, PERIODS[number], wave, {name: figures[:count] for name, figures in year.items()}, results, done)
            done += count
    return results


def settle_wave(
    system: Cascade, period: Any, wave: dict[str, Any], year: dict[str, Any], results: dict[str, Any], done: int
) -> dict[str, Any]:
    """Settle one wave, write its results from row `done` on, and return the year after it."""
    count = len(wave["plan"])
    populations = system.instantiate_entities()
    populations[PERSON.key].count = count
    simulation = Simulation(system, populations)
    for name, values in wave.items():
        simulation.set_input(name, period, values)
    for name, values in year.items():
        simulation.set_input(f"{name}_before", period, values)
    for field, variable in RESULTS.items():
        results[field][done : done + count] = simulation.calculate(variable, period)
    return {name: simulation.calculate(f"{name}_after", period) for name in CARRIED}


def modelled_bills(city: City) -> Any:
    """Bills of the people whose every bill stays within the cascade's rules, as a mask in the city's order."""
    inside = np.ones(len(city.claims), bool)
    for field in OUTSIDE:
        inside &= city.claims[field] == 0
    outside = np.bincount(city.persons, weights=~inside, minlength=len(city.opening))
    return outside[city.persons] == 0


def differing(results: dict[str, Any], waves: Waves, kernel: Any, compared: Any) -> dict[str, int]:
    """How many compared bills differ, by field.

    results   of `settle_waves`, kernel the kernel's result records, both of the same city
    compared  mask of `modelled_bills`
    """
    kept = compared[waves.order]
    rows = waves.order[kept]
    found = {field: int(np.count_nonzero(results[field][kept] != kernel[field][rows])) for field in RESULTS}
    return {field: count for field, count in found.items() if count}
