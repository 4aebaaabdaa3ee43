"""Nudges every numeric figure of the policies and asks the golden cases of the city whether they notice.

    cd tests && python -m mutation.nudge [--city ankang …] [--key inpatient] [--csv FILE]

A figure is one dated value of one leaf. It is moved one step up and one step down (a yuan, a percentage point, a day, a month, a
session), in memory; the plans of the days that golden cases ask for are frozen again, and the cases whose plan changed are played as
the golden test plays them. What no case notices is listed with the reason why, from `explained.yaml`, or as open.
"""

import argparse
import csv
import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import yaml

from golden import test_golden
from golden.cases import Case, cases
from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import Plan
from openyibao.policybook.book import Book, load_book, policies_root
from openyibao.policybook.folio import Gap
from openyibao.policybook.freeze import BY_KIND, Frozen, freeze
from openyibao.policybook.leaf import Leaf, Value
from openyibao.policybook.parameters import parameter, without_scheme
from openyibao.policybook.read import MAY_BE_NEGATIVE
from openyibao.policybook.tree import SCHEMES, Table
from openyibao.policybook.units import UNITS

HERE = Path(__file__).resolve().parent
CITIES = ("ankang", "jingzhou", "jishou", "wuhan", "yuxi")
NATION = "nation"
STEPS = {"money": Decimal(1), "decimal": Decimal("0.01"), "integer": Decimal(1)}
DIRECTIONS = {"up": 1, "down": -1}
PAST = 99991231

NOTICED, REFUSED, OVERSHADOWED, UNREAD, UNASKED, UNNOTICED = "noticed", "refused", "overshadowed", "unread", "unasked", "unnoticed"
WORDS = {
    NOTICED: "a golden case fails",
    REFUSED: "the book refuses the nudged value",
    UNREAD: "no plan of any day reads it",
    OVERSHADOWED: "plans read it, and the nudged plans are the same",
    UNASKED: "plans change, but on days for which there is no golden case",
    UNNOTICED: "plans of golden cases change and no case fails",
}


class Figure(NamedTuple):
    """One dated value of one leaf, and the days it is in force, half-open."""

    region: str
    leaf: Leaf
    value: Value
    ends: int

    @property
    def name(self) -> str:
        """How lists name it."""
        return f"{self.region} {self.leaf.key} {self.value.since}"


class Verdict(NamedTuple):
    """What became of one nudge."""

    figure: Figure
    direction: str
    outcome: str
    by: str  # the first case that noticed, with its city


@dataclass
class City:
    """A city's book, its golden cases, and the plans each case asks for."""

    book: Book
    cases: tuple[Case, ...]
    asked: dict[str, frozenset[tuple[int, int]]] = field(default_factory=dict)  # case title -> (scheme, first day of the segment)
    sharpest: list[Case] = field(default_factory=list)  # cases that noticed something lately go first


@cache
def golden() -> tuple[Case, ...]:
    """Every golden case, parsed once."""
    return tuple(cases())


@cache
def city(name: str) -> City:
    """A city ready for nudging."""
    found = City(load_book(policies_root(), name), tuple(case for case in golden() if case.city == name))
    for case in found.cases:
        found.asked[case.title] = frozenset(asked_by(case, found.book))
    found.sharpest = list(found.cases)
    return found


def segment(book: Book, scheme: int, day: int) -> int:
    """First day of the segment a day lies in; 0 before the first."""
    return max((one.since for one in book.segments[scheme] if one.since <= day), default=0)


def asked_by(case: Case, book: Book) -> Iterator[tuple[int, int]]:
    """The segments a case's bills settle under: of their day, and of admission too, for the reading that asks for it."""
    for step in case.steps:
        if step.claim:
            claim = Claim(**{"scheme": test_golden.SCHEMES[case.scheme], "total": 0, **step.claim})
            for day in (claim.day, claim.admitted or claim.day):
                yield claim.scheme, segment(book, claim.scheme, day)


