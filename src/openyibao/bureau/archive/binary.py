"""Journal rows in the database's binary form 日志行的二进制写入: what COPY ... (FORMAT binary) reads, many rows at once.

A row has the columns of `copying.COLUMNS["settlement_journal"]`. Its four arrays of figures are laid out by NumPy for all rows together.
"""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from openyibao.bureau.settlement.packing import SHAPE
from openyibao.kernel.claim import Claim
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.year import Year

START = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
END = struct.pack(">h", -1)
COLUMNS = 14
INT8, VARCHAR = 20, 1043
"""The database's numbers for the types bigint and varchar."""

EPOCH = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
"""The instant that the database counts from, seconds since 1970."""
CHINA_SECONDS = 8 * 3600
MICRO = 1_000_000

MIDDLE = struct.Struct(">iqi1siiq")
"""setl_id, what, of (none), at."""
ARRAY = struct.Struct(">iiiiii")
"""Size, dimensions, nulls, type, length, first index."""


class JournalRow(NamedTuple):
    """A settlement's row of the journal 日志行."""

    poolarea: str
    psn_no: str
    insutype: str
    setl_id: int
    day: int  # yyyymmdd
    seconds: int  # of the day, in China
    digest: str
    claim: Claim
    before: Year
    receipt: Receipt
    after: Year
    postings: Sequence[str]


def array_type(width: int) -> np.dtype[Any]:
    """The layout of a bigint array of `width` figures with its size in front."""
    cell = np.dtype([("size", ">i4"), ("value", ">i8")])
    head = [(name, ">i4") for name in ("size", "dimensions", "nulls", "type", "length", "first")]
    return np.dtype([*head, ("cells", cell, (width,))])


FIGURES = np.dtype([(name, array_type(len(kind._fields))) for name, kind in
                    (("claim", Claim), ("before", Year), ("receipt", Receipt), ("after", Year))])  # fmt: skip


def journal_bytes(rows: Sequence[JournalRow]) -> bytes:
    """The whole content of a binary COPY of some rows."""
    figures, size = figures_bytes(rows), FIGURES.itemsize
    parts = [START]
    for place, row in enumerate(rows):
        parts += (
            holder_bytes(row.poolarea, row.psn_no, row.insutype),
            MIDDLE.pack(8, row.setl_id, 1, b"S", -1, 8, day_begins(row.day) + row.seconds * MICRO),
            digest_bytes(row.digest), figures[place * size : (place + 1) * size], texts_bytes(row.postings),
        )  # fmt: skip
    parts.append(END)
    return b"".join(parts)


def figures_bytes(rows: Sequence[JournalRow]) -> bytes:
    """The four arrays of every row, one after the other."""
    out = np.zeros(len(rows), FIGURES)
    for name in ("claim", "before", "receipt", "after"):
        part = out[name]
        width = part["cells"].shape[1]
        values = np.fromiter(chain.from_iterable(getattr(row, name) for row in rows), np.int64, len(rows) * width)
        part["size"], part["dimensions"], part["type"], part["length"], part["first"] = 20 + 12 * width, 1, INT8, width, 1
        part["cells"]["size"], part["cells"]["value"] = 8, values.reshape(len(rows), width)
    return out.tobytes()


def text_bytes(text: str) -> bytes:
    """A text with its size in front."""
    octets = text.encode()
    return struct.pack(">i", len(octets)) + octets


@lru_cache(maxsize=64)
def holder_bytes(poolarea: str, psn_no: str, insutype: str) -> bytes:
    """How many columns a row has, and the first three."""
    return struct.pack(">h", COLUMNS) + text_bytes(poolarea) + text_bytes(psn_no) + text_bytes(insutype)


@lru_cache(maxsize=4)
def digest_bytes(digest: str) -> bytes:
    """The package's digest, and the shape of the figures."""
    return text_bytes(digest) + struct.pack(">iq", 8, SHAPE)


@lru_cache(maxsize=4_096)
def day_begins(day: int) -> int:
    """A day's first moment in China as the database counts it: microseconds since 2000."""
    start = datetime(day // 10_000, day // 100 % 100, day % 100, tzinfo=UTC)
    return (int(start.timestamp()) - CHINA_SECONDS - EPOCH) * MICRO


def texts_bytes(texts: Sequence[str]) -> bytes:
    """An array of texts."""
    if not texts:
        return struct.pack(">iiii", 12, 0, 0, VARCHAR)
    body = b"".join(map(text_bytes, texts))
    return ARRAY.pack(20 + len(body), 1, 0, VARCHAR, len(texts), 1) + body
