"""The board 指标看板: each indicator of a city's plan with its kept value, set against baseline, path and target; and what is watched
beside the plan. Read from kept values: nothing is counted here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from openyibao.bureau.planning.models import Task, Value
from openyibao.kernel.enrolment import month_after, months_between
from openyibao.kernel.indicators.judging import Target
from openyibao.kernel.indicators.quantity import Quantity
from openyibao.kernel.indicators.value import Value as Fraction
from openyibao.kernel.indicators.value import nearest, printed
from openyibao.warehouse.measure import wording as words
from openyibao.warehouse.measure.answer import Answer
from openyibao.warehouse.measure.board import (
    MISS,
    NO_ANSWER,
    Standing,
    deviates,
    fallen,
    foreseen,
    further,
    has_line,
    standing,
    state,
    worse,
)
from openyibao.warehouse.measure.months import ALONE, TO_DATE, in_trend, trend_span
from openyibao.warehouse.measure.period import Period
from openyibao.warehouse.measure.plantable import Indicator, PlanTable, choices, plan_of
from openyibao.warehouse.measure.trend import Point, Trend, trend

WATCHED = "watched"
"""Kind of a row that no plan asks for."""
UNKEPT = 0
"""Month of an answer that is not there."""
DECEMBER = 12


class Off(NamedTuple):
    """What is off with an indicator 偏离, since when, and what is done about it."""

    deviation: int  # first month yyyymm of the large deviation that lasts; 0 = none
    forecast: int  # first month since which the forecast misses the target; 0 = it does not
    remedy: str  # remedy.none, remedy.laid, remedy.done
    tasks: tuple[Task, ...]  # its remedial tasks


@dataclass(frozen=True)
class Row:
    """One indicator on the board."""

    code: str
    indicator: Indicator
    value: Value | None  # the newest that stands
    standing: Standing
    state: str
    trend: Trend | None
    points: tuple[Point, ...]  # the trend's
    off: Off | None = None  # set where it deviates or its forecast misses (remedies.py)

    @property
    def quantity(self) -> Quantity:
        """What it counts."""
        return self.indicator.quantity

    @property
    def watched(self) -> bool:
        """Whether no plan asks for it."""
        return self.indicator.kind == WATCHED

    @property
    def shown(self) -> int | None:
        """Hundredths of the unit; None without a value."""
        return None if self.value is None else self.value.shown

    @property
    def month(self) -> int:
        """Month of the value, yyyymm; 0 without one."""
        return UNKEPT if self.value is None else self.value.month

    @property
    def due(self) -> int:
        """Month by whose end the target is due, yyyymm; 0 without a plan."""
        return 0 if self.watched else self.indicator.target_year * 100 + DECEMBER

    @property
    def fallen(self) -> int:
        """How far it lies on the wrong side of the baseline, hundredths."""
        return 0 if self.watched else fallen(self.standing)

    @property
    def worse(self) -> int:
        """How far it lies off the path on the wrong side, hundredths."""
        return 0 if self.watched else worse(self.standing)

    @property
    def deviates(self) -> bool:
        """Whether the deviation is large 重大偏离."""
        return not self.watched and deviates(self.standing)

    @property
    def foreseen(self) -> str:
        """What the trend says of a target that is still to come: miss, meet, unsure; empty without a forecast or a figure to judge by."""
        found = self.forecast()
        if found is None or self.trend is None or self.due <= self.trend.last:
            return ""
        return foreseen(self.indicator, found[1], found[2])

    @property
    def misses(self) -> bool:
        """Whether the whole interval of the forecast lies on the wrong side of the target 预测达不到目标."""
        return self.foreseen == MISS

    def name(self, lang: str) -> str:
        """The plan's name for it, or the quantity's."""
        return self.indicator.name if lang == "zh" else self.quantity.en

    def printed(self, hundredths: int | None, lang: str) -> str:
        """A figure of this indicator in words."""
        return "—" if hundredths is None else printed(hundredths, self.quantity.unit, lang)

    def difference(self, hundredths: int, lang: str) -> str:
        """A difference of two figures in words: percentage points of shares."""
        text = self.printed(hundredths, lang)
        return text.replace("%", "个百分点" if lang == "zh" else "points") if self.quantity.unit == "percent" else text

    def value_words(self, lang: str) -> str:
        """The value in words."""
        return self.printed(self.shown, lang)

    def target_words(self, lang: str) -> str:
        """The target in words, with its year."""
        return "" if self.watched else words.target_of(self.indicator, lang)

    def baseline_words(self, lang: str) -> str:
        """The baseline in words, with its year."""
        return "" if self.watched else words.baseline_of(self.indicator, lang)

    def forecast(self) -> tuple[int, int, int] | None:
        """The trend at the due month: middle and both ends of its interval, hundredths; None without a trend or a plan, or past the day."""
        if self.trend is None or not self.due or self.due < self.trend.last:
            return None
        low, high = self.trend.interval(self.due)
        return round(self.trend.at(self.due)), round(low), round(high)


def row_of(indicator: Indicator, value: Value | None, points: Sequence[Point]) -> Row:
    """A row of the board from what is kept."""
    answer = answer_of(indicator.quantity, value)
    found = standing(indicator, answer)
    if indicator.kind == WATCHED:
        found = found._replace(pace=None)
        word = "no_figure" if answer.value is not None else NO_ANSWER
    else:
        word = state(found)
    return Row(indicator.id, indicator, value, found, word, trend(points), tuple(points))


def answer_of(quantity: Quantity, value: Value | None) -> Answer:
    """A kept value as the answer that it was."""
    if value is None:
        return Answer(quantity, Period(1, 1, 1), None, 0, 0, 0, "", {})
    year, month = divmod(value.month, 100)
    period = Period(year, month if value.span == ALONE else 1, month)
    exact = None if value.numerator is None else Fraction(value.numerator, value.denominator)
    why = tuple(value.why) if value.why else None
    return Answer(
        quantity, period, exact, value.counted_over, value.counted_under, value.rows, value.source, {}, why,
        tuple((zh, en) for zh, en in value.notes), value.level,
    )  # fmt: skip


def watched_indicator(quantity: Quantity) -> Indicator:
    """A quantity beside the plan, in the shape of an indicator without figures."""
    return Indicator(quantity.code, quantity, quantity.zh, WATCHED, "", (), 0, None, "", 0, Target("adapt", None), "", "", "stated", "", "")


def indicators_of(plan: PlanTable) -> dict[str, Indicator]:
    """Code -> indicator: the plan's in its order, then what is watched beside it."""
    return {one.id: one for one in (*plan.indicators, *(watched_indicator(quantity) for quantity in further(plan)))}


