"""What a synthetic city answers to the facts of a plan about people and money coming in 校准答案: names as in facts/<city>.yaml.

The sums are taken bucket by bucket from the tables `person`, `holder` and `contribution`, whether just made or read from a store.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel import codes
from openyibao.policybook.contributions import page
from openyibao.warehouse.city.contributions import AUDIT_DAY, LATE, RELIEVED, UNPAID
from openyibao.warehouse.city.ground import Ground
from openyibao.warehouse.city.profile import Profile
from openyibao.warehouse.city.registers import institution_counts
from openyibao.warehouse.city.size import City, unscaled

COUNT, FEN, RATIO, FIXED = "count", "fen", "ratio", "fixed"
MONEY = ("scheme", "state", "employer_part", "person_part", "subsidy", "aided", "large", "supplement", "base", "months", "paid_on")
"""Columns of `contribution` that the sums read."""
LEVEL_NAMES = ("PV", "P0", "L1", "L2", "L3", "L3P")

Columns = Mapping[str, Any]


class Answer(NamedTuple):
    """A figure of a synthetic city: a count or fen at the store's scale, a ratio (1 = all), or one that no scale changes."""

    value: float
    kind: str

    def whole(self, city: City) -> float:
        """The figure at 1:1."""
        return unscaled(city, round(self.value)) if self.kind in (COUNT, FEN) else self.value


def bucket_sums(ground: Ground, year: int, person: Columns, holder: Columns, contribution: Columns) -> Counter[str]:
    """One bucket's counts and sums of fen of a year, by name."""
    found: Counter[str] = Counter()
    living = (person["died"] == 0) | (person["died"] > year * 10_000 + 1231)
    living &= person["born"] <= year * 10_000 + 1231
    enrolled = holder["enrolled"] == 1
    found["population.resident"] = int((living & (person["resident"] == 1)).sum())
    found["population.registered"] = int((living & (person["register"] <= 2)).sum())
    found["two_diseases.persons"] = int((enrolled & (person["two_registered"][rows_of(person, holder)] > 0)).sum())
    found["poor.all"] = int((living & (person["registered_poor"] == 1)).sum())
    employee = holder["scheme"] == codes.EMPLOYEE
    active = (holder["status"] == codes.ACTIVE) & (holder["flexible"] == 0)
    run_by = np.append(ground.employer["run_by"], 1)[holder["employer"]]
    for name, mask in {
        "enrolled.all": enrolled, "enrolled.resident": enrolled & ~employee, "enrolled.employee": enrolled & employee,
        "enrolled.residing": enrolled & (holder["resident"] == 1), "insured.maternity": enrolled & employee & active,
        "poor.registered": enrolled & (holder["registered_poor"] == 1), "aid.marginal": enrolled & (holder["aid"] == codes.MARGINAL),
        **{f"run_by.{number}": enrolled & employee & (run_by == number) for number in (1, 2, 3)},
    }.items():
        found[name] = int(mask.sum())
    found.update(money_sums(ground, year, contribution))
    return found


def rows_of(person: Mapping[str, Any], holder: Mapping[str, Any]) -> Any:
    """The row in `person` of each holder: persons of a bucket are numbered without a gap."""
    return holder["person"] - person["person"][0]


def money_sums(ground: Ground, year: int, contribution: Mapping[str, Any]) -> Counter[str]:
    """What came in: by scheme, the funds of their own, what relief waived, what audits brought back."""
    found: Counter[str] = Counter()
    columns = {name: np.asarray(contribution[name], np.int64) for name in MONEY}
    paid = columns["state"] != UNPAID
    whole = columns["employer_part"] + columns["person_part"] + columns["subsidy"] + columns["aided"]
    for name, scheme in (("employee", codes.EMPLOYEE), ("resident", codes.RESIDENT)):
        found[f"collected.{name}"] = int(whole[paid & (columns["scheme"] == scheme)].sum())
    found["collected.large"] = int(columns["large"][paid].sum())
    found["collected.supplement"] = int(columns["supplement"][paid].sum())
    rates = ground.terms[year].rates[0][0]
    eased = columns["state"] == RELIEVED
    month = (columns["base"][eased] * rates.employer + codes.WHOLE // 2) // codes.WHOLE
    found["relief.waived"] = int((month * columns["months"][eased] - columns["employer_part"][eased]).sum())
    audited = (columns["paid_on"] == year * 10_000 + AUDIT_DAY) & (columns["state"] == LATE)
    found["audits.recovered"] = int((columns["employer_part"] + columns["person_part"])[audited].sum())
    found["audits.persons"] = int(audited.sum())
    return found


def answers_of(ground: Ground, year: int, sums: Mapping[str, int]) -> dict[str, Answer]:
    """The answers that sums over the sampled buckets give, with those of the registers and of the policy book."""
    money = {name for name in sums if name.startswith(("collected.", "relief.")) or name == "audits.recovered"}
    found = {name: Answer(value, FEN if name in money else COUNT) for name, value in sums.items()}
    profile = ground.profile
    other = {scheme: profile.whole(f"income.other_{scheme}") for scheme in ("employee", "resident")}
    income = sum(sums[f"collected.{scheme}"] * (codes.WHOLE + rate) / codes.WHOLE for scheme, rate in other.items())
    found["income.all"] = Answer(income, FEN)
    found["enrolment_rate"] = Answer(sums["enrolled.residing"] / max(sums["population.resident"], 1), RATIO)
    found["poor.enrolled"] = found["key_groups.enrolled"] = Answer(sums["poor.registered"] / max(sums["poor.all"], 1), RATIO)
    return found | register_answers(profile) | policy_answers(ground, year)


def register_answers(profile: Profile) -> dict[str, Answer]:
    """Counts of the registers at 1:1."""
    whole = profile.whole("enrolled.employee") + profile.whole("enrolled.resident")
    counts = institution_counts(profile, City(profile.city, 0, whole, whole, (), 1))
    found = {f"providers.{name}": Answer(count, FIXED) for name, count in zip(LEVEL_NAMES, counts["levels"], strict=True)}
    found["providers.institutions"] = Answer(sum(counts["levels"]), FIXED)
    found["providers.pharmacies"] = Answer(counts["pharmacies"][0], FIXED)
    found["audits.employers"] = Answer(profile.whole("audits.employers"), FIXED)
    return found


def policy_answers(ground: Ground, year: int) -> dict[str, Answer]:
    """What the policy book itself answers, fen."""
    terms = ground.terms[year]
    found = {"premium.standard": Answer(terms.premium + terms.subsidy, FIXED), "premium.subsidy": Answer(terms.subsidy, FIXED)}
    desk = page(ground.book, codes.RESIDENT, year * 10_000 + 101)
    if desk.found("catastrophic.premium") is not None:
        found["premium.catastrophic"] = Answer(desk.fen("", "catastrophic.premium"), FIXED)
    return found
