"""Why a reform costs what it costs 归因: the change of every measure split over the reform's parts, in whole fen, without a rest.

Two splits, both exact. In the given order: part after part is switched on, each gets what it adds to those before it. Averaged: the
mean of that over all orders (Shapley), computed in fractions over all 2^n choices of parts, or over a stated, seeded sample of orders
where there are more than MOST parts. Fractions are brought to whole fen by the largest remainder, so that the parts sum to the whole.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial, floor
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel import codes
from openyibao.warehouse.run.task import Task, settle_bucket
from openyibao.warehouse.run.totals import MEASURES
from openyibao.warehouse.simulate.funds import CREDITS, FUNDS, LAYERS
from openyibao.warehouse.simulate.outcome import Share, Words

MOST = 6
"""Parts up to which every order counts: 2^6 policies are settled at the most."""
AT_ONCE = 4
"""Policies that one task settles a bucket under: few enough that a run tells how far it is, and stops soon when it is told to."""
SAMPLE = 12
"""Orders sampled where there are more parts and no number was asked for."""
SEED = 20_260_101
CREDIT = len(MEASURES)
"""Place of the credits beside the cube's measures."""
Choice = frozenset[int]
RULE = Words(
    "按最大余数法取整到分：各项先去尾，余下的分依次给小数部分最大的项（并列时按给定顺序），因此各项之和恒等于总差额；"
    "基金合计为各基金之和，个人负担为费用变化减去基金和医院负担之和。",
    "Whole fen by the largest remainder: parts are cut, the fen left go to the largest fractions (ties in the given order), so the parts "
    "always sum to the whole; all funds are the sum of the funds, the person's burden is the change of fees less funds and hospitals.",
)


class Variants(NamedTuple):
    """One bucket to be settled under several policies, totals only."""

    tasks: tuple[Task, ...]
    out: str


def part_of(order: Variants) -> Path:
    """Where the sums of a bucket's variants are kept."""
    return Path(order.out) / f"bucket={order.tasks[0].bucket:05d}.npy"


def measure_bucket(order: Variants) -> str:
    """Settle one bucket under every variant; returns the path of the sums by variant, scheme and measure. Done once, kept."""
    path = part_of(order)
    if not path.exists():
        sums = np.stack([sums_of_task(task) for task in order.tasks])
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.stem}.{token_hex(8)}.npy")
        np.save(part, sums)
        part.replace(path)
    return str(path)


def sums_of_task(task: Task) -> Any:
    """One bucket's sums under one policy: int64 (schemes, measures and credits)."""
    done = settle_bucket(task)
    sums = done.cube.sum(axis=(1, 2, 3))
    credits = np.zeros((len(sums), 1), np.int64)
    credits[codes.EMPLOYEE] = done.accounts[1]
    return np.concatenate((sums, credits), axis=1)


# ---- measures ----


PLACE = {name: place for place, name in enumerate(MEASURES)}
BASIC = (*(fund.key for fund in FUNDS), "total", "credits")
"""Measures that are split by themselves; `fund` and `person` follow from them."""
SHOWN = ("fund", *(fund.key for fund in FUNDS if fund.pooled), "hospital", "person", "credits")
ALWAYS = ("fund", "employee_pool", "resident_pool", "person", "credits")
NAMES = {**{fund.key: fund.words for fund in FUNDS}, "fund": LAYERS["fund"], "person": LAYERS["person"], "credits": CREDITS}


def basic_of(sums: Any) -> dict[str, int]:
    """The basic measures of a policy from its sums (schemes, measures)."""
    found = {}
    for fund in FUNDS:
        mine = sums if fund.scheme == 0 else sums[fund.scheme : fund.scheme + 1]
        found[fund.key] = sum(int(mine[:, PLACE[column]].sum()) for column in fund.columns)
    return {**found, "total": int(sums[:, PLACE["total"]].sum()), "credits": int(sums[:, CREDIT].sum())}


