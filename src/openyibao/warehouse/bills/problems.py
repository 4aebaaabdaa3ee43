"""What can be wrong with a row 问题行: a stable code, the field, the value and a sentence in Chinese and English.

A bad row is set aside with its Problem and the rest goes on; a file that cannot be read at all is a FileProblem.
"""

from typing import Any

SHOWN = 60
"""How many characters of a bad value a message repeats."""


class Problem(Exception):
    """One reason why a row cannot be settled. `code` is stable, `field` the column (may be empty), `value` as it stood."""

    def __init__(self, code: str, field: str, value: Any, zh: str, en: str) -> None:
        """Keep the parts; the English sentence is the exception's text."""
        super().__init__(en)
        self.code, self.field, self.value, self.zh, self.en = code, field, shown(value), zh, en


class FileProblem(Exception):
    """A file that cannot be read as a whole: the sentence in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep both sentences."""
        super().__init__(en)
        self.zh, self.en = zh, en


def shown(value: Any) -> str:
    """A value as a short printable text."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    text = "".join(sign if sign.isprintable() else "�" for sign in text[:SHOWN + 1])
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def broken(reason_zh: str, reason_en: str, value: Any = "") -> Problem:
    """BILL-01: the row is not a record."""
    return Problem("BILL-01", "", value, f"这一行读不出记录：{reason_zh}。", f"This row is no record: {reason_en}.")


def too_long(limit: int) -> Problem:
    """BILL-02: the row is longer than any bill."""
    size = f"{limit // 2**20} MiB"
    return Problem("BILL-02", "", "", f"这一行超过 {size}，不是一张账单；请检查换行。",
                   f"This row is longer than {size} and is no bill; check the line breaks.")


def missing(field: str, zh: str = "", en: str = "") -> Problem:
    """BILL-03: a required field is not stated."""
    return Problem("BILL-03", field, "", f"缺少 {field}{zh}。请补填。", f"{field} is missing{en}. Fill it in.")


def unknown_field(field: str, near: str) -> Problem:
    """BILL-04: a column that the format does not have."""
    own = ("自用列请以 x_ 开头。", "Start your own columns with x_.")
    hint_zh, hint_en = (f"是否为 {near}？", f"Did you mean {near}?") if near else own
    return Problem("BILL-04", field, "", f"没有 {field} 这个字段。{hint_zh}", f"There is no field {field}. {hint_en}")


def bad_value(field: str, value: Any, zh: str, en: str) -> Problem:
    """BILL-05: a value that cannot be read as what the field holds."""
    return Problem("BILL-05", field, value, f"{field} 的值“{shown(value)}”{zh}。", f"{field} is '{shown(value)}': {en}.")


def negative(field: str, value: Any) -> Problem:
    """BILL-06: a negative amount or count."""
    return Problem("BILL-06", field, value, f"{field} 为负数 {shown(value)}；冲销请写 reverses，不要用负金额。",
                   f"{field} is negative ({shown(value)}); take a bill back with reverses, not with negative amounts.")


def unknown_code(field: str, value: Any, known: str) -> Problem:
    """BILL-07: a code outside its table."""
    return Problem("BILL-07", field, value, f"{field} 的代码“{shown(value)}”不认识；可用：{known}。",
                   f"{field} has the unknown code '{shown(value)}'; known: {known}.")


def unequal(field: str, stated: int, parts: int, what_zh: str, what_en: str) -> Problem:
    """BILL-08: totals that do not add, with the figures (fen)."""
    gap = yuan(stated - parts)
    return Problem("BILL-08", field, yuan(stated), f"{field} 为 {yuan(stated)}，{what_zh}为 {yuan(parts)}，相差 {gap}。",
                   f"{field} is {yuan(stated)}, {what_en} {yuan(parts)}: a difference of {gap}.")


def repeated(value: str, line: int) -> Problem:
    """BILL-09: a bill_id that an earlier row has."""
    return Problem("BILL-09", "bill_id", value, f"bill_id {shown(value)} 与第 {line} 行重复；只结算先出现的一张。",
                   f"bill_id {shown(value)} repeats line {line}; the first one counts.")


def impossible(field: str, value: Any, zh: str, en: str) -> Problem:
    """BILL-10: fields that cannot be true together."""
    return Problem("BILL-10", field, value, f"{zh}。", f"{en}.")


def restated(field: str, value: Any) -> Problem:
    """BILL-11: an opening figure stated again with another value."""
    return Problem("BILL-11", field, value, f"{field} 是期初数，后面的账单又写了不同的值“{shown(value)}”；只在第一张账单上写。",
                   f"{field} opens the year; a later bill states another value '{shown(value)}'. State it on the first bill only.")


def message_gap(field: str, zh: str, en: str) -> Problem:
    """BILL-12: a national message that lacks what the settlement needs."""
    return Problem("BILL-12", field, "", f"{zh}。", f"{en}.")


def no_settlement(named: str, zh: str, en: str) -> Problem:
    """BILL-13: a reversal that names no settlement there is."""
    return Problem("BILL-13", "reverses", named, f"不能冲销 {shown(named)}：{zh}。请核对 reverses。",
                   f"{shown(named)} cannot be taken back: {en}. Check reverses.")


def anothers_bill(named: str, person: str) -> Problem:
    """BILL-14: a reversal of another person's bill."""
    return Problem("BILL-14", "reverses", named, f"账单 {shown(named)} 不是 {shown(person)} 的，不能冲销。请核对 psn_no 和 reverses。",
                   f"Bill {shown(named)} is not {shown(person)}'s and cannot be taken back. Check psn_no and reverses.")


def already_reversed(named: str, by: str) -> Problem:
    """BILL-15: a reversal of what is taken back already."""
    return Problem("BILL-15", "reverses", named, f"{shown(named)} 已被 {shown(by)} 冲销，不能再冲销。",
                   f"{shown(named)} was taken back by {shown(by)} already.")


def reversal_of_reversal(named: str) -> Problem:
    """BILL-16: a reversal of a reversal."""
    return Problem("BILL-16", "reverses", named, f"{shown(named)} 是冲销单，不能再冲销；如需恢复，请把原账单另编单号再结算。",
                   f"{shown(named)} is a reversal and cannot be taken back; state the bill again under a new number.")


def yuan(fen: int) -> str:
    """Fen as yuan text with two decimals."""
    if fen == 0:
        return "0.00"       # most figures of most bills
    whole, rest = divmod(abs(fen), 100)
    return f"{whole}.{rest:02d}" if fen > 0 else f"-{whole}.{rest:02d}"
