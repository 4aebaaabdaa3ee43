"""Steps of chronic and special outpatient bills, dual-channel drugs and dialysis 慢特病、双通道、血透."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import (
    CHRONIC,
    WHOLE,
)
from openyibao.kernel.dates import month_of
from openyibao.kernel.explained.payment import applied_ratio, cap_room, capped_payment, factor_fields, floor_of, times_factor
from openyibao.kernel.explained.scope import bear
from openyibao.kernel.explained.steps import Builder, counted, given, money, rate
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.rounding import share
from openyibao.kernel.settle.chronic import (
    chronic_deductible,
    days_left_and_whole,
    has_second,
    quota_of,
    quota_used,
    uses_second_quota,
)
from openyibao.kernel.settle.offsite import Reduction
from openyibao.kernel.settle.pool import basic_cap, in_scope_basis
from openyibao.kernel.year import Year


def _yearly_deductible(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt) -> None:
    standard = chronic_deductible(claim, year, plan)
    b.add(
        "standard",
        "max({listed} - {paid_before}, 0)"
        if standard == max(plan.chronic.deductible - year.chronic_deductible, 0)
        else "{paid_before} × 0",
        standard,
        fields=("chronic.deductible",),
        listed=money(plan.chronic.deductible),
        paid_before=given(year.chronic_deductible),
    )
    bear(b, receipt)


def _whole_quota(b: Builder, key: str, disease: int, granted: int, claim: Claim, plan: Plan) -> None:
    """One disease's quota of the bill's period: the listed one, tilted, and pro rata in the period of the grant."""
    quota, factor = plan.chronic.quota[disease], WHOLE
    fields = [f"chronic.quota[{disease}]", f"chronic.period[{disease}]"]
    if claim.registered_poor == 1 and plan.poverty.quota_factor != WHOLE:
        factor = plan.poverty.quota_factor
        fields.append("poverty.quota_factor")
    tilted = share(quota, factor, plan.rounding)
    figure = quota_of(disease, granted, claim, plan)
    formula = "{whole_quota}" if factor == WHOLE else "round({whole_quota} × {poverty_factor})"
    left, parts = 1, 1
    if figure != tilted:
        left, parts = _parts(disease, granted, claim, plan)
        formula = f"round({formula} × {{parts_left}} ÷ {{parts}})"
        fields.append("chronic.prorate")
    b.add(
        key,
        formula,
        figure,
        fields=tuple(fields),
        whole_quota=money(quota),
        poverty_factor=rate(factor),
        parts_left=counted(left),
        parts=counted(parts),
    )


def _parts(disease: int, granted: int, claim: Claim, plan: Plan) -> tuple[int, int]:
    """What is left of the grant's period, and the whole of it: in months, or in days under `prorate_days`."""
    months = plan.chronic.period[disease]
    if plan.readings.prorate_days == 0:
        return months - (month_of(granted) - 1) % months, months
    return days_left_and_whole(granted, months)


def explain_quota(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, cut: Reduction) -> None:
    """A quota disease: the quota that applies, what is left of it, the payment 定额慢性病."""
    _yearly_deductible(b, claim, year, plan, receipt)
    reading = plan.readings
    applied_ratio(
        b,
        "ratio",
        f"chronic.ratio[{claim.disease}]",
        plan.chronic.ratio[claim.disease],
        claim,
        plan,
        cut,
        stay=False,
        floor=0,
    )
    _whole_quota(b, "quota_own", claim.disease, claim.grant, claim, plan)
    used = given(quota_used(claim, year, plan))
    second = rate(plan.chronic.second_share)
    formula = "{quota_own}"
    fields: tuple[str, ...] = ()
    if has_second(claim, plan) and reading.two_quota_separate == 1:
        if uses_second_quota(claim, plan):
            formula, fields = "round({quota_own} × {second_share})", ("chronic.second_share",)
    elif has_second(claim, plan):
        _whole_quota(b, "quota_other", claim.other_disease, claim.other_grant, claim, plan)
        formula = "max({quota_own}, {quota_other}) + round(min({quota_own}, {quota_other}) × {second_share})"
        fields = ("chronic.second_share",)
    b.add(
        "quota_left",
        f"max({formula} - {{used_before}}, 0)",
        receipt.limit_left,
        fields=fields,
        second_share=second,
        used_before=used,
    )
    factor, extra = rate(cut.factor), factor_fields(claim, plan, cut)
    tail = ", max({basic_cap} - {basic_used}, 0)" if reading.cap_counts_all_outpatient == 1 else ""
    cap, cap_used = money(basic_cap(plan)), given(year.pool_base if in_scope_basis(plan) else year.pool_paid)
    if reading.quota_on_payment == 1:
        paid = f"min({times_factor('{base} × {ratio}', cut, False)}, {{quota_left}}{tail})"
        b.add("pool", paid, receipt.pool, fields=extra, factor=factor, basic_cap=cap, basic_used=cap_used)
        if receipt.over_quota:
            b.add(
                "over_quota",
                "max({base} - round({quota_left} ÷ ({ratio} × {factor})), 0)",
                receipt.over_quota,
                factor=factor,
            )
        return
    b.add("admitted", "min({base}, {quota_left})", receipt.base - receipt.over_quota)
    paid = times_factor("{admitted} × {ratio}", cut, False)
    b.add(
        "pool",
        f"min({paid}{tail})" if tail else paid,
        receipt.pool,
        fields=extra,
        factor=factor,
        basic_cap=cap,
        basic_used=cap_used,
    )
    b.add("over_quota", "{base} - {admitted}", receipt.over_quota)


def explain_flat(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, cut: Reduction) -> None:
    """Severe outpatient and dual-channel drugs: a flat ratio under the basic cap 门诊重症、双通道."""
    if receipt.kind == CHRONIC:
        _yearly_deductible(b, claim, year, plan, receipt)
        field, listed, floor = f"chronic.ratio[{claim.disease}]", plan.chronic.ratio[claim.disease], floor_of(claim, plan)
    else:
        b.add(
            "standard",
            "{listed}",
            receipt.standard,
            fields=("dual_channel.deductible",),
            listed=money(plan.dual_channel.deductible),
        )
        bear(b, receipt)
        field, listed, floor = "dual_channel.ratio", plan.dual_channel.ratio, 0
    cap_room(b, year, plan, receipt.limit_left)
    rated = applied_ratio(b, "ratio", field, listed, claim, plan, cut, stay=False, floor=floor)
    capped_payment(b, claim, plan, receipt, cut, "{AMOUNT} × {ratio}", rated)


def explain_dialysis(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, cut: Reduction) -> None:
    """A dialysis package: the agreed price under the basic cap, the rest with the hospital 血透按次定额."""
    b.add(
        "base",
        "{eligible} - min({patient_each} × {sessions}, {eligible})",
        receipt.base,
        fields=("dialysis.patient_pays",),
        patient_each=money(plan.dialysis.patient_pays),
        sessions=counted(claim.sessions),
    )
    cap_room(b, year, plan, receipt.limit_left)
    rated = applied_ratio(b, "ratio", "dialysis.session_price", WHOLE, claim, plan, cut, stay=False, floor=0)
    capped_payment(b, claim, plan, receipt, cut, "{AMOUNT} × {ratio}", rated)
    b.add("hospital", "{total} - {full} - {package}", receipt.hospital, total=given(receipt.total), full=given(receipt.full))
