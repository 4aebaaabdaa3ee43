"""Who is asking 会话: rights, language and type size of each request, and when a session ends (middleware)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from openyibao.bureau.policydesk.shelf import books, city_of
from openyibao.bureau.staff import work
from openyibao.bureau.staff.rights import rights_of
from openyibao.bureau.staff.signing import IDLE, WHOLE, noted
from openyibao.site.navigation import navigation_for

BEGAN, SEEN, FACTOR = "began", "seen", "factor"
"""What a session keeps: when it began, when it was last used, whether the second factor was shown."""

Answer = Callable[[HttpRequest], HttpResponse]


def signed(answer: Answer) -> Answer:
    """Middleware: `request.rights` for who has signed in with both factors, None for anybody else; old sessions end."""

    def one(request: HttpRequest) -> HttpResponse:
        """One request."""
        request.rights = None
        user: Any = request.user
        if not user.is_authenticated:
            return in_language(request, answer, request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE))
        now = timezone.now().timestamp()
        session = request.session
        if now - session.get(SEEN, now) > IDLE.total_seconds() or now - session.get(BEGAN, now) > WHOLE.total_seconds():
            noted(login=user.login, address=address_of(request), outcome="expired", at=timezone.now())
            logout(request)
            messages.info(request, _("会话已到期，请重新登录。"))
            return HttpResponseRedirect(reverse("sign-in"))
        if now - session.get(SEEN, 0) > 60:
            session[SEEN] = now
        if session.get(FACTOR):
            request.rights = rights_of(user)
        return in_language(request, answer, user.language)

    return one


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
