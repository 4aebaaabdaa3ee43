"""A page asks for a right 页面权限: `@asks("policy.draft")` before a view. Without the right the page says so, and what to do.

Every address of the site goes through here or is declared open; tests/site walks all addresses with all roles and compares.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from openyibao.bureau.refused import Refused
from openyibao.bureau.staff import actions
from openyibao.bureau.staff.rights import Rights, reader
from openyibao.bureau.staff.signing import FRESH

View = Callable[..., HttpResponse]
PURPOSES = "purposes"
"""Where a session keeps the purposes given: psn_no -> (purpose, until)."""


def asks(act: str) -> Callable[[View], View]:
    """A view for those who may `act`; others are sent to sign in, or told what is missing."""
    return asking_for((act,), act)


def asks_either(*acts: str) -> Callable[[View], View]:
    """A view for those who may one of these acts; the view narrows what each of them sees. Who may none is told of the first."""
    return asking_for(acts, acts)


def asking_for(acts: tuple[str, ...], mark: str | tuple[str, ...]) -> Callable[[View], View]:
    """A guard for those who may one of the acts, marked for the walk over all addresses."""

    def asking(view: View) -> View:
        """The guarded view."""

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            """Look at the rights, then show the page."""
            rights: Rights | None = getattr(request, "rights", None)
            if rights is None:
                return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
            try:
                if not any(map(rights.may, acts)):
                    rights.need(acts[0])
                return view(request, *args, **kwargs)
            except Refused as refusal:
                return refused(request, refusal)

        setattr(guarded, ACT, mark)
        return guarded

    return asking


ACT = "asks_for"
"""Where a guarded view keeps its act, or the acts of which one is enough, for the walk over all addresses."""
OPEN = "open to all"


def open_to_all(view: View) -> View:
    """A view that asks nobody to sign in: signing in itself, the public pages, health."""
    setattr(view, ACT, OPEN)
    return view


def refused(request: HttpRequest, refusal: Refused, status: int = 403) -> HttpResponse:
    """The page of a refusal: what, why, since when, the next step. 403 unless said otherwise."""
    return render(request, "pages/refused.html", {"refusal": refusal}, status=status)


def purpose_for(request: HttpRequest, psn_no: str) -> str:
    """The purpose given for this person in this session, still fresh; empty = it has to be asked."""
    said = request.session.get(PURPOSES, {}).get(psn_no)
    if not said or said[1] < timezone.now().timestamp():
        return ""
    return str(said[0])


def give_purpose(request: HttpRequest, psn_no: str, purpose: str) -> None:
    """Keep a purpose 查询用途 for a while. Raises Refused STAFF-01 when it is empty."""
    if not purpose.strip():
        raise Refused(
            "STAFF-01", "查询个人信息须写明用途。", "Reading a person's data needs a purpose.", place="purpose",
            next_zh="请填写用途后再查。", next_en="Write the purpose, then ask again.", clause="个人信息保护法 第六条",
        )
    kept = dict(request.session.get(PURPOSES, {}))
    kept[psn_no] = [purpose.strip()[:120], (timezone.now() + FRESH).timestamp()]
    request.session[PURPOSES] = kept


def looks_at(view: View) -> View:
    """A view of one person's data (argument `psn_no`): without a fresh purpose it asks for one; with one the look is logged.

    Insured persons read their own record without a purpose, and the look is logged all the same.
    """

    @wraps(view)
    def looking(request: HttpRequest, *args: Any, psn_no: str, **kwargs: Any) -> HttpResponse:
        """Ask, log, show."""
        rights = reader(request)
        purpose = purpose_for(request, psn_no)
        if psn_no == rights.psn_no:
            purpose = purpose or "本人查询"
        if not purpose:
            problem = None
            if request.method == "POST" and "purpose" in request.POST:
                try:
                    give_purpose(request, psn_no, request.POST["purpose"])
                    return HttpResponseRedirect(request.get_full_path())
                except Refused as refusal:
                    problem = refusal
            return render(request, "pages/purpose.html", {"problem": problem, "psn_no": psn_no}, status=200 if problem is None else 400)
        actions.looked(officer=rights.login, psn_no=psn_no, purpose=purpose, what=request.path[:60], at=timezone.now())
        return view(request, *args, psn_no=psn_no, **kwargs)

    return looking
