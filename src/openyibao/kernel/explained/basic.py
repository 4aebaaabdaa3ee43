"""Steps of an explanation for the basic layer 基本医保, by kind of bill."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import (
    CHRONIC,
    DIALYSIS,
    DUAL_CHANNEL,
    OUTPATIENT,
    TWO_DISEASE,
)
from openyibao.kernel.explained.chronic import explain_dialysis, explain_flat, explain_quota
from openyibao.kernel.explained.maternity import explain_maternity
from openyibao.kernel.explained.outpatient import explain_ordinary, explain_two_diseases
from openyibao.kernel.explained.stay import explain_stay
from openyibao.kernel.explained.steps import Builder
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.settle.added import is_inpatient_type
from openyibao.kernel.settle.offsite import Reduction
from openyibao.kernel.year import Year


def explain_basic(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, cut: Reduction) -> None:
    """The basic layer's steps for the kind of bill, ending with `pool`."""
    kind = receipt.kind
    if is_inpatient_type(kind):
        explain_stay(b, claim, year, plan, receipt, cut)
    elif kind == OUTPATIENT:
        explain_ordinary(b, claim, year, plan, receipt, cut)
    elif kind == TWO_DISEASE:
        explain_two_diseases(b, claim, year, plan, receipt, cut)
    elif kind == CHRONIC and plan.chronic.severe[claim.disease] == 0:
        explain_quota(b, claim, year, plan, receipt, cut)
    elif kind in (CHRONIC, DUAL_CHANNEL):
        explain_flat(b, claim, year, plan, receipt, cut)
    elif kind == DIALYSIS:
        explain_dialysis(b, claim, year, plan, receipt, cut)
    else:
        explain_maternity(b, claim, year, plan, receipt)
