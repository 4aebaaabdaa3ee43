"""The books that pages read 政策书架: loaded once per process, and the city that a page is about."""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

from openyibao.bureau.policydesk.queries import Shelf, open_shelf
from openyibao.policybook.book import Book, policies_root


@lru_cache(maxsize=1)
def shelf() -> Shelf:
    """Every city's book as the files beside this server say it. Raises PolicyError."""
    return open_shelf(policies_root())


def books() -> dict[str, Book]:
    """City folder (jishou, wuhan …) -> its book."""
    return {book.city: book for book in shelf().books.values()}


def city_of(request: HttpRequest) -> str:
    """The city that a page is about 统筹区: ?city=, else that of the reader's area, else the server's own (OPENYIBAO_CITY)."""
    asked, known = request.GET.get("city", ""), books()
    if asked in known:
        return asked
    rights = getattr(request, "rights", None)
    if rights is not None and rights.area:
        for name, book in known.items():
            if str(book.admdvs)[:4] == rights.area[:4]:
                return name
    return str(settings.CITY)
