"""Reconciliation gives every mismatch one class with a repair, and is silent about bills that agree."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openyibao.bureau.settlement.reconcile import (
    AMOUNT,
    ANOTHER,
    BANK_DIFFERS,
    BANK_MISSING,
    BANK_TWICE,
    BANK_UNKNOWN,
    GROUP,
    KINDS,
    LEDGER_DIFFERS,
    LEDGER_MISSING,
    ONLY_HERE,
    ONLY_THERE,
    TAKEN_BACK_HERE,
    TAKEN_BACK_THERE,
    TWICE_THERE,
    Bill,
    Payment,
    Said,
    grouped,
    money,
    summed,
    with_bank,
    with_hospital,
    with_ledger,
)

DAY, H = date(2026, 1, 5), "H43310100001"


def bill(setl_id, fund=700, account=200, mirror_of=None, **changes):
    """A bill of 10 yuan, or its mirror."""
    sign = -1 if mirror_of else 1
    made = Bill(setl_id, 50, "P1", H, "310", "11", DAY, sign * 1_000, sign * fund, sign * account, sign * 100, mirror_of, f"M{setl_id}",
                sign * fund, sign * account)  # fmt: skip
    return made._replace(**changes)


def said(one, line=1, **changes):
    """The bill as a hospital that agrees has it."""
    made = Said(line, str(one.setl_id), str(one.mdtrt_id), one.psn_no, one.total, one.fund, one.account, one.mirror_of is not None, H,
                one.insutype, one.clr_type, one.day)  # fmt: skip
    return made._replace(**changes)


def kinds(found):
    return [one.kind for one in found]


def test_bills_that_agree_are_not_mentioned():
    ours = [bill(1), bill(2), bill(3, mirror_of=2)]
    assert not list(with_hospital(ours, [said(one) for one in ours]))


def test_a_refund_may_name_its_settlement_and_be_written_without_a_sign():
    ours = [bill(2), bill(3, mirror_of=2)]
    refund = said(ours[1])._replace(setl_id="2", total=1_000, fund=700, account=200)
    assert not list(with_hospital(ours, [said(ours[0]), refund]))


CASES = [
    ([], [said(bill(9))], [ONLY_THERE], 700),
    ([bill(1)], [], [ONLY_HERE], -700),
    ([bill(1)], [said(bill(1), fund=690, total=990)], [AMOUNT], -10),
    ([bill(1)], [said(bill(1)), said(bill(1), line=2)], [TWICE_THERE], 700),
    ([bill(1), bill(2, mirror_of=1)], [said(bill(1))], [TAKEN_BACK_HERE], 700),
    ([bill(1)], [said(bill(1)), said(bill(2, mirror_of=1), setl_id="1")], [TAKEN_BACK_THERE], -700),
    ([bill(1)], [said(bill(1), psn_no="P2")], [ANOTHER], 0),
    ([bill(1)], [said(bill(1), mdtrt_id="51")], [ANOTHER], 0),
    ([bill(1)], [said(bill(1), insutype="390")], [GROUP], 0),
    ([bill(1)], [said(bill(1), clr_type="21")], [GROUP], 0),
    ([bill(1)], [said(bill(1), day=date(2026, 1, 6))], [GROUP], 0),
    ([bill(1)], [said(bill(1), insutype="", clr_type="", day=None, mdtrt_id="", psn_no="")], [], None),
]


@pytest.mark.parametrize(("ours", "theirs", "expected", "fen"), CASES)
def test_the_hospitals_side_is_classed(ours, theirs, expected, fen):
    found = list(with_hospital(ours, theirs))
    assert kinds(found) == expected
    assert [one.fen for one in found] == ([] if fen is None else [fen])


def test_the_ledgers_side_is_classed():
    ours = [bill(1), bill(2, booked_fund=None), bill(3, booked_fund=701), bill(4, booked_account=0), bill(5, 0, 0, booked_fund=None)]
    found = list(with_ledger(ours))
    assert [(one.kind, one.fen) for one in found] == [(LEDGER_MISSING, -700), (LEDGER_DIFFERS, 1), (LEDGER_DIFFERS, -200)]


def test_the_banks_side_is_classed():
    booked = [Payment("1", H, DAY, 500), Payment("2", H, DAY, 600), Payment("3", H, DAY, 700), Payment("4", H, DAY, -80)]
    bank = [booked[0], Payment("2", H, DAY, 606), booked[3], booked[3], Payment("", "H9", DAY, 5), Payment("8", H, DAY, 9)]
    assert sorted((one.kind, one.fen) for one in with_bank(booked, bank)) == sorted(
        [(BANK_DIFFERS, 6), (BANK_MISSING, -700), (BANK_TWICE, -80), (BANK_UNKNOWN, 5), (BANK_UNKNOWN, 9)]
    )
    assert kinds(with_bank([booked[0]], [booked[0]._replace(institution="H9")])) == [BANK_DIFFERS]
    assert not list(with_bank(booked, booked))


def test_groups_and_sums_take_refunds_off():
    ours = [bill(1), bill(2, mirror_of=1), bill(3, insutype="390"), bill(4, 650)]
    groups = grouped(ours)
    assert list(groups) == [(H, "310", "11", DAY), (H, "390", "11", DAY)]
    assert summed(groups[H, "310", "11", DAY]) == (1_000, 650, 200, 100, 3)


def test_every_class_has_words_and_a_repair():
    assert all(all(kind) for kind in KINDS.values())


@given(st.lists(st.sampled_from(["agree", "ours", "theirs", "amount", "twice", "refund-here", "refund-there"]), max_size=20))
def test_each_thing_that_is_wrong_is_told_once(what):
    ours, theirs, expected = [], [], []
    for number, kind in enumerate(what):
        one = bill(10 * number + 1)
        if kind != "theirs":
            ours.append(one)
        if kind != "ours":
            theirs.append(said(one) if kind != "amount" else said(one, fund=1))
        if kind == "twice":
            theirs.append(said(one))
        if kind == "refund-here":
            ours.append(bill(10 * number + 2, mirror_of=one.setl_id))
        if kind == "refund-there":
            theirs.append(said(bill(10 * number + 2, mirror_of=one.setl_id), setl_id=str(one.setl_id)))
        told = {"ours": ONLY_HERE, "theirs": ONLY_THERE, "amount": AMOUNT, "twice": TWICE_THERE, "refund-here": TAKEN_BACK_HERE,
                "refund-there": TAKEN_BACK_THERE}  # fmt: skip
        expected += [told[kind]] if kind in told else []
    assert sorted(kinds(with_hospital(ours, theirs))) == sorted(expected)


def test_money_is_written_with_its_sign():
    assert [money(fen) for fen in (0, 5, -5, 12_345, -100)] == ["0.00", "0.05", "-0.05", "123.45", "-1.00"]
