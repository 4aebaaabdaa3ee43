"""What personal accounts are credited month by month 个人账户划入, by the kernel's functions under a package's terms."""

from typing import Any

import numpy as np

from openyibao.kernel.codes import EMPLOYEE, HALF_UP, RETIRED
from openyibao.kernel.enrolment import Rates, monthly, retiree_credit
from openyibao.kernel.law import compilable
from openyibao.policybook.contributions import OLDER
from openyibao.warehouse.cache import cache_folder
from openyibao.warehouse.run.columns import Columns, exacts
from openyibao.warehouse.run.package import MONTHS, Package

numba = compilable(cache_folder())

OLDER_FROM = OLDER
HOLDER_COLUMNS = {
    "scheme": np.int8, "status": np.int8, "age": np.int16, "flexible": np.int8, "base": np.int32, "pension": np.int32,
    "first_month": np.int8, "last_month": np.int8,
}  # fmt: skip


@numba.njit(cache=True, error_model="numpy", nogil=True)
def credit_holders(
    scheme: Any, status: Any, age: Any, flexible: Any, base: Any, pension: Any, first_month: Any, last_month: Any, terms: Any, credits: Any
) -> None:
    """Write what each holder's account is credited in each month, fen; `credits` (holders, 12) holds zeros."""
    for h in range(scheme.shape[0]):
        if scheme[h] != EMPLOYEE:
            continue
        for m in range(max(first_month[h], 1) - 1, last_month[h]):
            if status[h] == RETIRED:
                credits[h, m] = retiree_credit(int(pension[h]), terms[m, 4], terms[m, 5])
            elif base[h] > 0:
                to_account = terms[m, 3] if age[h] >= OLDER_FROM else terms[m, 2]
                rates = Rates(terms[m, 0], terms[m, 1], 0, 0, 0, to_account)
                credits[h, m] = monthly(int(base[h]), int(flexible[h]), rates, 0, HALF_UP).to_account


def credits_of(holder: Columns, package: Package) -> Any:
    """What each holder's account is credited in months 1 to 12 of the package's year, fen, int64 (holders, 12).

    An active employee: the account's share of the base, clipped to the package's floor and cap. A retiree: the fixed sum or the share of
    the pension. A resident, an employee without base, a month outside first_month to last_month: 0. The age is that at the year's end,
    and the status that at the end of the year or of the cover (the table says so), for all months.
    """
    credits = np.zeros((len(holder["scheme"]), MONTHS), np.int64)
    credit_holders(*exacts(holder, HOLDER_COLUMNS), package.terms, credits)
    return credits
