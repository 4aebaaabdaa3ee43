"""Charge lines into sums 明细归集: class C whole, then the ceiling, then the first self-pay share."""

from decimal import Decimal
from typing import Any

from oracle import casework, reference


def split_line(city: str, line: dict[str, int], rounding: str = "half_up") -> dict[str, int]:
    """fee, full, over, pre, within of one line in fen; quantities in 1/10,000, prices in 1/1,000,000 yuan."""
    cents = casework.cents(rounding)
    count, price = Decimal(line["quantity"]) / 10_000, Decimal(line["price"]) / 1_000_000
    ceiling, share = Decimal(line.get("ceiling", 0)) / 1_000_000, Decimal(line.get("self_pay", 0)) / 10_000
    if line.get("dual_channel"):
        share = Decimal(reference.city_document(city)["special_rules"]["dual_channel"]["first_self_pay_share"])
    fee = cents(count * price)
    zero = Decimal(0)
    if line["item_class"] == 3 or line.get("restricted"):
        parts = (fee, fee, zero, zero)
    else:
        over = cents(max(zero, price - ceiling) * count) if ceiling else zero
        parts = (fee, zero, over, cents((fee - over) * share) if line["item_class"] == 2 else zero)
    figures = dict(zip(("fee", "full", "over", "pre"), map(casework.fen, parts), strict=True))
    return figures | {"within": figures["fee"] - figures["full"] - figures["over"] - figures["pre"]}


def sums(city: str, lines: tuple[dict[str, int], ...], rounding: str = "half_up") -> dict[str, Any]:
    """The claim's sums out of its lines."""
    split = [split_line(city, line, rounding) for line in lines]
    total = {name: sum(row[name] for row in split) for name in ("full", "over", "pre", "within")}
    consultation = sum(row["within"] for row, line in zip(split, lines, strict=True) if line.get("consultation"))
    return total | {"total": sum(row["fee"] for row in split), "consultation": consultation}
