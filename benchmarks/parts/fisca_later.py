"""The layers after basic insurance, and who pays the rest: kernel/settle/{large,catastrophic,civil,aid,added,account}.py."""

from typing import Any

import numpy as np

from openyibao.kernel.codes import BASE_IN_SCOPE_LEFT, EMPLOYEE, RESIDENT, SELF_REFERRED, WHOLE
from openyibao.kernel.plan import BANDS
from parts.fisca_base import Array, above, amount_for, formula, named_formula, of_index, of_plan, share

ADDED = (1, 2, 3)


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
    pays = np.minimum(person("large_first_owed", period), person("large_first_room", period))
    return np.where(person("is_large", period), pays, 0)


@formula
def large_second(person, period):
    """The second large-amount layer pays 大额第二层, on what found no room in the first."""
    over, room = person("over_cap", period), person("large_first_room", period).astype(np.int64)
    used = np.minimum(amount_for(room, of_plan(person, period, "large_ratio_first") * WHOLE), over)
    left = np.where(person("is_large", period) & (person("large_first_owed", period) > room), over - used, 0)
    own_room = np.maximum(of_plan(person, period, "large_cap_second") - person("large_second_before", period), 0)
    return np.minimum(share(left, of_plan(person, period, "large_ratio_second")), own_room)


@formula
def left_after_large(person, period):
    """In scope and unpaid after basic insurance and the large-amount layers."""
    left = person("eligible", period) - person("pool", period) - person("large_first", period) - person("large_second", period)
    return np.where(person("is_later", period), left, 0)


@formula
def burden(person, period):
    """This bill's burden for catastrophic insurance 大病合规负担: residents' stays, chronic and dialysis bills."""
    counts = (of_plan(person, period, "scheme") == RESIDENT) & person("is_major", period)
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


def cumulative(person: Any, period: Any, total: Array) -> Array:
    """What catastrophic insurance owes on a cumulated burden, band by band."""
    tables, plan = person.simulation.tax_benefit_system.tables, person("plan", period)
    own = person("catastrophic_deductible", period)
    add = np.where(person("is_tilted", period), of_plan(person, period, "catastrophic_tilt_add"), 0)
    owed: Array = 0
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
def is_civil(person, period):
    """Whether the civil-servant supplement looks at the bill."""
    entitled = (person("civil_servant", period) == 1) & (of_plan(person, period, "civil_present") == 1)
    return entitled & person("is_later", period)


@formula
def civil_base(person, period):
    """What the supplement looks at 补助基数."""
    pre = np.where(of_plan(person, period, "civil_includes_first_self_pay") == 1, person("pre", period), 0)
    left = person("left_after_large", period) - person("catastrophic", period)
    return np.where(person("is_civil", period), left + pre, 0)


@formula
def civil(person, period):
    """The civil-servant supplement pays 公务员补助."""
    owed = above(person("civil_base_before", period), person("civil_base", period),
                 of_plan(person, period, "civil_deductible"), of_plan(person, period, "civil_ratio"))  # fmt: skip
    return np.minimum(owed, np.maximum(of_plan(person, period, "civil_cap") - person("civil_paid_before", period), 0))


@formula
def left_after_civil(person, period):
    """In scope and unpaid after the supplement."""
    left = person("left_after_large", period) - person("catastrophic", period) - person("civil", period)
    return np.maximum(left, 0)


@formula
def aid_base(person, period):
    """What medical aid looks at 救助基数."""
    return np.where(person("is_major", period), person("left_after_civil", period), 0)


@formula
def aid(person, period):
    """Medical aid pays 医疗救助."""
    owed = above(person("aid_base_before", period), person("aid_base", period),
                 of_index(person, period, "aid_deductible", "by_aid"), of_index(person, period, "aid_ratio", "by_aid"))  # fmt: skip
    return np.minimum(owed, np.maximum(of_index(person, period, "aid_cap", "by_aid") - person("aid_paid_before", period), 0))


@formula
def tilt_base(person, period):
    """What tilted aid looks at 倾斜救助基数: aid categories, not after self-referral."""
    entitled = (person("aid_category", period) > 0) & (of_plan(person, period, "tilt_ratio") > 0)
    entitled &= person("offsite_class", period) != SELF_REFERRED
    return np.where(entitled, person("aid_base", period) - person("aid", period), 0)


