"""Charge lines at the door: refused whole with the reason, returned in net, split again under other rules, beds, and odd sizes."""

from decimal import Decimal

import pytest

from gateway import playing
from gateway.billing import EMPLOYEE, RESIDENT, TABLET, TABLET_B, Bill, Charge, amounts, noon, of, purchase

town = playing.town
today = playing.today

JISHOU = "433101000000000000000000"
H1, H2, P1 = "H43310199001", "H43310199002", "P43310199001"
BED = "001109000010000"


def visit(town, *charges, like="03", scheme=RESIDENT, at="2025-03-03", **more):
    return Bill(town, town.newcomer(JISHOU + like), scheme, more.pop("institution", H1), noon(at), charges=charges, **more)


def stay(town, *charges, like="03", scheme=RESIDENT, days="2025-03-03 2025-03-08", **more):
    first, last = days.split()
    return Bill(town, town.newcomer(JISHOU + like), scheme, H1, noon(first), noon(last), "2101", charges=charges, **more)


def lines_of(town, bill):
    return town.rows("SELECT * FROM settlement_line WHERE mdtrt_id = %s ORDER BY id", int(bill.mdtrt_id))


EXPIRED = next(row for rows in playing.items().values() for row in rows if row["repl_codg"] and row["enddate"])

WRONG = {
    "code ended": (Charge(EXPIRED["med_list_codg"], price=Decimal(5)), ("LINE-01", EXPIRED["repl_codg"], "2023-01-01", "feedetail[1]")),
    "unknown code": (Charge(TABLET, price=Decimal(5), serial="9"), ("LINE-02",)),
    "wrong amount": (Charge(TABLET, Decimal(3), Decimal("3.33"), amount=Decimal("9.97")), ("LINE-03", "9.97", "9.99")),
    "return of nothing": (Charge(TABLET, Decimal(-1), Decimal(3), back="404"), ("LINE-07",)),
    "suspended doctor": (Charge(TABLET, price=Decimal(3), doctor="D433101990002"), ("MEASURE-03", "2024-09-01")),
}


@pytest.mark.parametrize("name", WRONG)
def test_one_bad_line_is_named_and_none_is_taken(town, name):
    bad, words = WRONG[name]
    made = visit(town, of(TABLET, 10), bad).register()
    given = [made.line(made.charges[0]), made.line(bad)]
    if name == "unknown code":
        given[1] |= {"med_list_codg": "XNOSUCHCODE", "medins_list_codg": "NOSUCH"}
    why = made.call("2204", {"feedetail": given}).why
    for word in words:
        assert word in why
    assert lines_of(town, made) == []
    made.charges = made.charges[:1]
    made.charge()
    assert made.settle().fine


def test_a_number_stands_once_in_a_visit_and_once_in_a_message(town):
    line = of(TABLET, 10)
    made = visit(town, line).register()
    assert "LINE-13" in made.upload(line, line).why
    made.charge()
    assert "LINE-04" in made.upload(line).why
    assert len(lines_of(town, made)) == 1


def test_lines_for_another_visit_person_or_sort_are_refused(town):
    mine, other, lying = visit(town, of(TABLET, 10)).register(), visit(town, institution=H2), stay(town, of(TABLET, 10)).register()
    other.mdtrt_id = mine.mdtrt_id
    other.psn_no = mine.psn_no
    assert "VISIT-02" in other.upload(of(TABLET, 10)).why
    row = mine.line(of(TABLET, 10))
    assert "VISIT-03" in mine.call("2204", {"feedetail": [row | {"psn_no": lying.psn_no}]}).why
    assert "LINE-12" in mine.call("2204", {"feedetail": [row, mine.line(of(TABLET, 10)) | {"mdtrt_id": lying.mdtrt_id}]}).why
    assert "VISIT-17" in mine.call("2204", {"feedetail": [row | {"psn_no": lying.psn_no, "mdtrt_id": lying.mdtrt_id}]}).why
    assert "VISIT-01" in mine.call("2204", {"feedetail": [row | {"mdtrt_id": "no such number"}]}).why
    assert "VISIT-01" in mine.call("2206", {"data": mine.settlement()["data"] | {"mdtrt_id": "十二"}}).why


