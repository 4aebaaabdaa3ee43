"""The cascade as OpenFisca variables with formulas, vectorised over people: the comparison of benchmarks/kernel.py.

The same rules as kernel/settle for stays, ordinary outpatient visits and pharmacy bills, to the fen, without what
docs/reference/benchmarks.md lists as left out. One period (a month) holds one wave: each person's k-th bill. Money is fen in
OpenFisca's int (32 bits); products are taken in 64 bits.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from openfisca_core.entities import Entity
from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openyibao.kernel.codes import AID_CATEGORIES, EMPLOYEE, INPATIENT, LEVELS, OUTPATIENT, RESIDENT, WHOLE
from openyibao.kernel.plan import BANDS
from parts.fisca_tables import Tables

Array = Any
PERSON = Entity("person", "persons", "A person with one bill per period", "")
BILL = ("plan", "kind", "level", "total", "pre", "within", "status", "aid_category", "civil_servant", "account_use")
CARRIED = ("account", "family", "admissions", "outpatient_deductible", "outpatient_paid", "pool_paid", "large_first", "large_second",
           "burden", "catastrophic_paid", "civil_base", "civil_paid", "aid_base", "aid_paid", "tilt_base", "tilt_paid")  # fmt: skip
FORMULAS: list[type[Variable]] = []


class Cascade(TaxBenefitSystem):
    """The system of one city: its entity, its variables and its plans' figures."""

    def __init__(self, tables: Tables) -> None:
        """`tables` by `fisca_tables.tables_of`."""
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
    """Declare a variable of the function's name, computed by it; one named `is_…` is true or false."""
    kind = bool if function.__name__.startswith("is_") else int
    FORMULAS.append(declared(function.__name__, function.__doc__ or "", formula=function, value_type=kind))
    return function


