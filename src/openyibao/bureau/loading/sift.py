"""Sifting 筛选: a file's rows read column by column; what is sound goes on, every other row is set aside with all its reasons."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from openyibao.bureau.loading.cells import Value, as_text
from openyibao.bureau.loading.columns import Asked, Column, Table
from openyibao.bureau.loading.files import opened
from openyibao.bureau.loading.problems import BadCell, LoadProblem, Rejected, shown

SHRINK = 2
"""Per cent by which a new version of a code set may be shorter than the one before."""

REASONS = ("load_line", "load_code", "load_column", "load_value", "load_reason", "load_reason_en")


class Row(NamedTuple):
    """One sound row: its line in the file, and values by column name."""

    line: int
    values: dict[str, Any]


class Sifted(NamedTuple):
    """A file sifted: sound rows, reasons for the rest, rows met, SHA-256. `ignored` are columns that the table does not have."""

    table: Table
    rows: list[Row]
    rejected: list[Rejected]
    total: int
    digest: str
    ignored: tuple[str, ...]


class Loaded(NamedTuple):
    """What a desk did with rows: how many were new, changed, already there as they stand; and which it would not take."""

    new: int
    changed: int
    same: int
    rejected: list[Rejected]


def read_table(path: Path, table: Table, asked: Asked) -> Sifted:
    """Read a file as a kind of table. Raises LoadProblem when the file or its header cannot be used at all."""
    source = opened(path)
    places = placed(source.header, table, path.name)
    rows: list[Row] = []
    rejected: list[Rejected] = []
    seen: dict[tuple[object, ...], int] = {}
    total = 0
    for line, cells in source.rows:
        if all(cell is None or cell == "" for cell in cells):
            continue
        total += 1
        faults = [wrong_width(line, len(cells), len(source.header))] if len(cells) != len(source.header) else []
        values: dict[str, Any] = {}
        if not faults:
            faults = read_cells(line, cells, places, table.columns, values)
        if not faults:
            fault = table.check(values, asked)
            if fault is not None:
                stated = values.get(fault.column)
                faults = [Rejected(line, fault.column, shown("" if stated is None else stated), fault.code, fault.zh, fault.en)]
        if not faults:
            key = tuple(values[name] for name in table.key)
            first = seen.setdefault(key, line)
            if first != line:
                faults = [repeated(line, table, key, first)]
        if faults:
            rejected += faults
        else:
            rows.append(Row(line, values))
    known = {places[column.name] for column in table.columns if column.name in places}
    ignored = tuple(name for place, name in enumerate(source.header) if place not in known and name)
    return Sifted(table, rows, rejected, total, source.digest, ignored)


def placed(header: Sequence[str], table: Table, file: str) -> dict[str, int]:
    """Where each column stands. Raises LoadProblem LOAD-02 for a header twice, or a required column missing."""
    found: dict[str, int] = {}
    for place, title in enumerate(header):
        column = next((column for column in table.columns if title.lower() in names_of(column)), None)
        if column is None:
            continue
        if column.name in found:
            raise LoadProblem("LOAD-02", f"{file}：{column.name}（{column.zh}）有两列。", f"{file}: {column.name} stands in two columns.")
        found[column.name] = place
    missing = [column for column in table.columns if column.required and column.name not in found]
    if missing:
        zh, en = "、".join(f"{column.name}（{column.zh}）" for column in missing), ", ".join(column.name for column in missing)
        raise LoadProblem("LOAD-02", f"{file}：缺少列 {zh}；这张表是{table.zh}。", f"{file}: missing columns {en} of {table.kind}.")
    return found


def names_of(column: Column) -> tuple[str, ...]:
    """All headers a column goes by, lower case."""
    return (column.name.lower(), column.zh.lower(), *(alias.lower() for alias in column.aliases))


def read_cells(
    line: int, cells: Sequence[object], places: dict[str, int], columns: tuple[Column, ...], values: dict[str, Any]
) -> list[Rejected]:
    """Read a row's cells into `values`; every fault of the row is told, not only the first."""
    faults = []
    for column in columns:
        name, place = column.name, places.get(column.name)
        given = cells[place] if place is not None else None
        zh = f"{name}（{column.zh}）"
        try:
            cell = as_text(given)
            if cell:
                values[column.name] = column.read(cell)
            elif column.required:
                faults.append(Rejected(line, name, "", "LOAD-05", f"缺少 {zh}。", f"{name} is empty."))
            else:
                values[column.name] = column.default
        except BadCell as bad:
            faults.append(Rejected(line, name, shown(given), bad.code, f"{zh}{bad.zh}。", f"{name} {bad.en}."))
    return faults


def wrong_width(line: int, cells: int, header: int) -> Rejected:
    """LOAD-04: another number of cells than the header."""
    return Rejected(line, "", str(cells), "LOAD-04", f"这一行有 {cells} 格，表头有 {header} 格；请检查分隔符和引号。",
                    f"This row has {cells} cells, the header {header}: check separators and quotes.")


def repeated(line: int, table: Table, key: tuple[Value, ...], first: int) -> Rejected:
    """LOAD-11: the same key as an earlier row."""
    stated = " ".join(str(part) for part in key)
    return Rejected(line, table.key[0], shown(stated), "LOAD-11", f"{'、'.join(table.key)} 与第 {first} 行重复；只取先出现的一行。",
                    f"{', '.join(table.key)} repeats line {first}; the first one counts.")


def refuse_shrunk(table: Table, before: int, now: int) -> None:
    """Raises LoadProblem LOAD-03 when a version is more than 2 % shorter than the one before (`before` rows; 0 = none)."""
    if now * 100 < before * (100 - SHRINK):
        raise LoadProblem(
            "LOAD-03",
            f"{table.zh}：上一版 {before} 行，这一版可用的只有 {now} 行，少了 2% 以上，整批不导入。确属删减请加 --allow-shrink。",
            f"{table.kind}: {before} rows before, {now} usable now, over 2 % fewer: nothing is loaded. If that is meant: --allow-shrink.",
        )


def write_rejected(path: Path, source: Path, rejected: Sequence[Rejected]) -> None:
    """The rejected rows as CSV: reasons first, then the row as it stood in `source`, so that it can be corrected and loaded again.

    One line per reason. The file may hold identity numbers and is its owner's alone (0600).
    """
    wanted = {why.line for why in rejected}
    again = opened(source)
    cells = {line: ["" if cell is None else str(cell) for cell in row] for line, row in again.rows if line in wanted}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*REASONS, *again.header])
        for why in sorted(rejected):
            writer.writerow([why.line, why.code, why.column, why.value, why.zh, why.en, *cells.get(why.line, [])])
