"""Steps of a stay 住院统筹支付."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import (
    BANDS_PER_YEAR,
    RETIRED,
    WHOLE,
)
from openyibao.kernel.explained.payment import applied_ratio, cap_room, capped_payment, factor_fields, floor_of
from openyibao.kernel.explained.scope import explain_stay_deductible
from openyibao.kernel.explained.steps import Builder, given, money, rate
from openyibao.kernel.plan import BANDS, Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.rounding import share
from openyibao.kernel.settle.offsite import Reduction
from openyibao.kernel.settle.pool import band_high, in_scope_basis, part_within
from openyibao.kernel.year import Year


def explain_stay(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, cut: Reduction) -> None:
    """A stay: deductible, ratio, cap, bands 住院统筹."""
    explain_stay_deductible(b, claim, year, plan, receipt)
    cap_room(b, year, plan, receipt.limit_left)
    column = "ratio_retired" if claim.status == RETIRED else "ratio_active"
    ratios, floor = getattr(plan.pool, column), floor_of(claim, plan)
    if plan.pool.bands == 1:
        slot = claim.level * BANDS
        rated = applied_ratio(b, "ratio", f"pool.{column}[{slot}]", ratios[slot], claim, plan, cut, stay=True, floor=floor)
        capped_payment(b, claim, plan, receipt, cut, "{AMOUNT} × {ratio}", rated)
        return
    start = year.pool_base if plan.pool.band_basis == BANDS_PER_YEAR else 0
    amount = min(receipt.base, receipt.limit_left) if in_scope_basis(plan) else receipt.base
    counted_in = "min({base}, {room})" if in_scope_basis(plan) else "{base}"
    terms = []
    for band in range(plan.pool.bands):
        slot = claim.level * BANDS + band
        low, high = plan.pool.band_low[band], band_high(plan.pool.band_low, plan.pool.bands, band)
        rated = applied_ratio(b, f"band_rate_{band + 1}", f"pool.{column}[{slot}]", ratios[slot], claim, plan, cut, stay=True, floor=floor)
        b.add(
            f"pool_band_{band + 1}",
            f"round(max(min({{start}} + {counted_in}, {{high}}) - max({{start}}, {{low}}), 0) × {{band_rate_{band + 1}}})",
            share(part_within(start, amount, low, high), rated, plan.rounding),
            fields=(f"pool.band_low[{band}]",),
            start=given(start),
            low=money(low),
            high=money(high),
        )
        terms.append(f"{{pool_band_{band + 1}}}")
    _banded_end(b, claim, plan, receipt, cut, " + ".join(terms))


def _banded_end(b: Builder, claim: Claim, plan: Plan, receipt: Receipt, cut: Reduction, total: str) -> None:
    formula = f"({total})" if cut.factor == WHOLE else f"round(({total}) × {{factor}})"
    if in_scope_basis(plan):
        b.add("pool", formula, receipt.pool, fields=factor_fields(claim, plan, cut), factor=rate(cut.factor))
        b.add("over_cap", "{base} - min({base}, {room})", receipt.over_cap)
        return
    b.add("pool", f"min({formula}, {{room}})", receipt.pool, fields=factor_fields(claim, plan, cut), factor=rate(cut.factor))
    if receipt.over_cap:
        b.add("over_cap", "{base} - {used_up}", receipt.over_cap, used_up=given(receipt.base - receipt.over_cap))
