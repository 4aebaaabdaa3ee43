"""The kernel's values as arrays of integers 存储形态: how the journal and the year keep them, field by field in the kernel's order.

`SHAPE` names the fields of a journal row; a row of an older shape is unpacked by the fields it was packed with (`OLDER`), and what it
lacks has the kernel's default.
"""

import zlib
from collections.abc import Sequence
from typing import TypeVar

from openyibao.kernel.claim import Claim
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.year import Year

Value = TypeVar("Value", Claim, Year, Receipt)


def shape_of(*kinds: tuple[str, ...]) -> int:
    """A number for an order of fields: CRC-32 of their names."""
    return zlib.crc32("\n".join(",".join(kind) for kind in kinds).encode())


SHAPE = shape_of(Claim._fields, Year._fields, Receipt._fields)
"""The shape that is written today."""

OLDER: dict[int, dict[str, tuple[str, ...]]] = {}
"""Shapes written before: number -> {"Claim": fields, "Year": fields, "Receipt": fields}."""


class UnknownShape(ValueError):
    """A journal row with fields that nobody knows."""


def pack(value: Claim | Year | Receipt) -> list[int]:
    """The figures in the kernel's order."""
    return list(value)


def unpack(kind: type[Value], figures: Sequence[int], shape: int = SHAPE) -> Value:
    """The value again. Raises UnknownShape."""
    if shape == SHAPE:
        return kind(*figures)
    if shape not in OLDER:
        raise UnknownShape(f"journal shape {shape} is not known: add its fields to bureau/settlement/packing.py")
    return kind(**dict(zip(OLDER[shape][kind.__name__], figures, strict=True)))
