"""Cells to plain values 取值: money to fen, days to yyyymmdd, yes/no, counts, codes. Exact decimals; a bad cell raises Problem."""

from calendar import monthrange
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from openyibao.warehouse.bills.problems import bad_value, negative, unknown_code

LARGEST = 10**12
"""No single amount in a bill is above this, in fen; it keeps every product of the kernel far from 64 bits."""

FIRST_YEAR, LAST_YEAR = 1900, 9999

YES_NO = {
    "1": 1, "0": 0, "true": 1, "false": 0, "yes": 1, "no": 0, "y": 1, "n": 0, "是": 1, "否": 0,
    "True": 1, "False": 0, "TRUE": 1, "FALSE": 0,
}  # fmt: skip


def stated(value: Any) -> bool:
    """Whether a cell says anything: not null, not empty text, not the word null of some systems."""
    if value is None:
        return False
    return not isinstance(value, str) or value.strip() not in ("", "null", "NULL")


def decimal(field: str, value: Any, decimals: int, low_ok: bool = False) -> int:
    """A number as an integer in units of 10**-decimals; more decimals than that are refused, negatives too unless `low_ok`."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)) or (isinstance(value, str) and "_" in value):
        raise bad_value(field, value, "不是数字", "not a number")
    try:
        number = Decimal(value.strip() if isinstance(value, str) else repr(value) if isinstance(value, float) else value)
    except InvalidOperation:
        raise bad_value(field, value, "不是数字", "not a number") from None
    if not number.is_finite() or number.adjusted() > 15:
        raise bad_value(field, value, "过大或不是有限数", "too large, or not a finite number")
    if number < 0 and not low_ok:
        raise negative(field, value)
    whole = number.scaleb(decimals)
    if whole.adjusted() < -30 or whole != int(whole):
        raise bad_value(field, value, f"小数超过 {decimals} 位", f"more than {decimals} decimals")
    return int(whole)


def money(field: str, value: Any) -> int:
    """Yuan as fen, >= 0, at most two decimals."""
    fen = decimal(field, value, 2)
    if fen > LARGEST:
        raise bad_value(field, value, "过大", "larger than any bill")
    return fen


def rate(field: str, value: Any) -> int:
    """A share 0-1 as parts per 10,000."""
    parts = decimal(field, value, 4)
    if parts > 10_000:
        raise bad_value(field, value, "应在 0 与 1 之间（百分数请除以 100）", "a share lies between 0 and 1 (divide a percentage by 100)")
    return parts


def whole(field: str, value: Any, low: int = 0, high: int = 10**6) -> int:
    """A whole number between `low` and `high`."""
    number = decimal(field, value, 0)
    if not low <= number <= high:
        raise bad_value(field, value, f"应在 {low} 与 {high} 之间", f"must lie between {low} and {high}")
    return number


def yes_no(field: str, value: Any) -> int:
    """1 or 0."""
    if isinstance(value, bool):
        return int(value)
    answer = YES_NO.get(value.strip() if isinstance(value, str) else str(value))
    if answer is None:
        raise bad_value(field, value, "应为 是/否（1/0、true/false）", "must be yes or no (1/0, true/false)")
    return answer


def text(field: str, value: Any) -> str:
    """A code or number as text."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, (float, Decimal)) and -10**15 < value < 10**15 and value == int(value):
        return str(int(value))
    raise bad_value(field, value, "应为文字", "must be text")


def choice(field: str, value: Any, table: dict[str, int], known: str = "") -> int:
    """A name looked up in `table`; `known` is what the message lists (default: the table's names)."""
    name = text(field, value)
    if name in table:
        return table[name]
    raise unknown_code(field, value, known or " ".join(table))


def day(field: str, value: Any) -> int:
    """A day as yyyymmdd: `2023-05-10`, `2023-05-10 08:30:00`, `20230510`, or a date of a Parquet file."""
    if isinstance(value, date):     # a datetime is one too
        return value.year * 10_000 + value.month * 100 + value.day
    digits: str = text(field, value)
    if len(digits) > 10 and digits[10] in " T":
        digits = digits[:10]
    parts = digits.split("-") if "-" in digits else digits.split("/") if "/" in digits else [digits[:4], digits[4:6], digits[6:]]
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts) or len(parts[0]) != 4 or len(parts[2]) > 2:
        raise bad_value(field, value, "不是日期（应如 2023-05-10）", "not a day (write 2023-05-10)")
    year, month, number = int(parts[0]), int(parts[1]), int(parts[2])
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12 or not 1 <= number <= monthrange(year, month)[1]:
        raise bad_value(field, value, "是不存在的日期", "no such day")
    return year * 10_000 + month * 100 + number


def day_text(number: int) -> str:
    """yyyymmdd as yyyy-MM-dd; empty for 0."""
    return f"{number // 10_000:04d}-{number // 100 % 100:02d}-{number % 100:02d}" if number else ""


def month(field: str, value: Any) -> int:
    """A month as yyyymm; 0 = none."""
    number = whole(field, value, 0, 999912)
    if number and not (FIRST_YEAR <= number // 100 <= LAST_YEAR and 1 <= number % 100 <= 12):
        raise bad_value(field, value, "不是月份（应如 202305）", "not a month (write 202305)")
    return number
