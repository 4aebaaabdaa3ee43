"""The settlement list: 4101, 4101A. Each rule hit and missed."""

from copy import deepcopy
from datetime import date

import pytest

from bureau.providers.register import DOCTOR, at, doctor
from gateway.asking import HOSPITAL, NotAccepted, ask
from openyibao.bureau.codes.models import Code, CodeSet
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.models import BillList, Encounter, Layer, Settlement
from openyibao.gateway.messages.settlement_list import HANDLERS

PERSON, VISIT, BILL = "4210000001", 900001, 800001

HEAD = {
    "psn_no": PERSON, "mdtrt_id": str(VISIT), "setl_id": str(BILL), "ntly": "156", "prfs": "90", "dscg_caty": "A03", "bill_code": "C1",
    "bill_no": "N1", "biz_sn": "S1", "setl_begn_date": "2026-03-01", "setl_end_date": "2026-03-06", "medins_fill_dept": "医保科",
    "medins_fill_psn": "李", "adm_time": "2026-03-01 09:00:00", "dscg_time": "2026-03-06 10:00:00", "dscg_way": "1",
    "chfpdr_code": DOCTOR, "psn_name": "张三", "certno": "420100198001010017", "acct_pay": "100.00", "psn_cashpay": "200",
    "act_ipt_days": "5", "lv1_nurscare_days": "5", "coner_name": "李四", "patn_rlts": "1", "coner_addr": "示例路", "coner_tel": "1",
}
LIST = {
    "setlinfo": HEAD,
    "diseinfo": [
        {"diag_type": "1", "diag_code": "A01.000", "diag_name": "伤寒", "adm_cond_type": "1", "maindiag_flag": "1"},
        {"diag_type": "1", "diag_code": "I10.x00", "diag_name": "高血压", "adm_cond_type": "1", "maindiag_flag": "0"},
    ],
    "oprninfo": [{"oprn_oprt_type": "1", "oprn_oprt_name": "阑尾切除", "oprn_oprt_code": "47.0100", "oper_dr_code": DOCTOR,
                  "oprn_oprt_begntime": "2026-03-02 09:00:00", "oprn_oprt_endtime": "2026-03-02 10:00:00"}],
    "payinfo": [{"fund_pay_type": "310100", "fund_payamt": "650.00"}, {"fund_pay_type": "330100", "fund_payamt": 50}],
    "iteminfo": [
        {"med_chrgitm": "09", "amt": "600", "claa_sumfee": "500", "clab_amt": "100", "fulamt_ownpay_amt": 0, "oth_amt": 0},
        {"med_chrgitm": "06", "amt": "400"},
    ],
}


@pytest.fixture
def settled(django_database):
    doctor()
    Encounter.objects.create(
        mdtrt_id=VISIT, psn_no=PERSON, insutype="310", fixmedins_code=HOSPITAL, treating="421002", insured="421002", sort="I",
        med_type="2101", ipt_otp_no="1", begins=at(2026, 3, 1, 9), ends=at(2026, 3, 6, 10), at=at(2026, 3, 1, 9),
    )
    bill(BILL)
    for kind, fen in (("310100", 65_000), ("330100", 5_000), ("310200", 10_000)):
        Layer.objects.create(setl_id=BILL, fund_pay_type=kind, name=kind, fen=fen)
    for number, *rows in (("1a", ("A01.000", None), ("I10.x00", None), ("I10.x99", date(2026, 1, 1))), ("1b", ("47.0100", None))):
        CodeSet.objects.create(number=number, name=number, name_en=number, pattern="")
        for code, ends in rows:
            Code.objects.create(code_set_id=number, code=code, name=code, starts=date(2020, 1, 1), ends=ends,
                                replaced_by="I10.x00" if ends else "")


