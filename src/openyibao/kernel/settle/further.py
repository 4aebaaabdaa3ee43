"""The layers after the basic one 基本医保之后的各层, in order: each takes what the one before left of the in-scope amount."""

from typing import NamedTuple

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import BASE_IN_SCOPE_LEFT, DIALYSIS, EMPLOYEE, RESIDENT, WHOLE
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.settle.added import added, added_base, is_inpatient_type
from openyibao.kernel.settle.aid import aid, promised, promised_on, tilt_applies, tilted_aid, top_up
from openyibao.kernel.settle.basic import Basic, InScope
from openyibao.kernel.settle.catastrophic import catastrophic
from openyibao.kernel.settle.civil import civil, civil_base
from openyibao.kernel.settle.kinds import enters_aid, enters_catastrophic, enters_civil, has_later_layers, uses_basic_cap
from openyibao.kernel.settle.large import LargePay, large_amount
from openyibao.kernel.settle.offsite import Reduction, offsite_class
from openyibao.kernel.year import Year


class Further(NamedTuple):
    """What each layer after the basic one looked at and paid, fen, and what is left of the in-scope amount after all."""

    large_first: int
    large_second: int
    burden: int
    catastrophic: int
    civil_base: int
    civil: int
    aid_base: int
    aid: int
    tilt_base: int
    tilt: int
    topup: int
    base_1: int
    base_2: int
    base_3: int
    added_1: int
    added_2: int
    added_3: int
    left: int


@law
def no_further(left: int) -> Further:
    """No layer follows."""
    return Further(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, left)


@law
def looks_further(claim: Claim, kind: int, basic: Basic, plan: Plan) -> bool:
    """Whether any layer after the basic one looks at this bill at all; most bills of a city end with the basic layer."""
    if not has_later_layers(kind):
        return False
    return enters_aid(kind, plan) or basic.over_cap > 0 or claim.civil_servant == 1 or claim.added > 0


@law
def further(claim: Claim, kind: int, scope: InScope, basic: Basic, left: int, year: Year, plan: Plan, cut: Reduction) -> Further:
    """The layers after the basic one on a bill of a kind that has them; `left` is what the basic layer left of the in-scope amount."""
    reading, rounding = plan.readings, plan.rounding
    stays = is_inpatient_type(kind)

    # Layer 2: large-amount for employees, catastrophic for residents.
    large = LargePay(0, 0)
    if claim.scheme == EMPLOYEE and basic.over_cap > 0 and (stays or reading.no_layer2_outside_inpatient == 0):
        counted = basic.paid if uses_basic_cap(claim, kind, plan) else 0
        large = large_amount(basic.over_cap, year.pool_base, year.pool_paid + counted, year, plan, cut)
        left -= large.first + large.second
    burden, major = 0, 0
    if claim.scheme == RESIDENT and enters_catastrophic(kind, plan):
        burden = left
        major = catastrophic(burden, claim, year, plan, cut.factor if reading.offsite_all_layers == 1 else WHOLE)
        left -= major

    # Civil-servant supplement.
    supplement_base, supplement = 0, 0
    if claim.civil_servant == 1 and plan.civil.present == 1 and enters_civil(kind, plan):
        supplement_base = civil_base(left, 0 if kind == DIALYSIS else scope.pre, plan)
        supplement = civil(supplement_base, year, plan)
        left = max(left - supplement, 0)

    # Medical aid, tilted aid, topping-up. The aid base runs for everybody: who becomes a recipient in mid-year has it.
    aid_base, helped, tilt_base, tilt, topped, outside = 0, 0, 0, 0, 0, 0
    if enters_aid(kind, plan):
        aid_base = left
        helped = aid(aid_base, claim, year, plan)
        left -= helped
        if tilt_applies(claim, offsite_class(claim, plan), plan):
            tilt_base = left
            tilt = tilted_aid(tilt_base, year, plan)
            left -= tilt
        if promised(claim, kind, plan) > 0:
            so_far = basic.paid + scope.consultation + large.first + large.second + major + supplement + helped + tilt
            topped = top_up(promised_on(claim, kind, scope, plan), promised(claim, kind, plan), so_far, left, plan)
            outside = max(topped - left, 0)
            left -= topped - outside

    # Added layers.
    base_1 = added_base(plan.added_1, 1, claim, kind, scope, left, outside)
    extra_1 = added(plan.added_1, base_1, year.added_base_1, year.added_paid_1, claim.pre_existing, rounding)
    left -= extra_1 if plan.added_1.base == BASE_IN_SCOPE_LEFT else 0
    base_2 = added_base(plan.added_2, 2, claim, kind, scope, left, outside)
    extra_2 = added(plan.added_2, base_2, year.added_base_2, year.added_paid_2, claim.pre_existing, rounding)
    left -= extra_2 if plan.added_2.base == BASE_IN_SCOPE_LEFT else 0
    base_3 = added_base(plan.added_3, 4, claim, kind, scope, left, outside)
    extra_3 = added(plan.added_3, base_3, year.added_base_3, year.added_paid_3, claim.pre_existing, rounding)
    left -= extra_3 if plan.added_3.base == BASE_IN_SCOPE_LEFT else 0
    return Further(
        large.first, large.second, burden, major, supplement_base, supplement, aid_base, helped, tilt_base, tilt, topped,
        base_1, base_2, base_3, extra_1, extra_2, extra_3, left,
    )  # fmt: skip
