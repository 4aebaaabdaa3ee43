"""What must hold of the figures before they are printed 核对; the report says whether it does."""

from openyibao.warehouse.simulate.outcome import Attribution, Outcome


def gap(outcome: Outcome) -> tuple[int, int]:
    """By how many fen the payers and the total fees differ, before and after; (0, 0) when the books close."""
    totals = outcome.totals
    before = sum(fund.before for fund in totals.funds) + totals.person.before - totals.total.before
    after = sum(fund.after for fund in totals.funds) + totals.person.after - totals.total.after
    return before, after


def sums(attribution: Attribution, place: int) -> tuple[int, int]:
    """The sums of the parts of one measure, in order and averaged."""
    return sum(share.ordered[place] for share in attribution.shares), sum(share.averaged[place] for share in attribution.shares)


def parts_sum(attribution: Attribution) -> bool:
    """Whether the parts of every measure sum to its whole, both ways."""
    return all(sums(attribution, place) == (whole, whole) for place, whole in enumerate(attribution.whole))
