"""Contributions 缴费核定与到账: bills per month (residents: per year), receipts of the tax office, arrears, corrections, reconciliation.

A bill is written once and paid once. A mistake is taken back by a negative bill that names it; nothing is deleted. The account is credited
when the money arrives, not when it is assessed; benefits stop for arrears and come back by the kernel's rule when they are paid.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from openyibao.bureau.enrolment import accounts, terms
from openyibao.bureau.enrolment.cover import ENDED, NORMAL
from openyibao.bureau.enrolment.models import BASIC, Due, Person, Relation
from openyibao.bureau.enrolment.spans import closed, opened
from openyibao.bureau.enrolment.terms import date_of, number_of
from openyibao.bureau.policydesk.queries import Shelf
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.actions import acted
from openyibao.kernel import codes, enrolment
from openyibao.kernel.codes import HALF_UP
from openyibao.policybook.book import Book
from openyibao.policybook.national import status_of

EMPLOYEE, RESIDENT = BASIC
WHOLE_YEAR = 0
"""A resident's bill stands for a year: month yyyy00."""
CORRECTION = "-"
"""What a correcting bill's number adds to the number of the bill it takes back."""


CARRIED = ("psn_no", "insutype", "admdvs", "emp_no", "psn_type", "paid_through", "civil_servant", "maternity", "added", "benefit_to")
"""What a new span takes over from the one before it."""


class Receipt(NamedTuple):
    """A receipt of the tax office 税务到账: the bill, the tax receipt, the day, fen without late fee."""

    bill_no: str
    receipt_no: str
    paid_on: date
    fen: int


class Unbooked(NamedTuple):
    """A receipt set aside, with the reason 未入账: `unknown`, `amount`, `paid` (by another receipt), `corrected`."""

    receipt: Receipt
    reason: str
    zh: str
    en: str


class Booked(NamedTuple):
    """What an import of receipts did."""

    booked: int
    repeated: int
    fen: int
    set_aside: tuple[Unbooked, ...]


class Difference(NamedTuple):
    """One line of the reconciliation 税务与本系统对账: `tax only`, `books only` or `amount`."""

    insutype: str
    month: int
    bill_no: str
    kind: str
    tax: int
    books: int


class Period(NamedTuple):
    """Sums of one scheme and period on both sides."""

    insutype: str
    month: int
    tax_count: int
    tax_fen: int
    books_count: int
    books_fen: int


def due_of(row: Due) -> int:
    """What the payer of a bill owes 应缴, fen: employer's and person's part; the state's subsidy comes another way."""
    return int(row.employer + row.person)


def bill_number(insutype: str, month: int, psn_no: str) -> str:
    """The number of a bill: one per scheme, period and person, so that assessing twice makes one bill."""
    return f"{insutype}{month}{psn_no}"


