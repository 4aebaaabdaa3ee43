"""Verification by several workers 并行核验: pieces of the chains, ranges of persons and the queries between tables, in one snapshot.

What is looked at is `verify.verify`'s, and so is the answer: a piece of a chain begins at the seal before it, a person is in one range
whole. The workers read the snapshot that the first connection holds open, so that all of them see the database as it was at one instant.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

import psycopg

from openyibao.bureau.settlement.crosschecks import QUERIES, crosschecked
from openyibao.bureau.settlement.differences import Difference
from openyibao.bureau.settlement.replaying import BookOf
from openyibao.bureau.settlement.verify import KEPT, SNAPSHOT, Book, Head, Noted, Progress, Report, chained, ended, played
from openyibao.warehouse.run.runner import Runner

PIECE = 20_000
"""Journal rows of a task, about."""

AREAS = """SELECT poolarea, min(number), max(number), count(*) FROM settlement_seal GROUP BY poolarea ORDER BY poolarea"""
BEFORE = """SELECT poolarea, number, encode(chain, 'hex') FROM settlement_seal WHERE poolarea = %s AND number <= %s
  ORDER BY number DESC LIMIT 1"""
ROWS = """SELECT count(*) FROM settlement_journal"""
BOUNDS = """
SELECT min(psn_no) FROM (
  SELECT psn_no, ntile(%s) OVER (ORDER BY psn_no) AS part FROM (SELECT psn_no FROM settlement_journal WHERE id %% %s = 0) sample
) parts GROUP BY part ORDER BY part
"""
SAMPLE = 50


class Piece(NamedTuple):
    """Something to look at 一份核验任务: a piece of a chain, a range of persons, or a query between tables."""

    place: int
    url: str
    snapshot: str
    books: Callable[[], BookOf]  # called once in the worker
    since: datetime | None
    heads: tuple[Head, ...]
    kind: str  # "chain", "persons", "query"
    name: str  # of the pooling area, or the query's kind
    first: Any  # a chain's numbers above this, or persons from this on; None = from the beginning
    last: Any  # a chain's numbers up to this, or persons before this; None = to the end


class Looked(NamedTuple):
    """What a piece gave."""

    place: int
    steps: int
    rows: int
    persons: int
    sealed: int
    ends: dict[str, Head]
    standing: tuple[tuple[str, int], ...]  # noted heads that stand
    differences: tuple[Difference, ...]
    counts: dict[str, int]


def verify_spread(
    url: str, runner: Runner, books: Callable[[], BookOf], *, since: datetime | None = None, heads: Sequence[Head] = (),
    progress: Progress | None = None, piece: int = PIECE, sample: int = SAMPLE,
) -> Report:  # fmt: skip
    """`verify.verify` by several workers.

    url     the database; books  makes the policies by hash, in each worker: a function that can be named, not one made on the spot
    piece   journal rows of a task, about; sample  one journal row in so many tells where the ranges of persons begin
    """
    book, noted = Book(progress), {(head.poolarea, head.number): head.chain for head in heads}
    ends: dict[str, Head] = {}
    looked: list[Looked] = []
    with psycopg.connect(url, autocommit=True) as connection, connection.transaction():
        connection.execute(SNAPSHOT)
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")     # it waits for the workers, holding the snapshot
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        common = (url, row[0] if row else "", books, since, tuple(heads))
        tasks = [Piece(place, *common, *part) for place, part in enumerate(parts(connection, piece, sample))]
        for one in runner.run(look, tasks):
            looked.append(one)
            if progress is not None:
                progress(sum(part.steps for part in looked))
        for one in sorted(looked):
            ends.update(one.ends)
            book.counts.update(one.counts)
            book.found.extend(one.differences[: KEPT - len(book.found)])
            for key in one.standing:
                noted.pop(key, None)
        total = ended(connection, book, noted)
    rows, persons, sealed = (sum(figures) for figures in zip(*((one.rows, one.persons, one.sealed) for one in looked), strict=True))
    return Report(rows, persons, sealed, total - sealed, tuple(ends.values()), tuple(book.found), dict(book.counts))


def parts(connection: Any, piece: int, sample: int) -> Iterator[tuple[str, str, Any, Any]]:
    """What there is to look at; the longest first, so that the workers end together: kind, name, first, last."""
    (rows,) = connection.execute(ROWS).fetchone()
    count = max(-(-rows // piece), 1)
    found = connection.execute(BOUNDS, [count, sample]).fetchall() if count > 1 else []
    bounds = [None, *sorted_bounds(found), None]
    for first, last in pairwise(bounds):
        yield "persons", "", first, last
    for poolarea, lowest, highest, seals in connection.execute(AREAS).fetchall():
        gapless = highest - lowest + 1 == seals       # numbers that somebody has changed may lie anywhere
        edges = [None, *(range(lowest - 1 + piece, highest, piece) if gapless else ()), None]
        for first, last in pairwise(edges):
            yield "chain", poolarea, first, last
    for kind, _ in QUERIES:
        yield "query", kind, None, None


def sorted_bounds(found: Sequence[tuple[str]]) -> list[str]:
    """Where the second range begins, the third, ... in the database's own order; each once."""
    return list(dict.fromkeys(psn_no for (psn_no,) in found[1:]))


def look(piece: Piece) -> Looked:
    """Look at one piece, in a process that may be another."""
    book, noted = Book(None), {(head.poolarea, head.number): head.chain for head in piece.heads}
    rows = persons = sealed = 0
    ends: dict[str, Head] = {}
    with psycopg.connect(piece.url, autocommit=True) as connection, connection.transaction():
        connection.execute(SNAPSHOT)
        connection.execute(f"SET TRANSACTION SNAPSHOT '{piece.snapshot}'")
        if piece.kind == "persons":
            among = {"j.psn_no >= %s": piece.first, "j.psn_no < %s": piece.last}
            asked = {condition: bound for condition, bound in among.items() if bound is not None}
            rows, persons = played(connection, book, books_once(piece.books), piece.since, list(asked), list(asked.values()))
        elif piece.kind == "chain":
            ends, sealed = walked(connection, book, noted, piece)
        else:
            book.note(crosschecked(connection, piece.name))
    standing = tuple((head.poolarea, head.number) for head in piece.heads if (head.poolarea, head.number) not in noted)
    return Looked(piece.place, rows + sealed, rows, persons, sealed, ends, standing, tuple(book.found), dict(book.counts))


def walked(connection: Any, book: Book, noted: Noted, piece: Piece) -> tuple[dict[str, Head], int]:
    """A piece of a chain."""
    where, values, before = "WHERE s.poolarea = %s", [piece.name], None
    if piece.first is not None:
        where, values = f"{where} AND s.number > %s", [*values, piece.first]
        row = connection.execute(BEFORE, [piece.name, piece.first]).fetchone()
        before = Head(*row) if row else None
    if piece.last is not None:
        where, values = f"{where} AND s.number <= %s", [*values, piece.last]
    return chained(connection, book, noted, where, values, before)


KNOWN: dict[Callable[[], BookOf], BookOf] = {}
"""The policies that this process reads by."""


def books_once(books: Callable[[], BookOf]) -> BookOf:
    """The policies by hash, made once a process."""
    if books not in KNOWN:
        KNOWN[books] = books()
    return KNOWN[books]
