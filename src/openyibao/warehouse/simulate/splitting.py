"""A reform's parts switched on and off over the whole city 归因运行: which choices are needed, each different policy settled once."""

from collections.abc import Sequence
from math import factorial
from pathlib import Path

import numpy as np

from openyibao.policybook.partial import COARSEST, Bundle, Holding, Piece, bundles
from openyibao.warehouse.run.driver import recorded_package
from openyibao.warehouse.run.package import package_of, write_package
from openyibao.warehouse.run.pricing import scope_differs
from openyibao.warehouse.run.runner import Runner
from openyibao.warehouse.run.task import Task
from openyibao.warehouse.simulate.answering import Question
from openyibao.warehouse.simulate.attribution import (
    AT_ONCE,
    MOST,
    NAMES,
    RULE,
    SAMPLE,
    Choice,
    Variants,
    basic_of,
    every_choice,
    heads,
    measure_bucket,
    part_of,
    sampled,
    shares_of,
    shown_shares,
)
from openyibao.warehouse.simulate.gathering import Progress, buckets_of, part_folder, worked
from openyibao.warehouse.simulate.outcome import Attribution, Change, Part, Words
from openyibao.warehouse.simulate.reform import PRICES, part_words

Measures = dict[Choice, dict[str, int]]
PROBED = 12
"""Parts up to which it is tried which need each other; more are made coarser first."""


def orders_of(text: str) -> int | None:
    """How many orders are averaged: None = all, 0 = no attribution, 1 = the given one. Raises ValueError."""
    known = {"all": None, "given": 1, "none": 0}
    if text in known:
        return known[text]
    if text.isdigit() and 1 <= int(text) <= 1_000:
        return int(text)
    raise ValueError(f"orders {text}: all, given, none, or a number from 1 to 1000")


def parts_of(holding: Holding, pieces: Sequence[Piece], counted: int | None, seed: int) -> list[Bundle]:
    """The parts of a reform: as fine as there may be many, merged where the policy check refuses one without another.

    counted  orders_of; where a number of orders was asked for, twice as many parts may stand
    Each subject of a draft begins with every parameter by itself; the one with the most parts is made coarser until few enough are left.
    """
    most = MOST if counted is None else 2 * MOST
    coarseness = dict.fromkeys((family_of(piece) for piece in pieces), 0)
    while True:
        parts = grouped(pieces, coarseness)
        if len(parts) <= PROBED:
            parts = holding.together(parts, probes(len(parts)))
        sizes = {one: sum(family_of(part.pieces[0]) == one for part in parts) for one, level in coarseness.items() if level < COARSEST}
        largest = max(sizes, key=lambda one: sizes[one], default=None)
        if len(parts) <= most or largest is None or sizes[largest] < 2:
            return holding.together(parts, choices(len(parts), orders_over(len(parts), counted, seed)))
        coarseness[largest] += 1


def family_of(piece: Piece) -> tuple[str, int, str]:
    """What a piece is made coarser with: the parameters of its subject and scheme in its draft."""
    return piece.kind, piece.place, ".".join(piece.key.split(".")[:2])


def grouped(pieces: Sequence[Piece], coarseness: dict[tuple[str, int, str], int]) -> list[Bundle]:
    """The pieces in bundles, each family at its own coarseness, in the order of the drafts."""
    families: dict[tuple[str, int, str], list[Piece]] = {}
    for piece in pieces:
        families.setdefault(family_of(piece), []).append(piece)
    return [bundle for family, members in families.items() for bundle in bundles(members, coarseness[family])]


def probes(parts: int) -> list[Choice]:
    """A few choices that show which parts need each other: each alone, all but one, and the parts in the given order."""
    every = frozenset(range(parts))
    found = [*(frozenset((part,)) for part in range(parts)), *(every - {part} for part in range(parts)), *heads(range(parts))]
    return list(dict.fromkeys(found))


def orders_over(parts: int, counted: int | None, seed: int) -> list[tuple[int, ...]] | None:
    """The orders to average over; None = all of them, exactly."""
    if counted is None and parts <= MOST:
        return None
    return sampled(parts, SAMPLE if counted is None else max(counted, 1), seed)


def choices(parts: int, orders: Sequence[Sequence[int]] | None) -> list[Choice]:
    """The choices of parts that have to be settled."""
    if orders is None:
        return every_choice(parts)
    return list(dict.fromkeys(choice for order in (tuple(range(parts)), *orders) for choice in heads(order)))


def attributed(
    question: Question, holding: Holding, parts: Sequence[Bundle], changes: Sequence[Change], counted: int | None, seed: int,
    runner: Runner | None, progress: Progress | None,
) -> Attribution | None:  # fmt: skip
    """The attribution over a reform's parts; None where nothing changes or none was asked for."""
    if not parts or counted == 0:
        return None
    orders = orders_over(len(parts), counted, seed)
    basics, packages = settled_choices(question, holding, parts, choices(len(parts), orders), runner, progress)
    given, mean = shares_of(len(parts), basics, orders)
    keys, shares, difference = shown_shares(given, mean)
    return Attribution(
        measures=keys, measure_words=tuple(NAMES[key] for key in keys),
        parts=tuple(named(one, place, changes) for place, one in enumerate(parts)),
        shares=shares, whole=difference, exact=orders is None, orders=factorial(len(parts)) if orders is None else len(orders),
        seed=0 if orders is None else seed, packages=packages, rule=RULE,
        couplings=tuple(Words(*part.reason) for part in parts if part.reason[0]),
    )  # fmt: skip


def named(part: Bundle, place: int, changes: Sequence[Change]) -> Part:
    """A part with its words; `place` is its row."""
    return Part(part.key, part_words(part, place, changes), tuple(piece.key for piece in part.pieces), Words(*part.reason))


def settled_choices(
    question: Question, holding: Holding, parts: Sequence[Bundle], wanted: Sequence[Choice], runner: Runner | None,
    progress: Progress | None,
) -> tuple[Measures, int]:  # fmt: skip
    """The measures of every choice of parts, and how many different policies that took; equal packages are settled once."""
    store, year = question.store, question.year
    recorded = recorded_package(store, year)
    keys: dict[Choice, tuple[str, str, str]] = {}
    for choice in wanted:
        package = package_of(holding.book(parts, choice), year)
        prices = str(question.prices) if any(parts[place].key == PRICES for place in choice) else ""
        scoped = str(question.recorded) if scope_differs(recorded, package) else ""
        keys[choice] = str(write_package(package, question.out / "policy")), prices, scoped
    different = list(dict.fromkeys(keys.values()))
    root, buckets = str(store.root.resolve()), buckets_of(store, year)
    orders = []
    for some in (different[place : place + AT_ONCE] for place in range(0, len(different), AT_ONCE)):
        folder = part_folder(question.out, "attribute", store, year, [[Path(path).name for path in key] for key in some])
        tasks = [Task(root, year, 0, path, "", prices, scoped, "", 0, store.form) for path, prices, scoped in some]
        orders += [Variants(tuple(task._replace(bucket=bucket) for task in tasks), str(folder)) for bucket in buckets]
    for _ in worked(runner, measure_bucket, orders, "attribute", progress):
        pass
    parts = [np.load(part_of(order)) for order in orders]
    sums = np.concatenate([np.sum(parts[place : place + len(buckets)], axis=0) for place in range(0, len(parts), len(buckets))])
    measured = {key: basic_of(sums[place]) for place, key in enumerate(different)}
    return {choice: measured[key] for choice, key in keys.items()}, len(different)
