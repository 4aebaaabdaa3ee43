"""Civil-servant supplement 公务员医疗补助: on what the pool and the large-amount layers left, above its own yearly deductible."""

from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.settle.above import above_yearly
from openyibao.kernel.year import Year


@law
def civil_base(left: int, first_self_pay: int, plan: Plan) -> int:
    """What the supplement looks at 补助基数: the in-scope amount left, and first self-pay where the city includes it."""
    return left + (first_self_pay if plan.civil.includes_first_self_pay == 1 else 0)


@law
def civil(base: int, year: Year, plan: Plan) -> int:
    """What the supplement pays 公务员补助支出 (cvlserv_pay), fen."""
    owed = above_yearly(year.civil_base, base, plan.civil.deductible, plan.civil.ratio, plan.readings.cumulative_rounding, plan.rounding)
    return min(owed, max(plan.civil.cap - year.civil_paid, 0))
