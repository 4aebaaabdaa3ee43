"""National messages: what a HIS sends is settled like a plain bill, and answered in the shape it expects."""

import json
from pathlib import Path
from typing import Any

from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.bills.messages import TRIALS
from openyibao.warehouse.bills.people import NOBODY, read_people
from openyibao.warehouse.bills.reading import BillFile, Rejected, read_bills
from openyibao.warehouse.bills.reply import rejection, reply
from openyibao.warehouse.bills.settling import Policy, Settled, settle_bills

VISIT = {"infno": "2203", "input": {"mdtrtinfo": {
    "mdtrt_id": "V1", "psn_no": "P", "med_type": "11", "begntime": "2023-05-10 08:00:00"}}}
LINES = {"infno": "2204", "input": {"feedetail": [
    {"feedetl_sn": "1", "mdtrt_id": "V1", "chrg_bchno": "B1", "cnt": 10, "pric": 60.5, "det_item_fee_sumamt": 605,
     "fee_ocur_time": "2023-05-10 09:00:00"},
    {"feedetl_sn": "2", "mdtrt_id": "V1", "chrg_bchno": "B2", "cnt": 1, "pric": 9, "det_item_fee_sumamt": 9, "chrgitm_lv": "01"},
]}, "output": {"result": [
    {"feedetl_sn": "1", "chrgitm_lv": "02", "selfpay_prop": 0.1, "pric_uplmt_amt": 999999, "med_chrgitm_type": "09"}]}}
SETTLE = {"infno": "2207", "msgid": "H61090000001202305101000000001", "inf_time": "2023-05-10 10:00:00", "input": {"data": {
    "psn_no": "P", "mdtrt_id": "V1", "chrg_bchno": "B1", "insutype": "310", "med_type": "11", "medfee_sumamt": 605.00,
    "acct_used_flag": "1", "hosp_lv": "05", "psn_name": "测试人员"}}}
ADMIT = {"infno": "2401", "input": {"mdtrtinfo": {"mdtrt_id": "V2", "psn_no": "P", "med_type": "2101", "begntime": "2023-06-01 08:00:00"}}}
LEAVE = {"infno": "2402", "input": {"dscginfo": {"mdtrt_id": "V2", "psn_no": "P", "endtime": "2023-06-09 11:00:00"}}}
STAY = {"infno": "2304", "msgid": "M2", "input": {"data": {
    "psn_no": "P", "mdtrt_id": "V2", "insutype": "310", "medfee_sumamt": "14703.50",
    "fulamt_ownpay_amt": "317.60", "overlmt_selfpay": "680.00",
    "preselfpay_amt": "774.24", "inscp_scp_amt": "12931.66", "level": "L3", "acct_used_flag": "0"}}}


def read(folder: Path, *messages: dict[str, Any]) -> BillFile:
    path = folder / "messages.jsonl"
    path.write_text("\n".join(json.dumps(message, ensure_ascii=False) for message in messages), encoding="utf-8")
    return read_bills(path)


def settled(file: BillFile) -> list[Settled]:
    policy = Policy("ankang", load_book(policies_root(), "ankang"))
    trials = frozenset(line for line, message in file.messages.items() if message["infno"] in TRIALS)
    return [one for one in settle_bills(file.bills, lambda _: policy, NOBODY, trials) if isinstance(one, Settled)]


def without(message: dict[str, Any], node: str, field: str) -> dict[str, Any]:
    return {**message, "input": {node: {name: value for name, value in message["input"][node].items() if name != field}}}


def test_an_outpatient_settlement_takes_the_lines_of_its_own_batch(tmp_path: Path) -> None:
    file = read(tmp_path, VISIT, LINES, SETTLE)
    assert file.rejected == []
    (one,) = settled(file)
    assert (one.claim.total, one.claim.pre, one.claim.within, one.claim.day) == (60500, 6050, 54450, 20230510)
    answer = reply(one, file.messages[one.bill.line])
    info = answer["output"]["setlinfo"]
    assert answer["infcode"] == 0 and info["medins_setl_id"] == SETTLE["msgid"] and info["psn_name"] == "测试人员"
    assert info["medfee_sumamt"] == 605 and info["preselfpay_amt"] == 60.5 and info["inscp_scp_amt"] == 544.5
    assert info["fund_pay_sumamt"] + info["psn_part_amt"] == 605


