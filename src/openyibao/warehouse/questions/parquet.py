"""A Parquet store as DuckDB sees it: the same views as over mapped files, written in SQL.

`bill` and `result` have no key in common but their order; DuckDB joins them by position, reading both from the start.
"""

from collections.abc import Sequence
from pathlib import Path

from openyibao.warehouse.questions.views import (
    OF_HOLDER,
    OF_INSTITUTION,
    OF_PERSON,
    OF_TOWN,
    OWN_ROW,
    RUN_TABLES,
    files_of,
    result_name,
)
from openyibao.warehouse.tables.schema import BILL, RESULT, TABLES
from openyibao.warehouse.tables.store import Store

SQL_TYPES = {"int8": "TINYINT", "int16": "SMALLINT", "int32": "INTEGER", "int64": "BIGINT", "utf8": "VARCHAR"}


def quoted(name: str) -> str:
    """A name in SQL; some of the claim's fields are words of SQL (`over`, `full`)."""
    return f'"{name}"'


def parquet_view(store: Store, table: str, years: Sequence[int], run: Path | None) -> str:
    """The statement that makes a table's view."""
    place = Store(run, store.form) if run is not None and table in RUN_TABLES else store
    found = TABLES[table]
    columns = ", ".join(map(quoted, found.names))
    files = [str(place.path(table, year, bucket)) for year, bucket in files_of(place, table, years)]
    keys = (["CAST(regexp_extract(filename, 'year=(\\d+)', 1) AS SMALLINT) AS year"] if found.yearly else []) + (
        ["CAST(regexp_extract(filename, 'bucket=(\\d+)', 1) AS SMALLINT) AS bucket"] if found.bucketed else []
    )
    numbered = found.bucketed and table not in OWN_ROW
    if numbered:
        keys.append("CAST(file_row_number AS INTEGER) AS row")
    if not files:
        kinds = {"year": "SMALLINT", "bucket": "SMALLINT", "row": "INTEGER"}
        heads = [f"CAST(NULL AS {kinds[key.rpartition(' ')[2]]}) AS {key.rpartition(' ')[2]}" for key in keys]
        empty = ", ".join([*heads, *(f"CAST(NULL AS {SQL_TYPES[column.type]}) AS {quoted(column.name)}" for column in found.columns)])
        return f"CREATE OR REPLACE VIEW {table} AS SELECT {empty} WHERE false"
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    options = "filename = true, hive_partitioning = false" + (", file_row_number = true" if numbered else "")
    return f"CREATE OR REPLACE VIEW {table} AS SELECT {', '.join([*keys, columns])} FROM read_parquet([{listed}], {options})"


def parquet_settled() -> str:
    """The statement that makes `settled` over the other views."""
    results = [result_name(name) for name in RESULT.names]
    bills = ["year", "bucket", "row", *BILL.names]
    towns = {"town": "t", "institution_town": "u"}
    columns = [
        *(f"s.{quoted(name)}" for name in (*bills, *results)),
        "CAST(s.day // 100 % 100 AS TINYINT) AS month",
        *(f"h.{name}" for name in OF_HOLDER),
        *(f"p.{name}" for name in OF_PERSON),
        *(f"i.{column} AS {name}" for name, column in OF_INSTITUTION.items()),
        *(f"coalesce({towns[through]}.{column}, 0) AS {name}" for name, (through, column) in OF_TOWN.items()),
    ]
    together = [*(f"b.{quoted(name)}" for name in bills), *(f"r.{quoted(name)} AS {result_name(name)}" for name in RESULT.names)]
    return f"""
CREATE OR REPLACE VIEW settled AS
SELECT {", ".join(columns)}
FROM (SELECT {", ".join(together)} FROM bill AS b POSITIONAL JOIN result AS r) AS s
LEFT JOIN holder AS h ON h.year = s.year AND h.bucket = s.bucket AND h.row = s.holder
LEFT JOIN person AS p ON p.bucket = s.bucket AND p.person = s.person
LEFT JOIN institution AS i ON i.institution = s.institution
LEFT JOIN town AS t ON t.town = h.town
LEFT JOIN town AS u ON u.town = i.town
"""
