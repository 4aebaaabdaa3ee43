"""Every figure equals the one counted by hand, for a year, a quarter and a month; and it is the sum of the rows it lists."""

import pytest

from openyibao.kernel.indicators.answered import ANSWERED
from openyibao.kernel.indicators.listed import QUANTITIES
from openyibao.kernel.indicators.value import Value
from openyibao.warehouse.measure.measuring import Survey
from openyibao.warehouse.measure.period import Period
from openyibao.warehouse.measure.place import City, premium_per_head, tilt_of
from openyibao.warehouse.measure.sources import PLAN, SHEET, SOURCES, TILT
from warehouse.measure.plain import PLAIN, Tables, tables_of

PERIODS = (Period(2023, 1, 12), Period(2023, 7, 9), Period(2022, 2, 2))
WHOLE = Period(2023, 1, 12)


@pytest.fixture(scope="module")
def tables(rough: City) -> Tables:
    return tables_of(rough.store, rough.book)


def test_every_answered_quantity_has_a_source():
    assert set(SOURCES) == {quantity.code for quantity in ANSWERED}


def test_every_quantity_with_rows_of_its_own_is_counted_by_hand():
    assert set(PLAIN) == {code for code, source in SOURCES.items() if source.rows and source.shape != SHEET}


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.words("en"))
@pytest.mark.parametrize("code", PLAIN)
def test_a_figure_equals_the_one_counted_by_hand(survey: Survey, tables: Tables, code, period):
    answer = survey.answer(QUANTITIES[code], period)
    if SOURCES[code].shape == TILT and not period.whole:
        assert answer.value is None
        assert "whole years" in answer.why[1]
        return
    assert (answer.numerator, answer.denominator) == PLAIN[code](tables, period)


@pytest.mark.parametrize("code", PLAIN)
def test_the_store_is_rough_enough_to_tell_figures_apart(tables: Tables, code):
    over, under = PLAIN[code](tables, WHOLE)
    assert over > 0
    assert under > 0
    assert over != under or code == "catastrophic_ratio"


@pytest.mark.parametrize("code", PLAIN)
def test_a_figure_is_the_sum_of_the_rows_it_lists(survey: Survey, code):
    answer, rows = survey.answer(QUANTITIES[code], WHOLE), survey.rows(QUANTITIES[code], WHOLE).read_all()
    assert rows.num_rows == answer.rows
    assert sum(rows.column("numerator").to_pylist()) == answer.numerator
    assert sum(rows.column("denominator").to_pylist()) == answer.denominator


@pytest.mark.parametrize(("code", "column"), [("employee_inpatient", "level"), ("enrolment", "county"), ("offsite_share", "town"),
                                               ("refused_share", "outcome"), ("key_groups", "aid")])
def test_parts_sum_to_the_whole(survey: Survey, code, column):
    answer, parts = survey.answer(QUANTITIES[code], WHOLE), survey.by(QUANTITIES[code], WHOLE, column)
    assert len(parts) > 1
    assert [part for part, _, _ in parts] == sorted({part for part, _, _ in parts})
    assert (sum(over for _, over, _ in parts), sum(under for _, _, under in parts)) == (answer.numerator, answer.denominator)


def test_months_of_a_flow_sum_to_the_year(survey: Survey):
    for code in ("employee_inpatient", "stay_cost", "arrears"):
        months = [survey.answer(QUANTITIES[code], Period(2022, month, month)) for month in range(1, 13)]
        whole = survey.answer(QUANTITIES[code], Period(2022, 1, 12))
        slack = len(months) * whole.rows if code == "arrears" else 0     # a month of a run is rounded down to the fen
        assert 0 <= whole.denominator - sum(answer.denominator for answer in months) <= slack


def test_the_policy_answers_for_itself(survey: Survey):
    plan = survey.city.book.plan(1, 20231231)
    answer = survey.answer(QUANTITIES["outpatient_start"], WHOLE)
    assert SOURCES["outpatient_start"].shape == PLAN
    assert answer.value == Value(min(share for share in plan.outpatient.ratio_active if share), 10_000)
    assert any("policy parameter" in en for _, en in answer.notes)
    assert survey.answer(QUANTITIES["outpatient_pooling"], WHOLE).value == Value(1, 1)


def test_a_milestone_is_one_or_nought(survey: Survey):
    assert survey.answer(QUANTITIES["cross_province_open"], WHOLE).value == Value(1, 1)


def test_what_waits_names_its_feed_and_a_missing_year_is_said(survey: Survey):
    waiting = survey.answer(QUANTITIES["procured_drugs"], WHOLE)
    assert waiting.value is None
    assert "procurement platform" in waiting.why[1]
    assert survey.answer(QUANTITIES["enrolment"], Period(2021, 1, 12)).why[1] == "the store has no 2021"


def test_nothing_to_count_is_no_value(survey: Survey):
    quantity = QUANTITIES["employee_inpatient"]
    found = survey.of_rows(quantity, SOURCES[quantity.code], WHOLE, survey.given(SOURCES[quantity.code], WHOLE) | {"kinds": []})
    assert (found.value, found.rows) == (None, 0)


def test_the_tilted_deductible_is_the_kernel_s(rough: City):
    tilt, part = tilt_of(rough.book.plan(2, 20231231)), rough.book.plan(2, 20231231).catastrophic
    assert tilt.tilted
    assert (tilt.deductible, tilt.lowered) == (part.deductible, part.deductible * part.tilt_factor // 10_000)
    assert tilt_of(None) is None


def test_a_year_before_the_policy_has_no_premium(rough: City):
    assert premium_per_head(rough.book, 1990) is None


@pytest.mark.parametrize("code", ["outpatient_start", "procured_drugs"])
def test_what_has_no_rows_says_so(survey: Survey, code):
    with pytest.raises(ValueError, match="no rows"):
        survey.rows(QUANTITIES[code], WHOLE)
    with pytest.raises(ValueError, match="no rows"):
        survey.by(QUANTITIES[code], WHOLE, "level")
