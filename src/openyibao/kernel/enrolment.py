"""The law of enrolment and contributions 参保缴费: which scheme, how long one waits, what a month costs, when arrears stop the benefit.

Days are yyyymmdd, months yyyymm, money fen, rates parts per 10,000. Every figure of a policy is an argument; the desk reads it from the
policy book. Where the documents leave a choice, the reading taken is marked DOUBT.
"""

from typing import NamedTuple

from openyibao.kernel.codes import EMPLOYEE, RESIDENT
from openyibao.kernel.law import law
from openyibao.kernel.rounding import share

MONTHS = 12
CENTURY = 100


# ---- days and months ----


@law
def last_of_month(month: int) -> int:
    """The last day's number of a month yyyymm: 28 to 31."""
    year, number = month // CENTURY, month % CENTURY
    if number == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if number == 4 or number == 6 or number == 9 or number == 11 else 31


@law
def month_after(month: int, count: int) -> int:
    """The month yyyymm `count` months later; count may be negative."""
    number = month // CENTURY * MONTHS + month % CENTURY - 1 + count
    return number // MONTHS * CENTURY + number % MONTHS + 1


@law
def months_between(first: int, last: int) -> int:
    """Whole months from yyyymm `first` to `last`; negative when `last` is earlier."""
    return (last // CENTURY - first // CENTURY) * MONTHS + last % CENTURY - first % CENTURY


@law
def day_months_after(day: int, count: int) -> int:
    """The day `count` months after `day`; the last of a shorter month where it has no such day."""
    month = month_after(day // CENTURY, count)
    return month * CENTURY + min(day % CENTURY, last_of_month(month))


@law
def first_after_month(day: int) -> int:
    """The first day of the month after the one that holds `day` 次月一日: where a relation ends that stops at the month's end."""
    return month_after(day // CENTURY, 1) * CENTURY + 1


# ---- waiting ----


class ResidentWaiting(NamedTuple):
    """The waiting rule of residents 居民待遇等待期: months, and the year from which gaps count. All zero = no such rule on the day."""

    fixed: int = 0  # 固定等待期
    per_gap_year: int = 0  # 断保每多一年
    per_back_paid_year: int = 0  # 每补缴一年减少
    long_gap: int = 0  # 断保多少年起为长期断保
    long_gap_wait: int = 0  # 长期断保最短等待
    since_year: int = 0  # gaps before this year do not count


class EmployeeWaiting(NamedTuple):
    """The waiting rule of employees 职工待遇等待期, months."""

    break_without_wait: int  # 中断不超过多少个月补缴后不等待
    after_break: int  # 超过的等待多少个月
    flexible_first: int  # 灵活就业人员首次参保


@law
def gap_years(covered_through: int, joined_for: int, terms: ResidentWaiting) -> int:
    """Calendar years without cover 断保年数 between the last covered year and the year joined for; 0 for someone never covered.

    covered_through  last calendar year with cover; 0 = never covered
    joined_for       calendar year for which the premium is paid
    DOUBT: years before the rule began are not counted (the notice applies from 2025 on).
    """
    if covered_through == 0:
        return 0
    return max(joined_for - max(covered_through, terms.since_year - 1) - 1, 0)


@law
def resident_wait(gaps: int, back_paid: int, late: int, excepted: int, terms: ResidentWaiting) -> int:
    """Months a resident waits 居民等待期 (国办发〔2024〕38号): none for who joins in the window and without a gap.

    gaps       calendar years without cover since the last cover, >= 0
    back_paid  of these, how many are paid back, >= 0
    late       1 = joined outside the collection window
    excepted   1 = newborns and others who may join at any time
    DOUBT: the first gap year makes the fixed wait, each one after it a month more; paying back lowers only these.
    """
    if excepted == 1 or (late == 0 and gaps == 0):
        return 0
    further = max((gaps - 1) * terms.per_gap_year - back_paid * terms.per_back_paid_year, 0)
    wait = terms.fixed + further
    if terms.long_gap > 0 and gaps >= terms.long_gap:
        wait = max(wait, terms.long_gap_wait)
    return wait


@law
def employee_wait(first: int, flexible: int, gap_months: int, paid_back: int, terms: EmployeeWaiting) -> int:
    """Months an employee waits 职工等待期: a short break paid back waits nothing, a longer one the policy's months.

    first       1 = never insured before
    flexible    1 = joins as a flexible worker 灵活就业
    gap_months  months without contribution since the last one paid, >= 0
    paid_back   1 = the months of the break are paid
    """
    if first == 1:
        return terms.flexible_first if flexible == 1 else 0
    if gap_months == 0 or (gap_months <= terms.break_without_wait and paid_back == 1):
        return 0
    return terms.after_break if gap_months > terms.break_without_wait else 0


# ---- arrears ----


class Restored(NamedTuple):
    """What paying arrears does to the stop 欠费补缴: days; 0 = none."""

    suspended_to: int  # first day with benefit again; 0 = as if it had never stopped
    wait_until: int


@law
def arrears_stop(unpaid: int, grace: int) -> int:
    """The day on which benefits stop 欠费暂停: the first of the month after `grace` (>= 1) unpaid months, the first of them `unpaid`."""
    return month_after(unpaid, grace) * CENTURY + 1


@law
def restored(unpaid: int, paid_on: int, terms: EmployeeWaiting) -> Restored:
    """Benefits after arrears are paid 补缴恢复: in time, rights come back for the days that were stopped; later, from the payment on.

    unpaid   first month that was not paid
    paid_on  the day on which the last of it was paid
    DOUBT: paid within the months of a break without wait counts as in time; later, the wait after a break runs from the payment.
    """
    if months_between(unpaid, paid_on // CENTURY) <= terms.break_without_wait:
        return Restored(0, 0)
    return Restored(paid_on, day_months_after(paid_on, terms.after_break))


# ---- contributions ----


class Rates(NamedTuple):
    """What a month of employee insurance costs and credits 费率: fen and parts per 10,000."""

    floor: int  # 缴费基数下限
    cap: int  # 缴费基数上限
    employer: int  # 单位费率
    person: int  # 个人费率
    flexible: int  # 灵活就业人员费率
    to_account: int  # 划入个人账户比例（按基数）


class Contribution(NamedTuple):
    """One person's contribution of a month 月应缴, fen."""

    base: int  # 缴费基数
    employer: int
    person: int
    to_account: int


@law
def clipped(wage: int, floor: int, cap: int) -> int:
    """The base 缴费基数 that a monthly wage of `wage` fen gives: not below the floor, not above the cap."""
    return min(max(wage, floor), cap)


@law
def monthly(wage: int, flexible: int, rates: Rates, factor: int, rounding: int) -> Contribution:
    """A month's contribution 月应缴费额; a flexible worker pays the whole alone.

    wage      prior-year monthly average wage, fen, >= 0
    flexible  1 = 灵活就业人员
    factor    relief 减征 on the employer's part, parts per 10,000; 10,000 = none
    DOUBT: a flexible worker's account is credited like an employee's.
    """
    base = clipped(wage, rates.floor, rates.cap)
    credited = share(base, rates.to_account, rounding)
    if flexible == 1:
        return Contribution(base, 0, share(base, rates.flexible, rounding), credited)
    employer = share(share(base, rates.employer, rounding), factor, rounding)
    return Contribution(base, employer, share(base, rates.person, rounding), credited)


@law
def retiree_credit(pension: int, amount: int, rate: int) -> int:
    """What a retiree's account is credited a month 退休划入, fen: the fixed `amount`, or where it is -1 `rate` of the `pension`, cut."""
    return amount if amount >= 0 else pension * rate // 10_000


@law
def years_missing(months_paid: int, years_needed: int) -> int:
    """Months still missing 缺缴月数 for a retiree who pays no more (社会保险法 第二十七条); 0 = enough."""
    return max(years_needed * MONTHS - months_paid, 0)


@law
def account_interest(fen_days: int, rate: int, days_a_year: int) -> int:
    """Interest 个人账户利息 on balances: the sum over days of the balance, at `rate` parts per 10,000 a year; fen, cut."""
    return fen_days * rate // (10_000 * days_a_year)


# ---- which scheme ----


class Situation(NamedTuple):
    """What decides a person's scheme 参保身份; each 0 or 1."""

    employed: int = 0  # 与用人单位有劳动关系
    pension: int = 0  # 领取职工养老金
    years_met: int = 0  # 达到职工医保最低缴费年限
    unemployment_benefit: int = 0  # 领取失业保险金
    flexible: int = 0  # 个体工商户、灵活就业
    student: int = 0  # 在校学生


class Proposal(NamedTuple):
    """The scheme proposed 参保建议: codes.EMPLOYEE or RESIDENT, the one open to choice (0 = none), why, and on what it rests."""

    scheme: int
    choice: int
    zh: str
    en: str
    clause: str
    trust: str


PROPOSALS = {
    "employed": Proposal(
        EMPLOYEE, 0, "在职职工由用人单位参加职工医保，单位和个人共同缴费。", "Employees join the employee scheme through their employer.",
        "社会保险法 第二十三条", "recalled"),
    "retired": Proposal(
        EMPLOYEE, 0, "退休人员已达到最低缴费年限，按职工医保退休人员享受待遇，不再缴费。",
        "A retiree with the required years stays in the employee scheme and pays no more.", "社会保险法 第二十七条", "doc"),
    "short": Proposal(
        EMPLOYEE, RESIDENT, "退休人员未达到最低缴费年限，可缴至规定年限后享受职工医保退休待遇，也可参加居民医保。",
        "A retiree short of the required years may pay on until they are met, or join the resident scheme.",
        "社会保险法 第二十七条", "doc"),
    "unemployed": Proposal(
        EMPLOYEE, 0, "领取失业保险金期间参加职工医保，保费由失业保险基金支付。",
        "On unemployment benefit one stays in the employee scheme; the unemployment fund pays.", "社会保险法 第四十八条", "recalled"),
    "flexible": Proposal(
        EMPLOYEE, RESIDENT, "灵活就业人员可自愿参加职工医保，由个人缴费；也可参加居民医保。",
        "Flexible workers may join the employee scheme at their own cost, or the resident scheme.", "社会保险法 第二十三条", "recalled"),
    "student": Proposal(
        RESIDENT, 0, "在校学生参加居民医保。", "Students join the resident scheme.", "社会保险法 第二十五条", "recalled"),
    "resident": Proposal(
        RESIDENT, 0, "未参加职工医保的城乡居民参加居民医保，不受户籍限制，凭居住证或在本地就学、居住即可。",
        "Who is not in the employee scheme joins the resident scheme; local household registration is not asked for.",
        "社会保险法 第二十五条；国办发〔2024〕38号", "recalled"),
}
"""Every proposal by the reason for it."""


def proposed_scheme(situation: Situation) -> Proposal:
    """The scheme that a person belongs to 分类参保 (A02). Work goes before study, study before residence."""
    if situation.employed:
        return PROPOSALS["employed"]
    if situation.pension:
        return PROPOSALS["retired" if situation.years_met else "short"]
    if situation.unemployment_benefit:
        return PROPOSALS["unemployed"]
    if situation.flexible:
        return PROPOSALS["flexible"]
    return PROPOSALS["student" if situation.student else "resident"]
