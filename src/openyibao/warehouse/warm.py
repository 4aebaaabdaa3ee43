"""Compile everything that is compiled, once 预编译: `python -m openyibao.warehouse.warm`, a step of `make setup`.

Compiled code is kept on disk by version of the law (cache.py); without this the first command that needs it would wait a minute or two.
The law and the synthetic city compile side by side, in two processes; a city of a few people, settled again, meets the rest.
"""

import multiprocessing
import sys
import tempfile
from pathlib import Path

import numpy as np

from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.city.driver import make_city
from openyibao.warehouse.city.ground import city_of
from openyibao.warehouse.city.profile import load_profile
from openyibao.warehouse.run.columns import Columns
from openyibao.warehouse.run.driver import Want, recorded_package, resettle
from openyibao.warehouse.run.package import package_of
from openyibao.warehouse.run.runner import Here
from openyibao.warehouse.run.settling import settle_year
from openyibao.warehouse.tables.schema import BILL, HOLDER, Table
from openyibao.warehouse.tables.store import Store

CITY, YEAR, PEOPLE = "jishou", 2023, 400


def one_row(table: Table, **said: int) -> Columns:
    """A table of one row, nought where nothing is said; text columns are left out."""
    return {column.name: np.full(1, said.get(column.name, 0), column.type) for column in table.columns if column.type != "utf8"}


def law() -> None:
    """Compile the law: one bill settled."""
    package = package_of(load_book(policies_root(), CITY), YEAR)
    settle_year(one_row(HOLDER, scheme=1), one_row(BILL, scheme=1, kind=1, day=YEAR * 10_000 + 101), package)


def city() -> None:
    """Compile the rest: a few people made, their year settled and settled again."""
    with tempfile.TemporaryDirectory() as place:
        make_city(city_of(load_profile(CITY), PEOPLE, (YEAR,), 1), Path(place), Here())
        store = Store(Path(place))
        resettle(store, YEAR, recorded_package(store, YEAR), Path(place) / "again", runner=Here(), want=Want(against=True))


def warm() -> None:
    """Compile in two processes at once."""
    beside = multiprocessing.get_context("spawn").Process(target=law)
    beside.start()
    city()
    beside.join()
    if beside.exitcode:
        sys.exit(f"compiling the law failed ({beside.exitcode})")


if __name__ == "__main__":
    warm()
