"""One row to one bill: what is refused, with which code and figures, and that every field of a claim can be stated."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.policybook.book import load_book, policies_root
from openyibao.policybook.national import KINDS
from openyibao.warehouse.bills.assemble import bare_claim, with_sums
from openyibao.warehouse.bills.bill import bill
from openyibao.warehouse.bills.people import NOBODY
from openyibao.warehouse.bills.problems import Problem, yuan
from openyibao.warehouse.bills.values import day, day_text, money

STAY = {
    "bill_id": "A", "psn_no": "P", "insutype": "310", "kind": "inpatient", "level": "L3", "begndate": "2023-05-01", "enddate": "2023-05-10",
    "medfee_sumamt": "1000.00", "inscp_scp_amt": "900.00",
}  # fmt: skip
LINE = {"cnt": "2", "pric": "10.50", "chrgitm_lv": "01"}


def changed(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in {**STAY, **changes}.items() if value is not None}


def claim_of(cells: dict[str, Any]) -> Claim:
    book = load_book(policies_root(), "ankang")
    one = bill(cells, 1)
    bare = bare_claim(one, NOBODY, book)
    plan = book.plan_for(bare)
    assert plan is not None
    return with_sums(bare, one, plan)


REFUSED = [
    (changed(bill_id=None), "BILL-03", "bill_id"),
    (changed(psn_no=""), "BILL-03", "psn_no"),
    (changed(kind=None), "BILL-03", "kind"),
    (changed(level=None), "BILL-03", "level"),
    (changed(enddate=None), "BILL-03", "enddate"),
    (changed(medfee_sumamt=None), "BILL-03", "medfee_sumamt"),
    (changed(inscp_scp_amt=None), "BILL-03", "inscp_scp_amt"),
    (changed(kind="chronic"), "BILL-03", "dise_code"),
    (changed(kind="two_disease"), "BILL-03", "two_disease"),
    (changed(kind="dialysis"), "BILL-03", "sessions"),
    (changed(transfered="1"), "BILL-04", "transfered"),
    (changed(medfee_sumamt="1000.001"), "BILL-05", "medfee_sumamt"),
    (changed(medfee_sumamt="1e400"), "BILL-05", "medfee_sumamt"),
    (changed(medfee_sumamt="99999999999999"), "BILL-05", "medfee_sumamt"),
    (changed(medfee_sumamt="a lot"), "BILL-05", "medfee_sumamt"),
    (changed(medfee_sumamt=True), "BILL-05", "medfee_sumamt"),
    (changed(medfee_sumamt=float("nan")), "BILL-05", "medfee_sumamt"),
    (changed(enddate="2023-02-30"), "BILL-05", "enddate"),
    (changed(enddate="May"), "BILL-05", "enddate"),
    (changed(transferred="perhaps"), "BILL-05", "transferred"),
    (changed(babies="10"), "BILL-05", "babies"),
    (changed(inscp_scp_amt="-900.00"), "BILL-06", "inscp_scp_amt"),
    (changed(level="L9"), "BILL-07", "level"),
    (changed(level=None, hosp_lv="15"), "BILL-07", "hosp_lv"),
    (changed(kind="holiday"), "BILL-07", "kind"),
    (changed(kind=None, med_type="77"), "BILL-07", "med_type"),
    (changed(insutype="999"), "BILL-07", "insutype"),
    (changed(psn_type="13"), "BILL-07", "psn_type"),
    (changed(aid="低保边"), "BILL-07", "aid"),
    (changed(psn_idet_type="9999"), "BILL-07", "psn_idet_type"),
    (changed(offsite="abroad"), "BILL-07", "offsite"),
    (changed(dise_code="hypertension"), "BILL-07", "dise_code"),
    (changed(acct_used_flag="3"), "BILL-07", "acct_used_flag"),
    (changed(preselfpay_amt="50.00"), "BILL-08", "medfee_sumamt"),
    (changed(off_list="500.00"), "BILL-08", "off_list"),
    (changed(consultation="950.00"), "BILL-08", "consultation"),
    (changed(begndate="2023-05-11"), "BILL-10", "begndate"),
    (changed(day="2023-05-11"), "BILL-10", "enddate"),
    (changed(feedetail=[]), "BILL-05", "feedetail"),
    (changed(feedetail=[{**LINE, "chrgitm_lv": "09"}]), "BILL-07", "feedetail[1].chrgitm_lv"),
    (changed(feedetail=[{**LINE, "cnt": "-1"}]), "BILL-06", "feedetail[1].cnt"),
    (changed(feedetail=[{**LINE, "selfpay_prop": "10"}]), "BILL-05", "feedetail[1].selfpay_prop"),
    (changed(feedetail=[{"cnt": 1, "pric": "5", "chrgitm_lv": "02"}]), "BILL-03", "feedetail[1].selfpay_prop"),
    (changed(feedetail=[{"cnt": 1, "pric": "5", "chrgitm_lv": "01", "slices": 1}]), "BILL-03", "feedetail[1].selfpay_prop"),
    (changed(kind="dialysis", sessions=0), "BILL-05", "sessions"),
    (changed(feedetail=[{**LINE, "det_item_fee_sumamt": "30.00"}]), "BILL-08", "feedetail[1].det_item_fee_sumamt"),
    (changed(feedetail=[{**LINE, "cnt": "9" * 10, "pric": "9" * 10}]), "BILL-05", "feedetail[1].cnt"),
    (changed(feedetail=[{"inscp_scp_amt": "21", "det_item_fee_sumamt": "22"}]), "BILL-08", "feedetail[1].det_item_fee_sumamt"),
]


@pytest.mark.parametrize(("cells", "code", "field"), REFUSED)
def test_a_bad_row_is_refused_with_code_field_and_both_sentences(cells: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Problem) as refused:
        bill(cells, 1)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.zh.endswith(("。", "？")) and refused.value.en.endswith((".", "?"))


def test_totals_that_do_not_add_are_told_with_their_figures() -> None:
    with pytest.raises(Problem) as refused:
        bill(changed(fulamt_ownpay_amt="50.00"), 1)
    assert "1000.00" in refused.value.en and "950.00" in refused.value.en and "50.00" in refused.value.en


def test_lines_and_a_stated_sum_that_differ_are_told() -> None:
    with pytest.raises(Problem) as refused:
        claim_of(changed(medfee_sumamt="21.01", inscp_scp_amt=None, feedetail=[LINE]))
    assert refused.value.code == "BILL-08" and "21.00" in refused.value.en


SUMS = [
    ({"inscp_scp_amt": "900.00"}, (10000, 0, 0, 90000)),
    ({"inscp_scp_amt": None, "fulamt_ownpay_amt": "100"}, (10000, 0, 0, 90000)),
    ({"inscp_scp_amt": None, "preselfpay_amt": "1000.00"}, (0, 0, 100000, 0)),
    ({"inscp_scp_amt": "700", "fulamt_ownpay_amt": "100", "overlmt_selfpay": "150", "preselfpay_amt": "50"}, (10000, 15000, 5000, 70000)),
]


@pytest.mark.parametrize(("stated", "parts"), SUMS)
def test_what_is_not_stated_of_the_sums_is_completed(stated: dict[str, Any], parts: tuple[int, ...]) -> None:
    claim = claim_of(changed(**stated))
    assert (claim.full, claim.over, claim.pre, claim.within) == parts and claim.total == 100000


EVERYTHING = {
    **STAY, "kind": "chronic", "dise_code": "M03900", "other_dise_code": "M01600", "psn_type": "retired", "offsite": "referred",
    "mdtrtarea_admdvs": "420100", "off_list": "10", "consultation": "20", "third_party": "30", "transferred": 1, "continued": "是",
    "long_bed": True, "babies": 2, "complication": "yes", "sessions": 3, "aid": "特困人员", "registered_poor": 1, "cvlserv_flag": "1",
    "epidemic": 1, "added": [1, 3], "pre_existing": 1, "acct_used_flag": "0", "cover_from": "2020-01-01", "cover_to": "2030-12-31",
    "wait_until": "2020-07-01", "suspended": 1, "agreement": 0, "died": "2024-01-01", "outside_fund": 1,
    "two_registered": ["hypertension", "diabetes"],
    "chronic": [{"code": "M03900", "from": "2022-01-01"}, {"code": "M01600", "from": "2022-02-01"}],
}  # fmt: skip


def test_every_field_of_a_claim_can_be_stated() -> None:
    first = claim_of(EVERYTHING)
    second = claim_of({**STAY, "kind": "two_disease", "two_disease": "diabetes", "granted": 0, "fulamt_ownpay_amt": "50",
                       "overlmt_selfpay": "30", "preselfpay_amt": "20"})
    stay = claim_of(STAY)
    plain = Claim(scheme=0, kind=0, day=0, level=0, total=0)
    unmoved = [field for field in Claim._fields
               if getattr(first, field) == getattr(plain, field) == getattr(second, field) == getattr(stay, field)]
    assert unmoved == []


def test_a_class_b_line_with_a_ceiling_and_a_return_is_scoped_as_the_law_says() -> None:
    claim = claim_of(changed(medfee_sumamt=None, inscp_scp_amt=None, feedetail=[
        {"cnt": 3, "pric": "100.00", "chrgitm_lv": "乙", "selfpay_prop": "0.10", "pric_uplmt_amt": "80", "feedetl_sn": "1"},
        {"cnt": -1, "pric": "100.00", "chrgitm_lv": "乙", "selfpay_prop": "0.10", "pric_uplmt_amt": "80", "init_feedetl_sn": "1"},
        {"cnt": 1, "pric": "5.00", "chrgitm_lv": "02", "lmt_used_flag": "1", "hosp_appr_flag": "2", "med_chrgitm_type": "09"},
        {"cnt": 1, "pric": "7.00", "chrgitm_lv": "02", "lmt_used_flag": "1", "hosp_appr_flag": "1", "selfpay_prop": 0},
        {"inscp_scp_amt": "4.29", "preselfpay_amt": "0.23", "fulamt_ownpay_amt": 0, "det_item_fee_sumamt": 4.52},
    ]))
    assert (claim.total, claim.full, claim.over, claim.pre, claim.within) == (21652, 500, 4000, 1623, 15529)
    assert claim.off_list == 500


def test_a_bed_over_the_daily_ceiling_is_counted_per_day_of_the_stay() -> None:
    claim = claim_of(changed(medfee_sumamt=None, inscp_scp_amt=None, feedetail=[
        {"cnt": 9, "pric": "40", "chrgitm_lv": "01", "med_chrgitm_type": "0101"},
    ]))
    assert claim.within + claim.over == 36000


MATERNITY = [
    ("51", {}, codes.PRENATAL),
    ("51", {"birctrl_type": "3"}, codes.MISCARRIAGE_EARLY),
    ("51", {"birctrl_type": "3", "geso_val": 18}, codes.MISCARRIAGE_LATE),
    ("52", {}, codes.DELIVERY),
    ("52", {"matn_type": "3"}, codes.CAESAREAN),
    ("52", {"matn_type": "6"}, codes.MISCARRIAGE_LATE),
    ("2107", {}, codes.CAESAREAN),
]


@pytest.mark.parametrize(("med_type", "more", "kind"), MATERNITY)
def test_maternity_bills_are_told_apart_by_the_national_fields(med_type: str, more: dict[str, Any], kind: int) -> None:
    assert bill(changed(kind=None, med_type=med_type, **more), 1).kind == kind


@pytest.mark.parametrize("med_type", sorted(KINDS))
def test_every_national_kind_is_read(med_type: str) -> None:
    more = {"dise_code": "M03900"} if KINDS[med_type].code in (codes.CHRONIC, codes.TWO_DISEASE) else {}
    assert 1 <= bill(changed(kind=None, med_type=med_type, **more), 1).kind < codes.KINDS


@given(st.integers(0, 10**12))
def test_money_is_read_as_it_is_written(fen: int) -> None:
    assert money("x", yuan(fen)) == fen
    assert yuan(-fen) == ("-" if fen else "") + yuan(fen)


@given(st.dates())
def test_days_are_read_as_they_are_written(value: Any) -> None:
    number = value.year * 10_000 + value.month * 100 + value.day
    if value.year >= 1900:
        assert day("x", day_text(number)) == day("x", value) == day("x", str(number)) == day("x", f"{value} 23:59:59") == number


@given(st.text(max_size=12))
def test_no_text_in_a_cell_breaks_the_reader(value: str) -> None:
    for field in ("medfee_sumamt", "enddate", "level", "hosp_lv", "kind", "aid", "chronic", "added", "year", "feedetail", "dise_code"):
        try:
            bill(changed(**{field: value}), 1)
        except Problem as problem:
            assert problem.code.startswith("BILL-")
