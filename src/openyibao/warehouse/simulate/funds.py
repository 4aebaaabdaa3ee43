"""Who pays a bill 付款方: the funds and payers of a city, and the columns of `result` that each pays by.

Cells are sums by scheme, kind of bill and level of institution; every total of a simulation is read off them, so that layers sum to
funds and funds to the bill. total == funds + hospital + person, person == account + family + cash.
"""

from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel import codes
from openyibao.warehouse.bills.words import AID_NAMES, KIND_NAMES, LEVEL_NAMES, OFFSITE_NAMES
from openyibao.warehouse.records import RESULTS
from openyibao.warehouse.simulate.outcome import Amount, FundTotals, Words

SCHEMES = 3
"""Rows of the cells' first axis; 0 is unused."""
FEES = ("total", "full", "over", "pre", "within")
"""Columns of `bill` that the cells sum too."""
MEASURES = (*FEES, *(name for name in RESULTS if name != "outcome"))
"""What the cells sum, in order."""
PLACE = {name: place for place, name in enumerate(MEASURES)}
SHAPE = (SCHEMES, codes.KINDS, codes.LEVELS, len(MEASURES))
"""The shape of the cells: int64 fen by scheme, kind, level, measure."""


class Fund(NamedTuple):
    """One payer 付款方: its columns of `result`, and whose bills (0 = both schemes')."""

    key: str
    words: Words
    scheme: int
    columns: tuple[str, ...]
    pooled: bool = True  # an insurance fund or the state: part of "what the reform costs"


FUNDS = (
    Fund("employee_pool", Words("职工医保统筹基金", "employee pool"), codes.EMPLOYEE, ("pool",)),
    Fund("resident_pool", Words("居民医保基金", "resident pool"), codes.RESIDENT, ("pool",)),
    Fund("large", Words("职工大额医疗费用补助", "employee large-amount layer"), 0, ("large_first", "large_second")),
    Fund("catastrophic", Words("城乡居民大病保险", "resident catastrophic insurance"), 0, ("catastrophic",)),
    Fund("civil", Words("公务员医疗补助", "civil-servant supplement"), 0, ("civil",)),
    Fund("aid", Words("医疗救助", "medical aid"), 0, ("aid", "tilt", "topup")),
    Fund("added", Words("补充层", "added layers"), 0, ("added_1", "added_2", "added_3")),
    Fund("state", Words("财政补助", "state budget"), 0, ("state",)),
    Fund("hospital", Words("医院负担", "borne by hospitals"), 0, ("hospital",), False),
)
"""Every payer but the person."""
POOLS = ("employee_pool", "resident_pool")
"""Basic funds, split by kind of bill instead of by column."""

LAYERS = {
    "large_first": Words("大额第一层", "large-amount layer 1"),
    "large_second": Words("大额第二层", "large-amount layer 2"),
    "catastrophic": Words("大病保险", "catastrophic insurance"),
    "civil": Words("公务员补助", "civil-servant supplement"),
    "aid": Words("医疗救助", "medical aid"),
    "tilt": Words("倾斜救助", "tilted aid"),
    "topup": Words("补齐", "top-up to the promised ratio"),
    "added_1": Words("补充层一", "added layer 1"),
    "added_2": Words("补充层二", "added layer 2"),
    "added_3": Words("补充层三", "added layer 3"),
    "state": Words("财政兜底", "state pays the rest"),
    "hospital": Words("医院负担", "borne by hospitals"),
    "account": Words("本人个人账户", "own account"),
    "family": Words("家庭共济账户", "family's account"),
    "cash": Words("现金", "cash"),
    "deductible": Words("起付线", "deductible"),
    "pool": Words("基本统筹", "basic pool"),
    "fund": Words("各项基金合计", "all funds"),
    "person": Words("个人负担", "borne by the person"),
}
"""What the columns of `result` are called."""

PERSON = ("account", "family", "cash")
"""Columns that sum to what the person bears."""
FEE = Words("医疗费总额", "medical fees")
WITHIN = Words("政策范围内费用", "in-scope fees")
CREDITS = Words("划入个人账户", "credited to personal accounts")


def words_of(names: dict[int, tuple[str, str]], code: int) -> Words:
    """The words of a code."""
    english, chinese = names[code]
    return Words(chinese, english.replace("_", " "))


KINDS = {code: words_of(KIND_NAMES, code) for code in KIND_NAMES}
LEVELS = {
    codes.PV: Words("村卫生室", "village clinic"), codes.P0: Words("基层", "primary care"), codes.L1: Words("一级", "level 1"),
    codes.L2: Words("二级", "level 2"), codes.L3: Words("三级", "level 3"), codes.L3P: Words("省部属三级", "provincial level 3"),
}  # fmt: skip
assert set(LEVELS) == set(LEVEL_NAMES)
OFFSITE = {code: words_of(OFFSITE_NAMES, code) for code in OFFSITE_NAMES}
AID = {code: words_of(AID_NAMES, code) for code in AID_NAMES}
SCHEME = {codes.EMPLOYEE: Words("职工", "employees"), codes.RESIDENT: Words("居民", "residents")}


def sums_of(cells: Any, column: str, scheme: int = 0) -> int:
    """One measure over all cells, or over one scheme's."""
    found = cells[..., PLACE[column]]
    return int(found.sum() if scheme == 0 else found[scheme].sum())


def paid_by(cells: Any, fund: Fund) -> int:
    """What a payer pays."""
    return sum(sums_of(cells, column, fund.scheme) for column in fund.columns)


def pooled(cells: Any) -> int:
    """What all funds pay together; equals the column `fund`."""
    return sum(paid_by(cells, fund) for fund in FUNDS if fund.pooled)


def kinds_of(before: Any, after: Any, fund: Fund) -> tuple[Amount, ...]:
    """A pool's payments by kind of bill; kinds without a fen on either side are left out."""
    column = PLACE[fund.columns[0]]
    found = []
    for kind, words in KINDS.items():
        one, other = int(before[fund.scheme, kind, :, column].sum()), int(after[fund.scheme, kind, :, column].sum())
        if one or other:
            found.append(Amount(f"{fund.key}.{KIND_NAMES[kind][0]}", words, one, other))
    return tuple(found)


def columns_of(before: Any, after: Any, columns: tuple[str, ...]) -> tuple[Amount, ...]:
    """Columns of `result`, both schemes together."""
    return tuple(Amount(column, LAYERS[column], sums_of(before, column), sums_of(after, column)) for column in columns)


def fund_totals(before: Any, after: Any) -> tuple[FundTotals, ...]:
    """Every payer but the person with its layers; a payer without a fen on either side is left out, the pools never."""
    found = []
    for fund in FUNDS:
        one, other = paid_by(before, fund), paid_by(after, fund)
        if not (one or other or fund.key in POOLS):
            continue
        layers = kinds_of(before, after, fund) if fund.key in POOLS else columns_of(before, after, fund.columns)
        found.append(FundTotals(fund.key, fund.words, one, other, layers))
    return tuple(found)


def person_totals(before: Any, after: Any) -> FundTotals:
    """What persons bear: from their accounts, their families' accounts, in cash."""
    layers = columns_of(before, after, PERSON)
    return FundTotals("person", LAYERS["person"], sums_of(before, "person"), sums_of(after, "person"), layers)


def no_cells() -> Any:
    """Cells without a fen."""
    return np.zeros(SHAPE, np.int64)
