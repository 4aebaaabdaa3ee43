"""Checking what a hospital sent 报文校验: type, length, required, code table, against the description of the message.

Lenient in form, exact in content: numbers may be texts, one row may stand for a list, nodes and keys have other spellings, unknown
keys are ignored; but what comes out is canonical (text, Decimal, date, naive datetime), and what is empty is absent. A description
is turned into checkers once; after that a message costs some microseconds a field.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from openyibao.gateway.describe import Field, Message, Node, folded, read
from openyibao.gateway.tables import Allowed, allowed
from openyibao.gateway.values import EMPTY, EMPTY_WORDS, Reader, Unreadable, day_reader, moment_reader, number_reader, shown, text_reader

FIRST_NODE_NAMES = ("data", "mdtrtinfo")
"""Two provinces name the first node differently; both names are taken for it."""

NOTHING: frozenset[str] = frozenset()
MANY = 50
"""Rows after which a list is read no further once as many problems refuse the message."""


class Problem(NamedTuple):
    """One thing wrong with a message 校验问题."""

    place: str  # feedetail[3].cnt, counted from 0 as in JSON
    name: str  # 字段中文名
    kind: str  # missing, type, length, decimals, code, rows
    zh: str  # what is wrong and what is expected
    en: str
    warning: bool = False  # remarked only; the message goes on

    def sentence(self) -> str:
        """The problem in one Chinese sentence, with its place."""
        return f"{self.place} {self.name}：{self.zh}" if self.name else f"{self.place}：{self.zh}"

    def sentence_en(self) -> str:
        """The problem in one English sentence, with its place."""
        return f"{self.place}: {self.en}"


Rule = tuple[str, frozenset[str], Reader | None, Callable[[Any, str, dict[str, Any], list[Problem]], None]]
"""How one key is read: name, codes that pass at once, the reader where nothing but the type matters, and the careful way that tells."""


def refusing(problems: list[Problem]) -> list[Problem]:
    """The problems for which the message is refused; warnings left out."""
    return [problem for problem in problems if not problem.warning]


def checked(message: Message, content: Any, single: str | None = None) -> tuple[dict[str, Any], list[Problem]]:
    """The input of a message, read against its description.

    content  what stood under `input`: an object, or anything a client sends instead of one (empty text, null)
    single   the channel's name for the first node; None takes `data` and `mdtrtinfo` as well as the documented name
    Returns node -> row or list of rows, and everything that is wrong. Nodes of several rows are always lists, others never.
    """
    return checker(message)(content, single)


@cache
def checker(message: Message) -> Callable[[Any, str | None], tuple[dict[str, Any], list[Problem]]]:
    """The compiled checker of a message."""
    below = {node.name: node for node in message.input if node.inside}
    readers = tuple((node, rows_reader(node, below), node.also) for node in message.input)
    top = tuple(entry for entry in readers if not entry[0].inside)
    loose = tuple(entry for entry in readers if entry[0].inside)
    first = top[0][0] if top else None
    first_keys = keys_of(first) if first and len(top) == 1 else NOTHING

    def check(content: Any, single: str | None) -> tuple[dict[str, Any], list[Problem]]:
        problems: list[Problem] = []
        out: dict[str, Any] = {}
        given = opened(content, problems)
        for node, rows, also in top:
            value = given.get(node.name)
            if value is None:
                value = elsewhere(given, node, also, node is first, single, first_keys)
            if value is None or (value.__class__ is str and value.strip() in EMPTY_WORDS):
                if node.needed:
                    problems.append(Problem(node.name, "", "missing", "缺少该节点", "this node is missing"))
                elif node is first:     # nothing in it has to be there: a handler finds it empty
                    out[node.name] = [] if node.many else {}
                continue
            out[node.name] = rows(value, node.name, problems)
        for node, rows, _ in loose:
            if node.name in given:
                out[node.name] = rows(given[node.name], node.name, problems)
        return out, problems

    return check


def keys_of(node: Node) -> frozenset[str]:
    """Keys by which a row of the node is recognised when the node name was left out."""
    return frozenset(folded(field.name) for field in node.fields if not field.extra)


def opened(content: Any, problems: list[Problem]) -> Mapping[str, Any]:
    """The input as an object; nothing sent is an empty one."""
    if content.__class__ is dict:
        return content
    if content is not None and not (content.__class__ is str and content.strip() in EMPTY_WORDS):
        problems.append(Problem("input", "交易输入", "type", "应为 JSON 对象", "must be a JSON object"))
    return {}


def elsewhere(given: Mapping[str, Any], node: Node, also: tuple[str, ...], first: bool, single: str | None, keys: frozenset[str]) -> Any:
    """A node that does not stand under its own name: another name of it, another case, inside `data`, or without any node."""
    names = also + (() if not first else (single,) if single else FIRST_NODE_NAMES)
    for name in names:
        if given.get(name) is not None:
            inner = given[name]
            return inner[node.name] if inner.__class__ is dict and node.name in inner and node.name != name else inner
    inner = given.get("data")
    if inner.__class__ is dict and node.name in inner:
        return inner[node.name]
    meant = folded(node.name)
    for key, value in given.items():
        if folded(key) == meant:
            return value
    if keys and any(folded(key) in keys for key in given):
        return dict(given)
    return None


def rows_reader(node: Node, below: Mapping[str, Node]) -> Callable[[Any, str, list[Problem]], Any]:
    """Reads all rows of a node: one row or a list, whichever was sent, into what the description says."""
    row = row_reader(node, below)

    def read_rows(value: Any, place: str, problems: list[Problem]) -> Any:
        rows = value if value.__class__ is list else [value]
        for number, entry in enumerate(rows):
            if entry.__class__ is not dict:
                problems.append(Problem(f"{place}[{number}]", "", "type", "应为 JSON 对象", "must be a JSON object"))
                return [] if node.many else {}
        if node.many:
            if not rows and node.needed:
                problems.append(Problem(place, "", "rows", "至少一行", "needs one row at least"))
            found: list[Any] = []
            for number, entry in enumerate(rows):
                if number % MANY == 0 and number and len(refusing(problems)) >= MANY:
                    break               # refused already; thousands of wrong rows would keep other messages waiting
                found.append(row(entry, f"{place}[{number}]", problems))
            return found
        if len(rows) == 1:
            return row(rows[0], place, problems)
        if rows or node.needed:
            problems.append(Problem(place, "", "rows", f"应为一个对象，收到 {len(rows)} 行", f"must be one object, got {len(rows)} rows"))
        return {}

    return read_rows


def row_reader(node: Node, below: Mapping[str, Node]) -> Callable[[dict[str, Any], str, list[Problem]], dict[str, Any]]:
    """Reads one row of a node: the loop that every field of every message goes through."""
    rules = {field.name: rule_of(field, node, below) for field in node.fields}
    spelt = {folded(name): rule for name, rule in rules.items()}
    for sent, meant in read("readings")["aliases"].items():
        if meant in rules:
            spelt.setdefault(folded(sent), rules[meant])
    asked = frozenset(field.name for field in node.fields if field.enforced)
    conditions = tuple(condition for field in node.fields if (condition := condition_of(field)))
    limits = {field.name: field.length for field in node.fields if is_plain(field)}
    get, get_spelt, get_limit, words = rules.get, spelt.get, limits.get, EMPTY_WORDS

    def read_row(row: dict[str, Any], place: str, problems: list[Problem]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        before = len(problems)
        for key, value in row.items():
            if value.__class__ is str:
                if value in words:
                    continue
                if len(value) <= get_limit(key, 0) and value.isprintable() and value.strip() is value:
                    out[key] = value
                    continue
            rule = get(key)
            if rule is None:
                rule = get_spelt(key.replace("_", "").lower())
                if rule is None or rule[0] in out:
                    continue
            name, codes, read_value, carefully = rule
            if read_value is None:
                if value.__class__ is str and value in codes:
                    out[name] = value
                    continue
                carefully(value, place, out, problems)
                continue
            try:
                found = read_value(value)
            except Unreadable:
                carefully(value, place, out, problems)
                continue
            if found is not EMPTY:
                out[name] = found
        if not asked <= out.keys():
            told = {problem.place for problem in problems[before:]}
            for field in node.fields:
                if field.enforced and field.name not in out and f"{place}.{field.name}" not in told:
                    problems.append(missing(field, place))
        for condition in conditions:
            condition(out, place, problems)
        return out

    return read_row


def missing(field: Field, place: str) -> Problem:
    """The problem of a required field that is not there."""
    return Problem(f"{place}.{field.name}", field.zh, "missing", "不能为空", "must not be empty")


def rule_of(field: Field, node: Node, below: Mapping[str, Node]) -> Rule:
    """How one field is read."""
    child = below.get(field.name)
    if child is not None and node.name in child.inside:
        return (field.name, NOTHING, None, child_reader(field, rows_reader(child, below)))
    codes = allowed(field.table)
    if codes is None and field.codes:
        codes = Allowed(frozenset(code for code, _ in field.codes), strict=False, head=0)
    length = max(field.length, *(len(code) for code in codes.codes)) if codes and field.length else field.length
    reader = value_reader(field, length)
    careful = careful_reader(field, reader, codes)
    if codes is not None and field.type == "字符型":
        return (field.name, codes.codes, None, careful)
    return (field.name, NOTHING, reader if codes is None else None, careful)


def is_plain(field: Field) -> bool:
    """Free text with a length: most fields of most messages, read in the shortest way."""
    return field.type == "字符型" and field.length > 0 and allowed(field.table) is None and not field.codes


def value_reader(field: Field, length: int) -> Reader | None:
    """The reader for the field's type; None for values taken as they are (objects, bytes)."""
    timed = "HH" in field.format
    if field.type == "字符型":
        return text_reader(length, structured=folded(field.name) == "expcontent")
    if field.type == "数值型":
        return number_reader(field.length, field.decimals)
    if field.type == "日期型" and not timed:
        return day_reader()
    if field.type in ("日期型", "日期时间型"):
        return moment_reader(whole_day=field.whole_day)
    return None


