"""Reading one policy file 读政策文件: YAML to leaves with file and line, every fault of the file reported, none hiding another.

YAML is composed to nodes, not loaded to objects: a node knows its line, a duplicate key stays visible, and no float is ever made.
"""

import re
from pathlib import Path
from typing import NamedTuple

import yaml

from openyibao.policybook.leaf import Leaf, Problem, Scalar, Value
from openyibao.policybook.parameters import AID_WORDS, Parameter, parameter, without_scheme
from openyibao.policybook.units import TRUST, UNITS

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
DECIMAL = re.compile(r"-?\d+(\.\d+)?")
MONEY = re.compile(r"-?\d+(\.\d{1,2})?")
LEAF_FIELDS = {"name", "name_en", "unit", "values", "confirmed_on", "default", "default_en"}
VALUE_FIELDS = {"value", "trust", "source", "note", "ended", "pinned", "reason"}
MAY_BE_NEGATIVE = {"inpatient.retired_deductible_delta"}
RATIO_DIGITS = 4
MOST_YUAN = 900_000_000
"""The compiled law is exact up to 9 * 10^10 fen."""
MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Content(NamedTuple):
    """One file read: its leaves, its header (overlay), and what is wrong with it."""

    file: str
    leaves: tuple[Leaf, ...]
    header: dict[str, str]
    problems: tuple[Problem, ...]


class Reader:
    """Reads one file and collects its problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def complain(self, node: yaml.Node | None, message: str) -> None:
        line = node.start_mark.line + 1 if node is not None else 1
        self.problems.append(Problem(self.file, line, message))

    def pairs(self, node: yaml.Node, what: str) -> list[tuple[str, yaml.Node, yaml.Node]]:
        """The entries of a mapping as (key, key node, value node); a key met twice is a problem."""
        if not isinstance(node, yaml.MappingNode):
            self.complain(node, f"{what}: expected a mapping of keys to values")
            return []
        seen: dict[str, int] = {}
        found = []
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in seen:
                self.complain(key_node, f"{what}: 重复 duplicate: {key} stands twice (first on line {seen[key]}); keep one")
                continue
            seen[key] = key_node.start_mark.line + 1
            found.append((key, key_node, value_node))
        return found

    def scalar(self, node: yaml.Node, what: str) -> Scalar:
        """A value as printed; a float is a problem and reads as None."""
        if isinstance(node, yaml.SequenceNode):
            return tuple(str(self.scalar(item, what)) for item in node.value)
        if not isinstance(node, yaml.ScalarNode):
            self.complain(node, f"{what}: expected one value or a list")
            return None
        tag, text = node.tag.rsplit(":", 1)[-1], str(node.value)
        if tag == "float":
            self.complain(node, f'{what}: 浮点 float: {text}; write the decimal in quotes: "{text}"')
            return text if DECIMAL.fullmatch(text) else None
        if tag == "null":
            return None
        if tag == "bool":
            return text.lower() in ("true", "yes", "on")
        if tag == "int":
            if re.fullmatch(r"-?(0|[1-9]\d*)", text):
                return int(text)
            self.complain(node, f"{what}: write the whole number {text} in plain digits")
            return None
        return text

    def day(self, node: yaml.Node, what: str) -> int:
        """A day yyyy-mm-dd as an integer; 0 and a problem when it is none."""
        match = DATE.fullmatch(str(node.value))
        if match:
            year, month, day = (int(part) for part in match.groups())
            if 1 <= month <= 12 and 1 <= day <= MONTH_DAYS[month - 1] and not (month == 2 and day == 29 and not leap(year)):
                return year * 10000 + month * 100 + day
        self.complain(node, f"{what}: {node.value} is not a day of the form yyyy-mm-dd")
        return 0


def leap(year: int) -> bool:
    """Whether a year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def read_file(path: Path, shown: str = "") -> Content:
    """Read one file of leaves. A file that is no YAML at all gives one problem with its line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as fault:
        return Content(shown or str(path), (), {}, (unreadable(shown or str(path), fault),))
    return read_text(text, shown or str(path))


def read_text(text: str, shown: str) -> Content:
    """The same of a file's text; `shown` is the name that findings print."""
    reader = Reader(shown)
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as fault:
        return Content(reader.file, (), {}, (unreadable(reader.file, fault),))
    header: dict[str, str] = {}
    leaves = []
    if root is None:
        return Content(reader.file, (), {}, ())
    for key, key_node, node in reader.pairs(root, "file"):
        if key == "overlay":
            header = {name: str(reader.scalar(value, f"overlay.{name}")) for name, _, value in reader.pairs(node, "overlay")}
            continue
        leaf = read_leaf(reader, key, key_node, node)
        if leaf is not None:
            leaves.append(leaf)
    return Content(reader.file, tuple(leaves), header, tuple(reader.problems))


