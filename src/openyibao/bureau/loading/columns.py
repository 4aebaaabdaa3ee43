"""What a kind of table holds 表的规格: its columns, what makes two rows the same, and what must hold within a row."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from openyibao.bureau.loading.cells import Reader, Value

Values = Mapping[str, Value]


class Column(NamedTuple):
    """One column 列: our name (the national field name where there is one), Chinese header, how a cell is read, other headers it goes by.

    A column that is not required and whose cell is empty gives `default`; None there stands for "not stated".
    """

    name: str
    zh: str
    read: Reader
    required: bool = False
    default: Value | None = ""
    aliases: tuple[str, ...] = ()


class Asked(NamedTuple):
    """Under what a file is read: the day it is judged on, and whether training numbers (area 99) are taken."""

    day: date
    training: bool = False


class Fault(NamedTuple):
    """What is wrong within a row: column, stable code, both sentences."""

    column: str
    code: str
    zh: str
    en: str


Check = Callable[[Values, Asked], Fault | None]


def no_check(values: Values, asked: Asked) -> Fault | None:
    """Nothing must hold between the cells of a row."""
    del values, asked
    return None


class Table(NamedTuple):
    """One kind of table 表. `key`: columns that together stand once in a file; `code_set`: the set whose size is guarded, "" for none."""

    kind: str
    zh: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    check: Check = no_check
    code_set: str = ""


def spans(starts: str, ends: str) -> Check:
    """A check that a span does not end before it starts; `ends` already the first day no longer in force."""
    def check(values: Values, asked: Asked) -> Fault | None:
        del asked
        first, last = values[starts], values[ends]
        if isinstance(first, date) and isinstance(last, date) and last <= first:
            return Fault(ends, "LOAD-12", f"{ends} 早于 {starts} {first}，区间是空的。", f"{ends} is not after {starts} {first}.")
        return None
    return check


def both(*checks: Check) -> Check:
    """All of these checks, in order; the first fault counts."""
    def check(values: Values, asked: Asked) -> Fault | None:
        for one in checks:
            fault = one(values, asked)
            if fault is not None:
                return fault
        return None
    return check
