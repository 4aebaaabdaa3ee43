"""Pages on which policies are read 政策查阅: the document, one parameter, comparisons, packages. They decide nothing."""

import io
import zipfile
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openyibao.bureau.pages.export import FORMATS, exported
from openyibao.bureau.pages.templatetags.parts import said
from openyibao.bureau.policydesk.laid import number
from openyibao.bureau.policydesk.models import Package
from openyibao.bureau.policydesk.shelf import books, city_of
from openyibao.bureau.policymaking.comparing import Side, side_of, sides
from openyibao.bureau.policymaking.document import chapters, pair
from openyibao.bureau.policymaking.entries import BOTH, Entry, entries_on, history, is_scheme_key, searched
from openyibao.bureau.policymaking.lists import ENTRIES
from openyibao.bureau.policymaking.parameter_page import chart_of, layers_using, neighbours, parameter_entry
from openyibao.bureau.policymaking.queries import Told, approvals, told, versions
from openyibao.bureau.staff.asking import asks
from openyibao.bureau.staff.queries import names_of
from openyibao.bureau.staff.rights import reader
from openyibao.policybook.book import Book
from openyibao.policybook.differ import View
from openyibao.policybook.folio import dashed
from openyibao.policybook.tree import SCHEMES
from openyibao.policybook.units import TRUST
from openyibao.policybook.words import SCHEME_WORDS, SUBJECTS

SHOWN = ("document", "list", "tree")


def lang() -> str:
    """The language of the page: zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def day_of(request: HttpRequest, name: str = "day") -> date:
    """The day that a page is about: the one asked for, else today; a day that cannot be read counts as none."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return timezone.localdate()


def words_of(book: Book) -> dict[str, str]:
    """A city's name in both languages."""
    return {"zh": book.name, "en": book.name_en}


def city_choices() -> list[dict[str, Any]]:
    """Every city as a choice."""
    return [{"code": book.city, "zh": book.name, "en": book.name_en} for book in sorted(books().values(), key=lambda one: one.admdvs)]


@asks("policy.see")
def policies(request: HttpRequest) -> HttpResponseBase:
    """The city's policy on a day: as a document, as a list, as a tree; filtered by words, scheme, subject, trust mark."""
    city, day = city_of(request), day_of(request)
    book = books()[city]
    asked = {name: request.GET.get(name, "").strip() for name in ("find", "scheme", "subject", "trust")}
    whole = entries_on(book, number(day))
    found = narrowed(whole, asked)
    signed = Signed(city)
    if request.GET.get("export", "") in FORMATS:
        rows = ({"entry": one, "subject": said(pair(SUBJECTS[one.subject])), "scheme": said(pair(SCHEME_WORDS[one.scheme])),
                 "approved": signed.of(one)} for one in found)
        return exported(request, ENTRIES, ([column.of(row) for column in ENTRIES.columns] for row in rows), request.GET["export"])
    kept = request.GET.copy()
    for name in ("view", "trust"):
        kept.pop(name, None)
    shown = request.GET.get("view", "") if request.GET.get("view", "") in SHOWN else SHOWN[0]
    return render(request, "policymaking/policies.html", {
        "book_words": words_of(book), "city": city, "day": day, "asked": asked, "view": shown, "cities": city_choices(), "many": len(found),
        "whole": len(whole), "chapters": chapters(found), "counts": counts(whole, asked["trust"]), "kept": kept.urlencode(),
        "subjects": [{"code": code, **pair(words)} for code, words in SUBJECTS.items() if any(one.subject == code for one in whole)],
        "schemes": [{"code": code, **pair(SCHEME_WORDS[code])} for code in SCHEMES.values()],
        "warnings": [halves(sentence) for sentence in book.warnings],
        "rows": [(one, signed.of(one)) for one in found] if shown == "list" else [], "digest": book.digest,
    })  # fmt: skip


def narrowed(entries: Iterable[Entry], asked: dict[str, str]) -> list[Entry]:
    """The entries that the filter bar lets through."""
    found = searched(entries, asked["find"]) if asked["find"] else list(entries)
    if asked["scheme"] in SCHEMES.values():
        found = [one for one in found if one.scheme in (asked["scheme"], BOTH)]
    for name in ("subject", "trust"):
        if asked[name]:
            found = [one for one in found if getattr(one, name) == asked[name]]
    return found


def counts(entries: Iterable[Entry], chosen: str) -> list[dict[str, Any]]:
    """How many values bear each trust mark."""
    marks = [one.trust for one in entries]
    return [{"trust": mark, "many": marks.count(mark), "chosen": mark == chosen} for mark in TRUST]


def halves(sentence: str) -> dict[str, str]:
    """`中文 | English` as a pair; a sentence in one language stands for both."""
    zh, bar, en = sentence.partition(" | ")
    return {"zh": zh, "en": en if bar else zh}


class Signed:
    """Who approved what a city's entries say."""

    def __init__(self, city: str) -> None:
        """The approved changes of the city."""
        self.amendments = approvals(city)
        self.names = names_of(login for row in self.amendments.values() for login in row.by)

    def of(self, entry: Entry) -> str:
        """The names of who approved an entry; for a file, that it came with the files."""
        row = self.amendments.get(entry.amendment)
        return "、".join(self.names[login] for login in row.by[1:]) if row is not None else _("政策文件")

    def shown(self, number: int) -> dict[str, Any] | None:
        """An approved change as pages show it; None for a file."""
        row = self.amendments.get(number)
        if row is None:
            return None
        return {"draft": row.draft, "name": {"zh": row.name, "en": row.name_en}, "at": row.at, "starts": row.starts,
                "people": " → ".join(self.names[login] for login in row.by)}


