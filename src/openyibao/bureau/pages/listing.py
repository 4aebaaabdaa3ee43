"""Lists 列表: declared once, then filtered, counted, sorted, turned page by page and exported alike everywhere.

A page of a list is found by the values of its last row (keyset), so that page 20,000 costs what page 1 costs; a count stops at COUNTED.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.core import signing
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

PAGE = 50
SIZES = (20, 50, 100, 200)
COUNTED = 10_000
"""A longer list says "more than 10,000": nobody reads on, and counting a million rows takes longer than the page."""


class Column(NamedTuple):
    """One column 列: how a row shows it. `kind`: text, code, day, instant, fen, number, rate, tag."""

    name: str
    title: Any
    of: Callable[[Any], Any]
    kind: str = "text"
    link: Callable[[Any], str] | None = None
    order: tuple[str, ...] = ()  # fields of the query that sorting by this column uses; empty = not sorted by it
    wide: bool = False  # left out on a phone


class Filter(NamedTuple):
    """One field of the filter bar 筛选条件. `apply` narrows the query by the text given; it raises ValueError for text it cannot read."""

    name: str
    title: Any
    apply: Callable[[QuerySet[Any], str], QuerySet[Any]]
    kind: str = "text"  # text, choice, day, month, yuan
    choices: tuple[tuple[str, Any], ...] = ()
    hint: Any = ""


class Listing(NamedTuple):
    """A list: its rows for those who ask, its columns, its filters, its first order."""

    name: str
    title: Any
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    order: tuple[str, ...] = ("-pk",)
    empty: Any = _("没有符合条件的记录。")
    export: str = ""  # the act that exporting asks for; empty = whoever may see


class Sheet(NamedTuple):
    """One page of a list, ready to be shown."""

    listing: Listing
    rows: list[Any]
    cells: list[list["Cell"]]
    many: int  # rows found, COUNTED at most
    more_than_counted: bool
    filters: list[dict[str, Any]]
    problems: list[str]
    active: int  # filters in use
    order: str  # column and direction in use, such as `day` or `-day`
    after: str  # token of the next page; empty on the last
    first: bool
    query: str  # the filters as an address, without page and order


class Cell(NamedTuple):
    """One cell: a value, its kind, perhaps a link."""

    value: Any
    kind: str
    link: str = ""
    title: Any = ""
    wide: bool = False


def sheet(listing: Listing, query: QuerySet[Any], request: HttpRequest, size: int = PAGE) -> Sheet:
    """The page of the list that the request asks for: ?<filter>=…&order=[-]column&after=token&size=n.

    A filter that cannot be read is named and left out of the query: the list shows rows and says what it did not understand.
    """
    asked = request.GET
    narrowed, problems = filtered(listing, query, asked)
    fields, chosen = ordering(listing, asked.get("order", ""))
    count = narrowed.order_by()[: COUNTED + 1].count()
    size = int(asked["size"]) if asked.get("size", "") in map(str, SIZES) else size
    rows = list(after(listing, narrowed, fields, asked.get("after", ""), problems).order_by(*fields)[: size + 1])
    token = signing.dumps(values_of(rows[size - 1], fields), salt=listing.name, compress=True) if len(rows) > size else ""
    rows = rows[:size]
    kept = asked.copy()
    for name in ("after", "order", "size"):
        kept.pop(name, None)
    return Sheet(
        listing, rows, [cells(listing, row) for row in rows], min(count, COUNTED), count > COUNTED, bar(listing, asked),
        problems, sum(bool(asked.get(one.name, "").strip()) for one in listing.filters), chosen, token, not asked.get("after"),
        kept.urlencode(),
    )


def filtered(listing: Listing, query: QuerySet[Any], asked: QueryDict | Mapping[str, str]) -> tuple[QuerySet[Any], list[str]]:
    """The rows that all filters let through, and the names of filters that could not be read."""
    problems = []
    for one in listing.filters:
        text = str(asked.get(one.name, "")).strip()
        if not text:
            continue
        try:
            query = one.apply(query, text)
        except ValueError:
            problems.append(f"{one.title}: {text}")
    return query, problems


def ordering(listing: Listing, asked: str) -> tuple[tuple[str, ...], str]:
    """The query's order for a column asked for, with the row's number as the last word, and what is in use."""
    name, down = asked.removeprefix("-"), asked.startswith("-")
    column = next((one for one in listing.columns if one.name == name and one.order), None)
    fields = tuple(turned(field, down) for field in column.order) if column else listing.order
    if not any(field.removeprefix("-") == "pk" for field in fields):
        fields = (*fields, "-pk" if fields and fields[0].startswith("-") else "pk")
    return fields, asked if column else ""


def turned(field: str, down: bool) -> str:
    """A field in the other direction when `down`."""
    if not down:
        return field
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"


def after(listing: Listing, query: QuerySet[Any], fields: tuple[str, ...], token: str, problems: list[str]) -> QuerySet[Any]:
    """The rows after the one that a token remembers; a token of another list or order starts again and says so."""
    if not token:
        return query
    try:
        values = [kept(value) for value in signing.loads(token, salt=listing.name)]
    except (signing.BadSignature, ValueError):
        values = []
    if len(values) != len(fields):
        problems.append(str(_("页码已失效，已回到第一页。")))
        return query
    beyond, equal = Q(), Q()
    for field, value in zip(fields, values, strict=True):
        name, sign = field.removeprefix("-"), "lt" if field.startswith("-") else "gt"
        beyond |= equal & Q(**{f"{name}__{sign}": value})
        equal &= Q(**{name: value})
    first, sign = fields[0].removeprefix("-"), "lte" if fields[0].startswith("-") else "gte"
    return query.filter(Q(**{f"{first}__{sign}": values[0]}) & beyond)     # the first field's own bound lets the index start there


def values_of(row: Any, fields: tuple[str, ...]) -> list[Any]:
    """A row's values of the order's fields, as a token keeps them."""
    found = []
    for field in fields:
        value = row
        for name in field.removeprefix("-").split("__"):
            value = getattr(value, name)
        found.append({"day": value.isoformat()} if isinstance(value, date) else value)
    return found


def kept(value: Any) -> Any:
    """A value as a token kept it; days and instants back as such. Raises ValueError."""
    if isinstance(value, dict):
        text = str(value["day"])
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    return value


def cells(listing: Listing, row: Any) -> list[Cell]:
    """A row's cells in the order of the columns."""
    return [
        Cell(column.of(row), column.kind, column.link(row) if column.link else "", column.title, column.wide) for column in listing.columns
    ]


