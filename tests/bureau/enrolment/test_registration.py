"""One person, one number: checks at entry, twice the same certificate, corrections, merging, credentials, the whole record."""

from datetime import date, timedelta

import pytest

from bureau.insured import AT, CIPHER, OFFICER, TODAY, certno, entry, join, person, standing
from openyibao.bureau.enrolment import actions, queries
from openyibao.bureau.enrolment.models import Account, Person
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.queries import acts_on, looks_at

pytestmark = pytest.mark.usefixtures("django_database")


def code_of(act, *args, **named):
    with pytest.raises(Refused) as refused:
        act(*args, **named)
    assert refused.value.zh and refused.value.en
    return refused.value.code


def test_a_person_is_registered_with_a_sealed_number_and_no_local_household():
    one = person(1, register_admdvs="510100")
    row = Person.objects.get(psn_no=one.psn_no)
    assert len(row.psn_no) == 26 and row.psn_no.startswith("420100")
    assert certno(1).encode() not in bytes(row.certno_cipher) and CIPHER.open(row.certno_cipher) == certno(1)
    assert queries.by_certificate(CIPHER, certno(1).lower()).psn_no == one.psn_no
    assert queries.by_name(" 测试1 ", date(1980, 5, 20)) == [row] and queries.by_name("测试1", date(1980, 5, 21)) == []
    assert [act.what for act in acts_on(f"person/{one.psn_no}")] == ["enrolment.register"]


@pytest.mark.parametrize(("changes", "code"), [
    ({"certno": certno(1)[:17] + str((int(certno(1)[17].replace("X", "0")) + 1) % 10)}, "ID-05"),
    ({"certno": certno(1)[:17]}, "ID-01"),
    ({"brdy": date(1980, 5, 21), "certno": certno(1)}, "ID-07"),
    ({"gend": "2", "certno": certno(1)}, "ID-06"),
    ({"name": "  "}, "PERSON-05"),
    ({"brdy": TODAY + timedelta(days=1)}, "PERSON-05"),
])
def test_an_impossible_person_is_not_written(changes, code):
    asked = entry(1, **changes)
    assert code_of(actions.register, asked, cipher=CIPHER, at=AT, day=TODAY, officer=OFFICER, training=True) == code
    assert not Person.objects.exists()


def test_a_training_number_is_no_real_one():
    assert code_of(actions.register, entry(1), cipher=CIPHER, at=AT, day=TODAY, officer=OFFICER) == "ID-02"


def test_a_certificate_is_registered_once_and_the_holder_named():
    one = person(1)
    again = entry(1)
    with pytest.raises(Refused, match=one.psn_no) as refused:
        actions.register(again, cipher=CIPHER, at=AT, day=TODAY, officer=OFFICER, training=True)
    assert refused.value.code == "PERSON-06"
    other = again._replace(name="别人")
    assert code_of(actions.register, other, cipher=CIPHER, at=AT, day=TODAY, officer=OFFICER, training=True) == "PERSON-07"
    assert Person.objects.count() == 1


def test_a_correction_is_found_under_the_new_number_only():
    one, two = person(1), person(2)
    fixed = entry(3, name="改名")
    actions.correct_identity(psn_no=one.psn_no, entry=fixed, cipher=CIPHER, at=AT, day=TODAY, officer=OFFICER, why="换证", training=True)
    assert queries.by_certificate(CIPHER, certno(3)).psn_no == one.psn_no
    assert code_of(queries.by_certificate, CIPHER, certno(1)) == "PERSON-01"
    assert acts_on(f"person/{one.psn_no}")[0].detail == {"changed": ["name", "certno"], "why": "换证"}
    taken = entry(2)
    assert code_of(actions.correct_identity, psn_no=one.psn_no, entry=taken, cipher=CIPHER, at=AT, day=TODAY, officer=OFFICER, why="",
                   training=True) == "PERSON-06"
    assert queries.by_certificate(CIPHER, certno(2)).psn_no == two.psn_no


