"""The funds' monthly sheets 基金收支月报 (I02, K17): income, outgo and transfers of each fund, month by month, and what is left.

Every line is a sum over rows that can be listed (`rows/income.sql`, `rows/outgo.sql`), except two that the kernel and the policy give: what
the accounts are credited, and the premium that the resident fund pays the major-illness insurer. Reserves leave personal accounts out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from openyibao.kernel.codes import EMPLOYEE, KINDS, RESIDENT
from openyibao.kernel.enrolment import month_after, months_between
from openyibao.kernel.indicators.reserve import MONTHS, months_payable
from openyibao.kernel.indicators.value import Value
from openyibao.kernel.ledger import (
    ACCOUNT,
    ADDED,
    AID,
    CATASTROPHIC,
    CIVIL,
    EMPLOYEE_POOL,
    LARGE,
    MATERNITY,
    MATERNITY_KINDS,
    RESIDENT_FUND,
    STATE,
)
from openyibao.warehouse.measure.marks import OPENINGS
from openyibao.warehouse.measure.period import Period
from openyibao.warehouse.measure.place import City, package_of_year, premium_per_head
from openyibao.warehouse.measure.written import text_of
from openyibao.warehouse.questions.asking import Desk
from openyibao.warehouse.run.credits import HOLDER_COLUMNS, credits_of
from openyibao.warehouse.run.package import Package

INCOME, OUTGO, TRANSFER = "income", "outgo", "transfer"

ITEMS = {
    "employer": ("单位缴费", "employers' contributions"),
    "person": ("个人缴费", "persons' contributions"),
    "aided": ("救助资金代缴", "premiums paid by medical aid"),
    "subsidy": ("财政补助", "subsidy"),
    "premium": ("保费", "premium"),
    "credit": ("划入个人账户", "credited to accounts"),
    "insurer": ("大病保险保费", "major-illness premium"),
    "enrolment_aid": ("资助参保", "premiums of those in hardship"),
    "own": ("本人使用", "used by the owner"),
    "family": ("家庭共济", "used in the family"),
    "stand_in": ("大病支付（代替保费，政策册缺保费）", "major-illness payments, for want of the premium in the policy"),
}
"""Item -> words; a benefit's item is `kind:N`, the kind of bill."""

PARTS = ("employer_part", "person_part", "subsidy", "aided", "large", "supplement")
PAYS = ("pool", "large", "catastrophic", "civil", "aid", "added_1", "added_2", "added_3", "state", "account", "family")


class Line(NamedTuple):
    """One figure of a sheet."""

    month: int  # yyyymm
    fund: str  # FUNDS
    side: str  # INCOME, OUTGO; TRANSFER from one fund of the table to another (negative where it leaves)
    item: str  # ITEMS, or kind:N
    fen: int


class Books(NamedTuple):
    """A store's sheets."""

    lines: tuple[Line, ...]
    credited: bool  # False: no package is kept, so account credits are not known
    years: tuple[int, ...]  # that the sheets cover
    premiums: Mapping[int, int]  # year -> premium per head, where the policy has one

    def total(self, funds: Iterable[str], side: str, first: int, last: int) -> int:
        """Fen of some funds and a side over the months `first` to `last`, yyyymm."""
        wanted = set(funds)
        return sum(line.fen for line in self.lines if line.fund in wanted and line.side == side and first <= line.month <= last)


POOL = (EMPLOYEE_POOL, MATERNITY)
"""The ledger's funds that make up the employee pool."""


def books(desk: Desk, city: City, through: int) -> Books:
    """The sheets of every year of the desk up to the month `through`, yyyymm."""
    lines: list[Line] = []
    premiums = {}
    credited = True
    for year in desk.years:
        if year * 100 >= through:
            continue
        months = Period(year, 1, min(through - year * 100, MONTHS))
        income, outgo = income_lines(desk, months), outgo_lines(desk, months)
        credits = credit_lines(city, package_of_year(city, desk.run, year), months)
        credited = credited and credits is not None
        head = premium_per_head(city.book, year)
        if head is not None:
            premiums[year] = head
        lines += [*income, *outgo, *(credits or ()), *insurer_lines(desk, months, head, outgo)]
    return Books(tuple(sorted(line for line in lines if line.fen)), credited, desk.years, premiums)


def income_lines(desk: Desk, months: Period) -> list[Line]:
    """What arrives, by fund, payer and month."""
    sums = ", ".join(f"CAST(sum({part}) AS BIGINT) AS {part}" for part in PARTS)
    found = desk.sql(f"SELECT month, scheme, {sums} FROM ({text_of('income')}) GROUP BY ALL", months._asdict() | {"day": months.day})
    lines = []
    for row in found.to_pylist():
        month, basic = row["month"], EMPLOYEE_POOL if row["scheme"] == EMPLOYEE else RESIDENT_FUND
        lines += [
            Line(month, basic, INCOME, "employer", row["employer_part"]), Line(month, basic, INCOME, "person", row["person_part"]),
            Line(month, basic, INCOME, "subsidy", row["subsidy"]), Line(month, basic, INCOME, "aided", row["aided"]),
            Line(month, AID, OUTGO, "enrolment_aid", row["aided"]), Line(month, LARGE, INCOME, "premium", row["large"]),
            Line(month, CIVIL, INCOME, "employer", row["supplement"]),
        ]  # fmt: skip
    return lines


