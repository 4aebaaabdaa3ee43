"""The catalogue in memory 目录副本: what settling a bill asks of the codes desk, answered without the database.

Read whole by `read_catalogue` when a server starts, and again, only the part that changed, when `epochs` says so. Days are dates, spans
half-open, prices in 1/1,000,000 yuan, rates in parts per 10,000. Nothing here is changed after it was read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple, Protocol, TypeVar

from psycopg import Connection

CONSUMABLE, BED, DRUG, DUAL_CHANNEL, CONSULTATION, SLICES, SESSION = 2, 4, 8, 16, 32, 64, 128
"""Bits of `settlement.Line.flags` that the item decides. Bit 1, restricted and the condition not met, is the line's own matter."""

DRUG_LISTS = frozenset({"101", "102", "103", "104", "105", "106"})  # list_type: 西药中成药, 饮片, 自制剂, 民族药, 其他, 配方颗粒
SLICE_LISTS = frozenset({"102"})
CONSUMABLE_LISTS = frozenset({"301"})
BED_FEE, CONSULTATION_FEE = "01", "12"  # med_chrgitm_type: 床位费, 一般诊疗费

FIRST_SELF_PAY = ("", "10")  # selfpay_prop_type: 目录先自付比例; 20 and 30 are other rules and no first-self-pay
EVERYBODY = ("", "99")  # selfpay_prop_psn_type of a row that is for everybody not named
NATION = ("000000", "100000", "")  # insu_admdvs of a row for the whole country

CATALOGUE, MAPPINGS = 1, 2
"""Rows of codes_epoch: items, ceilings, shares and codes; mappings."""


class CatalogueItem(NamedTuple):
    """One catalogue item 医保目录项目 as it stands over a span."""

    code: str  # hilist_code
    name: str
    starts: date
    ends: date | None
    replaced_by: str
    list_type: str
    item_class: int  # kernel.codes.CLASS_A …
    med_chrgitm_type: str
    flags: int  # CONSUMABLE … SLICES
    restricted: bool  # 限制使用: the line must bring the approval
    restriction: str
    negotiated: bool
    basic_medicine: bool


class ListedCode(NamedTuple):
    """One code of a set 编码 as it stands over a span."""

    code: str
    name: str
    starts: date
    ends: date | None
    replaced_by: str


class Gone(NamedTuple):
    """A known code that does not stand on the day asked 编码已停用或未启用."""

    code: str
    name: str
    since: date | None  # ended on this day; None: it has not begun yet
    begins: date | None  # the next day it stands again
    replaced_by: str


class CeilingRow(NamedTuple):
    """One price ceiling 限价."""

    area: str
    level: str  # hilist_lmtpric_type: 1, 2, 3 by the institution's grade, "" for every grade
    price: int
    starts: date
    ends: date | None


class ShareRow(NamedTuple):
    """One first-self-pay share 先自付比例."""

    area: str
    psn_type: str
    rate: int
    starts: date
    ends: date | None


class MappingSpan(NamedTuple):
    """A mapping in force 目录对照."""

    code: str
    starts: date
    ends: date | None


class Spanned(Protocol):
    """A row over a span of days."""

    @property
    def starts(self) -> date:
        """First day in force."""

    @property
    def ends(self) -> date | None:
        """First day no longer in force."""


