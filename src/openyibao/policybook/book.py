"""The policy book of one city 政策册: loaded once, then asked for the plan of a scheme on a day.

    book = load_book(policies_root(), "ankang")
    plan = book.plan(codes.EMPLOYEE, 20230510)

Everything is frozen at loading, so that a fault of the files is met before the first bill.
"""

import hashlib
import os
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import Plan, Readings
from openyibao.policybook.folio import Gap
from openyibao.policybook.freeze import BY_KIND, CORE, Frozen, core_keys, freeze
from openyibao.policybook.leaf import NoPolicies, PolicyError, Problem, raise_first
from openyibao.policybook.parameters import LEVEL_NAMES
from openyibao.policybook.tree import (
    SCHEMES,
    Found,
    Region,
    Table,
    city_codes,
    days_of,
    found_on,
    lineage,
    need_regions,
    read_overlay,
    shown,
    table_of,
)
from openyibao.policybook.warn import cautions

__all__ = ["Book", "NoPolicies", "PolicyError", "Source", "book_of", "cities", "load_book", "policies_root"]

LAST_DAY = 99991231
ROOT_SETTING = "OPENYIBAO_POLICIES"
FIRST = ("inpatient", "outpatient", "two_diseases")
"""Benefits whose versions carry the day they begin; the earliest of them is where a scheme's policies begin."""
RuleSet = tuple[str, int, int]
"""A rule set switched on: its name, its first day, the first day no longer in force."""
Freezing = Callable[[Table, int, int, tuple[str, ...], frozenset[str], tuple[str, ...], str], Frozen]
"""`freeze`, or one with the same arguments."""


class Source(NamedTuple):
    """Where one figure comes from 出处, as a receipt cites it."""

    path: str  # key of the parameter: inpatient.employee.deductible.L3
    name: str
    name_en: str
    value: str  # as printed
    unit: str
    since: int  # yyyymmdd
    clause: str  # document or clause
    trust: str  # units.TRUST


class Segment(NamedTuple):
    """Days over which no entry changes, half-open, with what is frozen for them; None before the scheme's first version."""

    since: int
    frozen: Frozen | None


@dataclass(frozen=True)
class Book:
    """The policies of one city, with its readings, overlays and rule sets, frozen."""

    city: str
    name: str
    name_en: str
    admdvs: int
    digest: str
    warnings: list[str]
    layers: tuple[Region, ...]
    tables: Mapping[int, Table]
    segments: Mapping[int, tuple[Segment, ...]]
    diseases: tuple[str, ...]
    _by_day: dict[tuple[int, int], Frozen | None] = field(default_factory=dict, compare=False, repr=False)

    def frozen(self, scheme: int, day: int) -> Frozen | None:
        """What is frozen for a scheme and day, or None before its first version and for an unknown scheme."""
        asked = (scheme, day)
        if asked not in self._by_day:
            segments = self.segments.get(scheme, ())
            place = bisect_right([segment.since for segment in segments], day) - 1
            self._by_day[asked] = segments[place].frozen if place >= 0 else None
        return self._by_day[asked]

    def plan(self, scheme: int, day: int) -> Plan | None:
        """The plan of a scheme on a day (yyyymmdd); None when the book has no version for it."""
        frozen = self.frozen(scheme, day)
        return frozen.plan if frozen is not None else None

    def plan_for(self, claim: Claim) -> Plan | None:
        """The plan a bill settles under: of its day, or of admission under `version_by_admission`.

        None when the scheme, or the benefit the bill's kind needs, has no version on that day.
        """
        frozen = self.frozen(claim.scheme, claim.day)
        if frozen is not None and frozen.plan.readings.version_by_admission and claim.admitted:
            frozen = self.frozen(claim.scheme, claim.admitted)
        if frozen is None or BY_KIND.get(claim.kind) in frozen.missing:
            return None
        return frozen.plan

    def missing(self, scheme: int, day: int) -> frozenset[str]:
        """Benefits of the scheme for which the book holds no version on the day."""
        frozen = self.frozen(scheme, day)
        return frozen.missing if frozen is not None else frozenset(CORE)

    def spans(self, scheme: int) -> list[tuple[int, int, Plan]]:
        """The scheme's distinct plans in order of time, each with its days [from, to)."""
        found: list[tuple[int, int, Plan]] = []
        segments = self.segments[scheme]
        for segment, ends in zip(segments, [*(later.since for later in segments[1:]), LAST_DAY], strict=True):
            if segment.frozen is None:
                continue
            if found and found[-1][2] == segment.frozen.plan and found[-1][1] == segment.since:
                found[-1] = (found[-1][0], ends, found[-1][2])
            else:
                found.append((segment.since, ends, segment.frozen.plan))
        return found

    def read(self) -> frozenset[str]:
        """Keys without scheme that freezing looks at on some day; no bill depends on any other parameter of the files."""
        return frozenset(key for found in self.segments.values() for segment in found if segment.frozen for key in segment.frozen.read)

    def sources(self, scheme: int, day: int) -> Mapping[str, tuple[Source, ...]]:
        """For each field of the plan (`pool.deductible[4]`) the parameters that decided it."""
        frozen = self.frozen(scheme, day)
        return {path: tuple(source_of(entry) for entry in entries) for path, entries in frozen.cited.items()} if frozen else {}

    def disease_slot(self, code: str) -> int:
        """The slot of a chronic disease 慢特病病种, -1 when the list does not have it."""
        return self.diseases.index(code) if code in self.diseases else -1

    def disease_names(self) -> tuple[tuple[str, str, str], ...]:
        """Slot by slot: code, Chinese name, English name."""
        table = next(iter(self.tables.values()))
        leaves = [table[f"chronic.{code}.class"][0][1] for code in self.diseases]
        return tuple((code, leaf.name, leaf.name_en) for code, leaf in zip(self.diseases, leaves, strict=True))

    def level_of(self, hosp_lv: str) -> int:
        """A national hospital level 医院等级 hosp_lv as the kernel's level. Raises PolicyError for a code without a place."""
        table = next(iter(self.tables.values()))
        entry = found_on(table, f"area.hosp_lv.{hosp_lv}", LAST_DAY)
        if entry is None:
            file = f"policies/{self.city}/area.yaml"
            raise PolicyError(file, 1, f"hospital level {hosp_lv} has no place: add area.both.hosp_lv.{hosp_lv}")
        return LEVEL_NAMES.index(str(entry.value.value))

    def reading_words(self, name: str, lang: str) -> str:
        """What a reading says when it is set, in `zh` or `en`."""
        table = next(iter(self.tables.values()))
        leaf = table[f"readings.{name}"][-1][1]
        return leaf.name_en if lang == "en" else leaf.name


