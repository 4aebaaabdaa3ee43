"""An answer 测算结果: a quantity's value over a period, and what to know of it. Plain values: pages hold them without loading a store."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from openyibao.kernel.indicators.quantity import Quantity
from openyibao.kernel.indicators.value import Value
from openyibao.warehouse.measure.period import Period

Words = tuple[str, str]
"""A sentence, zh and en."""


class Answer(NamedTuple):
    """A quantity's answer."""

    quantity: Quantity
    period: Period
    value: Value | None  # None = see `why`
    numerator: int  # as counted in the store, before any grossing up
    denominator: int
    rows: int  # rows behind it
    source: str  # file of rows/; "" = the funds' sheets or the policy
    given: Mapping[str, Any]  # what the SQL was given
    why: Words | None = None  # why there is no value
    notes: tuple[Words, ...] = ()  # what to know of the value
    level: str = ""  # kernel.indicators.reserve level, of reserves


def none(quantity: Quantity, period: Period, why: Words) -> Answer:
    """No answer, and why."""
    return Answer(quantity, period, None, 0, 0, 0, "", {}, why)
