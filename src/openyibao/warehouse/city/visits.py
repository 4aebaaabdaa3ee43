"""A person's other visits of a year 门诊、购药: outpatient, chronic, two-disease, dialysis, dual channel, check-ups, pharmacies, rescue.

Each falls on a day with cover (else it is no bill of the insurance) and outside the person's stays; the exceptions are planted and say so.
"""

import math
from typing import Any

import numpy as np

from openyibao.kernel.codes import (
    CHRONIC,
    DIALYSIS,
    DUAL_CHANNEL,
    EMERGENCY,
    EMPLOYEE,
    HOME,
    L1,
    L2,
    L3,
    MISCARRIAGE_EARLY,
    MISCARRIAGE_LATE,
    OUTPATIENT,
    P0,
    PHARMACY,
    PRENATAL,
    RESCUE,
    RESIDENT,
    SELF_REFERRED,
    TWO_DISEASE,
)  # fmt: skip
from openyibao.kernel.law import compilable
from openyibao.warehouse.cache import cache_folder
from openyibao.warehouse.city.chance import about, begin, below, counted, even, inner, mixed, normal, pick, poisson, uniform
from openyibao.warehouse.city.patterns import (
    AFTER_DEATH,
    CARD_BUNDLE,
    DUPLICATE_BENEFIT,
    FALSE_IDENTITY,
    NONE,
    RESOLD_DRUGS,
    UNCOVERED,
    VISIT_DURING_STAY,
)  # fmt: skip
from openyibao.warehouse.city.places import PHARMACIES
from openyibao.warehouse.city.slips import (
    ACCOUNT_REFUSED,
    DIRECT,
    DISEASE,
    FAULT,
    NEVER,
    NOT_GRANTED,
    OTHER,
    PRACTITIONER,
    SESSIONS,
    TWO,
    add_mark,
    drop_mark,
    set_field,
    write_slip,
)  # fmt: skip
from openyibao.warehouse.city.stays import at_home, away, claims_maternity, cover_on, doctor, season_of, tilt_of
from openyibao.warehouse.city.ways import CHRONIC_OF_POOR, OF_TWO_DISEASES

numba = compilable(cache_folder())

PRENATAL_ROW, MISCARRIAGE_ROW, DIALYSIS_ROW, TRANSPLANT_ROW, DUAL_ROW, PHARMACY_ROW = 2, 3, 4, 5, 6, 7
"""Special illnesses, after the ordinary ones."""
AGED_18, AGED_60 = 2, 4
DUAL_KEY = np.uint64(77)


@inner
def in_stay(room: Any, i: int, day: int) -> bool:
    """Whether a day falls into one of the person's stays."""
    found = False
    for n in range(room.numbers[i]):
        found = found or room.spans[i, n, 0] <= day <= room.spans[i, n, 1]
    return found


@inner
def free_day(room: Any, traits: Any, i: int, first: int, last: int) -> int:
    """A day from first to last on which the person lives and lies in no hospital; -1 when three tries find none."""
    if last < first:
        return -1
    for _ in range(3):
        day = first + below(room.state, last - first + 1)
        if traits[i].born <= day <= traits[i].died and not in_stay(room, i, day):
            return day
    return -1


@inner
def write_visit(
    room: Any, count: int, traits: Any, ways: Any, knobs: Any, i: int, cover: int, day: int, kind: int, illness: int,
    institution: int, offsite: int, severity: float,
) -> int:  # fmt: skip
    """Write the slip of a visit that is no stay."""
    count = write_slip(
        room.slips, count, i, cover, day, kind, illness, institution, ways.houses[institution].level, 0, 0 - NEVER, offsite, severity,
    )  # fmt: skip
    set_field(room.slips, count, PRACTITIONER, doctor(ways, institution, traits[i].number))
    if uniform(room.state) < knobs.account_refused:
        add_mark(room.slips, count, ACCOUNT_REFUSED)
    unfiled = offsite == EMERGENCY or offsite == SELF_REFERRED
    if offsite != HOME and uniform(room.state) >= (knobs.direct_unfiled if unfiled else knobs.direct):
        drop_mark(room.slips, count, DIRECT)
    return count


