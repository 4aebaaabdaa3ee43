"""`openyibao settle` from file to file: figures, formats, rejects, exit codes, interruption."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from cli.bills import LAPSED, POOR, STAY, VISIT, WRONG
from openyibao.cli import settle as command


def results(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_worked_examples_come_out_to_the_fen(run: Any, write: Any, tmp_path: Path) -> None:
    done = run("settle", write(STAY, POOR), "--city", "ankang", "--out", tmp_path / "out.jsonl")
    assert done.exit_code == 0, done.output
    first, second = results(tmp_path / "out.jsonl")
    assert (first["hifp_pay"], first["act_pay_dedc"], first["psn_part_amt"]) == ("11039.81", "800.00", "3663.69")
    assert (first["acct_pay"], first["acct_mulaid_pay"], first["psn_cash_pay"], first["balc"]) == ("2100.00", "900.00", "1563.69", "0.00")
    assert (second["hifp_pay"], second["hifmi_pay"], second["maf_pay"]) == ("30720.00", "13377.00", "6827.25")
    assert (second["fund_pay_sumamt"], second["psn_part_amt"]) == ("50924.25", "5575.75")
    assert second["year"]["burden"] == "25580.00" and first["year"]["admissions_by_level"] == {"L3": 1}
    assert first["outcome"] == "settled" and first["readings"] == [] and len(first["policy"]) == 64
    assert "all 2 bills add up" in done.output


def test_a_year_carries_from_bill_to_bill_and_from_run_to_run(run: Any, write: Any, tmp_path: Path) -> None:
    visits = [{**VISIT, "bill_id": f"V{month}", "enddate": f"2023-0{month}-10"} for month in range(1, 7)]
    run("settle", write(*visits), "--city", "ankang", "--out", tmp_path / "whole.jsonl")
    whole = results(tmp_path / "whole.jsonl")
    run("settle", write(*visits[:3]), "--city", "ankang", "--out", tmp_path / "first.jsonl")
    opened = {"psn_no": "P3", "insutype": "310", "year": results(tmp_path / "first.jsonl")[-1]["year"]}
    people = write(opened, name="people.jsonl")
    run("settle", write(*visits[3:]), "--city", "ankang", "--people", people, "--out", tmp_path / "second.jsonl")
    parts = results(tmp_path / "first.jsonl") + results(tmp_path / "second.jsonl")
    assert [{**row, "line": 0} for row in parts] == [{**row, "line": 0} for row in whole]
    assert whole[0]["hifp_pay"] != whole[1]["hifp_pay"]


def test_the_three_formats_give_the_same_results(run: Any, write: Any, tmp_path: Path) -> None:
    bills = [STAY, POOR, VISIT, LAPSED]
    columns = list(dict.fromkeys(name for bill in bills for name in bill))
    with (tmp_path / "bills.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(bills)
    pyarrow.parquet.write_table(pyarrow.table({name: [bill.get(name) for bill in bills] for name in columns}), tmp_path / "bills.parquet")
    write(*bills)
    answers = {}
    for kind in ("jsonl", "csv", "parquet"):
        done = run("settle", f"bills.{kind}", "--city", "ankang", "--out", f"{kind}.jsonl")
        assert done.exit_code == 0, done.output
        answers[kind] = [{**row, "line": 0} for row in results(tmp_path / f"{kind}.jsonl")]
    assert answers["jsonl"] == answers["csv"] == answers["parquet"]


def test_results_in_csv_and_parquet_say_what_json_lines_says(run: Any, write: Any, tmp_path: Path) -> None:
    path = write(STAY, POOR, LAPSED)
    for name in ("out.jsonl", "out.csv", "out.parquet"):
        assert run("settle", path, "--city", "ankang", "--out", tmp_path / name).exit_code == 0
    nested = results(tmp_path / "out.jsonl")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        flat = list(csv.DictReader(file))
    columns = pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist()
    for one, row, record in zip(nested, flat, columns, strict=True):
        for field in ("hifp_pay", "psn_cash_pay", "fund_pay_sumamt"):
            assert one[field] == row[field] == str(record[field])
        assert one["year"]["cash_paid"] == row["year_cash_paid"] == str(record["year_cash_paid"])
        assert one["detail"]["base"] == row["detail_base"] == str(record["detail_base"])
        assert one["outcome"] == row["outcome"] == record["outcome"]


def test_bad_rows_are_set_aside_and_the_rest_is_settled(run: Any, write: Any, tmp_path: Path) -> None:
    done = run("settle", write(STAY, WRONG, LAPSED), "--city", "ankang", "--out", tmp_path / "out.csv")
    assert done.exit_code == 3
    (reject,) = results(tmp_path / "out.csv.rejects.jsonl")
    assert (reject["line"], reject["bill_id"], reject["code"], reject["field"]) == (2, "V3", "BILL-08", "medfee_sumamt")
    assert "600.00" in reject["zh"] and "600.00" in reject["en"] and reject["row"] == WRONG
    assert "SETTLE-02" in done.output and "settled 1 · refused 1 · set aside 1" in done.output


def test_a_clean_run_empties_an_old_rejects_file(run: Any, write: Any, tmp_path: Path) -> None:
    run("settle", write(STAY, WRONG), "--city", "ankang", "--out", tmp_path / "out.csv")
    run("settle", write(STAY), "--city", "ankang", "--out", tmp_path / "out.csv")
    assert (tmp_path / "out.csv.rejects.jsonl").read_text() == ""


@pytest.mark.parametrize(("words", "code"), [
    (("--out", "/dev/null"), 0), (("--out", "/dev/full"), 2), (("--out", "/proc/x"), 2), (("--rejects", "none/x"), 2),
])
def test_a_target_that_is_no_file_is_written_through_and_a_bad_one_ends_with_2(run: Any, write: Any, words: Any, code: int) -> None:
    done = run("settle", write(STAY), "--city", "ankang", *words)
    assert done.exit_code == code and "Traceback" not in done.output + done.stderr
    assert Path("/dev/null").is_char_device()


def test_an_opening_of_a_later_year_is_set_aside(run: Any, write: Any) -> None:
    done = run("settle", write({**STAY, "year_year": 2024}), "--city", "ankang")
    assert done.exit_code == 3 and "BILL-10" in done.output


def test_dialysis_needs_its_disease_on_a_stated_list(run: Any, write: Any, tmp_path: Path) -> None:
    bill = {**VISIT, "kind": "dialysis", "sessions": 2}
    path = write({**bill, "bill_id": "D1", "chronic": "M03900"}, {**bill, "bill_id": "D2", "chronic": "M07803"})
    run("settle", path, "--city", "ankang", "--out", tmp_path / "out.jsonl")
    first, second = results(tmp_path / "out.jsonl")
    assert first["outcome"] != "settled" and second["outcome"] == "settled"


def test_the_joint_quota_does_not_depend_on_the_order_of_the_bills(run: Any, write: Any, tmp_path: Path) -> None:
    bills = [{**VISIT, "bill_id": code, "kind": "chronic", "dise_code": code, "medfee_sumamt": "90000", "inscp_scp_amt": "90000"}
             for code in ("M03900", "M01600")]
    paid = []
    for rows in (bills, bills[::-1]):
        run("settle", write(*rows), "--city", "ankang", "--out", tmp_path / "out.jsonl")
        paid.append(sum(float(one["fund_pay_sumamt"]) for one in results(tmp_path / "out.jsonl")))
    assert paid[0] == paid[1] > 0


def test_bills_of_another_city_are_told(run: Any, write: Any) -> None:
    assert "1 bills name another city" in run("settle", write({**STAY, "city": "wuhan"}), "--city", "ankang").output


def test_a_refused_bill_is_an_answer_with_sentence_and_clause(run: Any, write: Any, tmp_path: Path) -> None:
    done = run("settle", write(LAPSED), "--city", "ankang", "--out", tmp_path / "out.jsonl", "--lang", "zh")
    assert done.exit_code == 0
    (one,) = results(tmp_path / "out.jsonl")
    assert one["outcome"] == "SETTLE-02" and "断保" in one["sentence"] and one["clause"]
    assert (one["fund_pay_sumamt"], one["psn_cash_pay"]) == ("0.00", "500.00")


def test_a_day_before_any_policy_is_refused_as_such(run: Any, write: Any, tmp_path: Path) -> None:
    run("settle", write({**VISIT, "enddate": "1999-05-10"}), "--city", "ankang", "--out", tmp_path / "out.jsonl")
    assert results(tmp_path / "out.jsonl")[0]["outcome"] == "SETTLE-07"


def test_a_stated_opening_that_changes_on_a_later_bill_is_set_aside(run: Any, write: Any, tmp_path: Path) -> None:
    later = {**STAY, "bill_id": "E02", "begndate": "2023-06-01", "enddate": "2023-06-02"}
    path = write(STAY, later, {**later, "bill_id": "E03", "account": "7.00"})
    done = run("settle", path, "--city", "ankang", "--out", tmp_path / "out.jsonl")
    assert done.exit_code == 3
    assert [row["bill_id"] for row in results(tmp_path / "out.jsonl")] == ["E01", "E02"]
    assert results(tmp_path / "out.jsonl.rejects.jsonl")[0]["code"] == "BILL-11"


def test_each_row_may_name_its_city(run: Any, write: Any, tmp_path: Path) -> None:
    rows = [{**VISIT, "bill_id": city, "city": city} for city in ("ankang", "wuhan", "yuxi")]
    path = write(*rows, {**VISIT, "bill_id": "none"}, {**VISIT, "bill_id": "odd", "city": "paris"})
    done = run("settle", path, "--out", tmp_path / "out.jsonl")
    assert done.exit_code == 3
    assert [row["city"] for row in results(tmp_path / "out.jsonl")] == ["ankang", "wuhan", "yuxi"]
    codes = [(row["bill_id"], row["code"]) for row in results(tmp_path / "out.jsonl.rejects.jsonl")]
    assert codes == [("none", "BILL-03"), ("odd", "BILL-07")]


def test_out_of_order_bills_are_settled_sorted_and_it_is_said(run: Any, write: Any, tmp_path: Path) -> None:
    later = {**STAY, "bill_id": "E02", "begndate": "2023-01-01", "enddate": "2023-01-05"}
    done = run("settle", write(STAY, later), "--city", "ankang", "--out", tmp_path / "out.jsonl")
    rows = results(tmp_path / "out.jsonl")
    assert [(row["bill_id"], row["line"], row["detail"]["admission"]) for row in rows] == [("E02", 2, 1), ("E01", 1, 2)]
    assert "not in order of day" in done.output


WRONG_WORDS = [
    (("nofile.jsonl", "--city", "ankang"), "no file"),
    (("bills.jsonl", "--city", "paris"), "no region paris"),
    (("bills.jsonl", "--city", "ankang", "--readings", "nonsense"), "no reading nonsense"),
    (("bills.jsonl", "--city", "ankang", "--policy", "draft.yaml"), "no overlay file"),
    (("bills.jsonl", "--city", "ankang", "--rule-set", "epidemic"), "name:from:to"),
    (("bills.jsonl", "--city", "ankang", "--lang", "fr"), "use zh or en"),
    (("bills.jsonl", "--city", "ankang", "--format", "xlsx"), "jsonl, csv or parquet"),
    (("bills.jsonl", "--city", "ankang", "--people", "nobody.csv"), "no file"),
    (("bills.jsonl", "--city", "ankang", "--out", "no/such/folder.jsonl"), "no folder"),
    (("bills.jsonl", "--city", "ankang", "--nonsense"), "No such option"),
]


@pytest.mark.parametrize(("words", "said"), WRONG_WORDS)
def test_a_wrong_command_ends_with_2_and_says_what_to_do(run: Any, write: Any, words: tuple[str, ...], said: str) -> None:
    write(VISIT)
    done = run("settle", *words)
    assert done.exit_code == 2 and said in done.output + done.stderr


def test_explain_shows_formula_figure_clause_and_trust(run: Any, write: Any) -> None:
    done = run("settle", write(STAY, POOR), "--city", "ankang", "--bill", "E04")
    assert "Bill E04" in done.output and "Bill E01" not in done.output
    for shown in ("30,720.00", "13,377.00", "6,827.25", "25580.00", "illustrative", "安政发〔2019〕33号"):
        assert shown in done.output
    assert "no bill X9" in run("settle", write(STAY), "--city", "ankang", "--bill", "X9").output


def test_readings_are_named_in_every_result(run: Any, write: Any, tmp_path: Path) -> None:
    done = run("settle", write(STAY), "--city", "ankang", "--readings", "repeat_per_level,aid_all_visits", "--out", tmp_path / "out.jsonl")
    assert done.exit_code == 0 and results(tmp_path / "out.jsonl")[0]["readings"] == ["repeat_per_level", "aid_all_visits"]


def test_an_overlay_changes_figures_and_digest(run: Any, write: Any, tmp_path: Path) -> None:
    overlay = tmp_path / "draft.yaml"
    overlay.write_text(
        "overlay: {city: ankang, name: 草案, name_en: draft}\n"
        "inpatient.employee.deductible.L3:\n  name: 起付线\n  name_en: Deductible\n  unit: yuan\n  values:\n"
        '    2023-01-01: {value: 900, trust: illustrative, source: "draft"}\n  confirmed_on: null\n',
        encoding="utf-8",
    )
    run("settle", write(STAY), "--city", "ankang", "--out", tmp_path / "law.jsonl")
    done = run("settle", write(STAY), "--city", "ankang", "--policy", overlay, "--out", tmp_path / "draft.jsonl")
    assert done.exit_code == 0, done.output
    law, draft = results(tmp_path / "law.jsonl")[0], results(tmp_path / "draft.jsonl")[0]
    assert (law["act_pay_dedc"], draft["act_pay_dedc"]) == ("800.00", "900.00") and law["policy"] != draft["policy"]


def test_a_broken_overlay_ends_with_2_and_the_line(run: Any, write: Any, tmp_path: Path) -> None:
    overlay = tmp_path / "draft.yaml"
    overlay.write_text("overlay: {city: ankang}\nno.such.key: 1\n", encoding="utf-8")
    done = run("settle", write(STAY), "--city", "ankang", "--policy", overlay)
    assert done.exit_code == 2 and "no.such.key" in done.output + done.stderr


def test_the_compiled_law_is_run_beside_the_plain_one_when_asked(run: Any, write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(command.Recheck, "differing", lambda self: asked.append(len(self.claims)) or [])
    done = run("settle", write(STAY, POOR, VISIT), "--city", "ankang", "--compiled")
    assert asked == [3] and "settled all 3 bills again" in done.output


def test_a_result_never_replaces_its_own_input(run: Any, write: Any) -> None:
    path = write(STAY)
    before = path.read_bytes()
    assert run("settle", path, "--city", "ankang", "--out", path).exit_code == 2 and path.read_bytes() == before


def test_results_go_to_standard_output_with_a_dash(run: Any, write: Any) -> None:
    done = run("settle", write(STAY), "--city", "ankang", "--out", "-")
    assert json.loads(done.stdout)["bill_id"] == "E01" and "Summary" in done.stderr


def test_an_interrupted_run_keeps_what_is_written_under_a_partial_name(
    run: Any, write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def stopped(claim: Any, year: Any, plan: Any) -> Any:
        seen.append(1)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return real(claim, year, plan)

    real = command.plain_law
    monkeypatch.setattr(command, "plain_law", stopped)
    done = run("settle", write(STAY, POOR, VISIT), "--city", "ankang", "--out", tmp_path / "out.jsonl")
    assert done.exit_code == 130 and "partial" in done.output
    assert not (tmp_path / "out.jsonl").exists() and len(results(tmp_path / "out.jsonl.partial")) == 2


def test_national_messages_are_answered_in_the_national_shape(run: Any, write: Any, tmp_path: Path) -> None:
    message = {"infno": "2304", "msgid": "M1", "input": {"data": {
        "psn_no": "P", "mdtrt_id": "V", "insutype": "310", "med_type": "2101", "begntime": "2023-05-01 08:00:00",
        "dscgTime": "2023-05-10 08:00:00", "medfee_sumamt": 14703.5, "fulamt_ownpay_amt": 317.6, "overlmt_selfpay": 680,
        "preselfpay_amt": 774.24, "inscp_scp_amt": 12931.66, "acct_used_flag": "1"}}}
    path = write(message, {**message, "msgid": "M2", "input": {"data": {"psn_no": "P"}}})
    done = run("settle", path, "--city", "ankang", "--level", "L3", "--out", tmp_path / "replies.jsonl")
    assert done.exit_code == 3
    good, bad = results(tmp_path / "replies.jsonl")
    assert good["infcode"] == 0 and good["output"]["setlinfo"]["hifp_pay"] == 11039.81
    assert good["output"]["setldetail"][0] == {
        "fund_pay_type": "310100", "fund_pay_type_name": "城镇职工基本医疗保险统筹基金", "inscp_scp_amt": 12931.66,
        "crt_payb_lmt_amt": 120000, "fund_payamt": 11039.81}
    assert bad["infcode"] == -1 and bad["err_msg"].startswith("[BILL-12]")
    assert run("settle", path, "--city", "ankang", "--out", "replies.csv").exit_code == 2


def test_the_command_runs_as_a_process_of_its_own(write: Any, tmp_path: Path) -> None:
    path = write(STAY, WRONG)
    source = Path(command.__file__).resolve().parents[2]
    words = ["-m", "openyibao.cli.main", "settle", str(path), "--city", "ankang", "--out", str(tmp_path / "out.csv"), "--lang", "en"]
    env = {**os.environ, "PYTHONPATH": str(source), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, env=env, timeout=120)
    assert done.returncode == 3, done.stderr
    assert "1 results" in done.stdout and (tmp_path / "out.csv").exists()
