"""What a question sees 查询视图: a store's files as tables for DuckDB, mapped and not copied.

Each table of the schema has its columns, and before them `year` and `bucket` as far as it lies by them; a table by bucket has `row` too,
the number of the row in its file (`line` and `fault` keep their own `row`: the row of the bill).

`settled` is the bill with its result, row by row as the files lie, and with what is known of the person and the institution:

    year, bucket, row, month
    every column of `bill`             under its own name
    outcome, deductible                of `result`
    paid_pool … paid_fund, paid_hospital, paid_person, paid_account, paid_family, paid_cash      the amounts of `result`
    sex, age, town, employer, flexible, resident, enrolled, base, pension                        of `holder`
    born, register, income, household, voucher                                                   of `person`
    institution_level, institution_town, institution_place, pharmacy, public, general            of `institution`
    county, rural, institution_county, institution_rural                                         of `town`, by town and institution_town

The last four groups are gathered for the columns that a question names, so that a question pays only for what it asks.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from openyibao.warehouse.tables.schema import BILL, RESULT, TABLES
from openyibao.warehouse.tables.store import Store, StoreProblem, arrow_type

PIECE = 65_536
"""Rows of a piece handed to DuckDB: a piece is what a thread takes at a time."""

PLAIN = ("outcome", "deductible")
"""Columns of a result that keep their name in `settled`."""

OF_HOLDER = ("sex", "age", "town", "employer", "flexible", "resident", "enrolled", "base", "pension")
OF_PERSON = ("born", "register", "income", "household", "voucher")
OF_INSTITUTION = {
    "institution_level": "level", "institution_town": "town", "institution_place": "place", "pharmacy": "pharmacy", "public": "public",
    "general": "general",
}  # fmt: skip
OF_TOWN = {
    "county": ("town", "county"), "rural": ("town", "rural"), "institution_county": ("institution_town", "county"),
    "institution_rural": ("institution_town", "rural"),
}  # fmt: skip
"""A column of `settled`: through which town of it, and which column of `town`; 0 where there is no town."""

GATHERED = (*OF_HOLDER, *OF_PERSON, *OF_INSTITUTION, *OF_TOWN)
"""Columns of `settled` that are gathered when a question names them."""

RUN_TABLES = ("result", "closing", "rescoped")
"""Tables that a run brings of its own."""

OWN_ROW = ("line", "fault")
"""Tables whose column `row` is the row of a bill."""


def result_name(name: str) -> str:
    """The name of a result's column in `settled`: an amount is `paid_…`, so that it is not taken for the bill's column of that name."""
    return name if name in PLAIN else f"paid_{name}"


def keys_of(table: str) -> list[str]:
    """The columns that a view has before the table's own."""
    found = TABLES[table]
    keys = (["year"] if found.yearly else []) + (["bucket"] if found.bucketed else [])
    return [*keys, "row"] if found.bucketed and table not in OWN_ROW else keys


def files_of(store: Store, table: str, years: Sequence[int]) -> Iterator[tuple[int | None, int | None]]:
    """The (year, bucket) of every file of a table that the years asked for have, in order."""
    found = TABLES[table]
    for year in years if found.yearly else [None]:
        if found.bucketed:
            yield from ((year, bucket) for bucket in store.buckets(table, year))
        elif store.path(table, year).exists():
            yield year, None


def view(store: Store, table: str, years: Sequence[int]) -> pa.Table:
    """A table over all its files, in pieces that point into the mapped files; without rows where the store has no file of it."""
    pieces = [piece for year, bucket in files_of(store, table, years)
              for piece in pieces_of(store.read(table, year, bucket), year, bucket, table not in OWN_ROW)]  # fmt: skip
    return pa.concat_tables(pieces) if pieces else without_rows(table)


def without_rows(table: str) -> pa.Table:
    """The empty view of a table."""
    kinds = {"year": "int16", "bucket": "int16", "row": "int32"}
    fields = [pa.field(key, arrow_type(kinds[key])) for key in keys_of(table)]
    return pa.schema([*fields, *(pa.field(column.name, arrow_type(column.type)) for column in TABLES[table].columns)]).empty_table()


