"""A quantity 指标口径: what an indicator counts, in words of both languages, defined once however many plans ask for it.

A plan's indicator (WH-01, JZ-01, YX-01 …) names its quantity; the plan's own figures stand in the plan's table. A quantity is either
answered from the city's people, contributions and bills, or waits for a feed that this list names.
"""

from typing import NamedTuple

STOCK, FLOW, YEAR, POLICY = "stock", "flow", "year", "policy"
"""When it is counted: on the last day; over the period; over a whole calendar year only; as the policy stands on the last day."""

WHEN = {
    STOCK: ("期末", "on the last day of the period"),
    FLOW: ("本期", "over the period"),
    YEAR: ("全年", "over a whole calendar year"),
    POLICY: ("期末有效的政策", "the policy in force on the last day"),
}
"""When -> words, zh and en."""


class Quantity(NamedTuple):
    """One quantity."""

    code: str
    zh: str
    en: str
    unit: str  # kernel.indicators.value.UNITS
    over: tuple[str, str]  # what the numerator counts, zh and en; of a sum or count, the whole
    under: tuple[str, str] | None = None  # what the denominator counts; None for a sum, a count, a milestone
    when: str = FLOW
    feed: str = ""  # what it waits for (FEEDS); "" = answered
    lower_is_better: bool = False
    reading: tuple[str, str] | None = None  # the choice made where the plans leave one open

    def formula(self, lang: str) -> str:
        """The formula in words."""
        place = 0 if lang == "zh" else 1
        over = self.over[place]
        return over if self.under is None else f"{over} ÷ {self.under[place]}"


FEEDS = {
    "payment": ("按病组、病种、分值付费的结算结果（支付方式台）", "cases paid by DRG, DIP or disease (the payment desk)"),
    "procurement": ("省级采购平台的中选结果和订单", "winning bids and orders of the provincial procurement platform"),
    "items": ("政务服务事项清单和可办渠道", "the list of service items and where each can be done"),
    "offices": ("经办机构、窗口、人员和服务点名册", "the register of offices, windows, staff and service points"),
    "network": ("经办机构和定点机构的网络接入台账", "the register of network lines of offices and providers"),
    "acceptance": ("经办机构和定点机构受理电子凭证的设备台账", "which offices and providers have voucher readers"),
    "evaluation": ("“好差评”平台的评价邀请和结果", "invitations and answers of the service evaluation platform"),
    "review": ("智能审核、复审的逐单记录（审核台）", "records of automatic and second review bill by bill (the audit desk)"),
    "inspection": ("稽查、现场检查记录（监管台）", "inspection records (the supervision desk)"),
    "platform": ("国家、省异地就医平台的接入机构和外来就医记录",
     "institutions connected to the off-site platforms, and visits of other cities' insured"),
    "lists": ("医疗保障基金结算清单的上传回执（4101）", "receipts of uploaded settlement lists (4101)"),
    "publications": ("监测报告的发布记录", "the log of published monitoring reports"),
    "training": ("定点机构人员培训记录", "training records of providers' staff"),
    "aid_cases": ("医疗救助的受理和核定记录（待遇台）", "applications and decisions of medical aid (the entitlement desk)"),
    "statistics": ("卫生总费用核算结果（统计、卫健部门）", "the national health accounts' statistic for the city"),
    "documents": ("文件和实施范围的认定（规划台登记的里程碑）", "the document and its scope, declared as a milestone at the planning desk"),
}
"""What a quantity may wait for, zh and en."""
