"""A loaded database for tests that look everywhere: examples/sandbox, a tiny city, one row of everything that people make at the desks; in
a database of the module's own, before which a door stands open."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from database import KEYS, TEMPLATE, drop_database, new_database, numbers, point_django_at
from openyibao.outside import postgres
from seeded import Rows, door_open, seeded
from warehouse.made_store import made_store

ROOT = Path(__file__).parents[1]


def command(*words: str, **more: str) -> None:
    """A command of ours."""
    done = subprocess.run([sys.executable, "-m", "openyibao.cli.main", *words], capture_output=True, text=True, check=False,
                          env={**os.environ, **KEYS, **more})
    assert done.returncode in (0, 3), done.stdout + done.stderr


@pytest.fixture(scope="module")
def town(migrated_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rows]:
    """What is there to be visited; Django's default connection uses the database for the length of the module."""
    name, home = f"test_{next(numbers)}", tmp_path_factory.mktemp("home")
    new_database(migrated_template, name, template=TEMPLATE)
    url = postgres.url_of(migrated_template, database=name)
    more = {"DATABASE_URL": url, "OPENYIBAO_HOME": str(home)}
    made_store(home / "warehouse" / "jishou", people=100, years=(2022, 2023))
    command("load", "all", str(ROOT / "examples" / "sandbox"), "--training", **more)
    command("load", "city", str(home / "warehouse" / "jishou"), "--no-seal", **more)
    with pytest.MonkeyPatch.context() as patch:
        point_django_at(url, patch)
        patch.setattr("django.conf.settings.HOME", home)
        with door_open():
            yield seeded()
        connections.close_all()
    drop_database(migrated_template, name)
