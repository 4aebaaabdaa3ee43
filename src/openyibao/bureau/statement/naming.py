"""Names on bills 名称: kinds of visit, schemes, levels, off-site classes in words, and what a list shows of a person's name."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openyibao.kernel import codes
from openyibao.policybook import national

KINDS: dict[int, Any] = {
    codes.OUTPATIENT: _("普通门诊"), codes.CHRONIC: _("门诊慢特病"), codes.TWO_DISEASE: _("门诊两病"), codes.DUAL_CHANNEL: _("双通道药品"),
    codes.INPATIENT: _("住院"), codes.DAY_SURGERY: _("日间手术"), codes.RESCUE: _("急诊抢救"), codes.DELIVERY: _("住院分娩"),
    codes.CAESAREAN: _("剖宫产"), codes.PRENATAL: _("产前检查"), codes.MISCARRIAGE_EARLY: _("流产（未满四个月）"),
    codes.MISCARRIAGE_LATE: _("流产（四个月以上）"), codes.DIALYSIS: _("血液透析"), codes.PHARMACY: _("定点药店购药"),
}  # fmt: skip
"""Kinds of bill 就诊类别 in words."""

SCHEMES: dict[str, Any] = {"310": _("职工医保"), "390": _("居民医保")}
"""insutype in words, of the two that are chosen from."""

LEVELS: dict[int, Any] = {
    codes.PV: _("村卫生室"), codes.P0: _("社区、乡镇卫生院"), codes.L1: _("一级医院"), codes.L2: _("二级医院"), codes.L3: _("三级医院"),
    codes.L3P: _("省部属三级医院"),
}  # fmt: skip

OFFSITE: dict[int, Any] = {
    codes.HOME: _("本市"), codes.FILED: _("外地·已长期备案"), codes.REFERRED: _("外地·转诊转院"), codes.EMERGENCY: _("外地·急诊"),
    codes.SELF_REFERRED: _("外地·未备案自行前往"), codes.NEIGHBOUR: _("邻近城市·免备案"),
}  # fmt: skip

AIDS: dict[int, Any] = {
    codes.NO_AID: _("无"), codes.DESTITUTE: _("特困人员"), codes.ORPHAN: _("孤儿"), codes.MINIMUM_LIVING: _("低保对象"),
    codes.RETURNED_POOR: _("返贫致贫人口"), codes.MARGINAL: _("低保边缘家庭成员"), codes.ILLNESS_POOR: _("因病致贫重病患者"),
}  # fmt: skip

STATUSES: dict[int, Any] = {codes.ACTIVE: _("在职"), codes.RETIRED: _("退休")}


def masked_name(name: str) -> str:
    """A name for a list 脱敏: the first sign, the rest as stars."""
    return name[:1] + "*" * (len(name) - 1)


def scheme_words(insutype: str) -> Any:
    """A scheme in words; the code where it is another."""
    return SCHEMES.get(insutype, insutype)


def kind_words(med_type: str) -> Any:
    """The kind of visit of a med_type in words; the code where the table has none."""
    if med_type in national.MATERNITY_VISITS:
        return _("生育门诊") if med_type == "51" else _("生育住院")
    kind = national.kind_of(med_type)
    return med_type if kind is None else KINDS[kind]


def med_types_of(kind: int) -> list[str]:
    """Every med_type of a kind of visit, as bills carry them."""
    return [code for code, mapped in national.KINDS.items() if mapped.code == kind]


def offered_kinds() -> tuple[tuple[str, Any], ...]:
    """Kinds of visit to choose from in a filter: those that some med_type stands for."""
    return tuple((str(kind), words) for kind, words in KINDS.items() if med_types_of(kind))
