"""A draft as a policy file and back 草案与政策文件: what the desk writes is the very file that a simulation and `openyibao policy` read."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from openyibao.policybook.book import Book
from openyibao.policybook.folio import dashed
from openyibao.policybook.leaf import Leaf, Scalar
from openyibao.policybook.parameters import SCHEME_NAMES, parameter, without_scheme
from openyibao.policybook.read import read_text
from openyibao.policybook.tree import Region, overlay_of


class Change(NamedTuple):
    """One new value of one parameter 一处调整."""

    key: str  # with scheme
    name: str
    name_en: str
    unit: str
    since: int  # yyyymmdd
    value: Scalar
    source: str  # document or clause
    trust: str
    note: str = ""
    ended: bool = False  # the parameter ends on this day

    @property
    def plain(self) -> str:
        """The key without its scheme."""
        split = without_scheme(self.key)
        return split[1] if split else self.key

    @property
    def scheme(self) -> str:
        """both, employee, resident."""
        return self.key.split(".")[1]


def kept(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes as a row keeps them."""
    return [{**one._asdict(), "value": list(one.value) if isinstance(one.value, tuple) else one.value} for one in changes]


def changes_of(rows: Iterable[Mapping[str, Any]]) -> list[Change]:
    """The changes of a row, in order."""
    return [Change(**{**row, "value": tuple(row["value"]) if isinstance(row["value"], list) else row["value"]}) for row in rows]


def text_of(city: str, name: str, name_en: str, changes: Iterable[Change]) -> str:
    """The draft as a file in the form of policies/: one entry a parameter, its values by day."""
    by_key: dict[str, list[Change]] = {}
    for one in changes:
        by_key.setdefault(one.key, []).append(one)
    lines = [f"# 政策调整：{one_line(name)}", "", "overlay:", f"  city: {city}", f"  name: {quoted(name)}", f"  name_en: {quoted(name_en)}"]
    for key, values in by_key.items():
        first = values[0]
        lines += ["", f"{key}:", f"  name: {quoted(first.name)}", f"  name_en: {quoted(first.name_en)}", f"  unit: {first.unit}"]
        lines.append("  values:")
        lines += [f"    {dashed(one.since)}: {{{said(one)}}}" for one in sorted(values, key=lambda one: one.since)]
        lines.append("  confirmed_on: null")
    return "\n".join(lines) + "\n"


def said(one: Change) -> str:
    """One dated entry's fields."""
    parts = ["ended: true" if one.ended else f"value: {printed(one.value)}", f"trust: {one.trust}", f"source: {quoted(one.source)}"]
    return ", ".join([*parts, f"note: {quoted(one.note)}"] if one.note else parts)


def printed(value: Scalar) -> str:
    """A value as YAML prints it; JSON is YAML."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def quoted(text: str) -> str:
    """Words in quotes."""
    return json.dumps(text, ensure_ascii=False)


def one_line(text: str) -> str:
    """Words for a comment."""
    return " ".join(text.split())


def region_of(text: str, name: str) -> Region:
    """A draft's text read again: a layer for a book, with what is wrong with it."""
    return overlay_of(read_text(text, name), name)


def changes_in(region: Region) -> list[Change]:
    """The changes that a file makes, in its order."""
    return [
        Change(leaf.key, leaf.name, leaf.name_en, leaf.unit, value.since, value.value, value.source, value.trust, value.note, value.ended)
        for leaf in region.leaves
        for value in leaf.values
    ]


def leaf_of(book: Book, key: str) -> Leaf | None:
    """The leaf that speaks of a parameter now, under this very key where there is one, else of the same parameter and scheme."""
    split = without_scheme(key)
    if split is None:
        return None
    scheme, plain = split
    found = [leaf for table in book.tables.values() for _, leaf in table.get(plain, ())]
    return next((leaf for leaf in found if leaf.key == key), None) or next(
        (leaf for leaf in found if scheme == "both" or leaf.key.split(".")[1] in (scheme, "both")), None
    )


def is_known(key: str) -> bool:
    """Whether a key with scheme is one that a file may set."""
    split = without_scheme(key)
    return split is not None and split[0] in SCHEME_NAMES and parameter(split[1]) is not None
