"""Checking the policy files 政策检查: every finding of every file, gaps in days, the national list, and counts by trust mark."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from openyibao.policybook.book import Book, PolicyError, book_of, boundaries
from openyibao.policybook.folio import Gap, dashed
from openyibao.policybook.freeze import CORE, IN_FORCE, MISSING, core_keys, freeze, state_on
from openyibao.policybook.leaf import Leaf, Problem, Value
from openyibao.policybook.limits import findings
from openyibao.policybook.parameters import parameter
from openyibao.policybook.read import stand_in
from openyibao.policybook.tree import ALTERNATIVES, SCHEMES, Region, Table, lineage, read_overlay, shown, table_of
from openyibao.policybook.units import TRUST
from openyibao.policybook.words import scheme_words, subject_words

MOST_GAPS = 200


class Report(NamedTuple):
    """What a check of one region found. `entries` counts dated values by trust mark; `unconfirmed` counts leaves."""

    region: Region
    problems: tuple[Problem, ...]
    cautions: tuple[str, ...]
    entries: dict[str, int]
    leaves: int
    unconfirmed: int

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The findings that keep the book from being used."""
        return tuple(problem for problem in self.problems if problem.error)


def check_city(root: Path, city: str, overlays: Iterable[Path] = ()) -> list[Report]:
    """One report for each region of a city that was not reported by another city: the nation first, then the city, then each overlay.

    The city's own alternatives and the overlays given are read and counted, each in its own row but the alternatives in the city's; only
    the overlays are laid over the city. What shows only in the whole (gaps, deviations, cautions) is reported with the city.
    """
    return check_layers(root, city, [read_overlay(path) for path in overlays])


def check_layers(root: Path, city: str, drafts: Sequence[Region], *, with_cautions: bool = True) -> list[Report]:
    """The same with drafts that were read already; without the cautions it takes half the time."""
    layers = [*lineage(root, city), *drafts]
    aside = [read_overlay(path) for path in sorted((root / city / ALTERNATIVES).glob("*.yaml"))]
    aside = [region._replace(problems=tuple(relabelled(root, problem) for problem in region.problems)) for region in aside]
    tables = {scheme: table_of(layers, scheme) for scheme in SCHEMES}
    place = shown(root, root / city)
    faulty = {(problem.file, problem.line) for layer in layers for problem in layer.problems}
    found = []
    for scheme, table in tables.items():
        gaps, deviations = by_day(table, scheme, place)
        found += [*versions_of(table, scheme, place), *first_days(gaps)]
        found += [problem for problem in deviations if (problem.file, problem.line) not in faulty]
    cautions = loaded_cautions(root, city, layers) if with_cautions else []
    reports = [report(region, region.problems, ()) for region in layers]
    place_of_city = len(layers) - len(drafts) - 1
    last = layers[place_of_city]
    own = (*last.problems, *unique(found), *(problem for region in aside for problem in region.problems))
    reports[place_of_city] = report(last, own, tuple(cautions), [last, *aside])
    return reports


def relabelled(root: Path, problem: Problem) -> Problem:
    """A problem of an alternative, named from the policies folder on."""
    return problem._replace(file=shown(root, Path(problem.file)))


def report(region: Region, problems: Iterable[Problem], cautions: tuple[str, ...], counted: Iterable[Region] = ()) -> Report:
    """A report with its counts."""
    leaves = [leaf for one in (tuple(counted) or (region,)) for leaf in one.leaves]
    marks = Counter(value.trust for leaf in leaves for value in leaf.values if not value.ended)
    entries = {mark: marks.get(mark, 0) for mark in TRUST}
    unconfirmed = sum(1 for leaf in leaves if leaf.confirmed_on == 0)
    return Report(region, tuple(problems), cautions, entries, len(leaves), unconfirmed)


