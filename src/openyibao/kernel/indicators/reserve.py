"""How long a fund lasts 可支付月数, and when to warn 预警.

months = balance of the pooled money / (outgo of the last 12 months / 12). Personal accounts are the owners' and stay out of it.
The levels are figures of the policy book and of the measures' own list, each with its mark; the kernel only compares.
"""

from typing import NamedTuple

from openyibao.kernel.codes import WHOLE
from openyibao.kernel.indicators.value import HUNDRED, Value, compared, ratio

MONTHS = 12
EXCESS, AMPLE, COMFORTABLE, WATCH, INSUFFICIENT, RED, UNKNOWN = "excess", "ample", "comfortable", "watch", "insufficient", "red", "unknown"

WORDS = {
    EXCESS: ("结余过多", "surplus too big"),
    AMPLE: ("高于适宜区间", "above the comfortable range"),
    COMFORTABLE: ("适宜", "comfortable"),
    WATCH: ("关注", "watch"),
    INSUFFICIENT: ("结余不足", "insufficient"),
    RED: ("红色预警", "red"),
    UNKNOWN: ("无支出，无从计算", "no outgo to measure by"),
}
"""Level -> words, zh and en."""


class Levels(NamedTuple):
    """Bounds in months."""

    excess: int  # above it: too much is held
    high: int  # comfortable up to
    low: int  # comfortable from
    insufficient: int  # below it: insufficient; with a deficit in the year: red
    red: int  # below it: red


def months_payable(balance: int, outgo: int, months: int = MONTHS) -> Value | None:
    """Months that `balance` fen lasts at the pace of `outgo` fen over `months` months; None without outgo."""
    return ratio(balance * months, outgo)


def warning(months: Value | None, income: int, outgo: int, levels: Levels) -> str:
    """The level of a pooled fund.

    months         months payable
    income, outgo  of the year so far, fen: a deficit makes an insufficient fund red
    """
    if months is None:
        return UNKNOWN
    if below(months, levels.red) or (below(months, levels.insufficient) and income < outgo):
        return RED
    if below(months, levels.insufficient):
        return INSUFFICIENT
    if below(months, levels.low):
        return WATCH
    if compared(months, "months", levels.high * HUNDRED) <= 0:
        return COMFORTABLE
    return AMPLE if compared(months, "months", levels.excess * HUNDRED) <= 0 else EXCESS


def below(months: Value, bound: int) -> bool:
    """Fewer than `bound` months."""
    return compared(months, "months", bound * HUNDRED) < 0


def strained(income: int, outgo: int, yellow: int, red: int) -> str:
    """The level of the year's income over its outgo 收支比: `yellow` and `red` in parts per 10,000; COMFORTABLE at or above `yellow`."""
    if outgo <= 0:
        return UNKNOWN
    if income * WHOLE < outgo * red:
        return RED
    return WATCH if income * WHOLE < outgo * yellow else COMFORTABLE
