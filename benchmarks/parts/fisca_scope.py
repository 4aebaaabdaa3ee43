"""What kind of bill it is, whether a fund may pay it, and what the layers look at: kernel/settle/{kinds,eligibility,offsite}.py."""

import numpy as np

from openyibao.kernel import codes
from openyibao.kernel.plan import DISEASES
from parts.fisca_base import formula, of_index, of_plan, share


@formula
def by_level(person, period):
    """Flat index of plan and level."""
    return person("plan", period) * codes.LEVELS + person("level", period)


@formula
def by_status_and_level(person, period):
    """Flat index of plan, status and level."""
    return (person("plan", period) * 2 + person("status", period)) * codes.LEVELS + person("level", period)


@formula
def by_status(person, period):
    """Flat index of plan and status."""
    return person("plan", period) * 2 + person("status", period)


@formula
def by_aid(person, period):
    """Flat index of plan and aid category."""
    return person("plan", period) * codes.AID_CATEGORIES + person("aid_category", period)


@formula
def by_offsite(person, period):
    """Flat index of plan and off-site class."""
    return person("plan", period) * codes.OFFSITE_CLASSES + person("offsite_class", period)


@formula
def by_disease(person, period):
    """Flat index of plan and chronic disease."""
    return person("plan", period) * DISEASES + np.maximum(person("disease", period), 0)


@formula
def by_other_disease(person, period):
    """Flat index of plan and the person's other chronic disease."""
    return person("plan", period) * DISEASES + np.maximum(person("other_disease", period), 0)


@formula
def is_stay_kind(person, period):
    """Stays, day surgery and rescue 住院类."""
    kind = person("kind", period)
    return (kind == codes.INPATIENT) | (kind == codes.DAY_SURGERY) | (kind == codes.RESCUE)


@formula
def is_maternity_kind(person, period):
    """Delivery, check-ups, miscarriage 生育."""
    kind = person("kind", period)
    return (kind >= codes.DELIVERY) & (kind <= codes.MISCARRIAGE_LATE)


@formula
def has_cover(person, period):
    """Whether the person is covered on the deciding day 待遇期."""
    day, died = person("admitted_on", period), person("died", period)
    within = (person("cover_from", period) > 0) & (day >= person("cover_from", period)) & (day <= person("cover_to", period))
    return within & (day >= person("wait_until", period)) & (person("suspended", period) == 0) & ((died == 0) | (day <= died))


@formula
def has_chronic_grant(person, period):
    """Whether the scheme lists the person's disease and the grant is there 慢特病资格."""
    disease = person("disease", period)
    listed = (of_plan(person, period, "chronic_present") == 1) & (disease >= 0) & (disease < of_plan(person, period, "diseases"))
    return listed & (person("granted", period) == 1) & (person("grant", period) <= person("day", period))


@formula
def has_two_disease_grant(person, period):
    """Whether the person is registered for the bill's disease of the two 两病登记."""
    registered = (person("two_registered", period) & person("two_disease", period)) > 0
    return (of_plan(person, period, "two_disease_present") == 1) & (person("granted", period) == 1) & registered


@formula
def has_benefit(person, period):
    """Whether the scheme has the benefit and the person the entitlement."""
    kind, granted = person("kind", period), person("granted", period) == 1
    return np.select(
        [kind == codes.OUTPATIENT, person("is_stay_kind", period), kind == codes.PHARMACY, kind == codes.CHRONIC,
         kind == codes.TWO_DISEASE, kind == codes.DUAL_CHANNEL, kind == codes.DIALYSIS],
        [of_plan(person, period, "outpatient_present") == 1, of_plan(person, period, "pool_present") == 1, True,
         person("has_chronic_grant", period), person("has_two_disease_grant", period),
         granted & (of_plan(person, period, "dual_present") == 1), granted & (of_plan(person, period, "dialysis_present") == 1)],
        of_plan(person, period, "maternity_present") == 1,
    )  # fmt: skip


@formula
def is_settled(person, period):
    """Whether the bill is settled, not refused."""
    allowed = (person("outside_fund", period) == 0) & (person("agreement", period) == 1)
    return allowed & person("has_cover", period) & person("has_benefit", period)


