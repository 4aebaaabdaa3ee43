"""The pooled fund under the basic cap 统筹支付与封顶线: bands, off-site factor, and what finds no room (超封顶段 EC01).

Used by stays, severe outpatient and dual-channel bills. benefits: claim arithmetic, step 5.
"""

from openyibao.kernel.codes import BANDS_PER_YEAR, CAP_IN_SCOPE, UNBOUNDED, WHOLE
from openyibao.kernel.law import law
from openyibao.kernel.plan import BANDS, Plan, Pool
from openyibao.kernel.rounding import amount_for, factored, share
from openyibao.kernel.year import Year


@law
def band_high(low: tuple[int, ...], bands: int, band: int) -> int:
    """Upper bound of a band: the next lower bound, or no limit for the last."""
    if band + 1 < bands:
        return low[band + 1]
    return UNBOUNDED


@law
def part_within(start: int, amount: int, low: int, high: int) -> int:
    """How much of [start, start + amount) lies in [low, high), fen."""
    return max(min(start + amount, high) - max(start, low), 0)


@law
def adjusted(ratio: int, points: int, floor: int) -> int:
    """A ratio with points added or taken off, within 0 and 1, at least `floor` (all parts per 10,000)."""
    return max(min(max(ratio + points, 0), WHOLE), floor)


@law
def room_left(year: Year, plan: Plan) -> int:
    """What the basic cap still allows, in the cap's own basis 基本封顶线余额."""
    used = year.pool_base if in_scope_basis(plan) else year.pool_paid
    return max(basic_cap(plan) - used, 0)


@law
def in_scope_basis(plan: Plan) -> bool:
    """Whether the basic cap limits in-scope amounts: by the file, or under `large_in_scope_band` where it gives a band."""
    return plan.pool.cap_basis == CAP_IN_SCOPE or (plan.readings.large_in_scope_band == 1 and plan.large.band_from >= 0)


@law
def basic_cap(plan: Plan) -> int:
    """The basic cap 基本封顶线, fen: the pool's own, or the lower end of the large-amount band under `large_in_scope_band`."""
    if plan.readings.large_in_scope_band == 1 and plan.large.band_from >= 0:
        return plan.large.band_from
    return plan.pool.cap


@law
def banded(amount: int, start: int, pool: Pool, ratios: tuple[int, ...], level: int, points: int, floor: int, rounding: int) -> int:
    """The pool's share of `amount` by bands, each band rounded 分段计算."""
    paid = 0
    for band in range(pool.bands):
        within = part_within(start, amount, pool.band_low[band], band_high(pool.band_low, pool.bands, band))
        paid += share(within, adjusted(ratios[level * BANDS + band], points, floor), rounding)
    return paid


@law
def used_up(
    room: int,
    amount: int,
    start: int,
    pool: Pool,
    ratios: tuple[int, ...],
    level: int,
    points: int,
    floor: int,
    factor: int,
    rounding: int,
) -> int:
    """The part of `amount` whose payment is exactly `room`: the band in which the cap falls is divided by its own ratio."""
    taken = 0
    for band in range(pool.bands):
        within = part_within(start, amount, pool.band_low[band], band_high(pool.band_low, pool.bands, band))
        rate = adjusted(ratios[level * BANDS + band], points, floor)
        paid = factored(share(within, rate, rounding), factor, rounding)
        if paid > room:
            return min(taken + amount_for(room, rate * factor, rounding), amount)
        room -= paid
        taken += within
    return taken


@law
def twice_shared(amount: int, ratio: int, factor: int, rounding: int) -> int:
    """`amount * ratio * factor`, rounded once; both rates parts per 10,000."""
    whole, rest = divmod(amount * ratio, WHOLE)
    # whole * factor keeps within 64 bits where amount * ratio * factor would not.
    numerator = rest * factor + whole * factor % WHOLE * WHOLE
    if rounding == 1:
        return whole * factor // WHOLE + numerator // (WHOLE * WHOLE)
    return whole * factor // WHOLE + (numerator + WHOLE * WHOLE // 2) // (WHOLE * WHOLE)


@law
def pooled(
    amount: int,
    year: Year,
    plan: Plan,
    ratios: tuple[int, ...],
    level: int,
    points: int,
    floor: int,
    factor: int,
    room: int,
) -> tuple[int, int]:
    """What the pool pays of `amount` (in scope, above the deductible) and what finds no room under the cap.

    points  added to (or, negative, taken off) the ratio, parts per 10,000
    floor   the least ratio (an emergency rule set), factor the off-site factor
    room    left under the cap, in the cap's own basis
    Returns (paid, over_cap), fen; 0 <= paid, over_cap <= amount.
    """
    pool, reading, rounding = plan.pool, plan.readings, plan.rounding
    if pool.bands == 1:
        return flat_capped(amount, adjusted(ratios[level * BANDS], points, floor), factor, room, plan)
    start = year.pool_base if pool.band_basis == BANDS_PER_YEAR else 0
    if in_scope_basis(plan):
        within = min(amount, room)
        paid = factored(banded(within, start, pool, ratios, level, points, floor, rounding), factor, rounding)
        return paid, amount - within
    if reading.factor_after_cap == 1 and factor != WHOLE:
        plain = banded(amount, start, pool, ratios, level, points, floor, rounding)
        if plain <= room:
            return share(plain, factor, rounding), 0
        # The cap is met before the factor, so the amount used up follows the plain ratio whatever over_cap_without_factor says.
        return share(room, factor, rounding), amount - used_up(room, amount, start, pool, ratios, level, points, floor, WHOLE, rounding)
    paid = factored(banded(amount, start, pool, ratios, level, points, floor, rounding), factor, rounding)
    if paid <= room:
        return paid, 0
    of_factor = WHOLE if reading.over_cap_without_factor == 1 else factor
    return room, amount - used_up(room, amount, start, pool, ratios, level, points, floor, of_factor, rounding)


@law
def flat_capped(base: int, ratio: int, factor: int, room: int, plan: Plan) -> tuple[int, int]:
    """One ratio and one off-site factor under a cap: (paid, what finds no room), with the readings of `pooled`."""
    reading, rounding = plan.readings, plan.rounding
    if in_scope_basis(plan):
        within = min(base, room)
        return flat(within, ratio, factor, reading.factor_single_rounding, rounding), base - within
    if reading.factor_after_cap == 1 and factor != WHOLE:
        plain = share(base, ratio, rounding)
        if plain <= room:
            return share(plain, factor, rounding), 0
        return share(room, factor, rounding), base - min(amount_for(room, ratio * WHOLE, rounding), base)
    paid = flat(base, ratio, factor, reading.factor_single_rounding, rounding)
    if paid <= room:
        return paid, 0
    of_factor = WHOLE if reading.over_cap_without_factor == 1 else factor
    return room, base - min(amount_for(room, ratio * of_factor, rounding), base)


@law
def flat(amount: int, ratio: int, factor: int, single: int, rounding: int) -> int:
    """Ratio, then factor: rounded twice, or once when `single`."""
    if single == 1 and factor != WHOLE:
        return twice_shared(amount, ratio, factor, rounding)
    return factored(share(amount, ratio, rounding), factor, rounding)
