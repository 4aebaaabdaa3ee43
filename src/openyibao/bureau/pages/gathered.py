"""Short lists whose rows are worked out and not read from a table 汇总列表: the same bar, count, order and export, all rows on one page."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from openyibao.bureau.pages.export import FORMATS, exported
from openyibao.bureau.pages.listing import Listing, Sheet, bar, cells, filtered


def narrowed(listing: Listing, rows: Sequence[Any], request: HttpRequest) -> tuple[list[Any], list[str], str]:
    """The rows that the filters let through in the order asked for, filters that could not be read, and the order in use.

    A filter's `apply` takes and gives a list here; a column's `order` names an attribute of the row, whose None stand last.
    """
    let_through: Any
    let_through, problems = filtered(listing, list(rows), request.GET)
    asked = request.GET.get("order", "")
    column = next((one for one in listing.columns if one.name == asked.removeprefix("-") and one.order), None)
    if column is None:
        return let_through, problems, ""
    name = column.order[0]
    there = [row for row in let_through if getattr(row, name) is not None]
    ordered = sorted(there, key=lambda row: getattr(row, name), reverse=asked.startswith("-"))
    return [*ordered, *(row for row in let_through if getattr(row, name) is None)], problems, asked


def gathered(listing: Listing, rows: Sequence[Any], request: HttpRequest) -> Sheet:
    """The list as a page."""
    found, problems, order = narrowed(listing, rows, request)
    kept = request.GET.copy()
    kept.pop("order", None)
    active = sum(bool(request.GET.get(one.name, "").strip()) for one in listing.filters)
    return Sheet(listing, found, [cells(listing, row) for row in found], len(found), False, bar(listing, request.GET), problems, active,
                 order, "", True, kept.urlencode())


def gathered_shown(
    request: HttpRequest, listing: Listing, rows: Sequence[Any], template: str, more: dict[str, Any], file: Listing | None = None,
) -> HttpResponseBase:  # fmt: skip
    """The list as a page, or as a file when one is asked for; `file` has the columns of the file where they differ."""
    form = request.GET.get("export", "")
    if form in FORMATS:
        if listing.export:
            request.rights.need(listing.export)
        found, _, _ = narrowed(listing, rows, request)
        columns = file or listing
        return exported(request, columns, ([column.of(row) for column in columns.columns] for row in found), form)
    return render(request, template, {"sheet": gathered(listing, rows, request), "listing": listing, **more})
