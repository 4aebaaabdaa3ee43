"""The cascade 梯次减负: a bill passes layer after layer, each sees only what the one before left (benefits, section 5).

`settle` is the one door to the law: the window, the explanation, the whole city's year and the simulator all call this function.
"""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import (
    BASE_IN_SCOPE_LEFT,
    CAESAREAN,
    CHRONIC,
    DELIVERY,
    DIALYSIS,
    DUAL_CHANNEL,
    EMPLOYEE,
    INPATIENT,
    OUTPATIENT,
    PHARMACY,
    RESIDENT,
    SETTLED,
    TWO_DISEASE,
    WHOLE,
)
from openyibao.kernel.dates import year_of
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.rounding import share
from openyibao.kernel.settle.account import person_pays
from openyibao.kernel.settle.added import added, added_base, is_inpatient_type
from openyibao.kernel.settle.aid import aid, tilt_applies, tilted_aid, top_up
from openyibao.kernel.settle.basic import Basic, nothing
from openyibao.kernel.settle.carry import carried
from openyibao.kernel.settle.catastrophic import catastrophic
from openyibao.kernel.settle.chronic import dual_channel, quota_chronic, severe
from openyibao.kernel.settle.civil import civil, civil_base
from openyibao.kernel.settle.dialysis import borne_by_hospital, dialysis, excess_sessions, package_price
from openyibao.kernel.settle.eligibility import eligibility
from openyibao.kernel.settle.large import LargePay, large_amount
from openyibao.kernel.settle.maternity import maternity
from openyibao.kernel.settle.offsite import Reduction, offsite_class, reduction
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
def offsite_touches(kind: int, plan: Plan) -> bool:
    """Whether off-site methods touch this kind: stays, and other visits under `offsite_outpatient`."""
    return is_inpatient_type(kind) or plan.readings.offsite_outpatient == 1


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
def has_later_layers(kind: int) -> bool:
    """Whether anything follows the basic layer: fixed maternity amounts end with it."""
    return is_inpatient_type(kind) or is_chronic(kind) or kind in (OUTPATIENT, TWO_DISEASE, DUAL_CHANNEL)


@law
def is_chronic(kind: int) -> bool:
    """Chronic and special outpatient, the dialysis package with it 门诊慢特病."""
    return kind in (CHRONIC, DIALYSIS)


@law
def enters_catastrophic(kind: int, plan: Plan) -> bool:
    """Stays, quota chronic and severe outpatient; dual-channel burden under `dual_in_later_layers`."""
    if kind == DUAL_CHANNEL:
        return plan.readings.dual_in_later_layers == 1
    return is_inpatient_type(kind) or is_chronic(kind)


@law
def enters_aid(kind: int, plan: Plan) -> bool:
    """As catastrophic insurance; every visit under `aid_all_visits`."""
    return enters_catastrophic(kind, plan) or (plan.readings.aid_all_visits == 1 and has_later_layers(kind))


@law
def enters_civil(kind: int, plan: Plan) -> bool:
    """Every bill, or stays and chronic bills only under `civil_inpatient_only`."""
    return has_later_layers(kind) and (
        plan.readings.civil_inpatient_only == 0 or is_inpatient_type(kind) or is_chronic(kind)
    )


