"""Contributions 缴费: every month of every employee by the kernel's own function, compiled; residents' premiums as the book has them.

A row of the table is a run of months that cost the same. What the month costs is `kernel.enrolment.monthly` and nothing else.
"""

from typing import Any

import numpy as np

from openyibao.kernel.codes import EMPLOYEE, RESIDENT, WHOLE
from openyibao.kernel.enrolment import Rates, arrears_stop, clipped, monthly, restored
from openyibao.kernel.law import compilable
from openyibao.kernel.rounding import share
from openyibao.policybook.contributions import OLDER
from openyibao.warehouse.cache import cache_folder
from openyibao.warehouse.city.bucketful import FLEXIBLE, RETIREE, Bucketful
from openyibao.warehouse.city.draws import Array
from openyibao.warehouse.city.ground import Ground, Terms
from openyibao.warehouse.city.registers import OPEN, arrears_delay, jobs

numba = compilable(cache_folder())

NEVER = 99
PAID, LATE, UNPAID, RELIEVED = 1, 2, 3, 4
"""States of a contribution."""
PAY_DAY, BACK_PAY_DAY, AUDIT_DAY, PREMIUM_DAY = 20, 15, 1210, 1120
MONTHS = 12
RUN = (
    "holder", "employer", "first_month", "months", "base", "employer_part", "person_part", "subsidy", "aided", "paid_on", "state", "large",
    "supplement",
)  # fmt: skip
WIDTH = len(RUN)
SUPPLEMENT, LARGE_SUM, YEAR, ROUNDING, LAST_MONTH, UNDERSTATED = 0, 1, 2, 3, 4, 5
"""Places in the figures handed to the loop."""


@numba.njit(cache=True, error_model="numpy", nogil=True)
def employees_months(people: Any, employers: Any, rates: Any, factor: Any, figures: Any, base: Any, runs: Any) -> int:
    """Write the runs of equal months of every employee, and each one's base of the year; returns how many runs there are.

    people     int64 (n, 8): holder row, first month, last month, job, wage, employer before, month of change, employer after
    employers  int64 (m + 1, 5): civil, relieved, first unpaid month yyyymm, month paid yyyymm, audited; the last row is "no employer"
    rates      int64 (12, 2, 6): kernel Rates by month and age; the age is told by the job's sign: negative = OLDER
    factor     int64 (12): relief
    figures    int64: SUPPLEMENT rate, LARGE_SUM fen a year, YEAR, ROUNDING, LAST_MONTH known yyyymm, UNDERSTATED rate
    base       int64 (n), written
    runs       int64 (rows, WIDTH), written in the order of RUN; large enough for 14 runs a person
    """
    count, year, rounding = 0, figures[YEAR], figures[ROUNDING]
    for i in range(people.shape[0]):
        first, last, job, wage = people[i, 1], people[i, 2], abs(people[i, 3]), people[i, 4]
        older = 1 if people[i, 3] < 0 else 0
        start, owed_employer, owed_person, owed_base = count, 0, 0, 0
        before = -1
        for m in range(first, last + 1):
            employer = people[i, 5] if people[i, 6] > m else people[i, 7]
            if people[i, 6] == 0:
                employer = people[i, 7]
            month, row = year * 100 + m, rates[m - 1, older]
            terms = Rates(row[0], row[1], row[2], row[3], row[4], row[5])
            civil, relieved = employers[employer, 0], employers[employer, 1]
            state, paid_on, eased = PAID, month * 100 + PAY_DAY, WHOLE
            due_base = due_employer = due_person = 0
            if job != RETIREE:
                if relieved == 1 and factor[m - 1] < WHOLE:
                    state, eased = RELIEVED, factor[m - 1]
                due = monthly(wage, 1 if job == FLEXIBLE else 0, terms, eased, rounding)
                base[i] = due.base
                due_base, due_employer, due_person = due.base, due.employer, due.person
                if employers[employer, 4] == 1 and figures[UNDERSTATED] > 0 and last == MONTHS:
                    told = monthly(share(wage, WHOLE - figures[UNDERSTATED], rounding), 0, terms, eased, rounding)
                    owed_employer += due.employer - told.employer
                    owed_person += due.person - told.person
                    owed_base = due.base - told.base
                    due_base, due_employer, due_person = told.base, told.employer, told.person
                if employers[employer, 2] > 0 and employers[employer, 2] <= month and month < employers[employer, 3]:
                    state = LATE if employers[employer, 3] <= figures[LAST_MONTH] else UNPAID
                    paid_on = employers[employer, 3] * 100 + BACK_PAY_DAY if state == LATE else 0
            extra = share(due_base, figures[SUPPLEMENT], rounding) if civil == 1 and job != RETIREE else 0
            large = figures[LARGE_SUM] * (m - first + 1) // MONTHS - figures[LARGE_SUM] * (m - first) // MONTHS
            if (
                before >= 0 and runs[before, 1] == employer and runs[before, 4] == due_base and runs[before, 10] == state
                and runs[before, 5] == due_employer * runs[before, 3] and runs[before, 6] == due_person * runs[before, 3]
            ):  # fmt: skip
                runs[before, 3] += 1
                runs[before, 5] += due_employer
                runs[before, 6] += due_person
                runs[before, 9] = paid_on
                runs[before, 11] += large
                runs[before, 12] += extra
                continue
            before = count
            runs[count, 0], runs[count, 1], runs[count, 2], runs[count, 3], runs[count, 4] = people[i, 0], employer, m, 1, due_base
            runs[count, 5], runs[count, 6], runs[count, 9], runs[count, 10] = due_employer, due_person, paid_on, state
            runs[count, 11], runs[count, 12] = large, extra
            count += 1
        if owed_employer + owed_person > 0:
            runs[count, 0], runs[count, 1], runs[count, 2], runs[count, 3] = people[i, 0], runs[start, 1], first, last - first + 1
            runs[count, 4], runs[count, 5], runs[count, 6] = owed_base, owed_employer, owed_person
            runs[count, 9], runs[count, 10] = year * 10_000 + AUDIT_DAY, LATE
            count += 1
    return count


