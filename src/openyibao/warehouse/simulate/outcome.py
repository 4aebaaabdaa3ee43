"""What a simulation answers 模拟结果: plain values, ready to be printed as a page, a workbook or JSON.

Money is fen unless a name says otherwise; shares and months are printed figures with their own unit beside them. Every pair
before/after is "under the policy of today" and "under the reform". `to_json` and `from_json` keep every figure exactly.
"""

import dataclasses
import json
import types
import typing
from dataclasses import dataclass, field
from typing import Any

CARD = "outcome.json"
"""The file of a simulation's folder that holds its outcome."""


@dataclass(frozen=True)
class Words:
    """The same said in both languages 中英文."""

    zh: str
    en: str


@dataclass(frozen=True)
class Meta:
    """Which city, which year, which reform."""

    city: str  # wuhan
    city_name: Words
    year: int
    title: Words  # the reform's name: its drafts' names joined
    before: Words  # what stands on the "before" side: the recorded results, or a policy settled anew
    after: Words
    people: int  # persons in the store
    holders: int  # person-years counted: one per person and scheme
    bills: int
    scale: str  # 1:10 …
    seed: int
    behaviour: bool  # whether `behaviour` holds figures; they are never mixed into the others
    notes: tuple[Words, ...] = ()  # assumptions a reader must know


@dataclass(frozen=True)
class Change:
    """One changed parameter 变动的参数, as the policies are compared in words."""

    key: str  # outpatient.employee.ratio.all.L3; item.<code> for a price
    subject: Words
    scheme: Words
    sentence: Words
    trust: str  # mark of the reform's figure: policybook.units.TRUST
    source: str
    part: int  # row of the attribution's `parts` it belongs to; -1 = none


@dataclass(frozen=True)
class Amount:
    """One sum of money before and after 前后金额."""

    key: str
    words: Words
    before: int
    after: int

    @property
    def change(self) -> int:
        """After less before."""
        return self.after - self.before


@dataclass(frozen=True)
class FundTotals:
    """One fund or payer 基金（付款方) with its layers; the layers sum to the fund."""

    key: str  # employee_pool, resident_pool, large, civil, aid, added, state, hospital, person, accounts
    words: Words
    before: int
    after: int
    layers: tuple[Amount, ...]

    @property
    def change(self) -> int:
        """After less before."""
        return self.after - self.before


@dataclass(frozen=True)
class Totals:
    """The whole city's year. total == every payer's share: pools, layers, state, hospital, person."""

    funds: tuple[FundTotals, ...]  # every payer but the person
    person: FundTotals  # what persons bear; layers account, family, cash
    total: Amount  # medical fees 医疗费总额; moves only with prices
    within: Amount  # in scope 政策范围内
    fund: Amount  # all funds together: what the reform costs
    credits: Amount  # credited to personal accounts 划入个人账户
    bills_changed: int
    bills_gain: int  # bills on which the person bears less
    bills_lose: int
    persons_gain: int  # person-years better off, credits to the account counted
    persons_lose: int
    persons_same: int


@dataclass(frozen=True)
class Months:
    """Months payable 可支付月数 of one pooled fund: closing balance / (outgo of the twelve months / 12); hundredths, half up."""

    key: str
    words: Words
    opening: int  # balance on 1 January
    income_before: int
    income_after: int  # moves with what is credited to accounts
    outgo_before: int
    outgo_after: int
    closing_before: int
    closing_after: int
    months_before: int | None  # hundredths of a month; None = no outgo to measure by
    months_after: int | None
    level_before: str  # kernel.indicators.reserve: excess, ample, comfortable, watch, insufficient, red, unknown
    level_after: str
    level_words_before: Words
    level_words_after: Words
    trust: str  # mark of the opening balance
    source: str
    bounds: tuple[int, int, int, int, int]  # months: red below, insufficient below, comfortable from, comfortable to, too much above
    bounds_trust: str  # the weakest mark among the bounds


