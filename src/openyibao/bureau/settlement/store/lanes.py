"""Connections of the hot path 连接: a handful that stay open, each used by one statement at a time, the last given back first.

asyncpg's own pool asks the database to forget a session's state after every use and wraps each connection anew, which costs more than
reading a bill's facts. Here no statement leaves state behind (each is a transaction of its own), so a connection is simply handed on.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

SESSION = {
    "plan_cache_mode": "force_generic_plan",  # one plan for all parameters: the statements look up by key
    "enable_hashjoin": "off",  # and they look up few
    "enable_mergejoin": "off",
    "enable_seqscan": "off",  # a table that was empty when it was analysed must not be scanned for ever after
    "jit": "off",
    "lock_timeout": "250ms",  # who waits for a lock holds up those in the same statement: rather try again alone
    "timezone": "Asia/Shanghai",
    "application_name": "openyibao door",
}
"""Settings of every hot connection."""

PATIENCE = 30.0
"""Seconds a statement may take, or a connection be waited for."""


class Lanes:
    """Open connections and who waits for one."""

    def __init__(self, url: str, size: int) -> None:
        """Nothing is opened before it is needed; at most `size` connections."""
        self.url, self.size = url, size
        self.free: list[Any] = []
        self.asked = 0  # statements that run or wait for a connection
        self._turn = asyncio.Semaphore(size)

    async def _connection(self) -> Any:
        """A connection nobody uses, made anew where the last one was lost. Raises what connecting raises."""
        while self.free:
            connection = self.free.pop()
            if not connection.is_closed():
                return connection
        return await asyncpg.connect(self.url, server_settings=SESSION, statement_cache_size=200, command_timeout=PATIENCE)

    @asynccontextmanager
    async def lane(self) -> AsyncIterator[Any]:
        """One connection for one block."""
        self.asked += 1
        try:
            async with self._turn:
                connection = await self._connection()
                try:
                    yield connection
                finally:
                    if connection.is_closed() or connection.is_in_transaction():
                        connection.terminate()
                    else:
                        self.free.append(connection)
        finally:
            self.asked -= 1

    async def _run(self, how: str, sql: str, values: tuple[object, ...]) -> Any:
        """One statement by the connection's own method `how`."""
        self.asked += 1
        try:
            async with self._turn:
                connection = await self._connection()
                try:
                    return await getattr(connection, how)(sql, *values)
                finally:
                    if not connection.is_closed():
                        self.free.append(connection)
        finally:
            self.asked -= 1

    @property
    def in_use(self) -> int:
        """Connections at work."""
        return min(self.asked, self.size)

    @property
    def waiting(self) -> int:
        """Statements that wait for a connection."""
        return max(self.asked - self.size, 0)

    async def fetchrow(self, sql: str, *values: object) -> Any:
        """The first row, None without one."""
        return await self._run("fetchrow", sql, values)

    async def fetch(self, sql: str, *values: object) -> Any:
        """All rows."""
        return await self._run("fetch", sql, values)

    async def fetchval(self, sql: str, *values: object) -> Any:
        """The first value of the first row."""
        return await self._run("fetchval", sql, values)

    async def execute(self, sql: str, *values: object) -> Any:
        """A statement without rows."""
        return await self._run("execute", sql, values)

    async def close(self) -> None:
        """Close what is open; a connection in use closes when it is handed back to nobody."""
        while self.free:
            await self.free.pop().close(timeout=5)


async def open_lanes(url: str, size: int = 16) -> Lanes:
    """Lanes with one connection tried. Raises what connecting raises."""
    lanes = Lanes(url, size)
    await lanes.fetchval("SELECT 1")
    return lanes
