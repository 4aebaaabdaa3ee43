"""Steps of an explanation for the layers after the basic one 后续各层: layer 2, supplement, aid, added layers, purses."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import (
    ACCOUNT_IN_SCOPE,
    BANDS_ABOVE_DEDUCTIBLE,
    BASE_IN_SCOPE_LEFT,
    EMPLOYEE,
    UNBOUNDED,
    WHOLE,
)
from openyibao.kernel.explained.steps import Builder, given, money, rate
from openyibao.kernel.plan import AddedLayer, Plan
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


def _above(before: str, base: str, deductible: str, ratio: str, started: bool, asks: bool, cumulative: bool) -> str:
    """The formula of a share above a yearly deductible on a running base; shorter where the year starts or nothing is asked."""
    if cumulative and started:
        later, earlier = f"max({{{before}}} + {{{base}}} - {{{deductible}}}, 0)", f"max({{{before}}} - {{{deductible}}}, 0)"
        return f"round({later} × {{{ratio}}}) - round({earlier} × {{{ratio}}})"
    if not asks:
        return f"round({{{base}}} × {{{ratio}}})"
    if not started:
        return f"round(max({{{base}}} - {{{deductible}}}, 0) × {{{ratio}}})"
    later, earlier = f"max({{{before}}} + {{{base}}} - {{{deductible}}}, 0)", f"max({{{before}}} - {{{deductible}}}, 0)"
    return f"round(({later} - {earlier}) × {{{ratio}}})"


def explain_civil(b: Builder, year: Year, plan: Plan, receipt: Receipt) -> None:
    """The civil-servant supplement 公务员医疗补助."""
    part, cumulative = plan.civil, plan.readings.cumulative_rounding == 1
    owed = _above("civil_before", "civil_base", "civil_deductible", "civil_ratio", year.civil_base > 0, part.deductible > 0, cumulative)
    extra = " + {pre}" if part.includes_first_self_pay else ""
    b.add(
        "civil_base",
        "{left_basic}" + extra,
        receipt.civil_base,
        left_basic=given(receipt.civil_base - (receipt.pre if extra else 0)),
        pre=given(receipt.pre),
    )
    b.add(
        "civil",
        f"min({owed}, max({{civil_cap}} - {{civil_used}}, 0))",
        receipt.civil,
        fields=("civil.deductible", "civil.ratio", "civil.cap"),
        civil_before=given(year.civil_base),
        civil_deductible=money(part.deductible),
        civil_ratio=rate(part.ratio),
        civil_cap=money(part.cap),
        civil_used=given(year.civil_paid),
    )


def explain_aid(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt, tilts: bool) -> None:
    """Medical aid 医疗救助 and tilted aid 倾斜救助."""
    part, who, cumulative = plan.aid, claim.aid, plan.readings.cumulative_rounding == 1
    owed = _above("aid_before", "aid_base", "aid_deductible", "aid_ratio", year.aid_base > 0, part.deductible[who] > 0, cumulative)
    cap = "min({aid_cap}, {aid_overall})" if plan.readings.aid_overall_cap == 1 else "{aid_cap}"
    b.add(
        "aid",
        f"min({owed}, max({cap} - {{aid_used}}, 0))",
        receipt.aid,
        fields=(f"aid.deductible[{who}]", f"aid.ratio[{who}]", f"aid.cap[{who}]"),
        aid_before=given(year.aid_base),
        aid_deductible=money(part.deductible[who]),
        aid_ratio=rate(part.ratio[who]),
        aid_cap=money(part.cap[who]),
        aid_overall=money(part.overall_cap),
        aid_used=given(year.aid_paid),
        aid_base=given(receipt.aid_base),
    )
    if not tilts:
        return
    before = 0 if plan.readings.tilt_per_claim == 1 else year.tilt_base
    b.add("tilt_base", "{aid_base} - {aid}", receipt.tilt_base, aid_base=given(receipt.aid_base))
    if plan.readings.tilt_whole_burden == 1:
        past = before + receipt.tilt_base > part.tilt_trigger
        already = "{tilt_before}" if before > part.tilt_trigger else "{tilt_before} × 0"
        formula = f"round(({{tilt_before}} + {{tilt_base}} - {already}) × {{tilt_ratio}})" if past else "{tilt_base} × 0"
    else:
        formula = _above("tilt_before", "tilt_base", "trigger", "tilt_ratio", before > 0, part.tilt_trigger > 0, False)
    b.add(
        "tilt",
        f"min({formula}, max({{tilt_cap}} - {{tilt_used}}, 0))",
        receipt.tilt,
        fields=("aid.tilt_trigger", "aid.tilt_ratio", "aid.tilt_cap"),
        tilt_before=given(before),
        trigger=money(part.tilt_trigger),
        tilt_ratio=rate(part.tilt_ratio),
        tilt_cap=money(part.tilt_cap),
        tilt_used=given(year.tilt_paid),
    )


def explain_topup(b: Builder, plan: Plan, receipt: Receipt) -> None:
    """Topping-up to the promised ratio 补齐."""
    paid = receipt.pool + receipt.large_first + receipt.large_second + receipt.catastrophic + receipt.civil + receipt.aid + receipt.tilt
    rest = (
        receipt.left_in_scope
        + receipt.topup
        + sum(
            pay
            for layer, pay in (
                (plan.added_1, receipt.added_1),
                (plan.added_2, receipt.added_2),
                (plan.added_3, receipt.added_3),
            )
            if layer.base == BASE_IN_SCOPE_LEFT
        )
    )
    b.add(
        "topup",
        "min(max(round({eligible} × {promised}) - {paid_so_far}, 0), {in_scope_left})",
        receipt.topup,
        fields=("poverty.promised_ratio",),
        promised=rate(plan.poverty.promised_ratio),
        paid_so_far=given(paid),
        in_scope_left=given(rest),
    )


def explain_added(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt) -> None:
    """Added layers 补充层, those that looked at the bill."""
    for number in (1, 2, 3):
        layer: AddedLayer = getattr(plan, f"added_{number}")
        base, paid = getattr(receipt, f"added_base_{number}"), getattr(receipt, f"added_{number}")
        if base == 0:
            continue
        formula = _above(
            "layer_before",
            "layer_base",
            "layer_deductible",
            "layer_ratio",
            getattr(year, f"added_base_{number}") > 0,
            layer.deductible > 0,
            False,
        )
        if claim.pre_existing == 1 and layer.pre_existing_factor != WHOLE:
            formula = f"round({formula} × {{layer_factor}})"
        root = f"added_{number}"
        b.add(
            root,
            f"min({formula}, max({{layer_cap}} - {{layer_used}}, 0))",
            paid,
            fields=(f"{root}.deductible", f"{root}.ratio", f"{root}.cap"),
            layer_before=given(getattr(year, f"added_base_{number}")),
            layer_base=given(base),
            layer_deductible=money(layer.deductible),
            layer_ratio=rate(layer.ratio),
            layer_factor=rate(layer.pre_existing_factor),
            layer_cap=money(layer.cap),
            layer_used=given(getattr(year, f"added_paid_{number}")),
        )


def explain_rest(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt) -> None:
    """The sum of the funds, the person's part, and the purses it comes from."""
    total = given(receipt.total)
    terms = [
        key
        for key in (
            "pool",
            "large_first",
            "large_second",
            "catastrophic",
            "civil",
            "aid",
            "tilt",
            "topup",
            "added_1",
            "added_2",
            "added_3",
        )
        if b.has(key)
    ]
    hospital = " - {hospital}" if b.has("hospital") else ""
    layers = " + ".join(f"{{{key}}}" for key in terms) or "0"
    if receipt.state:
        third = " - {third_party}" if b.has("third_party") else ""
        b.add(
            "state",
            f"{{total}}{hospital}{third} - ({layers})",
            receipt.state,
            fields=("epidemic.state_pays_rest",),
            total=total,
        )
        layers += " + {state}"
    b.add("fund", layers, receipt.fund)
    b.add("person", f"{{total}}{hospital} - {{fund}}", receipt.person, total=total)
    if claim.account_use == 0:
        b.add("cash", "{person}", receipt.cash)
        return
    payable = "{person}"
    if plan.account.scope == ACCOUNT_IN_SCOPE:
        payable = "min({person}, {in_scope_left})"
    left = given(receipt.left_in_scope + receipt.offsite_first)
    b.add(
        "account",
        f"min({payable}, {{account_left}})",
        receipt.account,
        fields=("account.scope",),
        account_left=given(max(year.account, 0)),
        in_scope_left=left,
    )
    if plan.account.family == 1:
        b.add(
            "family",
            f"min({payable} - {{account}}, {{family_left}})",
            receipt.family,
            fields=("account.family",),
            family_left=given(max(year.family, 0)),
            in_scope_left=left,
        )
        b.add("cash", "{person} - {account} - {family}", receipt.cash)
    else:
        b.add("cash", "{person} - {account}", receipt.cash)
