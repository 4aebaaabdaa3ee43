"""The public's own claims 我的报销: how far each is, and a claim entered by oneself. They decide nothing."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openyibao.bureau.claims import actions, forms, scans, shown_as
from openyibao.bureau.claims import queries as claims_desk
from openyibao.bureau.claims.models import Claim
from openyibao.bureau.claims.promise import promise
from openyibao.bureau.claims.stages import DRAFT, MED_TYPES, RETURNED, ROW
from openyibao.bureau.claims.views import number, sent
from openyibao.bureau.frontdesk.lists import OWN_CLAIMS
from openyibao.bureau.pages.shown import shown
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.asking import asks
from openyibao.bureau.staff.rights import Rights, reader

CHANGED = (DRAFT, RETURNED)
"""States in which a person changes the own application."""


@asks("own.see")
def claims(request: HttpRequest) -> HttpResponseBase:
    """My claims."""
    return shown(request, OWN_CLAIMS, claims_desk.claims_of(reader(request).psn_no), "frontdesk/claims.html")


def own_claim(rights: Rights, pk: int) -> Claim:
    """One of mine. Raises Refused CLAIM-20."""
    row = claims_desk.claims_of(rights.psn_no).filter(pk=pk).first() if rights.psn_no else None
    if row is None:
        raise Refused("CLAIM-20", "没有这笔报销申请，或不是您本人的。", "There is no such claim of yours.", place="claim",
                      next_zh="请从“我的报销”里打开。", next_en="Open it from your claims.")
    return row


def may_change(row: Claim, rights: Rights) -> bool:
    """Whether the person may change it: the own application, while nobody reviews it."""
    return row.own and row.entered_by == rights.login and row.state in CHANGED


@asks("own.see")
def apply(request: HttpRequest) -> HttpResponse:
    """A new claim of mine."""
    rights = reader(request)

    def save(papers: Any) -> int:
        """As a new application."""
        return actions.entered(psn_no=rights.psn_no, papers=papers, by=rights, name=request.user.name, at=timezone.now(), own=True)

    return form_page(request, save, forms.today_first(timezone.localdate()), {"holder": request.user.name}, [])


@asks("own.see")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an application of mine."""
    rights = reader(request)
    row = own_claim(rights, pk)
    if not may_change(row, rights):
        return HttpResponseRedirect(reverse("own-claim", args=[pk]))

    def save(papers: Any) -> int:
        """Over what it said; what the clerk entered stays the clerk's."""
        version = number(request.POST.get("version", ""))
        actions.changed(pk=pk, papers=papers, by=rights, name=request.user.name, version=version, at=timezone.now())
        return pk

    return form_page(request, save, forms.care_of(row), forms.payee_of(row), forms.invoices_of(row), row)


def form_page(
    request: HttpRequest, save: Callable[[Any], int], care: dict[str, Any], payee: dict[str, Any], invoices: list[dict[str, Any]],
    row: Claim | None = None,
) -> HttpResponse:  # fmt: skip
    """The form, saved when all its parts hold."""
    said, refusal = request.POST or None, None
    first, to = forms.CareForm(said, initial=care), forms.PayeeForm(said, initial=payee)
    billed = forms.InvoiceSet(said, initial=invoices, prefix="invoice")
    if request.method == "POST" and all([first.is_valid(), to.is_valid(), billed.is_valid()]):
        try:
            pk = save(forms.entered(first, to, billed))
            messages.success(request, _("已保存。请上传票据照片，再提交。"))
            return HttpResponseRedirect(reverse("own-claim", args=[pk]))
        except Refused as found:
            refusal = found
    more = {"form": first, "payee": to, "invoices": billed, "row": row, "refusal": refusal}
    return render(request, "frontdesk/apply.html", more, status=400 if refusal else 200)


@asks("own.see")
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim of mine: how far it is, what is missing, what was paid."""
    rights = reader(request)
    row = own_claim(rights, pk)
    if request.method == "POST":
        return done(request, row, rights)
    today = timezone.localdate()
    return render(request, "frontdesk/claim.html", {
        "row": row, "steps": ROW, "at": claims_desk.place_in_row(row), "events": claims_desk.happened(row, public=True),
        "promise": promise(), "late": claims_desk.is_late(row, today),
        "invoices": row.invoices.order_by("pk"), "scans": row.scans.order_by("pk"),
        "scan_form": forms.ScanForm(), "may_edit": may_change(row, rights), "result": shown_as.result(row, None),
        "med_type": dict(MED_TYPES).get(row.med_type, row.med_type),
    })  # fmt: skip


def done(request: HttpRequest, row: Claim, rights: Rights) -> HttpResponse:
    """Do what the button said."""
    said, at = request.POST, timezone.now()
    match said.get("do"):
        case "submit":
            actions.submitted(pk=row.pk, by=rights, name=request.user.name, version=number(said.get("version", "")), at=at)
            messages.success(request, _("已提交。每到一步都会通知您。"))
        case "scan":
            form = forms.ScanForm(said, request.FILES)
            if form.is_valid():
                file = form.cleaned_data["file"]
                content = file.read(scans.LARGEST + 1)
                actions.scanned(pk=row.pk, what=form.cleaned_data["what"], name=file.name, content=content, by=rights, at=at,
                                home=settings.HOME)
            else:
                messages.error(request, _("请选择材料种类和文件。"))
        case "unscan":
            actions.unscanned(pk=row.pk, scan=number(said.get("scan", "")), by=rights, at=at)
    return HttpResponseRedirect(reverse("own-claim", args=[row.pk]))


@asks("own.see")
def scan(request: HttpRequest, pk: int, scan: int) -> HttpResponse:
    """A paper of mine."""
    row = own_claim(reader(request), pk)
    return sent(claims_desk.scan_of(row.pk, scan))
