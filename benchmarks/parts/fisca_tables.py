"""A plan's figures as arrays for the OpenFisca cascade: one row per plan, and the check that the cascade's rules are enough for it.

OpenFisca's own parameter tree can be indexed by arrays too, but slower; these arrays are the quicker way.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from openyibao.kernel import codes
from openyibao.kernel.plan import BANDS, Plan

Tables = dict[str, Any]
PLAIN: dict[str, Callable[[Plan], int]] = {
    "scheme": lambda plan: plan.scheme,
    "repeat_factor": lambda plan: plan.pool.repeat_factor if plan.pool.repeat_kind == codes.REPEAT_FACTOR else codes.WHOLE,
    "retired_factor": lambda plan: plan.pool.retired_factor,
    "retired_delta": lambda plan: plan.pool.retired_delta,
    "cap": lambda plan: plan.pool.cap,
    "pool_present": lambda plan: plan.pool.present,
    "transfer_window": lambda plan: plan.pool.transfer_window,
    "long_bed_period": lambda plan: plan.pool.long_bed_period,
    "day_surgery_free": lambda plan: plan.pool.day_surgery_no_deductible,
    "severe_uses_cap": lambda plan: plan.pool.severe_uses_cap,
    "dual_uses_cap": lambda plan: plan.pool.dual_uses_cap,
    "outpatient_present": lambda plan: plan.outpatient.present,
    "two_disease_present": lambda plan: plan.two_disease.present,
    "two_disease_ratio": lambda plan: plan.two_disease.ratio,
    "cap_hypertension": lambda plan: plan.two_disease.cap_hypertension,
    "cap_diabetes": lambda plan: plan.two_disease.cap_diabetes,
    "cap_both": lambda plan: plan.two_disease.cap_both,
    "chronic_present": lambda plan: plan.chronic.present,
    "diseases": lambda plan: plan.chronic.diseases,
    "chronic_deductible": lambda plan: plan.chronic.deductible,
    "second_share": lambda plan: plan.chronic.second_share,
    "prorate": lambda plan: plan.chronic.prorate,
    "dual_present": lambda plan: plan.dual_channel.present,
    "dual_deductible": lambda plan: plan.dual_channel.deductible,
    "dual_ratio": lambda plan: plan.dual_channel.ratio,
    "dialysis_present": lambda plan: plan.dialysis.present,
    "session_price": lambda plan: plan.dialysis.session_price,
    "patient_pays": lambda plan: plan.dialysis.patient_pays,
    "maternity_present": lambda plan: plan.maternity.present,
    "natural": lambda plan: plan.maternity.natural,
    "caesarean": lambda plan: plan.maternity.caesarean,
    "each_further_baby": lambda plan: plan.maternity.each_further_baby,
    "prenatal": lambda plan: plan.maternity.prenatal,
    "miscarriage_early": lambda plan: plan.maternity.miscarriage_early,
    "miscarriage_late": lambda plan: plan.maternity.miscarriage_late,
    "neighbour": lambda plan: plan.offsite.neighbour,
    "large_present": lambda plan: plan.large.present,
    "large_ratio_first": lambda plan: plan.large.ratio_first,
    "large_cap_first": lambda plan: plan.large.cap_first,
    "large_ratio_second": lambda plan: plan.large.ratio_second,
    "large_cap_second": lambda plan: plan.large.cap_second,
    "catastrophic_present": lambda plan: plan.catastrophic.present,
    "catastrophic_deductible": lambda plan: plan.catastrophic.deductible,
    "catastrophic_tilt_factor": lambda plan: plan.catastrophic.tilt_factor,
    "catastrophic_tilt_add": lambda plan: plan.catastrophic.tilt_add,
    "catastrophic_tilt_removes_cap": lambda plan: plan.catastrophic.tilt_removes_cap,
    "catastrophic_cap": lambda plan: plan.catastrophic.cap,
    "civil_present": lambda plan: plan.civil.present,
    "civil_deductible": lambda plan: plan.civil.deductible,
    "civil_ratio": lambda plan: plan.civil.ratio,
    "civil_cap": lambda plan: plan.civil.cap,
    "civil_includes_first_self_pay": lambda plan: plan.civil.includes_first_self_pay,
    "tilt_ratio": lambda plan: plan.aid.tilt_ratio if plan.aid.present == 1 else 0,
    "tilt_trigger": lambda plan: plan.aid.tilt_trigger,
    "tilt_cap": lambda plan: plan.aid.tilt_cap,
    "family": lambda plan: plan.account.family,
}
"""One figure per plan."""

INDEXED: dict[str, Callable[[Plan], Sequence[int]]] = {
    "deductible": lambda plan: plan.pool.deductible,
    "repeats": lambda plan: plan.pool.repeat_levels,
    "ratio": lambda plan: (*plan.pool.ratio_active[::BANDS], *plan.pool.ratio_retired[::BANDS]),
    "outpatient_listed": lambda plan: plan.outpatient.listed,
    "outpatient_deductible": lambda plan: (*plan.outpatient.deductible_active, *plan.outpatient.deductible_retired),
    "outpatient_ratio": lambda plan: (*plan.outpatient.ratio_active, *plan.outpatient.ratio_retired),
    "outpatient_cap": lambda plan: (plan.outpatient.cap_active, plan.outpatient.cap_retired),
    "severe": lambda plan: plan.chronic.severe,
    "quota": lambda plan: plan.chronic.quota,
    "quota_months": lambda plan: plan.chronic.period,
    "chronic_ratio": lambda plan: plan.chronic.ratio,
    "offsite_method": lambda plan: plan.offsite.method,
    "offsite_value": lambda plan: plan.offsite.value,
    "tilted": lambda plan: plan.catastrophic.tilted,
    "aid_deductible": lambda plan: plan.aid.deductible,
    "aid_ratio": lambda plan: plan.aid.ratio if plan.aid.present == 1 else (0,) * codes.AID_CATEGORIES,
    "aid_cap": lambda plan: plan.aid.cap,
}
"""Figures by level, by status and level, by status, by disease, by off-site class, or by aid category; flat, plan after plan.
(Catastrophic bands: band by plan.)"""

ADDED_FIELDS = {
    "added_present": "present",
    "added_base_kind": "base",
    "added_deductible": "deductible",
    "added_ratio": "ratio",
    "added_cap": "cap",
    "added_factor": "pre_existing_factor",
    "added_inpatient_only": "inpatient_only",
}
"""Figures of each added layer; the layer's number is appended."""


