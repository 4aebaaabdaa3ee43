"""Charge lines 费用明细 of a bill file: national fields to kernel lines; returns are netted, a split by the platform stands."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from openyibao.kernel.claim import Line
from openyibao.kernel.codes import CLASS_B, CLASS_C
from openyibao.policybook import national
from openyibao.warehouse.bills import words
from openyibao.warehouse.bills.columns import line_cells
from openyibao.warehouse.bills.problems import Problem, bad_value, missing, negative, unequal, unknown_code
from openyibao.warehouse.bills.sums import Sums
from openyibao.warehouse.bills.values import decimal, rate, text, yes_no

NO_CEILING = 999_999 * 10**6
"""The wire's word for "no ceiling" (pric_uplmt_amt 999999), in 1/1,000,000 yuan."""

MOST = 20_000
"""Lines of the longest stay."""


class Charges(NamedTuple):
    """A bill's lines that the plan has yet to scope, and the sums of those that are split already."""

    lines: tuple[Line, ...]
    split: Sums


NOTHING = Sums(0, 0, 0, 0, 0)


def charges(value: Any) -> Charges:
    """The `feedetail` of a bill; raises Problem naming the line."""
    if isinstance(value, str):
        try:
            value = json.loads(value, parse_float=Decimal)
        except ValueError:
            raise bad_value("feedetail", value, "不是正确的 JSON 列表", "not a valid JSON list") from None
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list) or not value or len(value) > MOST:
        raise bad_value("feedetail", value, f"应为 1 到 {MOST} 条明细的列表", f"must be a list of 1 to {MOST} lines")
    lines: list[Line] = []
    places: dict[str, int] = {}
    split = NOTHING
    for place, raw in enumerate(value, 1):
        try:
            if not isinstance(raw, Mapping):
                raise bad_value("feedetail", raw, "不是一条明细对象", "not a line object")
            cells = line_cells(raw)
            if "inscp_scp_amt" in cells:
                split = added(split, split_line(cells))
                continue
            number = text("feedetl_sn", cells["feedetl_sn"]) if "feedetl_sn" in cells else ""
            line = one(cells)
            if line.quantity < 0:
                take_back(lines, places, line, cells)
                continue
            if number:
                if number in places:
                    raise bad_value("feedetl_sn", number, "在本单内重复", "repeats within the bill")
                places[number] = len(lines)
            lines.append(line)
        except Problem as problem:
            raise at_line(problem, place) from None
    return Charges(tuple(lines), split)


def at_line(problem: Problem, place: int) -> Problem:
    """The Problem with the line's place in front."""
    return Problem(problem.code, f"feedetail[{place}].{problem.field}", problem.value, f"明细第 {place} 条：{problem.zh}",
                   f"Line {place}: {problem.en}")


def one(cells: Mapping[str, Any]) -> Line:
    """One line; a negative quantity only as a return."""
    for field in ("cnt", "pric", "chrgitm_lv"):
        if field not in cells:
            raise missing(field)
    quantity, price = decimal("cnt", cells["cnt"], 4, low_ok=True), decimal("pric", cells["pric"], 6)
    if quantity < 0 and "init_feedetl_sn" not in cells:
        raise negative("cnt", cells["cnt"])
    if abs(quantity) * price > 10**18:
        raise bad_value("cnt", cells["cnt"], "乘以单价后过大", "times the price is larger than any bill")
    check_amount(cells, quantity, price)
    ceiling = decimal("pric_uplmt_amt", cells["pric_uplmt_amt"], 6) if "pric_uplmt_amt" in cells else 0
    item_class = class_of(cells["chrgitm_lv"])
    flags = line_flags(cells)
    shared = item_class == CLASS_B or (flags.get("slices", 0) == 1 and item_class != CLASS_C)
    unused = quantity < 0 or restricted(cells) or flags.get("dual_channel", 0)      # the line's own share decides nothing
    if "selfpay_prop" not in cells and shared and not unused:
        raise missing("selfpay_prop", "（先行自付比例；乙类和中药饮片必填，没有先行自付请写 0）",
                      " (first self-pay share; class B and herbal slices need it, write 0 where there is none)")
    share = rate("selfpay_prop", cells["selfpay_prop"]) if "selfpay_prop" in cells else 0
    return Line(quantity, price, item_class, share, 0 if ceiling >= NO_CEILING else ceiling, restricted(cells), **flags)