def test_a_merged_number_leads_to_the_person():
    one, two, three = person(1), person(2), person(3)
    actions.merge(psn_no=one.psn_no, into=two.psn_no, at=AT, officer=OFFICER)
    actions.merge(psn_no=two.psn_no, into=three.psn_no, at=AT, officer=OFFICER)
    assert queries.person_of(one.psn_no).psn_no == three.psn_no
    assert queries.by_certificate(CIPHER, certno(1)).psn_no == three.psn_no
    assert code_of(actions.merge, psn_no=one.psn_no, into=three.psn_no, at=AT, officer=OFFICER) == "PERSON-01"
    four = person(4)
    Account.objects.filter(psn_no=four.psn_no).update(balance=1)
    assert code_of(actions.merge, psn_no=four.psn_no, into=three.psn_no, at=AT, officer=OFFICER) == "PERSON-08"


def test_a_ring_of_merges_is_no_endless_walk():
    one, two = person(1), person(2)
    Person.objects.filter(psn_no=one.psn_no).update(merged_into=two.psn_no)
    Person.objects.filter(psn_no=two.psn_no).update(merged_into=one.psn_no)
    assert code_of(queries.person_of, one.psn_no) == "PERSON-01"


def test_a_voucher_belongs_to_the_first_institution_that_reads_it_and_expires():
    one = person(1)
    actions.issue_voucher(token="t1", psn_no=one.psn_no, expires_at=AT + timedelta(minutes=5))
    assert actions.present_voucher(token="t1", institution="H1", at=AT).psn_no == one.psn_no
    assert actions.present_voucher(token="t1", institution="H1", at=AT).psn_no == one.psn_no
    assert code_of(actions.present_voucher, token="t1", institution="H2", at=AT) == "VOUCHER-03"
    assert code_of(actions.present_voucher, token="t1", institution="H1", at=AT + timedelta(minutes=5)) == "VOUCHER-02"
    assert code_of(actions.present_voucher, token="t2", institution="H1", at=AT) == "VOUCHER-01"


def test_a_lost_card_is_not_taken():
    one = person(1)
    actions.register_card(card_no="C123", psn_no=one.psn_no, cipher=CIPHER)
    assert queries.by_card(CIPHER, "c123", TODAY).psn_no == one.psn_no
    assert actions.report_lost(card_no="C123", day=TODAY, cipher=CIPHER, at=AT, officer=OFFICER)
    assert code_of(queries.by_card, CIPHER, "C123", TODAY) == "PERSON-04"
    assert queries.by_card(CIPHER, "C123", TODAY - timedelta(days=1)).psn_no == one.psn_no
    assert code_of(queries.by_card, CIPHER, "C999", TODAY) == "PERSON-03"
    assert not actions.report_lost(card_no="C999", day=TODAY, cipher=CIPHER, at=AT, officer=OFFICER)


def test_an_employer_has_a_possible_credit_code():
    assert code_of(actions.register_employer, emp_no="E1", uscc="91420100MA4K000001", name="甲", admdvs="420100", at=AT, officer=OFFICER)
    actions.register_employer(emp_no="E1", uscc="91420100MA4K00000Q", name="甲", admdvs="420100", at=AT, officer=OFFICER)
    assert queries.employer_name("E1") == "甲" and queries.employer_name("") == ""
    assert code_of(actions.register_employer, emp_no="E1", uscc="", name="乙", admdvs="420100", at=AT, officer=OFFICER) == "EMPLOYER-01"


def test_the_record_holds_relations_and_gaps_and_the_look_is_logged():
    one = person(1)
    standing(one.psn_no, "390", starts=date(2020, 1, 1), ends=date(2022, 1, 1), state="4")
    join(one.psn_no, "310", date(2022, 6, 15))
    record = queries.record_of(one.psn_no, cipher=CIPHER, officer=OFFICER, purpose="来人查询", at=AT, day=TODAY)
    assert [row.insutype for row in record.relations] == ["390", "310"]
    assert record.gaps == [queries.Gap(date(2022, 1, 1), date(2022, 6, 15))]
    assert [(cover.insutype, cover.state, cover.covered) for cover in record.covers] == [("310", "1", True), ("390", "4", False)]
    assert record.certno == certno(1) and record.balance == 0
    assert [look.purpose for look in looks_at(one.psn_no)] == ["来人查询"]
    assert code_of(queries.record_of, one.psn_no, cipher=CIPHER, officer=OFFICER, purpose="", at=AT, day=TODAY) == "STAFF-01"
