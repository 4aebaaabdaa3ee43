"""Reversals in bill files: the mirror, the year and the account given back, later bills settled again or left as they stand."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cli.bills import LAPSED, STAY, VISIT
from openyibao.cli import settle as command
from openyibao.kernel.settle.cascade import settle
from openyibao.warehouse.bills.recheck import Recheck

E11 = (("A1", "L3", "2023-03-02", "320.00"), ("A2", "L1", "2023-04-11", "410.50"),
       ("A3", "L3", "2023-05-20", "6000.00"), ("A4", "P0", "2023-07-01", "1500.00"))
VISITS = [{"bill_id": number, "psn_no": "P1", "insutype": "310", "kind": "outpatient", "level": level, "enddate": day,
           "medfee_sumamt": amount, "inscp_scp_amt": amount} for number, level, day, amount in E11]
SIGNED = ("medfee_sumamt", "inscp_scp_amt", "act_pay_dedc", "hifp_pay", "fund_pay_sumamt", "psn_part_amt", "acct_pay", "psn_cash_pay",
          "hosp_part_amt")


Answer = tuple[dict[str, dict[str, Any]], list[dict[str, Any]], str]


def back(number: str, reverses: str, person: str = "P1", **more: str) -> dict[str, str]:
    return {"bill_id": number, "psn_no": person, "reverses": reverses, **more}


def results(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def settled(run: Any, write: Any, tmp_path: Path) -> Any:
    """`settled(rows, …)`: (results by bill_id in order, rejects, what the command said)."""

    def settle_file(rows: list[dict[str, Any]], *words: str, city: str = "wuhan") -> Answer:
        out = tmp_path / "out.jsonl"
        done = run("settle", write(*rows), "--city", city, "--out", out, *words)
        aside = tmp_path / "out.jsonl.rejects.jsonl"
        rejects = results(aside) if aside.exists() else []
        assert done.exit_code == (3 if rejects else 0), done.output
        found = results(out)
        by_number = {row["bill_id"]: row for row in found}
        assert len(by_number) == len(found)
        for row in found:
            if row["reverses"]:
                taken = by_number[row["reverses"]]
                assert all(Decimal(row[name]) == -Decimal(taken[name]) for name in SIGNED), row["bill_id"]
        return by_number, rejects, done.output

    return settle_file


def paid(rows: dict[str, dict[str, Any]], field: str = "hifp_pay") -> Decimal:
    return sum((Decimal(row[field]) for row in rows.values()), Decimal(0))


def test_e11_a_visit_taken_back_and_the_later_ones_settled_again(settled: Any) -> None:
    rows, _, said = settled([*VISITS, back("R1", "A2")])
    assert list(rows) == ["A1", "A2", "A3", "A4", "R1", "A4#2", "A3#2", "A3#3", "A4#3"]
    assert [rows[number]["hifp_pay"] for number in ("A1", "A2", "A3", "A4")] == ["0.00", "24.40", "3000.00", "475.60"]
    assert (rows["R1"]["hifp_pay"], rows["R1"]["act_pay_dedc"]) == ("-24.40", "-380.00")
    assert [(rows[number]["act_pay_dedc"], rows[number]["hifp_pay"]) for number in ("A3#3", "A4#3")] == [
        ("380.00", "2810.00"), ("0.00", "690.00")]
    marks = {number: tuple(rows[number][name] for name in ("outcome", "reverses", "replaces", "because")) for number in rows}
    assert marks["A1"] == ("settled", "", "", "") and marks["R1"] == ("reversed", "A2", "", "")
    assert marks["A3#2"] == ("reversed", "A3", "", "R1") and marks["A3#3"] == ("replayed", "", "A3", "R1")
    assert paid(rows) == Decimal("3500.00") and rows["A4#3"]["year"]["outpatient_paid"] == "3500.00"
    assert "reversed 1 · replayed 2" in said and "all 4 bills and 5 mirrors and replays add up" in said


def test_the_compiled_law_is_given_bills_and_years_that_fit_after_a_reversal(settled: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def played(self: Recheck) -> list[str]:
        """The rows of the compiled loop, one by one through the plain law."""
        asked.append(len(self.claims))
        plans = [plan for _, plan in sorted(self.plans.values(), key=lambda entry: entry[0])]
        wrong = []
        for claim, receipt, row, plan, number in zip(self.claims, self.receipts, self.persons, self.plan_of, self.numbers, strict=True):
            found, self.opened[row] = settle(claim, self.opened[row], plans[plan])
            wrong += [] if found == receipt else [number]
        return wrong

    monkeypatch.setattr(command.Recheck, "differing", played)
    last = {**VISITS[3], "bill_id": "A5"}
    _, _, said = settled([*VISITS[:3], back("R1", "A2"), VISITS[3], back("R2", "A1"), last], "--compiled")
    assert asked == [8] and "settled all 8 bills again, every layer the same" in said
    _, _, said = settled([*VISITS[:3], back("R1", "A2"), VISITS[3], back("R2", "A1"), last], "--compiled", "--no-replay")
    assert asked == [8, 5] and "every layer the same" in said


def test_e11_without_replay_the_later_visits_stand(settled: Any) -> None:
    rows, _, said = settled([*VISITS, back("R1", "A2")], "--no-replay")
    assert list(rows) == ["A1", "A2", "A3", "A4", "R1"]
    assert paid(rows) == Decimal("3475.60")
    year = rows["R1"]["year"]
    assert (year["outpatient_paid"], year["outpatient_deductible"], year["bills"]) == ("3475.60", "320.00", 3)
    assert "--no-replay" in said and "replayed" not in said


def test_a_reversal_with_a_day_comes_before_the_later_bills(settled: Any) -> None:
    rows, _, said = settled([*VISITS, back("R1", "A2", enddate="2023-05-01")])
    assert list(rows) == ["A1", "A2", "R1", "A3", "A4"] and rows["R1"]["enddate"] == "2023-05-01"
    assert [rows[number]["hifp_pay"] for number in ("A3", "A4")] == ["2810.00", "690.00"]
    assert "not in order of day" in said


def test_last_in_first_out_gives_the_year_back_step_by_step(settled: Any) -> None:
    rows, _, _ = settled([*VISITS, back("R4", "A4"), back("R3", "A3"), back("R2", "A2"), back("R1", "A1")])
    assert list(rows)[4:] == ["R4", "R3", "R2", "R1"]
    assert [rows[f"R{n}"]["year"] for n in (4, 3, 2)] == [rows[f"A{n}"]["year"] for n in (3, 2, 1)]
    assert paid(rows) == paid(rows, "psn_part_amt") == 0 and rows["R1"]["year"]["outpatient_deductible"] == "0.00"


@pytest.mark.parametrize("words", [(), ("--no-replay",)])
def test_taken_back_out_of_order_nothing_is_left(settled: Any, words: tuple[str, ...]) -> None:
    rows, _, _ = settled([*VISITS, back("R2", "A2"), back("R4", "A4"), back("R1", "A1"), back("R3", "A3")], *words)
    assert paid(rows) == paid(rows, "act_pay_dedc") == paid(rows, "psn_cash_pay") == 0
    year = list(rows.values())[-1]["year"]
    assert {year[name] for name in ("outpatient_paid", "outpatient_deductible", "cash_paid", "burden")} == {"0.00"} and year["bills"] == 0


def test_a_bill_settled_again_is_taken_back_as_it_now_stands(settled: Any) -> None:
    rows, rejects, _ = settled([*VISITS, back("R1", "A2"), back("R2", "A3"), back("R3", "A4#2"), back("R4", "A4#3"), back("R5", "A4")])
    assert rows["R2"]["reverses"] == "A3#3" and rows["R2"]["hifp_pay"] == "-2810.00"
    assert rows["A4#5"]["replaces"] == "A4#3" and rows["R5"]["reverses"] == "A4#5"
    assert [(row["bill_id"], row["code"]) for row in rejects] == [("R3", "BILL-16"), ("R4", "BILL-15")]


def test_a_correction_is_the_reversal_and_the_right_bill_on_its_own_day(settled: Any) -> None:
    right = {**VISITS[1], "bill_id": "A2-2", "inscp_scp_amt": "400.00"}
    rows, _, _ = settled([*VISITS[:2], back("R1", "A2", enddate="2023-04-11"), right, *VISITS[2:]])
    never, _, _ = settled([VISITS[0], right, *VISITS[2:]])
    for number in ("A2-2", "A3", "A4"):
        assert {**rows[number], "line": 0} == {**never[number], "line": 0}


def test_account_money_comes_back_and_is_spent_again(settled: Any) -> None:
    """I13: the balance after a reversal is the balance before it and the account money returned."""
    first = {**VISIT, "bill_id": "V1", "account": "400.00", "family": "300.00"}
    rows, _, _ = settled([first, {**VISIT, "bill_id": "V2", "enddate": "2023-06-10"}, back("R1", "V1", "P3")], city="ankang")
    one, two, mirror = rows["V1"], rows["V2"], rows["R1"]
    assert Decimal(mirror["balc"]) == Decimal(two["balc"]) + Decimal(one["acct_pay"]) - Decimal(one["acct_mulaid_pay"])
    assert rows["V2#2"]["balc"] == "400.00" and Decimal(two["acct_pay"]) > Decimal(two["acct_mulaid_pay"]) > 0
    again = rows["V2#3"]
    assert Decimal(again["balc"]) == Decimal("400.00") - Decimal(again["acct_pay"]) == Decimal(again["year"]["account"])
    assert again["acct_mulaid_pay"] == "0.00" and again["year"]["family"] == "300.00"


def test_a_refused_bill_gives_the_account_back(settled: Any) -> None:
    rows, _, said = settled([{**LAPSED, "account": "200.00"}, back("R1", "V2", "P4")], city="ankang")
    assert (rows["V2"]["outcome"], rows["V2"]["acct_pay"], rows["V2"]["balc"]) == ("SETTLE-02", "200.00", "0.00")
    assert (rows["R1"]["outcome"], rows["R1"]["acct_pay"], rows["R1"]["psn_cash_pay"], rows["R1"]["balc"]) == (
        "reversed", "-200.00", "-300.00", "200.00")
    assert rows["R1"]["year"]["account"] == "200.00" and "refused 1" in said


def test_a_later_bill_whose_money_stays_the_same_gets_no_new_document(settled: Any) -> None:
    stay = {**STAY, "bill_id": "S", "psn_no": "P1", "account": "", "family": ""}
    pharmacy = {"bill_id": "D", "psn_no": "P1", "insutype": "310", "kind": "pharmacy", "enddate": "2023-06-01", "medfee_sumamt": "50",
                "inscp_scp_amt": "50", "account": ""}
    rows, _, _ = settled([stay, pharmacy, back("R1", "S")], city="ankang")
    assert list(rows) == ["S", "D", "R1"] and rows["R1"]["year"]["bills"] == 1 and rows["R1"]["year"]["cash_paid"] == "50.00"


def test_the_year_after_a_reversal_opens_the_next_run(settled: Any) -> None:
    whole, _, _ = settled([*VISITS[:3], back("R1", "A2"), VISITS[3]])
    first, _, _ = settled([*VISITS[:3], back("R1", "A2")])
    year = list(first.values())[-1]["year"]
    second, _, _ = settled([{**VISITS[3], "year": year}])
    assert {**second["A4"], "line": 0} == {**whole["A4"], "line": 0}


def test_without_replay_a_new_year_keeps_its_own_sums(settled: Any) -> None:
    december = {**STAY, "bill_id": "D", "begndate": "2023-12-01", "enddate": "2023-12-15"}
    january = {**STAY, "bill_id": "J", "begndate": "2024-01-05", "enddate": "2024-01-10", "account": "", "family": ""}
    rows, _, _ = settled([december, january, back("R1", "D")], "--no-replay", city="ankang")
    year = rows["R1"]["year"]
    assert (year["year"], year["admissions"], year["pool_paid"], year["stay_left"]) == (2024, 1, rows["J"]["hifp_pay"], "2024-01-10")
    assert year["account"] == "1200.00" and year["family"] == "900.00"


def test_without_replay_two_like_stays_leave_the_later_one_as_the_last(settled: Any) -> None:
    second = {**STAY, "bill_id": "S2", "begndate": "2023-07-01", "enddate": "2023-07-09", "account": "", "family": ""}
    rows, _, _ = settled([STAY, second, back("R1", "E01")], "--no-replay", city="ankang")
    year = rows["R1"]["year"]
    assert (year["stay_level"], year["stay_left"], year["stay_due"]) == ("L3", "2023-07-09", rows["S2"]["detail"]["standard"])


WRONG = [
    ([back("R1", "A9")], "R1", "BILL-13", "the file has no such bill"),
    ([back("R1", "A2", enddate="2023-04-10")], "R1", "BILL-13", "2023-04-10 is before its day 2023-04-11"),
    ([back("R1", "A2", person="P2")], "R1", "BILL-14", "not P2's"),
    ([back("R1", "A2"), back("R2", "A2")], "R2", "BILL-15", "by R1 already"),
    ([back("R1", "A2"), back("R2", "R1")], "R2", "BILL-16", "is a reversal"),
    ([back("R1", "R1")], "R1", "BILL-16", "is a reversal"),
    ([back("A2", "A1")], "A2", "BILL-09", "repeats line 2"),
    ([back("R1", "A2", medfee_sumamt="410.50")], "R1", "BILL-10", "leave it empty"),
    ([{"bill_id": "R1", "reverses": "A2"}], "R1", "BILL-03", "psn_no is missing"),
    ([back("R1", "A2", revrses="x")], "R1", "BILL-04", "Did you mean reverses"),
    ([back("R1", "A2", enddate="soon")], "R1", "BILL-05", "not a day"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "number", "code", "sentence"), WRONG)
def test_a_reversal_that_cannot_be_is_set_aside(settled: Any, more: list[dict[str, Any]], number: str, code: str, sentence: str) -> None:
    rows, (reject,), _ = settled([*VISITS, *more])
    assert (reject["bill_id"], reject["code"]) == (number, code) and sentence in reject["en"] and reject["zh"]
    assert len([row for row in rows.values() if row["outcome"] == "settled"]) == 4


def test_a_reversal_before_its_bill_and_one_of_a_rejected_bill(settled: Any) -> None:
    odd = {**VISITS[0], "bill_id": "A0", "year": {"outpatient_paid": "5.00"}}
    _, rejects, _ = settled([back("R1", "A1"), VISITS[0], odd, back("R2", "A0")])
    assert [(row["bill_id"], row["code"]) for row in rejects] == [("R1", "BILL-13"), ("A0", "BILL-11"), ("R2", "BILL-13")]
    assert "line 2" in rejects[0]["en"] and "set aside" in rejects[2]["en"]


def test_the_default_level_of_the_command_is_no_figure_of_a_reversal(settled: Any) -> None:
    rows, rejects, _ = settled([*VISITS, back("R1", "A2")], "--level", "L2")
    assert rejects == [] and rows["R1"]["level"] == "L1"


def test_explain_names_what_a_mirror_takes_back(run: Any, write: Any) -> None:
    path = write(*VISITS, back("R1", "A2"))
    said = run("settle", path, "--city", "wuhan", "--bill", "A3", "--bill", "R1").output
    assert "R1 takes back A2, every amount negated: funds -24.40" in said and "A3#2 takes back A3 (replay after R1)" in said
    assert "Bill A3:" in said and "Bill A3#3" in said and "Bill A4" not in said
    assert "reversed" in run("settle", path, "--city", "wuhan").output


def test_a_csv_file_with_reversals_says_the_same(run: Any, tmp_path: Path, settled: Any) -> None:
    nested, _, _ = settled([*VISITS, back("R1", "A2")])
    columns = [*VISITS[0], "reverses"]
    rows = [*VISITS, back("R1", "A2")]
    (tmp_path / "bills.csv").write_text(
        "\n".join([",".join(columns), *(",".join(str(row.get(name, "")) for name in columns) for row in rows)]), encoding="utf-8")
    assert run("settle", "bills.csv", "--city", "wuhan", "--out", "flat.jsonl").exit_code == 0
    assert [{**row, "line": 0} for row in results(tmp_path / "flat.jsonl")] == [{**row, "line": 0} for row in nested.values()]
    for name in ("flat.csv", "flat.parquet"):
        assert run("settle", "bills.csv", "--city", "wuhan", "--out", name).exit_code == 0


def test_compare_takes_bills_back_under_both_policies(run: Any, write: Any, tmp_path: Path) -> None:
    path = write(*VISITS, VISIT, back("R1", "A2"))
    done = run("compare", path, "--policy", "wuhan", "--policy", "ankang", "--out", tmp_path / "out.jsonl")
    assert done.exit_code == 0 and "1 reversals act under both" in done.output and "sum to the difference of the sums" in done.output
    rows = {row["bill_id"]: row for row in results(tmp_path / "out.jsonl")}
    assert list(rows) == ["V1", "A1", "A3", "A4"]
    assert [rows[number]["hifp_pay_a"] for number in ("A1", "A3", "A4")] == ["0.00", "2810.00", "690.00"]
