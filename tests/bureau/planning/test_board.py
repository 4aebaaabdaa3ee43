"""The board says where an indicator stands against its plan, and does not call a fall to the floor a success."""

import pytest
from django.utils import translation

from openyibao.bureau.planning.board import board_of, drawing, indicators_of, path_at, row_of, tolerance_words
from openyibao.bureau.planning.charts import counts, crossing_words, fall_words, history, reserve_cards
from openyibao.bureau.planning.lists import forecast_words, state_cell
from openyibao.bureau.planning.models import Value
from openyibao.bureau.planning.queries import Level, reserves
from openyibao.kernel.indicators.value import UNITS
from openyibao.warehouse.measure.plantable import CITIES, plan_of
from openyibao.warehouse.measure.trend import Point, trend


def value(code, month, shown, city="yuxi", span="year", **more):
    """A kept value of so many hundredths of its unit."""
    unit = UNITS[indicators_of(plan_of(city))[code].quantity.unit]
    figures = {"numerator": shown * unit.parts, "denominator": unit.times, "shown": shown}
    return Value(city=city, code=code, month=month, span=span, how="hand", **figures, **more)


def row(code, month, shown, city="yuxi"):
    """One row of the board."""
    return next(one for one in board_of(city, [value(code, month, shown, city)]) if one.code == code)


def test_yx_07_at_61_meets_its_floor_and_is_not_simply_reached():
    """Baseline 73 % in 2020, target not below 60 %, 61 % today: it fell."""
    found = row("YX-07", 202312, 6100)
    assert (found.state, found.fallen, found.deviates) == ("below_baseline", 1200, True)
    with translation.override("zh-hans"):
        cell = str(state_cell(found))
        assert "达标但低于基期" in cell and "重大偏离" in cell and "12.00 个百分点" in cell and "已达标" not in cell
        assert "12.00 个百分点" in fall_words(found, "zh")
    heads = {one.state: one.many for one in counts(board_of("yuxi", [value("YX-07", 202312, 6100)]))}
    assert heads["below_baseline"] == 1 and heads["reached"] == 0


@pytest.mark.parametrize(
    ("shown", "state"), [(7300, "reached"), (8000, "reached"), (7299, "below_baseline"), (6000, "below_baseline"), (5999, "not_yet")]
)
def test_each_side_of_baseline_and_floor(shown, state):
    assert row("YX-07", 202312, shown).state == state


def test_below_the_floor_when_it_is_due_is_missed():
    assert row("YX-07", 202512, 5999).state == "missed"


def test_on_the_path_or_behind_it():
    """A floor above its baseline has a line between the two."""
    city, one = next(
        (city, one) for city in CITIES for one in plan_of(city).indicators
        if one.baseline is not None and one.target.comparator == ">=" and (one.target.low or 0) > one.baseline
        and one.quantity.unit == "percent" and one.target_year == 2025
    )  # fmt: skip
    halfway = path_at(row(one.id, 202212, one.baseline, city), 202306)
    assert one.baseline < halfway < one.target.low
    assert row(one.id, 202306, halfway, city).state == "on_path"
    assert row(one.id, 202306, halfway - 1, city).state == "behind"


def test_about_shows_its_tolerance_with_its_mark():
    found = row("YX-05", 202312, 6940)
    assert tolerance_words(found, "zh") == ("±1 个百分点", "illustrative") and tolerance_words(found, "en") == ("±1 points", "illustrative")
    assert found.state == "reached"
    assert row("YX-05", 202312, 6899).state != "reached"


def test_without_a_value_it_waits_and_says_so():
    found = next(one for one in board_of("yuxi", []) if one.code == "YX-07")
    assert (found.state, found.shown, found.month) == ("no_answer", None, 0) and forecast_words(found) == ""


def test_the_107_indicators_of_five_plans_stand_on_the_boards():
    rows = [one for city in ("jishou", "ankang", "jingzhou", "wuhan", "yuxi") for one in board_of(city, []) if not one.watched]
    assert len(rows) == 107


# ---- trend ----


def months(first, count):
    """Months from a first one."""
    return [first // 100 * 100 + first % 100 + step if first % 100 + step <= 12 else (first // 100 + 1) * 100 + (first % 100 + step - 12)
            for step in range(count)]


