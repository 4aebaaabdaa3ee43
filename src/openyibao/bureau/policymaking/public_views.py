"""The public page of a city's policy 政策明白纸: open to everybody, printed as it stands. It decides nothing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from openyibao.bureau.policydesk.laid import number
from openyibao.bureau.policydesk.shelf import books, city_of
from openyibao.bureau.policymaking.plain import page_of
from openyibao.bureau.policymaking.views import city_choices, words_of
from openyibao.bureau.staff.asking import open_to_all
from openyibao.policybook.tree import SCHEMES
from openyibao.policybook.words import SCHEME_WORDS

CHOICES = tuple(SCHEMES.values())


@open_to_all
def public(request: HttpRequest, city: str = "") -> HttpResponse:
    """What is covered, how much, up to which limit; for employees or residents, today."""
    known = books()
    if city and city not in known:
        raise Http404
    chosen = city or city_of(request)
    scheme = request.GET.get("scheme", "") if request.GET.get("scheme", "") in CHOICES else "resident"
    today = timezone.localdate()
    return render(request, "policymaking/public.html", {
        "book_words": words_of(known[chosen]), "city": chosen, "cities": city_choices(), "scheme": scheme, "day": today,
        "schemes": [{"code": code, "zh": SCHEME_WORDS[code][0], "en": SCHEME_WORDS[code][1]} for code in CHOICES],
        "sections": page_of(known[chosen], scheme, number(today)), "digest": known[chosen].digest,
    })  # fmt: skip
