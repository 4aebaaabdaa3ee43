"""A person's stays of a year 住院: when, why, where, how grave, how long; deliveries, the last stay of the dying, transfers, New Year.

Stays of a person do not overlap, save where that is the planted fault. One that runs over New Year is settled on 31 December and goes on
as a second bill, or waits for its discharge in the next year: `pending` carries it.
"""

import math
from typing import Any

import numpy as np

from openyibao.kernel.codes import (
    CAESAREAN,
    DAY_SURGERY,
    DELIVERY,
    EMERGENCY,
    HOME,
    INPATIENT,
    L3,
    L3P,
    NEIGHBOUR,
    P0,
    REFERRED,
    SELF_REFERRED,
)  # fmt: skip
from openyibao.kernel.law import compilable
from openyibao.warehouse.cache import cache_folder
from openyibao.warehouse.city.chance import begin, below, counted, even, inner, mixed, normal, pick, uniform
from openyibao.warehouse.city.patterns import (
    EMPTY_BED,
    FALSE_TREATMENT,
    FORGED_PAPERS,
    INDUCED,
    NONE,
    OVERLAPPING_STAYS,
    SPLIT_STAY,
)  # fmt: skip
from openyibao.warehouse.city.slips import (
    BABIES,
    COMPLICATION,
    CONTINUED,
    DIRECT,
    EPIDEMIC,
    FAULT,
    LONG_BED,
    NEVER,
    PRACTITIONER,
    THIRD_PARTY,
    THOUSANDTH,
    TRANSFERRED,
    WORK_INJURY,
    add_mark,
    drop_mark,
    set_field,
    write_slip,
)  # fmt: skip
from openyibao.warehouse.city.ways import (
    AWAY,
    BY_HABIT,
    EVENS,
    IN_EPIDEMIC,
    SETTLED_FILED,
    SETTLED_UNFILED,
    SPANS,
    STAYS,
    STAYS_OF_POOR,
)  # fmt: skip

numba = compilable(cache_folder())

(P_STATE, P_ADMITTED, P_LEFT, P_ILLNESS, P_INSTITUTION, P_OFFSITE, P_SEVERITY, P_PRACTITIONER, P_MARKS) = range(9)
"""Columns of what a stay carries over New Year; days since 1970. P_STATE: 0 none, 1 settled on 31 December, 2 not yet settled."""
DELIVERY_ROW, CAESAREAN_ROW = 0, 1
"""Special illnesses, after the ordinary ones."""
ORDINARY, WHEN_GRAVE = 1.0, 1.8
ORDINARY_DELIVERY, COMPLICATED = 2.4, 5.0
"""How intensive a delivery is, in ordinary stays."""
MATERNITY_KEY = np.uint64(51)


@inner
def cover_on(covers: Any, start: int, stop: int, day: int) -> int:
    """The span of cover that holds on a day, the planted duplicate last; -1 = none."""
    found = -1
    for row in range(start, stop):
        if covers[row].starts <= day < covers[row].ends:
            if covers[row].duplicate == 0:
                return row
            found = row
    return found


@inner
def season_of(day: int) -> int:
    """1 in November to February."""
    return 1 if day < 59 or day >= 304 else 0


@inner
def tilt_of(severity: float) -> int:
    """0 for a mild case, 1, or 2 for a grave one."""
    return 0 if severity < 0.6 else (1 if severity < WHEN_GRAVE else 2)


@inner
def listed(room: Any, ways: Any, knobs: Any, at: int, count: int, day: int) -> int:
    """An institution of a list, the first ones oftener; one whose agreement holds on the day, if three tries find one. -1 = empty."""
    if count == 0:
        return -1
    found = -1
    for _ in range(3):
        share = uniform(room.state)
        found = int(ways.lists[at + int(count * share * share)])
        if ways.houses[found].open_from <= day < ways.houses[found].open_to:
            return found
    return found


@inner
def at_home(room: Any, ways: Any, knobs: Any, level: int, town: int, day: int) -> int:
    """An institution of a level for people of a town."""
    return listed(room, ways, knobs, ways.near[level, town, 0], ways.near[level, town, 1], day)


