"""Cells to plain values 取值. A cell comes as text or as what a spreadsheet holds and is first made text, which each reader takes.

Money becomes fen, prices 1/1,000,000 yuan, shares parts per 10,000, days dates. A reader raises BadCell; an empty cell never reaches it.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from openyibao.bureau.loading.problems import BadCell
from openyibao.kernel.identity import upgraded

Value = str | int | bool | date
Reader = Callable[[str], Value]

EMPTY = frozenset({"", "null", "NULL", "Null", "None", "\\N"})
"""Texts that say nothing: national downloads write the word null."""

EXACT = 10**15
"""A spreadsheet keeps numbers from here on only approximately."""

LARGEST = 10**17
LAST = date(9999, 12, 30)
DAY = re.compile(r"(\d{4})(?:-|/|\.|年)?(\d{1,2})(?:-|/|\.|月)?(\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
YES = {"1": True, "0": False, "是": True, "否": False, "true": True, "false": False, "y": True, "n": False, "yes": True, "no": False}
CLASSES = {"01": 1, "02": 2, "03": 3, "1": 1, "2": 2, "3": 3, "甲": 1, "乙": 2, "丙": 3, "甲类": 1, "乙类": 2, "丙类": 3}


def as_text(value: object) -> str:
    """A cell as text, blanks at both ends gone; "" for a cell that says nothing. Raises BadCell for a number that lost its last digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.time().min else value.isoformat(" ")
    if isinstance(value, float | int):
        if abs(value) >= EXACT:
            raise BadCell("存成了数字，末几位已失真；请把该列设为文本后重填", "is kept as a number, its last digits are lost: use text")
        return str(int(value)) if value == int(value) else repr(value)
    text = str(value).strip().strip("\ufeff\u200b\u3000")
    return "" if text in EMPTY else text


def text(cell: str) -> str:
    """Any text up to 2,000 signs, without control characters."""
    if len(cell) > 2000:
        raise BadCell("超过 2000 字", "has more than 2,000 characters")
    if not cell.isprintable():
        raise BadCell("含有不可见字符", "contains control characters")
    return cell


def short(longest: int) -> Reader:
    """A text of at most `longest` signs."""
    def read(cell: str) -> str:
        if len(cell) > longest:
            raise BadCell(f"超过 {longest} 字", f"has more than {longest} characters")
        return str(text(cell))
    return read


def shaped(pattern: str, zh: str, en: str) -> Reader:
    """A code of one form; `zh` and `en` describe it."""
    form = re.compile(pattern, re.ASCII)

    def read(cell: str) -> str:
        if not form.fullmatch(cell):
            raise BadCell(f"不是{zh}的形式", f"has not the form of {en}", "LOAD-08")
        return cell
    return read


def one_of(*choices: str) -> Reader:
    """One of a list of codes."""
    def read(cell: str) -> str:
        if cell not in choices:
            raise BadCell(f"不在代码表内，可用：{'、'.join(choices)}", f"is none of {', '.join(choices)}", "LOAD-07")
        return cell
    return read


def padded(width: int, *choices: str) -> Reader:
    """One of a list of digit codes, zeros put back in front (spreadsheets drop them)."""
    listed = one_of(*choices)
    return lambda cell: listed(cell.zfill(width))


def flag(cell: str) -> bool:
    """Yes or no: 1/0, 是/否, true/false."""
    if cell.lower() not in YES:
        raise BadCell("应为 1 或 0（是、否）", "must be 1 or 0", "LOAD-07")
    return YES[cell.lower()]


def item_class(cell: str) -> int:
    """Class 甲乙丙 chrgitm_lv as the kernel's 1, 2, 3."""
    if cell not in CLASSES:
        raise BadCell("应为 01 甲类、02 乙类、03 丙类", "must be 01, 02 or 03", "LOAD-07")
    return CLASSES[cell]


def day(cell: str) -> date:
    """A day: 2024-01-31, 20240131, 2024/1/31, 2024年1月31日; a time behind it is dropped."""
    found = DAY.fullmatch(cell)
    if found is None:
        raise BadCell("不是日期（如 2024-01-31）", "is no date (such as 2024-01-31)")
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise BadCell("没有这一天", "is no day of the calendar") from None


def last_day(cell: str) -> date:
    """The last day in force (national enddate) as the first day no longer in force."""
    last = day(cell)
    return min(last, LAST) + timedelta(days=1)


def whole(low: int, high: int) -> Reader:
    """A whole number from `low` to `high`."""
    return lambda cell: scaled(cell, 0, low, high)


def month(cell: str) -> int:
    """A month yyyymm, or a year as yyyy00."""
    number = scaled(cell.replace("-", ""), 0, 190000, 999912)
    if number % 100 > 12:
        raise BadCell("应为年月 yyyymm（整年写 yyyy00）", "must be yyyymm (a whole year: yyyy00)")
    return number


def money(cell: str) -> int:
    """Yuan as fen, not negative."""
    return scaled(cell, 2, 0, 10**12)


def price(cell: str) -> int:
    """Yuan as 1/1,000,000 yuan, not negative."""
    return scaled(cell, 6, 0, LARGEST)


def share(cell: str) -> int:
    """A share from 0 to 1 as parts per 10,000; 10% is understood."""
    if cell.endswith("%"):
        return scaled(cell[:-1], 2, 0, 10_000)
    return scaled(cell, 4, 0, 10_000)


def certificate(cell: str) -> str:
    """An identity number: blanks gone, letters upper case, 15 digits made 18."""
    return upgraded("".join(cell.split()).upper())


def scaled(cell: str, decimals: int, low: int, high: int) -> int:
    """A number with at most so many decimals, as an integer of that unit, between `low` and `high` of the unit."""
    try:
        number = Decimal(cell.replace(",", "") if "," in cell else cell)
    except InvalidOperation:
        raise BadCell("不是数字", "is not a number") from None
    if not number.is_finite() or "_" in cell or number.adjusted() > 15:
        raise BadCell("不是数字或过大", "is not a number, or too large")
    unit = number.scaleb(decimals)
    if unit != unit.to_integral_value():
        raise BadCell(f"小数超过 {decimals} 位", f"has more than {decimals} decimals")
    if not low <= unit <= high:
        first, last = (f"{Decimal(bound).scaleb(-decimals):f}" for bound in (low, high))
        raise BadCell(f"应在 {first} 与 {last} 之间", f"must lie from {first} to {last}")
    return int(unit)
