"""Personal accounts 个人账户: every change is a move and the balance in one statement, and a balance never falls below zero.

The rows of a person are locked first, so that a credit that comes twice (the same bill, the same month) is booked once.
"""

from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Sum

from openyibao.bureau.enrolment import terms
from openyibao.bureau.enrolment.models import Account, AccountMove, Person, Share
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.actions import acted
from openyibao.kernel.enrolment import account_interest
from openyibao.policybook.book import Book

CREDIT, PAY, REVERSE, TRANSFER, INTEREST, ADJUST, OPENING = "credit", "pay", "reverse", "transfer", "interest", "adjust", "opening"
KINDS = (CREDIT, PAY, REVERSE, TRANSFER, INTEREST, ADJUST, OPENING)
RELATIONS = {"1": "配偶 spouse", "2": "父母 parent", "3": "子女 child"}
DAYS_A_YEAR = 360
"""Banks' year for interest on savings 储蓄计息年."""

MOVE = """
WITH moved AS (
  UPDATE enrolment_account SET balance = balance + %(fen)s WHERE psn_no = %(psn_no)s AND balance + %(fen)s >= 0 RETURNING balance
), written AS (
  INSERT INTO enrolment_accountmove (psn_no, at, kind, fen, ref, for_psn_no)
  SELECT %(psn_no)s, %(at)s, %(kind)s, %(fen)s, %(ref)s, %(relative)s FROM moved
)
SELECT balance FROM moved
"""
"""The balance and its move, both or neither; no row where the account would fall below zero."""


class Heir(NamedTuple):
    """One heir of an account 继承人: a person number to credit, empty for one who is paid out, and fen."""

    psn_no: str
    fen: int


class Family(NamedTuple):
    """One relative's account that may pay 共济账户, in the order of use."""

    owner: str
    available: int  # fen: the balance, or what is left of the year's limit


def balance_of(psn_no: str) -> int:
    """What is left in an account, fen; 0 for who has none."""
    return int(Account.objects.filter(psn_no=psn_no).values_list("balance", flat=True).first() or 0)


def locked(psn_no: str) -> None:
    """Make sure the account is there and hold it until the transaction ends."""
    Account.objects.bulk_create([Account(psn_no=psn_no)], ignore_conflicts=True)
    Account.objects.select_for_update().get(psn_no=psn_no)


@transaction.atomic
def move(*, psn_no: str, kind: str, fen: int, ref: str, at: datetime, for_psn_no: str = "") -> int:
    """Move money into (fen > 0) or out of an account; the balance afterwards, fen.

    ref  what the move rests on (bill_no, setl_id, month); for credits, openings and interest the same ref is booked once
    Raises Refused ACCOUNT-01 when the account holds less, ValueError for an unknown kind or a move of nothing.
    """
    if kind not in KINDS or fen == 0:
        raise ValueError(f"no such move of an account: {kind} {fen}")
    locked(psn_no)
    if kind in (CREDIT, OPENING, INTEREST) and AccountMove.objects.filter(psn_no=psn_no, kind=kind, ref=ref).exists():
        return balance_of(psn_no)
    with connection.cursor() as cursor:
        cursor.execute(MOVE, {"psn_no": psn_no, "fen": fen, "at": at, "kind": kind, "ref": ref, "relative": for_psn_no})
        row = cursor.fetchone()
    if row is None:
        held = balance_of(psn_no)
        raise Refused(
            "ACCOUNT-01", f"个人账户余额 {yuan(held)} 元，不足 {yuan(-fen)} 元。",
            f"The account holds {yuan(held)} yuan, less than {yuan(-fen)}.",
            place=psn_no, next_zh="请改用现金或其他方式支付差额。", next_en="Pay the difference in another way.",
        )
    return int(row[0])


def yuan(fen: int) -> str:
    """Fen as yuan for a sentence."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def open_account(*, psn_no: str, fen: int, source: str, at: datetime) -> int:
    """Take over a balance from an earlier system 期初余额, once; the balance. Zero only opens the account. Raises ValueError below zero."""
    if fen < 0:
        raise ValueError("an opening balance is not below zero")
    if fen == 0:
        Account.objects.get_or_create(psn_no=psn_no)
        return balance_of(psn_no)
    return int(move(psn_no=psn_no, kind=OPENING, fen=fen, ref=source, at=at))


def credit_retiree(*, psn_no: str, month: int, book: Book, at: datetime, pension: int = 0) -> int:
    """Credit a retiree's account for a month yyyymm 退休划入, once a month; the balance. Raises Gap."""
    fen = terms.retiree_credit(book, month * 100 + 1, pension=pension)
    return int(move(psn_no=psn_no, kind=CREDIT, fen=fen, ref=f"retired-{month}", at=at))


