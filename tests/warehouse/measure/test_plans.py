"""The plans' tables: all 107 indicators, as the plans print them; periods; the rows' heads; the page in the docs."""

from pathlib import Path

import pytest
import yaml

from openyibao.kernel.indicators.listed import QUANTITIES
from openyibao.warehouse.measure.board import further
from openyibao.warehouse.measure.measuring import Survey
from openyibao.warehouse.measure.page import page
from openyibao.warehouse.measure.period import Period, PeriodProblem, period, year_to
from openyibao.warehouse.measure.plantable import CITIES, PlanProblem, asking, choices, hundredths, indicator, plan_of, tolerance
from openyibao.warehouse.measure.sources import SOURCES
from openyibao.warehouse.measure.written import text_of, written
from openyibao.warehouse.questions.asking import PARAMETER

ROOT = Path(__file__).parents[3]
PRINTED = ROOT.parent / "shared" / "reference" / "plans" / "kpi.yaml"
EVERY = [one for city in CITIES for one in plan_of(city).indicators]


def test_there_are_107_indicators_and_none_twice():
    assert len(EVERY) == len({one.id for one in EVERY}) == 107


def test_the_plans_ask_for_everything_that_waits():
    assert {code for code, quantity in QUANTITIES.items() if quantity.feed} <= {one.quantity.code for one in EVERY}


@pytest.mark.skipif(not PRINTED.exists(), reason="the reference facts of the plans are not on this machine")
def test_figures_are_those_the_plans_print():
    facts = {fact["id"]: fact for fact in yaml.safe_load(PRINTED.read_text(encoding="utf-8"))["indicators"]}
    assert set(facts) == {one.id for one in EVERY}
    for one in EVERY:
        fact, target = facts[one.id], facts[one.id]["target"]
        figures = target["value"] if isinstance(target["value"], list) else [target["value"]]
        own = [figure for figure in (one.target.low, one.target.high) if figure is not None]
        assert (one.name, one.kind, one.binding, list(one.offices)) == (
            fact["name_zh"], fact["kind"], fact["binding"] or "", fact["departments"]), one.id
        assert (one.target.comparator, one.target_year) == (target["comparator"], target["year"]), one.id
        assert one.target.comparator in ("hold", "increase", "adapt") or own == [round(figure * 100) for figure in figures], one.id
        assert one.baseline == (None if fact["baseline"]["value"] is None else round(fact["baseline"]["value"] * 100)), one.id
        assert one.baseline is None or one.baseline_year == fact["baseline"]["year"], one.id
        assert (one.basis, one.source) == (fact["formula_basis"], fact["source"]), one.id


def test_shared_quantities_are_defined_once():
    assert [one.id for one in asking("enrolment")] == ["JZ-01", "WH-01", "YX-01"]
    assert {one.id for one in asking("employee_inpatient")} == {"JZ-06", "JZ-T01", "WH-04", "YX-04"}


@pytest.mark.parametrize(("text", "value"), [("95", 9500), ("77.24", 7724), ("0.5", 50), ("30.00", 3000)])
def test_a_figure_in_hundredths(text, value):
    assert hundredths(text) == value


@pytest.mark.parametrize("text", ["", "77.245", "-1", "a", "1.x", "１２"])
def test_what_is_no_figure_is_refused(text):
    with pytest.raises(ValueError, match="no figure"):
        hundredths(text)


def test_a_bad_entry_names_file_and_id():
    entry = {"id": "XX-01", "quantity": "enrolment", "name": "x", "kind": "table", "formula": "stated", "source": "x",
             "target": {"year": 2025, "is": "=>"}}  # fmt: skip
    with pytest.raises(PlanProblem, match=r"xx\.yaml XX-01: .*=>"):
        indicator(entry, "xx.yaml")
    with pytest.raises(PlanProblem, match="no plan of 'paris'"):
        plan_of("paris")


def test_what_a_plan_does_not_ask_for_is_watched_beside_it():
    for city in CITIES:
        asked = {one.quantity.code for one in plan_of(city).indicators}
        assert asked | {quantity.code for quantity in further(plan_of(city))} >= set(SOURCES)
        assert not asked & {quantity.code for quantity in further(plan_of(city))}


def test_tolerances_are_choices_that_say_so():
    assert (tolerance("percent"), tolerance("months"), tolerance("count")) == (100, 100, 0)
    assert {choice.trust for choice in choices().values()} == {"illustrative"}


# ---- periods ----


@pytest.mark.parametrize(("words", "found"), [
    ("2023", Period(2023, 1, 12)), ("2023Q3", Period(2023, 7, 9)), ("2023-q1", Period(2023, 1, 3)), ("2023-09", Period(2023, 9, 9)),
])  # fmt: skip
def test_words_of_a_period(words, found):
    assert period(words) == found


def test_a_year_up_to_a_month():
    assert year_to("2023-06") == Period(2023, 1, 6)
    assert year_to("2024-2").day == 20240229
    assert (year_to("2023").month, year_to("2023").whole) == (202312, True)
    assert (Period(2023, 7, 9).words("zh"), Period(2023, 9, 9).words("en")) == ("2023 年 7–9 月", "2023-09")


@pytest.mark.parametrize("words", ["2023-13", "2023-0", "23", "2023Q5", "", "2023-1-1"])
def test_words_that_name_no_period(words):
    for reader in (period, year_to):
        with pytest.raises(PeriodProblem, match="Write the"):
            reader(words)


# ---- rows ----


@pytest.mark.parametrize("name", sorted(written()))
def test_a_file_declares_its_parameters_and_columns(survey: Survey, name):
    found = written()[name]
    assert {parameter.name for parameter in found.parameters} == set(PARAMETER.findall(text_of(name)))
    source = next(source for source in SOURCES.values() if source.rows == name)
    given = survey.given(source, Period(2023, 1, 12))
    assert survey.desk.sql(text_of(name), given).column_names == [column.name for column in found.columns]
    assert {"numerator", "denominator"} <= {column.name for column in found.columns}


def test_every_file_is_used():
    assert set(written()) == {source.rows for source in SOURCES.values() if source.rows}


# ---- the page ----


def test_the_page_is_current():
    kept = (ROOT / "docs" / "reference" / "indicators.md").read_text(encoding="utf-8")
    assert kept == page(), "print it again: python -m openyibao.warehouse.measure.page > docs/reference/indicators.md"