def bill(number, mirror_of=None, sign=1):
    figures = {"total": 100_000, "within": 100_000, "fund": 70_000, "person": 30_000, "account": 10_000, "cash": 20_000, "pool": 65_000}
    nought = dict.fromkeys(("full", "over", "pre", "deductible", "hospital", "family", "balance"), 0)
    Settlement.objects.create(
        setl_id=number, mdtrt_id=VISIT, psn_no=PERSON, fixmedins_code=HOSPITAL, poolarea="421000", treating="421002", insutype="310",
        med_type="2101", clr_type="21", chrg_bchno="0", day=date(2026, 3, 6), at=at(2026, 3, 6, 11), msgid=str(number), mirror_of=mirror_of,
        digest="x", **nought, **{name: sign * fen for name, fen in figures.items()},
    )


def send(infno="4101", **change):
    """Send the list with changes: a dotted path and what stands there; None takes it away."""
    content = deepcopy(LIST)
    for path, value in change.items():
        *before, last = path.split("__")
        place = content
        for step in before:
            place = place[int(step) if step.isdigit() else step]
        if value is None:
            del place[int(last) if last.isdigit() else last]
        else:
            place[int(last) if last.isdigit() else last] = value
    return ask(HANDLERS, infno, content)


def test_a_good_list_is_kept_as_sent_without_name_and_identity_number(settled):
    number = send()["data"]["setl_list_id"]
    kept = BillList.objects.get()
    assert (kept.number, len(number), kept.setl_id, kept.psn_no, kept.problems) == (number, 9, BILL, PERSON, [])
    assert kept.content["payinfo"][0]["fund_payamt"] == "650.00"
    assert not {"张三", "李四", "示例路"} & set(kept.content["setlinfo"].values())
    assert "420100198001010017" not in str(kept.content)


def test_a_list_sent_again_stands_beside_the_first(settled):
    assert send() != send()
    assert BillList.objects.count() == 2


ERRORS = [
    ({"setlinfo__psn_no": "9"}, "人员编号与该笔结算不一致"),
    ({"setlinfo__mdtrt_id": "9"}, "就诊ID应为 900001"),
    ({"setlinfo__adm_time": None}, "须填入院时间"),
    ({"setlinfo__dscg_time": None}, "须填出院时间"),
    ({"setlinfo__dscg_time": "2026-03-01 08:00:00"}, "出院时间早于入院时间"),
    ({"setlinfo__setl_end_date": "2026-02-28"}, "结算结束日期早于开始日期"),
    ({"payinfo__0__fund_payamt": "650.01"}, "基金 310100 支付 650.01 元，结算为 650.00 元"),
    ({"payinfo__1": None}, "基金 330100 支付 0.00 元，结算为 50.00 元"),
    ({"payinfo__1__fund_pay_type": "390100"}, "基金 390100 支付 50.00 元，结算为 0.00 元"),
    ({"iteminfo__1__amt": "400.01"}, "收费项目合计 1000.01 元"),
    ({"iteminfo__0__oth_amt": "1"}, "四项之和"),
    ({"setlinfo__acct_pay": "99"}, "个人账户支出 99 元，结算为 100.00 元"),
    ({"setlinfo__psn_cashpay": "0.01"}, "个人现金支付 0.01 元"),
    ({"diseinfo__0__maindiag_flag": "0"}, "有且只有 1 个，现有 0 个"),
    ({"diseinfo__1__maindiag_flag": "1"}, "有且只有 1 个，现有 2 个"),
    ({"diseinfo__1__diag_code": "A01.000"}, "诊断 A01.000 重复"),
    ({"diseinfo__1__diag_code": "Z99.999"}, "诊断编码 Z99.999 不在国家医保版编码内"),
    ({"diseinfo__1__diag_code": "I10.x99"}, "自 2026-01-01 起停用，请改用 I10.x00"),
    ({"diseinfo": [{**LIST["diseinfo"][0], "diag_type": "2"}]}, "缺少西医诊断"),
    ({"oprninfo__0__oprn_oprt_code": "47.9999"}, "手术操作编码 47.9999"),
    ({"oprninfo__0__oprn_oprt_endtime": "2026-03-02 08:59:59"}, "手术结束早于开始"),
    ({"oprninfo__0__oprn_oprt_begntime": "2026-02-28 09:00:00"}, "手术时间不在住院期间"),
    ({"icuinfo": [{"scs_cutd_ward_type": "1", "scs_cutd_inpool_time": "2026-03-03 09:00:00", "scs_cutd_exit_time": "2026-03-03 08:00:00",
                   "scs_cutd_sum_dura": "0/1/0"}]}, "重症监护退出早于进入"),
]

