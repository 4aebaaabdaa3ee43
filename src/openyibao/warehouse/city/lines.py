"""Charge lines 费用明细: what a visit of its kind, illness, gravity and length is charged, line by line; money only ever comes from these.

A dear case has more lines and dearer ones: gravity makes tests repeat, injections double, intensive care and costly drugs appear. No ratio
is set anywhere; what is in scope follows from each line's item.
"""

from collections.abc import Mapping
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel.codes import (
    CAESAREAN,
    CHRONIC,
    DAY_SURGERY,
    DELIVERY,
    DIALYSIS,
    DUAL_CHANNEL,
    HOME,
    INPATIENT,
    L1,
    L2,
    L3,
    LEVELS,
    MISCARRIAGE_EARLY,
    MISCARRIAGE_LATE,
    PHARMACY,
    PRENATAL,
    PV,
    RESCUE,
    TWO_DISEASE,
)  # fmt: skip
from openyibao.kernel.law import compilable
from openyibao.warehouse.cache import cache_folder
from openyibao.warehouse.city.care import BOX, DAILY, GRAMS, HOURLY, INJECTION, PIECES, POOLS, Care
from openyibao.warehouse.city.chance import about, begin, below, inner, uniform
from openyibao.warehouse.city.patterns import (
    BEYOND_LISTING,
    CARD_BUNDLE,
    DOUBLE_CHARGE,
    EMPTY_BED,
    EXCESS_QUANTITY,
    FALSE_DRUGS,
    FALSE_TREATMENT,
    NONE,
    OVER_EXAMINATION,
    RESOLD_DRUGS,
    SWAPPED,
)  # fmt: skip
from openyibao.warehouse.city.profile import Profile
from openyibao.warehouse.city.slips import (
    ADMITTED,
    COMPLICATION,
    DAY,
    DAYS,
    FAULT,
    ILLNESS,
    INSTITUTION,
    KIND,
    LEVEL,
    NEVER,
    OFFSITE,
    OPERATION,
    SESSIONS,
    SEVERITY,
    THOUSANDTH,
    TWO,
)  # fmt: skip

numba = compilable(cache_folder())

TESTS, DRUGS, INJECTIONS, THERAPIES, DEAR, CONSUMABLES = range(6)
"""Places in care.POOLS."""
STAY_DAYS, STAY_BETTER, STAY_ROUTINE, STAY_DRUGS, STAY_TESTS, SELF_PAID, SEVERE, HERBS, GOODS = range(9)
"""Places in care.GENERAL."""
VILLAGE, PRIMARY, HOSPITAL, SENIOR, EXPERT, EMERGENCY_FEE, REGISTRATION = range(7)
"""Places in care.VISIT_FEES."""
HERBS_FLAG = 4
UNIT = 10_000
CENT = 10_000
"""Prices are whole fen: 10,000 millionths of a yuan."""
MOST = 20_000
"""The largest quantity of a line."""
FEW, MANY = 0.35, 0.75
MOST_INTENSE = 8.0
"""Beyond it a stay has no more lines and no larger quantities."""


LINE_RECORD = np.dtype([
    ("price", np.int64), ("row", np.int32), ("item", np.int32), ("day", np.int32), ("quantity", np.int32),
    ("restricted", np.int8), ("fault", np.int8),
], align=True)  # fmt: skip
"""A line being written, in the order of the bills; `fault` is its planted pattern, `day` counts from 1 January."""
TARIFF = np.dtype([
    ("service", np.int64, (LEVELS,)), ("stay_level", np.float64, (LEVELS,)), ("visit_level", np.float64, (LEVELS,)),
    ("stay", np.float64, (2,)), ("severe_from", np.float64, (2,)), ("outside", np.float64), ("visit", np.float64), ("purchase", np.float64),
    ("self_paid", np.float64), ("dear", np.float64),
    ("restricted", np.float64), ("key", np.uint64)], align=True)  # fmt: skip
"""What decides a line's price and number: services' price by level (parts per 10,000 of the reference), intensity by level and scheme, the
gravity from which a case is severe."""
ILLNESS_POOLS = np.dtype([
    ("at", np.int32, (len(POOLS),)), ("count", np.int32, (len(POOLS),)), ("operations", np.int32),
    ("operations_to", np.int32), ("herbs", np.int8),
], align=True)  # fmt: skip
OPERATION_RECORD = np.dtype([("share", np.float64), ("row", np.int32), ("pools", np.int32, (4,))], align=True)
GOODS_RECORD = np.dtype([("price", np.int64), ("form", np.int8), ("restricted", np.int8), ("two", np.int8)], align=True)


