"""The database's own commands, in the order of a life: start, status, backup, loss, restore, stop."""

import os

import psycopg
import pytest
from typer.testing import CliRunner

from openyibao.cli.database import app
from openyibao.outside import postgres


@pytest.fixture
def say(reachable_folder, monkeypatch):
    """Runs a command on a home of the test's own; gives the exit code and what was said."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("OPENYIBAO_HOME", str(reachable_folder))

    def run(*words):
        answer = CliRunner().invoke(app, list(words))
        if answer.exception is not None and not isinstance(answer.exception, SystemExit):
            raise answer.exception
        return answer.exit_code, answer.output

    return run


def test_the_life_of_a_database(say, reachable_folder):
    code, words = say("status")
    assert code == 1 and "还没有数据库" in words
    assert say("url")[0] == 2
    assert say("stop") == (0, "没有在运行。It was not running.\n")
    code, words = say("start")
    assert code == 0 and words.startswith("postgresql://openyibao@127.0.0.1:"), "the password is not shown"
    url = say("url")[1].strip()
    assert url == postgres.url_of(reachable_folder / "db")
    assert "PostgreSQL 18" in say("status")[1]

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION btree_gist")
        connection.execute("CREATE TABLE kept (number int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    file = str(reachable_folder / "night.dump")
    assert say("backup", file)[0] == 0
    assert os.stat(file).st_mode & 0o077 == 0
    assert "已经存在" in say("backup", file)[1]

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE kept SET number = 8")
    code, words = say("restore", file)
    assert code == 2 and "--replace" in words
    assert say("restore", "--replace", file)[0] == 0
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
        connection.execute("DROP TABLE kept")
    assert say("restore", file)[0] == 0
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)

    (reachable_folder / "broken.dump").write_text("no dump")
    code, words = say("restore", "--replace", str(reachable_folder / "broken.dump"))
    assert code == 2 and "pg_restore" in words
    assert "Stopped" in say("stop")[1]
    assert say("status")[0] == 1


def test_migrate_makes_the_tables_and_stops_what_it_started(say, reachable_folder, monkeypatch, django_database):
    assert say("migrate") == (0, "表结构已是最新。Tables are up to date.\n")
    assert not postgres.is_running(reachable_folder / "db")
