"""Quantities answered from a city's people, contributions, bills and registers 可由本市数据计算的指标."""

from openyibao.kernel.codes import (
    CAESAREAN,
    CHRONIC,
    DAY_SURGERY,
    DELIVERY,
    DESTITUTE,
    DUAL_CHANNEL,
    INPATIENT,
    L1,
    MARGINAL,
    MINIMUM_LIVING,
    ORPHAN,
    OUTPATIENT,
    P0,
    PRENATAL,
    PV,
    RETURNED_POOR,
    TWO_DISEASE,
)
from openyibao.kernel.indicators.quantity import POLICY, STOCK, YEAR, Quantity

STAYS = (INPATIENT, DAY_SURGERY)
"""Kinds that count as a stay 住院: ordinary stays and day surgery; rescue without admission and deliveries are counted apart."""

DELIVERIES = (DELIVERY, CAESAREAN)
VISITS = (OUTPATIENT, CHRONIC, TWO_DISEASE, DUAL_CHANNEL, PRENATAL)
"""Kinds that count as outpatient care 门诊."""

PRIMARY = (PV, P0, L1)
"""Levels below grade 2 基层: village rooms, community and township centres, grade 1."""

PREMIUM_AIDED = (DESTITUTE, ORPHAN, MINIMUM_LIVING, RETURNED_POOR, MARGINAL)
"""Categories whose resident premium medical aid pays in whole or part 资助参保对象."""

KEY_RECIPIENTS = (DESTITUTE, ORPHAN, MINIMUM_LIVING)
"""Key recipients of aid 重点救助对象. The plans do not list them; this is the national notice's core, 特困、孤儿、低保."""

STAY_WORDS = ("住院政策范围内费用", "in-policy cost of stays")
STAY_NOTE = ("住院含日间手术，不含急诊抢救未住院和分娩；只计基本统筹支付，不含大额、大病、补助、救助",
             "stays include day surgery, not rescue without admission nor deliveries; basic pooled payment only, no later layer")
OPENING_NOTE = ("期初结余取自库卡，其可信度随值列出", "the opening balance is the store card's, its trust mark is shown")

PEOPLE = (
    Quantity("enrolment", "基本医疗保险参保率", "enrolment rate", "percent",
             ("期末职工、居民参保人数（每人计一次）", "persons enrolled in either scheme on the day, each once"),
             ("同日常住人口", "resident population on that day"), STOCK),
    Quantity("residents_enrolled", "常住人口参保率", "resident population enrolled", "percent",
             ("常住人口中的参保人数", "resident population enrolled on the day"),
             ("同日常住人口", "resident population on that day"), STOCK),
    Quantity("key_groups", "重点人群参保率", "key groups enrolled", "percent",
             ("名单中已参保人数", "persons on the lists who are enrolled"), ("重点人群名单人数", "persons on the lists"), STOCK,
             reading=("名单为建档立卡人口和各类救助对象；残疾人、退役军人名单尚无数据",
                      "lists: registered poor and aid categories; the lists of disabled persons and veterans are not fed yet")),
    Quantity("registered_poor", "建档立卡人口参保率", "registered poor enrolled", "percent",
             ("已参保的建档立卡人口", "registered poor who are enrolled"), ("建档立卡人口", "registered poor"), STOCK),
    Quantity("poor_delivered", "贫困人口参保、资助、待遇落实率", "poor enrolled, subsidised and entitled", "percent",
             ("已参保、应资助的已资助、不在等待期的名单人口", "listed persons enrolled, aided where aid is due, in no waiting period"),
             ("建档立卡人口和各类救助对象", "registered poor and aid categories"), STOCK,
             reading=("应资助的是参加居民医保的特困、孤儿、低保、返贫致贫、低保边缘；因病致贫和职工不在其列",
                      "aid is due to destitute, orphans, minimum living, returned poor, marginal families in the resident scheme")),
    Quantity("key_subsidised", "重点救助对象资助参保率", "key recipients enrolled with subsidy", "percent",
             ("当年保费获资助的重点救助对象", "key recipients whose premium of the year was aided"),
             ("当年参加居民医保的重点救助对象", "key recipients in the resident scheme in the year"),
             reading=("重点救助对象为特困、孤儿、低保", "key recipients: destitute, orphans, minimum living allowance")),
    Quantity("voucher", "医保电子凭证激活率", "electronic voucher activation", "percent",
             ("已激活电子凭证的参保人", "insured persons with an activated voucher"), ("参保人", "insured persons"), STOCK),
    Quantity("dependency", "职工在职退休比", "active to retired employees", "percent",
             ("期末在职职工", "active employees on the day"), ("期末退休人员", "retired on the day"), STOCK),
    Quantity("arrears", "职工欠费率", "employee contributions in arrears", "percent",
             ("欠缴的应缴额", "contributions due and unpaid"), ("职工应缴额", "employee contributions due"), lower_is_better=True),
)  # fmt: skip
"""About people and contributions."""