def test_setldetail_rows_carry_the_in_scope_amount_and_sum_to_the_funds(tmp_path: Path) -> None:
    file = read(tmp_path, ADMIT, LEAVE, STAY)
    (one,) = settled(file)
    assert (one.claim.admitted, one.claim.day, one.receipt.pool) == (20230601, 20230609, 1103981)
    output = reply(one, file.messages[one.bill.line])["output"]
    assert [row["fund_pay_type"] for row in output["setldetail"]] == ["310100"]
    assert {row["inscp_scp_amt"] for row in output["setldetail"]} == {12931.66}
    assert output["setldetail"][0]["fund_payamt"] == output["setlinfo"]["fund_pay_sumamt"] == 11039.81


def test_a_trial_answers_the_same_and_leaves_nothing_in_the_year(tmp_path: Path) -> None:
    trial = {**STAY, "infno": "2303", "msgid": "T"}
    file = read(tmp_path, ADMIT, LEAVE, trial, STAY)
    first, second = settled(file)
    assert first.receipt == second.receipt and second.before.bills == 0
    assert reply(first, file.messages[first.bill.line])["output"]["setlinfo"]["setl_id"] == ""


def test_lines_without_a_class_are_refused_with_their_number(tmp_path: Path) -> None:
    file = read(tmp_path, VISIT, {"infno": "2204", "input": LINES["input"]}, SETTLE)
    (one,) = file.rejected
    assert one.problem.code == "BILL-03" and one.problem.field == "feedetail[1].chrgitm_lv"
    assert rejection(one, SETTLE)["infcode"] == -1


def test_what_a_message_leaves_out_is_told_with_what_to_send(tmp_path: Path) -> None:
    assert "2402" in read(tmp_path, ADMIT, STAY).rejected[0].problem.en
    assert "2203" in read(tmp_path, without(SETTLE, "data", "med_type")).rejected[0].problem.en
    third = {**SETTLE, "input": {"data": {**SETTLE["input"]["data"], "exp_content": '{"REL_TTP_FLAG": "1"}'}}}  # type: ignore[dict-item]
    assert read(tmp_path, VISIT, LINES, third).rejected[0].problem.field == "third_party"
    assert read(tmp_path, {"infno": "9001", "input": {}}).rejected[0].problem.code == "BILL-12"
    assert read(tmp_path, {"infno": "2207", "input": "U00000="}).rejected[0].problem.code == "BILL-12"


def test_a_person_reply_before_gives_the_standing(tmp_path: Path) -> None:
    person = {"infno": "1101", "output": {"baseinfo": {"psn_no": "P"}, "insuinfo": [
        {"insutype": "310", "psn_type": "1201", "psn_insu_stas": "1", "cvlserv_flag": "1", "balc": 100.5}], "idetinfo": []}}
    (one,) = settled(read(tmp_path, person, VISIT, LINES, SETTLE))
    assert (one.claim.status, one.claim.civil_servant, one.before.account) == (1, 1, 10050)


def test_a_refused_bill_answers_with_the_reason(tmp_path: Path) -> None:
    roll = tmp_path / "people.jsonl"
    roll.write_text('{"psn_no": "P", "insutype": "310", "cover_to": "2023-01-01"}', encoding="utf-8")
    file = read(tmp_path, ADMIT, LEAVE, STAY)
    policy = Policy("ankang", load_book(policies_root(), "ankang"))
    (one,) = settle_bills(file.bills, lambda _: policy, read_people(roll))
    assert isinstance(one, Settled)
    answer = reply(one, file.messages[one.bill.line])
    assert answer["infcode"] == -1 and answer["err_msg"].startswith("[SETTLE-02]") and answer["output"] is None


