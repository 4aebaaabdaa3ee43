"""Employee large-amount layers 职工大额医疗费用补助: up to two, stacked above the pool's cap (example E03).

Each takes what found no room below it; the part of that amount which fills a layer's cap is the cap divided by the layer's ratio.
"""

from typing import NamedTuple

from openyibao.kernel.codes import UNBOUNDED, WHOLE
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.rounding import amount_for, factored, share
from openyibao.kernel.settle.offsite import Reduction
from openyibao.kernel.settle.pool import adjusted
from openyibao.kernel.year import Year


class LargePay(NamedTuple):
    """What the two layers pay, fen."""

    first: int
    second: int


@law
def first_room(pool_paid: int, year: Year, plan: Plan) -> int:
    """What the first layer's cap still allows 大额余额, fen of payment.

    pool_paid  the year's pool payments under the basic cap, this bill's included: a `cap_total` counts from zero, pool and layer
               together, unless `cap_total_above_pool` makes it the layer's own.
    """
    large = plan.large
    room = max(large.cap_first - year.large_first, 0)
    if large.cap_total >= UNBOUNDED:
        return room
    below = 0 if plan.readings.cap_total_above_pool == 1 else pool_paid
    return min(room, max(large.cap_total - below - year.large_first, 0))


@law
def layer(amount: int, ratio: int, factor: int, room: int, rounding: int) -> tuple[int, int]:
    """One layer on `amount`: (paid, what finds no room in it), fen."""
    paid = factored(share(amount, ratio, rounding), factor, rounding)
    if paid <= room:
        return paid, 0
    return room, amount - min(amount_for(room, ratio * factor, rounding), amount)


@law
def large_amount(over_cap: int, base_before: int, pool_paid: int, year: Year, plan: Plan, cut: Reduction) -> LargePay:
    """The large-amount layers on what passed the basic cap.

    base_before  the year's in-scope amount used before this bill, for the in-scope band reading
    pool_paid    the year's pool payments, this bill's included
    """
    if over_cap == 0 or plan.large.present == 0:
        return LargePay(0, 0)
    large, everywhere = plan.large, plan.readings.offsite_all_layers == 1
    points, factor = (-cut.points, cut.factor) if everywhere else (0, WHOLE)
    ratio = adjusted(large.ratio_first, points, 0)
    if plan.readings.large_in_scope_band == 1 and large.band_from >= 0:
        start = max(base_before, large.band_from)
        within = max(min(start + over_cap, large.band_to) - start, 0)
        return LargePay(factored(share(within, ratio, plan.rounding), factor, plan.rounding), 0)
    first, left = layer(over_cap, ratio, factor, first_room(pool_paid, year, plan), plan.rounding)
    if left == 0 or large.cap_second == 0:
        return LargePay(first, 0)
    room = max(large.cap_second - year.large_second, 0)
    second, _ = layer(left, adjusted(large.ratio_second, points, 0), factor, room, plan.rounding)
    return LargePay(first, second)
