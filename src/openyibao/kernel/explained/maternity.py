"""Steps of a maternity bill 生育定额."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import (
    CAESAREAN,
    DELIVERY,
    MISCARRIAGE_EARLY,
    PRENATAL,
)
from openyibao.kernel.explained.steps import Builder, counted, given, money
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.year import Year


def explain_maternity(b: Builder, claim: Claim, year: Year, plan: Plan, receipt: Receipt) -> None:
    """A fixed maternity amount 生育定额."""
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