def share(amount: Array, rate: Array) -> Array:
    """`rate` parts per 10,000 of `amount`, half up; one of the two is 64 bits wide."""
    return (amount * rate + WHOLE // 2) // WHOLE


def above(before: Array, amount: Array, deductible: Array, ratio: Array) -> Array:
    """`ratio` of what lies above a yearly deductible on a running base."""
    return share(np.maximum(before + amount - deductible, 0) - np.maximum(before - deductible, 0), ratio)


def amount_for(paid: Array, ratio: Array) -> Array:
    """The amount of which `ratio` gives `paid`."""
    rate = np.maximum(ratio, 1) * WHOLE
    return np.where(ratio > 0, (2 * paid * (WHOLE * WHOLE) + rate) // (2 * rate), 0)


def of_plan(person: Any, period: Any, name: str) -> Array:
    """A figure of each bill's plan."""
    return person.simulation.tax_benefit_system.tables[name].take(person("plan", period))


def of_index(person: Any, period: Any, name: str, index: str) -> Array:
    """A figure by a flat index variable."""
    return person.simulation.tax_benefit_system.tables[name].take(person(index, period))


@formula
def by_level(person, period):
    """Flat index of plan and level."""
    return person("plan", period) * LEVELS + person("level", period)


@formula
def by_status_and_level(person, period):
    """Flat index of plan, status and level."""
    return (person("plan", period) * 2 + person("status", period)) * LEVELS + person("level", period)


@formula
def by_status(person, period):
    """Flat index of plan and status."""
    return person("plan", period) * 2 + person("status", period)


@formula
def by_aid(person, period):
    """Flat index of plan and aid category."""
    return person("plan", period) * AID_CATEGORIES + person("aid_category", period)


@formula
def is_stay(person, period):
    """Whether the bill is a stay 住院."""
    return person("kind", period) == INPATIENT


@formula
def is_visit(person, period):
    """Whether the bill is an outpatient visit that the scheme pools 普通门诊统筹."""
    return (person("kind", period) == OUTPATIENT) & (of_plan(person, period, "outpatient_present") == 1)


@formula
def stay_deductible(person, period):
    """What a stay owes of the deductible 住院起付线, by admission and status."""
    listed = of_index(person, period, "deductible", "by_level")
    again = (person("admissions_before", period) > 0) & (of_index(person, period, "repeats", "by_level") == 1)
    standard = np.where(again, share(listed, of_plan(person, period, "repeat_factor")), listed)
    retired = share(standard, of_plan(person, period, "retired_factor")) + of_plan(person, period, "retired_delta")
    return np.where(person("status", period) == 1, np.maximum(retired, 0), standard)


@formula
def visit_deductible(person, period):
    """What a visit owes of the yearly outpatient deductible 门诊起付线."""
    standard = of_index(person, period, "outpatient_deductible", "by_status_and_level")
    listed = of_index(person, period, "outpatient_listed", "by_level")
    return np.where(listed == 1, np.maximum(standard - person("outpatient_deductible_before", period), 0), 0)


@formula
def deductible(person, period):
    """The deductible borne 实付起付线."""
    due = np.where(person("is_stay", period), person("stay_deductible", period), person("visit_deductible", period))
    due = np.where(person("is_stay", period) | person("is_visit", period), due, 0)
    return np.minimum(person("within", period), due)


@formula
def above_deductible(person, period):
    """The amount to which the ratio applies 进入比例的金额."""
    return person("within", period) - person("deductible", period)


@formula
def stay_room(person, period):
    """What the basic cap still allows 封顶线余额."""
    return np.maximum(of_plan(person, period, "cap") - person("pool_paid_before", period), 0)


@formula
def stay_owed(person, period):
    """The pool's share of a stay before the cap."""
    return share(person("above_deductible", period), of_index(person, period, "ratio", "by_status_and_level"))


@formula
def visit_pays(person, period):
    """The pool's share of a visit within the yearly cap of visits."""
    ratio = of_index(person, period, "outpatient_ratio", "by_status_and_level")
    owed = share(person("above_deductible", period), ratio)
    room = np.maximum(of_index(person, period, "outpatient_cap", "by_status") - person("outpatient_paid_before", period), 0)
    return np.where(of_index(person, period, "outpatient_listed", "by_level") == 1, np.minimum(owed, room), 0)


@formula
def pool(person, period):
    """The pool pays 统筹基金支付."""
    stay = np.minimum(person("stay_owed", period), person("stay_room", period))
    visit = np.where(person("is_visit", period), person("visit_pays", period), 0)
    return np.where(person("is_stay", period), stay, visit)


@formula
def over_cap(person, period):
    """What of a stay found no room under the cap 超封顶金额."""
    room, base = person("stay_room", period).astype(np.int64), person("above_deductible", period)
    used = np.minimum(amount_for(room, of_index(person, period, "ratio", "by_status_and_level")), base)
    return np.where(person("is_stay", period) & (person("stay_owed", period) > room), base - used, 0)


@formula
def is_large(person, period):
    """Whether the employee large-amount layers look at the bill."""
    employee = of_plan(person, period, "scheme") == EMPLOYEE
    return employee & (of_plan(person, period, "large_present") == 1) & (person("over_cap", period) > 0)


@formula
def large_first_owed(person, period):
    """The first large-amount layer before its cap."""
    return share(person("over_cap", period), of_plan(person, period, "large_ratio_first"))


@formula
def large_first_room(person, period):
    """What the first layer's cap still allows."""
    return np.maximum(of_plan(person, period, "large_cap_first") - person("large_first_before", period), 0)


@formula
def large_first(person, period):
    """The first large-amount layer pays 大额第一层."""
    return np.where(person("is_large", period), np.minimum(person("large_first_owed", period), person("large_first_room", period)), 0)


@formula
def large_second(person, period):
    """The second large-amount layer pays 大额第二层, on what found no room in the first."""
    over, room = person("over_cap", period), person("large_first_room", period).astype(np.int64)
    used = np.minimum(amount_for(room, of_plan(person, period, "large_ratio_first")), over)
    left = np.where(person("is_large", period) & (person("large_first_owed", period) > room), over - used, 0)
    own_room = np.maximum(of_plan(person, period, "large_cap_second") - person("large_second_before", period), 0)
    return np.minimum(share(left, of_plan(person, period, "large_ratio_second")), own_room)


@formula
def left_after_large(person, period):
    """In scope and unpaid after basic insurance and the large-amount layers."""
    return person("within", period) - person("pool", period) - person("large_first", period) - person("large_second", period)


@formula
def burden(person, period):
    """This bill's burden for catastrophic insurance 大病合规负担: stays of residents."""
    counts = (of_plan(person, period, "scheme") == RESIDENT) & person("is_stay", period)
    return np.where(counts, person("left_after_large", period), 0)


@formula
def is_tilted(person, period):
    """Whether catastrophic insurance is tilted towards the person 大病倾斜."""
    return of_index(person, period, "tilted", "by_aid") == 1


@formula
def catastrophic_deductible(person, period):
    """The person's own catastrophic deductible 大病起付线."""
    listed = of_plan(person, period, "catastrophic_deductible")
    return np.where(person("is_tilted", period), share(listed, of_plan(person, period, "catastrophic_tilt_factor")), listed)


def cumulative(person, period, total: Array) -> Array:
    """What catastrophic insurance owes on a cumulated burden, band by band."""
    tables, plan = person.simulation.tax_benefit_system.tables, person("plan", period)
    own = person("catastrophic_deductible", period)
    add = np.where(person("is_tilted", period), of_plan(person, period, "catastrophic_tilt_add"), 0)
    owed = 0
    for band in range(BANDS):
        low = own if band == 0 else np.maximum(tables["band_low"][band].take(plan), own)
        within = np.maximum(np.minimum(total, tables["band_high"][band].take(plan)) - low, 0)
        owed = owed + share(within, np.minimum(tables["band_ratio"][band].take(plan) + add, WHOLE))
    return owed


@formula
def catastrophic(person, period):
    """Catastrophic insurance pays 大病保险: the difference of a cumulative function."""
    before, now = person("burden_before", period), person("burden", period)
    owed = np.maximum(cumulative(person, period, before + now) - cumulative(person, period, before), 0)
    room = np.maximum(of_plan(person, period, "catastrophic_cap") - person("catastrophic_paid_before", period), 0)
    uncapped = person("is_tilted", period) & (of_plan(person, period, "catastrophic_tilt_removes_cap") == 1)
    pays = np.where(uncapped, owed, np.minimum(owed, room))
    return np.where((of_plan(person, period, "catastrophic_present") == 1) & (now > 0), pays, 0)


@formula
def civil_base(person, period):
    """What the civil-servant supplement looks at 补助基数."""
    entitled = (person("civil_servant", period) == 1) & (of_plan(person, period, "civil_present") == 1)
    settled = person("is_stay", period) | person("is_visit", period)
    pre = np.where(of_plan(person, period, "civil_includes_first_self_pay") == 1, person("pre", period), 0)
    return np.where(entitled & settled, person("left_after_large", period) - person("catastrophic", period) + pre, 0)


@formula
def civil(person, period):
    """The civil-servant supplement pays 公务员补助."""
    owed = above(person("civil_base_before", period), person("civil_base", period),
                 of_plan(person, period, "civil_deductible"), of_plan(person, period, "civil_ratio"))  # fmt: skip
    return np.minimum(owed, np.maximum(of_plan(person, period, "civil_cap") - person("civil_paid_before", period), 0))


@formula
def aid_base(person, period):
    """What medical aid looks at 救助基数: the in-scope amount the layers before left of a stay."""
    left = np.maximum(person("left_after_large", period) - person("catastrophic", period) - person("civil", period), 0)
    return np.where(person("is_stay", period), left, 0)


@formula
def aid(person, period):
    """Medical aid pays 医疗救助."""
    owed = above(person("aid_base_before", period), person("aid_base", period),
                 of_index(person, period, "aid_deductible", "by_aid"), of_index(person, period, "aid_ratio", "by_aid"))  # fmt: skip
    return np.minimum(owed, np.maximum(of_index(person, period, "aid_cap", "by_aid") - person("aid_paid_before", period), 0))


@formula
def tilt_base(person, period):
    """What tilted aid looks at 倾斜救助基数."""
    entitled = (person("aid_category", period) > 0) & (of_plan(person, period, "tilt_ratio") > 0)
    return np.where(entitled, person("aid_base", period) - person("aid", period), 0)


@formula
def tilt(person, period):
    """Tilted aid pays 倾斜救助."""
    owed = above(person("tilt_base_before", period), person("tilt_base", period),
                 of_plan(person, period, "tilt_trigger"), of_plan(person, period, "tilt_ratio"))  # fmt: skip
    return np.minimum(owed, np.maximum(of_plan(person, period, "tilt_cap") - person("tilt_paid_before", period), 0))


@formula
def fund(person, period):
    """All funds together 基金支付总额."""
    layers = ("large_first", "large_second", "catastrophic", "civil", "aid", "tilt")
    return person("pool", period) + sum(person(layer, period) for layer in layers)


@formula
def person_pays(person, period):
    """The person's part 个人负担."""
    return person("total", period) - person("fund", period)


@formula
def account(person, period):
    """Paid from the own account 个人账户支付."""
    own = np.minimum(person("person_pays", period), np.maximum(person("account_before", period), 0))
    return np.where(person("account_use", period) == 1, own, 0)


@formula
def family(person, period):
    """Paid from the shared family account 家庭共济支付."""
    rest = person("person_pays", period) - person("account", period)
    shared = (of_plan(person, period, "family") == 1) & (person("account_use", period) == 1)
    return np.where(shared, np.minimum(rest, np.maximum(person("family_before", period), 0)), 0)


@formula
def cash(person, period):
    """Paid in cash 现金支付."""
    return person("person_pays", period) - person("account", period) - person("family", period)


def after(name: str, change: Callable[[Any, Any], Array]) -> None:
    """Declare what the bill leaves of a carried figure: the figure before and a change."""

    def carry(person, period):
        return person(f"{name}_before", period) + change(person, period)

    FORMULAS.append(declared(f"{name}_after", f"{name} after the bill", formula=carry))


def taken(name: str) -> Callable[[Any, Any], Array]:
    """The bill's figure, taken from an account."""
    return lambda person, period: -person(name, period)


def added(name: str) -> Callable[[Any, Any], Array]:
    """The bill's figure, added."""
    return lambda person, period: person(name, period)


def added_where(name: str, flag: str) -> Callable[[Any, Any], Array]:
    """The bill's figure, added where a flag is set."""
    return lambda person, period: person(name, period) * person(flag, period)


after("account", taken("account"))
after("family", taken("family"))
after("admissions", lambda person, period: person("is_stay", period) * (person("within", period) > 0))
after("outpatient_deductible", added_where("deductible", "is_visit"))
after("outpatient_paid", added_where("pool", "is_visit"))
after("pool_paid", added_where("pool", "is_stay"))
for layer in ("large_first", "large_second", "burden", "civil_base", "aid_base", "tilt_base"):
    after(layer, added(layer))
for layer in ("catastrophic", "civil", "aid", "tilt"):
    after(f"{layer}_paid", added(layer))
