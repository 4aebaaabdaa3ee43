"""Quantities that people, contributions and bills cannot answer 待数据的指标: each names the feed it waits for."""

from openyibao.kernel.indicators.quantity import STOCK, Quantity

CASES = ("全部住院费用", "all inpatient cost")
ITEMS = ("清单事项", "items on the list")
OFFICES = ("全部应设单位", "all units the plan names")
PROVIDERS = ("定点医药机构", "designated institutions")
APPROVED = ("获认定的数量", "number approved")


def awaited(code: str, zh: str, en: str, unit: str, feed: str, over: tuple[str, str], under: tuple[str, str] | None = None,
            lower_is_better: bool = False) -> Quantity:  # fmt: skip
    """A quantity that waits for a feed; counted at the end of the period."""
    return Quantity(code, zh, en, unit, over, under, STOCK, feed, lower_is_better)


def milestone(code: str, zh: str, en: str, feed: str, over: tuple[str, str]) -> Quantity:
    """A milestone that is declared."""
    return awaited(code, zh, en, "milestone", feed, over)


PAYMENT = (
    awaited("drg_hospitals", "二级及以上综合医院 DRG 付费覆盖率", "grade-2+ general hospitals paid by DRG", "percent", "payment",
            ("按 DRG 付费的二级及以上综合定点医院", "grade 2 and 3 general hospitals paid by DRG"), ("全部此类医院", "all such hospitals")),
    awaited("dip_cost", "按病种分值付费住院费用占比", "inpatient cost paid by DIP", "percent", "payment",
            ("按病种分值付费病例的住院费用", "inpatient cost of cases paid by DIP"), CASES),
    awaited("drg_cost", "按 DRG 和病种付费住院费用占比", "inpatient cost paid by DRG or disease", "percent", "payment",
            ("按 DRG 或病种付费病例的住院费用", "inpatient cost of cases paid by DRG or single disease"), CASES),
    awaited("grouped_cost", "按病种、DRG、DIP 付费住院费用占比", "inpatient cost paid by disease, DRG or DIP", "percent", "payment",
            ("按病种、DRG 或 DIP 付费病例的住院费用", "inpatient cost of cases paid by disease, DRG or DIP"), CASES),
    awaited("disease_prices", "单病种付费病种数", "diseases with a single-disease price", "count", "payment",
            ("有效的单病种付费病种", "diseases with a price in force")),
    milestone("dip_everywhere", "职工医保 DIP 付费全覆盖", "employee cases paid by DIP in all counties", "payment",
              ("各县职工住院病例均按 DIP 付费", "employees' inpatient cases of every county are paid by DIP")),
    milestone("drg_pilot", "DRG 付费试点", "DRG pilot", "payment",
              ("市、县各至少一家医院按 DRG 付费", "at least one city and one county hospital are paid by DRG")),
    milestone("disease_payment", "以病种为基本单元的付费体系", "disease-based payment system", "payment",
              ("按病种付费成为主要方式", "payment by disease is the main method")),
)  # fmt: skip

PROCUREMENT = (
    awaited("procured_drugs", "带量采购药品品种数", "drug varieties in volume-based procurement", "count", "procurement",
            ("各轮次有效中选的通用名，去重", "distinct generic names with a winning bid in force, all rounds")),
    awaited("procured_consumables", "带量采购高值耗材类数", "consumable classes in volume-based procurement", "count", "procurement",
            ("各轮次中选的耗材类别，去重", "distinct consumable classes procured, all rounds")),
    awaited("platform_drugs", "平台采购药品金额占比", "drug spend on the provincial platform", "percent", "procurement",
            ("公立机构平台采购药品金额", "public institutions' drug spend on the platform"),
            ("其全部药品采购金额（不含中药饮片）", "all their drug spend without herbal slices")),
    awaited("platform_consumables", "平台采购高值耗材金额占比", "high-value consumable spend on the platform", "percent", "procurement",
            ("公立机构平台采购高值耗材金额", "public institutions' consumable spend on the platform"),
            ("其全部高值耗材采购金额", "all their spend on high-value consumables")),
    awaited("platform_buyers", "阳光采购主体覆盖率", "public institutions that buy on the platform", "percent", "procurement",
            ("在平台采购的公立医疗机构", "public institutions with orders on the platform"), ("全部公立医疗机构", "public institutions")),
)  # fmt: skip

