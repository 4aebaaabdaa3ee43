"""Bills, receipts, arrears, corrections, reconciliation: to the fen, and each only once."""

from datetime import date

import pytest

from bureau.insured import AT, OFFICER, book, person, shelf, standing
from openyibao.bureau.enrolment import accounts, dues
from openyibao.bureau.enrolment.cover import cover_on
from openyibao.bureau.enrolment.dues import Difference, Period, Receipt
from openyibao.bureau.enrolment.models import AccountMove, Due, Relation
from openyibao.bureau.refused import Refused
from openyibao.kernel import codes

pytestmark = pytest.mark.usefixtures("django_database")


def code_of(act, *args, **named):
    with pytest.raises(Refused) as refused:
        act(*args, **named)
    return refused.value.code


def paid(due, day, receipt_no=None, fen=None):
    return Receipt(due.bill_no, receipt_no or f"R{due.bill_no}", day, dues.due_of(due) if fen is None else fen)


def receive(*receipts):
    return dues.receive(receipts, shelf=shelf(), at=AT, officer=OFFICER)


def assess(psn_no, *months, wage=8000_00):
    return [dues.assess(psn_no=psn_no, month=month, wage=wage, book=book()) for month in months]


@pytest.fixture
def employee(django_database):
    one = person(1).psn_no
    standing(one, paid_through=202412)
    return one


def test_a_month_is_assessed_by_the_citys_rates_and_once(employee):
    (due,) = assess(employee, 202501)
    assert (due.base, due.employer, due.person, due.to_account, due.due_on) == (8000_00, 640_00, 160_00, 160_00, date(2025, 1, 25))
    assert assess(employee, 202501) == [due] and Due.objects.count() == 1
    assert code_of(assess, employee, 202501, wage=9000_00) == "DUES-02"
    assert assess(employee, 202502, wage=1_00)[0].base == 4494_00 and assess(employee, 202503, wage=99_999_00)[0].base == 22470_00


def test_who_has_no_relation_in_the_month_owes_nothing(employee):
    Relation.objects.update(ends=date(2025, 1, 1), state="4")
    assert code_of(assess, employee, 202501) == "DUES-01"
    assert assess(employee, 202412)


def test_a_retiree_owes_nothing(employee):
    Relation.objects.update(psn_type="1201")
    assert code_of(assess, employee, 202501) == "DUES-01"


def test_a_receipt_is_booked_once_and_credits_the_account_on_arrival(employee):
    (due,) = assess(employee, 202501)
    assert accounts.balance_of(employee) == 0
    assert receive(paid(due, date(2025, 1, 20)))[:3] == (1, 0, 800_00)
    assert receive(paid(due, date(2025, 1, 20)))[:3] == (0, 1, 0)
    assert accounts.balance_of(employee) == 160_00 and AccountMove.objects.count() == 1
    assert Relation.objects.get().paid_through == 202501


def test_a_wrong_receipt_is_set_aside_with_its_reason_and_the_rest_goes_on(employee):
    one, two = assess(employee, 202501, 202502)
    receive(paid(one, date(2025, 1, 20)))
    done = receive(Receipt("nowhere", "R9", date(2025, 2, 1), 1), paid(one, date(2025, 2, 1), "R8"), paid(two, date(2025, 2, 1), fen=1),
                   paid(two, date(2025, 2, 2)))
    assert [wrong.reason for wrong in done.set_aside] == ["unknown", "paid", "amount"]
    assert (done.booked, accounts.balance_of(employee)) == (1, 320_00)


def test_paid_through_does_not_jump_an_unpaid_month(employee):
    _, two = assess(employee, 202501, 202502)
    receive(paid(two, date(2025, 2, 20)))
    assert Relation.objects.get().paid_through == 202412


def stop(day):
    return dues.stop_for_arrears(day=day, shelf=shelf(), at=AT, officer=OFFICER)


def test_arrears_stop_the_benefit_the_month_after_and_payment_in_time_brings_it_all_back(employee):
    (due,) = assess(employee, 202501)
    assert stop(date(2025, 1, 31)) == []
    assert stop(date(2025, 2, 1)) == [employee] and stop(date(2025, 2, 2)) == []
    assert [cover_on(employee, date(2025, month, 1)).outcome for month in (1, 2)] == [codes.SETTLED, codes.SUSPENDED]
    receive(paid(due, date(2025, 4, 30)))
    assert cover_on(employee, date(2025, 3, 1)).covered and cover_on(employee, date(2025, 5, 1)).covered


