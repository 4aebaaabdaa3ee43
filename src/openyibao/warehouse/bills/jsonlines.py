"""JSON Lines 每行一个 JSON 对象: numbers are read as exact decimals, anything that is no object is a Problem."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from openyibao.warehouse.bills.problems import Problem, broken
from openyibao.warehouse.bills.rows import Row, bounded_lines


def refuse_constant(name: str) -> Any:
    """NaN and Infinity are no JSON."""
    raise ValueError(f"{name} is not a number")


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys stand once each; a key met twice would hide a value."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def record(line: bytes) -> dict[str, Any]:
    """One line as an object; raises Problem."""
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise broken("不是 UTF-8 文字（可能是二进制或其他编码）", "not UTF-8 text (binary, or another encoding)") from None
    try:
        value = json.loads(text, object_pairs_hook=once, parse_float=Decimal, parse_constant=refuse_constant)
    except json.JSONDecodeError as error:
        raise broken(f"JSON 在第 {error.colno} 个字符处有误", f"JSON error at character {error.colno} ({error.msg})", text) from None
    except (ValueError, RecursionError):
        raise broken("JSON 中有不能读的数字、重复的字段或层次过深",
                     "an unreadable number, a repeated key or too deep nesting", text) from None
    if not isinstance(value, dict):
        raise broken("不是 JSON 对象 {…}", "not a JSON object {…}", text)
    return value


def rows(path: Path, columns: frozenset[str]) -> Iterator[Row]:
    """Every line that is not blank."""
    with path.open("rb") as file:
        for number, line, offset in bounded_lines(file):
            if isinstance(line, Problem):
                yield Row(number, None, line, offset)
                continue
            if not line.strip(b" \t\xef\xbb\xbf"):
                continue
            try:
                yield Row(number, record(line), None, offset)
            except Problem as problem:
                yield Row(number, None, problem, offset)
