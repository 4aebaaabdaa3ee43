"""Reading single values of a message 报文取值: text, numbers, days and moments as hospitals' programs really write them.

Each reader takes any JSON value and returns the canonical Python value, `EMPTY` for the many ways to say nothing, or raises
`Unreadable` with what is wrong and what was expected. Readers are made once per field, with its limits bound in.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

SHANGHAI = ZoneInfo("Asia/Shanghai")
EMPTY: Final = object()
"""Nothing was sent 空值: null, an empty text, or the word null."""

EMPTY_WORDS = frozenset({"", "null", "NULL", "Null", "undefined"})
LONGEST_NUMBER = 60
FAR, TOO_LONG = 10**40, "9" * 41
"""Integers beyond are longer than any field; turning a huge one to text could take seconds."""

JSON_TEXT = msgspec.json.Encoder(decimal_format="number")
LOOSE_DAY = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[ T]+([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:\.[0-9]+)?)?)?")
LAST_SECOND = time(23, 59, 59)
Reader = Callable[[Any], Any]


class Unreadable(Exception):
    """A value that is not what the field is: `kind` (type, length, decimals, code), and a sentence in both languages."""

    def __init__(self, kind: str, zh: str, en: str) -> None:
        super().__init__(zh)
        self.kind, self.zh, self.en = kind, zh, en


def shown(value: Any) -> str:
    """A value for an error sentence: short, on one line."""
    text = JSON_TEXT.encode(value).decode() if isinstance(value, dict | list) else str(value)
    text = text if text.isprintable() else ascii(text)
    return text if len(text) <= 40 else text[:40] + "…"


def text_reader(length: int, *, structured: bool = False) -> Reader:
    """Text 字符型 of at most `length` characters (0 = no limit). Numbers become text; `structured` also takes objects, as JSON text."""

    def read_text(value: Any) -> Any:
        if value is None:
            return EMPTY
        kind = value.__class__
        if kind is str:
            text = value.strip()
        elif kind is int:
            text = str(value) if -FAR < value < FAR else TOO_LONG
        elif kind is Decimal or kind is float:
            text = plain(value)
        elif structured and kind in (dict, list):
            text = JSON_TEXT.encode(value).decode()
        else:
            raise Unreadable("type", "应为字符型", "must be text")
        if text in EMPTY_WORDS:
            return EMPTY
        if length and len(text) > length:
            raise Unreadable("length", f"长度 {len(text)}，超过 {length}", f"is {len(text)} characters long, at most {length} are allowed")
        if not text.isprintable() and any(unprintable(letter) for letter in text):
            raise Unreadable("type", "含有控制字符", "holds control characters")
        return text

    return read_text


def unprintable(letter: str) -> bool:
    """A character no column should hold: control characters but tab and line ends, and halves of surrogate pairs."""
    return (letter < " " and letter not in "\t\r\n") or letter == "\x7f" or "\ud800" <= letter <= "\udfff"


def plain(value: Decimal | float) -> str:
    """A number written without exponent and without trailing zeros: 1.0 -> "1"."""
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite() or abs(number.adjusted()) > LONGEST_NUMBER:
        raise Unreadable("type", "应为字符型", "must be text")
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_reader(length: int, decimals: int) -> Reader:
    """A number 数值型 of at most `length` digits, `decimals` of them after the point; zeros beyond them do no harm. Never a float."""
    before = max(length - decimals, 1) if length else 30
    after = rf"(?:\.[0-9]{{1,{decimals}}}0*)?" if decimals else r"(?:\.0*)?"
    if not length:
        after = r"(?:\.[0-9]{1,20})?"
    fits = re.compile(rf"-?[0-9]{{1,{before}}}{after}").fullmatch

    def read_number(value: Any) -> Any:
        kind = value.__class__
        if kind is str:
            text = value.strip()
        elif kind is Decimal:
            text = str(value)
        elif kind is int:
            text = str(value) if -FAR < value < FAR else TOO_LONG
        elif kind is float:
            text = repr(value)
        elif value is None:
            return EMPTY
        else:
            raise Unreadable("type", "应为数值型", "must be a number")
        if fits(text):
            return Decimal(text)
        if text in EMPTY_WORDS:
            return EMPTY
        return unusual_number(text, before, decimals if length else 20)

    return read_number


def unusual_number(text: str, before: int, decimals: int) -> Decimal:
    """A number written with a sign, an exponent or too many zeros; raises Unreadable where it is none or does not fit."""
    wrong = Unreadable("type", f"“{shown(text)}” 不是数值", f"“{shown(text)}” is not a number")
    if len(text) > LONGEST_NUMBER or not text.isascii() or "_" in text:
        raise wrong
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise wrong from None
    if not number.is_finite():
        raise wrong
    if not number:
        return Decimal(0)
    if number.adjusted() >= before:
        raise Unreadable("length", f"“{shown(text)}” 整数部分超过 {before} 位",
                         f"“{shown(text)}” has more than {before} digits before the point")
    if number.adjusted() < -LONGEST_NUMBER:
        raise wrong
    written = format(number, "f")
    whole, _, part = written.partition(".")
    part = part.rstrip("0")
    if len(part) > decimals:
        most = f"最多 {decimals} 位小数" if decimals else "应为整数"
        raise Unreadable("decimals", f"“{shown(text)}” {most}", f"“{shown(text)}” may have {decimals} decimals at most")
    return Decimal(f"{whole}.{part}" if part else whole)


def day_reader() -> Reader:
    """A day 日期型: yyyy-MM-dd, yyyyMMdd, with slashes, with a time (which is dropped)."""

    def read_day(value: Any) -> Any:
        if value.__class__ is str and len(value) == 10 and value[4] == value[7] == "-" and value.isascii():
            try:
                return date.fromisoformat(value)
            except ValueError:
                raise bad_day(value) from None
        found = moment(value)
        return found if found is EMPTY else found.date()

    return read_day


def moment_reader(*, whole_day: bool = False) -> Reader:
    """A moment 日期时间型, naive, as clocks in China show it; `whole_day`: a day alone means its last second."""

    def read_moment(value: Any) -> Any:
        if value.__class__ is str and len(value) == 19 and value[4] == value[7] == "-" and value[13] == ":" and value.isascii():
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                raise bad_day(value) from None
        found = moment(value)
        if whole_day and found is not EMPTY and is_day_alone(value):
            return datetime.combine(found.date(), LAST_SECOND)
        return found

    return read_moment


def is_day_alone(value: Any) -> bool:
    """Whether a date was written without a time."""
    return len(str(value).strip()) <= 10


def moment(value: Any) -> Any:
    """A day or moment in any of the spellings met; a day alone is its first second."""
    if value is None:
        return EMPTY
    if value.__class__ is int:
        value = str(value) if 0 < value < 10**18 else "0"
    if value.__class__ is not str:
        raise bad_day(value)
    text = value.strip()
    if text in EMPTY_WORDS:
        return EMPTY
    try:
        return naive(text)
    except (ValueError, OverflowError):
        raise bad_day(text) from None


def assembled(parts: Sequence[str | None]) -> datetime:
    """Year, month, day, hour, minute, second as the wire has them, without a zone; a part that is not there is 0. Raises ValueError."""
    year, month, day, hour, minute, second = (int(part or 0) for part in parts)
    return datetime.combine(date(year, month, day), time(hour, minute, second))


def naive(text: str) -> datetime:
    """A moment without zone; one with a zone is turned to the time in China. Raises ValueError."""
    if loose := LOOSE_DAY.fullmatch(text):
        return assembled(loose.groups())
    if text.isdigit() and text.isascii() and len(text) in (8, 12, 14, 17):
        return assembled((text[:4], text[4:6], text[6:8], text[8:10], text[10:12], text[12:14]))
    if not text.isascii() or "W" in text or "T" not in text.replace(" ", "T"):
        raise ValueError(text)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is None else found.astimezone(SHANGHAI).replace(tzinfo=None)


def bad_day(value: Any) -> Unreadable:
    """The refusal of a value that is no day."""
    return Unreadable("type", f"“{shown(value)}” 不是日期，应为 yyyy-MM-dd 或 yyyy-MM-dd HH:mm:ss",
                      f"“{shown(value)}” is not a date; write yyyy-MM-dd or yyyy-MM-dd HH:mm:ss")
