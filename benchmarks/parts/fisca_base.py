"""How the cascade is declared to OpenFisca: one entity, whole-number variables per bill, formulas registered by a decorator.

One period (a month) holds one wave: each person's k-th bill. Money is fen in OpenFisca's int (32 bits); products are taken in 64 bits.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from openfisca_core.entities import Entity
from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openyibao.kernel.codes import WHOLE
from parts.fisca_tables import Tables

Array = Any
PERSON = Entity("person", "persons", "A person with one bill per period", "")
BILL = (
    "plan", "kind", "day", "day_number", "admitted_on", "admitted_number", "level", "status", "total", "full", "within", "pre", "off_list",
    "third_party", "offsite", "place", "transferred", "long_bed", "disease", "grant", "other_disease", "other_grant", "granted",
    "two_disease", "two_registered", "babies", "sessions", "aid_category", "civil_servant", "buys_added", "pre_existing",
    "account_use", "cover_from", "cover_to", "wait_until", "suspended", "agreement", "died", "outside_fund",
)  # fmt: skip
"""What a bill brings: the kernel's claim fields, the row of its plan, and days counted (so that a formula only subtracts)."""

CARRIED = (
    "account", "family", "admissions", "stay_level", "stay_borne", "stay_left", "stay_admission", "outpatient_deductible",
    "outpatient_paid", "chronic_deductible", "quota_period", "quota_used", "two_disease_paid", "hypertension_paid", "diabetes_paid",
    "pool_paid", "large_first", "large_second", "burden", "catastrophic_paid", "civil_base", "civil_paid", "aid_base", "aid_paid",
    "tilt_base", "tilt_paid", "added_base_1", "added_base_2", "added_base_3", "added_paid_1", "added_paid_2", "added_paid_3",
    "prenatal_paid",
)  # fmt: skip
"""The accumulators that one wave hands to the next; `stay_left` as a day number."""

FORMULAS: list[type[Variable]] = []


class Cascade(TaxBenefitSystem):
    """The system of one city: its entity, its variables and its plans' figures."""

    def __init__(self, tables: Tables) -> None:
        """`tables` by `fisca_tables.tables_of`; the modules with the formulas must be imported (`fisca_waves` does)."""
        super().__init__([PERSON])
        self.tables = tables
        for name in (*BILL, *(f"{name}_before" for name in CARRIED)):
            self.add_variable(declared(name, name.replace("_", " ")))
        for variable in FORMULAS:
            self.add_variable(variable)


def declared(name: str, label: str, **more: Any) -> type[Variable]:
    """A variable of whole numbers per person and wave."""
    members = {"value_type": int, "entity": PERSON, "definition_period": DateUnit.MONTH, "label": label, **more}
    return type(name, (Variable,), members)


def formula(function: Callable[..., Array]) -> Callable[..., Array]:
    """Declare a variable of the function's name, computed by it; one named `is_…` or `has_…` is true or false."""
    kind = bool if function.__name__.startswith(("is_", "has_")) else int
    FORMULAS.append(declared(function.__name__, function.__doc__ or "", formula=function, value_type=kind))
    return function


def named_formula(name: str, label: str, function: Callable[..., Array]) -> None:
    """Declare a variable under another name than its function's."""
    FORMULAS.append(declared(name, label, formula=function))


def of_plan(person: Any, period: Any, name: str) -> Array:
    """A figure of each bill's plan."""
    return person.simulation.tax_benefit_system.tables[name].take(person("plan", period))


def of_index(person: Any, period: Any, name: str, index: str) -> Array:
    """A figure by a flat index variable."""
    return person.simulation.tax_benefit_system.tables[name].take(person(index, period))


def share(amount: Array, rate: Array) -> Array:
    """`rate` parts per 10,000 of `amount`, half up; one of the two is 64 bits wide."""
    return (amount * rate + WHOLE // 2) // WHOLE


def above(before: Array, amount: Array, deductible: Array, ratio: Array) -> Array:
    """`ratio` of what lies above a yearly deductible on a running base."""
    return share(np.maximum(before + amount - deductible, 0) - np.maximum(before - deductible, 0), ratio)


def amount_for(paid: Array, rate: Array) -> Array:
    """The amount of which `rate` (parts per 100,000,000) gives `paid`."""
    some = np.maximum(rate, 1)
    return np.where(rate > 0, (2 * paid * (WHOLE * WHOLE) + some) // (2 * some), 0)
