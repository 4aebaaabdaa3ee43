"""How a bill comes into scope, and what every basic benefit answers 基本医保支付结果: one shape, whatever the kind of bill."""

from typing import NamedTuple

from openyibao.kernel.law import law


class InScope(NamedTuple):
    """How the bill came into scope, fen."""

    full: int
    over: int
    pre: int
    within: int
    third_party: int
    offsite_first: int
    eligible: int
    consultation: int


class Basic(NamedTuple):
    """The basic layer's decision about one bill, fen unless said; `0 <= paid <= base + consultation` except fixed amounts."""

    admission: int  # 住院次数序号, 0 = not a stay
    standard: int  # 本次应付起付线
    deductible: int  # 实付起付线
    limit_left: int  # 支付限额余额 before this bill
    base: int  # 进入比例的金额
    ratio: int  # parts per 10,000
    factor: int  # 异地系数, parts per 10,000
    paid: int  # 基金支付
    over_cap: int  # 超封顶金额
    over_quota: int  # 超定额金额


@law
def nothing() -> Basic:
    """No basic payment."""
    return Basic(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