def careful_reader(field: Field, reader: Reader | None, codes: Allowed | None) -> Callable[[Any, str, dict[str, Any], list[Problem]], None]:
    """Reads one value the long way, writes it into the row or tells what is wrong with it."""

    def carefully(value: Any, place: str, out: dict[str, Any], problems: list[Problem]) -> None:
        try:
            found = value if reader is None else reader(value)
        except Unreadable as wrong:
            problems.append(Problem(f"{place}.{field.name}", field.zh, wrong.kind, wrong.zh, wrong.en, warning=field.extra))
            return
        if found is EMPTY or found is None or (found.__class__ is str and found in EMPTY_WORDS):
            return
        if codes is not None and not is_allowed(found, codes):
            zh = f"代码 “{shown(found)}” 不在码表 {field.table or field.name} 中"
            en = f"code “{shown(found)}” is not in table {field.table or field.name}"
            problems.append(Problem(f"{place}.{field.name}", field.zh, "code", zh, en, warning=field.extra or not codes.strict))
            if codes.strict:
                return
        out[field.name] = found

    return carefully


def is_allowed(code: Any, codes: Allowed) -> bool:
    """Whether a code is in its table, or is a local code below a known head."""
    return code in codes.codes or (codes.head > 0 and len(str(code)) > codes.head and str(code)[: codes.head] in codes.codes)


