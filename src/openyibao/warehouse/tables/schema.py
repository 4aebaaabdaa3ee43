"""The warehouse's tables 数据仓库表: grain, order, columns, units. `docs/reference/warehouse.md` is printed from here.

A register lies by bucket of persons or whole; a year's table by year and bucket. A bucket holds BUCKET persons with consecutive numbers,
so that every bill, contribution and accumulator of a person is in one bucket, and buckets need nothing of one another.
Money is fen in 32 bits inside the files of a bill (a single bill ends at 21,474,836.47 yuan; the writer refuses a larger one by name)
and 64 bits elsewhere. Days are yyyymmdd, 0 = none; months yyyymm or 1 to 12; rates parts per 10,000; codes as kernel/codes.py.
"""

from typing import NamedTuple

from openyibao.kernel.claim import Claim
from openyibao.warehouse.records import CLAIM, MONEY, RESULTS

BUCKET = 32_768
"""Persons of a bucket."""


class Column(NamedTuple):
    """One column 字段: Arrow type by name, unit, and what it says in both languages."""

    name: str
    type: str  # int8, int16, int32, int64, utf8
    unit: str  # "fen", "day", "rate", "code", "row", "" …
    zh: str
    en: str


class Table(NamedTuple):
    """One table 表."""

    name: str
    zh: str
    en: str
    grain: str
    ordered: tuple[str, ...]  # the columns a file is sorted by
    yearly: bool  # one folder a year
    bucketed: bool  # one file a bucket of persons
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(column.name for column in self.columns)


def of(text: str) -> tuple[Column, ...]:
    """Columns from lines `name type unit 中文 | English`; unit `-` is none."""
    found = []
    for line in text.strip().splitlines():
        left, english = line.split("|")
        name, kind, unit, chinese = left.split(None, 3)
        found.append(Column(name, kind, "" if unit == "-" else unit, chinese.strip(), english.strip()))
    return tuple(found)


TOWN = Table("town", "乡镇街道", "towns and streets", "one row per town", ("town",), False, False, of("""
town int16 row 乡镇序号 | number, from 0
name utf8 - 名称（虚构） | name (invented)
county int32 code 县区区划 | division code of the county
county_name utf8 - 县区名称 | the county's name
rural int8 yes 农村 | 1 = rural
"""))

EMPLOYER = Table("employer", "用人单位", "employers", "one row per employer", ("employer",), False, False, of("""
employer int32 row 单位序号 | number, from 0
code utf8 - 统一社会信用代码 | unified social credit code (invented)
name utf8 - 名称（虚构） | name (invented)
town int16 row 乡镇序号 | town
sector int8 code 单位类型 1机关事业 2企业 3民办非企业 | 1 government, 2 enterprise, 3 other
civil int8 yes 公务员补助单位 | 1 = civil-servant supplement
arrears int32 month 欠费起始月 | first month in arrears yyyymm, 0 = none
run_by int8 code 参保归属 1市 2州 3省 | run by 1 city, 2 prefecture, 3 province
"""))

INSTITUTION = Table("institution", "定点医药机构", "designated institutions", "one row per institution",
                    ("institution",), False, False, of("""
institution int32 row 机构序号 | number, from 0
code utf8 - 机构编码 fixmedins_code | national code (invented)
name utf8 - 名称（虚构） | name (invented)
pharmacy int8 yes 零售药店 | 1 = pharmacy
level int8 code 机构等级 | kernel level PV … L3P
public int8 yes 公立 | 1 = public
general int8 yes 综合医院 | 1 = general hospital
town int16 row 乡镇序号 | town, -1 = outside the city
place int32 code 就医地区划 | division code outside the city, 0 = home
beds int32 - 床位数 | beds
starts int32 day 协议起始 | agreement, first day
ends int32 day 协议终止 | agreement, first day no longer in force, 99991231 = open
"""))

PRACTITIONER = Table("practitioner", "医师药师", "doctors and pharmacists", "one row per practitioner",
                     ("practitioner",), False, False, of("""
practitioner int32 row 人员序号 | number, from 0
code utf8 - 医师代码 prac_psn_code | national code (invented)
institution int32 row 机构序号 | institution
department int16 code 科室 | department
title int8 code 职称 1初级 2中级 3副高 4正高 | 1 junior to 4 senior
starts int32 day 起始日 | first day
ends int32 day 终止日 | first day no longer in force, 99991231 = open
"""))