def tables_of(plans: Sequence[Plan]) -> Tables:
    """The arrays by name. Raises SystemExit naming what a plan has that the cascade leaves out."""
    for plan in plans:
        beyond = beyond_subset(plan)
        if beyond:
            raise SystemExit(f"the OpenFisca cascade has no rule for: {', '.join(beyond)} (scheme {plan.scheme}); try another --city")
    tables: Tables = {name: np.array([figure(plan) for plan in plans], np.int64) for name, figure in PLAIN.items()}
    tables |= {name: np.array([figures(plan) for plan in plans], np.int64).ravel() for name, figures in INDEXED.items()}
    for number in (1, 2, 3):
        layers = [getattr(plan, f"added_{number}") for plan in plans]
        for name, field in ADDED_FIELDS.items():
            tables[f"{name}_{number}"] = np.array([getattr(layer, field) for layer in layers], np.int64)
    lows, highs, ratios = zip(*(catastrophic_bands(plan) for plan in plans), strict=True)
    for name, rows in (("band_low", lows), ("band_high", highs), ("band_ratio", ratios)):
        tables[name] = np.ascontiguousarray(np.array(rows, np.int64).T)
    return tables


def catastrophic_bands(plan: Plan) -> tuple[list[int], list[int], list[int]]:
    """Lower and upper bounds and ratios of the catastrophic bands as the file prints them; unused bands are empty."""
    part = plan.catastrophic
    used = part.bands if part.present == 1 else 0
    lows = [part.band_low[band] if band < used else codes.UNBOUNDED for band in range(BANDS)]
    highs = [part.band_low[band + 1] if band + 1 < used else codes.UNBOUNDED for band in range(BANDS)]
    return lows, highs, [part.ratio[band] if band < used else 0 for band in range(BANDS)]


def beyond_subset(plan: Plan) -> list[str]:
    """Rules of the plan that the cascade has not, and that the city's bills would meet."""
    deductible_limit = min(plan.pool.deductible_year_max, plan.outpatient.deductible_year_max or codes.UNBOUNDED)
    faults = {
        "bands of the pool": plan.pool.bands != 1,
        "a cap on in-scope amounts": plan.pool.cap_basis != codes.CAP_PAID,
        "a repeat rule other than a factor": plan.pool.repeat_kind not in (codes.REPEAT_NONE, codes.REPEAT_FACTOR),
        "a yearly limit of deductibles": deductible_limit < codes.UNBOUNDED,
        "an outpatient deductible per visit": plan.outpatient.per_visit == 1,
        "a total cap of pool and large-amount layer": plan.large.present == 1 and plan.large.cap_total < codes.UNBOUNDED,
        "catastrophic bands above the deductible": plan.catastrophic.present == 1 and plan.catastrophic.band_basis != codes.BANDS_FROM_ZERO,
        "an emergency rule set": plan.epidemic.present == 1,
        "alternative readings": plan.readings_mask != 0,
        "rounding by truncation": plan.rounding != codes.HALF_UP,
        "an account for in-scope amounts alone": plan.account.scope != codes.ACCOUNT_ANY,
    }
    return [name for name, present in faults.items() if present]