@inner
def away(room: Any, ways: Any, knobs: Any, area: int, level: int, day: int) -> int:
    """An institution outside the city, in an area (the last row: anywhere)."""
    return listed(room, ways, knobs, ways.outside[area, level, 0], ways.outside[area, level, 1], day)


@inner
def doctor(ways: Any, institution: int, number: Any) -> int:
    """The doctor somebody sees there: the same one while he stays with that institution. -1 = nobody is registered."""
    count = ways.houses[institution].staff_count
    if count == 0:
        return -1
    return int(ways.staff[ways.houses[institution].staff_at + int(mixed(number + np.uint64(institution)) % np.uint64(count))])


@inner
def offsite_class(room: Any, traits: Any, knobs: Any, i: int, scheme: int, severity: float) -> int:
    """Where a stay goes: HOME, or by habit, referral, emergency, without filing, or to the neighbour city."""
    if traits[i].habit != HOME and even(room.even, BY_HABIT) < knobs.stay_habit[scheme]:
        return int(traits[i].habit)
    weight = (severity if severity > 1.0 else 0.6) * knobs.away[scheme]
    value = even(room.even, AWAY) / weight
    if value < knobs.referred:
        return REFERRED
    value -= knobs.referred
    if value < knobs.emergency:
        return EMERGENCY
    value -= knobs.emergency
    if value < knobs.self_referred:
        return SELF_REFERRED
    value -= knobs.self_referred
    return NEIGHBOUR if value < knobs.neighbour else HOME


@inner
def settled_there(room: Any, knobs: Any, offsite: int) -> bool:
    """Whether a bill from outside the city is settled there at once 直接结算: as a rule only for who filed or was referred."""
    unfiled = offsite == EMERGENCY or offsite == SELF_REFERRED
    kind, share = (SETTLED_UNFILED, knobs.direct_unfiled) if unfiled else (SETTLED_FILED, knobs.direct)
    there: bool = even(room.even, kind) < share
    return there


@inner
def write_stay(
    room: Any, count: int, ways: Any, knobs: Any, i: int, number: Any, cover: int, admitted: int,
    left: int, kind: int, illness: int, institution: int, offsite: int, severity: float, marks: int,
) -> int:  # fmt: skip
    """Write a stay's slip, or the part of it that falls into this year, and carry the rest over New Year."""
    person_doctor = doctor(ways, institution, number)
    level = ways.houses[institution].level
    last = knobs.days - 1
    if left > last:
        divided = uniform(room.state) < knobs.split and admitted < last
        row = room.pending[i]
        row[P_STATE], row[P_ADMITTED], row[P_LEFT] = (1 if divided else 2), admitted + knobs.first, left + knobs.first
        row[P_ILLNESS], row[P_INSTITUTION], row[P_OFFSITE], row[P_SEVERITY] = illness, institution, offsite, int(severity * THOUSANDTH)
        row[P_PRACTITIONER], row[P_MARKS] = person_doctor, marks
        if not divided:
            return count
        left = last
    days = max(left - admitted, 1)
    count = write_slip(room.slips, count, i, cover, left, kind, illness, institution, level, days, admitted, offsite, severity)
    set_field(room.slips, count, PRACTITIONER, person_doctor)
    add_mark(room.slips, count, marks)
    if marks & DIRECT == 0:
        drop_mark(room.slips, count, DIRECT)
    return count


@inner
def keep_span(room: Any, i: int, first: int, last: int) -> None:
    """Keep a stay's days, so that no other visit falls into them."""
    n = room.numbers[i]
    if n < SPANS:
        room.spans[i, n, 0], room.spans[i, n, 1] = first, last
        room.numbers[i] = n + 1


