"""The hardest cases explained before and after 个案说明: the person's year replayed in plain Python, the bill explained line by line.

The replay is a second road to the figures of the batch: kernel.settle called once a bill, accounts credited month by month by the
kernel's plain functions. Where it does not give the batch's fen, the simulation stops: one of the two is wrong.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.enrolment import Rates, monthly, retiree_credit
from openyibao.kernel.explain import explain
from openyibao.kernel.explained.steps import Step
from openyibao.kernel.plan import Plan, no_plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.refusals import REFUSALS
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book
from openyibao.policybook.contributions import OLDER
from openyibao.warehouse.records import RESULTS
from openyibao.warehouse.run.block import OPENING
from openyibao.warehouse.run.package import MONTHS, Package
from openyibao.warehouse.simulate.comparing import Sides
from openyibao.warehouse.simulate.funds import KINDS, LAYERS, LEVELS, SCHEME
from openyibao.warehouse.simulate.grouping import AGES, STATUS, ages, status_codes
from openyibao.warehouse.simulate.outcome import Amount, Case, Explained, Side, Words

Columns = Mapping[str, Any]
SETTLED = Words("已结算", "settled")


class Disagreement(Exception):
    """The replay in plain Python and the batch differ: a fault of the programme, never of the reform."""


class Policy(NamedTuple):
    """A policy as the replay needs it: the book for plans and clauses, the package for credits."""

    book: Book
    package: Package


class Replay(NamedTuple):
    """One bill met again: the claim, the year before it, its plan (None = no policy), its receipt."""

    claim: Claim
    year: Year
    plan: Plan | None
    receipt: Receipt


def credits_in_plain(holder: Columns, row: int, package: Package) -> list[int]:
    """What one holder's account is credited in months 1 to 12, fen, by the kernel's functions in plain Python."""
    credits = [0] * MONTHS
    if int(holder["scheme"][row]) != codes.EMPLOYEE:
        return credits
    for month in range(max(int(holder["first_month"][row]), 1) - 1, int(holder["last_month"][row])):
        floor, cap, younger, older, amount, share = (int(figure) for figure in package.terms[month])
        if int(holder["status"][row]) == codes.RETIRED:
            credits[month] = retiree_credit(int(holder["pension"][row]), amount, share)
        elif int(holder["base"][row]) > 0:
            rates = Rates(floor, cap, 0, 0, 0, older if int(holder["age"][row]) >= OLDER else younger)
            credits[month] = monthly(int(holder["base"][row]), int(holder["flexible"][row]), rates, 0, codes.HALF_UP).to_account
    return credits


def replayed(holder: Columns, bill: Columns, row: int, rows: Sequence[int], policy: Policy, result: Columns) -> dict[int, Replay]:
    """A person's year again, bill by bill.

    row     the holder's row
    rows    rows of the holder's bills, in order
    result  the batch's results of the bucket
    Raises Disagreement where a figure differs from the batch's.
    """
    year = Year(year=policy.package.year, **{name: int(holder[name][row]) for name in OPENING})
    credits, credited = credits_in_plain(holder, row, policy.package), 0
    found = {}
    for place in rows:
        claim = Claim(**{name: int(bill[name][place]) for name in Claim._fields})
        month = claim.day // 100 % 100
        year = year._replace(account=year.account + sum(credits[credited:month]))
        credited = max(credited, month)
        plan = policy.book.plan_for(claim)
        receipt, after = settle(claim, year, plan or no_plan())
        for name in RESULTS:
            plain, batch = getattr(receipt, name), int(result[name][place])
            if plain != batch:
                raise Disagreement(f"bill {int(bill['bill'][place])}: {name} is {plain} in plain Python, {batch} in the batch")
        found[place] = Replay(claim, year, plan, receipt)
        year = after
    return found


def side_of(replay: Replay, book: Book) -> Side:
    """One side of a case: the shares of the bill, the layers that pay, each step with its clause."""
    receipt, claim = replay.receipt, replay.claim
    steps: tuple[Explained, ...] = ()
    if replay.plan is not None:
        day = claim.admitted if replay.plan.readings.version_by_admission and claim.admitted else claim.day
        steps = tuple(explained(step) for step in explain(claim, replay.year, replay.plan, receipt, book.sources(claim.scheme, day)))
    refused = REFUSALS.get(receipt.outcome)
    words = Words(refused.sentence, refused.sentence_en) if refused else SETTLED
    paid = [(name, getattr(receipt, name)) for name in LAYERS if name not in ("fund", "person")]
    layers = tuple(Amount(name, LAYERS[name], figure, figure) for name, figure in paid if figure)
    return Side(receipt.outcome, words, receipt.fund, receipt.person, receipt.account, receipt.family, receipt.cash, layers, steps)


def explained(step: Step) -> Explained:
    """A step as the outcome keeps it."""
    clauses = tuple(dict.fromkeys(source.clause for source in step.sources))
    marks = tuple(dict.fromkeys(source.trust for source in step.sources))
    names = Words(step.name_zh, step.name_en), Words(step.words_zh, step.words_en)
    return Explained(step.key, names[0], step.formula, names[1], step.value, step.unit, clauses, marks)


class Bucket(NamedTuple):
    """What a case needs of its bucket: both sides, and each holder's county."""

    sides: Sides
    county: Any  # code by holder
    names: Any  # the county's name by holder


def case_of(
    rank: int, by: str, bucket: Bucket, row: int, place: int, policies: Callable[[int], tuple[Policy, Policy]]
) -> Case:
    """One hard case.

    row, place  the holder's row and the row of the bill to explain (-1 = none)
    policies    the policies before and after for a county's code
    """
    before, after = policies(int(bucket.county[row]))
    holder, old_side, new_side = bucket.sides
    rows = [int(one) for one in np.flatnonzero(old_side.bill["holder"] == row)]
    old = replayed(holder, old_side.bill, row, rows, before, old_side.result)
    new = replayed(holder, new_side.bill, row, rows, after, new_side.result)
    borne = sum(one.receipt.person for one in old.values()), sum(one.receipt.person for one in new.values())
    credit = sum(credits_in_plain(holder, row, before.package)), sum(credits_in_plain(holder, row, after.package))
    about = about_words(bucket, row)
    if place < 0:
        words = SCHEME[int(holder["scheme"][row])]
        return Case(
            rank, by, -1, int(holder["person"][row]), 0, words, Words("", ""), Words("", ""), about, 0, 0, 0,
            borne[1] - borne[0] - credit[1] + credit[0], borne[0], borne[1], credit[0], credit[1], len(rows), None, None,
        )  # fmt: skip
    claim = new[place].claim
    return Case(
        rank, by, int(old_side.bill["bill"][place]), int(holder["person"][row]), claim.day, SCHEME[claim.scheme], KINDS[claim.kind],
        LEVELS[claim.level], about, claim.total, claim.within, new[place].receipt.person - old[place].receipt.person,
        borne[1] - borne[0] - credit[1] + credit[0], borne[0], borne[1], credit[0], credit[1], len(rows),
        side_of(old[place], before.book), side_of(new[place], after.book),
    )  # fmt: skip


def about_words(bucket: Bucket, row: int) -> Words:
    """Who the case is about, without a name: status, age band, county."""
    one = {name: values[row : row + 1] for name, values in bucket.sides.holder.items()}
    status = STATUS[int(status_codes(one)[0])][1]
    age = ages()[int(np.searchsorted(AGES, int(one["age"][0]), side="right"))][1]
    county = str(bucket.names[row])
    return Words(f"{status.zh}，{age.zh}，{county}", f"{status.en}, {age.en}, {county}")
