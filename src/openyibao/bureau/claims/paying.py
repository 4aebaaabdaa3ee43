"""Payment of settled claims 拨付: a batch made by one paymaster, released by another, its bank file, and what the bank sends back."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from openyibao.bureau.claims import bankfile
from openyibao.bureau.claims.actions import held, step
from openyibao.bureau.claims.entry import Payee
from openyibao.bureau.claims.models import Batch, Claim, Payment
from openyibao.bureau.claims.refusals import problem
from openyibao.bureau.claims.sealed import opened, seal, tail
from openyibao.bureau.claims.stages import APPROVED, BATCHED, PAID, UNDOING
from openyibao.bureau.fund.actions import pay_institution
from openyibao.bureau.policydesk.queries import pooling_area
from openyibao.bureau.settlement.clock import day_of
from openyibao.bureau.settlement.paper import CLAIMANTS
from openyibao.bureau.staff import work
from openyibao.bureau.staff.actions import acted
from openyibao.bureau.staff.rights import Rights, need_second

MOST = 2_000
"""Claims of one batch."""
CITY = 4
"""Digits of an area that is a whole city."""
PAYEE = CLAIMANTS.removeprefix("payable/")


def number_of_day(at: datetime) -> int:
    """The city's day of an instant as yyyymmdd."""
    day = day_of(at)
    return day.year * 10_000 + day.month * 100 + day.day


def held_batch(pk: int, by: Rights) -> Batch:
    """A batch of the reader's area, held to the end of the transaction. Raises Refused CLAIM-30."""
    row = Batch.objects.select_for_update().filter(pk=pk).first()
    if row is None or not sees_batch(by, row.poolarea):
        raise problem("CLAIM-30")
    return row


def sees_batch(by: Rights, poolarea: str) -> bool:
    """A batch pays from the pooling area's funds: it is for those whose area holds the whole of it."""
    return "claim.see" in by.acts and not by.institution and poolarea.startswith(by.area[:CITY]) and len(by.area) <= CITY


@transaction.atomic
def made(*, claims: Sequence[int], by: Rights, name: str, at: datetime) -> int:
    """Make a batch 制单 of approved claims of one pooling area; its key. Raises Refused CLAIM-31, CLAIM-32, CLAIM-33."""
    by.need("claim.pay")
    rows = list(Claim.objects.select_for_update().filter(pk__in=set(claims)).order_by("pk"))
    if not rows or len(rows) > MOST:
        raise problem("CLAIM-31", most=MOST)
    areas = {pooling_area(row.area[:6]) for row in rows}
    if len(areas) > 1 or not sees_batch(by, areas.copy().pop()):
        raise problem("CLAIM-33")
    for row in rows:
        by.need_other(row.psn_no)
        if row.state != APPROVED or not row.fund:
            raise problem("CLAIM-32", number=row.number)
    batch = Batch.objects.create(
        number=f"BF{at:%y%m%d%H%M%S%f}"[:20], poolarea=areas.pop(), count=len(rows), fen=sum(row.fund or 0 for row in rows),
        made_by=by.login, made_at=at,
    )  # fmt: skip
    batch.number = f"BF{day_of(at):%y%m%d}{batch.pk % 10**6:06d}"
    batch.save(update_fields=["number"])
    Payment.objects.bulk_create(Payment(batch=batch, claim=row, place=place, fen=row.fund or 0) for place, row in enumerate(rows, 1))
    for row in rows:
        step(row, BATCHED, by=by, name=name, note=batch.number, at=at)
    acted(officer=by.login, what="claim.batch", object=f"batch/{batch.number}", at=at, detail={"count": batch.count, "fen": batch.fen})
    work.opened(
        act="claim.pay", kind="claim.release", object=f"batch/{batch.pk}", title=f"零星报销拨付发放：{batch.number}",
        title_en=f"Release paper claims for payment: {batch.number}", link=reverse("claim-batch", args=[batch.pk]), at=at,
        area=batch.poolarea[:CITY], not_for=(by.login,),
    )  # fmt: skip
    return int(batch.pk)


@transaction.atomic
def cancelled(*, batch: int, by: Rights, name: str, at: datetime) -> None:
    """Undo a batch that was not released: its claims wait again. Raises Refused CLAIM-34."""
    by.need("claim.pay")
    row = unreleased(batch, by)
    for payment in row.payments.select_related("claim").order_by("place"):
        claim = Claim.objects.select_for_update().get(pk=payment.claim_id)
        step(claim, APPROVED, by=by, name=name, note=row.number, at=at, what="unbatched")
    row.payments.update(state="cancelled")
    row.state = "cancelled"
    row.save()
    work.closed(kind="claim.release", object=f"batch/{row.pk}", by=by.login, outcome="cancelled", at=at)
    acted(officer=by.login, what="claim.unbatch", object=f"batch/{row.number}", at=at)


def unreleased(batch: int, by: Rights) -> Batch:
    """A batch that waits for release. Raises Refused CLAIM-34."""
    row = held_batch(batch, by)
    if row.state != "made":
        raise problem("CLAIM-34")
    return row


