"""Verification 核验: the journal's chain, every settlement settled again, and every table that follows from it, to the fen.

One snapshot of the database (REPEATABLE READ, read only), so that a running server does not disturb it and is not disturbed; rows are
streamed in the order of chains and of persons, so that memory holds one person at a time. What is not sealed yet is played with the rest.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from psycopg.pq import TransactionStatus

from openyibao.bureau.settlement.chain import COLUMNS, Row, link, origin, row_digest
from openyibao.bureau.settlement.crosschecks import crosschecked
from openyibao.bureau.settlement.differences import Difference
from openyibao.bureau.settlement.packing import unpack
from openyibao.bureau.settlement.replaying import FIGURES, Beside, BookOf, Playing, different_years
from openyibao.kernel.year import Year

KEPT = 1_000
"""Differences that a report keeps; the rest are counted."""

FETCH = 1_000
"""Rows per round trip."""

STEP = 500
"""Rows between two calls of `progress`."""

CHAINS = f"""
SELECT s.number, s.chain, s.poolarea, s.journal_id, {COLUMNS} FROM settlement_seal s
LEFT JOIN settlement_journal j ON j.id = s.journal_id {{where}} ORDER BY s.poolarea, s.number
"""

PASSED_OVER = """
SELECT j.id, j.setl_id, j.psn_no FROM settlement_journal j LEFT JOIN settlement_seal s ON s.journal_id = j.id,
  (SELECT t.xact FROM settlement_seal t ORDER BY t.id DESC LIMIT 1) last
WHERE s.id IS NULL AND j.xact < last.xact AND last.xact < pg_snapshot_xmax(pg_current_snapshot()) ORDER BY j.id
"""
"""Unsealed rows that stand before the last sealed one: the sealer cannot have left them. Just after a restore nothing can be said."""

_FIGURES = ", ".join(f's."{name}"' for name in FIGURES)
PERSONS = f"""
SELECT {COLUMNS}, s.setl_id, s.mirror_of, s.fixmedins_code, s.digest, to_char(s.day, 'YYYYMMDD')::int,
  ARRAY(SELECT l.fund_pay_type || '|' || l.fen FROM settlement_layer l WHERE l.setl_id = j.setl_id),
  ARRAY(SELECT p.fund || '|' || p.account || '|' || p.fen FROM fund_entry e JOIN fund_posting p ON p.entry_id = e.id
        WHERE e.setl_id = j.setl_id),
  {_FIGURES}
FROM settlement_journal j LEFT JOIN settlement_settlement s ON s.setl_id = j.setl_id
{{where}} ORDER BY j.psn_no, j.insutype, j.id
"""
SINCE = "EXISTS (SELECT FROM settlement_journal k WHERE k.psn_no = j.psn_no AND k.insutype = j.insutype AND k.at >= %s)"

OPENINGS = """SELECT psn_no, insutype, year, figures FROM settlement_opening WHERE psn_no = ANY(%s)"""
YEARS = """SELECT psn_no, insutype, year, figures FROM settlement_year WHERE psn_no = ANY(%s)"""

YEARS_WITHOUT_JOURNAL = """
SELECT y.psn_no || ' ' || y.insutype || ' ' || y.year FROM settlement_year y
WHERE NOT EXISTS (SELECT FROM settlement_journal j WHERE j.psn_no = y.psn_no AND j.insutype = y.insutype)
  AND NOT EXISTS (SELECT FROM settlement_opening o
    WHERE o.psn_no = y.psn_no AND o.insutype = y.insutype AND o.year = y.year AND o.figures = y.figures)
"""

SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"

Progress = Callable[[int], None]

Noted = dict[tuple[str, int], str]
"""Chain by pooling area and number."""


class Head(NamedTuple):
    """The end of a pooling area's chain 链头: note it elsewhere, and a later `verify` can show that nothing before it was exchanged."""

    poolarea: str
    number: int
    chain: str  # hex


class Report(NamedTuple):
    """What was looked at and what differs."""

    rows: int  # journal rows settled again
    persons: int  # persons and schemes
    sealed: int
    unsealed: int
    heads: tuple[Head, ...]
    differences: tuple[Difference, ...]  # the first KEPT
    counts: dict[str, int]  # kind -> how many

    @property
    def clean(self) -> bool:
        """Whether nothing differs."""
        return not self.counts


class Book:
    """The differences found so far."""

    def __init__(self, progress: Progress | None) -> None:
        """Nothing found, nothing done."""
        self.progress, self.done = progress, 0
        self.found: list[Difference] = []
        self.counts: Counter[str] = Counter()

    def note(self, differences: Iterator[Difference]) -> None:
        """Keep differences."""
        for one in differences:
            self.counts[one.kind] += 1
            if len(self.found) < KEPT:
                self.found.append(one)

    def step(self) -> None:
        """One row further."""
        self.done += 1
        if self.progress is not None and self.done % STEP == 0:
            self.progress(self.done)


def verify(
    connection: Any, book_of: BookOf, *, since: datetime | None = None, heads: Sequence[Head] = (), progress: Progress | None = None
) -> Report:
    """Look at everything; the report says what differs.

    connection  psycopg; in a transaction already, that one is looked at as it is
    book_of     policies of a package by its hash
    since       settle again only persons with a journal row since then, each from the first row on; the rest is looked at all the same
    heads       ends of chains noted earlier, which must still stand
    progress    called with the rows done so far, chain and replay together: twice the journal at the end
    """
    book = Book(progress)
    alone = connection.info.transaction_status == TransactionStatus.IDLE
    with connection.transaction():
        if alone:
            connection.execute(SNAPSHOT)
        noted = {(head.poolarea, head.number): head.chain for head in heads}
        ends, sealed = chained(connection, book, noted)
        rows, persons = played(connection, book, book_of, since)
        book.note(crosschecked(connection))
        total = ended(connection, book, noted)
    return Report(rows, persons, sealed, total - sealed, tuple(ends.values()), tuple(book.found), dict(book.counts))


