"""Pages of the reports on a plan 年度报告与中期评估: to be read, or taken along as a paper or a workbook."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from openyibao.bureau.pages.export import sent
from openyibao.bureau.planning import lists, midterm, report, yearly
from openyibao.bureau.planning.views import city_shown
from openyibao.bureau.staff.asking import asks
from openyibao.warehouse.measure.plantable import plan_of


@asks("indicators.see")
def annual(request: HttpRequest) -> HttpResponseBase:
    """The yearly report 年度报告 of a city's plan."""
    city = city_shown(request)
    years = yearly.years_kept(city)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else (years[-1] if years else timezone.localdate().year)
    return answered(request, yearly.made(city, year, timezone.localdate()), "planning/report.html", {
        "city": city, "plan": plan_of(city), "years": years, "year": year, "chosen": f"?city={city}&year={year}",
    })  # fmt: skip


@asks("indicators.see")
def evaluation(request: HttpRequest) -> HttpResponseBase:
    """The mid-term evaluation 中期评估 of a city's plan at a chosen month."""
    city = city_shown(request)
    months, plan = midterm.months_kept(city), plan_of(city)
    asked, first = request.GET.get("month", ""), midterm.evaluated(plan, months)
    month = int(asked) if asked.isdecimal() and int(asked) in months else first
    return answered(request, midterm.made(city, month, timezone.localdate()), "planning/evaluation.html", {
        "city": city, "plan": plan, "cities": lists.cities(), "month": month, "chosen": f"?city={city}&month={month}",
        "months": [(one, lists.month_words(one)) for one in sorted({*months, first}, reverse=True)],
    })  # fmt: skip


def answered(request: HttpRequest, found: report.Report, template: str, more: dict[str, Any]) -> HttpResponseBase:
    """A report as the page, or as the file that is asked for."""
    form = request.GET.get("form", "")
    if form in report.FORMS:
        name, kind, content = report.file(found, form)
        return sent(request, iter((content,)), name=name, kind=kind)
    return render(request, template, {"report": found, "parts": report.page_parts(found), **more})
