"""The cascade 梯次减负: a bill passes layer after layer, each sees only what the one before left (benefits, section 5).

`settle` is the one door to the law: the window, the explanation, the whole city's year and the simulator all call this function.
"""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import (
    CAESAREAN,
    CHRONIC,
    DELIVERY,
    DIALYSIS,
    DUAL_CHANNEL,
    INPATIENT,
    OUTPATIENT,
    PHARMACY,
    SETTLED,
    TWO_DISEASE,
)
from openyibao.kernel.dates import year_of
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.rounding import share
from openyibao.kernel.settle.added import is_inpatient_type
from openyibao.kernel.settle.basic import Basic, InScope, nothing
from openyibao.kernel.settle.carry import carried
from openyibao.kernel.settle.chronic import dual_channel, quota_chronic, severe
from openyibao.kernel.settle.closing import Ending, closed
from openyibao.kernel.settle.dialysis import borne_by_hospital, dialysis, excess_sessions, package_price
from openyibao.kernel.settle.eligibility import eligibility
from openyibao.kernel.settle.further import further, looks_further, no_further
from openyibao.kernel.settle.kinds import has_later_layers, offsite_touches
from openyibao.kernel.settle.maternity import maternity
from openyibao.kernel.settle.offsite import Reduction, reduction
from openyibao.kernel.settle.outpatient import listed_level, ordinary, two_diseases
from openyibao.kernel.settle.stay import stay
from openyibao.kernel.year import Year, opened


@law
def routed(claim: Claim, plan: Plan) -> int:
    """The kind a bill settles as 实际结算类别: who is on the chronic list uses that list; a complicated delivery is a stay."""
    if claim.kind == TWO_DISEASE and claim.disease >= 0:
        return CHRONIC
    if (claim.kind == DELIVERY or claim.kind == CAESAREAN) and claim.complication == 1:
        return INPATIENT if plan.pool.delivery_complication_inpatient == 1 else claim.kind
    return claim.kind


@law
def basic_benefit(claim: Claim, kind: int, eligible: int, year: Year, plan: Plan, cut: Reduction) -> Basic:
    """The basic layer's decision for the kind of bill 基本医保支付."""
    if kind == OUTPATIENT:
        return ordinary(claim, eligible, year, plan, cut)
    if is_inpatient_type(kind):
        return stay(claim, eligible, year, plan, cut)
    if kind == CHRONIC:
        if plan.chronic.severe[claim.disease] == 1:
            return severe(claim, eligible, year, plan, cut)
        return quota_chronic(claim, eligible, year, plan, cut)
    if kind == TWO_DISEASE:
        return two_diseases(claim, eligible, year, plan, cut)
    if kind == DUAL_CHANNEL:
        return dual_channel(claim, eligible, year, plan, cut)
    if kind == DIALYSIS:
        return dialysis(claim, eligible, year, plan, cut)
    return maternity(claim, year, plan)


@law
def in_scope(claim: Claim, kind: int, payable: bool, cut: Reduction, plan: Plan) -> InScope:
    """What the funds may look at 可报金额, and what is taken out of the in-scope amount before any layer."""
    whole = payable and claim.epidemic == 1 and plan.epidemic.present == 1 and plan.epidemic.whole_fee == 1
    within = claim.total if whole else claim.within
    looked_at = package_price(claim, plan) if payable and kind == DIALYSIS else within
    third_party = min(claim.third_party, looked_at)
    offsite_first = share(looked_at - third_party, cut.first, plan.rounding)
    eligible = looked_at - third_party - offsite_first
    consultation = 0
    if payable and kind == OUTPATIENT and claim.registered_poor == 1 and plan.poverty.consultation_free == 1:
        consultation = min(claim.consultation, eligible) if listed_level(claim.level, plan) >= 0 else 0
    if whole:
        return InScope(0, 0, 0, within, third_party, offsite_first, eligible, consultation)
    return InScope(claim.full, claim.over, claim.pre, within, third_party, offsite_first, eligible, consultation)


@law
def settle(claim: Claim, year: Year, plan: Plan) -> tuple[Receipt, Year]:
    """Settle one bill 结算: the receipt and the person's year after it. Pure; the same for the same arguments, for ever.

    claim  the bill and the person's standing on its day
    year   the person's year so far; a claim of another calendar year opens that year
    plan   the plan of the claim's scheme on its deciding day
    Returns (receipt, year after). total == fund + hospital + person, person == account + family + cash, every amount >= 0.
    """
    return settle_opened(claim, opened(year, year_of(claim.day)), plan)


@law
def settle_opened(claim: Claim, year: Year, plan: Plan) -> tuple[Receipt, Year]:
    """`settle` for a year that is open for the claim's calendar year already."""
    receipt = decided(claim, year, plan)
    return receipt, carried(claim, year, receipt, plan)


@law
def decided(claim: Claim, year: Year, plan: Plan) -> Receipt:
    """What every layer decides about one bill, in an open year."""
    kind = routed(claim, plan)
    outcome = eligibility(claim, kind, plan)
    payable = outcome == SETTLED and kind != PHARMACY
    cut = reduction(claim, plan, payable and offsite_touches(kind, plan))
    scope = in_scope(claim, kind, payable, cut, plan)
    basic = nothing()
    left, hospital, beyond, state_pays = scope.eligible, 0, 0, 0
    if payable:
        basic = basic_benefit(claim, kind, scope.eligible - scope.consultation, year, plan, cut)
        left = left_after_basic(kind, scope, basic, plan)
        if kind == DIALYSIS:
            hospital, beyond = borne_by_hospital(claim, plan), excess_sessions(claim, year, plan)
        if plan.epidemic.present == 1 and claim.epidemic == 1:
            state_pays = plan.epidemic.state_pays_rest
    more = no_further(left)
    if payable and looks_further(claim, kind, basic, plan):
        more = further(claim, kind, scope, basic, left, year, plan, cut)
    return closed(claim, scope, basic, more, Ending(outcome, kind, hospital, beyond, state_pays), year, plan)


@law
def left_after_basic(kind: int, scope: InScope, basic: Basic, plan: Plan) -> int:
    """The in-scope amount that basic insurance leaves to the layers after it 基本医保后余额; nothing after fixed maternity amounts."""
    if not has_later_layers(kind):
        return 0
    left = scope.eligible - basic.paid - scope.consultation
    if plan.readings.over_quota_not_burden == 1:
        return max(left - basic.over_quota, 0)
    return left
