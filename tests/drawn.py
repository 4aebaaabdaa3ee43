"""Random but possible bills, people and plans for the tests: everything the five cities' policies can meet, from a seed."""

import random
from functools import cache

from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import Plan, Readings, no_plan
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book, load_book, policies_root

CITIES = ("jishou", "ankang", "jingzhou", "wuhan", "yuxi")
KINDS = (1, 1, 1, 1, 2, 2, 3, 4, 5, 5, 5, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)
DAYS = (20200615, 20201231, 20210101, 20220331, 20220401, 20221201, 20230201, 20230510, 20231231, 20240101, 20240601, 20250301)


@cache
def book(city: str) -> Book:
    """A city's policies under the default readings."""
    return load_book(policies_root(), city)


def plan(city: str, scheme: int, day: int, epidemic: bool = False) -> Plan:
    """A plan of a city and, asked for, a rule set for an epidemic switched on."""
    found = book(city).plan(scheme, day)
    if found is None:
        return no_plan()
    if epidemic:
        rules = found.epidemic._replace(present=1, whole_fee=1, no_deductible=1, ratio=10_000, no_caps=1, state_pays_rest=1)
        found = found._replace(epidemic=rules)
    return found


def some_readings(rng: random.Random) -> tuple[str, ...]:
    """Mostly the defaults, else a few alternatives."""
    return () if rng.random() < 0.4 else tuple(sorted(rng.sample(Readings._fields, rng.randint(1, 4))))


def fen(rng: random.Random, most: int) -> int:
    """An amount: zero now and then, small often, large sometimes."""
    return 0 if rng.random() < 0.1 else int(most ** rng.uniform(0.4, 1))


