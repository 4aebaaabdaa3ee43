"""Verification is clean on what the desk wrote, and finds every kind of change to it, to the fen."""

import asyncio
import json

import asyncpg
import pytest

from bureau.settlement.writer import by_digest
from openyibao.bureau.settlement.differences import KINDS
from openyibao.bureau.settlement.seal import Sealer
from openyibao.bureau.settlement.verify import Head, verify

KEPT = ("settlement_settlement", "settlement_layer", "settlement_journal", "settlement_seal", "settlement_message", "fund_entry",
        "fund_posting", "enrolment_accountmove")  # fmt: skip


async def some_bills(writer):
    """Three people over New Year with reversals in the middle and at the end: setl_ids by name."""
    first, second, third = [await writer.person(f"P{number}", scheme, 60_000) for number, scheme in ((1, "310"), (2, "390"), (3, "310"))]
    bills = ((20240301, 1), (20240410, 5), (20240501, 5), (20240601, 1))
    numbers = [await writer.settles(first, day=day, kind=kind) for day, kind in bills]
    await writer.takes_back(first, numbers[1])
    await writer.takes_back(first, numbers[2])
    numbers.append(await writer.settles(first, day=20250105, kind=5))
    for day in (20240302, 20240303, 20240304):
        await writer.settles(second, day=day)
        last = await writer.settles(third, day=day, kind=14)
    await writer.takes_back(third, last)
    return numbers


async def sealed(url):
    connection = await asyncpg.connect(url)
    try:
        sealer = Sealer(connection, batch=4)
        assert await sealer.take()
        return await sealer.seal()
    finally:
        await connection.close()


@pytest.fixture
def city(written, fresh_database, plain):
    """A written and partly sealed journal whose append-only triggers are off, so that a test can do what a thief would."""
    written(some_bills)
    asyncio.run(sealed(fresh_database))
    for table in KEPT:
        plain.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    return plain


def kinds(connection, **options):
    return set(verify(connection, by_digest, **options).counts)


def test_what_the_desk_wrote_is_clean(city):
    report = verify(city, by_digest)
    assert not report.differences, [(one.kind, one.place, one.found, one.expected) for one in report.differences]
    assert (report.rows, report.persons, report.sealed, report.unsealed) == (14, 3, 14, 0)
    assert report.heads[0].number == 14


def test_an_unsealed_tail_is_played_and_clean(written, plain):
    written(some_bills)
    report = verify(plain, by_digest)
    assert (report.clean, report.rows, report.sealed, report.unsealed) == (True, 14, 0, 14)


CHANGES = [
    ("UPDATE settlement_journal SET receipt[19] = receipt[19] + 1 WHERE id = {row}", {"chain.hash", "replay.receipt"}),
    ("UPDATE settlement_journal SET claim[5] = claim[5] + 1 WHERE id = {row}", {"chain.hash", "replay.receipt"}),
    ("UPDATE settlement_journal SET after[25] = after[25] + 1 WHERE id = {row}", {"chain.hash", "replay.after", "replay.before"}),
    ("UPDATE settlement_journal SET before[5] = before[5] + 1 WHERE id = {row}", {"chain.hash", "replay.before"}),
    ("UPDATE settlement_journal SET digest = 'gone' WHERE id = {row}", {"chain.hash", "replay.policy"}),
    ("UPDATE settlement_journal SET shape = 1 WHERE id = {row}", {"chain.hash", "replay.shape"}),
    ("UPDATE settlement_journal SET at = at + interval '1 microsecond' WHERE id = {row}", {"chain.hash"}),
    ("UPDATE settlement_journal SET receipt[19] = receipt[19] + 1 WHERE what = 'M'", {"chain.hash", "replay.mirror"}),
    ("UPDATE settlement_journal SET after[27] = after[27] + 1 WHERE what = 'M'", {"chain.hash", "replay.mirror-year"}),
    ("UPDATE settlement_journal SET of = 5 WHERE what = 'M'", {"chain.hash", "replay.mirror-of"}),
    ("DELETE FROM settlement_journal WHERE id = {row}", {"chain.row-gone", "settlement.journal", "replay.before"}),
    ("DELETE FROM settlement_seal WHERE number = 3", {"chain.number", "chain.passed-over"}),
    ("UPDATE settlement_seal SET chain = sha256('x') WHERE number = 3", {"chain.hash"}),
    ("UPDATE settlement_seal SET poolarea = '420100' WHERE number = 14", {"chain.area", "chain.number", "chain.hash"}),
    ("UPDATE settlement_settlement SET pool = pool + 1 WHERE setl_id = {setl}", {"settlement.figure"}),
    ("UPDATE settlement_settlement SET day = day + 1 WHERE setl_id = {setl}", {"settlement.figure"}),
    ("UPDATE settlement_layer SET fen = fen + 1 WHERE setl_id = {setl}", {"settlement.layers"}),
    ("DELETE FROM settlement_layer WHERE setl_id = {setl}", {"settlement.layers"}),
    ("UPDATE fund_posting SET fen = fen + 1 WHERE entry_id = {setl}", {"entry.differs", "entry.unbalanced", "fund.unbalanced"}),
    ("UPDATE fund_posting SET fen = 2 * fen WHERE entry_id = {setl}", {"entry.differs"}),
    ("DELETE FROM fund_entry WHERE id = {setl}", {"entry.differs", "entry.posting"}),
    ("INSERT INTO fund_entry (id, poolarea, day, text, setl_id, at) VALUES (7, '433100', '2024-01-01', 'x', 8, now())", {"entry.stray"}),
    ("UPDATE settlement_year SET figures[21] = figures[21] + 1 WHERE psn_no = 'P1' AND year = 2024", {"year.differs"}),
    ("DELETE FROM settlement_year WHERE psn_no = 'P2'", {"year.missing"}),
    ("INSERT INTO settlement_year (psn_no, insutype, year, version, figures) VALUES ('P9', '310', 2024, 1, '{{}}')", {"year.missing"}),
    ("UPDATE enrolment_account SET balance = balance + 1 WHERE psn_no = 'P1'", {"account.sum"}),
    ("UPDATE enrolment_accountmove SET fen = fen - 1 WHERE ref = '{setl}'", {"account.settlement", "account.sum"}),
    ("DELETE FROM settlement_standing WHERE setl_id = {setl}", {"settlement.standing"}),
    ("DELETE FROM settlement_message WHERE ref = {setl}", {"message.settlement"}),
    ("UPDATE settlement_message SET ref = 1 WHERE ref = {setl}", {"message.lost", "message.answer"}),
    ("DELETE FROM settlement_settlement WHERE setl_id = {setl}",
     {"settlement.missing", "settlement.standing", "entry.stray", "message.lost"}),
]


