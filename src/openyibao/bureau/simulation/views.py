"""Pages of the simulation desk 改革模拟页面."""

from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openyibao.bureau.pages.shown import shown
from openyibao.bureau.policydesk.shelf import books, city_of
from openyibao.bureau.policymaking.queries import open_drafts
from openyibao.bureau.refused import Refused
from openyibao.bureau.simulation import actions, explaining, forms, lists, queries
from openyibao.bureau.simulation import shown as ready
from openyibao.bureau.simulation.beside import beside
from openyibao.bureau.simulation.drafting import as_date, day_of, drafts_in
from openyibao.bureau.simulation.models import Run
from openyibao.bureau.simulation.packing import unpacked
from openyibao.bureau.simulation.places import Year, folder_of, years_at_hand
from openyibao.bureau.simulation.rows import Rows
from openyibao.bureau.simulation.sliders import table_of, with_entered
from openyibao.bureau.staff.asking import asks
from openyibao.bureau.staff.queries import names_of
from openyibao.bureau.staff.rights import Rights, reader
from openyibao.warehouse.report.headline import counted, headline, notice, tiles
from openyibao.warehouse.report.words import trust

SIDE_BY_SIDE = 4
"""Runs that stand beside each other at the most."""


@asks("simulation.see")
def runs(request: HttpRequest) -> HttpResponseBase:
    """The runs 模拟列表."""
    rights = reader(request)
    more = {
        "may_run": rights.may("simulation.run"), "working": queries.is_anybody_working(timezone.now()),
        "under_way": queries.runs_for(rights).filter(state__in=(Run.WAITING, Run.RUNNING)).count(),
    }  # fmt: skip
    return shown(request, lists.RUNS, queries.runs_for(rights), "simulation/runs.html", more)


# ---- asking for one ----


@asks("simulation.run")
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a simulation 新建模拟: a year of bills, one or two scenarios, options."""
    rights, city = reader(request), city_of(request)
    book, at_hand = books()[city], years_at_hand(city)
    at = chosen_year(request, at_hand)
    groups = table_of(book, at.year * 10_000 + 101) if at else ()
    problems: dict[str, str] = {}
    if request.method == "POST" and at is not None:
        found = forms.filled(request.POST, request.FILES, book, at, groups)
        problems = found.problems
        if not problems and found.scenarios:
            asked = actions.asked(
                book=book, store=at.store, year=at.year, scenarios=found.scenarios, options=found.options, by=rights.login,
                at=timezone.now(),
            )  # fmt: skip
            return HttpResponseRedirect(reverse("simulation", args=[asked[0].pk]))
    entered = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    shown_day = {"a": f"{at.year}-01-01", "b": f"{at.year}-07-01"} if at else {"a": "", "b": ""}
    sides = [
        {
            "key": side, "title": entered.get(f"{side}-title", ""), "starts": entered.get(f"{side}-starts", shown_day[side]),
            "chosen": request.POST.getlist(f"{side}-drafts") or ([f"desk/{request.GET['draft']}"] if first_draft(request, side) else []),
            "problems": {name: problems.get(f"{side}-{name}", "") for name in ("drafts", "file", "starts")},
        }
        for side in ("a", "b")
    ]  # fmt: skip
    return render(request, "simulation/new.html", {
        "city": city, "at": at, "at_hand": at_hand, "choices": forms.choices_of(city), "sides": sides, "problems": problems,
        "second": entered.get("second", forms.NONE), "orders": entered.get("orders", "all"), "behaviour": bool(entered.get("behaviour")),
        "outpatient": entered.get("outpatient", "-0.3"), "inpatient": entered.get("inpatient", "-0.1"),
        "groups": with_entered(groups, entered, problems), "working": queries.is_anybody_working(timezone.now()),
    }, status=400 if problems else 200)  # fmt: skip


def first_draft(request: HttpRequest, side: str) -> bool:
    """Whether the page was opened from a draft of the policy desk: it is chosen already for the first scenario."""
    return side == "a" and request.method == "GET" and request.GET.get("draft", "").isdigit()


def chosen_year(request: HttpRequest, at_hand: list[Year]) -> Year | None:
    """The year of bills that the page is about: the one asked for, else the first; None where there is none."""
    asked = request.POST.get("bills") or request.GET.get("bills", "")
    return next((one for one in at_hand if f"{one.store}/{one.year}" == asked), at_hand[0] if at_hand else None)


@asks("simulation.run")
def export(request: HttpRequest) -> HttpResponse:
    """Have the database's own year written to a store 数据库归档, so that it can be simulated on."""
    book = books()[city_of(request)]
    if request.method == "POST":
        year = request.POST.get("year", "")
        if not (year.isdigit() and len(year) == 4):
            messages.error(request, _("请填写年度。"))
            return HttpResponseRedirect(reverse("simulation-export"))
        run = actions.export_asked(book=book, year=int(year), by=reader(request).login, at=timezone.now())
        return HttpResponseRedirect(reverse("simulation", args=[run.pk]))
    past = queries.runs_for(reader(request)).filter(kind=Run.EXPORT, city=book.city).order_by("-asked_at", "-id")[:10]
    return render(request, "simulation/export.html", {
        "book": book, "at_hand": years_at_hand(book.city), "past": past, "year": timezone.localtime().year,
    })  # fmt: skip


