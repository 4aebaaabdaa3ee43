"""kill -9 under load, a few times; `make bench` does it two hundred times. And: what is looked at afterwards can fail."""

import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from bureau.settlement.conftest import written
from bureau.settlement.writer import INSTITUTION
from openyibao.bureau.settlement.models import Settlement

__all__ = ["written"]

ROOT = Path(__file__).parents[2]
FINE = {"lost": 0, "doubled": 0, "unknown": 0, "verify_differences": 0, "refused": 0}


def test_nothing_answered_is_lost_and_nothing_is_doubled(tmp_path):
    file = tmp_path / "figures.json"
    script = str(ROOT / "benchmarks" / "crash.py")
    command = [sys.executable, script, "--kills", "4", "--windows", "6", "--people", "6", "--json", str(file)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        said, _ = process.communicate(timeout=500)
    finally:
        process.terminate()         # it ends its servers
        process.wait(60)
    assert process.returncode == 0, said
    figures = json.loads(file.read_text(encoding="utf-8"))["figures"]
    assert FINE.items() <= figures.items()
    assert figures["kills"] == 4
    assert figures["settlements"] > 0


@pytest.fixture
def three(written, django_database):
    """Three settlements, and what their hospitals were answered."""

    async def bills(writer):
        person = await writer.person("P1", "310", 1_000)
        for _ in range(3):
            await writer.settles(person)

    written(bills)
    return list(Settlement.objects.order_by("setl_id"))


def test_what_is_lost_doubled_or_unknown_is_seen(three, django_database, parts):
    looked_at, answered_type = parts("aftermath").looked_at, parts("storm").Answered
    answered = [answered_type("2207", one.msgid, one.setl_id, 0, "P1") for one in three]
    assert looked_at(django_database, answered).clean
    lost = looked_at(django_database, [*answered, answered[0]._replace(setl_id=9)])
    assert (lost.clean, len(lost.lost)) == (False, 1)
    assert looked_at(django_database, answered[:2]).unknown == 1


def test_a_message_that_settled_twice_is_seen(three, django_database, parts, plain_connection):
    plain_connection.execute("ALTER TABLE settlement_settlement DISABLE TRIGGER USER")
    plain_connection.execute("UPDATE settlement_settlement SET msgid = %s", [f"{INSTITUTION}{1:018d}"])
    found = parts("aftermath").looked_at(django_database, [])
    assert (found.doubled, found.clean) == (1, False)
    assert any(line.startswith("message") for line in found.differing) or found.unknown == 3


@pytest.fixture
def plain_connection(django_database):
    """A psycopg connection with autocommit."""

    with psycopg.connect(django_database, autocommit=True) as connection:
        yield connection
