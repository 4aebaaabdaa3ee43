"""The books that pages read 政策书架: kept per process, opened again when something is laid over a city's files, and a page's city."""

import threading
import time
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from openyibao.bureau.policydesk.laid import Epoch, epoch, laid_over
from openyibao.bureau.policydesk.queries import Shelf, open_shelf
from openyibao.policybook.book import Book, policies_root

FRESH = 1.0
"""Seconds for which a page does not ask the database again whether anything was approved; the process that approves forgets at once."""


class Kept(NamedTuple):
    """The shelf of a database as it stood at an epoch, and when it was last looked at."""

    database: tuple[str, str, str]
    epoch: Epoch
    shelf: Shelf
    looked: float


kept: list[Kept] = []
"""At most one."""
opening = threading.Lock()


def shelf() -> Shelf:
    """Every city's book with all that was approved. Raises PolicyError."""
    asked = database()
    now = time.monotonic()
    if kept and kept[0].database == asked and now - kept[0].looked < FRESH:
        return kept[0].shelf
    with opening:
        standing = epoch()
        if kept and kept[0].database == asked and kept[0].epoch == standing:
            kept[:] = [kept[0]._replace(looked=now)]
            return kept[0].shelf
        before = kept[0].shelf if kept else None
        found = open_shelf(policies_root(), laid=laid_over(), before=before if before and before.root == policies_root() else None)
        kept[:] = [Kept(asked, standing, found, now)]
        return found


def forget() -> None:
    """Look again at the next page: this process has just approved something."""
    with opening:
        kept[:] = [one._replace(looked=float("-inf")) for one in kept]


def database() -> tuple[str, str, str]:
    """Which database the pages read."""
    found = connection.settings_dict
    return str(found.get("HOST", "")), str(found.get("PORT", "")), str(found.get("NAME", ""))


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
