"""A made-up city's bills of one year: people of both schemes with about five bills each, in a mix like a real city's, under real plans.

Nothing here is anybody's data. Shares and amounts are round figures chosen to look like a city; the plans come from the policy book.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import Plan
from openyibao.policybook.book import Book
from openyibao.warehouse.records import CLAIM, YEAR, plan_records

YEAR_NUMBER, YEAR_DAYS = 2023, 365
DAYS_BEFORE = 60
CALENDAR = np.array(
    [int((date(YEAR_NUMBER, 1, 1) + timedelta(day)).strftime("%Y%m%d")) for day in range(-DAYS_BEFORE, YEAR_DAYS)], np.int32
)
"""Day number of the year (plus DAYS_BEFORE) to yyyymmdd."""

ORDINARY, CHRONIC_PERSON, TWO_DISEASE_PERSON = 0, 1, 2
STAYS = (codes.INPATIENT, codes.DAY_SURGERY, codes.RESCUE)
MATERNITY = {codes.DELIVERY: 3, codes.CAESAREAN: 3, codes.PRENATAL: 6, codes.MISCARRIAGE_EARLY: 1, codes.MISCARRIAGE_LATE: 1}
COMMON = {codes.INPATIENT: 66, codes.DAY_SURGERY: 4, codes.RESCUE: 2, codes.PHARMACY: 50, codes.DUAL_CHANNEL: 8, **MATERNITY}
OWN = {
    ORDINARY: {codes.OUTPATIENT: 856},
    CHRONIC_PERSON: {codes.OUTPATIENT: 286, codes.CHRONIC: 550, codes.DIALYSIS: 20},
    TWO_DISEASE_PERSON: {codes.OUTPATIENT: 456, codes.TWO_DISEASE: 400},
}
"""Bills per 1,000 by kind, for each sort of person; the common part is the same for all."""

OUTPATIENT_LEVELS = (0.12, 0.26, 0.16, 0.20, 0.20, 0.06)
STAY_LEVELS = (0.0, 0.10, 0.16, 0.40, 0.26, 0.08)
MEDIAN = {codes.INPATIENT: 650_000, codes.DAY_SURGERY: 500_000, codes.RESCUE: 300_000, codes.DELIVERY: 450_000, codes.CAESAREAN: 800_000,
          codes.CHRONIC: 38_000, codes.DIALYSIS: 160_000, codes.DUAL_CHANNEL: 250_000, codes.PRENATAL: 25_000,
          codes.PHARMACY: 9_000}  # fmt: skip
"""Median bill in fen by kind; the rest is OTHER_MEDIAN."""
OTHER_MEDIAN = 16_000


STANDING = ("scheme", "status", "civil_servant", "aid", "two_registered", "added", "pre_existing", "account_use", "wait_until", "suspended")
"""What stays with a person all year."""


class City(NamedTuple):
    """Bills ready for the compiled loop, and the plans as values for plain Python."""

    claims: Any  # records.CLAIM, a person's bills together and in order of time
    persons: Any  # int32, row of the person in `opening`
    plan_of: Any  # int32, row of the plan in `plans`
    plans: list[Plan]
    table: Any  # the plans as records, in the same order
    opening: Any  # records.YEAR, each person's year before the first bill


def city(book: Book, bills: int, seed: int = 1) -> City:
    """About `bills` bills of a city under the plans of its book, the same for the same seed."""
    rng = np.random.default_rng(seed)
    people = max(bills // 5, 1)
    traits = people_of(rng, people, book)
    counts = 1 + rng.poisson(4, people)
    persons = np.repeat(np.arange(people, dtype=np.int32), counts)
    days = days_in_order(rng, persons)
    claims = np.empty(len(persons), CLAIM)
    for field in Claim._fields:
        claims[field] = Claim._field_defaults.get(field, 0)
    claims["day"] = CALENDAR[days + DAYS_BEFORE]
    kinds = kinds_of(rng, traits["group"][persons])
    claims["kind"] = kinds
    stays = np.isin(kinds, (*STAYS, codes.DELIVERY, codes.CAESAREAN))
    claims["level"] = np.where(stays, levels(rng, STAY_LEVELS, len(kinds)), levels(rng, OUTPATIENT_LEVELS, len(kinds)))
    claims["admitted"] = np.where(stays, CALENDAR[days + DAYS_BEFORE - rng.integers(0, 20, len(kinds))], 0)
    write_amounts(rng, claims, stays)
    write_standing(rng, claims, persons, traits, stays)
    plans, plan_of = plans_of(book, claims)
    return City(claims, persons, plan_of, plans, plan_records(plans), opening_of(traits))


def first_bills(whole: City, bills: int) -> City:
    """The city's first people, with about `bills` bills together."""
    if bills >= len(whole.claims):
        return whole
    people = int(whole.persons[bills])
    count = int(np.searchsorted(whole.persons, people))
    return City(whole.claims[:count], whole.persons[:count], whole.plan_of[:count], whole.plans, whole.table, whole.opening[:people])


