"""Reversal 冲销 and replay 重放: a settlement is never edited; a mirror document takes it back and later bills may be settled again.

Transactions 2208, 2305, 2103. The mirror carries the same split with the opposite sign, never recomputed. Under strict replay the
later bills of the year are settled again in order, and each difference is a document of its own (example E11).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from openyibao.kernel.claim import Claim
from openyibao.kernel.dates import year_of
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.settle.carry import carried
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year, opened

UNSIGNED = (
    "outcome",
    "scheme",
    "kind",
    "admission",
    "ratio",
    "factor",
    "balance",
    "limit_left",
    "standard",
    "readings",
)
"""Fields of a receipt that are not amounts of the bill and keep their sign."""

PlanOf = Callable[[Claim], Plan]


class Settled(NamedTuple):
    """One settlement in a person's journal: what went in and what came out."""

    claim: Claim
    before: Year
    receipt: Receipt
    after: Year


class Reversal(NamedTuple):
    """What a reversal leaves: the mirror, the later settlements as they now stand, and the year after all."""

    mirror: Receipt
    adjusted: tuple[
        tuple[Receipt, Settled], ...
    ]  # (mirror of the old receipt, new settlement) where a later bill changed
    journal: tuple[Settled, ...]
    year: Year


def mirror(receipt: Receipt, account_now: int) -> Receipt:
    """The mirror document 冲销单: every amount with the opposite sign; `balance` is the account after the money is given back."""
    signed = {name: -value for name, value in receipt._asdict().items() if name not in UNSIGNED}
    return receipt._replace(**signed, balance=account_now + receipt.account)


def play(claims: Sequence[Claim], year: Year, plan_of: PlanOf) -> tuple[Settled, ...]:
    """Settle a person's bills in order from `year` 重放; the journal of what each did."""
    journal = []
    for claim in claims:
        before = opened(year, year_of(claim.day))
        receipt, year = settle(claim, before, plan_of(claim))
        journal.append(Settled(claim, before, receipt, year))
    return tuple(journal)


def stood(settlements: Sequence[Settled], year: Year, plan_of: PlanOf) -> tuple[Settled, ...]:
    """Settlements as they stand, carried again from `year` 照旧结转: the receipts unchanged, the years built up from what each adds.

    Subtracting the share of a bill taken back would not do: a stay, a quota's period, a pregnancy or a new year may have begun since.
    """
    again = []
    for settled in settlements:
        before = opened(year, year_of(settled.claim.day))
        year = carried(settled.claim, before, settled.receipt, plan_of(settled.claim))
        again.append(settled._replace(before=before, after=year))
    return tuple(again)


def reverse(journal: Sequence[Settled], index: int, plan_of: PlanOf, *, strict: bool = True) -> Reversal:
    """Reverse the settlement at `index` of one person's journal (in order of settlement).

    strict  True: settle every later bill again in order (严格重放), so that the year is what it would have been without the bill;
            False: later bills stay as settled, and the year is carried again without the bill
    Raises IndexError when there is no such settlement.
    """
    target, later = journal[index], journal[index + 1 :]
    document = mirror(target.receipt, journal[-1].after.account)
    kept = tuple(journal[:index])
    if not later:
        return Reversal(document, (), kept, target.before)
    if not strict:
        standing = stood(later, target.before, plan_of)
        return Reversal(document, (), kept + standing, standing[-1].after)
    again = play([settled.claim for settled in later], target.before, plan_of)
    changed = tuple(
        (mirror(old.receipt, old.after.account), new)
        for old, new in zip(later, again, strict=True)
        if old.receipt != new.receipt
    )
    return Reversal(document, changed, kept + again, again[-1].after)


def replayed(journal: Sequence[Settled], plan_of: PlanOf) -> tuple[tuple[Receipt, Settled], ...]:
    """Settle a journal again under other plans 政策追溯: what changed, as (mirror of the old receipt, new settlement)."""
    again = play([settled.claim for settled in journal], journal[0].before, plan_of) if journal else ()
    return tuple(
        (mirror(old.receipt, old.after.account), new)
        for old, new in zip(journal, again, strict=True)
        if old.receipt != new.receipt
    )
