"""What every message says 报文描述: nodes and fields of the national interface, as data.

The published shapes stand in `descriptions/<family>.yaml`, the list of all numbers in `numbers.yaml`, and what this door accepts
beyond or short of the document in `readings.yaml`. Nothing is read before it is asked for; a family is read once.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

FOLDER = Path(__file__).parent / "descriptions"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ANY = "*"
LOCAL = "local"
"""A coded field whose table is the locality's own 本地码表: not checked."""

FREE_TEXT = 4000
"""Longest text of a field that no document describes."""

PAGED = "data"
"""Name given to a list that the document prints without a node name (1304, 5204)."""

NESTING = ("集合", "对象", "Map<String,String>", "")
"""Types of a field that stands for a node of the same name below it."""


class Known(NamedTuple):
    """A transaction number 交易编号 we know of, served or not."""

    infno: str
    zh: str
    en: str
    group: str  # 业务分类
    family: str  # file of the description; "" = known, not served here


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field 字段 of a node."""

    name: str
    zh: str
    type: str  # 字符型, 数值型, 日期型, 日期时间型, 集合 …; "" = not printed
    length: int = 0  # characters, or digits in all; 0 = no limit printed
    decimals: int = 0  # of a number; 0 = whole numbers
    required: bool = False  # as printed
    enforced: bool = False  # absent is refused here
    condition: str = ""  # required when: `field=value`, `field given`, or words
    lenient: bool = False  # a missed condition warns only
    table: str = ""  # code table
    codes: tuple[tuple[str, str], ...] = ()  # codes printed beside the field
    format: str = ""
    whole_day: bool = False  # a day alone means its last second
    extra: bool = False  # known from programs in use, not from the document


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One node 节点 of input or output."""

    name: str  # "" = directly below input or output
    many: bool
    fields: tuple[Field, ...]
    needed: bool = False  # absent is refused here
    inside: tuple[str, ...] = ()  # nodes whose rows hold this one
    also: tuple[str, ...] = ()  # other names of the node
    columns: tuple[str, ...] = ()  # of the file that the reply announces, 中文 headings in order


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """One message 交易: what goes in and what comes out."""

    infno: str
    zh: str
    en: str
    group: str
    input: tuple[Node, ...]
    output: tuple[Node, ...]
    bare: bool = False  # the document prints the output as a list without a node name
    variant_of: str = ""
    uploaded: tuple[Field, ...] = ()  # columns of the file sent before (3202)
    answered: tuple[Field, ...] = ()  # columns of the file fetched after


@cache
def read(name: str) -> dict[str, Any]:
    """One file of the descriptions folder, as plain data. Callers do not change it."""
    with (FOLDER / f"{name}.yaml").open(encoding="utf-8") as stream:
        content: dict[str, Any] = yaml.load(stream, Loader=LOADER)  # a safe loader either way
    return content


@cache
def known_numbers() -> dict[str, Known]:
    """Every number we know of, in order."""
    return {infno: Known(infno, entry.get("zh", ""), entry.get("en", ""), entry.get("group", ""), entry.get("file", ""))
            for infno, entry in read("numbers").items()}


def known(infno: str) -> Known | None:
    """The number, if it is one of the interface's; served or not."""
    return known_numbers().get(infno)


@cache
def served_numbers() -> tuple[str, ...]:
    """Numbers that have a description here, in order."""
    return tuple(entry.infno for entry in known_numbers().values() if entry.family)


@cache
def described(infno: str) -> Message | None:
    """The description of a served message; None for any other number. The same object on every call."""
    entry = known(infno)
    if entry is None or not entry.family:
        return None
    origin = str(read("readings")["variants"].get(infno, ""))
    printed = read(entry.family)[origin or infno]
    whole = read("readings")["messages"]
    reading = whole[infno] if infno in whole else whole.get(origin, {})
    source = known_numbers()[origin or infno]
    output = tuple(output_nodes(printed["output"], reading))
    return Message(
        infno, entry.zh or source.zh, entry.en, entry.group or source.group,
        tuple(input_nodes(printed["input"], reading)), output,
        bare=any(node["node"] == "" and node["rows"] == "many" for node in printed["output"]),
        variant_of=origin,
        uploaded=tuple(field_of(entry, {}) for entry in printed.get("uploaded_file_columns", ())),
        answered=tuple(field_of(entry, {}) for entry in printed.get("result_file_columns", ())),
    )


