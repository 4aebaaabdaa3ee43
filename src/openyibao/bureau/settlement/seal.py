"""The sealer 日志封存: numbers the journal without gaps per pooling area and chains it by hash, shortly after each commit.

No window waits for it: a settlement commits its journal row unsealed, and one sealer comes by every third of a second.

Rows are taken in the order of (transaction, id). A row may be sealed once no transaction that began before it can still commit one that
would stand in front of it: `xact < pg_snapshot_xmin(...)`. A write transaction that stays open therefore holds sealing up (the lag says
so), and `verify` covers what is not sealed yet. There is one sealer at a time, by an advisory lock that its connection holds; others
wait, and take over when that connection ends. A restart goes on where the last committed batch ended.

A database restored from a dump counts its transactions anew. Rows of the time before are told by a transaction number that has not been
given out yet; they are complete, and are sealed first.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import asyncpg

from openyibao.bureau.settlement.chain import ROW_DIGEST, link, origin

LOCK = 0x6F79_7365_616C
"""The advisory lock of the sealer ("oyseal"): one holder per database."""

PAUSE = 0.3
BATCH = 5_000

BY_INDEX = """SET enable_seqscan = off; SET enable_hashjoin = off; SET plan_cache_mode = force_custom_plan"""
"""A round reads a few rows at the end of tables that hold all years: no plan may ever read the whole of one."""

TAKE = """SELECT pg_try_advisory_lock($1)"""
RELEASE = """SELECT pg_advisory_unlock($1)"""

HORIZON = """SELECT pg_snapshot_xmin(s)::text AS low, pg_snapshot_xmax(s)::text AS high FROM pg_current_snapshot() s"""

TAILS = """
WITH RECURSIVE area AS (
  (SELECT poolarea FROM settlement_seal ORDER BY poolarea LIMIT 1)
  UNION ALL
  SELECT (SELECT s.poolarea FROM settlement_seal s WHERE s.poolarea > area.poolarea ORDER BY s.poolarea LIMIT 1)
    FROM area WHERE area.poolarea IS NOT NULL
)
SELECT t.poolarea, t.number, t.chain FROM area
  CROSS JOIN LATERAL (SELECT * FROM settlement_seal s WHERE s.poolarea = area.poolarea ORDER BY s.number DESC LIMIT 1) t
"""

LAST = """SELECT xact::text FROM settlement_seal ORDER BY id DESC LIMIT 1"""

ROWS = f"""
SELECT j.id, j.xact::text AS xact, j.poolarea, {ROW_DIGEST} AS digest
FROM settlement_journal j
WHERE {{which}} AND (SELECT s.id FROM settlement_seal s WHERE s.journal_id = j.id) IS NULL
ORDER BY j.xact, j.id LIMIT {{limit}}
"""

SEAL = """
INSERT INTO settlement_seal (poolarea, number, journal_id, chain, xact, at)
SELECT t.poolarea, t.number, t.journal_id, t.chain, t.xact::xid8, clock_timestamp()
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[], $5::text[]) WITH ORDINALITY
  AS t(poolarea, number, journal_id, chain, xact, place)
ORDER BY t.place
"""

PENDING = """
SELECT count(*) AS rows, coalesce(extract(epoch FROM clock_timestamp() - min(j.at)), 0)::float8 AS age
FROM settlement_journal j WHERE j.xact >= $1::text::xid8 AND (SELECT s.id FROM settlement_seal s WHERE s.journal_id = j.id) IS NULL
"""

LOST = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.OperatorInterventionError, OSError)
"""What a connection raises when the database went away."""

Connect = Callable[[], Awaitable[Any]]
Report = Callable[[float, int], None]

log = logging.getLogger(__name__)


class Tail(NamedTuple):
    """The end of a pooling area's chain: the last number and its hash."""

    number: int
    chain: bytes


class Sealer:
    """One sealer on one connection, which it does not share."""

    def __init__(self, connection: Any, *, batch: int = BATCH) -> None:
        """Nothing taken yet.

        connection  an asyncpg connection
        batch       rows sealed in one transaction
        """
        self.connection, self.batch = connection, batch
        self.tails: dict[str, Tail] = {}
        self.low = "0"  # every row of a transaction below this is sealed

    async def take(self) -> bool:
        """Become the sealer, unless another is. Then the chain's ends are read, and what a restored database left is sealed."""
        if not await self.connection.fetchval(TAKE, LOCK):
            return False
        await self.connection.execute(BY_INDEX)
        self.tails = {row["poolarea"]: Tail(row["number"], bytes(row["chain"])) for row in await self.connection.fetch(TAILS)}
        horizon = await self.connection.fetchrow(HORIZON)
        last = await self.connection.fetchval(LAST) or "0"
        self.low = last if int(last) < int(horizon["high"]) else "0"
        while len(await self._batch("j.xact >= $1::text::xid8", horizon["high"])) == self.batch:
            pass
        return True

    async def release(self) -> None:
        """Let another be the sealer."""
        await self.connection.fetchval(RELEASE, LOCK)

    async def seal(self) -> int:
        """Seal whatever can be sealed now; how many rows."""
        count = 0
        while True:
            horizon = (await self.connection.fetchrow(HORIZON))["low"]
            sealed = await self._batch("j.xact >= $1::text::xid8 AND j.xact < $2::text::xid8", self.low, horizon)
            count += len(sealed)
            if len(sealed) < self.batch:
                self.low = horizon
                return count

    async def lag(self) -> tuple[float, int]:
        """Age in seconds of the oldest journal row that is not sealed 未封存时长, and how many there are."""
        row = await self.connection.fetchrow(PENDING, self.low)
        return max(row["age"], 0.0), row["rows"]

    async def _batch(self, which: str, *values: str) -> list[Any]:
        """Seal up to a batch of the rows that a condition selects, in one transaction; the rows."""
        rows: list[Any] = await self.connection.fetch(ROWS.format(which=which, limit=self.batch), *values)
        if not rows:
            return rows
        tails, numbers, chains = dict(self.tails), [], []
        for row in rows:
            tail = tails.get(row["poolarea"]) or Tail(0, origin(row["poolarea"]))
            tail = Tail(tail.number + 1, link(tail.chain, bytes(row["digest"])))
            tails[row["poolarea"]] = tail
            numbers.append(tail.number)
            chains.append(tail.chain)
        await self.connection.execute(
            SEAL, [row["poolarea"] for row in rows], numbers, [row["id"] for row in rows], chains, [row["xact"] for row in rows]
        )
        self.tails = tails
        return rows


async def keep_sealing(connect: Connect, *, pause: float = PAUSE, report: Report | None = None) -> None:
    """Seal until cancelled: the task of a server process. It comes back after the database went away, and waits while another seals.

    connect  makes a connection of the sealer's own
    report   called after each round with the lag in seconds and the rows that wait
    """
    while True:
        try:
            connection = await connect()
            try:
                await _rounds(Sealer(connection), pause, report)
            finally:
                connection.terminate()
        except LOST as lost:
            log.warning("sealer: the database went away (%s), trying again", type(lost).__name__)
        except Exception:       # whatever it was, sealing goes on, and the log and the lag tell of it
            log.exception("sealer: a round failed, starting again from the last seal")
        await asyncio.sleep(max(pause, 0.05))


async def _rounds(sealer: Sealer, pause: float, report: Report | None) -> None:
    """Wait for the lock, then seal round after round."""
    while not await sealer.take():
        await asyncio.sleep(1.0)
    while True:
        await sealer.seal()
        if report is not None:
            report(*await sealer.lag())
        await asyncio.sleep(pause)
