"""Basic insurance: deductible, ratio, cap and quota by kind of bill; kernel/settle/{stay,pool,outpatient,chronic,dialysis,maternity}.py."""

import numpy as np

from openyibao.kernel import codes
from parts.fisca_base import amount_for, formula, of_index, of_plan, share


@formula
def is_transfer(person, period):
    """Whether the stay continues the last one 转院."""
    left = person("stay_left_before", period)
    gap = person("admitted_number", period) - left
    return (person("transferred", period) == 1) & (left > 0) & (gap >= 0) & (gap <= of_plan(person, period, "transfer_window"))


@formula
def admission(person, period):
    """Which admission of the year the stay is 第几次住院."""
    same = np.maximum(person("stay_admission_before", period), 1)
    return np.where(person("is_transfer", period), same, person("admissions_before", period) + 1)


@formula
def stay_standard(person, period):
    """The deductible of the level, admission and status."""
    listed = of_index(person, period, "deductible", "by_level")
    again = (person("admission", period) > 1) & (of_index(person, period, "repeats", "by_level") == 1)
    standard = np.where(again, share(listed, of_plan(person, period, "repeat_factor")), listed)
    retired = share(standard, of_plan(person, period, "retired_factor")) + of_plan(person, period, "retired_delta")
    return np.where(person("status", period) == codes.RETIRED, np.maximum(retired, 0), standard)


