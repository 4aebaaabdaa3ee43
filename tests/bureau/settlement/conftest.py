"""Connections for the tests of the settlement desk."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import psycopg
import pytest

from bureau.settlement.writer import Writer
from openyibao.bureau.settlement.store.lanes import open_lanes
from openyibao.bureau.settlement.store.pool import Store

Work = Callable[[Writer], Coroutine[Any, Any, Any]]


@pytest.fixture
def written(fresh_database):
    """Run work with a writer on the test's database; the result."""

    def run(work: Work) -> Any:
        async def whole() -> Any:
            pool = await open_lanes(fresh_database, 4)
            try:
                return await work(Writer(Store(pool)))
            finally:
                await pool.close()

        return asyncio.run(whole())

    return run


@pytest.fixture
def plain(fresh_database):
    """A psycopg connection with autocommit."""
    with psycopg.connect(fresh_database, autocommit=True) as connection:
        yield connection
