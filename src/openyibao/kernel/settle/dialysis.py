"""Haemodialysis 血液透析: an agreed price per session inside the package; the hospital bears what it charges above, the patient little."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import WHOLE
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.settle.basic import Basic
from openyibao.kernel.settle.chronic import under_basic_cap
from openyibao.kernel.settle.offsite import Reduction
from openyibao.kernel.settle.pool import adjusted
from openyibao.kernel.year import Year


@law
def package_price(claim: Claim, plan: Plan) -> int:
    """What the sessions of the bill cost at the agreed price, never more than was charged for them, fen; class C is outside the package."""
    return min(claim.total - claim.full, plan.dialysis.session_price * claim.sessions)


@law
def dialysis(claim: Claim, eligible: int, year: Year, plan: Plan, cut: Reduction) -> Basic:
    """The fund's payment for in-package sessions 透析包: all of it but what the patient pays a session, under the basic cap."""
    base = eligible - min(plan.dialysis.patient_pays * claim.sessions, eligible)
    ratio = adjusted(WHOLE, -cut.points, 0)
    paid, over_cap, room = under_basic_cap(base, ratio, cut.factor, plan.pool.severe_uses_cap, year, plan)
    return Basic(0, 0, 0, room, base, ratio, cut.factor, paid, over_cap, 0)


@law
def borne_by_hospital(claim: Claim, plan: Plan) -> int:
    """The charge for the package's items above its price 医院负担 hosp_part_amt, fen; class C stays with the patient."""
    return claim.total - claim.full - package_price(claim, plan)


@law
def sessions_before(claim: Claim, year: Year) -> int:
    """Sessions already settled in the bill's month."""
    return year.dialysis_sessions if year.dialysis_month == claim.day // 100 else 0


@law
def excess_sessions(claim: Claim, year: Year, plan: Plan) -> int:
    """Sessions beyond the month's number 超次: paid, and flagged for the audit."""
    before = sessions_before(claim, year)
    return max(before + claim.sessions - max(plan.dialysis.month_sessions, before), 0)
