"""Pages of the cashier 收费窗口: the credential, the visit, its lines, trial, settlement, reversal. The institution is the post's."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from openyibao.bureau.pages.shown import shown
from openyibao.bureau.policydesk.shelf import books, city_of
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.asking import asks, refused
from openyibao.bureau.staff.rights import reader
from openyibao.gateway import inside
from openyibao.gateway.window import actions, explaining, lists, paying, queries, words
from openyibao.gateway.window.forms import CredentialForm, LineForm, RegisterForm
from openyibao.gateway.window.models import Booking, Line, Visit
from openyibao.outside.hospital.envelope import Institution

REFUSED = 409
"""A page that shows why the door refused: nothing was done."""

Action = Callable[..., HttpResponse]


def english() -> bool:
    """Whether the page is shown in English."""
    return (get_language() or "").startswith("en")


def now() -> datetime:
    """The door's clock, which also dates the settlement."""
    return inside.open_door().clock()


def hospital(request: HttpRequest) -> Institution:
    """The institution of the reader's post. Raises Refused WINDOW-04."""
    user: Any = request.user
    return queries.hospital_of(reader(request), user.name)


def to_visit(number: int) -> HttpResponseRedirect:
    """Back to the visit's page."""
    return HttpResponseRedirect(reverse("window-visit", args=[number]))


def on_visit(action: Action) -> Action:
    """A view that does something with a visit: what the door refuses is shown on the visit's own page, beside what can be done."""

    @asks("window.use")
    @never_cache
    @wraps(action)
    def acting(request: HttpRequest, number: int) -> HttpResponse:
        """Do it, or show why not."""
        if request.method != "POST":
            return to_visit(number)
        try:
            return action(request, number)
        except Refused as refusal:
            visit = queries.visit_of(hospital(request).code, number)
            return visit_page(request, visit, problem=refusal, status=REFUSED)

    return acting


# ---- the window ----


@asks("window.use")
@never_cache
def window(request: HttpRequest) -> HttpResponseBase:
    """The window 收费窗口: a credential to be shown, recent visits, the demo's people."""
    here, rights, problem = hospital(request), reader(request), None
    shown_already = {"credential": request.GET["token"]} if "token" in request.GET else None
    form = CredentialForm(request.POST if request.method == "POST" else shown_already)
    if request.method == "POST":
        if form.is_valid():
            try:
                visit = actions.show(hospital=here, credential=form.cleaned_data["credential"], kind=form.cleaned_data["kind"], at=now(),
                                     by=rights.login)  # fmt: skip
                rights.need_other(visit.psn_no)
                return to_visit(visit.pk)
            except Refused as refusal:
                problem = refusal
    more = {
        "form": form, "problem": problem, "hospital": here, "unknown": queries.unknown_of(here.code),
        "people": queries.demo_people(str(books()[city_of(request)].admdvs)), "visits_page": True,
    }  # fmt: skip
    answer = shown(request, lists.VISITS, queries.visits_of(here.code), "window/window.html", more)
    if problem is not None:
        answer.status_code = REFUSED
    return answer


@asks("window.use")
@require_POST
def demo_voucher(request: HttpRequest) -> HttpResponse:
    """Show the electronic voucher of one of the demo's people 亮码; only where the server is in demo mode."""
    known = {row["psn_no"] for row in queries.demo_file()}
    if not settings.DEMO or request.POST.get("psn_no") not in known:
        return refused(request, Refused(
            "WINDOW-13", "只有演示环境可以代参保人亮码。", "Only a demo shows vouchers in a person's place.",
            next_zh="请参保人出示医保电子凭证。", next_en="Have the person show the voucher.",
        ))  # fmt: skip
    token = actions.demo_voucher(psn_no=request.POST["psn_no"], at=now(), by=reader(request).login)
    return HttpResponseRedirect(f"{reverse('window')}?token={token}")


# ---- a visit ----


@asks("window.use")
@never_cache
@require_GET
def visit(request: HttpRequest, number: int) -> HttpResponse:
    """One visit as it stands."""
    return visit_page(request, queries.visit_of(hospital(request).code, number))


