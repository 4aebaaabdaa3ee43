"""The database refuses by itself what no program may do to money that is settled, whoever is connected."""

import psycopg
import pytest

from gateway import playing
from gateway.billing import EMPLOYEE, TABLET, Bill, noon, of

town = playing.town

JISHOU = "433101000000000000000000"
H1 = "H43310199001"


@pytest.fixture(scope="module")
def settled(town):
    """A settlement and one that was taken back, of one person."""
    psn_no = town.newcomer(JISHOU + "01")
    made = [Bill(town, psn_no, EMPLOYEE, H1, noon("2025-03-03"), charges=(of(TABLET, 900),)).ready() for _ in range(2)]
    for bill in made:
        bill.settled()
    made[1].undo()
    return made


def refused(town, sql, *values, says=""):
    """The words with which the database refuses a statement at commit."""
    with pytest.raises(psycopg.Error) as error, psycopg.connect(town.url) as connection:
        connection.execute(sql, values)
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert says in str(error.value), error.value
    return error.value


KEPT = (
    "settlement_settlement",
    "settlement_layer",
    "settlement_journal",
    "settlement_message",
    "fund_entry",
    "fund_posting",
    "enrolment_accountmove",
)


@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("deed", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET {} = {}"])
def test_what_is_written_is_never_changed(town, settled, table, deed):
    column = {
        "settlement_settlement": "fund",
        "settlement_layer": "fen",
        "settlement_journal": "poolarea",
        "settlement_message": "answer",
        "fund_entry": "text",
        "fund_posting": "fen",
        "enrolment_accountmove": "fen",
    }[table]
    before = town.one(f"SELECT count(*) AS count FROM {table}")
    assert before["count"] > 0
    refused(town, deed.format(table, column, column), says="append")
    assert town.one(f"SELECT count(*) AS count FROM {table}") == before


def copy_of(setl_id, **changes):
    """A statement that writes a settlement again with changes."""
    given = ", ".join(f"'{name}', {value}" for name, value in {"setl_id": "777000777", **changes}.items())
    changed = f"(jsonb_populate_record(s, jsonb_build_object({given}))).*"
    return f"INSERT INTO settlement_settlement SELECT {changed} FROM settlement_settlement s WHERE setl_id = {setl_id}"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"total": "total + 1", "cash": "cash + 1", "person": "person + 1"}, "settlement_scope_adds"),
        ({"cash": "cash + 1"}, "settlement_person_adds"),
        ({"fund": "fund - 1"}, "settlement_payers_add"),
        ({"fund": "-1", "person": "total + 1", "cash": "total + 1 - account"}, "settlement_not_negative"),
    ],
)
def test_a_settlement_that_does_not_add_up_is_not_kept(town, settled, change, rule):
    refused(town, copy_of(settled[0].setl_id, **change), says=rule)


def test_a_settlement_has_one_mirror_and_a_batch_one_standing_settlement(town, settled):
    mirror = town.one("SELECT * FROM settlement_settlement WHERE mirror_of = %s", int(settled[1].setl_id))
    refused(town, copy_of(mirror["setl_id"]), says="settlement_one_mirror")
    standing = """INSERT INTO settlement_standing (mdtrt_id, chrg_bchno, setl_id)
        SELECT mdtrt_id, chrg_bchno, 5 FROM settlement_standing WHERE setl_id = %s"""
    refused(town, standing, int(settled[0].setl_id), says="settlement_batch_once")


def test_a_message_id_is_answered_once(town, settled):
    again = """INSERT INTO settlement_message (fixmedins_code, msgid, infno, digest, at, psn_no, answer)
        SELECT fixmedins_code, msgid, '2207', '', now(), '', '' FROM settlement_message LIMIT 1"""
    refused(town, again, says="settlement_message_once")


def test_an_entry_balances_and_takes_postings_only_when_it_is_made(town, settled):
    entry = town.one("SELECT * FROM fund_entry WHERE setl_id = %s", int(settled[0].setl_id))
    refused(
        town,
        "INSERT INTO fund_posting (entry_id, fund, account, fen) VALUES (%s, 'x', 'y', 1), (%s, 'x', 'z', -1)",
        entry["id"],
        entry["id"],
        says="only in its own transaction",
    )
    new = """WITH e AS (INSERT INTO fund_entry (id, poolarea, day, text, at) VALUES (999, '433100', '2025-03-03', 't', now()))
        INSERT INTO fund_posting (entry_id, fund, account, fen) VALUES (999, 'x', 'y', 5), (999, 'w', 'z', -5)"""
    refused(town, new, says="out of balance")


def test_an_account_is_never_overdrawn(town, settled):
    refused(town, "UPDATE enrolment_account SET balance = -1 WHERE psn_no = %s", settled[0].psn_no, says="enrolment_account_not_negative")


def test_a_person_has_one_basic_insurance_at_a_time(town, settled):
    refused(
        town,
        """INSERT INTO enrolment_relation
            SELECT (jsonb_populate_record(r, jsonb_build_object('id', 999999, 'insutype', '390'))).* FROM enrolment_relation r
            WHERE psn_no = %s""",
        settled[0].psn_no,
        says="enrolment_",
    )
