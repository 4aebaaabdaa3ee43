"""What a policy book says of enrolment and contributions on a day 参保征缴参数: rates, waiting rules, premiums, account credits.

Read by the enrolment desk, the synthetic city and whole-city runs alike. A parameter that no region states is a `Gap` naming file, line
and day; nothing has a default here. The one rule that may be absent is the residents' waiting rule: before it began there was none.
"""

from typing import NamedTuple

from openyibao.kernel import codes
from openyibao.kernel.dates import year_of
from openyibao.kernel.enrolment import EmployeeWaiting, Rates, ResidentWaiting
from openyibao.kernel.enrolment import retiree_credit as credit_of_retiree
from openyibao.policybook.book import Book
from openyibao.policybook.folio import Folio, Gap
from openyibao.policybook.tree import found_on

__all__ = [
    "OLDER", "Gap", "Premium", "RetireeTerms", "Window", "employee_waiting", "grace_months", "minimum_years", "newborn_days", "page",
    "premium", "rates", "relief_factor", "resident_waiting", "retiree_credit", "retiree_terms", "shares_in_family", "window",
]  # fmt: skip

OLDER = 45
"""Age from which the old account shares have another key (`personal_account.share.from_45`)."""
FAMILY = "personal_account.family"


class Premium(NamedTuple):
    """A resident's year 居民筹资: what the person pays and what the state adds, fen."""

    person: int
    subsidy: int


class Window(NamedTuple):
    """The collection window 集中参保期 for a year: first and last day, yyyymmdd, both in the year before."""

    opens: int
    closes: int


def page(book: Book, scheme: int, day: int) -> Folio:
    """One scheme's parameters on a day."""
    return Folio(dict(book.tables[scheme]), scheme, day, f"policies/{book.city}")


def rates(book: Book, day: int, *, age: int) -> Rates:
    """The rates of an employee's month 职工费率. `age` chooses among the old account shares. Raises Gap."""
    found = page(book, codes.EMPLOYEE, day)
    if found.found("contribution.base_floor") is not None:
        floor, cap = found.fen("", "contribution.base_floor"), found.fen("", "contribution.base_cap")
    else:
        average = found.fen("", "contribution.base_monthly_average_wage")
        floor = average * found.rate("", "contribution.base_floor_ratio") // codes.WHOLE
        cap = average * found.rate("", "contribution.base_cap_ratio") // codes.WHOLE
    by_age = "personal_account.share.from_45" if age >= OLDER else "personal_account.share.under_45"
    return Rates(
        floor, cap, found.rate("", "contribution.employer_rate"), found.rate("", "contribution.employee_rate"),
        found.rate("", "contribution.flexible_worker_rate"), found.rate("", "personal_account.share.all", by_age),
    )


def relief_factor(book: Book, day: int) -> int:
    """The factor on the employer's part 减征系数 on a day, parts per 10,000; 10,000 where no relief is in force."""
    found = page(book, codes.EMPLOYEE, day)
    key = "contribution.relief.employer_rate_factor"
    return found.rate("", key) if found.found(key) is not None else codes.WHOLE


def grace_months(book: Book, day: int) -> int:
    """Unpaid months after which benefits stop 欠费暂停月数. Raises Gap."""
    return page(book, codes.EMPLOYEE, day).whole("", "contribution.arrears_grace_months")


def minimum_years(book: Book, day: int, gend: str) -> int:
    """Years of contribution after which a retiree pays no more 最低缴费年限; gend 1 male, 2 female. Raises Gap."""
    return page(book, codes.EMPLOYEE, day).whole("", f"contribution.minimum_years.{'male' if gend == '1' else 'female'}")


def employee_waiting(book: Book, day: int) -> EmployeeWaiting:
    """The employees' waiting rule. Raises Gap."""
    found = page(book, codes.EMPLOYEE, day)
    return EmployeeWaiting(*(found.whole("", f"waiting.{key}") for key in ("break_without_wait_months", "after_break_months",
                                                                         "flexible_first_months")))


def resident_waiting(book: Book, day: int) -> ResidentWaiting:
    """The residents' waiting rule; no wait at all on a day before any region states one. Raises Gap when it is stated in part."""
    found = page(book, codes.RESIDENT, day)
    fixed = found.found("waiting.fixed_wait_months")
    if fixed is None:
        return ResidentWaiting()
    return ResidentWaiting(
        fixed=found.whole("", "waiting.fixed_wait_months"),
        per_gap_year=found.whole("", "waiting.variable_wait_per_gap_year"),
        per_back_paid_year=found.whole("", "waiting.back_pay_reduces"),
        long_gap=found.whole("", "waiting.long_gap_years"),
        long_gap_wait=found.whole("", "waiting.gap_4_years_min_total"),
        since_year=year_of(fixed.leaf.values[0].since),
    )


def premium(book: Book, year: int) -> Premium:
    """What a resident pays and the state adds for a year. Raises Gap."""
    found = page(book, codes.RESIDENT, year * 10_000 + 101)
    return Premium(found.fen("", "contribution.personal_premium"), found.fen("", "contribution.government_subsidy"))


def window(book: Book, year: int) -> Window:
    """The collection window for the cover of `year`: in the year before. Raises Gap."""
    before = (year - 1) * 10_000
    found = page(book, codes.RESIDENT, before + 1231)
    opens, closes = (int(str(found.need(f"contribution.window_{end}").value.value)) for end in ("opens", "closes"))
    return Window(before + opens, before + closes)


def newborn_days(book: Book, day: int) -> int:
    """Days from birth within which a newborn joins with cover from birth 新生儿参保期限. Raises Gap."""
    return page(book, codes.RESIDENT, day).whole("", "special.newborn.enrol_within_days")


def retiree_credit(book: Book, day: int, *, pension: int) -> int:
    """What a retiree's account is credited a month 退休划入, fen: a fixed sum, or a share of the `pension` (fen a month). Raises Gap."""
    return credit_of_retiree(pension, *retiree_terms(book, day))


class RetireeTerms(NamedTuple):
    """How a retiree's account is credited 退休划入规则: a fixed sum, or a share of the pension."""

    amount: int  # 定额, fen a month; -1 = by the share
    share: int  # 按养老金的比例, parts per 10,000


def retiree_terms(book: Book, day: int) -> RetireeTerms:
    """The retirees' rule on a day; a fixed sum goes before a share. Raises Gap."""
    found = page(book, codes.EMPLOYEE, day)
    if found.found("personal_account.retiree_amount") is not None:
        return RetireeTerms(found.fen("", "personal_account.retiree_amount"), 0)
    return RetireeTerms(-1, found.rate("", "personal_account.retiree_share"))


def shares_in_family(book: Book, day: int) -> bool:
    """Whether accounts may be shared in the family 家庭共济 on a day: the owner is an employee."""
    entry = found_on(dict(book.tables[codes.EMPLOYEE]), FAMILY, day)
    return entry is not None and entry.value.value is True
