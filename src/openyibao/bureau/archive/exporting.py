"""The database's year into a store 年度归档: people, cover, contributions, bills as they were settled, accounts at both ends of the year.

Persons are numbered in the order of psn_no when they are first exported, and keep their number; later ones come after them. A bucket is
read with a server-side cursor and written whole before the next; a bucket that was finished is not read again, unless asked. Settlements
that were taken back do not stand and are left out.

What a store says in another way than the database, so that a run of the law answers what was recorded:
- `holder.account` is the balance on 1 January, and the year's credits follow from the policy (month by month, from base and pension);
  where the database credited an account otherwise, a later bill may divide between account and cash in another way. `Exported.uneven`
  counts such accounts.
- bills are sorted by day; one that was settled after another of a later day is counted in `Exported.late`.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from openyibao.bureau.archive.collecting import Registers, registers_of
from openyibao.bureau.archive.gathering import Gathered, gathered
from openyibao.policybook.book import Book
from openyibao.policybook.national import CITY, pooling_area
from openyibao.warehouse.run.credits import credits_of
from openyibao.warehouse.run.package import package_of, recorded_path, save
from openyibao.warehouse.tables.schema import BUCKET
from openyibao.warehouse.tables.store import Store

MADE_WITH = "database"


class Exported(NamedTuple):
    """What an export did."""

    persons: int
    bills: int
    buckets: int
    there: int  # buckets that were finished before
    uneven: int  # accounts credited otherwise than the policy's months say
    late: int  # bills settled after one of a later day


Progress = Callable[[int, int], None]
"""Called with persons done and persons in all."""

PERSONS = """SELECT psn_no FROM enrolment_person WHERE merged_into = '' AND admdvs LIKE %s ORDER BY psn_no COLLATE "C\""""
DIGESTS = """SELECT DISTINCT j.digest FROM settlement_journal j JOIN settlement_settlement s ON s.setl_id = j.setl_id
  JOIN settlement_standing t ON t.setl_id = s.setl_id
  WHERE j.poolarea = %s AND s.day >= make_date(%s, 1, 1) AND s.day < make_date(%s, 1, 1)"""


def digests_of(connection: Any, admdvs: str, year: int) -> list[str]:
    """The packages that a year's standing settlements of a division's pooling area were settled under."""
    return sorted(digest for (digest,) in connection.execute(DIGESTS, [pooling_area(admdvs), year, year + 1]))


def exported(connection: Any, store: Store, year: int, book: Book, progress: Progress, again: bool = False) -> Exported:
    """Write one year of the database into a store.

    connection  psycopg; reads one snapshot where the caller has opened one
    book        the policies that the year was settled under
    again       read finished buckets anew
    """
    registers = registers_of(connection, book)
    numbers = numbered(connection, store, book)
    names = sorted(numbers, key=numbers.__getitem__)
    write_registers(store, registers)
    total, bills, there, uneven, late = len(names), 0, 0, 0, 0
    package = package_of(book, year)
    for bucket in range(-(-total // BUCKET)):
        mine = names[bucket * BUCKET : (bucket + 1) * BUCKET]
        if not again and store.path("closing", year, bucket).exists():
            there += 1
        else:
            found = gathered(connection, registers, mine, year, bucket * BUCKET)
            uneven += uneven_accounts(found, credits_of(found.tables["holder"], package))
            late += found.late
            write_bucket(store, found, year, bucket)
            bills += len(found.tables["bill"]["bill"])
        progress(min((bucket + 1) * BUCKET, total), total)
    save(package, recorded_path(store, year))
    write_card(store, book, registers, total)
    return Exported(total, bills, -(-total // BUCKET), there, uneven, late)


def numbered(connection: Any, store: Store, book: Book) -> dict[str, int]:
    """The number of every person of the book's pooling area: those that the store has keep theirs, others follow in the order of psn_no."""
    found: dict[str, int] = {}
    for bucket in store.buckets("person"):
        register = store.arrays("person", None, bucket, ["person", "psn_no"])
        found.update(zip(register["psn_no"].tolist(), register["person"].tolist(), strict=True))
    following = max(found.values(), default=-1) + 1
    with connection.cursor(name="numbered") as cursor:
        cursor.itersize = 20_000
        for (psn_no,) in cursor.execute(PERSONS, [f"{book.admdvs:06d}"[:CITY] + "%"]):
            if psn_no not in found:
                found[psn_no] = following
                following += 1
    return found


def write_registers(store: Store, registers: Registers) -> None:
    """The whole registers."""
    for table, columns in registers.tables.items():
        store.write(table, columns)


def write_bucket(store: Store, found: Gathered, year: int, bucket: int) -> None:
    """A bucket's tables; `closing` last, which says that the bucket is finished."""
    for table in ("person", "cover"):
        store.write(table, found.tables[table], bucket=bucket)
    for table in ("holder", "contribution", "bill", "result", "line", "closing"):
        store.write(table, found.tables[table], year, bucket)


def uneven_accounts(found: Gathered, credits: Any) -> int:
    """Accounts that at the year's end hold something else than the policy's credits and the year's payments leave."""
    holder, closing = found.tables["holder"], found.tables["closing"]
    paid = np.zeros(len(holder["person"]), np.int64)
    np.add.at(paid, found.tables["bill"]["holder"], found.tables["result"]["account"].astype(np.int64))
    expected = holder["account"] + credits.sum(axis=1) - paid
    return int(np.count_nonzero((holder["scheme"] == 1) & (closing["account"] != expected)))


def write_card(store: Store, book: Book, registers: Registers, people: int) -> None:
    """What the store is."""
    try:
        known = store.card()
    except Exception:
        known = {}
    store.write_card({
        **known, "city": book.city, "name": book.name, "people": people, "scale": 1, "years": store.years(),
        "buckets": len(store.buckets()), "made_with": MADE_WITH, "readings": known.get("readings", []),
        "towns": len(registers.tables["town"]["town"]),
    })  # fmt: skip
