"""Random bills under random plans, settled by plain Python and by the compiled loop; every result and closing year must be the same.

Used at small size by differential/test_compiled.py and at nightly size by benchmarks/differential.py.
"""

import random
from collections import Counter
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from drawn import CITIES, DAYS, claim, some_readings, with_bands, with_readings, year
from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import BANDS, Plan, no_plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book, load_book, policies_root
from openyibao.warehouse.loop import settle_records
from openyibao.warehouse.records import RESULT, YEAR, claim_records, plan_records, year_records

BILLS_A_PERSON = 6
PERSON = ("status", "aid", "registered_poor", "civil_servant", "added", "pre_existing", "other_disease", "other_grant", "two_registered")
"""What stays with a person from bill to bill."""

RATES = ("ratio", "ratio_active", "ratio_retired", "ratio_first", "ratio_second", "repeat_factor", "retired_factor", "second_share",
         "tilt_factor", "tilt_ratio", "promised_ratio", "promised_chronic", "pre_existing_factor", "value")  # fmt: skip
SMALL_RATES = ("tilt_add", "inpatient_add")
MONEY = ("deductible", "deductible_active", "deductible_retired", "repeat_second", "repeat_third", "repeat_subtract", "repeat_minimum",
         "quota", "cap_hypertension", "cap_diabetes", "cap_both", "natural", "caesarean", "each_further_baby", "prenatal",
         "miscarriage_early", "miscarriage_late", "session_price", "patient_pays", "tilt_trigger")  # fmt: skip
LIMITS = ("deductible_year_max", "cap", "cap_active", "cap_retired", "cap_first", "cap_total", "cap_second", "overall_cap", "tilt_cap")
"""Money too, sometimes without limit."""
CHOICES = {"repeat_kind": (0, 1, 2, 3), "band_basis": (0, 1), "cap_basis": (0, 1), "method": (0, 1, 2), "base": (0, 1), "field": (0, 1),
           "period": (1, 3, 12), "offsite_cut": (0, 1, 2), "transfer_window": (0, 1, 30), "long_bed_period": (0, 30, 90),
           "month_sessions": (0, 8, 13), "quota_factor": (10_000, 12_000), "retired_delta": (0, -10_000, 10_000)}  # fmt: skip
FLAGS = ("day_surgery_no_deductible", "severe_uses_cap", "dual_uses_cap", "delivery_complication_inpatient", "repeat_levels", "per_visit",
         "listed", "severe", "prorate", "tilt_removes_cap", "tilted", "includes_first_self_pay", "consultation_free", "inpatient_only",
         "family", "whole_fee", "no_deductible", "no_caps", "state_pays_rest")  # fmt: skip
SPARE_PARTS = ("outpatient", "two_disease", "chronic", "dual_channel", "maternity", "dialysis", "civil", "added_1", "added_2", "added_3")
"""Parts of a plan that may be switched on and off."""


class Batch(NamedTuple):
    """Bills as values, a person's bills together and in order of time."""

    claims: list[Claim]
    persons: list[int]
    plan_of: list[int]
    plans: list[Plan]
    years: list[Year]


class Answers(NamedTuple):
    """What one way of settling gives: a row per bill by RESULT's fields, a row per person by YEAR's fields."""

    results: Any
    years: Any


