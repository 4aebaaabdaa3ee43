"""Steps of an explanation for the basic layer 基本医保: the ratio, the room under the cap, the payment, what is over."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import (
    BANDS_PER_YEAR,
    CAESAREAN,
    CHRONIC,
    DELIVERY,
    DIABETES,
    DIALYSIS,
    DUAL_CHANNEL,
    HYPERTENSION,
    MISCARRIAGE_EARLY,
    OUTPATIENT,
    PRENATAL,
    RETIRED,
    TWO_DISEASE,
    UNBOUNDED,
    WHOLE,
)
from openyibao.kernel.dates import month_of
from openyibao.kernel.explained.scope import bear, explain_outpatient_deductible, explain_stay_deductible
from openyibao.kernel.explained.steps import Builder, counted, given, money, rate
from openyibao.kernel.plan import BANDS, Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.rounding import amount_for, share
from openyibao.kernel.settle.added import is_inpatient_type
from openyibao.kernel.settle.chronic import (
    chronic_deductible,
    days_left_and_whole,
    has_second,
    quota_of,
    quota_used,
    uses_second_quota,
)
from openyibao.kernel.settle.offsite import Reduction, offsite_class
from openyibao.kernel.settle.outpatient import listed_level
from openyibao.kernel.settle.pool import adjusted, band_high, basic_cap, in_scope_basis, part_within
from openyibao.kernel.year import Year

NO_CUT = Reduction(0, 0, WHOLE)


def explain_basic(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, cut: Reduction) -> None:
    """The basic layer's steps for the kind of bill, ending with `pool`."""
    kind = receipt.kind
    if is_inpatient_type(kind):
        _stay(b, claim, year, plan, receipt, cut)
    elif kind == OUTPATIENT:
        _ordinary(b, claim, year, plan, receipt, cut)
    elif kind == TWO_DISEASE:
        _two_diseases(b, claim, year, plan, receipt, cut)
    elif kind == CHRONIC and plan.chronic.severe[claim.disease] == 0:
        _quota(b, claim, year, plan, receipt, cut)
    elif kind in (CHRONIC, DUAL_CHANNEL):
        _flat_under_cap(b, claim, year, plan, receipt, cut)
    elif kind == DIALYSIS:
        _dialysis(b, claim, year, plan, receipt, cut)
    else:
        _maternity(b, claim, year, plan, receipt)


def _ratio(b: Builder, key: str, field: str, listed: int, claim: Claim, plan: Plan, cut: Reduction, *, stay: bool, floor: int) -> int:
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


def _floor(claim: Claim, plan: Plan) -> int:
    return plan.epidemic.ratio if plan.epidemic.present == 1 and claim.epidemic == 1 else 0


def _factor(claim: Claim, plan: Plan, cut: Reduction) -> tuple[str, ...]:
    return (f"offsite.value[{offsite_class(claim, plan)}]",) if cut.factor != WHOLE else ()


def _times_factor(formula: str, cut: Reduction, single: bool) -> str:
    """The formula of a payment with the off-site factor: rounded twice, or once."""
    if cut.factor == WHOLE:
        return f"round({formula})"
    return f"round({formula} × {{factor}})" if single else f"round(round({formula}) × {{factor}})"


def _add_consultation(formula: str, b: Builder) -> str:
    return f"{formula} + {{consultation}}" if b.has("consultation") else formula


def _room(b: Builder, year: Year, plan: Plan, room: int) -> None:
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


