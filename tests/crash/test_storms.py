"""Many windows at once: same person, same message, same visit, same account. Each ends as if they had come one after another."""

import random
import threading
from decimal import Decimal

import psycopg
import pytest

from openyibao.outside.hospital import inputs
from openyibao.outside.hospital.addresses import address_of
from openyibao.outside.hospital.cast import load_cast, shipped
from openyibao.outside.hospital.client import Hospital
from openyibao.outside.hospital.envelope import one
from openyibao.outside.hospital.journeys import outpatient, people

WINDOWS = 16
CAST = load_cast(shipped(), "jishou")
CLINIC = CAST.clinics["hospital"]
ITEMS = [CAST.items["drug_second"], CAST.items["service_second"]]
DIAGNOSES = [CAST.diagnoses["ordinary"]]


@pytest.fixture
def hospital(city):
    with Hospital(address_of(city.url), CLINIC.institution) as made:
        yield made


@pytest.fixture
def database(city):
    with psycopg.connect(city.address(), autocommit=True) as connection:
        yield connection


def at_once(city, works):
    """Run works, each with a connection of its own, from the same instant on; their results in order."""
    gate, results, raised = threading.Barrier(len(works)), [None] * len(works), []

    def run(place, work):
        with Hospital(address_of(city.url), CLINIC.institution) as window:
            window.wire.get(f"{city.url}/healthz")      # connected before the gate opens
            gate.wait()
            try:
                results[place] = work(window)
            except Exception as error:
                raised.append(error)

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]
    return results


def visit(hospital, role="employee", count=1):
    patient = people.known(hospital, CAST.people[role])
    return outpatient.opened(hospital, CLINIC, patient, ITEMS, DIAGNOSES, count=count)


def setl_id(answer):
    return int(one(answer.output, "setlinfo")["setl_id"])


def clean(city, parts):
    """What verify finds."""
    found = parts("aftermath").looked_at(city.address(), [])
    return found.differing


def test_one_message_from_many_windows_settles_once(city, hospital, database, parts):
    opened = visit(hospital)
    request = hospital.request("2207", opened.bill(), home=opened.patient.home)
    answers = at_once(city, [lambda window: window.send(request)] * WINDOWS)
    done = [answer for answer in answers if answer.ok]
    assert len({setl_id(answer) for answer in done}) == 1
    assert all(answer.output == done[0].output for answer in done)
    assert all("DOOR-42" in answer.text for answer in answers if not answer.ok)     # in progress: send again
    assert hospital.send(request).output == done[0].output
    standing = database.execute("SELECT count(*) FROM settlement_settlement WHERE mdtrt_id = %s", [opened.mdtrt_id]).fetchone()
    assert standing == (1,)


def test_one_visit_settled_by_many_messages_settles_once(city, hospital):
    opened = visit(hospital)
    answers = at_once(city, [lambda window: window.call("2207", opened.bill(), home=opened.patient.home)] * WINDOWS)
    assert sum(answer.ok for answer in answers) == 1
    assert all("VISIT-06" in answer.text for answer in answers if not answer.ok)


def test_one_settlement_taken_back_by_many_messages_is_taken_back_once(city, hospital, database):
    opened = visit(hospital)
    settled = setl_id(outpatient.settled(hospital, opened))
    undo = inputs.undo(opened.patient, opened.mdtrt_id, str(settled))
    answers = at_once(city, [lambda window: window.call("2208", undo, home=opened.patient.home)] * WINDOWS)
    assert sum(answer.ok for answer in answers) == 1
    assert database.execute("SELECT count(*) FROM settlement_settlement WHERE mirror_of = %s", [settled]).fetchone() == (1,)


def test_an_account_pays_no_more_than_it_holds(city, hospital, database, parts):
    psn_no = people.known(hospital, CAST.people["retired"]).psn_no
    before = database.execute("SELECT balance FROM enrolment_account WHERE psn_no = %s", [psn_no]).fetchone()[0]
    visits = [visit(hospital, "retired", 40) for _ in range(WINDOWS)]
    answers = at_once(city, [lambda window, opened=opened: outpatient.settled(window, opened) for opened in visits])
    paid = sum(int(Decimal(str(one(answer.output, "setlinfo")["acct_pay"])) * 100) for answer in answers)
    after = database.execute("SELECT balance FROM enrolment_account WHERE psn_no = %s", [psn_no]).fetchone()[0]
    assert before - paid == after >= 0
    assert paid > 0
    assert clean(city, parts) == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_windows_on_one_person_end_as_a_simple_account_book_says(city, hospital, database, parts, seed):
    """The model: an account and the funds are what each answer took from them, and gave back."""
    rng = random.Random(seed)
    patient = people.known(hospital, CAST.people["employee"])
    start = balance(database, patient.psn_no)
    book, lock = [], threading.Lock()

    def window_work(seed):
        def work(window):
            own = random.Random(seed)
            for _ in range(4):
                opened = outpatient.opened(window, CLINIC, patient, ITEMS, DIAGNOSES, count=own.choice((1, 5, 30)))
                answer = outpatient.settled(window, opened)
                back = outpatient.undone(window, opened, answer) if own.random() < 0.5 else None
                with lock:
                    book.extend(one(one_answer.output, "setlinfo") for one_answer in (answer, back) if one_answer is not None)

        return work

    at_once(city, [window_work(rng.random()) for _ in range(WINDOWS)])
    assert start - sum(fen(row["acct_pay"]) for row in book) == balance(database, patient.psn_no)
    query = "SELECT setl_id, fund, account, total FROM settlement_settlement WHERE setl_id = ANY(%s) ORDER BY 1"
    rows = database.execute(query, [[int(row["setl_id"]) for row in book]]).fetchall()
    said = sorted((int(row["setl_id"]), fen(row["fund_pay_sumamt"]), fen(row["acct_pay"]), fen(row["medfee_sumamt"])) for row in book)
    assert rows == said
    assert clean(city, parts) == ()


def fen(yuan):
    return int(Decimal(str(yuan)) * 100)


def balance(database, psn_no):
    return database.execute("SELECT balance FROM enrolment_account WHERE psn_no = %s", [psn_no]).fetchone()[0]
