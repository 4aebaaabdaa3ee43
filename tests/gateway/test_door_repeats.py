"""A message that comes twice, late, or at sixteen windows at once: one settlement, one answer, and never more money than there is."""

from decimal import Decimal

import pytest

from gateway import playing
from gateway.billing import EMPLOYEE, TABLET, Bill, amounts, noon, of
from gateway.playing import Call
from openyibao.kernel.claim import Claim
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year

town = playing.town


@pytest.fixture(scope="module", autouse=True)
def two_doors(town):
    """Two doors on one database: locks within a process decide nothing."""
    town.run(town.opened())


JISHOU = "433101000000000000000000"
H1 = "H43310199001"
WINDOWS = 16


def visit(town, psn_no, total=300, **more):
    return Bill(town, psn_no, EMPLOYEE, H1, noon("2025-03-03"), charges=(of(TABLET, total),), **more)


def employee(town):
    return town.newcomer(JISHOU + "01")


def state_of(town, msgid):
    return town.call("Y0001", {"data": {"msgid": msgid}}, H1).output["data"]


def reversal(town, made, msgid, infno="2207"):
    return town.call("2601", {"data": {"psn_no": made.psn_no, "omsgid": msgid, "oinfno": infno}}, H1)


def settled_rows(town, psn_no):
    return town.rows("SELECT * FROM settlement_settlement WHERE psn_no = %s ORDER BY setl_id", psn_no)


def test_the_same_message_has_the_same_answer_even_after_a_restart(town):
    made = visit(town, employee(town)).ready()
    msgid = town.new_id(H1)
    first = made.settle(msgid)
    registered = Call("2201", made.registration(), H1, town.new_id(H1))
    visits = [town.post(town.envelope(registered)).output for _ in range(2)]
    town.again()
    town.run(town.opened())
    again = made.settle(msgid)
    assert again.output == first.output and visits[0] == visits[1] == town.post(town.envelope(registered)).output
    assert again.body["inf_refmsgid"] != first.body["inf_refmsgid"]
    assert len(settled_rows(town, made.psn_no)) == 1


def test_the_same_id_with_other_content_is_refused_and_a_refused_message_may_be_mended(town):
    made = visit(town, employee(town)).ready()
    msgid = town.new_id(H1)
    wrong = {"data": made.settlement()["data"] | {"medfee_sumamt": Decimal("1.00")}}
    assert "VISIT-09" in made.call("2207", wrong, msgid).why
    assert made.settle(msgid).fine
    assert "DOOR-41" in made.call("2207", {"data": made.settlement()["data"] | {"acct_used_flag": "0"}}, msgid).why
    assert "DOOR-41" in made.call("2208", {"data": {"setl_id": made.setl_id, "mdtrt_id": made.mdtrt_id, "psn_no": made.psn_no}}, msgid).why
    assert len(settled_rows(town, made.psn_no)) == 1


def test_what_became_of_a_message(town):
    made = visit(town, employee(town)).ready()
    msgid, undone = town.new_id(H1), town.new_id(H1)
    assert state_of(town, msgid)["state"] == "unknown"
    output = made.settle(msgid).output
    found = state_of(town, msgid)
    assert (found["state"], found["infno"], found["answer"]) == ("committed", "2207", output)
    assert town.call("Y0001", {"data": {"msgid": msgid}}, "H43310199002").output["data"]["state"] == "unknown"
    assert reversal(town, made, msgid).fine and reversal(town, made, msgid).fine
    assert state_of(town, msgid)["state"] == "reversed"
    assert town.balance(made.psn_no) == 265_000
    assert sorted(row["mirror_of"] is not None for row in settled_rows(town, made.psn_no)) == [False, True]
    assert reversal(town, made, undone).fine  # never arrived: buried
    assert state_of(town, undone)["state"] == "reversed"
    assert "DOOR-41" in made.settle(undone).why
    assert len(settled_rows(town, made.psn_no)) == 2


def test_an_admission_is_reversed_by_its_message(town):
    made = Bill(town, employee(town), EMPLOYEE, H1, noon("2025-03-03"), noon("2025-03-05"), "2101", charges=(of(TABLET, 10),))
    msgid = town.new_id(H1)
    made.mdtrt_id = str(made.call("2401", made.registration(), msgid).output["result"]["mdtrt_id"])
    assert "VISIT-10" in made.call("2401", made.registration()).why
    assert reversal(town, made, msgid, "2401").fine and reversal(town, made, msgid, "2401").fine
    assert "VISIT-05" in made.upload().why
    assert made.call("2401", made.registration()).fine


def test_sixteen_windows_send_one_message(town):
    made = visit(town, employee(town), 700).ready()
    replies = town.together([made.request(town.new_id(H1))] * WINDOWS)
    outputs = [said.output for said in replies]
    assert all(output == outputs[0] for output in outputs)
    assert len(settled_rows(town, made.psn_no)) == 1
    assert town.balance(made.psn_no) == 265_000 - int(outputs[0]["setlinfo"]["acct_pay"] * 100)