def test_arrears_paid_late_restore_from_the_payment_after_a_wait(employee):
    bills = assess(employee, 202501, 202502)
    stop(date(2025, 3, 1))
    receive(paid(bills[0], date(2025, 5, 2)))
    assert cover_on(employee, date(2025, 5, 3)).outcome == codes.SUSPENDED, "a month is still unpaid"
    receive(paid(bills[1], date(2025, 5, 6)))
    outcomes = [cover_on(employee, date(2025, *day)).outcome for day in ((1, 31), (2, 1), (5, 5), (5, 6), (11, 5), (11, 6))]
    assert outcomes == [codes.SETTLED, codes.SUSPENDED, codes.SUSPENDED, codes.WAITING, codes.WAITING, codes.SETTLED]
    old, new = Relation.objects.order_by("starts")
    assert (old.ends, new.starts, new.paid_through, new.emp_no) == (date(2025, 5, 6), date(2025, 5, 6), 202502, "E1")


def test_a_correction_is_a_negative_bill_and_takes_the_credit_back(employee):
    (due,) = assess(employee, 202501)
    receive(paid(due, date(2025, 1, 20)))
    negative = dues.correct(bill_no=due.bill_no, at=AT, officer=OFFICER, why="基数有误")
    assert (negative.employer, negative.person, negative.corrects) == (-640_00, -160_00, due.bill_no)
    assert accounts.balance_of(employee) == 0 and Relation.objects.get().paid_through == 202412
    assert code_of(dues.correct, bill_no=due.bill_no, at=AT, officer=OFFICER, why="") == "DUES-04"
    assert code_of(dues.correct, bill_no=negative.bill_no, at=AT, officer=OFFICER, why="") == "DUES-04"


def test_a_credit_already_spent_is_not_taken_below_zero(employee):
    (due,) = assess(employee, 202501)
    receive(paid(due, date(2025, 1, 20)))
    accounts.move(psn_no=employee, kind="pay", fen=-100_00, ref="S1", at=AT)
    assert code_of(dues.correct, bill_no=due.bill_no, at=AT, officer=OFFICER, why="") == "ACCOUNT-01"
    assert Due.objects.count() == 1 and accounts.balance_of(employee) == 60_00


def test_a_residents_year_with_aid(django_database):
    one = person(1).psn_no
    standing(one, "390", benefit_to=date(2027, 1, 1))
    due = dues.assess_resident(psn_no=one, year=2026, book=book(), aided=400_00)
    assert (due.person, due.subsidy, due.month, due.due_on) == (0, 1100_00, 202600, date(2025, 12, 31))
    assert code_of(dues.assess_resident, psn_no=one, year=2026, book=book(), aided=400_01) == "DUES-03"
    assert code_of(dues.assess_resident, psn_no=one, year=2026, book=book()) == "DUES-02"
    receive(paid(due, date(2025, 12, 1)))
    assert Relation.objects.get().paid_through == 202612


def test_tax_and_books_are_compared_bill_by_bill(employee):
    one, two, three = assess(employee, 202501, 202502, 202503)
    receive(paid(one, date(2025, 3, 3)), paid(two, date(2025, 3, 4)), paid(three, date(2025, 4, 1)))
    tax = {one.bill_no: 800_00, three.bill_no: 800_00, "nowhere": 5}
    periods, differences = dues.reconciled(tax, first=date(2025, 3, 1), last=date(2025, 3, 31))
    assert periods == [Period("", 0, 1, 5, 0, 0), Period("310", 202501, 1, 800_00, 1, 800_00), Period("310", 202502, 0, 0, 1, 800_00),
                       Period("310", 202503, 1, 800_00, 0, 0)]
    assert differences == [
        Difference("310", 202502, two.bill_no, "books only", 0, 800_00), Difference("310", 202503, three.bill_no, "tax only", 800_00, 0),
        Difference("", 0, "nowhere", "tax only", 5, 0),
    ]
    assert dues.reconciled({one.bill_no: 800_01, two.bill_no: 800_00}, first=date(2025, 3, 1), last=date(2025, 3, 31))[1] == [
        Difference("310", 202501, one.bill_no, "amount", 800_01, 800_00)]
