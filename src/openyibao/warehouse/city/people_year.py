"""What happens to a bucket's people in a year 人口一年: deaths, births, moves, hiring, retirement, lapses and renewals.

Every year ends with the same counts by scheme and kind of job as the profile states: what a death, a retirement or a lost job takes away,
hiring and renewal give back. Retirement and in-window renewal take effect on 1 January; everything else on a day of the year.
"""

from typing import NamedTuple

import numpy as np

from openyibao.kernel.codes import EMPLOYEE, RESIDENT, WHOLE
from openyibao.kernel.enrolment import day_months_after, gap_years, resident_wait
from openyibao.warehouse.city.bucketful import (
    ARRIVAL,
    BIRTH,
    EMPLOYED,
    FLEXIBLE,
    NO_JOB,
    RENEWAL,
    RETIREE,
    RETIREMENT,
    SWITCH,
    WORK,
    Bucketful,
    days_of,
    lognormal,
)
from openyibao.warehouse.city.draws import Array, chosen, even, spread
from openyibao.warehouse.city.people_first import FEMALE, MALE, employers_for, habits, hire, means, needs
from openyibao.warehouse.city.registers import jobs, town_shares
from openyibao.warehouse.city.size import part, scaled
from openyibao.warehouse.tables.schema import BUCKET

DAYS, MONTHS = 365, 12
WOMEN_EARLIER = 5 * 10_000
YOUNGEST_RETIREE = 45
MOVERS = (20, 45)


class Fates(NamedTuple):
    """Who meets what in a year: rows, apart from each other."""

    dying: Array
    retiring: Array
    losing: Array  # their job
    hired: Array
    kinds: Array  # of the hired: kind of job, -1 = flexible
    leaving: Array  # the city
    lapsing: Array
    renewing: Array
    mothers: Array
    arriving: int


def live_a_year(full: Bucketful, year: int) -> None:
    """Let a year go by."""
    fates = fates_of(full, year)
    new_year(full, year, fates)
    full.open_year(year)
    job_changes(full, year, fates)
    lose_jobs(full, year, fates)
    take_jobs(full, year, fates)
    late_renewals(full, year, fates)
    leave(full, year, fates)
    die(full, year, fates)
    come(full, year, fates)
    needs(full, year)


def without(weights: Array, *rows: Array) -> Array:
    """Weights with some rows taken out."""
    found = weights.astype(float)
    for some in rows:
        found[some] = 0
    return found