def unreadable(file: str, fault: Exception) -> Problem:
    """A file that does not parse, with the line where it stops making sense."""
    mark = getattr(fault, "problem_mark", None)
    line = mark.line + 1 if mark is not None else 1
    return Problem(file, line, f"not readable as YAML: {getattr(fault, 'problem', None) or str(fault)}")


def read_leaf(reader: Reader, key: str, key_node: yaml.Node, node: yaml.Node) -> Leaf | None:
    """One leaf with its dated values, checked against the table of parameters."""
    split = without_scheme(key)
    row = parameter(split[1]) if split else None
    if split is None or row is None:
        reader.complain(key_node, f"未知键 unknown key {key}: no parameter is called that (docs/reference/policies.md lists them)")
    fields: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    for name, name_node, value_node in reader.pairs(node, key):
        if name not in LEAF_FIELDS:
            reader.complain(name_node, f"{key}: 未知键 unknown key {name}; a parameter has {', '.join(sorted(LEAF_FIELDS))}")
        fields[name] = (name_node, value_node)
    for name in ("name", "name_en", "unit", "values", "confirmed_on"):
        if name not in fields:
            reader.complain(key_node, f"{key}: 缺 missing: {name}")
    unit = str(fields["unit"][1].value) if "unit" in fields else (row.unit if row else "")
    if unit not in UNITS:
        reader.complain(fields["unit"][1] if "unit" in fields else key_node, f"{key}: 未知单位 unknown unit {unit}")
    elif row is not None and unit != row.unit:
        reader.complain(fields["unit"][1], f"{key}: unit {unit}, but this parameter is in {row.unit}")
    if row is None or "values" not in fields:
        return None
    values = read_values(reader, key, row, fields["values"][1])
    if not values:
        return None
    words: dict[str, str] = {name: str(fields[name][1].value) for name in ("name", "name_en", "default", "default_en") if name in fields}
    confirmed = 0
    if "confirmed_on" in fields and reader.scalar(fields["confirmed_on"][1], f"{key}: confirmed_on") is not None:
        confirmed = reader.day(fields["confirmed_on"][1], f"{key}: confirmed_on")
    names = words.get("name", key), words.get("name_en", key)
    defaults = words.get("default", ""), words.get("default_en", "")
    return Leaf(key, *names, row.unit, values, confirmed, reader.file, key_node.start_mark.line + 1, *defaults)


def read_values(reader: Reader, key: str, row: Parameter, node: yaml.Node) -> tuple[Value, ...]:
    """The dated entries, ascending; a day met twice or out of order is an overlap."""
    values: list[Value] = []
    entries: dict[int, int] = {}
    if not isinstance(node, yaml.MappingNode):
        reader.complain(node, f"{key}: values must map days to values")
        return ()
    for date_node, entry in node.value:
        day = reader.day(date_node, key)
        if day == 0:
            continue
        if day in entries:
            reader.complain(date_node, f"{key}: 重叠 overlap: {date_node.value} stands twice (first on line {entries[day]})")
            continue
        entries[day] = date_node.start_mark.line + 1
        if values and day < values[-1].since:
            reader.complain(date_node, f"{key}: 重叠 overlap: {date_node.value} stands after a later day; put the days in order")
        value = read_value(reader, key, row, day, date_node, entry)
        if value is not None:
            values.append(value)
    if not entries:
        reader.complain(node, f"{key}: no value for any day")
    return tuple(sorted(values, key=lambda value: value.since))


