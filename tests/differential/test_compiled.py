"""The same source both ways: plain Python and the compiled loop give the same figures, to the fen, on random bills and plans.

The nightly size is benchmarks/differential.py. The first run after a change of the law compiles, which takes half a minute.
"""

import numpy as np

import both_ways
from both_ways import check_batch, draw_batch, settle_compiled, settle_plain
from openyibao.kernel.plan import Readings

BILLS, BATCHES = 10_000, 3


def test_plain_and_compiled_settle_alike() -> None:
    met = set()
    for seed in range(BATCHES):
        check = check_batch(seed, BILLS)
        assert check.differing == 0, f"{check.differing} bills and years differ; the first:\n{check.first}"
        met |= {name for name, times in check.seen.items() if times}
    assert {f"reading {name}" for name in Readings._fields} <= met
    assert {f"kind {kind}" for kind in range(1, 15)} <= met
    assert {f"outcome {outcome}" for outcome in range(11)} <= met
    layers = ("pool", "large_first", "large_second", "catastrophic", "civil", "aid", "tilt", "topup", "added_1", "added_2", "added_3")
    assert {f"paid {layer}" for layer in (*layers, "state", "hospital", "account", "family", "cash")} <= met
    assert {"rounding 0", "rounding 1"} <= met


def test_a_difference_of_one_fen_is_found(monkeypatch) -> None:
    def one_fen_more(batch):
        answers = settle_compiled(batch)
        answers.results[17, 2] += 1
        return answers

    monkeypatch.setattr(both_ways, "settle_compiled", one_fen_more)
    check = check_batch(1, 200)
    assert check.differing == 1
    assert "bill 17" in check.first and "compiled" in check.first


def test_a_closing_year_that_differs_is_found(monkeypatch) -> None:
    def one_fen_more(batch):
        answers = settle_compiled(batch)
        answers.years[3, 5] += 1
        return answers

    monkeypatch.setattr(both_ways, "settle_compiled", one_fen_more)
    check = check_batch(1, 200)
    assert check.differing == 1
    assert "closing year of person 3" in check.first


def test_the_drawn_bills_are_the_same_for_a_seed() -> None:
    first, second = draw_batch(5, 300), draw_batch(5, 300)
    assert first == second
    assert np.array_equal(settle_plain(first)[0].results, settle_plain(second)[0].results)
