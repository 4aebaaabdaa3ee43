"""The demo of a city: made, loaded, simulated, its report where it says; then the site over it, where each role can sign in."""

import os
import subprocess
import sys

import psycopg
import pytest

from database import reachable_folder
from openyibao.cli.desks import accounts
from openyibao.outside import postgres

__all__ = ["reachable_folder"]


def test_a_city_is_made_loaded_and_reformed(reachable_folder):
    home = reachable_folder / "city"
    ended = run("city-demo", "--home", str(home), "--scale", "1:300", "--lang", "en")
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
    served = run("desks", "--home", str(home), "--port", "0", "--no-stay", "--lang", "en")
    assert served.returncode == 0, served.stdout + served.stderr
    guided = [one.login for one in accounts(1) if one.guided]
    assert served.stdout.count("works") == len(guided) >= 6, "each role with a first page signed in"
    assert not postgres.is_running(home / "db")
    postgres.start(home / "db")
    try:
        with psycopg.connect(postgres.url_of(home / "db")) as connection:
            states = {state for (state,) in connection.execute("SELECT state FROM claims_claim")}
            (today,) = connection.execute("SELECT count(*) FROM settlement_settlement WHERE at > now() - interval '1 hour'").fetchone()
            (drafts,), (tasks,) = (connection.execute(f"SELECT count(*) FROM {table}").fetchone()
                                   for table in ("policymaking_draft", "planning_task"))
    finally:
        postgres.stop(home / "db", mode="immediate")
    assert {"draft", "first", "second", "paid"} <= states and today >= 15 and drafts == tasks == 1, "every desk finds work"


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    """One command in a process of its own, with a database of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "openyibao.cli.main", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=500, check=False)


@pytest.mark.parametrize("folder", ["theirs"])
def test_somebody_elses_folder_is_left_alone(tmp_path, folder):
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "letter").write_text("dear", encoding="utf-8")
    ended = run("city-demo", "--home", str(tmp_path / folder), "--reset")
    assert ended.returncode == 2 and (tmp_path / folder / "letter").exists()
