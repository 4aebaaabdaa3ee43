"""Pages of paper claims 零星报销: the list, entry, one claim with its papers and what the law answers, reviews. They decide nothing."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openyibao.bureau.claims import actions, forms, paying, queries, scans, settling, shown_as, undoing
from openyibao.bureau.claims.lists import CLAIMS
from openyibao.bureau.claims.models import Claim, Scan
from openyibao.bureau.claims.promise import promise
from openyibao.bureau.claims.sealed import cipher, opened
from openyibao.bureau.claims.stages import EDITED, MED_TYPES, REASONS, REVIEWS, ROW, SCHEMES, SUBMITTED
from openyibao.bureau.enrolment.queries import by_certificate, person_of
from openyibao.bureau.pages.shown import shown
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.actions import looked
from openyibao.bureau.staff.asking import asks, looks_at, purpose_for
from openyibao.bureau.staff.rights import Rights, reader

CERTIFICATE = 18
"""Signs of the longest identity number; person numbers are longer."""
LONGEST_NUMBER = 30


@asks("claim.see")
def claims(request: HttpRequest) -> HttpResponseBase:
    """The claims of the reader's area."""
    rights = reader(request)
    figures = queries.standing(rights, timezone.localdate())
    return shown(request, CLAIMS, queries.within(rights), "claims/claims.html", {"figures": figures})


@asks("claim.enter")
def find(request: HttpRequest) -> HttpResponse:
    """Whose claim: by person number or certificate."""
    form, refusal = forms.FindForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        who = form.cleaned_data["who"].strip()
        try:
            person = person_of(who) if len(who) > CERTIFICATE else by_certificate(cipher(), who)
            return HttpResponseRedirect(reverse("claim-enter", args=[person.psn_no]))
        except Refused as found:
            refusal = found
    return render(request, "claims/find.html", {"form": form, "refusal": refusal}, status=400 if refusal else 200)


@asks("claim.enter")
def enter(request: HttpRequest, psn_no: str) -> HttpResponse:
    """Enter a claim for somebody of the reader's area."""
    actions.need_home(person_of(psn_no).admdvs, reader(request))
    return enter_page(request, psn_no=psn_no)


@looks_at
def enter_page(request: HttpRequest, psn_no: str) -> HttpResponse:
    """The empty form."""

    def save(papers: Any) -> int:
        """As a new claim."""
        return actions.entered(psn_no=psn_no, papers=papers, by=reader(request), name=request.user.name, at=timezone.now())

    return form_page(request, psn_no, save, forms.today_first(timezone.localdate()), {"holder": person_of(psn_no).name}, [], [])


@asks("claim.enter")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a claim says."""
    row = queries.one(pk, reader(request))
    return edit_page(request, psn_no=row.psn_no, row=row)


@looks_at
def edit_page(request: HttpRequest, psn_no: str, row: Claim) -> HttpResponse:
    """The form with what the claim says now."""
    if row.state not in EDITED:
        return HttpResponseRedirect(reverse("claim", args=[row.pk]))

    def save(papers: Any) -> int:
        """Over what it said before."""
        version = number(request.POST.get("version", ""))
        actions.changed(pk=row.pk, papers=papers, by=reader(request), name=request.user.name, version=version, at=timezone.now())
        return int(row.pk)

    return form_page(request, psn_no, save, forms.care_of(row), forms.payee_of(row), forms.invoices_of(row), forms.lines_of(row), row)


def form_page(
    request: HttpRequest, psn_no: str, save: Callable[[Any], int], care: dict[str, Any], payee: dict[str, Any],
    invoices: list[dict[str, Any]], lines: list[dict[str, Any]], row: Claim | None = None,
) -> HttpResponse:  # fmt: skip
    """The four parts of a claim's form; saved when all of them hold."""
    said, refusal = request.POST or None, None
    first = forms.DeskForm(said, initial=care)
    to = forms.PayeeForm(said, initial=payee)
    billed = forms.InvoiceSet(said, initial=invoices, prefix="invoice")
    charged = forms.LineSet(said, initial=lines, prefix="line")
    if request.method == "POST" and all([first.is_valid(), to.is_valid(), billed.is_valid(), charged.is_valid()]):
        try:
            pk = save(forms.entered(first, to, billed, charged))
            messages.success(request, _("已保存。请上传材料影像，核对后提交初审。"))
            return HttpResponseRedirect(reverse("claim", args=[pk]))
        except Refused as found:
            refusal = found
    more = {"form": first, "payee": to, "invoices": billed, "lines": charged, "row": row, "refusal": refusal}
    more["person"] = shown_as.person(psn_no)
    return render(request, "claims/form.html", more, status=400 if refusal else 200)


@asks("claim.see")
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim: its papers, what the law answers, its steps; what the reader may do with it is done here."""
    row = queries.one(pk, reader(request))
    if request.method == "POST" and "do" in request.POST:
        return done(request, row)
    return claim_page(request, psn_no=row.psn_no, row=row)


def number(text: str) -> int:
    """A number of a form; -1 for what is none, which no row has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else -1