@inner
def resume(room: Any, count: int, traits: Any, covers: Any, ways: Any, knobs: Any, i: int) -> int:
    """Write what a stay carried over New Year."""
    row = room.pending[i]
    if row[P_STATE] == 0:
        return count
    admitted, left, divided = row[P_ADMITTED] - knobs.first, row[P_LEFT] - knobs.first, row[P_STATE] == 1
    left = min(left, traits[i].died)
    row[P_STATE] = 0
    cover = cover_on(covers, traits[i].cover_at, traits[i].cover_to, admitted)
    if left < 0 or cover < 0:
        return count
    keep_span(room, i, 0, left)
    level, started = ways.houses[row[P_INSTITUTION]].level, 0 if divided else admitted
    count = write_slip(
        room.slips, count, i, cover, left, INPATIENT, row[P_ILLNESS], row[P_INSTITUTION], level, max(left - started, 1), started,
        row[P_OFFSITE], row[P_SEVERITY] / THOUSANDTH,
    )  # fmt: skip
    set_field(room.slips, count, PRACTITIONER, row[P_PRACTITIONER])
    add_mark(room.slips, count, row[P_MARKS] | (CONTINUED if divided else 0))
    if row[P_MARKS] & DIRECT == 0:
        drop_mark(room.slips, count, DIRECT)
    return count


@inner
def claims_maternity(number: Any, share: float) -> bool:
    """Whether a mother's maternity is settled here at all, check-ups and delivery alike."""
    return float((mixed(number + MATERNITY_KEY) % np.uint64(10_000)) / 10_000) < share


@inner
def deliver(
    room: Any, count: int, traits: Any, covers: Any, ways: Any, knobs: Any, i: int,
) -> int:  # fmt: skip
    """Write the delivery of a mother's newborn 分娩."""
    day = traits[i].expecting
    if day >= knobs.days or not claims_maternity(traits[i].number, knobs.delivered):
        return count
    cut = uniform(room.state) < knobs.caesarean
    left = day + (4 if cut else 2) + below(room.state, 3)
    cover = cover_on(covers, traits[i].cover_at, traits[i].cover_to, day)
    if cover < 0 or left >= knobs.days:
        return count
    level = pick(room.state, ways.levels[1, covers[cover].scheme - 1, traits[i].rural, 1])
    institution = at_home(room, ways, knobs, max(level, P0), traits[i].town, day)
    if institution < 0:
        return count
    keep_span(room, i, day - 1, left)
    illness = knobs.ordinary + (CAESAREAN_ROW if cut else DELIVERY_ROW)
    complicated = uniform(room.state) < knobs.complication
    severity = (COMPLICATED if complicated else ORDINARY_DELIVERY) * knobs.delivery
    count = write_stay(
        room, count, ways, knobs, i, traits[i].number, cover, day - 1 if day > 0 else 0, left,
        CAESAREAN if cut else DELIVERY, illness, institution, HOME, severity, DIRECT,
    )  # fmt: skip
    set_field(room.slips, count, BABIES, traits[i].babies)
    set_field(room.slips, count, COMPLICATION, 1 if complicated else 0)
    return count


@inner
def free_until(room: Any, i: int, day: int) -> int:
    """The first day after `day` on which another stay begins; -1 when `day` falls into a stay or its two days around."""
    nearest = NEVER
    for n in range(room.numbers[i]):
        if room.spans[i, n, 0] - 2 <= day <= room.spans[i, n, 1] + 2:
            return -1
        if room.spans[i, n, 0] > day:
            nearest = min(nearest, room.spans[i, n, 0])
    return nearest


