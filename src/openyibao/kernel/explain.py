"""The explanation of a settlement 结算说明: every figure with its formula, its numbers and, through the plan's fields, its clause.

It is made from the receipt; it decides nothing. A test computes every printed formula again and compares it with the figure beside it.
"""

from collections.abc import Mapping
from typing import Any

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import EMPLOYEE, PHARMACY, RESIDENT, SETTLED, WHOLE
from openyibao.kernel.dates import year_of
from openyibao.kernel.explained.basic import explain_basic
from openyibao.kernel.explained.later import (
    explain_added,
    explain_aid,
    explain_civil,
    explain_rest,
    explain_topup,
)
from openyibao.kernel.explained.layer2 import explain_catastrophic, explain_large
from openyibao.kernel.explained.scope import explain_scope
from openyibao.kernel.explained.steps import Builder, Step
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.settle.added import is_inpatient_type
from openyibao.kernel.settle.aid import promised, tilt_applies
from openyibao.kernel.settle.kinds import (
    enters_aid,
    enters_catastrophic,
    enters_civil,
    has_later_layers,
    offsite_touches,
    uses_basic_cap,
)
from openyibao.kernel.settle.offsite import offsite_class, reduction
from openyibao.kernel.year import Year, opened


def explain(claim: Claim, year: Year, plan: Plan, receipt: Receipt, sources: Mapping[str, tuple[Any, ...]]) -> list[Step]:
    """The steps of one settlement in order.

    year     the year before the bill
    sources  provenance by plan field ("pool.cap", "pool.deductible[4]"), as `policybook` gives it; may be empty
    """
    year = opened(year, year_of(claim.day))
    b = Builder(plan.rounding)
    if receipt.outcome != SETTLED or receipt.kind == PHARMACY:
        explain_rest(b, claim, year, plan, receipt)
        return [_cited(step, sources) for step in b.steps]
    touches = offsite_touches(receipt.kind, plan)
    cut = reduction(claim, plan, touches)
    explain_scope(b, claim, plan, receipt, touches)
    explain_basic(b, claim, year, plan, receipt, cut)
    if has_later_layers(receipt.kind):
        _later(b, claim, year, plan, receipt)
    explain_added(b, claim, year, plan, receipt)
    explain_rest(b, claim, year, plan, receipt)
    return [_cited(step, sources) for step in b.steps]


def _later(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt) -> None:
    kind, touches = receipt.kind, offsite_touches(receipt.kind, plan)
    cut = reduction(claim, plan, touches)
    left = "{eligible} - {pool}"
    kept_out = plan.readings.over_quota_not_burden == 1 and receipt.over_quota > 0
    if kept_out:
        left = f"max({left} - {{over_quota}}, 0)"
    remaining = receipt.eligible - receipt.pool
    b.add("left_basic", left, max(remaining - receipt.over_quota, 0) if kept_out else remaining)
    if kind and receipt.scheme == EMPLOYEE and (is_inpatient_type(kind) or plan.readings.no_layer2_outside_inpatient == 0):
        explain_large(b, claim, year, plan, receipt, cut, uses_basic_cap(claim, kind, plan))
    if receipt.scheme == RESIDENT and plan.catastrophic.present and enters_catastrophic(kind, plan) and receipt.burden:
        b.add("burden", "{left_basic}", receipt.burden)
        explain_catastrophic(b, claim, year, plan, receipt, cut.factor if plan.readings.offsite_all_layers == 1 else WHOLE)
    if claim.civil_servant == 1 and plan.civil.present == 1 and enters_civil(kind, plan):
        explain_civil(b, year, plan, receipt)
    if enters_aid(kind, plan) and claim.aid and plan.aid.present:
        explain_aid(b, claim, year, plan, receipt, tilt_applies(claim, offsite_class(claim, plan), plan))
    if enters_aid(kind, plan) and promised(claim, kind, plan):
        explain_topup(b, claim, plan, receipt)


def _cited(step: Step, sources: Mapping[str, tuple[Any, ...]]) -> Step:
    """The step with the provenance of the fields it rests on."""
    return step._replace(sources=tuple(source for field in step.fields for source in sources.get(field, ())))
