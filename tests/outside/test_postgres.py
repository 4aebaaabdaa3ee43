"""The embedded server: made once, found again, and back after whatever happened to it."""

import os
import socket
import stat
import subprocess
import sys
import time

import psycopg
import pytest

from database import drop_database, new_database
from openyibao.outside import postgres
from openyibao.outside.postgres_folder import DatabaseProblem, inhabitants, postmaster


@pytest.fixture(scope="module")
def folder_of_server(session_folder):
    """One durable server for this file: each test finds it running."""
    yield session_folder / "stopped and killed" / "db"
    postgres.stop(session_folder / "stopped and killed" / "db")


@pytest.fixture
def durable(folder_of_server):
    postgres.start(folder_of_server)
    return folder_of_server


def rows(url, question="SELECT count(*) FROM kept"):
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def keep_a_row(url):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int PRIMARY KEY)")
        connection.execute("INSERT INTO kept SELECT count(*) FROM kept")


def test_a_server_is_started_once_stopped_and_found_again(reachable_folder):
    folder = reachable_folder / "db"
    with pytest.raises(DatabaseProblem, match="还没有数据库"):
        postgres.url_of(folder)
    assert not postgres.is_running(folder) and not postgres.stop(folder)
    url = postgres.start(folder)
    first = postmaster(folder / "data")
    keep_a_row(url)
    assert postgres.start(folder) == url and postmaster(folder / "data") == first
    assert postgres.is_running(folder)
    assert postgres.stop(folder) and not postgres.is_running(folder)
    assert not postgres.stop(folder)
    assert postgres.start(folder) == url
    assert rows(url) == rows(postgres.url_of(folder, over="socket")) == 1


def test_two_processes_that_start_it_at_once_get_one_server(reachable_folder):
    code = "import sys; from pathlib import Path; from openyibao.outside import postgres; print(postgres.start(Path(sys.argv[1])))"
    folder = reachable_folder / "db"
    both = [subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    first, second = [process.communicate(timeout=120)[0] for process in both]
    assert first == second == postgres.url_of(folder) + "\n"


def test_what_was_committed_survives_kill_9(durable):
    url = postgres.url_of(durable)
    for kept in (1, 2):
        keep_a_row(url)
        postgres.kill(durable)
        assert not postgres.is_running(durable)
        assert postgres.start(durable) == url
        assert rows(url) == kept


def test_children_of_a_killed_server_are_gone_before_the_next_one_starts(durable):
    data = durable / "data"
    busy = psycopg.connect(postgres.url_of(durable))
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1000000000)")      # hears nothing of its parent's death for minutes
    time.sleep(0.2)
    before = inhabitants(data)
    postgres.kill(durable, whole=False)
    assert inhabitants(data), "no child outlived its server: the test shows nothing"
    postgres.start(durable)
    assert not set(before) & set(inhabitants(data))
    busy.close()


def test_a_note_of_a_process_number_that_is_now_somebody_elses_does_not_stop_the_start(durable):
    note = durable / "data" / "postmaster.pid"
    words = note.read_text()
    postgres.stop(durable)
    note.write_text(words.replace(words.split("\n")[0], str(os.getpid()), 1))
    assert postmaster(durable / "data") is None
    postgres.start(durable)
    assert postgres.is_running(durable)


def test_a_port_that_somebody_took_meanwhile_is_replaced_but_not_one_that_was_asked_for(durable):
    before = postgres.url_of(durable)
    port = int((durable / "port").read_text())
    postgres.stop(durable)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(DatabaseProblem, match=f"端口 {port} 已被占用"):
            postgres.start(durable, port=port)
        assert postgres.start(durable) != before
    assert postgres.is_running(durable)


def test_the_role_of_the_site_is_no_superuser_and_needs_its_password(durable):
    url = postgres.url_of(durable)
    assert rows(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert rows(postgres.url_of(durable, admin=True), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is True
    password = (durable / "password").read_text()
    for over in ("tcp", "socket"):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(postgres.url_of(durable, over=over).replace(password, "guessed"))
    for name in ("password", "password.admin"):
        assert stat.S_IMODE((durable / name).stat().st_mode) == 0o600


def test_settings_suit_money_and_chinese_names(durable):
    url = postgres.url_of(durable)
    wanted = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
    wanted |= {"TimeZone": "Asia/Shanghai", "listen_addresses": "127.0.0.1"}
    assert {name: rows(url, f"SHOW {name}") for name in wanted} == wanted
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE EXTENSION btree_gist")
    if rows(url, "SELECT datctype FROM pg_database WHERE datname = current_database()") != "C":
        assert rows(url, "SELECT cardinality(show_trgm('欧阳春晓'))") > 1


def test_an_officers_settings_win(durable):
    postgres.stop(durable)
    (durable / "own.conf").write_text("work_mem = '7MB'\n")
    assert rows(postgres.start(durable), "SHOW work_mem") == "7MB"
    (durable / "own.conf").unlink()


def test_the_log_carries_no_value_of_a_row(durable):
    with psycopg.connect(postgres.url_of(durable), autocommit=True) as connection:
        connection.execute("CREATE TABLE person (certno text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('990101199001010013')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES ('990101199001010013')")
    postgres.stop(durable)
    words = "".join(path.read_text() for path in (durable / "log").iterdir())
    assert "duplicate key" in words and "990101199001010013" not in words


def test_a_long_path_puts_the_socket_elsewhere(reachable_folder):
    folder = reachable_folder / ("a-long-name-" * 9) / "db"
    postgres.start(folder, durable=False)
    assert rows(postgres.url_of(folder, over="socket"), "SELECT 1") == 1
    elsewhere = postgres.socket_folder(folder)
    assert folder not in elsewhere.parents and elsewhere.is_dir()
    postgres.stop(folder)
    assert not elsewhere.exists()


def test_an_interrupted_first_start_is_done_again(reachable_folder):
    folder = reachable_folder / "db"
    (folder / "data.new").mkdir(parents=True)
    (folder / "data.new" / "PG_VERSION").write_text("18\n")
    url = postgres.start(folder, durable=False)
    (folder / "ready").unlink()         # as if the end had come before the role was made
    assert postgres.start(folder) == url
    assert rows(url, "SELECT 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")
def test_root_is_told_which_folder_the_servers_account_cannot_pass(tmp_path):
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o700)
    with pytest.raises(DatabaseProblem, match="进不了"):
        postgres.start(shut / "db")


def test_database_url_wins_and_starts_nothing(reachable_folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@db.example/city")
    assert postgres.database_url(reachable_folder) == "postgresql://somebody@db.example/city"
    assert not (reachable_folder / "db").exists()
    monkeypatch.delenv("DATABASE_URL")
    assert postgres.database_url(reachable_folder) == postgres.url_of(reachable_folder / "db")


def test_a_tests_database_is_dropped_though_the_server_itself_is_at_work_in_it(migrated_template):
    """A vacuum worker runs as the superuser, whose processes the site's role may not end; it comes when it wants."""
    new_database(migrated_template, "worked_on")
    with psycopg.connect(postgres.url_of(migrated_template, database="worked_on", admin=True), autocommit=True) as worker:
        drop_database(migrated_template, "worked_on")
        with pytest.raises(psycopg.OperationalError):
            worker.execute("SELECT 1")
