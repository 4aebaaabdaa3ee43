"""What to know of a value beside the value 可信度: the marks of the policy figures, opening balances and samples that it rests on."""

from openyibao.kernel.ledger import EMPLOYEE_POOL, RESIDENT_FUND
from openyibao.policybook.units import TRUST
from openyibao.warehouse.measure.answer import Words
from openyibao.warehouse.measure.place import City

OPENINGS = {EMPLOYEE_POOL: "employee_pool", RESIDENT_FUND: "resident_pool"}
"""Pooled fund -> the card's name for its opening balance."""


def of_plan(city: City, scheme: int, day: int, field: str) -> tuple[Words, ...]:
    """The marks of a field of the plan (`outpatient.ratio_active`), each once, best first."""
    cited = city.book.sources(scheme, day)
    found = {source.trust for path, sources in cited.items() if path.partition("[")[0] == field for source in sources}
    return tuple((f"政策参数：{TRUST[mark][0]}", f"policy parameter: {TRUST[mark][1]}") for mark in TRUST if mark in found)


def of_opening(city: City, funds: tuple[str, ...]) -> tuple[Words, ...]:
    """The marks of the funds' opening balances."""
    words = []
    for mark in dict.fromkeys(city.balances[OPENINGS[fund]].trust for fund in funds):
        zh, en = TRUST.get(mark, (mark, mark))
        words.append((f"期初结余：{zh}", f"opening balance: {en}"))
    return tuple(words)


def of_sample(city: City) -> tuple[Words, ...]:
    """A sum of a sample is grossed up, and says so."""
    if not city.sample:
        return ()
    return ((f"样本 {city.people:,} 人放大到全市 {city.whole:,} 人", f"grossed up from {city.people:,} to {city.whole:,} persons"),)
