"""Is a target reached 目标判定: the plans' comparators, and the verdicts in words.

A floor that lies below the baseline is not simply "reached" by falling to it: a major-illness ratio that was 73 % and may be 60 % is,
at 61 %, above its target and below where it began, and both are said. A target is compared exactly; a baseline is itself a rounded
figure, and is compared with the value as it is shown. `about` and `hold` carry no tolerance in the plans; the one used is an argument,
shown beside the verdict.
"""

from typing import NamedTuple

from openyibao.kernel.indicators.value import Value, compared, shown

COMPARATORS = (">=", ">", "about", "hold", "range", "increase", "adapt", "done")
"""At least; more than; about; stay at the baseline; within two figures; above the baseline; no figure given; a milestone."""

REACHED = "reached"
BELOW_BASELINE = "reached_below_baseline"
ABOVE_BAND = "above_band"
BELOW_BAND = "below_band"
SHORT = "short"
OVER = "over"
SHOWN = "shown"
NOT_YET = "not_yet"
NO_BASELINE = "no_baseline"
WAITING = "waiting"
NOTHING = "nothing"

VERDICTS = {
    REACHED: ("达到", "reached"),
    BELOW_BASELINE: ("高于目标、但差于基期", "meets the target, yet worse than the baseline"),
    ABOVE_BAND: ("高于目标区间", "above the target's band"),
    BELOW_BAND: ("低于目标区间", "below the target's band"),
    SHORT: ("未达到", "short of the target"),
    OVER: ("超出上限", "beyond the range"),
    SHOWN: ("规划未定数值，只列出", "the plan gives no figure; shown only"),
    NOT_YET: ("未实现", "not yet"),
    NO_BASELINE: ("规划无基期数，无从判定", "no baseline to judge by"),
    WAITING: ("待数据", "waits for data"),
    NOTHING: ("本期无可计数", "nothing to count in this period"),
}
"""Verdict -> words, zh and en."""

GOOD = (REACHED,)
"""Verdicts with nothing to remark on."""


class Target(NamedTuple):
    """A target 目标 in hundredths of the unit, as the plan prints it."""

    comparator: str  # COMPARATORS
    low: int | None  # the figure, or the lower end of a range; None where the plan gives none
    high: int | None = None  # the upper end of a range


class Judged(NamedTuple):
    """A verdict, and the tolerance it used (0 = none)."""

    verdict: str
    tolerance: int = 0


def judged(value: Value | None, unit: str, target: Target, baseline: int | None, tolerance: int, lower_is_better: bool = False) -> Judged:
    """The verdict on an exact value.

    value      None where the period has nothing to count
    baseline   hundredths of the unit; None where the plan prints none
    tolerance  hundredths of the unit either side, for `about` and `hold`
    lower_is_better  for a burden: falling below the baseline is no worsening
    Raises ValueError for an unknown comparator, or one that lacks its figure.
    """
    if target.comparator not in COMPARATORS:
        raise ValueError(f"unknown comparator {target.comparator!r}; there are {' '.join(COMPARATORS)}")
    if value is None:
        return Judged(NOTHING)
    if target.comparator == "adapt":
        return Judged(SHOWN)
    if target.comparator in ("hold", "increase"):
        return against_baseline(value, unit, target.comparator, baseline, tolerance)
    if target.low is None:
        raise ValueError(f"comparator {target.comparator!r} needs a figure")
    if target.comparator == "about":
        return band(value, unit, target.low, tolerance)
    if target.comparator == "range":
        return within(value, unit, target)
    place = compared(value, unit, target.low)
    reached = place > 0 if target.comparator == ">" else place >= 0
    if not reached:
        return Judged(NOT_YET if target.comparator == "done" else SHORT)
    if baseline is not None and (shown(value, unit) - baseline) * (1 if lower_is_better else -1) > 0:
        return Judged(BELOW_BASELINE)
    return Judged(REACHED)


def against_baseline(value: Value, unit: str, comparator: str, baseline: int | None, tolerance: int) -> Judged:
    """`hold` stays within the tolerance of the baseline, `increase` is above it; both need one."""
    if baseline is None:
        return Judged(NO_BASELINE)
    if comparator == "increase":
        return Judged(REACHED if shown(value, unit) > baseline else SHORT)
    return band(value, unit, baseline, tolerance)


def band(value: Value, unit: str, middle: int, tolerance: int) -> Judged:
    """Within `tolerance` of `middle`, ends included."""
    if compared(value, unit, middle + tolerance) > 0:
        return Judged(ABOVE_BAND, tolerance)
    return Judged(BELOW_BAND if compared(value, unit, middle - tolerance) < 0 else REACHED, tolerance)


def within(value: Value, unit: str, target: Target) -> Judged:
    """Between the two ends of a range, ends included."""
    if target.low is None or target.high is None:
        raise ValueError("comparator 'range' needs two figures")
    if compared(value, unit, target.high) > 0:
        return Judged(OVER)
    return Judged(SHORT if compared(value, unit, target.low) < 0 else REACHED)