def test_a_reversal_message_names_our_number_or_the_platforms(tmp_path: Path) -> None:
    known = {**SETTLE, "output": {"setlinfo": {"setl_id": "400120560"}}}
    for named in ("400120560", SETTLE["msgid"]):
        undo = {"infno": "2208", "msgid": "U1", "inf_time": "2023-05-11 08:00:00",
                "input": {"data": {"setl_id": named, "mdtrt_id": "V1", "psn_no": "P"}}}
        file = read(tmp_path, VISIT, LINES, known, undo)
        assert file.rejected == [] and sorted(file.messages) == [3, 4]
        one, mirror = settled(file)
        first, answer = (reply(each, file.messages[each.bill.line]) for each in (one, mirror))
        info, taken = answer["output"]["setlinfo"], first["output"]["setlinfo"]
        assert (answer["infno"], answer["infcode"], answer["inf_refmsgid"], info["setl_id"]) == ("2208", 0, "U1", "U1")
        for field in ("medfee_sumamt", "inscp_scp_amt", "preselfpay_amt", "fund_pay_sumamt", "psn_part_amt", "psn_cash_pay"):
            assert info[field] == -taken[field]
        rows = [(row["fund_pay_type"], -row["fund_payamt"]) for row in answer["output"]["setldetail"]]
        assert rows == [(row["fund_pay_type"], row["fund_payamt"]) for row in first["output"]["setldetail"]]
        assert all(row["crt_payb_lmt_amt"] is None for row in answer["output"]["setldetail"])


def test_a_replay_after_a_reversal_message_is_told_as_replies_to_it(tmp_path: Path) -> None:
    data = {**STAY["input"]["data"], "mdtrt_id": "S2", "begntime": "2023-07-01", "dscgTime": "2023-07-09"}
    later = {**STAY, "msgid": "M3", "input": {"data": data | {"med_type": "2101"}}}
    undo = {"infno": "2305", "msgid": "U1", "input": {"data": {"setl_id": STAY["msgid"], "mdtrt_id": "S", "psn_no": "P"}}}
    file = read(tmp_path, ADMIT, LEAVE, STAY, later, undo)
    assert file.rejected == []
    answers = [reply(one, file.messages[one.bill.line]) for one in settled(file)]
    told = [(answer["infno"], answer["inf_refmsgid"], answer["output"]["setlinfo"]["setl_id"]) for answer in answers]
    assert told == [("2304", STAY["msgid"], STAY["msgid"]), ("2304", "M3", "M3"), ("2305", "U1", "U1"), ("2304", "U1", "M3#2"),
                    ("2304", "U1", "M3#3")]
    funds = [answer["output"]["setlinfo"]["fund_pay_sumamt"] for answer in answers]
    assert funds[2] == -funds[0] and funds[3] == -funds[1] and funds[4] != funds[1]


def test_a_reversal_message_of_a_trial_or_of_nothing_answers_why(tmp_path: Path) -> None:
    trial = {**STAY, "infno": "2303", "msgid": "T"}
    undo = {"infno": "2305", "msgid": "U1", "input": {"data": {"setl_id": "T", "psn_no": "P"}}}
    file = read(tmp_path, ADMIT, LEAVE, trial, undo, {**undo, "msgid": "U2", "input": {"data": {"setl_id": "1", "psn_no": "1"}}},
                {**undo, "msgid": "U3", "infno": "2103", "input": {"data": {"psn_no": "P"}}})
    assert [(one.number, one.problem.code, one.problem.field) for one in file.rejected] == [("", "BILL-12", "setl_id")]
    policy = Policy("ankang", load_book(policies_root(), "ankang"))
    trials = frozenset(line for line, message in file.messages.items() if message["infno"] in TRIALS)
    _, first, second = settle_bills(file.bills, lambda _: policy, NOBODY, trials)
    assert isinstance(first, Rejected) and isinstance(second, Rejected)
    assert first.problem.code == second.problem.code == "BILL-13" and "trial" in first.problem.en
    answer = rejection(first, file.messages[first.line])
    assert (answer["infcode"], answer["inf_refmsgid"]) == (-1, "U1") and answer["err_msg"].startswith("[BILL-13]")
