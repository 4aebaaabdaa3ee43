"""The calibration report 校准报告: what a city's plan prints beside what the synthetic city comes to, fact by fact.

Each page is generated: a sample city of the plan's year is made in a folder of its own, its sums are brought up to 1:1 and set beside the
plan's figures. A page carries the digest of what it rests on (profile, policies, list of facts), so that a stale one is noticed by a test.
"""

import hashlib
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.city.answers import Answer, answers_of, bucket_sums
from openyibao.warehouse.city.calibrate import YEAR
from openyibao.warehouse.city.care_answers import care_answers
from openyibao.warehouse.city.driver import make_city
from openyibao.warehouse.city.facts import APART, FOLDER, UNITS, WHY, Fact, facts_of
from openyibao.warehouse.city.ground import Ground, city_of, ground_of, terms_of
from openyibao.warehouse.city.profile import Profile, load_profile, profiled
from openyibao.warehouse.city.size import City
from openyibao.warehouse.run.runner import Runner
from openyibao.warehouse.tables.store import Store

NEAR = 0.02
"""Counts and sums that a plan prints are to come out within this share."""
INDEX = "README.md"
DIGEST = "Rests on: "


class Line(NamedTuple):
    """One fact with its answer."""

    fact: Fact
    synthetic: float | None  # in the fact's unit; None = not answered
    difference: float | None  # share of the plan's figure


class Written(NamedTuple):
    """What a page came to."""

    file: Path
    facts: int
    near: int
    far: int
    open: int


def report_city(profile: Profile, people: int, seed: int, to: Path, runner: Runner) -> Written:
    """Make a sample city of the plan's year, compare, and write its page. Raises what `make_city` raises."""
    city = city_of(profile, people, (YEAR,), seed)
    with tempfile.TemporaryDirectory(prefix="openyibao-") as folder:
        store = Store(Path(folder) / city.city)
        make_city(city, store.root, runner)
        found = answers_of_store(ground_of(city), store, YEAR) | care_answers(store, YEAR)
    lines = compared(facts_of(city.city), found, city)
    to.mkdir(parents=True, exist_ok=True)
    path = to / f"{city.city}.md"
    path.write_text(page(profile, city, lines), encoding="utf-8")
    return Written(path, len(lines), *counts(lines))


def answers_of_store(ground: Ground, store: Store, year: int) -> dict[str, Answer]:
    """The answers about people and income, from the tables of a store."""
    sums: Counter[str] = Counter()
    for bucket in store.buckets():
        person = store.arrays("person", bucket=bucket)
        sums.update(bucket_sums(ground, year, person, store.arrays("holder", year, bucket), store.arrays("contribution", year, bucket)))
    return answers_of(ground, year, sums)


def compared(facts: list[Fact], found: dict[str, Answer], city: City) -> list[Line]:
    """Each fact with its answer, in the fact's unit."""
    lines = []
    for fact in facts:
        answer = found.get(fact.by)
        if answer is None:
            lines.append(Line(fact, None, None))
            continue
        whole = answer.whole(city)
        lines.append(Line(fact, whole / UNITS[fact.unit], whole / fact.target - 1 if fact.target else None))
    return lines


def counts(lines: list[Line]) -> tuple[int, int, int]:
    """How many facts come within NEAR, how many do not, and how many have no answer."""
    known = sum(line.difference is not None for line in lines)
    far = sum(outside(line) for line in lines)
    return known - far, far, len(lines) - known


def outside(line: Line) -> bool:
    """Whether an answer stands apart from the plan's figure; above a lower bound it does not."""
    if line.difference is None:
        return False
    return line.difference < -NEAR or (line.difference > NEAR and not line.fact.at_least)


def tally(lines: list[Line]) -> str:
    """How the facts came out, in words; what stands apart by its reason."""
    near, far, unanswered = counts(lines)
    reasons = Counter(line.fact.apart.kind if line.fact.apart else "" for line in lines if outside(line))
    parts = [f"{reasons[kind]} {en}" for kind, (_, en) in APART.items() if reasons[kind]]
    if reasons[""]:
        parts.append(f"{reasons['']} for no reason that is known")
    told = f"{far} outside ({'; '.join(parts)})" if parts else f"{far} outside"
    return f"{len(lines)} facts: {near} within ±{NEAR:.0%}, {told}, {unanswered} without an answer."


