"""Policies in words 措辞: subjects, choices, values with their unit, trust marks, in Chinese (`zh`) and English (`en`)."""

from openyibao.policybook.leaf import Scalar
from openyibao.policybook.units import TRUST, UNITS

SUBJECTS: dict[str, tuple[str, str]] = {
    "inpatient": ("住院", "Inpatient"),
    "outpatient": ("普通门诊", "Ordinary outpatient"),
    "two_diseases": ("两病门诊用药", "Hypertension and diabetes drugs"),
    "chronic": ("门诊慢特病", "Chronic and special outpatient"),
    "dual_channel": ("双通道药品", "Dual-channel drugs"),
    "large_amount": ("职工大额医疗费用补助", "Employee large-amount layer"),
    "catastrophic": ("城乡居民大病保险", "Resident catastrophic insurance"),
    "civil_servant": ("公务员医疗补助", "Civil-servant supplement"),
    "medical_aid": ("医疗救助", "Medical aid"),
    "offsite": ("异地就医", "Off-site treatment"),
    "maternity": ("生育", "Maternity"),
    "haemodialysis": ("血液透析", "Haemodialysis"),
    "huiminbao": ("惠民保", "City supplementary insurance"),
    "employer_plan": ("企业补充医疗保险", "Employer's plan"),
    "poverty_tilt": ("脱贫攻坚倾斜政策", "Tilt for registered poor"),
    "epidemic": ("疫情保障规定", "Emergency rule sets"),
    "personal_account": ("个人账户", "Personal account"),
    "special": ("特殊情形", "Special cases"),
    "scope": ("明细归集", "Line scoping"),
    "catalogue": ("目录默认", "Catalogue defaults"),
    "readings": ("解读口径", "Readings"),
    "contribution": ("筹资与缴费", "Contributions"),
    "waiting": ("待遇等待期", "Waiting periods"),
    "incentives": ("连续参保激励", "Incentives"),
    "ltc": ("长期护理保险", "Long-term care"),
    "payment": ("支付方式", "Payment methods"),
    "benefit_list": ("国家待遇清单的上下限", "National benefit list"),
    "fund": ("基金预警线", "Fund thresholds"),
    "settlement": ("结算次序", "Order of settlement"),
    "schemes": ("险种代码", "Scheme codes"),
    "area": ("区划与机构等级", "Area and hospital levels"),
}

RULE_SETS: dict[str, tuple[str, str]] = {
    "covid-2020": ("新冠肺炎疫情（2020）", "COVID-19 (2020)"),
}
"""Emergency rule sets 应急规则 by their name in the policy files (epidemic.<scheme>.<name>)."""

SCHEME_WORDS: dict[str, tuple[str, str]] = {
    "both": ("两险种", "both schemes"),
    "employee": ("职工", "employees"),
    "resident": ("居民", "residents"),
}

CHOICES: dict[str, tuple[str, str]] = {
    "none": ("不减", "no reduction"),
    "factor": ("第二次起乘系数", "factor from the second on"),
    "subtract": ("逐次递减", "less each time"),
    "table": ("按次列表", "listed by admission"),
    "per_stay": ("按本次住院", "per stay"),
    "per_year": ("按年度累计", "per year"),
    "per_visit": ("按次", "per visit"),
    "paid": ("按支付额", "on payments"),
    "in_scope": ("按政策范围内费用", "on in-scope amounts"),
    "whole_fee": ("按总费用", "on the whole fee"),
    "chronic": ("慢性病（有定额）", "chronic, with a quota"),
    "severe": ("重症（按住院封顶线）", "severe, under the inpatient cap"),
    "month": ("月", "month"),
    "quarter": ("季", "quarter"),
    "year": ("年", "year"),
    "subtract_pp": ("降低支付比例", "points off the ratio"),
    "self_pay_first": ("先自付一定比例", "a share paid first"),
    "multiply": ("支付额乘系数", "payment times a factor"),
    "from_zero": ("从零起算", "from zero"),
    "above_deductible": ("起付线以上起算", "above the deductible"),
    "kept": ("不暂停", "kept"),
    "lifted_for_class": ("对适用对象暂停", "lifted for the class"),
    "lifted_for_all": ("对全体暂停", "lifted for everybody"),
    "in_scope_left": ("目录内个人负担余额", "in-scope burden left"),
    "outside": ("目录外药品耗材", "drugs and consumables outside the catalogue"),
    "other": ("其他支出 oth_pay", "oth_pay"),
    "enterprise": ("企业补充 hifes_pay", "hifes_pay"),
    "any": ("任何个人负担", "any personal burden"),
    "ceiling_first": ("先限价后先行自付", "ceiling first"),
    "half_up": ("四舍五入到分", "half up to the fen"),
    "truncate": ("去尾到分", "truncated to the fen"),
    "year_of_discharge": ("出院年度", "year of discharge"),
    "split_at_31_december": ("12 月 31 日分段", "split on 31 December"),
}
BY_KEY: dict[str, dict[str, tuple[str, str]]] = {
    "scope.order": {"self_pay_first": ("先行自付按全价", "first self-pay on the whole price")},
    "personal_account.scope": {"in_scope": ("只付政策范围内个人负担", "in-scope burden only")},
    "area.hosp_lv": {
        "PV": ("村卫生室", "village clinic"),
        "P0": ("基层机构", "primary care"),
        "L1": ("一级", "level 1"),
        "L2": ("二级", "level 2"),
        "L3": ("三级", "level 3"),
        "L3P": ("省部属三级", "provincial level 3"),
    },
}


