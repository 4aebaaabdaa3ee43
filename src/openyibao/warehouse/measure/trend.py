"""The trend of a series 趋势: a straight line by least squares, how far it can be trusted, and when it meets a level.

It is a description of the past months carried on, no model of what drives them, and no seasons are taken out. With fewer than FEWEST
points, or points closer together than SPAN months, there is no trend: a line through three points says nothing. A line carried further
than it was observed is shown with that remark.
"""

from collections.abc import Sequence
from math import ceil, sqrt
from typing import NamedTuple

from openyibao.kernel.enrolment import month_after, months_between

FEWEST = 6
"""Points below which no trend is drawn."""
SPAN = 9
"""Months that the points must reach over."""
FURTHEST = 120
"""Months ahead within which a crossing is told."""

STUDENT = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356, 1.350, 1.345, 1.341, 1.337, 1.333, 1.330,
           1.328, 1.325, 1.323, 1.321, 1.319, 1.318, 1.316, 1.315, 1.314, 1.313, 1.311, 1.310)  # fmt: skip
"""Student's t for an interval of 80 %, by degrees of freedom from 1."""
NORMAL = 1.282
"""The same for many."""


class Point(NamedTuple):
    """A value at a month's end: yyyymm, hundredths of the unit."""

    month: int
    shown: int


class Trend(NamedTuple):
    """A fitted line: hundredths of the unit at month 0 (the first point's) and by month, and what its interval needs."""

    first: int  # month of the first point, yyyymm
    last: int  # month of the last
    points: int
    level: float
    slope: float
    spread: float  # standard deviation about the line
    centre: float  # mean month
    width: float  # sum of squares about it

    def at(self, month: int) -> float:
        """The line at a month."""
        return self.level + self.slope * months_between(self.first, month)

    def interval(self, month: int) -> tuple[float, float]:
        """Where a single value at that month lies in eight cases of ten, if the line goes on and errors are as they were."""
        freedom = self.points - 2
        factor = STUDENT[freedom - 1] if freedom <= len(STUDENT) else NORMAL
        off = months_between(self.first, month) - self.centre
        half = factor * self.spread * sqrt(1 + 1 / self.points + off * off / self.width)
        return self.at(month) - half, self.at(month) + half

    @property
    def a_year(self) -> float:
        """The slope over twelve months."""
        return self.slope * 12

    def stretched(self, month: int) -> bool:
        """Whether a month lies further ahead than the points reach back."""
        return months_between(self.last, month) > months_between(self.first, self.last)

    def crossing(self, level: int) -> int | None:
        """The month, yyyymm, at whose end the line has met a level that it has not met at the last point; None when it does not within
        ten years, or leads away from it.
        """
        left = level - self.at(self.last)
        if left == 0 or self.slope == 0 or (left > 0) != (self.slope > 0):
            return None
        months = ceil(left / self.slope)
        return month_after(self.last, months) if months <= FURTHEST else None


def trend(points: Sequence[Point]) -> Trend | None:
    """The trend of points in order of months; None where they are too few or too close."""
    if len(points) < FEWEST or months_between(points[0].month, points[-1].month) < SPAN:
        return None
    first = points[0].month
    places = [months_between(first, point.month) for point in points]
    count = len(points)
    centre, mean = sum(places) / count, sum(point.shown for point in points) / count
    width = sum((place - centre) ** 2 for place in places)
    slope = sum((place - centre) * (point.shown - mean) for place, point in zip(places, points, strict=True)) / width
    level = mean - slope * centre
    rest = sum((point.shown - level - slope * place) ** 2 for place, point in zip(places, points, strict=True))
    return Trend(first, points[-1].month, count, level, slope, sqrt(rest / (count - 2)), centre, width)
