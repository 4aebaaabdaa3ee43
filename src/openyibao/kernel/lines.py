"""Line scoping 费用明细进入政策范围: what of a charge line is self-paid, over a ceiling, first self-pay, and in scope.

fee = full + over + pre + within for every line and for the sum (benefits, section 4; fields of 2204, 2301). Which comes first, ceiling
or first self-pay, who has no class-B share, the bed ceiling and the step of costly consumables are parameters of the plan's scope.
"""

from typing import NamedTuple

from openyibao.kernel.claim import Line
from openyibao.kernel.codes import CLASS_A, CLASS_C, UNBOUNDED
from openyibao.kernel.law import law
from openyibao.kernel.plan import Scope
from openyibao.kernel.rounding import quotient, share

UNITS = 10_000 * 1_000_000 // 100
"""Quantity units times price units in one fen."""

LARGEST = 9 * 10**18
"""quantity * price must stay below it (64 bits); the reader of a bill refuses a line beyond."""


class Scoped(NamedTuple):
    """A line, or a bill's sum of lines, by scope, fen."""

    fee: int  # 金额 det_item_fee_sumamt
    full: int  # 全自费 fulamt_ownpay_amt
    over: int  # 超限价 overlmt_amt
    pre: int  # 先行自付 preselfpay_amt
    within: int  # 政策范围内 inscp_scp_amt
    off_list: int  # 全自费中的药品和耗材
    consultation: int  # 一般诊疗费, in scope


@law
def line_fee(line: Line, rounding: int) -> int:
    """Quantity times price, rounded once to the fen 单行金额."""
    return quotient(line.quantity * line.price, UNITS, rounding)


@law
def over_ceiling(line: Line, fee: int, rounding: int) -> int:
    """The part of the fee above the price ceiling 超限价 (hilist_pric_uplmt_amt), fen; 0 without a ceiling."""
    if line.ceiling == 0 or line.price <= line.ceiling:
        return 0
    return min(quotient((line.price - line.ceiling) * line.quantity, UNITS, rounding), fee)


@law
def self_pay_rate(line: Line, scope: Scope, maternity: int) -> int:
    """The first self-pay share 先行自付比例 of a line, parts per 10,000; 0 for class A."""
    if line.dual_channel == 1:
        return scope.dual_channel_share
    if line.item_class == CLASS_A and line.slices == 0:
        return 0
    return 0 if maternity == 1 and scope.no_class_b_share == 1 else line.self_pay


@law
def above_step(line: Line, base: int, scope: Scope, rounding: int) -> int:
    """What the consumables step keeps out of scope 高值耗材分段: a share of each item's price above the threshold, fen."""
    if line.consumable == 0 or scope.step_threshold >= UNBOUNDED or line.quantity == 0:
        return 0
    threshold = scope.step_threshold * line.quantity // 10_000
    return share(max(base - threshold, 0), scope.step_share, rounding)


@law
def scoped(line: Line, scope: Scope, maternity: int, rounding: int) -> Scoped:
    """One line by scope.

    maternity  1 on maternity bills, which ignore classes A and B where the plan says so
    A restricted drug whose condition is not met (lmt_used_flag) counts as class C on this bill.
    """
    fee = line_fee(line, rounding)
    if line.item_class == CLASS_C or line.restricted == 1:
        return Scoped(fee, fee, 0, 0, 0, fee if line.drug == 1 or line.consumable == 1 else 0, 0)
    over = over_ceiling(line, fee, rounding)
    over += above_step(line, fee - over, scope, rounding)
    rate = self_pay_rate(line, scope, maternity)
    if scope.self_pay_first == 1:
        pre = share(fee, rate, rounding)
        over = min(over, fee - pre)
    else:
        pre = share(fee - over, rate, rounding)
    within = fee - over - pre
    return Scoped(fee, 0, over, pre, within, 0, within if line.consultation == 1 else 0)


@law
def summed(total: Scoped, line: Scoped) -> Scoped:
    """The running sum of a bill's lines."""
    return Scoped(
        total.fee + line.fee,
        total.full + line.full,
        total.over + line.over,
        total.pre + line.pre,
        total.within + line.within,
        total.off_list + line.off_list,
        total.consultation + line.consultation,
    )


@law
def bed_excess(bed_in_scope: int, days: int, level: int, scope: Scope) -> int:
    """The bill's bed fees above the daily ceiling 床位费限价, fen: moved from in scope to over limit, for the whole bill."""
    ceiling = scope.bed_day_ceiling[level]
    if ceiling >= UNBOUNDED:
        return 0
    return max(bed_in_scope - ceiling * days, 0)


def bill_of(lines: tuple[Line, ...], scope: Scope, level: int, days: int, maternity: int, rounding: int) -> Scoped:
    """A bill's lines by scope and in sum; `days` of stay (at least 1) for the bed ceiling."""
    total, bed = Scoped(0, 0, 0, 0, 0, 0, 0), 0
    for line in lines:
        part = scoped(line, scope, maternity, rounding)
        total = summed(total, part)
        bed += part.within if line.bed == 1 else 0
    excess = bed_excess(bed, days, level, scope)
    return total._replace(over=total.over + excess, within=total.within - excess)
