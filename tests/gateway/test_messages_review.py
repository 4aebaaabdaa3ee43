"""Audit of orders: 3101, 3102, 3103; a suspended doctor's order is refused (F28)."""

from decimal import Decimal

import pytest
from django.conf import settings

from bureau.providers.register import DOCTOR, at, doctor, measure
from gateway.asking import HOSPITAL, NotAccepted, ask
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.models import Review
from openyibao.bureau.settlement.review import Finding, FindingLine
from openyibao.gateway.messages.review import HANDLERS

SUSPENDED = at(2026, 3, 10, 8, 0)


def order(number="R1", when="2026-03-10 09:00:00", **change):
    return {
        "rx_id": number, "rxno": "1", "long_drord_flag": "0", "hilist_type": "101", "chrg_type": "09", "drord_bhvr": "0",
        "hilist_code": "XA02BCY001A001010190", "hilist_name": "奥美拉唑", "hilist_lv": "01", "hilist_pric": 9.8, "hosplist_code": "YP1",
        "hosplist_name": "奥美拉唑", "cnt": 1, "pric": 9.8, "sumamt": 9.8, "ownpay_amt": 0, "selfpay_amt": 0, "spec": "20mg",
        "spec_unt": "盒",
        "drord_begn_date": when, "drord_dept_codg": "KS01", "drord_dept_name": "内科", "drord_dr_codg": DOCTOR, "drord_dr_name": "吴芳",
        "drord_dr_profttl": "1", "curr_drord_flag": "1", **change,
    }


def patient(*orders):
    visit = {
        "mdtrt_id": "900001", "medins_id": HOSPITAL, "medins_name": "示例", "medins_admdvs": "421002", "medins_type": "A100",
        "medins_lv": "02",
        "adm_date": "2026-03-10 08:00:00", "dscg_main_dise_codg": "A01.000", "dscg_main_dise_name": "伤寒", "dr_codg": DOCTOR,
        "adm_dept_codg": "KS01", "adm_dept_name": "内科", "med_mdtrt_type": "1", "med_type": "11", "medfee_sumamt": 9.8, "ownpay_amt": 0,
        "selfpay_amt": 0, "insutype": "310", "fsi_order_dtos": list(orders or [order()]),
        "fsi_diagnose_dtos": [{"dise_id": "1", "inout_dise_type": "1", "maindise_flag": "1", "dias_srt_no": "1", "dise_codg": "A01.000",
                               "dise_name": "伤寒", "dise_date": "2026-03-10 08:00:00"}],
    }
    return {"patn_id": "4210000001", "patn_name": "张三", "gend": "1", "brdy": "1980-01-01", "poolarea": "421000",
            "curr_mdtrt_id": "900001", "fsi_encounter_dtos": [visit]}


def judge(infno="3101", *orders):
    return ask(HANDLERS, infno, {"data": {"patient_dtos": [patient(*orders)], "trig_scen": "1"}})


def answer(*rows, warn_type="1"):
    return ask(HANDLERS, "3103", {"data": {"warn_type": warn_type, "warns": list(rows)}})


def one_finding(stage, request, at):
    """An audit of one rule, for the test."""
    psn_no = request["patient_dtos"][0]["patn_id"]
    line = FindingLine(psn_no, "900001", "R1", "1", 980)
    return [Finding("R001", "超量", f"{stage} 超量", psn_no, "900001", 980, "2", "", "1", (line,))]


def test_nothing_is_found_and_the_request_is_kept_without_the_name(django_database):
    doctor()
    assert judge() == {"result": []}
    kept = Review.objects.get()
    assert (kept.psn_no, kept.mdtrt_id, kept.infno, kept.findings) == ("4210000001", "900001", "3101", [])
    assert "张三" not in str(kept.request)
    assert kept.request["patient_dtos"][0]["fsi_encounter_dtos"][0]["fsi_order_dtos"][0]["sumamt"] == "9.8"


@pytest.mark.parametrize("infno", ["3101", "3102"])
def test_an_order_of_a_suspended_doctor_is_refused_with_the_reason(django_database, infno):
    doctor()
    measure(DOCTOR, SUSPENDED, at(2027, 1, 1), reason="超量开药")
    with pytest.raises(Refused) as refused:
        judge(infno, order("R1", "2026-03-10 07:59:59"), order("R2", "2026-03-10 08:00:00"))
    said = str(refused.value)
    assert refused.value.code == "MEASURE-03"
    assert refused.value.place == "data.patient_dtos[0].fsi_encounter_dtos[0].fsi_order_dtos[1].drord_dr_codg"
    assert "超量开药" in said
    assert "2026-03-10 08:00" in said
    assert "2027-01-01" in said
    assert not Review.objects.exists()


def test_orders_before_the_hour_and_orders_only_told_are_not_refused(django_database):
    doctor()
    measure(DOCTOR, SUSPENDED)
    judge("3101", order("R1", "2026-03-10 07:59:59"), order("R2", "2026-03-10 09:00:00", curr_drord_flag="0"))
    assert Review.objects.count() == 1


def test_another_audit_can_be_plugged_in_and_its_findings_are_answered(django_database, monkeypatch):
    monkeypatch.setattr(settings, "AUDIT", f"{__name__}.one_finding", raising=False)
    monkeypatch.setattr("openyibao.bureau.settlement.review.import_string", lambda name: {f"{__name__}.one_finding": one_finding}[name])
    told, = judge()["result"]
    found, = Review.objects.get(infno="3101").findings
    assert (told["jr_id"], told["vola_amt"], told["vola_cont"]) == (found["jr_id"], Decimal("9.80"), "3101 超量")
    assert [(line["rx_id"], line["vola_amt"]) for line in told["judge_result_detail_dtos"]] == [("R1", Decimal("9.80"))]
    assert (found["rule"], found["because"], found["at_stake"], found["lines"][0]["order"]) == ("R001", "3101 超量", 980, "R1")
    against = {"warn_rslt_id": "nobody gave out", "dspo_way": "1", "dspo_way_rea": "病情需要"}
    answer({"warn_rslt_id": found["jr_id"], "dspo_way": "2"}, against)
    assert Review.objects.get(infno="3103").findings == [{"unknown": "nobody gave out"}]


def test_going_on_against_a_warning_needs_a_reason(django_database):
    with pytest.raises(NotAccepted, match="dspo_way_rea"):
        answer({"warn_rslt_id": "1", "dspo_way": "1"})


def test_the_credential_form_of_one_province_is_refused_for_its_empty_number(django_database):
    row = {"adm_time": "20260612084935", "mdtrt_cert_type": "03", "mdtrt_cert_no": "", "patn_name": "测试人员", "brdy": "1949-01-01"}
    with pytest.raises(NotAccepted, match="就诊凭证编号"):
        ask(HANDLERS, "3103", {"data": row})
