"""The receipt 结算结果: every figure the law decided about one bill, in the order of the layers.

It keeps the figures between the payments too (what the deductible was, what found no room under the cap), so that an explanation
is made from the receipt and never computes money of its own.
"""

from typing import NamedTuple


class Receipt(NamedTuple):
    """One settled or refused bill, fen unless said. A reversal carries the same fields with the opposite sign."""

    outcome: int = 0  # codes.SETTLED or the reason of refusal
    scheme: int = 0
    kind: int = 0  # as settled: a two-disease bill of a person on the chronic list is CHRONIC
    total: int = 0  # 医疗费总额 medfee_sumamt
    full: int = 0  # 全自费 fulamt_ownpay_amt
    over: int = 0  # 超限价 overlmt_selfpay
    pre: int = 0  # 先行自付 preselfpay_amt
    within: int = 0  # 政策范围内 inscp_scp_amt (before off-site first self-pay)
    third_party: int = 0  # 第三人负担 S003
    offsite_first: int = 0  # 转外自理 S000
    eligible: int = 0  # within - third_party - offsite_first
    admission: int = 0  # 住院次数序号, 0 = not a stay
    standard: int = 0  # 本次应付起付线
    deductible: int = 0  # 实付起付线 act_pay_dedc
    limit_left: int = 0  # 本次可支付限额 crt_payb_lmt_amt (before this bill)
    base: int = 0  # 进入比例的金额
    ratio: int = 0  # 支付比例, parts per 10,000 (first band)
    factor: int = 0  # 异地系数, parts per 10,000
    consultation: int = 0  # 一般诊疗费全额支付部分
    pool: int = 0  # 基本统筹支付 hifp_pay
    over_cap: int = 0  # 超封顶进入下一层的金额
    over_quota: int = 0  # 超定额的范围内金额 (kept out of later layers under over_quota_not_burden)
    large_first: int = 0  # 大额第一层
    large_second: int = 0  # 大额第二层
    burden: int = 0  # 本次大病合规负担 b
    catastrophic: int = 0  # 大病保险 hifmi_pay
    civil_base: int = 0
    civil: int = 0  # 公务员补助 cvlserv_pay
    aid_base: int = 0
    aid: int = 0  # 医疗救助
    tilt_base: int = 0
    tilt: int = 0  # 倾斜救助
    topup: int = 0  # 补齐
    added_base_1: int = 0
    added_base_2: int = 0
    added_base_3: int = 0
    added_1: int = 0  # 补充层一
    added_2: int = 0
    added_3: int = 0
    state: int = 0  # 财政兜底（疫情）
    fund: int = 0  # 基金支付总额 fund_pay_sumamt
    hospital: int = 0  # 医院负担 hosp_part_amt
    person: int = 0  # 个人负担 psn_part_amt
    left_in_scope: int = 0  # 各层之后仍由个人负担的范围内金额
    account: int = 0  # 个人账户支付（本人）
    family: int = 0  # 共济账户支付 acct_mulaid_pay
    cash: int = 0  # 现金 psn_cash_pay
    balance: int = 0  # 账户余额 balc (after)
    excess_sessions: int = 0  # 超过月次数的血透次数
    readings: int = 0  # mask of the alternative readings in force
