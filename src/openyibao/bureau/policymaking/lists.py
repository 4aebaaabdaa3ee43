"""Lists of policies 政策列表."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.pages.listing import Column, Filter, Listing, equals, holds, since
from openyibao.bureau.pages.templatetags.parts import said
from openyibao.bureau.policydesk.shelf import books
from openyibao.bureau.policymaking.models import Draft
from openyibao.bureau.staff.queries import officer, with_names
from openyibao.policybook.folio import dashed

STATES = (
    (Draft.WRITING, _("草稿")), (Draft.SUBMITTED, _("待第一人审批")), (Draft.AGREED, _("待第二人审批")), (Draft.APPROVED, _("已批准")),
    (Draft.DECLINED, _("未获同意")), (Draft.WITHDRAWN, _("已撤回")),
)  # fmt: skip


def city_name(city: str) -> str:
    """A city in words."""
    book = books().get(city)
    return city if book is None else said({"zh": book.name, "en": book.name_en})


def in_city(query: Any, text: str) -> Any:
    """Drafts of the cities whose name or folder holds the text."""
    asked = text.strip().casefold()
    found = [city for city, book in books().items() if any(asked in name.casefold() for name in (city, book.name, book.name_en))]
    return query.filter(city__in=found)


DRAFTS = Listing(
    "policy-drafts", _("政策调整"),
    (
        Column("name", _("名称"), lambda row: said({"zh": row.name, "en": row.name_en}),
               link=lambda row: reverse("policy-draft", args=[row.pk])),
        Column("city", _("统筹区"), lambda row: city_name(row.city), wide=True),
        Column("state", _("状态"), lambda row: f"policy.{row.state}", "tag"),
        Column("starts", _("生效日"), lambda row: row.starts, "day", order=("starts",)),
        Column("many", _("调整项数"), lambda row: len(row.entries), "number", wide=True),
        Column("by", _("起草人"), officer("by"), wide=True),
        Column("at", _("最近办理"), lambda row: row.at, "instant", order=("at",)),
    ),
    (
        holds("q", _("名称"), "name"),
        equals("state", _("状态"), "state", STATES),
        equals("by", _("起草人账号"), "by"),
        Filter("city", _("统筹区"), in_city),
        since("since", _("生效日不早于"), "starts"),
    ),
    ("-at", "-pk"), _("还没有政策调整草案。"), looked_up=with_names("by"),
)  # fmt: skip


def approver(row: Any) -> str:
    """Who approved a value."""
    return str(row["approved"])


ENTRIES = Listing(
    "policy", _("待遇政策"),
    (
        Column("subject", _("主题"), lambda row: row["subject"]),
        Column("scheme", _("险种"), lambda row: row["scheme"]),
        Column("name", _("参数"), lambda row: said(row["entry"].name)),
        Column("value", _("规定"), lambda row: said(row["entry"].value)),
        Column("since", _("自"), lambda row: dashed(row["entry"].since)),
        Column("until", _("至（不含）"), lambda row: dashed(row["entry"].until) if row["entry"].until else ""),
        Column("clause", _("依据"), lambda row: row["entry"].clause),
        Column("trust", _("来源"), lambda row: row["entry"].trust),
        Column("approved", _("批准"), approver),
        Column("key", _("代码"), lambda row: row["entry"].key),
    ),
)  # fmt: skip
"""Columns of the export; the page itself is a document."""