def outgo_lines(desk: Desk, months: Period) -> list[Line]:
    """What bills cost each fund, by kind of bill and month."""
    sums = ", ".join(f"CAST(sum({pay}) AS BIGINT) AS {pay}" for pay in PAYS)
    found = desk.sql(f"SELECT month, scheme, kind, {sums} FROM ({text_of('outgo')}) GROUP BY ALL", months._asdict())
    lines = []
    for row in found.to_pylist():
        month, kind = row["month"], f"kind:{row['kind']}"
        basic = RESIDENT_FUND if row["scheme"] == RESIDENT else MATERNITY if row["kind"] in MATERNITY_KINDS else EMPLOYEE_POOL
        lines += [Line(month, fund, OUTGO, kind, row[pay]) for fund, pay in zip(
            (basic, LARGE, CATASTROPHIC, CIVIL, AID, *ADDED, STATE), PAYS, strict=False)]
        lines += [Line(month, ACCOUNT, OUTGO, "own", row["account"]), Line(month, ACCOUNT, OUTGO, "family", row["family"])]
    return merged(lines)


def merged(lines: Iterable[Line]) -> list[Line]:
    """Lines of the same month, fund, side and item as one."""
    sums: defaultdict[tuple[int, str, str, str], int] = defaultdict(int)
    for line in lines:
        sums[line[:4]] += line.fen
    return [Line(*key, fen) for key, fen in sums.items()]


def credit_lines(city: City, package: Package | None, months: Period) -> list[Line] | None:
    """What moves from the employee pool to the accounts each month, by the kernel under the year's package; None without a package."""
    if package is None:
        return None
    totals = [0] * MONTHS
    for bucket in city.store.buckets("holder", months.year):
        holder = city.store.arrays("holder", months.year, bucket, tuple(HOLDER_COLUMNS))
        for number, fen in enumerate(credits_of(holder, package).sum(axis=0).tolist()):
            totals[number] += int(fen)
    return [
        line for month in range(months.first, months.last + 1) for line in (
            Line(months.year * 100 + month, EMPLOYEE_POOL, TRANSFER, "credit", -totals[month - 1]),
            Line(months.year * 100 + month, ACCOUNT, TRANSFER, "credit", totals[month - 1]),
        )]  # fmt: skip


def insurer_lines(desk: Desk, months: Period, head: int | None, outgo: Iterable[Line]) -> list[Line]:
    """The premium of major-illness insurance: a head's, for every resident paid for, in January; its payments where there is no premium."""
    if head is None:
        return merged(Line(line.month, fund, side, "stand_in", line.fen) for line in outgo if line.fund == CATASTROPHIC
                      for fund, side in ((RESIDENT_FUND, OUTGO), (CATASTROPHIC, INCOME)))  # fmt: skip
    text = "SELECT count(DISTINCT person) AS heads FROM contribution WHERE year = $year AND scheme = 2 AND state <> 3 AND paid_on > 0"
    fen = int(desk.sql(text, {"year": months.year})["heads"][0].as_py()) * head
    january = months.year * 100 + 1
    return [Line(january, RESIDENT_FUND, OUTGO, "insurer", fen), Line(january, CATASTROPHIC, INCOME, "premium", fen)]


class Reserve(NamedTuple):
    """A pooled fund's reserve on the last day of a month."""

    balance: int  # fen
    outgo: int  # of the last `months` months, fen
    months: int  # 12, fewer where the store begins later
    value: Value | None  # months payable


def reserve(sheets: Books, city: City, funds: tuple[str, ...], month: int) -> Reserve | None:
    """Balance and months payable of pooled funds at the end of `month` yyyymm; None where the card has no opening balance, or the sheets
    lack a year since then.

    funds  EMPLOYEE_POOL and RESIDENT_FUND, one or both; maternity is part of the employee pool
    """
    names = [OPENINGS[fund] for fund in funds]
    since_opening = range(min(city.years), month // 100 + 1)
    if any(name not in city.balances for name in names) or not set(since_opening) <= set(sheets.years):
        return None
    if EMPLOYEE_POOL in funds and not sheets.credited:
        return None
    parts = tuple(part for fund in funds for part in (POOL if fund == EMPLOYEE_POOL else (fund,)))
    begun = min(city.years) * 100 + 1
    since = max(begun, month_after(month, 1 - MONTHS))
    gained = sheets.total(parts, INCOME, begun, month) + sheets.total(parts, TRANSFER, begun, month)
    balance = sum(city.balances[name].fen for name in names) + gained - sheets.total(parts, OUTGO, begun, month)
    outgo, count = sheets.total(parts, OUTGO, since, month), months_between(since, month) + 1
    return Reserve(balance, outgo, count, months_payable(balance, outgo, count))


def kind_of(item: str) -> int | None:
    """The kind of bill of an item `kind:N`."""
    name, _, number = item.partition(":")
    return int(number) if name == "kind" and int(number) < KINDS else None
