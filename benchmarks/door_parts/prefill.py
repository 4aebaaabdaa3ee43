"""A large house 存量: copies of one settled visit with all its rows, until so many settlements are stored.

Rows of every hot table are copied with fresh numbers and people of their own, sealed, triggers and foreign keys aside: that is the size of
ten million bills, and not their truth; `verify` would say so.
"""

import psycopg
from psycopg import sql

from door_parts.server import Server

FAR = 10_000_000_000_000
"""First number of a copied visit or settlement: beyond any that the server gives out."""

PEOPLE = 100_000
"""Copied bills are spread over so many people."""

CHUNK = 20_000
"""Settlements per transaction."""

BY_VISIT = ("settlement_encounter", "settlement_diagnosis", "settlement_line", "settlement_settlement", "settlement_standing")
BY_SETTLEMENT = ("settlement_layer", "settlement_journal", "fund_entry")
COUNTED = "SELECT count(*) FROM settlement_settlement"


def stored(server: Server) -> int:
    """Settlements in the house."""
    with server.connect() as connection:
        return int(one(connection, COUNTED))


def one(connection: psycopg.Connection, query: str, values: tuple[object, ...] = ()) -> int:
    """The single value of a query."""
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return int(row[0])


def filled(server: Server, size: int) -> int:
    """Copy until the house holds `size` settlements; how many it then holds."""
    with server.connect() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        setl_id = one(connection, "SELECT max(setl_id) FROM settlement_settlement WHERE mirror_of IS NULL AND setl_id < %s", (FAR,))
        mdtrt_id = one(connection, "SELECT mdtrt_id FROM settlement_settlement WHERE setl_id = %s", (setl_id,))
        done = one(connection, COUNTED)
        first = one(connection, "SELECT coalesce(max(setl_id) + 1, %s) FROM settlement_settlement WHERE setl_id >= %s", (FAR, FAR))
        while done < size:
            count = min(CHUNK, size - done)
            copied(connection, mdtrt_id, setl_id, first, count)
            connection.commit()
            first, done = first + count, done + count
    with server.connect() as connection:
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    return done


def copied(connection: psycopg.Connection, mdtrt_id: int, setl_id: int, first: int, count: int) -> None:
    """One chunk: numbers first … first + count - 1, the same for visit and settlement."""
    for table in BY_VISIT:
        copy(connection, table, sql.SQL("t.mdtrt_id = {}").format(mdtrt_id), first, count)
    for table in BY_SETTLEMENT:
        copy(connection, table, sql.SQL("t.setl_id = {}").format(setl_id), first, count)
    copy(connection, "fund_posting", sql.SQL("t.entry_id = {}").format(setl_id), first, count)
    copy(connection, "enrolment_accountmove", sql.SQL("t.ref = {}").format(str(setl_id)), first, count)
    copy(connection, "settlement_message", sql.SQL("t.ref IN ({}, {})").format(mdtrt_id, setl_id), first, count)
    connection.execute(sql.SQL("""
        INSERT INTO settlement_seal (poolarea, number, journal_id, chain, xact, at)
        SELECT j.poolarea, s.number + row_number() OVER (ORDER BY j.id), j.id, s.chain, j.xact, j.at FROM settlement_journal j
          CROSS JOIN LATERAL (SELECT number, chain FROM settlement_seal WHERE poolarea = j.poolarea ORDER BY number DESC LIMIT 1) s
        WHERE j.setl_id >= {} AND j.setl_id < {}""").format(first, first + count))


def copy(connection: psycopg.Connection, table: str, which: sql.Composable, first: int, count: int) -> None:
    """Copies of the rows of one table that belong to the visit, numbered g from `first` on."""
    columns = [row[0] for row in connection.execute(
        """SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_identity = 'NO' AND column_name <> 'xact'
           ORDER BY ordinal_position""", (table,))]  # fmt: skip
    fresh = FRESH | FRESH_OF.get(table, {})
    values = [sql.SQL(fresh[name]) if name in fresh else sql.SQL("t.{}").format(sql.Identifier(name)) for name in columns]
    statement = "INSERT INTO {} ({}) SELECT {} FROM {} t CROSS JOIN generate_series({}::bigint, {}::bigint) g WHERE {}"
    target = sql.Identifier(table)
    connection.execute(sql.SQL(statement).format(
        target, sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(", ").join(values), target, first, first + count - 1, which,
    ))  # fmt: skip


FRESH = {"mdtrt_id": "g", "setl_id": "g", "entry_id": "g", "id": "g", "psn_no": f"'BENCH' || (g % {PEOPLE})"}
"""Columns that get a fresh value in each copy; everything else stays."""

FRESH_OF = {
    "settlement_settlement": {"msgid": "'X' || g"}, "settlement_message": {"msgid": "t.infno || 'X' || g", "ref": "g"},
    "enrolment_accountmove": {"ref": "g::text"},
}  # fmt: skip
"""The same for columns of one table."""
