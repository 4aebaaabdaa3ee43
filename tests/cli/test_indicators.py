"""`openyibao indicators`: the board, one figure with its rows, the funds' sheet, files, and every refusal as a sentence."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openyibao.cli.main import app
from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.run.driver import resettle
from openyibao.warehouse.tables.store import Store
from warehouse.made_store import made_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A small store of Yuxi."""
    return made_store(tmp_path_factory.mktemp("store"), "yuxi", people=120, years=(2023,), buckets=1)


def run(*words: object) -> tuple[int, str]:
    """The command's exit code and everything it said."""
    found = CliRunner().invoke(app, ["indicators", *map(str, words)])
    return found.exit_code, found.output


def asked(store: Store, *words: object) -> str:
    """What the command says of the store."""
    code, said = run("--city", "yuxi", "--store", store.root, *words)
    assert code == 0, said
    return said


def test_the_board_shows_what_is_answered_watched_and_waiting(store: Store):
    said = asked(store)
    for words in ("YX-01", "职工医保政策范围内住院报销比例", "规划之外的监测指标", "待数据的规划指标", "YX-12", "省级采购平台", "合成城市"):
        assert words in said
    english = asked(store, "--lang", "en", "--as-of", "2023-06")
    for words in ("2023-01 to 2023-06", "in-policy inpatient", "procurement platform", "no real person"):
        assert words in english


def test_one_figure_shows_definition_sql_rows_and_parts(store: Store, tmp_path: Path):
    target = tmp_path / "rows.csv"
    said = asked(store, "--id", "yx-17", "--by", "level", "--rows", target, "--lang", "en")
    for words in ("YX-17", "grade 2", "SELECT", "paid_pool", "The first 10 rows", "L2", str(target)):
        assert words in said
    with target.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert all(int(row["denominator"]) > 0 for row in rows)


def test_a_figure_by_its_code_a_reserve_and_one_that_waits(store: Store):
    assert "职工统筹基金可支付月数" in asked(store, "--id", "employee_months")
    assert "待数据" in asked(store, "--id", "YX-12")
    assert "本项目设定" in asked(store, "--id", "resident_months")


def test_the_funds_sheet_and_files(store: Store, tmp_path: Path):
    said = asked(store, "--sheet", "--period", "2023Q1", "--csv", tmp_path / "sheet.csv")
    for words in ("职工统筹", "划入个人账户", "2023-03", "期末累计", "可支付月数"):
        assert words in said
    with (tmp_path / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {"2023-01", "2023-02", "2023-03"} <= set(next(csv.reader(file)))
    asked(store, "--xlsx", tmp_path / "board.xlsx", "--period", "2023-02")
    assert (tmp_path / "board.xlsx").stat().st_size > 4_000


def test_a_run_under_the_recorded_policy_measures_the_same(store: Store, tmp_path: Path):
    resettle(store, 2023, load_book(policies_root(), "yuxi"), tmp_path / "run")
    said = asked(store, "--csv", tmp_path / "recorded.csv")
    assert "按重结算结果" not in said
    said = asked(store, "--run", tmp_path / "run", "--csv", tmp_path / "run.csv")
    assert "按重结算结果" in said
    boards = []
    for name in ("recorded", "run"):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            boards.append({row["编号"]: row for row in csv.DictReader(file)})
    recorded, again = boards
    assert [name for name in recorded if recorded[name] != again[name]] == ["YX-07"]     # its deductible is the policy's, not a row's
    code, said = run("--city", "yuxi", "--store", store.root, "--run", tmp_path / "nowhere")
    assert (code, "没有 2023 年的结果" in said.replace("\n", "")) == (2, True)


@pytest.mark.parametrize(("words", "said"), [
    (("--city", "paris"), "没有城市 paris"),
    (("--city", "yuxi", "--id", "WH-04"), "WH-04 是 wuhan 的指标"),
    (("--city", "yuxi", "--id", "nothing"), "没有指标 nothing"),
    (("--city", "yuxi", "--rows", "x.csv"), "--rows、--by 需要 --id"),
    (("--city", "yuxi", "--id", "YX-04", "--rows", "x.txt"), ".csv 或 .parquet"),
    (("--city", "yuxi", "--period", "2023-13"), "统计期 2023-13"),
    (("--city", "yuxi", "--as-of", "2023", "--period", "2023"), "只能写一个"),
    (("--city", "yuxi", "--as-of", "2019"), "库中没有 2019 年"),
    (("--city", "yuxi", "--id", "YX-04", "--by", "weather"), "没有可列出或按此分组的行"),
    (("--city", "yuxi", "--id", "YX-12", "--rows", "x.csv"), "没有可列出或按此分组的行"),
    (("--city", "jishou"), "是 yuxi 的库，不是 jishou 的"),
])  # fmt: skip
def test_a_refusal_is_a_sentence(store: Store, words, said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    code, answer = run("--store", store.root, *words)
    assert (code, said in answer.replace("\n", "")) == (2, True), answer
    assert not list(tmp_path.iterdir())


def test_no_store_says_how_to_make_one(tmp_path: Path):
    code, said = run("--city", "yuxi", "--home", tmp_path)
    assert code == 2
    assert "openyibao city make yuxi" in said
