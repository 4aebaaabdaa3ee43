"""Pages of signing in and of the own account 登录与本人账号. Officers, posts and logs: `administration.py`."""

import io
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from openyibao.bureau.pages.shown import shown
from openyibao.bureau.staff import accounts, lists, queries, sessions, signing, work
from openyibao.bureau.staff.asking import asks, open_to_all
from openyibao.bureau.staff.forms import CodeForm, PasswordForm, SignInForm
from openyibao.bureau.staff.models import Look, Notice, Officer
from openyibao.bureau.staff.rights import reader
from openyibao.bureau.staff.signing import BEGAN, FACTOR, SECRET, SEEN
from openyibao.bureau.staff.telling import told


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
    request.session[BEGAN] = request.session[SEEN] = timezone.now().timestamp()
    request.session[FACTOR] = False
    if officer.demo and not officer.factor:
        entered(request, officer)


def entered(request: HttpRequest, officer: Officer) -> None:
    """All that is asked for was shown: the session is open, under a new key."""
    now = timezone.now()
    request.session.cycle_key()
    request.session[FACTOR] = True
    sessions.opened(officer=officer, key=request.session.session_key or "", address=address(request),
                    browser=request.headers.get("User-Agent", ""), at=now)
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
    return render(request, "staff/factor_new.html", shown_once, status=400 if form.is_bound else 200)


def admitted(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Both factors shown."""
    entered(request, officer)
    return HttpResponseRedirect(onward(request))


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session 退出."""
    if request.user.is_authenticated:
        signing.noted(login=request.user.get_username(), address=address(request), outcome="out", at=timezone.now())
        sessions.ended(request.session.session_key or "")
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
    """The own account: post, rights, password, open sessions."""
    officer: Any = request.user
    if request.method == "POST" and "end-others" in request.POST:
        count = sessions.end_others(officer, but=request.session.session_key or "")
        messages.success(request, _("已结束其他会话：%(count)s 个。") % {"count": count})
        return HttpResponseRedirect(reverse("my-account"))
    form = PasswordForm(request.POST or None, officer=officer)
    if request.method == "POST" and form.is_valid():
        accounts.set_password(officer, form.cleaned_data["new"], at=timezone.now())
        begin(request, officer)
        if not request.session[FACTOR]:
            entered(request, officer)
        messages.success(request, _("密码已修改，其他会话已结束。"))
        return HttpResponseRedirect(reverse("my-account"))
    return render(request, "staff/account.html", {
        "form": form, "acts": accounts.acts_in_words(reader(request)), "sessions": sessions.live(officer, timezone.now()),
        "this": request.session.session_key, "must": signing.must_change(officer),
    }, status=400 if form.is_bound else 200)  # fmt: skip


@asks("home.see")
def my_acts(request: HttpRequest) -> HttpResponse:
    """What I did 我的操作记录, and whom I looked at."""
    me = request.user.get_username()
    looks = Look.objects.filter(officer=me).order_by("-at", "-id")[:200]
    return render(request, "staff/my_acts.html", {"acts": told(queries.acts_of(me)), "looks": looks})


@asks("home.see")
def notices(request: HttpRequest) -> HttpResponse:
    """Notices 通知, and marking them as read."""
    me = request.user.get_username()
    if request.method == "POST":
        work.have_read(me, at=timezone.now())
        return HttpResponseRedirect(reverse("notices"))
    return render(request, "staff/notices.html", {"rows": list(Notice.objects.filter(officer=me).order_by("-at", "-id")[:200])})


@asks("home.see")
def my_work(request: HttpRequest) -> HttpResponseBase:
    """What waits for me 我的待办."""
    return shown(request, lists.WORK, work.waiting_for(reader(request)))
