"""Pages of bills and estimates 结算单与费用测算. They decide nothing."""

from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation

from openyibao.bureau.enrolment.queries import person_of
from openyibao.bureau.pages.shown import shown
from openyibao.bureau.policydesk.shelf import books, city_of, shelf
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.staff import actions
from openyibao.bureau.staff.asking import asks, asks_either, give_purpose, looks_at, open_to_all, purpose_for, refused
from openyibao.bureau.staff.rights import reader
from openyibao.bureau.statement import lists, printing, queries, telling, verifying, yearly
from openyibao.bureau.statement.estimating import Answer, answer_for, answer_for_anybody, differing
from openyibao.bureau.statement.forms import EstimateForm
from openyibao.bureau.statement.proving import differences_shown, proved, year_proved
from openyibao.warehouse.bills.problems import Problem

NOT_FOUND = 404
ALL_LINES = 100_000


def in_english() -> bool:
    """Whether the page is shown in English."""
    return (translation.get_language() or "").startswith("en")


# ---- bills ----


@asks("bill.see")
def bills(request: HttpRequest) -> HttpResponseBase:
    """Bills that the reader may see 结算清单."""
    rights = reader(request)
    rows = queries.visible(rights)
    unnamed = queries.needs_person(rights) and not (request.GET.get("person") or request.GET.get("number"))
    return shown(request, lists.BILLS, queries.listed(rows.none() if unnamed else rows), "statement/bills.html", {"unnamed": unnamed})


def readable(request: HttpRequest) -> QuerySet[Settlement]:
    """The bills that the reader may open: those of the post, or an insured person's own."""
    rights = reader(request)
    return queries.visible(rights) if rights.may("bill.see") else Settlement.objects.filter(psn_no=rights.psn_no)


@asks_either("bill.see", "own.see")
def bill(request: HttpRequest, setl_id: int) -> HttpResponse:
    """One bill 一单制结算单: the person masked until a purpose is given. The insured open their own."""
    return bill_page(request, readable(request), setl_id)


@asks("own.see")
def own_bill(request: HttpRequest, setl_id: int) -> HttpResponse:
    """The insured person's own bill."""
    return bill_page(request, Settlement.objects.filter(psn_no=reader(request).psn_no), setl_id)


def bill_page(request: HttpRequest, rows: Any, setl_id: int) -> HttpResponse:
    """A bill's page, of those that may be seen."""
    rights = reader(request)
    try:
        whole = queries.whole_bill(rows, setl_id, ALL_LINES if request.GET.get("lines") == "all" else queries.LINES)
    except Refused as refusal:
        return refused(request, refusal, NOT_FOUND)
    problem = None
    if request.method == "POST":
        try:
            give_purpose(request, whole.bill.psn_no, request.POST.get("purpose", ""))
            return HttpResponseRedirect(request.get_full_path())
        except Refused as refusal:
            problem = refusal
    told = telling.told(whole, proved(whole, shelf()))
    open_person = looked(request, whole.bill.psn_no, "bill")
    more = {"whole": whole, "bill": whole.bill, "open_person": open_person, "problem": problem, "own": rights.psn_no == whole.bill.psn_no}
    return render(request, "statement/bill.html", {**told, **more}, status=200 if problem is None else 400)


def looked(request: HttpRequest, psn_no: str, what: str) -> bool:
    """Whether the reader has a purpose for this person (or is the person); then the look is logged."""
    rights = reader(request)
    purpose = purpose_for(request, psn_no) or ("本人查询" if psn_no == rights.psn_no else "")
    if purpose:
        actions.looked(officer=rights.login, psn_no=psn_no, purpose=purpose, what=what, at=timezone.now())
    return bool(purpose)


@asks_either("bill.see", "own.see")
def bill_pdf(request: HttpRequest, setl_id: int) -> HttpResponse:
    """A bill as a paper; masked until a purpose is given, like the page."""
    return paper(request, readable(request), setl_id)


@asks("own.see")
def own_bill_pdf(request: HttpRequest, setl_id: int) -> HttpResponse:
    """The insured person's own bill as a paper."""
    return paper(request, Settlement.objects.filter(psn_no=reader(request).psn_no), setl_id)


def paper(request: HttpRequest, rows: Any, setl_id: int) -> HttpResponse:
    """The PDF of a bill, of those that may be seen."""
    try:
        whole = queries.whole_bill(rows, setl_id, ALL_LINES)
    except Refused as refusal:
        return refused(request, refusal, NOT_FOUND)
    open_person = looked(request, whole.bill.psn_no, "bill.pdf")
    address = request.build_absolute_uri(reverse("bill-verify", args=[verifying.token_of(setl_id)]))
    content = printing.bill_pdf(whole, telling.told(whole, proved(whole, shelf())), address, open_person=open_person, at=timezone.now())
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="bill-{setl_id}.pdf"'})


