"""Steps of an explanation up to the deductible: what is in scope, and what of the deductible is due."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import DAY_SURGERY, DIALYSIS, REPEAT_FACTOR, REPEAT_SUBTRACT, REPEAT_TABLE, RETIRED, UNBOUNDED, WHOLE
from openyibao.kernel.explained.steps import Builder, counted, given, money, rate
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.rounding import share
from openyibao.kernel.settle.offsite import offsite_class, reduction
from openyibao.kernel.settle.outpatient import listed_level
from openyibao.kernel.settle.stay import deductibles_asked, is_transfer
from openyibao.kernel.year import Year


def explain_scope(b: Builder, claim: Claim, plan: Plan, receipt: Receipt, touches: bool) -> None:
    """From the total to what the funds may look at 可报金额."""
    whole = receipt.within == claim.total and claim.within != claim.total
    fields = ("epidemic.whole_fee",) if whole else ()
    b.add(
        "within",
        "{total} - {full} - {over} - {pre}",
        receipt.within,
        fields=fields,
        total=given(receipt.total),
        full=given(receipt.full),
        over=given(receipt.over),
        pre=given(receipt.pre),
    )
    looked_at = "within"
    if receipt.kind == DIALYSIS:
        looked_at = "package"
        b.add(
            "package",
            "min({total} - {full}, {session_price} × {sessions})",
            receipt.eligible + receipt.third_party + receipt.offsite_first,
            fields=("dialysis.session_price",),
            total=given(receipt.total),
            full=given(receipt.full),
            session_price=money(plan.dialysis.session_price),
            sessions=counted(claim.sessions),
        )
    terms = [f"{{{looked_at}}}"]
    if claim.third_party:
        b.add("third_party", f"min({{third}}, {{{looked_at}}})", receipt.third_party, third=given(claim.third_party))
        terms.append("{third_party}")
    cut = reduction(claim, plan, touches)
    if cut.first:
        where = offsite_class(claim, plan)
        b.add(
            "offsite_first",
            f"round(({' - '.join(terms)}) × {{first_share}})",
            receipt.offsite_first,
            fields=(f"offsite.value[{where}]", f"offsite.method[{where}]"),
            first_share=rate(cut.first),
        )
        terms.append("{offsite_first}")
    b.add("eligible", " - ".join(terms), receipt.eligible)
    if receipt.consultation:
        b.add(
            "consultation",
            "min({consultation_fee}, {eligible})",
            receipt.consultation,
            fields=("poverty.consultation_free",),
            consultation_fee=given(claim.consultation),
        )


def explain_stay_deductible(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt) -> None:
    """The deductible of a stay 住院起付线: level, admission number, status, long stays, transfer, yearly limit."""
    waived = claim.kind == DAY_SURGERY and plan.pool.day_surgery_no_deductible == 1
    free = claim.continued == 1 or (claim.epidemic == 1 and plan.epidemic.no_deductible == 1)
    if waived or free:
        field = "pool.day_surgery_no_deductible" if waived else "epidemic.no_deductible"
        b.add("standard", "{set_by_policy}", 0, fields=() if claim.continued else (field,), set_by_policy=money(0))
    else:
        _stay_standard(b, claim, year, plan, receipt)
    bear(b, receipt)


def _stay_standard(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt) -> None:
    pool, level = plan.pool, claim.level
    transfer = is_transfer(claim, year, plan)
    admission = 1 if transfer and plan.readings.transfer_unreduced == 1 else receipt.admission
    name, current = _repeated(b, plan, level, admission)
    if claim.status == RETIRED and (pool.retired_factor != WHOLE or pool.retired_delta != 0):
        product = b.rounded + "({" + name + "} × {retired_factor})" if pool.retired_factor != WHOLE else "{" + name + "}"
        changed = max(share(current, pool.retired_factor, plan.rounding) + pool.retired_delta, 0)
        current = b.add(
            "for_retired",
            f"max({product} + {{retired_delta}}, 0)",
            changed,
            fields=("pool.retired_factor", "pool.retired_delta"),
            retired_factor=rate(pool.retired_factor),
            retired_delta=money(pool.retired_delta),
        )
        name = "for_retired"
    if transfer:
        earlier = year.stay_due if plan.readings.transfer_nominal_paid == 1 else year.stay_borne
        higher = level > year.stay_level
        formula = "max({" + name + "} - {earlier}, 0)" if higher else "{" + name + "} × 0"
        current = b.add(
            "for_transfer",
            formula,
            max(current - earlier, 0) if higher else 0,
            fields=("pool.transfer_window",),
            earlier=given(earlier),
        )
        name = "for_transfer"
    else:
        asked = deductibles_asked(claim, plan)
        if asked != 1:
            current = b.add(
                "for_long",
                "{" + name + "} × {periods}",
                current * asked,
                fields=("pool.long_bed_period",),
                periods=counted(asked),
            )
            name = "for_long"
    if pool.deductible_year_max < UNBOUNDED:
        b.add(
            "standard",
            "min({" + name + "}, max({year_max} - {paid_before}, 0))",
            receipt.standard,
            fields=("pool.deductible_year_max",),
            year_max=money(pool.deductible_year_max),
            paid_before=given(year.inpatient_deductible),
        )
    else:
        b.add("standard", "{" + name + "}", receipt.standard)


def _repeated(b: Builder, plan: Plan, level: int, admission: int) -> tuple[str, int]:
    """The listed deductible, or that of a later admission; returns the step's key and figure."""
    pool = plan.pool
    listed = b.add(
        "listed",
        "{set_by_policy}",
        pool.deductible[level],
        fields=(f"pool.deductible[{level}]",),
        set_by_policy=money(pool.deductible[level]),
    )
    if admission <= 1 or pool.repeat_levels[level] == 0 or pool.repeat_kind == 0:
        return "listed", listed
    if pool.repeat_kind == REPEAT_FACTOR:
        figure = share(listed, pool.repeat_factor, plan.rounding)
        b.add(
            "after_repeat",
            "round({listed} × {repeat_factor})",
            figure,
            fields=("pool.repeat_factor",),
            repeat_factor=rate(pool.repeat_factor),
        )
        return "after_repeat", figure
    if pool.repeat_kind == REPEAT_SUBTRACT:
        figure = min(listed, max(listed - pool.repeat_subtract * (admission - 1), pool.repeat_minimum))
        b.add(
            "after_repeat",
            "min({listed}, max({listed} - {repeat_subtract} × {times}, {repeat_minimum}))",
            figure,
            fields=("pool.repeat_subtract", "pool.repeat_minimum"),
            repeat_subtract=money(pool.repeat_subtract),
            repeat_minimum=money(pool.repeat_minimum),
            times=counted(admission - 1),
        )
        return "after_repeat", figure
    assert pool.repeat_kind == REPEAT_TABLE
    field = "repeat_second" if admission == 2 else "repeat_third"
    figure = getattr(pool, field)[level]
    b.add("after_repeat", "{set_by_policy}", figure, fields=(f"pool.{field}[{level}]",), set_by_policy=money(figure))
    return "after_repeat", figure


