"""Taking a settlement back at the door: the year, the accounts and the funds are as they were, in whichever order bills came and went."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import playing
from gateway.billing import AMOUNTS, EMPLOYEE, RESIDENT, TABLET_B, Bill, amounts, noon, of
from openyibao.kernel.year import Year

town = playing.town
today = playing.today

JISHOU = "433101000000000000000000"
H1, H2 = "H43310199001", "H43310199002"


def visit(town, psn_no, scheme, total, at="2025-03-03", **more):
    return Bill(town, psn_no, scheme, H1, noon(at), charges=(of(TABLET_B, total),), **more).ready()


def stay(town, psn_no, scheme, total, days="2025-03-03 2025-03-08", **more):
    first, last = days.split()
    return Bill(town, psn_no, scheme, H1, noon(first), noon(last), "2101", charges=(of(TABLET_B, total),), **more).ready()


def read_back(town, psn_no):
    """5206, the year as an institution reads it."""
    return town.call("5206", {"data": {"psn_no": psn_no, "cum_ym": ""}}, H1).body["output"]


def plain(year):
    return None if year is None else year._replace(bills=0)


@pytest.mark.parametrize(("like", "scheme"), [("01", EMPLOYEE), ("03", RESIDENT), ("05", RESIDENT), ("20", EMPLOYEE)])
@pytest.mark.parametrize("kind", ["visit", "stay"])
def test_tried_settled_taken_back_and_settled_again_are_one_figure(town, like, scheme, kind):
    psn_no = town.newcomer(JISHOU + like)
    visit(town, psn_no, scheme, 777, "2025-01-02").settled()
    year, money, seen = (
        town.year(psn_no, scheme),
        town.rows("SELECT psn_no, balance FROM enrolment_account WHERE psn_no = %s", psn_no),
        read_back(town, psn_no),
    )
    made = (visit if kind == "visit" else stay)(town, psn_no, scheme, 23_456)
    trial = amounts(made.try_().output["setlinfo"])
    assert town.year(psn_no, scheme) == year
    first = made.settle().output
    assert amounts(first["setlinfo"]) == trial
    assert town.year(psn_no, scheme) != year
    back = made.undo().output
    assert {name: -value for name, value in amounts(back["setlinfo"]).items() if name != "balc"} == {
        name: value for name, value in trial.items() if name != "balc"
    }
    paid = {row["fund_pay_type"]: row["fund_payamt"] for row in first["setldetail"]}
    assert {row["fund_pay_type"]: -row["fund_payamt"] for row in back["setldetail"]} == paid
    assert back["setlinfo"]["clr_optins"] == first["setlinfo"]["clr_optins"]
    assert town.year(psn_no, scheme) == year
    assert town.rows("SELECT psn_no, balance FROM enrolment_account WHERE psn_no = %s", psn_no) == money
    assert read_back(town, psn_no) == seen
    assert amounts(made.settled()) == trial


def test_money_of_relatives_goes_back_to_whom_it_came_from(town):
    me, near, far = town.newcomer(JISHOU + "14"), town.newcomer(JISHOU + "01"), town.newcomer(JISHOU + "02")
    town.share(near, me, place=1, limit=30_000)
    town.share(far, me, place=2)
    held = town.balance(near), town.balance(far)
    made = visit(town, me, RESIDENT, 900, account="2")
    info = made.settled()
    assert info["acct_mulaid_pay"] == info["acct_pay"] == info["psn_part_amt"]
    assert (held[0] - town.balance(near), held[1] - town.balance(far)) == (30_000, int(info["acct_pay"] * 100) - 30_000)
    spent = visit(town, me, RESIDENT, 100, account="2").settled()
    assert held[0] - town.balance(near) == 30_000  # the year's limit of the first is used up
    assert held[1] - town.balance(far) == int((info["acct_pay"] + spent["acct_pay"]) * 100) - 30_000
    town.rows("UPDATE enrolment_share SET ends = '2025-03-05' WHERE relative = %s", me)
    made.undo()
    assert (town.balance(near), held[1] - town.balance(far)) == (held[0], int(spent["acct_pay"] * 100))


def test_an_earlier_bill_is_taken_back_while_later_ones_stand(town):
    psn_no, alone = town.newcomer(JISHOU + "03"), town.newcomer(JISHOU + "03")
    early = stay(town, psn_no, RESIDENT, 40_000)
    early.settled()
    late = stay(town, psn_no, RESIDENT, 60_000, "2025-04-03 2025-04-08")
    kept = late.settled()
    assert early.undo().fine
    after = town.year(psn_no, RESIDENT)
    single = stay(town, alone, RESIDENT, 60_000, "2025-04-03 2025-04-08")
    single.settled()
    only = town.year(alone, RESIDENT)
    assert (after.bills, after.admissions) == (only.bills, only.admissions)
    assert after.pool_paid == int(kept["hifp_pay"] * 100)
    late.undo()
    assert plain(town.year(psn_no, RESIDENT)) in (Year(year=2025), plain(town.year(psn_no, RESIDENT)))
    figures = [value for name, value in town.year(psn_no, RESIDENT)._asdict().items() if name != "year" and not name.startswith("stay_")]
    assert not any(figures)


def test_a_bill_of_last_year_settles_in_last_year(town):
    psn_no = town.newcomer(JISHOU + "03")
    stay(town, psn_no, RESIDENT, 30_000, "2025-01-10 2025-01-20").settled()
    year = town.year(psn_no, RESIDENT)
    old = stay(town, psn_no, RESIDENT, 30_000, "2024-12-10 2024-12-20")
    old.settled()
    assert town.year(psn_no, RESIDENT) == year
    assert town.year(psn_no, RESIDENT, 2024).admissions == 1
    old.undo()
    assert town.year(psn_no, RESIDENT) == year
    assert town.year(psn_no, RESIDENT, 2024).pool_paid == 0


def test_what_cannot_be_taken_back_says_why(town):
    made = visit(town, town.newcomer(JISHOU + "01"), EMPLOYEE, 500)
    made.settled()
    numbers = {"setl_id": made.setl_id, "mdtrt_id": made.mdtrt_id, "psn_no": made.psn_no}

    def why(institution=H1, **change):
        return town.call("2208", {"data": numbers | change}, institution).why

    assert "REVERSE-01" in why(setl_id="999999999999") and "REVERSE-01" in why(setl_id="abc")
    assert "REVERSE-02" in why(H2)
    assert "REVERSE-03" in why(psn_no=JISHOU + "02")
    mirror = made.undo().output["setlinfo"]["setl_id"]
    assert mirror in why() and "REVERSE-04" in why()
    assert "REVERSE-05" in why(setl_id=mirror)


ACTS = st.lists(st.tuples(st.sampled_from("vsbr"), st.integers(1, 60_000)), min_size=4, max_size=9)


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_any_walk_through_a_year_keeps_the_books_of_a_simple_model(town, acts):
    """v visit, s stay, b a purchase of own money, r take back one that stands: account and sums as a clerk would keep them by hand."""
    psn_no = town.newcomer(JISHOU + "01")
    begin = held = town.balance(psn_no)
    standing: list[tuple[Bill, dict[str, Decimal]]] = []
    for place, (act, size) in enumerate(acts):
        if act == "r" and standing:
            bill, info = standing.pop(size % len(standing))
            assert bill.undo().output is not None
            held += int(info["acct_pay"] * 100)
        elif act != "r":
            kind = stay if act == "s" else visit
            days = f"2025-{place + 1:02d}-03 2025-{place + 1:02d}-09" if act == "s" else f"2025-{place + 1:02d}-03"
            bill = kind(town, psn_no, EMPLOYEE, size, days, account="0" if act == "b" else "1")
            info = amounts(bill.settled())
            assert info["acct_pay"] == (0 if act == "b" else min(info["psn_part_amt"], Decimal(held) / 100))
            held -= int(info["acct_pay"] * 100)
            standing.append((bill, info))
        assert town.balance(psn_no) == held >= 0
    year = town.year(psn_no, EMPLOYEE)
    if year is not None:
        assert year.bills == len(standing)
        assert year.account_paid == begin - held
        assert year.cash_paid == sum(int(info["psn_cash_pay"] * 100) for _, info in standing)
        assert year.admissions == sum(bill.stay for bill, _ in standing)
    rows = town.rows(
        "SELECT sum(total) AS medfee_sumamt, sum(fund) AS fund_pay_sumamt, sum(cash) AS psn_cash_pay FROM settlement_settlement WHERE psn_no = %s",  # noqa: E501
        psn_no,
    )
    for name, value in rows[0].items():
        assert name in AMOUNTS and (value or 0) == sum(int(info[name] * 100) for _, info in standing)
