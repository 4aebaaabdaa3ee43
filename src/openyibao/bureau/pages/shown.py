"""A list as a page or as a file 列表页: what every list view ends with."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from openyibao.bureau.pages.export import FORMATS, exported
from openyibao.bureau.pages.listing import Listing, every_row, sheet


def shown(
    request: HttpRequest, listing: Listing, query: QuerySet[Any], template: str = "pages/listed.html", more: dict[str, Any] | None = None,
) -> HttpResponseBase:  # fmt: skip
    """A list as a page, or as a file when `export` is asked for and allowed."""
    form = request.GET.get("export", "")
    if form in FORMATS:
        if listing.export:
            request.rights.need(listing.export)
        return exported(request, listing, every_row(listing, query, request), form)
    return render(request, template, {"sheet": sheet(listing, query, request), "listing": listing, **(more or {})})
