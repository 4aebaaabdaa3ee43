"""Files to rows 读取文件: CSV (UTF-8 or GB18030), tab-separated text as national downloads come, XLSX, Parquet.

A row comes as its line and its cells in the header's order; what a cell means is not decided here.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from pyarrow import ArrowInvalid
from pyarrow.parquet import ParquetFile

from openyibao.bureau.loading.problems import LoadProblem

Cells = list[Any]
BATCH = 10_000


class Source(NamedTuple):
    """An opened table: header, rows as (line, cells), and SHA-256 of the file."""

    header: list[str]
    rows: Iterator[tuple[int, Cells]]
    digest: str


def opened(path: Path) -> Source:
    """The table in a file, by its ending. Raises LoadProblem LOAD-01 or LOAD-02."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise LoadProblem("LOAD-01", f"{path.name}：不认识的文件类型；可用 {'、'.join(READERS)}。",
                          f"{path.name}: unknown kind of file; use {', '.join(READERS)}.")
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        lines = reader(path)
        header = next(((line, cells) for line, cells in lines if any(cell not in (None, "") for cell in cells)), None)
    except OSError as error:
        raise LoadProblem("LOAD-01", f"{path}：打不开（{error.strerror}）。", f"{path}: cannot be opened ({error.strerror}).") from error
    if header is None:
        raise LoadProblem("LOAD-02", f"{path.name}：空文件，没有表头。", f"{path.name}: empty, there is no header.")
    return Source([str(cell or "").strip().strip("\ufeff") for cell in header[1]], lines, digest)


def csv_rows(path: Path, separator: str = ",") -> Iterator[tuple[int, Cells]]:
    """Rows of a text file; `line` is where a row begins."""
    reader = csv.reader(io.StringIO(decoded(path), newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, list(cells)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise LoadProblem("LOAD-01", f"{path.name}：自第 {begins} 行起读不下去（{error}），请检查引号是否成对。",
                          f"{path.name}: unreadable from line {begins} on ({error}); check the quotes.") from error


def decoded(path: Path) -> str:
    """The text of a file: UTF-8 with or without its mark, else GB18030."""
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise LoadProblem("LOAD-01", f"{path.name}：是 UTF-16 编码，请另存为 UTF-8。", f"{path.name}: UTF-16; save it as UTF-8.")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LoadProblem("LOAD-01", f"{path.name}：既不是 UTF-8 也不是 GB18030 编码。", f"{path.name}: neither UTF-8 nor GB18030.")


def tab_rows(path: Path) -> Iterator[tuple[int, Cells]]:
    """Rows of tab-separated text, where quotes mean nothing."""
    for line, row in enumerate(decoded(path).splitlines(), 1):
        yield line, list(row.split("\t"))


def sheet_rows(path: Path) -> Iterator[tuple[int, Cells]]:
    """Rows of a workbook's first sheet, as wide as its header; formulas give what the spreadsheet last computed."""
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise LoadProblem("LOAD-01", f"{path.name}：不是可读的 XLSX 文件。", f"{path.name}: no readable XLSX file.") from error
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()        # some programs write wrong ones
        width = 0
        for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            row = list(cells)
            while row and row[-1] is None:
                row.pop()
            width = width or len(row)
            yield line, row + [None] * (width - len(row))
    finally:
        book.close()


def parquet_rows(path: Path) -> Iterator[tuple[int, Cells]]:
    """Rows of a Parquet file; the header counts as line 1."""
    try:
        file = ParquetFile(path)
    except ArrowInvalid as error:
        raise LoadProblem("LOAD-01", f"{path.name}：不是可读的 Parquet 文件。", f"{path.name}: no readable Parquet file.") from error
    with file:
        yield 1, list(file.schema_arrow.names)
        line = 1
        for batch in file.iter_batches(batch_size=BATCH):
            columns: Iterable[list[Any]] = (column.to_pylist() for column in batch.columns)
            for cells in zip(*columns, strict=True):
                line += 1
                yield line, list(cells)


READERS: dict[str, Callable[[Path], Iterator[tuple[int, Cells]]]] = {
    ".csv": csv_rows,
    ".tsv": tab_rows,
    ".txt": tab_rows,
    ".xlsx": sheet_rows,
    ".parquet": parquet_rows,
}
"""How each kind of file is read."""
