"""The city that is measured 被测算的城市: what its card and its policy say beside the rows."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel.codes import HALF_UP, RESIDENT, TRUNCATE
from openyibao.kernel.plan import Plan
from openyibao.kernel.rounding import share
from openyibao.policybook.book import Book
from openyibao.policybook.contributions import Gap, page
from openyibao.warehouse.run.driver import read_card
from openyibao.warehouse.run.package import Package, read_package, recorded_path
from openyibao.warehouse.tables.store import Store

DIGEST = 32
"""Letters of a package's digest in its file's name."""


class Opening(NamedTuple):
    """A fund's balance on 1 January of the store's first year, fen, with the mark of its source."""

    fen: int
    trust: str
    source: str


class City(NamedTuple):
    """A store's city."""

    store: Store
    book: Book
    people: int  # enrolled in the store
    whole: int  # enrolled in the whole city; equal at 1:1
    years: tuple[int, ...]
    balances: dict[str, Opening]  # by the card's name: employee_pool, resident_pool …
    synthetic: bool

    @property
    def province(self) -> int:
        """The first two digits of the home area."""
        return self.book.admdvs // 10_000

    @property
    def sample(self) -> bool:
        """Whether sums must be grossed up to speak of the whole city."""
        return self.people != self.whole


def city_of(store: Store, book: Book) -> City:
    """A store and its policy book. Raises StoreProblem where there is no store."""
    card: dict[str, Any] = store.card()
    people = int(card.get("people", 0)) or 1
    balances = {
        name: Opening(int(entry["opening"]), str(entry.get("trust", "")), str(entry.get("source", "")))
        for name, entry in card.get("balances", {}).items()
    }  # fmt: skip
    return City(store, book, people, int(card.get("whole", people)), tuple(store.years()), balances, "seed" in card)


def package_of_year(city: City, run: Path | None, year: int) -> Package | None:
    """The policy that a year was settled under: the recorded package, or the run's; None where the store keeps none."""
    if run is None:
        place = recorded_path(city.store, year)
        return read_package(place) if place.exists() else None
    return read_package(run / "policy" / f"{read_card(run)[str(year)]['package'][:DIGEST]}.npz")


class Tilt(NamedTuple):
    """The deductible of major-illness insurance on a day 大病起付线, fen."""

    deductible: int
    lowered: int  # of tilted aid categories
    tilted: list[int]


def tilt_of(plan: Plan | None) -> Tilt | None:
    """A plan's major-illness deductible; None without such insurance. The kernel's `own_deductible` category by category."""
    if plan is None or plan.catastrophic.present == 0:
        return None
    part = plan.catastrophic
    lowered = share(part.deductible, part.tilt_factor, TRUNCATE if plan.rounding == TRUNCATE else HALF_UP)
    return Tilt(part.deductible, lowered, [int(category) for category in np.flatnonzero(np.array(part.tilted))])


def premium_per_head(book: Book, year: int) -> int | None:
    """What the resident fund pays the major-illness insurer a head and year, fen; None where the book has no figure for the year."""
    try:
        return page(book, RESIDENT, year * 10_000 + 101).fen("", "catastrophic.premium")
    except Gap:
        return None
