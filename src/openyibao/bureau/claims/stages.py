"""The stages of a paper claim 办理环节, as data: who may do what in which state, and where it leads."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

DRAFT, SUBMITTED, FIRST, SECOND, FINAL = "draft", "submitted", "first", "second", "final"
APPROVED, BATCHED, PAID, RETURNED, REJECTED, SETTLED = "approved", "batched", "paid", "returned", "rejected", "settled"
UNDOING = "undoing"
"""Somebody has asked that the settlement be taken back; another person decides."""

OPEN = (DRAFT, SUBMITTED, FIRST, SECOND, FINAL, RETURNED)
"""States in which nothing is settled yet."""
EDITED = (DRAFT, SUBMITTED, RETURNED)
"""States in which what the papers say may still be entered."""
OVER = (PAID, REJECTED, SETTLED)


class Stage(NamedTuple):
    """A review 审核: the act its doer needs, where it leads, and how its work is called."""

    act: str
    after: str
    zh: str
    en: str


REVIEWS: dict[str, Stage] = {
    FIRST: Stage("claim.first", SECOND, "初审", "first review"),
    SECOND: Stage("claim.second", FINAL, "复审", "second review"),
    FINAL: Stage("claim.final", APPROVED, "复核", "final review"),
}
"""The three reviews in order, by three persons."""

ASKERS = frozenset(("claim.enter", *(stage.act for stage in REVIEWS.values())))
"""Who may ask that a settlement be taken back: one of these acts is enough."""
UNDONE_BY = REVIEWS[FINAL].act
"""What its taking back needs: the act that settles."""

ROW: tuple[Any, ...] = (_("录入"), _("初审"), _("复审"), _("复核"), _("拨付"))
"""The steps as a page shows them."""

AT = {
    DRAFT: 0, SUBMITTED: 0, RETURNED: 0, FIRST: 1, SECOND: 2, FINAL: 3, APPROVED: 4, BATCHED: 4, UNDOING: 3, PAID: 5, SETTLED: 5,
    REJECTED: 0,
}  # fmt: skip

STATES: tuple[tuple[str, Any], ...] = (
    (DRAFT, _("草稿")), (SUBMITTED, _("已提交")), (RETURNED, _("退回补正")), (FIRST, _("待初审")), (SECOND, _("待复审")),
    (FINAL, _("待复核")), (APPROVED, _("已审定")), (BATCHED, _("拨付中")), (PAID, _("已拨付")), (SETTLED, _("已结算")),
    (UNDOING, _("待撤销复核")), (REJECTED, _("不予受理")),
)  # fmt: skip

DONE: dict[tuple[str, str], tuple[str, str]] = {
    ("", DRAFT): ("录入", "Entered"),
    (DRAFT, SUBMITTED): ("本人提交申请", "Applied for by the person"),
    (DRAFT, FIRST): ("提交初审", "Sent to first review"),
    (SUBMITTED, FIRST): ("受理，提交初审", "Accepted, sent to first review"),
    (RETURNED, FIRST): ("补正后再次提交", "Completed and sent again"),
    (RETURNED, SUBMITTED): ("本人补正后提交", "Completed by the person"),
    (FIRST, SECOND): ("初审通过", "First review passed"),
    (SECOND, FINAL): ("复审通过", "Second review passed"),
    (FINAL, APPROVED): ("复核通过，已结算", "Final review passed, settled"),
    (FINAL, SETTLED): ("复核通过，基金无应付", "Final review passed, nothing payable"),
    (APPROVED, BATCHED): ("列入拨付批次", "Put into a payment batch"),
    (BATCHED, APPROVED): ("移出拨付批次", "Taken out of the batch"),
    (BATCHED, PAID): ("已拨付", "Paid"),
    (PAID, APPROVED): ("银行退票", "Sent back by the bank"),
    (PAID, UNDOING): ("本人退款，申请撤销结算", "Paid back by the person, to be reversed"),
    (APPROVED, UNDOING): ("申请撤销结算", "Asked to be reversed"),
    (SETTLED, UNDOING): ("申请撤销结算", "Asked to be reversed"),
    (UNDOING, RETURNED): ("结算已冲销，退回更正", "Settlement reversed, to be corrected"),
    (UNDOING, SUBMITTED): ("结算已冲销，退回更正", "Settlement reversed, to be corrected"),
    (UNDOING, APPROVED): ("不予撤销，维持结算", "Not reversed, the settlement stands"),
    (UNDOING, SETTLED): ("不予撤销，维持结算", "Not reversed, the settlement stands"),
    (APPROVED, APPROVED): ("更正收款账户", "Bank account corrected"),
}
"""What a step from one state to another is called."""


def said(stage: str, outcome: str) -> dict[str, str]:
    """A step in both languages."""
    if outcome == RETURNED and stage != UNDOING:
        return {"zh": "退回补正", "en": "Returned for more papers"}
    if outcome == REJECTED:
        return {"zh": "不予受理", "en": "Not accepted"}
    if stage == outcome != APPROVED:
        return {"zh": "修改申请内容", "en": "Changed what it says"}
    zh, en = DONE.get((stage, outcome), (outcome, outcome))
    return {"zh": zh, "en": en}


MED_TYPES: tuple[tuple[str, Any], ...] = (
    ("11", _("普通门诊")), ("13", _("急诊")), ("1301", _("急诊抢救")), ("14", _("门诊慢特病")), ("9901", _("门诊两病")),
    ("18", _("双通道药品")), ("51", _("生育门诊")),
    ("21", _("普通住院")), ("22", _("外伤住院")), ("23", _("转外诊治住院")), ("24", _("急诊转住院")),
    ("25", _("异地住院")), ("28", _("日间手术")), ("52", _("生育住院")),
)  # fmt: skip
"""Medical categories 医疗类别 that paper claims come with."""
STAYS = ("21", "22", "23", "24", "25", "28", "52")
SCHEMES: tuple[tuple[str, Any], ...] = (("310", _("职工医保")), ("390", _("居民医保")))
"""Schemes 险种 (insutype)."""
CHRONIC = ("14", "9901")

HEADINGS: tuple[tuple[str, Any], ...] = (
    ("01", _("床位费")), ("02", _("诊察费")), ("03", _("检查费")), ("04", _("化验费")), ("05", _("治疗费")), ("06", _("手术费")),
    ("07", _("护理费")), ("08", _("卫生材料费")), ("09", _("西药费")), ("10", _("中药饮片费")), ("11", _("中成药费")),
    ("12", _("一般诊疗费")), ("13", _("挂号费")), ("14", _("其他费")),
)  # fmt: skip
"""Charge headings 收费项目类别 (med_chrgitm_type)."""

LEVELS: tuple[tuple[str, Any], ...] = (
    ("01", _("三级特等")), ("02", _("三级甲等")), ("03", _("三级乙等")), ("04", _("三级丙等")), ("05", _("二级甲等")),
    ("06", _("二级乙等")), ("07", _("二级丙等")), ("08", _("一级甲等")), ("09", _("一级乙等")), ("10", _("一级丙等")), ("11", _("未定级")),
)  # fmt: skip
"""Grades of hospitals 医院等级 (hosp_lv)."""

REASONS: tuple[tuple[str, Any], ...] = (
    ("offsite", _("异地就医未能直接结算")), ("emergency", _("急诊抢救，未带凭证")), ("system", _("网络或系统故障")),
    ("waiting", _("参保手续办理期间")), ("person", _("联网结算被暂停")), ("other", _("其他")),
)  # fmt: skip
"""Why it was not settled at the window."""

PAPERS: tuple[tuple[str, Any], ...] = (
    ("invoice", _("收费票据")), ("list", _("费用清单")), ("summary", _("诊断证明或出院小结")), ("identity", _("身份证明")),
    ("bank", _("银行账户凭证")), ("other", _("其他材料")),
)  # fmt: skip
NEEDED = ("invoice", "list", "summary")
"""Papers without which a claim is not sent on."""

FUNDS: dict[str, Any] = {
    "城镇职工基本医疗保险统筹基金": _("城镇职工基本医疗保险统筹基金"), "职工门诊统筹基金": _("职工门诊统筹基金"), "生育基金": _("生育基金"),
    "城乡居民基本医疗保险基金": _("城乡居民基本医疗保险基金"), "居民门诊统筹基金": _("居民门诊统筹基金"),
    "大额医疗费用补助基金": _("大额医疗费用补助基金"), "城乡居民大病医疗保险基金": _("城乡居民大病医疗保险基金"),
    "公务员医疗补助基金": _("公务员医疗补助基金"), "医疗救助基金": _("医疗救助基金"), "企业补充医疗保险基金": _("企业补充医疗保险基金"),
    "特惠保补偿金": _("特惠保补偿金"), "政府兜底基金": _("政府兜底基金"), "其他基金": _("其他基金"), "医院垫付基金": _("医院垫付基金"),
}  # fmt: skip
"""Funds as settlements name them, in the page's language."""

PAYMENTS: tuple[tuple[str, Any], ...] = (
    ("waiting", _("待拨付")), ("paid", _("已拨付")), ("failed", _("银行退票")), ("refunded", _("本人退款")), ("cancelled", _("已移出")),
)  # fmt: skip
BATCHES: tuple[tuple[str, Any], ...] = (("made", _("待发放")), ("released", _("已发放")), ("cancelled", _("已撤销")))
