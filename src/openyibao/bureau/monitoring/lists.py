"""The operations room's lists 运行监测列表: alerts, refused messages, traffic by institution, messages that wrote."""

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.monitoring.rules import rules
from openyibao.bureau.pages.listing import Column, Filter, Listing, equals, since, until
from openyibao.bureau.staff.queries import officer, with_names

STATES = (("raised", _("新告警")), ("known", _("已知悉")), ("taken", _("处置中")), ("closed", _("已关闭")))
SEVERITIES = (("high", _("高")), ("middle", _("中")), ("low", _("低")))
OUTCOMES = (("ok", _("成功")), ("repeated", _("重复报文")), ("refused", _("拒绝")), ("failed", _("失败")))
WHAT = {"raised": _("发出告警"), "known": _("已知悉"), "taken": _("已认领"), "note": _("记录"), "gone": _("原因消失"),
        "back": _("再次出现"), "closed": _("已关闭")}  # fmt: skip


def english() -> bool:
    """Whether the page is shown in English."""
    return (translation.get_language() or "").startswith("en")


def milliseconds(micros: int | None) -> str:
    """A time of answer in milliseconds; under ten with one decimal."""
    if micros is None:
        return "—"
    return f"{micros / 1000:.1f}" if micros < 10_000 else f"{micros / 1000:,.0f}"


def text_of(row: Any) -> str:
    """An alert's sentence."""
    return str(row.text_en if english() else row.text)


def rule_words(code: str) -> str:
    """A rule's advice."""
    rule = rules().get(code)
    return "" if rule is None else rule.advice_en if english() else rule.advice_zh


ALERTS = Listing(
    "alerts", _("告警"),
    (
        Column("severity", _("级别"), lambda row: f"severity.{row.severity}", "tag"),
        Column("text", _("告警"), text_of, link=lambda row: reverse("alert", args=[row.pk])),
        Column("state", _("状态"), lambda row: f"alert.{row.state}", "tag"),
        Column("raised", _("发生"), lambda row: row.raised_at, "instant", order=("raised_at",)),
        Column("owner", _("处置人"), lambda row: officer("owner" if row.owner else "closed_by")(row)),
        Column("closed", _("关闭时间"), lambda row: row.closed_at, "instant", wide=True),
        Column("note", _("结论"), lambda row: row.note, wide=True),
    ),
    (
        equals("state", _("状态"), "state", STATES), equals("severity", _("级别"), "severity", SEVERITIES),
        equals("rule", _("规则"), "rule"), equals("owner", _("处置人"), "owner"),
        since("since", _("自"), "raised_at", instant=True), until("until", _("至"), "raised_at", instant=True),
    ),
    ("-raised_at", "-pk"), _("没有告警。"), looked_up=with_names("owner", "closed_by"),
)  # fmt: skip

REFUSALS = Listing(
    "refusals", _("被拒报文"),
    (
        Column("at", _("时间"), lambda row: row.at, "instant", order=("at",)),
        Column("institution", _("定点机构"), lambda row: row.institution, "code"),
        Column("infno", _("交易"), lambda row: row.infno, "code"),
        Column("outcome", _("结果"), lambda row: dict(OUTCOMES).get(row.outcome, row.outcome)),
        Column("code", _("代码"), lambda row: row.code, "code"),
        Column("time", _("时延（毫秒）"), lambda row: milliseconds(row.micros), wide=True),
        Column("trace", _("追踪号"), lambda row: row.trace, "code", wide=True),
    ),
    (
        equals("code", _("代码"), "code"), equals("institution", _("定点机构代码"), "institution"), equals("infno", _("交易"), "infno"),
        equals("outcome", _("结果"), "outcome", OUTCOMES[2:]),
        since("since", _("自"), "at", instant=True), until("until", _("至"), "at", instant=True),
    ),
    ("-at", "-id"), _("没有被拒的报文。"), export="operations.see",
)  # fmt: skip

HOURS = Listing(
    "traffic", _("机构报文"),
    (
        Column("hour", _("时段"), lambda row: row.hour, "instant", order=("hour",)),
        Column("institution", _("定点机构"), lambda row: row.institution, "code"),
        Column("infno", _("交易"), lambda row: row.infno, "code"),
        Column("outcome", _("结果"), lambda row: dict(OUTCOMES).get(row.outcome, row.outcome)),
        Column("count", _("报文"), lambda row: row.count, "number"),
        Column("mean", _("平均时延（毫秒）"), lambda row: milliseconds(row.micros // max(row.count, 1)), wide=True),
        Column("slowest", _("最慢（毫秒）"), lambda row: milliseconds(row.slowest), wide=True),
        Column("last", _("最后一条"), lambda row: row.last_at, "instant", wide=True),
    ),
    (
        equals("institution", _("定点机构代码"), "institution"), equals("infno", _("交易"), "infno"),
        equals("outcome", _("结果"), "outcome", OUTCOMES),
        since("since", _("自"), "hour", instant=True), until("until", _("至"), "hour", instant=True),
    ),
    ("-hour", "-pk"), _("还没有报文。"),
)  # fmt: skip


def bill_of(row: Any) -> str:
    """The bill that a settling message made."""
    return reverse("bill", args=[row.ref]) if row.ref and row.infno in SETTLED else ""


INSTITUTION = 12
"""Letters of an institution's code."""
SETTLED = ("2102", "2207", "2207A", "2208", "2304", "2305", "load")
"""Numbers whose `ref` is a settlement."""


def by_msgid(query: Any, text: str) -> Any:
    """The message of an id, which begins with its institution's code: found by both, as they are indexed."""
    return query.filter(fixmedins_code=text[:INSTITUTION], msgid=text)


MESSAGES = Listing(
    "messages", _("写入报文"),
    (
        Column("at", _("时间"), lambda row: row.at, "instant"),
        Column("institution", _("定点机构"), lambda row: row.fixmedins_code, "code"),
        Column("infno", _("交易"), lambda row: row.infno, "code"),
        Column("msgid", _("报文号"), lambda row: row.msgid, "code", wide=True),
        Column("ref", _("单据号"), lambda row: row.ref or "", "code", bill_of),
    ),
    (
        equals("institution", _("定点机构代码"), "fixmedins_code"), Filter("msgid", _("报文号"), by_msgid),
    ),
    ("-pk",), _("还没有报文。"),
)  # fmt: skip