SERVICE = (
    awaited("online_items", "政务服务事项线上可办率", "service items done online", "percent", "items",
            ("线上可办的事项", "items that can be finished online"), ITEMS),
    awaited("window_items", "政务服务事项窗口可办率", "service items done at a window", "percent", "items",
            ("窗口可办的事项", "items that can be done at a window"), ITEMS),
    awaited("evaluated", "好差评应评尽评", "services with an evaluation offered", "percent", "evaluation",
            ("发出评价邀请的办结事项", "finished services with an invitation"), ("办结事项", "finished services")),
    milestone("evaluation", "好差评制度", "evaluation in force", "evaluation", ("每项服务都可评价", "every service can be evaluated")),
    awaited("service_points", "服务网点覆盖率", "units with a service point", "percent", "offices",
            ("设有服务点的单位", "units with a service point"), OFFICES),
    awaited("town_offices", "乡镇（街道）经办机构覆盖率", "towns and streets with an office", "percent", "offices",
            ("设有经办机构的乡镇街道", "towns and streets with an office"), ("全部乡镇街道", "all towns and streets")),
    awaited("town_staff", "乡镇（街道）经办人员", "service staff per town", "persons", "offices",
            ("各乡镇街道经办人员的最小值", "lowest staff count over all towns and streets")),
    awaited("standard_windows", "标准化窗口覆盖率", "offices with a standard window", "percent", "offices",
            ("有标准化窗口的经办机构", "offices with a standard window"), OFFICES),
    awaited("model_windows", "示范窗口", "demonstration windows", "count", "offices", APPROVED),
    awaited("model_points", "基层服务示范点", "grass-roots demonstration points", "count", "offices", APPROVED),
    awaited("model_institutions", "定点医疗机构示范点", "demonstration institutions", "count", "offices", APPROVED),
    awaited("model_pharmacies", "定点药店示范点", "demonstration pharmacies", "count", "offices", APPROVED),
    awaited("model_smart", "智慧医保管理服务示范点", "smart-management demonstration points", "count", "offices", APPROVED),
    milestone("four_levels", "四级经办服务体系", "four-level service system", "offices",
              ("市、县、镇、村四级均能办理", "city, county, town and village levels all serve")),
)  # fmt: skip

NETWORK = (
    awaited("extranet", "政务外网覆盖率", "offices on the government extranet", "percent", "network",
            ("接入政务外网的单位", "offices on the extranet"), OFFICES),
    awaited("private_network", "医保专网覆盖率", "units on the private network", "percent", "network",
            ("接入医保专网的单位", "units on the network"), OFFICES),
    awaited("office_bandwidth", "经办机构接入带宽", "bandwidth of offices", "bandwidth", "network",
            ("经办机构线路带宽的最小值", "lowest bandwidth over offices' lines")),
    awaited("clinic_bandwidth", "偏远村卫生室接入带宽", "bandwidth of remote clinics", "bandwidth", "network",
            ("偏远定点机构线路带宽的最小值", "lowest bandwidth over remote providers' lines")),
    awaited("voucher_accepted", "电子凭证受理覆盖率", "units that accept the voucher", "percent", "acceptance",
            ("受理电子凭证的单位", "units that accept the voucher"), OFFICES),
    awaited("national_platform", "接入国家跨省异地就医平台的机构占比", "institutions on the national off-site platform", "percent",
     "platform",
            ("已接入的市县医疗机构", "institutions connected"), ("市县医疗机构", "city and county institutions")),
    awaited("offsite_hospitals", "省内异地门诊直接结算医院数", "hospitals open to in-province off-site outpatient settlement", "count",
     "platform",
            ("期末可为省内异地参保人门诊直接结算的本市定点医院", "the city's hospitals open at year end to other cities' insured")),
    awaited("cross_province_hospitals", "二级以上公立医院跨省门诊直接结算覆盖率", "grade-2+ public hospitals open to cross-province visits",
            "percent", "platform", ("已开通的医院", "such hospitals open"), ("二级以上公立医院", "all grade-2+ public hospitals")),
)  # fmt: skip

