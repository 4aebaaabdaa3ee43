"""What the desk of policies in the making knows 政策调整查询: drafts as files for the simulation, books with a draft laid over them."""

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from openyibao.bureau.policydesk.laid import NOTHING, Laid, amendment_of, book_with, layers_of, number
from openyibao.bureau.policydesk.models import Amendment, InForce, Package
from openyibao.bureau.policydesk.queries import book_of
from openyibao.bureau.policydesk.shelf import books, shelf
from openyibao.bureau.policymaking.drafted import changes_of, region_of, text_of
from openyibao.bureau.policymaking.models import Draft
from openyibao.policybook.book import Book
from openyibao.policybook.book import book_of as frozen_book
from openyibao.policybook.differ import View, differences
from openyibao.policybook.words import scheme_words, subject_words


class Named(NamedTuple):
    """A draft as a choice 可选草案."""

    pk: int
    city: str
    name: str
    name_en: str
    state: str
    starts: date
    by: str


def drafts(city: str, *, limit: int = 200) -> list[Named]:
    """The drafts of a city that somebody may want to simulate, newest first; withdrawn and declined ones left out."""
    return named(Draft.objects.filter(city=city).exclude(state__in=(Draft.WITHDRAWN, Draft.DECLINED)), limit)


def open_drafts(city: str, by: str) -> list[Named]:
    """A drafter's own drafts of a city that are not decided yet, newest first."""
    return named(Draft.objects.filter(city=city, by=by, state__in=(Draft.WRITING, Draft.SUBMITTED, Draft.AGREED)))


def named(rows: QuerySet[Draft], limit: int | None = None) -> list[Named]:
    """Drafts as choices, newest first."""
    fields = ("id", "city", "name", "name_en", "state", "starts", "by")
    return [Named(*row) for row in rows.order_by("-at", "-id").values_list(*fields)[:limit]]


def draft_file(pk: int) -> tuple[str, str]:
    """A draft's name and its text, in the form of examples/drafts/*.yaml. Raises Draft.DoesNotExist."""
    row = Draft.objects.get(pk=pk)
    return row.name, text_of_draft(row)


def text_of_draft(row: Draft) -> str:
    """The file that a draft is."""
    return text_of(row.city, row.name, row.name_en, changes_of(row.entries))


def laid_files(city: str) -> list[tuple[str, str]]:
    """Name and text of every approved change that lies over a city's files: a simulation lays them under both sides."""
    return [(name.replace("/", "-"), text) for name, text in laid_of(city).overlays]


def laid_of(city: str) -> Laid:
    """What lies over a city's files now."""
    return shelf().laid.get(city, NOTHING)


def laid_before(row: Draft) -> Laid:
    """What lies over the city's files without this draft: now, or as it was when the draft was approved."""
    laid = laid_of(row.city)
    if row.amendment is None:
        return laid
    return laid._replace(overlays=tuple(one for one in laid.overlays if amendment_of(one[0]) < (row.amendment or 0)))


def book_before(row: Draft) -> Book:
    """The city's book that a draft changes. Raises PolicyError."""
    return books()[row.city] if row.amendment is None else book_with(shelf().root, row.city, laid_before(row))


def book_with_draft(row: Draft) -> Book:
    """The city's book with a draft over what was in force before it. Raises PolicyError."""
    root, laid = shelf().root, laid_before(row)
    layers = (*layers_of(root, row.city, laid), region_of(text_of_draft(row), f"draft-{row.pk}"))
    return frozen_book(root, row.city, layers, (), laid.rule_sets)


class Told(NamedTuple):
    """Differences of one subject and scheme in sentences."""

    heading: str
    sentences: tuple[str, ...]


def told(one: View, other: View, lang: str) -> tuple[list[Told], int, int]:
    """Two policies in words: by subject and scheme, how many differ, how many are the same."""
    found, equal = differences(one, other, lang)
    groups: dict[str, list[str]] = {}
    for difference in found:
        heading = f"{subject_words(difference.subject, lang)} · {scheme_words(difference.scheme, lang)}"
        groups.setdefault(heading, []).append(difference.sentence)
    return [Told(heading, tuple(sentences)) for heading, sentences in groups.items()], len(found), equal


class Version(NamedTuple):
    """A package that a city settled under from an instant 政策包."""

    digest: str
    at: datetime
    by: str


def versions(city: str, *, limit: int = 30) -> list[Version]:
    """The packages of a city, newest first."""
    rows = InForce.objects.filter(city=city).order_by("-at", "-id").values_list("package_id", "at", "by")
    return [Version(*row) for row in rows[:limit]]


def package_book(digest: str) -> tuple[str, Book] | None:
    """City and book of a package; None for a hash that nobody kept."""
    row = Package.objects.filter(pk=digest).first()
    return (row.city, book_of(row)) if row is not None else None


def approvals(city: str) -> dict[int, Amendment]:
    """The approved changes of a city by their number, without their texts."""
    return {row.pk: row for row in Amendment.objects.filter(city=city).defer("text")}


def first_day(row: Draft) -> int:
    """The first day on which a draft says something; its own first day while it says nothing."""
    return min((one.since for one in changes_of(row.entries)), default=number(row.starts))
