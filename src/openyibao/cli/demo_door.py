"""The second half of the demo 接口演示: a day is played at the door, then the books are closed and every figure is proven.

The door is the real one, in its own process; the hospitals are in this one. Afterwards the bureau compares its settlements with the
hospitals' own books bill by bill, settles the whole journal again (`openyibao verify`), and adds up the funds' ledger.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import psycopg
from rich.console import Console
from rich.table import Table

from openyibao.bureau.settlement.reconcile import Bill, Mismatch, Said, with_hospital, with_ledger
from openyibao.bureau.settlement.verify import Report
from openyibao.bureau.settlement.verify import verify as verified
from openyibao.cli.console import bar
from openyibao.cli.demo_day import City, Day, together
from openyibao.cli.demo_words import FUNDS, tell
from openyibao.cli.verify import kept_policies
from openyibao.outside.hospital.books import Entry
from openyibao.outside.hospital.client import now
from openyibao.warehouse.bills.problems import yuan

CITIES = ("jishou", "ankang", "jingzhou", "wuhan", "yuxi")
WINDOWS = 3
"""Cities that play at once: the windows that are open at any moment."""

EXPECTED = 2_000
"""Messages of a day, about: what the bar counts towards."""

PATIENCE = 20.0
"""Seconds within which the last rows of the journal are sealed; a second is the rule."""

SHOWN = 6
"""Refusals and faults that are printed of each kind."""

UNSEALED = "SELECT (SELECT count(*) FROM settlement_journal) - (SELECT count(*) FROM settlement_seal)"
LEDGER = """
SELECT p.fund, count(DISTINCT e.poolarea), coalesce(sum(p.fen) FILTER (WHERE p.fen > 0), 0)::bigint,
  coalesce(-sum(p.fen) FILTER (WHERE p.fen < 0), 0)::bigint
FROM fund_entry e JOIN fund_posting p ON p.entry_id = e.id GROUP BY p.fund ORDER BY p.fund
"""


class Fund(NamedTuple):
    """A fund's books 基金账: pooling areas that have any, and both sides of every posting, fen."""

    fund: str
    areas: int
    debit: int
    credit: int


class Closing(NamedTuple):
    """What the evening found: settlements of the bureau, what differs from the hospitals and the ledger, the verification, the funds."""

    bills: int
    differ: list[Mismatch]
    report: Report
    funds: list[Fund]

    @property
    def sound(self) -> bool:
        """Whether the books are closed to the fen."""
        return not self.differ and self.report.clean and not self.report.unsealed and all(one.debit == one.credit for one in self.funds)


def play(url: str, people: Path, lang: str) -> tuple[Day, float]:
    """Play the day of every city at a door; what was said, and the seconds it took. Raises NoAnswer when the door is gone."""
    stop = threading.Event()
    cities = [City(url, name, people, stop) for name in CITIES]
    began = time.monotonic()
    with ThreadPoolExecutor(WINDOWS, thread_name_prefix="city") as threads, bar(tell(lang, "playing"), EXPECTED) as shown:
        try:
            playing: list[Future[Day]] = [threads.submit(city.played) for city in cities]
            while wait(playing, timeout=0.2).not_done:
                shown.at(min(EXPECTED, sum(city.day.messages.total() for city in cities)))
        finally:
            stop.set()
    return together(future.result() for future in playing), time.monotonic() - began


def closed(day: Day) -> Closing:
    """Seal, compare, verify, add up."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        end = time.monotonic() + PATIENCE
        while one_value(connection, UNSEALED) and time.monotonic() < end:
            time.sleep(0.1)
        report = verified(connection, kept_policies())
        funds = [Fund(*row) for row in connection.execute(LEDGER)]
    bills = of_the_day(day)
    said = (said_of(number, code, entry) for number, (code, entry) in enumerate(day.books, 1))
    return Closing(len(bills), [*with_hospital(bills, said), *with_ledger(bills)], report, funds)


def one_value(connection: "psycopg.Connection[tuple[int]]", query: str) -> int:
    """The one number that a query answers."""
    row = connection.execute(query).fetchone()
    return row[0] if row else 0


def of_the_day(day: Day) -> list[Bill]:
    """The bureau's settlements of the days on which the hospitals settled, at these hospitals."""
    statements = import_module("openyibao.bureau.settlement.statements")        # models can be imported only now
    days = [date.fromisoformat(entry.day) for _, entry in day.books] or [now().date()]
    found: list[Bill] = statements.bills(*statements.period(min(days), max(days)))
    return [bill for bill in found if bill.institution in day.institutions]


