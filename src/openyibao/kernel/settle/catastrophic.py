"""Resident catastrophic insurance 城乡居民大病保险: the difference of a cumulative function of the year's burden.

Because a bill is paid f(after) - f(before), the year's total does not depend on how care was split (example E16). Bands count from the
person's own deductible or from zero (`band_basis`); tilted categories have a lower deductible, more points and no cap.
"""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import BANDS_ABOVE_DEDUCTIBLE, WHOLE
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.rounding import share
from openyibao.kernel.settle.pool import adjusted, band_high
from openyibao.kernel.year import Year


@law
def own_deductible(claim: Claim, plan: Plan) -> int:
    """The person's own catastrophic deductible 大病起付线, lowered for tilted categories."""
    if plan.catastrophic.tilted[claim.aid] == 1:
        return share(plan.catastrophic.deductible, plan.catastrophic.tilt_factor, plan.rounding)
    return plan.catastrophic.deductible


@law
def band_bounds(band: int, deductible: int, plan: Plan) -> tuple[int, int]:
    """Lower and upper bound of a band on the cumulated burden itself, fen."""
    part = plan.catastrophic
    low, high = part.band_low[band], band_high(part.band_low, part.bands, band)
    if part.band_basis == BANDS_ABOVE_DEDUCTIBLE:
        shift = part.deductible if plan.readings.tilt_keeps_band_bounds == 1 else deductible
        low, high = low + shift, high + shift
    if band == 0:
        low = deductible
    return max(low, deductible), high


@law
def cumulative(burden: int, claim: Claim, plan: Plan) -> int:
    """f(B): what catastrophic insurance owes on a cumulated burden, each band rounded, before the cap."""
    deductible = own_deductible(claim, plan)
    if burden <= deductible:
        return 0
    part, paid = plan.catastrophic, 0
    add = part.tilt_add if part.tilted[claim.aid] == 1 else 0
    for band in range(part.bands):
        low, high = band_bounds(band, deductible, plan)
        paid += share(max(min(burden, high) - low, 0), adjusted(part.ratio[band], add, 0), plan.rounding)
    return paid


@law
def catastrophic(burden: int, claim: Claim, year: Year, plan: Plan, factor: int) -> int:
    """What catastrophic insurance pays for this bill's burden (hifmi_pay), fen.

    burden  in-scope amount left by the pool: deductible, co-payment, over-cap; first self-pay and class C are not in it
    factor  off-site factor under `offsite_all_layers`, else WHOLE
    """
    part = plan.catastrophic
    if part.present == 0 or burden == 0 or year.burden + burden <= own_deductible(claim, plan):
        return 0
    owed = cumulative(year.burden + burden, claim, plan) - cumulative(year.burden, claim, plan)
    if factor != WHOLE:
        owed = share(max(owed, 0), factor, plan.rounding)
    if part.tilted[claim.aid] == 1 and part.tilt_removes_cap == 1:
        return max(owed, 0)
    return min(max(owed, 0), max(part.cap - year.catastrophic_paid, 0))
