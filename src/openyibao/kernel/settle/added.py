"""Added layers 补充保障层: 惠民保, an employer's plan, or another, each the same plug-in rule with its own base, deductible and ratio."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import BASE_IN_SCOPE_LEFT, DAY_SURGERY, INPATIENT, RESCUE, WHOLE
from openyibao.kernel.law import law
from openyibao.kernel.plan import AddedLayer
from openyibao.kernel.rounding import share
from openyibao.kernel.settle.above import above_yearly
from openyibao.kernel.settle.basic import InScope


@law
def is_inpatient_type(kind: int) -> bool:
    """Stays, day surgery and rescue 住院类."""
    return kind == INPATIENT or kind == DAY_SURGERY or kind == RESCUE


@law
def added_base(layer: AddedLayer, member: int, claim: Claim, kind: int, scope: InScope, left_in_scope: int, topped_outside: int) -> int:
    """What a layer looks at on this bill, fen; 0 for those who did not buy it.

    left_in_scope   in-scope amount still with the person after all layers before
    topped_outside  what topping-up paid outside the scope: counted as paid for the off-list items first
    """
    if layer.present == 0 or claim.added & member == 0:
        return 0
    if layer.inpatient_only == 1 and not is_inpatient_type(kind):
        return 0
    if layer.base == BASE_IN_SCOPE_LEFT:
        return left_in_scope
    return max(min(claim.off_list, scope.full) - topped_outside, 0)


@law
def added(layer: AddedLayer, base: int, before: int, paid_before: int, pre_existing: int, rounding: int) -> int:
    """What a layer pays 补充层支付, fen; the factor for pre-existing disease 既往症 is applied to the payment."""
    if base == 0:
        return 0
    owed = above_yearly(before, base, layer.deductible, layer.ratio, 0, rounding)
    if pre_existing == 1 and layer.pre_existing_factor != WHOLE:
        owed = share(owed, layer.pre_existing_factor, rounding)
    return min(owed, max(layer.cap - paid_before, 0))
