"""The navigation 导航: which pages there are, in which order, and what right each asks for. A desk adds its lines here."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.staff import work
from openyibao.bureau.staff.rights import Rights


class Entry(NamedTuple):
    """One line: address by name, the act it asks for, its picture, its words, perhaps a count."""

    name: str
    act: str
    icon: str
    title: Any
    waiting: Callable[[Rights], int] | None = None


class Group(NamedTuple):
    """Lines under one heading."""

    title: Any
    entries: tuple[Entry, ...]


NAVIGATION = (
    Group(_("工作"), (
        Entry("home", "home.see", "home", _("首页")),
        Entry("my-work", "home.see", "work", _("我的待办"), work.count_for),
    )),
    Group(_("窗口"), (
        Entry("window", "window.use", "window", _("收费窗口")),
        Entry("day-close", "day.close", "check", _("日终对账")),
        Entry("bills", "bill.see", "bill", _("结算单")),
        Entry("estimate", "bill.estimate", "calculator", _("费用测算")),
        Entry("claims", "claim.see", "claim", _("零星报销")),
        Entry("objections", "case.answer", "person", _("参保人异议")),
    )),
    Group(_("政策"), (
        Entry("policies", "policy.see", "policy", _("待遇政策")),
        Entry("policy-drafts", "policy.follow", "draft", _("政策调整")),
        Entry("policy-emergency", "policy.see", "alarm", _("应急规则")),
        Entry("simulations", "simulation.see", "simulation", _("改革模拟")),
    )),
    Group(_("运行"), (
        Entry("plan", "indicators.see", "target", _("规划指标")),
        Entry("operations", "operations.see", "pulse", _("运行监测")),
    )),
    Group(_("我的医保"), (
        Entry("own", "own.see", "person", _("我的参保")),
        Entry("own-bills", "own.see", "bill", _("我的结算单")),
        Entry("own-claims", "own.see", "claim", _("我的报销")),
        Entry("own-looks", "own.see", "eye", _("谁查过我")),
    )),
    Group(_("管理"), (
        Entry("staff-officers", "staff.see", "people", _("人员与岗位")),
        Entry("staff-posts", "staff.see", "key", _("岗位与权限")),
        Entry("staff-changes", "staff.see", "check", _("人员变更")),
        Entry("log-acts", "log.see", "log", _("操作日志")),
        Entry("log-looks", "log.see", "eye", _("查询日志")),
        Entry("log-sign-ins", "log.see", "key", _("登录日志")),
        Entry("parts", "parts.see", "parts", _("页面组件")),
    )),
)  # fmt: skip


def navigation_for(request: HttpRequest) -> list[dict[str, Any]]:
    """What this reader may open, with the page that is open now marked."""
    rights: Rights | None = getattr(request, "rights", None)
    if rights is None:
        return []
    found: list[dict[str, Any]] = []
    for group in NAVIGATION:
        entries = []
        for entry in group.entries:
            if rights.may(entry.act):
                try:
                    url = reverse(entry.name)
                except NoReverseMatch:
                    continue
                here = request.path == url or (url != "/" and request.path.startswith(url))
                entries.append({"url": url, "icon": entry.icon, "title": entry.title, "here": here,
                                "count": entry.waiting(rights) if entry.waiting else 0})
        if entries:
            found.append({"title": group.title, "entries": entries})
    lines = [line for part in found for line in part["entries"] if line["here"]]
    best = max((len(line["url"]) for line in lines), default=0)
    for line in lines:
        line["here"] = len(line["url"]) == best      # policies/drafts is not policies as well
    return found
