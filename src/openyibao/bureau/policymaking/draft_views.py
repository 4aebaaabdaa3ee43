"""Pages of policies in the making 政策调整页面: list, one draft, writing, the way through two approvals. They decide nothing."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openyibao.bureau.pages.shown import shown
from openyibao.bureau.pages.templatetags.parts import said
from openyibao.bureau.policydesk.laid import number
from openyibao.bureau.policydesk.shelf import books, city_of
from openyibao.bureau.policymaking import actions
from openyibao.bureau.policymaking.drafted import Change, changes_in, changes_of, is_known, region_of
from openyibao.bureau.policymaking.entries import Entry, entries_on, searched
from openyibao.bureau.policymaking.findings import checked
from openyibao.bureau.policymaking.forms import NewDraft, added, line_of, typed_lines
from openyibao.bureau.policymaking.lists import DRAFTS, STATES
from openyibao.bureau.policymaking.models import Draft
from openyibao.bureau.policymaking.queries import book_before, book_with_draft, first_day, laid_of, text_of_draft, told
from openyibao.bureau.policymaking.views import city_choices, lang, words_of
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.asking import asks, refused
from openyibao.bureau.staff.queries import Acted, acts_on, names_of
from openyibao.bureau.staff.rights import reader
from openyibao.policybook.book import Book, policies_root
from openyibao.policybook.differ import View
from openyibao.policybook.leaf import PolicyError
from openyibao.policybook.tree import Region, read_overlay

FOLLOW = "policy.follow"
"""The act of those who may see policies in the making."""
MOST_FOUND = 40
EVENTS = {
    "policy.draft": ("新建草案", "Draft begun"), "policy.write": ("修改草案", "Draft changed"),
    "policy.submit": ("提交审批", "Submitted"),
    "policy.agree": ("第一人同意", "First approval"), "policy.approve": ("第二人同意，启用", "Second approval, put in force"),
    "policy.decline": ("不同意", "Declined"), "policy.withdraw": ("撤回", "Withdrawn"),
    "policy.attach": ("附上模拟", "Simulation attached"),
}  # fmt: skip


@asks(FOLLOW)
def drafts(request: HttpRequest) -> HttpResponseBase:
    """Every draft, newest first."""
    return shown(request, DRAFTS, Draft.objects.all(), "policymaking/drafts.html", {"states": STATES})


def found_draft(pk: int) -> Draft:
    """A draft, or page 404."""
    row = Draft.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@asks("policy.draft")
def new(request: HttpRequest) -> HttpResponse:
    """Begin a draft: empty, with one parameter, from another draft, from an alternative beside the policy files, or from a file."""
    city = city_of(request)
    cities = [(one["code"], said(one)) for one in city_choices()]
    source = request.POST.get("from", request.GET.get("from", ""))
    changes, name, name_en = begun_from(source)
    starts = date(timezone.localdate().year + 1, 1, 1)
    form = NewDraft(request.POST or None, request.FILES or None, cities=cities,
                    initial={"city": city, "starts": starts, "name": name, "name_en": name_en})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        region = region_of(given["file"], given["file"] and request.FILES["file"].name) if given["file"] else None
        problems = region.problems if region else ()
        if region is not None and region.extends and region.extends != given["city"]:
            form.add_error("file", _("这份草案是为 %(city)s 写的。") % {"city": region.extends})
        elif problems:
            for one in problems[:10]:
                form.add_error("file", str(one))
        else:
            key, book = request.POST.get("key", ""), books()[given["city"]]
            if region is not None:
                changes = changes_in(region)
            elif is_known(key) and key:
                more = added(books(), book.city, key, number(given["starts"]))
                changes = [*changes, *([] if more is None else [more])]
            row = actions.begin(
                city=given["city"], name=given["name"], name_en=given["name_en"], why=given["why"], starts=given["starts"],
                changes=changes, by=reader(request).login, at=timezone.now(),
            )  # fmt: skip
            return HttpResponseRedirect(reverse("policy-draft-edit", args=[row.pk]))
    return render(request, "policymaking/new.html", {
        "form": form, "city": city, "from": source, "key": request.POST.get("key", request.GET.get("key", "")),
        "alternatives": alternatives(city), "changes": changes,
    })  # fmt: skip


def alternatives(city: str) -> list[dict[str, str]]:
    """Files beside the policy files from which a draft may begin: the city's alternatives, and those for any city."""
    root = policies_root()
    paths = [*sorted((root / city / "alternatives").glob("*.yaml")), *sorted((root / "overlays").glob("*.yaml"))]
    return [{"value": f"file:{path.relative_to(root).as_posix()}", "zh": one.name, "en": one.name_en}
            for path, one in ((path, read_overlay(path)) for path in paths)]


