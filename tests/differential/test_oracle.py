"""The law against the independent calculator written from the documents alone: random people, a year of bills each, random readings.

The calculator reads the reference policies, so this test needs the shared reference beside the checkout and skips without it.
"""

import random

import pytest

from drawn import CITIES, claim, fen
from drawn import book as drawn_book
from openyibao.kernel import codes
from openyibao.kernel.plan import Readings, no_plan
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from openyibao.policybook.book import load_book, policies_root
from oracle import calculator, reference

pytestmark = pytest.mark.skipif(not reference.present(), reason=reference.MISSING)

FIGURES = ("deductible", "pool", "large_first", "large_second", "catastrophic", "civil", "aid", "tilt", "topup", "fund", "person",
           "account", "family", "cash")  # fmt: skip
PERSON = ("status", "aid", "registered_poor", "civil_servant", "added", "pre_existing", "other_disease", "other_grant", "two_registered")
PEOPLE, BILLS = 25, 4


def readings_of(rng: random.Random) -> tuple[str, ...]:
    """None, or one to three alternative readings."""
    return () if rng.random() < 0.3 else tuple(sorted(rng.sample(Readings._fields, rng.randint(1, 3))))


def bill_days(rng: random.Random) -> list[int]:
    """Days of one person's bills in order, sometimes over New Year."""
    year = rng.choice((2020, 2021, 2022, 2023, 2024))
    last = year + (rng.random() < 0.2)
    return sorted(rng.randint(year, last) * 10_000 + rng.randint(1, 12) * 100 + rng.randint(1, 28) for _ in range(BILLS))


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("seed", range(3))
def test_the_law_agrees_with_the_calculator(city: str, seed: int) -> None:
    rng, plain = random.Random(f"{city}-{seed}"), drawn_book(city)
    for person in range(PEOPLE):
        scheme, readings = rng.choice((codes.EMPLOYEE, codes.RESIDENT)), readings_of(rng)
        book = load_book(policies_root(), city, readings=readings) if readings else plain
        days = bill_days(rng)
        traits = claim(rng, scheme, days[0])
        kept = {name: getattr(traits, name) for name in PERSON}
        year = Year(year=days[0] // 10_000, account=fen(rng, 300_000), family=fen(rng, 100_000))
        theirs = year._asdict()
        for number, day in enumerate(days):
            bill = claim(rng, scheme, day, **kept, epidemic=0)
            receipt, year = settle(bill, year, book.plan_for(bill) or no_plan())
            found, theirs = calculator.settle(city, bill._asdict(), theirs, frozenset(readings))
            ours = {name: getattr(receipt, name) for name in FIGURES}
            expected = {name: found[name] for name in FIGURES}
            assert ours == expected, f"{city} seed {seed} person {person} bill {number}, readings {readings}: {bill}\nyear before {theirs}"