ITEM = Table("item", "医保目录", "catalogue items", "one row per drug, consumable or service", ("item",), False, False, of("""
item int32 row 项目序号 | number, from 0
code utf8 - 医保目录编码 med_list_codg | national code
name utf8 - 名称 | name
kind int8 code 1药品 2耗材 3服务项目 4中药饮片 | 1 drug, 2 consumable, 3 service, 4 herbal slices
fee int8 code 收费类别 med_chrgitm_type | charge category
item_class int8 code 甲乙丙 chrgitm_lv | 1 A, 2 B, 3 C
self_pay int32 rate 先行自付比例 | first self-pay share
price int64 millionth 参考价 | reference price, 1/1,000,000 yuan
ceiling int64 millionth 医保支付限价 | ceiling, 1/1,000,000 yuan, 0 = none
consumable int8 yes 医用耗材 | as kernel Line
bed int8 yes 床位费 | as kernel Line
drug int8 yes 药品 | as kernel Line
dual_channel int8 yes 双通道 | as kernel Line
consultation int8 yes 一般诊疗费 | as kernel Line
slices int8 yes 中药饮片 | as kernel Line
two_disease int8 bits 两病用药 | 1 hypertension, 2 diabetes
procured int8 yes 集采中选 | 1 = won in volume-based procurement
"""))

DIAGNOSIS = Table("diagnosis", "疾病诊断", "diagnoses", "one row per diagnosis", ("diagnosis",), False, False, of("""
diagnosis int32 row 诊断序号 | number, from 0
code utf8 - 诊断代码 | code
name utf8 - 名称 | name
chapter utf8 - 章 | chapter
"""))

OPERATION = Table("operation", "手术操作", "operations", "one row per operation", ("operation",), False, False, of("""
operation int32 row 手术序号 | number, from 0
code utf8 - 手术代码 | code
name utf8 - 名称 | name
"""))

PERSON = Table("person", "参保人员", "persons", "one row per person, living or dead", ("person",), False, True, of("""
person int64 row 人员序号 | number, from 0; bucket = person // 32,768
psn_no utf8 - 人员编号 psn_no | number at the wire
sex int8 code 性别 1男 2女 | 1 male, 2 female
born int32 day 出生日期 | day of birth
died int32 day 死亡日期 | day of death, 0 = living
town int16 row 乡镇序号 | town of residence
register int8 code 户籍 1本地城镇 2本地农村 3外地城镇 4外地农村 | household register: local urban, local rural, other urban, other rural
household int64 row 家庭户 | household
income int32 fen 月收入 | monthly income
resident int8 yes 常住人口 | 1 = resident population
registered_poor int8 yes 建档立卡 | registered poor
disease int8 row 慢特病病种 | slot of the chronic disease, -1 = none
grant int32 day 慢特病资格起始 | first day of its grant
other_disease int8 row 第二病种 | second disease, -1 = none
other_grant int32 day 第二病种资格起始 | first day of its grant
two_registered int8 bits 两病登记 | 1 hypertension, 2 diabetes
offsite int8 code 异地就医习惯 | usual off-site class, 0 = home
place int32 code 常去就医地区划 | usual place of off-site care, 0 = home
voucher int32 day 电子凭证激活日 | e-voucher activated on, 0 = not
"""))

COVER = Table("cover", "参保关系", "spans of cover", "one row per person and span", ("person", "starts"), False, True, of("""
person int64 row 人员序号 | person
scheme int8 code 险种 | 1 employee, 2 resident
status int8 code 人员状态 0在职或居民 1退休 | 0 active or resident, 1 retired
aid int8 code 救助对象类别 | aid category
civil_servant int8 yes 公务员补助 | civil-servant supplement
flexible int8 yes 灵活就业 | flexible worker
employer int32 row 用人单位 | employer, -1 = none
added int8 bits 补充层 | added layers
starts int32 day 起始日 | first day
ends int32 day 终止日 | first day no longer in force, 99991231 = open
wait_until int32 day 等待期 | first day after the waiting period, 0 = none
reason int8 code 起始原因 1新生 2就业 3转险种 4退休 5续保 6新迁入 | why it starts: birth, job, switch, retirement, renewal, moved in
duplicate int8 yes 重复参保 | 1 = planted duplicate enrolment
"""))