@dataclass(frozen=True)
class Row:
    """One group's row 分组: persons with what they bear, gains and losses."""

    key: str
    words: Words
    persons: int
    bills: int
    gain: int  # persons (or bills) better off
    lose: int
    same: int
    gained: int  # fen, sum over those better off, >= 0
    lost: int  # fen, sum over those worse off, >= 0
    person_before: int  # what persons bear on their bills
    person_after: int
    fund_before: int  # what all funds pay, personal accounts not among them
    fund_after: int
    credit_before: int = 0  # credited to personal accounts; 0 in dimensions by bill
    credit_after: int = 0


@dataclass(frozen=True)
class Dimension:
    """One way of grouping 分组维度. `by` says what gain and lose count: person-years or bills."""

    key: str  # scheme, age, class, aid, level, kind, town, county, income
    words: Words
    by: str  # "person" or "bill"
    rows: tuple[Row, ...]
    note: Words = field(default_factory=lambda: Words("", ""))


@dataclass(frozen=True)
class Bin:
    """Person-years whose year changes by [low, high) fen; positive = better off. None = open end."""

    low: int | None
    high: int | None
    persons: int
    money: int  # sum of the changes


@dataclass(frozen=True)
class Distribution:
    """How the yearly change per person is spread 人均年度变化分布; what is left at the end of the year counts as gained."""

    bins: tuple[Bin, ...]
    smallest: int
    largest: int
    median: int  # of those with a change; the lower one of two
    changed: int


@dataclass(frozen=True)
class Part:
    """One part of the reform that is switched on by itself in the attribution 归因项."""

    key: str
    words: Words
    changes: tuple[str, ...]  # keys of its parameters
    coupled: Words  # why parameters move together; empty where it is a single one


@dataclass(frozen=True)
class Share:
    """What one part of the reform does to every measure, exact fen; the parts sum to the whole."""

    part: int
    ordered: tuple[int, ...]  # one per measure: in the given order
    averaged: tuple[int, ...]  # one per measure: averaged over orders


@dataclass(frozen=True)
class Attribution:
    """Why 归因: the change of every measure split over the reform's parts."""

    measures: tuple[str, ...]  # keys: fund, employee_pool, resident_pool …, person, credits
    measure_words: tuple[Words, ...]
    parts: tuple[Part, ...]
    shares: tuple[Share, ...]
    whole: tuple[int, ...]  # the difference of each measure; == the sum of the parts
    exact: bool  # averaged over all n! orders
    orders: int  # how many orders were averaged
    seed: int  # of the sample; 0 where exact
    packages: int  # different packages settled
    rule: Words  # the rounding rule
    couplings: tuple[Words, ...]


@dataclass(frozen=True)
class Explained:
    """One line of an explanation 结算步骤: a figure with its formula, numbers put in, and its clause."""

    key: str
    words: Words
    formula: str
    formula_words: Words
    value: int
    unit: str  # yuan (fen), percent (parts per 10,000), count
    clauses: tuple[str, ...]
    trust: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """One bill on one side 一侧的结算: the shares and how they came about."""

    outcome: int  # 0 = settled
    outcome_words: Words
    fund: int
    person: int
    account: int
    family: int
    cash: int
    layers: tuple[Amount, ...]  # `before` and `after` both hold the side's figure
    steps: tuple[Explained, ...]


@dataclass(frozen=True)
class Case:
    """One of the hardest cases 受影响最大的个案; nothing in it names a person (the number is the synthetic one)."""

    rank: int
    by: str  # "bill": the bill's own change; "year": the person's year
    bill: int  # number of the bill explained; -1 = the person has none
    person: int
    day: int
    scheme: Words
    kind: Words
    level: Words
    about: Words  # age band, class, county
    total: int
    within: int
    bill_change: int  # what the person bears more (+) or less (-) on this bill
    year_change: int  # the person's year: what is borne more, less what is credited more; + = worse off
    person_year_before: int
    person_year_after: int
    credit_before: int
    credit_after: int
    bills_of_year: int
    before: Side | None
    after: Side | None


