"""The sealer numbers the journal without gaps in the order of transactions, alone, after a restart, and after a restore."""

import asyncio

import asyncpg
import psycopg
import pytest

from bureau.settlement.writer import Writer
from openyibao.bureau.settlement.chain import COLUMNS, ROW_DIGEST, Row, canonical, link, origin, row_digest
from openyibao.bureau.settlement.seal import Sealer, keep_sealing
from openyibao.bureau.settlement.store.lanes import open_lanes
from openyibao.bureau.settlement.store.pool import Store

INSERT = (
    "INSERT INTO settlement_journal (poolarea, psn_no, insutype, setl_id, what, at, digest, shape, claim, before, receipt, after, entry) "
    "VALUES (%s, %s, '310', %s, 'S', now(), 'd', 1, '{1,2}', '{3}', '{-4}', '{5}', %s) RETURNING id"
)
SEALS = "SELECT number, journal_id FROM settlement_seal WHERE poolarea = %s ORDER BY number"


def insert(connection, setl_id, area="433100", psn_no="P1", entry=("a|b|1",)):
    return connection.execute(INSERT, [area, psn_no, setl_id, list(entry)]).fetchone()[0]


def seal(url, batch=100):
    """One sealer's round in a connection of its own."""

    async def once():
        connection = await asyncpg.connect(url)
        try:
            sealer = Sealer(connection, batch=batch)
            return await sealer.seal() if await sealer.take() else None
        finally:
            await connection.close()

    return asyncio.run(once())


@pytest.mark.parametrize("text", ["", "张三 \"quoted\" \\ back", "tab\tline\nbell\x07 del\x7f", "emoji 😀 \u2028", "a,b]|c"])
def test_the_database_and_we_hash_the_same_bytes(plain, text):
    insert(plain, 9_000_000_000_000, psn_no=text, entry=(text, "x|y|-5"))
    row = plain.execute(f"SELECT {COLUMNS} FROM settlement_journal j").fetchone()
    (theirs,) = plain.execute(f"SELECT {ROW_DIGEST} FROM settlement_journal j").fetchone()
    assert row_digest(Row(*row)) == bytes(theirs)


def test_every_field_is_in_the_bytes(plain):
    insert(plain, 1)
    row = Row(*plain.execute(f"SELECT {COLUMNS} FROM settlement_journal j").fetchone())
    later = row.at.replace(microsecond=(row.at.microsecond + 1) % 1_000_000)
    others = {"of": 7, "at": later, "claim": [1, 3], "before": [0], "receipt": [4], "after": [], "entry": ["a|b", "1"], "id": 99,
              "setl_id": 2, "shape": 3}  # fmt: skip
    changed = {canonical(row._replace(**{name: others.get(name, "z")})) for name in Row._fields}
    assert len(changed) == len(Row._fields)
    assert canonical(row) not in changed


def test_rows_are_numbered_per_area_and_chained(plain, fresh_database):
    rows = {area: [insert(plain, number, area) for number in range(5)] for area in ("433100", "610900")}
    assert seal(fresh_database, batch=3) == 10
    for area, ids in rows.items():
        assert plain.execute(SEALS, [area]).fetchall() == [(number, one) for number, one in enumerate(ids, 1)]
        chain = origin(area)
        for row in plain.execute(f"SELECT {COLUMNS} FROM settlement_journal j WHERE poolarea = %s ORDER BY id", [area]).fetchall():
            chain = link(chain, row_digest(Row(*row)))
        (last,) = plain.execute("SELECT chain FROM settlement_seal WHERE poolarea = %s ORDER BY number DESC LIMIT 1", [area]).fetchone()
        assert bytes(last) == chain
    assert seal(fresh_database) == 0


def test_a_row_waits_for_transactions_that_began_before_it(plain, fresh_database):
    with psycopg.connect(fresh_database) as slow:
        first = insert(slow, 1)
        second = insert(plain, 2)
        assert seal(fresh_database) == 0
        slow.commit()
    assert seal(fresh_database) == 2
    assert plain.execute(SEALS, ["433100"]).fetchall() == [(1, first), (2, second)]


