"""Rows out of a file, whatever its format 读行: each a line number with the raw cells, or with the Problem that the line is.

Memory is bounded: one row at a time, and no row longer than LONGEST. pyarrow takes a third of a second to import, so the Parquet
reader is a module of its own that is loaded by name when a Parquet file is met.
"""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from openyibao.warehouse.bills.problems import FileProblem, Problem, too_long

LONGEST = 4 * 2**20
"""Bytes of the longest row: a stay of several thousand lines fits."""

READERS = {
    "jsonl": "openyibao.warehouse.bills.jsonlines",
    "csv": "openyibao.warehouse.bills.csvfile",
    "parquet": "openyibao.warehouse.bills.parquet",
}
"""Format -> module with `rows(path, columns)`."""

ENDINGS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".parquet": "parquet", ".pq": "parquet"}


class Row(NamedTuple):
    """One row: its number in the file (from 1), its cells or what is wrong with it, and the bytes read so far (for progress)."""

    number: int
    cells: dict[str, Any] | None
    problem: Problem | None
    offset: int


def format_of(path: Path) -> str:
    """The format by the file's ending, otherwise by its first bytes."""
    if path.suffix.lower() in ENDINGS:
        return ENDINGS[path.suffix.lower()]
    with path.open("rb") as file:
        start = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    return "parquet" if start.startswith(b"PAR1") else "jsonl" if start.startswith(b"{") else "csv"


def rows(path: Path, columns: frozenset[str]) -> Iterator[Row]:
    """Every row of a bill or people file; raises FileProblem when the file as a whole cannot be read."""
    if not path.is_file():
        raise FileProblem(f"找不到文件 {path}。", f"There is no file {path}.")
    if path.stat().st_size == 0:
        raise FileProblem(f"文件 {path} 是空的：没有可结算的账单。", f"The file {path} is empty: there is nothing to settle.")
    reader = importlib.import_module(READERS[format_of(path)])
    found: Iterator[Row] = reader.rows(path, columns)
    return found


def bounded_lines(file: BinaryIO) -> Iterator[tuple[int, bytes | Problem, int]]:
    """(line number, bytes without the line's end, offset), a line beyond LONGEST as a Problem and skipped without being kept."""
    number = offset = 0
    while line := file.readline(LONGEST + 1):
        number += 1
        offset += len(line)
        if len(line) <= LONGEST or line.endswith(b"\n"):
            yield number, line.rstrip(b"\r\n"), offset
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(LONGEST)
            offset += len(line)
        yield number, too_long(LONGEST), offset
