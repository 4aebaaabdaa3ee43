"""May any fund pay this bill 待遇资格: cover on the day, waiting, arrears, the institution's agreement, the benefit, the entitlement.

A refusal is an answer with a stable code (kernel/refusals.py), not an error: the bill is recorded and the person pays it.
A stay is judged on its admission day 入院日, any other bill on its service day.
"""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import (
    CHRONIC,
    DECEASED,
    DIALYSIS,
    DUAL_CHANNEL,
    LAPSED,
    NO_BENEFIT,
    NO_POLICY,
    NO_PROVIDER,
    NOT_COVERED,
    NOT_GRANTED,
    OUTPATIENT,
    OUTSIDE_FUND,
    PHARMACY,
    SETTLED,
    SUSPENDED,
    TWO_DISEASE,
    WAITING,
)
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.settle.added import is_inpatient_type
from openyibao.kernel.settle.stay import admitted_on


@law
def covered(claim: Claim) -> int:
    """SETTLED when the person is covered on the deciding day, else the reason why not."""
    day = admitted_on(claim)
    if claim.died > 0 and day > claim.died:
        return DECEASED
    if claim.cover_from == 0 or day < claim.cover_from:
        return NOT_COVERED
    if day > claim.cover_to:
        return LAPSED
    if day < claim.wait_until:
        return WAITING
    if claim.suspended == 1:
        return SUSPENDED
    return SETTLED


@law
def has_benefit(claim: Claim, kind: int, plan: Plan) -> int:
    """SETTLED when the scheme has the benefit and the person the entitlement, else NO_POLICY, NO_BENEFIT or NOT_GRANTED."""
    if is_inpatient_type(kind):
        return SETTLED if plan.pool.present == 1 else NO_POLICY
    if kind == PHARMACY:
        return SETTLED
    if kind == OUTPATIENT:
        return SETTLED if plan.outpatient.present == 1 else NO_BENEFIT
    if kind == CHRONIC:
        if plan.chronic.present == 0 or claim.disease < 0 or claim.disease >= plan.chronic.diseases:
            return NO_BENEFIT
        return SETTLED if claim.granted == 1 and claim.grant <= claim.day else NOT_GRANTED
    if kind == TWO_DISEASE:
        if plan.two_disease.present == 0:
            return NO_BENEFIT
        return SETTLED if claim.granted == 1 and claim.two_registered & claim.two_disease > 0 else NOT_GRANTED
    if kind == DUAL_CHANNEL:
        if plan.dual_channel.present == 0:
            return NO_BENEFIT
        return SETTLED if claim.granted == 1 else NOT_GRANTED
    if kind == DIALYSIS:
        if plan.dialysis.present == 0:
            return NO_BENEFIT
        return SETTLED if claim.granted == 1 else NOT_GRANTED
    return SETTLED if plan.maternity.present == 1 else NO_BENEFIT


@law
def eligibility(claim: Claim, kind: int, plan: Plan) -> int:
    """The outcome 结算结果 before any arithmetic: codes.SETTLED or the reason of refusal."""
    if claim.outside_fund == 1:
        return OUTSIDE_FUND
    reason = covered(claim)
    if reason != SETTLED:
        return reason
    if claim.agreement == 0:
        return NO_PROVIDER
    if plan.scheme != claim.scheme:
        return NO_POLICY
    return has_benefit(claim, kind, plan)
