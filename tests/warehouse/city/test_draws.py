"""Streams named by what they are for; counts that sum exactly whatever the scale and the number of buckets."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from openyibao.warehouse.city.draws import apportioned, chosen, even, spread, stream
from openyibao.warehouse.city.size import City, part, scaled, sized, unscaled


def test_a_stream_is_known_by_its_four_names() -> None:
    first = stream(1, 7, 2023, "births").integers(0, 2**62, 4)
    assert (first == stream(1, 7, 2023, "births").integers(0, 2**62, 4)).all()
    for other in ((2, 7, 2023, "births"), (1, 8, 2023, "births"), (1, 7, 2024, "births"), (1, 7, 2023, "deaths")):
        assert (first != stream(*other).integers(0, 2**62, 4)).any(), other


def test_a_stream_is_the_same_in_every_version() -> None:
    """Cities made before stay what they are: a changed stream is a changed city."""
    assert stream(1, 0, 2020, "births").integers(0, 1_000_000, 3).tolist() == [372701, 665759, 872236]


@given(st.lists(st.floats(0.001, 1000), min_size=1, max_size=30), st.integers(0, 100_000))
def test_apportioned_numbers_sum_to_the_count_and_stay_near_their_share(shares: list[float], count: int) -> None:
    numbers = apportioned(shares, count)
    assert numbers.sum() == count
    assert (np.abs(numbers - np.array(shares) / sum(shares) * count) < 1).all()


@given(st.integers(1, 10_000_000), st.integers(1, 400), st.integers(0, 10_000_000))
def test_parts_of_buckets_sum_to_the_whole(whole: int, buckets: int, total: int) -> None:
    city = City("x", 1, whole, whole, (2020,), buckets)
    parts = [part(total, city, bucket) for bucket in range(buckets)]
    assert sum(parts) == total
    assert max(parts) - min(parts) <= 1


@given(st.integers(1, 10_000_000), st.data())
def test_a_scaled_count_is_within_a_half_of_its_share(whole: int, data: st.DataObject) -> None:
    city = City("x", 1, data.draw(st.integers(1, whole)), whole, (2020,), 1)
    count = data.draw(st.integers(0, whole))
    assert abs(scaled(city, count) - count * city.people / whole) <= 0.5 + 1e-6
    assert abs(unscaled(city, scaled(city, count)) - count) <= 0.51 * whole / city.people


def test_chosen_rows_are_as_many_as_asked_and_heavy_ones_come_first() -> None:
    rng = stream(1, 0, 0, "test")
    weights = np.array([0.0, 1.0, 1.0, 1e9, 0.0, 1e9])
    assert chosen(rng, weights, 2).tolist() == [3, 5]
    assert chosen(rng, weights, 0).tolist() == []
    assert chosen(rng, weights, 9).tolist() == [1, 2, 3, 5]


def test_spread_and_even_leave_nothing_to_luck() -> None:
    rng = stream(1, 0, 0, "test")
    assert np.bincount(spread(rng, [1, 2, 1], 400)).tolist() == [100, 200, 100]
    assert sorted((even(rng, 1000) * 1000).astype(int).tolist()) == list(range(1000))


def test_a_city_has_room_for_those_who_come() -> None:
    assert sized("x", 360_200, 361_800, 360_200, (2020,), 1).buckets == 12
    for people, years in ((0, (2020,)), (400_000, (2020,)), (10, ()), (10, (2020, 2022))):
        try:
            sized("x", 360_200, 361_800, people, years, 1)
        except ValueError:
            continue
        raise AssertionError((people, years))
