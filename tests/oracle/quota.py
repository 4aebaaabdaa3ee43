"""Chronic quotas 慢特病定额: period, grant in mid-period, one or two diseases."""

from datetime import date
from decimal import Decimal
from typing import Any

from oracle.casework import ZERO, Case, reads

MONTHS = {"year": 12, "quarter": 3, "month": 1}


def first_month(day: int, months: int) -> int:
    """yyyymm of the first month of the period that holds the day."""
    year, month = day // 10000, day // 100 % 100
    return year * 100 + (month - 1) // months * months + 1


def part_of_grant_period(case: Case, grant: int, months: int) -> tuple[int, int]:
    """How much of the period the grant leaves 按月折算, as (part, whole): all of it when the grant is older than the period."""
    day = case["bill"]["day"]
    opening = first_month(day, months)
    if reads(case, "prorate_none") or not grant or first_month(grant, months) != opening:
        return 1, 1
    if reads(case, "prorate_days"):
        following = opening % 100 - 1 + months
        starts = date(opening // 100, opening % 100, 1)
        ends = date(opening // 100 + following // 12, following % 12 + 1, 1)
        granted = date(grant // 10000, grant // 100 % 100, grant % 100)
        return (ends - granted).days, (ends - starts).days
    return months - (grant // 100 - opening), months


def full_quota(case: Case, item: dict[str, Any], grant: int) -> Decimal:
    """The quota of one disease in the period of the bill, raised for registered poor while that rule lasted."""
    poverty = case["poverty"]
    factor = Decimal(poverty["chronic_cap_factor"]) if poverty else Decimal(1)
    part, whole = part_of_grant_period(case, grant, MONTHS[item["quota_period"]])
    return Decimal(case["cents"](case["cents"](item["quota"] * factor) * part / whole))


def second_share(book: dict[str, Any]) -> Decimal:
    """The share of the second disease's quota that joins the first's, out of the rule's words."""
    words = book["quota_rule"]["two_diseases_quota"]
    return Decimal(words.split("+")[1].strip().split("%")[0]) / 100


def quota_of_bill(case: Case, book: dict[str, Any]) -> tuple[Decimal, str]:
    """The quota that limits this bill, and the accumulator that it uses up."""
    bill, items = case["bill"], book["items"]
    own = full_quota(case, items[bill["disease"]], bill["grant"])
    slot = bill["other_disease"]
    ungranted = bill["other_grant"] > bill["day"]
    if not 0 <= slot < len(items) or slot == bill["disease"] or ungranted or items[slot]["class"] == "severe":
        return own, "quota_used"
    other = full_quota(case, items[slot], bill["other_grant"])
    share = second_share(book)
    own_first = own > other or (own == other and bill["disease"] < slot)
    if reads(case, "two_quota_separate"):
        return (own, "quota_used") if own_first else (case["cents"](own * share), "quota_used_second")
    return max(own, other) + case["cents"](min(own, other) * share), "quota_used"


def open_period(case: Case, months: int) -> None:
    """What was used in an earlier period lapses 不结转."""
    year, period = case["year"], first_month(case["bill"]["day"], months)
    if year["quota_period"] != period:
        year["quota_period"], year["quota_used"], year["quota_used_second"] = period, ZERO, ZERO
