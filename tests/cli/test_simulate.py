"""`simulate` and `merge-counties` over an invented store: report, workbook, figures that come out the same again, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from openpyxl import load_workbook
from typer.testing import CliRunner

import openyibao.cli.simulate as simulate_module
from openyibao.cli.main import app
from openyibao.warehouse.report.amounts import signed, yuan
from openyibao.warehouse.simulate.outcome import Outcome, from_json
from warehouse.made_store import made_store

Run = Callable[..., Result]
DRAFTS = Path(__file__).parents[2] / "examples" / "drafts"
RETIREES, OLD = DRAFTS / "ankang-retirees.yaml", DRAFTS / "ankang-county-old.yaml"
MADE = "report.html", "report.xlsx", "outcome.json"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_store(tmp_path_factory.mktemp("simulate") / "ankang", "ankang", people=300, years=(2023,), seed=3).root


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENYIBAO_LANG", "en")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def outcome_of(folder: Path) -> Outcome:
    return from_json((folder / "outcome.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def simulated(store: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    folder = tmp_path_factory.mktemp("report")
    words = ("simulate", "--city", "ankang", "--year", "2023", "--draft", RETIREES, "--store", store, "--out", folder)
    return CliRunner().invoke(app, [str(word) for word in (*words, "--elasticity", "-0.2", "--lang", "en")]), folder


def test_a_reform_is_answered_with_a_page_a_workbook_and_the_package(simulated: tuple[Result, Path]) -> None:
    done, folder = simulated
    assert done.exit_code == 0, done.output + done.stderr
    outcome, page = outcome_of(folder), (folder / "report.html").read_text(encoding="utf-8")
    totals = outcome.totals
    assert totals.fund.change and signed(totals.fund.change) in done.output and signed(totals.fund.change) in page
    assert all(yuan(fund.after) in page for fund in totals.funds if fund.after)
    assert "the payers sum to the fees" in done.output and "report.html" in done.output
    assert f"Policy package: {folder / 'policy' / outcome.reproduction.reform_digest[:16]}" in done.output
    assert outcome.reproduction.reform_digest in page and outcome.reproduction.drafts[0][1] in page
    fees = load_workbook(folder / "report.xlsx", data_only=True)["Who pays"]
    assert round(fees.cell(fees.max_row, 3).value * 100) == totals.total.before
    assert outcome.behaviour is not None and 'id="behaviour"' in page


def test_the_command_in_the_report_gives_the_same_bytes_again(simulated: tuple[Result, Path], run: Run, tmp_path: Path) -> None:
    _, folder = simulated
    command = outcome_of(folder).reproduction.command.split()
    assert command[:2] == ["openyibao", "simulate"]
    done = run(*command[1:], "--out", tmp_path / "again")
    assert done.exit_code == 0, done.output + done.stderr
    for name in MADE:
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes(), name


def test_it_speaks_chinese(store: Path, run: Run, tmp_path: Path) -> None:
    words = ("simulate", "--city", "ankang", "--year", "2023", "--draft", RETIREES, "--store", store, "--orders", "given", "--lang", "zh")
    done = run(*words, "--out", tmp_path / "zh")
    assert done.exit_code == 0 and "核对：" in done.output and "职工医保统筹基金" in done.output
    assert "谁来付" in load_workbook(tmp_path / "zh" / "report.xlsx").sheetnames


def test_stopped_and_begun_again(store: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("simulate", "--city", "ankang", "--year", "2023", "--draft", RETIREES, "--store", store, "--out", tmp_path / "out",
             "--orders", "none", "--workers", "1")
    real = simulate_module.simulate

    def stopped(*values: Any, **named: Any) -> Outcome:
        def ctrl_c(*_: object) -> None:
            raise KeyboardInterrupt

        return real(*values, **(named | {"progress": ctrl_c}))

    monkeypatch.setattr(simulate_module, "simulate", stopped)
    done = run(*words)
    assert done.exit_code == 130 and "the same command again goes on" in done.stderr
    assert not (tmp_path / "out" / "report.html").exists() and list((tmp_path / "out" / "part").rglob("*.npz"))
    monkeypatch.setattr(simulate_module, "simulate", real)
    assert run(*words).exit_code == 0 and (tmp_path / "out" / "report.html").is_file()


@pytest.mark.parametrize(("words", "said"), [
    ((), "Nothing changes"),
    (("--draft", RETIREES, "--orders", "most"), "orders most"),
    (("--draft", RETIREES, "--elasticity", "much"), "no decimal number"),
    (("--draft", DRAFTS / "wuhan-residents.yaml"), "written for wuhan"),
    (("--draft", RETIREES, "--year", "2019"), "no bills of 2019"),
    (("--draft", RETIREES, "--city", "wuhan"), "is the store of ankang"),
    (("--draft", RETIREES, "--store", "nowhere"), "openyibao city make ankang"),
    (("--readings", "generous"), "no reading generous"),
])  # fmt: skip
def test_what_cannot_be_simulated_is_said(words: tuple[object, ...], said: str, store: Path, run: Run) -> None:
    done = run("simulate", "--city", "ankang", "--year", "2023", "--store", store, *words)
    assert done.exit_code == 2 and said in done.stderr


def test_without_the_chart_library_nothing_long_is_begun(store: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openyibao.warehouse.report.page.ECHARTS", tmp_path / "echarts.min.js")
    done = run("simulate", "--city", "ankang", "--year", "2023", "--draft", RETIREES, "--store", store, "--out", tmp_path / "out")
    assert done.exit_code == 2 and "make setup" in done.stderr and not (tmp_path / "out").exists()


def test_two_rule_sets_are_listed_without_a_store(run: Run) -> None:
    done = run("merge-counties", "--city", "ankang", "--year", "2023", "--b-draft", OLD, "--list", "--take", "inpatient.*=first")
    assert done.exit_code == 0, done.stderr
    assert "inpatient.resident.deductible.L3" in done.output and "overlay:" in done.output


def test_counties_are_merged_and_priced(store: Path, run: Run, tmp_path: Path) -> None:
    words = ("merge-counties", "--city", "ankang", "--year", "2023", "--b-draft", OLD, "--store", store)
    assert run(*words).exit_code == 2
    county = next(iter(merged_counties(store)))
    done = run(*words, "--b-counties", county, "--out", tmp_path / "merged")
    assert done.exit_code == 0, done.output + done.stderr
    outcome, page = outcome_of(tmp_path / "merged"), (tmp_path / "merged" / "report.html").read_text(encoding="utf-8")
    assert sum(one.fund.change for one in outcome.counties) == outcome.totals.fund.change
    assert {one.key: one.rules.en for one in outcome.counties}[str(county)] == "Old rules of county A"
    assert 'id="counties"' in page and all(yuan(one.fund.before) in page for one in outcome.counties)
    assert "merged.yaml" in done.output and (tmp_path / "merged" / "merged.yaml").is_file()
    draft = run("policy", "diff", "ankang", f"ankang+{tmp_path / 'merged' / 'merged.yaml'}", "--on", "2023-01-01")
    assert draft.exit_code == 0, draft.output + draft.stderr


def merged_counties(store: Path) -> set[int]:
    return {int(code) for code in simulate_module.opened(store, "ankang").arrays("town")["county"]}


@pytest.mark.parametrize(("words", "said"), [
    (("--b-counties", "610921;610922"), "six-digit"), (("--take", "inpatient"), "KEY=first"), (("--otherwise", "best"), "--otherwise best"),
])  # fmt: skip
def test_a_merger_that_is_not_understood(words: tuple[object, ...], said: str, run: Run) -> None:
    done = run("merge-counties", "--city", "ankang", "--year", "2023", "--b-draft", OLD, *words)
    assert done.exit_code == 2 and said in done.stderr
