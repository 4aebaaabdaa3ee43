"""The board 指标看板 (L01): each indicator of a city's plan with its value, baseline, target, verdict, and its path to the target."""

from collections.abc import Iterator
from typing import NamedTuple

from openyibao.kernel.indicators.answered import ANSWERED
from openyibao.kernel.indicators.judging import NOTHING, WAITING, Judged, Target, judged
from openyibao.kernel.indicators.pace import Pace, pace
from openyibao.kernel.indicators.quantity import Quantity
from openyibao.kernel.indicators.value import shown
from openyibao.warehouse.measure.measuring import Answer, Survey
from openyibao.warehouse.measure.period import Period
from openyibao.warehouse.measure.plantable import Indicator, PlanTable, tolerance

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


def board(survey: Survey, plan: PlanTable, period: Period) -> Iterator[Standing]:
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