def begun_from(source: str) -> tuple[list[Change], str, str]:
    """The changes that a new draft begins with: of another draft, or of an alternative."""
    kind, _colon, which = source.partition(":")
    if kind == "draft" and which.isdigit():
        row = Draft.objects.filter(pk=int(which)).first()
        if row is not None:
            return changes_of(row.entries), f"{row.name}（修改）", f"{row.name_en} (revised)"
    known = {one["value"] for city in books() for one in alternatives(city)}
    if source in known:
        region: Region = read_overlay(policies_root() / which)
        return changes_in(region), region.name, region.name_en
    return [], "", ""


@asks("policy.draft")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a draft: new values beside those in force, more parameters, the check at once."""
    row = found_draft(pk)
    login = reader(request).login
    if row.state != Draft.WRITING or row.by != login:
        return HttpResponseRedirect(reverse("policy-draft", args=[pk]))
    book = books()[row.city]
    changes = changes_of(row.entries)
    lines = [line_of(book, place, one) for place, one in enumerate(changes)]
    head: dict[str, Any] = {"name": row.name, "name_en": row.name_en, "why": row.why, "starts": row.starts.isoformat()}
    problem = None
    if request.method == "POST":
        typed = typed_lines(book, changes, request.POST)
        head = {name: request.POST.get(name, "").strip() for name in head}
        starts = day_or_none(head["starts"])
        if typed.good and starts is not None and head["name"]:
            more = [one for key in request.POST.getlist("add") if (one := added(books(), row.city, key, number(starts))) is not None]
            have = {(one.key, one.since) for one in typed.changes}
            whole = [*typed.changes, *(one for one in more if (one.key, one.since) not in have)]
            actions.write(pk=pk, name=head["name"][:100], name_en=head["name_en"][:100], why=head["why"], starts=starts, changes=whole,
                          by=login, at=timezone.now())
            return after_writing(request, pk)
        lines = typed.lines
        problem = _("有内容没有填对，尚未保存；请看红字。")
    text = request.GET.get("find", "")
    return render(request, "policymaking/edit.html", {
        "draft": row, "book_words": words_of(book), "lines": lines, "head": head, "problem": problem, "find": text,
        "found": offered(row.city, text, number(row.starts), changes) if text else [], "check": check_of(row), "cities": city_choices(),
    }, status=400 if problem else 200)  # fmt: skip


def after_writing(request: HttpRequest, pk: int) -> HttpResponse:
    """Where saving leads: on with the search, to the draft, or back to the form."""
    asked = request.POST.get("do", "")
    if asked == "done":
        return HttpResponseRedirect(reverse("policy-draft", args=[pk]))
    words = request.POST.get("find", "").strip()
    if asked == "find" and words:
        return HttpResponseRedirect(f"{reverse('policy-draft-edit', args=[pk])}?{urlencode({'find': words})}#add")
    messages.success(request, _("已保存，并重新检查。"))
    return HttpResponseRedirect(reverse("policy-draft-edit", args=[pk]))


def day_or_none(text: str) -> date | None:
    """A day, or None where the text is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def offered(city: str, text: str, day: int, have: list[Change]) -> list[dict[str, Any]]:
    """Parameters that a search finds: the city's own, then those that only other cities state."""
    taken = {one.key for one in have}
    own = entries_on(books()[city], day)
    found: list[tuple[Entry, str]] = [(one, "") for one in searched(own, text)]
    stated = {one.plain for one in own}
    for book in books().values():
        if book.city != city:
            more = [one for one in searched(entries_on(book, day), text) if one.plain not in stated]
            stated |= {one.plain for one in more}
            found += [(one, said({"zh": book.name, "en": book.name_en})) for one in more]
    return [{"entry": one, "other": other, "taken": one.key in taken} for one, other in found[:MOST_FOUND]]


def check_of(row: Draft) -> Any:
    """The check of a draft over what is in force."""
    return checked(row.city, laid_of(row.city), text_of_draft(row))


