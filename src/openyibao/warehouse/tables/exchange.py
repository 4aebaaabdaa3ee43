"""Between the two forms of a store 年度库交换: mapped Arrow for runs, Parquet for exchange; the contents are the same.

A file that is there already and holds the same is left alone, so that an exchange that was stopped goes on. `digest_of` is of the contents
and not of the bytes of a file: both forms of a store give the same.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from openyibao.warehouse.tables.schema import TABLES
from openyibao.warehouse.tables.store import ARROW, PARQUET, Store, StoreProblem

FORMS = (ARROW, PARQUET)
POLICY = "policy"
"""Folder of the packages that the years were settled under."""


class File(NamedTuple):
    """One file of a store: table, year, bucket, as far as it has them."""

    table: str
    year: int | None
    bucket: int | None

    @property
    def name(self) -> str:
        """What it is called in a list: table, year and bucket."""
        parts = [self.table]
        if self.year is not None:
            parts.append(f"year={self.year}")
        if self.bucket is not None:
            parts.append(f"bucket={self.bucket:05d}")
        return "/".join(parts)


class Exchanged(NamedTuple):
    """What an exchange did."""

    written: int
    same: int  # files that were there already
    rows: int


Progress = Callable[[int, int], None]
"""Called with files done and files in all."""


def form_of(root: Path) -> str:
    """The form of the store in a folder. Raises StoreProblem where there is none."""
    for form in FORMS:
        if any(root.glob(f"*.{form}")) or any(root.glob(f"person/*.{form}")):
            return form
    raise StoreProblem(f"{root}: no store of a city here (no table as .{ARROW} or .{PARQUET})")


def opened_at(root: Path) -> Store:
    """The store in a folder, in its form. Raises StoreProblem."""
    return Store(root, form_of(root))


def files_of(store: Store, years: Sequence[int] | None = None) -> Iterator[File]:
    """Every file of a store in the schema's order; of some years only, with all registers, where `years` is given."""
    for table in TABLES.values():
        chosen: list[int | None] = [None]
        if table.yearly:
            chosen = [year for year in store.years(table.name) if years is None or year in years]
        for year in chosen:
            if table.bucketed:
                yield from (File(table.name, year, bucket) for bucket in store.buckets(table.name, year))
            elif store.path(table.name, year).exists():
                yield File(table.name, year, None)


def exchange(source: Store, target: Store, years: Sequence[int] | None, progress: Progress) -> Exchanged:
    """Write a store, or some years of it, in the other form. Raises StoreProblem for a broken file, or years it does not have."""
    missing = sorted(set(years or ()) - set(source.years()))
    if missing:
        raise StoreProblem(f"{source.root}: no bills of {missing[0]} (years here: {', '.join(map(str, source.years()))})")
    if target.root.resolve() == source.root.resolve():
        raise StoreProblem(f"{target.root}: a store is not written over itself; give another folder")
    files = list(files_of(source, years))
    written = same = rows = 0
    for done, file in enumerate(files, 1):
        data = source.read(*file)
        rows += data.num_rows
        if holds(target, file, data):
            same += 1
        else:
            target.write(file.table, {name: plain(data.column(name)) for name in data.column_names}, file.year, file.bucket)
            written += 1
        progress(done, len(files))
    copy_policies(source, target, years)
    card = source.card()
    target.write_card({**card, "years": sorted(set(target.years()) | set(years or source.years()))})
    return Exchanged(written, same, rows)


def copy_policies(source: Store, target: Store, years: Sequence[int] | None) -> None:
    """The packages that the years were settled under go along."""
    for path in sorted((source.root / POLICY).glob("year=*.npz")):
        if years is None or int(path.stem.partition("=")[2]) in years:
            place = target.root / POLICY / path.name
            place.parent.mkdir(parents=True, exist_ok=True)
            part = place.with_name(f".{place.name}.part")
            part.write_bytes(path.read_bytes())
            part.replace(place)


def plain(column: pa.ChunkedArray) -> object:
    """A column as `Store.write` takes it: NumPy integers, or a list of texts."""
    return column.to_pylist() if pa.types.is_string(column.type) else column.combine_chunks().to_numpy(zero_copy_only=False)


def holds(store: Store, file: File, data: pa.Table) -> bool:
    """Whether a store has this file with these contents already."""
    if not store.path(*file).exists():
        return False
    try:
        return digest(store.read(*file)) == digest(data)
    except StoreProblem:        # half a file, or another's: it is written again
        return False


def digest(data: pa.Table) -> str:
    """A digest of a table's contents: the columns' names, types and values in order."""
    found = hashlib.sha256()
    for name in data.column_names:
        column = data.column(name)
        found.update(f"{name} {column.type} {len(column)}\n".encode())
        if pa.types.is_string(column.type):
            for text in column.to_pylist():
                found.update(f"{len(text)} {text}\n".encode())
        else:
            values = column.combine_chunks().to_numpy(zero_copy_only=False)
            found.update(np.ascontiguousarray(values).data)
    return found.hexdigest()


def digest_of(store: Store, years: Sequence[int] | None = None) -> dict[str, str]:
    """The digest of every file by its name, and of the store (key "") over all of them."""
    found = {file.name: digest(store.read(*file)) for file in files_of(store, years)}
    whole = hashlib.sha256("\n".join(f"{name} {one}" for name, one in found.items()).encode()).hexdigest()
    return {"": whole, **found}
