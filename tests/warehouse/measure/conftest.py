"""A small store made rough: arrears, late payers, people who leave, arrive, wait or are enrolled twice, care in two provinces."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.measure.measuring import Survey
from openyibao.warehouse.measure.place import City, city_of
from openyibao.warehouse.questions.asking import opened
from openyibao.warehouse.tables.store import Store
from warehouse.made_store import made_store

YEARS = (2022, 2023)
CITY = "yuxi"


def roughened(store: Store) -> None:
    """Give the made store what a city has."""
    for bucket in store.buckets():
        person = store.arrays("person", bucket=bucket)
        count = len(person["person"])
        number = np.arange(count)
        person = dict(person) | {"voucher": np.where(number % 3 == 0, 0, 20200101 + number % 5 * 10_000),
                                 "registered_poor": (number % 6 == 0).astype(np.int8),
                                 "died": np.where(number % 29 == 0, 20230715, person["died"]),
                                 "born": np.where(number % 31 == 0, 20230401, person["born"])}
        store.write("person", person, bucket=bucket)
        cover = dict(store.arrays("cover", bucket=bucket))
        cover["ends"] = np.where(number % 11 == 0, 20230901, cover["ends"])
        cover["starts"] = np.where(number % 17 == 0, 20230801, cover["starts"])
        cover["reason"] = np.where(number % 17 == 0, 6, cover["reason"])
        cover["wait_until"] = np.where(number % 5 == 0, 20240101, 0)
        twice = np.flatnonzero(number % 13 == 0)
        cover = {name: np.concatenate([values, values[twice]]) for name, values in cover.items()}
        cover["scheme"][count:] = 2
        cover["status"][count:] = 0
        order = np.lexsort((cover["starts"], cover["person"]))
        store.write("cover", {name: values[order] for name, values in cover.items()}, bucket=bucket)
        for year in YEARS:
            rough_year(store, year, bucket)


def rough_year(store: Store, year: int, bucket: int) -> None:
    """One year's contributions and places of care."""
    paid = dict(store.arrays("contribution", year, bucket))
    count, employee = len(paid["person"]), paid["scheme"] == 1
    number = np.arange(count)
    state = np.select([number % 7 == 0, number % 7 == 1, number % 7 == 2], [3, 2, 4], 1)
    late = np.where(number % 2 == 0, (year + 1) * 10_000 + 215, year * 10_000 + 520)
    before = (year - 1) * 10_000 + 1120
    paid["state"] = np.where(employee, state, np.where(number % 19 == 0, 3, np.where(number % 8 == 1, 2, 1)))
    paid["paid_on"] = np.where(paid["state"] == 3, 0, np.where(paid["state"] == 2, late, np.where(employee, year * 10_000 + 1225, before)))
    paid["employer_part"] = paid["employer_part"] + np.where(employee, number, 0)      # not a multiple of its months
    paid["large"] = np.where(employee, 7_000 + number, 0)
    paid["supplement"] = np.where(employee & (number % 3 == 0), 5_000 + number, 0)
    paid["aided"] = np.where(~employee & (number % 2 == 0), 20_000, 0)
    store.write("contribution", paid, year, bucket)
    bill = dict(store.arrays("bill", year, bucket))
    bill["place"] = np.where((bill["place"] != 0) & (bill["bill"] % 2 == 0), 530100, bill["place"])
    bill["direct"] = (bill["person"] % 3 != 0).astype(np.int8)
    store.write("bill", bill, year, bucket)


@pytest.fixture(scope="session")
def rough(tmp_path_factory: pytest.TempPathFactory) -> City:
    """The rough city's store and policy."""
    folder: Path = tmp_path_factory.mktemp("rough")
    store = made_store(folder, CITY, people=500, years=YEARS, seed=3)
    roughened(store)
    store.write_card(store.card() | {"whole": 1_000})
    return city_of(store, load_book(policies_root(), CITY))


@pytest.fixture(scope="session")
def survey(rough: City) -> Iterator[Survey]:
    """A desk on it."""
    with opened(rough.store, YEARS) as desk:
        yield Survey(desk, rough)