def draw_batch(seed: int, bills: int) -> Batch:
    """About `bills` random bills of people with several bills each over two years, under random plans."""
    rng = random.Random(seed)
    plans = [*(random_plan(rng) for _ in range(max(bills // 60, 20))), no_plan()]
    by_scheme = {scheme: [row for row, drawn in enumerate(plans) if drawn.scheme == scheme] for scheme in (codes.EMPLOYEE, codes.RESIDENT)}
    batch = Batch([], [], [], plans, [])
    while len(batch.claims) < bills:
        add_person(rng, batch, by_scheme)
    return batch


def add_person(rng: random.Random, batch: Batch, by_scheme: dict[int, list[int]]) -> None:
    """One more person with their bills: mostly one plan a calendar year, now and then another scheme's or none."""
    scheme = rng.choice([scheme for scheme, rows in by_scheme.items() if rows])
    first = rng.choice(DAYS) // 10_000
    own_plan = {first: rng.choice(by_scheme[scheme]), first + 1: rng.choice(by_scheme[scheme])}
    days = sorted(some_day(rng, first + (rng.random() < 0.4)) for _ in range(rng.randint(1, 2 * BILLS_A_PERSON - 1)))
    traits = claim(rng, scheme, days[0])
    kept = {name: getattr(traits, name) for name in PERSON} | {"added": rng.choice((0, traits.added, 7))}
    person = len(batch.years)
    batch.years.append(year(rng, first))
    for day in days:
        admitted = max(day - rng.randint(0, 12), day // 100 * 100 + 1)
        bill = claim(rng, scheme, day, **kept, admitted=admitted, continued=int(rng.random() < 0.03))
        batch.claims.append(bill)
        batch.persons.append(person)
        batch.plan_of.append(rng.randrange(len(batch.plans)) if rng.random() < 0.03 else own_plan[day // 10_000])


def some_day(rng: random.Random, number: int) -> int:
    """A day of calendar year `number`."""
    return number * 10_000 + rng.randint(1, 12) * 100 + rng.randint(1, 28)


@cache
def book(city: str) -> Book:
    """A city's policies, read once."""
    return load_book(policies_root(), city)


def random_plan(rng: random.Random) -> Plan:
    """A city's plan with readings, bands, rounding, and some of its figures drawn anew: valid, though no city has it."""
    drawn = book(rng.choice(CITIES)).plan(rng.choice((codes.EMPLOYEE, codes.RESIDENT)), rng.choice(DAYS))
    if drawn is None:
        return no_plan()
    if rng.random() < 0.15:
        drawn = with_emergency(drawn, rng)
    if rng.random() < 0.2:
        drawn = drawn._replace(added_3=drawn.added_1._replace(present=1, deductible=0, ratio=5000, cap=50_000_000))
    if rng.random() < 0.6:
        drawn = with_readings(drawn, some_readings(rng))
    if rng.random() < 0.3:
        drawn = with_bands(drawn, rng)
    if rng.random() < 0.3:
        drawn = with_second_layer(drawn, rng) if drawn.scheme == codes.EMPLOYEE else with_catastrophic_bands(drawn, rng)
    if rng.random() < 0.8:
        drawn = with_figures(drawn, rng, rng.choice((0.02, 0.1, 0.5)))
    return drawn._replace(rounding=rng.choice((codes.HALF_UP, codes.HALF_UP, codes.TRUNCATE)))


def with_emergency(drawn: Plan, rng: random.Random) -> Plan:
    """The plan with a rule set for an epidemic switched on."""
    epidemic = drawn.epidemic._replace(
        present=1, whole_fee=rng.randint(0, 1), no_deductible=rng.randint(0, 1), ratio=rng.choice((0, 8_000, 10_000)),
        no_caps=rng.randint(0, 1), state_pays_rest=rng.randint(0, 1), offsite_cut=rng.randint(0, 2),
    )  # fmt: skip
    return drawn._replace(epidemic=epidemic)


def with_second_layer(drawn: Plan, rng: random.Random) -> Plan:
    """The plan with two large-amount layers above a low basic cap; the first may have no room at all."""
    large = drawn.large._replace(
        present=1, ratio_first=9000, cap_first=rng.choice((0, 100_000, 14_000_000)), cap_total=rng.choice((codes.UNBOUNDED, 5_000_000)),
        ratio_second=7000, cap_second=rng.choice((200_000, 40_000_000)),
    )  # fmt: skip
    return drawn._replace(large=large, pool=drawn.pool._replace(cap=rng.choice((100_000, 3_000_000))))


def with_catastrophic_bands(drawn: Plan, rng: random.Random) -> Plan:
    """The plan with one to four catastrophic bands, counted either way."""
    bands = rng.randint(1, BANDS)
    low = [0, *sorted(rng.randint(1, 20_000_000) for _ in range(bands - 1)), *(codes.UNBOUNDED for _ in range(BANDS - bands))]
    ratio = [rng.randint(0, 10_000) if band < bands else 0 for band in range(BANDS)]
    part = drawn.catastrophic._replace(present=1, bands=bands, band_low=tuple(low), ratio=tuple(ratio), band_basis=rng.randint(0, 1))
    return drawn._replace(catastrophic=part)


def with_figures(drawn: Plan, rng: random.Random, often: float) -> Plan:
    """The plan with each figure drawn anew with probability `often`, within what a valid plan may hold.

    A disease that is no longer severe gets a quota: UNBOUNDED times a poverty quota factor passes 64 bits.
    """
    parts = {}
    for name, part in drawn._asdict().items():
        if not hasattr(part, "_fields") or name in ("scope", "readings"):
            continue
        fields = {field: redrawn(field, value, rng) for field, value in part._asdict().items() if rng.random() < often}
        parts[name] = part._replace(**fields)
        if name in SPARE_PARTS and rng.random() < often:
            parts[name] = parts[name]._replace(present=rng.randint(0, 1))
    chronic = parts["chronic"]
    quota = tuple(own if alone or own < codes.UNBOUNDED else 500_000 for own, alone in zip(chronic.quota, chronic.severe, strict=True))
    return drawn._replace(**{**parts, "chronic": chronic._replace(quota=quota)})


def redrawn(field: str, value: Any, rng: random.Random) -> Any:
    """One figure, or each of a tuple of figures, drawn anew; a field without a rule here stays as it is."""
    if isinstance(value, tuple):
        return value if field == "band_low" else tuple(redrawn(field, one, rng) for one in value)
    if field in CHOICES:
        return rng.choice(CHOICES[field])
    if field in RATES:
        return rng.choice((0, 10_000, value if 0 <= value <= 10_000 else 5_000, rng.randint(0, 10_000)))
    if field in SMALL_RATES:
        return rng.choice((0, 500, rng.randint(0, 3_000)))
    if field in LIMITS and rng.random() < 0.2:
        return codes.UNBOUNDED
    if field in MONEY or field in LIMITS:
        return rng.choice((0, int(10 ** rng.uniform(2, 7.5))))
    return rng.randint(0, 1) if field in FLAGS else value


def settle_plain(batch: Batch) -> tuple[Answers, list[Receipt], list[Year]]:
    """Plain Python: the answers, and for each bill the receipt and the year it met."""
    years, receipts, before = list(batch.years), [], []
    for bill, person, row in zip(batch.claims, batch.persons, batch.plan_of, strict=True):
        before.append(years[person])
        receipt, years[person] = settle(bill, years[person], batch.plans[row])
        receipts.append(receipt)
    return Answers(table(receipts, RESULT.names), table(years, YEAR.names)), receipts, before


def settle_compiled(batch: Batch) -> Answers:
    """The compiled loop over the same bills."""
    years, results = year_records(batch.years), np.zeros(len(batch.claims), RESULT)
    persons, plan_of = np.array(batch.persons, np.int32), np.array(batch.plan_of, np.int32)
    settle_records(claim_records(batch.claims), persons, plan_of, plan_records(batch.plans), years, results)
    return Answers(columns(results), columns(years))


def table(values: list[Any], names: Any) -> Any:
    """Values as rows of integers."""
    return np.array(list(map(attrgetter(*names), values)), np.int64)


def columns(records: Any) -> Any:
    """Records as rows of integers."""
    return np.stack([records[name].astype(np.int64) for name in records.dtype.names], axis=1)


class Check(NamedTuple):
    """The outcome of one batch."""

    bills: int
    differing: int  # bills and closing years that differ
    first: str  # the first of them, in words; empty when there is none
    seen: Counter[str]  # what the batch met: kinds, outcomes, layers that paid, readings, roundings, bands


def check_batch(seed: int, bills: int) -> Check:
    """Draw, settle both ways, compare every figure."""
    batch = draw_batch(seed, bills)
    plain, receipts, before = settle_plain(batch)
    compiled = settle_compiled(batch)
    wrong = np.flatnonzero((plain.results != compiled.results).any(axis=1))
    wrong_years = np.flatnonzero((plain.years != compiled.years).any(axis=1))
    first = ""
    if len(wrong):
        first = described(batch, int(wrong[0]), before, plain, compiled, seed)
    elif len(wrong_years):
        first = described_year(int(wrong_years[0]), plain, compiled, seed)
    return Check(len(batch.claims), len(wrong) + len(wrong_years), first, seen(batch, receipts))


def described(batch: Batch, place: int, before: list[Year], plain: Answers, compiled: Answers, seed: int) -> str:
    """The first differing bill, with everything needed to settle it again."""
    fields = [
        f"  {name}: plain {plain.results[place, k]}, compiled {compiled.results[place, k]}"
        for k, name in enumerate(RESULT.names)
        if plain.results[place, k] != compiled.results[place, k]
    ]
    values = (f"claim = {batch.claims[place]}", f"year = {before[place]}", f"plan = {batch.plans[batch.plan_of[place]]}")
    return "\n".join((f"seed {seed}, bill {place}:", *fields, *values))


def described_year(person: int, plain: Answers, compiled: Answers, seed: int) -> str:
    """The first person whose closing year differs though no bill does."""
    fields = [
        f"  {name}: plain {plain.years[person, k]}, compiled {compiled.years[person, k]}"
        for k, name in enumerate(YEAR.names)
        if plain.years[person, k] != compiled.years[person, k]
    ]
    return "\n".join((f"seed {seed}, closing year of person {person}:", *fields))


def seen(batch: Batch, receipts: list[Receipt]) -> Counter[str]:
    """What the bills met, so that a run can show that it left nothing out."""
    met: Counter[str] = Counter()
    for receipt in receipts:
        met[f"kind {receipt.kind}"] += 1
        met[f"outcome {receipt.outcome}"] += 1
    for name in RESULT.names:
        met[f"paid {name}"] += sum(1 for receipt in receipts if getattr(receipt, name) > 0)
    for row in batch.plan_of:
        drawn = batch.plans[row]
        met[f"rounding {drawn.rounding}"] += 1
        met[f"pool bands {drawn.pool.bands}, basis {drawn.pool.band_basis}, cap {drawn.pool.cap_basis}"] += 1
        met[f"catastrophic bands {drawn.catastrophic.bands}, basis {drawn.catastrophic.band_basis}"] += 1
        if drawn.readings_mask:
            met.update(f"reading {name}" for name, value in drawn.readings._asdict().items() if value)
    return met
