"""Reversal and replay 冲销与重放: nothing of a bill is left when it is taken back, and settling it again gives what it gave."""

from hypothesis import given, settings
from hypothesis import strategies as st

import drawn
from kernel.people import AMOUNTS, LIVES, SEEDS, life, plan_on, stay
from openyibao.kernel import codes
from openyibao.kernel.plan import Plan
from openyibao.kernel.reversal import UNSIGNED, mirror, play, replayed, reverse
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year, opened

MANY = settings(max_examples=250)
WHICH = st.integers(0, 5)
PERIODS = ("quota_used", "quota_used_second", "dialysis_sessions", "prenatal_paid")


@MANY
@given(LIVES)
def test_the_mirror_and_the_receipt_sum_to_nothing(one):
    for settled in one.journal:
        document = mirror(settled.receipt, settled.after.account)
        for name in AMOUNTS:
            if name not in UNSIGNED:
                assert getattr(document, name) == -getattr(settled.receipt, name)
        assert document.kind == settled.receipt.kind and document.readings == settled.receipt.readings
        assert document.balance == settled.before.account


@MANY
@given(LIVES)
def test_the_last_bill_taken_back_leaves_the_year_as_it_was(one):
    journal = list(one.journal)
    while journal:
        done = reverse(journal, len(journal) - 1, one.plan_of)
        assert done.year == journal[-1].before and done.adjusted == ()
        journal = list(done.journal)


@MANY
@given(LIVES)
def test_taken_back_and_settled_again_is_the_same_settlement(one):
    last = one.journal[-1]
    again = settle(last.claim, reverse(one.journal, len(one.claims) - 1, one.plan_of).year, one.plan_of(last.claim))
    assert again == (last.receipt, last.after)


@MANY
@given(LIVES, WHICH)
def test_with_strict_replay_it_is_as_if_the_bill_had_never_been(one, which):
    which %= len(one.claims)
    done = reverse(one.journal, which, one.plan_of)
    others = one.claims[:which] + one.claims[which + 1 :]
    never = play(others, one.start, one.plan_of)
    assert [settled.receipt for settled in done.journal] == [settled.receipt for settled in never]
    if never and which < len(one.claims) - 1:
        assert done.year == never[-1].after


@MANY
@given(LIVES, WHICH)
def test_what_replay_changed_is_told_with_its_mirror(one, which):
    which %= len(one.claims)
    done = reverse(one.journal, which, one.plan_of)
    old = {settled.claim: settled.receipt for settled in one.journal[which + 1 :]}
    changed = {new.claim: document for document, new in done.adjusted}
    for settled in done.journal[which:]:
        if settled.claim in changed:
            assert settled.receipt != old[settled.claim]
            assert changed[settled.claim].fund == -old[settled.claim].fund
        elif settled.claim in old:
            assert settled.receipt == old[settled.claim]


