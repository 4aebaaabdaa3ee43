"""Pages of the plan's indicators 规划指标页面."""

from importlib import import_module

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openyibao.bureau.pages.export import FORMATS, exported, sent
from openyibao.bureau.pages.gathered import gathered_shown
from openyibao.bureau.pages.listing import Column, Listing
from openyibao.bureau.planning import actions, charts, deviations, lists, offices, queries
from openyibao.bureau.planning.alarms import EDIT
from openyibao.bureau.planning.board import indicators_of, tolerance_words
from openyibao.bureau.planning.drawn import path_drawing
from openyibao.bureau.planning.forms import EntryForm
from openyibao.bureau.planning.models import Proof, Value
from openyibao.bureau.planning.places import years_of
from openyibao.bureau.policydesk.shelf import books, city_of
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.actions import acted
from openyibao.bureau.staff.asking import asks, refused
from openyibao.bureau.staff.rights import reader
from openyibao.kernel.indicators.quantity import FEEDS, WHEN
from openyibao.warehouse.measure import wording as words
from openyibao.warehouse.measure.months import ALONE, TO_DATE
from openyibao.warehouse.measure.plantable import BASIS, BINDING, CITIES, plan_of
from openyibao.warehouse.measure.written import written


def city_shown(request: HttpRequest) -> str:
    """The city of a page, among those that have a plan; Jishou for one without."""
    asked = city_of(request)
    return asked if asked in CITIES else CITIES[0]


def chosen(code: str, request: HttpRequest) -> tuple[str, str]:
    """The city and code of an indicator's page: that of the plan which has it. Raises Http404."""
    city = city_shown(request)
    for place in (city, *CITIES):
        for known in indicators_of(plan_of(place)):
            if known.lower() == code.lower():
                return place, known
    raise Http404(code)


@asks("indicators.see")
def plan(request: HttpRequest) -> HttpResponseBase:
    """The board 规划指标看板."""
    city = city_shown(request)
    asked = request.GET.copy()
    asked["city"] = city
    request.GET = asked
    rows = queries.board(city)
    book, refresh = books()[city], queries.last_refresh(city)
    day = max((row.month for row in rows), default=0) * 100 + 28
    levels = queries.warning_levels(book, day) if day > 28 else []
    listed, whose = offices.chosen(request, rows, offices.own_rows(rows, reader(request).office))
    more = {
        "city": city, "plan": plan_of(city), "counts": charts.counts(listed), "warned": [row for row in listed if row.off is not None],
        "whose": whose,
        "reserves": charts.reserve_cards(queries.reserves(rows, levels), levels, lists.lang()), "refresh": refresh,
        "month": lists.month_words(max((row.month for row in rows), default=0)), "store_years": years_of(city), "lang": lists.lang(),
        "may_edit": reader(request).may(EDIT),
    }  # fmt: skip
    return gathered_shown(request, lists.board_list(city), listed, "planning/plan.html", more, lists.BOARD_FILE)


@asks(EDIT)
@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """Ask for a count in the background."""
    city = city_shown(request)
    actions.asked(city=city, by=reader(request).login, at=timezone.now())
    messages.success(request, _("已交后台测算，完成后看板自动更新。"))
    return HttpResponseRedirect(f"{reverse('plan')}?city={city}")


@asks("indicators.see")
def refreshing(request: HttpRequest) -> HttpResponse:
    """How far the count is, for the page that waits for it."""
    city = city_shown(request)
    return render(request, "planning/refreshing.html", {"refresh": queries.last_refresh(city), "city": city})


