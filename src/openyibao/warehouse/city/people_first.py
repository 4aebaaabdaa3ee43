"""Who is there on the eve of the first year 起始人口: ages, households, schemes, jobs, needs, each in the numbers the profile says."""

import numpy as np

from openyibao.kernel.codes import DIABETES, EMPLOYEE, HYPERTENSION, RESIDENT, WHOLE
from openyibao.warehouse.city.bucketful import (
    BIRTH,
    EMPLOYED,
    FLEXIBLE,
    RENEWAL,
    RETIREE,
    RETIREMENT,
    WORK,
    Bucketful,
    days_of,
    lognormal,
)
from openyibao.warehouse.city.draws import Array, chosen, even, spread
from openyibao.warehouse.city.registers import GOVERNMENT, jobs, town_shares
from openyibao.warehouse.tables.schema import BUCKET

MALE, FEMALE = 1, 2
OLDEST = 99
MERGED = 20170101
"""Before it no span of residents starts: the schemes of town and country were merged about then."""
SINCE = 1995
HEAD_SHARE = 0.37
"""Heads of household among all."""
PEOPLE_A_HOUSEHOLD_JITTER = 40
ADULT, ELDER = 18, 60
LEAVING_WORK = {MALE: 60, FEMALE: 55}
RETIRED_FROM = {MALE: 60, FEMALE: 50}
FIXED_CATEGORIES = ("destitute", "orphan", "minimum_living", "returned_poor", "marginal", "illness_poor")


def people_on_the_eve(full: Bucketful) -> None:
    """Fill a bucket with everybody who lives in the city on the eve of the first year."""
    rows = full.new_rows(full.living)
    year = full.ground.city.years[0] - 1
    born(full, rows, year)
    scheme_and_job(full, year)
    live_together(full, rows, year)
    registered_where(full)
    means(full, rows, year)
    illnesses(full, year)
    needs(full, year)
    habits(full, rows)


def born(full: Bucketful, rows: Array, year: int) -> None:
    """Sex and day of birth in the profile's shares."""
    profile, rng = full.ground.profile, full.rng(0, "born")
    groups = profile.series("people.age_groups")
    width = np.append(np.diff(groups), OLDEST - groups[-1])
    group = spread(rng, profile.series("people.ages"), len(rows))
    old = np.minimum(rng.exponential(4, len(rows)), width[-1] - 1).astype(np.int64)
    age = np.array(groups)[group] + np.where(group == len(groups) - 1, old, (rng.random(len(rows)) * width[group]).astype(np.int64))
    full.p["sex"][rows] = MALE + spread(rng, [profile.whole("people.male"), WHOLE - profile.whole("people.male")], len(rows))
    full.p["born"][rows] = days_of(year - age, rng.integers(0, 365, len(rows)))
    full.p["resident"][rows] = 1


