"""The first page 首页, the search over everything, and the page that shows the page parts."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from openyibao.bureau.pages.tags import TAGS
from openyibao.bureau.policydesk.shelf import city_of
from openyibao.bureau.staff import queries, work
from openyibao.bureau.staff.asking import asks
from openyibao.bureau.staff.rights import reader
from openyibao.bureau.staff.telling import told
from openyibao.site.guiding import guide_for
from openyibao.site.searching import found


@asks("home.see")
def first_page(request: HttpRequest) -> HttpResponse:
    """The first page of whoever signed in: what waits, what was done last, where to go."""
    rights = reader(request)
    waiting = work.waiting_for(rights)
    today = timezone.localdate()
    return render(request, "site/home.html", {
        "waiting": waiting.order_by("due", "pk")[:8], "count": waiting.count(), "late": waiting.filter(due__lt=today).count(),
        "soon": waiting.filter(due__gte=today, due__lte=today + timedelta(days=3)).count(),
        "acts": told(queries.acts_of(rights.login, limit=6)), "guide": guide_for(request),
    })  # fmt: skip


@asks("home.see")
def search(request: HttpRequest) -> HttpResponse:
    """Find a person, a bill, an institution, a clause 全局查找."""
    asked = request.GET.get("q", "").strip()
    return render(request, "site/search.html", {"asked": asked, "found": found(asked, reader(request), city_of(request))})


@asks("parts.see")
def parts(request: HttpRequest) -> HttpResponse:
    """Every page part once, to look at."""
    now = timezone.now()
    example = {"columns": [_("层次"), _("金额")], "unit": "fen", "rows": [
        [_("医疗费总额"), 1_234_500], [_("范围外"), -123_400], [_("起付线"), -80_000], [_("统筹基金"), -720_000], [_("大病保险"), -56_000],
        [_("医疗救助"), -90_000], [_("个人负担"), 165_100]]}  # fmt: skip
    events = [{"at": now - timedelta(hours=1), "what": {"zh": "复审通过", "en": "Second review passed"}, "who": "李审核", "note": ""},
              {"at": now - timedelta(days=1), "what": {"zh": "初审通过", "en": "First review passed"}, "who": "王经办",
               "note": _("票据齐全。")}]
    return render(request, "site/parts.html", {"states": list(TAGS), "waterfall": example, "events": events,
                                               "steps": [_("录入"), _("初审"), _("复审"), _("复核"), _("拨付")]})