def people_of(rng: np.random.Generator, people: int, book: Book) -> dict[str, Any]:
    """Scheme, standing and diseases of each person: 55% residents, 9% with a chronic disease, 8% with one of the two diseases."""
    employee = rng.random(people) < 0.45
    group = rng.choice(3, people, p=(0.83, 0.09, 0.08))
    group[(group == TWO_DISEASE_PERSON) & employee] = ORDINARY
    diseases = max(len(book.diseases), 1)
    return {
        "scheme": np.where(employee, codes.EMPLOYEE, codes.RESIDENT),
        "group": group,
        "status": (employee & (rng.random(people) < 0.28)).astype(np.int8),
        "civil_servant": (employee & (rng.random(people) < 0.10)).astype(np.int8),
        "aid": np.where(rng.random(people) < np.where(employee, 0.01, 0.10), rng.integers(1, codes.AID_CATEGORIES, people), codes.NO_AID),
        "disease": np.where(group == CHRONIC_PERSON, rng.integers(0, diseases, people), -1),
        "other_disease": np.where((group == CHRONIC_PERSON) & (rng.random(people) < 0.15), rng.integers(0, diseases, people), -1),
        "two_registered": np.where(group == TWO_DISEASE_PERSON, rng.integers(1, 4, people), 0),
        "added": np.where(rng.random(people) < 0.25, 3, 0),
        "pre_existing": (rng.random(people) < 0.10).astype(np.int8),
        "account_use": (rng.random(people) < 0.98).astype(np.int8),
        "wait_until": np.where(rng.random(people) < 0.005, YEAR_NUMBER * 10_000 + 301, 0),
        "suspended": (rng.random(people) < 0.005).astype(np.int8),
        "account": np.where(employee, rng.integers(0, 400_000, people), 0),
        "family": np.where(~employee & (rng.random(people) < 0.3), rng.integers(0, 200_000, people), 0),
    }


def days_in_order(rng: np.random.Generator, persons: Any) -> Any:
    """Days of the year, ascending within each person."""
    keyed = persons.astype(np.int64) * YEAR_DAYS + rng.integers(0, YEAR_DAYS, len(persons))
    keyed.sort()
    return keyed % YEAR_DAYS


def kinds_of(rng: np.random.Generator, group: Any) -> Any:
    """The kind of each bill, by the person's sort."""
    kinds = np.empty(len(group), np.int8)
    for sort, own in OWN.items():
        weights = {**own, **COMMON}
        rows = np.flatnonzero(group == sort)
        kinds[rows] = rng.choice(list(weights), len(rows), p=np.array(list(weights.values())) / sum(weights.values()))
    return kinds


def levels(rng: np.random.Generator, shares: tuple[float, ...], count: int) -> Any:
    """Levels of the institutions in the given shares."""
    return rng.choice(codes.LEVELS, count, p=np.array(shares) / sum(shares)).astype(np.int8)


