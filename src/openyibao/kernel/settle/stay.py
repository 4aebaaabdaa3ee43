"""Stays 住院: the admission's number, the deductible it asks, and the pool's share; day surgery and emergency rescue with them.

benefits: edge-case table (transfer, day surgery, rescue, long stays, stays over New Year).
"""

from typing import NamedTuple

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import DAY_SURGERY, REPEAT_FACTOR, REPEAT_SUBTRACT, REPEAT_TABLE, RESCUE, RETIRED, UNBOUNDED
from openyibao.kernel.dates import days_between
from openyibao.kernel.law import law
from openyibao.kernel.plan import BANDS, Plan
from openyibao.kernel.rounding import share
from openyibao.kernel.settle.basic import Basic
from openyibao.kernel.settle.offsite import Reduction
from openyibao.kernel.settle.pool import adjusted, pooled, room_left
from openyibao.kernel.year import Year, admissions_at


class Due(NamedTuple):
    """What a stay owes of the deductible: its number, whether it continues an earlier stay, and the amount."""

    admission: int
    transfer: int  # 1 = second leg of a transfer that keeps the first leg's number
    standard: int


@law
def is_transfer(claim: Claim, year: Year, plan: Plan) -> bool:
    """Whether this stay is the next leg of the last one 转院: declared so, and admitted within the window after its discharge."""
    if claim.transferred == 0 or year.stay_left == 0:
        return False
    if plan.readings.transfer_same_level_new == 1 and claim.level == year.stay_level:
        return False
    gap = days_between(year.stay_left, admitted_on(claim))
    return 0 <= gap <= plan.pool.transfer_window


@law
def admitted_on(claim: Claim) -> int:
    """Admission day 入院日 of a stay; the service day where none is given."""
    return claim.admitted if claim.admitted > 0 else claim.day


@law
def admission_number(claim: Claim, year: Year, plan: Plan, transfer: bool) -> int:
    """Which admission of the year this is 第几次住院, over all levels or per level; a transfer keeps its first leg's number."""
    if transfer:
        return max(year.stay_admission, 1)
    if plan.readings.repeat_per_level == 1:
        return admissions_at(year.admissions_by_level, claim.level) + 1
    return year.admissions + 1


@law
def repeated(claim: Claim, plan: Plan, admission: int) -> int:
    """The level's deductible for the n-th admission 多次住院递减, before anything for retirees."""
    pool, level = plan.pool, claim.level
    standard = pool.deductible[level]
    if admission <= 1 or pool.repeat_levels[level] == 0:
        return standard
    if pool.repeat_kind == REPEAT_FACTOR:
        return share(standard, pool.repeat_factor, plan.rounding)
    if pool.repeat_kind == REPEAT_SUBTRACT:
        return min(standard, max(standard - pool.repeat_subtract * (admission - 1), pool.repeat_minimum))
    if pool.repeat_kind == REPEAT_TABLE:
        return pool.repeat_second[level] if admission == 2 else pool.repeat_third[level]
    return standard


@law
def standard_of(claim: Claim, plan: Plan, admission: int) -> int:
    """The deductible the policy asks of the n-th admission at this level and status, fen >= 0."""
    standard = repeated(claim, plan, admission)
    if claim.status == RETIRED:
        standard = max(share(standard, plan.pool.retired_factor, plan.rounding) + plan.pool.retired_delta, 0)
    return standard


@law
def deductibles_asked(claim: Claim, plan: Plan) -> int:
    """How many deductibles a stay asks: one, and in psychiatric or rehabilitation beds one more for each further full period."""
    period = plan.pool.long_bed_period
    if claim.long_bed == 0 or period == 0:
        return 1
    return 1 + max(days_between(admitted_on(claim), claim.day), 0) // period


@law
def due(claim: Claim, year: Year, plan: Plan) -> Due:
    """The deductible due 应付起付线 of a stay, day surgery or rescue."""
    reading = plan.readings
    transfer = is_transfer(claim, year, plan)
    admission = admission_number(claim, year, plan, transfer)
    if claim.kind == DAY_SURGERY and plan.pool.day_surgery_no_deductible == 1:
        return Due(admission, 1 if transfer else 0, 0)
    if claim.continued == 1 or (claim.epidemic == 1 and plan.epidemic.no_deductible == 1):
        return Due(admission, 1 if transfer else 0, 0)
    standard = standard_of(claim, plan, 1 if transfer and reading.transfer_unreduced == 1 else admission)
    if transfer:
        earlier = year.stay_due if reading.transfer_nominal_paid == 1 else year.stay_borne
        higher = claim.level > year.stay_level
        standard = max(standard - earlier, 0) if higher else 0
    else:
        standard = standard * deductibles_asked(claim, plan)
    standard = min(standard, max(plan.pool.deductible_year_max - year.inpatient_deductible, 0))
    return Due(admission, 1 if transfer else 0, standard)


@law
def stay(claim: Claim, eligible: int, year: Year, plan: Plan, cut: Reduction) -> Basic:
    """The pool's payment for a stay, day surgery or rescue 住院统筹支付. `eligible` is what is in scope after off-site first self-pay."""
    owed = due(claim, year, plan)
    borne = min(eligible, owed.standard)
    base = eligible - borne
    ratios = plan.pool.ratio_retired if claim.status == RETIRED else plan.pool.ratio_active
    points = -cut.points + (plan.poverty.inpatient_add if claim.registered_poor == 1 else 0)
    emergency = plan.epidemic.present == 1 and claim.epidemic == 1
    floor = plan.epidemic.ratio if emergency else 0
    room = UNBOUNDED if emergency and plan.epidemic.no_caps == 1 else room_left(year, plan)
    paid, over_cap = pooled(base, year, plan, ratios, claim.level, points, floor, cut.factor, room)
    ratio = adjusted(ratios[claim.level * BANDS], points, floor)
    return Basic(owed.admission, owed.standard, borne, room, base, ratio, cut.factor, paid, over_cap, 0)


@law
def counts_admission(claim: Claim, year: Year, plan: Plan) -> bool:
    """Whether the bill counts as an admission 计住院次数, in scope given: not a transfer, not day surgery (by default)."""
    if claim.continued == 1:
        return False
    if claim.kind == DAY_SURGERY or is_transfer(claim, year, plan):
        return plan.readings.transfer_daysurgery_count == 1
    if claim.kind == RESCUE:
        return plan.readings.rescue_not_admission == 0
    return True
