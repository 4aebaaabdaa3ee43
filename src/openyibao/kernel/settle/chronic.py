"""Chronic and special outpatient 门诊慢特病: quota diseases 定额病种, severe ones 重症 under the basic cap, and dual-channel drugs 双通道.

Quotas limit the in-scope amount (example E13) unless `quota_on_payment`; two diseases share one joint quota, the higher plus a part
of the second, unless `two_quota_separate`.
"""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import UNBOUNDED, WHOLE
from openyibao.kernel.dates import day_number, month_of, period_start, year_of
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.rounding import amount_for, factored, quotient, share
from openyibao.kernel.settle.basic import Basic
from openyibao.kernel.settle.offsite import Reduction
from openyibao.kernel.settle.pool import adjusted, flat_capped, room_left
from openyibao.kernel.year import Year


@law
def first_day(month: int) -> int:
    """First day (yyyymmdd) of a month number that may run past December: `yyyy * 12 + m - 1`."""
    return month // 12 * 10_000 + (month % 12 + 1) * 100 + 1


@law
def days_left_and_whole(granted: int, months: int) -> tuple[int, int]:
    """Days left of the grant's period of `months`, the grant's day included, and the days of the whole period."""
    start = period_start(granted, months)
    first = start // 100 * 12 + start % 100 - 1
    end = day_number(first_day(first + months))
    return end - day_number(granted), end - day_number(first_day(first))


@law
def prorated(quota: int, months: int, granted: int, day: int, by_days: int, rounding: int) -> int:
    """The quota of the period of the grant 资格首期定额: by whole months left, the grant month included, or by days left.

    quota    of a whole period of `months` (1, 3, 12), fen
    granted  day of the grant, 0 = long ago
    Returns fen; the whole quota when the grant lies in an earlier period.
    """
    start = period_start(day, months)
    if granted == 0 or period_start(granted, months) != start:
        return quota
    if by_days == 1:
        days, of_days = days_left_and_whole(granted, months)
        return quotient(quota * days, of_days, rounding)
    left = start // 100 * 12 + start % 100 + months - (year_of(granted) * 12 + month_of(granted))
    return quotient(quota * left, months, rounding)


@law
def quota_of(disease: int, granted: int, claim: Claim, plan: Plan) -> int:
    """One disease's quota 单病种定额 for the period that holds the bill's day, fen."""
    chronic = plan.chronic
    quota = chronic.quota[disease]
    if claim.registered_poor == 1 and plan.poverty.quota_factor != WHOLE:
        quota = share(quota, plan.poverty.quota_factor, plan.rounding)
    if chronic.prorate == 0 or plan.readings.prorate_none == 1:
        return quota
    return prorated(quota, chronic.period[disease], granted, claim.day, plan.readings.prorate_days, plan.rounding)


@law
def has_second(claim: Claim, plan: Plan) -> bool:
    """Whether the person holds a second quota disease 第二病种 on the bill's day."""
    if claim.other_disease < 0 or claim.other_disease == claim.disease or claim.other_grant > claim.day:
        return False
    return plan.chronic.severe[claim.other_disease] == 0


@law
def uses_second_quota(claim: Claim, plan: Plan) -> bool:
    """Under `two_quota_separate`, whether this bill's disease is the one whose quota is reduced (the lower of the two)."""
    if plan.readings.two_quota_separate == 0 or not has_second(claim, plan):
        return False
    own, other = plan.chronic.quota[claim.disease], plan.chronic.quota[claim.other_disease]
    return own < other or (own == other and claim.disease > claim.other_disease)


@law
def quota_for(claim: Claim, plan: Plan) -> int:
    """The quota this bill draws on 适用定额: its disease's, or the joint quota of two diseases, fen per period."""
    own = quota_of(claim.disease, claim.grant, claim, plan)
    if not has_second(claim, plan):
        return own
    if plan.readings.two_quota_separate == 1:
        return share(own, plan.chronic.second_share, plan.rounding) if uses_second_quota(claim, plan) else own
    other = quota_of(claim.other_disease, claim.other_grant, claim, plan)
    return max(own, other) + share(min(own, other), plan.chronic.second_share, plan.rounding)


