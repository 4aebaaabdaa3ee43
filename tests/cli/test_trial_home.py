"""A trial's folder is claimed and emptied by whoever made it, and by nobody else."""

import os

import pytest
import typer

from openyibao.cli.trial_home import CITY_DEMO, SANDBOX, claimed, emptied


def test_an_empty_folder_or_ones_own_is_taken_and_nobody_elses(tmp_path):
    claimed(tmp_path / "new", SANDBOX)
    claimed(tmp_path / "new", SANDBOX)
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "letter").write_text("dear", encoding="utf-8")
    for refused in (claimed, emptied):
        with pytest.raises(typer.Exit):
            refused(tmp_path / "theirs", SANDBOX)
    assert (tmp_path / "theirs" / "letter").exists()
    emptied(tmp_path / "new", SANDBOX)
    assert not (tmp_path / "new").exists()


def test_a_home_in_use_is_not_emptied(tmp_path):
    claimed(tmp_path, SANDBOX)
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "started-by").write_text(str(os.getpid()), encoding="ascii")
    with pytest.raises(typer.Exit):
        emptied(tmp_path, SANDBOX)
    assert (tmp_path / "db").exists()


def test_with_a_database_of_ones_own_nothing_is_not_emptied(tmp_path, monkeypatch):
    claimed(tmp_path, SANDBOX)
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@elsewhere/theirs")
    with pytest.raises(typer.Exit):
        emptied(tmp_path, SANDBOX)
    assert (tmp_path / SANDBOX).exists()


def test_one_trial_leaves_anothers_folder_alone(tmp_path):
    claimed(tmp_path / "city", CITY_DEMO)
    for refused in (claimed, emptied):
        with pytest.raises(typer.Exit):
            refused(tmp_path / "city", SANDBOX)
    emptied(tmp_path / "city", CITY_DEMO)
    assert not (tmp_path / "city").exists()