def test_sixteen_windows_settle_one_visit_under_ids_of_their_own(town):
    made = visit(town, employee(town), 700).ready()
    replies = town.together([made.request() for _ in range(WINDOWS)])
    assert sum(said.fine for said in replies) == 1
    assert all("VISIT-06" in said.why for said in replies if not said.fine)


def test_sixteen_bills_of_one_person_at_once_are_some_order_of_them_one_by_one(town):
    psn_no = employee(town)
    bills = [visit(town, psn_no, 100 + 37 * place, batch=str(place)).ready() for place in range(WINDOWS)]
    replies = town.together([bill.request() for bill in bills])
    assert all(said.fine for said in replies), [said.body["err_msg"] for said in replies]
    paid = sum(int(said.output["setlinfo"]["acct_pay"] * 100) for said in replies)
    assert paid + town.balance(psn_no) == 265_000 and town.balance(psn_no) >= 0
    plan_of = town.runtime.desk.shelf.of_area("433101").plan_for
    year = Year(year=2025, account=265_000)
    for row in town.rows("SELECT * FROM settlement_journal WHERE psn_no = %s ORDER BY id", psn_no):
        claim = Claim(*row["claim"])
        assert Year(*row["before"])._replace(account=0, family=0) == year._replace(account=0, family=0)
        assert Year(*row["before"]).account == year.account
        receipt, year = settle(claim, year, plan_of(claim))
        assert Receipt(*row["receipt"]) == receipt
    assert town.year(psn_no, EMPLOYEE) == year._replace(account=0, family=0)


def test_two_relatives_and_the_owner_spend_one_account_at_once(town):
    owner = employee(town)
    users = [town.newcomer(JISHOU + "14") for _ in range(5)]
    for user in users:
        town.share(owner, user)
    bills = [Bill(town, user, "390", H1, noon("2025-03-03"), charges=(of(TABLET, 900),), account="2").ready() for user in users]
    bills += [visit(town, owner, 900, batch=str(place)).ready() for place in range(3)]
    replies = town.together([bill.request() for bill in bills])
    assert all(said.fine for said in replies), [said.body["err_msg"] for said in replies]
    paid = sum(int(said.output["setlinfo"]["acct_pay"] * 100) for said in replies)
    assert paid == 265_000 and town.balance(owner) == 0
    moved = town.one("SELECT -sum(fen) AS fen FROM enrolment_accountmove WHERE psn_no = %s AND kind = 'pay'", owner)["fen"]
    assert moved == paid


@pytest.mark.parametrize("turn", range(3))
def test_lines_that_race_a_settlement_are_in_it_or_refused(town, turn):
    made = visit(town, employee(town), 300).ready()
    data = {name: value for name, value in made.settlement()["data"].items() if name != "medfee_sumamt"} | {"medfee_sumamt": Decimal(300)}
    late = Call("2204", {"feedetail": [made.line(of(TABLET, 50))]}, H1)
    calls = [Call("2207", {"data": data}, H1), late, Call("2206", {"data": data}, H1)]
    replies = dict(zip(("settle", "late", "try"), town.together(calls if turn % 2 else [calls[1], calls[0], calls[2]]), strict=True))
    if not turn % 2:
        replies["settle"], replies["late"] = replies["late"], replies["settle"]
    lines = town.one("SELECT sum(fee) AS fee, count(*) AS count FROM settlement_line WHERE mdtrt_id = %s", int(made.mdtrt_id))
    assert all("DOOR-" not in (said.body["err_msg"] or "") for said in replies.values())
    settled = settled_rows(town, made.psn_no)
    if settled:
        assert settled[0]["total"] == lines["fee"] == 30_000 and "LINE-10" in replies["late"].why
    else:
        assert replies["late"].fine and "VISIT-09" in replies["settle"].why and lines["count"] == 2


def test_a_reversal_that_races_settlements_leaves_the_serial_year(town):
    psn_no = employee(town)
    first = visit(town, psn_no, 500, batch="a").ready()
    before = first.settled()
    others = [visit(town, psn_no, 200 + place, batch=str(place)).ready() for place in range(6)]
    undo = Call("2208", {"data": {"setl_id": first.setl_id, "mdtrt_id": first.mdtrt_id, "psn_no": psn_no}}, H1)
    replies = town.together([*(bill.request() for bill in others[:3]), undo, undo, *(bill.request() for bill in others[3:])])
    undone = [said for said in replies[3:5] if said.fine]
    assert len(undone) == 1 and all(said.fine for said in (*replies[:3], *replies[5:]))
    standing = [amounts(said.output["setlinfo"]) for said in (*replies[:3], *replies[5:])]
    year = town.year(psn_no, EMPLOYEE)
    assert year.bills == len(standing)
    assert year.account_paid == sum(int(info["acct_pay"] * 100) for info in standing) == 265_000 - town.balance(psn_no)
    assert before["acct_pay"] == -undone[0].output["setlinfo"]["acct_pay"]


def test_different_people_do_not_meet(town):
    bills = [visit(town, employee(town), 345).ready() for _ in range(WINDOWS)]
    replies = [amounts(said.output["setlinfo"]) for said in town.together([bill.request() for bill in bills])]
    assert all(reply == replies[0] for reply in replies)
