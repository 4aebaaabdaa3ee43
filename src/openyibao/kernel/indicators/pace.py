"""The path from baseline to target 目标路径: a straight line by months, how far a value lies off it, and where its own pace leads.

The plans print two points, the end of the baseline year and the end of the target year; between them a line is our reading, and a shown
one. The forecast goes on from the baseline through today's value at the same pace: a plain extrapolation, no model of what drives it.
All figures are hundredths of the unit.
"""

from typing import NamedTuple

from openyibao.kernel.enrolment import months_between
from openyibao.kernel.indicators.value import nearest


class Pace(NamedTuple):
    """Where a value should be and where it leads, hundredths of the unit."""

    path: int  # on the line at this month
    deviation: int  # value less path
    forecast: int  # at the target's month, at the pace since the baseline


def pace(baseline: int, baseline_year: int, target: int, target_year: int, value: int, month: int) -> Pace | None:
    """The path and forecast of `value` at the end of `month` (yyyymm); None outside the plan's years, where there is no line.

    baseline, baseline_year  figure and year it closes
    target, target_year      figure and year it is due by the end of
    """
    first, last = baseline_year * 100 + 12, target_year * 100 + 12
    total, gone = months_between(first, last), months_between(first, month)
    if gone <= 0 or gone > total:
        return None
    path = baseline + nearest((target - baseline) * gone, total)
    return Pace(path, value - path, baseline + nearest((value - baseline) * total, gone))
