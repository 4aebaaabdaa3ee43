"""Which kinds of bill enter which layers 各层受理的就诊类别: the defaults, and the readings that change them."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import CHRONIC, DIALYSIS, DUAL_CHANNEL, OUTPATIENT, TWO_DISEASE
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.settle.added import is_inpatient_type


@law
def offsite_touches(kind: int, plan: Plan) -> bool:
    """Whether off-site methods touch this kind: stays, and other visits under `offsite_outpatient`."""
    return is_inpatient_type(kind) or plan.readings.offsite_outpatient == 1


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
    return has_later_layers(kind) and (plan.readings.civil_inpatient_only == 0 or is_inpatient_type(kind) or is_chronic(kind))


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
