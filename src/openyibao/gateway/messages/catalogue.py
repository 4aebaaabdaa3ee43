"""Catalogue downloads 目录下载: 1301–1303, 1305–1311, 1313–1315. The reply names a file, which 9102 fetches.

A file is UTF-8 text with tabs, one row per line, no headings, in the columns the document prints; an empty value is the word null; zipped.
`ver` is the version the hospital has: it gets the rows of every version loaded after it, 0 all of them. Codes that have ended come too,
with 有效标志 0, so that a hospital learns of them.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from openyibao.bureau.codes import queries
from openyibao.bureau.codes.models import Code, Item
from openyibao.bureau.settlement import deposits
from openyibao.gateway.describe import described
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages.columns import CELLS, DETAIL, NAMES

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time written into the zip: equal rows make an equal file."""

NULL = "null"
BREAKS = re.compile(r"[\t\r\n]+")


class Source(NamedTuple):
    """Which rows a download holds."""

    rows: Callable[[], QuerySet[Any]]
    title: str  # start of the file's name


def of_lists(*list_types: str) -> Callable[[], QuerySet[Item]]:
    """Items of some catalogue kinds."""
    return lambda: queries.items().filter(list_type__in=list_types)


def of_set(code_set: str, **detail: str) -> Callable[[], QuerySet[Code]]:
    """Codes of a set, of those with some detail."""
    return lambda: queries.words(code_set).filter(**{f"detail__{name}": value for name, value in detail.items()})


SOURCES = {
    "1301": Source(of_lists("101", "105", "106"), "drugs"),
    "1302": Source(of_lists("102"), "slices"),
    "1303": Source(of_lists("103"), "preparations"),
    "1305": Source(of_lists("201"), "services"),
    "1306": Source(of_lists("301"), "consumables"),
    "1306A": Source(of_lists("301"), "consumables"),
    "1307": Source(of_set(queries.DIAGNOSES), "diagnoses"),
    "1308": Source(of_set(queries.OPERATIONS), "operations"),
    "1309": Source(of_set(queries.CHRONIC), "chronic_diseases"),
    "1310": Source(of_set(queries.PER_DISEASE), "diseases_by_case"),
    "1311": Source(of_set(queries.DAY_SURGERY), "day_surgery"),
    "1313": Source(of_set(queries.MORPHOLOGY), "tumour_morphology"),
    "1314": Source(of_set(queries.TCM, tcm_type="病"), "tcm_diseases"),
    "1315": Source(of_set(queries.TCM, tcm_type="证"), "tcm_syndromes"),
}


def download(request: Request, desk: Desk) -> dict[str, Any]:
    """13xx 目录下载: lay the file down for the sender. Where the same rows were asked for before, the same bytes serve again."""
    source = SOURCES[request.infno]
    since = version_number(request.input["data"]["ver"])
    rows = newer(source.rows(), since)
    filename = f"{source.title}_{request.infno}_{since}_{queries.epoch()}_{request.day:%Y%m%d}.txt.zip"
    earlier = deposits.latest_like(filename, deposits.CATALOGUE)
    if earlier is None or not deposits.place_of(desk.files, earlier.digest).exists():
        content = zipped(filename.removesuffix(".zip"), lines(request.infno, rows, request.day))
        digest, size = deposits.keep(desk.files, content), len(content)
    else:
        digest, size = earlier.digest, earlier.size
    laid = deposits.lay_down(request.institution, filename, digest, size, deposits.CATALOGUE, at=request.at)
    ends = deposits.last_day_of(request.at)
    until = "dld_endtime" if request.infno == "1306A" else "dld_end_time"
    return {"file_qury_no": laid.file_qury_no, "filename": filename, until: ends, "data_cnt": rows.count()}


def version_number(ver: str) -> int:
    """The number of a version 版本号 as our files write it; 0 for whatever else a program sends."""
    digits = re.sub(r"\D", "", ver)[:18]
    return int(digits or 0)


def newer(rows: QuerySet[Any], since: int) -> QuerySet[Any]:
    """Rows of versions after `since`; rows that came without a version always."""
    return rows.filter(Q(version_id__gt=since) | Q(version_id__isnull=True)) if since else rows


def lines(infno: str, rows: QuerySet[Any], day: date) -> Iterator[str]:
    """The rows as lines of the file, in the printed columns."""
    message = described(infno)
    headings = message.output[0].columns if message else ()
    shown = rows.annotate(version_name=F("version__name"))
    cells = [cell_of(infno, heading) for heading in headings]
    for row in shown.iterator(chunk_size=2_000):
        yield "\t".join(written(cell(row, day)) for cell in cells)


def cell_of(infno: str, heading: str) -> Callable[[Any, date], Any]:
    """How a column is filled: from the row's own columns, from its detail, or not at all."""
    if heading in NAMES.get(infno, ()):
        return lambda row, _: row.name
    if heading in CELLS:
        return CELLS[heading]
    field = DETAIL.get(heading, "")
    return lambda row, _: row.detail.get(field)


def written(value: Any) -> str:
    """A value as the file has it; tabs and line breaks inside become blanks."""
    if value is None or value == "":
        return NULL
    if isinstance(value, bool):
        return "1" if value else "0"
    return BREAKS.sub(" ", str(value))


def zipped(name: str, content: Iterable[str]) -> bytes:
    """A zip with one text file."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(zipfile.ZipInfo(name, EPOCH), "w") as stream:
        for line in content:
            stream.write(line.encode() + b"\n")
    return held.getvalue()


HANDLERS = {infno: Handler(download, "write") for infno in SOURCES}