def completed(basic: Mapping[str, int]) -> dict[str, int]:
    """The measures that are shown, from the basic ones."""
    fund = sum(basic[one.key] for one in FUNDS if one.pooled)
    return {**basic, "fund": fund, "person": basic["total"] - fund - basic["hospital"]}


# ---- splitting ----


def every_choice(parts: int) -> list[Choice]:
    """All 2^n choices of n parts, the smaller first."""
    return [frozenset(choice) for size in range(parts + 1) for choice in combinations(range(parts), size)]


def heads(order: Sequence[int]) -> list[Choice]:
    """The choices met when parts are switched on in an order, from none to all."""
    return [frozenset(order[:count]) for count in range(len(order) + 1)]


def sampled(parts: int, count: int, seed: int) -> list[tuple[int, ...]]:
    """Orders of n parts from a seeded stream; the given one is the first."""
    stream = random.Random(seed)
    found = [tuple(range(parts))]
    while len(found) < count:
        found.append(tuple(stream.sample(range(parts), parts)))
    return found


def in_order(order: Sequence[int], value: Callable[[Choice], int]) -> list[int]:
    """What each part adds to those before it, by part."""
    found = [0] * len(order)
    steps = heads(order)
    for part, before, after in zip(order, steps, steps[1:], strict=False):
        found[part] = value(after) - value(before)
    return found


def shapley(parts: int, value: Callable[[Choice], int]) -> list[Fraction]:
    """The mean over all orders of what each part adds, exactly."""
    found = [Fraction(0)] * parts
    for choice in every_choice(parts):
        for part in range(parts):
            if part not in choice:
                weight = Fraction(factorial(len(choice)) * factorial(parts - len(choice) - 1), factorial(parts))
                found[part] += weight * (value(choice | {part}) - value(choice))
    return found


def mean_of(orders: Sequence[Sequence[int]], value: Callable[[Choice], int]) -> list[Fraction]:
    """The mean over some orders of what each part adds, exactly."""
    each = [in_order(order, value) for order in orders]
    return [Fraction(sum(column), len(orders)) for column in zip(*each, strict=True)]


def whole_fen(shares: Sequence[Fraction]) -> list[int]:
    """Fractions that sum to a whole number, as whole numbers with the same sum: the largest remainder, ties to the earlier."""
    cut = [floor(share) for share in shares]
    left = sum(shares) - sum(cut)
    assert left.denominator == 1, "the shares do not sum to a whole number"
    by_rest = sorted(range(len(shares)), key=lambda place: (cut[place] - shares[place], place))
    for place in by_rest[: int(left)]:
        cut[place] += 1
    return cut


def shares_of(
    parts: int, basics: Mapping[Choice, Mapping[str, int]], orders: Sequence[Sequence[int]] | None
) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
    """Every part's measures, in the given order and averaged.

    basics  the basic measures of every choice that is needed
    orders  the sample of orders; None = all of them, exactly
    """
    given: list[dict[str, int]] = [{} for _ in range(parts)]
    mean: list[dict[str, int]] = [{} for _ in range(parts)]
    for name in BASIC:
        def value(choice: Choice, name: str = name) -> int:
            return basics[choice][name]

        fractions = shapley(parts, value) if orders is None else mean_of(orders, value)
        for part, (one, other) in enumerate(zip(in_order(range(parts), value), whole_fen(fractions), strict=True)):
            given[part][name], mean[part][name] = one, other
    return [completed(one) for one in given], [completed(one) for one in mean]


def shown_shares(
    given: Sequence[Mapping[str, int]], mean: Sequence[Mapping[str, int]]
) -> tuple[tuple[str, ...], tuple[Share, ...], tuple[int, ...]]:
    """The measures worth a column, each part's shares of them, and the whole difference."""
    keys = tuple(key for key in SHOWN if key in ALWAYS or any(one[key] for one in (*given, *mean)))
    shares = tuple(
        Share(part, tuple(one[key] for key in keys), tuple(other[key] for key in keys))
        for part, (one, other) in enumerate(zip(given, mean, strict=True))
    )
    return keys, shares, tuple(sum(one[key] for one in given) for key in keys)
