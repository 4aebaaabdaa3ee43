"""The parts of a reform sum to the whole: for any measures and orders, and for random reforms really settled."""

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openyibao.warehouse.simulate.attribution import BASIC, every_choice, in_order, mean_of, sampled, shapley, shares_of, whole_fen
from openyibao.warehouse.simulate.reform import Reform
from openyibao.warehouse.simulate.running import simulate
from openyibao.warehouse.tables.store import Store

FEN = st.integers(-10**13, 10**13)


@st.composite
def games(draw: st.DrawFn) -> tuple[int, dict[frozenset[int], int]]:
    """What every choice of a few parts comes to, any figures."""
    parts = draw(st.integers(1, 5))
    return parts, {choice: draw(FEN) for choice in every_choice(parts)}


@given(games())
def test_both_splits_sum_to_the_whole_in_whole_fen(game: tuple[int, dict[frozenset[int], int]]) -> None:
    parts, figures = game
    whole = figures[frozenset(range(parts))] - figures[frozenset()]
    exact = shapley(parts, figures.__getitem__)
    assert sum(exact) == whole
    rounded = whole_fen(exact)
    assert sum(rounded) == whole == sum(in_order(range(parts), figures.__getitem__))
    assert all(abs(one - other) < 1 for one, other in zip(rounded, exact, strict=True))


@settings(max_examples=40)
@given(games())
def test_the_average_over_all_orders_is_the_mean_of_every_order(game: tuple[int, dict[frozenset[int], int]]) -> None:
    parts, figures = game
    assert shapley(parts, figures.__getitem__) == mean_of(list(permutations(range(parts))), figures.__getitem__)


@given(st.integers(1, 12), st.integers(1, 30), st.integers(0, 10**6))
def test_a_sample_of_orders_is_the_same_for_its_seed_and_begins_with_the_given_one(parts: int, count: int, seed: int) -> None:
    orders = sampled(parts, count, seed)
    assert orders == sampled(parts, count, seed)
    assert len(orders) == count
    assert orders[0] == tuple(range(parts))
    assert all(sorted(order) == list(range(parts)) for order in orders)


def test_the_largest_remainders_get_the_fen_left_and_ties_go_to_the_first() -> None:
    assert whole_fen([Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)]) == [1, 0, 0]
    assert whole_fen([Fraction(-1, 2), Fraction(-1, 2)]) == [0, -1]
    assert whole_fen([Fraction(5, 4), Fraction(3, 4), Fraction(-2)]) == [1, 1, -2]


@given(games())
def test_funds_sum_to_all_funds_and_the_person_bears_the_rest(game: tuple[int, dict[frozenset[int], int]]) -> None:
    parts, figures = game
    basics = {choice: {name: figure // (place + 1) for place, name in enumerate(BASIC)} for choice, figure in figures.items()}
    for split in shares_of(parts, basics, None):
        for part in split:
            pooled = [part[name] for name in BASIC if name not in ("hospital", "total", "credits")]
            assert part["fund"] == sum(pooled)
            assert part["person"] == part["total"] - part["fund"] - part["hospital"]


KNOBS = (
    ("inpatient.resident.deductible.L2", "yuan", st.integers(0, 2_000)), ("inpatient.resident.ratio.all.L2", "ratio", st.integers(50, 95)),
    ("inpatient.employee.ratio.active.L3", "ratio", st.integers(50, 99)),
    ("outpatient.resident.cap.all", "yuan_per_year", st.integers(0, 3_000)),
    ("medical_aid.both.minimum_living.ratio", "ratio", st.integers(70, 100)),
    ("personal_account.employee.retiree_amount", "yuan_per_month", st.integers(1, 300)),
)  # fmt: skip


@st.composite
def drafts(draw: st.DrawFn) -> str:
    """A random reform: two to four parameters with random figures."""
    chosen = draw(st.lists(st.sampled_from(KNOBS), min_size=2, max_size=4, unique_by=lambda knob: knob[0]))
    lines = ["overlay: {city: ankang, name: 随机改革, name_en: random reform}"]
    for key, unit, figures in chosen:
        figure = draw(figures)
        value = f'"{figure / 100:.2f}"' if unit == "ratio" else str(figure)
        lines += [f"{key}:", "  name: 参数", "  name_en: parameter", f"  unit: {unit}", "  values:",
                  f'    2023-01-01: {{value: {value}, trust: illustrative, source: "随机"}}', "  confirmed_on: null"]
    return "\n".join(lines) + "\n"


@settings(max_examples=3)
@given(text=drafts())
def test_random_reforms_really_settled_sum_to_their_cost(
    small_ankang: Store, tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("random")
    path = folder / "random.yaml"
    path.write_text(text, encoding="utf-8")
    outcome = simulate(small_ankang, 2023, Reform("ankang", (path,)), out=folder / "run", top=1)
    found = outcome.attribution
    changes = {"fund": outcome.totals.fund.change, "person": outcome.totals.person.change, "credits": outcome.totals.credits.change}
    if found is None:
        assert changes == {"fund": 0, "person": 0, "credits": 0}
        return
    for key, whole in changes.items():
        place = found.measures.index(key)
        assert found.whole[place] == whole
        assert sum(share.averaged[place] for share in found.shares) == whole == sum(share.ordered[place] for share in found.shares)
