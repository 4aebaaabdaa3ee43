"""Small cities for the tests: a few thousand people spread over three buckets, as a large city is over three hundred."""

from functools import cache

from openyibao.warehouse.city.ground import Ground, city_of, ground_of
from openyibao.warehouse.city.people import Folk, folk_of
from openyibao.warehouse.city.profile import load_profile
from openyibao.warehouse.city.size import City

BUCKETS = 3


def small_city(
    name: str = "jishou", people: int = 3_602, years: tuple[int, ...] = (2020, 2021), seed: int = 1, buckets: int = BUCKETS
) -> City:
    return city_of(load_profile(name), people, years, seed)._replace(buckets=buckets)


@cache
def folks(city: City) -> tuple[Ground, list[Folk]]:
    ground = ground_of(city)
    return ground, [folk_of(ground, bucket) for bucket in range(city.buckets)]
