"""Figures and rows as files 导出: rows piece by piece (a city's bills do not fit in memory), tables as CSV or a workbook."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import xlsxwriter

from openyibao.warehouse.questions.asking import PARAMETER, WORD, Desk

CSV, PARQUET, XLSX = ".csv", ".parquet", ".xlsx"
ROW_ENDINGS = (CSV, PARQUET)
WIDEST = 60


class ExportProblem(Exception):
    """A file that cannot be written in the form its name asks for."""


def stream(desk: Desk, text: str, given: Mapping[str, Any]) -> pa.RecordBatchReader:
    """The rows of SQL text as they come, in pieces; the parameters it does not name are left out."""
    desk.prepare(set(WORD.findall(text)))
    named = set(PARAMETER.findall(text))
    relation = desk.connection.sql(text, params={name: value for name, value in given.items() if name in named} or None)
    return pa.RecordBatchReader.from_stream(relation)


def write_rows(path: Path, rows: pa.RecordBatchReader) -> int:
    """Write rows to a .csv or .parquet file, whole or not at all; returns how many. Raises ExportProblem for another ending."""
    if path.suffix not in ROW_ENDINGS:
        raise ExportProblem(f"{path.name}: rows are written as {' or '.join(ROW_ENDINGS)}")
    part, count = path.with_name(path.name + ".part"), 0
    with pacsv.CSVWriter(part, rows.schema) if path.suffix == CSV else pq.ParquetWriter(part, rows.schema) as writer:
        for batch in rows:
            writer.write_batch(batch)
            count += batch.num_rows
    part.replace(path)
    return count


Record = Mapping[str, object]


def write_csv(path: Path, records: Sequence[Record]) -> None:
    """Records as CSV with a byte-order mark, so that a spreadsheet reads the Chinese; whole or not at all."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(records[0]) if records else [])
        writer.writeheader()
        writer.writerows(records)
    part.replace(path)


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Record]]) -> None:
    """Records as a workbook, one sheet each, heads frozen and filtered; whole or not at all."""
    part = path.with_name(path.name + ".part")
    with xlsxwriter.Workbook(str(part)) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for name, records in sheets.items():
            sheet = book.add_worksheet(name)
            heads = list(records[0]) if records else []
            for column, head in enumerate(heads):
                widest = max(len(str(record[head])) for record in records)
                sheet.set_column(column, column, min(max(len(head) * 2, widest) + 2, WIDEST))
                sheet.write(0, column, head, bold)
                for row, record in enumerate(records, 1):
                    sheet.write(row, column, record[head])
            sheet.freeze_panes(1, 0)
            if records:
                sheet.autofilter(0, 0, len(records), len(heads) - 1)
    part.replace(path)