@inner
def one_stay(
    room: Any, count: int, traits: Any, covers: Any, ways: Any, knobs: Any, i: int, day: int, last: bool,
) -> int:  # fmt: skip
    """Write one stay that begins on a day, and its second leg after a transfer; `last`: it ends with the person's death."""
    if day < traits[i].born or day > traits[i].died:
        return count
    next_stay = free_until(room, i, day)
    cover = cover_on(covers, traits[i].cover_at, traits[i].cover_to, day)
    if next_stay < 0 or cover < 0:
        return count
    scheme = covers[cover].scheme - 1
    group = traits[i].group
    epidemic = knobs.epidemic_from <= day < knobs.epidemic_to and even(room.even, IN_EPIDEMIC) < knobs.epidemic / max(traits[i].stays, 0.01)
    illness = pick(room.state, ways.chances[1, season_of(day), traits[i].sex, group])
    if traits[i].disease >= 0 and uniform(room.state) < 0.35 and ways.of_disease[traits[i].disease, 0] >= 0:
        treated = ways.of_disease[traits[i].disease, 0]
        if treated < knobs.ordinary:
            illness = treated
    if ways.illness[illness].infant == 1 and day - traits[i].born > 60:
        illness = 0
    if epidemic:
        illness = knobs.pneumonia
    spread = knobs.spread[scheme]
    severity = math.exp(spread * normal(room.state) - spread * spread / 2) * (2.2 if last else 1.0)
    if epidemic:
        severity = min(severity, ORDINARY)
    offsite = offsite_class(room, traits, knobs, i, scheme, severity)
    level = pick(room.state, ways.levels[1, scheme, traits[i].rural, tilt_of(severity)])
    if offsite == HOME:
        institution = at_home(room, ways, knobs, max(level, P0), traits[i].town, day)
    else:
        area = traits[i].away if offsite == traits[i].habit else (knobs.neighbour_area if offsite == NEIGHBOUR else knobs.areas)
        institution = away(room, ways, knobs, area, max(level, L3 if offsite == REFERRED else level), day)
        if institution < 0:
            offsite, institution = HOME, at_home(room, ways, knobs, max(level, P0), traits[i].town, day)
    if institution < 0:
        return count
    length = max(int(ways.illness[illness].days * math.exp(0.4 * normal(room.state)) * (0.75 + 0.25 * min(severity, 4.0)) + 0.5), 1)
    kind, marks = INPATIENT, DIRECT
    if ways.illness[illness].surgery == 1 and uniform(room.state) < knobs.day_surgery:
        kind, length = DAY_SURGERY, 1
    elif ways.illness[illness].long == 1 and uniform(room.state) < knobs.long_bed:
        marks |= LONG_BED
    if ways.illness[illness].injury == 1:
        if uniform(room.state) < knobs.third_party:
            marks |= THIRD_PARTY
        elif uniform(room.state) < knobs.work_injury:
            marks |= WORK_INJURY
    if offsite != HOME and not settled_there(room, knobs, offsite):
        marks &= ~DIRECT
    if epidemic:
        marks |= EPIDEMIC
    length = min(length, 170)
    left = traits[i].died if last else min(day + length, traits[i].died)
    left = min(left, next_stay - 3)
    if left < day or room.numbers[i] >= SPANS - 1:
        return count
    habit = ways.houses[institution].habit
    fault = NONE
    if habit > 0 and kind == INPATIENT and not last and uniform(room.state) < knobs.fault_rate * 4:
        fault = habit
        if fault == EMPTY_BED or fault == INDUCED or fault == FALSE_TREATMENT:
            severity = min(severity, 0.5)
            left = min(day + 6 + below(room.state, 4), left)
    if fault == SPLIT_STAY and left - day > 7 and left < knobs.days - 2:
        middle = day + (left - day) // 2
        count = write_stay(
            room, count, ways, knobs, i, traits[i].number, cover, day, middle, kind, illness, institution, offsite,
            severity, marks,
        )  # fmt: skip
        set_field(room.slips, count, FAULT, SPLIT_STAY)
        keep_span(room, i, day, middle)
        day = middle + 1
    keep_span(room, i, day, left)
    before = count
    count = write_stay(
        room, count, ways, knobs, i, traits[i].number, cover, day, left, kind, illness, institution, offsite,
        severity, marks,
    )  # fmt: skip
    if count > before:
        set_field(room.slips, count, FAULT, fault)
    if kind == INPATIENT and fault == NONE and offsite == HOME and not last and severity > 1.2 and uniform(room.state) < knobs.transfer * 4:
        count = second_leg(room, count, traits, covers, ways, knobs, i, cover, left, illness, severity)
    return count


