"""A row that takes back an earlier bill 冲销行: which bill, whose, and on what day; it states no figures of its own."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from openyibao.warehouse.bills.bill import Bill
from openyibao.warehouse.bills.columns import BILL, canonical
from openyibao.warehouse.bills.problems import impossible, missing
from openyibao.warehouse.bills.values import day, stated, text

COLUMNS = ("bill_id", "psn_no", "reverses", "enddate", "city")
"""All that a reversal may state."""


class Reversal(NamedTuple):
    """One reversal 冲销, parsed. `day` 0 = after the rows before it in the file; order.py puts that day in."""

    line: int
    number: str  # bill_id of the reversal itself
    person: str  # psn_no
    reverses: str  # bill_id of the bill taken back
    day: int = 0
    city: str = ""


Event = Bill | Reversal
"""What a row of a bill file asks for."""


def is_reversal(raw: Mapping[str, Any]) -> bool:
    """Whether a row takes a bill back instead of stating one."""
    return stated(raw.get("reverses"))


def reversal(raw: Mapping[str, Any], line: int) -> Reversal:
    """A row as a Reversal; raises Problem with the first thing that is wrong."""
    cells = canonical(raw, BILL)
    for field, zh, en in (("bill_id", "（冲销单号）", " (the reversal's number)"), ("psn_no", "（人员编号）", " (the person's number)")):
        if field not in cells:
            raise missing(field, zh, en)
    for field in cells:
        if field not in COLUMNS:
            raise impossible(field, cells[field], f"冲销行不写 {field}：金额与类别取自被冲销的账单，请留空",
                             f"a reversal states no {field}: figures and kind are those of the bill taken back; leave it empty")
    return Reversal(
        line, text("bill_id", cells["bill_id"]), text("psn_no", cells["psn_no"]), text("reverses", cells["reverses"]),
        day("enddate", cells["enddate"]) if "enddate" in cells else 0,
        text("city", cells["city"]) if "city" in cells else "",
    )  # fmt: skip