HOLDER = Table("holder", "参保人年度", "persons' years", "one row per person, scheme and year", ("person", "scheme"), True, True, of("""
person int64 row 人员序号 | person
scheme int8 code 险种 | 1 employee, 2 resident
status int8 code 人员状态 | status at the end of the year or of the cover
sex int8 code 性别 | 1 male, 2 female
age int16 year 年末年龄 | age on 31 December
town int16 row 乡镇序号 | town
aid int8 code 救助对象类别 | aid category at the end
registered_poor int8 yes 建档立卡 | registered poor
civil_servant int8 yes 公务员补助 | civil-servant supplement
employer int32 row 用人单位 | employer, -1 = none
flexible int8 yes 灵活就业 | flexible worker
first_month int8 month 首个参保月 | first month of cover, 1 to 12
last_month int8 month 末个参保月 | last month of cover
enrolled int8 yes 年末参保 | 1 = counted as enrolled on 31 December (each person once)
resident int8 yes 常住人口 | resident population
base int32 fen 月缴费基数 | monthly contribution base, 0 = none
pension int32 fen 月养老金 | monthly pension, 0 = none
account int64 fen 期初个人账户 | account on 1 January
family int64 fen 共济可用额 | family sharing available this year
stay_level int8 code 上次住院等级 | last stay carried over New Year, as kernel Year
stay_due int64 fen 上次住院应付起付线 | as kernel Year
stay_borne int64 fen 上次住院实付起付线 | as kernel Year
stay_left int32 day 上次出院日 | as kernel Year
stay_admission int32 - 上次住院次序 | as kernel Year
prenatal_paid int64 fen 本次妊娠产检已付 | as kernel Year
"""))

CONTRIBUTION = Table("contribution", "缴费", "contributions", "one row per person and run of equal months of a year",
                     ("person", "first_month"), True, True, of("""
person int64 row 人员序号 | person
holder int32 row 参保人年度行 | row in the bucket's `holder`
scheme int8 code 险种 | scheme
employer int32 row 用人单位 | employer, -1 = none
first_month int8 month 首月 | first month
months int8 - 月数 | months
base int32 fen 月缴费基数 | monthly base
employer_part int64 fen 单位部分 | employer's part, all months
person_part int64 fen 个人部分 | person's part, all months, without what aid pays
subsidy int64 fen 财政补助 | state subsidy, residents
aided int64 fen 资助参保 | premium paid for the person by medical aid
paid_on int32 day 到账日 | day of arrival of the last month, 0 = not paid
state int8 code 1正常 2补缴 3欠费 4减征 | 1 paid, 2 paid late, 3 in arrears, 4 paid with relief
large int64 fen 大额保费 | premium of the large-amount layer, a fund of its own
supplement int64 fen 公务员医疗补助缴费 | contribution to the civil-servant supplement, a fund of its own
"""))

CLAIM_ZH = {
    "scheme": "险种", "kind": "就诊类别", "day": "结算所属日", "level": "机构等级", "total": "医疗费总额 medfee_sumamt",
    "full": "全自费 fulamt_ownpay_amt", "over": "超限价 overlmt_selfpay", "pre": "先行自付 preselfpay_amt",
    "within": "政策范围内 inscp_scp_amt", "status": "人员状态", "admitted": "入院日", "offsite": "异地类别", "place": "就医地区划",
    "off_list": "目录外药品耗材", "consultation": "一般诊疗费", "third_party": "第三人负担", "transferred": "转院第二程",
    "continued": "跨年第二段", "long_bed": "长期床位", "disease": "慢特病病种", "grant": "病种资格起始", "other_disease": "第二病种",
    "other_grant": "第二病种资格起始", "granted": "有该项资格", "two_disease": "本单两病", "two_registered": "两病登记", "babies": "婴儿数",
    "complication": "分娩并发症", "sessions": "透析次数", "aid": "救助对象类别", "registered_poor": "建档立卡",
    "civil_servant": "公务员补助", "epidemic": "疫情保障", "added": "补充层", "pre_existing": "既往症", "account_use": "使用个人账户",
    "cover_from": "待遇起始", "cover_to": "待遇终止", "wait_until": "等待期", "suspended": "欠费暂停", "agreement": "机构协议有效",
    "died": "死亡日", "outside_fund": "依法不由基金支付",
}  # fmt: skip
"""The claim's fields in Chinese, in the claim's order."""


def claim_column(name: str) -> Column:
    """A field of the claim as a column: the record's own type, money in 32 bits."""
    kind = "int32" if name in MONEY else str(CLAIM[name])
    unit = "fen" if name in MONEY else "day" if kind == "int32" and name != "place" else "code"
    return Column(name, kind, unit, CLAIM_ZH[name], f"as kernel Claim.{name}")


BILL = Table("bill", "费用单据", "bills", "one row per bill", ("person", "day", "bill"), True, True, (*of("""
bill int64 row 单据号 | number of the bill, unique in the city
person int64 row 人员序号 | person
holder int32 row 参保人年度行 | row in the bucket's `holder` of the year: the accumulators the bill moves
institution int32 row 机构序号 | institution
practitioner int32 row 医师序号 | practitioner, -1 = none
department int16 code 科室 | department
diagnosis int32 row 主要诊断 | principal diagnosis, -1 = none
other_diagnosis int32 row 次要诊断 | another diagnosis, -1 = none
operation int32 row 手术操作 | operation, -1 = none
days int16 day 住院天数 | days of stay, 0 = not a stay
direct int8 yes 直接结算 | 1 = settled at the window, 0 = claimed by hand
lines int32 - 明细行数 | number of charge lines
"""), *(claim_column(name) for name in Claim._fields)))