class Named(Spanned, Protocol):
    """A code with a name over a span of days."""

    @property
    def code(self) -> str:
        """The code."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def replaced_by(self) -> str:
        """What stands in its place once it has ended."""


Row = TypeVar("Row", bound=Spanned)
Word = TypeVar("Word", bound=Named)


def stands(row: Spanned, day: date) -> bool:
    """Whether a row is in force on a day."""
    return row.starts <= day and (row.ends is None or day < row.ends)


def word_on(rows: tuple[Word, ...], day: date) -> Word | Gone | None:
    """The row in force on a day, or why there is none. `rows` in order of their first day; none at all: the code is unknown."""
    last: Word | None = None
    for row in rows:
        if row.starts > day:
            known = last or row
            return Gone(known.code, known.name, last.ends if last else None, row.starts, last.replaced_by if last else "")
        if row.ends is None or day < row.ends:
            return row
        last = row
    return Gone(last.code, last.name, last.ends, None, last.replaced_by) if last else None


@cache
def widening(area: str) -> tuple[str, ...]:
    """An area and the wider ones around it 区划逐级上溯: county, city (also its own level, xx99), province, nation."""
    city, province = area[:4], area[:2]
    return (area, f"{city}00", f"{city}99", f"{province}0000", f"{province}9900", *NATION)


@cache
def grade_of(hosp_lv: str) -> str:
    """The ceiling's grade 限价医院等级 of an institution's level 01–14 (1–14): 3, 2, 1; "" without a level."""
    level = hosp_lv.lstrip("0")
    if level in ("1", "2", "3", "4", "12"):
        return "3"
    if level in ("5", "6", "7", "13"):
        return "2"
    return "1" if level else ""


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """The whole catalogue 医保目录 of one epoch."""

    epoch: Mapping[int, int]  # CATALOGUE, MAPPINGS -> number, as read
    items: Mapping[str, tuple[CatalogueItem, ...]]
    ceilings: Mapping[str, tuple[CeilingRow, ...]]
    shares: Mapping[str, tuple[ShareRow, ...]]
    codes: Mapping[str, Mapping[str, tuple[ListedCode, ...]]]  # set -> code -> spans
    mappings: Mapping[str, Mapping[tuple[str, str], tuple[MappingSpan, ...]]]  # institution -> (list_type, own code) -> spans

    def item_on(self, code: str, day: date) -> CatalogueItem | Gone | None:
        """The item on a day; Gone when it has ended or not begun; None when nobody knows the code."""
        return word_on(self.items.get(code, ()), day)

    def code_on(self, code_set: str, code: str, day: date) -> ListedCode | Gone | None:
        """A code of a set (1a diagnosis, 1b operation, 12 chronic disease …) on a day, as `item_on`."""
        return word_on(self.codes.get(code_set, {}).get(code, ()), day)

    def ceiling_on(self, code: str, area: str, day: date, hosp_lv: str = "") -> int:
        """The price ceiling 限价 of an item in an area, for an institution's level; 0 = none.

        The nearest area that has one decides; there, a ceiling of the institution's grade before one for every grade, then the lowest.
        """
        rows = self.ceilings.get(code, ())
        if not rows:
            return 0
        grade = grade_of(hosp_lv)
        standing = [row for row in rows if row.level in ("", grade) and stands(row, day)]
        for near in widening(area):
            here = [row for row in standing if row.area == near]
            if here:
                own = [row.price for row in here if row.level == grade]
                return min(own or [row.price for row in here])
        return 0

    def rate_on(self, code: str, area: str, day: date, psn_type: str = "") -> int | None:
        """The first-self-pay share 先自付比例 of an item in an area; None when no row says.

        psn_type  310 employees, 390 residents, 330 retired cadres; "" asks for everybody's
        The nearest area that has one decides; there, the person's own kind before everybody's. Class C has no share to ask for.
        """
        standing = [row for row in self.shares.get(code, ()) if stands(row, day)]
        for near in widening(area):
            here = {row.psn_type: row.rate for row in standing if row.area == near}
            for kind in (psn_type, *EVERYBODY):
                if kind in here:
                    return here[kind]
        return None

    def mapped(self, institution: str, own_code: str, list_type: str, day: date) -> str | None:
        """The national code an institution's own item is mapped to 目录对照 on a day; None = not mapped."""
        for span in self.mappings.get(institution, {}).get((list_type, own_code), ()):
            if stands(span, day):
                return span.code
        return None