@dataclass(frozen=True)
class AccountRow:
    """One group's personal accounts 个人账户: credits, payments, balances. A month's figure is the year's over the months credited."""

    key: str
    words: Words
    owners: int  # person-years with credits on either side
    months: int  # months credited, all owners
    credit_before: int
    credit_after: int
    paid_before: int  # paid from accounts on bills
    paid_after: int
    closing_before: int
    closing_after: int
    gain: int  # owners credited more
    lose: int  # owners credited less
    month_gain: int  # fen a month, mean of those credited more, >= 0
    month_lose: int  # fen a month, mean of those credited less, >= 0


@dataclass(frozen=True)
class Accounts:
    """Personal accounts and both balances 统筹与个人账户 (I11)."""

    rows: tuple[AccountRow, ...]
    pool_income_change: int  # what the pool receives more because less is credited
    opening: int  # all accounts on 1 January
    closing_before: int
    closing_after: int


@dataclass(frozen=True)
class Response:
    """One cell of the behaviour option 行为反应: how often bills of a kind happen more or less."""

    scheme: Words
    kind: Words
    elasticity: int  # parts per 10,000
    share_before: int  # the person's share of the fee, parts per 1,000,000
    share_after: int
    quantity: int  # parts per 1,000,000 of the bills: + = more
    fund_static: int
    fund_after: int
    person_static: int
    person_after: int


@dataclass(frozen=True)
class Behaviour:
    """The reform with behaviour 含行为反应, apart from the static figures."""

    rule: Words
    trust: str
    cells: tuple[Response, ...]
    funds: tuple[Amount, ...]  # before = static after, after = with behaviour


@dataclass(frozen=True)
class Caution:
    """A figure in play that no document of the city gives 注意: it may not be used for paying anybody."""

    trust: str
    trust_words: Words
    key: str
    words: Words


@dataclass(frozen=True)
class Reproduction:
    """All that is needed to get the same figures again 可复现."""

    version: str
    base_digest: str  # package of the policy before
    reform_digest: str
    store_digest: str  # of the store's card
    drafts: tuple[tuple[str, str], ...]  # file name, sha256
    readings: tuple[str, ...]
    prices: str  # file name and sha256; empty = none
    elasticity: str
    command: str


@dataclass(frozen=True)
class County:
    """One county's people 县区 (where they live, wherever they are treated): what each payer pays for them."""

    key: str  # division code
    words: Words
    persons: int
    funds: tuple[Amount, ...]  # every payer but the person
    fund: Amount  # all funds
    person: Amount
    rules: Words = field(default_factory=lambda: Words("", ""))  # the rule set before, in a merger


@dataclass(frozen=True)
class Outcome:
    """Everything a simulation answers."""

    meta: Meta
    changes: tuple[Change, ...]
    totals: Totals
    months: tuple[Months, ...]
    dimensions: tuple[Dimension, ...]
    distribution: Distribution
    attribution: Attribution | None  # None where it was not asked for
    hardest_bills: tuple[Case, ...]
    hardest_years: tuple[Case, ...]
    accounts: Accounts
    behaviour: Behaviour | None
    cautions: tuple[Caution, ...]
    reproduction: Reproduction
    counties: tuple[County, ...] = ()


# ---- JSON ----


def to_json(outcome: Outcome) -> str:
    """The outcome as JSON text, one fixed form for one outcome."""
    return json.dumps(dataclasses.asdict(outcome), ensure_ascii=False, indent=1, sort_keys=False) + "\n"


def from_json(text: str) -> Outcome:
    """The outcome that `to_json` wrote. Raises ValueError, KeyError or TypeError for another text."""
    found = _built(Outcome, json.loads(text))
    assert isinstance(found, Outcome)
    return found


def _built(kind: Any, value: Any) -> Any:
    """A value of the type that a field states, from what JSON holds of it."""
    if isinstance(kind, types.UnionType):
        return None if value is None else _built(next(one for one in typing.get_args(kind) if one is not type(None)), value)
    if typing.get_origin(kind) is tuple:
        inner = typing.get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_built(inner[0], item) for item in value)
        return tuple(_built(one, item) for one, item in zip(inner, value, strict=True))
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: _built(hints[name], value[name]) for name in value})
    return value
