"""The hot path's statements within a desk's own transaction 事务内执行: on Django's connection, for what is not settled at a door.

A paper claim is settled together with the step of its review: one transaction for the claim, the settlement and the funds' entries.
"""

from typing import Any

import psycopg
from django.db import connection
from psycopg.rows import dict_row


class Overtaken(Exception):
    """Another window changed the person's year meanwhile: read again and decide again."""


AGAIN = frozenset(("OY001", "40001", "40P01", "55P03"))
"""SQL states: settlement_must, serialization, deadlock, lock not had in time."""


def rows(sql: str, *values: object) -> list[dict[str, Any]]:
    """The rows of a statement with numbered places ($1 …), by column."""
    connection.ensure_connection()
    with psycopg.RawCursor(connection.connection, row_factory=dict_row) as cursor:
        cursor.execute(sql.encode(), values)
        return cursor.fetchall()


def first_row(sql: str, *values: object) -> dict[str, Any]:
    """The first row of such a statement. Raises LookupError when there is none."""
    found = rows(sql, *values)
    if not found:
        raise LookupError("the statement found no row")
    return found[0]


def write(sql: str, *values: object) -> None:
    """A writing statement with numbered places. Raises Overtaken; the caller's savepoint takes back what was begun."""
    try:
        with psycopg.RawCursor(connection.connection) as cursor:
            cursor.execute(sql.encode(), values)
    except psycopg.Error as error:
        if error.sqlstate in AGAIN:
            raise Overtaken(str(error)) from error
        raise
