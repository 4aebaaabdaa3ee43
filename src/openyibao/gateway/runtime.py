"""What a door process holds while it runs 运行时: connections, books, the catalogue's copy, channels, sealer; read again on change."""

import asyncio
import dataclasses
import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import asyncpg
import psycopg
import structlog
from django.db import close_old_connections, connections

from openyibao.bureau.codes.catalogue import Catalogue, epochs, read_catalogue
from openyibao.bureau.enrolment.cipher import Cipher
from openyibao.bureau.monitoring.traffic import Traffic, gone, written
from openyibao.bureau.monitoring.watching import watched
from openyibao.bureau.policydesk import laid
from openyibao.bureau.policydesk.actions import put_in_force
from openyibao.bureau.policydesk.queries import Shelf, open_shelf, read_old
from openyibao.bureau.providers.models import Channel as ChannelRow
from openyibao.bureau.providers.models import Institution
from openyibao.bureau.settlement.seal import keep_sealing
from openyibao.bureau.settlement.store.lanes import Lanes, open_lanes
from openyibao.bureau.settlement.store.pool import Store
from openyibao.gateway import metrics
from openyibao.gateway.channels import BadSettings, Channels, channel_of_settings
from openyibao.gateway.envelope import LIMITS, widest
from openyibao.gateway.handling import Desk
from openyibao.gateway.schemes import Seen
from openyibao.policybook.book import policies_root

BEIJING = ZoneInfo("Asia/Shanghai")
POLL = 1.0
"""Seconds between looks at the epochs of the catalogue and of the policies."""

SLOWLY = 5
"""Every so many looks, channels and institutions are read again."""

REPORT, CHECK = 5.0, 12
"""Seconds between writes of the door's traffic; every so many writes the alerts' check is asked whether it is due."""

THREADS = 6
"""Handlers that use the ORM run in as many threads at most, so that they never take every connection."""

OPEN: "list[Runtime]" = []
"""The doors of this process that stand open, in order of opening: pages reach theirs by `inside.py`."""

Answer = TypeVar("Answer")
log = structlog.get_logger("openyibao.gateway")


