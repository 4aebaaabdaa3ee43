"""Pages of the operations room 运行监测页面."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openyibao.bureau.monitoring import actions, lists, queries
from openyibao.bureau.monitoring.forms import StepForm
from openyibao.bureau.monitoring.models import Alert, Hour, Refusal
from openyibao.bureau.pages.shown import shown
from openyibao.bureau.policydesk.queries import pooling_area
from openyibao.bureau.policydesk.shelf import books, city_of
from openyibao.bureau.providers.models import Institution
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.models import Message
from openyibao.bureau.staff.asking import asks
from openyibao.bureau.staff.rights import Rights, reader
from openyibao.warehouse.measure.fund_names import FUNDS


@asks("operations.see")
def operations(request: HttpRequest) -> HttpResponse:
    """The operations room 运行监测."""
    return render(request, "monitoring/operations.html", {**room(request), "may_handle": reader(request).may(actions.HANDLE)})


@asks("operations.see")
def live(request: HttpRequest) -> HttpResponse:
    """The part of the room that is shown anew every few seconds."""
    return render(request, "monitoring/live.html", room(request))


def room(request: HttpRequest) -> dict[str, Any]:
    """Everything the room shows."""
    now, rights = timezone.now(), reader(request)
    city = city_of(request)
    book = books().get(city, books()[settings.CITY])
    poolarea = pooling_area(str(book.admdvs))
    asked = request.GET.get("day", "")
    day = read_day(asked) or queries.day_of(now)
    found = queries.remembered(f"room.{poolarea}.{rights.area[:6]}", lambda: figures(now, poolarea, rights))
    spent = queries.remembered(f"funds.{poolarea}.{day}", lambda: queries.funds_of(poolarea, day))
    last = queries.last_day(poolarea) if not spent else None
    pick = 1 if lists.english() else 0
    alive = queries.processes(now)
    return {
        **found, "now": now, "day": day, "today": queries.day_of(now), "city": city,
        "spent": [(FUNDS.get(one.fund, (one.fund, one.fund))[pick], one) for one in spent], "spent_fen": sum(one.fen for one in spent),
        "last_day": last if last != day else None, "alerts": [(row, lists.text_of(row)) for row in queries.open_alerts()],
        "processes": alive, "queues": queries.queues(alive), "in_flight": sum(one.in_flight for one in alive),
        "waiting": sum(one.waiting for one in alive), "connections": sum(one.connections for one in alive),
    }  # fmt: skip


def read_day(text: str) -> date | None:
    """A day as an address says it; None for anything else."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def figures(now: datetime, poolarea: str, rights: Rights) -> dict[str, Any]:
    """The figures that are remembered for a few seconds."""
    midnight = queries.midnight(now)
    sums, times, hour = queries.outcomes(midnight, now), queries.times(midnight, now), queries.by_minute(now)
    total = sum(sums.values())
    lag = queries.seal_lag(now)
    return {
        "messages_today": total, "failed": sums.get("failed", 0), "refused": sums.get("refused", 0), "repeated": sums.get("repeated", 0),
        "settled_today": queries.settled(midnight), "settled_minute": queries.settled(now.replace(second=0, microsecond=0)),
        "minute": hour[-1][1] if hour else 0, "p50": lists.milliseconds(times.p50), "p95": lists.milliseconds(times.p95),
        "slowest": lists.milliseconds(times.slowest or None), "bills": queries.bills_of(poolarea, now), "lag": lag,
        "lag_seconds": round(lag.seconds, 1), "codes": queries.codes_today(now), "jobs": queries.jobs(),
        "institutions": [sent_words(one) for one in queries.sent_today(now, "institution", rights.area)],
        "numbers": [sent_words(one) for one in queries.sent_today(now, "infno")],
        "traffic": {"columns": [_("时间"), _("报文"), _("拒绝和失败")], "unit": "plain",
                    "rows": [[clock(minute), count, bad] for minute, count, bad, _p95 in hour]},
        "latency": {"columns": [_("时间"), _("九五分位时延（毫秒）")], "unit": "plain",
                    "rows": [[clock(minute), None if p95 is None else round(p95 / 1000, 1)] for minute, _count, _bad, p95 in hour]},
    }  # fmt: skip


def sent_words(one: queries.Sent) -> dict[str, Any]:
    """What an institution or a number sent, in words."""
    return {"code": one.code, "name": one.name, "many": one.many, "refused": one.refused, "failed": one.failed,
            "mean": lists.milliseconds(one.mean), "slowest": lists.milliseconds(one.slowest), "last": one.last_at}


def clock(minute: datetime) -> str:
    """A minute as the clock on the wall shows it."""
    return f"{timezone.localtime(minute):%H:%M}"


def of_area(rights: Rights, query: Any, field: str) -> Any:
    """Rows of the institutions in a reader's area, of the own one for a hospital's post."""
    if rights.institution:
        return query.filter(**{field: rights.institution})
    if rights.area:
        inside = Institution.objects.filter(admdvs__startswith=rights.area[:6]).values("fixmedins_code")
        return query.filter(**{f"{field}__in": inside})
    return query


@asks("operations.see")
def refusals(request: HttpRequest) -> HttpResponseBase:
    """Refused and failed messages 被拒报文."""
    return shown(request, lists.REFUSALS, of_area(reader(request), Refusal.objects.all(), "institution"), "monitoring/listed.html")


@asks("operations.see")
def institutions(request: HttpRequest) -> HttpResponseBase:
    """Traffic by hour and institution 机构报文."""
    return shown(request, lists.HOURS, of_area(reader(request), Hour.objects.all(), "institution"), "monitoring/listed.html")


@asks("operations.see")
def sent_messages(request: HttpRequest) -> HttpResponseBase:
    """Messages that wrote 写入报文, the newest first."""
    rows = Message.objects.only("at", "fixmedins_code", "infno", "msgid", "ref")
    return shown(request, lists.MESSAGES, of_area(reader(request), rows, "fixmedins_code"), "monitoring/listed.html")


@asks("operations.see")
def alerts(request: HttpRequest) -> HttpResponseBase:
    """All alerts with their history 告警."""
    return shown(request, lists.ALERTS, Alert.objects.all(), "monitoring/listed.html")


@asks("operations.see")
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """One alert 告警: what, since when, what to do first, what was done; the steps of who may handle it."""
    row = get_object_or_404(Alert, pk=pk)
    rights = reader(request)
    form = StepForm(request.POST or None)
    if request.method == "POST":
        rights.need(actions.HANDLE)
        if form.is_valid():
            try:
                actions.handled(alert=pk, what=form.cleaned_data["what"], said=form.cleaned_data["said"], by=rights.login,
                                at=timezone.now())
            except Refused as refusal:
                form.add_error("said" if refusal.place else None, refusal.sentence("en" if lists.english() else "zh"))
            else:
                messages.success(request, _("已记录。"))
                return HttpResponseRedirect(reverse("alert", args=[pk]))
    events = [{"at": step.at, "who": step.by, "what": str(lists.WHAT[step.what]), "note": step.said} for step in queries.steps_of(pk)]
    return render(request, "monitoring/alert.html", {
        "row": row, "text": lists.text_of(row), "advice": lists.rule_words(row.rule), "events": events, "form": form,
        "may_handle": rights.may(actions.HANDLE) and row.state != "closed", "mine": row.owner == rights.login,
    }, status=400 if form.errors else 200)  # fmt: skip
