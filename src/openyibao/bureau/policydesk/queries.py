"""What policies are in force 现行政策: the shelf of books, one per city, and old packages by their hash."""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from openyibao.bureau.policydesk.laid import NOTHING, Laid, book_with
from openyibao.bureau.policydesk.models import Package
from openyibao.policybook.book import Book, cities
from openyibao.policybook.national import pooling_area

__all__ = ["Shelf", "book_of", "files_of", "open_shelf", "pooling_area", "read_old"]


@dataclass(frozen=True)
class Shelf:
    """The books a server settles with, by pooling area, and what lies over the files of each city."""

    root: Path
    books: Mapping[str, Book]
    laid: Mapping[str, Laid] = field(default_factory=dict)
    _old: dict[str, Book] = field(default_factory=dict, compare=False, repr=False)

    def of_area(self, admdvs: str) -> Book | None:
        """The book of a division's pooling area; None when this server has no policies for it."""
        return self.books.get(pooling_area(admdvs))

    def of_digest(self, digest: str) -> Book:
        """The book of a package, in force or not: a package no longer in force is read from the database. Raises Package.DoesNotExist."""
        for book in self.books.values():
            if book.digest == digest:
                return book
        if digest not in self._old:
            self._old[digest] = book_of(Package.objects.get(digest=digest))
        return self._old[digest]

    def is_emergency(self, city: str, day: int, diagnoses: Iterable[str]) -> bool:
        """Whether a bill of the day with these diagnoses falls under an emergency rule set that is on 应急规则适用."""
        marks = [one for one in self.laid.get(city, NOTHING).marks if one.since <= day < one.until]
        return any(code.startswith(one.diagnoses) for one in marks for code in diagnoses)

    def known(self) -> dict[str, Book]:
        """Every book that this shelf can give without the database, by its hash: what the shelf after it begins with."""
        return {**self._old, **{book.digest: book for book in self.books.values()}}


def read_old(shelf: Shelf) -> None:
    """Read every package that once was in force, so that `of_digest` needs no database afterwards."""
    for digest in Package.objects.values_list("digest", flat=True):
        shelf.of_digest(digest)


def open_shelf(root: Path, names: Iterable[str] = (), *, laid: Mapping[str, Laid] | None = None, before: Shelf | None = None) -> Shelf:
    """Load the books of the named cities, of every city without a name. Raises PolicyError.

    laid    what lies over the files (laid.laid_over), by city; nothing when not given
    before  the shelf that this one follows: books over which nothing else lies are taken from it
    """
    over = dict(laid or {})
    earlier = {book.city: book for book in before.books.values() if before.laid.get(book.city) == over.get(book.city)} if before else {}
    books = [earlier.get(name) or book_with(root, name, over.get(name, NOTHING)) for name in (names or cities(root))]
    return Shelf(root, {pooling_area(str(book.admdvs)): book for book in books}, over, before.known() if before else {})


def files_of(root: Path, city: str) -> dict[str, str]:
    """The files that a city's book is read from: its own and those of every wider region, path below `root` -> text."""
    others = set(cities(root)) - {city}
    return {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*.yaml"))
        if path.relative_to(root).parts[0] not in others
    }


def book_of(package: Package) -> Book:
    """A package read again from its files. Raises PolicyError."""
    with tempfile.TemporaryDirectory(prefix="openyibao-policies-") as folder:
        root = Path(folder)
        for name, text in package.files.items():
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        laid = Laid(
            tuple((name, text) for name, text in package.overlays), tuple((name, since, until) for name, since, until in package.rule_sets)
        )
        return book_with(root, package.city, laid, readings=package.readings)
