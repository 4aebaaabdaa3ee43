"""One small city with its bills, made in memory once for the tests about visits, lines, faults and stock."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from openyibao.warehouse.city.making import Bucket, Workshop, furnished, make_year
from openyibao.warehouse.city.patterns import OF_PHARMACIES, OF_STAYS, OF_VISITS
from openyibao.warehouse.city.people import Folk
from openyibao.warehouse.city.ways import PENDING
from openyibao.warehouse.run.package import Package, package_of
from warehouse.city.small import folks, small_city

YEARS = (2020, 2021)


class Town(NamedTuple):
    """A bucket of a small city: its people, and each year as made."""

    shop: Workshop
    folk: Folk
    packages: dict[int, Package]
    years: dict[int, Bucket]


def made(shop: Workshop, folk: Folk, later: Workshop | None = None) -> Town:
    """`later` makes the second year, if another workshop is to."""
    packages = {year: package_of(shop.ground.book, year) for year in YEARS}
    pending, before, years = np.zeros((len(folk.person["person"]), PENDING), np.int64), None, {}
    for year in YEARS:
        before = years[year] = make_year(shop if year == YEARS[0] else later or shop, folk, 0, year, packages[year], pending, before)
    return Town(shop, folk, packages, years)


@cache
def town(name: str = "jishou", seed: int = 1) -> Town:
    ground, people = folks(small_city(name, seed=seed, people=6_000))
    return made(furnished(ground), people[0])


@cache
def crooked() -> Town:
    """The same people where every other institution and many persons cheat."""
    ground, people = folks(small_city("jishou", people=6_000))
    shop = furnished(ground)
    profile = shop.care_profile.replaced({"faults.rate": 0.5, "faults.persons": 0.2, "faults.after_death": 1, "faults.uncovered": 0.5})
    first, second = (shop._replace(care_profile=profile, habits=everywhere(ground.institution, shift)) for shift in (0, 4))
    return made(first, people[0], second)


def everywhere(institution: dict[str, Any], shift: int) -> Any:
    """A habit for nearly every institution: those of stays in turn at the larger hospitals."""
    number = np.arange(len(institution["level"]))
    large = (institution["level"] >= 2) & (institution["pharmacy"] == 0)
    number = np.where(large, np.cumsum(large) + shift, number)
    hospital = np.array(OF_STAYS)[number % len(OF_STAYS)]
    found = np.where(institution["pharmacy"] == 1, -np.array(OF_PHARMACIES)[number % 2], hospital)
    village = (institution["level"] <= 1) & (institution["pharmacy"] == 0)
    found = np.where(village, -np.array(OF_VISITS)[(number + shift) % len(OF_VISITS)], found)
    return np.where(institution["place"] == 0, found, 0).astype(np.int8)
