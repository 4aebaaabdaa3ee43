"""Money, figures and days at the wire 报文数值: yuan and decimals outside, the kernel's integers inside; and the shape of replies.

Incoming amounts are exact or refused (never rounded, never a float); outgoing ones are JSON numbers with their printed decimals, as
`msgspec.Raw`, so that 4.5 goes out as 4.50. `typed_output` gives every documented key in its documented type.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from openyibao.gateway.describe import Field, Message, Node

FEN, RATE, QUANTITY, PRICE = 2, 4, 4, 6
"""Decimals of yuan amounts, ratios, quantities and unit prices at the wire."""

NUMERAL = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
LARGEST = 30
"""Powers of ten beyond which nothing at the wire is a figure."""

TWO_DIGITS = tuple(f"{number:02d}" for number in range(100))
MONTHS_A_YEAR = 12
Convert = Callable[[Any], Any]


def scaled(value: str | int | float | Decimal, decimals: int) -> int:
    """A number of the wire as an integer of its last decimal: scaled("4.5", 2) = 450. Raises ValueError where it would be rounded."""
    if isinstance(value, int):
        return int(value * 10**decimals)
    if isinstance(value, float):
        value = repr(value)
    elif isinstance(value, Decimal):
        value = format(value, "f") if value.is_finite() and abs(value.adjusted()) <= LARGEST else str(value)
    if not NUMERAL.fullmatch(value):
        raise ValueError(f"{value!r} is not a plain number")
    whole, _, part = value.partition(".")
    if part[decimals:].strip("0"):
        raise ValueError(f"{value} has more than {decimals} decimals")
    return int(whole + part[:decimals].ljust(decimals, "0"))


def fen(value: str | int | float | Decimal) -> int:
    """Yuan at the wire 元 -> integer fen 分. Raises ValueError beyond two decimals unless they are zeros."""
    return scaled(value, FEN)


def rate(value: str | int | float | Decimal) -> int:
    """A ratio at the wire, 0.0500 -> 500 parts per 10,000."""
    return scaled(value, RATE)


def quantity(value: str | int | float | Decimal) -> int:
    """A quantity 数量 (16,4) -> integer 1/10,000."""
    return scaled(value, QUANTITY)


def price(value: str | int | float | Decimal) -> int:
    """A unit price 单价 (16,6) -> integer 1/1,000,000 yuan."""
    return scaled(value, PRICE)


def decimal_text(value: int, decimals: int) -> str:
    """An integer of the last decimal as text: decimal_text(450, 2) = "4.50"."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    whole, part = divmod(value, 10**decimals)
    return f"{sign}{whole}.{part:0{decimals}d}"


def yuan(value: int) -> msgspec.Raw:
    """Integer fen -> a JSON number of yuan with two decimals: 450 -> 4.50, -5 -> -0.05."""
    if value >= 0:
        return msgspec.Raw(f"{value // 100}.{TWO_DIGITS[value % 100]}".encode())
    return msgspec.Raw(f"-{-value // 100}.{TWO_DIGITS[-value % 100]}".encode())


def wire_rate(value: int) -> msgspec.Raw:
    """Parts per 10,000 -> a JSON number with four decimals: 500 -> 0.0500."""
    return msgspec.Raw(decimal_text(value, RATE).encode())


def wire_quantity(value: int) -> msgspec.Raw:
    """1/10,000 -> a JSON number with four decimals."""
    return msgspec.Raw(decimal_text(value, QUANTITY).encode())


def wire_price(value: int) -> msgspec.Raw:
    """1/1,000,000 yuan -> a JSON number with six decimals."""
    return msgspec.Raw(decimal_text(value, PRICE).encode())


def yuan_text(value: int) -> str:
    """Integer fen -> text of yuan for files and sentences: 450 -> "4.50"."""
    return decimal_text(value, FEN)


def day_number(day: date | None) -> int:
    """A day -> the kernel's yyyymmdd; none -> 0."""
    return day.year * 10_000 + day.month * 100 + day.day if day is not None else 0


