"""The fund desk's books: entries balance, months close in order and stay closed, payments pay the oldest bills."""

import threading
from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from openyibao.bureau.fund import actions, queries
from openyibao.bureau.fund.books import Moved, followed, payment_entry
from openyibao.bureau.fund.models import Entry, Posting
from openyibao.bureau.refused import Refused
from openyibao.kernel import ledger
from openyibao.kernel.ledger import Unbalanced

AREA, HOSPITAL = "433100", "H43310100001"
AT = datetime(2024, 5, 2, 1, 0, tzinfo=UTC)


def bill(fen, day, fund="resident", setl_id=None):
    """A bill's entry as settlements book it."""
    postings = (ledger.Posting(fund, "benefit", fen), ledger.Posting(fund, f"payable/{HOSPITAL}", -fen))
    return actions.post(ledger.entry(day, "settlement", postings), poolarea=AREA, at=AT, setl_id=setl_id)


def money_in(fen, day, fund="resident"):
    """Money that comes into a fund's account."""
    postings = (ledger.Posting(fund, "bank", fen), ledger.Posting(fund, "transfers", -fen))
    return actions.post(ledger.entry(day, "transfer", postings), poolarea=AREA, at=AT)


def pay(fen, day, fund="resident"):
    return actions.pay_institution(poolarea=AREA, institution=HOSPITAL, pays=[(fund, fen)], day=day, at=AT)


def code(action, **values):
    with pytest.raises(Refused) as refused:
        action(**values)
    return refused.value.code


def test_an_entry_is_booked_once_balanced_and_counted(django_database):
    first, second = bill(1_000, 20240401), bill(250, 20240402)
    assert second == first + 1
    assert [(one.fund, one.account, one.fen) for one in queries.balances(AREA, date(2024, 4, 30))] == [
        ("resident", "benefit", 1_250), ("resident", f"payable/{HOSPITAL}", -1_250)
    ]  # fmt: skip
    assert queries.trial_balance(AREA, date(2024, 4, 30)) == {"resident": 0}
    assert queries.balances(AREA, date(2024, 3, 31)) == queries.balances("610900", date(2024, 4, 30)) == []


def test_an_unbalanced_or_empty_entry_is_refused(django_database):
    with pytest.raises(Unbalanced):
        actions.post(ledger.Entry(20240401, "x", (ledger.Posting("resident", "benefit", 5),)), poolarea=AREA, at=AT)
    assert code(actions.post, entry=ledger.Entry(20240401, "x", ()), poolarea=AREA, at=AT) == "FUND-01"
    assert not Entry.objects.exists()


def test_the_database_refuses_what_the_action_would_not_see(django_database):
    one = bill(100, 20240401)
    with pytest.raises(IntegrityError, match="own transaction"):
        Posting.objects.create(entry_id=one, fund="resident", account="benefit", fen=1)
    with pytest.raises(IntegrityError, match="out of balance"), transaction.atomic():
        Entry.objects.create(id=5, poolarea=AREA, day=date(2024, 4, 1), text="x", at=AT)
        Posting.objects.create(entry_id=5, fund="resident", account="benefit", fen=1)
    with pytest.raises(IntegrityError, match="append-only"):
        Posting.objects.filter(entry_id=one).update(fen=2)


def test_an_entry_is_taken_back_by_another(django_database):
    number = money_in(500, 20240401)
    actions.take_back(number, at=AT, day=20240402, because="twice")
    assert [one.fen for one in queries.balances(AREA, date(2024, 4, 2))] == [0, 0]
    assert queries.balances(AREA, date(2024, 4, 1))[0].fen == 500
    assert code(actions.take_back, number=bill(5, 20240401, setl_id=9), at=AT, day=20240402, because="x") == "FUND-03"
    assert code(actions.take_back, number=1, at=AT, day=20240402, because="x") == "FUND-03"


def test_a_ledger_carries_its_balance_and_names_what_stands_behind(django_database):
    bill(100, 20240301, setl_id=1)
    bill(40, 20240401, setl_id=2)
    bill(60, 20240402, setl_id=3)
    rows = list(queries.ledger(AREA, "resident", "benefit", date(2024, 4, 1), date(2024, 5, 1)))
    assert [(row.day.day, row.setl_id, row.fen, row.balance) for row in rows] == [(1, 2, 40, 140), (2, 3, 60, 200)]


