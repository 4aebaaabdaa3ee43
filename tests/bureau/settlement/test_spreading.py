"""Several workers find what one finds: chains in pieces, persons in ranges, tables query by query."""

import time

from psycopg.conninfo import make_conninfo

from bureau.settlement.test_verify import city as city
from bureau.settlement.writer import by_digest
from openyibao.bureau.settlement.spreading import verify_spread
from openyibao.bureau.settlement.verify import Head, verify
from openyibao.warehouse.run.runner import Here, Processes

CHANGES = (
    "UPDATE settlement_journal SET receipt[19] = receipt[19] + 1",
    "UPDATE settlement_seal SET chain = sha256('x') WHERE number = 4",      # the end of a piece
    "UPDATE settlement_seal SET chain = sha256('y') WHERE number = 5",      # the beginning of the next
    "UPDATE settlement_seal SET number = 999999999999 WHERE number = 14",
    "DELETE FROM settlement_year WHERE psn_no = 'P2'",
    "DELETE FROM settlement_journal WHERE psn_no = 'P1'",
)


def books():
    """The writer's policies by hash."""
    return by_digest


def told(report):
    """A report without the order of its differences."""
    return {**report._asdict(), "differences": sorted(report.differences)}


def spread(url, runner=None, **options):
    return verify_spread(url, runner or Here(), books, piece=4, sample=1, **options)


def test_a_clean_book_is_clean_in_pieces(city, fresh_database):
    steps = []
    report = spread(fresh_database, progress=steps.append)
    assert report.clean and told(report) == told(verify(city, by_digest))
    assert (report.rows, report.persons, report.sealed) == (14, 3, 14)
    assert steps == sorted(steps) and steps[-1] == 28 and len(set(steps)) > 4


def test_every_change_is_told_as_by_one_worker(city, fresh_database):
    for number, change in enumerate(CHANGES):
        assert city.execute(change).rowcount > 0, change
        one, several = verify(city, by_digest), spread(fresh_database)
        assert told(several) == told(one) and len(one.counts) > min(number, 2), change


def test_heads_and_days_are_asked_of_the_pieces(city, fresh_database):
    clean = spread(fresh_database)
    (number, chain), = city.execute("SELECT number, encode(chain, 'hex') FROM settlement_seal WHERE number = 6").fetchall()
    standing = Head(clean.heads[0].poolarea, number, chain)
    assert spread(fresh_database, heads=[standing, *clean.heads]).clean
    assert spread(fresh_database, heads=[standing._replace(chain="00" * 32)]).counts == {"chain.head": 1}
    since = city.execute("SELECT max(at) FROM settlement_journal").fetchone()[0]
    assert told(spread(fresh_database, since=since)) == told(verify(city, by_digest, since=since))


def test_processes_look_at_one_snapshot(city, fresh_database):
    assert told(spread(fresh_database, Processes(2))) == told(verify(city, by_digest))


class Slow:
    """Workers that take longer than the server lets a transaction idle."""

    def run(self, work, tasks):
        time.sleep(0.6)
        return Here().run(work, tasks)


def test_the_snapshot_is_held_for_as_long_as_the_workers_take(city, fresh_database):
    impatient = make_conninfo(fresh_database, options="-c idle_in_transaction_session_timeout=200")
    assert spread(impatient, Slow()).clean