def test_a_trend_needs_six_points_over_nine_months():
    points = [Point(month, 1000 + 10 * place) for place, month in enumerate(months(202301, 12))]
    assert trend(points[:5]) is None and trend(points[:6]) is None
    assert trend(points).a_year == pytest.approx(120)


def test_a_straight_line_goes_on_with_no_spread():
    line = trend([Point(month, 1000 - 10 * place) for place, month in enumerate(months(202301, 12))])
    assert line.at(202401) == pytest.approx(880) and line.interval(202401) == pytest.approx((880, 880))


def test_the_month_of_crossing_is_the_first_that_has_met_the_level():
    line = trend([Point(month, 1000 - 10 * place) for place, month in enumerate(months(202301, 12))])     # 890 in December
    assert line.crossing(880) == 202401 and line.crossing(875) == 202402 and line.crossing(300) == 202811
    assert line.crossing(1000) is None and line.crossing(-9000) is None


def test_scattered_points_widen_the_interval_with_distance():
    line = trend([Point(month, 1000 + (50 if place % 2 else -50)) for place, month in enumerate(months(202301, 12))])
    near, far = (high - low for low, high in (line.interval(202401), line.interval(202512)))
    assert 100 < near < far and line.stretched(202512) and not line.stretched(202406)


def test_a_reserve_that_falls_names_the_day_it_crosses_each_level():
    """20 months in January, one less each month: 9 in December, 6 in March, 3 in June."""
    values = [value("employee_months", month, 2000 - 100 * place, "jishou") for place, month in enumerate(months(202301, 12))]
    rows = board_of("jishou", values)
    gone = reserves(rows, [Level(6, "适宜区间下限", "comfortable range"), Level(3, "结余不足线", "insufficient")])
    assert [month for _, month in gone[0].crossings] == [202403, 202406]
    with translation.override("zh-hans"):
        assert any("2024-03" in words for words in crossing_words(gone[0], "zh"))


def test_a_reserves_card_shows_months_payable_level_trend_and_month_of_crossing():
    """I08: 9 months in December, one less each month: 6 in March, 3 in June; a fund that grows meets no line."""
    falls = [value("employee_months", month, 2000 - 100 * place, "jishou", level="ample") for place, month in enumerate(months(202301, 12))]
    grows = [value("resident_months", month, 900 + 10 * place, "jishou") for place, month in enumerate(months(202301, 12))]
    levels = [Level(6, "适宜区间下限", "comfortable range"), Level(3, "结余不足线", "insufficient"), Level(1, "红线", "red line")]
    with translation.override("zh-hans"):
        falling, growing = reserve_cards(reserves(board_of("jishou", [*falls, *grows]), levels), levels, "zh")
    assert falling.gauge["rows"] == [["", 9.0]] and falling.gauge["most"] == 15
    assert [round(bound * 15) for bound, _ in falling.gauge["bands"][:-1]] == [1, 3, 6], "each line where it lies on the gauge"
    assert falling.words[0] == "近 12 个月趋势：每年 -12.00 个月。"
    assert falling.words[1:] == [
        f"预计 {month} 低于{name}（{left} 个月）。"
        for month, name, left in (("2024-03", "适宜区间下限", 6), ("2024-06", "结余不足线", 3), ("2024-08", "红线", 1))
    ]  # fmt: skip
    assert growing.words[1:] == ["按此趋势十年内不触及预警线。"]


def test_too_few_points_are_said_to_be_so():
    with translation.override("zh-hans"):
        assert "点数不足" in forecast_words(row("YX-05", 202312, 6940))


def test_the_history_has_value_path_target_and_no_trend_where_there_is_none():
    kept = [value("YX-05", 202212, 6850), value("YX-05", 202312, 6940)]
    found = next(one for one in board_of("yuxi", kept) if one.code == "YX-05")
    chart = history(found, kept, [])
    last = next(line for line in chart["rows"] if line[0] == "2023-12")
    assert last[1] == 69.4 and last[3] == 70 and last[4] is None
    assert 68 < last[2] < 70


def test_the_drawing_keeps_its_marks_in_order():
    marks = drawing(row("YX-07", 202312, 6100))
    assert marks["target"] < marks["value"] < marks["baseline"]
    assert drawing(row_of(indicators_of(plan_of("yuxi"))["YX-02"], None, [])) is None
