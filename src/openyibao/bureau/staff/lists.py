"""The staff desk's lists 人员与日志列表."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.pages.listing import Column, Filter, Listing, begins, equals, holds, since, until
from openyibao.bureau.staff.queries import officer, with_names
from openyibao.bureau.staff.telling import act_words

YES_NO = (("1", _("是")), ("0", _("否")))


def english() -> bool:
    """Whether the page is shown in English."""
    return (get_language() or "").startswith("en")


def told_as(what: str) -> str:
    """An act in words, its code where there are none."""
    words = act_words(what)
    return words[english()] if words else what


def post_of(row: Any) -> str:
    """An officer's post in words."""
    if row.post is None:
        return ""
    return str(row.post.name_en if english() and row.post.name_en else row.post.name)


OFFICERS = Listing(
    "officers", _("人员与岗位"),
    (
        Column("login", _("账号"), lambda row: row.login, "code", lambda row: reverse("staff-officer", args=[row.login]), ("login",)),
        Column("name", _("姓名"), lambda row: row.name, order=("name",)),
        Column("post", _("岗位"), post_of, order=("post__name",)),
        Column("active", _("状态"), lambda row: "in_force" if row.is_active else "ended", "tag"),
        Column("factor", _("二次验证"), lambda row: _("已启用") if row.factor else _("未启用"), wide=True),
        Column("last", _("最近登录"), lambda row: row.last_login, "instant", order=("last_login",), wide=True),
    ),
    (
        Filter("q", _("账号或姓名"), lambda query, text: query.filter(Q(login__icontains=text) | Q(name__icontains=text))),
        equals("post", _("岗位代码"), "post__code"),
        Filter("active", _("可以登录"), lambda query, text: query.filter(is_active=text == "1"), "choice", YES_NO),
    ),
    ("login",), export="staff.see",
)  # fmt: skip

def in_words(row: Any) -> str:
    """The name of a post or a role in the page's language."""
    return str(row.name_en if english() and row.name_en else row.name)


POSTS = Listing(
    "posts", _("岗位与权限"),
    (
        Column("code", _("岗位代码"), lambda row: row.code, "code", lambda row: reverse("staff-post", args=[row.code]), ("code",)),
        Column("name", _("岗位名称"), in_words, order=("name",)),
        Column("roles", _("角色"), lambda row: "、".join(map(in_words, row.roles.all()))),
        Column("area", _("可见区划"), lambda row: row.area or _("不限"), "code", order=("area",)),
        Column("institution", _("定点机构"), lambda row: row.institution, "code", order=("institution",), wide=True),
        Column("office", _("责任部门"), lambda row: row.office, order=("office",), wide=True),
        Column("holders", _("在岗人员"), lambda row: "、".join(one.name for one in row.officer_set.all() if one.is_active), wide=True),
    ),
    (holds("q", _("岗位名称"), "name"), begins("area", _("可见区划"), "area"), equals("institution", _("定点机构"), "institution")),
    ("code",), export="staff.see",
)  # fmt: skip

STATES = (("waiting", _("待确认")), ("approved", _("已确认")), ("rejected", _("已退回")), ("withdrawn", _("已撤回")))
KINDS = (("officer", _("人员")), ("post", _("岗位")), ("reset", _("重置密码")))

CHANGES = Listing(
    "changes", _("人员变更记录"),
    (
        Column("at", _("时间"), lambda row: row.at, "instant", lambda row: reverse("staff-change", args=[row.pk]), ("at",)),
        Column("kind", _("类别"), lambda row: dict(KINDS)[row.kind]),
        Column("key", _("账号或岗位"), lambda row: row.key, "code"),
        Column("state", _("状态"), lambda row: dict(STATES)[row.state]),
        Column("by", _("登记人"), officer("by")),
        Column("decided", _("确认人"), officer("decided_by"), wide=True),
    ),
    (equals("state", _("状态"), "state", STATES), equals("kind", _("类别"), "kind", KINDS), equals("key", _("账号或岗位"), "key")),
    ("-at", "-pk"), export="staff.see", looked_up=with_names("by", "decided_by"),
)  # fmt: skip

