"""A claim's figures as its page shows them 展示: who it is about, lines with their split, the result as layers and as a waterfall."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openyibao.bureau.claims import undoing
from openyibao.bureau.claims.models import Claim
from openyibao.bureau.claims.settling import Tried
from openyibao.bureau.claims.stages import APPROVED, ASKERS, FUNDS, HEADINGS, PAID, SETTLED, UNDOING, UNDONE_BY
from openyibao.bureau.enrolment.queries import person_of
from openyibao.bureau.settlement.models import Layer, Line, Settlement
from openyibao.bureau.staff.rights import Rights


def lang() -> str:
    """zh or en, as the page is shown."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def person(psn_no: str) -> dict[str, Any]:
    """Who a claim is about."""
    found = person_of(psn_no)
    return {"psn_no": found.psn_no, "name": found.name, "brdy": found.brdy, "admdvs": found.admdvs, "gend": found.gend}


def lines(row: Claim, trial: Tried | None) -> list[dict[str, Any]]:
    """The lines: split by the law where there is an answer, else as entered."""
    words = dict(HEADINGS)
    if row.setl_id is not None:
        mdtrt_id = Settlement.objects.filter(pk=row.setl_id).values_list("mdtrt_id", flat=True).first()
        kept = Line.objects.filter(mdtrt_id=mdtrt_id).order_by("id")
        return [
            {"name": one.name, "code": one.hilist_code, "words": words.get(one.med_chrgitm_type[:2], ""), "fee": one.fee,
             "full": one.full, "over": one.over, "pre": one.pre, "within": one.within} for one in kept
        ]  # fmt: skip
    if trial is not None and trial.lines:
        return [{**one, "words": words.get(one["heading"], "")} for one in trial.lines]
    return [
        {"name": one.name, "code": one.code, "words": words.get(one.heading, ""), "fee": one.amount, "full": one.full, "over": one.over,
         "pre": one.pre, "within": one.amount - one.full - one.over - one.pre} for one in row.lines.order_by("place")
    ]  # fmt: skip


def result(row: Claim, trial: Tried | None) -> dict[str, Any] | None:
    """What is paid, by layer: settled, or as the law answers now; None where there is no answer yet."""
    if row.setl_id is not None:
        one = Settlement.objects.get(pk=row.setl_id)
        funds = list(Layer.objects.filter(setl_id=row.setl_id).order_by("id").values_list("name", "fen"))
        figures = {"total": one.total, "full": one.full, "over": one.over, "pre": one.pre, "within": one.within,
                   "deductible": one.deductible, "fund": one.fund, "person": one.person}
    elif trial is not None and trial.receipt is not None:
        receipt, funds = trial.receipt, trial.funds
        figures = {"total": receipt.total, "full": receipt.full, "over": receipt.over, "pre": receipt.pre, "within": receipt.within,
                   "deductible": receipt.deductible, "fund": receipt.fund, "person": receipt.person}
    else:
        return None
    paid = [[str(FUNDS.get(name, name)), -fen] for name, fen in funds]
    rows = [[_("票据金额"), figures["total"]], *paid, [_("个人负担"), figures["person"]]]
    chart = {"columns": [_("层次"), _("金额")], "unit": "fen", "rows": rows}
    return {**figures, "funds": funds, "chart": chart}


def undo(row: Claim, rights: Rights) -> dict[str, Any]:
    """What the page offers on taking the settlement back: asking for it, or deciding what another asked for, with its reason."""
    return {
        "ask": row.state in (APPROVED, SETTLED) and bool(rights.acts & ASKERS),
        "paid": row.state == PAID and bool(rights.acts & ASKERS),
        "waits": row.state == UNDOING, "decide": row.state == UNDOING and UNDONE_BY in rights.acts,
        "asked_here": row.state == UNDOING and undoing.asker(row) == rights.login,
        "reason": undoing.reason(row) if row.state == UNDOING else "",
    }  # fmt: skip
