"""Off-site treatment 异地就医: the catalogue of the place of treatment, the deductible, ratio and cap of the home city.

Three methods that no city mixes (医保发〔2022〕22号 leaves the choice): points off the ratio, a share paid first, a factor on the payment.
By default they touch the basic layer of stays only; `offsite_outpatient` and `offsite_all_layers` are the alternative readings.
"""

from typing import NamedTuple

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import HOME, MULTIPLY, NEIGHBOUR, SELF_PAY_FIRST, SELF_REFERRED, SUBTRACT, WHOLE
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan


class Reduction(NamedTuple):
    """What going elsewhere costs: points off, share first (both parts per 10,000) and factor (WHOLE = none)."""

    points: int
    first: int
    factor: int


@law
def offsite_class(claim: Claim, plan: Plan) -> int:
    """The class 异地类别 the bill settles under: a self-referral to the neighbouring city counts as NEIGHBOUR once that started."""
    if (
        claim.offsite == SELF_REFERRED
        and plan.offsite.neighbour > 0
        and claim.place // 100 == plan.offsite.neighbour
        and plan.readings.kunming_not_started == 0
    ):
        return NEIGHBOUR
    return claim.offsite


@law
def cut_lifted(claim: Claim, plan: Plan) -> bool:
    """Whether an emergency rule set lifts the off-site reduction 取消转外调减 for this bill."""
    if plan.epidemic.present == 0:
        return False
    return plan.epidemic.offsite_cut == 2 or (plan.epidemic.offsite_cut == 1 and claim.epidemic == 1)


@law
def reduction(claim: Claim, plan: Plan, applies: bool) -> Reduction:
    """The reduction for this bill; `applies` tells whether its kind is one that off-site methods touch."""
    where = offsite_class(claim, plan)
    if where == HOME or not applies or cut_lifted(claim, plan):
        return Reduction(0, 0, WHOLE)
    method, value = plan.offsite.method[where], plan.offsite.value[where]
    return Reduction(
        value if method == SUBTRACT else 0,
        value if method == SELF_PAY_FIRST else 0,
        value if method == MULTIPLY else WHOLE,
    )
