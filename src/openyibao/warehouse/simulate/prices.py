"""A price list tried on last year's bills 调价测算 (H12, H14): a file of changed catalogue rows, and the item table it makes.

    code,price,factor,item_class,self_pay,ceiling
    XA01,12.50,,,,          a new price, yuan
    XA02,,0.9,,,            the old price times a factor
    XA03,,,B,0.2,30         another class, first self-pay share, ceiling (yuan; 0 = none)

Chinese headings 编码, 价格, 系数, 类别, 先行自付比例, 限价 do as well. A row that cannot be used is set aside with the reason.
"""

import csv
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel import codes
from openyibao.warehouse.simulate.outcome import Change, Words
from openyibao.warehouse.tables.store import Store

HEADINGS = {
    "编码": "code", "医保目录编码": "code", "价格": "price", "系数": "factor", "类别": "item_class", "先行自付比例": "self_pay",
    "限价": "ceiling",
}  # fmt: skip
FIELDS = ("code", "price", "factor", "item_class", "self_pay", "ceiling")
CLASSES = {"A": codes.CLASS_A, "B": codes.CLASS_B, "C": codes.CLASS_C, "甲": codes.CLASS_A, "乙": codes.CLASS_B, "丙": codes.CLASS_C}
CLASS_WORDS = {codes.CLASS_A: ("甲类", "class A"), codes.CLASS_B: ("乙类", "class B"), codes.CLASS_C: ("丙类", "class C")}
MICRO = 1_000_000
STEP = 100
"""Prices made by a factor are kept to 1/10,000 yuan."""
MOST_YUAN = 10_000_000


class PriceProblem(Exception):
    """A price list that cannot be used at all; says which file and why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} | {en}")
        self.zh, self.en = zh, en


class Aside(NamedTuple):
    """A row that was set aside."""

    line: int
    code: str
    zh: str
    en: str


class PriceList(NamedTuple):
    """A price list laid over a store's catalogue."""

    item: dict[str, Any]  # the changed `item` table
    changes: tuple[Change, ...]
    aside: tuple[Aside, ...]


class BadRow(ValueError):
    """A row's fault in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def read_prices(path: Path, store: Store) -> PriceList:
    """Read a price list against a store's catalogue. Raises PriceProblem when no row can be used."""
    item = {name: np.array(values) for name, values in store.arrays("item").items()}
    known = {str(code): place for place, code in enumerate(item["code"])}
    changes: list[Change] = []
    aside: list[Aside] = []
    seen: set[str] = set()
    for line, row in rows_of(path):
        code = row["code"]
        try:
            if code in seen:
                raise BadRow("编码重复，只用第一行", "the code stands twice; the first row counts")
            if code not in known:
                raise BadRow("目录中没有这个编码", "the catalogue has no such code")
            changes.append(applied(item, known[code], row))
            seen.add(code)
        except BadRow as fault:
            aside.append(Aside(line, code, fault.zh, fault.en))
    if not changes:
        first = aside[0] if aside else Aside(1, "", "没有任何行", "no row at all")
        raise PriceProblem(f"{path}：没有可用的行；第 {first.line} 行 {first.code}：{first.zh}",
                           f"{path}: no row can be used; line {first.line}, {first.code}: {first.en}")
    return PriceList(item, tuple(changes), tuple(aside))


def rows_of(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The file's rows with their line numbers, every field there, trimmed. Raises PriceProblem."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            heading = [HEADINGS.get(name.strip(), name.strip()) for name in next(reader, [])]
            rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise PriceProblem(f"读不了调价文件 {path}：{fault}", f"cannot read the price list {path}: {fault}") from None
    unknown = [name for name in heading if name not in FIELDS]
    if "code" not in heading or unknown:
        what, columns = "、".join(unknown) or "code", ", ".join(FIELDS)
        raise PriceProblem(f"{path}：列应为 {columns}；有误：{what}", f"{path}: the columns are {columns}; wrong: {what}")
    empty = dict.fromkeys(FIELDS, "")
    return [(line, {**empty, **{name: cell.strip() for name, cell in zip(heading, row, strict=False)}}) for line, row in rows]


def applied(item: dict[str, Any], place: int, row: dict[str, str]) -> Change:
    """Change one row of the catalogue; returns the change in words. Raises BadRow and leaves the row as it was."""
    new: dict[str, int] = {}
    if row["price"] and row["factor"]:
        raise BadRow("价格和系数只能写一个", "write a price or a factor, not both")
    if row["price"]:
        new["price"] = micro(row["price"])
    if row["factor"]:
        factor = decimal(row["factor"], 100)
        new["price"] = floor(int(item["price"][place]) * factor / STEP + Fraction(1, 2)) * STEP
    if row["item_class"]:
        if row["item_class"].upper().removesuffix("类") not in CLASSES:
            raise BadRow("类别应为 A、B、C 或甲、乙、丙", "the class is A, B or C")
        new["item_class"] = CLASSES[row["item_class"].upper().removesuffix("类")]
    if row["self_pay"]:
        new["self_pay"] = int(decimal(row["self_pay"], 1) * codes.WHOLE)
    if row["ceiling"]:
        new["ceiling"] = micro(row["ceiling"])
    if not new:
        raise BadRow("没有写明任何变动", "it says no change")
    told = [(name, int(item[name][place]), figure) for name, figure in new.items() if int(item[name][place]) != figure]
    for name, figure in new.items():
        item[name][place] = figure
    code, name = str(item["code"][place]), str(item["name"][place])
    zh, en = ("；".join(said(*one, at) for one in told) or ("未变", "unchanged")[at] for at in (0, 1))
    sentence = Words(f"{name}：{zh}", f"{name}: {en}")
    return Change(f"item.{code}", Words("医保目录", "catalogue"), Words("两险种", "both schemes"), sentence, "illustrative", "调价文件", -1)


def said(name: str, before: int, after: int, at: int) -> str:
    """One changed column in words."""
    title = {"price": ("参考价", "price"), "item_class": ("类别", "class"), "self_pay": ("先行自付比例", "first self-pay share"),
             "ceiling": ("限价", "ceiling")}[name][at]  # fmt: skip
    one, other = (words_of(name, figure, at) for figure in (before, after))
    return f"{title} {one} → {other}"


def words_of(name: str, figure: int, at: int) -> str:
    """A figure of the catalogue in words."""
    if name == "item_class":
        return CLASS_WORDS.get(figure, (str(figure), str(figure)))[at]
    if name == "self_pay":
        return f"{figure / 100:g}%"
    if name == "ceiling" and figure == 0:
        return ("无", "none")[at]
    whole, rest = divmod(figure, MICRO)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".") + (" 元", " yuan")[at]


def micro(text: str) -> int:
    """Yuan as millionths. Raises BadRow."""
    return int(decimal(text, MOST_YUAN) * MICRO)


def decimal(text: str, most: int) -> Fraction:
    """A decimal of at most four places, from 0 to `most`. Raises BadRow."""
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise BadRow(f"{text} 不是数", f"{text} is no number") from None
    if not 0 <= value <= most or (value * codes.WHOLE).denominator != 1:
        raise BadRow(f"{text} 应在 0 与 {most} 之间，至多四位小数", f"{text} must be from 0 to {most} with at most four decimals")
    return value
