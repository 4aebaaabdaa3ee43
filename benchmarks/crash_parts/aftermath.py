"""What must hold after a crash 崩溃后核对: what was answered is there once, nothing else is, and the books close."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import psycopg

from crash_parts.storm import Answered
from openyibao.bureau.settlement.verify import verify
from openyibao.policybook.book import Book, load_book, policies_root

BOOKS: dict[str, Book] = {}


class Aftermath(NamedTuple):
    """What was found: settlements in the database, and what is wrong with them."""

    settlements: int
    lost: tuple[Answered, ...]  # answered, not there
    doubled: int  # message ids that settled more than once
    unknown: int  # there, though every message that asked for one was answered otherwise
    differing: tuple[str, ...]  # what verify found

    @property
    def clean(self) -> bool:
        """Whether all is well."""
        return not (self.lost or self.doubled or self.unknown or self.differing)


def book_of(digest: str) -> Book | None:
    """The policies that the server settles under: those of this checkout."""
    if not BOOKS:
        book = load_book(policies_root(), "jishou")
        BOOKS[book.digest] = book
    return BOOKS.get(digest)


def looked_at(url: str, answered: Sequence[Answered]) -> Aftermath:
    """Compare what the windows were answered with what the database holds, while they wait."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute("SELECT setl_id, coalesce(mirror_of, 0), msgid, psn_no FROM settlement_settlement").fetchall()
        report = verify(connection, book_of)
    there = {(setl_id, of, msgid, psn_no) for setl_id, of, msgid, psn_no in rows}
    said = {(one.setl_id, one.of, one.msgid, one.psn_no): one for one in answered}
    messages = Counter(msgid for _, _, msgid, _ in rows)
    return Aftermath(
        len(rows), tuple(one for key, one in said.items() if key not in there), sum(count > 1 for count in messages.values()),
        len(there - said.keys()), tuple(f"{one.kind} {one.place}: {one.found} / {one.expected}" for one in report.differences),
    )  # fmt: skip
