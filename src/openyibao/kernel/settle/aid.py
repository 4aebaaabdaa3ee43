"""Medical aid 医疗救助, tilted aid 倾斜救助 and topping-up to a promised ratio 补齐: the last public layer.

Aid takes what basic, layer 2 and the civil supplement left of the in-scope amount, above the category's yearly deductible (E04).
"""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import DIALYSIS, NO_AID, SELF_REFERRED
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.rounding import share
from openyibao.kernel.settle.above import above_yearly
from openyibao.kernel.settle.added import is_inpatient_type
from openyibao.kernel.settle.basic import InScope
from openyibao.kernel.settle.kinds import is_chronic
from openyibao.kernel.year import Year


@law
def aid_cap(category: int, plan: Plan) -> int:
    """The yearly cap 年度救助限额 of a category: its own, and the general one too under `aid_overall_cap`."""
    cap = plan.aid.cap[category]
    if plan.readings.aid_overall_cap == 1:
        return min(cap, plan.aid.overall_cap)
    return cap


@law
def aid(base: int, claim: Claim, year: Year, plan: Plan) -> int:
    """What medical aid pays 医疗救助支出, fen. `base` is the in-scope amount the earlier layers left."""
    if claim.aid == NO_AID or plan.aid.present == 0:
        return 0
    category = claim.aid
    owed = above_yearly(
        year.aid_base,
        base,
        plan.aid.deductible[category],
        plan.aid.ratio[category],
        plan.readings.cumulative_rounding,
        plan.rounding,
    )
    return min(owed, max(aid_cap(category, plan) - year.aid_paid, 0))


@law
def tilt_applies(claim: Claim, where: int, plan: Plan) -> bool:
    """Whether tilted aid looks at this bill: aid categories only, and not for self-referral unless `tilt_any_referral`."""
    if claim.aid == NO_AID or plan.aid.present == 0 or plan.aid.tilt_ratio == 0:
        return False
    return where != SELF_REFERRED or plan.readings.tilt_any_referral == 1


@law
def tilted_aid(left: int, year: Year, plan: Plan) -> int:
    """What tilted aid pays 倾斜救助: its share of the yearly burden left after aid above the trigger, fen.

    left  this bill's in-scope burden after aid. Readings: `tilt_per_claim` looks at the bill alone, `tilt_whole_burden` takes the
          share of the whole burden once the trigger is passed. Never more than this bill's own burden.
    """
    before = 0 if plan.readings.tilt_per_claim == 1 else year.tilt_base
    trigger = plan.aid.tilt_trigger
    if plan.readings.tilt_whole_burden == 1:
        owed = 0
        if before + left > trigger:
            already = before if before > trigger else 0
            owed = share(before + left - already, plan.aid.tilt_ratio, plan.rounding)
    else:
        owed = above_yearly(before, left, trigger, plan.aid.tilt_ratio, 0, plan.rounding)
    return min(owed, left, max(plan.aid.tilt_cap - year.tilt_paid, 0))


@law
def promised(claim: Claim, kind: int, plan: Plan) -> int:
    """The ratio that a registered poor person is promised for a kind of bill 承诺比例, parts per 10,000; 0 = none."""
    if claim.registered_poor == 0:
        return 0
    if is_inpatient_type(kind):
        return plan.poverty.promised_ratio
    return plan.poverty.promised_chronic if is_chronic(kind) else 0


@law
def promised_on(claim: Claim, kind: int, scope: InScope, plan: Plan) -> int:
    """What the promise is counted on 补齐口径, fen: the in-scope amount, or the whole fee less a third party's share.

    A dialysis package is counted at its price: what was charged above it is the hospital's.
    """
    if plan.poverty.whole_fee == 0:
        return scope.eligible
    return scope.eligible + scope.offsite_first if kind == DIALYSIS else claim.total - scope.third_party


@law
def top_up(measured: int, ratio: int, paid: int, left: int, plan: Plan) -> int:
    """What aid adds so that the three layers reach the promised ratio 补齐到承诺比例, solved backwards from it, fen.

    measured  what the promise is counted on
    paid      by pool, layer 2 and aid together
    left      the in-scope amount still with the person: all that can be topped up, unless the whole fee is counted
    """
    owed = max(share(measured, ratio, plan.rounding) - paid, 0)
    return owed if plan.poverty.whole_fee == 1 else min(owed, left)