def epochs(connection: Connection[Any]) -> dict[int, int]:
    """How often each part has changed, CATALOGUE and MAPPINGS: one small read, for a server that polls."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, number FROM codes_epoch")
        return dict(cursor.fetchall())


def read_catalogue(connection: Connection[Any], earlier: Catalogue | None = None) -> Catalogue:
    """The catalogue as it stands now; parts whose epoch has not moved since `earlier` are taken over from it.

    connection  a psycopg connection. The epoch is read first: a change that comes while this reads is read again next time.
    """
    epoch = epochs(connection)
    same = {part for part in (CATALOGUE, MAPPINGS) if earlier is not None and earlier.epoch.get(part) == epoch.get(part)}
    read = Reader(connection)
    if earlier is not None and CATALOGUE in same:
        items, ceilings, shares, codes = earlier.items, earlier.ceilings, earlier.shares, earlier.codes
    else:
        items, ceilings, shares, codes = read.items(), read.ceilings(), read.shares(), read.codes()
    mappings = earlier.mappings if earlier is not None and MAPPINGS in same else read.mappings()
    return Catalogue(epoch, items, ceilings, shares, codes, mappings)


class Reader:
    """Reads the tables; equal codes, days and short texts become one object, so that 300,000 items stay small."""

    def __init__(self, connection: Any, items: Sequence[str] | None = None) -> None:
        """Read through a psycopg or Django connection; of items, ceilings and shares only these codes, where they are given."""
        self.connection = connection
        self.items_only = items
        self.one: dict[Any, Any] = {}

    def rows(self, table: str, columns: str, order: str, only: str = "true") -> Iterator[tuple[Any, ...]]:
        """Rows of a table in order, 10,000 at a time."""
        chosen = [self.items_only] if self.items_only is not None else []
        of_items = " AND hilist_code = ANY(%s)" if chosen else ""
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {table} WHERE {only}{of_items} ORDER BY {order}", chosen or None)
            while batch := cursor.fetchmany(10_000):
                yield from batch

    def same(self, value: Any) -> Any:
        """The object that already stands for an equal value."""
        return self.one.setdefault(value, value)

    def grouped(self, rows: Iterator[tuple[Any, ...]], made: Callable[..., Row]) -> dict[str, tuple[Row, ...]]:
        """Rows by their first column."""
        found: dict[str, tuple[Row, ...]] = {}
        for code, *rest in rows:
            code = self.same(code)
            found[code] = (*found.get(code, ()), made(*rest))
        return found

    def items(self) -> dict[str, tuple[CatalogueItem, ...]]:
        """Items by code."""
        columns = (
            "hilist_code, name, starts, ends, replaced_by, list_type, item_class, med_chrgitm_type, dual_channel, "
            "restricted, restriction, negotiated, basic_medicine, (detail ->> 'dialysis_session_flag') = 'true'"
        )
        found: dict[str, tuple[CatalogueItem, ...]] = {}
        for code, name, starts, ends, replaced_by, kind, item_class, heading, dual, *rest, session in self.rows(
            "codes_item", columns, "hilist_code, starts"
        ):
            code, heading, kind = self.same(code), self.same(heading), self.same(kind)
            flags = flags_of(kind, heading, dual) | (SESSION if session else 0)
            item = CatalogueItem(
                code, name, self.same(starts), self.same(ends), replaced_by, kind, item_class, heading, flags, *rest
            )
            found[code] = (*found.get(code, ()), item)
        return found

    def ceilings(self) -> dict[str, tuple[CeilingRow, ...]]:
        """Ceilings by item."""
        rows = self.rows("codes_ceiling", "hilist_code, insu_admdvs, lmtpric_type, price, starts, ends", "hilist_code, starts")
        return self.grouped(rows, lambda area, level, price, starts, ends: CeilingRow(
            self.same(area), self.same(level.lstrip("0")), price, self.same(starts), self.same(ends)))

    def shares(self) -> dict[str, tuple[ShareRow, ...]]:
        """First-self-pay shares by item."""
        only = f"prop_type IN ({', '.join(repr(kind) for kind in FIRST_SELF_PAY)})"
        rows = self.rows("codes_selfpay", "hilist_code, insu_admdvs, psn_type, rate, starts, ends", "hilist_code, starts", only)
        return self.grouped(rows, lambda area, kind, rate, starts, ends: ShareRow(
            self.same(area), self.same(kind), rate, self.same(starts), self.same(ends)))

    def codes(self) -> dict[str, dict[str, tuple[ListedCode, ...]]]:
        """Codes by set and code."""
        found: dict[str, dict[str, tuple[ListedCode, ...]]] = {}
        for number, code, name, starts, ends, replaced_by in self.rows(
            "codes_code", "code_set_id, code, name, starts, ends, replaced_by", "code_set_id, code, starts"
        ):
            rows = found.setdefault(number, {})
            rows[code] = (*rows.get(code, ()), ListedCode(code, name, self.same(starts), self.same(ends), replaced_by))
        return found

    def mappings(self) -> dict[str, dict[tuple[str, str], tuple[MappingSpan, ...]]]:
        """Mappings by institution, catalogue kind and own code; one that was withdrawn stands for the days before its withdrawal."""
        found: dict[str, dict[tuple[str, str], tuple[MappingSpan, ...]]] = {}
        columns, same = "fixmedins_code, list_type, own_code, hilist_code, starts, ends", self.one.setdefault
        for institution, kind, own, code, *days in self.rows(
            "codes_mapping", columns, "fixmedins_code, list_type, own_code, starts", "ends IS NULL OR ends > starts"
        ):
            rows = found.setdefault(institution, {})
            key = (same(kind, kind), own)
            spans = (MappingSpan(same(code, code), *(same(day, day) for day in days)),)
            rows[key] = (*rows[key], *spans) if key in rows else spans
        return found


def flags_of(list_type: str, med_chrgitm_type: str, dual_channel: bool) -> int:
    """The bits of a line that follow from the item."""
    return (
        (CONSUMABLE if list_type in CONSUMABLE_LISTS else 0)
        | (BED if med_chrgitm_type == BED_FEE else 0)
        | (DRUG if list_type in DRUG_LISTS else 0)
        | (DUAL_CHANNEL if dual_channel else 0)
        | (CONSULTATION if med_chrgitm_type == CONSULTATION_FEE else 0)
        | (SLICES if list_type in SLICE_LISTS else 0)
    )
