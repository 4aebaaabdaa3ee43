"""Between national codes 国家编码 and the kernel's: insutype, med_type, psn_type, psn_idet_type, chrgitm_lv, and the amount fields.

Each map names its source mark: `doc` where a public code table says what the code is, `illustrative` where the table leaves the benefit
to the place and the reading is ours. hosp_lv is a city's own map, see policybook/book.py.
"""

from typing import NamedTuple

from openyibao.kernel import codes
from openyibao.kernel.plan import AddedLayer, Plan
from openyibao.kernel.receipt import Receipt

DOC, OURS = "doc", "illustrative"


class Mapped(NamedTuple):
    """One national code read as a kernel code, with the mark of its source."""

    code: int
    source: str


SCHEMES: dict[str, Mapped] = {
    "310": Mapped(codes.EMPLOYEE, DOC),
    "390": Mapped(codes.RESIDENT, DOC),
    "391": Mapped(codes.RESIDENT, OURS),  # 城镇居民, merged into 390
    "380": Mapped(codes.RESIDENT, OURS),  # 新农合, merged into 390
    "510": Mapped(codes.EMPLOYEE, OURS),  # 生育保险, merged into the employee fund
}
"""Scheme 险种 (insutype)."""

KINDS: dict[str, Mapped] = {
    "11": Mapped(codes.OUTPATIENT, DOC),
    "1103": Mapped(codes.OUTPATIENT, OURS),  # 癌症筛查
    "12": Mapped(codes.OUTPATIENT, OURS),  # 门诊挂号
    "13": Mapped(codes.OUTPATIENT, OURS),  # 急诊
    "16": Mapped(codes.OUTPATIENT, OURS),  # 中医特色门诊
    "81": Mapped(codes.OUTPATIENT, OURS),  # 意外伤害门诊
    "990101": Mapped(codes.OUTPATIENT, OURS),  # 门诊单病种
    "9903": Mapped(codes.OUTPATIENT, OURS),  # 意外伤害门诊
    "1301": Mapped(codes.RESCUE, DOC),
    "14": Mapped(codes.CHRONIC, DOC),
    "140104": Mapped(codes.CHRONIC, DOC),
    "140201": Mapped(codes.CHRONIC, DOC),
    "140401": Mapped(codes.CHRONIC, OURS),  # 门诊罕见病
    "15": Mapped(codes.DUAL_CHANNEL, OURS),  # 特药
    "18": Mapped(codes.DUAL_CHANNEL, OURS),  # 特药购药
    "9904": Mapped(codes.DUAL_CHANNEL, OURS),  # 大病特药
    "21": Mapped(codes.INPATIENT, DOC),
    "2101": Mapped(codes.INPATIENT, DOC),
    "2102": Mapped(codes.INPATIENT, DOC),
    "2105": Mapped(codes.INPATIENT, DOC),
    "2109": Mapped(codes.INPATIENT, OURS),  # 新生儿抢救
    "2114": Mapped(codes.INPATIENT, OURS),  # 舒缓疗护住院
    "21303": Mapped(codes.INPATIENT, DOC),
    "210104": Mapped(codes.INPATIENT, DOC),
    "22": Mapped(codes.INPATIENT, DOC),
    "23": Mapped(codes.INPATIENT, OURS),  # 转外诊治住院
    "24": Mapped(codes.INPATIENT, OURS),  # 急诊转住院
    "25": Mapped(codes.INPATIENT, OURS),  # 异地住院
    "26": Mapped(codes.INPATIENT, DOC),
    "27": Mapped(codes.INPATIENT, OURS),  # 自主就医
    "3101": Mapped(codes.INPATIENT, OURS),  # 低自付住院
    "71": Mapped(codes.INPATIENT, OURS),  # 家庭病床
    "28": Mapped(codes.DAY_SURGERY, DOC),
    "2106": Mapped(codes.DELIVERY, DOC),
    "2107": Mapped(codes.CAESAREAN, DOC),
    "41": Mapped(codes.PHARMACY, DOC),
    "51": Mapped(codes.PRENATAL, OURS),  # 生育门诊, refined by maternity_kind
    "52": Mapped(codes.DELIVERY, OURS),  # 生育住院, refined by maternity_kind
    "9901": Mapped(codes.TWO_DISEASE, DOC),
}
"""Kind of bill 就诊类别 (med_type)."""

