"""Fixtures for tests that need PostgreSQL: a server of the session's own, a migrated template, a fresh copy of it for each test.

    fresh_database      address of an empty, migrated database; about 30 ms
    django_database     the same, with Django's default connection (and DATABASE_URL) pointed at it for the test
    durable_server      folder of a server of the test's own with fsync on, running: to stop, kill and start again
    reachable_folder    an empty folder that the server's account can reach (pytest's own, under root, it cannot)

One server per xdist worker: made in about a second and a half, when a test first asks. Whatever runs below the session's folder is stopped
by a watcher, a process that sleeps until this one ends, be it by kill -9.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import django
import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from openyibao.outside import postgres
from openyibao.site.database import parsed

TEMPLATE = "openyibao_template"

KEYS = {
    "OPENYIBAO_SECRET_KEY": "a key for tests, which signs nothing that lasts",
    "OPENYIBAO_CIPHER_KEY": "11" * 32,
    "OPENYIBAO_INDEX_KEY": "22" * 32,
}

WATCHER = """
import sys
sys.stdin.read()
import shutil
from pathlib import Path
from openyibao.outside import postgres
for data in sorted(Path(sys.argv[1]).glob("**/data")):
    postgres.stop(data.parent, mode="immediate")
shutil.rmtree(sys.argv[1])
"""

numbers = count(1)

# Tests import models, so Django is set up when they are collected. It knows no database until a fixture gives it one: never a developer's.
os.environ.pop("DATABASE_URL", None)
os.environ.update(KEYS, DJANGO_SETTINGS_MODULE="openyibao.site.settings", OPENYIBAO_HOME=f"{os.devnull}/no-home")
django.setup()


@pytest.fixture(scope="session")
def session_folder() -> Iterator[Path]:
    """A folder for the session, which everybody may pass through; emptied, and its servers stopped, when the session ends in any way."""
    folder = Path(tempfile.mkdtemp(prefix="openyibao-tests-"))
    folder.chmod(0o711)
    watcher = subprocess.Popen([sys.executable, "-c", WATCHER, str(folder)], stdin=subprocess.PIPE, start_new_session=True)
    yield folder
    watcher.communicate(timeout=60)
    assert watcher.returncode == 0


@pytest.fixture
def reachable_folder(session_folder: Path) -> Iterator[Path]:
    """An empty folder of the test's own; servers left running in it are stopped."""
    folder = session_folder / f"test-{next(numbers)}"
    folder.mkdir()
    yield folder
    for data in folder.glob("*/data"):
        postgres.stop(data.parent, mode="immediate")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def migrated_template(session_folder: Path) -> Path:
    """The session's server, with a migrated database to copy from."""
    folder = session_folder / "shared"
    postgres.start(folder, durable=False)
    new_database(folder, TEMPLATE)
    with pytest.MonkeyPatch.context() as patch:
        point_django_at(postgres.url_of(folder, database=TEMPLATE), patch)
        call_command("migrate", verbosity=0)
        connections.close_all()
    return folder


def drop_database(folder: Path, name: str) -> None:
    """Drop a database and end what is connected to it: as the superuser, since its owner may not end a vacuum worker at work in it.

    The server waits five seconds for those it ended; on a machine with other work they may need longer.
    """
    for last in (False, False, False, True):
        try:
            with psycopg.connect(postgres.url_of(folder, admin=True), autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            return
        except psycopg.errors.ObjectInUse:
            if last:
                raise


@pytest.fixture
def fresh_database(migrated_template: Path) -> Iterator[str]:
    """The address of a migrated database with no rows but those that migrations write."""
    name = f"test_{next(numbers)}"
    new_database(migrated_template, name, template=TEMPLATE)
    yield postgres.url_of(migrated_template, database=name)
    drop_database(migrated_template, name)


@pytest.fixture
def django_database(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A fresh database that Django's default connection uses, in every thread, for the length of the test."""
    point_django_at(fresh_database, monkeypatch)
    yield fresh_database
    connections.close_all()


@pytest.fixture
def durable_server(reachable_folder: Path) -> Iterator[Path]:
    """The folder of a running server that forces every commit to disk."""
    postgres.start(reachable_folder / "db")
    yield reachable_folder / "db"
    postgres.stop(reachable_folder / "db", mode="immediate")


def new_database(folder: Path, name: str, *, template: str = "template1") -> None:
    """Create a database on the session's server."""
    with psycopg.connect(postgres.url_of(folder), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")


def point_django_at(url: str, patch: pytest.MonkeyPatch) -> None:
    """Let Django's default connection, and the commands that a test starts, use this database."""
    patch.setenv("DATABASE_URL", url)
    connections.close_all()
    connections.settings["default"].update({**parsed(url), "CONN_MAX_AGE": 0})
    if hasattr(connections._connections, "default"):
        del connections["default"]      # made anew from the entry above, which all threads share
    for name in ("_next", "_end"):      # a block of numbers is one database's
        patch.setattr(f"openyibao.bureau.fund.actions.numbers.{name}", 0)
