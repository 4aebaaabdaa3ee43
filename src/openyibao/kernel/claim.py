"""The claim 待结算单: everything about one bill and the person's standing on its day that the law may look at.

Whoever assembles a claim (a file reader, the settlement desk, the synthetic city) has resolved names and codes to integers and has
looked the standing up; the law looks nothing up. Money is fen, days are yyyymmdd integers, 0 means "none" for days.
"""

from typing import NamedTuple

from openyibao.kernel.codes import (
    ACTIVE,
    HOME,
    LEVELS,
    NO_AID,
)

__all__ = ["LEVELS", "Claim", "Line"]

FOREVER = 99991231
"""The last day of an open span."""


class Claim(NamedTuple):
    """One bill 一张待结算单. `total == full + over + pre + within`, all >= 0, is the assembler's duty."""

    scheme: int  # 险种: codes.EMPLOYEE, codes.RESIDENT
    kind: int  # 就诊类别: codes.OUTPATIENT …
    day: int  # 结算所属日: discharge day of a stay, service day otherwise
    level: int  # 机构等级: codes.PV … codes.L3P
    total: int  # 医疗费总额 medfee_sumamt
    full: int = 0  # 全自费 fulamt_ownpay_amt
    over: int = 0  # 超限价自费 overlmt_selfpay
    pre: int = 0  # 先行自付 preselfpay_amt
    within: int = 0  # 政策范围内 inscp_scp_amt
    status: int = ACTIVE  # 在职、退休
    admitted: int = 0  # 入院日; 0 = same as day
    offsite: int = HOME  # 异地类别
    place: int = 0  # 就医地区划 mdtrtarea_admdvs; 0 = home
    off_list: int = 0  # 全自费中的目录外药品、耗材, part of full (惠民保)
    consultation: int = 0  # 政策范围内的一般诊疗费, part of within
    third_party: int = 0  # 应由第三人负担, part of within
    transferred: int = 0  # 1 = 由他院转入（转院第二程）
    continued: int = 0  # 1 = 跨年住院拆分后的第二段
    long_bed: int = 0  # 1 = 精神、康复、慢性病床位（长期住院）
    disease: int = -1  # 慢特病病种序号 in the plan's chronic table; -1 = none
    grant: int = 0  # 该病种资格起始日; 0 = before any day asked
    other_disease: int = -1  # 另一病种（两病种合并定额）
    other_grant: int = 0
    granted: int = 1  # 0 = 没有该项资格（慢特病、两病、双通道）
    two_disease: int = 0  # 本单所属两病: HYPERTENSION 或 DIABETES
    two_registered: int = 0  # 已登记的两病, bits
    babies: int = 1  # 分娩婴儿数
    complication: int = 0  # 1 = 有并发症的分娩，按住院结算
    sessions: int = 0  # 血透次数
    aid: int = NO_AID  # 救助对象类别
    registered_poor: int = 0  # 1 = 建档立卡贫困人口
    civil_servant: int = 0  # 1 = 享受公务员医疗补助
    epidemic: int = 0  # 1 = 属于疫情保障规定的诊断
    added: int = 0  # 参加的补充层, bits: 1, 2, 4 for the plan's added layers
    pre_existing: int = 0  # 1 = 惠民保既往症
    account_use: int = 1  # 0 = 拒绝使用个人账户 (acct_used_flag 0)
    cover_from: int = 1  # 待遇起始日; 0 = 未参保
    cover_to: int = FOREVER  # 待遇终止日
    wait_until: int = 0  # 等待期最后一日之后的第一天; 0 = 无等待期
    suspended: int = 0  # 1 = 欠费暂停
    agreement: int = 1  # 0 = 机构协议无效
    died: int = 0  # 死亡日
    outside_fund: int = 0  # 1 = 工伤等依法不由基金支付


class Line(NamedTuple):
    """One charge line 费用明细. Quantities in 1/10,000, prices in 1/1,000,000 yuan (as the wire's 16,4 and 16,6)."""

    quantity: int  # 数量 cnt
    price: int  # 单价 pric
    item_class: int  # 甲乙丙 chrgitm_lv: CLASS_A …
    self_pay: int = 0  # 先行自付比例 selfpay_prop, parts per 10,000
    ceiling: int = 0  # 限价, same unit as price; 0 = none
    restricted: int = 0  # 1 = 限定支付条件未满足 (lmt_used_flag)
    consumable: int = 0  # 1 = 医用耗材
    bed: int = 0  # 1 = 床位费
    drug: int = 0  # 1 = 药品
    dual_channel: int = 0  # 1 = 双通道药品
    consultation: int = 0  # 1 = 一般诊疗费
    slices: int = 0  # 1 = 中药饮片
