"""Haemodialysis 血液透析: an agreed price per session inside the package; the hospital bears what it charges above, the patient little."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import UNBOUNDED, WHOLE
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.settle.basic import Basic
from openyibao.kernel.settle.pool import room_left
from openyibao.kernel.year import Year


@law
def package_price(claim: Claim, plan: Plan) -> int:
    """What the sessions of the bill cost at the agreed price, never more than was charged, fen."""
    return min(claim.total, plan.dialysis.session_price * claim.sessions)


@law
def dialysis(claim: Claim, year: Year, plan: Plan) -> Basic:
    """The fund's payment for in-package sessions 透析包: the agreed price less what the patient pays a session, under the basic cap."""
    price = package_price(claim, plan)
    owed = price - min(plan.dialysis.patient_pays * claim.sessions, price)
    room = room_left(year, plan) if plan.pool.severe_uses_cap == 1 else UNBOUNDED
    paid = min(owed, room)
    return Basic(0, 0, 0, room, price, WHOLE, WHOLE, paid, owed - paid, 0)


@law
def borne_by_hospital(claim: Claim, plan: Plan) -> int:
    """The charge above the package 医院负担 hosp_part_amt, fen."""
    return claim.total - package_price(claim, plan)


@law
def sessions_before(claim: Claim, year: Year) -> int:
    """Sessions already settled in the bill's month."""
    return year.dialysis_sessions if year.dialysis_month == claim.day // 100 else 0


@law
def excess_sessions(claim: Claim, year: Year, plan: Plan) -> int:
    """Sessions beyond the month's number 超次: paid, and flagged for the audit."""
    before = sessions_before(claim, year)
    return max(before + claim.sessions - max(plan.dialysis.month_sessions, before), 0)