def test_a_stay_cannot_be_settled_a_second_time_as_a_visit(town):
    made = stay(town, of(TABLET, 8000)).ready()
    first = made.settled()
    as_visit = {"data": {**made.settlement()["data"], "med_type": "11", "chrg_bchno": "77"}}
    assert "VISIT-17" in made.call("2207", as_visit).why
    assert "VISIT-06" in made.settle().why
    assert "LINE-10" in made.upload(of(TABLET, 5)).why
    row = made.line(of(TABLET, 5)) | {"chrg_bchno": "77"}
    assert "LINE-10" in made.call("2301", {"feedetail": [row]}).why
    assert first["fund_pay_sumamt"] > 0
    assert len(town.rows("SELECT * FROM settlement_settlement WHERE mdtrt_id = %s", int(made.mdtrt_id))) == 1


def test_returns_are_settled_as_the_net_line(town):
    gross = Charge(TABLET_B, Decimal(7), Decimal("33.335"))
    made = stay(town, gross, of(TABLET, 3000)).register().charge()
    part = Charge(TABLET_B, Decimal(-3), Decimal("33.335"), back=gross.serial, amount=Decimal("-100.01"))
    made.charge(part)
    over = Charge(TABLET_B, Decimal(-5), Decimal("33.335"), back=gross.serial, amount=Decimal("-166.68"))
    assert "LINE-08" in made.upload(over).why
    assert "LINE-08" in made.upload(Charge(TABLET_B, Decimal(-1), Decimal(1), back=gross.serial)).why
    made.discharge()
    got = made.settled()
    net = stay(town, Charge(TABLET_B, Decimal(4), Decimal("33.335")), of(TABLET, 3000)).ready().settled()
    assert amounts(got) == amounts(net)
    whole = Charge(TABLET_B, Decimal(7), Decimal("33.335"))
    nothing = stay(town, whole, Charge(TABLET_B, Decimal(-7), Decimal("33.335"), back=whole.serial), of(TABLET, 5000)).ready().settled()
    assert amounts(nothing) == amounts(stay(town, of(TABLET, 5000)).ready().settled())


def test_lines_are_split_again_where_the_kind_changes_after_them(town):
    plain = visit(town, of(TABLET_B, 1000), like="17", scheme=EMPLOYEE).ready()
    before = [row["pre"] for row in lines_of(town, plain)]
    assert before == [10_000]
    plain.med_type, plain.more = "51", {"matn_type": "7", "birctrl_matn_date": "2025-06-01"}
    assert plain.diagnose().fine
    direct = visit(town, of(TABLET_B, 1000), like="17", scheme=EMPLOYEE, med_type="51", more=plain.more).ready()
    trial = amounts(plain.try_().output["setlinfo"])
    assert trial == amounts(plain.settled()) == amounts(direct.settled())
    assert [row["pre"] for row in lines_of(town, plain)] == [row["pre"] for row in lines_of(town, direct)]


def test_lines_of_last_year_follow_the_day_that_decides(town):
    long = stay(town, of(TABLET_B, 9000), Charge(BED, Decimal(9), Decimal(70)), days="2023-12-28 2024-01-06", like="01", scheme=EMPLOYEE)
    long.register().charge()
    first = {row["scope"] for row in lines_of(town, long)}
    assert long.discharge().fine
    info = long.settled()
    rows = lines_of(town, long)
    assert sum(row["within"] for row in rows) >= int(info["inscp_scp_amt"] * 100)
    assert len(first) == 1 and len({row["scope"] for row in rows}) == 1


