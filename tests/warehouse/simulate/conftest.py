"""Invented stores and a reform for the tests of this folder; nobody writes into the stores."""

from pathlib import Path

import pytest

from openyibao.warehouse.tables.store import Store
from warehouse.made_store import made_store

DRAFTS = Path(__file__).parents[3] / "examples" / "drafts"


@pytest.fixture(scope="session")
def small_wuhan(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Wuhan's year before employees had outpatient pooling; two buckets."""
    return made_store(tmp_path_factory.mktemp("simulated") / "wuhan", "wuhan", people=360, years=(2022,), seed=4)


@pytest.fixture(scope="session")
def small_ankang(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two years of Ankang; two buckets, two counties."""
    return made_store(tmp_path_factory.mktemp("simulated") / "ankang", "ankang", people=360, years=(2022, 2023), seed=5)


@pytest.fixture(scope="session")
def box_1() -> tuple[Path, Path]:
    """The example reform: outpatient pooling begins at 50 %; rises to 60 %, is tilted to retirees, and accounts are split anew."""
    return DRAFTS / "wuhan-outpatient-start.yaml", DRAFTS / "wuhan-outpatient-pooling.yaml"
