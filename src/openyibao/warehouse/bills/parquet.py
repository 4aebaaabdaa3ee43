"""Parquet in and out: the only file of this folder that needs pyarrow; loaded by name from rows.py and results.py."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from openyibao.warehouse.bills.columns import known, unknown
from openyibao.warehouse.bills.csvfile import cell
from openyibao.warehouse.bills.problems import FileProblem, Problem
from openyibao.warehouse.bills.rows import Row

BATCH = 4096
MONEY = pyarrow.decimal128(18, 2)


def rows(path: Path, columns: frozenset[str]) -> Iterator[Row]:
    """Every row, batch by batch; text cells of list columns may hold JSON."""
    try:
        file = pyarrow.parquet.ParquetFile(path)
    except (pyarrow.ArrowInvalid, OSError) as error:
        raise FileProblem(f"{path.name} 不是可读的 Parquet 文件。", f"{path.name} is no readable Parquet file ({error}).") from None
    for name in file.schema_arrow.names:
        if known(name, columns) is None:
            problem = unknown(name, columns)
            raise FileProblem(f"{path.name} 的列：{problem.zh}", f"Columns of {path.name}: {problem.en}")
    return numbered(file, path.stat().st_size)


def numbered(file: Any, size: int) -> Iterator[Row]:
    """Rows with their number; the offset is the share of rows read."""
    number, total = 0, max(file.metadata.num_rows, 1)
    for batch in file.iter_batches(BATCH):
        for raw in batch.to_pylist():
            number += 1
            try:
                cells = {name: cell(name, value) if isinstance(value, str) else value for name, value in raw.items()}
                yield Row(number, cells, None, size * number // total)
            except Problem as problem:
                yield Row(number, None, problem, size * number // total)


def column_type(name: str, money: frozenset[str], counts: frozenset[str]) -> Any:
    """The Arrow type of a result column."""
    return MONEY if name in money else pyarrow.int64() if name in counts else pyarrow.string()


class Writer:
    """Writes result records to Parquet: money as decimal(18,2), counts as integers, everything else as text (lists as JSON)."""

    def __init__(self, path: Path, names: list[str], money: frozenset[str], counts: frozenset[str]) -> None:
        """Open the file; `names` is every column in order."""
        self.held: list[dict[str, Any]] = []
        self.schema = pyarrow.schema([(name, column_type(name, money, counts)) for name in names])
        self.file = pyarrow.parquet.ParquetWriter(path, self.schema, compression="zstd")

    def write(self, record: dict[str, Any]) -> None:
        """Add one record."""
        self.held.append(record)
        if len(self.held) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what is held as one row group."""
        if self.held:
            arrays = [pyarrow.array([plain(row.get(field.name), field.type) for row in self.held], field.type) for field in self.schema]
            self.file.write_table(pyarrow.Table.from_arrays(arrays, schema=self.schema))
            self.held = []

    def close(self) -> None:
        """Write the rest and the footer."""
        self.flush()
        self.file.close()


def plain(value: Any, kind: Any) -> Any:
    """A value as Arrow's type takes it: lists and objects as JSON text."""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value) if value is not None and kind == pyarrow.string() else value