def test_a_row_given_up_leaves_no_gap(plain, fresh_database):
    with psycopg.connect(fresh_database) as slow:
        insert(slow, 1)
        kept = insert(plain, 2)
        slow.rollback()
    assert seal(fresh_database) == 1
    assert plain.execute(SEALS, ["433100"]).fetchall() == [(1, kept)]


def test_an_earlier_transaction_is_sealed_first_though_its_row_came_later(plain, fresh_database):
    with psycopg.connect(fresh_database) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        second = insert(plain, 2)
        first = insert(slow, 1)
        slow.commit()
    assert first > second
    seal(fresh_database)
    assert plain.execute(SEALS, ["433100"]).fetchall() == [(1, first), (2, second)]


def test_there_is_one_sealer_and_the_next_goes_on(plain, fresh_database):
    insert(plain, 1)

    async def two():
        holder, other = [await asyncpg.connect(fresh_database) for _ in range(2)]
        first, second = Sealer(holder), Sealer(other)
        assert await first.take()
        assert not await second.take()
        assert await first.seal() == 1
        await holder.close()
        while not await second.take():      # the lock goes with the connection, a moment after it
            await asyncio.sleep(0.01)
        insert(plain, 2)
        sealed = await second.seal(), await second.lag()
        await other.close()
        return sealed

    count, (age, waiting) = asyncio.run(two())
    assert (count, age, waiting) == (1, 0.0, 0)
    assert [number for number, _ in plain.execute(SEALS, ["433100"])] == [1, 2]


def test_the_lag_is_the_age_of_the_oldest_row_that_waits(plain, fresh_database):
    async def lag():
        connection = await asyncpg.connect(fresh_database)
        sealer = Sealer(connection)
        await sealer.take()
        with psycopg.connect(fresh_database) as slow:
            slow.execute("SELECT pg_current_xact_id()")
            insert(plain, 1)
            insert(plain, 2)
            await sealer.seal()
            waiting = await sealer.lag()
            slow.rollback()
        await sealer.seal()
        after = await sealer.lag()
        await connection.close()
        return waiting, after

    (age, rows), after = asyncio.run(lag())
    assert age > 0
    assert rows == 2
    assert after == (0.0, 0)


def test_a_restored_database_goes_on_with_lower_transaction_numbers(plain, fresh_database):
    ids = [insert(plain, number) for number in range(3)]
    seal(fresh_database)
    ids.append(insert(plain, 3))
    for table in ("journal", "seal"):                   # as a dump brings them: numbers that this server has not come to
        plain.execute(f"ALTER TABLE settlement_{table} DISABLE TRIGGER USER")
        plain.execute(f"UPDATE settlement_{table} SET xact = (xact::text::bigint + 1000000)::text::xid8")
        plain.execute(f"ALTER TABLE settlement_{table} ENABLE TRIGGER USER")
    ids.append(insert(plain, 4))
    seal(fresh_database)
    ids.append(insert(plain, 5))
    seal(fresh_database)
    assert plain.execute(SEALS, ["433100"]).fetchall() == [(number, one) for number, one in enumerate(ids, 1)]


SEALERS_END = """
SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
 WHERE l.locktype = 'advisory' AND d.datname = current_database()
"""


def test_the_task_seals_and_comes_back_after_the_database_was_away(plain, fresh_database):
    reports = []

    async def whole():
        pool = await open_lanes(fresh_database, 2)
        writer = Writer(Store(pool))
        person = await writer.person("P1", account=5_000)
        sealing = keep_sealing(lambda: asyncpg.connect(fresh_database), pause=0.02, report=lambda *lag: reports.append(lag))
        task = asyncio.create_task(sealing)
        try:
            await writer.settles(person)
            await until(1)
            plain.execute(SEALERS_END)
            await writer.settles(person)
            await until(2)
            told = len(reports)
            while len(reports) == told:
                await asyncio.sleep(0.01)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await pool.close()

    async def until(count):
        while len(plain.execute(SEALS, ["433100"]).fetchall()) < count:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(whole(), 60))
    assert reports[-1][1] == 0
