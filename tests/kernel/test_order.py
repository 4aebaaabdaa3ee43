"""More is not less 单调性: where a larger bill, a better benefit or more aid keep the order, and where by their nature they do not.

On one bill the order is exact, to the fen: every layer pays a non-decreasing part of what it looks at and never more than it. Over a
year it holds to a fen a bill, with the exceptions that the last tests show with figures.
"""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.people import JUMPS, SEEDS, Life, drawn_case, life, plan_on, stay
from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.reversal import play
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year

MANY = settings(max_examples=500)
MORE = st.one_of(st.integers(1, 300), st.integers(1, 30_000_000))
BETTER = ({"added": 7}, {"civil_servant": 1}, {"registered_poor": 1}, {"status": codes.RETIRED})
WORSE = ({"pre_existing": 1}, {"suspended": 1}, *({"offsite": where} for where in range(1, codes.OFFSITE_CLASSES)))


def settled(seed: int, change: dict[str, int]) -> tuple[Receipt, Receipt]:
    """One bill without and with a change of its standing, everything else the same."""
    claim, year, plan = drawn_case(seed, JUMPS, epidemic=0)
    without = dict.fromkeys(change, 0)
    return settle(claim._replace(**without), year, plan)[0], settle(claim._replace(**change), year, plan)[0]


@MANY
@given(SEEDS, MORE)
def test_more_in_scope_is_never_less_from_the_funds_nor_less_to_pay(seed, more):
    claim, year, plan = drawn_case(seed, JUMPS, epidemic=0)
    smaller, _ = settle(claim, year, plan)
    larger, _ = settle(claim._replace(total=claim.total + more, within=claim.within + more), year, plan)
    assert smaller.fund <= larger.fund <= smaller.fund + more
    assert smaller.person <= larger.person <= smaller.person + more


@MANY
@given(SEEDS, MORE)
def test_more_out_of_scope_is_all_the_persons(seed, more):
    claim, year, plan = drawn_case(seed, JUMPS, epidemic=0)
    if claim.kind in (codes.DIALYSIS, codes.DELIVERY, codes.CAESAREAN, codes.PRENATAL, codes.MISCARRIAGE_EARLY, codes.MISCARRIAGE_LATE):
        return  # fixed amounts look at the whole fee
    smaller, _ = settle(claim, year, plan)
    larger, _ = settle(claim._replace(total=claim.total + more, full=claim.full + more), year, plan)
    if larger.topup and plan.poverty.whole_fee:  # the promise counts it: the person bears the rest of it
        assert larger.person - smaller.person == more - (larger.fund - smaller.fund) >= 0
        assert larger.topup - smaller.topup <= more
        return
    assert larger.fund == smaller.fund and larger.person == smaller.person + more


@MANY
@given(SEEDS, st.sampled_from(BETTER))
def test_a_better_standing_never_pays_more(seed, standing):
    without, has = settled(seed, standing)
    assert has.person <= without.person


@MANY
@given(SEEDS, st.sampled_from(WORSE))
def test_a_worse_standing_never_pays_less(seed, standing):
    without, has = settled(seed, standing)
    assert has.person >= without.person


@MANY
@given(SEEDS, st.sampled_from(range(1, codes.AID_CATEGORIES)))
def test_an_aid_category_never_makes_the_person_pay_more(seed, category):
    without, helped = settled(seed, {"aid": category})
    assert helped.person <= without.person


@MANY
@given(SEEDS, st.integers(0, 1_000_000))
def test_a_fuller_account_moves_only_the_purses(seed, more):
    claim, year, plan = drawn_case(seed)
    poorer, _ = settle(claim, year, plan)
    richer, _ = settle(claim, year._replace(account=year.account + more), plan)
    assert richer.cash <= poorer.cash
    purses = {"account": 0, "family": 0, "cash": 0, "balance": 0}
    assert richer._replace(**purses) == poorer._replace(**purses)


def more_aid(plan: Plan) -> Plan:
    return plan._replace(aid=plan.aid._replace(ratio=tuple(min(ratio + 500, 10_000) if ratio else 0 for ratio in plan.aid.ratio)))


def lower_aid_deductible(plan: Plan) -> Plan:
    return plan._replace(aid=plan.aid._replace(deductible=tuple(max(fen - 1_000_00, 0) for fen in plan.aid.deductible)))


def higher_aid_cap(plan: Plan) -> Plan:
    return plan._replace(aid=plan.aid._replace(cap=tuple(fen + 5_000_00 for fen in plan.aid.cap)))


