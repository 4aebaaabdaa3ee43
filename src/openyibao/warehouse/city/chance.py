"""Chance inside compiled loops 循环内的随机数: a counter run through a mixing function, so that a person's year depends on nobody else's.

`state` is one uint64 in an array; a loop sets it from the bucket's key and the person's number. The keys come from draws.stream.
"""

import math
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from openyibao.kernel.law import compilable
from openyibao.warehouse.cache import cache_folder

numba = compilable(cache_folder())

Function = TypeVar("Function", bound=Callable[..., Any])


def inner(function: Function) -> Function:
    """Mark a function that only other compiled functions call: without a door to Python it compiles in a fraction of the time."""
    marked: Function = numba.njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    return marked


STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
S30, S27, S31, S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
UNIT = 1.0 / 9007199254740992.0
"""2 to the power of -53."""
MOST = 60.0
"""The largest mean that `poisson` counts out."""
CEILING = 200
"""The largest number that `counted` gives."""


@inner
def mixed(value: Any) -> Any:
    """A uint64 from a uint64, far from it and from its neighbours' (the finishing step of SplitMix64)."""
    value = (value ^ (value >> S30)) * FIRST
    value = (value ^ (value >> S27)) * SECOND
    return value ^ (value >> S31)


@inner
def begin(state: Any, key: Any, number: Any) -> None:
    """Set the state for one thing: `key` and `number` are uint64."""
    state[0] = mixed(key ^ mixed(number * STEP + STEP))


@inner
def uniform(state: Any) -> float:
    """A number from 0 up to, not including, 1."""
    state[0] += STEP
    return np.float64(mixed(state[0]) >> S11) * UNIT


@inner
def below(state: Any, count: int) -> int:
    """A whole number from 0 to count - 1; 0 for a count of 0."""
    return int(uniform(state) * count)


@inner
def normal(state: Any) -> float:
    """A draw of the standard normal distribution."""
    first = 1.0 - uniform(state)
    return math.sqrt(-2.0 * math.log(first)) * math.cos(2.0 * math.pi * uniform(state))


@inner
def poisson(state: Any, mean: float) -> int:
    """A draw of the Poisson distribution, its mean cut at MOST."""
    limit, product, count = math.exp(-min(mean, MOST)), uniform(state), 0
    while product > limit:
        product *= uniform(state)
        count += 1
    return count


@inner
def even(sequence: Any, kind: int) -> float:
    """The next number of an even sequence, from 0 up to, not including, 1.

    Each looks like a draw, but any run of them is spread evenly over the range (steps of the golden section), so that what one case in
    ten thousand meets is met about that often in a small sample too. A sequence is for one thing only.
    """
    sequence[kind] += STEP
    return np.float64(sequence[kind] >> S11) * UNIT


@inner
def counted(value: float, mean: float) -> int:
    """The number that a Poisson distribution with this mean gives to a share from 0 to 1; its mean cut at MOST."""
    part = math.exp(-min(mean, MOST))
    upto, count = part, 0
    while value > upto and count < CEILING:
        count += 1
        part *= min(mean, MOST) / count
        upto += part
    return count


@inner
def about(state: Any, mean: float) -> int:
    """A whole number whose mean is `mean`: one of the two beside it."""
    whole = math.floor(mean)
    return int(whole) + (1 if uniform(state) < mean - whole else 0)


@inner
def pick(state: Any, steps: Any) -> int:
    """A place in ascending cumulative shares whose last is 1."""
    value, low, high = uniform(state), 0, steps.shape[0] - 1
    while low < high:
        middle = (low + high) // 2
        if steps[middle] <= value:
            low = middle + 1
        else:
            high = middle
    return low