def scheme_and_job(full: Bucketful, year: int) -> None:
    """Employees by kind of job, retirees, flexible workers, residents, and the few without cover: each to its quota."""
    p, quota, rng, n = full.p, full.quota, full.rng(0, "jobs"), full.count
    age, sex = full.age(year)[:n], p["sex"][:n]
    free = np.ones(n)
    old = (age >= np.where(sex == MALE, RETIRED_FROM[MALE], RETIRED_FROM[FEMALE])).astype(float) * np.where(age >= 85, 0.5, 1)
    early = np.where((sex == FEMALE) & (age < LEAVING_WORK[FEMALE]), 0.4, 1.0)
    for job, weight, kinds in (
        (RETIREE, old * early, quota.retired),
        (EMPLOYED, work_weight(age, sex), quota.jobs),
        (FLEXIBLE, work_weight(age, sex) * np.where(age >= 30, 1.5, 1), np.array([quota.flexible])),
    ):
        rows = chosen(rng, weight * free, int(kinds.sum()))
        free[rows] = 0
        p["job"][rows], p["scheme"][rows] = job, EMPLOYEE
        p["kind"][rows] = rng.permutation(np.repeat(np.arange(len(kinds)), kinds))[: len(rows)] if job != FLEXIBLE else -1
        began = np.maximum(SINCE, p["born"][rows] // 10_000 + (20 if job != RETIREE else 55))
        p["since"][rows] = days_of(np.minimum(began + (rng.random(len(rows)) * np.maximum(year - began, 0)).astype(np.int64), year), 0)
        p["reason"][rows] = RETIREMENT if job == RETIREE else WORK
        hire(full, rows, rng, job)
    away = chosen(rng, free * np.where((age >= ADULT) & (age < 45), 1.0, 0.02), quota.uninsured)
    free[away] = 0
    p["covered"][away] = year - rng.integers(0, 4, len(away))
    rest = np.flatnonzero(free)
    p["scheme"][rest], p["kind"][rest] = RESIDENT, -1
    p["since"][rest] = np.maximum(MERGED, p["born"][rest])
    p["reason"][rest] = np.where(p["born"][rest] > MERGED, BIRTH, RENEWAL)


def work_weight(age: Array, sex: Array) -> Array:
    """How likely people of an age and sex are to work for an employer."""
    able = (age >= ADULT) & (age < np.where(sex == MALE, LEAVING_WORK[MALE], LEAVING_WORK[FEMALE]))
    return np.where(able, np.where(age < 23, 0.25, np.where(age < 50, 1.0, 0.7)), 0.0)


def hire(full: Bucketful, rows: Array, rng: np.random.Generator, job: int) -> None:
    """An employer of the row's kind of job for each, by how many people it draws; and what the job pays."""
    p, profile = full.p, full.ground.profile
    if job != FLEXIBLE:
        p["employer"][rows] = employers_for(full, p["kind"][rows], rng)
    kinds = jobs(profile)
    sectors = np.array([found.sector for found in kinds])
    government = (p["kind"][rows] >= 0) & (sectors[p["kind"][rows]] == GOVERNMENT)
    for chosen_rows, name in ((rows[government], "government"), (rows[~government], "enterprise")):
        sigma = profile.whole(f"wages.spread_{name}") / 100
        p["wage"][chosen_rows] = lognormal(even(rng, len(chosen_rows)), profile.value(f"wages.{name}") * 100, sigma)
    if kinds[0].audited:
        found = rows[p["kind"][rows] == 0]
        p["wage"][found] = np.maximum(p["wage"][found], profile.whole("audits.least_wage") * 100)
    if job == FLEXIBLE:
        at_floor = chosen(rng, np.ones(len(rows)), len(rows) * profile.whole("wages.flexible_at_floor") // WHOLE)
        p["wage"][rows[at_floor]] = 0
    if job == RETIREE:
        sigma = profile.whole("wages.pension_spread") / 100
        p["pension"][rows] = lognormal(even(rng, len(rows)), profile.value("wages.pension") * 100, sigma)
    account = profile.value(f"accounts.opening_{'retired' if job == RETIREE else 'active'}") * 100
    p["opening"][rows] = lognormal(even(rng, len(rows)), account, profile.whole("accounts.spread") / 100)
    layers = np.where(rng.random(len(rows)) < profile.whole("added.employer_plan") / WHOLE, 4, 0)
    p["added"][rows] |= np.where(~government & (job == EMPLOYED), layers, 0)


def employers_for(full: Bucketful, kinds: Array, rng: np.random.Generator) -> Array:
    """An employer for each kind of job, drawn by weight."""
    employer = full.ground.employer
    found = np.empty(len(kinds), np.int64)
    for kind in np.unique(kinds):
        there = np.flatnonzero(employer["job"] == kind)
        upto = np.cumsum(employer["weight"][there])
        mine = np.flatnonzero(kinds == kind)
        found[mine] = there[np.searchsorted(upto, rng.random(len(mine)) * upto[-1], side="right")]
    return found


def live_together(full: Bucketful, rows: Array, year: int) -> None:
    """Households: heads of 25 and more, and everybody else with a head of a fitting age; a household lives in one town."""
    p, rng = full.p, full.rng(0, "households")
    age = full.age(year)[rows]
    heads = chosen(rng, ((age >= 25) & (age < 80)).astype(float), max(1, int(len(rows) * HEAD_SHARE)))
    heads = heads[np.argsort(age[heads], kind="stable")]
    others = np.setdiff1d(np.arange(len(rows)), heads, assume_unique=True)
    apart = np.select([age[others] < ADULT, age[others] >= ELDER], [rng.integers(23, 34, len(others)), -rng.integers(-4, 28, len(others))],
                      rng.integers(-5, 6, len(others)))  # fmt: skip
    place = np.searchsorted(age[heads], np.clip(age[others] + apart, 25, 79))
    place = np.clip(place + rng.integers(-PEOPLE_A_HOUSEHOLD_JITTER, PEOPLE_A_HOUSEHOLD_JITTER, len(others)), 0, len(heads) - 1)
    first = full.bucket * BUCKET
    p["household"][rows[heads]] = first + heads
    p["household"][rows[others]] = first + heads[place]
    town = np.zeros(len(rows), np.int64)
    town[heads] = spread(rng, town_shares(full.ground.profile), len(heads))
    p["town"][rows] = town[p["household"][rows] - first]


def rural_of(full: Bucketful) -> Array:
    """1 for rows that live in the country."""
    return np.asarray(full.ground.town["rural"])[full.p["town"]]


def registered_where(full: Bucketful) -> None:
    """Local household register for as many as the profile says; those from elsewhere are mostly at work in town."""
    p, n, rng = full.p, full.count, full.rng(0, "register")
    weight = np.where(p["scheme"][:n] == EMPLOYEE, 3.0, 1.0) * np.where(rural_of(full)[:n] == 1, 0.3, 1.0)
    p["local"][:n] = 1
    p["local"][chosen(rng, weight, max(n - full.quota.registered, 0))] = 0
    age = full.age(full.ground.city.years[0] - 1)[:n]
    living_elsewhere = (p["scheme"][:n] == RESIDENT) & (p["local"][:n] == 1)
    gone = chosen(rng, living_elsewhere * np.where((age >= 16) & (age < 60), 1.0, 0.15), full.quota.not_resident)
    p["resident"][gone] = 0


def means(full: Bucketful, rows: Array, year: int) -> None:
    """A household's monthly income a head before wages: by town or country, the same for all of a household."""
    profile = full.ground.profile
    luck = full.rng(0, "wealth").random(BUCKET)[full.p["household"][rows] - full.bucket * BUCKET]
    rural = rural_of(full)[rows]
    typical = np.where(rural == 1, profile.value("people.income_rural"), profile.value("people.income_urban")) * 100
    relative = lognormal(luck, 10_000, profile.whole("people.income_spread") / 100)
    full.p["wealth"][rows] = (typical * relative // 10_000).astype(np.int64)


def illnesses(full: Bucketful, year: int) -> None:
    """Chronic diseases with their grants, by age and scheme."""
    p, n, rng, profile = full.p, full.count, full.rng(0, "illness"), full.ground.profile
    groups = np.array(profile.series("people.age_groups"))
    group = np.searchsorted(groups, full.age(year)[:n], side="right") - 1
    chance = np.array(profile.series("chronic.rates"))[group] / WHOLE
    chance = chance * np.where(p["scheme"][:n] == EMPLOYEE, profile.whole("chronic.employee_factor") / WHOLE, 1)
    rows = np.flatnonzero(rng.random(n) < chance)
    weights = profile.value("chronic.kinds")
    slots = [full.ground.book.disease_slot(code) for code in weights]
    kinds = np.array(list(weights.values()), float)
    p["disease"][rows] = np.array(slots)[rng.choice(len(slots), len(rows), p=kinds / kinds.sum())]
    last = full.ground.city.years[-1]
    p["grant"][rows] = days_of(year - 4 + (rng.random(len(rows)) * (last - year + 5)).astype(np.int64), rng.integers(0, 365, len(rows)))
    second = rows[rng.random(len(rows)) < profile.whole("chronic.second") / WHOLE]
    other = np.array(slots)[rng.choice(len(slots), len(second), p=kinds / kinds.sum())]
    second, other = second[other != p["disease"][second]], other[other != p["disease"][second]]
    p["other_disease"][second] = other
    p["other_grant"][second] = p["grant"][second]


def needs(full: Bucketful, year: int) -> None:
    """Registered poor, aid categories and two-disease registrations, filled up to the quotas; called again each year for those who died."""
    p, rng, quota = full.p, full.rng(year, "needs"), full.quota
    covered = full.here() * (p["scheme"] > 0)
    here = covered * (p["scheme"] == RESIDENT)
    age, rural = full.age(year), rural_of(full)
    luck = full.rng(0, "poverty").exponential(size=BUCKET)[p["household"] - np.where(p["household"] > 0, full.bucket * BUCKET, 0)]
    needy = here * np.where(rural == 1, 5.0, 1.0) * luck / np.maximum(p["wealth"], 1)
    poor = covered * p["poor"]
    p["poor"][chosen(rng, needy * (p["poor"] == 0) * np.where(p["local"] == 1, 1.0, 0.0), quota.poor - int(poor.sum()))] = 1
    weights = {
        "destitute": needy * (age >= ELDER), "orphan": needy * (age < ADULT), "minimum_living": needy, "returned_poor": needy * p["poor"],
        "marginal": needy, "illness_poor": here * (p["disease"] >= 0),
    }
    for category, name in enumerate(FIXED_CATEGORIES, start=1):
        has = int((here * (p["aid"] == category)).sum())
        p["aid"][chosen(rng, weights[name] * (p["aid"] == 0), int(quota.aid[category - 1]) - has)] = category
    two = covered * (p["two"] > 0)
    able = here * (p["two"] == 0) * (p["disease"] < 0) * np.where(age >= 60, 3.0, np.where(age >= 40, 1.0, 0.0))
    rows = chosen(rng, able, quota.two_diseases - int(two.sum()))
    kinds = np.array([HYPERTENSION, DIABETES, HYPERTENSION | DIABETES])
    p["two"][rows] = kinds[spread(rng, full.ground.profile.series("chronic.two_diseases_kinds"), len(rows))]


def habits(full: Bucketful, rows: Array) -> None:
    """Where people go away from home, whether they use the voucher, which added layers they took; for new rows."""
    p, rng, profile = full.p, full.rng(int(rows[0]) if len(rows) else 0, "habits"), full.ground.profile
    count = len(rows)
    filed = np.where(p["resident"][rows] == 1, profile.whole("offsite.away"), profile.whole("offsite.away_not_resident"))
    away = rng.random(count) < filed / WHOLE
    elsewhere = away | (p["resident"][rows] == 0)
    places, weights = zip(*profile.series("offsite_places"), strict=True)
    p["offsite"][rows] = np.where(away, 1, np.where(elsewhere, 4, 0))
    p["place"][rows] = np.where(elsewhere, np.array(places)[spread(rng, weights, count)], 0)
    uses = rng.random(count) < profile.whole("people.voucher") / WHOLE
    p["voucher"][rows] = np.where(uses, days_of(2019 + (4.9 * np.sqrt(rng.random(count))).astype(np.int64), rng.integers(0, 365, count)), 0)
    p["added"][rows] |= np.where(rng.random(count) < profile.whole("added.huiminbao") / WHOLE, 3, 0)
