"""Plain words for kernel codes 用词: what bill files accept and results write, in English, in Chinese, and as national codes."""

from openyibao.kernel import codes

KIND_NAMES = {
    codes.OUTPATIENT: ("outpatient", "普通门诊"),
    codes.CHRONIC: ("chronic", "门诊慢特病"),
    codes.TWO_DISEASE: ("two_disease", "门诊两病"),
    codes.DUAL_CHANNEL: ("dual_channel", "双通道药品"),
    codes.INPATIENT: ("inpatient", "住院"),
    codes.DAY_SURGERY: ("day_surgery", "日间手术"),
    codes.RESCUE: ("rescue", "急诊抢救"),
    codes.DELIVERY: ("delivery", "顺产"),
    codes.CAESAREAN: ("caesarean", "剖宫产"),
    codes.PRENATAL: ("prenatal", "产前检查"),
    codes.MISCARRIAGE_EARLY: ("miscarriage_early", "流产（未满四个月）"),
    codes.MISCARRIAGE_LATE: ("miscarriage_late", "流产（四个月以上）"),
    codes.DIALYSIS: ("dialysis", "血液透析"),
    codes.PHARMACY: ("pharmacy", "定点药店购药"),
}
SCHEME_NAMES = {codes.EMPLOYEE: ("employee", "职工"), codes.RESIDENT: ("resident", "居民")}
LEVEL_NAMES = {
    codes.PV: ("PV", "村卫生室"), codes.P0: ("P0", "基层"), codes.L1: ("L1", "一级"), codes.L2: ("L2", "二级"),
    codes.L3: ("L3", "三级"), codes.L3P: ("L3P", "省部属三级"),
}  # fmt: skip
OFFSITE_NAMES = {
    codes.HOME: ("home", "统筹区内"), codes.FILED: ("filed", "长期备案"), codes.REFERRED: ("referred", "转诊转院"),
    codes.EMERGENCY: ("emergency", "异地急诊"), codes.SELF_REFERRED: ("self_referred", "未备案自行外出"),
    codes.NEIGHBOUR: ("neighbour", "免备案邻近城市"),
}  # fmt: skip
AID_NAMES = {
    codes.NO_AID: ("none", "无"), codes.DESTITUTE: ("destitute", "特困人员"), codes.ORPHAN: ("orphan", "孤儿"),
    codes.MINIMUM_LIVING: ("minimum_living", "低保对象"), codes.RETURNED_POOR: ("returned_poor", "返贫致贫人口"),
    codes.MARGINAL: ("marginal", "低保边缘家庭成员"), codes.ILLNESS_POOR: ("illness_poor", "因病致贫重病患者"),
}  # fmt: skip
STATUS_NAMES = {codes.ACTIVE: ("active", "在职"), codes.RETIRED: ("retired", "退休")}
DISEASE_NAMES = {codes.HYPERTENSION: ("hypertension", "高血压"), codes.DIABETES: ("diabetes", "糖尿病")}

Names = dict[int, tuple[str, str]]


def reverse(names: Names, **more: int) -> dict[str, int]:
    """Every accepted word -> code."""
    return {word: code for code, words in names.items() for word in words} | more


KINDS = reverse(KIND_NAMES, 流产=codes.MISCARRIAGE_EARLY, 引产=codes.MISCARRIAGE_LATE, 两病=codes.TWO_DISEASE, 特药=codes.DUAL_CHANNEL)
SCHEMES = reverse(SCHEME_NAMES, 职工医保=codes.EMPLOYEE, 居民医保=codes.RESIDENT)
LEVELS = reverse(LEVEL_NAMES)
OFFSITE = reverse(OFFSITE_NAMES)
AID = reverse(AID_NAMES, 特困=codes.DESTITUTE, 低保=codes.MINIMUM_LIVING, 事实无人抚养儿童=codes.ORPHAN, 返贫致贫=codes.RETURNED_POOR,
              低保边缘=codes.MARGINAL, 因病致贫=codes.ILLNESS_POOR)
STATUS = reverse(STATUS_NAMES, resident=codes.ACTIVE, 居民=codes.ACTIVE)
DISEASES = reverse(DISEASE_NAMES)
CLASSES = {"A": codes.CLASS_A, "B": codes.CLASS_B, "C": codes.CLASS_C, "甲": codes.CLASS_A, "乙": codes.CLASS_B, "丙": codes.CLASS_C,
           "甲类": codes.CLASS_A, "乙类": codes.CLASS_B, "丙类": codes.CLASS_C}


def name(names: Names, code: int, lang: str) -> str:
    """The word of a code in `zh` or `en`."""
    return names[code][1 if lang == "zh" else 0]


def english(names: Names) -> str:
    """The English words, for a message."""
    return " ".join(words[0] for words in names.values())


KIND_WORDS, LEVEL_WORDS, OFFSITE_WORDS, AID_WORDS = (english(names) for names in (KIND_NAMES, LEVEL_NAMES, OFFSITE_NAMES, AID_NAMES))
