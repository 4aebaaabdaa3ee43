"""States in words and colours 状态标签: one table for all pages."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Tag(NamedTuple):
    """A state's words and its colour (Tabler's names)."""

    words: Any
    colour: str


TAGS = {
    "settled": Tag(_("已结算"), "green"),
    "reversed": Tag(_("已撤销"), "orange"),
    "mirror": Tag(_("撤销单"), "orange"),
    "refused": Tag(_("不予支付"), "red"),
    "draft": Tag(_("草稿"), "secondary"),
    "submitted": Tag(_("已提交"), "blue"),
    "first": Tag(_("待初审"), "blue"),
    "second": Tag(_("待复审"), "blue"),
    "final": Tag(_("待复核"), "blue"),
    "returned": Tag(_("退回补正"), "orange"),
    "rejected": Tag(_("不予受理"), "red"),
    "approved": Tag(_("已审定"), "teal"),
    "paid": Tag(_("已拨付"), "green"),
    "open": Tag(_("待办"), "blue"),
    "closed": Tag(_("已办结"), "green"),
    "late": Tag(_("已逾期"), "red"),
    "running": Tag(_("运行中"), "blue"),
    "waiting": Tag(_("排队中"), "secondary"),
    "done": Tag(_("已完成"), "green"),
    "stopped": Tag(_("已停止"), "orange"),
    "failed": Tag(_("失败"), "red"),
    "in_force": Tag(_("现行"), "green"),
    "to_come": Tag(_("未生效"), "blue"),
    "ended": Tag(_("已失效"), "secondary"),
    "reached": Tag(_("已达标"), "green"),
    "on_path": Tag(_("在进度线上"), "teal"),
    "behind": Tag(_("落后于进度"), "orange"),
    "missed": Tag(_("未达标"), "red"),
    "below_baseline": Tag(_("达标但低于基期"), "orange"),
    "no_answer": Tag(_("待数据"), "secondary"),
    "trust.seed": Tag(_("规划载明"), "green"),
    "trust.doc": Tag(_("公开文件"), "green"),
    "trust.compiled": Tag(_("第三方汇编"), "yellow"),
    "trust.recalled": Tag(_("凭记忆"), "orange"),
    "trust.illustrative": Tag(_("示例值"), "red"),
}  # fmt: skip
"""Every state that a page shows."""