def figures(regions: Iterable[str], only: str = "") -> Iterator[Figure]:
    """Every numeric dated value of the regions' own files, in file order."""
    for region in regions:
        book = city(CITIES[0] if region == NATION else region).book
        layer = next(layer for layer in book.layers if layer.code == region)
        for leaf in layer.leaves:
            if UNITS[leaf.unit].form not in STEPS or not fnmatch.fnmatch(leaf.key, f"{only}*"):
                continue
            for value, after in zip(leaf.values, [*(one.since for one in leaf.values[1:]), PAST], strict=True):
                if value.value is not None and not value.ended:
                    yield Figure(region, leaf, value, after)


def nudged(figure: Figure, direction: str) -> Value | None:
    """The value one step further, written as its unit is written; None where the unit allows no such value."""
    form = UNITS[figure.leaf.unit].form
    moved = Decimal(str(figure.value.value)) + STEPS[form] * DIRECTIONS[direction]
    split = without_scheme(figure.leaf.key)
    if moved < 0 and (split is None or split[1] not in MAY_BE_NEGATIVE):
        return None
    if figure.leaf.unit == "ratio" and moved > 1:
        return None
    printed = str(moved) if isinstance(figure.value.value, str) else int(moved)
    return figure.value._replace(value=printed)


def changed(table: Table, figure: Figure, value: Value) -> Table:
    """The table with the figure's value put in the place of the old one."""
    split = without_scheme(figure.leaf.key)
    assert split is not None
    values = tuple(value if one is figure.value or one == figure.value else one for one in figure.leaf.values)
    leaf = figure.leaf._replace(values=values)
    mine = [(rank, leaf if one == figure.leaf else one) for rank, one in table[split[1]]]
    return {**table, split[1]: tuple(mine)}


class Nudged:
    """A book with some segments frozen again: what `test_golden.plan_of` asks of a book, and nothing else."""

    def __init__(self, book: Book, again: Mapping[tuple[int, int], Frozen]) -> None:
        self.book, self.again = book, again

    def plan_for(self, claim: Claim) -> Plan | None:
        """As `Book.plan_for`, the nudged plan with the readings of the book in hand."""
        day = claim.day
        frozen = self.book.frozen(claim.scheme, day)
        if frozen is not None and frozen.plan.readings.version_by_admission and claim.admitted:
            day = claim.admitted
            frozen = self.book.frozen(claim.scheme, day)
        moved = self.again.get((claim.scheme, segment(self.book, claim.scheme, day)))
        if frozen is None or moved is None:
            return None if frozen is None or BY_KIND.get(claim.kind) in frozen.missing else frozen.plan
        if BY_KIND.get(claim.kind) in moved.missing:
            return None
        return moved.plan._replace(readings=frozen.plan.readings, readings_mask=frozen.plan.readings_mask)


def frozen_again(place: City, figure: Figure, value: Value) -> tuple[dict[tuple[int, int], Frozen], bool]:
    """The segments whose plan the nudge changes, and whether any plan reads the figure at all. Raises Gap when the book refuses it."""
    split = without_scheme(figure.leaf.key)
    assert split is not None
    again, read = {}, False
    for scheme, word in SCHEMES.items():
        if split[0] not in ("both", word):
            continue
        table = changed(place.book.tables[scheme], figure, value)
        for one in place.book.segments[scheme]:
            if one.frozen is None or not figure.value.since <= one.since < figure.ends:
                continue
            read = read or any(entry.leaf == figure.leaf for entries in one.frozen.cited.values() for entry in entries)
            moved = freeze(table, scheme, one.since, place.book.diseases, frozenset(), (), figure.region)
            if moved.plan != one.frozen.plan:
                again[scheme, one.since] = moved
    return again, read


def noticed_by(place: City, again: Mapping[tuple[int, int], Frozen]) -> tuple[str, bool]:
    """The first golden case that fails under the nudged plans ("" = none), and whether any case asks for one of them."""
    affected = [case for case in place.sharpest if not place.asked[case.title].isdisjoint(again)]
    true_book = test_golden.book
    with patch.object(test_golden, "book", lambda name, readings: Nudged(true_book(name, readings), again)):
        for case in affected:
            if test_golden.played(case):
                place.sharpest.remove(case)
                place.sharpest.insert(0, case)
                return case.title, True
    return "", bool(affected)