def fates_of(full: Bucketful, year: int) -> Fates:
    """Draw who meets what, so that the year ends on the quotas."""
    p, quota, profile = full.p, full.quota, full.ground.profile
    here, age, sex = full.here(), full.age(year), full.p["sex"]
    dying = dying_rows(full, year)
    staying = without(here, dying)
    mothers = mothers_of(full, year, staying)
    births = len(mothers)
    net = full.living - (int(staying.sum()) + births)
    retiring = retiring_rows(full, year, staying)
    rng = full.rng(year, "jobs")
    employed = without(staying * (p["job"] == EMPLOYED), retiring)
    losing = chosen(rng, without(employed, mothers), int(employed.sum()) * profile.whole("moves.job_loss") // WHOLE)
    employed = without(employed, losing)
    wanted = np.maximum(quota.jobs - np.bincount(p["kind"][employed > 0], minlength=len(quota.jobs)), 0)
    flexible = max(quota.flexible - int(without(staying * (p["job"] == FLEXIBLE), retiring).sum()), 0)
    resident = staying * (p["scheme"] == RESIDENT)
    key = (p["poor"] == 1) | (p["aid"] > 0)
    young = np.where((age >= 18) & (age < 46), np.where(age < 28, 3.0, 1.0), 0.0)
    kinds = rng.permutation(np.append(np.repeat(np.arange(len(wanted)), wanted), np.full(flexible, -1)))
    hired = chosen(rng, without(resident * young * np.where(key, 0.1, 1.0), mothers), len(kinds))
    kinds = kinds[: len(hired)]
    rng = full.rng(year, "moves")
    mobile = without(resident * ~key * ((age >= MOVERS[0]) & (age < MOVERS[1])), mothers, hired)
    leaving = chosen(rng, mobile, max(-net, 0))
    covered = int(resident.sum()) - len(hired) + len(losing) - len(leaving) + covered_births(full, births) + max(net, 0)
    pool = staying * (p["scheme"] == 0)
    missing, able = quota.resident - covered, int(pool.sum())
    wish = int(resident.sum()) * profile.whole("moves.lapse") // WHOLE
    renewals = min(max(missing + min(wish, able), missing, 0), able)
    lapsing = chosen(rng, without(mobile + 0.05 * resident * ~key * (age >= 16), mothers, hired, leaving), max(renewals - missing, 0))
    renewing = chosen(rng, pool * np.where(sex == MALE, 1.0, 1.1), renewals)
    return Fates(dying, retiring, losing, hired, kinds, leaving, lapsing, renewing, mothers, max(net, 0))


def dying_rows(full: Bucketful, year: int) -> Array:
    """Who dies, by age and sex."""
    profile, n = full.ground.profile, full.count
    groups = np.array(profile.series("people.age_groups"))
    group = np.searchsorted(groups, np.clip(full.age(year)[:n], 0, 120), side="right") - 1
    tables = np.array([profile.series("people.deaths_male"), profile.series("people.deaths_female")])
    chance = tables[full.p["sex"][:n] - MALE, group] / WHOLE
    return np.flatnonzero((full.rng(year, "deaths").random(n) < chance) & (full.here()[:n] == 1))


def mothers_of(full: Bucketful, year: int, staying: Array) -> Array:
    """The mothers of the year's newborns, by age; one child each, none two years running."""
    profile = full.ground.profile
    groups = np.array(profile.series("people.age_groups"))
    group = np.searchsorted(groups, np.clip(full.age(year), 0, 120), side="right") - 1
    weight = np.array(profile.series("people.fertility"), float)[group] * (full.p["sex"] == FEMALE) * staying * (full.p["scheme"] > 0)
    recent = full.p["mother"][full.p["born"] // 10_000 == year - 1]
    return chosen(full.rng(year, "births"), without(weight, recent[recent >= 0]), full.living * profile.whole("people.births") // WHOLE)


def covered_births(full: Bucketful, births: int) -> int:
    """How many newborns are insured in their first year."""
    return births * full.ground.profile.whole("moves.newborn_cover") // WHOLE


def retiring_rows(full: Bucketful, year: int, staying: Array) -> Array:
    """The oldest at work take the places of the retirees who died: of the city, the prefecture and the province, each among its own."""
    p, found = full.p, []
    run_by = np.array([job.run_by for job in jobs(full.ground.profile)] + [1])
    of_row = run_by[p["kind"]]
    for runner in np.unique(run_by):
        target = int(full.quota.retired[run_by[:-1] == runner].sum())
        has = int((staying * (p["job"] == RETIREE) * (of_row == runner)).sum())
        working = ((p["job"] == EMPLOYED) | (p["job"] == FLEXIBLE)) & (of_row == runner) & (full.age(year) >= YOUNGEST_RETIREE)
        rows = np.flatnonzero(staying * working)
        order = np.argsort(p["born"][rows] - np.where(p["sex"][rows] == FEMALE, WOMEN_EARLIER, 0), kind="stable")
        found.append(rows[order[: max(target - has, 0)]])
    return np.sort(np.concatenate(found))


def new_year(full: Bucketful, year: int, fates: Fates) -> None:
    """What takes effect on 1 January: retirement, cover not renewed, cover renewed in the window."""
    p, day, profile = full.p, year * 10_000 + 101, full.ground.profile
    rows = fates.retiring
    full.record(rows, day)
    p["job"][rows], p["since"][rows], p["reason"][rows], p["wait"][rows] = RETIREE, day, RETIREMENT, 0
    sigma = profile.whole("wages.pension_spread") / 100
    p["pension"][rows] = lognormal(even(full.rng(year, "pensions"), len(rows)), profile.value("wages.pension") * 100, sigma)
    full.record(fates.lapsing, day)
    p["scheme"][fates.lapsing], p["covered"][fates.lapsing] = 0, year - 1
    rows = fates.renewing[~is_late(full, year, fates)]
    p["scheme"][rows], p["since"][rows], p["reason"][rows], p["wait"][rows] = RESIDENT, day, RENEWAL, waits(full, year, rows, 0, day)


def is_late(full: Bucketful, year: int, fates: Fates) -> Array:
    """Which of the renewing missed the collection window."""
    return full.rng(year, "late").random(len(fates.renewing)) < full.ground.profile.whole("moves.late") / WHOLE


def waits(full: Bucketful, year: int, rows: Array, late: int, days: Array | int) -> Array:
    """The first day after each one's waiting period, by the law of the year; 0 = none."""
    terms = full.ground.terms[year].resident_wait
    found = np.zeros(len(rows), np.int64)
    for place, (through, day) in enumerate(zip(full.p["covered"][rows].tolist(), np.broadcast_to(days, rows.shape).tolist(), strict=True)):
        months = resident_wait(gap_years(through, year, terms), 0, late, 0, terms)
        found[place] = day_months_after(day, months) if months else 0
    return found


def first_day(year: int, month: Array) -> Array:
    """The first day of months 1 to 13 of a year; 13 is the next January."""
    return np.where(month > MONTHS, (year + 1) * 10_000 + 101, year * 10_000 + month * 100 + 1)


def job_changes(full: Bucketful, year: int, fates: Fates) -> None:
    """Some at work go to another employer of the same kind, without a gap."""
    p, rng, profile = full.p, full.rng(year, "job changes"), full.ground.profile
    able = without(full.here() * (p["job"] == EMPLOYED), fates.dying, fates.losing)
    rows = chosen(rng, able, int(able.sum()) * profile.whole("moves.job_change") // WHOLE)
    month = rng.integers(2, MONTHS + 1, len(rows))
    day = first_day(year, month)
    full.record(rows, day)
    p["employer"][rows] = employers_for(full, p["kind"][rows], rng)
    p["since"][rows], p["reason"][rows], p["wait"][rows] = day, WORK, 0
    full.changed[rows], full.employer_now[rows] = month, p["employer"][rows]


def lose_jobs(full: Bucketful, year: int, fates: Fates) -> None:
    """Some lose their job and join the residents the month after."""
    p, rows = full.p, fates.losing
    month = full.rng(year, "job losses").integers(1, MONTHS, len(rows))
    day = first_day(year, month + 1)
    full.stop(rows, month, day, last_day=days_before(day))
    p["job"][rows], p["kind"][rows], p["employer"][rows] = NO_JOB, -1, -1
    full.start(rows, RESIDENT, month + 1, day, SWITCH)


def days_before(day: Array) -> Array:
    """The day before the first of a month."""
    year, month = day // 10_000, day // 100 % 100
    return days_of(year, (np.asarray((year - 1970) * 12 + month - 1).astype("datetime64[M]").astype("datetime64[D]")
                          - np.asarray(year - 1970).astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64) - 1)  # fmt: skip


def take_jobs(full: Bucketful, year: int, fates: Fates) -> None:
    """Residents take up work; a few stay enrolled as residents too, which is planted and labelled."""
    p, rng, rows = full.p, full.rng(year, "hiring"), fates.hired
    month = rng.integers(1, MONTHS + 1, len(rows))
    day = first_day(year, month)
    city, profile = full.ground.city, full.ground.profile
    planted = scaled(city, profile.whole("enrolled.employee")) * profile.whole("moves.duplicate") // WHOLE
    wanted = part(planted, city, full.bucket)
    twice = chosen(rng, np.ones(len(rows)), wanted)
    full.record(rows[twice], (year + 1) * 10_000 + 101, duplicate=True)
    p["double"][rows[twice]] = year
    once = np.setdiff1d(np.arange(len(rows)), twice, assume_unique=True)
    full.stop(rows[once], month[once] - 1, day[once], last_day=days_before(day[once]))
    p["kind"][rows] = fates.kinds
    for job, mine in ((EMPLOYED, fates.kinds >= 0), (FLEXIBLE, fates.kinds < 0)):
        p["job"][rows[mine]], p["employer"][rows[mine]] = job, -1
        hire(full, rows[mine], rng, job)
    p["opening"][rows] = 0
    full.start(rows, EMPLOYEE, month, day, WORK)
    full.employer_then[rows] = full.employer_now[rows] = p["employer"][rows]
    full.job_now[rows] = p["job"][rows]


def late_renewals(full: Bucketful, year: int, fates: Fates) -> None:
    """Who missed the window joins in the year, and waits where the law says so."""
    rows = fates.renewing[is_late(full, year, fates)]
    month = full.rng(year, "late months").integers(2, 10, len(rows))
    day = first_day(year, month)
    full.start(rows, RESIDENT, month, day, RENEWAL, waits(full, year, rows, 1, day))


def leave(full: Bucketful, year: int, fates: Fates) -> None:
    """Some move away; their cover ends with the month."""
    rows = fates.leaving
    month = full.rng(year, "leaving").integers(1, MONTHS, len(rows))
    day = first_day(year, month + 1)
    full.stop(rows, month, day, last_day=days_before(day))
    full.p["scheme"][rows], full.p["gone"][rows], full.p["resident"][rows] = 0, year, 0


def die(full: Bucketful, year: int, fates: Fates) -> None:
    """Deaths; cover ends the next day."""
    p, rows = full.p, fates.dying
    offset = full.rng(year, "days of death").integers(0, DAYS - 1, len(rows))
    p["died"][rows] = days_of(year, offset)
    covered = p["scheme"][rows] > 0
    after = days_of(year, offset + 1)
    full.stop(rows[covered], p["died"][rows[covered]] // 100 % 100, after[covered], last_day=p["died"][rows[covered]])


def come(full: Bucketful, year: int, fates: Fates) -> None:
    """Newborns, and people who move in; so many of them with local register that its count holds."""
    p, rng, profile = full.p, full.rng(year, "arrivals"), full.ground.profile
    births = full.new_rows(len(fates.mothers))
    p["sex"][births] = np.where(rng.random(len(births)) < profile.whole("people.boys") / WHOLE, MALE, FEMALE)
    p["born"][births] = days_of(year, rng.integers(0, DAYS, len(births)))
    p["mother"][births], p["household"][births], p["town"][births] = fates.mothers, p["household"][fates.mothers], p["town"][fates.mothers]
    p["resident"][births] = 1
    insured = births[: covered_births(full, len(births))]
    full.start(insured, RESIDENT, p["born"][insured] // 100 % 100, p["born"][insured], BIRTH)
    moved = full.new_rows(fates.arriving)
    p["sex"][moved] = rng.integers(MALE, FEMALE + 1, len(moved))
    p["born"][moved] = days_of(year - rng.integers(*MOVERS, len(moved)), rng.integers(0, DAYS, len(moved)))
    p["household"][moved] = full.bucket * BUCKET + moved
    p["town"][moved] = spread(rng, town_shares(profile), len(moved))
    p["resident"][moved] = 1
    day = first_day(year, rng.integers(1, MONTHS + 1, len(moved)))
    full.start(moved, RESIDENT, day // 100 % 100, day, ARRIVAL)
    new = np.concatenate([births, moved])
    missing = full.quota.registered - int((full.here() * p["local"]).sum())
    p["local"][new[: max(missing, 0)]] = 1
    means(full, new, year)
    habits(full, new)
