"""The funds' books 记账凭证: an entry balances in each fund, nothing of a receipt is left out, a reversal empties the books again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.people import LIVES, SEEDS, drawn_case, plan_on, stay
from openyibao.kernel import codes
from openyibao.kernel.ledger import (
    MATERNITY,
    RESIDENT_FUND,
    Posting,
    Unbalanced,
    entry,
    fund_pays,
    settlement_entry,
    trial_balance,
)
from openyibao.kernel.reversal import mirror, reverse
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year


@settings(max_examples=600)
@given(SEEDS)
def test_the_funds_of_a_receipt_are_all_in_the_entry(seed):
    claim, year, plan = drawn_case(seed)
    receipt, _ = settle(claim, year, plan)
    assert sum(fen for _, fen in fund_pays(receipt)) == receipt.fund + receipt.account + receipt.family
    made = settlement_entry(receipt, claim.day, "1", "H1")
    for fund, fen in fund_pays(receipt):
        mine = [posting for posting in made.postings if posting.fund == fund]
        assert [posting.fen for posting in mine] == [fen, -fen]
    assert sum(posting.fen for posting in made.postings) == 0


@settings(max_examples=150)
@given(LIVES, st.integers(0, 5))
def test_a_settlement_and_its_reversal_leave_empty_books(one, which):
    which %= len(one.claims)
    journal = one.journal
    done = reverse(journal, which, one.plan_of)
    entries = [settlement_entry(settled.receipt, settled.claim.day, str(number), "H1") for number, settled in enumerate(journal)]
    entries.append(settlement_entry(done.mirror, journal[which].claim.day, f"{which} back", "H1"))
    for document, new in done.adjusted:
        entries += [settlement_entry(receipt, new.claim.day, "again", "H1") for receipt in (document, new.receipt)]
    owed = trial_balance(tuple(entries))
    expected = trial_balance(tuple(settlement_entry(settled.receipt, settled.claim.day, "once", "H1") for settled in done.journal))
    assert {key: fen for key, fen in owed.items() if fen} == {key: fen for key, fen in expected.items() if fen}


@settings(max_examples=200)
@given(LIVES)
def test_everything_taken_back_is_an_empty_trial_balance(one):
    entries = []
    for number, settled in enumerate(one.journal):
        document = mirror(settled.receipt, settled.after.account)
        entries += [settlement_entry(receipt, settled.claim.day, str(number), "H1") for receipt in (settled.receipt, document)]
    assert set(trial_balance(tuple(entries)).values()) <= {0}


@settings(max_examples=100)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(-10**9, 10**9)), max_size=6))
def test_an_entry_that_does_not_balance_in_every_fund_is_refused(sides):
    postings = tuple(Posting(fund, "benefit", fen) for fund, fen in sides)
    balanced = all(sum(fen for name, fen in sides if name == fund) == 0 for fund, _ in sides)
    if balanced:
        assert entry(20230601, "test", postings).postings == postings
    else:
        with pytest.raises(Unbalanced, match="out of balance by"):
            entry(20230601, "test", postings)


def test_maternity_money_of_employees_has_a_fund_of_its_own():
    for scheme, fund in ((codes.EMPLOYEE, MATERNITY), (codes.RESIDENT, RESIDENT_FUND)):
        claim = stay(scheme, 20230601, 5_000_00, kind=codes.DELIVERY)
        receipt, _ = settle(claim, Year(year=2023), plan_on("wuhan", scheme, 20230601))
        assert [name for name, _ in fund_pays(receipt)] == [fund]
