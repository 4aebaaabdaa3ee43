"""Pages of the staff desk 人员与岗位: signing in, the own account, officers, logs."""

import io
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from openyibao.bureau.pages.shown import shown
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff import accounts, lists, queries, signing, work
from openyibao.bureau.staff.asking import asks, open_to_all, refused
from openyibao.bureau.staff.forms import CodeForm, OfficerForm, PasswordForm, SignInForm
from openyibao.bureau.staff.models import Act, Look, Notice, Officer, SignIn
from openyibao.bureau.staff.rights import reader

BEGAN, SEEN, FACTOR, SECRET = "began", "seen", "factor", "new-secret"


def address(request: HttpRequest) -> str:
    """Where a request comes from."""
    return str(getattr(request, "address", "") or request.META.get("REMOTE_ADDR", ""))


def onward(request: HttpRequest) -> str:
    """Where to go after signing in: the page that was asked for, if it is ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else reverse("home")


@open_to_all
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Login and password 登录. Too many wrong tries wait; a wrong login and a wrong password are not told apart."""
    if getattr(request, "rights", None) is not None:
        return HttpResponseRedirect(onward(request))
    form, status, now = SignInForm(request.POST or None), 200, timezone.now()
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["login"]
        wait = signing.wait_of(name, address(request), now).seconds
        if wait:
            signing.noted(login=name, address=address(request), outcome="throttled", at=now)
            form.add_error(None, _("尝试次数过多，请 %(seconds)s 秒后再试。") % {"seconds": wait})
            status = 429
        else:
            officer = accounts.checked(name, form.cleaned_data["password"], demo=settings.DEMO)
            if officer is None:
                signing.noted(login=name, address=address(request), outcome="wrong", at=now)
                form.add_error(None, _("账号或密码不对。"))
                status = 400
            else:
                begin(request, officer)
                further = onward(request)
                return HttpResponseRedirect(further if request.session[FACTOR] else f"{reverse('factor')}?{urlencode({'next': further})}")
    demo = list(Officer.objects.filter(demo=True, is_active=True).select_related("post").order_by("login")) if settings.DEMO else []
    return render(request, "staff/sign_in.html", {"form": form, "next": onward(request), "demo": demo, "password": accounts.DEMO_PASSWORD},
                  status=status)


def begin(request: HttpRequest, officer: Officer) -> None:
    """Begin a session; without a second factor it may only set one up, unless the account is a demo's."""
    login(request, officer, backend="django.contrib.auth.backends.ModelBackend")
    now = timezone.now()
    request.session[BEGAN] = request.session[SEEN] = now.timestamp()
    request.session[FACTOR] = officer.demo and not officer.factor
    if request.session[FACTOR]:
        signing.noted(login=officer.login, address=address(request), outcome="in", at=now)


@open_to_all
@never_cache
def factor(request: HttpRequest) -> HttpResponse:
    """The second factor 二次验证: shown on every sign-in, set up on the first."""
    officer: Any = request.user
    if not officer.is_authenticated:
        return HttpResponseRedirect(reverse("sign-in"))
    if request.session.get(FACTOR):
        return HttpResponseRedirect(onward(request))
    now, form, status = timezone.now(), CodeForm(request.POST or None), 200
    if not officer.factor:
        return set_up(request, officer, form)
    if request.method == "POST" and form.is_valid():
        wait = signing.wait_of(officer.login, address(request), now).seconds
        if wait:
            form.add_error("code", _("尝试次数过多，请 %(seconds)s 秒后再试。") % {"seconds": wait})
            status = 429
        elif signing.is_code(officer, form.cleaned_data["code"], now):
            return admitted(request, officer)
        else:
            signing.noted(login=officer.login, address=address(request), outcome="factor", at=now)
            form.add_error("code", _("验证码不对或已用过，请等下一个。"))
            status = 400
    return render(request, "staff/factor.html", {"form": form, "next": onward(request)}, status=status)


def set_up(request: HttpRequest, officer: Officer, form: CodeForm) -> HttpResponse:
    """Set the second factor up: the secret as a QR code; kept once a code shows that it works."""
    secret = request.session.setdefault(SECRET, signing.new_secret())
    if request.method == "POST" and form.is_valid():
        if signing.proves(secret, form.cleaned_data["code"], timezone.now()):
            signing.keep_secret(officer, secret)
            request.session.pop(SECRET)
            return admitted(request, officer)
        form.add_error("code", _("验证码不对，请核对手机时间后再试。"))
    picture = io.BytesIO()
    code = segno.make(signing.address_of(secret, officer.login, "OpenYibao"), error="m")
    code.save(picture, kind="svg", scale=5, border=2, svgclass="qr")
    shown_once = {"form": form, "secret": secret, "picture": picture.getvalue().decode(), "next": onward(request)}
    return render(request, "staff/factor_new.html", shown_once)


