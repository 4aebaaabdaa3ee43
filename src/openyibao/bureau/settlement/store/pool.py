"""The store of the hot path: statements, the numbers of documents, and what a refused statement means."""

import asyncio
import weakref
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec

from openyibao.bureau.settlement.store.gathering import Together
from openyibao.bureau.settlement.store.lanes import Lanes

ENCODER = msgspec.json.Encoder()
HANDS = 2
"""Statements of one kind at one time; what comes meanwhile waits and goes together."""

BLOCK = 1_000
"""Numbers per step of the sequence document_number (migration fund 0002)."""

class Conflict(Exception):
    """Another window changed the person's year, account or visit meanwhile: read again and decide again."""


class AlreadyAnswered(Exception):
    """The message id has been answered meanwhile: read the first answer."""


class Taken(Exception):
    """What should be written stands already; `constraint` says which rule refused it."""

    def __init__(self, constraint: str) -> None:
        """Keep the name of the rule."""
        self.constraint = constraint
        super().__init__(constraint)


AGAIN = frozenset(("OY001", "40001", "40P01", "55P03"))
"""SQL states: settlement_must, serialization, deadlock, lock not had in time."""

RETRY = frozenset(("settlement_year_once", "enrolment_account_not_negative"))


def meaning(error: asyncpg.PostgresError) -> Exception:
    """What an error of a hot statement means; the error itself when it is nobody's expected case."""
    state, constraint = error.sqlstate, getattr(error, "constraint_name", None) or ""
    if state in AGAIN or constraint in RETRY:
        return Conflict(str(error))
    if constraint == "settlement_message_once":
        return AlreadyAnswered()
    if state == "23505":
        return Taken(constraint)
    return error


class Store:
    """The hot path's hands: connections and a block of numbers."""

    def __init__(self, pool: Lanes) -> None:
        """Over open lanes."""
        self.pool = pool
        self._reading: dict[str, Together] = {}
        self._writing: dict[str, Together] = {}
        self._next, self._end = 0, 0
        self._drawing = asyncio.Lock()
        self._busy: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def numbers(self, count: int) -> range:
        """`count` document numbers 单据号 (<= BLOCK), in a row, never given twice."""
        async with self._drawing:
            if self._next + count > self._end:
                first = await self.pool.fetchval("SELECT nextval('document_number')")
                self._next, self._end = first, first + BLOCK
            taken = range(self._next, self._next + count)
            self._next += count
        return taken

    @asynccontextmanager
    async def one_at_a_time(self, psn_no: str) -> AsyncIterator[None]:
        """Serialise this server's work on one person: the database would only make the second window try again."""
        lock = self._busy.get(psn_no)
        if lock is None:
            lock = self._busy[psn_no] = asyncio.Lock()
        async with lock:
            yield

    async def row(self, sql: str, *values: object) -> Any:
        """The first row of a query, None without one."""
        return await self.pool.fetchrow(sql, *values)

    async def rows(self, sql: str, *values: object) -> list[Any]:
        """All rows of a query."""
        return await self.pool.fetch(sql, *values)

    async def together(self, sql: str, question: dict[str, Any]) -> Any:
        """The row for one question of a statement that reads many (a JSON list with `place`, a row per place), None without one."""
        reading = self._reading.get(sql)
        if reading is None:

            async def read(questions: Sequence[dict[str, Any]]) -> Sequence[Any]:
                asked = [{"place": place, **one} for place, one in enumerate(questions)]
                rows = {row["place"]: row for row in await self.rows(sql, ENCODER.encode(asked).decode())}
                return [rows.get(place) for place in range(len(asked))]

            reading = self._reading[sql] = Together(read, HANDS)
        return await reading.ask(question)

    async def written(self, sql: str, document: Any) -> None:
        """Write one document by a statement that writes many (a JSON list), committed when this returns. Raises as `write` does."""
        writing = self._writing.get(sql)
        if writing is None:

            async def write(documents: Sequence[Any]) -> Sequence[Any]:
                await self.write(sql, ENCODER.encode(documents).decode())
                return [None] * len(documents)

            writing = self._writing[sql] = Together(write, HANDS)
        await writing.ask(document)

    async def write(self, sql: str, *values: object) -> None:
        """One writing statement, committed when this returns. Raises Conflict, AlreadyAnswered, Taken."""
        try:
            await self.pool.execute(sql, *values)
        except asyncpg.PostgresError as error:
            told = meaning(error)
            if told is error:
                raise
            raise told from error

    async def write_together(self, statements: list[tuple[str, tuple[object, ...]]]) -> None:
        """Several writing statements in one transaction. Raises Conflict, AlreadyAnswered, Taken."""
        try:
            async with self.pool.lane() as connection, connection.transaction():
                for sql, values in statements:
                    await connection.execute(sql, *values)
        except asyncpg.PostgresError as error:
            told = meaning(error)
            if told is error:
                raise
            raise told from error
