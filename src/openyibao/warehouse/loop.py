"""The compiled loop: the law's own functions over records of bills sorted by person and time, one pass, no second implementation.

Records stand where the law expects a Claim, a Year or a Plan: the attributes are the same, so Numba compiles the same source for them.
Importing this module loads Numba; the compiled code is kept on disk (kernel/law.py), so that the next start does not compile.
"""

from typing import Any

import numpy as np

from openyibao.kernel.codes import OUTPATIENT
from openyibao.kernel.dates import month_of, year_of
from openyibao.kernel.law import compilable
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.settle.cascade import settle_opened
from openyibao.kernel.year import Year, fresh
from openyibao.warehouse.cache import cache_folder

numba = compilable(cache_folder())

NO_CREDITS, NOBODY = np.zeros((0, 12), np.int64), np.zeros(0, np.int8)
"""For runs without credits to accounts."""


@numba.njit(error_model="numpy", forceinline=True)
def keep_basic(record: Any, year: Year) -> None:
    """Write what any bill may move."""
    record.account = year.account
    record.family = year.family
    record.outpatient_deductible = year.outpatient_deductible
    record.outpatient_paid = year.outpatient_paid
    record.pool_paid = year.pool_paid
    record.pool_base = year.pool_base
    record.account_paid = year.account_paid
    record.cash_paid = year.cash_paid
    record.bills = year.bills


@numba.njit(error_model="numpy", forceinline=True)
def keep_kinds(record: Any, year: Year) -> None:
    """Write what only bills other than ordinary outpatient ones move."""
    record.admissions = year.admissions
    record.admissions_by_level = year.admissions_by_level
    record.inpatient_deductible = year.inpatient_deductible
    record.stay_level = year.stay_level
    record.stay_due = year.stay_due
    record.stay_borne = year.stay_borne
    record.stay_left = year.stay_left
    record.stay_admission = year.stay_admission
    record.chronic_deductible = year.chronic_deductible
    record.quota_period = year.quota_period
    record.quota_used = year.quota_used
    record.quota_used_second = year.quota_used_second
    record.two_disease_paid = year.two_disease_paid
    record.hypertension_paid = year.hypertension_paid
    record.diabetes_paid = year.diabetes_paid
    record.prenatal_paid = year.prenatal_paid
    record.dialysis_month = year.dialysis_month
    record.dialysis_sessions = year.dialysis_sessions


@numba.njit(error_model="numpy", forceinline=True)
def keep_further(record: Any, year: Year) -> None:
    """Write what only the layers after the basic one move."""
    record.large_first = year.large_first
    record.large_second = year.large_second
    record.burden = year.burden
    record.catastrophic_paid = year.catastrophic_paid
    record.civil_base = year.civil_base
    record.civil_paid = year.civil_paid
    record.aid_base = year.aid_base
    record.aid_paid = year.aid_paid
    record.tilt_base = year.tilt_base
    record.tilt_paid = year.tilt_paid
    record.added_base_1 = year.added_base_1
    record.added_base_2 = year.added_base_2
    record.added_base_3 = year.added_base_3
    record.added_paid_1 = year.added_paid_1
    record.added_paid_2 = year.added_paid_2
    record.added_paid_3 = year.added_paid_3


@numba.njit(error_model="numpy", forceinline=True)
def keep(record: Any, year: Year, receipt: Receipt) -> None:
    """Write the year after a bill into its record, leaving alone what this bill cannot have moved (the differential tests watch it)."""
    keep_basic(record, year)
    if receipt.kind != OUTPATIENT:
        keep_kinds(record, year)
    if (
        receipt.large_first + receipt.large_second + receipt.burden + receipt.civil_base + receipt.aid_base + receipt.tilt_base
        + receipt.added_base_1 + receipt.added_base_2 + receipt.added_base_3
    ) != 0:  # fmt: skip
        keep_further(record, year)


@numba.njit(error_model="numpy")
def open_year(record: Any, number: int) -> None:
    """Open calendar year `number` in a person's record."""
    year = fresh(record, number)
    record.year = number
    keep_basic(record, year)
    keep_kinds(record, year)
    keep_further(record, year)


@numba.njit(error_model="numpy", forceinline=True)
def write_result(result: Any, receipt: Receipt) -> None:
    """Write what a run keeps of a receipt (records.RESULTS)."""
    result.outcome = receipt.outcome
    result.deductible = receipt.deductible
    result.pool = receipt.pool
    result.large_first = receipt.large_first
    result.large_second = receipt.large_second
    result.catastrophic = receipt.catastrophic
    result.civil = receipt.civil
    result.aid = receipt.aid
    result.tilt = receipt.tilt
    result.topup = receipt.topup
    result.added_1 = receipt.added_1
    result.added_2 = receipt.added_2
    result.added_3 = receipt.added_3
    result.state = receipt.state
    result.fund = receipt.fund
    result.hospital = receipt.hospital
    result.person = receipt.person
    result.account = receipt.account
    result.family = receipt.family
    result.cash = receipt.cash


@numba.njit(cache=True, error_model="numpy", nogil=True)
def settle_credited(
    claims: Any, persons: Any, plan_of: Any, plans: Any, years: Any, credits: Any, credited: Any, results: Any
) -> None:
    """Settle every bill in order, carrying each person's year, and crediting the personal account on the first day of each month.

    claims    n bills (records.CLAIM), a person's bills in order of time
    persons   row of the person in `years`, int32, n
    plan_of   row of the bill's plan in `plans`, int32, n
    plans     records.plan_records; the plan of a day without policy is `kernel.plan.no_plan()`
    years     each person's year before the first bill (records.YEAR); afterwards the year after the last
    credits   what each person's account is credited in months 1 to 12, fen, int64, (persons, 12); no rows = nobody's is
    credited  months credited already, int8, a figure per person; moved on
    results   written: n rows (records.RESULT)
    """
    for i in range(claims.shape[0]):
        claim, year = claims[i], years[persons[i]]
        number = year_of(claim.day)
        if year.year != number:
            open_year(year, number)
        if credits.shape[0] > 0:
            month = month_of(claim.day)
            for k in range(credited[persons[i]], month):
                year.account += credits[persons[i], k]
            credited[persons[i]] = max(credited[persons[i]], month)
        receipt, after = settle_opened(claim, year, plans[plan_of[i]])
        keep(year, after, receipt)
        write_result(results[i], receipt)


def settle_records(claims: Any, persons: Any, plan_of: Any, plans: Any, years: Any, results: Any) -> None:
    """`settle_credited` for bills whose accounts are not credited between them."""
    settle_credited(claims, persons, plan_of, plans, years, NO_CREDITS, NOBODY, results)