@law
def quota_used(claim: Claim, year: Year, plan: Plan) -> int:
    """What the period's quota has been used by earlier bills, fen."""
    if year.quota_period != period_start(claim.day, plan.chronic.period[claim.disease]):
        return 0
    return year.quota_used_second if uses_second_quota(claim, plan) else year.quota_used


@law
def chronic_deductible(claim: Claim, year: Year, plan: Plan) -> int:
    """What is due of the yearly chronic deductible 慢特病起付线."""
    if claim.epidemic == 1 and plan.epidemic.no_deductible == 1:
        return 0
    return max(plan.chronic.deductible - year.chronic_deductible, 0)


@law
def quota_chronic(claim: Claim, eligible: int, year: Year, plan: Plan, cut: Reduction) -> Basic:
    """The pool's payment for a quota disease 定额慢性病."""
    standard = chronic_deductible(claim, year, plan)
    borne = min(eligible, standard)
    base = eligible - borne
    ratio = adjusted(plan.chronic.ratio[claim.disease], -cut.points, 0)
    left = max(quota_for(claim, plan) - quota_used(claim, year, plan), 0)
    room = room_left(year, plan) if plan.readings.cap_counts_all_outpatient == 1 else UNBOUNDED
    if plan.readings.quota_on_payment == 1:
        full = factored(share(base, ratio, plan.rounding), cut.factor, plan.rounding)
        paid = min(full, left)
        over = base - amount_for(paid, ratio * cut.factor, plan.rounding) if paid < full else 0
        return Basic(0, standard, borne, left, base, ratio, cut.factor, min(paid, room), 0, max(over, 0))
    admitted = min(base, left)
    paid = min(factored(share(admitted, ratio, plan.rounding), cut.factor, plan.rounding), room)
    return Basic(0, standard, borne, left, base, ratio, cut.factor, paid, 0, base - admitted)


@law
def under_basic_cap(base: int, ratio: int, factor: int, counted: int, year: Year, plan: Plan) -> tuple[int, int, int]:
    """A flat ratio under the basic cap, for severe outpatient, dual-channel and dialysis bills: (paid, over_cap, room before)."""
    room = room_left(year, plan) if counted == 1 else UNBOUNDED
    paid, over_cap = flat_capped(base, ratio, factor, room, plan)
    return paid, over_cap, room


@law
def severe(claim: Claim, eligible: int, year: Year, plan: Plan, cut: Reduction) -> Basic:
    """The pool's payment for a severe outpatient disease 门诊重症: no own quota, the basic cap."""
    standard = chronic_deductible(claim, year, plan)
    borne = min(eligible, standard)
    base = eligible - borne
    emergency = plan.epidemic.present == 1 and claim.epidemic == 1
    ratio = adjusted(plan.chronic.ratio[claim.disease], -cut.points, plan.epidemic.ratio if emergency else 0)
    paid, over_cap, room = under_basic_cap(base, ratio, cut.factor, plan.pool.severe_uses_cap, year, plan)
    return Basic(0, standard, borne, room, base, ratio, cut.factor, paid, over_cap, 0)


@law
def dual_channel(claim: Claim, eligible: int, year: Year, plan: Plan, cut: Reduction) -> Basic:
    """The pool's payment for a dual-channel drug 双通道药品: own ratio, hospital and pharmacy alike."""
    standard = plan.dual_channel.deductible
    borne = min(eligible, standard)
    base = eligible - borne
    ratio = adjusted(plan.dual_channel.ratio, -cut.points, 0)
    paid, over_cap, room = under_basic_cap(base, ratio, cut.factor, plan.pool.dual_uses_cap, year, plan)
    return Basic(0, standard, borne, room, base, ratio, cut.factor, paid, over_cap, 0)