@inner
def where(room: Any, traits: Any, ways: Any, knobs: Any, i: int, level: int, day: int) -> int:
    """The institution of a visit: near home, or where the person usually is."""
    if traits[i].habit != HOME and uniform(room.state) < knobs.habit:
        found = away(room, ways, knobs, traits[i].away, max(level, L1), day)
        if found >= 0:
            return found
    return at_home(room, ways, knobs, level, traits[i].town, day)


@inner
def outpatient(
    room: Any, count: int, traits: Any, covers: Any, ways: Any, knobs: Any,
    i: int,
) -> int:  # fmt: skip
    """Write ordinary outpatient visits 普通门诊."""
    for _ in range(poisson(room.state, traits[i].visits)):
        day = free_day(room, traits, i, 0, knobs.days - 1)
        if day < 0:
            continue
        cover = cover_on(covers, traits[i].cover_at, traits[i].cover_to, day)
        if cover < 0:
            continue
        severity = math.exp(knobs.visit_spread * normal(room.state) - knobs.visit_spread * knobs.visit_spread / 2)
        illness = pick(room.state, ways.chances[0, season_of(day), traits[i].sex, traits[i].group])
        level = pick(room.state, ways.levels[0, covers[cover].scheme - 1, traits[i].rural, tilt_of(severity)])
        institution = where(room, traits, ways, knobs, i, level, day)
        if institution < 0:
            continue
        offsite = traits[i].habit if ways.houses[institution].area != 0 else HOME
        count = write_visit(room, count, traits, ways, knobs, i, cover, day, OUTPATIENT, illness, institution, offsite, severity)
        habit = ways.houses[institution].habit
        if habit < 0 and uniform(room.state) < knobs.fault_rate:
            set_field(room.slips, count, FAULT, -habit)
        elif covers[cover].duplicate == 1:
            set_field(room.slips, count, FAULT, DUPLICATE_BENEFIT)
    return count