def unique(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, in the order of the files."""
    first: dict[tuple[str, int, str], Problem] = {}
    for problem in problems:
        first.setdefault((problem.file, problem.line, problem.message.partition("，")[0]), problem)
    return sorted(first.values(), key=lambda problem: (problem.file, problem.line))


def loaded_cautions(root: Path, city: str, layers: Sequence[Region]) -> list[str]:
    """The book's cautions, when it loads at all."""
    try:
        book: Book = book_of(root, city, tuple(layers))
    except PolicyError:
        return []
    return book.warnings


def versions_of(table: Table, scheme: int, place: str) -> list[Problem]:
    """Benefits of one scheme whose versions have a hole, end, or begin late."""
    segments = boundaries(table, ())
    states = {subject: [(day, state_on(table, subject, day)) for day in segments] for subject in CORE}
    return [problem for subject in CORE for problem in versions(table, scheme, subject, states[subject], place)]


def by_day(table: Table, scheme: int, place: str) -> tuple[list[Problem], list[Problem]]:
    """Over all days of a scheme: parameters missing in a benefit in force, and deviations from the national list."""
    gaps: list[Problem] = []
    deviations: list[Problem] = []
    for day in boundaries(table, ()):
        try:
            frozen = freeze(table, scheme, day, diseases_of(table), frozenset(), (), place)
        except Gap:
            gaps += gaps_on(table, scheme, day, place)
        else:
            deviations += findings(table, frozen, day)
    return gaps, deviations


def first_days(gaps: list[Problem]) -> list[Problem]:
    """Each gap once, on its first day."""
    first: dict[str, Problem] = {}
    for problem in gaps:
        first.setdefault(problem.message.partition(" has no value on ")[0], problem)
    return list(first.values())


def versions(table: Table, scheme: int, subject: str, states: list[tuple[int, int]], place: str) -> list[Problem]:
    """The findings about the versions of one benefit over time."""
    started = [day for day, state in states if state == IN_FORCE]
    missing = [day for day, state in states if state == MISSING]
    if not missing:
        return []
    who = f"{subject} of the {SCHEMES[scheme]} scheme"
    zh = f"{subject_words(subject, 'zh')}（{scheme_words(SCHEMES[scheme], 'zh')}）"
    if not started:
        return [Problem(f"{place}/{subject}.yaml", 1, f"缺口 gap: {zh}标为设有，却没有任何版本 | gap: {who} has no version at all")]
    found = []
    late = [day for day in missing if day < started[0]]
    if late:
        line = next(line_of(table, subject, started[0]), ("", 1))
        until = f"{dashed(late[0])}", f"{dashed(started[0])}"
        en = f"{who} has no version from {until[0]} to {until[1]}; it pays nothing then"
        message = f"{zh}自 {until[0]} 至 {until[1]} 无版本，其间不支付 | {en}"
        found.append(Problem(line[0] or f"{place}/{subject}.yaml", line[1], message, False))
    for day in (day for day in missing if day > started[0]):
        place_of = next(line_of(table, subject, day), (f"{place}/{subject}.yaml", 1))
        found.append(Problem(*place_of, f"缺口 gap: {zh}自 {dashed(day)} 起无版本 | gap: {who} has no version from {dashed(day)} on"))
    return found


def line_of(table: Table, subject: str, day: int) -> Iterator[tuple[str, int]]:
    """The entries of a benefit that begin or end on a day."""
    return iter([
        (leaf.file, value.line)
        for key in core_keys(table, subject)
        for _, leaf in table[key]
        for value in leaf.values
        if value.since == day
    ])


def gaps_on(table: Table, scheme: int, day: int, place: str) -> list[Problem]:
    """Every parameter missing on a day: each gap met is filled with a stand-in, so that the next comes to light."""
    found: list[Problem] = []
    patched = dict(table)
    while len(found) < MOST_GAPS:
        try:
            freeze(patched, scheme, day, diseases_of(table), frozenset(), (), place)
            return found
        except Gap as gap:
            key = gap.problem.message.split()[2]
            if any(key in problem.message for problem in found) or parameter(key) is None:
                return [*found, gap.problem]
            found.append(gap.problem)
            patched[key] = ((0, filler(key)),)
    return found


def filler(key: str) -> Leaf:
    """A leaf that lets freezing go on after a gap; its figures are never used."""
    row = parameter(key)
    value = Value(0, stand_in(row) if row else "", "", "", "", False, False, "", 1)
    return Leaf(key, key, key, row.unit if row else "text", (value,), 0, "", 1)


def diseases_of(table: Table) -> tuple[str, ...]:
    """The codes of the chronic list."""
    return tuple(key.split(".")[1] for key in table if key.startswith("chronic.M") and key.endswith(".class"))