def explain_outpatient_deductible(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt) -> None:
    """The outpatient deductible 门诊起付线: per visit, or joint over levels and the year."""
    outpatient, level = plan.outpatient, listed_level(claim.level, plan)
    column = "deductible_retired" if claim.status == RETIRED else "deductible_active"
    listed = getattr(outpatient, column)[level]
    fields = (f"outpatient.{column}[{level}]", "outpatient.per_visit")
    if claim.epidemic == 1 and plan.epidemic.no_deductible == 1:
        b.add("standard", "{set_by_policy}", 0, fields=("epidemic.no_deductible",), set_by_policy=money(0))
    elif outpatient.per_visit == 1:
        b.add("standard", "{listed}", receipt.standard, fields=fields, listed=money(listed))
    elif outpatient.deductible_year_max < UNBOUNDED:
        b.add(
            "standard",
            "min(max({listed} - {paid_before}, 0), max({year_max} - {paid_before}, 0))",
            receipt.standard,
            fields=(*fields, "outpatient.deductible_year_max"),
            listed=money(listed),
            paid_before=given(year.outpatient_deductible),
            year_max=money(outpatient.deductible_year_max),
        )
    else:
        b.add(
            "standard",
            "max({listed} - {paid_before}, 0)",
            receipt.standard,
            fields=fields,
            listed=money(listed),
            paid_before=given(year.outpatient_deductible),
        )
    bear(b, receipt)


def bear(b: Builder, receipt: Receipt) -> None:
    """What is borne of the deductible, and what goes on above it."""
    before = "({eligible} - {consultation})" if b.has("consultation") else "{eligible}"
    b.add("deductible", f"min({before}, {{standard}})", receipt.deductible)
    b.add("base", f"{before} - {{deductible}}", receipt.base)
