"""The small integers that claims, plans and receipts carry, each with its Chinese name and national code.

National code tables (insutype, med_type, hosp_lv, psn_idet_type) are mapped to these at the edges; the kernel compares integers only.
"""

UNBOUNDED = 10**14
"""No limit 无上限, in fen: larger than any sum of money, small enough that a rate or twice a rate of it stays within 64 bits."""

WHOLE = 10_000
"""One, in parts per 10,000."""

# Scheme 险种 (insutype).
EMPLOYEE = 1  # 职工基本医疗保险 310
RESIDENT = 2  # 城乡居民基本医疗保险 390

# Level of the institution 机构等级; the order is the order of "upward" for a transfer.
PV = 0  # 村卫生室
P0 = 1  # 基层
L1 = 2  # 一级
L2 = 3  # 二级
L3 = 4  # 三级
L3P = 5  # 省部属三级
LEVELS = 6

# Kind of bill 就诊类别 (med_type is finer; see policybook/national.py for the map).
OUTPATIENT = 1  # 普通门诊
CHRONIC = 2  # 门诊慢特病；病种表中的重症按封顶线结算
TWO_DISEASE = 3  # 两病门诊用药
DUAL_CHANNEL = 4  # 双通道药品
INPATIENT = 5  # 住院
DAY_SURGERY = 6  # 日间手术
RESCUE = 7  # 急诊抢救（未转住院）
DELIVERY = 8  # 顺产
CAESAREAN = 9  # 剖宫产
PRENATAL = 10  # 产前检查
MISCARRIAGE_EARLY = 11  # 流产，未满四个月
MISCARRIAGE_LATE = 12  # 流产，四个月以上
DIALYSIS = 13  # 血液透析按次定额
PHARMACY = 14  # 定点药店购药：只用个人账户
KINDS = 15

# Status of the insured person 人员状态.
ACTIVE = 0  # 在职（居民也用此值）
RETIRED = 1  # 退休

# Off-site class 异地就医类别.
HOME = 0  # 统筹区内
FILED = 1  # 长期备案（异地安置、长期居住、常驻工作）
REFERRED = 2  # 转诊转院
EMERGENCY = 3  # 异地急诊
SELF_REFERRED = 4  # 未备案自行外出
NEIGHBOUR = 5  # 免备案邻近城市（玉溪—昆明）
OFFSITE_CLASSES = 6

# Off-site method 异地待遇降低方式.
SUBTRACT = 0  # 支付比例降若干个百分点
SELF_PAY_FIRST = 1  # 先自付政策范围内的一定比例
MULTIPLY = 2  # 基金支付额乘系数

# Aid category 医疗救助对象类别 (psn_idet_type 23xx).
NO_AID = 0
DESTITUTE = 1  # 特困人员
ORPHAN = 2  # 孤儿、事实无人抚养儿童
MINIMUM_LIVING = 3  # 低保对象
RETURNED_POOR = 4  # 返贫致贫人口
MARGINAL = 5  # 低保边缘家庭成员
ILLNESS_POOR = 6  # 因病致贫重病患者
AID_CATEGORIES = 7

# Two diseases 两病, as bits.
HYPERTENSION = 1  # 高血压
DIABETES = 2  # 糖尿病

# Repeat-admission rule 多次住院起付线.
REPEAT_NONE = 0  # 不减
REPEAT_FACTOR = 1  # 第二次起乘系数
REPEAT_SUBTRACT = 2  # 每次递减，不低于下限
REPEAT_TABLE = 3  # 逐次列表

# Basis of a cap 封顶线口径, and of catastrophic bands 大病分段口径.
CAP_PAID = 0  # 按基金支付额
CAP_IN_SCOPE = 1  # 按政策范围内费用
BANDS_ABOVE_DEDUCTIBLE = 0  # 从起付线起算
BANDS_FROM_ZERO = 1  # 从零起算累计负担
BANDS_PER_STAY = 0  # 统筹分段按本次住院
BANDS_PER_YEAR = 1  # 统筹分段按年度累计

# Rounding 舍入.
HALF_UP = 0  # 四舍五入
TRUNCATE = 1  # 去尾

# What an added layer (惠民保, 企业补充) takes as its base.
BASE_IN_SCOPE_LEFT = 0  # 目录内个人负担余额
BASE_OUTSIDE = 1  # 目录外自费药品耗材（住院）
FIELD_OTHER = 0  # 计入 oth_pay
FIELD_ENTERPRISE = 1  # 计入 hifes_pay

# Account scope 个人账户支付范围.
ACCOUNT_ANY = 0  # 任何个人负担
ACCOUNT_IN_SCOPE = 1  # 只付政策范围内个人负担

# Class of a charge line 收费项目等级 (chrgitm_lv).
CLASS_A = 1  # 甲类
CLASS_B = 2  # 乙类
CLASS_C = 3  # 丙类（自费）

# Outcome of a bill 结算结果: 0 settled, otherwise the reason why no fund pays; texts in kernel/refusals.py.
SETTLED = 0
NOT_COVERED = 1  # 未参保
LAPSED = 2  # 断保：就诊日在待遇期之后
WAITING = 3  # 待遇等待期
SUSPENDED = 4  # 欠费暂停
NO_PROVIDER = 5  # 机构无有效协议
DECEASED = 6  # 就诊日在死亡日之后
NO_POLICY = 7  # 该日没有有效政策
NO_BENEFIT = 8  # 本险种无此项待遇
NOT_GRANTED = 9  # 未取得该项资格
OUTSIDE_FUND = 10  # 依法不由基金支付（工伤等）
