"""What is laid over a city's policy files 政策文件之上的叠加: approved amendments and emergency rule sets, as plain values.

The files of `policies/` come with the server; what officers decide on the desk lies over them. A package keeps both.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from openyibao.bureau.policydesk.models import Amendment, RuleSetSwitch
from openyibao.policybook.book import LAST_DAY, Book, RuleSet, book_of
from openyibao.policybook.read import read_text
from openyibao.policybook.tree import Region, lineage, need_regions, overlay_of

FOLDER = "amendments"
"""Where findings and citations say that an amendment stands: amendments/0012.yaml is row 12."""


class Mark(NamedTuple):
    """Diagnoses whose bills an emergency rule set concerns, with its days [since, until), yyyymmdd."""

    since: int
    until: int
    diagnoses: tuple[str, ...]


class Laid(NamedTuple):
    """Everything that lies over one city's files; equal values make equal books."""

    overlays: tuple[tuple[str, str], ...] = ()  # name, text; the last on top
    rule_sets: tuple[RuleSet, ...] = ()
    marks: tuple[Mark, ...] = ()


NOTHING = Laid()
Epoch = tuple[int, int]
"""Moves with every amendment and every switching."""


EPOCH = "SELECT (SELECT coalesce(max(id), 0) FROM policydesk_amendment), (SELECT coalesce(max(id), 0) FROM policydesk_rulesetswitch)"


def epoch() -> Epoch:
    """How far the tables have come: one cheap statement."""
    with connection.cursor() as cursor:
        cursor.execute(EPOCH)
        amendments, switches = cursor.fetchone()
    return amendments, switches


def name_of(amendment: int) -> str:
    """What an amendment's text is called in citations."""
    return f"{FOLDER}/{amendment:04d}.yaml"


def amendment_of(file: str) -> int:
    """The amendment that a leaf's file names; 0 for a file of policies/."""
    folder, _, stem = file.partition("/")
    return int(stem.removesuffix(".yaml")) if folder == FOLDER and stem.removesuffix(".yaml").isdigit() else 0


def laid_over() -> dict[str, Laid]:
    """What lies over each city that has anything."""
    overlays: dict[str, list[tuple[str, str]]] = {}
    for pk, city, text in Amendment.objects.order_by("id").values_list("id", "city", "text"):
        overlays.setdefault(city, []).append((name_of(pk), text))
    switches: dict[str, list[RuleSetSwitch]] = {}
    for row in RuleSetSwitch.objects.order_by("id"):
        switches.setdefault(row.city, []).append(row)
    found = {}
    for city in {*overlays, *switches}:
        rule_sets, marks = spans(switches.get(city, ()))
        found[city] = Laid(tuple(overlays.get(city, ())), rule_sets, marks)
    return found


def spans(rows: Iterable[RuleSetSwitch]) -> tuple[tuple[RuleSet, ...], tuple[Mark, ...]]:
    """The days of every rule set from its switchings, in order; one that is on and not off again has no end yet."""
    opened: dict[str, RuleSetSwitch] = {}
    sets: list[RuleSet] = []
    marks: list[Mark] = []

    def ended(row: RuleSetSwitch, until: int) -> None:
        """A span that is known whole."""
        since = number(row.day)
        if since < until:
            sets.append((row.name, since, until))
            marks.append(Mark(since, until, tuple(row.diagnoses)))

    for row in rows:
        if row.on:
            opened.setdefault(row.name, row)
        elif row.name in opened:
            ended(opened.pop(row.name), number(row.day))
    for row in opened.values():
        ended(row, LAST_DAY)
    return tuple(sorted(sets)), tuple(sorted(marks))


def number(day: date) -> int:
    """A day as the policy book writes it: yyyymmdd."""
    return day.year * 10_000 + day.month * 100 + day.day


def overlays_of(laid: Sequence[tuple[str, str]]) -> tuple[Region, ...]:
    """The amendments as layers of a book."""
    return tuple(overlay_of(read_text(text, name), name) for name, text in laid)


def layers_of(root: Path, city: str, laid: Laid = NOTHING) -> tuple[Region, ...]:
    """A city's files and what lies over them, the widest first. Raises NoPolicies."""
    need_regions(root)
    return (*lineage(root, city), *overlays_of(laid.overlays))


def book_with(root: Path, city: str, laid: Laid = NOTHING, *, readings: Iterable[str] = ()) -> Book:
    """A city's book with what lies over its files. Raises PolicyError."""
    return book_of(root, city, layers_of(root, city, laid), readings, laid.rule_sets)
