"""A store into the server and out again: the books close, the door goes on where it ends, and the same bills come back to the fen."""

import threading
from functools import cache

import numpy as np
import psycopg
import pytest

from gateway import playing
from gateway.billing import EMPLOYEE, TABLET, Bill, noon, of
from openyibao.bureau.archive import arriving
from openyibao.bureau.archive.bills import Differs
from openyibao.bureau.archive.exporting import digests_of, exported
from openyibao.bureau.archive.keeping import Beside, unswept
from openyibao.bureau.settlement.seal import LOCK
from openyibao.bureau.settlement.verify import verify
from openyibao.kernel.claim import Claim
from openyibao.kernel.year import Year
from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.records import RESULTS
from openyibao.warehouse.run.package import package_of
from openyibao.warehouse.run.runner import Here
from openyibao.warehouse.run.settling import settle_year
from openyibao.warehouse.tables.checking import checked
from openyibao.warehouse.tables.exchange import digest_of
from openyibao.warehouse.tables.store import Store
from warehouse.made_store import made_store

town = playing.town

KEYS = (b"\x11" * 32, b"\x22" * 32)
YEARS = (2022, 2023)
H1 = "H43310199001"


@cache
def jishou():
    return load_book(policies_root(), "jishou")


def book_of(digest):
    return jishou() if digest == jishou().digest else None


def quiet(*_):
    """No progress."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return made_store(tmp_path_factory.mktemp("made"), people=200, years=YEARS, seed=5)


@pytest.fixture(scope="module")
def loaded(town, made):
    """The store in the sandbox's database; what was done."""
    return arriving.arrived(made, YEARS, town.url, KEYS, Here(), quiet, seal=False)


@pytest.fixture(scope="module")
def back(town, made, loaded, tmp_path_factory):
    """What the database gives back, before anybody else settles."""
    store = Store(tmp_path_factory.mktemp("back"))
    with psycopg.connect(town.url) as connection:
        for year in YEARS:
            done = exported(connection, store, year, jishou(), quiet)
            assert (done.there, done.late) == (0, 0) and done.bills > 500
    return store


def standing_bills(store, year):
    """Every bill that a fund or an account pays, as a tuple: person and institution by code, claim, result."""
    found = []
    codes = store.arrays("institution")["code"]
    for bucket in store.buckets("bill", year):
        person, bill, result = (store.arrays(table, year if table != "person" else None, bucket) for table in ("person", "bill", "result"))
        names = dict(zip(person["person"].tolist(), person["psn_no"].tolist(), strict=True))
        columns = [bill[name].tolist() for name in Claim._fields] + [result[name].tolist() for name in RESULTS]
        for who, where, direct, *figures in zip(
            bill["person"].tolist(), bill["institution"].tolist(), bill["direct"].tolist(), *columns, strict=True
        ):
            receipt = dict(zip(RESULTS, figures[-len(RESULTS):], strict=True))
            if receipt["outcome"] == 0 or receipt["account"] + receipt["family"] > 0:
                found.append((names[who], codes[where], direct, *figures))
    return sorted(found)


def test_the_loaded_city_verifies_clean(town, loaded):
    with psycopg.connect(town.url, autocommit=True) as connection:
        report = verify(connection, book_of)
    assert not report.differences, [(one.kind, one.place, one.found, one.expected) for one in report.differences[:10]]
    assert report.rows == loaded.settled > 1_000
    assert loaded.refused > 0 and loaded.persons == 200 and loaded.there == 0


def test_a_store_comes_back_with_the_same_bills_and_results(made, back):
    for year in YEARS:
        assert standing_bills(back, year) == standing_bills(made, year)
    assert back.years() == list(YEARS) and back.card()["city"] == "jishou"


def test_the_export_is_sound_and_settles_as_recorded(back):
    # bills that neither a fund nor an account paid were no settlements: the cash of the year's end is that of the rest
    assert not list(checked(back))
    for year in YEARS:
        package = package_of(jishou(), year)
        for bucket in back.buckets("bill", year):
            holder, bill, recorded, closing = (back.arrays(table, year, bucket) for table in ("holder", "bill", "result", "closing"))
            result, ends = settle_year(holder, bill, package)
            for name in RESULTS:
                np.testing.assert_array_equal(result[name], recorded[name], err_msg=f"{year} {name}")
            for name in ("inpatient_deductible", "pool_paid", "burden", "stay_left", "admissions", "bills", "cash_paid"):
                np.testing.assert_array_equal(ends[name], closing[name], err_msg=f"{year} {name}")


def test_an_export_goes_on_where_it_stopped_and_is_the_same_twice(town, back, tmp_path):
    other = Store(tmp_path / "again")
    with psycopg.connect(town.url) as connection:
        assert digests_of(connection, "433101", 2023) == [jishou().digest]
        for year in YEARS:
            exported(connection, other, year, jishou(), quiet)
        (other.path("closing", 2023, 0)).unlink()
        assert exported(connection, other, 2022, jishou(), quiet)[1:4] == (0, 1, 1)
        assert exported(connection, other, 2023, jishou(), quiet).there == 0
    assert digest_of(other) == digest_of(back)