def lower_catastrophic_deductible(plan: Plan) -> Plan:
    return plan._replace(catastrophic=plan.catastrophic._replace(deductible=plan.catastrophic.deductible // 2))


def higher_ratio(plan: Plan) -> Plan:
    ratios = {name: tuple(min(ratio + 300, 10_000) for ratio in getattr(plan.pool, name)) for name in ("ratio_active", "ratio_retired")}
    return plan._replace(pool=plan.pool._replace(**ratios))


def lower_deductible(plan: Plan) -> Plan:
    halves = {name: tuple(fen // 2 for fen in getattr(plan.pool, name)) for name in ("deductible", "repeat_second", "repeat_third")}
    return plan._replace(pool=plan.pool._replace(**halves))


def higher_quota(plan: Plan) -> Plan:
    return plan._replace(chronic=plan.chronic._replace(quota=tuple(2 * fen for fen in plan.chronic.quota)))


REFORMS = (more_aid, lower_aid_deductible, higher_aid_cap, lower_catastrophic_deductible, higher_ratio, lower_deductible, higher_quota)


def paid_by(one: Life, reform: Callable[[Plan], Plan] | None = None) -> int:
    """What the person pays over the year."""
    plan_of = one.plan_of if reform is None else lambda claim: reform(one.plan_of(claim))
    return sum(settled.receipt.person for settled in play(one.claims, one.start, plan_of))


@settings(max_examples=150)
@given(SEEDS, st.sampled_from(REFORMS))
def test_a_better_plan_never_makes_a_year_at_home_dearer_but_by_a_fen_a_bill(seed, reform):
    one = life(seed, over_new_year=False)
    if any(getattr(one.plan_of(one.claims[0]).readings, name) for name in JUMPS):
        return
    at_home = one._replace(claims=tuple(claim._replace(offsite=codes.HOME, registered_poor=0) for claim in one.claims))
    assert paid_by(at_home, reform) <= paid_by(at_home) + len(one.claims)


def year_of(plan: Plan, *claims: Claim, **start: int) -> int:
    """What the person pays for some bills under one plan."""
    return sum(settled.receipt.person for settled in play(claims, Year(year=claims[0].day // 10_000, **start), lambda claim: plan))


def test_a_higher_pool_cap_can_cost_where_the_next_layer_pays_a_higher_ratio():
    """Jingzhou's large-amount layer pays more of a fen than the pool does at level 3, so a fen kept in the pool is dearer."""
    plan = plan_on("jingzhou", codes.EMPLOYEE, 20230601)
    assert plan.large.ratio_first > plan.pool.ratio_active[codes.L3 * 4]
    higher = plan._replace(pool=plan.pool._replace(cap=plan.pool.cap + 10_000_00))
    claim = stay(codes.EMPLOYEE, 20230601, 300_000_00)
    assert year_of(higher, claim) > year_of(plan, claim)


def test_more_aid_can_cost_when_a_bill_that_tilted_aid_does_not_see_exhausts_the_cap():
    """The yearly aid cap goes to the bill at home, which tilted aid would have helped; the self-referred one then has neither."""
    plan = plan_on("jishou", codes.RESIDENT, 20230601)
    caps = {"cap": (20_000_00,) * codes.AID_CATEGORIES, "tilt_trigger": 0, "tilt_cap": codes.UNBOUNDED}
    aid = plan.aid._replace(ratio=(5_000,) * codes.AID_CATEGORIES, **caps)
    plan = plan._replace(aid=aid, catastrophic=plan.catastrophic._replace(present=0))
    more = plan._replace(aid=aid._replace(ratio=(6_000,) * codes.AID_CATEGORIES))
    home, away = (stay(codes.RESIDENT, 20230601 + 100 * later, 100_000_00, aid=codes.MARGINAL) for later in (0, 1))
    away = away._replace(offsite=codes.SELF_REFERRED)
    assert year_of(more, home, away) > year_of(plan, home, away)


def test_a_lower_deductible_can_cost_who_is_topped_up_to_a_promised_ratio():
    """The stay ends at the promised ratio either way; the smaller burden then fills less of the year's aid deductible."""
    plan = plan_on("ankang", codes.RESIDENT, 20200601)
    poor = {"aid": codes.MARGINAL, "registered_poor": 1}
    short = stay(codes.RESIDENT, 20200601, 300_00, level=codes.P0, **poor)
    clinic = stay(codes.RESIDENT, 20200701, 20_000_00, kind=codes.CHRONIC, disease=11, **poor)
    assert plan.chronic.severe[clinic.disease] == 1
    assert year_of(lower_deductible(plan), short) == year_of(plan, short)
    assert year_of(lower_deductible(plan), short, clinic) > year_of(plan, short, clinic)


@pytest.mark.parametrize("reading", JUMPS)
def test_a_reading_that_jumps_lets_a_larger_bill_cost_less(reading):
    """Why the properties above leave out these readings: at the cap, or at the trigger, a fen more brings a payment of its own."""
    if reading == "tilt_whole_burden":
        plan, kept = plan_on("wuhan", codes.RESIDENT, 20230601, reading), {"tilt_base": 9_500_00, "admissions": 1}
        bills = [stay(codes.RESIDENT, 20230601, fen, aid=codes.MARGINAL) for fen in range(100_00, 4_000_00, 1_00)]
    else:
        plan, kept = plan_on("wuhan", codes.EMPLOYEE, 20230601, reading), {"pool_paid": 0}
        bills = [stay(codes.EMPLOYEE, 20230601, fen, offsite=codes.REFERRED) for fen in range(100_000_00, 400_000_00, 100_00)]
    paid = [year_of(plan, claim, **kept) for claim in bills]
    assert any(later < earlier for earlier, later in pairwise(paid))
