"""Invented stores that the tests of this folder share; nobody writes into them."""

import pytest

from openyibao.warehouse.tables.store import Store
from warehouse.made_store import made_store


@pytest.fixture(scope="session")
def jishou(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two years of Jishou, whose second year changes plans in the middle of nothing and has per-level deductibles."""
    return made_store(tmp_path_factory.mktemp("stores") / "jishou", "jishou", people=1_200, years=(2022, 2023))


@pytest.fixture(scope="session")
def wuhan(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A year of Wuhan in which the employees' outpatient pooling begins on 1 February."""
    return made_store(tmp_path_factory.mktemp("stores") / "wuhan", "wuhan", people=1_200, seed=2)


@pytest.fixture(scope="session")
def ankang(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A year of Ankang."""
    return made_store(tmp_path_factory.mktemp("stores") / "ankang", "ankang", people=1_200, seed=3)
