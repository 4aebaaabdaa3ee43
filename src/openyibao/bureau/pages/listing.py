"""Lists 列表: declared once, then filtered, counted, sorted, turned page by page and exported alike everywhere.

A page of a list is found by the values of its last row (keyset), so that page 20,000 costs what page 1 costs; a count stops at COUNTED.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

PAGE = 50
SIZES = (20, 50, 100, 200)
COUNTED = 10_000
"""A longer list says "more than 10,000": nobody reads on, and counting a million rows takes longer than the page."""


CHUNK = 2_000
"""Rows of an export that are held at a time."""

RIGHT = ("fen", "number", "rate")
"""Kinds of cells that stand on the right, so that digits stand below digits."""
INPUTS = {"day": "date", "month": "month"}
"""Kinds of filters that browsers have a field of their own for."""


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
    looked_up: Callable[[Sequence[Any]], None] | None = None  # before rows are shown: what their columns need, for all of them at once


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

    @property
    def right(self) -> bool:
        """Whether it stands on the right."""
        return self.kind in RIGHT


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
    token = signing.dumps([fields, values_of(rows[size - 1], fields)], salt=listing.name, compress=True) if len(rows) > size else ""
    rows = rows[:size]
    if listing.looked_up:
        listing.looked_up(rows)
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
            query = one.apply(query, readable(text))
        except (ValueError, OverflowError):
            problems.append(gettext("看不懂这个条件，已忽略：%(title)s %(text)s") % {"title": one.title, "text": text.replace("\0", "")})
    return query, problems


def readable(text: str) -> str:
    """The text of a filter; raises ValueError for what the database could not even be asked."""
    if "\0" in text:
        raise ValueError(text)
    return text


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
        order, said = signing.loads(token, salt=listing.name)
        values = [kept(value) for value in said]
    except (signing.BadSignature, ValueError, TypeError):
        order, values = [], []
    if order != list(fields):
        problems.append(gettext("页码已失效，已回到第一页。"))
        return query
    beyond, equal = Q(), Q()
    for field, value in zip(fields, values, strict=True):
        further = past(query, field, value)
        beyond |= equal & further if further is not None else Q(pk__in=())
        equal &= same(field, value)
    first = past(query, fields[0], values[0])
    if first is None or values[0] is None or nullable(query, fields[0]):
        return query.filter(beyond)
    sign = "lte" if fields[0].startswith("-") else "gte"
    return query.filter(Q(**{f"{fields[0].removeprefix('-')}__{sign}": values[0]}) & beyond)    # a bound where an index can start


def same(field: str, value: Any) -> Q:
    """Rows with the same value of an order's field."""
    name = field.removeprefix("-")
    return Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})


def past(query: QuerySet[Any], field: str, value: Any) -> Q | None:
    """Rows that come later by this field alone; None = no row can. The database puts empty values last going up, first going down."""
    name, down = field.removeprefix("-"), field.startswith("-")
    if value is None:
        return Q(**{f"{name}__isnull": False}) if down else None
    if down:
        return Q(**{f"{name}__lt": value})
    return Q(**{f"{name}__gt": value}) | Q(**{f"{name}__isnull": True}) if nullable(query, field) else Q(**{f"{name}__gt": value})


def nullable(query: QuerySet[Any], field: str) -> bool:
    """Whether an order's field can be empty: a column or a way to it may be; what a query computes may be as well.

    Rows that are read from files and not from a table of ours (simulation/rows.py) have no model, and nothing empty.
    """
    if not hasattr(query, "model"):
        return False
    meta = query.model._meta
    for name in field.removeprefix("-").split("__"):
        if name == "pk":
            return False
        try:
            found = meta.get_field(name)
        except FieldDoesNotExist:
            return True
        if found.null:
            return True
        meta = found.related_model._meta if found.related_model else meta
    return False


def values_of(row: Any, fields: tuple[str, ...]) -> list[Any]:
    """A row's values of the order's fields, as a token keeps them."""
    found = []
    for field in fields:
        value = row
        for name in field.removeprefix("-").split("__"):
            value = None if value is None else getattr(value, name)
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
        {"name": one.name, "title": one.title, "kind": one.kind, "choices": one.choices, "hint": one.hint, "value": asked.get(one.name, ""),
         "input": INPUTS.get(one.kind, "text")}
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


def since(name: str, title: Any, field: str, instant: bool = False) -> Filter:
    """On or after the day given. `instant`: the field is one; it is compared with the day's first moment, so that an index can be used."""
    return Filter(
        name, title, lambda query, text: query.filter(**{f"{field}__gte": midnight(text) if instant else date.fromisoformat(text)}), "day",
    )  # fmt: skip


def until(name: str, title: Any, field: str, instant: bool = False) -> Filter:
    """Up to and including the day given."""
    return Filter(
        name, title, lambda query, text: query.filter(
            **({f"{field}__lt": midnight(text, 1)} if instant else {f"{field}__lte": date.fromisoformat(text)})), "day",
    )  # fmt: skip


def midnight(text: str, days: int = 0) -> datetime:
    """The first moment of a day, or of the day so many later, in the city's time. Raises ValueError, OverflowError."""
    return timezone.make_aware(datetime.combine(date.fromisoformat(text) + timedelta(days), time()))


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
    every = narrowed.order_by(*fields).iterator(chunk_size=CHUNK)
    while rows := list(islice(every, CHUNK)):
        if listing.looked_up:
            listing.looked_up(rows)
        yield from ([column.of(row) for column in listing.columns] for row in rows)