def said_of(number: int, institution: str, entry: Entry) -> Said:
    """A row of a hospital's own books as the comparison takes it."""
    return Said(
        number, entry.setl_id, entry.mdtrt_id, entry.psn_no, entry.total, entry.funds, entry.account, entry.refund, institution,
        entry.insutype, entry.clr_type, date.fromisoformat(entry.day),
    )  # fmt: skip


def show(console: Console, lang: str, day: Day, seconds: float, closing: Closing) -> None:
    """Print what was played and what the evening found."""
    for part in (*said(lang, day, seconds), *refusals(lang, day), *evening(lang, day, closing), *faults(lang, day, closing)):
        console.print(part, soft_wrap=isinstance(part, str), markup=False)


def said(lang: str, day: Day, seconds: float) -> Iterator[str]:
    """How many messages, bills and fen."""
    total = day.messages.total()
    forward = [entry for _, entry in day.books if not entry.refund]
    back = [entry for _, entry in day.books if entry.refund]
    left = [entry for _, entry in day.books]
    yield tell(lang, "messages", count=total, numbers=len(day.messages), people=len(day.people), institutions=len(day.institutions),
               seconds=seconds, speed=total / seconds if seconds else 0)  # fmt: skip
    yield tell(lang, "bills", settled=len(forward), back=len(back), again=day.repeated, refused=day.refused.total())
    yield tell(lang, "money", total=yuan(sum(entry.total for entry in left)), funds=yuan(sum(entry.funds for entry in left)),
               account=yuan(sum(entry.account for entry in left)), cash=yuan(sum(entry.cash for entry in left)))  # fmt: skip
    yield ""


def refusals(lang: str, day: Day) -> Iterator[Table | str]:
    """Why messages were refused, in the door's own words."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for code, count in sorted(day.refused.items()):
        table.add_row(f"{count}", code, day.why[code].partition(" ")[2].rpartition("(")[0] or day.why[code])
    yield tell(lang, "refused", count=day.refused.total())
    yield table
    yield ""


def evening(lang: str, day: Day, closing: Closing) -> Iterator[Table | str]:
    """Reconciliation, verification, trial balance."""
    report = closing.report
    yield tell(lang, "totals", compared=day.compared, unequal=len(day.unequal))
    yield tell(lang, "compared", bills=closing.bills, theirs=len(day.books), differ=len(closing.differ))
    yield tell(lang, "verified", rows=report.rows, persons=report.persons, sealed=report.sealed, differ=sum(report.counts.values()))
    table = Table(box=None, pad_edge=False)
    for place, head in enumerate(tell(lang, "fund_heads").split("|")):
        table.add_column(head, justify="right" if place else "left")
    for one in closing.funds:
        name = FUNDS[one.fund][lang != "zh"]
        table.add_row(name, str(one.areas), yuan(one.debit), yuan(one.credit), yuan(one.debit - one.credit))
    debit, credit = sum(one.debit for one in closing.funds), sum(one.credit for one in closing.funds)
    table.add_row(tell(lang, "fund_sum"), "", yuan(debit), yuan(credit), yuan(debit - credit))
    yield tell(lang, "funds")
    yield table
    yield tell(lang, "sound" if day.sound and closing.sound else "unsound")
    yield ""


def faults(lang: str, day: Day, closing: Closing) -> Iterator[str]:
    """What should not be; empty on a good day."""
    differ = [f"{one.kind} {one.institution} {one.place} {one.theirs} / {one.our}" for one in closing.differ]
    wrong = [f"{one.kind} {one.place} {one.found} / {one.expected}" for one in closing.report.differences]
    kinds: Sequence[tuple[str, list[str]]] = (
        ("unwanted", day.unwanted), ("broken", day.broken), ("unequal", day.unequal), ("differ", differ), ("wrong", wrong),
    )  # fmt: skip
    for key, rows in kinds:
        if rows:
            yield tell(lang, key, count=len(rows))
            yield from (f"  {row}" for row in rows[:SHOWN])


Told = Callable[[str], None]
"""Takes a sentence about what is being done."""


def played_and_closed(url: str, people: Path, lang: str, console: Console, told: Told) -> bool:
    """The whole second half; whether everything is as it should be."""
    told(tell(lang, "play"))
    day, seconds = play(url, people, lang)
    told(tell(lang, "close"))
    closing = closed(day)
    console.print()
    show(console, lang, day, seconds, closing)
    return day.sound and closing.sound