def verdict(figure: Figure, direction: str) -> Verdict | None:
    """What becomes of one nudge in its city, or in any city for a figure of the nation; None where there is no such value."""
    value = nudged(figure, direction)
    if value is None:
        return None
    read = reached = asked = False
    for name in CITIES if figure.region == NATION else (figure.region,):
        try:
            again, is_read = frozen_again(city(name), figure, value)
        except Gap:
            return Verdict(figure, direction, REFUSED, name)
        read, reached = read or is_read, reached or bool(again)
        if again:
            title, is_asked = noticed_by(city(name), again)
            asked = asked or is_asked
            if title:
                return Verdict(figure, direction, NOTICED, title)
    outcome = UNNOTICED if asked else UNASKED if reached else OVERSHADOWED if read else UNREAD
    return Verdict(figure, direction, outcome, "")


def is_settled(figure: Figure) -> bool:
    """Whether some plan of some city reads the leaf; the others are of enrolment, budgets, targets or the check itself."""
    split = without_scheme(figure.leaf.key)
    return split is not None and split[1] in read_keys()


@cache
def read_keys() -> frozenset[str]:
    """Keys without scheme that some plan of some city reads on some day."""
    found = set()
    for name in CITIES:
        book = city(name).book
        frozen = [one.frozen for segments in book.segments.values() for one in segments if one.frozen is not None]
        found |= {without_scheme(entry.leaf.key)[1] for one in frozen for entries in one.cited.values() for entry in entries}  # type: ignore[index]
    return frozenset(found)


@cache
def explanations() -> dict[str, str]:
    """`region key day direction` patterns and why no golden case can notice."""
    return {str(row["figure"]): str(row["why"]) for row in yaml.safe_load((HERE / "explained.yaml").read_text(encoding="utf-8"))}


def why(one: Verdict) -> str:
    """The reason on file why a nudge goes unnoticed, or an empty string."""
    name = f"{one.figure.name} {one.direction}"
    return next((reason for pattern, reason in explanations().items() if fnmatch.fnmatch(name, pattern)), "")


def verdicts(regions: Iterable[str], only: str = "") -> Iterator[Verdict]:
    """Both nudges of every figure that settlement reads."""
    for figure in figures(regions, only):
        if is_settled(figure):
            for direction in DIRECTIONS:
                found = verdict(figure, direction)
                if found is not None:
                    yield found


def unread(regions: Iterable[str]) -> dict[str, int]:
    """Figures that settlement does not read, counted by key without scheme."""
    counts: dict[str, int] = {}
    for figure in figures(regions):
        if not is_settled(figure):
            row = parameter(without_scheme(figure.leaf.key)[1])  # type: ignore[index]
            name = row.pattern if row else figure.leaf.key
            counts[name] = counts.get(name, 0) + 1
    return counts


def main() -> int:
    """Nudge, count, list; exit code 1 when something unexplained goes unnoticed, or something explained is noticed."""
    asked = argparse.ArgumentParser(description="Nudge every figure of the policies; which golden case notices?")
    asked.add_argument("--city", nargs="*", default=[NATION, *CITIES], choices=[NATION, *CITIES])
    asked.add_argument("--key", default="", help="only keys that begin so")
    asked.add_argument("--csv", type=Path, help="write every verdict")
    options = asked.parse_args()
    found = list(verdicts(options.city, options.key))
    if options.csv:
        with options.csv.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(("region", "key", "since", "value", "direction", "outcome", "by", "why"))
            for one in found:
                leaf, value = one.figure.leaf, one.figure.value
                rows.writerow((one.figure.region, leaf.key, value.since, value.value, one.direction, one.outcome, one.by, why(one)))
    for outcome, words in WORDS.items():
        print(f"{sum(one.outcome == outcome for one in found):6} {outcome:13} {words}")
    print(f"{sum(unread(options.city).values()):6} figures that settlement does not read")
    open_ones = [one for one in found if one.outcome not in (NOTICED, REFUSED) and not why(one)]
    for one in open_ones:
        print(f"open: {one.figure.name} {one.direction}: {one.outcome} (value {one.figure.value.value})")
    stale = [one for one in found if one.outcome in (NOTICED, REFUSED) and why(one)]
    for one in stale:
        print(f"noticed, take it off explained.yaml: {one.figure.name} {one.direction}: {one.by}")
    return 1 if open_ones or stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
