"""Stock intake: 3501–3507, what is on hand, and what was sold without having been bought (F07)."""

import pytest

from bureau.providers.register import at
from gateway.asking import HOSPITAL, NOW, NotAccepted, ask
from openyibao.bureau.providers import queries
from openyibao.bureau.providers.models import StockMove
from openyibao.bureau.refused import Refused
from openyibao.gateway.messages.stock import HANDLERS

DRUG, OTHER = "XA02BCY001A001010190001", "XA02BCY001A001020190004"
UNIT = 10_000
MARCH, APRIL = at(2026, 3, 1), at(2026, 4, 1)
WHAT = {
    "med_list_codg": DRUG, "fixmedins_hilist_id": "YP1", "fixmedins_hilist_name": "奥美拉唑", "fixmedins_bchno": "B1", "rx_flag": "1",
    "manu_date": "2026-01-01", "expy_end": "2028-01-01", "manu_lotnum": "L1",
}


def counted(number, day="2026-03-01", **change):
    row = {**WHAT, "invdate": day, "inv_cnt": number, **change}
    return ask(HANDLERS, "3501", {"invinfo": row, "drugtracinfo": change.pop("traces", [])})


def changed(number, kind, **change):
    row = {**WHAT, "inv_chg_type": kind, "pric": 9.8, "cnt": number, "inv_chg_time": "2026-03-02 08:00:00", **change}
    return ask(HANDLERS, "3502", {"invinfo": row})


def bought(number, infno="3503", **change):
    row = {
        **WHAT, "spler_name": "示例医药公司", "prodentp_name": "示例制药一厂", "aprvno": "国药准字H0", "purc_retn_cnt": number,
        "purc_retn_stoin_time": "2026-03-02 09:00:00", "purc_retn_opter_name": "李", "dynt_no": "D1", "purc_invo_no": "F1", **change,
    }
    return ask(HANDLERS, infno, {"purcinfo": row})


def sold(number, infno="3505", traces=(), institution=HOSPITAL, **change):
    row = {
        **WHAT, "prsc_dr_name": "吴", "phar_name": "郑", "phar_prac_cert_no": "Y1", "mdtrt_sn": "M1", "trdn_flag": "0", "rtal_docno": "R1",
        "sel_retn_cnt": number, "sel_retn_time": "2026-03-03 10:00:00", "sel_retn_opter_name": "李", **change,
    }
    return ask(HANDLERS, infno, {"selinfo": row, "drugtracinfo": [{"drug_trac_codg": code} for code in traces]}, institution=institution)


def on_hand():
    return queries.stock_of(HOSPITAL, DRUG).quantity


def remarks():
    return [row.detail.get("remarks", []) for row in StockMove.objects.order_by("id")]


def test_every_kind_of_move_goes_its_way(django_database):
    counted(100, "2026-02-28")
    assert bought("50.5") == {}
    bought(10, "3504", medins_prod_purc_no="P1")
    sold(20)
    sold(5, "3506")
    changed(3, "104")
    changed(1, "103")
    assert on_hand() == 1_235_000       # 100 + 50.5 - 10 - 20 + 5 - 3 + 1


def test_a_count_sets_its_batch_and_no_other(django_database):
    counted(100, "2026-02-28")
    bought(50, fixmedins_bchno="B2")
    counted(90, "2026-03-05")
    assert queries.stock_of(HOSPITAL, DRUG).batches == {"B1": 90 * UNIT, "B2": 50 * UNIT}
    assert queries.stock_of(HOSPITAL, DRUG, at(2026, 3, 1)).quantity == 100 * UNIT
    assert queries.stock_of(HOSPITAL, OTHER).quantity == 0


def test_a_count_comes_after_the_moves_of_its_day(django_database):
    counted(90, "2026-03-03")
    sold(20)
    assert on_hand() == 90 * UNIT


@pytest.mark.parametrize(("number", "code"), [(0, "STOCK-05"), (-1, "STOCK-05")])
def test_a_quantity_is_above_zero(django_database, number, code):
    with pytest.raises(Refused) as refused:
        bought(number)
    assert (refused.value.code, refused.value.place) == (code, "purcinfo.purc_retn_cnt")


def test_an_empty_shelf_may_be_counted(django_database):
    assert counted(0, "2026-03-01") == {}


def test_a_change_that_does_not_say_its_way_is_refused(django_database):
    with pytest.raises(Refused, match="入库还是出库"):
        changed(1, "999")


def test_a_move_of_the_future_is_refused(django_database):
    with pytest.raises(Refused, match="晚于当前时间"):
        bought(1, purc_retn_stoin_time="2026-03-10 09:30:01")


def test_the_same_move_twice_is_refused_and_another_document_is_another_move(django_database):
    sold(1)
    with pytest.raises(Refused) as refused:
        sold(1)
    assert refused.value.code == "STOCK-01"
    sold(1, rtal_docno="R2")
    sold(1, sel_retn_time="2026-03-03 10:00:01")
    assert StockMove.objects.count() == 3


