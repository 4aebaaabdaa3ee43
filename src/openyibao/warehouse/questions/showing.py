"""An answer for people 查询结果: units and words in either language, as rows of text, as CSV, as a workbook."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter

from openyibao.kernel import codes
from openyibao.warehouse.bills.words import KIND_NAMES, LEVEL_NAMES, SCHEME_NAMES
from openyibao.warehouse.questions.written import Answered, Question

LABELS: dict[str, dict[int, tuple[str, str]]] = {
    "scheme": {code: (zh, en) for code, (en, zh) in SCHEME_NAMES.items()},
    "kind": {code: (zh, en) for code, (en, zh) in KIND_NAMES.items()},
    "level": {code: (zh, en) for code, (en, zh) in LEVEL_NAMES.items()},
    "frequency": {1: ("罕见", "rare"), 2: ("一般", "between"), 3: ("常见多发", "common")},
    "cause": {
        1: ("人数", "people"), 2: ("人均就诊次数", "bills per head"), 3: ("结构（类别与等级）", "mix of kinds and levels"),
        4: ("次均基金支付", "funds' money per bill"), 5: ("合计", "together"),
    },
    "fund": {
        1: ("职工统筹基金", "employee pool"), 2: ("居民基金", "resident fund"), 3: ("个人账户", "personal accounts"),
        4: ("职工大额", "large amounts"), 5: ("居民大病", "catastrophic"), 6: ("公务员补助", "civil-servant supplement"),
        7: ("医疗救助", "medical aid"),
    },
    "outcome": {codes.SETTLED: ("已结算", "settled")},
}  # fmt: skip
"""Words of coded columns, (zh, en)."""

NOT_IN_SHEETS = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
"""Signs that a sheet's name may not have."""
MONEY_FORMAT, SHARE_FORMAT = "#,##0.00", "0.00%"


def columns_of(asked: Question | None, answer: pa.Table) -> tuple[Answered, ...]:
    """What the columns of an answer are; of a question that nobody has reviewed only their names are known."""
    if asked is not None:
        return asked.columns
    return tuple(Answered(name, "text", name, name) for name in answer.column_names)


def heads(columns: Sequence[Answered], lang: str) -> list[str]:
    """The columns' heads, with 元 or yuan where it is money."""
    unit = "（元）" if lang == "zh" else ", yuan"
    return [(column.zh if lang == "zh" else column.en) + (unit if column.unit == "fen" else "") for column in columns]


def shown(value: Any, unit: str, lang: str) -> str:
    """A value as people read it: fen as yuan, rates as percent, codes as words."""
    if value is None:
        return ""
    if unit == "fen":
        sign, fen = ("-" if value < 0 else ""), abs(int(value))
        return f"{sign}{fen // 100:,}.{fen % 100:02d}"
    if unit == "rate":
        return f"{value / 100:.2f}%"
    if unit.startswith("code:"):
        words = LABELS[unit.removeprefix("code:")].get(int(value))
        return words[lang != "zh"] if words else str(value)
    if unit == "count":
        return f"{value:,}"
    return str(value)


def lines(answer: pa.Table, columns: Sequence[Answered], lang: str) -> Iterator[list[str]]:
    """The rows of an answer as text."""
    for batch in answer.to_batches(max_chunksize=10_000):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield [shown(value, column.unit, lang) for value, column in zip(row, columns, strict=True)]


def write_csv(path: Path, answer: pa.Table, columns: Sequence[Answered], lang: str) -> int:
    """An answer as CSV that spreadsheets open (UTF-8 with a mark), money in yuan without commas; how many rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads(columns, lang))
        for row in lines(answer, columns, lang):
            writer.writerow([cell.replace(",", "") if column.unit in ("fen", "count") else guarded(cell)
                             for cell, column in zip(row, columns, strict=True)])
            count += 1
    return count


def guarded(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell


def write_xlsx(path: Path, answer: pa.Table, columns: Sequence[Answered], lang: str, title: str) -> int:
    """An answer as a workbook of one sheet, money and shares as numbers; how many rows."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(title.translate(NOT_IN_SHEETS)[:31])
        bold = book.add_format({"bold": True})
        kinds = {"fen": book.add_format({"num_format": MONEY_FORMAT}), "rate": book.add_format({"num_format": SHARE_FORMAT})}
        for place, head in enumerate(heads(columns, lang)):
            sheet.write_string(0, place, head, bold)
            sheet.set_column(place, place, max(12, len(head) * 2))
        for place, (column, values) in enumerate(zip(columns, answer.columns, strict=True)):
            for row, value in enumerate(values.to_pylist(), 1):
                if value is None:
                    continue
                if column.unit == "fen":
                    sheet.write_number(row, place, value / 100, kinds["fen"])
                elif column.unit == "rate":
                    sheet.write_number(row, place, value / codes.WHOLE, kinds["rate"])
                elif column.unit in ("count", "year") or (column.unit == "text" and isinstance(value, int | float)):
                    sheet.write_number(row, place, value)
                else:
                    sheet.write_string(row, place, shown(value, column.unit, lang))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(answer.num_rows, 1), len(columns) - 1)
    return int(answer.num_rows)