def done(request: HttpRequest, row: Claim) -> HttpResponse:
    """Do what the button said, then show the claim again; a refusal is shown on it."""
    said, rights, at = request.POST, reader(request), timezone.now()
    who: dict[str, Any] = {"by": rights, "name": request.user.name, "at": at}
    seen: dict[str, Any] = {**who, "version": number(said.get("version", ""))}
    stage = said.get("stage", "")
    match said["do"]:
        case "submit":
            actions.submitted(pk=row.pk, **seen)
        case "pass":
            actions.passed(pk=row.pk, stage=stage, note=said.get("note", ""), **seen)
        case "return":
            actions.returned(pk=row.pk, stage=stage, missing=said.get("missing", ""), **seen)
        case "reject":
            actions.rejected(pk=row.pk, stage=stage, because=said.get("because", ""), clause=said.get("clause", ""), **seen)
        case "ask-undo":
            undoing.asked(pk=row.pk, because=said.get("because", ""), clause=said.get("clause", ""), **seen)
        case "undo":
            undoing.undone(pk=row.pk, note=said.get("note", ""), **seen)
        case "keep":
            undoing.kept(pk=row.pk, because=said.get("because", ""), **seen)
        case "scan":
            rights.need("claim.enter")
            form = forms.ScanForm(said, request.FILES)
            if form.is_valid():
                keep_scan(form, row.pk, rights)
            else:
                messages.error(request, _("请选择材料种类和文件。"))
        case "unscan":
            rights.need("claim.enter")
            actions.unscanned(pk=row.pk, scan=number(said.get("scan", "")), by=rights, at=at)
        case "account":
            payee = forms.PayeeForm(said)
            if payee.is_valid():
                paying.account_corrected(pk=row.pk, payee=payee.payee(), **seen)
            else:
                messages.error(request, _("请填写完整的收款账户。"))
    return HttpResponseRedirect(reverse("claim", args=[row.pk]))


def keep_scan(form: Any, pk: int, rights: Rights) -> None:
    """Keep an uploaded paper."""
    file = form.cleaned_data["file"]
    content = file.read(scans.LARGEST + 1)
    what = form.cleaned_data["what"]
    actions.scanned(pk=pk, what=what, name=file.name, content=content, by=rights, at=timezone.now(), home=settings.HOME)


@looks_at
def claim_page(request: HttpRequest, psn_no: str, row: Claim) -> HttpResponse:
    """The page of one claim."""
    rights, today = reader(request), timezone.localdate()
    review = REVIEWS.get(row.state)
    reviews = review is not None and review.act in rights.acts
    enters = "claim.enter" in rights.acts
    trial = settling.tried(row, at=timezone.now()) if row.setl_id is None and row.lines.exists() else None
    return render(request, "claims/claim.html", {
        "row": row, "person": shown_as.person(psn_no), "account": opened(row.account_cipher), "phone": opened(row.phone_cipher),
        "invoices": row.invoices.order_by("pk"), "lines": shown_as.lines(row, trial), "scans": row.scans.order_by("pk"),
        "scan_form": forms.ScanForm(), "steps": ROW, "at": queries.place_in_row(row), "events": queries.happened(row),
        "late": queries.is_late(row, today), "promise": promise(), "trial": trial, "result": shown_as.result(row, trial),
        "how": settling.told(trial.steps, shown_as.lang()) if trial else [], "scheme": dict(SCHEMES).get(row.insutype, row.insutype),
        "med_type": dict(MED_TYPES).get(row.med_type, row.med_type), "because": dict(REASONS).get(row.because, row.because),
        "review": review if reviews else None, "may_edit": enters and row.state in EDITED, "accepts": enters and row.state == SUBMITTED,
        "may_correct": enters and row.state == "approved", "payee": forms.PayeeForm(initial=forms.payee_of(row)),
        "undo": shown_as.undo(row, rights),
        "earlier": rights.login in actions.doers(row), "own": psn_no == rights.psn_no or psn_no in rights.relatives,
    })  # fmt: skip


@asks("claim.see")
def scan(request: HttpRequest, pk: int, scan: int) -> HttpResponse:
    """A scanned paper; who looks must have said why."""
    rights = reader(request)
    row = queries.one(pk, rights)
    purpose = purpose_for(request, row.psn_no)
    if not purpose:
        return HttpResponseRedirect(reverse("claim", args=[pk]))
    looked(officer=rights.login, psn_no=row.psn_no, purpose=purpose, what="scan", at=timezone.now())
    return sent(queries.scan_of(pk, scan))


def sent(row: Scan) -> HttpResponse:
    """A scan as a file to keep: never run, never guessed at, in no cache."""
    answer = HttpResponse(scans.content_of(settings.HOME, row.sha256), content_type=row.kind)
    answer["Content-Disposition"] = f'attachment; filename="scan-{row.pk}.{scans.suffix_of(row.kind)}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