def test_a_deletion_marks_and_hides_and_lets_the_move_be_sent_again(django_database):
    counted(100, "2026-02-28")
    bought(50)
    sold(20)
    ask(HANDLERS, "3507", {"data": {"fixmedins_bchno": "B1", "inv_data_type": "4"}})
    assert on_hand() == 150 * UNIT
    assert StockMove.objects.get(kind="3505").deleted_at == NOW
    with pytest.raises(Refused) as refused:
        ask(HANDLERS, "3507", {"data": {"fixmedins_bchno": "B1", "inv_data_type": "4"}})
    assert refused.value.code == "STOCK-02"
    sold(20)
    assert on_hand() == 130 * UNIT


def test_another_institutions_batch_is_not_deleted(django_database):
    bought(50)
    with pytest.raises(Refused, match="没有批次"):
        ask(HANDLERS, "3507", {"data": {"fixmedins_bchno": "B1", "inv_data_type": "3"}}, institution="H42100099002")


def test_trace_codes_are_kept_and_a_second_sale_is_remarked(django_database):
    bought(10)
    sold(1, traces=["83410000000000000001", "83410000000000000002", "83410000000000000001"])
    assert StockMove.objects.get(kind="3505").traces == ["83410000000000000001", "83410000000000000002"]
    sold(1, traces=["83410000000000000001"], rtal_docno="R2")
    sold(1, traces=["83410000000000000002"], rtal_docno="R3", trdn_flag="1")
    assert remarks() == [[], [], [f"trace-sold 83410000000000000001 {HOSPITAL}"], []]


def test_a_trace_code_taken_back_may_be_sold_again(django_database):
    bought(10)
    sold(1, traces=["83410000000000000001"])
    sold(1, "3506", traces=["83410000000000000001"], sel_retn_time="2026-03-03 11:00:00")
    assert queries.traces_sold(["83410000000000000001"]) == {}
    sold(1, traces=["83410000000000000001"], sel_retn_time="2026-03-03 12:00:00")
    assert remarks()[-1] == []
    assert queries.traces_sold(["83410000000000000001", "nobody sold"]) == {"83410000000000000001": HOSPITAL}


def test_a_trace_code_sold_elsewhere_is_remarked(django_database):
    bought(10)
    sold(1, traces=["83410000000000000001"], institution="H42100099002")
    sold(1, traces=["83410000000000000001"])
    assert remarks()[-1] == ["trace-sold 83410000000000000001 H42100099002"]
    assert remarks()[1] == ["never-bought"]


def test_a_trace_code_may_stand_in_the_row_itself(django_database):
    sold(1, drug_trac_codg="83410000000000000001, 83410000000000000002")
    assert StockMove.objects.get().traces == ["83410000000000000001", "83410000000000000002"]


def test_a_drug_bought_after_its_last_day_is_remarked(django_database):
    bought(1, expy_end="2026-03-01")
    assert remarks() == [["expired-when-bought"]]


def test_sold_above_bought_is_a_hit_and_what_was_bought_is_not(django_database):
    bought(10)
    sold(10)
    assert queries.sold_more_than_bought(HOSPITAL, MARCH, APRIL) == []
    sold("0.5", rtal_docno="R2")
    hit = queries.sold_more_than_bought(HOSPITAL, MARCH, APRIL)
    assert [(flow.hilist_code, flow.came, flow.sold, flow.missing) for flow in hit] == [(DRUG, 10 * UNIT, 105_000, 5_000)]


def test_goods_taken_back_were_not_sold(django_database):
    bought(10)
    sold(12)
    sold(2, "3506")
    assert queries.sold_more_than_bought(HOSPITAL, MARCH, APRIL) == []


def test_what_was_on_the_shelf_before_counts(django_database):
    bought(10, purc_retn_stoin_time="2026-02-02 09:00:00")
    sold(10)
    assert queries.sold_more_than_bought(HOSPITAL, MARCH, APRIL) == []
    assert queries.sold_more_than_bought(HOSPITAL, at(2026, 2, 1), MARCH) == []


def test_a_first_count_is_opening_stock_and_a_later_one_explains_nothing(django_database):
    counted(10, "2026-03-01")
    sold(10)
    counted(50, "2026-03-05")
    assert queries.sold_more_than_bought(HOSPITAL, MARCH, APRIL) == []
    sold(1, rtal_docno="R2", sel_retn_time="2026-03-06 10:00:00")
    assert queries.sold_more_than_bought(HOSPITAL, MARCH, APRIL)[0].missing == UNIT


def test_losses_are_no_longer_there_to_be_sold(django_database):
    bought(10)
    changed(4, "105", inv_chg_time="2026-03-02 10:00:00")
    sold(8)
    assert queries.sold_more_than_bought(HOSPITAL, MARCH, APRIL)[0].missing == 2 * UNIT


def test_billed_above_bought_is_a_hit_even_when_no_sale_was_reported(django_database):
    bought(800)
    hits = queries.sold_more_than_bought(HOSPITAL, MARCH, APRIL, {DRUG: 1_200 * UNIT, OTHER: 3 * UNIT})
    assert [(flow.hilist_code, flow.missing) for flow in hits] == [(DRUG, 400 * UNIT), (OTHER, 3 * UNIT)]


def test_a_sale_without_a_quantity_is_not_accepted(django_database):
    with pytest.raises(NotAccepted, match="sel_retn_cnt"):
        sold("")
