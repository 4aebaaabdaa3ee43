"""Two policies compared in words 政策对比: sentences a policy officer reads, equal parameters counted and left out."""

from collections.abc import Iterator
from typing import NamedTuple

from openyibao.policybook.book import Book
from openyibao.policybook.folio import FALLS_BACK
from openyibao.policybook.parameters import LEVEL_NAMES, order
from openyibao.policybook.tree import SCHEMES, Found, found_on
from openyibao.policybook.units import UNITS
from openyibao.policybook.words import SUBJECTS, column, value_words, with_commas


class View(NamedTuple):
    """A policy on a day: a book and the words it is called by."""

    book: Book
    day: int
    label: str


class Difference(NamedTuple):
    """One parameter on which two policies differ."""

    subject: str
    scheme: str  # both, employee, resident
    sentence: str


class Pair(NamedTuple):
    """One parameter in two policies; None where a policy says nothing."""

    key: str
    one: Found | None
    other: Found | None


def differences(one: View, other: View, lang: str) -> tuple[list[Difference], int]:
    """Every difference between two policies, and the number of parameters that are equal."""
    found: list[Difference] = []
    equal = 0
    first, second = (pairs(one, other, scheme) for scheme in SCHEMES)
    for scheme, pairing in zip(SCHEMES, (first, second), strict=True):
        for key, pair in sorted(pairing.items(), key=lambda item: order(item[0])):
            shared = key in first and key in second and entries(first[key]) == entries(second[key])
            if shared and scheme != next(iter(SCHEMES)):
                continue
            if said(pair.one) == said(pair.other):
                equal += 1
                continue
            word = "both" if shared else SCHEMES[scheme]
            found.append(Difference(key.split(".")[0], word, sentence(pair, one, other, scheme, shared, lang)))
    subjects = list(SUBJECTS)
    return sorted(found, key=lambda one: (subjects.index(one.subject), one.scheme)), equal


def pairs(one: View, other: View, scheme: int) -> dict[str, Pair]:
    """Every parameter either policy states for a scheme on its day."""
    keys = dict.fromkeys([*one.book.tables[scheme], *other.book.tables[scheme]])
    found = (Pair(key, *(found_on(view.book.tables[scheme], key, view.day) for view in (one, other))) for key in keys)
    return {pair.key: pair for pair in found if pair.one is not None or pair.other is not None}


def entries(pair: Pair) -> tuple[object, object]:
    """The leaves of a pair, to see whether two schemes share them."""
    return (pair.one.leaf if pair.one else None, pair.other.leaf if pair.other else None)


def said(entry: Found | None) -> object:
    """What an entry says, for comparing; decimals in one form."""
    if entry is None:
        return "unsaid"
    value = entry.value.value
    if isinstance(value, str) and UNITS[entry.leaf.unit].form == "decimal":
        return value.rstrip("0").rstrip(".") if "." in value else value
    return (type(value).__name__, value)


def sentence(pair: Pair, one: View, other: View, scheme: int, shared: bool, lang: str) -> str:
    """One difference: name, what each policy says, and by how much the second is higher or lower."""
    leaf = (pair.one or pair.other)
    assert leaf is not None
    name = leaf.leaf.name_en if lang == "en" else leaf.leaf.name
    sides = ((pair.one, one), (pair.other, other))
    told = [f"{view.label} {words(pair.key, entry, view, scheme, shared, lang)}" for entry, view in sides]
    gap = step(pair, lang)
    colon, comma = (": ", ", ") if lang == "en" else ("：", "，")
    return f"{name}{colon}{comma.join(told)}{comma + gap if gap else ''}"


def words(key: str, entry: Found | None, view: View, scheme: int, shared: bool, lang: str) -> str:
    """What a policy says of a parameter; unsaid, the level it falls back to is named, of the same scheme.

    shared  told of both schemes at once: only what is stated for both may be named
    """
    if entry is not None:
        return value_words(entry.value.value, entry.leaf.unit, key, lang)
    for stated in fallbacks(key):
        other = found_on(view.book.tables[scheme], stated, view.day)
        if other is not None and not (shared and other.leaf.key.split(".")[1] != "both"):
            figure = value_words(other.value.value, other.leaf.unit, stated, lang)
            return (f"未列，按{other.leaf.name} {figure}", f"not listed, as {other.leaf.name_en}: {figure}")[column(lang)]
    return ("未载", "does not say")[column(lang)]


def fallbacks(key: str) -> Iterator[str]:
    """The keys that speak where a key is silent: of the level it falls back to, or of everybody."""
    head, _, level = key.rpartition(".")
    if level in ("active", "retired"):
        yield f"{head}.all"
    while level in LEVEL_NAMES and level in FALLS_BACK:
        level = FALLS_BACK[level]
        yield f"{head}.{level}"


def step(pair: Pair, lang: str) -> str:
    """By how much the second figure is higher or lower: 高 400 元; empty where that makes no sense."""
    if pair.one is None or pair.other is None:
        return ""
    a, b, unit = pair.one.value.value, pair.other.value.value, pair.one.leaf.unit
    form = UNITS[unit].form
    if form not in ("money", "integer", "decimal") or unit == "year" or a is None or b is None:
        return ""
    places = 4 if form == "decimal" else 2
    change = scaled(str(b), places) - scaled(str(a), places)
    figure = unscaled(abs(change), places)
    if unit == "ratio":
        unit, figure = "points", unscaled(abs(change), 2)
    said_unit = (UNITS[unit].zh, UNITS[unit].en)[column(lang)]
    direction = (("低", "高"), ("lower", "higher"))[column(lang)][change > 0]
    return f"{with_commas(figure)} {said_unit} {direction}" if lang == "en" else f"{direction} {with_commas(figure)} {said_unit}"


def scaled(decimal: str, places: int) -> int:
    """A decimal string as an integer with `places` decimals."""
    whole, _, part = decimal.partition(".")
    return int(whole + (part + "0" * places)[:places])


def unscaled(number: int, places: int) -> str:
    """The reverse of `scaled`, without needless zeros."""
    whole, part = divmod(number, 10**places)
    tail = f"{part:0{places}d}".rstrip("0")
    return f"{whole}.{tail}" if tail else str(whole)


