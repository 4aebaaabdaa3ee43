"""Joining, pausing, renewing, changing scheme, retiring, dying, moving: spans close and open, and never two on one day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import IntegrityError, connections, transaction

from bureau.insured import AT, JISHOU, OFFICER, book, join, joining, person, standing
from openyibao.bureau.enrolment import accounts, spans
from openyibao.bureau.enrolment.cover import cover_on
from openyibao.bureau.enrolment.models import Due, Relation
from openyibao.bureau.refused import Refused
from openyibao.kernel import codes
from openyibao.kernel.enrolment import Situation

pytestmark = pytest.mark.usefixtures("django_database")


def code_of(act, *args, **named):
    with pytest.raises(Refused) as refused:
        act(*args, **named)
    return refused.value.code


def test_a_resident_who_joins_in_the_window_is_covered_from_new_year():
    relation = join(person(1).psn_no, "390", date(2025, 11, 20))
    assert (relation.starts, relation.benefit_to, relation.wait_until) == (date(2026, 1, 1), date(2027, 1, 1), None)


def test_a_resident_who_joins_late_waits_three_months():
    one = person(1).psn_no
    relation = join(one, "390", date(2025, 3, 15))
    assert (relation.starts, relation.wait_until, relation.benefit_to) == (date(2025, 3, 15), date(2025, 6, 15), date(2026, 1, 1))
    assert [cover_on(one, date(2025, 6, day)).outcome for day in (14, 15)] == [codes.WAITING, codes.SETTLED]


def test_before_the_national_rule_nobody_waited():
    assert join(person(1).psn_no, "390", date(2024, 3, 15)).wait_until is None


@pytest.mark.parametrize(("born", "starts", "wait_until"), [
    (date(2025, 3, 4), date(2025, 3, 4), None), (date(2025, 3, 3), date(2025, 6, 2), date(2025, 9, 2)),
])
def test_a_newborn_who_joins_within_ninety_days_is_covered_from_birth(born, starts, wait_until):
    relation = join(person(1, brdy=born).psn_no, "390", date(2025, 6, 2), psn_type="1401")
    assert (relation.starts, relation.benefit_from, relation.wait_until) == (starts, starts, wait_until)
    assert relation.benefit_to == date(2026, 1, 1)


def test_who_may_join_at_any_time_does_not_wait():
    assert join(person(1).psn_no, "390", date(2025, 3, 15), excepted=True).wait_until is None


def test_maternity_comes_with_an_employer():
    assert join(person(1).psn_no, "310", date(2025, 3, 15)).maternity
    assert not join(person(2).psn_no, "310", date(2025, 3, 15), flexible=True, emp_no="").maternity
    assert not join(person(3).psn_no, "390", date(2025, 3, 15)).maternity


def test_a_pensioner_is_proposed_the_scheme_that_the_years_give():
    one = person(1, gend="2").psn_no
    pension = {"day": date(2025, 6, 2), "book": book()}
    assert spans.proposed(one, Situation(pension=1), **pension, months_before=300).choice == 0
    assert spans.proposed(one, Situation(pension=1), **pension, months_before=299).choice == codes.RESIDENT


def test_gap_years_lengthen_the_wait_and_paying_back_shortens_it():
    for serial, back_paid, until in ((1, 0, date(2028, 6, 1)), (2, 1, date(2028, 5, 1)), (3, 2, date(2028, 4, 1))):
        one = person(serial).psn_no
        standing(one, "390", starts=date(2024, 1, 1), benefit_from=date(2024, 1, 1), ends=date(2025, 1, 1), state="4")
        relation = join(one, "390", date(2027, 10, 8), back_paid=back_paid)
        assert (relation.starts, relation.wait_until) == (date(2028, 1, 1), until)


def test_an_employee_who_joins_first_is_covered_from_the_next_month():
    relation = join(person(1).psn_no, "310", date(2025, 3, 15))
    assert (relation.starts, relation.benefit_from, relation.wait_until, relation.maternity) == (
        date(2025, 3, 15), date(2025, 4, 1), None, True)


@pytest.mark.parametrize(("left", "back_paid", "wait_until"), [
    (date(2025, 1, 1), 3, None), (date(2025, 1, 1), 0, None), (date(2024, 12, 1), 4, date(2025, 11, 1)),
])
def test_an_employee_waits_after_a_break_of_more_than_three_months(left, back_paid, wait_until):
    one = person(1).psn_no
    standing(one, ends=left, state="2")
    assert join(one, "310", date(2025, 4, 10), back_paid=back_paid).wait_until == wait_until


def test_a_second_basic_relation_is_refused_and_the_first_named():
    one = person(1).psn_no
    join(one, "310", date(2025, 3, 15))
    with pytest.raises(Refused, match=r"职工医保.*2025-03-15") as refused:
        join(one, "390", date(2025, 6, 1))
    assert refused.value.code == "ENROL-02"
    assert Relation.objects.count() == 1


def test_the_database_itself_refuses_two_on_one_day():
    one = person(1).psn_no
    standing(one, "310", ends=date(2025, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        standing(one, "390", starts=date(2024, 12, 31), benefit_from=date(2024, 12, 31))
    standing(one, "390", starts=date(2025, 1, 1), benefit_from=date(2025, 1, 1))


def test_who_pauses_is_covered_to_the_months_end_and_can_join_the_residents_the_next_day():
    one = person(1).psn_no
    standing(one)
    spans.pause(psn_no=one, insutype="310", day=date(2025, 3, 10), at=AT, officer=OFFICER)
    relation = join(one, "390", date(2025, 4, 1))
    assert (relation.starts, relation.wait_until) == (date(2025, 4, 1), None)
    assert all(cover_on(one, date(2025, month, day)).covered for month, day in ((3, 10), (3, 31), (4, 1)))
    assert Relation.objects.get(insutype="310").state == "2"


def test_a_relation_that_never_began_is_void():
    one = person(1).psn_no
    row = standing(one, starts=date(2025, 4, 1), benefit_from=date(2025, 4, 1))
    spans.closed(row, date(2025, 4, 1), "4")
    assert Relation.objects.get().state == "3"


def test_changing_scheme_leaves_no_day_uncovered():
    one = person(1).psn_no
    standing(one, "390", benefit_to=date(2026, 1, 1))
    day = date(2025, 7, 16)
    spans.change_scheme(joining(one, "310", day), book=book(), at=AT, officer=OFFICER)
    assert [cover_on(one, date(2025, 7, number)).insutype for number in (15, 16)] == ["390", "310"]
    assert cover_on(one, date(2025, 7, 15)).covered and cover_on(one, day).covered
    spans.change_scheme(joining(one, "390", date(2025, 9, 1)), book=book(), at=AT, officer=OFFICER)
    assert cover_on(one, date(2025, 9, 1)).covered and cover_on(one, date(2025, 8, 31)).insutype == "310"


def test_a_wait_goes_along_and_arrears_do_not_pass():
    one, two = person(1).psn_no, person(2).psn_no
    standing(one, "390", wait_until=date(2025, 9, 1))
    moved = spans.change_scheme(joining(one, "310", date(2025, 7, 16)), book=book(), at=AT, officer=OFFICER)
    assert moved.wait_until == date(2025, 9, 1)
    standing(two, "310", suspended_from=date(2025, 5, 1))
    assert code_of(spans.change_scheme, joining(two, "390", date(2025, 7, 16)), book=book(), at=AT, officer=OFFICER) == "ENROL-07"


def test_a_lapsed_cover_is_not_continued_by_changing_scheme():
    one = person(1).psn_no
    standing(one, "390", benefit_to=date(2025, 1, 1))
    moved = spans.change_scheme(joining(one, "310", date(2025, 7, 16)), book=book(), at=AT, officer=OFFICER)
    assert moved.benefit_from == date(2025, 8, 1) and moved.wait_until == date(2026, 2, 1)


def test_a_resident_renews_without_a_break_or_begins_again():
    one = person(1).psn_no
    join(one, "390", date(2025, 11, 20))
    same = spans.renew(psn_no=one, year=2027, day=date(2026, 10, 3), book=book(), at=AT, officer=OFFICER)
    assert (same.benefit_to, Relation.objects.count()) == (date(2028, 1, 1), 1)
    assert code_of(spans.renew, psn_no=one, year=2027, day=date(2026, 10, 4), book=book(), at=AT, officer=OFFICER) == "ENROL-06"
    late = spans.renew(psn_no=one, year=2028, day=date(2028, 2, 10), book=book(), at=AT, officer=OFFICER)
    assert (late.starts, late.wait_until, Relation.objects.count()) == (date(2028, 2, 10), date(2028, 5, 10), 2)
    assert cover_on(one, date(2028, 1, 15)).outcome == codes.LAPSED


def test_retiring_needs_the_years():
    one = person(1).psn_no
    standing(one)
    for month in range(1, 13):
        Due.objects.create(bill_no=f"b{month}", psn_no=one, insutype="310", month=202400 + month, due_on=date(2024, 12, 31),
                           paid_on=date(2024, 12, 31))
    Due.objects.create(bill_no="b12-", psn_no=one, insutype="310", month=202412, due_on=date(2024, 12, 31), corrects="b12",
                       paid_on=date(2024, 12, 31))
    retire = {"psn_no": one, "day": date(2025, 6, 1), "psn_type": "1201", "book": book(), "at": AT, "officer": OFFICER}
    with pytest.raises(Refused, match="还差 1 个月") as refused:
        spans.retire(**retire, months_before=348)
    assert refused.value.code == "ENROL-08"
    relation = spans.retire(**retire, months_before=349)
    assert (relation.psn_type, relation.starts, cover_on(one, date(2025, 5, 31)).psn_type) == ("1201", date(2025, 6, 1), "1101")
    assert code_of(spans.retire, **{**retire, "psn_type": "1101"}) == "ENROL-05"


def test_death_ends_everything_and_is_registered_once():
    one = person(1).psn_no
    standing(one)
    spans.die(psn_no=one, day=date(2025, 5, 5), at=AT, officer=OFFICER)
    assert cover_on(one, date(2025, 5, 5)).covered and cover_on(one, date(2025, 5, 6)).outcome == codes.DECEASED
    assert Relation.objects.get().ends == date(2025, 5, 6)
    assert code_of(spans.die, psn_no=one, day=date(2025, 5, 5), at=AT, officer=OFFICER) == "ENROL-04"
    assert code_of(join, one, "390", date(2025, 6, 1)) == "ENROL-04"


def test_moving_between_cities_takes_the_account_along():
    one, two = person(1).psn_no, person(2).psn_no
    standing(one)
    accounts.open_account(psn_no=one, fen=1234_56, source="old system", at=AT)
    out = spans.transfer_out(psn_no=one, insutype="310", day=date(2025, 5, 1), transfer="T1", to_admdvs=JISHOU, at=AT, officer=OFFICER)
    assert (out, accounts.balance_of(one), cover_on(one, date(2025, 5, 1)).outcome) == (1234_56, 0, codes.LAPSED)
    moved = spans.transfer_in(joining(two, "310", date(2025, 7, 15)), transfer="T2", left=date(2025, 5, 1), balance=out, book=book(),
                              at=AT, officer=OFFICER)
    assert (moved.wait_until, accounts.balance_of(two)) == (None, 1234_56)


def test_only_basic_schemes_are_joined_and_only_by_who_is_there():
    one = person(1).psn_no
    assert code_of(join, one, "510", date(2025, 5, 1)) == "ENROL-05"
    assert code_of(join, "nobody", "310", date(2025, 5, 1)) == "ENROL-01"
    assert code_of(spans.pause, psn_no=one, insutype="310", day=date(2025, 5, 1), at=AT, officer=OFFICER) == "ENROL-03"


def test_eight_desks_join_one_person_once():
    one = person(1).psn_no

    def send(number):
        try:
            return str(join(one, "310" if number % 2 else "390", date(2025, 3, 15)).pk)
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, range(8)))
    assert answers.count("ENROL-02") == 7 and Relation.objects.count() == 1
