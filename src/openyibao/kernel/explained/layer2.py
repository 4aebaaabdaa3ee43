"""Steps of the second layer 第二层: large-amount for employees, catastrophic insurance for residents."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import (
    BANDS_ABOVE_DEDUCTIBLE,
    EMPLOYEE,
    UNBOUNDED,
    WHOLE,
)
from openyibao.kernel.explained.steps import Builder, given, money, rate
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.rounding import amount_for, share
from openyibao.kernel.settle.catastrophic import band_bounds, cumulative, own_deductible
from openyibao.kernel.settle.large import first_room
from openyibao.kernel.settle.offsite import Reduction
from openyibao.kernel.settle.pool import adjusted
from openyibao.kernel.year import Year


def explain_large(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, cut: Reduction, capped: bool) -> None:
    """Employee large-amount layers 职工大额, where something passed the basic cap."""
    if receipt.scheme != EMPLOYEE or receipt.over_cap == 0 or plan.large.present == 0:
        return
    large, everywhere, rounding = plan.large, plan.readings.offsite_all_layers == 1, plan.rounding
    points, factor = (cut.points, cut.factor) if everywhere else (0, WHOLE)
    ratio = adjusted(large.ratio_first, -points, 0)
    b.add(
        "large_ratio",
        "max({listed_ratio} - {points_off}, 0)",
        ratio,
        unit="percent",
        fields=("large.ratio_first",),
        listed_ratio=rate(large.ratio_first),
        points_off=rate(points),
    )
    factored = rate(factor)

    def times(formula: str) -> str:
        return f"round({formula})" if factor == WHOLE else f"round(round({formula}) × {{factor}})"

    if plan.readings.large_in_scope_band == 1 and large.band_from >= 0:
        start = max(year.pool_base, large.band_from)
        b.add(
            "large_within",
            "max(min({start} + {over_cap}, {high}) - {start}, 0)",
            max(min(start + receipt.over_cap, large.band_to) - start, 0),
            fields=("large.band_from", "large.band_to"),
            start=given(start),
            high=money(large.band_to),
        )
        b.add("large_first", times("{large_within} × {large_ratio}"), receipt.large_first, factor=factored)
        return
    pool_year = year.pool_paid + (receipt.pool - receipt.consultation if capped else 0)
    room = first_room(pool_year, year, plan)
    if large.cap_total < UNBOUNDED:
        below = "" if plan.readings.cap_total_above_pool == 1 else " - {pool_year}"
        formula = f"max({{large_total}}{below} - {{large_used}}, 0)"
        if large.cap_first < UNBOUNDED:
            formula = f"min(max({{large_cap}} - {{large_used}}, 0), {formula})"
    else:
        formula = "max({large_cap} - {large_used}, 0)"
    b.add(
        "large_room",
        formula,
        room,
        fields=("large.cap_total" if large.cap_total < UNBOUNDED else "large.cap_first",),
        large_cap=money(large.cap_first),
        large_total=money(large.cap_total),
        large_used=given(year.large_first),
        pool_year=given(pool_year),
    )
    gross = share(share(receipt.over_cap, ratio, rounding), factor, rounding)
    b.add("large_gross", times("{over_cap} × {large_ratio}"), gross, factor=factored)
    b.add("large_first", "min({large_gross}, {large_room})", receipt.large_first)
    if gross <= room or large.cap_second == 0:
        return
    over = receipt.over_cap - min(amount_for(room, ratio * factor, rounding), receipt.over_cap)
    b.add(
        "over_first",
        "{over_cap} - min(round({large_room} ÷ ({large_ratio} × {factor})), {over_cap})",
        over,
        factor=factored,
    )
    second = adjusted(large.ratio_second, -points, 0)
    b.add(
        "second_ratio",
        "max({listed_ratio} - {points_off}, 0)",
        second,
        unit="percent",
        fields=("large.ratio_second",),
        listed_ratio=rate(large.ratio_second),
        points_off=rate(points),
    )
    b.add(
        "second_room",
        "max({second_cap} - {second_used}, 0)",
        max(large.cap_second - year.large_second, 0),
        fields=("large.cap_second",),
        second_cap=money(large.cap_second),
        second_used=given(year.large_second),
    )
    b.add(
        "large_second",
        f"min({times('{over_first} × {second_ratio}')}, {{second_room}})",
        receipt.large_second,
        factor=factored,
    )


def explain_catastrophic(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, factor: int) -> None:
    """Catastrophic insurance 大病保险: the burden, the cumulative function before and after, the cap."""
    part, tilted = plan.catastrophic, plan.catastrophic.tilted[claim.aid] == 1
    b.add("burden_after", "{burden_before} + {burden}", year.burden + receipt.burden, burden_before=given(year.burden))
    own = own_deductible(claim, plan)
    fields = (
        ("catastrophic.deductible", "catastrophic.tilt_factor", f"catastrophic.tilted[{claim.aid}]")
        if tilted
        else ("catastrophic.deductible",)
    )
    b.add(
        "own_deductible",
        "round({major_deductible} × {tilt_factor})" if tilted else "{major_deductible}",
        own,
        fields=fields,
        major_deductible=money(part.deductible),
        tilt_factor=rate(part.tilt_factor),
    )
    if year.burden + receipt.burden <= own:
        b.add("catastrophic", "max({burden_after} - {own_deductible}, 0)", 0)
        return
    add = part.tilt_add if tilted else 0
    after, before = _bands(b, claim, year, plan, receipt, own, add)
    owed = cumulative(year.burden + receipt.burden, claim, plan) - cumulative(year.burden, claim, plan)
    formula = f"({' + '.join(after)})" + (f" - ({' + '.join(before)})" if before else "")
    if factor != WHOLE:
        owed, formula = share(max(owed, 0), factor, plan.rounding), f"round(max({formula}, 0) × {{factor}})"
    b.add("owed", formula, owed, factor=rate(factor))
    if tilted and part.tilt_removes_cap == 1:
        b.add("catastrophic", "max({owed}, 0)", receipt.catastrophic, fields=("catastrophic.tilt_removes_cap",))
    else:
        b.add(
            "catastrophic",
            "min(max({owed}, 0), max({major_cap} - {major_used}, 0))",
            receipt.catastrophic,
            fields=("catastrophic.cap",),
            major_cap=money(part.cap),
            major_used=given(year.catastrophic_paid),
        )


def _bands(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, own: int, add: int) -> tuple[list[str], list[str]]:
    part = plan.catastrophic
    after: list[str] = []
    before: list[str] = []
    for band in range(part.bands):
        low, high = band_bounds(band, own, plan)
        if year.burden + receipt.burden <= low:
            break
        rated, number = adjusted(part.ratio[band], add, 0), band + 1
        basis = "catastrophic.band_basis" if part.band_basis == BANDS_ABOVE_DEDUCTIBLE else f"catastrophic.band_low[{band}]"
        b.add(
            f"band_rate_{number}",
            "min({band_listed} + {tilt_add}, 1)",
            rated,
            unit="percent",
            fields=(f"catastrophic.ratio[{band}]", *(("catastrophic.tilt_add",) if add else ())),
            band_listed=rate(part.ratio[band]),
            tilt_add=rate(add),
        )
        for name, burden, terms in (("after", year.burden + receipt.burden, after), ("before", year.burden, before)):
            if burden > low:
                b.add(
                    f"band_{name}_{number}",
                    f"round(max(min({{burden_{name}}}, {{high}}) - {{low}}, 0) × {{band_rate_{number}}})",
                    share(max(min(burden, high) - low, 0), rated, plan.rounding),
                    fields=(basis,),
                    low=money(low),
                    high=money(high),
                    burden_before=given(year.burden),
                )
                terms.append(f"{{band_{name}_{number}}}")
    return after, before
