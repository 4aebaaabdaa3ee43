"""Behaviour as a stated option 行为反应: how many more or fewer bills there would be if persons answer to what they bear themselves.

Off unless asked for, and never mixed into the static figures. For each scheme and kind of bill:

    change of quantity = elasticity x (person's share of the fee after / before - 1)

and every bill of the kind counts 1 + change times, as the reform settles it. No bill is invented or left out, no deductible is met twice
as fast: a weight is the plainest reading, the same for the same figures, and its error is of second order (it ignores that more bills
fill a yearly cap sooner). Elasticities are the user's; ours (`DEFAULT`) are illustrative.
"""

from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from openyibao.kernel import codes
from openyibao.warehouse.simulate.funds import FUNDS, KINDS, LAYERS, PLACE, SCHEME
from openyibao.warehouse.simulate.outcome import Amount, Behaviour, Response, Words

OUTPATIENT = (codes.OUTPATIENT, codes.CHRONIC, codes.TWO_DISEASE, codes.DUAL_CHANNEL)
INPATIENT = (codes.INPATIENT, codes.DAY_SURGERY)
"""Kinds that answer to price; rescue, deliveries, dialysis and pharmacies' counters are left as they are."""
MILLION = 1_000_000
RULE = Words(
    "逐险种、逐类别：数量变化 = 弹性 ×（个人负担占总费用比例的变化率）；该类每张单据按 1＋变化 加权计，"
    "金额取新政策的静态结算结果，不增删单据。",
    "By scheme and kind: change of quantity = elasticity x relative change of the person's share of the fee; each bill of the kind then "
    "counts 1 + change times at what the reform settles it to; no bill is added or left out.",
)


class Elasticity(NamedTuple):
    """How quantity answers to the person's share, parts per 10,000; negative: dearer means fewer."""

    outpatient: int = 0
    inpatient: int = 0
    trust: str = "illustrative"


DEFAULT = Elasticity(-3000, -1000)
"""-0.3 outpatient, -0.1 inpatient: the order of size that the literature of the RAND experiment is remembered for; illustrative."""


def elasticity_of(text: str) -> Elasticity | None:
    """`-0.2`, or `outpatient=-0.3,inpatient=-0.1`, or `default`; None for `0` or nothing. Raises ValueError for anything else."""
    text = text.strip()
    if text in ("", "0"):
        return None
    if text == "default":
        return DEFAULT
    if "=" not in text:
        return Elasticity(parts(text), parts(text), "user")
    found = {"outpatient": 0, "inpatient": 0}
    for word in text.split(","):
        name, _, figure = word.partition("=")
        if name.strip() not in found:
            raise ValueError(f"{word}: write outpatient=-0.3,inpatient=-0.1")
        found[name.strip()] = parts(figure.strip())
    return Elasticity(found["outpatient"], found["inpatient"], "user")


def parts(figure: str) -> int:
    """A decimal as parts per 10,000; between -2 and 2."""
    try:
        value = Fraction(figure) * codes.WHOLE
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{figure} is no decimal number") from None
    if value.denominator != 1 or abs(value) > 2 * codes.WHOLE:
        raise ValueError(f"{figure}: at most four decimals, between -2 and 2")
    return int(value)


def behaviour_of(before: Any, after: Any, elasticity: Elasticity) -> Behaviour:
    """The reform with behaviour, from the cells of both static sides (funds.SHAPE)."""
    cells = []
    static = {fund.key: 0 for fund in FUNDS}
    moved = dict(static)
    person = [0, 0]
    for scheme, scheme_words in SCHEME.items():
        for kind, kind_words in KINDS.items():
            one, other = before[scheme, kind].sum(axis=0), after[scheme, kind].sum(axis=0)
            factor = elasticity.outpatient if kind in OUTPATIENT else elasticity.inpatient if kind in INPATIENT else 0
            change = quantity(share(one), share(other), factor)
            person[0] += int(other[PLACE["person"]])
            person[1] += weighted(int(other[PLACE["person"]]), change)
            for fund in FUNDS:
                if fund.scheme in (0, scheme):
                    amount = sum(int(other[PLACE[column]]) for column in fund.columns)
                    static[fund.key] += amount
                    moved[fund.key] += weighted(amount, change)
            if change:
                cells.append(Response(
                    scheme_words, kind_words, factor, millionths(share(one)), millionths(share(other)), millionths(change),
                    int(other[PLACE["fund"]]), weighted(int(other[PLACE["fund"]]), change),
                    int(other[PLACE["person"]]), weighted(int(other[PLACE["person"]]), change),
                ))  # fmt: skip
    funds = [Amount(fund.key, fund.words, static[fund.key], moved[fund.key]) for fund in FUNDS if static[fund.key] or moved[fund.key]]
    whole = [fund for fund in FUNDS if fund.pooled]
    funds.insert(0, Amount("fund", LAYERS["fund"], sum(static[fund.key] for fund in whole), sum(moved[fund.key] for fund in whole)))
    funds.append(Amount("person", LAYERS["person"], person[0], person[1]))
    return Behaviour(RULE, elasticity.trust, tuple(cells), tuple(funds))


def share(cell: Any) -> Fraction:
    """The person's share of the fee; 0 of nothing."""
    total = int(cell[PLACE["total"]])
    return Fraction(int(cell[PLACE["person"]]), total) if total else Fraction(0)


def quantity(before: Fraction, after: Fraction, elasticity: int) -> Fraction:
    """The relative change of quantity, not below -1; none where nobody bore anything before."""
    if before == 0 or elasticity == 0:
        return Fraction(0)
    return max(Fraction(elasticity, codes.WHOLE) * (after / before - 1), Fraction(-1))


def weighted(amount: int, change: Fraction) -> int:
    """An amount when each bill counts 1 + change times, fen, half up."""
    return floor(amount * (1 + change) + Fraction(1, 2))


def millionths(value: Fraction) -> int:
    """A fraction in parts per 1,000,000, half up, for print."""
    return floor(value * MILLION + Fraction(1, 2))
