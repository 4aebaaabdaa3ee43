"""Who may treat and settle at an instant: agreements by day, measures by the hour."""

from datetime import date

import pytest

from bureau.providers.register import DOCTOR, HOSPITAL, at, doctor, institution, measure
from openyibao.bureau.providers import actions, queries
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.queries import acts_on

NOON = at(2026, 3, 10, 12)


@pytest.mark.parametrize(("ends", "stands"), [(None, True), (date(2026, 3, 11), True), (date(2026, 3, 10), False)])
def test_an_agreement_stands_to_the_day_before_its_end(django_database, ends, stands):
    institution(ends=ends)
    found = queries.institution_on(HOSPITAL, NOON)
    assert (found.contract is not None, found.ended) == (stands, None if stands else ends)


def test_nobody_knows_an_institution(django_database):
    assert queries.institution_on("H00000000000", NOON) is None


def test_the_day_of_an_instant_is_the_citys(django_database):
    institution(starts=date(2026, 3, 11))
    assert queries.institution_on(HOSPITAL, at(2026, 3, 10, 23, 59)).contract is None
    assert queries.institution_on(HOSPITAL, at(2026, 3, 11, 0, 0)).contract is not None


@pytest.mark.parametrize(("hour", "suspended"), [(11, False), (12, True), (17, True), (18, False)])
def test_a_measure_holds_from_its_hour_to_the_hour_it_ends(django_database, hour, suspended):
    institution()
    doctor()
    measure(DOCTOR, NOON, at(2026, 3, 10, 18))
    measure(HOSPITAL, NOON, at(2026, 3, 10, 18))
    moment = at(2026, 3, 10, hour)
    assert (queries.institution_on(HOSPITAL, moment).suspension is not None) == suspended
    assert (queries.doctor_on(DOCTOR, HOSPITAL, moment).suspension is not None) == suspended


def test_of_two_measures_the_one_that_began_first_is_told(django_database):
    measure(DOCTOR, at(2026, 2, 1), reason="第二")
    measure(DOCTOR, at(2026, 1, 1), reason="第一")
    assert queries.suspension_of(DOCTOR, NOON).reason == "第一"


def test_a_doctor_who_left_is_known_and_does_not_work(django_database):
    doctor(ends=date(2026, 3, 1))
    assert queries.doctor_on(DOCTOR, HOSPITAL, at(2026, 2, 28)).working
    assert not queries.doctor_on(DOCTOR, HOSPITAL, NOON).working
    assert queries.doctor_on(DOCTOR, "H42100099002", NOON) is None


def test_a_measure_is_imposed_and_lifted_and_both_are_on_record(django_database):
    number = actions.suspend(DOCTOR, starts=NOON, ends=None, reason="超量开药", officer="zhang", at=NOON)
    assert queries.suspension_of(DOCTOR, at(2027, 1, 1)).reason == "超量开药"
    actions.lift(number, officer="li", at=at(2026, 4, 1))
    assert queries.suspension_of(DOCTOR, at(2026, 3, 31)) is not None
    assert queries.suspension_of(DOCTOR, at(2026, 4, 1)) is None
    acts = acts_on(f"target/{DOCTOR}")
    assert [(act.officer, act.what) for act in acts] == [("li", "providers.lift"), ("zhang", "providers.suspend")]


def test_a_measure_that_has_not_begun_is_lifted_for_good(django_database):
    number = actions.suspend(DOCTOR, starts=at(2026, 5, 1), ends=None, reason="甲", officer="zhang", at=NOON)
    actions.lift(number, officer="zhang", at=NOON)
    assert queries.suspension_of(DOCTOR, at(2026, 6, 1)) is None


def test_a_measure_that_ends_before_it_begins_is_refused(django_database):
    with pytest.raises(Refused, match="解除时间") as refused:
        actions.suspend(DOCTOR, starts=NOON, ends=NOON, reason="甲", officer="zhang", at=NOON)
    assert refused.value.code == "MEASURE-11"


def test_a_sign_in_is_good_for_its_day_its_institution_and_its_operator(django_database):
    number = actions.sign_in(HOSPITAL, "001", at=NOON, detail={})
    assert queries.signed_in(number, HOSPITAL, "001", at(2026, 3, 10, 23, 59))
    assert queries.signed_in(number, HOSPITAL, None, NOON)
    assert not queries.signed_in(number, HOSPITAL, "001", at(2026, 3, 11, 0, 0))
    assert not queries.signed_in(number, HOSPITAL, "002", NOON)
    assert not queries.signed_in(number, "H42100099002", "001", NOON)
    assert not queries.signed_in("no number", HOSPITAL, "001", NOON)
    actions.sign_out(HOSPITAL, "001", number, at=NOON)
    assert not queries.signed_in(number, HOSPITAL, "001", NOON)
