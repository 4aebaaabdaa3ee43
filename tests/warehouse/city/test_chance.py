"""Chance inside the loops: an even sequence meets a share in any run of it, and its Poisson numbers have the mean and the spread."""

from typing import Any

import numpy as np
import pytest

from openyibao.kernel.law import compilable
from openyibao.warehouse.cache import cache_folder
from openyibao.warehouse.city.chance import counted, even

numba = compilable(cache_folder())


@numba.njit(error_model="numpy")
def drawn(start: Any, count: int) -> Any:
    """Numbers of one even sequence."""
    sequence, found = np.array([start, start], np.uint64), np.empty(count)
    for place in range(count):
        found[place] = even(sequence, 1)
    return found


@numba.njit(error_model="numpy")
def numbers(values: Any, mean: float) -> Any:
    """The Poisson number of each value."""
    return np.array([counted(value, mean) for value in values])


@pytest.mark.parametrize("start", [0, 1, 2**63 + 12_345])
def test_any_run_of_an_even_sequence_meets_a_share(start: int) -> None:
    found = drawn(np.uint64(start), 10_000)
    assert ((found >= 0) & (found < 1)).all()
    for share in (0.003, 0.05, 0.4):
        for first in (0, 777, 5_000):
            run = found[first : first + 2_000]
            assert abs(int((run < share).sum()) - 2_000 * share) < 4, "a draw by chance would be out by ten times as much"


@pytest.mark.parametrize("mean", [0.05, 0.4, 3.0, 45.0])
def test_poisson_numbers_of_an_even_sequence(mean: float) -> None:
    found = numbers(drawn(np.uint64(7), 20_000), mean)
    assert found.mean() == pytest.approx(mean, rel=0.01)
    assert found.var() == pytest.approx(mean, rel=0.03)
    assert numbers(np.array([0.0, 1.0 - 2.0**-53]), mean)[0] == 0