class Sheet(NamedTuple):
    """Lines in columns, as the table has them, with the planted pattern of each."""

    row: Any  # int32
    item: Any  # int32
    day: Any  # int32
    quantity: Any  # int32
    price: Any  # int64
    restricted: Any  # int8
    fault: Any  # int8


class Shelf(NamedTuple):
    """The care book and the items, packed into few arrays (see ways.py for why)."""

    illness: Any  # ILLNESS_POOLS
    operations: Any  # OPERATION_RECORD
    items: Any  # int32, the pools end to end
    goods: Any  # GOODS_RECORD by item
    general: Any  # int32 (len(GENERAL), 2): at and count
    fees: Any  # int32


def shelf_of(care: Care, item: Mapping[str, Any]) -> Shelf:
    """The shelf of a city."""
    illness = np.zeros(len(care.days), ILLNESS_POOLS)
    illness["at"], illness["count"], illness["herbs"] = care.pool_at, care.pool_count, care.flags[:, HERBS_FLAG]
    illness["operations"], illness["operations_to"] = care.operation_at[:-1], care.operation_at[1:]
    operations = np.zeros(len(care.operation), OPERATION_RECORD)
    operations["share"], operations["row"], operations["pools"] = care.operation_share, care.operation, care.operation_pool
    goods = np.zeros(len(care.form), GOODS_RECORD)
    goods["price"], goods["form"], goods["restricted"], goods["two"] = item["price"], care.form, care.restricted, item["two_disease"]
    return Shelf(illness, operations, care.items, goods, np.stack([care.general_at, care.general_count], axis=-1), care.fees)


def tariff_of(profile: Profile, spread: Any, year: int, key: int) -> Any:
    """The tariff of a year as a record in an array: intensity as the profile and its calibration say.

    spread  log standard deviation of a stay's gravity by scheme (Knobs.spread)
    """
    trend = float(profile.value("costs.trend")) ** (year - 2020)
    beyond, spreads = NormalDist().inv_cdf(1 - float(profile.value("costs.severe_share"))), np.asarray(spread)
    found = np.zeros(1, TARIFF)
    for name in ("stay_level", "visit_level"):
        found[name] = profile.value(f"costs.{name}")
    found["service"] = profile.value("costs.service_price")
    found["stay"] = [float(profile.value(f"calibrated.intensity_{name}")) * trend for name in ("employee", "resident")]
    found["severe_from"] = np.exp(spreads * beyond - spreads**2 / 2)
    found["outside"] = profile.value("calibrated.offsite_intensity")
    found["visit"] = float(profile.value("calibrated.visit_intensity")) * trend
    found["purchase"] = float(profile.value("costs.purchase")) * trend
    for name in ("self_paid", "dear", "restricted"):
        found[name] = profile.value(f"costs.{name}")
    found["key"] = np.uint64(key)
    return found