@transaction.atomic
def credit_interest(*, psn_no: str, first: date, last: date, rate: int, at: datetime) -> int:
    """Interest 计息 on each day's closing balance from `first` to `last`, both included; what was credited, fen, 0 for nothing.

    rate  parts per 10,000 a year, as the bureau announces it for the period; booked once per period
    """
    locked(psn_no)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(sum(held.fen), 0) FROM generate_series(%s::date, %s::date, '1 day') AS days(day)
            CROSS JOIN LATERAL (SELECT coalesce(sum(fen), 0) AS fen FROM enrolment_accountmove
              WHERE psn_no = %s AND (at AT TIME ZONE 'Asia/Shanghai')::date <= days.day) AS held
            """,
            [first, last, psn_no],
        )
        fen = account_interest(int(cursor.fetchone()[0]), rate, DAYS_A_YEAR)
    if fen > 0:
        move(psn_no=psn_no, kind=INTEREST, fen=fen, ref=f"{first:%Y%m%d}-{last:%Y%m%d}", at=at)
    return fen


@transaction.atomic
def inherit(*, psn_no: str, heirs: list[Heir], at: datetime, officer: str) -> int:
    """Hand a dead person's account to the heirs 账户继承; what is left, fen. Heirs with an account are credited, others paid out.

    Raises Refused ACCOUNT-02 while the person lives, ACCOUNT-01 when the parts are more than the account.
    """
    person = Person.objects.get(psn_no=psn_no)
    if person.died_on is None:
        raise Refused(
            "ACCOUNT-02", "参保人没有死亡登记，个人账户不能继承。", "No death is registered; the account is not inherited.",
            place=psn_no, next_zh="请先办理死亡登记。", next_en="Register the death first.",
        )
    left = balance_of(psn_no)
    for number, heir in enumerate(heirs, 1):
        left = move(psn_no=psn_no, kind=TRANSFER, fen=-heir.fen, ref=f"heir-{number}", at=at, for_psn_no=heir.psn_no)
        if heir.psn_no:
            move(psn_no=heir.psn_no, kind=TRANSFER, fen=heir.fen, ref=f"from-{psn_no}", at=at)
    acted(officer=officer, what="enrolment.inherit", object=f"person/{psn_no}", at=at, detail={"parts": [heir.fen for heir in heirs]})
    return left


@transaction.atomic
def share_with(
    *, owner: str, relative: str, relation: str, starts: date, book: Book, at: datetime, officer: str, place: int = 1,
    limit: int | None = None,
) -> int:
    """Let a relative pay from the owner's account 家庭共济; the row's number.

    place  order among the accounts the relative may use; limit fen a calendar year, None = the balance
    Raises Refused SHARE-01 (not a relation), SHARE-02 (not in the policy on that day), SHARE-03 (already shared).
    """
    if relation not in RELATIONS or owner == relative:
        raise Refused(
            "SHARE-01", "家庭共济只限配偶、父母、子女。", "Sharing is for spouse, parents and children.",
            place="relation", next_zh="请核对亲属关系。", next_en="Check the relation.", clause="国办发〔2021〕14号",
        )
    if not terms.shares_in_family(book, terms.number_of(starts)):
        raise Refused(
            "SHARE-02", f"{book.name}在 {starts} 尚未实行家庭共济。", f"{book.name_en} has no family sharing on {starts}.",
            place="starts", next_zh="请自政策实行之日起办理。", next_en="Register it from the day the policy begins.",
        )
    locked(owner)
    standing = Share.objects.filter(owner=owner, relative=relative, ends__isnull=True).first()
    if standing is not None:
        raise Refused(
            "SHARE-03", "该亲属已在共济名单中。", "This relative already shares the account.", place="relative",
            since=standing.starts, next_zh="如要改限额或顺序，请先停止再办理。", next_en="To change limit or order, stop it first.",
        )
    row = Share.objects.create(owner=owner, relative=relative, relation=relation, starts=starts, place=place, limit=limit)
    acted(officer=officer, what="enrolment.share", object=f"person/{owner}", at=at, detail={"relative": relative, "limit": limit})
    return int(row.pk)


@transaction.atomic
def stop_sharing(*, owner: str, relative: str, day: date, at: datetime, officer: str) -> bool:
    """Stop a share from `day` on 停止共济; False when none stood."""
    rows = Share.objects.select_for_update().filter(owner=owner, relative=relative, ends__isnull=True)
    found = False
    for row in rows:
        row.ends = max(day, row.starts)
        row.save(update_fields=["ends"])
        found = True
    if found:
        acted(officer=officer, what="enrolment.stop-sharing", object=f"person/{owner}", at=at, detail={"relative": relative})
    return found


def family_of(relative: str, day: date) -> list[Family]:
    """The accounts a person may use beside the own 可用共济账户 on a day, in order; those with nothing left are not listed."""
    rows = Share.objects.filter(relative=relative, starts__lte=day).order_by("place", "owner")
    found = []
    for row in rows:
        if row.ends is not None and row.ends <= day:
            continue
        available = balance_of(row.owner)
        if row.limit is not None:
            spent = AccountMove.objects.filter(psn_no=row.owner, for_psn_no=relative, kind__in=(PAY, REVERSE), at__year=day.year)
            available = min(available, row.limit + (spent.aggregate(fen=Sum("fen"))["fen"] or 0))
        if available > 0:
            found.append(Family(row.owner, available))
    return found
