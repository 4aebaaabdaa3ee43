"""People and bills for the properties: everything from a seed, so that a failing example is one number to write down."""

import random
from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st

import drawn
from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import Plan, no_plan
from openyibao.kernel.reversal import PlanOf, Settled, play
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book, load_book, policies_root

SEEDS = st.integers(0, 2**40)
MONEY = st.integers(0, 60_000_000)
SMALL = st.integers(0, 3_000_000)
JUMPS = ("tilt_whole_burden", "over_cap_without_factor")
"""Readings under which a payment is not a continuous function of the bill; the properties of order leave them out."""
AMOUNTS = ("total", "full", "over", "pre", "within", "third_party", "offsite_first", "eligible", "standard", "deductible",
           "limit_left", "base", "consultation", "pool", "over_cap", "over_quota", "large_first", "large_second", "burden",
           "catastrophic", "civil_base", "civil", "aid_base", "aid", "tilt_base", "tilt", "topup", "added_base_1", "added_base_2",
           "added_base_3", "added_1", "added_2", "added_3", "state", "fund", "hospital", "person", "left_in_scope", "account",
           "family", "cash", "balance")  # fmt: skip
KEPT = ("status", "aid", "registered_poor", "civil_servant", "added", "pre_existing", "other_disease", "other_grant", "two_registered")


@cache
def book(city: str) -> Book:
    return load_book(policies_root(), city)


def plan_on(city: str, scheme: int, day: int, *readings: str) -> Plan:
    """A city's plan of a day, with alternative readings."""
    return drawn.with_readings(book(city).plan(scheme, day) or no_plan(), readings)


def drawn_plan(rng: random.Random, scheme: int, day: int, without: tuple[str, ...] = ()) -> Plan:
    """A plan of some city: default readings or a few others, now and then truncating, with bands, with an epidemic's rule set, with
    a supplement on first self-pay and accounts that pay in-scope burden only, or with a promise to the registered poor."""
    chosen = drawn.plan(rng.choice(drawn.CITIES), scheme, day, rng.random() < 0.1)
    if rng.random() < 0.5:
        chosen = drawn.with_readings(chosen, tuple(name for name in drawn.some_readings(rng) if name not in without))
    if rng.random() < 0.1:
        chosen = chosen._replace(rounding=codes.TRUNCATE)
    if rng.random() < 0.2:
        account = chosen.account._replace(scope=codes.ACCOUNT_IN_SCOPE)
        chosen = chosen._replace(civil=chosen.civil._replace(includes_first_self_pay=1), account=account)
    if rng.random() < 0.15:
        chosen = drawn.with_bands(chosen, rng)
    if rng.random() < 0.3:
        stay, chronic = (rng.choice((0, 8_000, 9_000, codes.WHOLE)) for _ in range(2))
        poverty = chosen.poverty._replace(promised_ratio=stay, promised_chronic=chronic, whole_fee=rng.choice((0, 1, 1)))
        chosen = chosen._replace(poverty=poverty)
    return chosen


def drawn_case(seed: int, without: tuple[str, ...] = (), **fixed: int) -> tuple[Claim, Year, Plan]:
    """A bill, the year before it and a plan."""
    rng = random.Random(seed)
    scheme, day = rng.choice((codes.EMPLOYEE, codes.RESIDENT)), rng.choice(drawn.DAYS)
    return drawn.claim(rng, scheme, day, **fixed), drawn.year(rng, day // 10_000), drawn_plan(rng, scheme, day, without)


def stay(scheme: int, day: int, within: int, **more: int) -> Claim:
    """A stay at a level-3 hospital, all of it in scope."""
    return Claim(**{"scheme": scheme, "kind": codes.INPATIENT, "day": day, "level": codes.L3, "total": within, "within": within} | more)


class Life(NamedTuple):
    """One person's bills in order of settlement, and the plan each settles under."""

    claims: tuple[Claim, ...]
    start: Year
    plan_of: PlanOf

    @property
    def journal(self) -> tuple[Settled, ...]:
        return play(self.claims, self.start, self.plan_of)


def life(seed: int, *, most: int = 6, over_new_year: bool = True) -> Life:
    """Some bills of one person of one city, in one year or over New Year, under default or other readings."""
    rng = random.Random(seed)
    city, scheme = rng.choice(drawn.CITIES), rng.choice((codes.EMPLOYEE, codes.RESIDENT))
    number = rng.choice((2020, 2021, 2022, 2023, 2024))
    readings = drawn.some_readings(rng)
    later = int(over_new_year and rng.random() < 0.3)
    days = sorted(
        rng.randint(number, number + later) * 10_000 + rng.randint(1, 12) * 100 + rng.randint(1, 28) for _ in range(rng.randint(1, most))
    )
    traits = drawn.claim(rng, scheme, days[0])
    kept = {name: getattr(traits, name) for name in KEPT}
    claims = tuple(drawn.claim(rng, scheme, day, **kept) for day in days)
    start = Year(year=number, account=drawn.fen(rng, 300_000), family=drawn.fen(rng, 100_000))

    def plan_of(claim: Claim) -> Plan:
        return drawn.with_readings(book(city).plan_for(claim) or no_plan(), readings)

    return Life(claims, start, plan_of)


LIVES = SEEDS.map(life)
