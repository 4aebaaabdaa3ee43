"""Steps of ordinary outpatient and two-disease bills 普通门诊、两病."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import (
    DIABETES,
    HYPERTENSION,
    RETIRED,
    UNBOUNDED,
)
from openyibao.kernel.explained.payment import applied_ratio, factor_fields, floor_of, times_factor, with_consultation
from openyibao.kernel.explained.scope import explain_outpatient_deductible
from openyibao.kernel.explained.steps import Builder, given, money, rate
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.settle.offsite import Reduction
from openyibao.kernel.settle.outpatient import listed_level
from openyibao.kernel.settle.pool import basic_cap, in_scope_basis
from openyibao.kernel.year import Year


def explain_ordinary(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, cut: Reduction) -> None:
    """Ordinary outpatient: deductible, ratio, yearly limit 普通门诊统筹."""
    outpatient, level = plan.outpatient, listed_level(claim.level, plan)
    if level < 0:
        b.add(
            "pool",
            with_consultation("{gross}", b),
            receipt.pool,
            fields=(f"outpatient.listed[{claim.level}]",),
            gross=money(0),
        )
        return
    explain_outpatient_deductible(b, claim, year, plan, receipt)
    retired = claim.status == RETIRED
    column = "ratio_retired" if retired else "ratio_active"
    applied_ratio(
        b,
        "ratio",
        f"outpatient.{column}[{level}]",
        getattr(outpatient, column)[level],
        claim,
        plan,
        cut,
        stay=False,
        floor=floor_of(claim, plan),
    )
    cap, field = (outpatient.cap_retired, "outpatient.cap_retired") if retired else (outpatient.cap_active, "outpatient.cap_active")
    _small_room(b, year, plan, receipt, cap, field, year.outpatient_paid)
    formula = f"min({times_factor('{base} × {ratio}', cut, False)}, {{room}})"
    b.add("pool", with_consultation(formula, b), receipt.pool, fields=factor_fields(claim, plan, cut), factor=rate(cut.factor))


def _small_room(b: Builder, year: Year, plan: Plan, receipt: Receipt, cap: int, field: str, used: int) -> None:
    """The room under an outpatient cap, and under the basic cap too where the reading says so."""
    if receipt.limit_left >= UNBOUNDED:
        b.add("room", "{cap}", UNBOUNDED, fields=("epidemic.no_caps",), cap=money(UNBOUNDED))
    elif plan.readings.cap_counts_all_outpatient == 1:
        b.add(
            "room",
            "min(max({cap} - {used_before}, 0), max({basic_cap} - {basic_used}, 0))",
            receipt.limit_left,
            fields=(field, "pool.cap", "readings.cap_counts_all_outpatient"),
            cap=money(cap),
            used_before=given(used),
            basic_cap=money(basic_cap(plan)),
            basic_used=given(year.pool_base if in_scope_basis(plan) else year.pool_paid),
        )
    else:
        b.add(
            "room",
            "max({cap} - {used_before}, 0)",
            receipt.limit_left,
            fields=(field,),
            cap=money(cap),
            used_before=given(used),
        )


def explain_two_diseases(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, cut: Reduction) -> None:
    """Hypertension and diabetes drugs: ratio and limits 两病用药."""
    two, reading = plan.two_disease, plan.readings
    hypertension = claim.two_disease == HYPERTENSION
    own, used = (two.cap_hypertension, year.hypertension_paid) if hypertension else (two.cap_diabetes, year.diabetes_paid)
    own_field = "two_disease.cap_hypertension" if hypertension else "two_disease.cap_diabetes"
    both = claim.two_registered == HYPERTENSION + DIABETES
    terms, fields = [], []
    if not both or reading.two_disease_sublimits == 1:
        terms.append("max({own_cap} - {own_used}, 0)")
        fields.append(own_field)
    if both:
        terms.append("max({cap} - {used_before}, 0)")
        fields.append("two_disease.cap_both")
    if reading.cap_counts_all_outpatient == 1:
        terms.append("max({basic_cap} - {basic_used}, 0)")
        fields.append("pool.cap")
    b.add(
        "room",
        terms[0] if len(terms) == 1 else f"min({', '.join(terms)})",
        receipt.limit_left,
        fields=tuple(fields),
        own_cap=money(own),
        own_used=given(used),
        cap=money(two.cap_both),
        used_before=given(year.two_disease_paid),
        basic_cap=money(basic_cap(plan)),
        basic_used=given(year.pool_base if in_scope_basis(plan) else year.pool_paid),
    )
    applied_ratio(b, "ratio", "two_disease.ratio", two.ratio, claim, plan, cut, stay=False, floor=0)
    formula = f"min({times_factor('{eligible} × {ratio}', cut, False)}, {{room}})"
    b.add("pool", formula, receipt.pool, fields=factor_fields(claim, plan, cut), factor=rate(cut.factor))
