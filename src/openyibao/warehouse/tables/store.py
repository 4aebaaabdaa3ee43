"""A store 年度库: a folder with one city's tables; mapped Arrow files for runs, Parquet for exchange.

    <store>/city.json                            what city, which years, made from what
    <store>/institution.arrow                    a whole register
    <store>/person/bucket=00007.arrow            a register by bucket
    <store>/bill/year=2023/bucket=00007.arrow    a year's table
    <store>/truth/fault/year=2023/…              ground truth, kept apart: nothing that is to find faults may open it

A file appears whole or not at all: it is written under another name and renamed.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc

from openyibao.warehouse.tables.schema import TABLES, Table

CARD = "city.json"
APART = ("fault",)
"""Tables kept apart from what looks for faults."""
ARROW, PARQUET = "arrow", "parquet"


class StoreProblem(Exception):
    """A store that cannot be read or written; says which file, and why, in one sentence."""


class Store(NamedTuple):
    """A folder of tables and the form of its files."""

    root: Path
    form: str = ARROW

    def folder(self, table: str, year: int | None = None) -> Path:
        """Where a table's files lie."""
        place = self.root / "truth" / table if table in APART else self.root / table
        return place if year is None else place / f"year={year}"

    def path(self, table: str, year: int | None = None, bucket: int | None = None) -> Path:
        """The file of a table, year and bucket, as far as the table has them."""
        found = TABLES[table]
        if (found.yearly and year is None) or (found.bucketed and bucket is None):
            raise ValueError(f"{table} lies by {'year ' if found.yearly else ''}{'bucket' if found.bucketed else ''}")
        if found.bucketed:
            return self.folder(table, year if found.yearly else None) / f"bucket={bucket:05d}.{self.form}"
        return self.folder(table, year) / f"all.{self.form}" if found.yearly else self.root / f"{table}.{self.form}"

    def buckets(self, table: str = "person", year: int | None = None) -> list[int]:
        """The buckets that a table has files for, ascending."""
        return sorted(int(file.stem.partition("=")[2]) for file in self.folder(table, year).glob(f"bucket=*.{self.form}"))

    def years(self, table: str = "bill") -> list[int]:
        """The years that a table has, ascending."""
        return sorted(int(place.name.partition("=")[2]) for place in self.folder(table).glob("year=*"))

    def card(self) -> dict[str, Any]:
        """What the store says of itself. Raises StoreProblem where there is none."""
        try:
            found: dict[str, Any] = json.loads((self.root / CARD).read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise StoreProblem(f"{self.root}: no store of a city here ({CARD}: {problem})") from None
        return found

    def write_card(self, card: Mapping[str, Any]) -> None:
        """Write what the store says of itself."""
        self.root.mkdir(parents=True, exist_ok=True)
        whole(self.root / CARD, (json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())

    def write(self, table: str, columns: Mapping[str, Any], year: int | None = None, bucket: int | None = None) -> Path:
        """Write one file whole. `columns` gives every column of the table; raises StoreProblem for a value its type cannot hold."""
        path = self.path(table, year, bucket)
        path.parent.mkdir(parents=True, exist_ok=True)
        data = packed(TABLES[table], columns, path)
        part = unfinished(path)
        if self.form == PARQUET:
            pq.write_table(data, part, compression="zstd", write_statistics=True)
        else:
            with pa.OSFile(str(part), "wb") as sink, ipc.new_file(sink, data.schema) as writer:
                writer.write_table(data)
        part.replace(path)
        return path

    def read(self, table: str, year: int | None = None, bucket: int | None = None, columns: Sequence[str] | None = None) -> pa.Table:
        """One file as an Arrow table, memory-mapped where the form allows. Raises StoreProblem when it is missing or broken."""
        return opened(self.path(table, year, bucket), columns)

    def arrays(
        self, table: str, year: int | None = None, bucket: int | None = None, columns: Sequence[str] | None = None
    ) -> dict[str, Any]:
        """One file's integer columns as NumPy arrays by name, without a copy where the file is mapped; text columns as object arrays."""
        data = self.read(table, year, bucket, columns)
        return {name: one_chunk(data.column(name)).to_numpy(zero_copy_only=False) for name in data.column_names}


def one_chunk(column: Any) -> Any:
    """A column as one array; `combine_chunks` would copy a single chunk too."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def opened(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """A file of either form as an Arrow table; raises StoreProblem naming the file."""
    try:
        if path.suffix == f".{PARQUET}":
            return pq.read_table(path, columns=list(columns) if columns is not None else None, partitioning=None)
        with pa.memory_map(str(path)) as source:
            whole_table = ipc.open_file(source).read_all()
        return whole_table.select(list(columns)) if columns is not None else whole_table
    except (OSError, pa.ArrowInvalid, KeyError) as problem:
        raise StoreProblem(f"{path}: {problem}") from None


def arrow_type(name: str) -> Any:
    """An Arrow type by the schema's name."""
    return pa.string() if name == "utf8" else getattr(pa, name)()


def packed(table: Table, columns: Mapping[str, Any], path: Path) -> pa.Table:
    """Columns cast to the table's types, one chunk, nothing null; raises StoreProblem naming the file, the column and the row."""
    missing = [name for name in table.names if name not in columns]
    if missing:
        raise StoreProblem(f"{path}: {table.name} lacks {', '.join(missing)}")
    arrays = []
    for column in table.columns:
        values = columns[column.name]
        if column.type == "utf8":
            arrays.append(pa.array(values, pa.string()))
            continue
        given = np.asarray(values)
        cast = np.ascontiguousarray(given, dtype=column.type)
        if cast.dtype != given.dtype and not np.array_equal(cast, given):
            row = int(np.flatnonzero(cast != given)[0])
            raise StoreProblem(f"{path}: {column.name} of row {row} is {given[row]}, more than its {column.type} holds")
        arrays.append(pa.array(cast))
    return pa.Table.from_arrays(arrays, names=list(table.names))


def whole(path: Path, content: bytes) -> None:
    """Write a small file whole or not at all."""
    part = unfinished(path)
    part.write_bytes(content)
    part.replace(path)


def unfinished(path: Path) -> Path:
    """The name a file has until it is whole: another for every writer, on whatever machine (containers share process numbers)."""
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}")
