"""Steps after the second layer 后续各层: supplement, aid, added layers, and the purses of the person's part."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import (
    ACCOUNT_IN_SCOPE,
    BASE_IN_SCOPE_LEFT,
    DIALYSIS,
    WHOLE,
)
from openyibao.kernel.explained.steps import Builder, given, money, rate
from openyibao.kernel.plan import AddedLayer, Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.settle.account import account_closed
from openyibao.kernel.settle.added import is_inpatient_type
from openyibao.kernel.settle.aid import promised
from openyibao.kernel.year import Year


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
    extra = " + {pre}" if part.includes_first_self_pay and receipt.kind != DIALYSIS else ""
    b.add("civil_base", still_left(b, plan) + extra, receipt.civil_base, pre=given(receipt.pre))
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
    b.add("aid_base", still_left(b, plan), receipt.aid_base)
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
    )
    if not tilts:
        return
    before = 0 if plan.readings.tilt_per_claim == 1 else year.tilt_base
    b.add("tilt_base", "{aid_base} - {aid}", receipt.tilt_base)
    if plan.readings.tilt_whole_burden == 1:
        past = before + receipt.tilt_base > part.tilt_trigger
        already = "{tilt_before}" if before > part.tilt_trigger else "{tilt_before} × 0"
        formula = f"round(({{tilt_before}} + {{tilt_base}} - {already}) × {{tilt_ratio}})" if past else "{tilt_base} × 0"
    else:
        formula = _above("tilt_before", "tilt_base", "trigger", "tilt_ratio", before > 0, part.tilt_trigger > 0, False)
    b.add(
        "tilt",
        f"min({formula}, {{tilt_base}}, max({{tilt_cap}} - {{tilt_used}}, 0))",
        receipt.tilt,
        fields=("aid.tilt_trigger", "aid.tilt_ratio", "aid.tilt_cap"),
        tilt_before=given(before),
        trigger=money(part.tilt_trigger),
        tilt_ratio=rate(part.tilt_ratio),
        tilt_cap=money(part.tilt_cap),
        tilt_used=given(year.tilt_paid),
    )


def explain_topup(b: Builder, claim: Claim, plan: Plan, receipt: Receipt) -> None:
    """Topping-up to the promised ratio 补齐, counted on the in-scope amount or on the whole fee."""
    whole, measured, fen = plan.poverty.whole_fee == 1, "{eligible}", receipt.eligible
    if whole and receipt.kind == DIALYSIS:
        measured, fen = "{eligible} + {offsite_first}" if b.has("offsite_first") else "{eligible}", receipt.eligible + receipt.offsite_first
    elif whole:
        measured, fen = "{total} - {third_party}" if b.has("third_party") else "{total}", receipt.total - receipt.third_party
    b.add("topup_base", measured, fen, fields=("poverty.whole_fee",), total=given(receipt.total))
    owed = f"max(round({{topup_base}} × {{promised}}) - ({' + '.join(paid_keys(b))}), 0)"
    ratio = "promised_ratio" if is_inpatient_type(receipt.kind) else "promised_chronic"
    b.add(
        "topup",
        owed if whole else f"min({owed}, {still_left(b, plan)})",
        receipt.topup,
        fields=(f"poverty.{ratio}",),
        promised=rate(promised(claim, receipt.kind, plan)),
    )


def paid_keys(b: Builder) -> list[str]:
    """The layers that have paid so far, in braces."""
    keys = ("pool", "large_first", "large_second", "catastrophic", "civil", "aid", "tilt", "topup")
    return [f"{{{key}}}" for key in keys if b.has(key)]


def before_topup(b: Builder) -> str:
    """The formula of the in-scope amount that the layers before topping-up have left."""
    formula = "{left_basic}"
    for key in ("large_first", "large_second", "catastrophic"):
        formula += f" - {{{key}}}" if b.has(key) else ""
    if b.has("civil"):
        formula = f"max({formula} - {{civil}}, 0)"
    for key in ("aid", "tilt"):
        formula += f" - {{{key}}}" if b.has(key) else ""
    return formula


def still_left(b: Builder, plan: Plan) -> str:
    """The formula of the in-scope amount that the layers so far have left: what basic insurance left, less each later payment."""
    formula = before_topup(b)
    if b.has("topup"):
        formula = f"max({formula} - {{topup}}, 0)" if plan.poverty.whole_fee == 1 else f"{formula} - {{topup}}"
    for key, layer in (("added_1", plan.added_1), ("added_2", plan.added_2), ("added_3", plan.added_3)):
        formula += f" - {{{key}}}" if b.has(key) and layer.base == BASE_IN_SCOPE_LEFT else ""
    return formula


def off_list_left(b: Builder, plan: Plan) -> str:
    """The formula of the off-list items that a layer may look at: without what topping-up to a share of the whole fee paid of them."""
    if b.has("topup") and plan.poverty.whole_fee == 1:
        return f"max(min({{off_list}}, {{full}}) - max({{topup}} - ({before_topup(b)}), 0), 0)"
    return "min({off_list}, {full})"


def explain_added(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt) -> None:
    """Added layers 补充层, those that looked at the bill."""
    for number in (1, 2, 3):
        layer: AddedLayer = getattr(plan, f"added_{number}")
        base, paid = getattr(receipt, f"added_base_{number}"), getattr(receipt, f"added_{number}")
        if base == 0:
            continue
        formula = _above(
            "layer_before",
            f"layer_base_{number}",
            "layer_deductible",
            "layer_ratio",
            getattr(year, f"added_base_{number}") > 0,
            layer.deductible > 0,
            False,
        )
        if claim.pre_existing == 1 and layer.pre_existing_factor != WHOLE:
            formula = f"round({formula} × {{layer_factor}})"
        root = f"added_{number}"
        inside = layer.base == BASE_IN_SCOPE_LEFT
        looked_at = still_left(b, plan) if inside else off_list_left(b, plan)
        b.add(f"layer_base_{number}", looked_at, base, off_list=given(claim.off_list), full=given(receipt.full))
        b.add(
            root,
            f"min({formula}, max({{layer_cap}} - {{layer_used}}, 0))",
            paid,
            fields=(f"{root}.deductible", f"{root}.ratio", f"{root}.cap"),
            layer_before=given(getattr(year, f"added_base_{number}")),
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
        elsewhere = " - {third_party}" if b.has("third_party") else ""
        b.add(
            "state",
            f"{{total}}{hospital}{elsewhere} - ({layers})",
            receipt.state,
            fields=("epidemic.state_pays_rest",),
            total=total,
        )
        layers += " + {state}"
    b.add("fund", layers, receipt.fund)
    b.add("person", f"{{total}}{hospital} - {{fund}}", receipt.person, total=total)
    if claim.account_use == 0 or account_closed(receipt.outcome):
        b.add("cash", "{person}", receipt.cash)
        return
    payable, owed_elsewhere = "{person}", given(receipt.third_party)
    if receipt.third_party:
        payable = "({person} - {third})"
    if plan.account.scope == ACCOUNT_IN_SCOPE:
        payable = f"min({payable}, {{in_scope_left}})"
    left = given(receipt.left_in_scope + receipt.offsite_first)
    b.add(
        "account",
        f"min({payable}, {{account_left}})",
        receipt.account,
        fields=("account.scope",),
        account_left=given(max(year.account, 0)),
        in_scope_left=left,
        third=owed_elsewhere,
    )
    if plan.account.family == 1:
        b.add(
            "family",
            f"min({payable} - {{account}}, {{family_left}})",
            receipt.family,
            fields=("account.family",),
            family_left=given(max(year.family, 0)),
            in_scope_left=left,
            third=owed_elsewhere,
        )
        b.add("cash", "{person} - {account} - {family}", receipt.cash)
    else:
        b.add("cash", "{person} - {account}", receipt.cash)
