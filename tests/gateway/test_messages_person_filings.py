"""2501–2506 with their queries 5301, 5302, 5304, and 2001: what is filed is found, what is withdrawn is gone, what is enjoyed is told."""

from datetime import date, datetime, timedelta

import pytest

from bureau.insured import ANKANG, AT, HOSPITAL, OFFICER, OTHER_HOSPITAL, certno, hospital, person, standing
from gateway.test_messages_person import NOW, ask
from openyibao.bureau.enrolment.models import Relation
from openyibao.bureau.entitlement import actions
from openyibao.bureau.entitlement.models import Filing, Identity
from openyibao.bureau.providers.models import Measure
from openyibao.bureau.refused import Refused
from openyibao.gateway.describe import described
from openyibao.gateway.messages import entitlements, filings

pytestmark = pytest.mark.usefixtures("django_database")


def send(infno, fields, node="data", **named):
    return ask(infno, {node: fields}, handlers={**filings.HANDLERS, **entitlements.HANDLERS}, **named)


def refused(*args, **named):
    with pytest.raises(Refused) as found:
        send(*args, **named)
    return found.value.code


@pytest.fixture
def employee(django_database):
    one = person(1).psn_no
    standing(one)
    hospital()
    return one


def chronic(psn_no, **changes):
    return {
        "psn_no": psn_no, "insutype": "310", "opsp_dise_code": "M03900", "opsp_dise_name": "高血压", "insu_optins": "420100",
        "ide_fixmedins_no": HOSPITAL, "ide_fixmedins_name": "医院", "hosp_ide_date": "2025-06-01", "diag_dr_codg": "D1",
        "diag_dr_name": "王",
        "begndate": "2025-06-02", "enddate": "2026-06-01", "tel": "1", **changes,
    }


def test_a_chronic_filing_is_found_and_withdrawn(employee):
    number = send("2503", chronic(employee))["result"]["trt_dcla_detl_sn"]
    row = Filing.objects.get()
    assert (str(row.sn), row.ends, row.filed_by, row.detail["tel"]) == (number, date(2026, 6, 2), f"{HOSPITAL}/0053", "1")
    (shown,) = send("5301", {"psn_no": employee})["feedetail"]
    assert (shown["opsp_dise_code"], shown["opsp_dise_name"], shown["begndate"], shown["enddate"]) == (
        "M03900", "高血压", "2025-06-02", "2026-06-01")
    assert refused("2503", chronic(employee, begndate="2025-07-01", enddate="")) == "FILING-01"
    assert refused("2504", {"psn_no": employee, "trt_dcla_detl_sn": "999", "memo": "x"}) == "FILING-10"
    assert send("2504", {"psn_no": employee, "trt_dcla_detl_sn": number, "memo": "误报"}) == {}
    assert send("5301", {"psn_no": employee})["feedetail"] == []
    assert refused("2504", {"psn_no": employee, "trt_dcla_detl_sn": number, "memo": "误报"}) == "FILING-11"
    send("2503", chronic(employee))


def test_an_end_far_away_is_open(employee):
    send("2503", chronic(employee, enddate="2120-11-01"))
    assert Filing.objects.get().ends is None
    assert send("5301", {"psn_no": employee})["feedetail"][0]["enddate"] is None


def fixed(psn_no, **changes):
    return {"psn_no": psn_no, "biz_appy_type": "03", "begndate": "2025-06-02", "fix_srt_no": "1", "fixmedins_code": HOSPITAL,
            "fixmedins_name": "医院", **changes}


def test_a_chosen_institution_by_business(employee):
    number = send("2505", fixed(employee))["result"]["trt_dcla_detl_sn"]
    send("2505", fixed(employee, biz_appy_type="01"))
    (shown,) = send("5302", {"psn_no": employee, "biz_appy_type": "03"})["psnfixmedin"]
    assert (shown["fixmedins_code"], shown["fix_srt_no"], shown["insutype"]) == (HOSPITAL, "1", "310")
    send("2506", {"psn_no": employee, "trt_dcla_detl_sn": number, "memo": "改选"})
    assert send("5302", {"psn_no": employee, "biz_appy_type": "03"})["psnfixmedin"] == []
    assert len(send("5302", {"psn_no": employee, "biz_appy_type": "01"})["psnfixmedin"]) == 1


def referral(psn_no, **changes):
    return {"psn_no": psn_no, "insutype": "310", "diag_code": "I25.101", "diag_name": "冠心病", "reflin_medins_no": OTHER_HOSPITAL,
            "reflin_medins_name": "外地医院", "mdtrtarea_admdvs": ANKANG, "refl_type": "3", "refl_date": "2025-06-03",
            "refl_rea": "技术条件",
            "refl_opnn": "同意", "hosp_agre_refl_flag": "1", **changes}


