"""The public's own pages 我的医保, and the clerks' page of objections. They decide nothing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openyibao.bureau.frontdesk import actions, queries
from openyibao.bureau.frontdesk.lists import KINDS, OBJECTIONS, OWN_BILLS, OWN_LOOKS, WORDS
from openyibao.bureau.frontdesk.models import Objection
from openyibao.bureau.frontdesk.words import cover_words, filing_words, identity_words, limit_rows
from openyibao.bureau.pages.shown import shown
from openyibao.bureau.policydesk.shelf import shelf
from openyibao.bureau.staff.actions import looked
from openyibao.bureau.staff.asking import asks, looks_at
from openyibao.bureau.staff.rights import reader
from openyibao.bureau.statement import telling
from openyibao.bureau.statement.proving import Proved, proved
from openyibao.bureau.statement.queries import whole_bill

OWN_PURPOSE = "本人查询"


@asks("own.see")
def own(request: HttpRequest) -> HttpResponse:
    """My cover 我的参保: class, limits left, dues."""
    rights, day = reader(request), timezone.localdate()
    found = queries.own_of(rights.psn_no, day)
    looked(officer=rights.login, psn_no=found.psn_no, purpose=OWN_PURPOSE, what="own", at=timezone.now())
    return render(request, "frontdesk/own.html", {
        "own": found, "covers": [cover_words(one) for one in found.covers], "limits": limit_rows(found.limits),
        "identities": [identity_words(one) for one in found.identities], "filings": [filing_words(one) for one in found.filings],
        "year": day.year, "unpaid": sum(one.employer + one.person for one in found.unpaid),
    })  # fmt: skip


@asks("own.see")
def bills(request: HttpRequest) -> HttpResponseBase:
    """My bills 我的结算单."""
    rights = reader(request)
    return shown(request, OWN_BILLS, queries.bills_of(rights.psn_no), "frontdesk/bills.html")


@asks("own.see")
def told(request: HttpRequest, setl_id: int) -> HttpResponse:
    """One bill of mine in plain words, and the button "this is wrong"."""
    rights, at = reader(request), timezone.now()
    if request.method == "POST":
        actions.objected(setl_id=setl_id, what=request.POST.get("what", "other")[:12], text=request.POST.get("text", ""), by=rights, at=at)
        messages.success(request, _("已收到。经办人员核查后会在这里答复您。"))
        return HttpResponseRedirect(reverse("own-told", args=[setl_id]))
    whole = whole_bill(queries.bills_of(rights.psn_no), setl_id)
    looked(officer=rights.login, psn_no=rights.psn_no, purpose=OWN_PURPOSE, what="bill", at=at)
    found = proved(whole, shelf())
    layers = telling.told_layers(found.layers, found.book) if isinstance(found, Proved) else []
    said = queries.objections_to(setl_id, rights.psn_no)
    return render(request, "frontdesk/told.html", {
        "whole": whole, "bill": whole.bill, "layers": layers, "state": telling.state_of(whole), "kinds": KINDS,
        "events": queries.events(said), "open": any(one.state == "open" for one in said),
        "outside": whole.bill.full + whole.bill.over + whole.bill.pre,
    })  # fmt: skip


@asks("own.see")
def looks(request: HttpRequest) -> HttpResponseBase:
    """Who looked at me 谁查过我."""
    return shown(request, OWN_LOOKS, queries.looks_of(reader(request).psn_no), "frontdesk/looks.html")


@asks("case.answer")
def objections(request: HttpRequest) -> HttpResponseBase:
    """Objections of the area 参保人异议."""
    return shown(request, OBJECTIONS, queries.objections(reader(request)))


@asks("case.answer")
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection, answered here."""
    row = queries.objection(pk, reader(request))
    if request.method == "POST" and "answer" in request.POST:
        actions.answered(pk=pk, answer=request.POST["answer"], by=reader(request), at=timezone.now())
        messages.success(request, _("已答复，参保人可以看到。"))
        return HttpResponseRedirect(reverse("objection", args=[pk]))
    return objection_page(request, psn_no=row.psn_no, row=row)


@looks_at
def objection_page(request: HttpRequest, psn_no: str, row: Objection) -> HttpResponse:
    """What the person says, beside the bill."""
    more: dict[str, Any] = {"row": row, "what": WORDS.get(row.what, row.what)}
    return render(request, "frontdesk/objection.html", more)
