"""Shares of money 舍入: the one place where a fen is rounded. Which way is a parameter of the plan (`special` policy subject)."""

from openyibao.kernel.codes import TRUNCATE, WHOLE
from openyibao.kernel.law import law


@law
def quotient(numerator: int, denominator: int, rounding: int) -> int:
    """`numerator / denominator` as whole fen, half up or truncated; both >= 0, denominator > 0."""
    if rounding == TRUNCATE:
        return numerator // denominator
    return (numerator + denominator // 2) // denominator


@law
def share(amount: int, rate: int, rounding: int) -> int:
    """`rate` parts per 10,000 of `amount` fen 按比例计算: fen, rounded once; amount >= 0, 0 <= rate."""
    if rounding == TRUNCATE:
        return amount * rate // WHOLE
    return (amount * rate + WHOLE // 2) // WHOLE


@law
def factored(amount: int, factor: int, rounding: int) -> int:
    """A payment times an off-site factor 异地系数 (parts per 10,000): unchanged at WHOLE, else rounded once."""
    if factor == WHOLE:
        return amount
    return share(amount, factor, rounding)


@law
def amount_for(paid: int, rate: int, rounding: int) -> int:
    """The amount of which `rate` (parts per 100,000,000) gives `paid` 由支付额倒推费用: fen; 0 where the rate is 0.

    The rate is in the finer unit because it may be a ratio times an off-site factor. `paid` below 9 * 10**10 fen.
    """
    if rate <= 0:
        return 0
    return quotient(paid * WHOLE * WHOLE, rate, rounding)
