"""Maternity 生育: fixed amounts for delivery, check-ups and miscarriage, and the allowance 生育津贴 computed from wage and days.

Fixed amounts ignore classes A and B and are limited by the whole fee (`maternity_in_scope_only`: by the in-scope amount).
"""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import CAESAREAN, DELIVERY, MISCARRIAGE_EARLY, PRENATAL
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.rounding import quotient
from openyibao.kernel.settle.basic import Basic
from openyibao.kernel.year import Year


@law
def fixed_amount(claim: Claim, year: Year, plan: Plan) -> int:
    """The fixed amount 生育定额 of this bill, fen; check-ups get what the pregnancy has left."""
    maternity = plan.maternity
    if claim.kind == PRENATAL:
        return max(maternity.prenatal - year.prenatal_paid, 0)
    if claim.kind == DELIVERY or claim.kind == CAESAREAN:
        amount = maternity.natural if claim.kind == DELIVERY else maternity.caesarean
        if amount == 0:
            return 0
        return amount + maternity.each_further_baby * max(claim.babies - 1, 0)
    return maternity.miscarriage_early if claim.kind == MISCARRIAGE_EARLY else maternity.miscarriage_late


@law
def maternity(claim: Claim, year: Year, plan: Plan) -> Basic:
    """The fund's payment for a maternity bill 生育医疗费."""
    amount = fixed_amount(claim, year, plan)
    limit = claim.within if plan.readings.maternity_in_scope_only == 1 else claim.total - claim.third_party
    return Basic(0, 0, 0, amount, limit, 0, 0, min(amount, limit), 0, 0)


@law
def allowance(monthly_average: int, days: int, rounding: int) -> int:
    """The maternity allowance 生育津贴: the employer's monthly average of the year before / 30 * days, rounded once (example E14).

    monthly_average in fen, days of leave >= 0; returns fen.
    """
    return quotient(monthly_average * days, 30, rounding)
