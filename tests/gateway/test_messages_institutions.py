"""Institutions, their people and departments: 1201, 5102, 3401–3403, 5101."""

from datetime import date

import pytest

from bureau.providers.register import DOCTOR, HOSPITAL, PHARMACY, at, doctor, institution, measure
from gateway.asking import NotAccepted, ask
from openyibao.bureau.providers.queries import departments_of
from openyibao.bureau.refused import Refused
from openyibao.gateway.messages.departments import HANDLERS as DEPARTMENTS
from openyibao.gateway.messages.institutions import HANDLERS as INSTITUTIONS

NEW = {
    "hosp_dept_codg": "KS01", "caty": "A03.04", "hosp_dept_name": "心血管内科", "begntime": "2024-01-01 00:00:00", "itro": "无",
    "dept_resper_name": "王", "dept_resper_tel": "1", "dept_estbdat": "2020-01-01 00:00:00", "aprv_bed_cnt": 20, "poolarea_no": "421000",
    "dr_psncnt": "3", "phar_psncnt": 0, "nurs_psncnt": 8, "tecn_psncnt": 1, "dept_med_serv_scp": "内科",
}


def find(**row):
    return ask(INSTITUTIONS, "1201", {"medinsinfo": row})["medinsinfo"]


def department(infno, **change):
    return ask(DEPARTMENTS, infno, {"deptinfo": {**NEW, **change}})


def listed():
    return ask(DEPARTMENTS, "5101", "")["feedetail"]


def test_an_institution_is_found_by_code_by_name_and_as_the_sender(django_database):
    institution()
    institution(PHARMACY, hosp_lv="")
    assert find(fixmedins_type="2", fixmedins_code=PHARMACY) == {
        "fixmedins_code": PHARMACY, "fixmedins_name": "示例医院001", "uscc": "X", "fixmedins_type": "2", "hosp_lv": "", "exp_content": "",
    }
    assert find(fixmedins_type="1", fixmedins_name="示例医院001")["fixmedins_code"] == HOSPITAL
    assert find(fixmedins_type="1")["fixmedins_code"] == HOSPITAL


def test_a_name_that_two_bear_asks_for_the_code(django_database):
    institution()
    institution("H42100099002", name="示例医院001")
    with pytest.raises(Refused, match="H42100099001、H42100099002"):
        find(fixmedins_name="示例医院001")


@pytest.mark.parametrize("row", [
    {"fixmedins_code": "H00000000000"}, {"fixmedins_name": "无此医院"}, {"fixmedins_code": HOSPITAL, "fixmedins_type": "2"},
])
def test_an_institution_nobody_knows_is_refused(django_database, row):
    institution()
    with pytest.raises(Refused) as refused:
        find(**row)
    assert refused.value.code in ("INST-01", "INST-02")


def test_a_suspended_doctor_shows_with_the_reason(django_database):
    doctor()
    doctor("D421002990002", name="范伟")
    doctor("D421002990003", hospital="H42100099002")
    doctor("N421002990001", kind="2", name="护士", ends=date(2025, 1, 1))
    measure(DOCTOR, at(2026, 1, 1), at(2027, 1, 1), reason="超量开药")
    rows = ask(INSTITUTIONS, "5102", {"data": {"prac_psn_type": "1"}})["feedetail"]
    assert [(row["prac_psn_code"], row["hi_dr_flag"]) for row in rows] == [(DOCTOR, "0"), ("D421002990002", "1")]
    assert rows[0]["chg_rea"] == "暂停医保结算，至 2027-01-01 00:00：超量开药"
    assert rows[0]["begntime"] == "2020-01-01 00:00:00"
    nurse = ask(INSTITUTIONS, "5102", {"data": {"prac_psn_name": "护士"}})["feedetail"]
    assert nurse[0]["endtime"] == "2024-12-31 00:00:00"


def test_practitioners_are_not_found_by_identity_number(django_database):
    with pytest.raises(Refused, match="证件号码"):
        ask(INSTITUTIONS, "5102", {"data": {"certno": "420100198001010017", "psn_cert_type": "01"}})


def test_a_department_is_registered_and_listed_as_it_was_sent(django_database):
    assert department("3401") == {}
    row = listed()[0]
    assert (row["hosp_dept_codg"], row["caty"], row["begntime"], row["endtime"]) == ("KS01", "A03.04", "2024-01-01 00:00:00", None)
    assert (row["aprv_bed_cnt"], row["dr_psncnt"], row["dept_med_serv_scp"]) == (20, 3, "内科")


def test_a_department_code_is_taken_once(django_database):
    department("3401")
    with pytest.raises(Refused, match="已登记"):
        department("3401")


def test_a_change_begins_on_its_day_and_the_past_stays(django_database):
    department("3401")
    department("3402", hosp_dept_name="心内一科", begntime="2026-03-01 00:00:00")
    assert [row["hosp_dept_name"] for row in listed()] == ["心内一科"]
    past = departments_of(HOSPITAL, date(2026, 2, 28))
    assert [row.name for row in past] == ["心血管内科"]


def test_a_correction_from_the_first_day_leaves_one_department(django_database):
    department("3401")
    department("3402", hosp_dept_name="心内科")
    assert [row.name for row in departments_of(HOSPITAL, date(2024, 6, 1))] == ["心内科"]


def test_a_withdrawn_department_is_gone_from_its_day_and_its_code_is_free(django_database):
    department("3401")
    ask(DEPARTMENTS, "3403", {"data": {"hosp_dept_codg": "KS01", "hosp_dept_name": "心血管内科", "begntime": "2026-03-10"}})
    assert listed() == []
    assert [row.name for row in departments_of(HOSPITAL, date(2026, 3, 9))] == ["心血管内科"]
    department("3401", begntime="2026-03-10 00:00:00")
    assert len(listed()) == 1


@pytest.mark.parametrize(("infno", "change", "code"), [
    ("3402", {}, "DEPT-02"), ("3401", {"endtime": "2023-12-30 00:00:00"}, "DEPT-04"),
])
def test_what_cannot_be_is_refused(django_database, infno, change, code):
    with pytest.raises(Refused) as refused:
        department(infno, **change)
    assert refused.value.code == code


def test_a_withdrawal_before_the_first_day_is_refused(django_database):
    department("3401")
    with pytest.raises(Refused, match="早于科室启用日"):
        ask(DEPARTMENTS, "3403", {"data": {"hosp_dept_codg": "KS01", "hosp_dept_name": "心血管内科", "begntime": "2023-12-31"}})


def test_a_department_without_a_code_is_not_accepted(django_database):
    with pytest.raises(NotAccepted, match="医院科室编码"):
        department("3401", hosp_dept_codg="")
