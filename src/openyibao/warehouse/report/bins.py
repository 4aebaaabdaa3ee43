"""The spread of yearly changes in words 分布区间: better or worse, by how many yuan; each span holds its larger end."""

from openyibao.warehouse.report.amounts import yuan
from openyibao.warehouse.report.words import say
from openyibao.warehouse.simulate.outcome import Bin, Distribution, Words


def bin_words(one: Bin) -> Words:
    """A bin in words; positive is better, exactly nothing is named."""
    if (one.low, one.high) == (0, 1):
        return say("unchanged_bin")
    if one.low is not None and one.low > 0:
        low = plain(one.low - 1)
        return say("better_over", low=low) if one.high is None else say("better", low=low, high=plain(one.high - 1))
    near = -(one.high or 0)
    return say("worse_over", low=plain(near)) if one.low is None else say("worse", low=plain(near), high=plain(-one.low))


def filled(distribution: Distribution) -> list[Bin]:
    """The bins without the empty ones at both ends."""
    bins = [*distribution.bins]
    while bins and not bins[0].persons:
        bins.pop(0)
    while bins and not bins[-1].persons:
        bins.pop()
    return bins


def plain(fen: int) -> str:
    """Yuan without the decimals where there are none."""
    return yuan(fen).removesuffix(".00")
