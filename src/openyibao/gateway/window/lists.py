"""The window's lists 窗口列表."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.pages.listing import Column, Filter, Listing, since, until
from openyibao.bureau.staff.queries import officer, with_names
from openyibao.gateway.window import words
from openyibao.gateway.window.models import Visit

STATES = {
    Visit.SHOWN: "window.shown", Visit.OPEN: "window.open", Visit.DISCHARGED: "window.discharged", Visit.SETTLED: "settled",
    Visit.CANCELLED: "window.cancelled",
}  # fmt: skip
"""State of a visit -> tag."""

CHOICES = (("0", _("未登记")), ("1", _("就诊中")), ("2", _("已出院")), ("3", _("已结算")), ("4", _("已撤销登记")))


def sought(query: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Visits of a person, by name or number, or of a visit number, each as it stands."""
    found = Q(name=text) | Q(psn_no=text) | Q(number=text)
    return query.filter(found | Q(mdtrt_id=int(text)) if text.isdecimal() and len(text) <= 18 else found)


VISITS = Listing(
    "visits", _("最近就诊"),
    (
        Column("at", _("时间"), lambda row: row.at, "instant", lambda row: reverse("window-visit", args=[row.pk]), ("at",)),
        Column("name", _("姓名"), lambda row: row.name),
        Column("care", _("医疗类别"), lambda row: words.CARE.get(row.med_type, row.med_type)),
        Column("state", _("状态"), lambda row: STATES[row.state], "tag"),
        Column("number", _("就诊号"), lambda row: row.number, "code", wide=True),
        Column("by", _("经办人"), officer("by"), wide=True),
    ),
    (
        Filter("q", _("姓名、人员编号、就诊号"), sought),
        Filter("state", _("状态"), lambda query, text: query.filter(state=int(text)), "choice", CHOICES),
        since("since", _("自"), "at", instant=True), until("until", _("至"), "at", instant=True),
    ),
    ("-at", "-pk"), _("还没有就诊。扫码或输入凭证开始。"), looked_up=with_names("by"),
)  # fmt: skip

CLOSES = Listing(
    "closes", _("结账记录"),
    (
        Column("day", _("日期"), lambda row: row.day, "day", lambda row: f"{reverse('day-close')}?day={row.day}", ("day",)),
        Column("at", _("结账时间"), lambda row: row.at, "instant", order=("at",)),
        Column("agreed", _("结果"), lambda row: "window.agreed" if row.agreed else "window.broken", "tag"),
        Column("bills", _("笔数"), lambda row: row.bills, "number"),
        Column("theirs", _("医院账"), lambda row: row.theirs, "fen"),
        Column("ours", _("医保结算"), lambda row: row.ours, "fen"),
        Column("booked", _("记账"), lambda row: row.booked, "fen", wide=True),
        Column("broken", _("不平"), lambda row: row.broken, "number"),
        Column("by", _("经办人"), officer("by"), wide=True),
    ),
    (
        Filter("agreed", _("结果"), lambda query, text: query.filter(agreed=text == "1"), "choice", (("1", _("平")), ("0", _("不平")))),
        since("since", _("自"), "day"), until("until", _("至"), "day"),
    ),
    ("-at", "-pk"), _("还没有结过账。"), looked_up=with_names("by"),
)  # fmt: skip