@open_to_all
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Whether a printed bill stands 结算单核验: open to whoever holds the paper."""
    try:
        found = verifying.verified(token)
    except Refused as refusal:
        return render(request, "statement/verify.html", {"refusal": refusal}, status=NOT_FOUND)
    return render(request, "statement/verify.html", {"found": found, "bill": found.bill})


# ---- a person's year ----


@asks("bill.see")
@looks_at
def person_year(request: HttpRequest, psn_no: str, year: int) -> HttpResponse:
    """A person's year 年度累计: sums, limits left, every bill in order."""
    return year_page(request, psn_no, year)


@asks("own.see")
def own_year(request: HttpRequest, year: int) -> HttpResponse:
    """The insured person's own year."""
    psn_no = reader(request).psn_no
    looked(request, psn_no, "year")
    return year_page(request, psn_no, year)


def year_page(request: HttpRequest, psn_no: str, year: int) -> HttpResponse:
    """The page of a year."""
    try:
        person = queries.person_seen(reader(request), psn_no)
    except Refused as refusal:
        return refused(request, refusal, NOT_FOUND)
    journal = queries.journal_of(psn_no)
    numbers = [beside.setl_id for _, beside in journal if beside.setl_id is not None]
    rows = yearly.after_each(journal, year, queries.bills_by_number(numbers), reader(request).institution)
    day = min(timezone.localdate(), date(year, 12, 31))
    return render(request, "statement/year.html", {
        "person": person, "year": year, "rows": rows, "own": reader(request).psn_no == psn_no,
        "schemes": telling.schemes_of_year(psn_no, queries.years_of(psn_no), year, day, shelf()),
        "years": sorted({row.year for row in queries.years_of(psn_no)}),
        "differences": differences_shown(year_proved(journal, queries.openings_of(psn_no), shelf())),
    })  # fmt: skip


# ---- estimates ----


@asks("bill.estimate")
def estimate(request: HttpRequest) -> HttpResponse:
    """What would I pay 费用测算, for those who signed in: the insured by their own record, clerks for anybody or for one person."""
    rights = reader(request)
    if rights.may("own.see") and rights.psn_no:
        return estimate_page(request, rights.psn_no)
    person = request.GET.get("person", "").strip()
    if not person:
        return estimate_page(request)
    rights.need("bill.see")
    try:
        queries.person_seen(rights, person)
    except Refused as refusal:
        return refused(request, refusal, NOT_FOUND)
    return estimate_for_person(request, psn_no=person)


@looks_at
def estimate_for_person(request: HttpRequest, psn_no: str) -> HttpResponse:
    """A clerk's estimate for one person, by that person's class and year."""
    return estimate_page(request, psn_no)


@open_to_all
def public_estimate(request: HttpRequest) -> HttpResponse:
    """What would I pay, for everybody."""
    return estimate_page(request)


def estimate_page(request: HttpRequest, psn_no: str = "") -> HttpResponse:
    """The form, and the answer once it is filled in."""
    now = timezone.now()
    known = yearly.class_on(person_of(psn_no).psn_no, timezone.localdate(now)) if psn_no else None
    city = city_of(request)
    if known is not None and known.cover.admdvs:
        home = shelf().of_area(known.cover.admdvs)
        city = home.city if home is not None else city
    book = books()[city]
    asked = request.GET if "kind" in request.GET else None
    form = EstimateForm(asked, book=book, today=timezone.localdate(now), own=known is not None, english=in_english())
    shown_answers: list[dict[str, Any]] = []
    compared: list[Any] = []
    verdict = ""
    problem: Any = None
    if asked is not None and form.is_valid():
        try:
            answers = answers_of(form, psn_no, known)
            shown_answers = [telling.told_answer(answer, book) for answer in answers]
            if len(answers) > 1:
                compared, verdict = differing(*answers), telling.verdict(*answers)
        except (Problem, Refused) as found:
            problem = {"zh": found.zh, "en": found.en}
    rights = getattr(request, "rights", None)
    return render(request, "statement/estimate.html", {
        "form": form, "answers": shown_answers, "compared": compared, "verdict": verdict, "problem": problem,
        "known": known, "book": book, "person": psn_no,
        "own": bool(psn_no) and rights is not None and rights.psn_no == psn_no, "cities": sorted(books().items()),
        "may_name_person": rights is not None and rights.may("bill.see"),
        "whole_in_scope": any(not one["silent"] for one in shown_answers) and form.whole_in_scope(),
    })  # fmt: skip


def answers_of(form: EstimateForm, psn_no: str, known: yearly.Class | None) -> list[Answer]:
    """One answer per place asked. Raises Problem, Refused."""
    found = []
    for place, total in form.places():
        if known is None:
            found.append(answer_for_anybody(form.question(total), form.anybody(), place, form.book))
        else:
            at = timezone.make_aware(datetime.combine(form.cleaned_data["day"], time(9)))
            found.append(answer_for(psn_no, known.insutype, form.question(total), place, shelf(), at))
    return found