@formula
def stay_due(person, period):
    """What the stay owes of the deductible: transfers the difference upward, long stays one for each period, day surgery none."""
    standard, length = person("stay_standard", period), of_plan(person, period, "long_bed_period")
    days = np.maximum(person("day_number", period) - person("admitted_number", period), 0)
    asked = np.where((person("long_bed", period) == 1) & (length > 0), 1 + days // np.maximum(length, 1), 1)
    upward = np.where(person("level", period) > person("stay_level_before", period), standard - person("stay_borne_before", period), 0)
    due = np.where(person("is_transfer", period), np.maximum(upward, 0), standard * asked)
    free = (person("kind", period) == codes.DAY_SURGERY) & (of_plan(person, period, "day_surgery_free") == 1)
    return np.where(free, 0, due)


@formula
def visit_due(person, period):
    """What a visit owes of the yearly outpatient deductible 门诊起付线."""
    standard = of_index(person, period, "outpatient_deductible", "by_status_and_level")
    due = np.maximum(standard - person("outpatient_deductible_before", period), 0)
    return np.where(of_index(person, period, "outpatient_listed", "by_level") == 1, due, 0)


@formula
def deductible(person, period):
    """The deductible borne 实付起付线."""
    chronic = np.maximum(of_plan(person, period, "chronic_deductible") - person("chronic_deductible_before", period), 0)
    due = np.select(
        [person("is_stay", period), person("is_visit", period), person("is_chronic", period), person("is_dual", period)],
        [person("stay_due", period), person("visit_due", period), chronic, of_plan(person, period, "dual_deductible")],
        0,
    )
    return np.minimum(person("eligible", period), due)


@formula
def base(person, period):
    """The amount to which the ratio applies 进入比例的金额."""
    sessions = of_plan(person, period, "patient_pays") * person("sessions", period)
    own = np.where(person("is_dialysis", period), np.minimum(sessions, person("eligible", period)), person("deductible", period))
    return person("eligible", period) - own


@formula
def ratio(person, period):
    """The ratio by kind, off-site points taken off 支付比例."""
    listed_level = of_index(person, period, "outpatient_listed", "by_level") == 1
    visit = np.where(listed_level, of_index(person, period, "outpatient_ratio", "by_status_and_level"), 0)
    listed = np.select(
        [person("is_stay", period), person("is_visit", period), person("is_chronic", period), person("is_two_disease", period),
         person("is_dual", period), person("is_dialysis", period)],
        [of_index(person, period, "ratio", "by_status_and_level"), visit, of_index(person, period, "chronic_ratio", "by_disease"),
         of_plan(person, period, "two_disease_ratio"), of_plan(person, period, "dual_ratio"), codes.WHOLE],
        0,
    )  # fmt: skip
    return np.clip(listed - person("offsite_points", period), 0, codes.WHOLE)


@formula
def quota_period(person, period):
    """First month of the quota's period 定额所属期."""
    day, months = person("day", period), of_index(person, period, "quota_months", "by_disease")
    return day // 10_000 * 100 + (day // 100 % 100 - 1) // months * months + 1


def prorated(person, period, index: str, granted: str):
    """A disease's quota, in the period of the grant by whole months left."""
    quota, months = of_index(person, period, "quota", index), of_index(person, period, "quota_months", index)
    if not np.any(person(granted, period)):
        return quota
    day, grant = person("day", period), person(granted, period)
    start = day // 10_000 * 100 + (day // 100 % 100 - 1) // months * months + 1
    its_start = grant // 10_000 * 100 + (grant // 100 % 100 - 1) // months * months + 1
    left = start // 100 * 12 + start % 100 + months - (grant // 10_000 * 12 + grant // 100 % 100)
    part = (of_plan(person, period, "prorate") == 1) & (grant > 0) & (its_start == start)
    return np.where(part, (2 * quota * left + months) // (2 * months), quota)


@formula
def quota_left(person, period):
    """What the period's quota has left 定额余额: of one disease, or the joint quota of two."""
    own, other = prorated(person, period, "by_disease", "grant"), prorated(person, period, "by_other_disease", "other_grant")
    second = person("other_disease", period)
    has_second = (second >= 0) & (second != person("disease", period)) & (person("other_grant", period) <= person("day", period))
    has_second &= of_index(person, period, "severe", "by_other_disease") == 0
    joint = np.maximum(own, other) + share(np.minimum(own, other), of_plan(person, period, "second_share"))
    used = np.where(person("quota_period_before", period) == person("quota_period", period), person("quota_used_before", period), 0)
    left = np.maximum(np.where(has_second, joint, own) - used, 0)
    return np.where(person("is_chronic", period) & ~person("is_severe", period), left, person("base", period))


@formula
def admitted_amount(person, period):
    """What of the base the quota admits."""
    return np.minimum(person("base", period), person("quota_left", period))


@formula
def owed(person, period):
    """The share of the admitted amount, off-site factor applied, before any cap."""
    return share(share(person("admitted_amount", period), person("ratio", period).astype(np.int64)), person("offsite_factor", period))


@formula
def cap_room(person, period):
    """What the basic cap still allows 封顶线余额."""
    return np.maximum(of_plan(person, period, "cap") - person("pool_paid_before", period), 0)


@formula
def visit_room(person, period):
    """What the yearly cap of visits still allows."""
    return np.maximum(of_index(person, period, "outpatient_cap", "by_status") - person("outpatient_paid_before", period), 0)


@formula
def two_disease_room(person, period):
    """What the two-disease cap still allows: the disease's own, or the joint one of a person with both."""
    hypertension = person("two_disease", period) == codes.HYPERTENSION
    own = np.where(
        hypertension,
        of_plan(person, period, "cap_hypertension") - person("hypertension_paid_before", period),
        of_plan(person, period, "cap_diabetes") - person("diabetes_paid_before", period),
    )
    joint = of_plan(person, period, "cap_both") - person("two_disease_paid_before", period)
    both = person("two_registered", period) == codes.HYPERTENSION + codes.DIABETES
    return np.maximum(np.where(both, joint, own), 0)


@formula
def maternity_pays(person, period):
    """The fixed amount of a maternity bill 生育定额."""
    kind = person("kind", period)
    further = of_plan(person, period, "each_further_baby") * np.maximum(person("babies", period) - 1, 0)
    natural, caesarean = of_plan(person, period, "natural"), of_plan(person, period, "caesarean")
    amount = np.select(
        [kind == codes.DELIVERY, kind == codes.CAESAREAN, kind == codes.PRENATAL, kind == codes.MISCARRIAGE_EARLY],
        [np.where(natural > 0, natural + further, 0), np.where(caesarean > 0, caesarean + further, 0),
         np.maximum(of_plan(person, period, "prenatal") - person("prenatal_paid_before", period), 0),
         of_plan(person, period, "miscarriage_early")],
        of_plan(person, period, "miscarriage_late"),
    )  # fmt: skip
    return np.minimum(amount, person("total", period) - person("third_party", period))


@formula
def pool(person, period):
    """The basic fund pays 统筹基金支付."""
    owed = person("owed", period)
    paid = np.select(
        [person("is_visit", period), person("is_capped", period), person("is_two_disease", period), person("is_maternity_kind", period)],
        [np.minimum(owed, person("visit_room", period)), np.minimum(owed, person("cap_room", period)),
         np.minimum(owed, person("two_disease_room", period)), person("maternity_pays", period)],
        owed,
    )  # fmt: skip
    return np.where(person("is_payable", period), paid, 0)


@formula
def over_cap(person, period):
    """What found no room under the basic cap 超封顶金额."""
    room, base = person("cap_room", period).astype(np.int64), person("base", period)
    used = np.minimum(amount_for(room, person("ratio", period).astype(np.int64) * person("offsite_factor", period)), base)
    return np.where(person("is_capped", period) & (person("owed", period) > room), base - used, 0)