def test_payments_pay_the_oldest_bills_and_the_days_are_told(django_database):
    bill(1_000, 20240401)
    bill(500, 20240411)
    pay(1_200, 20240421)
    (one,) = queries.unpaid(AREA, date(2024, 4, 30))
    assert (one.institution, one.fund, one.fen, one.oldest, one.days) == (HOSPITAL, "resident", 300, date(2024, 4, 11), 19)
    assert (one.paid, one.paid_days, one.longest) == (1_200, 19, 20)     # 1,000 for 20 days, 200 for 10
    assert queries.unpaid(AREA, date(2024, 4, 30), "H1") == []


def test_a_bill_taken_back_is_no_payment(django_database):
    bill(1_000, 20240401, setl_id=1)
    bill(500, 20240411, setl_id=2)
    bill(-500, 20240412, setl_id=3)
    (one,) = queries.unpaid(AREA, date(2024, 4, 30))
    assert (one.fen, one.paid, one.oldest) == (1_000, 0, date(2024, 4, 1))


@given(st.lists(st.tuples(st.integers(-50, 50), st.booleans()), max_size=30))
def test_what_is_owed_and_paid_adds_up(moves):
    steps = [Moved(date(2024, 1, 1 + number), fen, back and fen > 0) for number, (fen, back) in enumerate(moves)]
    owed, paid = followed(steps)
    assert sum(one.fen for one in owed) == -sum(one.fen for one in steps)
    assert all(one.fen for one in owed)
    assert len({one.fen > 0 for one in owed}) <= 1
    assert all(one.fen > 0 and one.days >= 0 for one in paid)


def test_a_payment_names_every_fund():
    entry = payment_entry(20240421, HOSPITAL, [("resident", 5), ("medical-aid", 0), ("catastrophic", 7)], "9")
    assert ledger.trial_balance((entry,)) == {
        ("resident", f"payable/{HOSPITAL}"): 5, ("resident", "bank"): -5,
        ("catastrophic", f"payable/{HOSPITAL}"): 7, ("catastrophic", "bank"): -7,
    }  # fmt: skip


def close(month, at=AT):
    return actions.close_month(poolarea=AREA, month=month, by="desk", at=at)


def test_months_close_in_order_and_take_nothing_more(django_database):
    bill(100, 20240310)
    bill(100, 20240410)
    assert code(close, month=202405) == "FUND-11"
    assert code(close, month=202404) == "FUND-13"
    assert close(202403) == date(2024, 4, 1)
    assert close(202404) == date(2024, 5, 1)
    assert code(close, month=202404) == "FUND-12"
    assert code(bill, fen=5, day=20240430) == "FUND-02"
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        Entry.objects.create(id=5, poolarea=AREA, day=date(2024, 4, 30), text="x", at=AT)
    bill(5, 20240501)


def test_a_month_does_not_close_on_an_overdrawn_account(django_database):
    bill(100, 20240401)
    pay(100, 20240420)
    assert code(close, month=202404) == "FUND-15"
    money_in(100, 20240401)
    assert close(202404) == date(2024, 5, 1)


def test_a_month_does_not_close_out_of_balance(django_database):
    one = bill(100, 20240401)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE fund_posting DISABLE TRIGGER USER")
        cursor.execute("UPDATE fund_posting SET fen = fen + 1 WHERE entry_id = %s AND fen > 0", [one])
    assert code(close, month=202404) == "FUND-14"


def test_an_entry_that_is_being_written_gets_into_the_month_before_it_closes(django_database):
    closed = []

    def closing():
        try:
            closed.append(close(202404))
        finally:
            connection.close()

    with psycopg.connect(django_database) as window:
        window.execute("INSERT INTO fund_entry (id, poolarea, day, text, at) VALUES (7, %s, '2024-04-30', 'x', now())", [AREA])
        window.execute("INSERT INTO fund_posting (entry_id, fund, account, fen) VALUES (7, 'resident', 'a', 5), (7, 'resident', 'b', -5)")
        thread = threading.Thread(target=closing)
        thread.start()
        while not _waits(django_database):
            pass
        assert not closed
        window.commit()
    thread.join()
    assert closed == [date(2024, 5, 1)]
    assert Entry.objects.filter(id=7).exists()


def _waits(url):
    with psycopg.connect(url, autocommit=True) as other:
        return other.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'fund_entry'::regclass").fetchone()[0]
