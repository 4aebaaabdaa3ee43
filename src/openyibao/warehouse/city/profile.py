"""A city's profile 城市画像: the counts and shares that a synthetic city is made from, each with where it comes from.

    profiles/nation.yaml               what is taken alike for all cities
    profiles/<city>.yaml               the city; a leaf here takes the place of the nation's
    profiles/calibrated/<city>.yaml    what the calibration found out; written by it, laid on top
    profiles/care.yaml, care/<city>.yaml   illnesses and the use of care, in a form of their own; the digest covers them

A leaf is a mapping with `value`, `trust` and `source`. Trust: `plan` (a fact of the city's plan, by number), `kpi` (a baseline of its table
of indicators), `derived` (a plan's figures divided), `recalled`, `illustrative`, `calibrated` (written by the calibration, never by hand).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

TRUSTS = ("plan", "kpi", "derived", "recalled", "illustrative", "calibrated")
DOUBTFUL = ("recalled", "illustrative")
"""Marks that are shown to whoever reads a result."""
FOLDER = Path(__file__).resolve().parent / "profiles"
NATION, CALIBRATED = "nation", "calibrated"
LEAF = {"value", "trust", "source", "note"}


class ProfileProblem(Exception):
    """A profile that cannot be used; says which file and key, and why, in one sentence."""


class Figure(NamedTuple):
    """One figure of a profile and where it comes from."""

    value: Any
    trust: str
    source: str
    note: str


@dataclass(frozen=True)
class Profile:
    """One city's figures by dotted key: `enrolled.employee`."""

    city: str
    name: str
    figures: Mapping[str, Figure]
    digest: str

    def figure(self, key: str) -> Figure:
        """A figure with its mark; raises ProfileProblem naming the city and the key."""
        if key not in self.figures:
            raise ProfileProblem(f"profiles/{self.city}.yaml: {key} is missing, and profiles/{NATION}.yaml has none")
        return self.figures[key]

    def value(self, key: str) -> Any:
        """A figure's value."""
        return self.figure(key).value

    def whole(self, key: str) -> int:
        """A count."""
        return int(self.figure(key).value)

    def series(self, key: str) -> list[Any]:
        """A list of values."""
        found = self.figure(key).value
        if not isinstance(found, list):
            raise ProfileProblem(f"profiles/{self.city}.yaml: {key} is {found!r}, where a list is wanted")
        return found

    def has(self, key: str) -> bool:
        """Whether the city or the nation states the figure."""
        return key in self.figures

    def under(self, prefix: str) -> dict[str, Any]:
        """The values below a key, by the rest of their keys."""
        start = f"{prefix}."
        return {key.removeprefix(start): figure.value for key, figure in self.figures.items() if key.startswith(start)}

    def doubtful(self) -> dict[str, str]:
        """Keys that rest on memory or on our own setting, with the mark."""
        return {key: figure.trust for key, figure in self.figures.items() if figure.trust in DOUBTFUL}

    def replaced(self, values: Mapping[str, Any]) -> "Profile":
        """The profile with other values for some keys; for trying figures out, so the digest says that it is another one."""
        figures = dict(self.figures)
        for key, value in values.items():
            figures[key] = Figure(value, "calibrated", "", "")
        return Profile(self.city, self.name, figures, digest_of(figures))


@cache
def load_profile(city: str, folder: Path = FOLDER, found_out: bool = True) -> Profile:
    """The profile of a city; without `found_out` as people wrote it, before any calibration.

    Raises ProfileProblem for a city without one, and for leaves without a mark.
    """
    if not (folder / f"{city}.yaml").is_file():
        raise ProfileProblem(f"no profile of {city}; there are {', '.join(profiled(folder))}")
    figures: dict[str, Figure] = {}
    name = city
    for file in (f"{NATION}.yaml", f"{city}.yaml", f"{CALIBRATED}/{city}.yaml"):
        path = folder / file
        if path.is_file() and (found_out or not file.startswith(CALIBRATED)):
            tree = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            name = tree.pop("name", name)
            figures.update(leaves(tree, f"profiles/{file}"))
    care = [folder / "care.yaml", folder / "care" / f"{city}.yaml", folder / "care" / CALIBRATED / f"{city}.yaml"]
    return Profile(city, name, figures, digest_of(figures, [path.read_bytes() for path in care if path.is_file()]))


def profiled(folder: Path = FOLDER) -> list[str]:
    """The cities with a profile."""
    return sorted(path.stem for path in folder.glob("*.yaml") if path.stem not in (NATION, "care"))


def leaves(tree: Mapping[str, Any], file: str, above: str = "") -> dict[str, Figure]:
    """The leaves of a tree by dotted key; raises ProfileProblem for a leaf that does not say where its value comes from."""
    found: dict[str, Figure] = {}
    for name, node in tree.items():
        key = f"{above}{name}"
        if not isinstance(node, Mapping):
            raise ProfileProblem(f"{file}: {key} is {node!r}; a figure is a mapping with value, trust and source")
        if "value" not in node:
            found.update(leaves(node, file, f"{key}."))
            continue
        if not {"value", "trust"} <= node.keys() <= LEAF or node["trust"] not in TRUSTS:
            raise ProfileProblem(f"{file}: {key} has {', '.join(map(str, node))}; wanted value, source and a trust of {', '.join(TRUSTS)}")
        found[key] = Figure(node["value"], node["trust"], str(node.get("source", "")), str(node.get("note", "")))
    return found


def digest_of(figures: Mapping[str, Figure], further: Sequence[bytes] = ()) -> str:
    """A digest of every value and mark, and of further files; notes may be reworded."""
    told = {key: (figure.value, figure.trust, figure.source) for key, figure in figures.items()}
    digest = hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode())
    for content in further:
        digest.update(content)
    return digest.hexdigest()
