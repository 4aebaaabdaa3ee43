"""The rows behind a run's figures as a list shows them 明细查询: DuckDB over the run's files, asked in the few ways that lists ask.

A list (pages/listing.py) narrows, orders, cuts and counts. `Rows` does these four on a table of a run, with the names of lookups that
lists use (`day__gte`, `g_level`), so that rows in files are listed, turned and exported like rows of the database.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import duckdb
from django.db.models import Q

from openyibao.bureau.refused import Refused
from openyibao.warehouse.simulate.behind import FOLDER

THREADS, MEMORY = 2, "1GB"
SIGNS = {"": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
CHUNK = 2_000


class Behind:
    """The files of a run, opened for questions; used by `with`."""

    def __init__(self, folder: Path) -> None:
        """Of a run's folder."""
        self.folder = folder

    def __enter__(self) -> "Behind":
        """Open."""
        self.connection = duckdb.connect(":memory:", config={"threads": THREADS, "memory_limit": MEMORY})
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.connection.close()

    def table(self, name: str) -> str:
        """A table as SQL reads it. Raises Refused SIM-08 where the run has no such files."""
        place = self.folder / FOLDER / name
        if not any(place.glob("*.parquet")):
            raise Refused(
                "SIM-08", "这次运行没有留下逐单明细。", "This run left no rows behind its figures.", place="run",
                next_zh="请点“再次运行”。", next_en="Run it again.",
            )
        return "read_parquet('" + str(place / "*.parquet").replace("'", "''") + "')"

    def sums(self, name: str, *expressions: str) -> tuple[int, ...]:
        """Sums over a whole table; nothing is 0."""
        found = self.connection.execute(f"SELECT {', '.join(expressions)} FROM {self.table(name)}").fetchone()
        return tuple(int(value or 0) for value in found or ())


class Asked(NamedTuple):
    """A condition in SQL and the values it is asked with."""

    sql: str
    values: tuple[Any, ...] = ()


class Rows:
    """Rows of a table, narrowed and ordered, like a query of the database: nothing is read until it is asked for."""

    def __init__(self, folder: Path, name: str, computed: Mapping[str, str], columns: Iterable[str]) -> None:
        """Of one run.

        computed  names that the files lack -> what they are in SQL over the files' columns
        columns   what a row is read with, `pk` beside them
        """
        self.folder, self.name, self.computed, self.columns = folder, name, dict(computed), ("pk", *columns)
        self.asked: tuple[Asked, ...] = ()
        self.ordered: tuple[str, ...] = ()
        self.cut: slice = slice(None)

    def also(self, **changes: Any) -> "Rows":
        """The same with a change."""
        found = Rows(self.folder, self.name, self.computed, self.columns[1:])
        found.asked, found.ordered, found.cut = self.asked, self.ordered, self.cut
        for name, value in changes.items():
            setattr(found, name, value)
        return found

    def filter(self, *wanted: Q, **named: Any) -> "Rows":
        """Narrowed."""
        conditions = [self.condition(one) for one in (*wanted, *([Q(**named)] if named else []))]
        return self.also(asked=(*self.asked, *(one for one in conditions if one.sql)))

    def where(self, sql: str, *values: Any) -> "Rows":
        """Narrowed by a condition in SQL over the columns and computed names."""
        return self.also(asked=(*self.asked, Asked(sql, values)))

    def order_by(self, *fields: str) -> "Rows":
        """Ordered."""
        return self.also(ordered=fields)

    def __getitem__(self, cut: slice) -> "Rows":
        """The first so many."""
        return self.also(cut=cut)

    def count(self) -> int:
        """How many there are, as far as they are cut."""
        with Behind(self.folder) as behind:
            sql, values = self.select(behind, "1", limited=True)
            found = behind.connection.execute(f"SELECT count(*) FROM ({sql})", values).fetchone()
        return int(found[0]) if found else 0

    def sums(self, *expressions: str) -> tuple[int, ...]:
        """Sums over all the rows, uncut."""
        with Behind(self.folder) as behind:
            sql, values = self.select(behind, "*", limited=False)
            found = behind.connection.execute(f"SELECT {', '.join(expressions)} FROM ({sql})", values).fetchone()
        return tuple(int(value or 0) for value in found or ())

    def __iter__(self) -> Iterator[Any]:
        """The rows."""
        return self.iterator()

    def iterator(self, chunk_size: int = CHUNK) -> Iterator[Any]:
        """The rows, a chunk at a time."""
        with Behind(self.folder) as behind:
            sql, values = self.select(behind, ", ".join(self.columns), limited=True)
            cursor = behind.connection.execute(sql, values)
            while chunk := cursor.fetchmany(chunk_size):
                for row in chunk:
                    yield SimpleNamespace(**dict(zip(self.columns, row, strict=True)))

    # ---- SQL ----

    def select(self, behind: Behind, what: str, *, limited: bool) -> tuple[str, list[Any]]:
        """The question in SQL with its values."""
        more = "".join(f", {sql} AS {name}" for name, sql in self.computed.items())
        text = f"SELECT {what} FROM (SELECT *{more} FROM {behind.table(self.name)})"
        if self.asked:
            text += " WHERE " + " AND ".join(f"({one.sql})" for one in self.asked)
        if self.ordered:
            text += " ORDER BY " + ", ".join(self.direction(field) for field in self.ordered)
        if limited and self.cut.stop is not None:
            text += f" LIMIT {int(self.cut.stop)}"
        return text, [value for one in self.asked for value in one.values]

    def direction(self, field: str) -> str:
        """A field of an order."""
        return self.checked(field.removeprefix("-")) + (" DESC" if field.startswith("-") else "")

    def checked(self, name: str) -> str:
        """A name that may stand in SQL: letters, digits and underscores only."""
        if not name.replace("_", "").isalnum() or not name.isascii():
            raise ValueError(name)
        return name

    def condition(self, wanted: Q) -> Asked:
        """A Q as SQL."""
        parts = []
        for child in wanted.children:
            if isinstance(child, Q):
                found = self.condition(child)
            else:
                name, _, sign = str(child[0]).partition("__")
                found = Asked(f"{self.checked(name)} {SIGNS[sign]} ?", (child[1],))
            if found.sql:
                parts.append(found)
        text = f" {wanted.connector} ".join(f"({one.sql})" for one in parts)
        return Asked(f"NOT ({text})" if wanted.negated and text else text, tuple(value for one in parts for value in one.values))