def city_of_code(code: str, city: str, known: Iterable[str]) -> str:
    """The city whose plan has an indicator of this code; `city` for a quantity's code. Empty for a code that nobody knows."""
    if code in indicators_of(plan_of(city)):
        return city
    return next((name for name in known if code in indicators_of(plan_of(name))), "")


def board_of(city: str, values: Iterable[Value]) -> list[Row]:
    """The board of a city from the values that stand."""
    newest: dict[str, Value] = {}
    series: dict[tuple[str, str], list[Point]] = {}
    for value in values:
        if value.span == TO_DATE and (value.code not in newest or newest[value.code].month < value.month):
            newest[value.code] = value
        if value.shown is not None:
            series.setdefault((value.code, value.span), []).append(Point(value.month, value.shown))
    return [row_of(one, newest.get(code), points_of(one, series)) for code, one in indicators_of(plan_of(city)).items()]


def row_at(indicator: Indicator, values: Sequence[Value], month: int = 0) -> Row:
    """One row of the board from its values in order of months; as it stood at a month's end where one is given."""
    series: dict[tuple[str, str], list[Point]] = {}
    newest = None
    for value in values:
        if month and value.month > month:
            continue
        if value.shown is not None:
            series.setdefault((indicator.id, value.span), []).append(Point(value.month, value.shown))
        if value.span == TO_DATE:
            newest = value
    return row_of(indicator, newest, points_of(indicator, series))


def points_of(indicator: Indicator, series: Mapping[tuple[str, str], Sequence[Point]]) -> list[Point]:
    """The points that a trend may be drawn through, in order of months."""
    found = series.get((indicator.id, trend_span(indicator.quantity)), ())
    if indicator.quantity.feed:
        found = series.get((indicator.id, TO_DATE), ())
        return sorted(found)
    return sorted(point for point in found if in_trend(indicator.quantity, point.month))


def path_at(row: Row, month: int) -> int | None:
    """The path's figure at a month's end, hundredths; None outside the plan's years or without a line."""
    one = row.indicator
    due = one.baseline if one.target.comparator == "hold" else one.target.low
    if row.watched or one.baseline is None or due is None or not has_line(one.target, one.baseline, row.quantity.lower_is_better):
        return None
    first, last = one.baseline_year * 100 + DECEMBER, row.due
    if not first <= month <= last or first == last:
        return None
    return one.baseline + nearest((due - one.baseline) * months_between(first, month), months_between(first, last))


def drawing(row: Row) -> dict[str, Any] | None:
    """Where baseline, path, value and target lie on a line from 0 to 100, for the small drawing; None where there is too little."""
    marks = {"baseline": row.indicator.baseline, "target": row.indicator.target.low, "value": row.shown,
             "path": row.standing.pace.path if row.standing.pace is not None else None}  # fmt: skip
    if row.watched or row.indicator.target.comparator == "hold":
        marks["target"] = None if row.watched else row.indicator.baseline
    found = {name: figure for name, figure in marks.items() if figure is not None}
    if row.watched or len(found) < 2 or row.quantity.unit == "milestone":
        return None
    low, high = min(found.values()), max(found.values())
    if row.quantity.unit == "percent":
        low, high = max(low - (high - low) // 5 - 100, 0), max(min(high + (high - low) // 5 + 100, 10_000), high)
    else:
        low, high = low - (high - low) // 5 - 1, high + (high - low) // 5 + 1
    width = max(high - low, 1)
    return {name: round((figure - low) * 1000 / width) / 10 for name, figure in found.items()}


def tolerance_words(row: Row, lang: str) -> tuple[str, str] | None:
    """The tolerance that a verdict of "about" or "hold" used, in words, with its trust mark; None where none is used."""
    if row.watched or row.indicator.target.comparator not in ("about", "hold"):
        return None
    chosen = choices().get(f"tolerance.{row.quantity.unit}")
    if chosen is None:
        return None
    unit = "个百分点" if row.quantity.unit == "percent" else printed(0, row.quantity.unit, "zh").split(" ")[-1]
    figure = f"{chosen.value / 100:g}"
    return (f"±{figure} {unit}" if lang == "zh" else f"±{figure} {'points' if row.quantity.unit == 'percent' else row.quantity.unit}",
            chosen.trust)  # fmt: skip


def history_months(row: Row, values: Sequence[Value]) -> list[int]:
    """Months of the history chart: from the first kept value to the due month, a year at most beyond the last value."""
    kept = sorted({value.month for value in values})
    if not kept:
        return []
    last = max(kept[-1], min(row.due or kept[-1], month_after(kept[-1], 24)))
    return [month_after(kept[0], step) for step in range(months_between(kept[0], last) + 1)]
