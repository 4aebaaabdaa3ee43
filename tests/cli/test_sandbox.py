"""One command starts a server with invented people; a day of all hospitals is played at its door, and the books close to 0.00."""

import json
import os
import re
import signal
import socket
import string
import subprocess
import sys
from pathlib import Path

import httpx
import psycopg
import pytest
import typer

from openyibao.cli import sandbox as made
from openyibao.cli.demo_day import Day, plain_people, together
from openyibao.cli.demo_words import FUNDS, WORDS
from openyibao.cli.sandbox_page import first_message
from openyibao.cli.trial_home import examples
from openyibao.kernel import ledger
from openyibao.outside import postgres
from openyibao.outside.hospital.cast import load_cast, shipped

COMMAND = [sys.executable, "-m", "openyibao.cli.main", "sandbox"]


def environment():
    """This process's environment without the tests' own database, home and keys."""
    own = ("DATABASE_URL", "OPENYIBAO_HOME", "OPENYIBAO_CIPHER_KEY", "OPENYIBAO_INDEX_KEY", "OPENYIBAO_SECRET_KEY")
    return {name: value for name, value in os.environ.items() if name not in own} | {"OPENYIBAO_LANG": "en"}


def amounts_of(said: str, start: str) -> list[int]:
    """The whole numbers of the line that begins so."""
    line = next(line for line in said.splitlines() if line.startswith(start))
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", line)]


@pytest.fixture
def home(reachable_folder):
    """A home for the sandbox; its database is stopped at the end, whatever happened."""
    yield reachable_folder / "home"
    postgres.stop(reachable_folder / "home" / "db", mode="immediate")


def test_a_day_is_played_and_the_books_close_and_then_the_sandbox_serves_again(home):
    done = subprocess.run([*COMMAND, "--home", str(home), "--port", "0", "--play", "--no-stay"], capture_output=True, text=True,
                          env=environment(), check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout
    messages, numbers = re.search(r"([\d,]+) messages of (\d+) numbers", said).groups()
    assert int(messages.replace(",", "")) >= 1_000 and int(numbers) >= 18
    settled, back, again, refused = amounts_of(said, next(line for line in said.splitlines() if "bills settled" in line)[:8])
    assert settled >= 250 and back >= 30 and again >= 15 and refused >= 30
    for code in ("DOOR-13", "DOOR-41", "LINE-01", "MEASURE-01", "MEASURE-02", "MEASURE-03", "SETTLE-03", "SETTLE-05", "SETTLE-06"):
        assert re.search(rf"^ *\d+ +{code} ", said, re.MULTILINE), code
    assert amounts_of(said, "Totals (3201)")[1:] == [amounts_of(said, "Totals (3201)")[1], 0]
    theirs, ours, differ = amounts_of(said, "Bills:")
    assert theirs == ours == settled + back and differ == 0
    assert amounts_of(said, "Verified:")[0] == ours and amounts_of(said, "Verified:")[-1] == 0
    balance = [line.split() for line in said.partition("Trial balance (yuan)")[2].splitlines()[2:] if line.endswith(" 0.00")]
    assert len(balance) >= 6 and balance[-1][0] == "in" and all(row[-2] == row[-3] for row in balance)
    assert "not a fen is out" in said and not postgres.is_running(home / "db")
    process = subprocess.Popen([*COMMAND, "--home", str(home), "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=environment())  # fmt: skip
    page = ""
    try:
        for line in process.stdout:
            page += line
            if line.startswith("Serving"):
                break
        address = re.search(r"http://127\.0\.0\.1:\d+/fsi/api/\S+", page)[0]
        reply = httpx.post(address, content=(home / "first.json").read_bytes(), timeout=30).json()
        assert reply["infcode"] == 0 and reply["output"]["baseinfo"]["psn_name"] in page
        assert page.count("sandbox-") >= 8 and len(re.findall(r"4331010{13}\d{7}", page)) == 5 and "H43310199001" in page
        with psycopg.connect(postgres.url_of(home / "db")) as connection:
            loads = "SELECT object FROM staff_act WHERE what LIKE 'load.%' GROUP BY object HAVING count(*) > 1"
            twice = connection.execute(loads).fetchall()
        assert twice == [], "what is loaded already is not loaded again"
    finally:
        process.send_signal(signal.SIGINT)
        rest, complaints = process.communicate(timeout=90)
    assert process.returncode == 0, page + rest + complaints
    assert not postgres.is_running(home / "db")
    with pytest.raises(httpx.TransportError):
        httpx.post(address, content=b"{}")


def test_a_database_with_other_institutions_is_no_sandboxs(django_database):
    with psycopg.connect(django_database) as connection:
        connection.execute(
            "INSERT INTO providers_institution (fixmedins_code, name, kind, hosp_lv, uscc, admdvs, detail)"
            " VALUES ('H43310100001', '某医院', '1', '', '', '433101', '{}')"
        )
    with pytest.raises(typer.Exit):
        made.loaded(examples() / "sandbox")


def test_a_taken_port_is_refused_unless_any_will_do(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(typer.Exit):
            made.free_port("127.0.0.1", port, fallback=True)
        monkeypatch.setattr(made, "PORT", port)
        with pytest.raises(typer.Exit):
            made.free_port("127.0.0.1", None, fallback=False)
        assert made.free_port("127.0.0.1", None, fallback=True) != port


def test_no_word_is_missing_in_either_language():
    for zh, en in (*WORDS.values(), *FUNDS.values()):
        assert zh and en
        blanks = [{name for _, name, *_ in string.Formatter().parse(text) if name} for text in (zh, en)]
        assert blanks[0] == blanks[1], (zh, en)


def test_every_fund_of_the_ledger_has_a_name():
    names = {value for name, value in vars(ledger).items() if name.isupper() and isinstance(value, str)}
    assert {*names, *ledger.ADDED} == set(FUNDS)


def test_the_first_message_is_about_the_employee_of_the_city():
    message = json.loads(first_message("wuhan"))
    employee = load_cast(shipped(), "wuhan").people["employee"]
    assert message["infno"] == "1101" and message["input"]["data"]["certno"] == employee.certno
    assert message["fixmedins_code"].startswith("H4201")


def test_the_people_without_a_story_are_many_and_alive():
    people = plain_people(Path(examples() / "sandbox" / "people.csv"), "433101")
    assert len(people) >= 40 and len({person.certno for person in people}) == len(people)


def test_a_refused_message_is_counted_and_a_day_with_a_fault_is_not_sound():
    one, other = Day(), Day()
    one.messages["1101"] += 2
    other.messages["1101"] += 1
    other.unwanted.append("2207 …")
    both = together((one, other))
    assert both.messages["1101"] == 3 and one.sound and not both.sound
