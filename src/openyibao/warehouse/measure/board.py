"""The board 指标看板 (L01): each indicator of a city's plan with its value, baseline, target, verdict, and its path to the target."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from openyibao.kernel.indicators.answered import ANSWERED
from openyibao.kernel.indicators.judging import (
    ABOVE_BAND,
    BELOW_BAND,
    BELOW_BASELINE,
    NO_BASELINE,
    NOTHING,
    OVER,
    REACHED,
    SHORT,
    SHOWN,
    WAITING,
    Judged,
    Target,
    judged,
)
from openyibao.kernel.indicators.pace import Pace, pace
from openyibao.kernel.indicators.quantity import Quantity
from openyibao.kernel.indicators.value import UNITS, Value, shown
from openyibao.warehouse.measure.answer import Answer
from openyibao.warehouse.measure.period import Period
from openyibao.warehouse.measure.plantable import Indicator, PlanTable, choices, tolerance

if TYPE_CHECKING:       # a survey brings the stores' libraries; a page that only shows kept values needs none of them
    from openyibao.warehouse.measure.measuring import Survey

FLOORS, LEVELS = (">=", ">"), ("about", "hold")
"""Comparators that ask for more than a figure, and for a level."""


class Standing(NamedTuple):
    """Where one indicator stands."""

    indicator: Indicator
    answer: Answer
    judged: Judged
    pace: Pace | None


def standing(indicator: Indicator, answer: Answer) -> Standing:
    """An answer against the plan."""
    quantity = indicator.quantity
    if answer.value is None:
        return Standing(indicator, answer, Judged(WAITING if quantity.feed else NOTHING), None)
    plan = indicator.target
    verdict = judged(answer.value, quantity.unit, plan, indicator.baseline, tolerance(quantity.unit), quantity.lower_is_better)
    due = indicator.baseline if plan.comparator == "hold" else plan.low
    if indicator.baseline is None or due is None or not has_line(plan, indicator.baseline, quantity.lower_is_better):
        return Standing(indicator, answer, verdict, None)
    now = shown(answer.value, quantity.unit)
    return Standing(indicator, answer, verdict,
                    pace(indicator.baseline, indicator.baseline_year, due, indicator.target_year, now, answer.period.month))


def has_line(target: Target, baseline: int, lower_is_better: bool) -> bool:
    """Whether a straight path makes sense: a floor that the baseline already met is no aim to fall to."""
    if target.comparator in FLOORS:
        return target.low is not None and (target.low < baseline if lower_is_better else target.low > baseline)
    return target.comparator in LEVELS


ON_PATH, BEHIND, MISSED, NOT_YET, NO_ANSWER, NO_FIGURE = "on_path", "behind", "missed", "not_yet", "no_answer", "no_figure"
"""States beside the verdicts: short of the target and on the line to it; off the line; short when it was due; short, with no line to
measure by; without a value; with a value and nothing to judge it by."""

STATES = {
    REACHED: "reached", BELOW_BASELINE: "below_baseline", ABOVE_BAND: "above_band", OVER: "above_band", SHOWN: NO_FIGURE,
    NO_BASELINE: NO_FIGURE, WAITING: NO_ANSWER, NOTHING: NO_ANSWER,
}  # fmt: skip
"""Verdict -> state, where the verdict alone says it."""


def state(found: Standing) -> str:
    """Where an indicator stands in one word: the verdict, and for one that is short of its target whether it is on its way."""
    verdict = found.judged.verdict
    if verdict in STATES:
        return STATES[verdict]
    if found.answer.period.month >= found.indicator.target_year * 100 + 12:
        return MISSED
    if found.pace is None:
        return "below_band" if verdict == BELOW_BAND else NOT_YET
    return BEHIND if worse(found) > 0 else ON_PATH


def worse(found: Standing) -> int:
    """How far a value lies off its path on the wrong side, hundredths of the unit; 0 on the line, on the right side, or without a line.

    What is to hold a level or come near one is off it on either side beyond the tolerance.
    """
    if found.pace is None:
        return 0
    if found.indicator.target.comparator in LEVELS:
        return max(abs(found.pace.deviation) - tolerance(found.indicator.quantity.unit), 0)
    return max(found.pace.deviation if found.indicator.quantity.lower_is_better else -found.pace.deviation, 0)


def fallen(found: Standing) -> int:
    """How far a value lies on the wrong side of its baseline, hundredths of the unit; 0 where it does not, or there is none to compare."""
    quantity, baseline = found.indicator.quantity, found.indicator.baseline
    if found.answer.value is None or baseline is None:
        return 0
    now = shown(found.answer.value, quantity.unit)
    return max(now - baseline if quantity.lower_is_better else baseline - now, 0)


def deviates(found: Standing) -> bool:
    """Whether the deviation is large 重大偏离 (L05): off the path, or below the baseline under a floor, by more than our bound."""
    chosen = choices().get(f"deviation.{found.indicator.quantity.unit}")
    if chosen is None:
        return False
    return worse(found) > chosen.value or (found.judged.verdict == BELOW_BASELINE and fallen(found) > chosen.value)


MISS, MEET, UNSURE = "miss", "meet", "unsure"
"""What a forecast says of the target: not met, met, or both are possible within its interval."""
UNMET = (SHORT, ABOVE_BAND, BELOW_BAND, OVER)
"""Verdicts on a figure that lies on the wrong side of the target."""


def foreseen(indicator: Indicator, low: int, high: int) -> str:
    """What a forecast's interval, hundredths of the unit, says of the target: both ends are judged as a value would be.

    MISS where they lie on the same wrong side, so that the whole interval does; empty where the plan gives no figure to judge by.
    """
    if indicator.target.comparator == "done":
        return ""
    verdicts = {judged_figure(indicator, end).verdict for end in (low, high)}
    if verdicts <= {SHOWN, NO_BASELINE}:
        return ""
    if len(verdicts) == 1 and verdicts <= set(UNMET):
        return MISS
    return MEET if verdicts == {REACHED} else UNSURE


def judged_figure(indicator: Indicator, hundredths: int) -> Judged:
    """The verdict on a figure that is no count but a forecast, hundredths of the unit."""
    quantity = indicator.quantity
    exact = Value(hundredths * UNITS[quantity.unit].parts, UNITS[quantity.unit].times)
    return judged(exact, quantity.unit, indicator.target, indicator.baseline, tolerance(quantity.unit), quantity.lower_is_better)


def board(survey: "Survey", plan: PlanTable, period: Period) -> Iterator[Standing]:
    """Every indicator of a plan, as it is answered; a quantity that two of them share is counted once."""
    found: dict[str, Answer] = {}
    for indicator in plan.indicators:
        code = indicator.quantity.code
        if code not in found:
            found[code] = survey.answer(indicator.quantity, period)
        yield standing(indicator, found[code])


def further(plan: PlanTable) -> tuple[Quantity, ...]:
    """Answered quantities that the plan does not ask for: what the fund's own watch looks at."""
    asked = {indicator.quantity.code for indicator in plan.indicators}
    return tuple(quantity for quantity in ANSWERED if quantity.code not in asked)
