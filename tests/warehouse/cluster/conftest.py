"""A store of eight small buckets, its year settled on this machine alone, and a Dask cluster of two worker processes on loopback."""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from openyibao.warehouse.cluster.trial import Trial, trial
from openyibao.warehouse.run.driver import recorded_package, resettle
from openyibao.warehouse.tables.store import Store
from warehouse.made_store import made_store

TESTS = Path(__file__).parents[2]
BUCKETS = 8


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store every test of the cluster settles."""
    return made_store(tmp_path_factory.mktemp("cluster") / "city", people=1_600, buckets=BUCKETS)


@pytest.fixture(scope="session")
def alone(store: Store) -> Path:
    """The run of one machine, one process: what every cluster must equal."""
    out = store.root / "runs" / "alone"
    resettle(store, 2023, recorded_package(store, 2023), out)
    return out


@pytest.fixture(scope="session")
def path_of_tests() -> Iterator[None]:
    """Worker processes find the tests' own tasks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH", "")))))
        yield


@pytest.fixture(scope="session")
def dask(path_of_tests: None) -> Iterator[Trial]:
    """A scheduler and two workers."""
    if importlib.util.find_spec("distributed") is None:
        pytest.skip("distributed is not installed: pip install 'openyibao[cluster]'")
    with trial(2) as running:
        yield running
