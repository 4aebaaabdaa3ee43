"""Steps that every basic benefit shares 支付的公共步骤: the ratio, the room under the basic cap, the payment, what is over."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import (
    UNBOUNDED,
    WHOLE,
)
from openyibao.kernel.explained.steps import Builder, given, money, rate
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.rounding import amount_for, share
from openyibao.kernel.settle.offsite import Reduction, offsite_class
from openyibao.kernel.settle.pool import adjusted, basic_cap, in_scope_basis
from openyibao.kernel.year import Year


def applied_ratio(
    b: Builder, key: str, field: str, listed: int, claim: Claim, plan: Plan, cut: Reduction, *, stay: bool, floor: int
) -> int:
    """The ratio applied, with points off or on, as a step of its own; returns it."""
    on = plan.poverty.inpatient_add if stay and claim.registered_poor == 1 else 0
    applied = adjusted(listed, on - cut.points, floor)
    fields = [field]
    if cut.points:
        fields.append(f"offsite.value[{offsite_class(claim, plan)}]")
    if on:
        fields.append("poverty.inpatient_add")
    if floor:
        fields.append("epidemic.ratio")
    formula = "{listed_ratio}"
    if on:
        formula = "min({listed_ratio} + {points_on}, 1)"
    if cut.points:
        formula = f"max({'{listed_ratio} + {points_on}' if on else '{listed_ratio}'} - {{points_off}}, 0)"
        formula = f"min({formula}, 1)" if on else formula
    if floor:
        formula = f"max({formula}, {{least}})"
    b.add(
        key,
        formula,
        applied,
        unit="percent",
        fields=tuple(fields),
        listed_ratio=rate(listed),
        points_on=rate(on),
        points_off=rate(cut.points),
        least=rate(floor),
    )
    return applied


def floor_of(claim: Claim, plan: Plan) -> int:
    """The least ratio an emergency rule set grants this bill, else 0."""
    return plan.epidemic.ratio if plan.epidemic.present == 1 and claim.epidemic == 1 else 0


def factor_fields(claim: Claim, plan: Plan, cut: Reduction) -> tuple[str, ...]:
    """The plan's field behind an off-site factor, where there is one."""
    return (f"offsite.value[{offsite_class(claim, plan)}]",) if cut.factor != WHOLE else ()


def times_factor(formula: str, cut: Reduction, single: bool) -> str:
    """The formula of a payment with the off-site factor: rounded twice, or once."""
    if cut.factor == WHOLE:
        return f"round({formula})"
    return f"round({formula} × {{factor}})" if single else f"round(round({formula}) × {{factor}})"


def with_consultation(formula: str, b: Builder) -> str:
    """The formula with the consultation fee paid in full added, where there is one."""
    return f"{formula} + {{consultation}}" if b.has("consultation") else formula


def cap_room(b: Builder, year: Year, plan: Plan, room: int) -> None:
    """What the basic cap leaves."""
    if room >= UNBOUNDED:
        b.add(
            "room",
            "{cap}",
            UNBOUNDED,
            fields=("epidemic.no_caps",) if plan.epidemic.present else (),
            cap=money(UNBOUNDED),
        )
        return
    in_scope = in_scope_basis(plan)
    band = plan.readings.large_in_scope_band == 1 and plan.large.band_from >= 0
    b.add(
        "room",
        "max({cap} - {used_before}, 0)",
        room,
        fields=("large.band_from" if band else "pool.cap",),
        cap=money(basic_cap(plan)),
        used_before=given(year.pool_base if in_scope else year.pool_paid),
    )


def capped_payment(b: Builder, claim: Claim, plan: Plan, receipt: Receipt, cut: Reduction, product: str, ratio: int) -> None:
    """One ratio under the basic cap: payment, cap test, and what passes on."""
    reading, rounding, fields = plan.readings, plan.rounding, factor_fields(claim, plan, cut)
    single = reading.factor_single_rounding == 1
    factor = rate(cut.factor)
    if in_scope_basis(plan) and receipt.limit_left < UNBOUNDED:
        within = min(receipt.base, receipt.limit_left)
        b.add("within_cap", "min({base}, {room})", within)
        b.add(
            "pool",
            times_factor(product.replace("AMOUNT", "within_cap"), cut, single),
            receipt.pool,
            fields=fields,
            factor=factor,
        )
        b.add("over_cap", "{base} - {within_cap}", receipt.over_cap)
        return
    product = product.replace("AMOUNT", "base")
    late = reading.factor_after_cap == 1 and cut.factor != WHOLE
    if late:
        gross = share(receipt.base, ratio, rounding)
        b.add("gross", f"round({product})", gross)
        b.add("pool", "round(min({gross}, {room}) × {factor})", receipt.pool, fields=fields, factor=factor)
        divisor, of_factor = "{ratio}", WHOLE
    else:
        formula = times_factor(product, cut, single)
        gross = before_cap(receipt.base, ratio, cut.factor, single, rounding)
        b.add("gross", formula, gross, fields=fields, factor=factor)
        b.add("pool", "min({gross}, {room})", receipt.pool)
        plain = cut.factor == WHOLE or (reading.over_cap_without_factor == 1)
        divisor, of_factor = ("{ratio}", WHOLE) if plain else ("({ratio} × {factor})", cut.factor)
    if gross > receipt.limit_left:
        used_up = min(amount_for(receipt.limit_left, ratio * of_factor, rounding), receipt.base)
        b.add("used_up", f"min(round({{room}} ÷ {divisor}), {{base}})" if ratio else "{base} × 0", used_up, factor=factor)
        b.add("over_cap", "{base} - {used_up}", receipt.over_cap)


def before_cap(base: int, ratio: int, factor: int, single: bool, rounding: int) -> int:
    """The payment before the cap test, as the formula of `times_factor` says."""
    if single and factor != WHOLE:
        exact = base * ratio * factor
        return exact // WHOLE**2 if rounding else (exact + WHOLE**2 // 2) // WHOLE**2
    return share(share(base, ratio, rounding), factor, rounding)