def age_on(born: date, day: date) -> int:
    """Whole years of age."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@transaction.atomic
def assess(*, psn_no: str, month: int, wage: int, book: Book, relief: str = "", deferred_to: date | None = None) -> Due:
    """Assess an employee's month yyyymm 核定: the bill, the standing one when it was assessed before; a retiree owes nothing.

    wage         prior-year monthly average wage as declared, fen; clipped to floor and cap
    relief       a code; the employer's part is lowered by the policy's factor of that month
    deferred_to  another due day 缓缴
    Raises Refused DUES-01 (no relation, or a retiree), DUES-02 (assessed before on another base), Gap.
    """
    first = month * 100 + 1
    relation = relation_for(psn_no, EMPLOYEE, first)
    person = Person.objects.get(psn_no=psn_no)
    if status_of(relation.psn_type) == codes.RETIRED:
        raise Refused("DUES-01", "退休人员达到缴费年限，不再缴费。", "A retiree pays no more.", place="psn_no",
                      next_zh="无需核定。", next_en="Nothing is assessed.", clause="社会保险法 第二十七条")
    flexible = int(not relation.emp_no)
    rates = terms.rates(book, first, age=age_on(person.brdy, date(month // 100, month % 100, 1)))
    factor = terms.relief_factor(book, first) if relief else codes.WHOLE
    owed = enrolment.monthly(wage, flexible, rates, factor, HALF_UP)
    due, made = Due.objects.get_or_create(bill_no=bill_number(EMPLOYEE, month, psn_no), defaults={
        "psn_no": psn_no, "insutype": EMPLOYEE, "emp_no": relation.emp_no, "month": month,
        "base": owed.base, "employer": owed.employer, "person": owed.person, "to_account": owed.to_account,
        "due_on": deferred_to or terms.due_day(book, month), "relief": relief,
    })
    if not made and (due.base, due.employer, due.person) != (owed.base, owed.employer, owed.person):
        raise Refused("DUES-02", f"{month} 已按另一基数核定。", f"{month} is assessed on another base.", place="wage", since=due.due_on,
                      next_zh="请先冲销原单再核定。", next_en="Correct the first bill, then assess again.")
    return due


def relation_for(psn_no: str, insutype: str, day: int) -> Relation:
    """The relation that owes for a month: of those begun by its end, the last not ended before it. Raises Refused DUES-01."""
    begun = date_of(enrolment.first_after_month(day)) or date.max
    rows = Relation.objects.filter(psn_no=psn_no, insutype=insutype, starts__lt=begun).exclude(state="3").order_by("-starts")
    for row in rows:
        if row.ends is None or number_of(row.ends) > day:
            return row
    raise Refused("DUES-01", "该月没有参保关系，不能核定。", "No relation stands in that month.", place="month",
                  next_zh="请核对参保起止。", next_en="Check the days of the relation.")


@transaction.atomic
def assess_resident(*, psn_no: str, year: int, book: Book, aided: int = 0, due_on: date | None = None) -> Due:
    """Assess a resident's year 居民核定: the premium of the policy, of which medical aid or another office pays `aided` fen.

    Raises Refused DUES-03 when more is aided than the premium, DUES-02, Gap.
    """
    premium = terms.premium(book, year)
    if not 0 <= aided <= premium.person:
        most = accounts.yuan(premium.person)
        raise Refused("DUES-03", f"资助额超过个人缴费 {most} 元。", f"More is aided than the premium of {most}.", place="aided",
                      next_zh="请核对资助标准。", next_en="Check the rate of the subsidy.")
    closes = date_of(terms.window(book, year).closes) or date.max
    due, made = Due.objects.get_or_create(bill_no=bill_number(RESIDENT, year * 100 + WHOLE_YEAR, psn_no), defaults={
        "psn_no": psn_no, "insutype": RESIDENT, "month": year * 100 + WHOLE_YEAR, "person": premium.person - aided,
        "subsidy": premium.subsidy + aided, "due_on": due_on or closes,
    })
    if not made and due.person != premium.person - aided:
        raise Refused("DUES-02", f"{year} 年度已按另一标准核定。", f"{year} is assessed otherwise.", place="aided", since=due.due_on,
                      next_zh="请先冲销原单再核定。", next_en="Correct the first bill, then assess again.")
    return due


def receive(receipts: Iterable[Receipt], *, shelf: Shelf, at: datetime, officer: str) -> Booked:
    """Book receipts of the tax office 税务到账导入. Each stands for itself: a bad one is set aside, a repeated one counted once.

    A booked one moves `paid_through`, credits the account, and ends the stop for arrears by the rule of the day it was paid. Raises Gap.
    """
    booked = repeated = fen = 0
    set_aside: list[Unbooked] = []
    for receipt in receipts:
        with transaction.atomic():
            due = Due.objects.select_for_update().filter(bill_no=receipt.bill_no).first()
            wrong = unbooked(due, receipt)
            if wrong is not None:
                set_aside.append(wrong)
            elif due is None or due.paid_on is not None:
                repeated += 1
            else:
                pay(due, receipt, shelf, at)
                booked, fen = booked + 1, fen + receipt.fen
    acted(officer=officer, what="enrolment.receive", object="dues", at=at,
          detail={"booked": booked, "repeated": repeated, "fen": fen, "set_aside": len(set_aside)})
    return Booked(booked, repeated, fen, tuple(set_aside))


def unbooked(due: Due | None, receipt: Receipt) -> Unbooked | None:
    """Why a receipt cannot be booked; None when it can, or was."""
    if due is None:
        return Unbooked(receipt, "unknown", "没有这张应缴单，请税务核对单号",
                        "there is no such bill; have the tax office check its number")
    if due.paid_on is not None and due.receipt_no != receipt.receipt_no:
        return Unbooked(receipt, "paid", f"已由税票 {due.receipt_no} 缴清，请办理退费",
                        f"paid by receipt {due.receipt_no}; refund this one")
    if due.corrects or Due.objects.filter(corrects=due.bill_no).exists():
        return Unbooked(receipt, "corrected", "该单已冲销，请办理退费", "the bill was taken back; refund this one")
    if receipt.fen != due_of(due):
        owed = accounts.yuan(due_of(due))
        return Unbooked(receipt, "amount", f"应缴 {owed} 元，金额不符，请税务核对", f"{owed} yuan are due; have the amount checked")
    return None


def pay(due: Due, receipt: Receipt, shelf: Shelf, at: datetime) -> None:
    """A bill is paid: the row, the account, the months, the stop."""
    Person.objects.select_for_update().get(psn_no=due.psn_no)
    due.paid_on, due.receipt_no = receipt.paid_on, receipt.receipt_no
    due.save(update_fields=["paid_on", "receipt_no"])
    if due.to_account:
        accounts.move(psn_no=due.psn_no, kind=accounts.CREDIT, fen=due.to_account, ref=due.bill_no, at=at)
    relation = latest(due.psn_no, due.insutype)
    if relation is None:
        return
    relation.paid_through = paid_through(relation)
    relation.save(update_fields=["paid_through"])
    if is_stopped(relation) and not first_unpaid(due.psn_no, due.insutype, receipt.paid_on):
        restore(relation, receipt.paid_on, shelf)


def restore(relation: Relation, paid_on: date, shelf: Shelf) -> None:
    """End a stop 恢复待遇 once nothing is overdue: as if it had never been, or by a new span with its wait from the payment on.

    A new span, because a wait belongs to a whole span and the days before the stop were covered. Raises Refused DUES-05, Gap.
    """
    book = shelf.of_area(relation.admdvs)
    if book is None:
        raise Refused("DUES-05", f"没有区划 {relation.admdvs} 的政策。", f"No policies for area {relation.admdvs}.", place="admdvs",
                      next_zh="请先装入该市政策。", next_en="Load that city's policies.")
    stopped = relation.suspended_from or paid_on
    late = [row.month for row in standing_bills(relation.psn_no, relation.insutype)
            if row.due_on < stopped and row.paid_on is not None and row.paid_on >= stopped]
    day = number_of(paid_on)
    again = enrolment.restored(min(late, default=number_of(stopped) // 100), day, terms.employee_waiting(book, day))
    if not again.suspended_to:
        relation.suspended_from = None
        relation.save(update_fields=["suspended_from"])
    elif relation.ends is None:
        closed(relation, paid_on, ENDED)
        opened(
            starts=paid_on, benefit_from=paid_on, wait_until=date_of(again.wait_until), source="arrears paid",
            **{name: getattr(relation, name) for name in CARRIED},
        )


def latest(psn_no: str, insutype: str) -> Relation | None:
    """The relation of a scheme that began last."""
    rows = Relation.objects.select_for_update().filter(psn_no=psn_no, insutype=insutype).exclude(state="3")
    return rows.order_by("-starts").first()


def standing_bills(psn_no: str, insutype: str) -> list[Due]:
    """Bills that were not taken back, and no correcting ones, by month."""
    rows = list(Due.objects.filter(psn_no=psn_no, insutype=insutype).order_by("month"))
    gone = {row.corrects for row in rows if row.corrects}
    return [row for row in rows if not row.corrects and row.bill_no not in gone]


def first_unpaid(psn_no: str, insutype: str, day: date) -> int:
    """The first month whose bill is overdue on a day, 0 = none."""
    bills = standing_bills(psn_no, insutype)
    return min((int(row.month) for row in bills if row.paid_on is None and row.due_on < day and due_of(row)), default=0)


def paid_through(relation: Relation) -> int:
    """The last month of the unbroken row of paid bills 缴费至; what the relation said before where no bill tells more.

    A resident's bill of a year pays through its December.
    """
    through = int(relation.paid_through)
    for row in standing_bills(relation.psn_no, relation.insutype):
        month = row.month + 12 if row.month % 100 == WHOLE_YEAR else row.month
        if row.paid_on is None and due_of(row):
            return min(through, enrolment.month_after(row.month, -1)) if row.month % 100 and row.month <= through else through
        through = max(through, month)
    return through


@transaction.atomic
def stop_for_arrears(*, day: date, shelf: Shelf, at: datetime, officer: str) -> list[str]:
    """Stop the benefits of employees whose dues are overdue 欠费暂停, as of `day`; the persons stopped now. Raises Gap."""
    stopped = []
    overdue = Due.objects.filter(insutype=EMPLOYEE, paid_on__isnull=True, due_on__lt=day, corrects="").values_list("psn_no", flat=True)
    for psn_no in sorted(set(overdue)):
        relation = latest(psn_no, EMPLOYEE)
        unpaid = first_unpaid(psn_no, EMPLOYEE, day)
        book = shelf.of_area(relation.admdvs) if relation is not None else None
        if not unpaid or relation is None or book is None or relation.state != NORMAL or is_stopped(relation):
            continue
        stop = date_of(enrolment.arrears_stop(unpaid, terms.grace_months(book, number_of(day))))
        if stop is not None and stop <= day:
            relation.suspended_from, relation.suspended_to = max(stop, relation.starts), None
            relation.save(update_fields=["suspended_from", "suspended_to"])
            stopped.append(psn_no)
            acted(officer=officer, what="enrolment.stop-for-arrears", object=f"person/{psn_no}", at=at, detail={"unpaid": unpaid})
    return stopped


def is_stopped(relation: Relation) -> bool:
    """Whether a stop stands open."""
    return relation.suspended_from is not None and relation.suspended_to is None


@transaction.atomic
def correct(*, bill_no: str, at: datetime, officer: str, why: str) -> Due:
    """Take a bill back 冲销 by a negative one; what it credited to the account goes back too.

    Raises Refused DUES-04 (no such bill, a correction itself, or taken back before), ACCOUNT-01 when the account was spent.
    """
    due = Due.objects.select_for_update().filter(bill_no=bill_no, corrects="").first()
    earlier = Due.objects.filter(corrects=bill_no).first()
    if due is None or earlier is not None:
        raise Refused("DUES-04", "没有可冲销的应缴单，或已冲销。", "No such bill, or it was taken back.", place="bill_no",
                      since=earlier.paid_on if earlier else None, next_zh="请核对单号。", next_en="Check the number.")
    negative = Due.objects.create(
        bill_no=f"{bill_no[:39]}{CORRECTION}", psn_no=due.psn_no, insutype=due.insutype, emp_no=due.emp_no, month=due.month,
        base=due.base, employer=-due.employer, person=-due.person, subsidy=-due.subsidy, to_account=-due.to_account, due_on=due.due_on,
        paid_on=due.paid_on, receipt_no=due.receipt_no, corrects=bill_no,
    )
    if due.paid_on is not None and due.to_account:
        accounts.move(psn_no=due.psn_no, kind=accounts.ADJUST, fen=-due.to_account, ref=negative.bill_no, at=at)
    relation = latest(due.psn_no, due.insutype)
    if relation is not None and due.paid_on is not None and relation.paid_through >= due.month:
        relation.paid_through = enrolment.month_after(due.month if due.month % 100 else due.month + 1, -1)
        relation.paid_through = paid_through(relation)
        relation.save(update_fields=["paid_through"])
    acted(officer=officer, what="enrolment.correct", object=f"due/{bill_no}", at=at, detail={"why": why[:200]})
    return negative


def reconciled(tax: Mapping[str, int], *, first: date, last: date) -> tuple[list[Period], list[Difference]]:
    """Compare the tax office's list of bills paid from `first` to `last`, both included, with the books 三方对账之税务与账.

    tax  bill_no -> fen as the tax office has it
    Returns sums and counts per scheme and period, and every bill that differs.
    """
    known = {row.bill_no: row for row in Due.objects.filter(bill_no__in=list(tax))}
    paid = {row.bill_no: row for row in Due.objects.filter(paid_on__gte=first, paid_on__lte=last, corrects="")}
    sums: dict[tuple[str, int], list[int]] = {}
    differences = []
    for bill_no in sorted({*tax, *paid}):
        row = paid.get(bill_no) or known.get(bill_no)
        key = (row.insutype, row.month) if row is not None else ("", 0)
        booked = due_of(paid[bill_no]) if bill_no in paid else 0
        place = sums.setdefault(key, [0, 0, 0, 0])
        for offset, fen, there in ((0, tax.get(bill_no, 0), bill_no in tax), (2, booked, bill_no in paid)):
            place[offset] += there
            place[offset + 1] += fen
        kind = "books only" if bill_no not in tax else "tax only" if bill_no not in paid else "amount" if tax[bill_no] != booked else ""
        if kind:
            differences.append(Difference(key[0], key[1], bill_no, kind, tax.get(bill_no, 0), booked))
    return [Period(key[0], key[1], *found) for key, found in sorted(sums.items())], differences