def bar(listing: Listing, asked: QueryDict | Mapping[str, str]) -> list[dict[str, Any]]:
    """The filter bar: each filter with what stands in it."""
    return [
        {"name": one.name, "title": one.title, "kind": one.kind, "choices": one.choices, "hint": one.hint, "value": asked.get(one.name, "")}
        for one in listing.filters
    ]


# ---- filters that most lists have ----


def equals(name: str, title: Any, field: str, choices: tuple[tuple[str, Any], ...] = (), hint: Any = "") -> Filter:
    """A field that equals the text; with choices a drop-down."""
    return Filter(name, title, lambda query, text: query.filter(**{field: text}), "choice" if choices else "text", choices, hint)


def begins(name: str, title: Any, field: str, hint: Any = "") -> Filter:
    """A field that begins with the text."""
    return Filter(name, title, lambda query, text: query.filter(**{f"{field}__startswith": text}), hint=hint)


def holds(name: str, title: Any, field: str, hint: Any = "") -> Filter:
    """A field that holds the text somewhere."""
    return Filter(name, title, lambda query, text: query.filter(**{f"{field}__icontains": text}), hint=hint)


def since(name: str, title: Any, field: str) -> Filter:
    """A day on or after the one given."""
    return Filter(name, title, lambda query, text: query.filter(**{f"{field}__gte": date.fromisoformat(text)}), "day")


def until(name: str, title: Any, field: str) -> Filter:
    """A day up to and including the one given."""
    return Filter(name, title, lambda query, text: query.filter(**{f"{field}__lte": date.fromisoformat(text)}), "day")


def at_least(name: str, title: Any, field: str) -> Filter:
    """An amount in yuan or more."""
    return Filter(name, title, lambda query, text: query.filter(**{f"{field}__gte": fen_of(text)}), "yuan")


def fen_of(text: str) -> int:
    """Yuan as typed (1,234.50) in fen; raises ValueError."""
    whole, _, cents = text.replace(",", "").replace("，", "").partition(".")
    if not whole.lstrip("-").isdigit() or (cents and not cents.isdigit()) or len(cents) > 2:
        raise ValueError(text)
    return int(whole) * 100 + int(cents.ljust(2, "0")) * (-1 if whole.startswith("-") else 1)


def every_row(listing: Listing, query: QuerySet[Any], request: HttpRequest) -> Iterator[list[Any]]:
    """All rows that the filters let through, in the list's order, as values: for an export. Streams."""
    narrowed, _ = filtered(listing, query, request.GET)
    fields, _ = ordering(listing, request.GET.get("order", ""))
    for row in narrowed.order_by(*fields).iterator(chunk_size=2_000):
        yield [column.of(row) for column in listing.columns]