MATERNITY_VISITS = ("51", "52")

LONG_BEDS = ("21303", "2105", "71")
"""med_type of psychiatric, rehabilitation and home beds 长期住院床位: our reading."""

LATE_WEEKS = 16
"""Weeks of pregnancy 孕周 read as four months: a unit of time, not a city's figure; our reading."""

PERSON_STATUS: dict[str, Mapped] = {
    "11": Mapped(codes.ACTIVE, DOC),
    "12": Mapped(codes.RETIRED, DOC),
    "14": Mapped(codes.ACTIVE, DOC),  # 未成年、学生
    "15": Mapped(codes.ACTIVE, DOC),  # 居民（成年）
    "16": Mapped(codes.ACTIVE, DOC),  # 居民（老年）
    "17": Mapped(codes.ACTIVE, DOC),  # 城乡居民
    "18": Mapped(codes.ACTIVE, OURS),  # 农牧民
}
"""Status 人员状态 by the first two digits of psn_type; local editions add digits behind them."""

RETIRED_EXCEPTIONS = ("1112",)
"""psn_type that begins like an active person's and names a retired one (伤残军人退休)."""

AID: dict[str, Mapped] = {
    "2301": Mapped(codes.DESTITUTE, OURS),  # 三无人员
    "2303": Mapped(codes.MINIMUM_LIVING, DOC),
    "2304": Mapped(codes.DESTITUTE, DOC),
    "2305": Mapped(codes.MARGINAL, OURS),  # 低收入救助对象
    "2306": Mapped(codes.ILLNESS_POOR, DOC),
    "2307": Mapped(codes.DESTITUTE, OURS),  # 农村五保户
    "2361": Mapped(codes.ORPHAN, DOC),
    "226104": Mapped(codes.RETURNED_POOR, DOC),
    "236074": Mapped(codes.MARGINAL, DOC),
}
"""Aid category 医疗救助对象类别 (psn_idet_type); other identities (优抚, 军人, 残疾 …) give no aid by themselves."""

REGISTERED_POOR = ("2302",)
"""psn_idet_type of 建档立卡贫困人口, an attribute beside the aid category."""

IDENTITY_FAMILIES = ("21", "22", "23", "24", "31", "32", "33", "34", "35", "36", "60")
"""First two digits of every psn_idet_type in the national table."""

CLEARED_AS: dict[int, str] = {
    codes.OUTPATIENT: "11",
    codes.CHRONIC: "14",
    codes.DIALYSIS: "14",
    codes.TWO_DISEASE: "15",
    codes.DUAL_CHANNEL: "18",
    codes.INPATIENT: "21",
    codes.DAY_SURGERY: "28",
    codes.RESCUE: "13",
    codes.DELIVERY: "21",
    codes.CAESAREAN: "21",
    codes.PRENATAL: "53",
    codes.MISCARRIAGE_EARLY: "53",
    codes.MISCARRIAGE_LATE: "53",
    codes.PHARMACY: "41",
}
"""Clearing category 清算类别 (clr_type) by kind of bill."""

ITEM_CLASSES: dict[str, int] = {
    "01": codes.CLASS_A, "02": codes.CLASS_B, "03": codes.CLASS_C,
    "1": codes.CLASS_A, "2": codes.CLASS_B, "3": codes.CLASS_C,
}  # fmt: skip
"""Class of a charge line 收费项目等级 (chrgitm_lv), doc."""

CHARGE_HEADS: dict[str, tuple[str, ...]] = {
    "01": ("bed",),
    "08": ("consumable",),
    "09": ("drug",),
    "10": ("drug", "slices"),
    "11": ("drug",),
    "12": ("consultation",),
}
"""What the first two digits of med_chrgitm_type say about a line, doc."""