@asks("simulation.run")
def opened(request: HttpRequest) -> HttpResponse:
    """Open a package that a paper was attached 打开方案包: the same reform on the same bills, told whether the figures are the same."""
    if request.method == "POST" and "package" in request.FILES:
        package = unpacked(request.FILES["package"].read(), years_at_hand())
        run = actions.asked(
            book=books()[package.at.city], store=package.at.store, year=package.at.year, scenarios=[package.scenario],
            options=package.options, by=reader(request).login, at=timezone.now(), expected=package.digest,
        )[0]  # fmt: skip
        return HttpResponseRedirect(reverse("simulation", args=[run.pk]))
    return render(request, "simulation/open.html", {})


@asks("simulation.run")
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a run 停止."""
    run = queries.run_for(reader(request), pk)
    actions.stopped(pk=run.pk, by=reader(request).login, at=timezone.now())
    return HttpResponseRedirect(reverse("simulation", args=[pk]))


@asks("simulation.run")
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Do a run again 再次运行."""
    run = queries.run_for(reader(request), pk)
    actions.given_up(at=timezone.now())
    actions.asked_again(pk=run.pk, by=reader(request).login, at=timezone.now())
    return HttpResponseRedirect(reverse("simulation", args=[pk]))


@asks("simulation.run")
@require_POST
def later(request: HttpRequest, pk: int) -> HttpResponse:
    """The same reform from another day 改期再算: a second column."""
    run = queries.run_for(reader(request), pk)
    try:
        day = day_of(request.POST.get("starts", ""))
    except ValueError:
        messages.error(request, _("日期不对。"))
        return HttpResponseRedirect(reverse("simulation", args=[pk]))
    scenario = forms.moved_scenario(run.reform, day, run.year)
    found = actions.asked_later(run=run, scenario=scenario, book=books()[run.city], by=reader(request).login, at=timezone.now())
    return HttpResponseRedirect(reverse("simulation", args=[found.pk]))


@asks("policy.draft")
@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a run that is done under one's own draft of policy as its evidence 附作依据."""
    run, draft = queries.run_for(reader(request), pk), request.POST.get("draft", "")
    if not draft.isdigit():
        messages.error(request, _("请选择一份草案。"))
        return HttpResponseRedirect(reverse("simulation", args=[pk]))
    actions.attached(run=run, draft=int(draft), by=reader(request).login, at=timezone.now())
    messages.success(request, _("已附上模拟。"))
    return HttpResponseRedirect(reverse("policy-draft", args=[int(draft)]))


# ---- what came of it ----


