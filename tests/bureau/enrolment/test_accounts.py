"""An account is the sum of its moves and never below zero, whoever comes at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connections, transaction
from django.db.models import Sum

from bureau.insured import AT, JISHOU, OFFICER, book, person
from openyibao.bureau.enrolment import accounts, spans
from openyibao.bureau.enrolment.models import Account, AccountMove, Share
from openyibao.bureau.refused import Refused

pytestmark = pytest.mark.usefixtures("django_database")


def code_of(act, *args, **named):
    with pytest.raises(Refused) as refused:
        act(*args, **named)
    return refused.value.code


def move(psn_no, kind, fen, ref="r1", at=AT, **named):
    return accounts.move(psn_no=psn_no, kind=kind, fen=fen, ref=ref, at=at, **named)


def sum_of(psn_no):
    return AccountMove.objects.filter(psn_no=psn_no).aggregate(fen=Sum("fen"))["fen"] or 0


def test_an_opening_or_a_credit_is_booked_once():
    assert accounts.open_account(psn_no="1", fen=50_00, source="old", at=AT) == 50_00
    assert accounts.open_account(psn_no="1", fen=50_00, source="old", at=AT) == 50_00
    assert (move("1", "credit", 10_00), move("1", "credit", 10_00), move("1", "credit", 10_00, "r2")) == (60_00, 60_00, 70_00)
    assert accounts.balance_of("1") == sum_of("1") == 70_00
    assert accounts.open_account(psn_no="2", fen=0, source="old", at=AT) == accounts.balance_of("2") == 0
    with pytest.raises(ValueError, match="below zero"):
        accounts.open_account(psn_no="2", fen=-1, source="old", at=AT)


def test_nothing_is_taken_below_zero():
    move("1", "credit", 10_00)
    with pytest.raises(Refused, match=r"余额 10\.00 元，不足 10\.01 元"):
        move("1", "pay", -10_01)
    assert move("1", "pay", -10_00) == 0
    assert code_of(move, "2", "pay", -1) == "ACCOUNT-01"
    with pytest.raises(DatabaseError), transaction.atomic():
        Account.objects.filter(psn_no="1").update(balance=-1)


@pytest.mark.parametrize(("kind", "fen"), [("gift", 1), ("pay", 0)])
def test_an_unknown_move_is_a_fault_of_the_program(kind, fen):
    with pytest.raises(ValueError, match="no such move"):
        move("1", kind, fen)


def test_a_move_is_not_edited():
    move("1", "credit", 10_00)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AccountMove.objects.update(fen=1)


def test_sixteen_windows_spend_what_is_there_and_no_more():
    move("1", "credit", 10_00)

    def spend(number):
        try:
            return move("1", "pay", -3_00, f"S{number}") >= 0
        except Refused:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        spent = list(threads.map(spend, range(16)))
    assert (sum(spent), accounts.balance_of("1"), sum_of("1")) == (3, 1_00, 1_00)


def test_a_credit_that_comes_eight_times_at_once_is_booked_once():
    def credit(_number):
        try:
            return move("1", "credit", 5_00, "B1")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(credit, range(8))) == [5_00] * 8
    assert accounts.balance_of("1") == sum_of("1") == 5_00


def test_a_retiree_is_credited_the_citys_sum_once_a_month():
    for _ in range(2):
        accounts.credit_retiree(psn_no="1", month=202506, book=book(), at=AT)
    assert accounts.balance_of("1") == 83_00
    accounts.credit_retiree(psn_no="1", month=202212, book=book(), at=AT, pension=2000_00)
    assert accounts.balance_of("1") == 83_00 + 80_00


def test_interest_is_on_each_days_balance():
    move("1", "credit", 360_00, at=datetime(2025, 1, 1, 1, tzinfo=UTC))
    move("1", "pay", -180_00, at=datetime(2025, 1, 11, 1, tzinfo=UTC))
    period = {"psn_no": "1", "first": date(2025, 1, 1), "last": date(2025, 1, 20), "rate": 1000, "at": AT}
    assert accounts.credit_interest(**period) == (360_00 * 10 + 180_00 * 10) * 1000 // (10_000 * 360)
    accounts.credit_interest(**period)
    assert AccountMove.objects.filter(kind="interest").count() == 1


def test_heirs_share_what_is_left_after_the_death_only():
    one, two = person(1).psn_no, person(2).psn_no
    move(one, "credit", 100_00)
    heirs = [accounts.Heir(two, 60_00), accounts.Heir("", 40_00)]
    assert code_of(accounts.inherit, psn_no=one, heirs=heirs, at=AT, officer=OFFICER) == "ACCOUNT-02"
    spans.die(psn_no=one, day=date(2025, 5, 1), at=AT, officer=OFFICER)
    more = [*heirs, accounts.Heir("", 1)]
    assert code_of(accounts.inherit, psn_no=one, heirs=more, at=AT, officer=OFFICER) == "ACCOUNT-01"
    assert (accounts.balance_of(one), accounts.balance_of(two)) == (100_00, 0)
    assert accounts.inherit(psn_no=one, heirs=heirs, at=AT, officer=OFFICER) == 0
    assert accounts.balance_of(two) == 60_00 and sum_of(one) == 0


def share(owner, relative, **changes):
    values = {"relation": "1", "starts": date(2025, 1, 1), "book": book(), "at": AT, "officer": OFFICER, **changes}
    return accounts.share_with(owner=owner, relative=relative, **values)


def test_a_family_uses_accounts_in_order_up_to_the_years_limit():
    move("1", "credit", 100_00)
    move("2", "credit", 20_00)
    share("1", "9", place=2, limit=50_00)
    share("2", "9", place=1)
    assert accounts.family_of("9", date(2025, 6, 1)) == [accounts.Family("2", 20_00), accounts.Family("1", 50_00)]
    move("1", "pay", -30_00, for_psn_no="9")
    move("1", "reverse", 10_00, for_psn_no="9")
    move("2", "pay", -20_00, "r3")
    assert accounts.family_of("9", date(2025, 6, 1)) == [accounts.Family("1", 30_00)]
    assert accounts.family_of("9", date(2026, 1, 1)) == [accounts.Family("1", 50_00)]
    assert accounts.family_of("9", date(2024, 12, 31)) == []


def test_sharing_is_for_the_family_where_the_policy_has_it():
    assert code_of(share, "1", "9", relation="7") == "SHARE-01"
    assert code_of(share, "1", "1") == "SHARE-01"
    assert code_of(share, "1", "9", starts=date(2020, 1, 1)) == "SHARE-02"
    share("1", "9", book=book(JISHOU))
    assert code_of(share, "1", "9") == "SHARE-03"
    assert accounts.stop_sharing(owner="1", relative="9", day=date(2025, 3, 1), at=AT, officer=OFFICER)
    assert not accounts.stop_sharing(owner="1", relative="9", day=date(2025, 3, 1), at=AT, officer=OFFICER)
    share("1", "9", starts=date(2025, 3, 1))
    assert Share.objects.count() == 2