def test_a_load_goes_on_where_it_stopped(town, loaded, made, back):
    again = arriving.arrived(made, YEARS, town.url, KEYS, Here(), quiet, seal=False)
    assert (again.persons, again.there, again.settled, again.rows) == (200, 200, 0, 0)


def test_the_door_goes_on_from_the_loaded_year(town, loaded, made, back):
    """The next bill of a loaded employee finds the accumulators and the account where the store left them."""
    closing, holder, bill = (made.arrays(table, 2023, 0) for table in ("closing", "holder", "bill"))
    person, cover = made.arrays("person", None, 0), made.arrays("cover", None, 0)
    sound = (holder["scheme"] == 1) & (holder["first_month"] == 1) & (holder["last_month"] == 12) & (closing["outpatient_paid"] > 0)
    sound &= (cover["scheme"] == 1)[holder["person"]] & (person["died"] == 0)[holder["person"]]
    row = next(row for row in np.flatnonzero(sound) if bill["day"][bill["holder"] == row].max() < 20231220)
    psn_no = str(person["psn_no"][holder["person"][row]])
    last = town.rows("SELECT after FROM settlement_journal WHERE psn_no = %s AND insutype = '310' ORDER BY id DESC LIMIT 1", psn_no)[0]
    following = Bill(town, psn_no, EMPLOYEE, H1, noon("2023-12-28"), charges=(of(TABLET, 900),)).ready()
    following.settled()
    before = Year(*town.one("SELECT before FROM settlement_journal WHERE setl_id = %s", int(following.setl_id))["before"])
    assert before == Year(*last["after"])._replace(account=before.account)
    assert before.account == closing["account"][row]
    assert before.outpatient_paid == closing["outpatient_paid"][row] > 0
    with psycopg.connect(town.url, autocommit=True) as connection:
        assert verify(connection, book_of).clean


def test_a_store_settled_otherwise_is_refused_with_the_bill(made, fresh_database, tmp_path):
    wrong = made_store(tmp_path / "wrong", people=40, years=(2023,), buckets=1)
    columns = wrong.arrays("result", 2023, 0)
    pool = columns["pool"].copy()
    pool[7] += 1
    wrong.write("result", {**columns, "pool": pool}, 2023, 0)
    with pytest.raises(Differs, match="settles with pool"):
        arriving.arrived(wrong, (2023,), fresh_database, KEYS, Here(), quiet)
    assert "sealing" not in [thread.name for thread in threading.enumerate()]
    with psycopg.connect(fresh_database) as connection:
        assert connection.execute("SELECT count(*) FROM enrolment_person").fetchone() == (0,)


def test_overlapping_spans_are_set_aside_and_identity_numbers_can_be_read(fresh_database, tmp_path):
    store = made_store(tmp_path / "twice", people=40, years=(2023,), buckets=1)
    cover = store.arrays("cover", None, 0)
    doubled = {name: np.concatenate([column, column[-1:]]) for name, column in cover.items()}
    doubled["duplicate"] = np.concatenate([np.zeros(40, np.int8), [1]])
    store.write("cover", doubled, bucket=0)
    done = arriving.arrived(store, (2023,), fresh_database, KEYS, Here(), quiet)
    assert [one.place.split()[0] for one in done.aside] == ["cover"] and done.sealed == done.settled > 0
    with psycopg.connect(fresh_database) as connection:
        from_book = arriving.Cipher(*KEYS)
        rows = connection.execute("SELECT certno_cipher, gend, to_char(brdy, 'YYYYMMDD') FROM enrolment_person").fetchall()
        numbers = [from_book.open(row[0]) for row in rows]
        assert all(number[6:14] == born and number.startswith("99") and int(number[16]) % 2 == (gend == "1")
                   for number, (_, gend, born) in zip(numbers, rows, strict=True))
        assert len(set(numbers)) == 40
        assert verify(connection, book_of).clean


def test_a_load_leaves_sealing_to_a_sealer_that_is_at_work(fresh_database):
    with psycopg.connect(fresh_database) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        with Beside(fresh_database) as sealing:
            assert sealing.finish(quiet) == 0
    with Beside("postgresql:///nowhere?host=/nowhere") as sealing, pytest.raises(OSError):
        sealing.finish(quiet)


def test_tables_are_not_swept_while_a_load_fills_them(fresh_database):
    with psycopg.connect(fresh_database, autocommit=True) as other:
        with unswept(fresh_database), unswept(fresh_database):       # a second load goes on without it
            other.execute("SELECT count(*) FROM settlement_journal")
            other.execute("INSERT INTO fund_account (fund, code, name, source) VALUES ('f', 'c', 'n', 's')")
            other.execute("SET lock_timeout = 1")
            with pytest.raises(psycopg.errors.LockNotAvailable):     # of the lock that autovacuum passes over
                other.execute("VACUUM settlement_journal")
        other.execute("VACUUM settlement_journal")
