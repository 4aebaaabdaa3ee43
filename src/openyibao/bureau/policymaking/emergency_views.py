"""Pages of emergency rule sets 应急规则页面. They decide nothing."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openyibao.bureau.policydesk.laid import number
from openyibao.bureau.policydesk.shelf import books, city_of, shelf
from openyibao.bureau.policymaking import emergency as sets
from openyibao.bureau.policymaking.emergency_cost import cost, total
from openyibao.bureau.policymaking.models import RuleSetRequest
from openyibao.bureau.policymaking.views import city_choices
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.asking import asks, refused
from openyibao.bureau.staff.queries import names_of
from openyibao.bureau.staff.rights import reader
from openyibao.policybook.book import Book

FOLLOW = "policy.follow"
"""The act of those who see requests and costs, not only which rules are on."""


@asks("policy.see")
def emergency(request: HttpRequest) -> HttpResponse:
    """Every rule set of the city: what it says, whether it is on, what it has cost so far, who asked and who confirmed."""
    city = city_of(request)
    book, today, rights = books()[city], timezone.localdate(), reader(request)
    follows = rights.may(FOLLOW)
    found = [shown_set(one, book, today, follows) for one in sets.rule_sets(city, book, number(today))]
    rows = list(RuleSetRequest.objects.filter(city=city).order_by("-id")[:50]) if follows else []
    return render(request, "policymaking/emergency.html", {
        "city": city, "cities": city_choices(), "sets": found, "events": events(rows), "today": today, "login": rights.login,
        "may": rights.may("policy.emergency"), "follows": follows,
    })  # fmt: skip


def shown_set(one: sets.RuleSet, book: Book, today: date, costs: bool) -> dict[str, Any]:
    """A rule set with its state, and its cost so far for those who may see it."""
    spans = sets.spans_until(one, today)
    spent = total(cost(shelf(), book, one.name, since, until) for since, until in spans) if costs else None
    state = "off" if not one.on_since else "on" if one.on_since <= number(today) else "to_come"
    asker = names_of([one.request.asked_by])[one.request.asked_by] if one.request else ""
    relief = -spent.person if spent else 0
    return {"set": one, "cost": spent, "relief": relief, "began": bool(spans), "state": f"rules.{state}", "asker": asker}


STATES = {
    RuleSetRequest.ASKED: ("待确认", "waiting"), RuleSetRequest.CONFIRMED: ("已确认", "confirmed"),
    RuleSetRequest.REFUSED: ("未予确认", "refused"), RuleSetRequest.WITHDRAWN: ("已撤回", "withdrawn"),
}  # fmt: skip


HAPPENED = ("{name}：自 {day} 起{does}（{state}）", "{name}: {does} from {day} ({state})")


def events(rows: list[RuleSetRequest]) -> list[dict[str, Any]]:
    """The requests as a timeline, newest first."""
    names = names_of(login for row in rows for login in (row.asked_by, row.decided_by))
    found = []
    for row in rows:
        (zh, en), (does, does_en) = STATES[row.state], ("启用", "on") if row.on else ("停用", "off")
        who = " → ".join(names[login] for login in (row.asked_by, row.decided_by) if login)
        said = {
            "zh": HAPPENED[0].format(name=row.name, does=does, day=row.day, state=zh),
            "en": HAPPENED[1].format(name=row.name, does=does_en, day=row.day, state=en),
        }
        found.append({"at": row.decided_at or row.asked_at, "who": who, "note": row.why, "what": said})
    return found


def back(city: str) -> HttpResponse:
    """The page again."""
    return HttpResponseRedirect(f"{reverse('policy-emergency')}?city={city}")


@asks("policy.emergency")
def ask(request: HttpRequest) -> HttpResponse:
    """Ask to switch a set on or off."""
    city = request.POST.get("city", "")
    if request.method != "POST" or city not in books():
        return back(city_of(request))
    given = request.POST
    try:
        day = date.fromisoformat(given.get("day", ""))
    except ValueError:
        messages.error(request, _("请选日期。"))
        return back(city)
    on = given.get("on") == "1"
    name = given.get("name", "")
    if name not in {one.name for one in sets.rule_sets(city, books()[city], number(day))}:
        messages.error(request, _("没有这套规则。"))
        return back(city)

    def work() -> object:
        """The request."""
        codes = sets.codes_of(given.get("diagnoses", "")) if on else []
        return sets.ask(city=city, name=name, on=on, day=day, diagnoses=codes, why=given.get("why", ""), by=reader(request).login,
                        at=timezone.localtime())

    return done(request, city, work, _("已申请，等待另一位负责人确认。"))


@asks("policy.emergency")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person confirms."""
    return decided(request, pk, sets.confirm, _("已确认，结算窗口随即采用。"))


@asks("policy.emergency")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person does not, or the first takes it back."""
    return decided(request, pk, sets.refuse, _("已退回。"))


def decided(request: HttpRequest, pk: int, work: Callable[..., object], words: str) -> HttpResponse:
    """One decision about a request."""
    row = RuleSetRequest.objects.filter(pk=pk).first()
    if request.method != "POST" or row is None:
        return back(row.city if row else city_of(request))
    return done(request, row.city, lambda: work(pk=pk, by=reader(request).login, at=timezone.localtime()), words)


def done(request: HttpRequest, city: str, work: Callable[[], object], words: str) -> HttpResponse:
    """Do it and show the page; what is refused is shown as such."""
    try:
        work()
    except Refused as refusal:
        return refused(request, refusal, 409)
    messages.success(request, words)
    return back(city)