def claim(rng: random.Random, scheme: int, day: int, **fixed: int) -> Claim:
    """A bill of the scheme in the year of the day."""
    kind = rng.choice(KINDS)
    stay = kind in (5, 6, 7, 8, 9)
    within = fen(rng, 90_000_000 if stay else 900_000)
    full, over, pre = fen(rng, within // 4 + 1), fen(rng, within // 9 + 1), fen(rng, within // 6 + 1)
    disease, other = rng.randrange(15), rng.choice((-1, -1, rng.randrange(15)))
    poor = int(rng.random() < 0.15)
    values = {
        "scheme": scheme,
        "kind": kind,
        "day": day,
        "level": rng.randrange(6),
        "total": within + full + over + pre,
        "full": full,
        "over": over,
        "pre": pre,
        "within": within,
        "status": int(scheme == codes.EMPLOYEE and rng.random() < 0.4),
        "admitted": day,
        "offsite": rng.choice((0, 0, 0, 1, 2, 3, 4)),
        "place": rng.choice((0, 530102, 420100)),
        "off_list": rng.randint(0, full),
        "consultation": rng.randint(0, min(within, 2000)),
        "third_party": rng.randint(0, within) if kind in (1, 5, 6, 7) and rng.random() < 0.05 else 0,
        "transferred": int(rng.random() < 0.3),
        "long_bed": int(rng.random() < 0.05),
        "disease": disease if kind in (2, 13) else (rng.choice((-1, -1, 0, 1)) if kind == 3 else -1),
        "grant": rng.choice((0, day // 10_000 * 10_000 + rng.randint(1, max(day // 100 % 100, 1)) * 100 + 1)),
        "other_disease": other if other != disease and kind in (2, 3) else -1,
        "other_grant": rng.choice((0, day // 10_000 * 10_000 + 215)),
        "granted": int(rng.random() < 0.97),
        "two_disease": rng.choice((1, 2)),
        "two_registered": 3 if rng.random() < 0.4 else 1,
        "babies": rng.choice((1, 1, 1, 2, 3)),
        "complication": int(rng.random() < 0.1),
        "sessions": rng.randint(1, 14) if kind == 13 else 0,
        "aid": rng.choice((0, 0, 1, 2, 3, 4, 5, 6)),
        "registered_poor": poor,
        "civil_servant": int(scheme == codes.EMPLOYEE and rng.random() < 0.3),
        "epidemic": int(rng.random() < 0.1),
        "added": rng.choice((0, 0, 3, 1, 2)),
        "pre_existing": int(rng.random() < 0.3),
        "account_use": int(rng.random() < 0.9),
        "cover_from": 0 if rng.random() < 0.02 else 20000101,
        "cover_to": 20191231 if rng.random() < 0.02 else 99991231,
        "wait_until": 20991231 if rng.random() < 0.02 else 0,
        "suspended": int(rng.random() < 0.02),
        "agreement": int(rng.random() < 0.98),
        "died": 20190101 if rng.random() < 0.01 else 0,
        "outside_fund": int(rng.random() < 0.01),
    }
    return Claim(**{**values, **fixed})


def year(rng: random.Random, number: int) -> Year:
    """Accumulators of a person who has had some care this year."""
    if rng.random() < 0.3:
        return Year(year=number, account=fen(rng, 500_000), family=fen(rng, 200_000))
    sums = {
        name: fen(rng, 30_000_000)
        for name in ("pool_paid", "pool_base", "large_first", "large_second", "burden", "catastrophic_paid", "civil_base", "civil_paid",
                     "aid_base", "aid_paid", "tilt_base", "tilt_paid", "added_base_1", "added_base_2", "added_paid_1")
    }  # fmt: skip
    small = {
        name: fen(rng, 400_000)
        for name in ("inpatient_deductible", "outpatient_deductible", "outpatient_paid", "quota_used", "quota_used_second",
                     "two_disease_paid", "hypertension_paid", "diabetes_paid", "prenatal_paid", "account", "family")
    }  # fmt: skip
    admissions = rng.randint(0, 4)
    return Year(
        year=number,
        admissions=admissions,
        admissions_by_level=admissions << (8 * rng.randrange(6)),
        stay_level=rng.randrange(6),
        stay_due=fen(rng, 200_000),
        stay_borne=fen(rng, 100_000),
        stay_left=rng.choice((0, number * 10_000 + 510, *DAYS)),
        stay_admission=max(admissions, 1),
        quota_period=rng.choice((0, number * 100 + 1, number * 100 + 4, number * 100 + 6)),
        dialysis_month=rng.choice((0, number * 100 + 6)),
        dialysis_sessions=rng.randint(0, 14),
        **sums,
        **small,
    )


def case(rng: random.Random) -> tuple[Claim, Year, Plan]:
    """A bill, the year before it, and the plan it is settled under."""
    city, scheme, day = rng.choice(CITIES), rng.choice((1, 2)), rng.choice(DAYS)
    chosen = plan(city, scheme, day, rng.random() < 0.1)
    if rng.random() < 0.5:
        chosen = with_readings(chosen, some_readings(rng))
    if rng.random() < 0.1:
        chosen = chosen._replace(rounding=codes.TRUNCATE)
    if rng.random() < 0.15:
        chosen = with_bands(chosen, rng)
    return claim(rng, scheme, day), year(rng, day // 10_000), chosen


def with_readings(chosen: Plan, names: tuple[str, ...]) -> Plan:
    """The plan with some alternative readings in force."""
    readings = Readings(**{name: int(name in names) for name in Readings._fields})
    return chosen._replace(readings=readings, readings_mask=sum(1 << k for k, name in enumerate(Readings._fields) if name in names))


def with_bands(chosen: Plan, rng: random.Random) -> Plan:
    """The plan with three pool bands, per stay or per year, on payment or on in-scope amounts."""
    if chosen.pool.present == 0:
        return chosen
    ratios = tuple(min(rate + 200 * (slot % 4), 9900) for slot, rate in enumerate(_spread(chosen.pool.ratio_active)))
    low = (0, rng.randint(1, 2_000_000), rng.randint(2_000_001, 9_000_000), codes.UNBOUNDED)
    pool = chosen.pool._replace(
        bands=3, band_low=low, ratio_active=ratios, ratio_retired=ratios, band_basis=rng.randint(0, 1), cap_basis=rng.randint(0, 1)
    )
    return chosen._replace(pool=pool)


def _spread(ratios: tuple[int, ...]) -> list[int]:
    """Every band of a level at the level's first ratio."""
    return [ratios[slot - slot % 4] for slot in range(len(ratios))]