def source_of(entry: Found) -> Source:
    """A leaf's entry as a citation."""
    leaf, value = entry.leaf, entry.value
    return Source(leaf.key, leaf.name, leaf.name_en, printed(value.value), leaf.unit, value.since, value.source, value.trust)


def printed(value: object) -> str:
    """A value as the file prints it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return "、".join(value) if isinstance(value, tuple) else str(value)


def cities(root: Path) -> list[str]:
    """The cities that have a folder. Raises NoPolicies when the policies folder is missing or empty."""
    need_regions(root)
    return city_codes(root)


def policies_root() -> Path:
    """The policies folder: the one named by OPENYIBAO_POLICIES, the checkout's, or the copy inside the installed package."""
    if os.environ.get(ROOT_SETTING):
        return Path(os.environ[ROOT_SETTING])
    here = Path(__file__).resolve()
    checkout = here.parents[3] / "policies"
    return checkout if checkout.is_dir() else here.parents[1] / "_policies"


def load_book(
    root: Path, city: str, *, readings: Iterable[str] = (), overlays: Iterable[Path] = (), rule_sets: Iterable[RuleSet] = ()
) -> Book:
    """Load and freeze one city.

    root       the policies folder
    readings   names of readings to set; one that the city pins is left as it is, with a warning
    overlays   draft files laid over the city, the last on top
    rule_sets  emergency rule sets with the days they are on, [from, to)
    Raises PolicyError naming file and line, with every problem of the files in it; NoPolicies when the folder is missing or empty.
    """
    need_regions(root)
    return book_of(root, city, (*lineage(root, city), *(read_overlay(path) for path in overlays)), readings, rule_sets)


