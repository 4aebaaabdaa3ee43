"""The plans' indicator tables 规划指标表, read from `plans/<city>.yaml`, and what the plans leave open, from `plans/choices.yaml`.

A table's figures are the plan's; what is counted is the quantity of the kernel that the entry names.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import yaml

from openyibao.kernel.indicators.judging import COMPARATORS, Target
from openyibao.kernel.indicators.listed import QUANTITIES
from openyibao.kernel.indicators.quantity import Quantity
from openyibao.policybook.units import TRUST

CITIES = ("jishou", "ankang", "jingzhou", "wuhan", "yuxi")
PLACES = 2
BINDING = {"约束性": ("约束性", "binding"), "预期性": ("预期性", "expected"), "": ("", "")}
BASIS = {"stated": ("规划写明", "stated by the plan"), "derived": ("按名称的读法，待确认", "our reading of the name, to be confirmed")}
KINDS = {"table": ("指标表", "table"), "text": ("正文", "text")}


class PlanProblem(Exception):
    """A plan's table that cannot be read; says which file, entry and value."""


class Indicator(NamedTuple):
    """One indicator of a plan 规划指标. Figures are hundredths of the quantity's unit."""

    id: str
    quantity: Quantity
    name: str  # as the plan prints it
    kind: str  # table, text
    binding: str  # 约束性, 预期性; "" = the plan does not say
    offices: tuple[str, ...]  # 责任部门
    baseline_year: int  # 0 = none
    baseline: int | None
    baseline_printed: str
    target_year: int
    target: Target
    target_printed: str
    scope: str  # which units, where the quantity leaves it to the plan
    basis: str  # stated, derived
    source: str
    note: str


class PlanTable(NamedTuple):
    """One city's plan."""

    city: str
    plan: str
    title: str
    trust: str
    indicators: tuple[Indicator, ...]


class Choice(NamedTuple):
    """A figure that a judgement needs and no plan gives."""

    value: int  # hundredths of its unit
    unit: str
    zh: str
    en: str
    trust: str


def hundredths(text: str) -> int:
    """`77.24` as 7724. Raises ValueError for more than two decimals or anything that is no number."""
    whole, _, part = text.strip().partition(".")
    if len(part) > PLACES or not whole.isascii() or not whole.isdigit() or (part and not part.isdigit()):
        raise ValueError(f"{text!r} is no figure with at most two decimals")
    return int(whole) * 100 + int(part.ljust(PLACES, "0"))


def loaded(name: str) -> dict[str, Any]:
    """A file of `plans/`."""
    found: dict[str, Any] = yaml.safe_load((resources.files(__package__) / "plans" / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


@cache
def plan_of(city: str) -> PlanTable:
    """The plan of a city. Raises PlanProblem for a city without one and for an entry that cannot be read."""
    if city not in CITIES:
        raise PlanProblem(f"no plan of {city!r}; there are {', '.join(CITIES)}")
    page = loaded(city)
    return PlanTable(page["city"], page["plan"], page["title"], page["trust"],
                     tuple(indicator(entry, f"{city}.yaml") for entry in page["indicators"]))


def indicator(entry: Mapping[str, Any], file: str) -> Indicator:
    """One entry. Raises PlanProblem naming the file and the entry."""
    where = f"{file} {entry.get('id', '?')}"
    try:
        quantity = QUANTITIES[entry["quantity"]]
        baseline, target = entry.get("baseline", {}), entry["target"]
        if target["is"] not in COMPARATORS or entry["formula"] not in BASIS or entry["kind"] not in KINDS:
            raise ValueError(f"{target['is']!r}, {entry['formula']!r}, {entry['kind']!r}: some word is unknown")
        return Indicator(
            entry["id"], quantity, entry["name"], entry["kind"], entry.get("binding", ""), tuple(entry.get("offices", ())),
            baseline.get("year", 0), hundredths(baseline["value"]) if "value" in baseline else None, baseline.get("printed", ""),
            target["year"], Target(target["is"], *(hundredths(target[end]) if end in target else None for end in ("value", "upto"))),
            target.get("printed", ""), entry.get("scope", ""), entry["formula"], entry["source"], entry.get("note", ""),
        )  # fmt: skip
    except (KeyError, ValueError) as problem:
        raise PlanProblem(f"{where}: {problem}") from None


@cache
def choices() -> Mapping[str, Choice]:
    """The figures that the plans leave open, by name."""
    found = {}
    for name, entry in loaded("choices").items():
        if entry["trust"] not in TRUST:
            raise PlanProblem(f"choices.yaml {name}: trust {entry['trust']!r}; there are {', '.join(TRUST)}")
        found[name] = Choice(hundredths(entry["value"]), entry["unit"], entry["name"], entry["name_en"], entry["trust"])
    return found


def tolerance(unit: str) -> int:
    """The tolerance of a unit, hundredths; 0 for units that no plan asks to hold."""
    chosen = choices().get(f"tolerance.{unit}")
    return chosen.value if chosen is not None else 0


def asking(code: str) -> tuple[Indicator, ...]:
    """Every plan's indicators that ask for a quantity, in order of the cities."""
    return tuple(one for city in CITIES for one in plan_of(city).indicators if one.quantity.code == code)
