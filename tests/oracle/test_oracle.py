"""The independent calculator against the worked examples, the golden cases and the formulas written by hand."""

from decimal import Decimal

import pytest
import yaml

from golden import cases as golden
from golden import words
from oracle import lines, reference
from oracle.formula import fen_of
from oracle.play import play

pytestmark = pytest.mark.skipif(not reference.present(), reason=reference.MISSING)

CASES = [case for case in golden.cases() if not case.repeated]      # the reference has no figures for those days
EXAMPLES = {case.file: case for case in CASES if case.file.startswith("examples/") and not case.name.endswith("］")}


def figures(number: int) -> list[dict[str, int]]:
    """The calculator's figures for each step of a worked example."""
    return [figure for figure, _, _ in play(EXAMPLES[f"examples/e{number:02d}.yaml"])]


def worked(number: int) -> dict[str, object]:
    """A worked example as the reference prints it."""
    text = (reference.DOMAIN / "examples.yaml").read_text(encoding="utf-8")
    return next(row for row in yaml.safe_load(text) if row["id"] == f"E{number:02d}")


def fen(text: object) -> int:
    """Printed yuan as fen."""
    return int(Decimal(str(text)) * 100)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 7, 8, 9])
def test_single_bill_of_a_worked_example(number: int) -> None:
    """Every national amount the example prints."""
    figure, expected = figures(number)[0], worked(number)["expected"]
    for name, amount in expected.items():
        if name in figure:
            assert figure[name] == fen(amount), name


def test_two_layers_of_example_3_add_up() -> None:
    """The example prints the two large-amount layers apart."""
    expected = worked(3)["expected"]
    assert figures(3)[0]["hifob_pay"] == fen(expected["hifob_pay layer 1"]) + fen(expected["hifob_pay layer 2"])


def test_visits_of_examples_5_and_6() -> None:
    """Payments and deductibles visit by visit."""
    assert [(row["act_pay_dedc"], row["hifp_pay"]) for row in figures(5)] == [
        (fen(visit["deductible_used"]), fen(visit["hifp_pay"])) for visit in worked(5)["steps"]["visits"]
    ]
    assert [(row["act_pay_dedc"], row["hifp_pay"]) for row in figures(6)] == [
        (fen(visit["deductible"]), fen(visit["hifp_pay"])) for visit in worked(6)["steps"]["visits"]
    ]


def test_joint_deductible_of_example_10() -> None:
    """The deductible used at each visit and the year's payment."""
    rows = figures(10)
    assert [row["act_pay_dedc"] for row in rows] == [fen(visit["deductible_used"]) for visit in worked(10)["steps"]["visits"]]
    assert sum(row["hifp_pay"] for row in rows) == fen(worked(10)["expected"]["year_paid"])


def test_reversal_and_replay_of_example_11() -> None:
    """The mirror document, the replayed visits, and the year's payment under strict replay."""
    mirror, year, again = play(next(case for case in CASES if case.file == "examples/e11.yaml" and case.steps[-1].strict))[-1]
    steps = worked(11)["steps"]
    assert mirror["hifp_pay"] == fen(steps["reversal_document"]["hifp_pay"])
    assert -mirror["act_pay_dedc"] == fen(steps["reversal_document"]["deductible_returned"])
    assert [row["hifp_pay"] for row in again] == [fen(row["new_pay"]) for row in steps["after_reversal_and_replay"][1:]]
    assert year["outpatient_paid"] == fen(worked(11)["expected"]["year_paid_strict_replay"])
    _, year, _ = play(next(case for case in CASES if case.file == "examples/e11.yaml" and not case.steps[-1].strict))[-1]
    assert year["outpatient_paid"] == fen(worked(11)["expected"]["year_paid_without_replay"])


def test_sequences_of_examples_12_13_16() -> None:
    """Transfer, monthly quota, catastrophic bands."""
    assert [row["hifp_pay"] for row in figures(12)] == [fen(amount) for amount in worked(12)["expected"]["hifp_pay"]]
    assert [row["hifp_pay"] for row in figures(13)] == [fen(visit["pay"]) for visit in worked(13)["steps"]["visits"]]
    assert [row["hifmi_pay"] for row in figures(16)] == [fen(stay["hifmi_pay"]) for stay in worked(16)["steps"]["stays"]]


def test_allowance_and_payment_of_examples_14_and_15() -> None:
    """Maternity allowance; own account, family account and cash."""
    assert [row["allowance"] for row in figures(14)] == [fen(amount) for amount in worked(14)["expected"].values()]
    row, expected = figures(15)[0], worked(15)["expected"]
    purses = (row["acct_pay"] - row["acct_mulaid_pay"], row["acct_mulaid_pay"], row["psn_cash_pay"])
    assert purses == tuple(fen(amount) for amount in expected.values())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_golden_case(case: golden.Case) -> None:
    """The calculator gives every figure a golden case expects, and every accumulator it names."""
    for step, (figure, year, again) in zip(case.steps, play(case), strict=True):
        assert {name: figure[name] for name in step.expect} == step.expect
        assert {name: year[name] for name in step.after} == step.after
        for (_, expect), row in zip(step.replayed, again, strict=True):
            assert {name: row[name] for name in expect} == expect
        if step.claim:
            assert figure["fund_pay_sumamt"] + figure["psn_part_amt"] + figure["hosp_part_amt"] == figure["medfee_sumamt"]


@pytest.mark.parametrize("case", [case for case in CASES if any(step.by_hand for step in case.steps)], ids=lambda case: case.title)
def test_formula_by_hand(case: golden.Case) -> None:
    """What the formula beside the case gives is what the calculator gives."""
    for step, (figure, _, _) in zip(case.steps, play(case), strict=True):
        assert {name: fen_of(formula) for name, formula in step.by_hand.items()} == {name: figure[name] for name in step.by_hand}


def test_lines_split_as_the_cases_say() -> None:
    """Each charge line with expectations splits as written."""
    for case in CASES:
        for step in case.steps:
            for line, expect in zip(step.lines, step.line_expect, strict=True):
                assert lines.split_line(case.city, line, "truncate" if case.rounding else "half_up") == expect, case.title


def test_diseases_stand_in_the_order_of_every_chronic_table() -> None:
    """The slots the cases use are the places in all five cities' tables."""
    codes = [code for _, code in words.DISEASES]
    for city in ("ankang", "jishou", "jingzhou", "wuhan", "yuxi"):
        for book in reference.city_document(city)["outpatient_chronic"].values():
            assert [item["code"] for item in book["items"]] == codes


def test_titles_are_unique_and_every_reading_has_a_case() -> None:
    """No two cases share a title; each of the 38 readings is shown with its alternative."""
    titles = [case.title for case in CASES]
    assert len(titles) == len(set(titles))
    assert len({name for case in CASES for name in case.readings}) == 38