ACTS = Listing(
    "acts", _("操作日志"),
    (
        Column("at", _("时间"), lambda row: row.at, "instant", order=("at",)),
        Column("officer", _("操作人"), lambda row: row.officer),
        Column("told", _("操作"), lambda row: told_as(row.what)),
        Column("what", _("操作代码"), lambda row: row.what, "code", wide=True),
        Column("object", _("对象"), lambda row: row.object),
        Column("detail", _("详情"), lambda row: ", ".join(f"{key}: {value}" for key, value in row.detail.items()), wide=True),
    ),
    (
        equals("officer", _("操作人"), "officer"), begins("what", _("操作代码"), "what"), begins("object", _("对象"), "object"),
        since("since", _("自"), "at", instant=True), until("until", _("至"), "at", instant=True),
    ),
    ("-at", "-pk"), export="log.see",
)  # fmt: skip

LOOKED: tuple[tuple[str, Any], ...] = (
    ("/claims", _("零星报销")), ("/bills", _("结算单")), ("/own", _("我的参保")), ("own", _("我的参保")), ("bill", _("结算单")),
    ("scan", _("报销材料")), ("year", _("年度累计")), ("record", _("参保档案")), ("everything", _("全部档案")), ("identity", _("身份信息")),
    ("filings", _("备案")), ("1101", _("身份信息")),
)  # fmt: skip
"""What was looked at, by how the log's word begins."""


def looked_at(row: Any) -> Any:
    """What was looked at, in words; the log's own word where there is none."""
    return next((words for begins, words in LOOKED if row.what.startswith(begins)), row.what)


LOOKS = Listing(
    "looks", _("查询日志"),
    (
        Column("at", _("时间"), lambda row: row.at, "instant", order=("at",)),
        Column("officer", _("查询人"), lambda row: row.officer),
        Column("psn_no", _("人员编号"), lambda row: row.psn_no, "code"),
        Column("purpose", _("用途"), lambda row: row.purpose),
        Column("what", _("内容"), looked_at, wide=True),
    ),
    (
        equals("officer", _("查询人"), "officer"), equals("psn_no", _("人员编号"), "psn_no"),
        since("since", _("自"), "at", instant=True), until("until", _("至"), "at", instant=True),
    ),
    ("-at", "-pk"), export="log.see",
)  # fmt: skip

OUTCOMES = (("in", _("登录")), ("wrong", _("账号或密码不对")), ("factor", _("验证码不对")), ("throttled", _("等待中")), ("out", _("退出")),
            ("expired", _("会话到期")))  # fmt: skip

SIGN_INS = Listing(
    "sign-ins", _("登录日志"),
    (
        Column("at", _("时间"), lambda row: row.at, "instant", order=("at",)),
        Column("login", _("账号"), lambda row: row.login),
        Column("address", _("地址"), lambda row: row.address, "code"),
        Column("outcome", _("结果"), lambda row: dict(OUTCOMES).get(row.outcome, row.outcome)),
    ),
    (equals("login", _("账号"), "login"), equals("address", _("地址"), "address"), equals("outcome", _("结果"), "outcome", OUTCOMES)),
    ("-at", "-pk"), export="log.see",
)  # fmt: skip

WORK = Listing(
    "work", _("我的待办"),
    (
        Column("title", _("事项"), lambda row: row.title_en if english() else row.title, link=lambda row: row.link),
        Column("due", _("办理期限"), lambda row: row.due, "day", order=("due",)),
        Column("opened", _("到达时间"), lambda row: row.opened_at, "instant", order=("opened_at",), wide=True),
        Column("taken", _("经办人"), lambda row: row.taken_by, wide=True),
    ),
    (
        Filter("q", _("事项"), lambda query, text: query.filter(Q(title__icontains=text) | Q(title_en__icontains=text))),
        until("until", _("期限不晚于"), "due"),
    ),
    ("due", "pk"), _("没有待办事项。"),
)  # fmt: skip