@inner
def second_leg(
    room: Any, count: int, traits: Any, covers: Any, ways: Any, knobs: Any, i: int, cover: int, left: int, illness: int, severity: float,
) -> int:  # fmt: skip
    """Write the second leg of a transfer 转院第二程, at a higher level or outside the city."""
    day = left + below(room.state, 2)
    if day >= knobs.days - 20 or day + 3 > traits[i].died:
        return count
    outside = uniform(room.state) < knobs.transfer_outside
    institution = away(room, ways, knobs, knobs.areas, L3P, day) if outside else at_home(room, ways, knobs, L3, traits[i].town, day)
    if institution < 0:
        return count
    until = min(day + 5 + below(room.state, 12), traits[i].died)
    for n in range(room.numbers[i]):
        if room.spans[i, n, 0] > left and room.spans[i, n, 0] <= until + 2:
            return count
    keep_span(room, i, day, until)
    marks = TRANSFERRED if outside and not settled_there(room, knobs, REFERRED) else DIRECT | TRANSFERRED
    return write_stay(
        room, count, ways, knobs, i, traits[i].number, cover, day, until, INPATIENT, illness, institution,
        REFERRED if ways.houses[institution].area != 0 else HOME, severity * 1.3, marks,
    )  # fmt: skip


@inner
def planted_stays(
    room: Any, count: int, traits: Any, covers: Any, ways: Any, knobs: Any, i: int,
) -> int:  # fmt: skip
    """Write the stays that a person's own fraud invents: a stay claimed with forged papers, or one that overlaps another."""
    if traits[i].group < 2 or uniform(room.state) >= knobs.fault_persons:
        return count
    forged = room.numbers[i] == 0 or uniform(room.state) < 0.5
    day = 20 + below(room.state, knobs.days - 60) if forged else max(room.spans[i, 0, 0], 0)
    left = day + 5 + below(room.state, 10)
    cover = cover_on(covers, traits[i].cover_at, traits[i].cover_to, day)
    if cover < 0 or left >= knobs.days or left > traits[i].died or (forged and free_until(room, i, day) <= left + 2):
        return count
    institution = away(room, ways, knobs, knobs.areas, L3, day) if forged else at_home(room, ways, knobs, P0, traits[i].town, day)
    if institution < 0:
        return count
    if forged:
        keep_span(room, i, day, left)
    outside = ways.houses[institution].area != 0
    count = write_stay(
        room, count, ways, knobs, i, traits[i].number, cover, day, left, INPATIENT, below(room.state, knobs.ordinary),
        institution, SELF_REFERRED if outside else HOME, 3.0 if forged else 0.8, 0 if forged else DIRECT,
    )  # fmt: skip
    set_field(room.slips, count, FAULT, FORGED_PAPERS if forged else OVERLAPPING_STAYS)
    return count


@numba.njit(cache=True, error_model="numpy", nogil=True)
def make_stays(room: Any, traits: Any, covers: Any, ways: Any, figures: Any) -> int:
    """Write every stay of the bucket's year into `room`; returns how many there are, written or not.

    traits, covers, ways  as ways.py packs them
    figures               ways.knob_records
    """
    count, knobs, days = 0, figures[0], np.empty(SPANS, np.int64)
    for kind in range(EVENS):
        room.even[kind] = mixed(knobs.key + np.uint64(kind + 1))
    for i in range(traits.shape[0]):
        if traits[i].died < 0 or traits[i].born >= knobs.days:
            room.pending[i, P_STATE] = 0
            continue
        begin(room.state, knobs.key, traits[i].number)
        count = resume(room, count, traits, covers, ways, knobs, i)
        if traits[i].expecting < knobs.days:
            count = deliver(room, count, traits, covers, ways, knobs, i)
        if traits[i].died < knobs.days and uniform(room.state) < knobs.last_stay:
            day = max(traits[i].died - 1 - below(room.state, 18), 0)
            count = one_stay(room, count, traits, covers, ways, knobs, i, day, True)
        planned = min(counted(even(room.even, STAYS_OF_POOR if traits[i].poor == 1 else STAYS), traits[i].stays), SPANS - 4)
        for n in range(planned):
            days[n] = below(room.state, knobs.days)
        days[:planned].sort()
        for n in range(planned):
            if room.pending[i, P_STATE] == 0:
                count = one_stay(room, count, traits, covers, ways, knobs, i, days[n], False)
        count = planted_stays(room, count, traits, covers, ways, knobs, i)
    return count
