"""`openyibao compare`: exact to the fen, and every hard case can be opened."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cli.bills import LAPSED, POOR, STAY, VISIT, WRONG


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.yaml"
    path.write_text(
        "overlay: {city: ankang, name: 草案, name_en: draft}\n"
        "inpatient.employee.deductible.L3:\n  name: 起付线\n  name_en: Deductible\n  unit: yuan\n  values:\n"
        '    2023-01-01: {value: 900, trust: illustrative, source: "draft"}\n  confirmed_on: null\n'
        "outpatient.employee.deductible.all:\n  name: 起付线\n  name_en: Deductible\n  unit: yuan\n  values:\n"
        '    2023-01-01: {value: 100, trust: illustrative, source: "draft"}\n  confirmed_on: null\n',
        encoding="utf-8",
    )
    return path


def test_who_pays_more_and_who_less(run: Any, write: Any, draft: Path) -> None:
    done = run("compare", write(STAY, POOR, VISIT, LAPSED), "--policy", "ankang", "--policy", f"ankang+{draft}")
    assert done.exit_code == 0, done.output
    assert "+91.00" in done.output and "-60.00" in done.output
    assert "1 persons pay less, 1 pay more, 2 the same" in done.output
    assert "sum to the difference of the sums" in done.output
    assert "minimum_living" in done.output and "Refused: 1 bills under A, 1 under B" in done.output


def test_the_file_of_differences_sums_to_the_difference_of_the_sums(run: Any, write: Any, draft: Path, tmp_path: Path) -> None:
    run("compare", write(STAY, POOR, VISIT), "--policy", "ankang", "--policy", f"ankang+{draft}", "--out", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for field in ("hifp_pay", "fund_pay_sumamt", "psn_part_amt", "psn_cash_pay"):
        sums = {side: sum(Decimal(row[f"{field}_{side}"]) for row in rows) for side in ("a", "b", "difference")}
        assert sums["b"] - sums["a"] == sums["difference"]
    assert [row["psn_part_amt_difference"] for row in rows] == ["91.00", "0.00", "-60.00"]


def test_the_hardest_cases_open_side_by_side(run: Any, write: Any, draft: Path) -> None:
    done = run("compare", write(STAY, VISIT), "--policy", "ankang", "--policy", f"ankang+{draft}", "--explain", "--hardest", "1")
    assert done.output.count("Bill E01") == 2 and done.output.count("Bill V1") == 2
    assert "A: ankang ·" in done.output and "11,039.81" in done.output and "10,948.81" in done.output


def test_a_city_a_reading_and_the_law_of_a_day_are_policies_too(run: Any, write: Any) -> None:
    path = write(STAY, POOR)
    assert run("compare", path, "--policy", "ankang", "--policy", "wuhan").exit_code == 0
    assert run("compare", path, "--policy", "ankang", "--policy", "ankang~aid_all_visits").exit_code == 0
    same = run("compare", path, "--policy", "ankang", "--policy", "ankang")
    assert "0 persons pay less, 0 pay more, 2 the same" in same.output
    early = run("compare", path, "--policy", "ankang", "--policy", "ankang@2021-06-01")
    assert early.exit_code == 0 and "Checked" in early.output


def test_bad_rows_are_left_out_of_both(run: Any, write: Any) -> None:
    done = run("compare", write(STAY, WRONG), "--policy", "ankang", "--policy", "wuhan")
    assert done.exit_code == 3 and "BILL-08" in done.output


WORDS = [(("--policy", "ankang"), "twice"), (("--policy", "ankang", "--policy", "ankang+no.yaml"), "no overlay file"),
         (("--policy", "ankang", "--policy", "ankang@May"), "not a day"),
         (("--policy", "ankang", "--policy", "ankang~odd"), "no reading odd")]


@pytest.mark.parametrize(("words", "said"), WORDS)
def test_a_wrong_policy_ends_with_2(run: Any, write: Any, words: tuple[str, ...], said: str) -> None:
    done = run("compare", write(STAY), *words)
    assert done.exit_code == 2 and said in done.output + done.stderr
