"""The report as one HTML file 报告网页: both languages, charts, tables and styles in it, and not one request to anywhere.

The same outcome gives the same bytes: nothing here looks at a clock, a network or a setting.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from openyibao.warehouse.records import RESULTS
from openyibao.warehouse.report import amounts
from openyibao.warehouse.report.bins import bin_words, filled
from openyibao.warehouse.report.charts import MOST, charts
from openyibao.warehouse.report.checks import gap, parts_sum, sums
from openyibao.warehouse.report.headline import counted, headline, notice, tiles
from openyibao.warehouse.report.pairing import pairs
from openyibao.warehouse.report.words import say, trust
from openyibao.warehouse.simulate.outcome import Amount, Case, Outcome, Words

TEMPLATES = Path(__file__).parent / "templates"
VENDOR = Path(__file__).parents[2] / "_vendor"
ECHARTS = VENDOR / "echarts" / "echarts.min.js"
WEAK = ("compiled", "recalled", "illustrative")
"""Trust marks that are shown in colour."""

OWN_ROWS = ("fund", "person", "account", "family", "cash", "deductible")
"""Figures of a bill that are no layer that pays, or stand in rows of their own."""

FEWEST = 1_200
"""Hundredths of a month that a gauge shows at least."""


class NoCharts(Exception):
    """The chart library is not where `make setup` puts it."""

    def __init__(self) -> None:
        super().__init__("the chart library is missing: run `make setup`, which copies it from npm")
        self.zh = f"缺少图表文件 {ECHARTS.name}：请先运行 make setup（从 npm 复制）。"
        self.en = f"The chart file {ECHARTS.name} is missing: run `make setup`, which copies it from npm."


def page(outcome: Outcome, lang: str = "zh") -> str:
    """The whole page; `lang` is the language it opens in. Raises NoCharts."""
    need_charts()
    library = ECHARTS.read_text(encoding="utf-8")
    return _environment().get_template("report.html").render(
        o=outcome, lang=lang, headline=headline(outcome), notice=notice(outcome), marks=counted(outcome), tiles=tiles(outcome),
        charts=charts(outcome), still=unmoved(outcome),
        gap=gap(outcome), parts_sum=outcome.attribution is None or parts_sum(outcome.attribution), reach=reaching(outcome),
        style=_own("report.css"), script=_own("report.js"), library=Markup(library.replace("</script", "<\\/script")),
    )


def need_charts() -> None:
    """Raise NoCharts where the chart library is missing: to be asked before a long run, not after it."""
    if not ECHARTS.is_file():
        raise NoCharts


def _own(name: str) -> Markup:
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """Templates with everything escaped, and a missing name an error."""
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals |= {
        "t": lambda key, **parts: both(say(key, **parts)), "w": both, "say": say, "trust": lambda mark: both(trust(mark)), "weak": WEAK,
        "pairs": pairs, "layers_of": layers_of, "sums": sums, "share_of": share_of, "bin_words": bin_words, "filled": filled,
        "drawn_most": MOST, "yuan": amounts.yuan, "signed": amounts.signed, "percent": amounts.percent,
        "percent_signed": amounts.percent_signed,
        "months": amounts.months, "day": amounts.day, "figure": amounts.figure, "rounded": amounts.rounded, "tone": tone,
        "plural": "{:,}".format,
    }
    return made


def both(words: Words) -> Markup:
    """Words in both languages, of which the page shows one; said once where they are the same."""
    if words.zh == words.en:
        return escape(words.zh)
    return Markup('<span lang="zh-CN" data-l="zh">{}</span><span lang="en" data-l="en">{}</span>').format(words.zh, words.en)


def tone(value: int) -> str:
    """The class of a change: more, less or none."""
    return "more" if value > 0 else "less" if value < 0 else "zero"


def share_of(part: int, whole: int) -> str:
    """A part's share of a whole that may be negative; `-` where there is no whole."""
    return amounts.percent(part if whole > 0 else -part, abs(whole), 1)


def reaching(outcome: Outcome) -> Callable[[int | None], str]:
    """How far a number of months reaches on the common scale of all gauges, in percent."""
    longest = max([FEWEST, *(reached or 0 for fund in outcome.months for reached in (fund.months_before, fund.months_after))])
    return lambda hundredths: amounts.rounded(100 * max(hundredths or 0, 0), longest, 2)


def unmoved(outcome: Outcome) -> int:
    """How many layers of several-layered funds pay the same as before."""
    return sum(1 for fund in outcome.totals.funds for layer in fund.layers if layer.before and not layer.change and len(fund.layers) > 1)


def layers_of(case: Case) -> list[tuple[Words, int, int]]:
    """The layers that paid anything on a case's bill on either side: name, before, after. What the person pays has rows of its own."""
    found: dict[str, tuple[Words, int, int]] = {}
    sides: tuple[tuple[Amount, ...], ...] = (case.before.layers if case.before else (), case.after.layers if case.after else ())
    for place, layers in enumerate(sides):
        for layer in (one for one in layers if one.key not in OWN_ROWS):
            words, before, after = found.get(layer.key, (layer.words, 0, 0))
            found[layer.key] = (words, layer.before, after) if place == 0 else (words, before, layer.after)
    order = sorted(found, key=lambda key: RESULTS.index(key) if key in RESULTS else len(RESULTS))
    return [found[key] for key in order if found[key][1] or found[key][2]]