def read_value(reader: Reader, key: str, row: Parameter, day: int, date_node: yaml.Node, node: yaml.Node) -> Value | None:
    """One entry: value, trust mark and source, or `ended: true`."""
    where = f"{key} on {date_node.value}"
    found: dict[str, yaml.Node] = {}
    for name, name_node, value_node in reader.pairs(node, where):
        if name not in VALUE_FIELDS:
            reader.complain(name_node, f"{where}: 未知键 unknown key {name}; an entry has {', '.join(sorted(VALUE_FIELDS))}")
        found[name] = value_node
    told = [name for name in ("trust", "source", "note", "reason") if name in found]
    text: dict[str, str] = {name: str(reader.scalar(found[name], where) or "") for name in told}
    for name in ("trust", "source"):
        if not text.get(name, "").strip():
            reader.complain(date_node, f"{where}: 缺 missing: {name}; say where the figure comes from")
    if text.get("trust") and text["trust"] not in TRUST:
        reader.complain(found["trust"], f"{where}: 未知可信度 unknown trust mark {text['trust']}; one of {', '.join(TRUST)}")
    ended = "ended" in found and reader.scalar(found["ended"], where) is True
    if ended == ("value" in found):
        reader.complain(date_node, f"{where}: needs either a value or ended: true")
        if not ended:
            return None
    value = None if ended else checked(reader, where, key, row, found["value"])
    pinned = "pinned" in found and reader.scalar(found["pinned"], where) is True
    line = date_node.start_mark.line + 1
    trust, source = text.get("trust", ""), text.get("source", "")
    return Value(day, value, trust, source, text.get("note", ""), ended, pinned, text.get("reason", ""), line)


def checked(reader: Reader, where: str, key: str, row: Parameter, node: yaml.Node) -> Scalar:
    """A value in the form its unit asks for; anything else is a problem and reads as a stand-in, so that checking can go on."""
    value = reader.scalar(node, where)
    fault = fault_of(value, key, row)
    if fault and not (isinstance(node, yaml.ScalarNode) and node.tag.endswith(":float")):
        reader.complain(node, f"{where}: {fault}")
    return stand_in(row) if fault else value


def stand_in(row: Parameter) -> Scalar:
    """A harmless value of a parameter's form, used only while a file with faults is checked."""
    values: dict[str, Scalar] = {"money": 0, "decimal": "1", "integer": 1, "flag": False, "categories": (), "text": ""}
    return row.choices[0] if row.choices else values[UNITS[row.unit].form]


def fault_of(value: Scalar, key: str, row: Parameter) -> str:
    """What is wrong with a value of this parameter, or an empty string."""
    form = UNITS[row.unit].form
    if value is None:
        return "" if row.nullable else "null (no limit) makes no sense for this parameter"
    if form == "flag":
        return "" if isinstance(value, bool) else "expected true or false"
    if form == "choice":
        return "" if value in row.choices else f"{value} is not one of {', '.join(row.choices)}"
    if form == "categories":
        wrong = [word for word in value if word not in AID_WORDS] if isinstance(value, tuple) else [str(value)]
        return f"unknown aid category {', '.join(wrong)}; the words are {', '.join(AID_WORDS)}" if wrong else ""
    if form == "text":
        return "" if isinstance(value, str | tuple) else "expected words"
    return fault_of_number(value, form, key, row.unit)


def fault_of_number(value: Scalar, form: str, key: str, unit: str) -> str:
    """What is wrong with a number: its form, its sign, a ratio over one."""
    if isinstance(value, bool | tuple):
        return "expected a number"
    if form == "decimal":
        if not isinstance(value, str) or not DECIMAL.fullmatch(value):
            return f'expected a decimal in quotes, as "0.85", not {value}'
        if value.startswith("-"):
            return f"为负 negative: {value}"
        if unit == "ratio" and above_one(value):
            return f'大于一 ratio over 1: {value}; write 85% as "0.85"'
        if len(value.partition(".")[2].rstrip("0")) > RATIO_DIGITS:
            return f"{value} has more than {RATIO_DIGITS} decimals"
        return ""
    if form == "money" and isinstance(value, str):
        if not MONEY.fullmatch(value):
            return f"{value} is no sum in yuan with at most two decimals"
    elif not isinstance(value, int):
        return f"expected a whole number, not {value}"
    if form == "money" and over(str(value), MOST_YUAN):
        return f"过大 too large: {value}; at most {MOST_YUAN:,} yuan can be settled exactly, write null where there is no limit"
    negative = str(value).startswith("-")
    scheme_free = without_scheme(key)
    if negative and (scheme_free is None or scheme_free[1] not in MAY_BE_NEGATIVE):
        return f"为负 negative: {value}"
    return ""


def above_one(decimal: str) -> bool:
    """Whether a decimal string says more than one."""
    return over(decimal, 1)


def over(decimal: str, most: int) -> bool:
    """Whether a decimal string says more than a whole number."""
    whole, _, part = decimal.partition(".")
    return int(whole) > most or (int(whole) == most and part.strip("0") != "")