@asks("simulation.see")
def simulation(request: HttpRequest, pk: int) -> HttpResponse:
    """A run 模拟结果: how far it is, then what it would have cost, who gains, who loses, and why."""
    run = queries.run_for(reader(request), pk)
    if run.kind == Run.EXPORT or not run.digest:
        return render(request, "simulation/waiting.html", under_way(run, reader(request)))
    outcome = queries.outcome_of(run)
    by = request.GET.get("by", "status")
    dimension = next((one for one in outcome.dimensions if one.key == by), outcome.dimensions[0])
    groups = ready.group_lines(run, dimension)
    attribution = outcome.attribution
    why = ready.why_of(run, attribution, request.GET.get("measure", "fund")) if attribution else None
    spread, payers = ready.spread_chart(outcome), ready.payers_chart(outcome)
    return render(request, "simulation/result.html", {
        **under_way(run, reader(request)), "o": outcome, "headline": headline(outcome), "tiles": tiles(outcome), "notice": notice(outcome),
        "marks": [(trust(mark), count, mark) for mark, count in counted(outcome)],
        "lines": ready.payer_lines(run, outcome), "payers": payers, "payers_height": 320, "all_layers": request.GET.get("layers") == "all",
        "cost_link": ready.bills_of(run, payer="fund"), "losers_link": ready.years_of(run, way="less"),
        "gainers_link": ready.years_of(run, way="more"), "sound": ready.books_close(outcome),
        "gauges": ready.month_gauges(outcome), "dimensions": [(one.key, lists.worded(one.words)) for one in outcome.dimensions],
        "dimension": dimension, "groups": groups, "groups_chart": ready.groups_chart(dimension),
        "groups_height": ready.chart_height(len(ready.groups_chart(dimension)["rows"])),
        "spread": ready.spread_lines(run, outcome), "spread_chart": spread,
        "spread_height": ready.chart_height(len(spread["rows"])) if spread else 0,
        "why": why, "why_height": ready.chart_height(len(why.lines)) if why else 0,
        "measures": ready.measures_of(attribution) if attribution else [],
        "beside": [one for one in queries.together_with(run) if one.pk != run.pk], "own_drafts": own_drafts(run, reader(request)),
        "cost": {"bills": run.figures["bills"], "sum": run.figures["cost"], "paper": outcome.totals.fund.change},
    })  # fmt: skip


def own_drafts(run: Run, rights: Rights) -> list[dict[str, Any]]:
    """The reader's open drafts of the run's city, for a run that can be attached to one; the one that was simulated is chosen."""
    if run.state != Run.DONE or not rights.may("policy.draft"):
        return []
    simulated = {one.origin for one in drafts_in(run.reform)}
    return [
        {"pk": one.pk, "name": {"zh": one.name, "en": one.name_en}, "chosen": f"desk/{one.pk}" in simulated}
        for one in open_drafts(run.city, rights.login)
    ]


def under_way(run: Run, rights: Rights) -> dict[str, Any]:
    """What the page of a run shows of its state."""
    now = timezone.now()
    state = queries.state_of(run, now)
    return {
        "run": run, "title": lists.title_of(run), "asker": names_of([run.asked_by]).get(run.asked_by, ""), "state": state,
        "may_run": rights.may("simulation.run"),
        "over": state in (Run.DONE, Run.STOPPED, Run.FAILED), "starts": as_date(run.reform["starts"]) if run.reform.get("starts") else None,
        "before": queries.waiting_before(run) if state == Run.WAITING else 0,
        "working": queries.is_anybody_working(now) if state == Run.WAITING else True,
        "percent": 100 * run.done // run.whole if run.whole else 0,
        "problem": {"zh": run.problem or actions.LOST[0], "en": run.problem_en or actions.LOST[1]} if state == Run.FAILED
        else {"zh": run.problem, "en": run.problem_en},
        "other_day": f"{run.year}-07-01" if run.reform.get("starts", 0) % 10_000 < 701 else f"{run.year}-01-01",
    }  # fmt: skip


