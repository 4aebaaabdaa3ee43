"""Shares of money against exact fractions, and days against the calendar."""

from datetime import date, timedelta
from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from openyibao.kernel.codes import HALF_UP, TRUNCATE, WHOLE
from openyibao.kernel.dates import day_number, days_between, month_of, period_start, year_of
from openyibao.kernel.rounding import amount_for, quotient, share
from openyibao.kernel.settle.chronic import days_left_and_whole, prorated
from openyibao.kernel.settle.pool import twice_shared

FEN, RATE = st.integers(0, 9 * 10**10), st.integers(0, WHOLE)
ROUNDING = st.sampled_from((HALF_UP, TRUNCATE))
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


def rounded(exact: Fraction, rounding: int) -> int:
    """Half up, or cut off."""
    return floor(exact + Fraction(1, 2)) if rounding == HALF_UP else floor(exact)


@given(FEN, st.integers(1, 10**12), ROUNDING)
def test_a_quotient_is_the_fraction_rounded_once(numerator, denominator, rounding):
    assert quotient(numerator, denominator, rounding) == rounded(Fraction(numerator, denominator), rounding)


@given(FEN, RATE, ROUNDING)
def test_a_share_is_the_fraction_rounded_once(amount, rate, rounding):
    found = share(amount, rate, rounding)
    assert found == rounded(Fraction(amount * rate, WHOLE), rounding) and 0 <= found <= amount


@given(FEN, st.integers(0, 10**6), RATE, ROUNDING)
def test_a_share_never_grows_faster_than_the_amount(amount, more, rate, rounding):
    """Why order holds to the fen through all layers: what is left never shrinks when the amount grows."""
    assert 0 <= share(amount + more, rate, rounding) - share(amount, rate, rounding) <= more


@given(FEN, RATE, RATE, ROUNDING)
def test_two_rates_rounded_once(amount, ratio, factor, rounding):
    assert twice_shared(amount, ratio, factor, rounding) == rounded(Fraction(amount * ratio * factor, WHOLE * WHOLE), rounding)


@given(FEN, st.integers(1, WHOLE * WHOLE), ROUNDING)
def test_the_amount_for_a_payment_is_the_payment_over_the_rate(paid, rate, rounding):
    found = amount_for(paid, rate, rounding)
    assert found == rounded(Fraction(paid * WHOLE * WHOLE, rate), rounding) >= paid
    assert amount_for(paid, 0, rounding) == 0


def test_half_a_fen_goes_up_or_is_cut_off():
    assert (share(1, 5_000, HALF_UP), share(1, 5_000, TRUNCATE)) == (1, 0)
    assert (share(1, 4_999, HALF_UP), share(3, 9_999, TRUNCATE)) == (0, 2)


def number(day: date) -> int:
    """A calendar day as yyyymmdd."""
    return day.year * 10_000 + day.month * 100 + day.day


@given(DAYS, DAYS)
def test_days_between_are_the_calendars(first, last):
    assert days_between(number(first), number(last)) == (last - first).days
    assert day_number(number(first + timedelta(days=1))) == day_number(number(first)) + 1
    assert (year_of(number(first)), month_of(number(first))) == (first.year, first.month)


@given(DAYS, st.sampled_from((1, 3, 12)))
def test_a_period_starts_on_its_calendar_month(day, months):
    start = period_start(number(day), months)
    first = date(start // 100, start % 100, 1)
    assert first <= day and (first.month - 1) % months == 0
    assert (day.year * 12 + day.month) - (first.year * 12 + first.month) < months


@given(DAYS, st.sampled_from((1, 3, 12)))
def test_days_left_of_a_period_count_the_day_of_the_grant(day, months):
    left, whole = days_left_and_whole(number(day), months)
    start = period_start(number(day), months)
    first = date(start // 100, start % 100, 1)
    after = date(first.year + (first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1, 1)
    assert (left, whole) == ((after - day).days, (after - first).days)


@given(st.integers(0, 10**7), DAYS, st.sampled_from((1, 3, 12)), st.sampled_from((0, 1)), ROUNDING)
def test_the_quota_of_the_period_of_the_grant(quota, granted, months, by_days, rounding):
    """Pro rata in the period of the grant, whole in any later one and for who has it since long."""
    day = number(granted)
    found = prorated(quota, months, day, day, by_days, rounding)
    if by_days:
        left, whole = days_left_and_whole(day, months)
    else:
        left, whole = months - (granted.month - 1) % months, months
    assert found == rounded(Fraction(quota * left, whole), rounding)
    later = number(granted + timedelta(days=31 * months))
    assert prorated(quota, months, day, later, by_days, rounding) == prorated(quota, months, 0, day, by_days, rounding) == quota