def input_nodes(printed: list[dict[str, Any]], reading: dict[str, Any]) -> list[Node]:
    """The input nodes as this door reads them: the printed ones, then those that programs add."""
    names = {str(node["node"]) for node in printed}
    nodes = []
    for place, node in enumerate(printed):
        name = str(node["node"])
        entries = [*node["fields"], *reading.get("added", {}).get(name, ())]
        fields = [*(field_of(entry, reading, first=place == 0) for entry in entries), *extra_fields(node, entries)]
        inside = parents_of(name, printed)
        first = place == 0 and any(field.enforced for field in fields)
        nodes.append(Node(
            name, node["rows"] == "many" or name in reading.get("many", ()), tuple(fields),
            needed=not inside and (first or name in reading.get("needed", ())), inside=inside,
            also=tuple(sent for sent, meant in reading.get("nodes", {}).items() if meant == name),
        ))
    for name, entries in reading.get("lists", {}).items():
        if name not in names:
            nodes.append(Node(name, True, tuple(field_of(entry, reading) for entry in entries)))
    return nodes


def output_nodes(printed: list[dict[str, Any]], reading: dict[str, Any]) -> list[Node]:
    """The output nodes as this door fills them: the printed ones with the keys that programs read besides."""
    more = {name: [entry if isinstance(entry, dict) else {"name": entry, "zh": "", "type": ""} for entry in entries]
            for name, entries in reading.get("replies", {}).items()}
    nodes, seen = [], set()
    for node in printed:
        name = str(reading.get("reply_node", {}).get(node["node"], node["node"]))
        many = node["rows"] == "many" or name in reading.get("reply_many", ())
        name = PAGED if many and not name else name
        seen.add(name)
        have = {entry["name"] for entry in node["fields"]}
        added = [entry for entry in more.get(name, ()) if entry["name"] not in have]
        fields = tuple(field_of(entry, {}, extra=place >= len(node["fields"])) for place, entry in enumerate([*node["fields"], *added]))
        nodes.append(Node(name, many, fields, inside=parents_of(name, printed), columns=tuple(node.get("file_columns", ()))))
    nodes += [Node(name, False, tuple(field_of(entry, {}, extra=True) for entry in entries))
              for name, entries in more.items() if name not in seen]
    return nodes


def parents_of(name: str, printed: list[dict[str, Any]]) -> tuple[str, ...]:
    """The nodes that hold this one: they have a field of its name that is no plain value."""
    return tuple(str(node["node"]) for node in printed if node["node"] != name and name
                 and any(entry["name"] == name and entry.get("type", "") in NESTING for entry in node["fields"]))


def extra_fields(node: dict[str, Any], entries: list[dict[str, Any]]) -> list[Field]:
    """Fields that programs send beside the printed ones: as printed in another message, else free text; never asked for."""
    have = {str(entry["name"]) for entry in entries}
    return [field_of({"type": "字符型", **({} if "type" in entry else {"len": FREE_TEXT}), **entry}, {}, extra=True)
            for entry in node.get("also", ()) if entry["name"] not in have]


def field_of(entry: dict[str, Any], reading: dict[str, Any], *, first: bool = False, extra: bool = False) -> Field:
    """One field as printed, with the length, the leniency and the type that this door reads."""
    rules = read("readings")
    name = str(rules["slips"].get(entry["name"], entry["name"]))
    lenient, needed = reading.get("lenient", ()), first and name in reading.get("required", ())
    excused = (ANY in lenient or name in lenient) and not needed
    kind = "字符型" if name in rules["text"] else "数值型" if name in rules["amounts"] else str(entry.get("type", ""))
    length, decimals = size_of(rules["lengths"].get(name, entry.get("len", 0)) if "len" in entry else 0, kind)
    required = entry.get("req") == "Y"
    return Field(
        name, str(entry.get("zh", "")), kind, length, decimals, required, enforced=required and not excused,
        condition=str(entry.get("required_if", "")), lenient=excused,
        table="" if name in rules["uncoded"] else str(entry.get("dict", "")),
        codes=tuple((str(code), str(label)) for code, label in entry.get("codes", {}).items()),
        format=str(entry.get("format", "")),
        whole_day=name in reading.get("whole_day", ()), extra=extra,
    )


def folded(key: str) -> str:
    """A key without case and underscores: MDTRT_SETL_TYPE, mdtrtSetlType and mdtrt_setl_type are one."""
    return key.replace("_", "").lower()


def folded_names(node: Node) -> list[str]:
    """The keys of a node's fields without case and underscores."""
    return [folded(field.name) for field in node.fields]


def size_of(printed: int | str, kind: str) -> tuple[int, int]:
    """Length and decimals of a printed size: 30, "16,2"; sizes such as 1M in characters."""
    whole, _, decimals = str(printed).partition(",")
    scale = {"K": 1024, "M": 1024 * 1024}.get(whole[-1:], 1)
    length = int(whole.rstrip("KM") or 0) * scale
    return (length + 1 if decimals and kind == "字符型" else length), int(decimals or 0)
