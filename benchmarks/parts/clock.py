"""Timing on a machine that others use too: several repeats, the least and the median of them."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class Timing(NamedTuple):
    """Seconds of several repeats of the same work."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle repeat: the figure that is reported."""
        return statistics.median(self.seconds)

    @property
    def least(self) -> float:
        """The quickest repeat: what the machine does when nobody disturbs it."""
        return min(self.seconds)

    def per(self, count: int) -> "Timing":
        """The same repeats, per piece of work."""
        return Timing(tuple(second / count for second in self.seconds))


def timed(work: Callable[..., Any], repeats: int, prepare: Callable[[], Sequence[Any]] = tuple) -> Timing:
    """Time `work(*prepare())`, the preparation left out, `repeats` times."""
    return Timing(tuple(once(work, prepare) for _ in range(repeats)))


def once(work: Callable[..., Any], prepare: Callable[[], Sequence[Any]] = tuple) -> float:
    """Seconds of one `work(*prepare())`, the preparation left out."""
    arguments = prepare()
    begun = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - begun