def class_of(value: Any) -> int:
    """chrgitm_lv or a plain letter."""
    name = text("chrgitm_lv", value)
    if name in national.ITEM_CLASSES:
        return national.ITEM_CLASSES[name]
    if name in words.CLASSES:
        return words.CLASSES[name]
    raise unknown_code("chrgitm_lv", name, "01 02 03 A B C 甲 乙 丙")


def restricted(cells: Mapping[str, Any]) -> int:
    """1 = the listing's condition is not met 限定支付条件未满足."""
    if "restricted" in cells:
        return yes_no("restricted", cells["restricted"])
    if "lmt_used_flag" not in cells or yes_no("lmt_used_flag", cells["lmt_used_flag"]) == 0:
        return 0
    approval = text("hosp_appr_flag", cells["hosp_appr_flag"]) if "hosp_appr_flag" in cells else "0"
    if approval not in ("0", "1", "2"):
        raise unknown_code("hosp_appr_flag", approval, "0 1 2")
    return 0 if approval == "1" else 1


def line_flags(cells: Mapping[str, Any]) -> dict[str, int]:
    """What kind of item a line is, from its charge head and from single flags, which win."""
    head = text("med_chrgitm_type", cells["med_chrgitm_type"]).rjust(2, "0")[:2] if "med_chrgitm_type" in cells else ""
    flags = dict.fromkeys(national.CHARGE_HEADS.get(head, ()), 1)
    for name in ("bed", "consumable", "drug", "slices", "consultation", "dual_channel"):
        if name in cells:
            flags[name] = yes_no(name, cells[name])
    return flags


def check_amount(cells: Mapping[str, Any], quantity: int, price: int) -> None:
    """The stated amount of a line is quantity times price within a fen (identity I6)."""
    if "det_item_fee_sumamt" not in cells:
        return
    amount = decimal("det_item_fee_sumamt", cells["det_item_fee_sumamt"], 2, low_ok=quantity < 0)
    fee = (abs(quantity) * price + 5 * 10**7) // 10**8 * (1 if quantity >= 0 else -1)
    if abs(amount - fee) > 1:
        raise unequal("det_item_fee_sumamt", amount, fee, "数量乘单价", "quantity times price is")


def take_back(lines: list[Line], places: Mapping[str, int], line: Line, cells: Mapping[str, Any]) -> None:
    """Net a return 退费 against the line whose number it names."""
    original = text("init_feedetl_sn", cells["init_feedetl_sn"])
    if original not in places:
        raise bad_value("init_feedetl_sn", original, "在前面的明细中找不到", "names no earlier line")
    before = lines[places[original]]
    if before.quantity + line.quantity < 0 or before.price != line.price:
        raise bad_value("cnt", cells["cnt"], "退费超过原数量或单价不同", "takes back more than the original line, or at another price")
    lines[places[original]] = before._replace(quantity=before.quantity + line.quantity)


def split_line(cells: Mapping[str, Any]) -> Sums:
    """A line that carries the platform's split; a return's amounts are negative (identity I5)."""
    back = "init_feedetl_sn" in cells
    full, over, pre, within = (
        decimal(field, cells[field], 2, low_ok=back) if field in cells else 0
        for field in ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt")
    )
    parts = full + over + pre + within
    total = decimal("det_item_fee_sumamt", cells["det_item_fee_sumamt"], 2, low_ok=back) if "det_item_fee_sumamt" in cells else parts
    if total != parts:
        raise unequal("det_item_fee_sumamt", total, parts, "四部分之和", "its four parts add to")
    flags = line_flags(cells)
    goods = flags.get("drug", 0) or flags.get("consumable", 0)
    return Sums(total, full, over, pre, within, full if goods else 0, within if flags.get("consultation", 0) else 0)


def added(first: Sums, second: Sums) -> Sums:
    """Sums part by part."""
    return Sums(*(mine + theirs for mine, theirs in zip(first, second, strict=True)))


