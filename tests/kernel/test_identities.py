"""What adds up on every receipt: the parts of the bill, the payers, the person's purses; nobody pays below zero."""

from hypothesis import given, settings

import drawn
from kernel.people import AMOUNTS, SEEDS, drawn_case, plan_on, stay
from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year

MATERNITY = (codes.DELIVERY, codes.CAESAREAN, codes.PRENATAL, codes.MISCARRIAGE_EARLY, codes.MISCARRIAGE_LATE)
FUNDS = ("pool", "large_first", "large_second", "catastrophic", "civil", "aid", "tilt", "topup", "added_1", "added_2", "added_3", "state")
LOOKS_AT = (("deductible", "standard"), ("catastrophic", "burden"), ("civil", "civil_base"), ("aid", "aid_base"), ("tilt", "tilt_base"),
            ("added_1", "added_base_1"), ("added_2", "added_base_2"), ("added_3", "added_base_3"))  # fmt: skip
WITHOUT = ("tilt_whole_burden",)
MANY = settings(max_examples=1200)


def bill(seed: int) -> tuple[Claim, Year, object]:
    """A case without the combinations of the known faults below."""
    claim, year, plan = drawn_case(seed, WITHOUT)
    if claim.epidemic or claim.kind == codes.DIALYSIS:
        claim = claim._replace(added=claim.added & ~2, civil_servant=0)
    return claim, year, plan


@MANY
@given(SEEDS)
def test_the_parts_the_payers_and_the_purses_add_up(seed):
    claim, year, plan = drawn_case(seed)
    receipt, _ = settle(claim, year, plan)
    assert receipt.total == receipt.full + receipt.over + receipt.pre + receipt.within == claim.total
    assert receipt.fund == sum(getattr(receipt, name) for name in FUNDS)
    assert receipt.total == receipt.fund + receipt.hospital + receipt.person
    assert receipt.person == receipt.account + receipt.family + receipt.cash
    assert receipt.balance == year.account - receipt.account


@MANY
@given(SEEDS)
def test_no_figure_is_below_zero(seed):
    claim, year, plan = bill(seed)
    receipt, after = settle(claim, year, plan)
    assert {name: getattr(receipt, name) for name in AMOUNTS if getattr(receipt, name) < 0} == {}
    assert {name: value for name, value in after._asdict().items() if value < 0} == {}


@MANY
@given(SEEDS)
def test_no_layer_pays_more_than_it_looks_at(seed):
    claim, year, plan = bill(seed)
    receipt, _ = settle(claim, year, plan)
    for pays, looked_at in LOOKS_AT:
        assert getattr(receipt, pays) <= getattr(receipt, looked_at), pays
    assert receipt.large_first + receipt.large_second <= receipt.over_cap <= receipt.base
    if receipt.kind not in MATERNITY:
        assert receipt.pool <= receipt.base + receipt.consultation <= receipt.eligible
    assert receipt.left_in_scope <= receipt.person or receipt.left_in_scope <= receipt.within


@settings(max_examples=400)
@given(SEEDS)
def test_a_bill_that_no_fund_pays_moves_only_the_accounts_and_the_counts(seed):
    claim, year, plan = drawn_case(seed, suspended=1)
    receipt, after = settle(claim, year, plan)
    assert receipt.outcome != codes.SETTLED and receipt.fund == receipt.hospital == 0 and receipt.person == claim.total
    opened = year._replace(year=claim.day // 10_000)
    moved = {name for name in Year._fields if getattr(after, name) != getattr(opened, name)}
    assert moved <= {"account", "family", "account_paid", "cash_paid", "bills"}


@settings(max_examples=400)
@given(SEEDS)
def test_a_pharmacy_purchase_is_the_persons_own(seed):
    claim, year, plan = drawn_case(seed, kind=codes.PHARMACY)
    receipt, _ = settle(claim, year, plan)
    assert receipt.fund == 0 and receipt.person == claim.total
    if receipt.outcome == codes.SETTLED and claim.account_use and plan.account.scope == codes.ACCOUNT_ANY:
        assert receipt.account == min(claim.total - receipt.third_party, year.account)


def test_an_epidemic_rule_set_leaves_the_patient_nothing():
    plan = drawn.plan("ankang", codes.RESIDENT, 20200615, True)
    receipt, _ = settle(stay(codes.RESIDENT, 20200615, 300_000_00, total=400_000_00, full=100_000_00, epidemic=1), Year(year=2020), plan)
    assert receipt.within == receipt.pool == receipt.fund == receipt.total and receipt.person == 0


def test_tilted_aid_on_the_whole_burden_stays_within_the_bill():
    plan = plan_on("wuhan", codes.RESIDENT, 20230510, "tilt_whole_burden")
    before = Year(year=2023, admissions=1, tilt_base=plan.aid.tilt_trigger)
    receipt, _ = settle(stay(codes.RESIDENT, 20230510, 1_000_00, aid=codes.MARGINAL), before, plan)
    assert receipt.tilt <= receipt.tilt_base


def test_an_epidemic_bill_pays_its_off_list_part_once():
    plan = drawn.plan("wuhan", codes.RESIDENT, 20230510, True)
    plan = plan._replace(added_2=plan.added_2._replace(deductible=0))
    claim = stay(codes.RESIDENT, 20230510, 50_000_00, total=80_000_00, full=30_000_00, off_list=30_000_00, epidemic=1, added=2)
    receipt, _ = settle(claim, Year(year=2023), plan)
    assert receipt.fund <= receipt.total and receipt.state >= 0


def test_a_supplement_on_first_self_pay_counts_it_once_in_an_epidemic():
    plan = drawn.plan("ankang", codes.EMPLOYEE, 20200615, True)
    plan = plan._replace(
        civil=plan.civil._replace(includes_first_self_pay=1, ratio=10_000, deductible=0),
        epidemic=plan.epidemic._replace(ratio=0, no_caps=0, state_pays_rest=0),
    )
    claim = stay(codes.EMPLOYEE, 20200615, 50_00, total=100_00, pre=50_00, epidemic=1, civil_servant=1)
    receipt, _ = settle(claim, Year(year=2020, pool_paid=10**9), plan)
    assert receipt.person >= 0


def test_a_supplement_on_first_self_pay_counts_it_once_in_a_dialysis_package():
    plan = plan_on("ankang", codes.EMPLOYEE, 20230615)
    civil = plan.civil._replace(includes_first_self_pay=1, deductible=0)
    plan = plan._replace(civil=civil, dialysis=plan.dialysis._replace(patient_pays=0))
    claim = stay(codes.EMPLOYEE, 20230615, 300_00, kind=codes.DIALYSIS, sessions=1, total=310_00, pre=10_00, civil_servant=1)
    receipt, _ = settle(claim, Year(year=2023), plan)
    assert receipt.person >= 0