BENEFITS = (
    Quantity("employee_inpatient", "职工住院政策范围内报销比例", "in-policy inpatient ratio, employees", "percent",
             ("职工住院基本统筹支付", "basic pooled payment for employees' stays"), STAY_WORDS, reading=STAY_NOTE),
    Quantity("resident_inpatient", "居民住院政策范围内报销比例", "in-policy inpatient ratio, residents", "percent",
             ("居民住院基本统筹支付", "basic pooled payment for residents' stays"), STAY_WORDS, reading=STAY_NOTE),
    Quantity("employee_outpatient", "职工普通门诊政策范围内报销比例", "in-policy ordinary outpatient ratio, employees", "percent",
             ("职工普通门诊统筹支付", "pooled payment for employees' ordinary outpatient visits"),
             ("职工普通门诊政策范围内费用", "in-policy cost of those visits"),
             reading=("分母含不够起付线的门诊", "visits below the deductible are in the denominator")),
    Quantity("resident_outpatient", "居民普通门诊政策范围内报销比例", "in-policy ordinary outpatient ratio, residents", "percent",
             ("居民普通门诊统筹支付", "pooled payment for residents' ordinary outpatient visits"),
             ("居民普通门诊政策范围内费用", "in-policy cost of those visits")),
    Quantity("resident_all", "居民政策范围内支付比例（住院和门诊）", "in-policy payment ratio, residents, all care", "percent",
             ("居民基本统筹支付", "basic pooled payment for residents"), ("居民政策范围内费用", "residents' in-policy cost"),
             reading=("含住院、各类门诊和分娩，不含药店购药", "stays, all outpatient care and deliveries; not purchases at pharmacies")),
    Quantity("aid_ratio", "重点救助对象住院自付救助比例", "aid ratio, key recipients' stays", "percent",
             ("重点救助对象住院的医疗救助支付", "medical aid paid for key recipients' stays"),
             ("其住院政策范围内费用经基本、大额和大病保险后的余额",
              "their in-policy cost left after basic, large-amount and major-illness insurance"),
             reading=("重点救助对象为特困、孤儿、低保；救助含倾斜和补齐",
                      "key recipients: destitute, orphans, minimum living allowance; aid includes second aid and topping-up")),
    Quantity("catastrophic_ratio", "居民大病政策范围内支付比例", "in-policy ratio of resident major-illness insurance", "percent",
             ("居民大病保险支付", "major-illness payment"),
             ("年度合规负担超过本人起付线的部分", "the year's burden above the person's own deductible"),
             YEAR, reading=("全年合计；起付线按年末政策", "over the whole year; the deductible is that of the year's last day")),
    Quantity("employee_inpatient_actual", "职工住院实际报销比例", "actual inpatient ratio, employees", "percent",
             ("职工住院各项基金支付合计", "all funds' payment for employees' stays"), ("住院总费用", "total cost of those stays")),
    Quantity("resident_inpatient_actual", "居民住院实际报销比例", "actual inpatient ratio, residents", "percent",
             ("居民住院各项基金支付合计", "all funds' payment for residents' stays"), ("住院总费用", "total cost of those stays")),
    Quantity("person_share", "个人负担占总费用比例", "person's share of cost", "percent",
             ("个人负担（个人账户和现金）", "borne by the person, from account or cash"),
             ("医疗总费用（不含药店）", "total cost without pharmacies"),
             lower_is_better=True,
             reading=("只是参保人账单中的占比，不是规划所称卫生总费用中的占比",
              "of the insured's bills; not the plan's share of total health expenditure")),
)  # fmt: skip
"""About what the funds pay of a bill."""