def test_beds_above_the_days_ceiling_leave_the_scope_of_the_whole_bill(town):
    scope = town.runtime.desk.shelf.of_area("433101").plan(1, 20250308).scope
    many = stay(town, of(TABLET, 6000), *(Charge(BED, Decimal(1), Decimal(40)) for _ in range(40))).ready()
    bed = sum(row["within"] for row in lines_of(town, many) if row["flags"] & 4)
    ceiling = min(scope.bed_day_ceiling)
    info = many.settled()
    expected = max(bed - next(value for value in scope.bed_day_ceiling[::-1] if value >= ceiling) * 5, 0)
    assert (
        int(info["overlmt_selfpay"] * 100) in {max(bed - value * 5, 0) for value in scope.bed_day_ceiling}
        and info["overlmt_selfpay"] >= expected / 100
    )
    assert info["overlmt_selfpay"] + info["inscp_scp_amt"] + info["preselfpay_amt"] + info["fulamt_ownpay_amt"] == info["medfee_sumamt"]


@pytest.mark.parametrize(
    ("count", "price", "total"),
    [
        ("0.0001", "0.000001", "0.00"),
        ("1", "0", "0.00"),
        ("1", "99999999.99", "99999999.99"),
        ("1", "0.005", "0.01"),
        ("0.3333", "0.03", "0.01"),
    ],
)
def test_the_smallest_and_the_largest_amounts(town, count, price, total):
    made = stay(town, Charge(TABLET, Decimal(count), Decimal(price)), like="01", scheme=EMPLOYEE).ready()
    info = made.settled()
    assert info["medfee_sumamt"] == Decimal(total) == info["fund_pay_sumamt"] + info["psn_part_amt"] + info["hosp_part_amt"]
    assert info["psn_part_amt"] == info["acct_pay"] + info["psn_cash_pay"]
    assert made.undo().output["setlinfo"]["medfee_sumamt"] == -Decimal(total)


def test_two_thousand_lines_at_once_and_no_more(town):
    made = stay(town, *(Charge(TABLET, Decimal(1), Decimal("1.11")) for _ in range(2000))).register()
    assert "LINE-11" in made.upload(*made.charges, of(TABLET, 1)).why
    made.charge().discharge()
    assert made.settled()["medfee_sumamt"] == Decimal("2220.00")


def test_a_total_that_is_not_the_sum_of_the_lines_is_refused(town):
    made = visit(town, of(TABLET, 10), of(TABLET, 20)).ready()
    made.charges = made.charges[:1]
    assert "VISIT-09" in made.settle().why and "30.00" in made.settle().why


def test_a_name_of_any_script_comes_back_as_it_is(town):
    made = visit(town, of(TABLET, 10))
    town.rows("UPDATE enrolment_person SET name = %s WHERE psn_no = %s", "𠮷田·Ⅳ 买买提", made.psn_no)
    assert made.ready().settled()["psn_name"] == "𠮷田·Ⅳ 买买提"


def test_a_purchase_is_tried_settled_and_taken_back(town):
    made = visit(town, of(TABLET_B, 86), like="01", scheme=EMPLOYEE, institution=P1, med_type="41")
    trial, done = town.call("2101", purchase(made), P1).output, town.call("2102", purchase(made), P1).output
    assert amounts(trial["setlinfo"]) == amounts(done["setlinfo"]) and trial["setlinfo"]["setl_id"] == ""
    assert [row["fulamt_ownpay_amt"] for row in trial["detlcutinfo"]] == [row["fulamt_ownpay_amt"] for row in done["detlcutinfo"]]
    assert town.balance(made.psn_no) == 265_000 - 8_600
    info = done["setlinfo"]
    back = {"data": {"setl_id": info["setl_id"], "mdtrt_id": info["mdtrt_id"], "psn_no": made.psn_no}}
    assert town.call("2103", back, P1).output["setlinfo"]["acct_pay"] == Decimal("-86.00")
    assert town.balance(made.psn_no) == 265_000
    assert "REVERSE-04" in town.call("2103", back, P1).why
    visit_again = {"data": made.settlement()["data"] | {"mdtrt_id": info["mdtrt_id"]}}
    assert "VISIT-17" in town.call("2207", visit_again, P1).why