def pieces_of(data: pa.Table, year: int | None, bucket: int | None, numbered: bool) -> Iterator[pa.Table]:
    """A file's rows cut into pieces, each with `year`, `bucket` and `row` before its columns.

    The constants of all pieces of a file are one array of PIECE values, so that they cost next to nothing.
    """
    size = min(PIECE, data.num_rows)
    known = [(name, value) for name, value in (("year", year), ("bucket", bucket)) if value is not None]
    constants = [(name, pa.array(np.full(size, value, np.int16))) for name, value in known]
    for start in range(0, data.num_rows, PIECE):
        piece = data.slice(start, PIECE)
        count = piece.num_rows
        heads = [(name, values.slice(0, count)) for name, values in constants]
        if numbered and bucket is not None:
            heads.append(("row", row_numbers(start).slice(0, count)))
        columns = [*(values for _, values in heads), *piece.columns]
        yield pa.Table.from_arrays(columns, names=[*(name for name, _ in heads), *piece.column_names])


@cache
def row_numbers(start: int) -> pa.Array:
    """PIECE row numbers from `start`: the same array for every file."""
    return pa.array(np.arange(start, start + PIECE, dtype=np.int32))


def settled(store: Store, years: Sequence[int], run: Path | None, named: Collection[str]) -> pa.Table:
    """The bills with their results (of a run where one is given), and the gathered columns among `named`."""
    results = store if run is None else Store(run, store.form)
    gather = Gather(store, named)
    pieces: list[pa.Table] = []
    for year, bucket in files_of(store, "bill", years):
        bill, result = billed(store, results, year, bucket), results.read("result", year, bucket)
        if bill.num_rows != result.num_rows:
            raise StoreProblem(f"{results.path('result', year, bucket)}: {result.num_rows} results for {bill.num_rows} bills")
        found = gather.of(year, bucket, bill)
        names = [*bill.column_names, *map(result_name, result.column_names), *found]
        joined = pa.Table.from_arrays([*bill.columns, *result.columns, *found.values()], names=names)
        pieces.extend(pieces_of(joined, year, bucket, True))
    if pieces:
        return pa.concat_tables(pieces)
    typed = {"year": "int16", "bucket": "int16", "row": "int32"}
    typed.update((column.name, column.type) for column in BILL.columns)
    typed.update((result_name(column.name), column.type) for column in RESULT.columns)
    typed.update((name, "int32") for name in gather.names)
    return pa.schema([pa.field(name, arrow_type(kind)) for name, kind in typed.items()]).empty_table()


def billed(store: Store, results: Store, year: int | None, bucket: int | None) -> pa.Table:
    """The bills of a bucket; of a run that scoped them again, with their new sums."""
    bill = store.read("bill", year, bucket)
    if results is store or not results.path("rescoped", year, bucket).exists():
        return bill
    again = results.read("rescoped", year, bucket)
    for name in again.column_names:
        bill = bill.set_column(bill.column_names.index(name), name, again.column(name))
    return bill


class Gather:
    """What a question wants to know of a bill's person and institution, taken from the other files by row number."""

    def __init__(self, store: Store, named: Collection[str]) -> None:
        """Read the whole registers that the named columns come from."""
        self.store = store
        self.names = [name for name in GATHERED if name in named]
        through = {OF_TOWN[name][0] for name in self.names if name in OF_TOWN}
        self.wanted = {*self.names, *through}
        self.institution = store.arrays("institution") if self.wanted & OF_INSTITUTION.keys() else {}
        self.town = store.arrays("town") if through else {}

    def of(self, year: int | None, bucket: int | None, bill: pa.Table) -> dict[str, pa.Array]:
        """The gathered columns for the rows of `bill`."""
        if not self.names:
            return {}
        found: dict[str, Any] = {}
        wanted = [name for name in OF_HOLDER if name in self.wanted]
        if wanted:
            register, row = self.store.arrays("holder", year, bucket, wanted), values(bill, "holder")
            found.update((name, register[name][row]) for name in wanted)
        wanted = [name for name in OF_PERSON if name in self.wanted]
        if wanted:
            register = self.store.arrays("person", None, bucket, ["person", *wanted])
            row = np.searchsorted(register["person"], values(bill, "person"))
            found.update((name, register[name][row]) for name in wanted)
        place = values(bill, "institution")
        found.update((name, self.institution[column][place]) for name, column in OF_INSTITUTION.items() if name in self.wanted)
        for name, (through, column) in OF_TOWN.items():
            if name in self.wanted:
                town = found[through]
                found[name] = np.where(town < 0, 0, self.town[column][np.maximum(town, 0)])
        return {name: pa.array(found[name]) for name in self.names}


def values(table: pa.Table, name: str) -> Any:
    """A column as a NumPy array, without a copy where it is one chunk."""
    return table.column(name).combine_chunks().to_numpy(zero_copy_only=False)
