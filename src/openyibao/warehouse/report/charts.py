"""The report's charts as small plain values 图表: labels and figures in both languages; templates/report.js draws them with ECharts.

Every figure of a chart also stands in the table beside it.
"""

from collections.abc import Iterator
from typing import Any

from openyibao.warehouse.report.bins import bin_words, filled
from openyibao.warehouse.report.words import say
from openyibao.warehouse.simulate.outcome import Dimension, Outcome, Row, Words

Chart = dict[str, Any]
ROW, FRAME = 34, 64
"""Pixels of a bar's row, and of axis and legend together."""
MOST = 24
"""Rows that are drawn of a dimension."""


def charts(outcome: Outcome) -> dict[str, Chart]:
    """Every chart of the page by id."""
    return dict(_all(outcome))


def _all(outcome: Outcome) -> Iterator[tuple[str, Chart]]:
    moved = [fund for fund in outcome.totals.funds if fund.change and fund.key != "hospital"]
    if moved:
        yield "payers", {
            **_frame(say("chart_payers"), "steps", "fen", [fund.words for fund in moved] + [say("all_funds")]),
            "series": [_series(say("fund_change"), [fund.change for fund in moved] + [sum(fund.change for fund in moved)], "accent")],
        }
    if outcome.counties:
        changes = [one.fund.change for one in outcome.counties]
        yield "counties", {**_frame(say("chart_counties"), "stacked", "fen", [one.words for one in outcome.counties]),
                           "series": [_series(say("fund_change"), changes, "accent")]}
    for dimension in outcome.dimensions:
        rows = drawn_rows(dimension)
        yield f"group-{dimension.key}", {
            **_frame(say("chart_groups", what=dimension.words), "stacked", "fen", [row.words for row in rows]),
            "series": [_series(say("gained"), [row.gained for row in rows], "accent"),
                       _series(say("lost"), [-row.lost for row in rows], "warm")],
        }
    bins = [one for one in filled(outcome.distribution) if (one.low, one.high) != (0, 1)]
    if bins:
        signs = ["accent" if one.low is not None and one.low >= 0 else "warm" for one in bins]
        yield "spread", {**_frame(say("chart_spread"), "stacked", "count", [bin_words(one) for one in bins]),
                         "series": [_series(say("people"), [one.persons for one in bins], "", signs)]}
    if outcome.attribution is not None:
        parts = [headed(place, part.words) for place, part in enumerate(outcome.attribution.parts, 1)]
        for place, (key, words) in enumerate(zip(outcome.attribution.measures, outcome.attribution.measure_words, strict=True)):
            shares = sorted(outcome.attribution.shares, key=lambda share: share.part)
            yield f"why-{key}", {**_frame(say("chart_why", what=words), "stacked", "fen", parts),
                                 "series": [_series(say("averaged"), [share.averaged[place] for share in shares], "accent")]}
    owners = [row for row in outcome.accounts.rows if row.month_gain or row.month_lose]
    if owners:
        yield "accounts", {
            **_frame(say("chart_accounts"), "stacked", "fen", [row.words for row in owners]),
            "series": [_series(say("month_gain"), [row.month_gain for row in owners], "accent"),
                       _series(say("month_lose"), [-row.month_lose for row in owners], "warm")],
        }


def drawn_rows(dimension: Dimension) -> list[Row]:
    """The rows of a dimension that are drawn: all of them, or of many those that move most money; the table has every one."""
    if len(dimension.rows) <= MOST:
        return [*dimension.rows]
    return sorted(dimension.rows, key=lambda row: -(row.gained + row.lost))[:MOST]


def headed(number: int, words: Words) -> Words:
    """A part's number and name without what it says: short enough to stand beside a bar."""
    return Words(f"{number}. {words.zh.split('：', 1)[0]}", f"{number}. {words.en.split(': ', 1)[0]}")


def _frame(title: Words, kind: str, unit: str, labels: list[Words]) -> Chart:
    return {"title": _both(title), "kind": kind, "unit": unit, "labels": [_both(label) for label in labels],
            "height": ROW * len(labels) + FRAME}


def _series(name: Words, values: list[int], tone: str, tones: list[str] | None = None) -> Chart:
    return {"name": _both(name), "values": values, "tone": tone, "tones": tones or []}


def _both(words: Words) -> list[str]:
    return [words.zh, words.en]