TWO_DISEASES: dict[str, int] = {"M03900": codes.HYPERTENSION, "M01600": codes.DIABETES}
"""The two diseases 两病 by chronic disease code, doc."""

AMOUNT_FIELDS = (
    "medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt", "act_pay_dedc", "hifp_pay",
    "pool_prop_selfpay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "hifdm_pay", "oth_pay", "fund_pay_sumamt",
    "psn_part_amt", "acct_pay", "acct_mulaid_pay", "psn_cash_pay", "hosp_part_amt", "balc",
)  # fmt: skip
"""The national amount fields of a settled bill, in the order in which results show them."""

FUND_FIELDS = ("hifp_pay", "hifmi_pay", "hifob_pay", "hifes_pay", "cvlserv_pay", "maf_pay", "hifdm_pay", "oth_pay")
"""The fields whose sum is fund_pay_sumamt (identity I4)."""


class FundRow(NamedTuple):
    """One row of setldetail 基金支付明细: fund_pay_type, its Chinese name, fen."""

    fund: str
    name: str
    amount: int


CITY = 4
"""Digits of a division code that name the city: a pooling area 统筹区 is a city."""


def pooling_area(admdvs: str) -> str:
    """The pooling area 统筹区 of a division: its city, as a six-digit code."""
    return f"{admdvs[:CITY]}00"


def kind_of(med_type: str, matn_type: str = "", birctrl_type: str = "", weeks: int = 0) -> int | None:
    """The kind of bill of a med_type, refined by the maternity fields for 51 and 52; None = not in the table."""
    if med_type in MATERNITY_VISITS:
        return maternity_kind(med_type, matn_type, birctrl_type, weeks)
    mapped = KINDS.get(med_type)
    return None if mapped is None else mapped.code


def maternity_kind(med_type: str, matn_type: str, birctrl_type: str, weeks: int) -> int:
    """Which fixed amount 生育定额 a maternity bill asks for (matn_type, birctrl_type, geso_val)."""
    if matn_type == "6" or birctrl_type == "4":
        return codes.MISCARRIAGE_LATE
    if matn_type == "5" or birctrl_type == "3":
        return codes.MISCARRIAGE_LATE if weeks >= LATE_WEEKS else codes.MISCARRIAGE_EARLY
    if matn_type == "3":
        return codes.CAESAREAN
    if matn_type == "7":
        return codes.PRENATAL
    if matn_type in ("1", "2", "4"):
        return codes.DELIVERY
    return KINDS[med_type].code


def status_of(psn_type: str) -> int | None:
    """ACTIVE or RETIRED for a psn_type; None for persons outside the two schemes' normal chain (离休, 残疾军人 …)."""
    if psn_type in RETIRED_EXCEPTIONS:
        return codes.RETIRED
    mapped = PERSON_STATUS.get(psn_type[:2])
    return None if mapped is None else mapped.code


def aid_of(psn_idet_type: str) -> int | None:
    """The aid category of an identity; NO_AID for an identity that gives none; None = not in the table."""
    if psn_idet_type in AID:
        return AID[psn_idet_type].code
    return codes.NO_AID if psn_idet_type[:2] in IDENTITY_FAMILIES else None


def is_fixed_maternity(receipt: Receipt, plan: Plan) -> bool:
    """Whether the basic payment is a fixed maternity amount (a delivery settled as a stay carries an admission number)."""
    return codes.DELIVERY <= receipt.kind <= codes.MISCARRIAGE_LATE and receipt.admission == 0 and plan.maternity.present == 1


def added_in(field: int, receipt: Receipt, plan: Plan) -> int:
    """What the added layers 补充层 pay that report in `field` (codes.FIELD_OTHER, FIELD_ENTERPRISE), fen."""
    paid = (receipt.added_1, receipt.added_2, receipt.added_3)
    if not any(paid):
        return 0
    layers: tuple[AddedLayer, ...] = (plan.added_1, plan.added_2, plan.added_3)
    return sum(amount for layer, amount in zip(layers, paid, strict=True) if layer.field == field)


