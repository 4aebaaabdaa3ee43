"""Words of the window 窗口用语: schemes, kinds of care, classes of person and of item by their national codes, in the page's language."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openyibao.kernel import codes

SCHEMES = {"310": _("职工基本医疗保险"), "390": _("城乡居民基本医疗保险")}

CARE = {"11": _("普通门诊"), "9901": _("两病门诊（高血压、糖尿病）"), "14": _("门诊慢特病"), "2101": _("普通住院")}
"""Kinds of care 医疗类别 that this window registers, by med_type; those that begin with 2 are stays."""

TWO_DISEASE, CHRONIC = "9901", "14"
WITH_FILING = {TWO_DISEASE: "two-disease", CHRONIC: "chronic"}
"""Kinds of care that go by a filed disease, and the kind of filing."""

PERSONS = {
    "1101": _("职工在职"), "1102": _("公务员在职"), "1103": _("灵活就业"), "11": _("在职"), "12": _("退休"), "13": _("离休"),
    "1401": _("新生儿"), "14": _("未成年人、学生"), "15": _("居民（成年）"), "16": _("居民（老年）"), "17": _("城乡居民"),
}  # fmt: skip
"""psn_type 人员类别; the longest beginning that fits."""

AIDS = {
    codes.DESTITUTE: _("特困人员"), codes.ORPHAN: _("孤儿"), codes.MINIMUM_LIVING: _("低保对象"), codes.RETURNED_POOR: _("返贫致贫人口"),
    codes.MARGINAL: _("低保边缘家庭成员"), codes.ILLNESS_POOR: _("因病致贫重病患者"),
}  # fmt: skip

ITEM_CLASSES = {"01": _("甲类"), "02": _("乙类"), "03": _("丙类")}
ACCOUNTS = {"1": _("用本人个人账户"), "2": _("本人账户不足时用家庭共济"), "0": _("不用个人账户")}
"""acct_used_flag."""

SETTLES = {"O": "2207", "I": "2304"}
TRIES = {"O": "2206", "I": "2303"}
TAKES_BACK = {"O": "2208", "I": "2305"}
"""Numbers by the sort of visit."""

CLEARED = {"11": _("门诊"), "13": _("急诊抢救"), "14": _("门诊慢特病"), "15": _("两病门诊"), "18": _("双通道药品"), "21": _("住院"),
           "28": _("日间手术"), "41": _("药店购药"), "53": _("生育门诊"), "99": _("其他")}  # fmt: skip
"""Clearing category clr_type."""

DEMO = {
    "employee": "employee, active, with an account", "retired": "employee, retired, with an account", "resident": "resident, adult",
    "child": "resident, child", "low-income": "resident, minimum-living family (medical aid)",
    "chronic": "employee with filed coronary disease and diabetes", "two-disease": "resident with filed hypertension and diabetes",
    "arrears": "employee whose employer owes dues: the pool is suspended", "waiting": "resident in the waiting period",
    "dead": "employee who died", "offsite": "insured in another city, filed to live here",
    "measure": "resident whose settlement is suspended",
    "switched": "first resident, then employee, without a gap", "relative": "resident who may use the employee's account (family)",
    "dialysis": "resident, destitute, on dialysis", "special-drug": "employee with a filed dual-channel drug",
    "maternity": "employee, insured for maternity", "newborn": "resident, newborn, birth certificate",
    "uninsured": "registered, never insured", "civil-servant": "employee, civil servant with the supplement",
}  # fmt: skip
"""English of the memos in the example file."""

DISEASES = {"M03900": ("高血压", "hypertension"), "M01600": ("糖尿病", "diabetes")}
"""The two diseases, where the policy's list of chronic diseases does not name them."""


def is_stay(med_type: str) -> bool:
    """Whether a kind of care is a stay."""
    return med_type.startswith("2")


def person_class(psn_type: str) -> Any:
    """A class of person in words; the code itself where it is unknown."""
    return next((PERSONS[psn_type[:length]] for length in (4, 2) if psn_type[:length] in PERSONS), psn_type)


def scheme(insutype: str) -> Any:
    """A scheme in words."""
    return SCHEMES.get(insutype, insutype)
