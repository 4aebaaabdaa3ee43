"""Lists of paper claims and payment batches 零星报销列表."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.claims.models import Claim
from openyibao.bureau.claims.stages import BATCHES, MED_TYPES, STATES
from openyibao.bureau.pages.listing import Column, Filter, Listing, begins, equals, since, until
from openyibao.bureau.staff.queries import officer, with_names

MEDICAL = dict(MED_TYPES)
OUTSIDE = _("市外")
NOT_OVER = ~Q(state__in=("paid", "rejected", "settled", "draft"))
"""As the index over due days has it."""


def late(query: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Claims past their promised day, or still in time."""
    today = timezone.localdate()
    return query.filter(NOT_OVER, due__lt=today) if text == "1" else query.filter(NOT_OVER, due__gte=today)


def at_least(query: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Claims of at least so many yuan. Raises ValueError."""
    return query.filter(total__gte=round(float(text.replace(",", "")) * 100))


def place(row: Claim) -> Any:
    """Where care was: its division and, outside the city, a word that says so."""
    return row.institution_name if row.treating[:4] == row.area[:4] else f"{row.institution_name} · {OUTSIDE}"


CLAIMS = Listing(
    "claims", _("零星报销"),
    (
        Column("number", _("受理编号"), lambda row: row.number, "code", lambda row: reverse("claim", args=[row.pk]), ("pk",)),
        Column("state", _("状态"), lambda row: row.state, "tag"),
        Column("psn_no", _("人员编号"), lambda row: row.psn_no, "code", wide=True),
        Column("institution", _("就诊机构"), place),
        Column("med_type", _("医疗类别"), lambda row: MEDICAL.get(row.med_type, row.med_type), wide=True),
        Column("ends", _("就诊日"), lambda row: row.ends, "day", order=("ends", "pk")),
        Column("total", _("票据金额"), lambda row: row.total, "fen", order=("total", "pk")),
        Column("fund", _("基金支付"), lambda row: row.fund, "fen"),
        Column("due", _("办结期限"), lambda row: row.due, "day", wide=True),
    ),
    (
        begins("number", _("受理编号"), "number"), equals("psn_no", _("人员编号"), "psn_no"), equals("state", _("状态"), "state", STATES),
        equals("med_type", _("医疗类别"), "med_type", MED_TYPES),
        Filter("late", _("期限"), late, "choice", (("1", _("已逾期")), ("0", _("期限内")))),
        Filter("least", _("金额不低于（元）"), at_least, "yuan"),
        since("since", _("就诊日自"), "ends"), until("until", _("至"), "ends"),
    ),
    ("-pk",), _("没有符合条件的报销申请。"), export="claim.see",
)  # fmt: skip

BATCH_STATES = dict(BATCHES)
PAY_BATCHES = Listing(
    "claim-batches", _("拨付批次"),
    (
        Column("number", _("批次号"), lambda row: row.number, "code", lambda row: reverse("claim-batch", args=[row.pk]), ("pk",)),
        Column("state", _("状态"), lambda row: BATCH_STATES.get(row.state, row.state)),
        Column("count", _("笔数"), lambda row: row.count, "number"),
        Column("fen", _("金额"), lambda row: row.fen, "fen"),
        Column("made_by", _("制单人"), officer("made_by"), wide=True),
        Column("made_at", _("制单时间"), lambda row: row.made_at, "instant", wide=True),
        Column("released_by", _("发放人"), officer("released_by"), wide=True),
        Column("released_at", _("发放时间"), lambda row: row.released_at, "instant"),
    ),
    (begins("number", _("批次号"), "number"), equals("state", _("状态"), "state", BATCHES)),
    ("-pk",), _("还没有拨付批次。"), export="claim.see", looked_up=with_names("made_by", "released_by"),
)  # fmt: skip
