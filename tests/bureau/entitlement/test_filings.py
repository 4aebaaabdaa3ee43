"""Filings: granted once, the standing one named; withdrawn or ended; what each kind asks for. Off-site classes, identities, measures."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connections

from bureau.insured import (
    ANKANG,
    AT,
    CIPHER,
    HOSPITAL,
    OFFICER,
    OTHER_HOSPITAL,
    TODAY,
    WUHAN,
    hospital,
    person,
    shelf,
    standing,
)
from openyibao.bureau.enrolment import spans
from openyibao.bureau.entitlement import actions, queries
from openyibao.bureau.entitlement.actions import Filed
from openyibao.bureau.entitlement.models import Filing, Identity, Measure
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.queries import acts_on, looks_at
from openyibao.kernel import codes

pytestmark = pytest.mark.usefixtures("django_database")
NEXT = timedelta(days=1)


def code_of(act, *args, **named):
    with pytest.raises(Refused) as refused:
        act(*args, **named)
    assert refused.value.zh and refused.value.en and refused.value.place
    return refused.value.code


@pytest.fixture
def employee(django_database):
    one = person(1).psn_no
    standing(one)
    hospital()
    return one


def chronic(psn_no, disease="M03900", starts=TODAY, ends=None, at=AT, institution=HOSPITAL):
    return actions.file_chronic(Filed(psn_no, starts, ends), disease=disease, institution=institution, shelf=shelf(), at=at, by="H1/01")


def withdraw(row, day=TODAY, at=AT, kind=Filing.CHRONIC, psn_no=None):
    return actions.withdraw(kind=kind, sn=str(row.sn), psn_no=psn_no or row.psn_no, day=day, at=at, by=OFFICER, why="误报")


def test_a_chronic_disease_is_filed_once_and_the_standing_filing_named(employee):
    row = chronic(employee)
    assert (row.insutype, row.fixmedins_code, row.state) == ("310", HOSPITAL, "granted")
    with pytest.raises(Refused, match=f"备案 {row.sn}") as refused:
        chronic(employee, starts=TODAY + 10 * NEXT)
    assert refused.value.code == "FILING-01" and refused.value.since == TODAY
    chronic(employee, "M01600")
    assert [found.code for found in queries.filings_of(employee, day=TODAY)] == ["M03900", "M01600"]
    assert queries.has_filing(employee, Filing.CHRONIC, "M03900", TODAY) == row
    assert queries.has_filing(employee, Filing.CHRONIC, "M03900", TODAY - NEXT) is None
    assert acts_on(f"person/{employee}")[0].what == "entitlement.file-chronic"


def test_filings_one_after_the_other_do_not_meet(employee):
    chronic(employee, ends=TODAY + 30 * NEXT)
    assert code_of(chronic, employee, starts=TODAY + 29 * NEXT) == "FILING-01"
    chronic(employee, starts=TODAY + 30 * NEXT)
    chronic(employee, starts=TODAY - 30 * NEXT, ends=TODAY)
    assert code_of(chronic, employee, starts=TODAY, ends=TODAY) == "FILING-06"
    assert code_of(chronic, employee, starts=date.max) == code_of(chronic, employee, starts=date.min) == "FILING-06"


def test_a_disease_must_be_on_the_home_citys_list(employee):
    assert code_of(chronic, employee, "M99999") == "FILING-03"
    resident = person(2).psn_no
    standing(resident, "390")
    for disease in ("M03900", "M99999"):
        on_list = f"chronic.{disease}.ratio" in shelf().books["420100"].tables[codes.RESIDENT]
        if on_list:
            chronic(resident, disease)
        else:
            assert code_of(chronic, resident, disease) == "FILING-03"


def test_only_the_insured_file_and_only_at_institutions_with_an_agreement(employee):
    stranger = person(2).psn_no
    assert code_of(chronic, stranger) == "COVER-01"
    assert code_of(chronic, "nobody") == "PERSON-01"
    assert code_of(chronic, employee, institution="H00000000000") == "FILING-05"
    hospital("H42010099002", agreed=False)
    assert code_of(chronic, employee, institution="H42010099002") == "FILING-05"
    spans.die(psn_no=employee, day=TODAY - NEXT, at=AT, officer=OFFICER)
    assert code_of(chronic, employee) == "COVER-06"


def test_a_filing_of_today_is_undone_and_an_older_one_ended(employee):
    row = chronic(employee)
    assert withdraw(row).state == "withdrawn" and queries.filings_of(employee) == []
    again = chronic(employee, starts=TODAY - 100 * NEXT, at=AT - 50 * NEXT)
    assert withdraw(again).state == "granted"
    assert [found.ends for found in queries.filings_of(employee)] == [TODAY]
    assert queries.filings_of(employee, day=TODAY) == [] and queries.filings_of(employee, day=TODAY - NEXT)
    assert code_of(withdraw, again) == code_of(withdraw, row) == "FILING-11"
    chronic(employee)


def test_nobody_withdraws_anothers_filing(employee):
    row, other = chronic(employee), person(2).psn_no
    assert code_of(withdraw, row, psn_no=other) == "FILING-10"
    assert code_of(withdraw, row, kind=Filing.FIXED) == "FILING-10"
    for sn in ("abc", "", "9" * 30, "²"):
        assert code_of(actions.withdraw, kind=Filing.CHRONIC, sn=sn, psn_no=employee, day=TODAY, at=AT, by="x", why="") == "FILING-10"


def test_two_diseases_are_for_residents_without_the_chronic_filing(employee):
    resident = person(2).psn_no
    standing(resident, "390")
    two = {"disease": "M03900", "institution": HOSPITAL, "at": AT, "by": OFFICER}
    assert code_of(actions.register_two_disease, Filed(employee, TODAY), **two) == "FILING-03"
    assert code_of(actions.register_two_disease, Filed(resident, TODAY), **{**two, "disease": "M04600"}) == "FILING-03"
    row = actions.register_two_disease(Filed(resident, TODAY), **two)
    assert (row.kind, row.code) == (Filing.TWO_DISEASE, "M03900")
    assert code_of(actions.register_two_disease, Filed(resident, TODAY), **two) == "FILING-01"
    Filing.objects.create(psn_no=resident, kind=Filing.CHRONIC, code="M01600", starts=TODAY, filed_by="x", at=AT)
    assert code_of(actions.register_two_disease, Filed(resident, TODAY), **{**two, "disease": "M01600"}) == "FILING-04"


def test_one_institution_is_chosen_per_business_and_rank(employee):
    hospital("H42010099002")
    fixed = {"business": "03", "rank": "1", "at": AT, "by": OFFICER}
    row = actions.file_fixed(Filed(employee, TODAY), institution=HOSPITAL, **fixed)
    assert code_of(actions.file_fixed, Filed(employee, TODAY), institution="H42010099002", **fixed) == "FILING-01"
    assert code_of(actions.file_fixed, Filed(employee, TODAY), institution=HOSPITAL, **{**fixed, "rank": "2"}) == "FILING-01"
    actions.file_fixed(Filed(employee, TODAY), institution="H42010099002", **{**fixed, "rank": "2"})
    assert row.detail == {"biz_appy_type": "03", "fix_srt_no": "1"}


def test_a_special_drug_is_filed_with_its_pharmacy(employee):
    row = actions.file_special_drug(Filed(employee, TODAY), hilist_code="XL01", institution=HOSPITAL, at=AT, by=OFFICER)
    assert (row.kind, row.code) == (Filing.SPECIAL_DRUG, "XL01")
    assert code_of(actions.file_special_drug, Filed(employee, TODAY), hilist_code="XL01", institution="", at=AT, by=OFFICER) == "FILING-01"


def refer(psn_no, target=OTHER_HOSPITAL, area=ANKANG, **changes):
    return actions.file_referral(Filed(psn_no, TODAY, **changes), target=target, area=area, shelf=shelf(), at=AT, by="H1/01")


def test_a_referral_elsewhere_is_good_for_the_policys_months(employee):
    row = refer(employee)
    assert (row.code, row.ends, row.area) == (str(codes.REFERRED), date(2025, 12, 2), ANKANG)
    assert code_of(refer, employee) == "FILING-01"
    near = refer(employee, HOSPITAL, WUHAN, ends=TODAY + 5 * NEXT)
    assert (near.code, near.ends) == (str(codes.HOME), TODAY + 5 * NEXT)
    assert code_of(refer, employee, "H42010099009", WUHAN) == "FILING-05"


def offsite(psn_no, why="residing", area=ANKANG, **changes):
    return actions.file_offsite(Filed(psn_no, TODAY, **changes), why=why, area=area, shelf=shelf(), at=AT, by=OFFICER)


def test_long_term_filing_is_for_its_three_classes_elsewhere_and_long(employee):
    assert code_of(offsite, employee, "holiday") == code_of(offsite, employee, area="420106") == "FILING-08"
    assert code_of(offsite, employee, ends=date(2025, 12, 1)) == "FILING-09"
    row = offsite(employee, area="610000", ends=date(2025, 12, 2))
    assert (row.code, row.detail["class"]) == (str(codes.FILED), "residing")
    assert code_of(offsite, employee, "posted", ANKANG) == "FILING-01", "the province is filed, and the city lies in it"
    offsite(employee, "posted", "530400")


def class_of(psn_no, treating, institution=OTHER_HOSPITAL, med_type="21", day=TODAY):
    return queries.offsite_class(psn_no, home=WUHAN, treating=treating, institution=institution, med_type=med_type, day=day)


def test_why_care_is_elsewhere(employee):
    assert class_of(employee, "420106") == codes.HOME
    assert class_of(employee, ANKANG) == codes.SELF_REFERRED
    assert class_of(employee, ANKANG, med_type="13") == codes.EMERGENCY, "an emergency needs no filing"
    offsite(employee, area="610900")
    assert class_of(employee, "610902") == codes.FILED and class_of(employee, "610100") == codes.SELF_REFERRED
    assert class_of(employee, ANKANG, day=TODAY - NEXT) == codes.SELF_REFERRED
    refer(employee)
    assert class_of(employee, ANKANG) == codes.REFERRED


@pytest.mark.parametrize(("filed", "treating", "reached"), [
    ("", "610902", True), ("610000", "610902", True), ("610900", "610902", True), ("610902", "610902", True),
    ("610902", "610921", False), ("610900", "610100", False), ("610000", "420100", False), ("430100", "431002", False),
])
def test_a_filing_reaches_its_division(filed, treating, reached):
    assert queries.reaches(filed, treating) is reached


def test_a_departments_list_begins_and_ends_identities(django_database):
    one, two, three = (person(serial).psn_no for serial in (1, 2, 3))
    took = {"day": TODAY, "at": AT, "by": OFFICER}
    assert actions.take_identities("民政", "2303", {one: TODAY, two: TODAY, "nobody": TODAY}, **took) == (2, 0, ["nobody"])
    later = {**took, "day": TODAY + 30 * NEXT}
    assert actions.take_identities("民政", "2303", {two: TODAY, three: TODAY + 30 * NEXT}, **later) == (1, 1, [])
    assert queries.aid_class(queries.identities_of(one, TODAY + 29 * NEXT)) == codes.MINIMUM_LIVING
    assert queries.aid_class(queries.identities_of(one, TODAY + 30 * NEXT)) == codes.NO_AID
    Identity.objects.create(psn_no=two, psn_idet_type="2304", starts=TODAY)
    assert queries.aid_class(queries.identities_of(two, TODAY)) == codes.DESTITUTE
    assert code_of(actions.take_identities, "民政", "9999", {}, **took) == "IDENTITY-01"


def test_a_measure_holds_from_the_hour_until_it_is_lifted(employee):
    hour = timedelta(hours=1)
    row = actions.suspend(psn_no=employee, starts=AT, reason="出借凭证", clause="监管条例", at=AT, by=OFFICER)
    assert queries.measure_on(employee, AT - hour) is None and queries.measure_on(employee, AT) == row
    assert code_of(queries.refuse_measured, employee, AT) == "MEASURE-01"
    queries.refuse_measured(employee, AT - hour)
    assert code_of(actions.suspend, psn_no=employee, starts=AT + hour, reason="再次", at=AT, by=OFFICER) == "MEASURE-02"
    actions.lift(measure=row.pk, at=AT + hour, by=OFFICER)
    assert queries.measure_on(employee, AT + hour) is None and Measure.objects.count() == 1


def test_everything_about_a_person_is_one_value_and_one_logged_look(employee):
    chronic(employee)
    actions.suspend(psn_no=employee, starts=AT, reason="出借凭证", at=AT, by=OFFICER)
    found = queries.everything_about(employee, officer=OFFICER, purpose="投诉核查", cipher=CIPHER, at=AT, day=TODAY)
    assert (len(found.filings), len(found.measures), len(found.record.relations)) == (1, 1, 1)
    assert [look.purpose for look in found.looks] == [look.purpose for look in looks_at(employee)] == ["投诉核查"]
    assert code_of(queries.everything_about, employee, officer="", purpose="x", cipher=CIPHER, at=AT, day=TODAY) == "STAFF-01"


def test_eight_windows_file_one_disease_once(employee):
    def send(_number):
        try:
            return chronic(employee).sn
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, range(8)))
    assert answers.count("FILING-01") == 7 and Filing.objects.count() == 1
