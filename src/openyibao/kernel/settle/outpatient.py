"""Ordinary outpatient pooling 普通门诊统筹 and the two-disease drugs 两病用药.

Yearly deductibles are joint over levels: a visit owes its level's deductible less what the year has paid already (examples E05, E10);
a per-visit deductible owes itself each time (E06).
"""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import DIABETES, HYPERTENSION, RETIRED, UNBOUNDED
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.rounding import factored, share
from openyibao.kernel.settle.basic import Basic
from openyibao.kernel.settle.offsite import Reduction
from openyibao.kernel.settle.pool import adjusted, room_left
from openyibao.kernel.year import Year


@law
def listed_level(level: int, plan: Plan) -> int:
    """The level whose ratio applies: its own, or under `unlisted_level_lower` the next lower listed one; -1 = none."""
    outpatient = plan.outpatient
    while level >= 0 and outpatient.listed[level] == 0:
        if plan.readings.unlisted_level_lower == 0:
            return -1
        level -= 1
    return level


@law
def room_of_outpatient(claim: Claim, year: Year, plan: Plan, cap: int, used: int) -> int:
    """What a yearly outpatient cap still allows, and the basic cap too under `cap_counts_all_outpatient`."""
    if plan.epidemic.present == 1 and plan.epidemic.no_caps == 1 and claim.epidemic == 1:
        return UNBOUNDED
    left = max(cap - used, 0)
    if plan.readings.cap_counts_all_outpatient == 1:
        return min(left, room_left(year, plan))
    return left


@law
def deductible_due(claim: Claim, level: int, year: Year, plan: Plan) -> int:
    """What this visit owes of the outpatient deductible 应付门诊起付线."""
    outpatient = plan.outpatient
    if claim.epidemic == 1 and plan.epidemic.no_deductible == 1:
        return 0
    standard = outpatient.deductible_retired[level] if claim.status == RETIRED else outpatient.deductible_active[level]
    if outpatient.per_visit == 1:
        return standard
    left_of_year = max(outpatient.deductible_year_max - year.outpatient_deductible, 0)
    return min(max(standard - year.outpatient_deductible, 0), left_of_year)


@law
def ordinary(claim: Claim, eligible: int, year: Year, plan: Plan, cut: Reduction) -> Basic:
    """The pool's payment for an ordinary outpatient visit 普通门诊. A level the city does not list is paid nothing and owes nothing."""
    outpatient = plan.outpatient
    retired = claim.status == RETIRED
    room = room_of_outpatient(claim, year, plan, outpatient.cap_retired if retired else outpatient.cap_active, year.outpatient_paid)
    level = listed_level(claim.level, plan)
    if level < 0:
        return Basic(0, 0, 0, room, 0, 0, cut.factor, 0, 0, 0)
    standard = deductible_due(claim, level, year, plan)
    borne = min(eligible, standard)
    base = eligible - borne
    emergency = plan.epidemic.present == 1 and claim.epidemic == 1
    ratio = adjusted(
        outpatient.ratio_retired[level] if retired else outpatient.ratio_active[level],
        -cut.points,
        plan.epidemic.ratio if emergency else 0,
    )
    paid = min(factored(share(base, ratio, plan.rounding), cut.factor, plan.rounding), room)
    return Basic(0, standard, borne, room, base, ratio, cut.factor, paid, 0, 0)


@law
def two_disease_room(claim: Claim, year: Year, plan: Plan) -> int:
    """What the two-disease cap still allows: the disease's own, or the joint one of a person with both (`two_disease_sublimits`)."""
    two = plan.two_disease
    hypertension = claim.two_disease == HYPERTENSION
    own_cap = two.cap_hypertension if hypertension else two.cap_diabetes
    own_used = year.hypertension_paid if hypertension else year.diabetes_paid
    if claim.two_registered != HYPERTENSION + DIABETES:
        return max(own_cap - own_used, 0)
    joint = max(two.cap_both - year.two_disease_paid, 0)
    if plan.readings.two_disease_sublimits == 1:
        return min(joint, max(own_cap - own_used, 0))
    return joint


@law
def two_diseases(claim: Claim, eligible: int, year: Year, plan: Plan, cut: Reduction) -> Basic:
    """The pool's payment for hypertension or diabetes drugs 两病: no deductible, a ratio, a small yearly cap."""
    room = two_disease_room(claim, year, plan)
    if plan.readings.cap_counts_all_outpatient == 1:
        room = min(room, room_left(year, plan))
    ratio = adjusted(plan.two_disease.ratio, -cut.points, 0)
    paid = min(factored(share(eligible, ratio, plan.rounding), cut.factor, plan.rounding), room)
    return Basic(0, 0, 0, room, eligible, ratio, cut.factor, paid, 0, 0)
