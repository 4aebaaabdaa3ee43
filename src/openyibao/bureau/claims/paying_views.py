"""Pages of payment 拨付: what waits, batches, one batch with its file. They decide nothing."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from openyibao.bureau.claims import paying, queries
from openyibao.bureau.claims.lists import PAY_BATCHES
from openyibao.bureau.claims.stages import BATCHES, PAYMENTS
from openyibao.bureau.claims.views import number
from openyibao.bureau.pages.shown import shown
from openyibao.bureau.staff.asking import asks
from openyibao.bureau.staff.queries import names_of
from openyibao.bureau.staff.rights import reader

SHOWN = 500
"""Claims that the page of what waits shows at once, the longest waiting first."""


@asks("claim.pay")
def payable(request: HttpRequest) -> HttpResponse:
    """Approved claims that wait: ticked ones become a batch."""
    rights = reader(request)
    if request.method == "POST":
        chosen = [number(one) for one in request.POST.getlist("claim")]
        pk = paying.made(claims=chosen, by=rights, name=request.user.name, at=timezone.now())
        return HttpResponseRedirect(reverse("claim-batch", args=[pk]))
    rows = list(queries.payable(rights)[:SHOWN])
    return render(request, "claims/payable.html", {"rows": rows, "fen": sum(row.fund or 0 for row in rows)})


@asks("claim.see")
def batches(request: HttpRequest) -> HttpResponseBase:
    """Payment batches."""
    return shown(request, PAY_BATCHES, queries.batches(reader(request)), "claims/batches.html")


@asks("claim.see")
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: its lines and sums; released or undone here, and what the bank sent back is noted."""
    rights, said = reader(request), request.POST
    row = queries.batch_of(pk, rights)
    if request.method == "POST":
        who: dict[str, Any] = {"by": rights, "name": request.user.name, "at": timezone.now()}
        match said.get("do"):
            case "release":
                paying.released(batch=pk, **who)
            case "cancel":
                paying.cancelled(batch=pk, **who)
            case "back":
                paying.sent_back(payment=number(said.get("payment", "")), because=said.get("because", ""), **who)
            case "refund":
                paying.paid_back(payment=number(said.get("payment", "")), because=said.get("because", ""), **who)
        return HttpResponseRedirect(reverse("claim-batch", args=[pk]))
    words, names = dict(PAYMENTS), names_of([row.made_by, row.released_by])
    lines = [{"payment": one, "claim": one.claim, "words": words[one.state]} for one in queries.payments_of(row)]
    return render(request, "claims/batch.html", {
        "row": row, "lines": lines, "state": dict(BATCHES)[row.state], "pays": rights.may("claim.pay"),
        "maker": row.made_by == rights.login, "made_by": names.get(row.made_by, ""),
        "released_by": names.get(row.released_by, ""),
        "back": sum(one["payment"].fen for one in lines if one["payment"].state in ("failed", "refunded")),
    })  # fmt: skip


@asks("claim.pay")
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file for the bank."""
    name, content = paying.file_of(batch=pk, by=reader(request), at=timezone.now())
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
