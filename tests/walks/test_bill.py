"""Walk 1: a bill comes through the door, and every row that it leaves behind is as it must be."""

import json
from decimal import Decimal

import pytest

from gateway import playing
from gateway.billing import EMPLOYEE, TABLET, TABLET_B, VISIT_FEE, Bill, noon, of
from openyibao.kernel.claim import Claim
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year

town = playing.town

H1, JISHOU = "H43310199001", "433101000000000000000000"
FUNDS = ("hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "hifdm_pay", "oth_pay")


def identities(info, detail, before, lines=()):
    """I1-I4 and I10-I13 among the amounts of a reply; I5 and I7-I9 of its lines."""
    assert info["medfee_sumamt"] == info["fund_pay_sumamt"] + info["psn_part_amt"] + info["hosp_part_amt"]
    assert info["psn_part_amt"] == info["acct_pay"] + info["psn_cash_pay"]
    assert info["medfee_sumamt"] == info["fulamt_ownpay_amt"] + info["overlmt_selfpay"] + info["preselfpay_amt"] + info["inscp_scp_amt"]
    assert info["fund_pay_sumamt"] == sum(info[name] for name in FUNDS)
    paid = sum(row["fund_payamt"] for row in detail)
    assert paid == info["fund_pay_sumamt"] + info["acct_pay"]
    assert info["balc"] == before - info["acct_pay"] + info["acct_mulaid_pay"]
    for row in lines:
        parts = ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt")
        assert row["det_item_fee_sumamt"] == sum(row[part] or 0 for part in parts)
        assert abs(row["cnt"] * row["pric"] - row["det_item_fee_sumamt"]) <= Decimal("0.01")
        assert 0 <= row["selfpay_prop"] <= 1


@pytest.mark.parametrize("kind", ["visit", "stay"])
def test_a_bill(town, kind):
    psn_no = town.newcomer(JISHOU + "01")
    lines = (of(TABLET_B, "1234.56"), of(VISIT_FEE, 12), of(TABLET, "65.44"))
    dates = (noon("2025-03-03"), noon("2025-03-09") if kind == "stay" else None)
    bill = Bill(town, psn_no, EMPLOYEE, H1, *dates, "2101" if kind == "stay" else "11", charges=lines).ready()
    msgid = town.new_id(H1)
    output = bill.settle(msgid).output
    info, number = output["setlinfo"], int(bill.setl_id)
    identities(info, output["setldetail"], Decimal("2650.00"), bill.rows)

    row = town.one("SELECT * FROM settlement_settlement WHERE setl_id = %s", number)
    at_wire = {
        "total": "medfee_sumamt",
        "full": "fulamt_ownpay_amt",
        "over": "overlmt_selfpay",
        "pre": "preselfpay_amt",
        "within": "inscp_scp_amt",
        "deductible": "act_pay_dedc",
        "pool": "hifp_pay",
        "fund": "fund_pay_sumamt",
        "person": "psn_part_amt",
        "account": "acct_pay",
        "cash": "psn_cash_pay",
        "hospital": "hosp_part_amt",
        "balance": "balc",
    }
    assert {name: Decimal(row[name]) / 100 for name in at_wire} == {name: info[field] for name, field in at_wire.items()}
    assert (row["psn_no"], row["mdtrt_id"], row["poolarea"], row["msgid"], row["mirror_of"]) == (
        psn_no,
        int(bill.mdtrt_id),
        "433100",
        msgid,
        None,
    )

    layers = town.rows("SELECT fund_pay_type, fen FROM settlement_layer WHERE setl_id = %s", number)
    assert {one["fund_pay_type"]: Decimal(one["fen"]) / 100 for one in layers} == {
        one["fund_pay_type"]: one["fund_payamt"] for one in output["setldetail"]
    }
    journal = town.one("SELECT * FROM settlement_journal WHERE setl_id = %s", number)
    claim, before = Claim(*journal["claim"]), Year(*journal["before"])
    plan = town.runtime.desk.shelf.of_area("433101").plan_for(claim)
    assert settle(claim, before, plan) == (Receipt(*journal["receipt"]), Year(*journal["after"]))
    assert (journal["what"], journal["of"], journal["digest"]) == ("S", None, row["digest"])
    kept = town.one("SELECT version, figures FROM settlement_year WHERE psn_no = %s AND insutype = '310' AND year = 2025", psn_no)
    assert (kept["version"], kept["figures"]) == (1, journal["after"])

    entry = town.one("SELECT * FROM fund_entry WHERE setl_id = %s", number)
    postings = town.rows("SELECT * FROM fund_posting WHERE entry_id = %s", entry["id"])
    assert sum(one["fen"] for one in postings) == 0 and {one["fund"] for one in postings}
    assert sum(one["fen"] for one in postings if one["fen"] > 0) >= row["fund"] + row["account"]
    assert sorted(journal["entry"]) == sorted(f"{one['fund']}|{one['account']}|{one['fen']}" for one in postings)
    move = town.one("SELECT * FROM enrolment_accountmove WHERE ref = %s", str(number))
    assert (move["psn_no"], move["kind"], move["fen"], move["for_psn_no"]) == (psn_no, "pay", -row["account"], "")
    message = town.one("SELECT * FROM settlement_message WHERE fixmedins_code = %s AND msgid = %s", H1, msgid)
    assert (message["infno"], message["ref"]) == ("2207" if kind == "visit" else "2304", number)
    assert json.loads(bytes(message["answer"]), parse_float=Decimal) == output
    assert town.one("SELECT setl_id FROM settlement_standing WHERE mdtrt_id = %s", int(bill.mdtrt_id))["setl_id"] == number

    back = bill.undo().output
    identities(back["setlinfo"], back["setldetail"], Decimal("2650.00") - info["acct_pay"])
    mirror = town.one("SELECT * FROM settlement_settlement WHERE mirror_of = %s", number)
    assert [mirror[name] for name in at_wire if name != "balance"] == [-row[name] for name in at_wire if name != "balance"]
    assert town.rows("SELECT * FROM settlement_standing WHERE mdtrt_id = %s", int(bill.mdtrt_id)) == []
    sums = town.rows(
        "SELECT fund, account, sum(fen) AS fen FROM fund_posting WHERE entry_id IN (SELECT id FROM fund_entry WHERE setl_id IN (%s, %s)) GROUP BY 1, 2",  # noqa: E501
        number,
        mirror["setl_id"],
    )
    assert all(one["fen"] == 0 for one in sums)
    assert (
        town.one("SELECT sum(fen) AS fen FROM enrolment_accountmove WHERE psn_no = %s AND kind IN ('pay', 'reverse')", psn_no)["fen"] == 0
    )
