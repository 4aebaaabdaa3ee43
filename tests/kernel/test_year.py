"""The year 年度累计: what New Year carries over, what it starts again, and the counter of admissions by level."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.people import SEEDS, book, drawn_case, plan_on, stay
from openyibao.kernel import codes
from openyibao.kernel.reversal import play
from openyibao.kernel.settle.cascade import settle, settle_opened
from openyibao.kernel.year import Year, admissions_at, one_more_admission, opened

CARRIED = {"account", "family", "stay_level", "stay_due", "stay_borne", "stay_left", "stay_admission", "prenatal_paid"}
ANY_YEAR = st.builds(Year, **{name: st.integers(0, 10**9) for name in Year._fields if name != "year"}, year=st.integers(2016, 2030))


@given(ANY_YEAR, st.integers(2016, 2030))
def test_a_new_year_keeps_the_accounts_the_last_stay_and_the_pregnancy_and_nothing_else(year, number):
    found = opened(year, number)
    assert found.year == number
    if year.year == number:
        assert found == year
    else:
        assert {name for name in Year._fields if name != "year" and getattr(found, name)} <= CARRIED
        assert all(getattr(found, name) == getattr(year, name) for name in CARRIED)


@settings(max_examples=200)
@given(SEEDS)
def test_settle_opens_the_year_of_the_bill(seed):
    claim, year, plan = drawn_case(seed)
    number = claim.day // 10_000
    assert settle(claim, year._replace(year=number - 1), plan) == settle_opened(claim, opened(year._replace(year=number - 1), number), plan)
    assert settle(claim, year, plan)[1].year == number


@given(st.integers(0, 2**48 - 1), st.integers(0, codes.LEVELS - 1))
def test_the_counter_by_level_counts_one_level(packed, level):
    more = one_more_admission(packed, level)
    for other in range(codes.LEVELS):
        expected = min(admissions_at(packed, other) + (other == level), 255)
        assert admissions_at(more, other) == expected


def test_at_new_year_deductibles_and_caps_start_again():
    """31 December and 1 January of one person: the second visit is the first of its year."""
    def plan_of(claim):
        return plan_on("wuhan", codes.EMPLOYEE, claim.day)

    old, new = (stay(codes.EMPLOYEE, day, 30_000_00) for day in (20231231, 20240101))
    last, first = play((old, new), Year(year=2023, admissions=2, pool_paid=100_000_00), plan_of)
    alone = play((new,), Year(year=2024), plan_of)[0]
    assert last.receipt.admission == 3 and first.receipt.admission == 1
    assert first.receipt._replace(balance=0) == alone.receipt._replace(balance=0)
    assert first.after.pool_paid == first.receipt.pool and first.after.cash_paid == first.receipt.cash


def test_a_stay_over_new_year_settles_at_discharge_with_the_totals_of_that_year():
    """E-01, default: year and policy of the discharge day, one deductible."""
    claim = stay(codes.EMPLOYEE, 20240105, 30_000_00, admitted=20231220)
    plan = book("wuhan").plan_for(claim)
    receipt, after = settle(claim, Year(year=2023, admissions=3, pool_paid=10**9), plan)
    assert after.year == 2024 and receipt.admission == 1 and receipt.over_cap == 0 and after.admissions == 1


def test_the_second_part_of_a_stay_cut_at_new_year_bears_no_deductible_and_counts_no_admission():
    """E-01, alternative: whoever cuts the bill at midnight marks the second part `continued`."""
    plan = plan_on("wuhan", codes.EMPLOYEE, 20240105)
    claim = stay(codes.EMPLOYEE, 20240105, 30_000_00, admitted=20240101, continued=1)
    receipt, after = settle(claim, Year(year=2024), plan)
    assert receipt.deductible == 0 and after.admissions == 0


def test_a_transfer_over_new_year_still_is_a_transfer():
    """The last stay is carried over, so the higher hospital asks for the difference only."""
    plan = plan_on("ankang", codes.EMPLOYEE, 20240110)
    first = stay(codes.EMPLOYEE, 20231231, 5_000_00, level=codes.L2)
    second = stay(codes.EMPLOYEE, 20240110, 5_000_00, admitted=20240101, transferred=1)
    one, two = play((first, second), Year(year=2023), lambda claim: plan)
    assert two.receipt.deductible == plan.pool.deductible[codes.L3] - one.receipt.deductible
    assert two.after.admissions == 0


def test_check_ups_of_one_pregnancy_add_up_over_new_year_and_end_with_the_delivery():
    plan = plan_on("wuhan", codes.EMPLOYEE, 20240110)
    check_ups = [stay(codes.EMPLOYEE, day, 700_00, kind=codes.PRENATAL) for day in (20231201, 20240110)]
    delivery = stay(codes.EMPLOYEE, 20240301, 5_000_00, kind=codes.DELIVERY)
    journal = play((*check_ups, delivery, check_ups[0]._replace(day=20240601)), Year(year=2023), lambda claim: plan)
    paid = [one.receipt.pool for one in journal]
    assert paid[0] + paid[1] == plan.maternity.prenatal and paid[3] == paid[0] == 700_00