@inner
def put(
    sheet: Any, count: int, care: Any, tariff: Any, state: Any, row: int, item: int, day: int, quantity: float, level: int, fault: int
) -> int:
    """Write a line and return the count after it; one beyond the end is counted and not written. A quantity is at least one unit."""
    if count < sheet.shape[0]:
        form = care.goods[item].form
        price = care.goods[item].price
        if form != BOX and form != INJECTION and form != GRAMS and form != PIECES:
            price = max(price * tariff.service[level] // 10_000 // CENT * CENT, CENT)
        number = int(max(min(quantity, MOST), 1.0) + 0.5)
        line = sheet[count]
        line.row, line.item, line.day, line.price = row, item, day, price
        line.quantity = number * UNIT
        unmet = care.goods[item].restricted == 1 and fault == NONE and uniform(state) < tariff.restricted
        line.restricted = 1 if unmet else 0
        line.fault = fault
    return count + 1


@inner
def one_of(state: Any, care: Any, at: int, number: int) -> int:
    """An item of a pool."""
    return int(care.items[at + below(state, number)])


@inner
def times(care: Any, item: int, days: int, intensity: float) -> float:
    """How much of an item a stay uses: per day, per hour of a few days, a dose a day, boxes by the week."""
    form = care.goods[item].form
    if form == DAILY:
        return float(days)
    if form == HOURLY:
        return 8.0 * min(float(days), 1.5 + 0.8 * intensity)
    if form == INJECTION:
        return min(float(days), 10.0) * (0.5 + 0.3 * intensity)
    if form == BOX:
        return (days + 6) // 7 * (0.6 + 0.5 * intensity)
    if form == GRAMS:
        return 70.0
    if form == PIECES:
        return 0.6 + 0.5 * intensity
    return min(float(days), 30.0) * 0.4 * (0.6 + 0.4 * intensity)


@inner
def from_pool(
    sheet: Any, count: int, care: Any, tariff: Any, state: Any, row: int, at: int, number: int, picks: int, begins: int, days: int,
    intensity: float, level: int, fault: int,
) -> int:  # fmt: skip
    """Write lines of some items of a pool, on days of the stay."""
    if number == 0:
        return count
    for _ in range(picks):
        item = one_of(state, care, at, number)
        on = begins + below(state, max(days // 2, 1))
        count = put(sheet, count, care, tariff, state, row, item, on, times(care, item, max(days, 1), intensity), level, fault)
    return count


@inner
def each_of(
    sheet: Any, count: int, care: Any, tariff: Any, state: Any, row: int, at: int, number: int, chance: float, begins: int, days: int,
    quantity: float, level: int, fault: int,
) -> int:  # fmt: skip
    """Write a line of each item of a pool, by chance, with one quantity."""
    for place in range(number):
        if uniform(state) < chance:
            on = begins + below(state, max(days, 1))
            count = put(sheet, count, care, tariff, state, row, care.items[at + place], on, quantity, level, fault)
    return count


@inner
def pool_of(care: Any, illness: int, pool: int) -> tuple[int, int]:
    """Where an illness's pool begins, and how many items it has."""
    return care.illness[illness].at[pool], care.illness[illness].count[pool]


@inner
def operated(
    sheet: Any, count: int, care: Any, tariff: Any, state: Any, row: int, slip: Any, day: int, level: int, intensity: float
) -> int:
    """Write the operation of a stay, if it has one: its services, and the consumables it uses."""
    first, stop = care.illness[slip[ILLNESS]].operations, care.illness[slip[ILLNESS]].operations_to
    value = uniform(state)
    if (level < L1 and slip[KIND] == INPATIENT) or first == stop:
        return count
    if slip[KIND] == DAY_SURGERY:
        value *= care.operations[stop - 1].share
    for place in range(first, stop):
        if value < care.operations[place].share:
            slip[OPERATION] = care.operations[place].row
            pools = care.operations[place].pools
            at, number, goods, kinds = pools[0], pools[1], pools[2], pools[3]
            count = each_of(sheet, count, care, tariff, state, row, at, number, 1.0, day, 0, 1.0, level, NONE)
            return each_of(sheet, count, care, tariff, state, row, goods, kinds, 0.5, day, 0, 0.7 + 0.4 * min(intensity, 4.0), level, NONE)
    return count


@inner
def stay_lines(sheet: Any, count: int, care: Any, tariff: Any, state: Any, row: int, slip: Any, scheme: int) -> int:
    """The lines of a stay, day surgery, delivery or rescue."""
    illness, level, day, days = slip[ILLNESS], slip[LEVEL], slip[DAY], max(slip[DAYS], 1)
    gravity = slip[SEVERITY] / THOUSANDTH
    intensity = gravity * tariff.stay_level[level] * tariff.stay[scheme] * (tariff.outside if slip[OFFSITE] != HOME else 1.0)
    near, mean = min(intensity, MOST_INTENSE), min(tariff.stay_level[level] * tariff.stay[scheme], 3.0)
    fault = slip[FAULT]
    begins = max(slip[ADMITTED], day - days) if slip[ADMITTED] > -NEVER else day
    at, number = care.general[STAY_DAYS, 0], care.general[STAY_DAYS, 1]
    better = level >= L3 and uniform(state) < 0.35
    for place in range(number):
        item = care.items[at + place]
        if better and place > 0:
            item = care.items[care.general[STAY_BETTER, 0] + place - 1]
        count = put(sheet, count, care, tariff, state, row, item, begins, float(days), level, NONE)
    if fault == EMPTY_BED:
        return count
    count = each_of(sheet, count, care, tariff, state, row, care.general[STAY_ROUTINE, 0], care.general[STAY_ROUTINE, 1], 0.55, begins, 0,
                    days * (0.5 + 0.4 * min(mean, 2.0)), level, NONE)
    count = each_of(sheet, count, care, tariff, state, row, care.general[STAY_TESTS, 0], care.general[STAY_TESTS, 1],
                    min(0.35 + 0.25 * mean, 0.95), begins, 0, 1.0, level, NONE)
    at, number = pool_of(care, illness, TESTS)
    count = each_of(sheet, count, care, tariff, state, row, at, number, min(0.3 + 0.25 * mean, 0.95), begins, days, 0.8 + 0.25 * near,
                    level, NONE)
    count = from_pool(sheet, count, care, tariff, state, row, care.general[STAY_DRUGS, 0], care.general[STAY_DRUGS, 1],
                      3 + about(state, 1.5 * min(mean, 2.0)), begins, days, near, level, NONE)
    at, number = pool_of(care, illness, INJECTIONS)
    count = from_pool(sheet, count, care, tariff, state, row, at, number, 1 + about(state, min(0.9 + 0.5 * near, 5.0)), begins, days,
                      near, level, NONE)
    at, number = pool_of(care, illness, DRUGS)
    count = from_pool(sheet, count, care, tariff, state, row, at, number, 1 + about(state, min(0.8 + 0.4 * near, 4.0)), begins, days,
                      near, level, NONE)
    at, number = pool_of(care, illness, THERAPIES)
    count = from_pool(sheet, count, care, tariff, state, row, at, number, about(state, min(0.7 + 0.5 * near, 5.0)), begins, days,
                      near, level, NONE)
    count = operated(sheet, count, care, tariff, state, row, slip, begins + days // 3, level, near)
    at, number = pool_of(care, illness, DEAR)
    if number > 0 and level >= L2 and uniform(state) < tariff.dear * min(near, 2.0):
        item = one_of(state, care, at, number)
        count = put(sheet, count, care, tariff, state, row, item, begins + days // 2, 0.5 + 0.5 * near, level, NONE)
    delivery = slip[KIND] == DELIVERY or slip[KIND] == CAESAREAN
    if (gravity >= tariff.severe_from[scheme] and not delivery) or slip[COMPLICATION] == 1:
        count = from_pool(sheet, count, care, tariff, state, row, care.general[SEVERE, 0], care.general[SEVERE, 1],
                          1 + about(state, min(near, 4.0)), begins, days, near, level, NONE)
    count = from_pool(sheet, count, care, tariff, state, row, care.general[SELF_PAID, 0], care.general[SELF_PAID, 1],
                      about(state, tariff.self_paid * (0.5 + 0.5 * mean) * 2), begins, days, min(near, 3.0), level, NONE)
    return stay_faults(sheet, count, care, tariff, state, row, slip, begins, days, level)


@inner
def stay_faults(sheet: Any, count: int, care: Any, tariff: Any, state: Any, row: int, slip: Any, begins: int, days: int, level: int) -> int:
    """Write the planted lines of a stay, each labelled."""
    fault = slip[FAULT]
    if fault == OVER_EXAMINATION:
        at, number = care.general[STAY_TESTS, 0], care.general[STAY_TESTS, 1]
        return each_of(sheet, count, care, tariff, state, row, at, number, 0.5, begins, days, 2.0, level, fault)
    if fault == DOUBLE_CHARGE and count > 2 and count <= sheet.shape[0]:
        for place in range(2):
            item = care.items[care.general[STAY_DAYS, 0] + place]
            count = put(sheet, count, care, tariff, state, row, item, begins, float(days), level, fault)
        return count
    if fault == SWAPPED:
        at = care.general[STAY_BETTER, 0]
        count = put(sheet, count, care, tariff, state, row, care.items[at + 2], begins, max(days * 0.5, 1.0), level, fault)
        return put(sheet, count, care, tariff, state, row, care.items[at + 1], begins, float(days), level, fault)
    if fault == BEYOND_LISTING:
        return put(sheet, count, care, tariff, state, row, care.items[care.general[SEVERE, 0]], begins + days // 2, 2.0, level, fault)
    return count


@inner
def visit_fee(care: Any, state: Any, level: int, kind: int) -> int:
    """The consultation that a level charges 诊察费."""
    if level == PV:
        return int(care.fees[VILLAGE])
    if level <= L1:
        return int(care.fees[PRIMARY])
    if kind == RESCUE:
        return int(care.fees[EMERGENCY_FEE])
    value = uniform(state)
    return int(care.fees[HOSPITAL if value < 0.65 else (SENIOR if value < 0.9 else EXPERT)])


@inner
def herbal(sheet: Any, count: int, care: Any, tariff: Any, state: Any, row: int, day: int, level: int) -> int:
    """A prescription of slices 中药饮片: a week of doses."""
    for _ in range(8 + below(state, 5)):
        item = one_of(state, care, care.general[HERBS, 0], care.general[HERBS, 1])
        count = put(sheet, count, care, tariff, state, row, item, day, 70.0 + 35.0 * below(state, 3), level, NONE)
    return count


@inner
def visit_lines(sheet: Any, count: int, care: Any, tariff: Any, state: Any, row: int, slip: Any) -> int:
    """The lines of an outpatient, chronic or two-disease visit, check-up or miscarriage."""
    illness, level, day, kind = slip[ILLNESS], slip[LEVEL], slip[DAY], slip[KIND]
    intensity = min(slip[SEVERITY] / THOUSANDTH * tariff.visit_level[level] * tariff.visit, 10.0)
    fault = slip[FAULT]
    count = put(sheet, count, care, tariff, state, row, visit_fee(care, state, level, kind), day, 1.0, level, NONE)
    if level >= L2 and uniform(state) < FEW:
        count = put(sheet, count, care, tariff, state, row, care.fees[REGISTRATION], day, 1.0, level, NONE)
    chronic = kind == CHRONIC or kind == TWO_DISEASE
    at, number = pool_of(care, illness, TESTS)
    wanted = 0.05 if chronic else (0.6 if kind == PRENATAL else 0.09)
    chance = min(wanted * (0.4 + 0.6 * intensity), 0.9) if level > PV else 0.0
    count = each_of(sheet, count, care, tariff, state, row, at, number, chance, day, 0, 1.0, level, NONE)
    if care.illness[illness].herbs == 1 and level >= 1 and uniform(state) < MANY:
        return herbal(sheet, count, care, tariff, state, row, day, level)
    at, number = pool_of(care, illness, DRUGS)
    if number > 0:
        for _ in range((2 if chronic else 1) + about(state, 0.4 + 0.3 * min(intensity, 3.0))):
            item = one_of(state, care, at, number)
            if kind == TWO_DISEASE:
                for _ in range(12):
                    if care.goods[item].two & slip[TWO] == 0:
                        item = one_of(state, care, at, number)
            boxes = (1.6 if chronic else 0.8) * (0.5 + 0.5 * intensity) + 0.6 * below(state, 2)
            count = put(sheet, count, care, tariff, state, row, item, day, boxes, level, NONE)
    at, number = pool_of(care, illness, THERAPIES)
    if number > 0 and not chronic and uniform(state) < 0.18:
        count = put(sheet, count, care, tariff, state, row, one_of(state, care, at, number), day, 1.0 + below(state, 3), level, NONE)
    at, number = pool_of(care, illness, INJECTIONS)
    if number > 0 and not chronic and uniform(state) < 0.08:
        count = put(sheet, count, care, tariff, state, row, one_of(state, care, at, number), day, 1.0 + below(state, 3), level, NONE)
    if kind == MISCARRIAGE_EARLY or kind == MISCARRIAGE_LATE:
        count = operated(sheet, count, care, tariff, state, row, slip, day, level, intensity)
    if kind == CHRONIC and care.illness[illness].count[INJECTIONS] > 0 and uniform(state) < 0.1:
        count = put(sheet, count, care, tariff, state, row, one_of(state, care, at, number), day, 2.0, level, NONE)
    return visit_faults(sheet, count, care, tariff, state, row, slip, level, fault)


@inner
def visit_faults(sheet: Any, count: int, care: Any, tariff: Any, state: Any, row: int, slip: Any, level: int, fault: int) -> int:
    """Write the planted lines of a visit, each labelled."""
    day = slip[DAY]
    if fault == OVER_EXAMINATION and level > PV:
        at, number = care.general[STAY_TESTS, 0], care.general[STAY_TESTS, 1]
        return each_of(sheet, count, care, tariff, state, row, at, number, 0.4, day, 0, 1.0, level, fault)
    at, number = pool_of(care, slip[ILLNESS], DRUGS)
    if number == 0:
        return count
    if fault == FALSE_DRUGS:
        for _ in range(3):
            count = put(sheet, count, care, tariff, state, row, one_of(state, care, at, number), day, 4.0, level, fault)
    elif fault == EXCESS_QUANTITY or fault == RESOLD_DRUGS:
        count = put(sheet, count, care, tariff, state, row, care.items[at], day, 12.0, level, fault)
    elif fault == DOUBLE_CHARGE:
        count = put(sheet, count, care, tariff, state, row, visit_fee(care, state, min(level, L1), slip[KIND]), day, 1.0, level, fault)
    return count


@inner
def dialysis_lines(sheet: Any, count: int, care: Any, tariff: Any, state: Any, row: int, slip: Any) -> int:
    """The lines of a month of dialysis: the sessions, what each uses up, now and then a test or an injection."""
    illness, level, day, sessions = slip[ILLNESS], slip[LEVEL], slip[DAY], float(slip[SESSIONS])
    at, number = pool_of(care, illness, THERAPIES)
    count = put(sheet, count, care, tariff, state, row, care.items[at], day, sessions, level, NONE)
    at, number = pool_of(care, illness, CONSUMABLES)
    count = each_of(sheet, count, care, tariff, state, row, at, number, 1.0, day, 0, sessions, level, NONE)
    at, number = pool_of(care, illness, TESTS)
    count = each_of(sheet, count, care, tariff, state, row, at, number, 0.2, day, 0, 1.0, level, NONE)
    at, number = pool_of(care, illness, INJECTIONS)
    return each_of(sheet, count, care, tariff, state, row, at, number, 0.5, day, 0, sessions * 0.7, level, NONE)


@inner
def counter_lines(sheet: Any, count: int, care: Any, tariff: Any, state: Any, row: int, slip: Any) -> int:
    """The lines of a purchase at a counter: dual-channel drugs, or what a pharmacy sells."""
    day, level, fault = slip[DAY], slip[LEVEL], slip[FAULT]
    at, number = pool_of(care, slip[ILLNESS], DRUGS)
    if slip[KIND] == DUAL_CHANNEL:
        item = one_of(state, care, at, number)
        dear = care.goods[item].price > 2_000_000_000
        return put(sheet, count, care, tariff, state, row, item, day, 1.0 if dear else 2.0, level, NONE)
    if fault == SWAPPED or fault == CARD_BUNDLE:
        at, number = care.general[GOODS, 0], care.general[GOODS, 1]
        return put(sheet, count, care, tariff, state, row, one_of(state, care, at, number), day, 4.0, level, fault)
    for _ in range(1 + about(state, 0.8)):
        boxes = 0.5 + slip[SEVERITY] / THOUSANDTH * tariff.purchase
        count = put(sheet, count, care, tariff, state, row, one_of(state, care, at, number), day, boxes, level, NONE)
    return count


@numba.njit(cache=True, error_model="numpy", nogil=True)
def make_lines(sheet: Any, slips: Any, numbers: Any, schemes: Any, care: Any, tariffs: Any) -> int:
    """Write the lines of every bill; returns how many there are, written or not.

    slips    the bills in order; OPERATION is written where one is charged
    numbers  uint64: what each bill's chance begins from (the same however often lines are made)
    schemes  int8: 0 employee, 1 resident
    care     a Shelf; tariffs  from `tariff_of`
    """
    count, state, tariff = 0, np.zeros(1, np.uint64), tariffs[0]
    for row in range(slips.shape[0]):
        slip = slips[row]
        template = slip[FAULT] == FALSE_TREATMENT
        begin(state, tariff.key, np.uint64(slip[INSTITUTION] + NEVER) if template else numbers[row])
        kind = slip[KIND]
        if kind == INPATIENT or kind == DAY_SURGERY or kind == DELIVERY or kind == CAESAREAN or kind == RESCUE:
            count = stay_lines(sheet, count, care, tariff, state, row, slip, schemes[row])
        elif kind == DIALYSIS:
            count = dialysis_lines(sheet, count, care, tariff, state, row, slip)
        elif kind == PHARMACY or kind == DUAL_CHANNEL:
            count = counter_lines(sheet, count, care, tariff, state, row, slip)
        else:
            count = visit_lines(sheet, count, care, tariff, state, row, slip)
    return count