RESULT = Table("result", "结算结果", "settlement results", "one row per bill, in the order of `bill`", (), True, True, tuple(
    Column(name, "int8" if name == "outcome" else "int32", "code" if name == "outcome" else "fen", zh, f"as kernel Receipt.{name}")
    for name, zh in zip(RESULTS, (
        "结算结果", "起付线", "统筹基金", "大额一", "大额二", "大病", "公务员补助", "医疗救助", "倾斜救助", "补齐", "补充层一", "补充层二",
        "补充层三", "财政兜底", "基金支付总额", "医院负担", "个人负担", "个人账户", "共济账户", "现金"), strict=True)))

CLOSING = Table("closing", "年末累计", "accumulators at the end of the year", "one row per `holder`, in its order", (), True, True, of("""
account int64 fen 个人账户余额 | account
family int64 fen 共济余额 | what is left of family sharing
admissions int32 - 住院次数 | admissions
inpatient_deductible int64 fen 住院起付线已付 | inpatient deductible borne
outpatient_paid int64 fen 门诊统筹已付 | outpatient pooling paid
pool_paid int64 fen 统筹封顶线已用 | of the cap used
burden int64 fen 大病累计负担 | burden counted by catastrophic insurance
catastrophic_paid int64 fen 大病已付 | paid by it
stay_level int8 code 上次住院等级 | as kernel Year
stay_due int64 fen 上次住院应付起付线 | as kernel Year
stay_borne int64 fen 上次住院实付起付线 | as kernel Year
stay_left int32 day 上次出院日 | as kernel Year
stay_admission int32 - 上次住院次序 | as kernel Year
prenatal_paid int64 fen 本次妊娠产检已付 | as kernel Year
account_paid int64 fen 个人账户支付 | paid from the account
cash_paid int64 fen 现金 | paid in cash
bills int32 - 单据数 | bills settled
"""))

LINE = Table("line", "费用明细", "charge lines", "one row per charge line, in the order of `bill`", ("row", "day"), True, True, of("""
row int32 row 单据行 | row of the bill in the bucket's `bill`
item int32 row 项目序号 | catalogue item
day int32 day 费用日 | day of the charge
quantity int32 tenthousandth 数量 | quantity, 1/10,000
price int64 millionth 单价 | price, 1/1,000,000 yuan
restricted int8 yes 限定条件未满足 | 1 = restriction of the listing not met
"""))

STOCK = Table("stock", "进销存", "stock", "one row per institution, item and month", ("institution", "item", "month"), True, False, of("""
institution int32 row 机构序号 | institution
item int32 row 项目序号 | item
month int8 month 月 | month
opening int64 tenthousandth 期初 | quantity at the start
bought int64 tenthousandth 购进 | bought
sold int64 tenthousandth 售出 | charged on bills
closing int64 tenthousandth 期末 | quantity at the end
"""))

FAULT = Table("fault", "植入的违规（真值）", "planted faults (ground truth)", "one row per bill or line with a planted fault",
              ("bill",), True, True, of("""
bill int64 row 单据号 | bill, -1 = not about one bill
row int32 row 单据行 | row of the bill in the bucket's `bill`, -1 = none
line int32 row 明细行 | row in `line`, -1 = the whole bill
person int64 row 人员序号 | person
institution int32 row 机构序号 | institution
practitioner int32 row 医师序号 | practitioner, -1 = none
pattern utf8 - 违规类型 | pattern
amount int64 fen 涉及金额 | money the fault put on the bill
"""))

RESCOPED = Table("rescoped", "重新归集", "bills scoped again",
                 "one row per bill, in the order of `bill`; only in runs that change prices or scope", (), True, True, of("""
total int32 fen 医疗费总额 | as kernel Claim.total
full int32 fen 全自费 | as kernel Claim.full
over int32 fen 超限价 | as kernel Claim.over
pre int32 fen 先行自付 | as kernel Claim.pre
within int32 fen 政策范围内 | as kernel Claim.within
off_list int32 fen 目录外药品耗材 | as kernel Claim.off_list
consultation int32 fen 一般诊疗费 | as kernel Claim.consultation
"""))

TABLES = {table.name: table for table in (
    TOWN, EMPLOYER, INSTITUTION, PRACTITIONER, ITEM, DIAGNOSIS, OPERATION, PERSON, COVER, HOLDER, CONTRIBUTION, BILL, RESULT, CLOSING, LINE,
    STOCK, FAULT, RESCOPED,
)}  # fmt: skip
"""Every table by name."""