NULLS: dict[str, tuple[str, str]] = {
    "large_amount.band.": ("无分段", "no band"),
    "scope.step_threshold": ("不分段", "no step"),
    "chronic.": ("无单独定额", "no quota of its own"),
    "poverty_tilt.": ("无", "none"),
}
"""What null means where it is not "no limit"; by the key without its scheme."""


def column(lang: str) -> int:
    """The place of a language in a pair of words."""
    return 1 if lang == "en" else 0


def subject_words(subject: str, lang: str) -> str:
    """住院, Inpatient …"""
    return SUBJECTS.get(subject, (subject, subject))[column(lang)]


def rule_set_words(name: str, lang: str) -> str:
    """An emergency rule set; one that a city wrote itself is told by its name in the files."""
    return RULE_SETS.get(name, (name, name))[column(lang)]


def scheme_words(scheme: str, lang: str) -> str:
    """职工, employees …"""
    return SCHEME_WORDS[scheme][column(lang)]


def trust_words(trust: str, lang: str) -> str:
    """A trust mark as it is shown beside a figure."""
    return TRUST[trust][column(lang)]


def with_commas(digits: str) -> str:
    """1200 as 1,200; decimals and a sign stay."""
    whole, point, part = digits.partition(".")
    return f"{int(whole):,}{point}{part}"


def percent(decimal: str) -> str:
    """"0.936" as 93.6."""
    scaled = decimal.replace(".", "")
    places = len(decimal.partition(".")[2]) - 2
    if places <= 0:
        return str(int(scaled) * 10 ** -places)
    whole, part = scaled[:-places], scaled[-places:].rstrip("0")
    return f"{int(whole or '0')}.{part}" if part else str(int(whole or "0"))


def value_words(value: Scalar, unit: str, key: str, lang: str) -> str:
    """A value with its unit, as an officer says it. `key` is the parameter's, with or without scheme."""
    at = column(lang)
    form, words = UNITS[unit].form, (UNITS[unit].zh, UNITS[unit].en)[at]
    if value is None:
        plain = without_scheme_words(key)
        return next((said[at] for prefix, said in NULLS.items() if plain.startswith(prefix)), ("不设限", "no limit")[at])
    if isinstance(value, bool):
        return (("否", "no"), ("是", "yes"))[value][at]
    if isinstance(value, tuple):
        return ("、", ", ")[at].join(value)
    if form == "choice":
        return choice_words(str(value), key, lang)
    if unit == "ratio":
        return f"{percent(str(value))}%"
    if form in ("money", "integer", "decimal") and unit != "year":
        return f"{with_commas(str(value))} {words}".strip()
    return str(value)


def without_scheme_words(key: str) -> str:
    """A key without its scheme, whether it had one or not."""
    return ".".join(part for part in key.split(".") if part not in SCHEME_WORDS)


def choice_words(word: str, key: str, lang: str) -> str:
    """A choice in words; some words mean different things for different parameters."""
    plain = without_scheme_words(key)
    for prefix, words in BY_KEY.items():
        if plain.startswith(prefix) and word in words:
            return words[word][column(lang)]
    return CHOICES.get(word, (word, word))[column(lang)]