def write_amounts(rng: np.random.Generator, claims: Any, stays: Any) -> None:
    """Total and its four parts, log-normal around the kind's median; dearer with the level of a stay."""
    count = len(claims)
    median = np.full(codes.KINDS, OTHER_MEDIAN, np.int64)
    median[list(MEDIAN)] = list(MEDIAN.values())
    of_level = np.where(stays, 0.5 + 0.3 * claims["level"], 1.0)
    spread = np.exp(rng.standard_normal(count) * np.where(stays, 1.05, 0.8))
    total = (median[claims["kind"]] * of_level * spread).astype(np.int64) + 100
    claims["total"] = total
    claims["full"] = (total * rng.uniform(0, 0.10, count)).astype(np.int64)
    claims["over"] = np.where(rng.random(count) < 0.2, (total * rng.uniform(0, 0.05, count)).astype(np.int64), 0)
    claims["pre"] = (total * rng.uniform(0, 0.08, count)).astype(np.int64)
    claims["within"] = total - claims["full"] - claims["over"] - claims["pre"]
    claims["off_list"] = np.where(stays, claims["full"] * 7 // 10, 0)
    claims["consultation"] = np.where(stays, 0, np.minimum(claims["within"], 1_000))
    claims["third_party"] = np.where(stays & (rng.random(count) < 0.004), claims["within"] // 2, 0)


def write_standing(rng: np.random.Generator, claims: Any, persons: Any, traits: dict[str, Any], stays: Any) -> None:
    """The person's standing on each bill, and what is rare: away from home, transferred, refused."""
    count, chronic = len(claims), np.isin(claims["kind"], (codes.CHRONIC, codes.DIALYSIS))
    for field in STANDING:
        claims[field] = traits[field][persons]
    claims["disease"] = np.where(chronic, traits["disease"][persons], -1)
    claims["other_disease"] = np.where(chronic, traits["other_disease"][persons], -1)
    claims["grant"] = np.where(chronic & (rng.random(count) < 0.2), YEAR_NUMBER * 10_000 + 101, 0)
    registered = traits["two_registered"][persons]
    claims["two_disease"] = np.where(registered == codes.DIABETES, codes.DIABETES, codes.HYPERTENSION)
    claims["sessions"] = np.where(claims["kind"] == codes.DIALYSIS, rng.integers(1, 5, count), 0)
    away = rng.random(count) < np.where(stays, 0.10, 0.01)
    claims["offsite"] = np.where(away, rng.integers(1, codes.NEIGHBOUR, count), codes.HOME)
    claims["place"] = np.where(away, 530102, 0)
    claims["transferred"] = (stays & (rng.random(count) < 0.03)).astype(np.int8)
    claims["long_bed"] = (stays & (rng.random(count) < 0.01)).astype(np.int8)
    claims["agreement"] = (rng.random(count) >= 0.001).astype(np.int8)
    claims["granted"] = (rng.random(count) >= 0.01).astype(np.int8)


def plans_of(book: Book, claims: Any) -> tuple[list[Plan], Any]:
    """The year's distinct plans of both schemes, and each bill's row among them."""
    first, last = YEAR_NUMBER * 10_000, (YEAR_NUMBER + 1) * 10_000
    plans: list[Plan] = []
    plan_of = np.full(len(claims), -1, np.int32)
    for scheme in (codes.EMPLOYEE, codes.RESIDENT):
        for starts, ends, plan in book.spans(scheme):
            if starts < last and ends > first:
                inside = (claims["scheme"] == scheme) & (claims["day"] >= starts) & (claims["day"] < ends)
                plan_of[inside] = len(plans)
                plans.append(plan)
    if np.any(plan_of < 0):
        raise SystemExit(f"{book.city}: no plan for some day of {YEAR_NUMBER}; choose a city whose policies cover that year")
    return plans, plan_of


def opening_of(traits: dict[str, Any]) -> Any:
    """Each person's year on 1 January: accounts alone."""
    opening = np.zeros(len(traits["account"]), YEAR)
    opening["year"] = YEAR_NUMBER
    opening["account"] = traits["account"]
    opening["family"] = traits["family"]
    return opening