def test_a_referral_is_found_by_its_days(employee):
    number = send("2501", referral(employee), "refmedin")["result"]["trt_dcla_detl_sn"]
    (shown,) = send("5304", {"psn_no": employee, "begntime": "2025-06-01 00:00:00", "endtime": "2025-12-31"})["refmedin"]
    assert (shown["certno"], shown["reflin_medins_no"], shown["out_flag"], shown["refl_date"], shown["begndate"], shown["enddate"]) == (
        certno(1), OTHER_HOSPITAL, "1", "2025-06-03", "2025-06-03", "2025-12-02")
    assert (shown["dcla_souc"], shown["opter_id"], shown["opt_time"]) == ("01", "0053", "2025-06-02 09:00:00")
    assert send("5304", {"psn_no": employee, "begntime": "2026-01-01 00:00:00"})["refmedin"] == []
    assert send("5304", {"psn_no": employee, "begntime": "2025-01-01 00:00:00", "endtime": "2025-06-02"})["refmedin"] == []
    send("2502", {"psn_no": employee, "trt_dcla_detl_sn": number})
    assert send("5304", {"psn_no": employee, "begntime": "2025-06-01 00:00:00"})["refmedin"] == []


def enjoys(psn_no, med_type="21", **changes):
    sent = {"psn_no": psn_no, "insutype": "310", "fixmedins_code": HOSPITAL, "med_type": med_type, "begntime": "2025-06-02 09:00:00",
            **changes}
    rows = send("2001", sent)["trtinfo"]
    return {row["fund_pay_type"]: (row["trt_enjymnt_flag"], row["trt_chk_rslt"]) for row in rows}


def flags(psn_no, *args, **changes):
    return {fund: flag for fund, (flag, _) in enjoys(psn_no, *args, **changes).items()}


def test_a_covered_person_enjoys_every_fund(employee):
    assert flags(employee) == {"310100": "1", "330100": "1", "310200": "1"}
    Relation.objects.update(civil_servant=True)
    Identity.objects.create(psn_no=employee, psn_idet_type="2304", starts=date(2024, 1, 1))
    assert flags(employee)["320100"] == flags(employee)["610100"] == "1"
    assert flags(employee, "41") == {"310200": "1"}
    assert flags(employee, "11")["310102"] == "1"


def test_the_reason_is_the_settlements_own(employee):
    Relation.objects.update(suspended_from=date(2025, 4, 1))
    found = enjoys(employee)
    assert found["310100"][0] == "0" and "欠费" in found["310100"][1] and found["310200"] == ("1", None)
    Relation.objects.update(suspended_from=None, wait_until=date(2025, 7, 1))
    assert "等待期" in enjoys(employee)["310100"][1]
    assert enjoys(employee, begntime="2025-07-01 00:00:00")["310100"] == ("1", None)
    assert "没有参保" in enjoys(employee, insutype="390")["390100"][1]


def test_a_chronic_benefit_needs_its_filing(employee):
    assert flags(employee, "14", dise_codg="M03900")["310102"] == "0"
    send("2503", chronic(employee))
    assert flags(employee, "14", dise_codg="M03900")["310102"] == "1"
    assert flags(employee, "14", dise_codg="M03900", begntime="2025-06-01 00:00:00")["310102"] == "0"
    assert flags(employee, "14", dise_codg="M01600")["310102"] == "0"
    assert flags(employee, "14", dise_codg="nonsense")["310102"] == "0"


def test_measures_stop_every_fund(employee):
    actions.suspend(psn_no=employee, starts=AT - timedelta(days=1), reason="出借凭证", at=AT, by=OFFICER)
    assert {flag for flag, why in enjoys(employee).values() if "出借凭证" in why} == {"0"}


def test_an_institution_without_agreement_or_suspended_pays_nothing(employee):
    assert flags(employee, fixmedins_code="H42010099009") == {"310100": "0", "330100": "0", "310200": "0"}
    Measure.objects.create(target=HOSPITAL, starts=datetime(2025, 6, 1, tzinfo=NOW.tzinfo), reason="整改")
    assert set(flags(employee).values()) == {"0"}


def test_unknown_persons_and_visits_are_refused(employee):
    assert refused("2001", {"psn_no": "1", "insutype": "310", "med_type": "21", "begntime": "2025-06-02 09:00:00"}) == "PERSON-01"
    assert refused("5301", {"psn_no": "1"}) == refused("2503", chronic("1")) == "PERSON-01"


@pytest.mark.parametrize("infno", ["2001", "2501", "2503", "2505", "5301", "5302", "5304"])
def test_every_documented_key_is_answered(employee, infno):
    send("2501", referral(employee), "refmedin")
    send("2505", fixed(employee))
    send("2503", chronic(employee))
    asked = {
        "2001": {"psn_no": employee, "insutype": "310", "med_type": "21", "begntime": "2025-06-02 09:00:00"},
        "2501": referral(employee, reflin_medins_no="H61090099002"), "2503": chronic(employee, opsp_dise_code="M01600"),
        "2505": fixed(employee, biz_appy_type="05"), "5301": {"psn_no": employee}, "5302": {"psn_no": employee, "biz_appy_type": "03"},
        "5304": {"psn_no": employee, "begntime": "2025-01-01 00:00:00"},
    }[infno]
    found = send(infno, asked, "refmedin" if infno == "2501" else "data")
    for node in described(infno).output:
        rows = found[node.name] if node.many else [found[node.name]]
        assert rows and all(set(row) >= {field.name for field in node.fields} for row in rows)
        for row in rows:
            for field in node.fields:
                assert not field.required or row[field.name] not in (None, ""), (infno, field.name)