@asks(FOLLOW)
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """One draft: what it changes in words, the check, evidence, who did what, and the next step for who may do it."""
    row = found_draft(pk)
    rights = reader(request)
    book, changes = book_before(row), changes_of(row.entries)
    check = check_of(row) if row.state in (Draft.WRITING, *actions.OPEN) else None
    acts = acts_on(actions.object_of(pk))
    names = names_of([*(one.officer for one in acts), row.by, row.first_by, row.second_by])
    at = {Draft.WRITING: 0, Draft.SUBMITTED: 1, Draft.AGREED: 2, Draft.APPROVED: 4}.get(row.state, 0)
    if row.state == Draft.APPROVED and first_day(row) > number(timezone.localdate()):
        at = 3
    mine, open_ = row.by == rights.login, row.state in actions.OPEN
    heads = rights.may("policy.approve") and not mine
    return render(request, "policymaking/draft.html", {
        "draft": row, "book_words": words_of(book), "draft_words": {"zh": row.name, "en": row.name_en},
        "rows": [line_of(book, place, one) for place, one in enumerate(changes)], "check": check,
        "told": in_words(row, book, changes), "at": at, "drafter": names[row.by],
        "steps": [_("起草"), _("第一人审批"), _("第二人审批"), _("执行")], "state": f"policy.{row.state}", "first": first_day(row),
        "events": events_of(acts, names),
        "may": {
            "edit": mine and row.state == Draft.WRITING and rights.may("policy.draft"),
            "withdraw": mine and row.state in (Draft.WRITING, *actions.OPEN) and rights.may("policy.draft"),
            "agree": heads and row.state == Draft.SUBMITTED,
            "approve": heads and row.state == Draft.AGREED and row.first_by != rights.login,
            "decline": heads and open_,
            "copy": rights.may("policy.draft"), "simulate": rights.may("simulation.run"),
        },
        "waits_for_other": rights.may("policy.approve") and row.state == Draft.AGREED and row.first_by == rights.login,
        "simulate": link_or_none("simulations"), "evidence": [
            {"link": link_or_none("simulation", one["simulation"]),
             "title": {"zh": one["title"], "en": one.get("title_en") or one["title"]}}
            for one in row.evidence
        ],
    })  # fmt: skip


def events_of(acts: list[Acted], names: dict[str, str]) -> list[dict[str, Any]]:
    """The log as a timeline, newest first; one line for a row of savings."""
    found: list[dict[str, Any]] = []
    last = ("", "")
    for one in acts:
        if (one.what, one.officer) != last or one.what != "policy.write":
            found.append({"at": one.at, "who": names.get(one.officer, one.officer), "what": event_words(one.what),
                          "note": one.detail.get("why", "")})
        last = (one.what, one.officer)
    return found


def event_words(what: str) -> dict[str, str]:
    """An act of the log in words."""
    zh, en = EVENTS.get(what, (what, what))
    return {"zh": zh, "en": en}


def link_or_none(name: str, *values: int) -> str:
    """The address of another desk's page; empty where there is none."""
    try:
        return reverse(name, args=values)
    except NoReverseMatch:
        return ""


def in_words(row: Draft, book: Book, changes: list[Change]) -> list[Any]:
    """What a draft changes, in words, for each day on which something begins."""
    try:
        whole = book_with_draft(row)
    except PolicyError:
        return []
    now, then = (("before", "after") if lang() == "en" else ("原来", "调整后"))
    found = []
    for day in sorted({one.since for one in changes}):
        groups, many, equal = told(View(book, day, now), View(whole, day, then), lang())
        found.append({"day": day, "groups": groups, "many": many, "equal": equal})
    return found


@asks(FOLLOW)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft as the file that `openyibao simulate --draft` takes."""
    row = found_draft(pk)
    answer = HttpResponse(text_of_draft(row), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.city}-draft-{row.pk}.yaml"'
    return answer


# ---- steps: each is one action ----


def step(request: HttpRequest, pk: int, work: Callable[[], Draft], done: str) -> HttpResponse:
    """Do one step when it was asked for by a form, then show the draft; what is refused is shown as such."""
    if request.method == "POST":
        try:
            work()
        except Refused as refusal:
            return refused(request, refusal, 409)
        messages.success(request, done)
    else:
        found_draft(pk)
    return HttpResponseRedirect(reverse("policy-draft", args=[pk]))


@asks("policy.draft")
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand it to the heads."""
    by = reader(request).login
    return step(request, pk, lambda: actions.submit(pk=pk, by=by, at=timezone.localtime()), _("已提交，等待第一人审批。"))


@asks("policy.draft")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    by, why = reader(request).login, request.POST.get("why", "")
    return step(request, pk, lambda: actions.withdraw(pk=pk, why=why, by=by, at=timezone.localtime()), _("已撤回。"))


@asks("policy.approve")
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """The first approval."""
    by = reader(request).login
    return step(request, pk, lambda: actions.agree(pk=pk, by=by, at=timezone.localtime()), _("已同意，等待另一位负责人审批。"))


@asks("policy.approve")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The second approval, which puts it in force."""
    by = reader(request).login
    return step(request, pk, lambda: actions.approve(pk=pk, by=by, at=timezone.localtime()), _("已批准启用，结算窗口随即采用。"))


@asks("policy.approve")
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Not agreed."""
    by, why = reader(request).login, request.POST.get("why", "")
    return step(request, pk, lambda: actions.decline(pk=pk, why=why, by=by, at=timezone.localtime()), _("已退回起草人。"))