def _stay(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, cut: Reduction) -> None:
    explain_stay_deductible(b, claim, year, plan, receipt)
    _room(b, year, plan, receipt.limit_left)
    column = "ratio_retired" if claim.status == RETIRED else "ratio_active"
    ratios, floor = getattr(plan.pool, column), _floor(claim, plan)
    if plan.pool.bands == 1:
        slot = claim.level * BANDS
        rated = _ratio(b, "ratio", f"pool.{column}[{slot}]", ratios[slot], claim, plan, cut, stay=True, floor=floor)
        _capped(b, claim, plan, receipt, cut, "{AMOUNT} × {ratio}", rated)
        return
    start = year.pool_base if plan.pool.band_basis == BANDS_PER_YEAR else 0
    amount = min(receipt.base, receipt.limit_left) if in_scope_basis(plan) else receipt.base
    counted_in = "min({base}, {room})" if in_scope_basis(plan) else "{base}"
    terms = []
    for band in range(plan.pool.bands):
        slot = claim.level * BANDS + band
        low, high = plan.pool.band_low[band], band_high(plan.pool.band_low, plan.pool.bands, band)
        rated = _ratio(b, f"band_rate_{band + 1}", f"pool.{column}[{slot}]", ratios[slot], claim, plan, cut, stay=True, floor=floor)
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
        b.add("pool", formula, receipt.pool, fields=_factor(claim, plan, cut), factor=rate(cut.factor))
        b.add("over_cap", "{base} - min({base}, {room})", receipt.over_cap)
        return
    b.add("pool", f"min({formula}, {{room}})", receipt.pool, fields=_factor(claim, plan, cut), factor=rate(cut.factor))
    if receipt.over_cap:
        b.add("over_cap", "{base} - {used_up}", receipt.over_cap, used_up=given(receipt.base - receipt.over_cap))


def _capped(b: Builder, claim: Claim, plan: Plan, receipt: Receipt, cut: Reduction, product: str, ratio: int) -> None:
    """One ratio under the basic cap: payment, cap test, and what passes on."""
    reading, rounding, fields = plan.readings, plan.rounding, _factor(claim, plan, cut)
    single = reading.factor_single_rounding == 1 and is_inpatient_type(receipt.kind)
    factor = rate(cut.factor)
    if in_scope_basis(plan) and receipt.limit_left < UNBOUNDED:
        within = min(receipt.base, receipt.limit_left)
        b.add("within_cap", "min({base}, {room})", within)
        b.add(
            "pool",
            _times_factor(product.replace("AMOUNT", "within_cap"), cut, single),
            receipt.pool,
            fields=fields,
            factor=factor,
        )
        b.add("over_cap", "{base} - {within_cap}", receipt.over_cap)
        return
    product = product.replace("AMOUNT", "base")
    late = reading.factor_after_cap == 1 and cut.factor != WHOLE and is_inpatient_type(receipt.kind)
    if late:
        gross = share(receipt.base, ratio, rounding)
        b.add("gross", f"round({product})", gross)
        b.add("pool", "round(min({gross}, {room}) × {factor})", receipt.pool, fields=fields, factor=factor)
        divisor, of_factor = "{ratio}", WHOLE
    else:
        formula = _times_factor(product, cut, single)
        gross = _gross(receipt.base, ratio, cut.factor, single, rounding)
        b.add("gross", formula, gross, fields=fields, factor=factor)
        b.add("pool", "min({gross}, {room})", receipt.pool)
        plain = cut.factor == WHOLE or (reading.over_cap_without_factor == 1 and is_inpatient_type(receipt.kind))
        divisor, of_factor = ("{ratio}", WHOLE) if plain else ("({ratio} × {factor})", cut.factor)
    if gross > receipt.limit_left:
        used_up = min(amount_for(receipt.limit_left, ratio * of_factor, rounding), receipt.base)
        b.add("used_up", f"min(round({{room}} ÷ {divisor}), {{base}})" if ratio else "{base} × 0", used_up, factor=factor)
        b.add("over_cap", "{base} - {used_up}", receipt.over_cap)


def _gross(base: int, ratio: int, factor: int, single: bool, rounding: int) -> int:
    if single and factor != WHOLE:
        exact = base * ratio * factor
        return exact // WHOLE**2 if rounding else (exact + WHOLE**2 // 2) // WHOLE**2
    return share(share(base, ratio, rounding), factor, rounding)


def _ordinary(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, cut: Reduction) -> None:
    outpatient, level = plan.outpatient, listed_level(claim.level, plan)
    if level < 0:
        b.add(
            "pool",
            _add_consultation("{gross}", b),
            receipt.pool,
            fields=(f"outpatient.listed[{claim.level}]",),
            gross=money(0),
        )
        return
    explain_outpatient_deductible(b, claim, year, plan, receipt)
    retired = claim.status == RETIRED
    column = "ratio_retired" if retired else "ratio_active"
    _ratio(
        b,
        "ratio",
        f"outpatient.{column}[{level}]",
        getattr(outpatient, column)[level],
        claim,
        plan,
        cut,
        stay=False,
        floor=_floor(claim, plan),
    )
    cap, field = (outpatient.cap_retired, "outpatient.cap_retired") if retired else (outpatient.cap_active, "outpatient.cap_active")
    _small_room(b, year, plan, receipt, cap, field, year.outpatient_paid)
    formula = f"min({_times_factor('{base} × {ratio}', cut, False)}, {{room}})"
    b.add("pool", _add_consultation(formula, b), receipt.pool, fields=_factor(claim, plan, cut), factor=rate(cut.factor))


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