def ended(connection: Any, book: Book, noted: Noted) -> int:
    """What is left to say once all was looked at; how many rows the journal has."""
    book.note(Difference("chain.head", f"{poolarea} {number}", "-", chain) for (poolarea, number), chain in noted.items())
    behind = connection.execute(PASSED_OVER).fetchall()
    book.note(Difference("chain.passed-over", f"{psn_no} journal {one} setl_id {setl_id}") for one, setl_id, psn_no in behind)
    book.note(Difference("year.missing", place) for (place,) in connection.execute(YEARS_WITHOUT_JOURNAL))
    (total,) = connection.execute("SELECT count(*) FROM settlement_journal").fetchone()
    return int(total)


def chained(
    connection: Any, book: Book, noted: Noted, where: str = "", values: Sequence[Any] = (), before: Head | None = None
) -> tuple[dict[str, Head], int]:
    """Walk every chain from its origin, or a piece of one from the seal `before` it; the heads and how many rows are sealed.

    noted  the heads that were noted; those that stand are taken out
    """
    ends: dict[str, Head] = {}
    sealed = 0
    with connection.cursor(name="chains", binary=True) as cursor:
        cursor.itersize = FETCH
        for number, said, poolarea, journal_id, *rest in cursor.execute(CHAINS.format(where=where), values):
            if poolarea in ends:
                last = ends[poolarea].number
            elif before is not None:
                chain, last = bytes.fromhex(before.chain), before.number
            else:
                chain, last = origin(poolarea), 0
            book.note(links(poolarea, last, number, chain, bytes(said), journal_id, rest))
            chain = bytes(said)                         # go on from what is written: a broken link is told once
            ends[poolarea] = Head(poolarea, number, chain.hex())
            if noted.get((poolarea, number)) == chain.hex():
                del noted[poolarea, number]
            sealed += 1
            book.step()
    return ends, sealed


def links(
    poolarea: str, last: int, number: int, chain: bytes, said: bytes, journal_id: int, columns: Sequence[Any]
) -> Iterator[Difference]:
    """What is wrong with one seal."""
    place = f"{poolarea} {number}"
    if number != last + 1:
        yield Difference("chain.number", place, str(number), str(last + 1))
    if columns[0] is None:
        yield Difference("chain.row-gone", place, "-", f"journal {journal_id}")
        return
    row = Row(*columns)
    if row.poolarea != poolarea:
        yield Difference("chain.area", f"{place} journal {row.id}", poolarea, row.poolarea)
    expected = link(chain, row_digest(row))
    if said != expected:
        yield Difference("chain.hash", f"{place} journal {row.id} setl_id {row.setl_id}", said.hex(), expected.hex())


def played(
    connection: Any, book: Book, book_of: BookOf, since: datetime | None, among: Sequence[str] = (), bounds: Sequence[str] = ()
) -> tuple[int, int]:
    """Play every person's journal, or of those among whom conditions (with their values, `bounds`) put one; how many rows and persons."""
    conditions = " AND ".join([*among, *([SINCE] if since else [])])
    query, values = PERSONS.format(where=f"WHERE {conditions}" if conditions else ""), [*bounds, *([since] if since else [])]
    rows, persons = 0, 0
    playing: Playing | None = None
    years: Years = {}
    width = len(Row._fields)
    with connection.cursor(name="persons", binary=True) as cursor:
        cursor.execute(query, values)
        while chunk := cursor.fetchmany(FETCH):
            names = sorted({columns[PSN_NO] for columns in chunk})
            openings, next_years = by_person(connection, OPENINGS, names), by_person(connection, YEARS, names)
            for columns in chunk:
                row = Row(*columns[:width])
                if playing is None or (playing.psn_no, playing.insutype) != (row.psn_no, row.insutype):
                    if playing is not None:
                        key = (playing.psn_no, playing.insutype)
                        book.note(finished(playing, next_years if key in next_years else years))
                    playing = Playing(row.psn_no, row.insutype, openings.get((row.psn_no, row.insutype), {}), book_of)
                    persons += 1
                setl_id, mirror_of, institution, digest, day, layers, postings, *figures = columns[width:]
                book.note(playing.row(row, Beside(setl_id, mirror_of, institution, digest, day, figures, layers, postings)))
                rows += 1
                book.step()
            years = next_years
    if playing is not None:
        book.note(finished(playing, years))
    return rows, persons


Years = dict[tuple[str, str], dict[int, list[int]]]
"""psn_no, insutype -> year -> figures."""

PSN_NO = Row._fields.index("psn_no")


def by_person(connection: Any, query: str, names: list[str]) -> Years:
    """Figures of some persons."""
    found: Years = {}
    for psn_no, insutype, year, figures in connection.execute(query, [names]):
        found.setdefault((psn_no, insutype), {})[year] = figures
    return found


def finished(playing: Playing, years: Years) -> Iterator[Difference]:
    """The person's years as the table has them, against the last rows of the journal."""
    table = years.get((playing.psn_no, playing.insutype), {})
    for number in sorted({*table, *playing.years}):
        place = f"{playing.psn_no} {playing.insutype} {number}"
        if number in table and number in playing.years:
            yield from different_years("year.differs", place, unpack(Year, table[number]), playing.years[number])
        elif playing.openings.get(number) is None or playing.openings[number] != table.get(number):
            yield Difference("year.missing", place)
