"""How figures are printed: exactly, without a float."""

from itertools import pairwise

import pytest

from openyibao.warehouse.report.amounts import day, figure, months, percent, percent_signed, rounded, short, short_signed, signed, yuan
from openyibao.warehouse.report.bins import bin_words, filled
from openyibao.warehouse.simulate.outcome import Bin, Distribution


@pytest.mark.parametrize(("fen", "text"), [(0, "0.00"), (1, "0.01"), (-1, "-0.01"), (123_456_789, "1,234,567.89"), (-100_00, "-100.00")])
def test_yuan_to_the_fen(fen, text):
    assert yuan(fen) == text


def test_signs():
    assert (signed(5), signed(0), signed(-5)) == ("+0.05", "0.00", "-0.05")
    assert short_signed(-250_000_00).zh == "−25.00 万元" and short_signed(0).zh == "0.00 元"


@pytest.mark.parametrize(("fen", "zh", "en"), [
    (99_99, "99.99 元", "99.99 yuan"), (1_000_000, "1.00 万元", "10,000.00 yuan"), (999_995_00, "100.00 万元", "999,995.00 yuan"),
    (1_234_567_890_12, "12.35 亿元", "1.23 billion yuan"), (-123_456_789_00, "1.23 亿元", "123.46 million yuan")])
def test_sums_for_a_sentence(fen, zh, en):
    assert (short(fen).zh, short(fen).en) == (zh, en)


def test_rounding_is_half_away_from_zero():
    assert (rounded(5, 1000, 2), rounded(-5, 1000, 2), rounded(4, 1000, 2), rounded(-4, 1000, 2)) == ("0.01", "-0.01", "0.00", "0.00")
    assert rounded(1_234_567, 1, 0) == "1,234,567"


def test_percentages():
    assert (percent(1, 3), percent(1, 0), percent_signed(1, 8), percent_signed(-1, 8)) == ("33.33%", "-", "+12.50%", "-12.50%")


def test_months_and_days_and_figures():
    assert (months(1416), months(7), months(None), months(-50)) == ("14.16", "0.07", "-", "-0.50")
    assert day(20220105) == "2022-01-05"
    assert (figure(8550, "percent"), figure(8500, "percent")) == ("85.5%", "85%")
    assert (figure(1234, "count"), figure(100, "yuan")) == ("1,234", "1.00")


def test_bins_in_words():
    edges = (None, -100_00, -50_00, 0, 1, 50_01, None)
    words = [bin_words(Bin(low, high, 0, 0)) for low, high in pairwise(edges)]
    assert [one.zh for one in words] == ["变差 100 以上", "变差 50–100", "变差 0–50", "不变", "变好 0–50", "变好 50 以上"]
    assert words[1].en == "worse by 50 to 100" and words[-1].en == "better by over 50"


def test_bins_nobody_is_in_are_left_out_at_the_ends():
    bins = tuple(Bin(low, low + 1, persons, 0) for low, persons in enumerate((0, 0, 3, 0, 2, 0)))
    assert [one.persons for one in filled(Distribution(bins, 0, 0, 0, 5))] == [3, 0, 2]
    assert filled(Distribution((), 0, 0, 0, 0)) == []