@asks("policy.see")
def parameter(request: HttpRequest, city: str, key: str) -> HttpResponse:
    """One parameter: what it says on the day, everything it ever said, who uses it, what other cities say."""
    book = books().get(city)
    if book is None or not is_scheme_key(key):
        raise Http404
    day = day_of(request)
    entry = parameter_entry(book, key, number(day))
    parts = key.split(".")
    plain, scheme = ".".join((parts[0], *parts[2:])), parts[1]
    words = [word for word in SCHEMES.values() if scheme in (word, BOTH)]
    codes = {word: code for code, word in SCHEMES.items()}
    spans = {word: history(book.tables[codes[word]], plain) for word in words}
    if not any(spans.values()):
        raise Http404
    if len(words) > 1 and spans[words[0]] == spans[words[1]]:
        spans = {BOTH: spans[words[0]]}
    signed = Signed(city)
    others = neighbours(books(), plain, words[0], number(day))
    last = next(span.found for one in spans.values() for span in reversed(one) if span.found is not None)
    return render(request, "policymaking/parameter.html", {
        "book_words": words_of(book), "city": city, "key": key, "day": day, "entry": entry,
        "leaf_words": {"zh": last.leaf.name, "en": last.leaf.name_en}, "subject": pair(SUBJECTS[parts[0]]),
        "subject_code": parts[0], "scheme": pair(SCHEME_WORDS[scheme]),
        "histories": [(pair(SCHEME_WORDS[word]), [(span, signed.shown(amended(span))) for span in reversed(one)])
                      for word, one in spans.items()],
        "uses": layers_using(book, words, plain, number(day)), "others": others, "chart": chart_of(others, last.leaf.unit, lang()),
    })  # fmt: skip


def amended(span: Any) -> int:
    """The approved change that a span comes from; 0 = a file."""
    return Entry("", "", "", "", span.found, 0, "", False).amendment if span.found is not None else 0


@asks("policy.see")
def compare(request: HttpRequest) -> HttpResponse:
    """Two policies in words: two days, two cities, two drafts or packages."""
    may_drafts = reader(request).may("policy.follow")
    known = sides(may_drafts)
    here = city_of(request)
    asked = [
        Side(request.GET.get(f"{name}", "") or here, day_of(request, f"{name}_day"), request.GET.get(f"{name}_what", ""))
        for name in ("one", "other")
    ]
    chosen = [side_of(one, may_drafts, lang()) for one in asked]
    groups: list[Told] = []
    many = equal = 0
    problem = next((one.problem for one in chosen if one.view is None), None)
    if chosen[0].view is not None and chosen[1].view is not None and "one" in request.GET:
        groups, many, equal = told(*distinct(chosen[0].view, chosen[1].view), lang())
    return render(request, "policymaking/compare.html", {
        "cities": city_choices(), "known": known, "sides": list(zip(("one", "other"), asked, strict=True)), "groups": groups, "many": many,
        "equal": equal, "problem": problem, "asked": "one" in request.GET, "labels": [one.view.label if one.view else "" for one in chosen],
    })  # fmt: skip


def distinct(one: View, other: View) -> tuple[View, View]:
    """The two views with labels that differ: the day is added where the names are the same."""
    if one.label != other.label:
        return one, other
    return one._replace(label=f"{one.label} {dashed(one.day)}"), other._replace(label=f"{other.label} {dashed(other.day)}")


@asks("policy.see")
def packages(request: HttpRequest) -> HttpResponse:
    """The packages that a city has settled under, kept for ever."""
    city = city_of(request)
    found = versions(city, limit=100)
    rows = {row.pk: row for row in Package.objects.filter(pk__in=[one.digest for one in found]).defer("files")}
    signed = Signed(city)
    logins = {one.digest: one.by.split(", ") for one in found if not one.by.startswith("server")}
    names = names_of(login for people in logins.values() for login in people)
    return render(request, "policymaking/packages.html", {
        "book_words": words_of(books()[city]), "city": city, "digest": books()[city].digest,
        "rows": [(one, rows.get(one.digest), " → ".join(names[login] for login in logins.get(one.digest, ()))) for one in found],
        "amendments": [signed.shown(number) for number in sorted(signed.amendments, reverse=True)],
    })  # fmt: skip


@asks("policy.see")
def package(request: HttpRequest, digest: str) -> HttpResponse:
    """A package as files, to keep and to read again anywhere."""
    row = Package.objects.filter(pk=digest).first()
    if row is None:
        raise Http404
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in [*sorted(row.files.items()), *row.overlays]:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
        about = [f"digest: {row.digest}", f"city: {row.city}", f"readings: {row.readings}", f"rule_sets: {row.rule_sets}"]
        archive.writestr(zipfile.ZipInfo("PACKAGE.txt", (1980, 1, 1, 0, 0, 0)), "\n".join(about) + "\n")
    answer = HttpResponse(out.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="policy-{row.city}-{row.digest[:12]}.zip"'
    return answer