def admitted(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Both factors shown."""
    request.session.cycle_key()
    request.session[FACTOR] = True
    signing.noted(login=officer.login, address=address(request), outcome="in", at=timezone.now())
    return HttpResponseRedirect(onward(request))


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session 退出."""
    if request.user.is_authenticated:
        signing.noted(login=request.user.get_username(), address=address(request), outcome="out", at=timezone.now())
        logout(request)
    return HttpResponseRedirect(reverse("sign-in"))


@open_to_all
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose Chinese or English; kept with the officer, or in a cookie."""
    chosen = request.POST.get("language", "")
    answer = HttpResponseRedirect(onward(request))
    if chosen in dict(settings.LANGUAGES):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=31_536_000, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
        if request.user.is_authenticated:
            Officer.objects.filter(pk=request.user.pk).update(language=chosen)
    return answer


@open_to_all
@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Large type on or off 大字模式."""
    user: Any = request.user
    on = not (user.large_type if user.is_authenticated else request.COOKIES.get("large-type") == "1")
    answer = HttpResponseRedirect(onward(request))
    answer.set_cookie("large-type", "1" if on else "0", max_age=31_536_000, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    if user.is_authenticated:
        Officer.objects.filter(pk=user.pk).update(large_type=on)
    return answer


# ---- the own account ----


@asks("home.see")
@never_cache
@sensitive_post_parameters("old", "new", "again")
def my_account(request: HttpRequest) -> HttpResponse:
    """The own account: post, rights, password."""
    officer: Any = request.user
    form = PasswordForm(request.POST or None, officer=officer)
    if request.method == "POST" and form.is_valid():
        accounts.set_password(officer, form.cleaned_data["new"], at=timezone.now())
        begin(request, officer)
        request.session[FACTOR] = True
        messages.success(request, _("密码已修改。"))
        return HttpResponseRedirect(reverse("my-account"))
    return render(request, "staff/account.html", {"form": form, "acts": accounts.acts_in_words(reader(request))})


@asks("home.see")
def my_acts(request: HttpRequest) -> HttpResponse:
    """What I did 我的操作记录, and whom I looked at."""
    me = request.user.get_username()
    looks = Look.objects.filter(officer=me).order_by("-at", "-id")[:200]
    return render(request, "staff/my_acts.html", {"acts": queries.acts_of(me), "looks": looks})


@asks("home.see")
def notices(request: HttpRequest) -> HttpResponse:
    """Notices 通知; opening the page reads them."""
    me = request.user.get_username()
    rows = list(Notice.objects.filter(officer=me).order_by("-at", "-id")[:200])
    Notice.objects.filter(officer=me, read_at=None).update(read_at=timezone.now())
    return render(request, "staff/notices.html", {"rows": rows})


@asks("home.see")
def my_work(request: HttpRequest) -> HttpResponseBase:
    """What waits for me 我的待办."""
    return shown(request, lists.WORK, work.waiting_for(reader(request)))


# ---- officers and logs ----


@asks("staff.see")
def officers(request: HttpRequest) -> HttpResponseBase:
    """Officers 人员."""
    return shown(request, lists.OFFICERS, Officer.objects.select_related("post"), "staff/officers.html")


@asks("staff.edit")
def officer(request: HttpRequest, login: str = "") -> HttpResponse:
    """One officer: made, changed. A new account gets a password for one use."""
    row = get_object_or_404(Officer, login=login) if login else None
    first = {"login": row.login, "name": row.name, "post": row.post, "psn_no": row.psn_no, "relatives": " ".join(row.relatives),
             "is_active": row.is_active} if row else None
    form = OfficerForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            password = accounts.keep_officer(row, form.cleaned_data, by=reader(request), at=timezone.now())
        except Refused as refusal:
            return refused(request, refusal)
        if password:
            messages.success(request, _("账号已建立，一次性密码：%(password)s（首次登录后修改）") % {"password": password})
        else:
            messages.success(request, _("已保存。"))
        return HttpResponseRedirect(reverse("staff-officers"))
    return render(request, "staff/officer.html", {"form": form, "row": row})


@asks("log.see")
def acts(request: HttpRequest) -> HttpResponseBase:
    """What was done 操作日志."""
    return shown(request, lists.ACTS, Act.objects.all())


@asks("log.see")
def looks(request: HttpRequest) -> HttpResponseBase:
    """Who looked at whom 查询日志."""
    return shown(request, lists.LOOKS, Look.objects.all())


@asks("log.see")
def sign_ins(request: HttpRequest) -> HttpResponseBase:
    """Who signed in, or tried to 登录日志."""
    return shown(request, lists.SIGN_INS, SignIn.objects.all())
