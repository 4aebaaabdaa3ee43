"""What other desks ask of the codes desk 编码 in the database. What settling a bill asks stands in memory: `catalogue.py`."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from openyibao.bureau.codes.catalogue import CATALOGUE, Catalogue, CatalogueItem, Gone, ListedCode, Reader, word_on
from openyibao.bureau.codes.models import Ceiling, Code, Epoch, Item, Mapping, SelfPay
from openyibao.kernel.codes import CLASS_A

DIAGNOSES, OPERATIONS, TCM, CHRONIC, PER_DISEASE, DAY_SURGERY, MORPHOLOGY = "1a", "1b", "1c", "12", "13", "14", "1d"
"""Numbers of code sets. Tumour morphology belongs to standard 1 and has no letter of its own in the order; 1d is ours."""

HOPS = 10
"""Replacements followed before a chain is called endless."""


class Priced(NamedTuple):
    """An item with what an area pays of it on a day 目录、限价、先自付."""

    item: CatalogueItem
    rate: int | None  # first-self-pay, parts per 10,000; None where no row says
    ceiling: int  # 1/1,000,000 yuan; 0 = none


class Unmapped(NamedTuple):
    """An institution's own item without a valid national code 未对照."""

    list_type: str
    own_code: str
    hilist_code: str  # what it is mapped to, when that has ended; "" = not mapped at all
    since: date | None  # the national code stands no more from this day
    replaced_by: str


def on_day(day: date) -> Q:
    """Rows whose half-open span of days holds the day."""
    return Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day))


def excerpt(codes: Iterable[str]) -> Catalogue:
    """The catalogue of some items only, read now: items, ceilings and shares."""
    read = Reader(connection, sorted(set(codes)))
    return Catalogue({}, read.items(), read.ceilings(), read.shares(), {}, {})


def item_on(code: str, day: date, area: str, hosp_lv: str = "", psn_type: str = "") -> Priced | Gone | None:
    """An item as an area pays it on a day, for an institution's level and a kind of person; Gone or None as `Catalogue.item_on`."""
    book = excerpt([code])
    item = book.item_on(code, day)
    if not isinstance(item, CatalogueItem):
        return item
    rate = book.rate_on(code, area, day, psn_type)
    return Priced(item, 0 if rate is None and item.item_class == CLASS_A else rate, book.ceiling_on(code, area, day, hosp_lv))


def words_on(code_set: str, codes: Iterable[str], day: date) -> dict[str, ListedCode | Gone]:
    """Codes of a set on a day, by code; codes that nobody knows are left out."""
    rows: dict[str, tuple[ListedCode, ...]] = {}
    found = Code.objects.filter(code_set_id=code_set, code__in=set(codes)).order_by("code", "starts")
    for code, *rest in found.values_list("code", "name", "starts", "ends", "replaced_by"):
        rows[code] = (*rows.get(code, ()), ListedCode(code, *rest))
    return {code: word for code, spans in rows.items() if (word := word_on(spans, day)) is not None}


def epoch() -> int:
    """How often items, ceilings, shares and codes have changed 目录变更次数."""
    return int(Epoch.objects.get(pk=CATALOGUE).number)


def is_loaded(code_set: str) -> bool:
    """Whether any code of the set has been loaded: an empty set can refuse nothing."""
    return Code.objects.filter(code_set_id=code_set).exists()


def successor(code: str, day: date) -> CatalogueItem | None:
    """The item that stands in the place of one that has ended, following replacements; None where the chain ends in nothing."""
    seen = {code}
    for _ in range(HOPS):
        found = excerpt([code]).item_on(code, day)
        if isinstance(found, CatalogueItem):
            return found
        if found is None or not found.replaced_by or found.replaced_by in seen:
            return None
        code = found.replaced_by
        seen.add(code)
    return None


def mapping_of(institution: str, own_code: str, list_type: str) -> dict[str, Any] | None:
    """The columns of a mapping that was not withdrawn; None = not mapped."""
    return Mapping.objects.filter(fixmedins_code=institution, own_code=own_code, list_type=list_type, withdrawn=False).values().first()


def unmapped(institution: str, used: Iterable[tuple[str, str]], day: date) -> list[Unmapped]:
    """Of the own items an institution used, (list_type, own code), those without a national code that stands on the day (K03); in order."""
    wanted = sorted(set(used))
    mapped = {
        (list_type, own): code
        for list_type, own, code in Mapping.objects.filter(on_day(day), fixmedins_code=institution, own_code__in={own for _, own in wanted})
        .values_list("list_type", "own_code", "hilist_code")
    }
    book = excerpt(mapped.values())
    found = []
    for key in wanted:
        code = mapped.get(key, "")
        item = book.item_on(code, day) if code else None
        if isinstance(item, CatalogueItem):
            continue
        found.append(Unmapped(*key, code, item.since if item else None, item.replaced_by if item else ""))
    return found


def mappings_to_renew(institution: str, day: date) -> list[Unmapped]:
    """Mappings in force whose national code stands no more on the day, with what replaces it; in order of own code."""
    rows = Mapping.objects.filter(on_day(day), fixmedins_code=institution).order_by("list_type", "own_code")
    return unmapped(institution, rows.values_list("list_type", "own_code"), day)


def items(day: date | None = None) -> QuerySet[Item]:
    """Catalogue rows in order of code, of a day or of all days."""
    return in_order(Item.objects.select_related("version"), day, "hilist_code")


def ceilings(day: date | None = None) -> QuerySet[Ceiling]:
    """Price ceilings 限价 in order of code, of a day or of all days."""
    return in_order(Ceiling.objects, day, "hilist_code", "insu_admdvs", "lmtpric_type")


def shares(day: date | None = None) -> QuerySet[SelfPay]:
    """First-self-pay shares 先自付比例 in order of code, of a day or of all days."""
    return in_order(SelfPay.objects, day, "hilist_code", "insu_admdvs", "psn_type")


def mappings(institution: str, day: date | None = None) -> QuerySet[Mapping]:
    """An institution's mappings 目录对照 in order of own code, of a day or of all days."""
    return in_order(Mapping.objects.filter(fixmedins_code=institution), day, "own_code", "list_type")


def words(code_set: str, day: date | None = None) -> QuerySet[Code]:
    """Codes of a set in order, of a day or of all days."""
    return in_order(Code.objects.filter(code_set_id=code_set).select_related("version"), day, "code")


def in_order(rows: Any, day: date | None, *columns: str) -> Any:
    """Rows of a day, or of all days, in order of columns and first day."""
    return (rows.filter(on_day(day)) if day is not None else rows.all()).order_by(*columns, "starts", "pk")