REMARKS = [
    ({"setlinfo__adm_time": "2026-02-28 09:00:00", "setlinfo__act_ipt_days": "6"}, ["setlinfo.adm_time"]),
    ({"setlinfo__act_ipt_days": "7"}, ["setlinfo.act_ipt_days"]),
    ({"setlinfo__dscg_way": "2"}, ["setlinfo.acp_medins_name"]),
    ({"setlinfo__days_rinp_flag_31": "2"}, ["setlinfo.days_rinp_pup_31"]),
    ({"setlinfo__vent_used_dura": "5h"}, ["setlinfo.vent_used_dura"]),
    ({"setlinfo__vent_used_dura": "0/5/30"}, []),
    ({"setlinfo__lv1_nurscare_days": "7"}, ["setlinfo.lv1_nurscare_days"]),
    ({"setlinfo__chfpdr_code": "D000000000000"}, ["setlinfo.chfpdr_code"]),
    ({"setlinfo__nwb_bir_wt": "99"}, ["setlinfo.nwb_bir_wt"]),
    ({"oprninfo__0__oprn_oprt_type": "2"}, ["oprninfo"]),
    ({"payinfo": [*LIST["payinfo"], {"fund_pay_type": "310200", "fund_payamt": 100}]}, []),
]


def test_every_error_refuses_the_list_in_the_coders_words(settled):
    for change, sentence in ERRORS:
        with pytest.raises(Refused) as refused:
            send(**change)
        assert refused.value.code == "BILL-03", change
        assert sentence in str(refused.value), change
    assert not BillList.objects.exists()


def test_remarks_are_kept_and_the_list_is_taken(settled):
    for change, places in REMARKS:
        send(**change)
        assert [problem["place"] for problem in BillList.objects.latest("id").problems] == places, change


def test_all_errors_are_named_at_once(settled):
    with pytest.raises(Refused) as refused:
        send(payinfo__0__fund_payamt="1", diseinfo__0__maindiag_flag="0", iteminfo__1__amt="1")
    assert "3 处错误" in str(refused.value)
    assert all(f"{number}. " in str(refused.value) for number in (1, 2, 3))


def test_a_list_of_another_bill_or_of_one_taken_back_is_refused(settled):
    for change, code in (({"setlinfo__setl_id": "1"}, "BILL-01"), ({"setlinfo__setl_id": "x"}, "BILL-01")):
        with pytest.raises(Refused) as refused:
            send(**change)
        assert refused.value.code == code
    bill(BILL + 1, mirror_of=BILL, sign=-1)
    for number in (BILL, BILL + 1):
        with pytest.raises(Refused) as refused:
            send(setlinfo__setl_id=str(number))
        assert refused.value.code == "BILL-02"


def test_a_code_set_that_was_never_loaded_refuses_nothing(settled):
    Code.objects.all().delete()
    send()
    assert BillList.objects.get().problems == []


def test_the_older_form_asks_for_less(settled):
    bare = {name: HEAD[name] for name in ("mdtrt_id", "setl_id", "adm_time", "dscg_time", "dscg_way")}
    send("4101A", setlinfo=bare)
    with pytest.raises(NotAccepted, match="票据号码"):
        send("4101", setlinfo=bare)