def employers_table(ground: Ground) -> Array:
    """What the loop needs of each employer, and a last row for "no employer"."""
    employer, profile = ground.employer, ground.profile
    audited = np.array([job.audited for job in jobs(profile)])[employer["job"]]
    relieved = np.isin(employer["sector"], profile.series("employers.relieved"))
    table = np.zeros((len(employer["sector"]) + 1, 5), np.int64)
    for place, column in enumerate((employer["civil"], relieved, employer["arrears"], paid_months(ground), audited)):
        table[:-1, place] = column
    return table


def paid_months(ground: Ground) -> Array:
    """The month yyyymm in which each employer in arrears pays; 999912 = not within the years made, 0 = never in arrears."""
    unpaid = np.asarray(ground.employer["arrears"])
    delay = arrears_delay(ground.profile, ground.city, len(unpaid))
    number = unpaid // 100 * MONTHS + unpaid % 100 - 1 + delay
    return np.where(unpaid == 0, 0, np.where(delay == NEVER, 999912, number // MONTHS * 100 + number % MONTHS + 1))


def suspensions(ground: Ground) -> tuple[Array, Array]:
    """For each employer, and last for none: the days from and to (half-open) on which its people have no benefit for arrears; 0 = none.

    Arrears paid within a short break bring the rights of those days back, so they count as never stopped. After a longer one, benefits
    begin again only when the waiting period after the payment has passed: it is counted into the suspension.
    """
    unpaid, paid = np.asarray(ground.employer["arrears"]), paid_months(ground)
    since, until = np.zeros(len(unpaid) + 1, np.int64), np.zeros(len(unpaid) + 1, np.int64)
    for row in np.flatnonzero(unpaid).tolist():
        terms = ground.terms[int(unpaid[row]) // 100]
        stops = arrears_stop(int(unpaid[row]), terms.grace)
        if paid[row] == 999912:
            since[row], until[row] = stops, OPEN
            continue
        paid_on = int(paid[row]) * 100 + BACK_PAY_DAY
        rights = restored(int(unpaid[row]), paid_on, terms.employee_wait)
        if rights.suspended_to and stops < rights.suspended_to:
            since[row], until[row] = stops, max(rights.suspended_to, rights.wait_until)
    return since, until


def grown(amounts: Array, ground: Ground, key: str, year: int) -> Array:
    """Amounts of 2020 brought to a year at the profile's yearly growth, fen."""
    rate = (1 + ground.profile.whole(key) / WHOLE) ** (year - 2020)
    return np.asarray(np.rint(amounts * rate).astype(np.int64))


def contributed(full: Bucketful, year: int, holder: dict[str, Any], table: Array) -> dict[str, Array]:
    """The year's rows of `contribution`, by person and first month; writes each holder's `base`.

    holder  the year's holders, sorted by person and scheme, with `row`, the person's row in the bucket
    table   employers_table(ground)
    """
    terms, ground = full.ground.terms[year], full.ground
    runs = np.concatenate([employee_runs(full, year, holder, table, terms), resident_runs(ground, year, holder, terms)])
    order = np.lexsort((runs[:, 2], holder["person"][runs[:, 0]]))
    found = {name: runs[order, place] for place, name in enumerate(RUN)}
    rows = found["holder"]
    return found | {"person": holder["person"][rows], "scheme": holder["scheme"][rows]}


def rates_table(terms: Terms) -> Array:
    """Rates as the loop reads them."""
    return np.array([[tuple(rates) for rates in month] for month in terms.rates], np.int64)


def employee_runs(full: Bucketful, year: int, holder: dict[str, Any], table: Array, terms: Terms) -> Array:
    """Runs of equal months of the year's employees; writes their bases."""
    ground, profile = full.ground, full.ground.profile
    mine = np.flatnonzero(holder["scheme"] == EMPLOYEE)
    row = holder["row"][mine]
    job = full.job_now[row]
    people = np.empty((len(mine), 8), np.int64)
    older = np.where(holder["age"][mine] >= OLDER, -1, 1)
    for place, column in enumerate((
        mine, holder["first_month"][mine], holder["last_month"][mine], older * job,
        grown(full.p["wage"][row], ground, "wages.growth", year), full.employer_then[row], full.changed[row], full.employer_now[row],
    )):
        people[:, place] = column
    audit = profile.whole("audits.understated") if profile.whole("audits.year") == year else 0
    known = ground.city.years[-1] * 100 + MONTHS
    figures = np.array([profile.whole("supplement.rate"), terms.large, year, terms.rounding, known, audit], np.int64)
    base, runs = np.zeros(len(mine), np.int64), np.zeros((14 * len(mine), WIDTH), np.int64)
    count = employees_months(people, table, rates_table(terms), np.array(terms.factor, np.int64), figures, base, runs)
    holder["base"][mine] = np.where(job == RETIREE, 0, base)
    return runs[:count]


def resident_runs(ground: Ground, year: int, holder: dict[str, Any], terms: Terms) -> Array:
    """One row for each resident's year: the premium, what aid pays of it, and the state's subsidy; the whole year's, whenever it began."""
    profile = ground.profile
    mine = np.flatnonzero(holder["scheme"] == RESIDENT)
    runs = np.zeros((len(mine), WIDTH), np.int64)
    half = share(terms.premium, WHOLE // 2, terms.rounding)
    aid = holder["aid"][mine]
    aided = np.where(np.isin(aid, profile.series("aid.premium_half")), half, 0)
    aided[np.isin(aid, profile.series("aid.premium_whole"))] = terms.premium
    first = holder["first_month"][mine]
    joined = np.where(holder["cover_from"][mine] > year * 10_000 + 101, holder["cover_from"][mine], (year - 1) * 10_000 + PREMIUM_DAY)
    for name, column in {
        "holder": mine, "employer": np.full(len(mine), -1), "first_month": first, "months": holder["last_month"][mine] - first + 1,
        "person_part": terms.premium - aided, "subsidy": np.full(len(mine), terms.subsidy), "aided": aided, "paid_on": joined,
        "state": np.full(len(mine), PAID),
    }.items():
        runs[:, RUN.index(name)] = column
    return runs


def plain_base(wage: int, rates: Rates) -> int:
    """The base that a wage gives, in plain Python; for reports and tests."""
    return clipped(wage, rates.floor, rates.cap)
