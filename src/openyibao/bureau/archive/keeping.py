"""What goes on beside a load 入库期间: a thread seals what is committed 边入库边封存, and the tables are not swept while they grow."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import TracebackType

import asyncpg
import psycopg

from openyibao.bureau.archive.copying import COLUMNS
from openyibao.bureau.settlement.seal import Sealer

SEALED_AT_ONCE = 5_000
PAUSE = 0.3
"""Seconds between two rounds."""

Progress = Callable[[str, int, int], None]
"""Called with the step ("persons", "seals"), how many are done, and of how many."""


class Beside:
    """Seals beside a load. Without an address it does nothing: then the server's sealer does it when it runs."""

    def __init__(self, url: str) -> None:
        """Not begun."""
        self.url, self.sealed = url, 0
        self.over, self.last = Event(), Event()
        self.problem: BaseException | None = None
        self.thread = Thread(target=self.run, name="sealing")

    def __enter__(self) -> "Beside":
        """Begin."""
        if self.url:
            self.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        """Stop; after a load that broke off, what is not sealed yet waits for the next sealer."""
        self.over.set()
        if self.thread.ident is not None:
            self.thread.join()

    def finish(self, progress: Progress) -> int:
        """Seal the rest; how many rows in all, 0 when another sealer is at work, which then does it. Raises what broke the sealing."""
        if not self.url:
            return 0
        self.last.set()
        self.over.set()
        self.thread.join()
        if self.problem is not None:
            raise self.problem
        progress("seals", self.sealed, self.sealed)
        return self.sealed

    def run(self) -> None:
        """The thread."""
        try:
            asyncio.run(self.rounds())
        except Exception as problem:        # told by the thread that waits
            self.problem = problem

    async def rounds(self) -> None:
        """Seal round after round until the load is over, and once more when it ended well."""
        connection = await asyncpg.connect(self.url)
        try:
            sealer = Sealer(connection, batch=SEALED_AT_ONCE)
            while not await sealer.take():      # another one seals: with a load that goes on for long it may end meanwhile
                if self.over.is_set():
                    return
                await asyncio.sleep(PAUSE)
            while not self.over.is_set():
                self.sealed += await sealer.seal()
                await asyncio.sleep(PAUSE)
            if self.last.is_set():
                self.sealed += await sealer.seal()
            await sealer.release()
        finally:
            await connection.close()


UNSWEPT = f"LOCK TABLE {', '.join(COLUMNS)} IN SHARE UPDATE EXCLUSIVE MODE NOWAIT"
"""Reads and writes go on under it; autovacuum passes over a table that it cannot have at once."""


@contextmanager
def unswept(url: str) -> Iterator[None]:
    """Keep autovacuum off the tables while they grow: it would read them from the start after each tenth.

    It ends with the connection, however the load ends. Where somebody else holds a table so (another load, an index being made), the load
    goes on without it.
    """
    with psycopg.connect(url) as connection:
        try:
            connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            connection.execute(UNSWEPT)
        except (psycopg.errors.LockNotAvailable, psycopg.errors.InsufficientPrivilege):
            connection.rollback()
        yield