@transaction.atomic
def released(*, batch: int, by: Rights, name: str, at: datetime) -> None:
    """Release a batch 发放: the entry of the payment, the file for the bank, every claim paid. By another paymaster than its maker.

    Raises Refused STAFF-05 for the maker, CLAIM-34, FUND-02 when the month is closed.
    """
    by.need("claim.pay")
    row = unreleased(batch, by)
    need_second(first=row.made_by, second=by.login)
    payments = list(row.payments.select_related("claim").order_by("place"))
    for payment in payments:
        by.need_other(payment.claim.psn_no)
    lines = [
        bankfile.Paid(one.place, one.claim.number, one.claim.holder, one.claim.bank, opened(one.claim.account_cipher), one.fen)
        for one in payments
    ]
    text = bankfile.written(row.number, day_of(at), lines)
    row.file_cipher, row.sha256 = seal(text), hashlib.sha256(text.encode()).hexdigest()
    row.order = pay_institution(poolarea=row.poolarea, institution=PAYEE, pays=by_fund(payments), day=number_of_day(at), at=at)
    row.state, row.released_by, row.released_at = "released", by.login, at
    row.save()
    row.payments.update(state="paid")
    for payment in payments:
        claim = Claim.objects.select_for_update().get(pk=payment.claim_id)
        claim.paid_at = at
        step(claim, PAID, by=by, name=name, note=row.number, at=at)
    work.closed(kind="claim.release", object=f"batch/{row.pk}", by=by.login, outcome="released", at=at)
    acted(officer=by.login, what="claim.release", object=f"batch/{row.number}", at=at,
          detail={"count": row.count, "fen": row.fen, "sha256": row.sha256, "order": row.order})


def by_fund(payments: Iterable[Payment]) -> list[tuple[str, int]]:
    """What each fund pays of these payments, fen, by fund."""
    sums: Counter[str] = Counter()
    for payment in payments:
        for fund, fen in payment.claim.pays:
            sums[fund] += fen
    return sorted(sums.items())


@transaction.atomic
def sent_back(*, payment: int, because: str, by: Rights, name: str, at: datetime) -> None:
    """The bank sent a payment back 银行退票: the money is booked back, the claim waits again. Raises Refused CLAIM-35, CLAIM-36."""
    claim, why = booked_back(payment, "failed", because, by, at)
    claim.missing = why
    step(claim, APPROVED, by=by, name=name, note=why, at=at, what="sent-back")
    work.opened(
        act="claim.enter", kind="claim.account", object=f"claim/{claim.pk}", title=f"零星报销更正账户：{claim.number}",
        title_en=f"Paper claim, correct the account: {claim.number}", link=reverse("claim", args=[claim.pk]), at=at, area=claim.area,
    )  # fmt: skip


@transaction.atomic
def paid_back(*, payment: int, because: str, by: Rights, name: str, at: datetime) -> None:
    """The person paid it back 本人退款, since it was settled wrongly: booked back, and the settlement is asked to be taken back.

    Raises Refused CLAIM-35, CLAIM-36.
    """
    claim, why = booked_back(payment, "refunded", because, by, at)
    step(claim, UNDOING, by=by, name=name, note=why, at=at, what="paid-back")


def booked_back(payment: int, state: str, because: str, by: Rights, at: datetime) -> tuple[Claim, str]:
    """Money of a payment that came back, booked; its claim, held, and why. Raises Refused CLAIM-35, CLAIM-36, STAFF-04 (recusal)."""
    by.need("claim.pay")
    row = Payment.objects.select_for_update().select_related("batch").filter(pk=payment).first()
    if row is None or row.state != "paid" or not sees_batch(by, row.batch.poolarea):
        raise problem("CLAIM-35")
    if not because.strip():
        raise problem("CLAIM-36")
    claim = Claim.objects.select_for_update().get(pk=row.claim_id)
    by.need_other(claim.psn_no)
    pays = [(fund, -fen) for fund, fen in claim.pays]
    row.returned = pay_institution(poolarea=row.batch.poolarea, institution=PAYEE, pays=pays, day=number_of_day(at), at=at)
    row.state, row.reason = state, because.strip()[:120]
    row.save()
    claim.paid_at = None
    return claim, row.reason


@transaction.atomic
def account_corrected(*, pk: int, payee: Payee, by: Rights, name: str, version: int, at: datetime) -> None:
    """Another bank account for a settled claim 更正收款账户, before it is paid (again). Raises Refused CLAIM-37."""
    by.need("claim.enter")
    row = held(pk, by=by, version=version)
    by.need_other(row.psn_no)
    if row.state != APPROVED:
        raise problem("CLAIM-37")
    before = row.account_tail
    row.holder, row.bank, row.account_cipher, row.account_tail = payee.holder, payee.bank, seal(payee.account), tail(payee.account)
    row.missing = ""
    step(row, APPROVED, by=by, name=name, note=f"…{before} → …{row.account_tail}", at=at, what="account")
    work.closed(kind="claim.account", object=f"claim/{row.pk}", by=by.login, outcome="corrected", at=at)


def file_of(*, batch: int, by: Rights, at: datetime) -> tuple[str, bytes]:
    """The batch file as it was released, name and bytes; the download is logged. Raises Refused CLAIM-38."""
    by.need("claim.pay")
    row = Batch.objects.filter(pk=batch, state="released").first()
    if row is None or not sees_batch(by, row.poolarea):
        raise problem("CLAIM-38")
    content = opened(row.file_cipher).encode()
    acted(officer=by.login, what="claim.file", object=f"batch/{row.number}", at=at, detail={"sha256": hashlib.sha256(content).hexdigest()})
    return f"{row.number}.csv", content
