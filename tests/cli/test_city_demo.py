"""The demo of a city runs as a process of its own: made, loaded, simulated, and its report lies where it says."""

import os
import subprocess
import sys

import psycopg
import pytest

from database import reachable_folder
from openyibao.outside import postgres

__all__ = ["reachable_folder"]


def test_a_city_is_made_loaded_and_reformed(reachable_folder):
    home = reachable_folder / "city"
    command = [sys.executable, "-m", "openyibao.cli.main", "city-demo", "--home", str(home), "--scale", "1:300", "--lang", "en"]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=500, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    report = home / "report" / "report.html"
    assert report.exists() and (home / "report" / "report.xlsx").exists() and "4/4" in ended.stdout
    assert "Checked: the payers sum to the fees" in ended.stdout
    assert not postgres.is_running(home / "db"), "its database is stopped with it"
    postgres.start(home / "db")
    try:
        with psycopg.connect(postgres.url_of(home / "db")) as connection:
            (settled,) = connection.execute("SELECT count(*) FROM settlement_journal").fetchone()
    finally:
        postgres.stop(home / "db", mode="immediate")
    assert settled > 1_000


@pytest.mark.parametrize("folder", ["theirs"])
def test_somebody_elses_folder_is_left_alone(tmp_path, folder):
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "letter").write_text("dear", encoding="utf-8")
    command = [sys.executable, "-m", "openyibao.cli.main", "city-demo", "--home", str(tmp_path / folder), "--reset"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 2 and (tmp_path / folder / "letter").exists()