class Runtime:
    """One door process."""

    def __init__(
        self,
        url: str,
        home: Path,
        keys: tuple[bytes, bytes],
        *,
        clock: Callable[[], datetime] | None = None,
        seals: bool = True,
        size: int = 16,
    ) -> None:
        """Nothing is opened before `startup`. `clock` gives an aware instant; `seals` False leaves the sealing to another process."""
        self.url, self.home, self.seals, self.size = url, home, seals, size
        self.cipher = Cipher(*keys)
        self.clock = clock or (lambda: datetime.now(BEIJING))
        self.seen = Seen()
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="desk")
        self.tasks: list[asyncio.Task[None]] = []
        self.serial = 0
        self.channels = Channels(())
        self.limits = LIMITS
        self.institutions: dict[str, str] = {}
        self.policies: laid.Epoch = (0, 0)
        self.reading = asyncio.Lock()
        self.traffic = Traffic(self.clock())
        self.catalogue: Catalogue
        self.desk: Desk
        self.pool: Lanes
        self.loop: asyncio.AbstractEventLoop

    async def startup(self) -> None:
        """Open everything. Raises what stands in the way: the database, a policy file, a wrong key."""
        self.loop = asyncio.get_running_loop()
        lanes = self.pool = await open_lanes(self.url, self.size)
        metrics.POOL_IN_USE.set_function(lambda: lanes.in_use)
        metrics.QUEUE.set_function(lambda: lanes.waiting)
        self.policies, shelf = await self.in_thread(self._shelf, None)
        self.catalogue = await self.in_thread(self._catalogue, None)
        await self.in_thread(self._parties)
        files = self.home / "files"
        files.mkdir(parents=True, exist_ok=True)
        self.desk = Desk(Store(self.pool), shelf, self.cipher, files, lambda: self.catalogue)
        self.tasks = [asyncio.create_task(self._watch()), asyncio.create_task(self._report())]
        gc.collect()
        gc.freeze()  # books, catalogue and Django stay for good: looking at them again would stop the door for tens of milliseconds
        if self.seals:
            self.tasks.append(asyncio.create_task(keep_sealing(lambda: asyncpg.connect(self.url), report=self._sealed)))
        OPEN.append(self)

    async def shutdown(self) -> None:
        """Close everything that startup opened."""
        if self in OPEN:
            OPEN.remove(self)
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if hasattr(self, "pool"):
            await self.report_now(last=True)
        await self.in_thread(connections.close_all)
        self.threads.shutdown(wait=True)
        if hasattr(self, "pool"):
            await self.pool.close()
        gc.unfreeze()   # what was kept from the collector goes with the interpreter, or DuckDB reports all of it as leaked

    async def in_thread(self, work: Callable[..., Answer], *values: Any) -> Answer:
        """Run work that waits (the ORM, a file) in one of this process's threads."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, _with_fresh_connection, work, values)

    def next_serial(self) -> int:
        """The serial of the next reply."""
        self.serial += 1
        return self.serial

    def _sealed(self, lag: float, pending: int) -> None:
        """The sealer's figures."""
        metrics.SEAL_LAG.set(lag)
        metrics.SEAL_PENDING.set(pending)

    def _shelf(self, before: Shelf | None) -> tuple[laid.Epoch, Shelf]:
        """The books with all that was approved, kept as packages before a bill settles under them; `before` where nothing changed."""
        epoch = laid.epoch()
        if before is not None and epoch == self.policies:
            return epoch, before
        shelf = open_shelf(policies_root(), laid=laid.laid_over(), before=before)
        put_in_force(shelf, at=self.clock(), by="server start" if before is None else "server")
        read_old(shelf)
        return epoch, shelf

    async def _follow_policies(self) -> None:
        """Settle with what was approved meanwhile; a bill that is being settled keeps the books it began with.

        For who holds `reading`: of two at once, the later to end would put the books back that it began with.
        """
        self.policies, shelf = await self.in_thread(self._shelf, self.desk.shelf)
        if shelf is not self.desk.shelf:
            self.desk = dataclasses.replace(self.desk, shelf=shelf)
            log.info("policies in force", books={book.city: book.digest[:12] for book in shelf.books.values()})

    def _catalogue(self, earlier: Catalogue | None) -> Catalogue:
        """The catalogue as it stands, over `earlier` where nothing changed."""
        with psycopg.connect(self.url) as connection:
            if earlier is not None and dict(earlier.epoch) == epochs(connection):
                return earlier
            return read_catalogue(connection, earlier)

    def _parties(self) -> None:
        """Channels and institutions; a channel with bad settings is left out, and said so in the log."""
        found = []
        for row in ChannelRow.objects.all():
            try:
                found.append(channel_of_settings({**row.settings, "code": row.code, "enabled": row.enabled}))
            except BadSettings as bad:
                log.error("channel left out", channel=row.code, problems=bad.problems)
        self.channels = Channels(found)
        self.limits = widest(found)
        self.institutions = dict(Institution.objects.values_list("fixmedins_code", "admdvs"))

    async def refresh(self, parties: bool = True) -> None:
        """Read policies and catalogue again now where they changed, and channels and institutions with `parties`; one at a time."""
        async with self.reading:
            self.catalogue = await self.in_thread(self._catalogue, self.catalogue)
            await self._follow_policies()
            if parties:
                await self.in_thread(self._parties)

    async def _watch(self) -> None:
        """Follow changes of the policies, the catalogue, the channels and the institutions; a database that is away is waited for."""
        look = 0
        while True:
            await asyncio.sleep(POLL)
            look += 1
            try:
                await self.refresh(parties=look % SLOWLY == 0)
            except Exception as error:
                log.warning("could not look for changes", error=repr(error))

    async def _report(self) -> None:
        """Write what was added up, every few seconds; now and then see whether the check is due."""
        look = 0
        while True:
            await asyncio.sleep(REPORT)
            look += 1
            await self.report_now()
            if look % CHECK == 0:
                try:
                    await self.in_thread(lambda: watched(at=self.clock()))
                except Exception as error:
                    log.warning("the check could not run", error=repr(error))

    async def report_now(self, last: bool = False) -> None:
        """Write the traffic since the last time. What cannot be written is kept for the next; at the end the process takes its row away."""
        tally = self.traffic.drained()
        load = self.traffic.load(self.pool.waiting, self.pool.in_use)
        try:
            await self.in_thread(written, self.traffic, tally, load, self.clock())
            if last:
                await self.in_thread(gone, self.traffic)
        except Exception as error:
            self.traffic.put_back(tally)
            log.warning("traffic could not be written", error=repr(error))


def _with_fresh_connection(work: Callable[..., Answer], values: tuple[Any, ...]) -> Answer:
    """Work with a database connection that is still good, left good for the next."""
    close_old_connections()
    try:
        return work(*values)
    finally:
        close_old_connections()