def book_of(
    root: Path, city: str, layers: tuple[Region, ...], readings: Iterable[str] = (), rule_sets: Iterable[RuleSet] = (),
    *, freezing: Freezing = freeze, until: int = LAST_DAY,
) -> Book:  # fmt: skip
    """Freeze one city from layers that were read already: its lineage, the widest first, then the overlays.

    freezing  freezes one day of one scheme (`freeze`, or one that remembers)
    until     the last day asked for; what begins later is left out
    Raises PolicyError.
    """
    raise_first(tuple(problem for layer in layers for problem in layer.problems))
    asked, sets = frozenset(readings), tuple(rule_sets)
    tables = {scheme: table_of(layers, scheme) for scheme in SCHEMES}
    place = shown(root, root / city)
    check_names(asked, sets, tables, place)
    diseases = tuple(dict.fromkeys(key.split(".")[1] for key in tables[1] if key.startswith("chronic.M") and key.endswith(".class")))
    raise_first(unlisted(layers, diseases))
    segments = {scheme: freeze_all(table, scheme, diseases, asked, sets, place, freezing, until) for scheme, table in tables.items()}
    region = next(layer for layer in reversed(layers) if layer.kind != "overlay")
    admdvs = found_on(tables[1], "area.admdvs", LAST_DAY)
    if admdvs is None:
        raise PolicyError(f"{place}/area.yaml", 1, "area.both.admdvs is missing")
    decides = (city, segments_for_digest(segments), diseases, sorted(levels(tables[1]).items()))
    digest = hashlib.sha256(repr(decides).encode()).hexdigest()
    warnings = cautions(tables, {scheme: [s.frozen for s in found] for scheme, found in segments.items()}, asked)
    return Book(
        city, region.name, region.name_en, int(str(admdvs.value.value)), digest, warnings, layers, tables, segments, diseases
    )


def segments_for_digest(segments: Mapping[int, tuple[Segment, ...]]) -> list[tuple[int, int, Plan | None, tuple[str, ...]]]:
    """What decides plans, in a fixed order."""
    return [
        (scheme, segment.since, frozen.plan if frozen else None, tuple(sorted(frozen.missing)) if frozen else ())
        for scheme, found in sorted(segments.items())
        for segment in found
        for frozen in (segment.frozen,)
    ]


def levels(table: Table) -> dict[str, str]:
    """hosp_lv codes and the level each stands for."""
    keys = [key for key in table if key.startswith("area.hosp_lv.")]
    entries = {key.rsplit(".", 1)[1]: found_on(table, key, LAST_DAY) for key in keys}
    return {code: str(entry.value.value) for code, entry in entries.items() if entry is not None}


def check_names(asked: frozenset[str], sets: tuple[RuleSet, ...], tables: Mapping[int, Table], place: str) -> None:
    """Refuse readings and rule sets that do not exist."""
    unknown = sorted(asked - set(Readings._fields))
    if unknown:
        raise PolicyError(f"{place}/readings.yaml", 1, f"no reading is called {', '.join(unknown)}; see docs/reference/policies.md")
    known = sorted({key.split(".")[1] for key in tables[1] if key.startswith("epidemic.")})
    for name, since, until in sets:
        if name not in known:
            raise PolicyError(f"{place}/epidemic.yaml", 1, f"no rule set is called {name}; there are {', '.join(known)}")
        if since >= until:
            raise PolicyError(f"{place}/epidemic.yaml", 1, f"rule set {name}: {since} is not before {until}")


def unlisted(layers: Iterable[Region], diseases: tuple[str, ...]) -> tuple[Problem, ...]:
    """Diseases that a city pays for and the national list does not name."""
    found = []
    for leaf in (leaf for layer in layers for leaf in layer.leaves):
        parts = leaf.key.split(".")
        if parts[0] == "chronic" and parts[2].startswith("M") and parts[2] not in diseases:
            message = f"{leaf.key}: {parts[2]} is not in the list of chronic diseases; add chronic.both.{parts[2]}.class"
            found.append(Problem(leaf.file, leaf.line, message))
    return tuple(found)


def first_day(table: Table) -> int:
    """The scheme's first day: the first on which anything more local than the nation speaks of one of the FIRST benefits."""
    keys = [key for subject in FIRST for key in (*core_keys(table, subject), f"{subject}.present")]
    days = [value.since for key in keys for rank, leaf in table.get(key, ()) if rank > 1 for value in leaf.values]
    return min(days, default=LAST_DAY)


def boundaries(table: Table, sets: tuple[RuleSet, ...]) -> list[int]:
    """The days on which something may change, from the scheme's first day on."""
    start = first_day(table)
    days = {start, *days_of(table), *(day for _, since, until in sets for day in (since, until))}
    return sorted(day for day in days if day >= start)


def freeze_all(
    table: Table, scheme: int, diseases: tuple[str, ...], asked: frozenset[str], sets: tuple[RuleSet, ...], place: str,
    freezing: Freezing = freeze, until: int = LAST_DAY,
) -> tuple[Segment, ...]:  # fmt: skip
    """Every segment of a scheme that begins by `until`, frozen. Raises PolicyError with every gap."""
    segments, gaps = [], []
    for day in (day for day in boundaries(table, sets) if day <= until):
        names = tuple(name for name, since, ends in sets if since <= day < ends)
        try:
            segments.append(Segment(day, freezing(table, scheme, day, diseases, asked, names, place)))
        except Gap as gap:
            gaps.append(gap.problem)
    raise_first(tuple(gaps))
    return tuple(segments)