def day_of(number: int) -> date | None:
    """The kernel's yyyymmdd -> a day; 0 -> none. Raises ValueError for an impossible one."""
    return date(number // 10_000, number // 100 % 100, number % 100) if number else None


def day_text(day: date) -> str:
    """yyyy-MM-dd."""
    return day.isoformat()[:10]


def moment_text(at: datetime) -> str:
    """yyyy-MM-dd HH:mm:ss of the clock the moment carries; the zone is not written."""
    return at.isoformat(" ")[:19]


def age(born: date, day: date) -> msgspec.Raw:
    """Age on a day 年龄 (4,1) as a JSON number: full years, and full months of the year begun as twelfths, to one decimal (down)."""
    months = (day.year - born.year) * MONTHS_A_YEAR + day.month - born.month - (day.day < born.day)
    months = max(months, 0)
    years, rest = divmod(months, MONTHS_A_YEAR)
    return msgspec.Raw(f"{years}.{rest * 10 // MONTHS_A_YEAR}".encode())


def typed_output(message: Message, output: Any) -> Any:
    """A handler's output with every documented key in its documented type; keys nobody set are null, lists nobody set are empty.

    output  node -> row or rows, wire names; a list where the document prints one without a node name (it comes back under `data`)
    Keys the document does not know pass as they are. The argument is not changed.
    """
    return shaper(message)(output)


def as_list(message: Message, output: Any) -> Any:
    """The output as programs of some provinces read it: the bare list, for the messages whose list has no node name."""
    if message.bare and isinstance(output, dict):
        return output["data"]
    return output


@cache
def shaper(message: Message) -> Convert:
    """The compiled shaper of a message's output."""
    below = {node.name: node for node in message.output if node.inside}
    top = [(node, rows_shaper(node, below)) for node in message.output if not node.inside]
    named = tuple((node.name, shape) for node, shape in top if node.name)
    flat = next((shape for node, shape in top if not node.name), None)
    names = frozenset(name for name, _ in named)

    def shape_output(output: Any) -> Any:
        given = {"data": output} if output.__class__ is list else output or {}
        if flat is not None:
            shaped = flat({key: value for key, value in given.items() if key not in names})
        else:
            shaped = {key: value for key, value in given.items() if key not in names}
        for name, shape in named:
            shaped[name] = shape(given.get(name))
        return shaped

    return shape_output


def rows_shaper(node: Node, below: dict[str, Node]) -> Convert:
    """Shapes the rows of an output node."""
    row = row_shaper(node, below)
    if not node.many:
        return lambda value: row(value or {})
    return lambda value: [row(entry) for entry in ([value] if value.__class__ is dict else value)] if value else []


def row_shaper(node: Node, below: dict[str, Node]) -> Convert:
    """Shapes one row: a template of nulls, overwritten by what is given, each value turned into its type."""
    template: dict[str, Any] = dict.fromkeys(field.name for field in node.fields)
    writers: dict[str, Convert] = {}
    for field in node.fields:
        child = below.get(field.name)
        if child is not None and node.name in child.inside:
            writers[field.name] = rows_shaper(child, below)
            template[field.name] = [] if child.many else None
        else:
            writers[field.name] = writer_of(field)
    get = writers.get

    def shape_row(row: dict[str, Any]) -> dict[str, Any]:
        shaped = template.copy()
        for key, value in row.items():
            if value is not None:
                writer = get(key)
                shaped[key] = writer(value) if writer is not None else value
        return shaped

    return shape_row


def writer_of(field: Field) -> Convert:
    """Turns a value into the type a field has at the wire."""
    if field.type == "数值型":
        return number_written
    if field.type == "日期型" and "HH" not in field.format:
        return day_written
    if field.type in ("日期型", "日期时间型"):
        return moment_written
    if field.type == "字符型":
        return text_written
    return as_given


def as_given(value: Any) -> Any:
    """A value without a printed type, as it is."""
    return value


def number_written(value: Any) -> Any:
    """A JSON number; a text that is one becomes it, an empty text becomes null."""
    if value.__class__ is msgspec.Raw or value.__class__ is int:
        return value
    if isinstance(value, Decimal):
        return msgspec.Raw(format(value, "f").encode())
    if isinstance(value, str):
        if not value:
            return None
        if not NUMERAL.fullmatch(value):
            raise ValueError(f"{value!r} stands where the message has a number")
        return msgspec.Raw(str(Decimal(value)).encode())
    return value


def text_written(value: Any) -> Any:
    """A JSON text; figures, days and moments are written out."""
    if value.__class__ is str:
        return value
    if value.__class__ is msgspec.Raw:
        return bytes(value).decode()
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return day_text(value)
    return str(value)


def day_written(value: Any) -> Any:
    """yyyy-MM-dd."""
    return day_text(value) if isinstance(value, date) else value


def moment_written(value: Any) -> Any:
    """yyyy-MM-dd HH:mm:ss; a day alone is its first second."""
    if isinstance(value, datetime):
        return moment_text(value)
    return f"{day_text(value)} 00:00:00" if isinstance(value, date) else value