@asks("simulation.see")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a run is, as a part of its page; over, the page is loaded anew."""
    run = queries.run_for(reader(request), pk)
    shown_state = under_way(run, reader(request))
    answer = render(request, "simulation/parts/progress.html", shown_state)
    if shown_state["over"]:
        answer.headers["HX-Refresh"] = "true"
    return answer


@asks("simulation.see")
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four runs side by side 方案对比."""
    rights = reader(request)
    asked = [int(text) for text in request.GET.getlist("run") if text.isdigit()][:SIDE_BY_SIDE]
    found = [queries.run_for(rights, pk) for pk in dict.fromkeys(asked)]
    found = [run for run in found if run.kind == Run.SIMULATE]
    choices = queries.runs_for(rights).filter(kind=Run.SIMULATE, state=Run.DONE).order_by("-asked_at", "-id")[:60]
    done = [run for run in found if run.digest]
    return render(request, "simulation/compare.html", {
        "runs": found, "done": done, "choices": [(run, lists.title_of(run)) for run in choices], "chosen": {run.pk for run in found},
        "beside": beside([(run, queries.outcome_of(run)) for run in done]) if len(done) > 1 else None, "most": SIDE_BY_SIDE,
    })  # fmt: skip


# ---- the rows behind ----


def county_of(rights: Rights) -> str:
    """The county that a reader is bound to; empty = the whole city."""
    return rights.area[:6] if len(rights.area) >= 6 else ""


def as_query(rows: Rows) -> QuerySet[Any]:
    """Rows of files where a list expects rows of the database: they answer to the same four words (rows.py)."""
    return cast("QuerySet[Any]", rows)


@asks("simulation.see")
def bills(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bills behind a figure 逐单明细, with their sums."""
    rights = reader(request)
    run = queries.run_for(rights, pk)
    outcome, payer = queries.outcome_of(run), request.GET.get("payer", "fund")
    listing = lists.bills_listing(run, outcome, payer, request.GET)
    rows = lists.bill_rows(folder_of(pk), payer, county_of(rights))
    one, sums = lists.PAYERS.get(payer, lists.PAYERS["fund"]), lists.bill_sums(listing, rows, request.GET)
    more = {"run": run, "title": lists.title_of(run), "sums": sums, "o": outcome, "payer": one,
            "whole": one.key == "fund" and sums.rows == outcome.meta.bills}
    return shown(request, listing, as_query(rows), "simulation/bills.html", more)


@asks("simulation.see")
def years(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The person-years behind a figure 参保人年明细."""
    rights = reader(request)
    run = queries.run_for(rights, pk)
    outcome = queries.outcome_of(run)
    listing = lists.years_listing(run, outcome, request.GET)
    rows = lists.year_rows(folder_of(pk), county_of(rights))
    more = {"run": run, "title": lists.title_of(run), "sums": lists.year_sums(listing, rows, request.GET), "o": outcome}
    return shown(request, listing, as_query(rows), "simulation/years.html", more)


@asks("simulation.see")
def bill(request: HttpRequest, pk: int, bucket: int, row: int) -> HttpResponse:
    """One bill on both sides, line by line 单据前后对照."""
    rights = reader(request)
    run = queries.run_for(rights, pk)
    county = county_of(rights)
    if not lists.bill_rows(folder_of(pk), "fund", county).filter(bucket=bucket, row=row)[:1].count():
        raise Refused("SIM-10", "没有这张单据，或不在您的辖区内。", "There is no such bill, or it is not of your area.", place="bill")
    return render(request, "simulation/case.html", {"run": run, "title": lists.title_of(run), "told": explaining.bill(run, bucket, row)})


@asks("simulation.see")
def case(request: HttpRequest, pk: int, by: str, rank: int) -> HttpResponse:
    """One of the hardest cases 最难个案."""
    run = queries.run_for(reader(request), pk)
    found = explaining.hardest(run, by, rank)
    others = len(queries.outcome_of(run).hardest_bills if by == "bill" else queries.outcome_of(run).hardest_years)
    return render(request, "simulation/case.html", {
        "run": run, "title": lists.title_of(run), "told": found, "by": by, "rank": rank, "earlier": rank - 1,
        "next": rank + 1 if rank < others else 0,
    })  # fmt: skip
