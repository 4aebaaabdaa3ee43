"""Code tables 码表: the codes a field may carry, with their labels.

`codes` is the published table; `also` are codes met in other places, accepted as well. Which tables are strict stands in
`descriptions/readings.yaml`: those decide money, and a code outside them is refused; outside any other table it is only remarked.
"""

from functools import cache
from typing import NamedTuple

from openyibao.gateway.describe import read


class Table(NamedTuple):
    """One code table 码表."""

    name: str
    zh: str
    en: str
    codes: dict[str, str]  # code -> label 中文, as published
    also: dict[str, str]  # codes of other places


class Allowed(NamedTuple):
    """What the checker asks of a coded field."""

    codes: frozenset[str]
    strict: bool
    head: int  # a longer code passes when this many leading characters are a known code; 0 = never


@cache
def table(name: str) -> Table | None:
    """The table of that name; None for `local` and unknown names."""
    entry = read("tables").get(name)
    if entry is None:
        return None
    return Table(name, entry["zh"], entry.get("en", ""), entry["codes"], entry.get("also", {}))


def table_names() -> tuple[str, ...]:
    """Every table we carry."""
    return tuple(read("tables"))


@cache
def allowed(name: str) -> Allowed | None:
    """The codes of a table as the checker needs them; None where there is no table to check against."""
    found = table(name)
    if found is None:
        return None
    strict = read("readings")["strict"]
    return Allowed(frozenset(found.codes) | frozenset(found.also), name in strict, int(strict.get(name, 0)))


def label(name: str, code: str) -> str:
    """The label 中文 of a code, or the code itself where the table does not know it."""
    found = table(name)
    if found is None:
        return code
    return found.codes.get(code) or found.also.get(code) or code
