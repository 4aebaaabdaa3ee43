"""`openyibao warehouse` and `openyibao load city` from the command line, into a real database and out again."""

import os

import pytest

from openyibao.warehouse.tables.exchange import digest_of, opened_at
from warehouse.made_store import made_store


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return made_store(tmp_path_factory.mktemp("made"), people=60, years=(2022, 2023), buckets=1)


def test_show_check_and_the_list_of_questions(run, made):
    shown = run("warehouse", "show", made.root, "--digest")
    assert shown.exit_code == 0 and "persons" in shown.stdout and digest_of(made)[""] in shown.stdout
    assert "nothing is wrong" in run("warehouse", "check", made.root).stdout
    assert "institutions" in run("warehouse", "ask").stdout
    assert "年度库" in run("warehouse", "show", "nowhere", "--lang", "zh").stderr


def test_a_broken_store_is_told_with_exit_code_3(run, tmp_path):
    store = made_store(tmp_path / "broken", people=40, buckets=1)
    store.path("line", 2023, 0).unlink()
    done = run("warehouse", "check", store.root)
    assert done.exit_code == 3 and "line/year=2023/bucket=00000: the file is missing" in done.stdout


def test_to_parquet_and_back_into_the_home_folder(run, made, tmp_path):
    assert run("warehouse", "export", tmp_path / "parquet", "--city", made.root).exit_code == 0
    done = run("warehouse", "import", tmp_path / "parquet", "--home", tmp_path / "home")
    assert done.exit_code == 0 and digest_of(opened_at(tmp_path / "home" / "warehouse" / "jishou")) == digest_of(made)
    assert run("warehouse", "ask", "monthly", "--city", "jishou", "--home", tmp_path / "home").exit_code == 0


def test_a_question_is_answered_and_written(run, made, tmp_path):
    done = run("warehouse", "ask", "growth", "--city", made.root, "--set", "from=2022", "--set", "to=2023")
    assert done.exit_code == 0 and "mix of kinds and levels" in done.stdout
    assert run("warehouse", "ask", "growth", "--city", made.root).exit_code == 2
    (tmp_path / "own.sql").write_text("SELECT count(*) AS bills FROM settled WHERE month = $month", encoding="utf-8")
    done = run("warehouse", "ask", tmp_path / "own.sql", "--city", made.root, "--set", "month=3", "--csv", "own.csv", "--xlsx", "own.xlsx")
    assert done.exit_code == 0 and (tmp_path / "own.csv").read_text(encoding="utf-8-sig").startswith("bills\n")
    assert (tmp_path / "own.xlsx").stat().st_size > 1_000
    assert run("warehouse", "ask", "monthly", "--city", made.root, "--set", "top=x").exit_code == 2


def test_a_store_through_the_server(run, made, django_database, tmp_path):
    assert os.environ["DATABASE_URL"] == django_database
    done = run("load", "city", made.root, "--home", tmp_path / "home", "--workers", "1")
    assert done.exit_code == 0 and "60 persons" in done.stdout and "journal rows sealed" in done.stdout
    again = run("load", "city", made.root, "--home", tmp_path / "home", "--workers", "1")
    assert again.exit_code == 0 and "60 of the persons were there already" in again.stdout
    out = run("warehouse", "export-database", "jishou", "--years", "2022-2023", "--store", tmp_path / "out", "--home", tmp_path / "home")
    assert out.exit_code == 0 and "2023: 60 persons" in out.stdout
    assert "nothing is wrong" in run("warehouse", "check", tmp_path / "out").stdout
    assert run("load", "city", made.root, "--years", "2019", "--home", tmp_path / "home").exit_code == 2
    assert run("load", "city", tmp_path / "nothing", "--home", tmp_path / "home").exit_code == 2