@formula
def is_payable(person, period):
    """Whether a fund may pay: settled, and not a pharmacy bill."""
    return person("is_settled", period) & (person("kind", period) != codes.PHARMACY)


@formula
def is_stay(person, period):
    """A payable stay."""
    return person("is_payable", period) & person("is_stay_kind", period)


@formula
def is_visit(person, period):
    """A payable outpatient visit."""
    return person("is_payable", period) & (person("kind", period) == codes.OUTPATIENT)


@formula
def is_dialysis(person, period):
    """A payable dialysis bill."""
    return person("is_payable", period) & (person("kind", period) == codes.DIALYSIS)


@formula
def is_dual(person, period):
    """A payable dual-channel bill."""
    return person("is_payable", period) & (person("kind", period) == codes.DUAL_CHANNEL)


@formula
def is_two_disease(person, period):
    """A payable bill for the two diseases."""
    return person("is_payable", period) & (person("kind", period) == codes.TWO_DISEASE)


@formula
def is_chronic(person, period):
    """A payable chronic bill, with or without a quota."""
    return person("is_payable", period) & (person("kind", period) == codes.CHRONIC)


@formula
def is_severe(person, period):
    """A payable chronic bill without a quota of its own 门诊重症."""
    return person("is_chronic", period) & (of_index(person, period, "severe", "by_disease") == 1)


@formula
def is_later(person, period):
    """Whether anything follows the basic layer: everything but maternity."""
    return person("is_payable", period) & ~person("is_maternity_kind", period)


@formula
def is_major(person, period):
    """Whether catastrophic insurance and medical aid look at the bill: stays, chronic, dialysis."""
    return person("is_stay", period) | person("is_chronic", period) | person("is_dialysis", period)


@formula
def is_capped(person, period):
    """Whether the basic yearly cap limits the bill 计入基本封顶线."""
    severe = (person("is_severe", period) | person("is_dialysis", period)) & (of_plan(person, period, "severe_uses_cap") == 1)
    return person("is_stay", period) | severe | (person("is_dual", period) & (of_plan(person, period, "dual_uses_cap") == 1))


@formula
def offsite_class(person, period):
    """The off-site class the bill settles under 异地类别."""
    neighbour, where = of_plan(person, period, "neighbour"), person("offsite", period)
    near = (where == codes.SELF_REFERRED) & (neighbour > 0) & (person("place", period) // 100 == neighbour)
    return np.where(near, codes.NEIGHBOUR, where)


@formula
def offsite_value(person, period):
    """Points, share or factor of the class; -1 where nothing is reduced."""
    away = person("is_stay", period) & (person("offsite_class", period) != codes.HOME)
    return np.where(away, of_index(person, period, "offsite_value", "by_offsite"), -1)


@formula
def offsite_points(person, period):
    """Points off the ratio."""
    value = person("offsite_value", period)
    return np.where((value >= 0) & (of_index(person, period, "offsite_method", "by_offsite") == codes.SUBTRACT), value, 0)


@formula
def offsite_factor(person, period):
    """The factor on the payment."""
    value = person("offsite_value", period)
    return np.where((value >= 0) & (of_index(person, period, "offsite_method", "by_offsite") == codes.MULTIPLY), value, codes.WHOLE)


@formula
def looked_at(person, period):
    """The in-scope amount, or the package price of dialysis."""
    charged = person("total", period) - person("full", period)
    price = np.minimum(charged, of_plan(person, period, "session_price") * person("sessions", period))
    return np.where(person("is_dialysis", period), price, person("within", period))


@formula
def eligible(person, period):
    """What the layers look at: without a third party's share and the off-site share paid first."""
    rest = person("looked_at", period) - np.minimum(person("third_party", period), person("looked_at", period))
    value = person("offsite_value", period)
    first = np.where((value >= 0) & (of_index(person, period, "offsite_method", "by_offsite") == codes.SELF_PAY_FIRST), value, 0)
    return rest - share(rest, first.astype(np.int64))