def _two_diseases(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, cut: Reduction) -> None:
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
    _ratio(b, "ratio", "two_disease.ratio", two.ratio, claim, plan, cut, stay=False, floor=0)
    formula = f"min({_times_factor('{eligible} × {ratio}', cut, False)}, {{room}})"
    b.add("pool", formula, receipt.pool, fields=_factor(claim, plan, cut), factor=rate(cut.factor))


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


def _quota(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, cut: Reduction) -> None:
    _yearly_deductible(b, claim, year, plan, receipt)
    reading = plan.readings
    _ratio(
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
    factor, extra = rate(cut.factor), _factor(claim, plan, cut)
    tail = ", max({basic_cap} - {basic_used}, 0)" if reading.cap_counts_all_outpatient == 1 else ""
    cap, cap_used = money(basic_cap(plan)), given(year.pool_base if in_scope_basis(plan) else year.pool_paid)
    if reading.quota_on_payment == 1:
        paid = f"min({_times_factor('{base} × {ratio}', cut, False)}, {{quota_left}}{tail})"
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
    paid = _times_factor("{admitted} × {ratio}", cut, False)
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


def _flat_under_cap(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, cut: Reduction) -> None:
    if receipt.kind == CHRONIC:
        _yearly_deductible(b, claim, year, plan, receipt)
        field, listed, floor = f"chronic.ratio[{claim.disease}]", plan.chronic.ratio[claim.disease], _floor(claim, plan)
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
    _room(b, year, plan, receipt.limit_left)
    rated = _ratio(b, "ratio", field, listed, claim, plan, cut, stay=False, floor=floor)
    _capped(b, claim, plan, receipt, cut, "{AMOUNT} × {ratio}", rated)


def _dialysis(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, cut: Reduction) -> None:
    b.add(
        "base",
        "{eligible} - min({patient_each} × {sessions}, {eligible})",
        receipt.base,
        fields=("dialysis.patient_pays",),
        patient_each=money(plan.dialysis.patient_pays),
        sessions=counted(claim.sessions),
    )
    _room(b, year, plan, receipt.limit_left)
    rated = _ratio(b, "ratio", "dialysis.session_price", WHOLE, claim, plan, cut, stay=False, floor=0)
    _capped(b, claim, plan, receipt, cut, "{AMOUNT} × {ratio}", rated)
    b.add("hospital", "{total} - {package}", receipt.hospital, total=given(receipt.total))


def _maternity(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt) -> None:
    part, kind = plan.maternity, receipt.kind
    if kind == PRENATAL:
        b.add(
            "amount_due",
            "max({fixed} - {used_before}, 0)",
            receipt.limit_left,
            fields=("maternity.prenatal",),
            fixed=money(part.prenatal),
            used_before=given(year.prenatal_paid),
        )
    elif kind in (DELIVERY, CAESAREAN):
        name = "natural" if kind == DELIVERY else "caesarean"
        further = max(claim.babies - 1, 0)
        several = further > 0 and getattr(part, name) > 0
        b.add(
            "amount_due",
            "{fixed} + {each_further} × {further}" if several else "{fixed}",
            receipt.limit_left,
            fields=(f"maternity.{name}", "maternity.each_further_baby") if several else (f"maternity.{name}",),
            fixed=money(getattr(part, name)),
            each_further=money(part.each_further_baby),
            further=counted(further),
        )
    else:
        name = "miscarriage_early" if kind == MISCARRIAGE_EARLY else "miscarriage_late"
        b.add("amount_due", "{fixed}", receipt.limit_left, fields=(f"maternity.{name}",), fixed=money(getattr(part, name)))
    b.add("pool", "min({amount_due}, {limit})", receipt.pool, limit=given(receipt.base))
