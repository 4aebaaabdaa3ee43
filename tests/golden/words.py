"""The words a policy officer writes in a case, and the integers of `kernel.codes` they stand for."""

from openyibao.kernel import codes

KINDS = {
    "普通门诊": codes.OUTPATIENT, "慢特病": codes.CHRONIC, "两病": codes.TWO_DISEASE, "双通道": codes.DUAL_CHANNEL,
    "住院": codes.INPATIENT, "日间手术": codes.DAY_SURGERY, "急诊抢救": codes.RESCUE, "顺产": codes.DELIVERY,
    "剖宫产": codes.CAESAREAN, "产前检查": codes.PRENATAL, "早期流产": codes.MISCARRIAGE_EARLY, "晚期流产": codes.MISCARRIAGE_LATE,
    "血透": codes.DIALYSIS, "药店购药": codes.PHARMACY,
}
LEVELS = {
    "村卫生室": codes.PV, "基层": codes.P0, "一级": codes.L1, "二级": codes.L2, "三级": codes.L3, "省部属三级": codes.L3P,
}
STATUSES = {"在职": codes.ACTIVE, "退休": codes.RETIRED}
OFFSITE = {
    "本地": codes.HOME, "长期备案": codes.FILED, "转诊": codes.REFERRED, "异地急诊": codes.EMERGENCY,
    "自行外出": codes.SELF_REFERRED, "免备案邻市": codes.NEIGHBOUR,
}
AID = {
    "无": codes.NO_AID, "特困人员": codes.DESTITUTE, "孤儿": codes.ORPHAN, "低保对象": codes.MINIMUM_LIVING,
    "返贫致贫人口": codes.RETURNED_POOR, "低保边缘家庭成员": codes.MARGINAL, "因病致贫重病患者": codes.ILLNESS_POOR,
}
TWO_DISEASES = {
    "高血压": codes.HYPERTENSION, "糖尿病": codes.DIABETES, "高血压和糖尿病": codes.HYPERTENSION | codes.DIABETES,
}
OUTCOMES = {
    "已结算": codes.SETTLED, "未参保": codes.NOT_COVERED, "断保": codes.LAPSED, "等待期": codes.WAITING, "欠费暂停": codes.SUSPENDED,
    "无协议": codes.NO_PROVIDER, "已死亡": codes.DECEASED, "无政策": codes.NO_POLICY, "无此待遇": codes.NO_BENEFIT,
    "无资格": codes.NOT_GRANTED, "依法不付": codes.OUTSIDE_FUND,
}
ROUNDINGS = {"四舍五入": codes.HALF_UP, "去尾": codes.TRUNCATE}
CLASSES = {"甲": codes.CLASS_A, "乙": codes.CLASS_B, "丙": codes.CLASS_C}
SCHEMES = {"employee": codes.EMPLOYEE, "resident": codes.RESIDENT}
YES = {"是": 1, "否": 0}

DISEASES = (
    ("高血压", "M03900"), ("糖尿病", "M01600"), ("冠心病", "M04600"), ("脑血管病后遗症", "M04803"), ("慢阻肺", "M05300"),
    ("慢性乙型肝炎", "M00201"), ("帕金森病", "M02300"), ("癫痫", "M02500"), ("类风湿关节炎", "M06900"), ("强直性脊柱炎", "M07200"),
    ("重性精神病", "M02100"), ("恶性肿瘤", "M00500"), ("血液透析", "M07803"), ("腹膜透析", "M07804"), ("器官移植抗排异", "M08300"),
)
"""Chronic diseases by short name and national code; the place in this list is the slot in the five cities' chronic tables."""

SLOTS = {name: slot for slot, (name, _) in enumerate(DISEASES)}

CLAIM_WORDS: dict[str, dict[str, int]] = {
    "kind": KINDS, "level": LEVELS, "status": STATUSES, "offsite": OFFSITE, "aid": AID, "disease": SLOTS, "other_disease": SLOTS,
    "two_disease": TWO_DISEASES, "two_registered": TWO_DISEASES,
}
CLAIM_MONEY = ("total", "full", "over", "pre", "within", "off_list", "consultation", "third_party")
CLAIM_DAYS = ("day", "admitted", "grant", "other_grant", "cover_from", "cover_to", "wait_until", "died")
CLAIM_FLAGS = (
    "transferred", "continued", "long_bed", "granted", "complication", "registered_poor", "civil_servant", "epidemic", "pre_existing",
    "account_use", "suspended", "agreement", "outside_fund",
)
CLAIM_NUMBERS = ("place", "babies", "sessions", "added")
YEAR_NUMBERS = ("year", "admissions", "stay_admission", "quota_period", "dialysis_month", "dialysis_sessions", "bills")

NATIONAL = (
    "medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt", "act_pay_dedc", "hifp_pay", "hifob_pay",
    "hifmi_pay", "cvlserv_pay", "maf_pay", "oth_pay", "fund_pay_sumamt", "psn_part_amt", "hosp_part_amt", "acct_pay", "acct_mulaid_pay",
    "psn_cash_pay",
)
"""Amounts of a settlement by national field name, as `expect` gives them."""
COUNTED = ("admission", "excess_sessions")
"""Figures of a receipt that `expect` may give and that are not money."""
