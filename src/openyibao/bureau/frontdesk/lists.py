"""Lists of the public's own pages, and of the clerks' objections 本人列表."""

import re
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.claims.lists import MEDICAL
from openyibao.bureau.claims.stages import STATES
from openyibao.bureau.pages.listing import Column, Listing, equals, since, until
from openyibao.bureau.staff.lists import looked_at
from openyibao.bureau.staff.queries import officer, with_names
from openyibao.bureau.statement.naming import kind_words

KINDS = (
    ("amount", _("金额不对")), ("notme", _("不是我看的病")), ("twice", _("重复收费")), ("class", _("身份待遇不对")), ("other", _("其他")),
)  # fmt: skip
"""What a person may say is wrong."""
WORDS = dict(KINDS)
OPEN = (("open", _("待答复")), ("answered", _("已答复")))


def office(row: Any) -> str:
    """From which office a look came: the officer's post, or the institution."""
    if row.office:
        return str(row.office_en if (get_language() or "").startswith("en") and row.office_en else row.office)
    return str(row.institution or row.officer)


MESSAGE = re.compile(r"[0-9Y][0-9]{3}[A-Z]?")
AT_THE_DOOR = {
    "1101": _("就医时核对身份"), "2001": _("查能否享受待遇"), "5206": _("查年度累计"), "5301": _("查慢特病备案"),
}  # fmt: skip


def why(row: Any) -> Any:
    """Why somebody looked, in words: what an officer wrote, or what a hospital's message is for."""
    return AT_THE_DOOR.get(row.purpose, _("在医院或药店办理")) if MESSAGE.fullmatch(row.purpose) else row.purpose


OWN_BILLS = Listing(
    "own-bills", _("我的结算单"),
    (
        Column("day", _("就诊日"), lambda row: row.day, "day", lambda row: reverse("own-told", args=[row.setl_id]), ("day",)),
        Column("institution", _("在哪里"), lambda row: row.institution or row.fixmedins_code),
        Column("kind", _("看什么"), lambda row: kind_words(row.med_type)),
        Column("total", _("一共花了"), lambda row: row.total, "fen", order=("total",)),
        Column("fund", _("医保付了"), lambda row: row.fund, "fen"),
        Column("person", _("自己付了"), lambda row: row.person, "fen"),
        Column("state", _("状态"), lambda row: "reversed" if row.mirrored_by else "settled", "tag"),
    ),
    (since("since", _("自"), "day"), until("until", _("至"), "day")),
    ("-at", "-pk"), _("还没有结算单。"), export="own.see",
)  # fmt: skip

OWN_CLAIMS = Listing(
    "own-claims", _("我的报销"),
    (
        Column("number", _("受理编号"), lambda row: row.number, "code", lambda row: reverse("own-claim", args=[row.pk]), ("pk",)),
        Column("state", _("办到哪一步"), lambda row: row.state, "tag"),
        Column("institution", _("就诊机构"), lambda row: row.institution_name),
        Column("kind", _("医疗类别"), lambda row: MEDICAL.get(row.med_type, row.med_type), wide=True),
        Column("total", _("票据金额"), lambda row: row.total, "fen"),
        Column("fund", _("报销金额"), lambda row: row.fund, "fen"),
        Column("due", _("答应办结的日子"), lambda row: row.due, "day"),
    ),
    (equals("state", _("状态"), "state", STATES),),
    ("-pk",), _("还没有报销申请。"), export="own.see",
)  # fmt: skip

OWN_LOOKS = Listing(
    "own-looks", _("谁查过我"),
    (
        Column("at", _("时间"), lambda row: row.at, "instant", order=("at",)),
        Column("office", _("哪个岗位或机构"), office),
        Column("purpose", _("为什么查"), why),
        Column("what", _("查了什么"), looked_at),
    ),
    (since("since", _("自"), "at__date"), until("until", _("至"), "at__date")),
    ("-at", "-pk"), _("还没有人查过您的信息。"), export="own.see",
)  # fmt: skip

OBJECTIONS = Listing(
    "objections", _("参保人异议"),
    (
        Column("setl_id", _("结算单号"), lambda row: row.setl_id, "code", lambda row: reverse("objection", args=[row.pk])),
        Column("state", _("状态"), lambda row: row.state, "tag"),
        Column("what", _("哪里不对"), lambda row: WORDS.get(row.what, row.what)),
        Column("at", _("提出时间"), lambda row: row.at, "instant", order=("pk",)),
        Column("due", _("答复期限"), lambda row: row.due, "day"),
        Column("answered_by", _("答复人"), officer("answered_by"), wide=True),
    ),
    (equals("state", _("状态"), "state", OPEN), equals("psn_no", _("人员编号"), "psn_no")),
    ("-pk",), _("没有异议。"), export="case.answer", looked_up=with_names("answered_by"),
)  # fmt: skip
