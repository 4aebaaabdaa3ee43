"""Pages of the day's close 日终对账: three sides of a day, the broken pairs with their buttons, the record of closes."""

import codecs
import csv
import io
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from openyibao.bureau.pages.shown import shown
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement import hospital_file
from openyibao.bureau.settlement.reconcile import money
from openyibao.bureau.staff.asking import asks
from openyibao.bureau.staff.rights import reader
from openyibao.gateway.window import closing, lists, paying, words
from openyibao.gateway.window.forms import UploadForm
from openyibao.gateway.window.models import Close
from openyibao.gateway.window.views import REFUSED, hospital, now

LARGEST = 20_000_000
"""Bytes of an uploaded file."""


def asked_day(text: str) -> date:
    """The day that a page is about; today without one that can be read."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return now().date()


def to_day(day: date) -> HttpResponseRedirect:
    """Back to the page of a day."""
    return HttpResponseRedirect(f"{reverse('day-close')}?day={day}")


@asks("day.close")
@never_cache
def day_close(request: HttpRequest) -> HttpResponse:
    """One day on three sides; a POST records its close."""
    here, day = hospital(request), asked_day(request.POST.get("day", "") or request.GET.get("day", ""))
    if request.method == "POST":
        done = closing.close(hospital=here, day=day, at=now(), by=reader(request).login)
        if done.agreed:
            messages.success(request, _("已结账：三方一致，差额 0.00。"))
        else:
            messages.warning(request, _("已记录，但有 %(broken)s 笔不平，请逐笔处理后再结。") % {"broken": done.broken})
        return to_day(day)
    return day_page(request, day)


def day_page(request: HttpRequest, day: date, *, form: UploadForm | None = None, problem: Refused | None = None) -> HttpResponse:
    """The page of a day."""
    here = hospital(request)
    more: dict[str, Any] = {
        "hospital": here, "found": closing.day_of(here.code, day), "day": day, "form": form or UploadForm(), "problem": problem,
        "schemes": words.SCHEMES, "closes": Close.objects.filter(fixmedins_code=here.code, day=day).order_by("-at")[:5],
        "may_reverse": reader(request).may("window.use"), "columns": hospital_file.COLUMNS,
    }  # fmt: skip
    return render(request, "window/day_close.html", more, status=200 if problem is None else REFUSED)


@asks("day.close")
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """The hospital's own list of the day, from its own program."""
    day, form, rights = asked_day(request.POST.get("day", "")), UploadForm(request.POST, request.FILES), reader(request)
    here = hospital(request)
    if request.POST.get("drop"):
        closing.upload_dropped(hospital=here, day=day, at=now(), by=rights.login)
        return to_day(day)
    if not form.is_valid():
        return day_page(request, day, form=form)
    file = form.cleaned_data["file"]
    try:
        if file.size > LARGEST:
            raise Refused("FILE-04", "文件过大。", "The file is too large.", place="file", next_zh="请按天上传。",
                          next_en="Send it day by day.")
        rows = list(hospital_file.bills_of(text_of(file.read()).splitlines()))
        closing.upload(hospital=here, day=day, name=file.name, rows=rows, at=now(), by=rights.login)
    except Refused as refusal:
        return day_page(request, day, form=form, problem=refusal)
    messages.success(request, _("已读入 %(rows)s 笔，与结算逐笔比对。") % {"rows": len(rows)})
    return to_day(day)


def text_of(content: bytes) -> str:
    """A file as text: UTF-8, or the encoding that Chinese spreadsheets write. Raises Refused FILE-05."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return codecs.decode(content.removeprefix(codecs.BOM_UTF8), encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("FILE-05", "文件编码不是 UTF-8，也不是 GB 18030。", "The file is neither UTF-8 nor GB 18030.", place="file",
                  next_zh="请另存为 UTF-8 的 CSV。", next_en="Save it as CSV in UTF-8.")


@asks("day.close")
@require_POST
def remedy(request: HttpRequest) -> HttpResponse:
    """What a broken pair's button does: fetch, reverse, ask the bureau. Money moves only for who may work at the window."""
    here, rights, day = hospital(request), reader(request), asked_day(request.POST.get("day", ""))
    kind, what, text = request.POST.get("kind", ""), request.POST.get("what", ""), request.POST.get("setl_id", "")
    setl_id, at = int(text) if text.isdecimal() and len(text) <= 18 else 0, now()
    try:
        if what == closing.FETCH:
            paying.fetch_settlement(hospital=here, setl_id=setl_id, at=at, by=rights.login)
            messages.success(request, _("已取回结算 %(setl_id)s 并记入医院账。") % {"setl_id": setl_id})
        elif what == closing.REVERSE:
            rights.need("window.use")
            paying.reverse_settlement(hospital=here, setl_id=setl_id, at=at, by=rights.login)
            messages.success(request, _("结算 %(setl_id)s 已撤销。") % {"setl_id": setl_id})
        else:
            closing.ask_bureau(hospital=here, day=day, kind=kind, setl_id=setl_id, at=at, by=rights.login)
            messages.success(request, _("已提请经办机构核对。"))
    except Refused as refusal:
        return day_page(request, day, problem=refusal)
    return to_day(day)


@asks("day.close")
def closes(request: HttpRequest) -> HttpResponseBase:
    """Closes that were recorded 结账记录."""
    return shown(request, lists.CLOSES, Close.objects.filter(fixmedins_code=hospital(request).code))


@asks("day.close")
@require_GET
def book(request: HttpRequest) -> HttpResponse:
    """The hospital's book of a day as a file, in the columns that an upload has."""
    here, day = hospital(request), asked_day(request.GET.get("day", ""))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*hospital_file.COLUMNS, "insutype", "clr_type", "day"])
    for row in closing.book_of(here.code, day):
        amounts = [money(fen) for fen in (row.total, row.fund, row.account)]
        writer.writerow([here.code, row.setl_id, row.mdtrt_id, row.psn_no, *amounts, int(row.refund), row.insutype, row.clr_type, row.day])
    answer = HttpResponse(codecs.BOM_UTF8 + text.getvalue().encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="book-{here.code}-{day}.csv"'
    return answer