@asks("indicators.see")
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator 指标: what it counts, where it stands, how it went, where it leads, its tasks and entries."""
    city, code = chosen(code, request)
    values = queries.values_of(city, code)
    tasks = queries.tasks_of(city, code)
    row, lang = queries.row(city, code, values, tasks), lists.lang()
    to_date = [value for value in values if value.span == TO_DATE]
    alone = [value for value in values if value.span == ALONE]
    entries = queries.entries(city, code)
    by_hand = [value for value in entries if value.how == actions.HAND]
    source = row.value.source if row.value is not None else ""
    more = {
        "city": city, "row": row, "lang": lang, "name": row.name(lang), "quantity": row.quantity, "indicator": row.indicator,
        "formula": row.quantity.formula(lang), "when": words.pick(WHEN[row.quantity.when], lang),
        "value": row.value_words(lang), "month": lists.month_words(row.month), "baseline": row.baseline_words(lang),
        "target": row.target_words(lang), "state": lists.state_cell(row),
        "forecast": lists.forecast_figure(row), "tolerance": tolerance_words(row, lang),
        "basis": words.pick(BASIS[row.indicator.basis], lang), "binding": words.pick(BINDING[row.indicator.binding], lang),
        "feed": words.pick(FEEDS[row.quantity.feed], lang) if row.quantity.feed else "",
        "notes": words.notes_of(row.standing.answer, lang),
        "why": charts.fall_words(row, lang) or ("" if row.watched else words.verdict_of(row.standing, lang)),
        "chart": charts.history(row, to_date, alone),
        "drawing": path_drawing(row, lang), "pace": charts.pace_words(row, lang), "caution": charts.caution(row),
        "plan": plan_of(city), "source": source, "source_words": written()[source] if source else None,
        "counted": charts.counted_words(row, lang), "levels": charts.level_words(row, books()[city], lang),
        "entries": [(value, lists.month_words(value.month), row.printed(value.shown, lang)) for value in by_hand],
        "proofs": queries.proofs_of(*(f"value/{value.pk}" for value in by_hand)),
        "tasks": tasks, "off": deviations.told(row), "remedies": queries.with_owners(row.off.tasks) if row.off is not None else [],
        "months": [(value, lists.month_words(value.month)) for value in reversed(to_date) if value.source][:24],
        "may_edit": reader(request).may(EDIT), "may_rows": reader(request).may("bill.see"), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "planning/indicator.html", more)


@asks(EDIT)
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """Enter a value by hand 手工填报."""
    city, code = chosen(code, request)
    form = EntryForm(request.POST or None, request.FILES or None)
    row = queries.row(city, code, queries.values_of(city, code), ())
    if request.method == "POST" and form.is_valid():
        try:
            actions.entered(
                city=city, code=code, month=form.cleaned_data["month"], figure=form.cleaned_data["figure"], said=form.cleaned_data["said"],
                paper=form.paper(), by=reader(request).login, at=timezone.now(),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(refusal.place if refusal.place in form.fields else None, refusal.sentence(lists.lang()))
        else:
            messages.success(request, _("已填报。"))
            return HttpResponseRedirect(f"{reverse('indicator', args=[code])}?city={city}")
    return render(request, "planning/form.html", {
        "form": form, "city": city, "heading": _("手工填报"), "lead": f"{row.code} {row.name(lists.lang())}", "button": _("填报"),
        "back": f"{reverse('indicator', args=[code])}?city={city}",
        "unit": lists.unit_words(row),
    }, status=400 if form.errors else 200)  # fmt: skip


@asks("bill.see")
def rows(request: HttpRequest, code: str) -> HttpResponseBase:
    """The rows behind a figure 明细, narrowed to the reader's area; as a file for those who may export bills."""
    city, code = chosen(code, request)
    rights, lang = reader(request), lists.lang()
    found = indicators_of(plan_of(city))[code]
    month, span = request.GET.get("month", ""), request.GET.get("span", TO_DATE)
    kept = Value.objects.filter(city=city, code=code, span=span, stands=True).exclude(source="")
    value = (kept.filter(month=int(month)) if month.isdecimal() and len(month) == 6 else kept).order_by("-month").first()
    if rights.institution or value is None:
        why = _("这个值没有可列出的明细：它由规划台填报、取自政策或尚未测算。")
        if rights.institution:
            why = _("定点机构岗位只看本机构的结算单，不看全市指标明细。")
        return render(request, "planning/no_rows.html", {"why": why, "code": code, "city": city})
    area = narrowing(rights.area, city)
    behind = import_module("openyibao.bureau.planning.behind")     # what reads a store is loaded when rows are first asked for
    if request.GET.get("export") in FORMATS:
        rights.need("bill.export")
        acted(officer=rights.login, what="indicators.export-rows", object=f"indicator/{code}", at=timezone.now(),
              detail={"month": value.month})
        listing = Listing(f"{code}-{value.month}", code, tuple(
            Column(column.name, column.zh if lang == "zh" else column.en, lambda row: row, "fen" if column.unit == "fen" else "text")
            for column in behind.shown_columns(value.source)))  # fmt: skip
        return exported(request, listing, behind.every_row(city, found.quantity, value, area), request.GET["export"])
    start = int(request.GET.get("start", "0")) if request.GET.get("start", "0").isdecimal() else 0
    try:
        page = behind.behind(city, found.quantity, value, area, start, lang)
    except Refused as refusal:
        return refused(request, refusal, 200)
    return render(request, "planning/rows.html", {
        "page": page, "value": value, "code": code, "city": city, "lang": lang, "name": found.name if lang == "zh" else found.quantity.en,
        "start": start, "next": start + behind.PAGE, "before": max(start - behind.PAGE, 0), "month": lists.month_words(value.month),
        "cells": charts.row_cells(page, lang), "year": value.month // 100, "area": area, "formula": found.quantity.formula(lang),
        "parts": charts.part_tables(page, lang), "may_export": rights.may("bill.export"),
        "sums": charts.sums_words(page, value.source, lang),
    })  # fmt: skip


def narrowing(area: str, city: str) -> str:
    """What of a reader's area narrows rows: nothing where it is the city's own or wider."""
    return area if len(area) >= 6 and not str(books()[city].admdvs).startswith(area) else ""


@asks("indicators.see")
def proof(request: HttpRequest, number: int) -> HttpResponseBase:
    """A proof's file 佐证材料, to keep."""
    found = Proof.objects.filter(pk=number).exclude(content=None).first()
    if found is None:
        raise Http404(number)
    return sent(request, iter((bytes(found.content),)), name=f"proof-{found.pk}{found.kind}", kind="application/octet-stream")