CONTROL = (
    awaited("reviewed", "智能审核覆盖率", "bills checked by the rule engine", "percent", "review",
            ("经智能审核的结算单据", "settled bills checked by the rule engine"), ("结算单据", "settled bills")),
    awaited("first_review", "费用信息初审覆盖率", "uploaded bills with a first review", "percent", "review",
            ("经初审的上传单据", "uploaded bills with a first review"), ("上传单据", "uploaded bills")),
    awaited("second_review", "大病费用复审率", "major-illness bills with a second review", "percent", "review",
            ("经复审的大病待遇单据", "major-illness bills reviewed again"), ("大病待遇单据", "major-illness bills")),
    awaited("inspected", "定点机构检查覆盖率", "designated institutions inspected in the year", "percent", "inspection",
            ("当年接受检查的机构", "institutions inspected in the year"), PROVIDERS),
    awaited("supervised", "基金监管常态化覆盖率", "designated institutions under routine supervision", "percent", "inspection",
            ("纳入日常监管的机构", "institutions under routine supervision"), PROVIDERS),
    milestone("supervision_system", "基金监管制度体系", "supervision system in place", "documents",
              ("规划专栏所列各项制度有效", "every part that the plan's box lists is in force")),
    awaited("lists_uploaded", "结算清单上传率", "settlement lists uploaded", "percent", "lists",
            ("清单已被接收的住院和门诊慢特病病例", "inpatient and chronic cases with an accepted list"), ("此类病例", "such cases")),
    awaited("quarterly_reports", "支付数据季度监测", "quarterly payment-data reports", "count", "publications",
            ("当年发布的季度报告", "quarterly reports published in the year")),
    awaited("trained", "定点机构人员培训覆盖率", "designated institutions with staff trained", "percent", "training",
            ("当年有人员受训的机构", "institutions with staff trained in the year"), PROVIDERS),
)  # fmt: skip

REFORM = (
    milestone("city_pooling", "基本医保市级统筹", "city-level pooling of basic insurance", "documents",
              ("政策、待遇、基金、定点、经办、系统六统一", "policy, benefits, funds, designation, operation and system are one")),
    milestone("aid_unified", "全市统一的医疗救助制度", "one city-wide medical-aid scheme", "documents",
              ("一套救助办法覆盖各县", "one rule set covers every county")),
    milestone("aid_pooling", "医疗救助市级统筹", "city-level pooling of medical aid", "documents",
              ("救助政策、筹资、基金、待遇、经办统一", "aid policy, funding, fund, benefits and operation are one")),
    awaited("aid_delivered", "医疗救助政策落实率", "eligible cases that received aid", "percent", "aid_cases",
            ("获得救助的应救助案件", "eligible cases that received aid"), ("应救助案件", "eligible cases")),
    awaited("evaluated_counties", "基金绩效评价覆盖率", "counties with a fund performance evaluation", "percent", "documents",
            ("当年开展绩效评价的县区", "counties evaluated in the year"), ("全部县区", "counties")),
    awaited("out_of_pocket", "个人卫生支出占卫生总费用比例", "out-of-pocket share of total health expenditure", "percent", "statistics",
            ("个人卫生支出", "personal health spending"), ("卫生总费用", "total health expenditure"), lower_is_better=True),
)  # fmt: skip

AWAITED = PAYMENT + PROCUREMENT + SERVICE + NETWORK + CONTROL + REFORM
"""Every quantity that waits."""
