"""What a bill leaves behind in each accumulator: kernel/settle/carry.py."""

from collections.abc import Callable
from typing import Any

import numpy as np

from openyibao.kernel import codes
from parts.fisca_base import Array, formula, named_formula

Change = Callable[[Any, Any], Array]


def after(name: str, change: Change) -> None:
    """Declare the figure after the bill: the figure before and a change."""

    def carry(person, period):
        return person(f"{name}_before", period) + change(person, period)

    named_formula(f"{name}_after", f"{name} after the bill", carry)


def replaced(name: str, flag: str, now: Change) -> None:
    """Declare the figure after the bill: a new one where the flag is set."""

    def carry(person, period):
        return np.where(person(flag, period), now(person, period), person(f"{name}_before", period))

    named_formula(f"{name}_after", f"{name} after the bill", carry)


def of(name: str) -> Change:
    """The bill's figure."""
    return lambda person, period: person(name, period)


def taken(name: str) -> Change:
    """The bill's figure, taken from an account."""
    return lambda person, period: -person(name, period)


def where(flag: str, name: str) -> Change:
    """The bill's figure where a flag is set."""
    return lambda person, period: person(name, period) * person(flag, period)


@formula
def is_counted(person, period):
    """Whether the bill counts as an admission 计住院次数."""
    counts = person("is_stay", period) & (person("within", period) > 0) & ~person("is_transfer", period)
    return counts & (person("kind", period) != codes.DAY_SURGERY)


@formula
def is_last_stay(person, period):
    """Whether the bill becomes the last stay."""
    return person("is_stay", period) & (person("kind", period) != codes.DAY_SURGERY)


@formula
def is_quota(person, period):
    """Whether the bill drew on a chronic quota."""
    return person("is_chronic", period) & ~person("is_severe", period)


def quota_used(person: Any, period: Any) -> Array:
    """The quota used in the bill's period."""
    same = person("quota_period_before", period) == person("quota_period", period)
    return person("quota_used_before", period) * same + person("admitted_amount", period)


def stay_borne(person: Any, period: Any) -> Array:
    """The deductible borne by the chain of stays."""
    return person("deductible", period) + person("stay_borne_before", period) * person("is_transfer", period)


def of_disease(disease: int) -> Change:
    """The two-disease payment for one of the two."""
    return lambda person, period: person("pool", period) * (person("is_two_disease", period) & (person("two_disease", period) == disease))


def prenatal(person: Any, period: Any) -> Array:
    """What this pregnancy's check-ups were paid; nothing after its end."""
    kind = person("kind", period)
    ended = person("is_settled", period) & person("is_maternity_kind", period) & (kind != codes.PRENATAL)
    return np.where(ended, -person("prenatal_paid_before", period), person("pool", period) * (kind == codes.PRENATAL))


after("account", taken("account"))
after("family", taken("family"))
after("admissions", of("is_counted"))
replaced("stay_level", "is_last_stay", of("level"))
replaced("stay_borne", "is_last_stay", stay_borne)
replaced("stay_left", "is_last_stay", of("day_number"))
replaced("stay_admission", "is_last_stay", of("admission"))
after("outpatient_deductible", where("is_visit", "deductible"))
after("outpatient_paid", where("is_visit", "pool"))
after("chronic_deductible", where("is_chronic", "deductible"))
replaced("quota_period", "is_quota", of("quota_period"))
replaced("quota_used", "is_quota", quota_used)
after("two_disease_paid", where("is_two_disease", "pool"))
after("hypertension_paid", of_disease(codes.HYPERTENSION))
after("diabetes_paid", of_disease(codes.DIABETES))
after("pool_paid", where("is_capped", "pool"))
for layer in ("large_first", "large_second", "burden", "civil_base", "aid_base", "tilt_base"):
    after(layer, of(layer))
for layer in ("catastrophic", "civil", "aid", "tilt"):
    after(f"{layer}_paid", of(layer))
for number in (1, 2, 3):
    after(f"added_base_{number}", of(f"added_base_{number}"))
    after(f"added_paid_{number}", of(f"added_{number}"))
after("prenatal_paid", prenatal)
