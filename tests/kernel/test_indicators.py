"""Indicators: exact values, verdicts at their edges, paths, reserves, and a list of quantities without holes."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openyibao.kernel.indicators import judging, pace, reserve
from openyibao.kernel.indicators.answered import ANSWERED
from openyibao.kernel.indicators.awaited import AWAITED
from openyibao.kernel.indicators.judging import Target, judged
from openyibao.kernel.indicators.listed import QUANTITIES
from openyibao.kernel.indicators.quantity import FEEDS, WHEN
from openyibao.kernel.indicators.reserve import Levels, months_payable, strained, warning
from openyibao.kernel.indicators.value import UNITS, Value, compared, grossed, nearest, printed, ratio, shown

COUNTS = st.integers(0, 10**15)
LEVELS = Levels(excess=15, high=9, low=6, insufficient=3, red=1)


# ---- values ----


@given(COUNTS, st.integers(1, 10**13), st.sampled_from(sorted(UNITS)), st.integers(0, 10**7))
def test_a_value_is_compared_exactly(numerator, denominator, unit, figure):
    exact = Fraction(numerator * UNITS[unit].times, denominator * UNITS[unit].parts)
    assert compared(Value(numerator, denominator), unit, figure) == (exact > figure) - (exact < figure)


@given(COUNTS, st.integers(1, 10**13), st.sampled_from(sorted(UNITS)))
def test_what_is_shown_lies_within_half_a_hundredth(numerator, denominator, unit):
    exact = Fraction(numerator * UNITS[unit].times, denominator * UNITS[unit].parts)
    assert abs(shown(Value(numerator, denominator), unit) - exact) <= Fraction(1, 2)


def test_almost_eighty_percent_is_shown_as_eighty_and_does_not_reach_it():
    almost = Value(79_999, 100_000)
    assert printed(shown(almost, "percent"), "percent") == "80.00 %"
    assert judged(almost, "percent", Target(">=", 8000), None, 0).verdict == judging.SHORT


@pytest.mark.parametrize(("numerator", "denominator", "whole"), [(3, 2, 2), (-3, 2, -1), (-4, 2, -2), (1, 3, 0), (-1, 3, 0), (5, 10, 1)])
def test_halves_go_up(numerator, denominator, whole):
    assert nearest(numerator, denominator) == whole


def test_nothing_to_divide_by_is_not_nought():
    assert ratio(0, 0) is None
    assert ratio(0, 5) == Value(0, 5)


def test_a_sample_is_grossed_up_exactly():
    assert shown(grossed(Value(63_850_000_00, 1), 1_000, 100_000), "hundred_million") == 6385


def test_figures_in_words():
    assert printed(7724, "percent") == "77.24 %"
    assert printed(-5, "percent") == "-0.05 %"
    assert printed(123456700, "count", "en") == "1,234,567"
    assert printed(800, "months", "en") == "8.00 months"
    assert (printed(100, "milestone"), printed(0, "milestone", "en")) == ("已实现", "not yet")


# ---- verdicts ----


@pytest.mark.parametrize(("comparator", "low", "high", "baseline", "value", "verdict"), [
    (">=", 8000, None, None, 8000, judging.REACHED),
    (">=", 8000, None, None, 7999, judging.SHORT),
    (">", 9700, None, 9665, 9700, judging.SHORT),
    (">", 9700, None, 9665, 9701, judging.REACHED),
    (">=", 6000, None, 7300, 6100, judging.BELOW_BASELINE),      # YX-07: above the floor of 60, below the 73 it began with
    (">=", 6000, None, 7300, 7300, judging.REACHED),
    (">=", 6000, None, 7300, 5999, judging.SHORT),
    ("about", 7000, None, 6500, 7100, judging.REACHED),
    ("about", 7000, None, 6500, 7101, judging.ABOVE_BAND),
    ("about", 7000, None, 6500, 6900, judging.REACHED),
    ("about", 7000, None, 6500, 6899, judging.BELOW_BAND),
    ("hold", None, None, 8400, 8300, judging.REACHED),
    ("hold", None, None, 8400, 8299, judging.BELOW_BAND),
    ("hold", None, None, 8400, 8501, judging.ABOVE_BAND),
    ("hold", None, None, None, 8501, judging.NO_BASELINE),
    ("increase", None, None, 750, 751, judging.REACHED),
    ("increase", None, None, 750, 750, judging.SHORT),
    ("range", 600, 900, None, 600, judging.REACHED),
    ("range", 600, 900, None, 900, judging.REACHED),
    ("range", 600, 900, None, 901, judging.OVER),
    ("range", 600, 900, None, 599, judging.SHORT),
    ("adapt", None, None, 6385, 1, judging.SHOWN),
    ("done", 10000, None, 0, 10000, judging.REACHED),
    ("done", 10000, None, 0, 0, judging.NOT_YET),
])  # fmt: skip
def test_a_verdict_at_its_edge(comparator, low, high, baseline, value, verdict):
    found = judged(Value(value, 10_000), "percent", Target(comparator, low, high), baseline, 100)
    assert found.verdict == verdict
    assert found.tolerance == (100 if comparator in ("about", "hold") and verdict != judging.NO_BASELINE else 0)


def test_a_value_that_shows_as_its_rounded_baseline_is_not_below_it():
    almost = Value(21_786, 22_495)     # 96.8482 %, printed 96.85 %
    assert judged(almost, "percent", Target(">=", 9500), 9685, 100).verdict == judging.REACHED
    assert judged(almost, "percent", Target("increase", None), 9685, 100).verdict == judging.SHORT


def test_a_burden_that_falls_below_its_baseline_is_no_worsening():
    target = Target(">=", 2000)
    assert judged(Value(25, 100), "percent", target, 2700, 100, lower_is_better=True).verdict == judging.REACHED
    assert judged(Value(28, 100), "percent", target, 2700, 100, lower_is_better=True).verdict == judging.BELOW_BASELINE


def test_no_value_has_no_verdict():
    assert judged(None, "percent", Target(">=", 8000), None, 0).verdict == judging.NOTHING


@pytest.mark.parametrize("target", [Target("<", 1), Target(">=", None), Target("range", 1), Target("about", None)])
def test_a_target_that_cannot_be_judged_is_refused(target):
    with pytest.raises(ValueError, match=r"comparator"):
        judged(Value(1, 2), "percent", target, None, 0)


def test_every_verdict_has_words():
    names = {getattr(judging, name) for name in dir(judging) if name.isupper() and isinstance(getattr(judging, name), str)}
    assert names == set(judging.VERDICTS)


# ---- the path ----


def test_half_way_in_time_is_half_way_on_the_path():
    assert pace.pace(7000, 2020, 8000, 2025, 7600, 202306) == pace.Pace(path=7500, deviation=100, forecast=8200)


def test_at_the_end_the_path_is_the_target_and_the_forecast_the_value():
    assert pace.pace(7724, 2020, 8000, 2025, 7900, 202512) == pace.Pace(8000, -100, 7900)


@pytest.mark.parametrize("month", [202012, 201906, 202601])
def test_outside_the_plan_there_is_no_path(month):
    assert pace.pace(7000, 2020, 8000, 2025, 7600, month) is None


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(1, 60))
def test_who_keeps_to_the_path_arrives(baseline, target, gone):
    month = (2021 + (gone - 1) // 12) * 100 + (gone - 1) % 12 + 1
    on_it = pace.pace(baseline, 2020, target, 2025, 0, month).path
    found = pace.pace(baseline, 2020, target, 2025, on_it, month)
    assert found.deviation == 0
    assert abs(found.forecast - target) * gone <= 30 + gone     # half a hundredth, stretched over the months


# ---- reserves ----


def test_months_payable():
    assert months_payable(800, 1_200) == Value(9_600, 1_200)
    assert compared(months_payable(800, 1_200), "months", 800) == 0
    assert shown(months_payable(100, 50, months=6), "months") == 1_200
    assert months_payable(100, 0) is None


@pytest.mark.parametrize(("balance", "income", "level"), [
    (1501, 1200, reserve.EXCESS), (1500, 1200, reserve.AMPLE), (901, 1200, reserve.AMPLE), (900, 1200, reserve.COMFORTABLE),
    (600, 1200, reserve.COMFORTABLE), (599, 1200, reserve.WATCH), (300, 1100, reserve.WATCH), (299, 1200, reserve.INSUFFICIENT),
    (299, 1199, reserve.RED), (99, 1300, reserve.RED), (-5, 1300, reserve.RED),
])  # fmt: skip
def test_the_level_of_a_fund_at_its_edges(balance, income, level):
    assert warning(months_payable(balance, 1_200), income, 1_200, LEVELS) == level


def test_a_fund_without_outgo_has_no_level():
    assert warning(months_payable(5, 0), 0, 0, LEVELS) == reserve.UNKNOWN


@pytest.mark.parametrize(("income", "level"), [(100, reserve.COMFORTABLE), (99, reserve.WATCH), (95, reserve.WATCH), (94, reserve.RED)])
def test_income_over_outgo(income, level):
    assert strained(income, 100, 10_000, 9_500) == level


def test_levels_have_words():
    assert set(reserve.WORDS) >= {warning(months_payable(balance, 12), 1, 1, LEVELS) for balance in range(-1, 20)} | {reserve.UNKNOWN}


# ---- the list ----


def test_every_quantity_is_defined_once():
    assert len(QUANTITIES) == len(ANSWERED) + len(AWAITED)


@pytest.mark.parametrize("quantity", ANSWERED + AWAITED, ids=lambda quantity: quantity.code)
def test_a_quantity_says_what_it_is(quantity):
    assert quantity.unit in UNITS
    assert quantity.when in WHEN
    assert not quantity.feed or quantity.feed in FEEDS
    assert (quantity in AWAITED) == bool(quantity.feed)
    assert all(quantity.zh and quantity.en and quantity.formula(lang) for lang in ("zh", "en"))
    assert not any(ord(letter) > 0x2FFF for letter in quantity.en + quantity.formula("en"))


def test_every_feed_is_waited_for():
    assert {quantity.feed for quantity in AWAITED} == set(FEEDS)
