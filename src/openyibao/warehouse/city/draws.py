"""Random streams of the synthetic city 随机数流: counter-based, named by what they are drawn for.

A stream depends on the seed, the bucket, the year and a word, on nothing else: not on the order in which buckets are made, nor on how
many processes make them. So the same seed gives the same city, and one bucket can be made again alone.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
WHOLE_CITY = -1
"""Bucket number of what belongs to no bucket: registers, employers' arrears."""


def stream(seed: int, bucket: int, year: int, what: str) -> np.random.Generator:
    """The stream for one thing: Philox, keyed by a digest of the four names."""
    key = hashlib.sha256(f"{seed}/{bucket}/{year}/{what}".encode()).digest()[:16]
    return np.random.Generator(np.random.Philox(key=int.from_bytes(key, "little")))


def chosen(rng: np.random.Generator, weights: Array, count: int) -> Array:
    """`count` different rows, drawn by weight without replacement, ascending; all rows with a weight above zero when there are fewer."""
    able = np.flatnonzero(weights > 0)
    if count >= len(able):
        return able
    if count <= 0:
        return able[:0]
    keys = rng.exponential(size=len(able)) / weights[able]
    return np.asarray(np.sort(able[np.argpartition(keys, count - 1)[:count]]))


def apportioned(shares: Sequence[float] | Array, count: int) -> Array:
    """Whole numbers in proportion to the shares whose sum is `count`: largest remainders first, ties by position."""
    weights = np.asarray(shares, dtype=np.float64)
    exact = weights / weights.sum() * count
    numbers = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - numbers), kind="stable")
    numbers[order[: count - int(numbers.sum())]] += 1
    return np.asarray(numbers)


def spread(rng: np.random.Generator, shares: Sequence[float] | Array, count: int) -> Array:
    """`count` places among the shares, each share as often as `apportioned` says, in random order."""
    return np.asarray(rng.permutation(np.repeat(np.arange(len(shares)), apportioned(shares, count))))


def even(rng: np.random.Generator, count: int) -> Array:
    """`count` numbers between 0 and 1, one in each of `count` equal strips, shuffled: as random as a draw, with no luck in the mean."""
    return (rng.permutation(count) + rng.random(count)) / max(count, 1)
