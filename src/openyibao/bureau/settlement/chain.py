"""The chain of seals 日志链: what of a journal row is hashed, and how each hash holds on to the one before.

    digest of a row = SHA-256 of its canonical bytes
    chain           = SHA-256(chain before || digest of the row), the first of a pooling area from `origin(poolarea)`

The canonical bytes are one JSON array in UTF-8: the version, then `FIELDS` in order, the instant in microseconds since 1970.
`ROW_DIGEST` is the same computation as an SQL expression, so that the sealer fetches 32 bytes a row; `verify` makes the bytes itself.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

VERSION = 1
FIRST_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)

FIELDS = (
    "id", "poolarea", "psn_no", "insutype", "setl_id", "what", "of", "at", "digest", "shape",
    "claim", "before", "receipt", "after", "entry",
)  # fmt: skip
"""Columns of settlement_journal that the hash covers: all of them but the transaction's number, which a restored database loses."""

COLUMNS = ", ".join(f'j."{name}"' for name in FIELDS)
"""The same for a SELECT from `settlement_journal j`."""

_PARTS = ", ".join("(extract(epoch FROM j.at) * 1000000)::bigint" if name == "at" else f'j."{name}"' for name in FIELDS)
ROW_DIGEST = f"sha256(convert_to(json_build_array({VERSION}, {_PARTS})::text, 'UTF8'))"
"""The digest of a row as SQL."""


class Row(NamedTuple):
    """A journal row 日志行 with the fields that are hashed."""

    id: int
    poolarea: str
    psn_no: str
    insutype: str
    setl_id: int
    what: str
    of: int | None
    at: datetime
    digest: str
    shape: int
    claim: Sequence[int]
    before: Sequence[int]
    receipt: Sequence[int]
    after: Sequence[int]
    entry: Sequence[str]


def origin(poolarea: str) -> bytes:
    """What the first link of a pooling area holds on to, 32 bytes."""
    return hashlib.sha256(f"openyibao journal {poolarea}".encode()).digest()


def link(before: bytes, row_digest: bytes) -> bytes:
    """The next link of a chain, 32 bytes."""
    return hashlib.sha256(before + row_digest).digest()


def canonical(row: Row) -> bytes:
    """The bytes of a row that are hashed."""
    at = (row.at - FIRST_INSTANT) // timedelta(microseconds=1)
    parts = (
        VERSION, row.id, _text(row.poolarea), _text(row.psn_no), _text(row.insutype), row.setl_id, _text(row.what),
        "null" if row.of is None else row.of, at, _text(row.digest), row.shape, _numbers(row.claim), _numbers(row.before),
        _numbers(row.receipt), _numbers(row.after), f"[{','.join(map(_text, row.entry))}]",
    )  # fmt: skip
    return f"[{', '.join(map(str, parts))}]".encode()


def row_digest(row: Row) -> bytes:
    """SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(row)).digest()


_text = json.JSONEncoder(ensure_ascii=False).encode
"""A text as the database writes it in JSON: Chinese characters as they are."""


def _numbers(values: Sequence[int]) -> str:
    """An array as the database writes it in JSON: no blanks."""
    return str(list(values)).replace(" ", "")
