"""How large a city is made 规模: persons, buckets, and how a count of the whole city falls on a smaller city and on its buckets.

A count that a plan states for the whole city is scaled once, and then shared out over the buckets so that the shares sum to it exactly:
bucket b gets floor(n(b+1)/B) - floor(nb/B). No bucket needs to know what another one drew.
"""

from typing import NamedTuple

from openyibao.warehouse.tables.schema import BUCKET

TURNOVER = 0.03
"""Newborns and newcomers a year, as a share of the living, for whom a bucket keeps numbers free."""


class City(NamedTuple):
    """What identifies a synthetic city: made again from these six, it is the same to the byte. JSON-able."""

    city: str
    seed: int
    people: int  # enrolled in either scheme at each year's end
    whole: int  # the same at 1:1
    years: tuple[int, ...]
    buckets: int


def sized(city: str, whole: int, living: int, people: int, years: tuple[int, ...], seed: int) -> City:
    """A city of `people` enrolled out of `whole`; `living` is everybody at 1:1, enrolled or not.

    Raises ValueError for nobody, or more than the whole city, or years that do not follow each other.
    """
    if not 0 < people <= whole:
        raise ValueError(f"{people} people: between 1 and the city's {whole}")
    if not years or tuple(range(years[0], years[-1] + 1)) != tuple(years):
        raise ValueError(f"years {years}: they must follow each other")
    everybody = -(-living * people // whole)
    needed = everybody * (1 + TURNOVER * len(years))
    return City(city, seed, people, whole, tuple(years), max(1, -int(-needed // BUCKET)))


def scaled(city: City, count: int) -> int:
    """A count of the whole city at this city's scale, to the nearest."""
    return (2 * count * city.people + city.whole) // (2 * city.whole)


def unscaled(city: City, amount: int) -> float:
    """A count or sum of this city, brought up to the whole city."""
    return amount * city.whole / city.people


def part(total: int, city: City, bucket: int) -> int:
    """A bucket's share of a count of this city; over all buckets the shares sum to `total`."""
    return total * (bucket + 1) // city.buckets - total * bucket // city.buckets