def child_reader(field: Field, rows: Callable[[Any, str, list[Problem]], Any]) -> Callable[[Any, str, dict[str, Any], list[Problem]], None]:
    """Reads the node that stands inside a row."""

    def carefully(value: Any, place: str, out: dict[str, Any], problems: list[Problem]) -> None:
        if value is not None and not (value.__class__ is str and value.strip() in EMPTY_WORDS):
            out[field.name] = rows(value, f"{place}.{field.name}", problems)

    return carefully


def condition_of(field: Field) -> Callable[[dict[str, Any], str, list[Problem]], None] | None:
    """The check of a printed condition `field=value` or `field given`; None for conditions in words, which handlers know."""
    other, equals, value = field.condition.partition("=")
    if not equals:
        other, given, rest = field.condition.partition(" given")
        if not given or rest:
            return None
        words, words_en = f"填写 {other} 时不能为空", f"must not be empty where {other} is given"
    else:
        words, words_en = f"{other} 为 {value} 时不能为空", f"must not be empty where {other} is {value}"

    def check(row: dict[str, Any], place: str, problems: list[Problem]) -> None:
        if other in row and field.name not in row and (not equals or row[other] == value):
            problems.append(Problem(f"{place}.{field.name}", field.zh, "missing", words, words_en, warning=field.lenient))

    return check
