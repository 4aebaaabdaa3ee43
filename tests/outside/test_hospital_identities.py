"""The identities hold on recorded replies, and a fen moved anywhere is noticed."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from openyibao.outside.hospital.identities import PARTS, breaches, family, returned, unlike

SAMPLES = Path(__file__).parents[3] / "shared" / "reference" / "fsi" / "samples.jsonl"
CENT = Decimal("0.01")
SETL = {
    "medfee_sumamt": 100, "fulamt_ownpay_amt": 10, "overlmt_selfpay": 5, "preselfpay_amt": 5, "inscp_scp_amt": 80, "act_pay_dedc": 20,
    "hifp_pay": 30, "hifmi_pay": 2, "hifob_pay": 3, "hifes_pay": 1, "cvlserv_pay": 4, "maf_pay": 5, "hifdm_pay": 6, "oth_pay": 7,
    "fund_pay_sumamt": 58, "psn_part_amt": 40, "acct_pay": 15, "acct_mulaid_pay": 5, "psn_cash_pay": 25, "hosp_part_amt": 2, "balc": 7,
}  # fmt: skip
ROWS = [("310100", 30), ("390200", 2), ("330101", 3), ("370100", 1), ("320100", 4), ("610100", 5), ("350100", 6), ("999109", 7),
        ("310200", 15), ("999996", 2)]  # fmt: skip
LINE = {"feedetl_sn": "1", "det_item_fee_sumamt": Decimal("30.00"), "cnt": 2, "pric": 15, "pric_uplmt_amt": 12,
        "selfpay_prop": Decimal("0.10"),
        "fulamt_ownpay_amt": 0, "overlmt_amt": 6, "preselfpay_amt": Decimal("2.40"), "inscp_scp_amt": Decimal("21.60"),
        "chrgitm_lv": "02"}  # fmt: skip


def output(**changes):
    """A settlement with some amounts changed."""
    rows = [{"fund_pay_type": code, "fund_payamt": Decimal(amount), "inscp_scp_amt": 80} for code, amount in ROWS]
    return {"setlinfo": {**SETL, **changes}, "setldetail": rows}


def found(infno, what):
    """Numbers of the identities broken."""
    return {breach.identity for breach in breaches(infno, what)}


def test_a_right_reply_breaks_nothing():
    assert breaches("2207", output()) == [] and breaches("2204", {"result": [LINE]}) == []
    assert breaches("1101", {"anything": 1}) == []


@pytest.mark.parametrize("name", sorted(set(SETL) - {"balc", "act_pay_dedc", "acct_mulaid_pay"}))
@pytest.mark.parametrize("step", [CENT, -CENT])
def test_a_fen_moved_anywhere_is_noticed(name, step):
    assert found("2304", output(**{name: SETL[name] + step}))


@pytest.mark.parametrize("place", range(len(ROWS)))
def test_a_fen_moved_in_a_fund_row_is_noticed(place):
    what = output()
    what["setldetail"][place]["fund_payamt"] += CENT
    assert found("2207", what) == {"I10"}


@pytest.mark.parametrize(("changes", "identity"), [
    ({"medfee_sumamt": 101}, "I1"), ({"psn_cash_pay": 26}, "I2"), ({"overlmt_selfpay": 6}, "I3"), ({"maf_pay": 6}, "I4"),
    ({"act_pay_dedc": 81}, "I3"), ({"acct_mulaid_pay": 16}, "I2"), ({"balc": -1}, "I1"),
])  # fmt: skip
def test_each_identity_has_its_number(changes, identity):
    assert identity in found("2207", output(**changes))


def test_a_fund_that_paid_without_a_row_is_noticed():
    assert found("2207", {"setlinfo": SETL, "setldetail": []}) == {"I10"}


@pytest.mark.parametrize(("changes", "identity"), [
    ({"inscp_scp_amt": Decimal("21.61")}, "I5"), ({"pric": Decimal("15.01")}, "I6"), ({"selfpay_prop": Decimal("0.20")}, "I7"),
    ({"chrgitm_lv": "03"}, "I8"), ({"pric_uplmt_amt": 13}, "I9"), ({"pric_uplmt_amt": 20}, "I9"),
])  # fmt: skip
def test_each_identity_of_a_line_has_its_number(changes, identity):
    assert identity in found("2301", {"result": [{**LINE, **changes}]})


def test_a_fen_of_rounding_in_price_times_quantity_is_borne():
    assert found("2204", {"result": [{**LINE, "pric": Decimal("15.003"), "pric_uplmt_amt": 999999, "overlmt_amt": 0,
                                      "preselfpay_amt": 3, "inscp_scp_amt": 27}]}) == set()  # fmt: skip


def test_a_reversal_is_negative_and_exact():
    mirror = {name: -amount for name, amount in SETL.items()} | {"psn_part_amt": None, "hosp_part_amt": None, "balc": 17}
    assert found("2208", {"setlinfo": mirror, "setldetail": []}) == {"I10"}     # a fund gave back without a row
    assert returned(SETL, mirror) == []
    assert {breach.identity for breach in returned(SETL, {**mirror, "balc": 18})} == {"I13"}
    assert {breach.identity for breach in returned(SETL, {**mirror, "hifp_pay": -29})} == {"I12"}
    assert "I12" in found("2305", {"setlinfo": {**mirror, "hifp_pay": 30}, "setldetail": []})


def test_a_trial_is_its_settlement():
    assert unlike(SETL, dict(SETL)) == []
    assert {breach.identity for breach in unlike(SETL, {**SETL, "balc": 6})} == {"I14"}


@pytest.mark.parametrize(("code", "field"), [
    ("310100", "hifp_pay"), ("390101", "hifp_pay"), ("390200", "hifmi_pay"), ("330100", "hifob_pay"), ("610100", "maf_pay"),
    ("310200", "acct_pay"), ("999996", "hosp_part_amt"), ("999109", "oth_pay"), ("310400", "oth_pay"),
])  # fmt: skip
def test_a_fund_row_belongs_to_a_summary_field(code, field):
    assert family(code) == field


@pytest.mark.skipif(not SAMPLES.exists(), reason="the recorded messages are not beside the repository")
def test_recorded_replies_satisfy_the_identities():
    rows = [json.loads(line, parse_float=Decimal) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    seen = 0
    for row in rows:
        if row["kind"] == "reply" and any(name.startswith("I") for name in row.get("expect", [])):
            broken = {breach.identity for breach in breaches(row["infno"], row["body"]["output"])}
            assert not broken & set(row["expect"]), row["id"]
            seen += 1
    assert seen >= 6
    assert len(PARTS) == 4
