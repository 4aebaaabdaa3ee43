"""What a fund officer reads first 摘要: one sentence and a few figures."""

from collections import Counter
from typing import NamedTuple

from openyibao.policybook.units import TRUST
from openyibao.warehouse.report.amounts import months, percent, percent_signed, short, short_signed
from openyibao.warehouse.report.words import say, trust
from openyibao.warehouse.simulate.outcome import Amount, FundTotals, Outcome, Words


class Tile(NamedTuple):
    """One figure of the top row: what it is, how much, and what stands behind it."""

    name: Words
    big: Words
    unit: Words
    more: Words


NOTHING = Words("", "")


def headline(outcome: Outcome) -> Words:
    """The whole answer in one sentence."""
    meta, totals = outcome.meta, outcome.totals
    return say("lead", after=meta.after, year=meta.year, bills=f"{meta.bills:,}", fund=_moved("fund", totals.fund),
               person=_moved("person", totals.person), credits=_moved("credits", totals.credits), gain=f"{totals.persons_gain:,}",
               lose=f"{totals.persons_lose:,}", same=f"{totals.persons_same:,}")


def _moved(key: str, amount: Amount | FundTotals) -> Words:
    """More, less or the same, in words with money and percentage."""
    way = "more" if amount.change > 0 else "less" if amount.change < 0 else "same"
    if way == "same":
        return say(f"{key}_same")
    return say(f"{key}_{way}", money=short(amount.change), percent=percent(abs(amount.change), amount.before))


def tiles(outcome: Outcome) -> list[Tile]:
    """The top row: funds, persons, accounts where they move, months of each fund, people better and worse off."""
    totals = outcome.totals
    found = [_money("tile_fund", totals.fund), _money("tile_person", totals.person)]
    if totals.credits.change:
        found.append(_money("tile_credits", totals.credits))
    for fund in outcome.months:
        found.append(Tile(say("tile_months", fund=fund.words), _same(f"{months(fund.months_before)} → {months(fund.months_after)}"),
                          say("month_unit"), say("from_to", before=fund.level_words_before, after=fund.level_words_after)))
    better_worse = _same(f"{totals.persons_gain:,} / {totals.persons_lose:,}")
    return [*found, Tile(say("tile_people"), better_worse, say("people_unit"), say("person_years", holders=f"{outcome.meta.holders:,}"))]


def _money(key: str, amount: Amount | FundTotals) -> Tile:
    """A sum of money: the change large, before and after small."""
    behind = say("from_to", before=short(amount.before), after=short(amount.after))
    share = percent_signed(amount.change, amount.before)
    return Tile(say(key), short_signed(amount.change), NOTHING, Words(f"{behind.zh}（{share}）", f"{behind.en} ({share})"))


def _same(text: str) -> Words:
    return Words(text, text)


def notice(outcome: Outcome) -> Words | None:
    """How many parameters rest on no document of the city, by mark; None when all do."""
    if not outcome.cautions:
        return None
    marks = [(trust(mark), count) for mark, count in counted(outcome)]
    said = Words("；".join(f"{words.zh} {count} 项" for words, count in marks), "; ".join(f"{count} {words.en}" for words, count in marks))
    return say("notice", count=len(outcome.cautions), marks=said)


def counted(outcome: Outcome) -> list[tuple[str, int]]:
    """Marks of the cautions with how many there are, the weakest mark first."""
    counts = Counter(caution.trust for caution in outcome.cautions)
    order = [*reversed(TRUST)]
    return sorted(counts.items(), key=lambda item: order.index(item[0]) if item[0] in order else -1)
