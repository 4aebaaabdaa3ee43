"""CSV with a header 逗号分隔: UTF-8, lists as JSON text in a cell; a quote that never closes costs its own line only."""

import csv
import json
from collections import deque
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from openyibao.warehouse.bills.columns import known, unknown
from openyibao.warehouse.bills.problems import FileProblem, Problem, broken
from openyibao.warehouse.bills.rows import LONGEST, Row, bounded_lines

LISTS = ("feedetail", "lines", "person", "chronic", "two_registered", "added", "year")
"""Columns whose cells hold JSON text when they start with [ or {."""

SPAN = 1000
"""At most this many physical lines make one record (a quoted cell with line breaks)."""

Physical = tuple[int, "bytes | Problem", int]


def decoded(line: bytes) -> str:
    """One line as text; raises Problem."""
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise broken("不是 UTF-8 文字；请在表格软件中另存为“CSV UTF-8”", "not UTF-8 text; save the sheet as 'CSV UTF-8'") from None


def cells_of(record: str) -> list[str]:
    """The cells of one record."""
    csv.field_size_limit(LONGEST)
    return next(csv.reader([record], strict=True), [])


def records(lines: Iterator[Physical]) -> Iterator[tuple[int, "str | Problem", int]]:
    """Physical lines joined into records while a quote is open; a record that never closes gives its later lines back."""
    waiting: deque[Physical] = deque()

    def take() -> Physical | None:
        return waiting.popleft() if waiting else next(lines, None)

    while (first := take()) is not None:
        number, line, offset = first
        if isinstance(line, Problem):
            yield number, line, offset
            continue
        held, size, odd = [first], len(line), line.count(b'"') % 2 == 1
        while odd and len(held) < SPAN and size <= LONGEST and (following := take()) is not None:
            held.append(following)
            if isinstance(following[1], Problem):
                break
            size += len(following[1])
            odd = odd != (following[1].count(b'"') % 2 == 1)
        if odd:
            waiting.extendleft(reversed(held[1:]))
            yield number, broken("引号没有闭合", "a quote is never closed", line.decode("utf-8", "replace")), offset
            continue
        try:
            yield number, "\n".join(decoded(part) for _, part, _ in held if isinstance(part, bytes)), held[-1][2]
        except Problem as problem:
            yield number, problem, held[-1][2]


def header_of(names: list[str], columns: frozenset[str], path: Path) -> list[str]:
    """The header, stripped; raises FileProblem on an unknown, empty or repeated column."""
    names = [name.strip() for name in names]
    for name in names:
        if known(name, columns) is None:
            problem = unknown(name, columns)
            raise FileProblem(f"{path.name} 的表头：{problem.zh}", f"Header of {path.name}: {problem.en}")
    if len(set(names)) != len(names):
        raise FileProblem(f"{path.name} 的表头有重复的列。", f"The header of {path.name} repeats a column.")
    return names


def cell(name: str, value: str) -> Any:
    """A cell; list columns are parsed as JSON when they look like it."""
    if name not in LISTS or value.lstrip()[:1] not in ("[", "{"):
        return value
    try:
        return json.loads(value, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise broken(f"{name} 一格不是正确的 JSON", f"the cell {name} is not valid JSON", value) from None


def rows(path: Path, columns: frozenset[str]) -> Iterator[Row]:
    """Every record below the header."""
    with path.open("rb") as file:
        found = records(bounded_lines(file))
        first = next(found, (1, "", 0))[1]
        if isinstance(first, Problem):
            raise FileProblem(f"{path.name} 的表头读不出：{first.zh}", f"The header of {path.name} cannot be read: {first.en}")
        names = header_of(cells_of(first), columns, path)
        for number, record, offset in found:
            if isinstance(record, Problem):
                yield Row(number, None, record, offset)
            elif record.strip():
                try:
                    yield Row(number, row_of(names, record), None, offset)
                except Problem as problem:
                    yield Row(number, None, problem, offset)


def row_of(names: list[str], record: str) -> dict[str, Any]:
    """One record by column; raises Problem when the number of cells is wrong."""
    try:
        values = cells_of(record)
    except csv.Error as error:
        raise broken("CSV 引号或分隔有误", f"CSV quoting is wrong ({error})", record) from None
    if len(values) != len(names):
        raise broken(f"有 {len(values)} 格，表头有 {len(names)} 列", f"{len(values)} cells, but the header has {len(names)}", record)
    return {name: cell(name, value) for name, value in zip(names, values, strict=True)}
