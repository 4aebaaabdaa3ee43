"""What others and the pages ask of paper claims 零星报销查询: the claims a reader may see, and one claim as its page shows it."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum

from openyibao.bureau.claims.models import Batch, Claim, Payment, Scan
from openyibao.bureau.claims.paying import CITY
from openyibao.bureau.claims.refusals import problem
from openyibao.bureau.claims.stages import APPROVED, AT, OVER, said
from openyibao.bureau.staff.rights import Rights


class Happened(NamedTuple):
    """A step as the timeline shows it."""

    at: Any
    what: dict[str, str]
    who: str
    note: str


def within(rights: Rights) -> QuerySet[Claim]:
    """The claims of a reader's area; a hospital's post has none, one that may not see them neither."""
    if rights.institution or "claim.see" not in rights.acts:
        return Claim.objects.none()
    rows = Claim.objects.all()
    return rows.filter(area__startswith=rights.area) if rights.area else rows


def claims_of(psn_no: str) -> QuerySet[Claim]:
    """A person's own claims."""
    return Claim.objects.filter(psn_no=psn_no)


def one(pk: int, rights: Rights) -> Claim:
    """A claim of the reader's area. Raises Refused CLAIM-20."""
    row = within(rights).filter(pk=pk).first()
    if row is None:
        raise problem("CLAIM-20")
    return row


def scan_of(claim: int, scan: int) -> Scan:
    """A scan of a claim. Raises Refused CLAIM-40."""
    row = Scan.objects.filter(pk=scan, claim_id=claim).first()
    if row is None:
        raise problem("CLAIM-40")
    return row


def happened(row: Claim, *, public: bool = False) -> list[Happened]:
    """The steps of a claim, newest first; for the person without the officers' names."""
    steps = row.steps.order_by("-at", "-pk")
    found = [Happened(one.at, said(one.stage, one.outcome), "" if public else f"{one.name}（{one.officer}）", one.note) for one in steps]
    return [one for one in found if not public or one.what["zh"] != "修改申请内容"]


def place_in_row(row: Claim) -> int:
    """Which of the five steps the claim is at."""
    return AT.get(row.state, 0)


def is_late(row: Claim, today: date) -> bool:
    """Whether the promised day has passed."""
    return row.due is not None and row.state not in OVER and row.due < today


def payable(rights: Rights) -> QuerySet[Claim]:
    """Approved claims that wait for a batch."""
    return within(rights).filter(state=APPROVED, fund__gt=0).order_by("settled_at", "pk")


def batches(rights: Rights) -> QuerySet[Batch]:
    """The batches of a reader whose area holds whole pooling areas."""
    if rights.institution or "claim.see" not in rights.acts or len(rights.area) > CITY:
        return Batch.objects.none()
    return Batch.objects.filter(poolarea__startswith=rights.area) if rights.area else Batch.objects.all()


def batch_of(pk: int, rights: Rights) -> Batch:
    """A batch of the reader's area. Raises Refused CLAIM-30."""
    row = batches(rights).filter(pk=pk).first()
    if row is None:
        raise problem("CLAIM-30")
    return row


def payments_of(batch: Batch) -> list[Payment]:
    """The lines of a batch with their claims."""
    return list(batch.payments.select_related("claim").order_by("place"))


class Standing(NamedTuple):
    """How many claims stand where, and what waits for payment; fen."""

    open: int
    late: int
    payable: int
    fen: int


def standing(rights: Rights, today: date) -> Standing:
    """The figures above the list."""
    rows = within(rights)
    active = rows.filter(~Q(state__in=("paid", "rejected", "settled", "draft")))
    found = active.aggregate(
        open=Count("pk", filter=~Q(state__in=("approved", "batched"))), late=Count("pk", filter=Q(due__lt=today)),
        payable=Count("pk", filter=Q(state="approved")), fen=Sum("fund", filter=Q(state="approved"), default=0),
    )  # fmt: skip
    return Standing(**found)