def visit_page(
    request: HttpRequest, row: Visit, *, problem: Refused | None = None, register: RegisterForm | None = None, line: LineForm | None = None,
    choices: list[queries.Good] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page of a visit in whatever state it is."""
    here, day = hospital(request), now().date()
    standings = queries.standing_of(row.psn_no, day)
    lines, bookings = queries.lines_of(row), queries.bookings_of(row)
    undone = {one.takes_back_id: one for one in bookings if one.takes_back_id and one.state == Booking.BOOKED}
    booked = [one for one in bookings if one.state == Booking.BOOKED]
    standing = next((one for one in reversed(booked) if not one.takes_back_id and one.pk not in undone), None)
    taken = [one for one in lines if one.state == Line.TAKEN]
    more: dict[str, Any] = {
        "visit": row, "hospital": here, "standings": standings, "lines": lines, "taken": taken, "problem": problem,
        "choices": choices or [],
        "total": sum(one.fee for one in taken), "classes": words.ITEM_CLASSES, "state": lists.STATES[row.state],
        "steps": steps_of(row), "at": place_of(row, bookings), "accounts": words.ACCOUNTS,
        "care": words.CARE.get(row.med_type, row.med_type),
        "scheme": words.scheme(row.insutype), "person_class": words.person_class(row.psn_type),
        "ready": next((one for one in bookings if one.state == Booking.READY and not one.takes_back_id), None),
        "unknown": [one for one in bookings if one.state == Booking.SENT],
        "last_refused": bookings[-1] if bookings and bookings[-1].state == Booking.REFUSED else None,
        "receipts": [(one, undone.get(one.pk)) for one in booked], "standing": standing,
        "undoing": next((one for one in bookings if standing and one.takes_back_id == standing.pk and one.state == Booking.READY), None),
        "open_for_lines": row.state in (Visit.OPEN, Visit.DISCHARGED) and not any(one.state == Booking.SENT for one in bookings),
    }  # fmt: skip
    shown_bill = more["ready"] or standing
    more["told"] = explaining.told(shown_bill.trial) if shown_bill is not None else {}
    if row.state == Visit.SHOWN:
        more["register"] = register or register_form(None, row, here, standings)
    elif more["open_for_lines"]:
        more["line"] = line or LineForm(initial={"serial": queries.next_serial(row), "quantity": 1})
    return render(request, "window/visit.html", more, status=status)


def register_form(data: Any, row: Visit, here: Institution, standings: list[queries.Standing]) -> RegisterForm:
    """The registration form of a visit."""
    rows = [{"insutype": one.cover.insutype, "psn_type": one.cover.psn_type, "home": one.cover.admdvs} for one in standings]
    return RegisterForm(data, visit=row, hospital=here.code, rows=rows, day=now().date(), english=english())


def steps_of(row: Visit) -> list[Any]:
    """The steps of a visit or a stay in words."""
    if row.sort == "I":
        return [_("读取凭证"), _("入院登记"), _("录入明细"), _("出院"), _("预结算"), _("结算")]
    return [_("读取凭证"), _("登记就诊"), _("录入明细"), _("预结算"), _("结算")]


def place_of(row: Visit, bookings: list[Booking]) -> int:
    """Which of the steps is next."""
    if row.state == Visit.SHOWN:
        return 1
    stay = int(row.sort == "I")
    if row.state == Visit.SETTLED:
        return 5 + stay
    if any(one.state in (Booking.READY, Booking.SENT) and not one.takes_back_id for one in bookings):
        return 4 + stay
    return 2 if row.state == Visit.OPEN else 4


@on_visit
def register(request: HttpRequest, number: int) -> HttpResponse:
    """Register the visit 挂号, or admit 入院."""
    here = hospital(request)
    row = queries.visit_of(here.code, number)
    form = register_form(request.POST, row, here, queries.standing_of(row.psn_no, now().date()))
    if not form.is_valid():
        return visit_page(request, row, register=form, status=400)
    actions.register(hospital=here, number=number, form=form.registration(now()), at=now(), by=reader(request).login)
    return to_visit(number)


@on_visit
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Cancel the registration 退号."""
    actions.cancel(hospital=hospital(request), number=number, at=now(), by=reader(request).login)
    messages.success(request, _("登记已撤销。"))
    return HttpResponseRedirect(reverse("window"))


@on_visit
def discharge(request: HttpRequest, number: int) -> HttpResponse:
    """Discharge 出院."""
    actions.discharge(hospital=hospital(request), number=number, at=now(), by=reader(request).login)
    return to_visit(number)


@on_visit
def back_in(request: HttpRequest, number: int) -> HttpResponse:
    """Take the discharge back 撤销出院."""
    actions.back_in(hospital=hospital(request), number=number, at=now(), by=reader(request).login)
    return to_visit(number)


@on_visit
def charge(request: HttpRequest, number: int) -> HttpResponse:
    """Enter a line 录入明细."""
    here = hospital(request)
    row, form = queries.visit_of(here.code, number), LineForm(request.POST)
    if not form.is_valid():
        return visit_page(request, row, line=form, status=400)
    said = form.cleaned_data
    good = queries.good_of(here.code, said["item"], now().date())
    if isinstance(good, list):
        form.add_error("item", _("不止一个项目符合，请选择。") if good else _("没有这个项目。请核对编码或名称。"))
        return visit_page(request, row, line=form, choices=good, status=400)
    price = good.price if said["price"] is None else said["price"]
    actions.charge(hospital=here, number=number, serial=said["serial"], good=good, quantity=said["quantity"], price=price, at=now(),
                   instead_of=said["instead_of"] or 0)  # fmt: skip
    return to_visit(number)


@on_visit
def take_off(request: HttpRequest, number: int) -> HttpResponse:
    """Take a line off 撤销明细."""
    serial = request.POST.get("serial", "")
    actions.take_off(hospital=hospital(request), number=number, serial=int(serial) if serial.isdecimal() else 0, at=now(),
                     by=reader(request).login)  # fmt: skip
    return to_visit(number)


@on_visit
def trial(request: HttpRequest, number: int) -> HttpResponse:
    """Pre-settle 预结算."""
    account = request.POST.get("account", "1")
    paying.try_bill(hospital=hospital(request), number=number, account=account if account in words.ACCOUNTS else "1", at=now(),
                    by=reader(request).login)  # fmt: skip
    return to_visit(number)


# ---- money ----


def on_booking(action: Action) -> Action:
    """A view that sends, fetches or gives up a charge, then shows the visit as it truly stands."""

    @asks("window.use")
    @never_cache
    @require_POST
    @wraps(action)
    def acting(request: HttpRequest, number: int) -> HttpResponse:
        """Do it, then back to the visit."""
        here = hospital(request)
        row = Booking.objects.filter(fixmedins_code=here.code, pk=number).select_related("visit").first()
        if row is None:
            return refused(request, paying.no_booking())
        try:
            done = action(request, here, row)
        except Refused as refusal:
            return visit_page(request, row.visit, problem=refusal, status=REFUSED) if row.visit is not None else refused(request, refusal)
        return done

    return acting


def after(row: Booking) -> HttpResponse:
    """Where to go after a charge: its visit."""
    return to_visit(row.visit_id) if row.visit_id else HttpResponseRedirect(reverse("day-close"))


@on_booking
def settle(request: HttpRequest, here: Institution, row: Booking) -> HttpResponse:
    """Settle 结算, or take back 撤销: the message that was written down with the form."""
    done = paying.settle(hospital=here, number=row.pk, at=now(), by=reader(request).login)
    if done.state == Booking.BOOKED and row.state != Booking.BOOKED:
        if row.takes_back_id:
            messages.success(request, _("已撤销，累计和账户恢复原状。收据 %(receipt)s。") % {"receipt": done.receipt})
        else:
            messages.success(request, _("结算完成。收据 %(receipt)s。") % {"receipt": done.receipt})
    elif done.state == Booking.BOOKED:
        messages.info(request, _("这笔已经办结，没有再次收费。收据 %(receipt)s。") % {"receipt": done.receipt})
    return after(done)


@on_booking
def fetch(request: HttpRequest, here: Institution, row: Booking) -> HttpResponse:
    """Fetch the result 取回结果."""
    done = paying.fetch(hospital=here, number=row.pk, at=now(), by=reader(request).login)
    if done.state == Booking.BOOKED:
        messages.success(request, _("已取回结果：这笔已经办结，没有重复收费。收据 %(receipt)s。") % {"receipt": done.receipt})
    elif done.state == Booking.SENT:
        messages.warning(request, _("医保没有办结这笔：可以重新发送同一报文（不会重复收费），或作废。"))
    else:
        messages.info(request, _("这笔还没有发送，没有收费。"))
    return after(done)


@on_booking
def void(request: HttpRequest, here: Institution, row: Booking) -> HttpResponse:
    """Give up a charge of which nothing came 作废."""
    done = paying.void(hospital=here, number=row.pk, at=now(), by=reader(request).login)
    if done.state == Booking.DROPPED:
        messages.success(request, _("已作废，没有收费。"))
    else:
        messages.warning(request, _("这笔其实已经办结，已按实际情况记账。"))
    return after(done)


# ---- searches ----


@asks("window.use")
@require_GET
def goods(request: HttpRequest) -> HttpResponse:
    """Goods that fit what is typed, as options of the field's list."""
    found = queries.goods(hospital(request).code, request.GET.get("q", ""), now().date())
    return render(request, "window/parts/goods.html", {"goods": found})


@asks("window.use")
@require_GET
def diagnoses(request: HttpRequest) -> HttpResponse:
    """Diagnoses that fit what is typed, as options of the field's list."""
    return render(request, "window/parts/diagnoses.html", {"diagnoses": queries.diagnoses(request.GET.get("q", ""), now().date())})
