"""An indicator's value 指标值: an exact fraction of integers, compared as it stands and rounded only to be shown.

Every figure a plan prints (baseline, target) is kept in hundredths of its unit: 77.24 % is 7724, 63.85 亿元 is 6385, 8 months is 800.
A value is compared with such a figure by cross-multiplication, so that 79.996 % does not reach a target of 80 % by being shown as 80.00.
Shown figures are rounded half up, once, to the hundredth.
"""

from typing import NamedTuple

HUNDRED = 100


class Unit(NamedTuple):
    """A unit 单位: one hundredth of it is `fraction * times // parts` of the raw fraction."""

    zh: str
    en: str
    times: int
    parts: int
    places: int  # decimals shown


UNITS = {
    "percent": Unit("%", "%", 10_000, 1, 2),
    "months": Unit("个月", "months", HUNDRED, 1, 2),
    "hundred_million": Unit("亿元", "100 million yuan", 1, 10**8, 2),  # of fen
    "yuan": Unit("元", "yuan", 1, 1, 2),  # of fen
    "days": Unit("天", "days", HUNDRED, 1, 2),
    "persons": Unit("人", "persons", HUNDRED, 1, 0),
    "count": Unit("个", "", HUNDRED, 1, 0),
    "bandwidth": Unit("Mbit/s", "Mbit/s", HUNDRED, 1, 0),
    "milestone": Unit("", "", HUNDRED, 1, 0),
}
"""Units by name. A share is numerator over denominator; money is fen; a milestone is 1 when reached."""


class Value(NamedTuple):
    """An exact value: `numerator / denominator`, denominator > 0; for a sum or a count the denominator is 1."""

    numerator: int
    denominator: int


def ratio(numerator: int, denominator: int) -> Value | None:
    """A share 比例; None where there is nothing to divide by, which is not the same as 0."""
    return Value(numerator, denominator) if denominator > 0 else None


def grossed(value: Value, people: int, of: int) -> Value:
    """A count or a sum of a sample city of `people` persons taken to the whole city's `of` 按抽样比例放大; shares need none of it."""
    return Value(value.numerator * of, value.denominator * people)


def compared(value: Value, unit: str, figure: int) -> int:
    """-1, 0 or 1: the exact value below, at or above `figure` hundredths of the unit."""
    found = UNITS[unit]
    left, right = value.numerator * found.times, figure * value.denominator * found.parts
    return (left > right) - (left < right)


def shown(value: Value, unit: str) -> int:
    """Hundredths of the unit, half up: what a page prints."""
    found = UNITS[unit]
    return nearest(value.numerator * found.times, value.denominator * found.parts)


def nearest(numerator: int, denominator: int) -> int:
    """`numerator / denominator` as a whole number, half up (-1.5 becomes -1); denominator > 0."""
    return (2 * numerator + denominator) // (2 * denominator)


def printed(hundredths: int, unit: str, lang: str = "zh") -> str:
    """A figure with its unit: `77.24 %`, `8.00 个月`, `1,234`; a milestone in words."""
    found = UNITS[unit]
    if unit == "milestone":
        done = hundredths >= HUNDRED
        return ("已实现" if done else "未实现") if lang == "zh" else ("reached" if done else "not yet")
    sign, whole, rest = "-" if hundredths < 0 else "", abs(hundredths) // HUNDRED, abs(hundredths) % HUNDRED
    text = f"{sign}{whole:,}.{rest:02d}" if found.places or rest else f"{sign}{whole:,}"
    words = found.zh if lang == "zh" else found.en
    return f"{text} {words}" if words else text
