"""A store seen from the server 城市底册: its registers in the server's codes, the policy book it was settled under, a bucket's columns.

Kept for the length of the process: every chunk of persons of a bucket asks for the same.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from openyibao.bureau.archive.copying import safe
from openyibao.kernel import codes
from openyibao.policybook.book import Book, load_book, policies_root
from openyibao.policybook.book import levels as levels_of
from openyibao.policybook.national import pooling_area
from openyibao.warehouse.run.package import Package, package_of
from openyibao.warehouse.tables.store import Store

LEVEL_NAMES = ("PV", "P0", "L1", "L2", "L3", "L3P")
"""As the policy book writes the kernel's levels, in their order."""

SCHEMES = {codes.EMPLOYEE: "310", codes.RESIDENT: "390"}
"""insutype of a scheme."""


class Place(NamedTuple):
    """An institution as the server knows it."""

    code: str
    admdvs: str
    hosp_lv: str
    pharmacy: int


class City(NamedTuple):
    """The registers of a store."""

    store: Store
    card: dict[str, Any]
    book: Book
    admdvs: str  # six digits; the city's own division
    counties: list[str]  # division of each town
    places: list[Place]  # by institution
    practitioners: list[str]  # codes
    employers: list[str]  # codes
    items: list[str]  # codes
    diagnoses: list[tuple[str, str]]  # code and name
    operations: list[str]  # codes

    def package(self, year: int) -> Package:
        """The policies of a year as whole-city runs take them, for what accounts are credited."""
        return package_cached(self.book.city, tuple(self.card.get("readings", ())), year)


@lru_cache(maxsize=4)
def book_cached(city: str, readings: tuple[str, ...]) -> Book:
    """A city's policy book."""
    return load_book(policies_root(), city, readings=list(readings))


@lru_cache(maxsize=32)
def package_cached(city: str, readings: tuple[str, ...], year: int) -> Package:
    """A year's package of a book."""
    return package_of(book_cached(city, readings), year)


@lru_cache(maxsize=2)
def city_of(root: str, form: str) -> City:
    """The registers of the store in a folder. Raises StoreProblem, PolicyError."""
    store = Store(Path(root), form)
    card = store.card()
    book = book_cached(str(card["city"]), tuple(card.get("readings", ())))
    own = f"{book.admdvs:06d}"
    town, institution = store.arrays("town"), store.arrays("institution")
    counties = [county if pooling_area(county) == pooling_area(own) else own for county in map("{:06d}".format, town["county"].tolist())]
    stated = levels_of(book.tables[codes.EMPLOYEE])
    by_level = {LEVEL_NAMES.index(level): code for code, level in sorted(stated.items(), reverse=True)}
    rows = zip(*(institution[name].tolist() for name in ("code", "place", "town", "level", "pharmacy")), strict=True)
    places = [
        Place(
            safe(code), f"{place:06d}" if place else counties[at] if at >= 0 else own,
            "" if pharmacy else hospital_level(level, by_level), pharmacy,
        )
        for code, place, at, level, pharmacy in rows
    ]  # fmt: skip
    diagnosis = store.arrays("diagnosis")
    return City(
        store, card, book, own, counties, places, texts(store, "practitioner"), texts(store, "employer"), texts(store, "item"),
        list(zip(map(safe, diagnosis["code"].tolist()), map(safe, diagnosis["name"].tolist()), strict=True)), texts(store, "operation"),
    )


def texts(store: Store, table: str) -> list[str]:
    """A register's codes in the order of its rows."""
    return [safe(code) for code in store.arrays(table, columns=["code"])["code"].tolist()]


def hospital_level(level: int, by_level: dict[int, str]) -> str:
    """hosp_lv of a level: the first code that stands for it, or for the next lower one that has a code; empty where none has."""
    return next((by_level[one] for one in range(level, -1, -1) if one in by_level), "")


@lru_cache(maxsize=64)
def columns_of(root: str, form: str, table: str, year: int | None, bucket: int) -> dict[str, Any]:
    """A bucket's columns as mapped arrays."""
    return Store(Path(root), form).arrays(table, year, bucket)
