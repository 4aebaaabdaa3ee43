"""The two sides of a comparison 对比两方: what is in force, a draft, or an old package, of a city on a day."""

from datetime import date
from typing import Any, NamedTuple

from openyibao.bureau.policydesk.laid import number
from openyibao.bureau.policydesk.shelf import books
from openyibao.bureau.policymaking.models import Draft
from openyibao.bureau.policymaking.queries import book_with_draft, drafts, package_book, versions
from openyibao.policybook.book import Book
from openyibao.policybook.differ import View
from openyibao.policybook.leaf import PolicyError

DRAFT, PACKAGE = "draft", "package"


class Side(NamedTuple):
    """What was asked for: city, day, and `draft:12`, `package:<hash>`, or nothing for what is in force."""

    city: str
    day: date
    what: str


class Chosen(NamedTuple):
    """A side as a policy on a day, or why it is none."""

    view: View | None
    problem: dict[str, str] | None


def sides(may_drafts: bool) -> list[dict[str, Any]]:
    """What may be chosen beside what is in force: drafts for those who may see them, and old packages."""
    found: list[dict[str, Any]] = []
    for city, book in books().items():
        if may_drafts:
            found += [
                {"value": f"{DRAFT}:{one.pk}", "kind": DRAFT, "zh": f"{book.name} · {one.name}", "en": f"{book.name_en} · {one.name_en}"}
                for one in drafts(city, limit=50)
            ]
        found += [{"value": f"{PACKAGE}:{one.digest}", "kind": PACKAGE, "zh": f"{book.name} · {one.digest[:8]} · {one.at:%Y-%m-%d}",
                   "en": f"{book.name_en} · {one.digest[:8]} · {one.at:%Y-%m-%d}"} for one in versions(city, limit=10)]
    return found


def side_of(asked: Side, may_drafts: bool, lang: str) -> Chosen:
    """The policy that a side names."""
    kind, _, which = asked.what.partition(":")
    try:
        if kind == DRAFT and may_drafts and which.isdigit():
            row = Draft.objects.filter(pk=int(which)).first()
            if row is not None:
                name = row.name_en if lang == "en" else row.name
                return seen(book_with_draft(row), asked.day, lang, name)
        elif kind == PACKAGE:
            found = package_book(which)
            if found is not None:
                return seen(found[1], asked.day, lang, which[:8])
        elif not kind and asked.city in books():
            return seen(books()[asked.city], asked.day, lang, "")
    except PolicyError as problem:
        return Chosen(None, {"zh": f"这一方读不出：{problem}", "en": f"this side cannot be read: {problem}"})
    return Chosen(None, {"zh": "没有这一方可选的政策。", "en": "There is no such policy."})


def seen(book: Book, day: date, lang: str, more: str) -> Chosen:
    """A book on a day under its name."""
    name = book.name_en if lang == "en" else book.name.removesuffix("市")
    label = name if not more else f"{name} ({more})" if lang == "en" else f"{name}（{more}）"
    return Chosen(View(book, number(day), label), None)
