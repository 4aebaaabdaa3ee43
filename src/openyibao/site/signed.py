"""Who is asking 会话: rights, language and type size of each request, and when a session ends (middleware)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from openyibao.bureau.policydesk.shelf import books, city_of
from openyibao.bureau.staff import sessions, work
from openyibao.bureau.staff.rights import rights_of
from openyibao.bureau.staff.signing import BEGAN, FACTOR, IDLE, SEEN, WHOLE, must_change, noted
from openyibao.site.navigation import navigation_for

NOTED = 60
"""Seconds after which the use of a session is written down again."""
WITHOUT_PASSWORD = ("my-account", "sign-out", "language", "large-type")
"""Pages for somebody whose one-time password is still to be changed."""

Answer = Callable[[HttpRequest], HttpResponse]


def signed(answer: Answer) -> Answer:
    """Middleware: `request.rights` for who has signed in with both factors, None for anybody else; old sessions end."""

    def one(request: HttpRequest) -> HttpResponse:
        """One request."""
        request.rights, request.address = None, address_of(request)
        user: Any = request.user
        if not user.is_authenticated:
            return in_language(request, answer, request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE))
        now = timezone.now()
        if is_over(request.session, now) or (user.demo and not settings.DEMO):
            with translation.override(user.language):
                return expired(request, now)
        if now.timestamp() - request.session.get(SEEN, 0) > NOTED:
            request.session[SEEN] = now.timestamp()
            sessions.seen(request.session.session_key or "", at=now)
        if request.session.get(FACTOR):
            request.rights = rights_of(user)
            if must_change(user) and request.path not in map(reverse, WITHOUT_PASSWORD):
                return HttpResponseRedirect(reverse("my-account"))
        return in_language(request, answer, user.language)

    return one


def is_over(session: Any, now: datetime) -> bool:
    """Whether a session was not used for too long, or is a working day old."""
    at = now.timestamp()
    return bool(at - session.get(SEEN, at) > IDLE.total_seconds() or at - session.get(BEGAN, at) > WHOLE.total_seconds())


def expired(request: HttpRequest, now: datetime) -> HttpResponse:
    """The end of a session: signing in again leads back to the page that was asked for."""
    noted(login=request.user.get_username(), address=address_of(request), outcome="expired", at=now)
    sessions.ended(request.session.session_key or "")
    logout(request)
    messages.info(request, _("会话已到期，请重新登录。"))
    back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
    return HttpResponseRedirect(reverse("sign-in") + back)


def in_language(request: HttpRequest, answer: Answer, language: str) -> HttpResponse:
    """The answer in a language; Chinese where it is not one of ours."""
    chosen = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(chosen):
        request.LANGUAGE_CODE = chosen
        response = answer(request)
        response.headers.setdefault("Content-Language", chosen)
        return response


def address_of(request: HttpRequest) -> str:
    """Where the request comes from; what a proxy says counts only where the settings name the proxy."""
    if settings.BEHIND_PROXY:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))


def city_name(request: HttpRequest, english: bool) -> str:
    """The city that the page is about, in words."""
    book = books().get(city_of(request))
    return "" if book is None else f"{book.name_en} " if english else book.name


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page shows (context processor)."""
    user: Any = request.user
    rights = getattr(request, "rights", None)
    english = (translation.get_language() or "").startswith("en")
    large = user.large_type if user.is_authenticated else request.COOKIES.get("large-type") == "1"
    found = {
        "demo_mode": settings.DEMO, "city_name": city_name(request, english), "large_type": large, "navigation": navigation_for(request),
    }  # fmt: skip
    if rights is not None:
        post = user.post
        named = "" if post is None else post.name_en if english and post.name_en else post.name
        found |= {"unread": work.unread(rights.login), "post_name": named}
    return found
