"""Who a reform falls on 分组: the dimensions that gains and losses are counted by.

A dimension by person gives every person-year (row of `holder`) one group; a dimension by bill gives every bill one. Income is that of
the household per head, in fifths of all person-years of the city, so that children stand with their families.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel import codes
from openyibao.warehouse.simulate.funds import AID, KINDS, LEVELS, OFFSITE, SCHEME
from openyibao.warehouse.simulate.outcome import Words

Columns = Mapping[str, Any]

PERSON, BILL = "person", "bill"
AGES = (6, 18, 35, 45, 60, 70, 80)
"""Lower bounds of the age bands after the first."""
FIFTHS = 5


class Grouping(NamedTuple):
    """One dimension: its rows in order, and what it counts."""

    key: str
    words: Words
    by: str
    rows: tuple[tuple[str, Words], ...]
    note: Words = Words("", "")


def coded(names: Mapping[int, Words]) -> tuple[tuple[str, Words], ...]:
    """Rows from a table of codes, in its order."""
    return tuple((str(code), words) for code, words in names.items())


def ages() -> tuple[tuple[str, Words], ...]:
    """The age bands' rows."""
    low = (0, *AGES)
    rows = [(str(one), Words(f"{one}–{other - 1} 岁", f"{one}–{other - 1}")) for one, other in zip(low, AGES, strict=False)]
    return (*rows, (str(AGES[-1]), Words(f"{AGES[-1]} 岁及以上", f"{AGES[-1]} and over")))


STATUS = (
    ("active", Words("在职职工", "employees in work")),
    ("flexible", Words("灵活就业人员", "flexible workers")),
    ("retired", Words("退休职工", "retired employees")),
    ("resident", Words("城乡居民", "residents")),
)
INCOME = tuple((str(place + 1), Words(zh, en)) for place, (zh, en) in enumerate((
    ("最低五分之一", "lowest fifth"), ("次低五分之一", "second fifth"), ("中间五分之一", "middle fifth"), ("次高五分之一", "fourth fifth"),
    ("最高五分之一", "highest fifth"))))  # fmt: skip
YES_NO = (("0", Words("否", "no")), ("1", Words("是", "yes")))

FIXED = (
    Grouping("scheme", Words("险种", "scheme"), PERSON, coded(SCHEME)),
    Grouping("status", Words("参保身份", "status"), PERSON, STATUS),
    Grouping("age", Words("年龄段", "age"), PERSON, ages()),
    Grouping("sex", Words("性别", "sex"), PERSON, (("1", Words("男", "men")), ("2", Words("女", "women")))),
    Grouping("aid", Words("救助对象类别", "aid category"), PERSON, coded(AID)),
    Grouping("civil", Words("公务员医疗补助", "civil-servant supplement"), PERSON, YES_NO),
    Grouping("chronic", Words("慢特病资格", "chronic grant"), PERSON, YES_NO),
    Grouping("income", Words("收入五等分", "income fifth"), PERSON, INCOME,
             Words("按家庭人均收入，全体参保人年度五等分", "household income per head, fifths of all person-years")),
    Grouping("level", Words("机构等级", "level of institution"), BILL, coded(LEVELS)),
    Grouping("kind", Words("就诊类别", "kind of bill"), BILL, coded(KINDS)),
    Grouping("offsite", Words("异地就医", "place of treatment"), BILL, coded(OFFSITE)),
)  # fmt: skip
"""The dimensions that are the same for every city."""


def groupings(town: Columns) -> tuple[Grouping, ...]:
    """Every dimension of a city: the fixed ones, its counties, its towns."""
    counties = {int(code): str(name) for code, name in zip(town["county"], town["county_name"], strict=True)}
    county = tuple((str(code), Words(name, name)) for code, name in sorted(counties.items()))
    towns = tuple((str(number), Words(str(name), str(name))) for number, name in zip(town["town"], town["name"], strict=True))
    return (
        *FIXED,
        Grouping("county", Words("县区", "county"), PERSON, county),
        Grouping("town", Words("乡镇街道", "town"), PERSON, towns),
    )


# ---- codes ----


def per_head(person: Columns, year: int) -> Any:
    """Each person's household income per head, fen a month, over the members living on 1 January or born in the year; int64."""
    start, end = year * 10_000 + 101, year * 10_000 + 1231
    counts = ((person["died"] == 0) | (person["died"] >= start)) & (person["born"] <= end)
    _, household = np.unique(person["household"], return_inverse=True)
    members = np.bincount(household, weights=counts, minlength=1)
    # Sums of a bucket's incomes stay far below 2**53, so that the float sums of bincount are whole numbers.
    income = np.bincount(household, weights=np.where(counts, person["income"], 0), minlength=1)
    return (income // np.maximum(members, 1)).astype(np.int64)[household]


def fifths(incomes: Sequence[Any]) -> tuple[int, ...]:
    """The upper bounds of the first four fifths of all person-years' incomes; equal incomes are never parted."""
    whole = np.sort(np.concatenate(list(incomes)) if incomes else np.zeros(1, np.int64))
    return tuple(int(whole[max(len(whole) * place // FIFTHS - 1, 0)]) for place in range(1, FIFTHS))


def rows_of(holder: Columns, person: Columns) -> Any:
    """The row in the bucket's `person` of each holder."""
    return np.searchsorted(person["person"], holder["person"])


def status_codes(holder: Columns) -> Any:
    """Rows of STATUS."""
    employee = np.where(holder["status"] == codes.RETIRED, 2, np.where(holder["flexible"] == 1, 1, 0))
    return np.where(holder["scheme"] == codes.EMPLOYEE, employee, 3)


def person_codes(holder: Columns, person: Columns, town: Columns, bounds: tuple[int, ...], year: int) -> dict[str, Any]:
    """For each dimension by person the group of every holder, as rows of the dimension."""
    row = rows_of(holder, person)
    place = np.searchsorted(town["town"], holder["town"])
    codes_of_county = np.unique(town["county"])
    return {
        "scheme": holder["scheme"].astype(np.int64) - 1,
        "status": status_codes(holder),
        "age": np.searchsorted(AGES, holder["age"], side="right"),
        "sex": holder["sex"].astype(np.int64) - 1,
        "aid": holder["aid"].astype(np.int64),
        "civil": holder["civil_servant"].astype(np.int64),
        "chronic": (person["disease"][row] >= 0).astype(np.int64),
        "income": np.searchsorted(bounds, per_head(person, year)[row], side="left"),
        "county": np.searchsorted(codes_of_county, town["county"][place]),
        "town": place,
    }


def bill_codes(bill: Columns) -> dict[str, Any]:
    """For each dimension by bill the group of every bill, as rows of the dimension."""
    kinds = list(KINDS)
    return {
        "level": np.clip(bill["level"], 0, codes.LEVELS - 1).astype(np.int64),
        "kind": np.searchsorted(kinds, bill["kind"]),
        "offsite": np.searchsorted(list(OFFSITE), bill["offsite"]),
    }