@law
def uses_basic_cap(claim: Claim, kind: int, plan: Plan) -> bool:
    """Whether the payment uses up the basic yearly cap 计入基本封顶线."""
    if is_inpatient_type(kind):
        return True
    if kind == DUAL_CHANNEL:
        return plan.pool.dual_uses_cap == 1
    if kind == DIALYSIS or (kind == CHRONIC and plan.chronic.severe[claim.disease] == 1):
        return plan.pool.severe_uses_cap == 1
    return plan.readings.cap_counts_all_outpatient == 1 and has_later_layers(kind)


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
    kind = routed(claim, plan)
    outcome = eligibility(claim, kind, plan)
    payable = outcome == SETTLED and kind != PHARMACY
    later = payable and has_later_layers(kind)
    stays, rounding, reading = is_inpatient_type(kind), plan.rounding, plan.readings
    emergency = payable and plan.epidemic.present == 1 and claim.epidemic == 1
    whole = emergency and plan.epidemic.whole_fee == 1
    full, over, pre = (0, 0, 0) if whole else (claim.full, claim.over, claim.pre)
    within = claim.total if whole else claim.within

    # In scope, and what is taken out of it before any layer.
    cut = reduction(claim, plan, payable and offsite_touches(kind, plan))
    looked_at = package_price(claim, plan) if payable and kind == DIALYSIS else within
    third_party = min(claim.third_party, looked_at)
    offsite_first = share(looked_at - third_party, cut.first, rounding)
    eligible = looked_at - third_party - offsite_first

    # Basic insurance.
    consultation = 0
    if payable and claim.registered_poor == 1 and plan.poverty.consultation_free == 1 and kind == OUTPATIENT:
        consultation = min(claim.consultation, eligible) if listed_level(claim.level, plan) >= 0 else 0
    basic = nothing()
    if payable:
        basic = basic_benefit(claim, kind, eligible - consultation, year, plan, cut)
    pool = basic.paid + consultation
    hospital, beyond = 0, 0
    if payable and kind == DIALYSIS:
        hospital, beyond = borne_by_hospital(claim, plan), excess_sessions(claim, year, plan)
    left = eligible - pool if later or not payable else 0
    if reading.over_quota_not_burden == 1:
        left = max(left - basic.over_quota, 0)

    # Layer 2: large-amount for employees, catastrophic for residents.
    large = LargePay(0, 0)
    if claim.scheme == EMPLOYEE and basic.over_cap > 0 and (stays or reading.no_layer2_outside_inpatient == 0):
        counted = basic.paid if uses_basic_cap(claim, kind, plan) else 0
        large = large_amount(basic.over_cap, year.pool_base, year.pool_paid + counted, year, plan, cut)
        left -= large.first + large.second
    burden, major = 0, 0
    if later and claim.scheme == RESIDENT and enters_catastrophic(kind, plan):
        burden = left
        major = catastrophic(burden, claim, year, plan, cut.factor if reading.offsite_all_layers == 1 else WHOLE)
        left -= major

    # Civil-servant supplement.
    supplement_base, supplement = 0, 0
    if later and claim.civil_servant == 1 and plan.civil.present == 1 and enters_civil(kind, plan):
        supplement_base = civil_base(claim, left, plan)
        supplement = civil(supplement_base, year, plan)
        left = max(left - supplement, 0)

    # Medical aid, tilted aid, topping-up.
    aid_base, helped, tilt_base, tilt, topped = 0, 0, 0, 0, 0
    if later and enters_aid(kind, plan):
        aid_base = left
        helped = aid(aid_base, claim, year, plan)
        left -= helped
        if tilt_applies(claim, offsite_class(claim, plan), plan):
            tilt_base = left
            tilt = tilted_aid(tilt_base, year, plan)
            left -= tilt
        if stays:
            so_far = pool + large.first + large.second + major + supplement + helped + tilt
            topped = top_up(eligible, so_far, left, claim, plan)
            left -= topped

    # Added layers.
    base_1 = added_base(plan.added_1, 1, claim, kind, left, later)
    extra_1 = added(plan.added_1, base_1, year.added_base_1, year.added_paid_1, claim.pre_existing, rounding)
    left -= extra_1 if plan.added_1.base == BASE_IN_SCOPE_LEFT else 0
    base_2 = added_base(plan.added_2, 2, claim, kind, left, later)
    extra_2 = added(plan.added_2, base_2, year.added_base_2, year.added_paid_2, claim.pre_existing, rounding)
    left -= extra_2 if plan.added_2.base == BASE_IN_SCOPE_LEFT else 0
    base_3 = added_base(plan.added_3, 4, claim, kind, left, later)
    extra_3 = added(plan.added_3, base_3, year.added_base_3, year.added_paid_3, claim.pre_existing, rounding)
    left -= extra_3 if plan.added_3.base == BASE_IN_SCOPE_LEFT else 0

    # What is left is the person's, or the state's in an epidemic.
    fund = pool + large.first + large.second + major + supplement + helped + tilt + topped + extra_1 + extra_2 + extra_3
    state = 0
    if emergency and plan.epidemic.state_pays_rest == 1:
        state = claim.total - hospital - third_party - fund
        left = 0
    person = claim.total - hospital - fund - state
    purse = person_pays(person, left + offsite_first, claim, year, plan)
    receipt = Receipt(
        outcome=outcome,
        scheme=claim.scheme,
        kind=kind,
        total=claim.total,
        full=full,
        over=over,
        pre=pre,
        within=within,
        third_party=third_party,
        offsite_first=offsite_first,
        eligible=eligible,
        admission=basic.admission,
        standard=basic.standard,
        deductible=basic.deductible,
        limit_left=basic.limit_left,
        base=basic.base,
        ratio=basic.ratio,
        factor=basic.factor,
        consultation=consultation,
        pool=pool,
        over_cap=basic.over_cap,
        over_quota=basic.over_quota,
        large_first=large.first,
        large_second=large.second,
        burden=burden,
        catastrophic=major,
        civil_base=supplement_base,
        civil=supplement,
        aid_base=aid_base,
        aid=helped,
        tilt_base=tilt_base,
        tilt=tilt,
        topup=topped,
        added_base_1=base_1,
        added_base_2=base_2,
        added_base_3=base_3,
        added_1=extra_1,
        added_2=extra_2,
        added_3=extra_3,
        state=state,
        fund=fund + state,
        hospital=hospital,
        person=person,
        left_in_scope=left,
        account=purse.own,
        family=purse.family,
        cash=purse.cash,
        balance=year.account - purse.own,
        excess_sessions=beyond,
        readings=plan.readings_mask,
    )
    return receipt, carried(claim, year, receipt, payable and uses_basic_cap(claim, kind, plan), plan)
