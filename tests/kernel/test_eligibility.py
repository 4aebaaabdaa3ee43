"""Refusals 不予支付: each code, on both sides of its day; what a person may still settle beside it."""

import pytest

from kernel.people import book, plan_on, stay
from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import no_plan
from openyibao.kernel.refusals import REFUSALS, refusal
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year

DAY = 20230615
PLANS = {scheme: plan_on("ankang", scheme, DAY) for scheme in (codes.EMPLOYEE, codes.RESIDENT)}


def outcome(claim: Claim) -> int:
    return settle(claim, Year(year=2023), PLANS[claim.scheme])[0].outcome


def visit(kind: int = codes.OUTPATIENT, scheme: int = codes.RESIDENT, **more: int) -> Claim:
    return stay(scheme, more.pop("day", DAY), 200_00, kind=kind, **{"level": codes.P0, **more})


BOUNDARIES = [
    ("never enrolled", visit(cover_from=0), visit(cover_from=20230101), codes.NOT_COVERED),
    ("the day before cover begins", visit(cover_from=20230616), visit(cover_from=DAY), codes.NOT_COVERED),
    ("the day after cover ends", visit(cover_to=20230614), visit(cover_to=DAY), codes.LAPSED),
    ("the last day of waiting", visit(wait_until=20230616), visit(wait_until=DAY), codes.WAITING),
    ("arrears", visit(suspended=1), visit(suspended=0), codes.SUSPENDED),
    ("no agreement", visit(agreement=0), visit(agreement=1), codes.NO_PROVIDER),
    ("the day after death", visit(died=20230614), visit(died=DAY), codes.DECEASED),
    ("work injury", visit(outside_fund=1), visit(outside_fund=0), codes.OUTSIDE_FUND),
    ("chronic right from tomorrow", visit(codes.CHRONIC, disease=0, grant=20230616),
     visit(codes.CHRONIC, disease=0, grant=DAY), codes.NOT_GRANTED),
    ("no chronic right", visit(codes.CHRONIC, disease=0, granted=0), visit(codes.CHRONIC, disease=0), codes.NOT_GRANTED),
    ("a disease off the list", visit(codes.CHRONIC, disease=15), visit(codes.CHRONIC, disease=14), codes.NO_BENEFIT),
    ("no disease named", visit(codes.CHRONIC), visit(codes.CHRONIC, disease=0), codes.NO_BENEFIT),
    ("diabetes drugs without registration", visit(codes.TWO_DISEASE, two_disease=2, two_registered=1),
     visit(codes.TWO_DISEASE, two_disease=2, two_registered=3), codes.NOT_GRANTED),
    ("no dual-channel right", visit(codes.DUAL_CHANNEL, granted=0), visit(codes.DUAL_CHANNEL), codes.NOT_GRANTED),
    ("no dialysis right", visit(codes.DIALYSIS, granted=0, sessions=1), visit(codes.DIALYSIS, sessions=1), codes.NOT_GRANTED),
]  # fmt: skip


@pytest.mark.parametrize(("refused", "settled", "code"), [row[1:] for row in BOUNDARIES], ids=[row[0] for row in BOUNDARIES])
def test_both_sides_of_a_refusal(refused, settled, code):
    assert outcome(refused) == code and outcome(settled) == codes.SETTLED


@pytest.mark.parametrize("kind", [codes.OUTPATIENT, codes.INPATIENT, codes.DUAL_CHANNEL, codes.DELIVERY])
def test_a_day_without_a_plan_refuses_every_kind(kind):
    assert settle(visit(kind), Year(year=2023), no_plan())[0].outcome == codes.NO_POLICY


def test_the_plan_of_another_scheme_settles_nothing():
    assert settle(visit(scheme=codes.EMPLOYEE), Year(year=2023), PLANS[codes.RESIDENT])[0].outcome == codes.NO_POLICY


def test_employees_have_no_two_disease_benefit_and_no_outpatient_before_the_reform():
    assert outcome(visit(codes.TWO_DISEASE, codes.EMPLOYEE, two_disease=1, two_registered=1)) == codes.NO_BENEFIT
    before, after = 20221231, 20230101
    for day, expected in ((before, codes.NO_BENEFIT), (after, codes.SETTLED)):
        claim = visit(scheme=codes.EMPLOYEE, day=day)
        plan = book("ankang").plan(codes.EMPLOYEE, day)
        assert settle(claim, Year(year=day // 10_000), plan)[0].outcome == expected, day


def test_a_stay_is_judged_on_the_day_of_admission():
    """E-04 and E-05: cover, waiting and death are looked up on the first day of care, and decide for the whole stay."""
    whole = stay(codes.RESIDENT, DAY, 10_000_00, admitted=20230601)
    assert outcome(whole._replace(cover_to=20230605)) == codes.SETTLED  # lapsed during the stay
    assert outcome(whole._replace(cover_to=20230531)) == codes.LAPSED
    assert outcome(whole._replace(wait_until=20230605)) == codes.WAITING  # waiting ends during the stay
    assert outcome(whole._replace(wait_until=20230601)) == codes.SETTLED
    assert outcome(whole._replace(died=20230610)) == codes.SETTLED  # died in the hospital
    assert outcome(whole._replace(died=20230531)) == codes.DECEASED


def test_a_newborn_enrolled_later_has_cover_from_birth():
    """E-10: the enrolment desk gives `cover_from` the day of birth; a bill of that day then settles."""
    assert outcome(visit(day=20230601, cover_from=20230601)) == codes.SETTLED
    assert outcome(visit(day=20230531, cover_from=20230601)) == codes.NOT_COVERED


def test_arrears_leave_the_personal_account():
    receipt, _ = settle(visit(scheme=codes.EMPLOYEE, suspended=1), Year(year=2023, account=150_00), PLANS[codes.EMPLOYEE])
    assert (receipt.fund, receipt.account, receipt.cash) == (0, 150_00, 50_00)


def test_the_first_reason_is_told():
    """Work injury before everything, death before missing cover, cover before the agreement."""
    assert outcome(visit(outside_fund=1, died=20230101)) == codes.OUTSIDE_FUND
    assert outcome(visit(died=20230101, cover_from=0)) == codes.DECEASED
    assert outcome(visit(cover_from=0, agreement=0)) == codes.NOT_COVERED


def test_every_refusal_has_its_words():
    codes_of = {value.code for value in REFUSALS.values()}
    assert len(codes_of) == len(REFUSALS) == 10
    for code in range(codes.NOT_COVERED, codes.OUTSIDE_FUND + 1):
        one = refusal(code)
        assert one.sentence.endswith("。") and one.sentence_en.endswith(".") and one.clause and one.trust
