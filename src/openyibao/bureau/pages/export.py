"""Exports 导出: a list as CSV or as a workbook, all rows that the filters let through, streamed. Amounts are yuan with two decimals."""

import csv
import io
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

import xlsxwriter
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation

from openyibao.bureau.pages.listing import Column, Listing
from openyibao.bureau.pages.tags import TAGS

XLSX_ROWS = 1_048_575
"""Rows that one sheet of a workbook holds under its heading; more go on the next sheet."""
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
FORMATS = ("csv", "xlsx")
CHUNK = 1 << 18


def exported(request: HttpRequest, listing: Listing, rows: Iterable[list[Any]], form: str) -> HttpResponseBase:
    """The list as a file to keep. `form`: csv or xlsx."""
    name = f"{listing.name}-{timezone.localtime():%Y%m%d-%H%M}.{form}"
    pieces = (line.encode() for line in csv_lines(listing, rows)) if form == "csv" else workbook_pieces(listing, rows)
    return sent(request, said_in(translation.get_language() or "zh-hans", pieces), name=name, kind=TYPES[form])


def said_in(language: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces in the language of the request, which is over when they are made."""
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def sent(request: HttpRequest, pieces: Iterator[bytes], *, name: str, kind: str) -> HttpResponseBase:
    """A file sent piece by piece, as the server in front of us wants them: Django serves one kind of iterator to each kind of request."""
    asked_async = isinstance(request, ASGIRequest)
    answer = StreamingHttpResponse(in_turn(pieces) if asked_async else pieces, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


async def in_turn(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces, each made in the request's own thread, where its database connection lives."""
    def one() -> bytes | None:
        """The next piece, None after the last."""
        return next(pieces, None)

    while (piece := await sync_to_async(one)()) is not None:
        yield piece


def workbook_pieces(listing: Listing, rows: Iterable[list[Any]]) -> Iterator[bytes]:
    """A workbook in pieces: written to a temporary file first, in constant memory."""
    with tempfile.TemporaryFile() as file:
        write_workbook(file, listing, rows)
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


def csv_lines(listing: Listing, rows: Iterable[list[Any]]) -> Iterator[str]:
    """Lines of CSV with the mark that makes spreadsheets read Chinese."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    yield "\ufeff"
    writer.writerow([str(column.title) for column in listing.columns])
    for count, row in enumerate(rows, 1):
        writer.writerow([plain(value, column) for value, column in zip(row, listing.columns, strict=True)])
        if count % 500 == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def plain(value: Any, column: Column) -> str:
    """A cell as text; text that a spreadsheet would run as a formula is held back by an apostrophe."""
    if value is None:
        return ""
    if column.kind == "fen":
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
    if column.kind == "rate":
        return f"{value / 100:.2f}%"
    if column.kind == "tag":
        return str(TAGS[value].words) if value in TAGS else str(value)
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    if column.kind == "day" and isinstance(value, int):
        return f"{value // 10_000}-{value // 100 % 100:02d}-{value % 100:02d}" if value else ""
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not isinstance(value, (int, float)) else text


def write_workbook(file: BinaryIO, listing: Listing, rows: Iterable[list[Any]]) -> None:
    """The list as a workbook, row by row."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False})
    bold, money = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "#,##0.00"})
    day, share = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "0.00%"})
    page, place = headed(book, listing, bold), 0
    for row in rows:
        if place >= XLSX_ROWS:
            page, place = headed(book, listing, bold), 0
        place += 1
        for at, (value, column) in enumerate(zip(row, listing.columns, strict=True)):
            if value is None:
                continue
            if column.kind == "fen":
                page.write_number(place, at, value / 100, money)
            elif column.kind == "rate":
                page.write_number(place, at, value / 10_000, share)
            elif isinstance(value, (int, float)) and not isinstance(value, bool) and column.kind not in ("day", "code"):
                page.write_number(place, at, value)
            elif isinstance(value, date) and not isinstance(value, datetime):
                page.write_datetime(place, at, value, day)
            else:
                words = column.kind in ("tag", "day") or isinstance(value, datetime)
                page.write_string(place, at, plain(value, column) if words else str(value))
    book.close()


def headed(book: Any, listing: Listing, bold: Any) -> Any:
    """A new sheet with the headings, which stay in sight."""
    page = book.add_worksheet()
    for at, column in enumerate(listing.columns):
        page.write_string(0, at, str(column.title), bold)
        page.set_column(at, at, 16 if column.kind in ("fen", "day", "instant") else 22)
    page.freeze_panes(1, 0)
    return page
