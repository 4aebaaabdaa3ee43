"""A workbook's sheets while they are written 工作表: headings that stay, money in yuan, totals as formulas with their value beside them."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_rowcol_to_cell

from openyibao.warehouse.report.words import say
from openyibao.warehouse.simulate.outcome import Words

WIDTHS = {"text": 22, "wide": 70, "money": 20, "count": 12, "ratio": 11}
FORMATS: dict[str, dict[str, Any]] = {
    "text": {},
    "wide": {"text_wrap": True, "valign": "top"},
    "money": {"num_format": "#,##0.00"},
    "count": {"num_format": "#,##0"},
    "ratio": {"num_format": "0.00%"},
}


class Column(NamedTuple):
    """One column of a sheet: its heading and how its cells are printed."""

    words: Words
    form: str  # text, wide, money (fen in, yuan out), count, ratio


class Formula(NamedTuple):
    """A formula over columns of its own row, {name} being a column's letter and row; `value` is what it comes to, in the cell's unit."""

    text: str
    value: int


class Sheets:
    """The workbook while it is written, in one language."""

    def __init__(self, book: Any, lang: str) -> None:
        """Formats are made once."""
        self.book, self.lang = book, lang
        self.forms = {name: book.add_format(form) for name, form in FORMATS.items()}
        self.bold = {name: book.add_format({**form, "bold": True, "top": 1}) for name, form in FORMATS.items()}
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#E4EFF4"})

    def tell(self, words: Words) -> str:
        """Words in the workbook's language."""
        return words.zh if self.lang == "zh" else words.en

    def add(self, name: Words, columns: Sequence[Column], rows: Iterable[Sequence[Any]], total: Sequence[int] = ()) -> None:
        """A sheet with a frozen heading and a filter; `total` names the columns that a last row sums."""
        sheet = self.book.add_worksheet(self.tell(name))
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, WIDTHS[column.form])
            sheet.write_string(0, place, self.tell(column.words), self.head)
        last, sums = 0, dict.fromkeys(total, 0)
        for last, row in enumerate(rows, 1):
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                self.cell(sheet, last, place, value, column.form)
                if place in sums:
                    sums[place] += value.value if isinstance(value, Formula) else value
        if last:
            sheet.autofilter(0, 0, last, len(columns) - 1)
        if total and last:
            sheet.write_string(last + 1, 0, self.tell(say("whole")), self.bold["text"])
            for place, value in sums.items():
                span = f"=SUM({xl_rowcol_to_cell(1, place)}:{xl_rowcol_to_cell(last, place)})"
                form = columns[place].form
                sheet.write_formula(last + 1, place, span, self.bold[form], value / 100 if form == "money" else value)

    def cell(self, sheet: Any, row: int, place: int, value: Any, form: str) -> None:
        """One cell; money comes in fen and stands in yuan."""
        if isinstance(value, Words):
            value = self.tell(value)
        if value is None:
            return
        if isinstance(value, Formula):
            text = value.text.format(*(xl_rowcol_to_cell(row, column) for column in range(place)))
            sheet.write_formula(row, place, f"={text}", self.forms[form], value.value / 100 if form == "money" else value.value)
        elif isinstance(value, str):
            sheet.write_string(row, place, value, self.forms[form])
        else:
            sheet.write_number(row, place, value / 100 if form == "money" else value, self.forms[form])


def text(key: str) -> Column:
    """A column of words."""
    return Column(say(key), "text")


def money(*keys: str) -> tuple[Column, ...]:
    """Columns of yuan."""
    return tuple(Column(say(key), "money") for key in keys)


def count(*keys: str) -> tuple[Column, ...]:
    """Columns of whole numbers."""
    return tuple(Column(say(key), "count") for key in keys)