CARE = (
    Quantity("cross_province_inpatient", "住院费用跨省直接结算率", "cross-province inpatient direct settlement", "percent",
             ("跨省住院中直接结算的人次", "cross-province stays settled at the window"),
             ("参保人跨省住院人次", "the insured's cross-province stays")),
    Quantity("cross_province_visits", "跨省门诊直接结算率", "cross-province outpatient direct settlement", "percent",
             ("跨省门诊中直接结算的人次", "cross-province visits settled at the window"),
             ("参保人跨省门诊人次", "the insured's cross-province visits")),
    Quantity("in_province_inpatient", "省内异地住院直接结算率", "in-province inpatient direct settlement", "percent",
             ("省内异地住院中直接结算的人次", "stays elsewhere in the province settled at the window"),
             ("省内异地住院人次", "stays elsewhere in the province")),
    Quantity("in_province_visits", "省内异地门诊直接结算率", "in-province outpatient direct settlement", "percent",
             ("省内异地门诊中直接结算的人次", "visits elsewhere in the province settled at the window"),
             ("省内异地门诊人次", "visits elsewhere in the province")),
    Quantity("cross_province_open", "跨省门诊直接结算", "cross-province outpatient direct settlement open", "milestone",
             ("本期有跨省门诊在窗口直接结算", "some cross-province visit of the period settled at the window")),
    Quantity("primary_share", "基金在基层医疗机构支出占比", "fund outgo at primary institutions", "percent",
             ("基本统筹付给二级以下机构", "basic pooled payment to institutions below grade 2"),
             ("基本统筹付给全部机构", "basic pooled payment to all institutions")),
    Quantity("offsite_share", "异地就医基金支出占比", "off-site share of fund outgo", "percent",
             ("基本统筹付给本市以外机构", "basic pooled payment to institutions outside the city"),
             ("基本统筹支付", "basic pooled payment"), lower_is_better=True),
    Quantity("admission_rate", "住院率", "admission rate", "percent",
             ("住院人次", "stays"), ("期末参保人数", "persons enrolled on the last day"),
             reading=("不折算为全年", "not taken to a full year")),
    Quantity("stay_cost", "次均住院费用", "average cost of a stay", "yuan", ("住院总费用", "total cost of stays"), ("住院人次", "stays"),
             lower_is_better=True),
    Quantity("visit_cost", "次均门诊费用", "average cost of a visit", "yuan",
             ("门诊总费用", "total cost of outpatient visits"), ("门诊人次", "visits"), lower_is_better=True),
    Quantity("stay_days", "平均住院日", "average length of stay", "days", ("住院天数", "days of stay"), ("住院人次", "stays"),
             lower_is_better=True),
    Quantity("refused_share", "不予支付单据占比", "bills that no fund paid", "percent",
             ("不予支付的单据", "bills refused"), ("全部单据", "all bills"), lower_is_better=True),
)  # fmt: skip
"""About where people are treated and how bills are settled."""

FUNDS = (
    Quantity("basic_income", "基本医保基金收入（含生育）", "basic fund income incl. maternity", "hundred_million",
             ("职工（统筹和个人账户）与居民基金到账的缴费和财政补助",
              "contributions and subsidies received by the employee and resident funds"),
             reading=("按到账；利息、转移等其他收入尚无数据", "as received; interest, transfers and other income are not fed yet")),
    Quantity("basic_outgo", "基本医保基金支出（含生育）", "basic fund outgo incl. maternity", "hundred_million",
             ("职工统筹、个人账户与居民基金的待遇支出", "benefits of the employee pool, personal accounts and the resident fund"),
             reading=("按结算；居民大病以大病支付代替上缴保费；生育津贴、转出等尚无数据",
                      "as settled; major-illness payments stand for the insurer's premium; maternity allowances and transfers not fed")),
    Quantity("employee_months", "职工统筹基金可支付月数", "employee pool, months payable", "months",
             ("职工统筹结余 × 12", "pooled balance x 12"),
             ("近 12 个月统筹支出", "pooled outgo of the last 12 months"), STOCK, reading=OPENING_NOTE),
    Quantity("resident_months", "居民基金可支付月数", "resident fund, months payable", "months",
             ("居民基金结余 × 12", "fund balance x 12"), ("近 12 个月支出", "outgo of the last 12 months"), STOCK, reading=OPENING_NOTE),
    Quantity("pooled_months", "统筹基金可支付月数", "pooled funds, months payable", "months",
             ("职工统筹与居民基金结余 × 12", "balance of the employee pool and the resident fund x 12"),
             ("近 12 个月两项支出", "their outgo of the last 12 months"), STOCK, reading=OPENING_NOTE),
    Quantity("employee_strain", "职工统筹收支比", "employee pool, income over outgo", "percent",
             ("职工统筹收入（划入个人账户后）", "income of the employee pool after account credits"), ("职工统筹支出", "its outgo")),
    Quantity("resident_strain", "居民基金收支比", "resident fund, income over outgo", "percent",
             ("居民基金收入", "income of the resident fund"), ("居民基金支出", "its outgo")),
    Quantity("outpatient_start", "职工普通门诊统筹起始报销比例", "starting ratio of employee outpatient pooling", "percent",
             ("在职职工各级机构支付比例中最低的",
              "lowest pooled ratio of active employees over the levels the policy lists"), None, POLICY),
    Quantity("outpatient_pooling", "职工门诊统筹制度实施", "employee outpatient pooling in force", "milestone",
             ("政策册中职工普通门诊统筹有效", "the policy book pools employees' ordinary outpatient care"), None, POLICY),
)  # fmt: skip
"""About the funds and the policy itself."""

ANSWERED = PEOPLE + BENEFITS + CARE + FUNDS
"""Every answered quantity."""