def test_every_change_is_found(city):
    row, setl = city.execute(
        "SELECT j.id, j.setl_id FROM settlement_journal j JOIN settlement_settlement s USING (setl_id) "
        "WHERE j.psn_no = 'P1' AND j.what = 'S' AND s.account > 0 AND s.fund > 0 ORDER BY j.id LIMIT 1"
    ).fetchone()
    missed = []
    for change, expected in CHANGES:
        with city.transaction(force_rollback=True):
            assert city.execute(change.format(row=row, setl=setl)).rowcount > 0, change
            found = kinds(city)
        if not expected <= found:
            missed.append((change, expected - found, found))
    assert not missed
    assert verify(city, by_digest).clean


def test_a_difference_says_where_and_how_much(city):
    setl = city.execute("SELECT setl_id FROM settlement_settlement WHERE fund > 0 AND mirror_of IS NULL ORDER BY setl_id").fetchone()[0]
    city.execute("UPDATE settlement_settlement SET fund = fund + 3, person = person - 3, cash = cash - 3 WHERE setl_id = %s", [setl])
    differences = verify(city, by_digest).differences
    assert {(one.kind, one.place.rsplit(" ", 1)[1], one.fen) for one in differences} == {
        ("settlement.figure", "fund", 3), ("settlement.figure", "person", -3), ("settlement.figure", "cash", -3)
    }  # fmt: skip
    assert all(str(setl) in one.place for one in differences)


def test_a_journal_cut_short_is_found_by_a_head_noted_before(city):
    head = verify(city, by_digest).heads[0]
    assert verify(city, by_digest, heads=[head]).clean
    city.execute("DELETE FROM settlement_seal WHERE number = %s", [head.number])
    assert "chain.head" in kinds(city, heads=[head])
    assert "chain.head" in kinds(city, heads=[Head("999900", 1, "00")])


def test_opening_figures_begin_a_year(written, plain):
    async def bills(writer):
        person = await writer.person("P1", "310", 100)
        await writer.settles(person, day=20240301)
        figures = [*person.years[2024][1]]
        await writer.settles(person, day=20250301)
        return figures

    written(bills)
    figures = plain.execute("SELECT before FROM settlement_journal ORDER BY id LIMIT 1").fetchone()[0]
    opening = "INSERT INTO settlement_opening (psn_no, insutype, year, figures, source) VALUES ('P1', '310', %s, %s, 'old system')"
    plain.execute(opening, [2024, figures])
    assert verify(plain, by_digest).clean
    figures[6] += 5
    plain.execute(opening, [2025, figures])
    assert "replay.before" in kinds(plain)


def test_since_plays_only_those_who_were_there_since(city):
    instant = city.execute("SELECT min(at) FROM settlement_journal WHERE psn_no = 'P2'").fetchone()[0]
    report = verify(city, by_digest, since=instant)
    assert report.clean
    assert (report.persons, report.sealed) == (2, 14)


def test_progress_counts_the_chain_and_the_replay(city, monkeypatch):
    monkeypatch.setattr("openyibao.bureau.settlement.verify.STEP", 4)
    seen = []
    verify(city, by_digest, progress=seen.append)
    assert seen == [4, 8, 12, 16, 20, 24, 28]


def test_every_kind_has_its_sentences():
    for kind, sentences in KINDS.items():
        assert len(sentences) == 2
        assert all(sentences), kind
    assert json.dumps(KINDS)
