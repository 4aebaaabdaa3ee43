"""The law of enrolment: months and days, waits on each side of every boundary, arrears, contributions, which scheme."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openyibao.kernel import codes
from openyibao.kernel.enrolment import (
    EmployeeWaiting,
    Rates,
    ResidentWaiting,
    Restored,
    Situation,
    account_interest,
    arrears_stop,
    day_months_after,
    employee_wait,
    first_after_month,
    gap_years,
    last_of_month,
    month_after,
    monthly,
    months_between,
    proposed_scheme,
    resident_wait,
    restored,
    years_missing,
)

RESIDENTS = ResidentWaiting(fixed=3, per_gap_year=1, per_back_paid_year=1, long_gap=4, long_gap_wait=6, since_year=2025)
EMPLOYEES = EmployeeWaiting(break_without_wait=3, after_break=6, flexible_first=2)
RATES = Rates(floor=4494_00, cap=22470_00, employer=800, person=200, flexible=1000, to_account=200)
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@given(DAYS, st.integers(-60, 60))
def test_months_are_those_of_the_calendar(day, count):
    number = day.year * 10_000 + day.month * 100 + day.day
    month = number // 100
    assert last_of_month(month) == calendar.monthrange(day.year, day.month)[1]
    assert months_between(month, month_after(month, count)) == count
    later = day_months_after(number, count)
    date(later // 10_000, later // 100 % 100, later % 100)
    assert first_after_month(number) > number


@pytest.mark.parametrize(("covered_through", "joined_for", "gaps"), [
    (0, 2026, 0), (2025, 2026, 0), (2025, 2027, 1), (2025, 2030, 4), (2019, 2025, 0), (2019, 2027, 2), (9999, 2026, 0),
])
def test_gap_years_count_from_the_year_the_rule_began(covered_through, joined_for, gaps):
    assert gap_years(covered_through, joined_for, RESIDENTS) == gaps


@pytest.mark.parametrize(("gaps", "back_paid", "late", "excepted", "months"), [
    (0, 0, 0, 0, 0), (0, 0, 1, 0, 3), (0, 0, 1, 1, 0), (1, 0, 0, 0, 3), (2, 0, 0, 0, 4), (3, 0, 0, 0, 5),
    (3, 1, 0, 0, 4), (3, 2, 0, 0, 3), (3, 9, 0, 0, 3), (4, 0, 0, 0, 6), (4, 3, 0, 0, 6), (6, 0, 0, 0, 8),
])
def test_a_resident_waits(gaps, back_paid, late, excepted, months):
    assert resident_wait(gaps, back_paid, late, excepted, RESIDENTS) == months


@given(st.integers(1, 30), st.integers(0, 30))
def test_paying_back_never_takes_the_fixed_wait(gaps, back_paid):
    assert resident_wait(gaps, back_paid, 0, 0, RESIDENTS) >= RESIDENTS.fixed


@pytest.mark.parametrize(("first", "flexible", "gap", "paid_back", "months"), [
    (1, 0, 0, 0, 0), (1, 1, 0, 0, 2), (0, 0, 0, 0, 0), (0, 0, 3, 1, 0), (0, 0, 3, 0, 0), (0, 0, 4, 1, 6), (0, 1, 12, 0, 6),
])
def test_an_employee_waits_after_a_long_break_only(first, flexible, gap, paid_back, months):
    assert employee_wait(first, flexible, gap, paid_back, EMPLOYEES) == months


def test_arrears_stop_the_benefit_after_the_months_of_grace():
    assert arrears_stop(202512, 1) == 20260101
    assert arrears_stop(202511, 3) == 20260201


@pytest.mark.parametrize(("paid_on", "expected"), [
    (20250430, Restored(0, 0)), (20250501, Restored(20250501, 20251101)), (20250831, Restored(20250831, 20260228)),
])
def test_paying_in_time_brings_the_stopped_days_back(paid_on, expected):
    assert restored(202501, paid_on, EMPLOYEES) == expected


def test_a_month_is_clipped_and_rounded_payer_by_payer():
    assert monthly(1_000_00, 0, RATES, codes.WHOLE, codes.HALF_UP) == (4494_00, 359_52, 89_88, 89_88)
    assert monthly(99_999_00, 0, RATES, codes.WHOLE, codes.HALF_UP).base == 22470_00
    assert monthly(5000_13, 0, RATES, 5000, codes.HALF_UP) == (5000_13, 200_01, 100_00, 100_00)
    assert monthly(5000_00, 1, RATES, codes.WHOLE, codes.HALF_UP) == (5000_00, 0, 500_00, 100_00)


def test_years_and_interest():
    assert (years_missing(299, 25), years_missing(300, 25), years_missing(400, 25)) == (1, 0, 0)
    assert account_interest(100_00 * 360, 35, 360) == 35


@pytest.mark.parametrize(("situation", "scheme", "choice"), [
    (Situation(employed=1, student=1), codes.EMPLOYEE, 0),
    (Situation(pension=1, years_met=1), codes.EMPLOYEE, 0),
    (Situation(pension=1), codes.EMPLOYEE, codes.RESIDENT),
    (Situation(unemployment_benefit=1), codes.EMPLOYEE, 0),
    (Situation(flexible=1), codes.EMPLOYEE, codes.RESIDENT),
    (Situation(student=1), codes.RESIDENT, 0),
    (Situation(), codes.RESIDENT, 0),
])
def test_the_right_scheme_is_proposed_with_its_clause(situation, scheme, choice):
    proposal = proposed_scheme(situation)
    assert (proposal.scheme, proposal.choice) == (scheme, choice)
    assert proposal.clause and proposal.zh and proposal.en and proposal.trust in ("doc", "recalled")