@MANY
@given(SEEDS, WHICH)
def test_without_replay_the_others_stand_and_only_their_sums_remain(seed, which):
    one = life(seed, over_new_year=False)
    which %= len(one.claims)
    done = reverse(one.journal, which, one.plan_of, strict=False)
    kept = [settled for number, settled in enumerate(one.journal) if number != which]
    assert [settled.receipt for settled in done.journal] == [settled.receipt for settled in kept]
    assert done.year.account == one.journal[-1].after.account + one.journal[which].receipt.account
    assert done.year.family == one.journal[-1].after.family + one.journal[which].receipt.family
    sums = {"catastrophic_paid": "catastrophic", "aid_paid": "aid", "civil_paid": "civil", "large_first": "large_first"}
    for sum_of, paid in sums.items():
        start = getattr(opened(one.start, one.claims[0].day // 10_000), sum_of)
        assert getattr(done.year, sum_of) == start + sum(getattr(settled.receipt, paid) for settled in kept)


@MANY
@given(LIVES)
def test_a_journal_played_again_is_the_journal(one):
    assert play(one.claims, one.start, one.plan_of) == one.journal
    assert replayed(one.journal, one.plan_of) == ()


@settings(max_examples=150)
@given(SEEDS, st.integers(1, 1_000))
def test_a_retroactive_policy_gives_the_differences_and_nothing_else(seed, points):
    """Every bill of the range settled under the changed plan: the journal's money plus the differences is the replay's money."""
    one = life(seed)

    def changed(claim) -> Plan:
        plan = one.plan_of(claim)
        ratios = tuple(min(ratio + points, 10_000) for ratio in plan.pool.ratio_active)
        return plan._replace(pool=plan.pool._replace(ratio_active=ratios))

    differences = replayed(one.journal, changed)
    again = play(one.claims, one.start, changed)
    for name in ("fund", "person", "cash", "pool"):
        posted = sum(getattr(settled.receipt, name) for settled in one.journal)
        posted += sum(getattr(document, name) + getattr(new.receipt, name) for document, new in differences)
        assert posted == sum(getattr(settled.receipt, name) for settled in again), name
    untouched = len(one.claims) - len(differences)
    assert untouched == sum(old.receipt == new.receipt for old, new in zip(one.journal, again, strict=True))


def test_a_retroactive_ratio_touches_the_stay_and_not_the_visit():
    plan = plan_on("ankang", codes.RESIDENT, 20230601)
    visit = stay(codes.RESIDENT, 20230601, 80_00, kind=codes.OUTPATIENT, level=codes.P0)
    journal = play((visit, stay(codes.RESIDENT, 20230701, 12_000_00)), Year(year=2023), lambda claim: plan)
    ratios = tuple(ratio + 100 for ratio in plan.pool.ratio_active)
    better = plan._replace(pool=plan.pool._replace(ratio_active=ratios))
    ((document, new),) = replayed(journal, lambda claim: better)
    assert new.claim.kind == codes.INPATIENT
    assert new.receipt.pool + document.pool == 100_00  # one point of 10,000.00 above the deductible


def test_a_correction_is_taken_back_and_settled_on_its_day_under_the_policy_of_that_day():
    """E-08: the wrong bill is reversed, the right one settles with its own day's plan and the year without the wrong one."""
    day = 20220331
    old, new = (plan_on("ankang", codes.EMPLOYEE, when) for when in (day, 20220401))
    assert old.pool.cap != new.pool.cap
    wrong, right = stay(codes.EMPLOYEE, day, 200_000_00), stay(codes.EMPLOYEE, day, 150_000_00)

    def plan_of(claim) -> Plan:
        return plan_on("ankang", codes.EMPLOYEE, claim.day)

    journal = play((wrong,), Year(year=2022), plan_of)
    year = reverse(journal, 0, plan_of).year
    receipt, _ = settle(right, year, plan_of(right))
    assert receipt == play((right,), Year(year=2022), plan_of)[0].receipt and receipt.pool == old.pool.cap


def test_a_work_injury_found_later_takes_everything_back():
    """E-24: the reversed bill settles again as one that no fund of ours pays."""
    plan = plan_on("wuhan", codes.EMPLOYEE, 20230601)
    injury, later = stay(codes.EMPLOYEE, 20230601, 30_000_00), stay(codes.EMPLOYEE, 20230801, 20_000_00)
    journal = play((injury, later), Year(year=2023), lambda claim: plan)
    done = reverse(journal, 0, lambda claim: plan)
    assert done.mirror.fund == -journal[0].receipt.fund < 0
    assert done.journal[0].receipt.admission == 1  # the later stay is now the year's first
    assert settle(injury._replace(outside_fund=1), done.year, plan)[0].outcome == codes.OUTSIDE_FUND


def test_lives_meet_both_years_and_several_kinds():
    """The properties above are not empty: the drawn lives cross New Year, are refused, and meet most kinds."""
    drawn_lives = [life(seed) for seed in range(60)]
    journals = [one.journal for one in drawn_lives]
    assert any(journal[0].after.year < journal[-1].after.year for journal in journals)
    assert {settled.receipt.outcome == codes.SETTLED for journal in journals for settled in journal} == {True, False}
    assert len({settled.receipt.kind for journal in journals for settled in journal}) >= 10
    assert set(drawn.CITIES) == {"jishou", "ankang", "jingzhou", "wuhan", "yuxi"}


def test_without_replay_a_bill_of_last_year_takes_nothing_from_this_year():
    """Reversing December's stay in January, later bills standing: January's totals are January's own."""
    december, january = stay(codes.EMPLOYEE, 20231215, 20_000_00), stay(codes.EMPLOYEE, 20240110, 20_000_00)

    def plan_of(claim) -> Plan:
        return plan_on("ankang", codes.EMPLOYEE, claim.day)

    journal = play((december, january), Year(year=2023), plan_of)
    done = reverse(journal, 0, plan_of, strict=False)
    assert (done.year.admissions, done.year.pool_paid) == (1, journal[1].receipt.pool)