def rests_on(profile: Profile) -> str:
    """The digest of what decides a page: the profile, the policies, the list of facts."""
    book = load_book(policies_root(), profile.city)
    told = (profile.digest, book.digest, repr(terms_of(book, profile, YEAR)), (FOLDER / f"{profile.city}.yaml").read_text(encoding="utf-8"))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def page(profile: Profile, city: City, lines: list[Line]) -> str:
    """One city's page."""
    head = f"""# Calibration: {profile.name} ({profile.city})

Generated by `openyibao city report --city {profile.city}`; not to be edited.
The synthetic city is invented: see [synthetic city](../synthetic-city.md).

- Sample: 1:{city.whole / city.people:.4g} ({city.people:,} insured), {YEAR}, seed {city.seed}; counts and sums are brought up to 1:1.
- {tally(lines)}
- A figure that the plan gives for five years together is compared as a yearly average (marked *5 years*); one printed as a lower bound
  (*at least*) is met from there up.
- {DIGEST}`{rests_on(profile)}`

## Answered

| fact | what | year | plan | synthetic | difference | mark | why it stands apart |
| --- | --- | --- | ---: | ---: | ---: | --- | --- |
"""
    rows = [answered_row(profile, line) for line in lines if line.synthetic is not None]
    tail = "\n## Not answered\n\n| fact | what | plan | why |\n| --- | --- | --- | --- |\n"
    others = [open_row(line.fact) for line in lines if line.synthetic is None]
    return head + "".join(rows) + tail + "".join(others) + doubts(profile)


def answered_row(profile: Profile, line: Line) -> str:
    """A row of the first table."""
    fact = line.fact
    plan = figure(float(fact.value) / fact.years)
    remark = "; ".join(part for part in (
        "*5 years*" if fact.years > 1 else "", "*at least*" if fact.at_least else "",
        f"calibrated: {fact.calibrates}" if fact.calibrates else "", fact.remark,
    ) if part)  # fmt: skip
    apart = "" if line.difference is None else f"{line.difference:+.2%}"
    apart = f"**{apart}**" if outside(line) else apart
    why = (fact.apart.words if fact.apart else "") if outside(line) else ""
    assert line.synthetic is not None
    figures = f"{plan} {fact.unit} | {figure(line.synthetic)} | {apart}"
    return f"| {fact.id} | {fact.zh} {fact.en} | {fact.year} | {figures} | {remark} | {why} |\n"


def open_row(fact: Fact) -> str:
    """A row of the second table."""
    zh, en = WHY[fact.why] if fact.why else ("尚未回答", "not answered yet")
    value = "" if fact.value is None else f"{fact.value} {fact.unit}"
    return f"| {fact.id} | {fact.zh} {fact.en} | {value} | {fact.remark or f'{zh} {en}'} |\n"


def figure(value: float) -> str:
    """A figure with as many digits as tell something."""
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:,.4g}" if abs(value) < 100 else f"{value:,.1f}"


def doubts(profile: Profile) -> str:
    """What of the profile is our own setting or recalled."""
    found: dict[str, list[str]] = {}
    for key, mark in sorted(profile.doubtful().items()):
        found.setdefault(mark, []).append(f"`{key}`")
    lines = "".join(f"- **{mark}**: {', '.join(keys)}\n" for mark, keys in sorted(found.items()))
    return f"\n## Figures of the profile that no plan prints\n\n{lines}"


def report_index(to: Path) -> Path:
    """Write the list of pages, with how each came out."""
    rows = []
    for city in profiled():
        path = to / f"{city}.md"
        if path.is_file():
            told = next(line for line in path.read_text(encoding="utf-8").splitlines() if " facts: " in line)
            rows.append(f"- [{load_profile(city).name} {city}]({city}.md): {told.removeprefix('- ')}\n")
    path = to / INDEX
    path.write_text(
        "# Calibration of the synthetic cities\n\nGenerated by `openyibao city report`; not to be edited.\n"
        "What each city's plan prints, what the synthetic city comes to, and what cannot be answered.\n\n" + "".join(rows),
        encoding="utf-8",
    )
    return path