@inner
def chronic(
    room: Any, count: int, traits: Any, covers: Any, ways: Any, knobs: Any,
    i: int,
) -> int:  # fmt: skip
    """Write the visits of somebody on the chronic list 门诊慢特病, dialysis by the month, and dual-channel drugs."""
    disease, other = traits[i].disease, traits[i].other
    if disease < 0:
        return count
    severe = ways.of_disease[disease, 1] == 1
    dialysed = disease == knobs.dialysis_slot and knobs.dialysis_present == 1
    if dialysed:
        planned = 12
    else:
        often = knobs.severe_visits if severe else knobs.chronic
        poor = traits[i].poor == 1
        planned = counted(even(room.even, CHRONIC_OF_POOR), often * knobs.poor_chronic) if poor else poisson(room.state, often)
    for n in range(planned):
        first, last = (n * knobs.days // 12, (n + 1) * knobs.days // 12 - 1) if dialysed else (0, knobs.days - 1)
        day = free_day(room, traits, i, max(first, last - 4) if dialysed else first, last)
        if day < 0 or (day < traits[i].grant < NEVER and uniform(room.state) > 0.02):
            continue
        cover = cover_on(covers, traits[i].cover_at, traits[i].cover_to, day)
        if cover < 0:
            continue
        second = other >= 0 and uniform(room.state) < 0.3 and day >= traits[i].other_grant and not dialysed
        treated = other if second else disease
        illness = ways.of_disease[treated, 0]
        if dialysed:
            illness = knobs.ordinary + DIALYSIS_ROW
        elif illness < 0:
            illness = 0
        level = L2 + below(room.state, 2) if severe else pick(room.state, ways.levels[0, covers[cover].scheme - 1, traits[i].rural, 2])
        institution = where(room, traits, ways, knobs, i, max(level, P0), day)
        if institution < 0:
            continue
        offsite = traits[i].habit if ways.houses[institution].area != 0 else HOME
        severity = math.exp(0.3 * normal(room.state) - 0.045)
        kind = DIALYSIS if dialysed else CHRONIC
        count = write_visit(room, count, traits, ways, knobs, i, cover, day, kind, illness, institution, offsite, severity)
        set_field(room.slips, count, DISEASE, treated)
        if other >= 0:
            set_field(room.slips, count, OTHER, disease if second else other)
        if dialysed:
            set_field(room.slips, count, SESSIONS, max(about(room.state, knobs.sessions + normal(room.state)), 1))
        if (traits[i].other_grant if second else traits[i].grant) > day:
            add_mark(room.slips, count, NOT_GRANTED)
        if ways.houses[institution].habit < 0 and uniform(room.state) < knobs.fault_rate:
            set_field(room.slips, count, FAULT, -ways.houses[institution].habit)
    if severe and not dialysed and knobs.dual_present == 1:
        count = dual_channel(room, count, traits, covers, ways, knobs, i)
    return count


@inner
def dual_channel(
    room: Any, count: int, traits: Any, covers: Any, ways: Any, knobs: Any, i: int
) -> int:
    """Write dual-channel drugs 双通道 for the few who take them; the same persons every year."""
    if (mixed(traits[i].number + DUAL_KEY) % np.uint64(10_000)) / 10_000 >= knobs.dual_channel:
        return count
    for month in range(12):
        if uniform(room.state) < 0.3:
            continue
        day = free_day(room, traits, i, month * 30, month * 30 + 27)
        if day < 0 or day < traits[i].grant < NEVER:
            continue
        cover = cover_on(covers, traits[i].cover_at, traits[i].cover_to, day)
        level = PHARMACIES if uniform(room.state) < 0.5 else L3
        institution = at_home(room, ways, knobs, level, traits[i].town, day)
        if cover < 0 or institution < 0:
            continue
        count = write_visit(
            room, count, traits, ways, knobs, i, cover, day, DUAL_CHANNEL, knobs.ordinary + DUAL_ROW, institution,
            HOME, 1.0,
        )  # fmt: skip
        set_field(room.slips, count, DISEASE, traits[i].disease)
    return count


@inner
def two_diseases(
    room: Any, count: int, traits: Any, covers: Any, ways: Any, knobs: Any,
    i: int,
) -> int:  # fmt: skip
    """Write the drugs of the two diseases 两病门诊用药 of registered residents."""
    if traits[i].two == 0:
        return count
    for _ in range(counted(even(room.even, OF_TWO_DISEASES), knobs.two_diseases)):
        day = free_day(room, traits, i, 0, knobs.days - 1)
        if day < 0:
            continue
        cover = cover_on(covers, traits[i].cover_at, traits[i].cover_to, day)
        if cover < 0 or covers[cover].scheme != RESIDENT:
            continue
        bit = traits[i].two
        if bit == 3:
            bit = 1 + below(room.state, 2)
        level = min(pick(room.state, ways.levels[0, 1, traits[i].rural, 0]), L2)
        institution = where(room, traits, ways, knobs, i, level, day)
        if institution < 0:
            continue
        offsite = traits[i].habit if ways.houses[institution].area != 0 else HOME
        count = write_visit(
            room, count, traits, ways, knobs, i, cover, day, TWO_DISEASE, knobs.hypertension if bit == 1 else knobs.diabetes, institution,
            offsite, 0.8,
        )  # fmt: skip
        set_field(room.slips, count, TWO, bit)
    return count


@inner
def pharmacy(
    room: Any, count: int, traits: Any, covers: Any, ways: Any, knobs: Any, i: int
) -> int:
    """Write purchases at pharmacies 药店购药, paid from the account; at a pharmacy with bad habits a purse of cards comes on one day."""
    for _ in range(poisson(room.state, traits[i].pharmacy)):
        day = free_day(room, traits, i, 0, knobs.days - 1)
        if day < 0:
            continue
        cover = cover_on(covers, traits[i].cover_at, traits[i].cover_to, day)
        if cover < 0 or covers[cover].scheme != EMPLOYEE:
            continue
        institution = at_home(room, ways, knobs, PHARMACIES, traits[i].town, day)
        if institution < 0:
            continue
        fault = NONE
        if ways.houses[institution].habit < 0 and uniform(room.state) < knobs.fault_rate * 5:
            fault = -ways.houses[institution].habit
            together = int(mixed(np.uint64(institution)) % np.uint64(knobs.days))
            if fault == CARD_BUNDLE and not in_stay(room, i, together) and traits[i].born <= together <= traits[i].died:
                if cover_on(covers, traits[i].cover_at, traits[i].cover_to, together) == cover:
                    day = together
        count = write_visit(
            room, count, traits, ways, knobs, i, cover, day, PHARMACY, knobs.ordinary + PHARMACY_ROW, institution,
            HOME, math.exp(0.5 * normal(room.state)),
        )  # fmt: skip
        set_field(room.slips, count, FAULT, fault)
    return count


@inner
def maternity(
    room: Any, count: int, traits: Any, covers: Any, ways: Any, knobs: Any, i: int
) -> int:
    """Write check-ups before a delivery 产前检查 of this year or the next, and miscarriages 流产."""
    if traits[i].sex == 1 and traits[i].expecting < knobs.days + 200 and claims_maternity(traits[i].number, knobs.delivered):
        for _ in range(about(room.state, knobs.prenatal * 0.7 + 0.6 * knobs.prenatal * uniform(room.state))):
            day = traits[i].expecting - 20 - below(room.state, 180)
            if day < 0 or day >= knobs.days or day > traits[i].died or in_stay(room, i, day):
                continue
            count = bound_visit(
                room, count, traits, covers, ways, knobs, i, day, PRENATAL, knobs.ordinary + PRENATAL_ROW, P0 + 1 + below(room.state, 4)
            )
    elif traits[i].sex == 1 and traits[i].group == AGED_18 and uniform(room.state) < knobs.miscarriage:
        day = free_day(room, traits, i, 0, knobs.days - 1)
        if day >= 0:
            kind = MISCARRIAGE_EARLY if uniform(room.state) < 0.8 else MISCARRIAGE_LATE
            count = bound_visit(room, count, traits, covers, ways, knobs, i, day, kind, knobs.ordinary + MISCARRIAGE_ROW, L2)
    return count


@inner
def bound_visit(
    room: Any, count: int, traits: Any, covers: Any, ways: Any, knobs: Any, i: int, day: int, kind: int,
    illness: int, level: int,
) -> int:  # fmt: skip
    """Write a visit whose kind and illness are given, near home."""
    cover = cover_on(covers, traits[i].cover_at, traits[i].cover_to, day)
    institution = at_home(room, ways, knobs, level, traits[i].town, day)
    if cover < 0 or institution < 0:
        return count
    offsite = HOME if ways.houses[institution].area == 0 else 2
    return write_visit(room, count, traits, ways, knobs, i, cover, day, kind, illness, institution, offsite, 1.0)


@inner
def planted_visits(
    room: Any, count: int, traits: Any, covers: Any, ways: Any, knobs: Any, i: int,
) -> int:  # fmt: skip
    """Write what fraud adds to a person's visits: after death, without cover, during a stay, on a borrowed card, drugs to sell on."""
    first, stop = traits[i].cover_at, traits[i].cover_to
    if 0 <= traits[i].died < knobs.days - 40 and first < stop and uniform(room.state) < knobs.after_death * 4:
        institution = at_home(room, ways, knobs, P0, traits[i].town, 0)
        if institution >= 0:
            day = traits[i].died + 3 + below(room.state, 30)
            count = write_visit(
                room, count, traits, ways, knobs, i, stop - 1, day, CHRONIC if traits[i].disease >= 0 else OUTPATIENT,
                knobs.hypertension, institution, HOME, 1.2,
            )  # fmt: skip
            set_field(room.slips, count, DISEASE, traits[i].disease)
            set_field(room.slips, count, FAULT, AFTER_DEATH)
        return count
    if uniform(room.state) < knobs.uncovered and first < stop:
        day = free_day(room, traits, i, 0, knobs.days - 1)
        institution = at_home(room, ways, knobs, L2, traits[i].town, max(day, 0))
        ended = -1
        for row in range(first, stop):
            if covers[row].ends <= day:
                ended = row
        if day >= 0 and institution >= 0 and ended >= 0 and cover_on(covers, first, stop, day) < 0:
            count = write_visit(room, count, traits, ways, knobs, i, ended, day, OUTPATIENT, 0, institution, HOME, 1.0)
            set_field(room.slips, count, FAULT, UNCOVERED)
    if room.numbers[i] > 0 and room.spans[i, 0, 1] - room.spans[i, 0, 0] > 4 and uniform(room.state) < knobs.fault_persons * 8:
        day = room.spans[i, 0, 0] + 2
        cover = cover_on(covers, first, stop, day)
        institution = at_home(room, ways, knobs, P0, traits[i].town, day)
        if cover >= 0 and institution >= 0 and 0 <= day < knobs.days:
            count = write_visit(room, count, traits, ways, knobs, i, cover, day, OUTPATIENT, knobs.hypertension, institution, HOME, 1.0)
            set_field(room.slips, count, FAULT, VISIT_DURING_STAY)
    if traits[i].group >= AGED_18 and uniform(room.state) < knobs.fault_persons:
        count = borrowed_or_resold(room, count, traits, covers, ways, knobs, i)
    return count


@inner
def borrowed_or_resold(
    room: Any, count: int, traits: Any, covers: Any, ways: Any, knobs: Any, i: int,
) -> int:  # fmt: skip
    """Write a run of purchases for sale (for somebody on the chronic list), else visits of another person on this one's card."""
    resold = traits[i].disease >= 0 and traits[i].grant <= 0
    for _ in range(24 if resold else 4):
        day = free_day(room, traits, i, 0, knobs.days - 1)
        if day < 0:
            continue
        cover = cover_on(covers, traits[i].cover_at, traits[i].cover_to, day)
        institution = at_home(room, ways, knobs, L2 if resold else L3, traits[i].town, day)
        if cover < 0 or institution < 0:
            continue
        kind = CHRONIC if resold else OUTPATIENT
        count = write_visit(
            room, count, traits, ways, knobs, i, cover, day, kind, knobs.hypertension if resold else below(room.state, knobs.ordinary),
            institution, HOME, 2.0,
        )  # fmt: skip
        if resold:
            set_field(room.slips, count, DISEASE, traits[i].disease)
        set_field(room.slips, count, FAULT, RESOLD_DRUGS if resold else FALSE_IDENTITY)
    return count


@inner
def rescue(
    room: Any, count: int, traits: Any, covers: Any, ways: Any, knobs: Any, i: int
) -> int:
    """Write an emergency rescue without admission 急诊抢救; likelier for the old, and on the day of a death."""
    if traits[i].died < knobs.days and uniform(room.state) < 0.06 and not in_stay(room, i, traits[i].died):
        day = traits[i].died
    elif uniform(room.state) < knobs.rescue * (2.5 if traits[i].group >= AGED_60 else 0.5):
        day = free_day(room, traits, i, 0, knobs.days - 1)
    else:
        return count
    if day < 0:
        return count
    return bound_visit(room, count, traits, covers, ways, knobs, i, day, RESCUE, knobs.ordinary - 1, L2)


@numba.njit(cache=True, error_model="numpy", nogil=True)
def make_visits(room: Any, count: int, traits: Any, covers: Any, ways: Any, figures: Any) -> int:
    """Write every other visit of the bucket's year after the first `count` slips; returns how many slips there are, written or not."""
    knobs = figures[0]
    for i in range(traits.shape[0]):
        if traits[i].born >= knobs.days or traits[i].died < -40:
            continue
        begin(room.state, mixed(knobs.key), traits[i].number)
        if traits[i].died >= 0:
            count = outpatient(room, count, traits, covers, ways, knobs, i)
            count = chronic(room, count, traits, covers, ways, knobs, i)
            count = two_diseases(room, count, traits, covers, ways, knobs, i)
            count = pharmacy(room, count, traits, covers, ways, knobs, i)
            count = maternity(room, count, traits, covers, ways, knobs, i)
            count = rescue(room, count, traits, covers, ways, knobs, i)
        count = planted_visits(room, count, traits, covers, ways, knobs, i)
    return count