def amounts(receipt: Receipt, plan: Plan) -> dict[str, int]:
    """The national amount fields of a receipt, fen; identities I1-I4 of the interface hold among them.

    Readings: tilt_in_oth_pay moves tilted aid, maternity_in_oth_pay fixed maternity amounts into oth_pay; inscp_after_offsite reports
    inscp_scp_amt after the off-site first self-pay, which then counts as first self-pay. pool_prop_selfpay is 0 in every public
    sample and stays 0. acct_pay includes acct_mulaid_pay.
    """
    readings = plan.readings
    fixed = receipt.pool if readings.maternity_in_oth_pay == 1 and is_fixed_maternity(receipt, plan) else 0
    tilt = receipt.tilt if readings.tilt_in_oth_pay == 1 else 0
    moved = receipt.offsite_first if readings.inscp_after_offsite == 1 else 0
    return {
        "medfee_sumamt": receipt.total,
        "fulamt_ownpay_amt": receipt.full,
        "overlmt_selfpay": receipt.over,
        "preselfpay_amt": receipt.pre + moved,
        "inscp_scp_amt": receipt.within - moved,
        "act_pay_dedc": receipt.deductible,
        "hifp_pay": receipt.pool - fixed,
        "pool_prop_selfpay": 0,
        "cvlserv_pay": receipt.civil,
        "hifes_pay": added_in(codes.FIELD_ENTERPRISE, receipt, plan),
        "hifmi_pay": receipt.catastrophic,
        "hifob_pay": receipt.large_first + receipt.large_second,
        "maf_pay": receipt.aid + receipt.tilt - tilt + receipt.topup,
        "hifdm_pay": 0,
        "oth_pay": added_in(codes.FIELD_OTHER, receipt, plan) + receipt.state + fixed + tilt,
        "fund_pay_sumamt": receipt.fund,
        "psn_part_amt": receipt.person,
        "acct_pay": receipt.account + receipt.family,
        "acct_mulaid_pay": receipt.family,
        "psn_cash_pay": receipt.cash,
        "hosp_part_amt": receipt.hospital,
        "balc": receipt.balance,
    }


def pool_row(receipt: Receipt, plan: Plan) -> tuple[str, str]:
    """fund_pay_type and name of the basic payment."""
    if is_fixed_maternity(receipt, plan) and plan.readings.maternity_in_oth_pay == 1:
        return "510100", "生育基金"
    stay = codes.INPATIENT <= receipt.kind <= codes.CAESAREAN
    if receipt.scheme == codes.EMPLOYEE:
        return ("310100", "城镇职工基本医疗保险统筹基金") if stay else ("310102", "职工门诊统筹基金")
    return ("390100", "城乡居民基本医疗保险基金") if stay else ("390102", "居民门诊统筹基金")


def fund_rows(receipt: Receipt, plan: Plan) -> list[FundRow]:
    """The rows of setldetail: every fund, then account and hospital rows, so that identity I10 holds; rows of 0 are left out."""
    moved = receipt.tilt if plan.readings.tilt_in_oth_pay == 1 else 0
    rows = (
        (*pool_row(receipt, plan), receipt.pool),
        ("330100", "大额医疗费用补助基金", receipt.large_first + receipt.large_second),
        ("390200", "城乡居民大病医疗保险基金", receipt.catastrophic),
        ("320100", "公务员医疗补助基金", receipt.civil),
        ("610100", "医疗救助基金", receipt.aid + receipt.tilt - moved + receipt.topup),
        ("370100", "企业补充医疗保险基金", added_in(codes.FIELD_ENTERPRISE, receipt, plan)),
        ("620100", "特惠保补偿金", added_in(codes.FIELD_OTHER, receipt, plan)),
        ("640100", "政府兜底基金", receipt.state),
        ("999997", "其他基金", moved),
        ("310200", "城镇职工基本医疗保险个人账户基金", receipt.account + receipt.family),
        ("999996", "医院垫付基金", receipt.hospital),
    )
    return [FundRow(*row) for row in rows if row[2] != 0]
