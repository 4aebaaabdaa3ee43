"""Is this person covered on this day: one answer, with the reason, on each side of every boundary."""

from datetime import date, timedelta

import pytest

from bureau.insured import person, standing
from openyibao.bureau.enrolment.cover import cover_on
from openyibao.bureau.enrolment.models import Person
from openyibao.bureau.refused import Refused
from openyibao.kernel import codes

pytestmark = pytest.mark.usefixtures("django_database")
DAY = date(2024, 5, 10)
NEXT = timedelta(days=1)


def outcome(psn_no, day, scheme=None):
    return cover_on(psn_no, day, scheme).outcome


def test_nobody_unknown_is_covered():
    assert cover_on("1", DAY) == ("1", DAY, "", codes.NOT_COVERED, "0", *([None] * 1), "", "", "", *([None] * 7), 0, False, False, 0)


def test_cover_lasts_from_the_benefit_to_the_day_before_its_end():
    one = person(1).psn_no
    standing(one, starts=date(2024, 5, 1), benefit_from=date(2024, 5, 5), ends=date(2024, 6, 1), benefit_to=date(2024, 5, 20), state="4")
    assert [outcome(one, date(2024, 5, day)) for day in (4, 5, 19, 20)] == [codes.NOT_COVERED, codes.SETTLED, codes.SETTLED, codes.LAPSED]
    assert outcome(one, date(2024, 4, 30)) == codes.NOT_COVERED
    assert cover_on(one, date(2024, 5, 31)).state == "1" and cover_on(one, date(2024, 6, 1)).state == "4"
    assert cover_on(one, date(2024, 4, 30)).state == "0"


def test_a_relation_without_an_end_of_its_benefit_ends_with_itself():
    one = person(1).psn_no
    standing(one, ends=DAY, state="2")
    assert (outcome(one, DAY - NEXT), outcome(one, DAY)) == (codes.SETTLED, codes.LAPSED)
    assert cover_on(one, DAY).state == "2" and cover_on(one, DAY).since == DAY


def test_a_wait_ends_on_its_day():
    one = person(1).psn_no
    standing(one, "390", wait_until=DAY)
    assert (outcome(one, DAY - NEXT), outcome(one, DAY)) == (codes.WAITING, codes.SETTLED)


def test_arrears_stop_between_their_days():
    one = person(1).psn_no
    standing(one, suspended_from=DAY, suspended_to=DAY + 3 * NEXT)
    assert [outcome(one, DAY + number * NEXT) for number in (-1, 0, 2, 3)] == [codes.SETTLED, codes.SUSPENDED, codes.SUSPENDED,
                                                            codes.SETTLED]


def test_death_ends_cover_the_day_after():
    one = person(1).psn_no
    standing(one)
    Person.objects.filter(psn_no=one).update(died_on=DAY)
    assert (outcome(one, DAY), outcome(one, DAY + NEXT)) == (codes.SETTLED, codes.DECEASED)


def test_paused_without_an_end_is_no_cover():
    one = person(1).psn_no
    standing(one, state="2")
    assert cover_on(one, DAY).outcome != codes.SETTLED and cover_on(one, DAY).state == "2"


def test_a_void_relation_counts_for_nothing():
    one = person(1).psn_no
    standing(one, state="3")
    assert (outcome(one, DAY), cover_on(one, DAY).insutype) == (codes.NOT_COVERED, "")


def test_of_two_schemes_the_one_that_stands_answers_unless_another_is_asked_for():
    one = person(1).psn_no
    standing(one, "390", ends=DAY, state="4")
    standing(one, "310", starts=DAY, benefit_from=DAY)
    assert (cover_on(one, DAY).insutype, outcome(one, DAY)) == ("310", codes.SETTLED)
    assert outcome(one, DAY, "390") == codes.LAPSED
    assert (cover_on(one, DAY - NEXT).insutype, outcome(one, DAY - NEXT)) == ("390", codes.SETTLED)


def test_a_reason_can_be_raised_as_it_is_told():
    one = person(1).psn_no
    standing(one, suspended_from=DAY)
    cover = cover_on(one, DAY)
    assert cover.reason("zh") and cover.reason("en") and not cover.covered
    with pytest.raises(Refused, match=str(DAY)) as refused:
        raise cover.refused()
    assert refused.value.code == "COVER-04"
