"""Calibration 校准: figures of a profile that no plan prints are set so that what the plan does print comes out.

Each fact with `calibrates` names one figure; the figure is solved for by the secant rule on a sample of people made at 1:20. What is found
is written to profiles/calibrated/<city>.yaml with the seed and the digest of what it rests on; nobody edits that file.

    python -m openyibao.warehouse.city.calibrate ankang jingzhou wuhan yuxi
"""

import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from openyibao.policybook.book import Book, load_book, policies_root
from openyibao.warehouse.city.answers import Answer, answers_of, bucket_sums
from openyibao.warehouse.city.facts import Fact, facts_of
from openyibao.warehouse.city.ground import Ground, city_of, grounded, whole_city
from openyibao.warehouse.city.people import folk_of
from openyibao.warehouse.city.profile import CALIBRATED, FOLDER, Profile, load_profile

SAMPLE, YEAR, SEED = 20, 2020, 1
CLOSE, TRIES, ROUNDS = 0.0002, 12, 2
HEADER = "# 由 openyibao.warehouse.city.calibrate 写成，勿手改。Written by the calibration; not to be edited.\n"


def people_answers(profile: Profile, book: Book, people: int, seed: int, year: int = YEAR) -> tuple[Ground, dict[str, Answer]]:
    """What a city's people and contributions answer, made without any visit."""
    ground = grounded(city_of(profile, people, (year,), seed), profile, book)
    sums: Counter[str] = Counter()
    for bucket in range(ground.city.buckets):
        folk = folk_of(ground, bucket)
        sums.update(bucket_sums(ground, year, folk.person, folk.years[year].holder, folk.years[year].contribution))
    return ground, answers_of(ground, year, sums)


def solved(answer: Callable[[float], float], target: float, start: float, close: float = CLOSE, tries: int = TRIES) -> float:
    """The argument for which `answer` comes within `close` of `target`, by the secant rule from `start`.

    Raises ValueError when it is not found in so many tries.
    """
    one, two = start, start * 1.08
    at_one, at_two = answer(one) - target, answer(two) - target
    for _ in range(tries):
        if abs(at_one) < abs(at_two):
            one, two, at_one, at_two = two, one, at_two, at_one
        if abs(at_two) <= close * abs(target):
            return two
        if at_one == at_two:
            break
        new = two - at_two * (two - one) / (at_two - at_one)
        new = min(max(new, two / 2), two * 2)
        one, at_one, two, at_two = two, at_two, new, answer(new) - target
    raise ValueError(f"no argument found for {target:,.0f}: {two} gives {at_two + target:,.0f}")


def calibrated(profile: Profile, book: Book, facts: list[Fact], say: Callable[[str], None] = lambda _: None) -> dict[str, float]:
    """The figures that make the facts come out, in turn and once more, because one moves the other a little."""
    values: dict[str, float] = {}
    people = whole_city(profile) // SAMPLE

    def told(fact: Fact, value: float) -> float:
        ground, answers = people_answers(profile.replaced(values | {fact.calibrates: value}), book, people, SEED)
        return answers[fact.by].whole(ground.city)

    for turn in range(ROUNDS):
        for fact in facts:
            start = values.get(fact.calibrates, float(profile.value(fact.calibrates)))
            values[fact.calibrates] = round(solved(partial(told, fact), fact.target, start), 2)
            say(f"{profile.city} {turn + 1}/{ROUNDS}: {fact.id} {fact.zh} -> {fact.calibrates} = {values[fact.calibrates]}")
    return values


def write_calibrated(city: str, values: dict[str, float], sources: dict[str, str], rests_on: str, folder: Path = FOLDER) -> Path:
    """Write what was found, as leaves of a profile."""
    tree: dict[str, Any] = {}
    for key, value in sorted(values.items()):
        section, _, name = key.partition(".")
        note = f"种子 {SEED}，1:{SAMPLE}，依据 {rests_on[:16]}"
        tree.setdefault(section, {})[name] = {"value": value, "trust": "calibrated", "source": sources[key], "note": note}
    path = folder / CALIBRATED / f"{city}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEADER + yaml.safe_dump(tree, allow_unicode=True, sort_keys=True, width=140), encoding="utf-8")
    return path


def calibrate(city: str, say: Callable[[str], None] = lambda _: None) -> Path | None:
    """Calibrate a city's contributions and write what was found; None where its plan prints nothing to calibrate on."""
    facts = [fact for fact in facts_of(city) if fact.calibrates]
    if not facts:
        return None
    profile = load_profile(city, found_out=False)
    values = calibrated(profile, load_book(policies_root(), city), facts, say)
    return write_calibrated(city, values, {fact.calibrates: fact.id for fact in facts}, profile.digest)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        calibrate(name, print)