@formula
def tilt(person, period):
    """Tilted aid pays 倾斜救助."""
    owed = above(person("tilt_base_before", period), person("tilt_base", period),
                 of_plan(person, period, "tilt_trigger"), of_plan(person, period, "tilt_ratio"))  # fmt: skip
    return np.minimum(owed, np.maximum(of_plan(person, period, "tilt_cap") - person("tilt_paid_before", period), 0))


def left_before_added(person: Any, period: Any, number: int) -> Array:
    """In scope and unpaid before an added layer: the layers before it that take from it are subtracted."""
    left = person("left_after_civil", period) - person("aid", period) - person("tilt", period)
    for earlier in range(1, number):
        takes = of_plan(person, period, f"added_base_kind_{earlier}") == BASE_IN_SCOPE_LEFT
        left = left - np.where(takes, person(f"added_{earlier}", period), 0)
    return left


def declare_added(number: int) -> None:
    """Declare the base and the payment of one added layer 补充层."""

    def added_base(person, period):
        bought = (person("buys_added", period) & (1 << (number - 1))) > 0
        looks = bought & person("is_later", period) & (of_plan(person, period, f"added_present_{number}") == 1)
        looks &= (of_plan(person, period, f"added_inpatient_only_{number}") == 0) | person("is_stay", period)
        inside = of_plan(person, period, f"added_base_kind_{number}") == BASE_IN_SCOPE_LEFT
        return np.where(looks, np.where(inside, left_before_added(person, period, number), person("off_list", period)), 0)

    def added(person, period):
        owed = above(person(f"added_base_{number}_before", period), person(f"added_base_{number}", period),
                     of_plan(person, period, f"added_deductible_{number}"), of_plan(person, period, f"added_ratio_{number}"))  # fmt: skip
        factor = np.where(person("pre_existing", period) == 1, of_plan(person, period, f"added_factor_{number}"), WHOLE)
        room = np.maximum(of_plan(person, period, f"added_cap_{number}") - person(f"added_paid_{number}_before", period), 0)
        return np.minimum(share(owed, factor), room)

    named_formula(f"added_base_{number}", f"what added layer {number} looks at", added_base)
    named_formula(f"added_{number}", f"added layer {number} pays", added)


for layer in ADDED:
    declare_added(layer)


@formula
def fund(person, period):
    """All funds together 基金支付总额."""
    layers = ("large_first", "large_second", "catastrophic", "civil", "aid", "tilt", *(f"added_{number}" for number in ADDED))
    return person("pool", period) + sum(person(layer, period) for layer in layers)


@formula
def hospital(person, period):
    """What the hospital bears of dialysis above the package 医院负担."""
    return np.where(person("is_dialysis", period), person("total", period) - person("full", period) - person("looked_at", period), 0)


@formula
def person_pays(person, period):
    """The person's part 个人负担."""
    return person("total", period) - person("hospital", period) - person("fund", period)


@formula
def payable(person, period):
    """What the accounts may pay 账户可付: not what a third party owes; nothing after death or without an agreement."""
    third = np.minimum(person("third_party", period), person("looked_at", period))
    dead = (person("died", period) > 0) & (person("admitted_on", period) > person("died", period))
    elsewhere = person("has_cover", period) & (person("agreement", period) == 0)
    closed = (person("outside_fund", period) == 1) | dead | elsewhere
    return np.where(closed, 0, person("person_pays", period) - third)


@formula
def account(person, period):
    """Paid from the own account 个人账户支付."""
    own = np.minimum(person("payable", period), np.maximum(person("account_before", period), 0))
    return np.where(person("account_use", period) == 1, own, 0)


@formula
def family(person, period):
    """Paid from the shared family account 家庭共济支付."""
    rest = person("payable", period) - person("account", period)
    shared = (of_plan(person, period, "family") == 1) & (person("account_use", period) == 1)
    return np.where(shared, np.minimum(rest, np.maximum(person("family_before", period), 0)), 0)


@formula
def cash(person, period):
    """Paid in cash 现金支付."""
    return person("person_pays", period) - person("account", period) - person("family", period)
