"""A run's outcome made ready for its page 结果页: figures with the rows they open to, tables, charts as plain data."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from openyibao.bureau.simulation.lists import worded
from openyibao.bureau.simulation.models import Run
from openyibao.kernel import codes
from openyibao.warehouse.bills.words import KINDS as KIND_CODES
from openyibao.warehouse.report.bins import bin_words, filled
from openyibao.warehouse.report.charts import drawn_rows, headed
from openyibao.warehouse.report.checks import gap, parts_sum, sums
from openyibao.warehouse.report.words import say
from openyibao.warehouse.simulate.funds import POOLS
from openyibao.warehouse.simulate.outcome import Amount, Attribution, Dimension, FundTotals, Months, Outcome

MOST_MONTHS = 24
"""Months that a gauge shows; a fund with more stands at its end."""
BANDS = ("#c0392b", "#d98a1f", "#e3c34a", "#4f9a6b", "#7fb8c4", "#b7c3c9")
"""Colours of the gauge's spans: red, insufficient, watch, comfortable, ample, too much."""


class Line(NamedTuple):
    """One line of a table of money: what, before, after, where its rows are."""

    title: str
    before: int
    after: int
    link: str
    layers: tuple["Line", ...] = ()
    total: bool = False

    @property
    def change(self) -> int:
        """After less before."""
        return self.after - self.before

    @property
    def share(self) -> str:
        """The change in per cent of what was before."""
        return f"{100 * self.change / self.before:+.2f}%" if self.before else ""


def bills_of(run: Run, **asked: Any) -> str:
    """The address of the bills behind a figure."""
    return f"{reverse('simulation-bills', args=[run.pk])}?{urlencode(asked)}"


def years_of(run: Run, **asked: Any) -> str:
    """The address of the person-years behind a figure."""
    return f"{reverse('simulation-years', args=[run.pk])}?{urlencode(asked)}"


# ---- who pays ----


def payer_lines(run: Run, outcome: Outcome) -> list[Line]:
    """Every payer with its layers, then the sums."""
    totals = outcome.totals
    lines = [payer_line(run, fund) for fund in totals.funds]
    lines.append(Line(_("基金合计"), totals.fund.before, totals.fund.after, bills_of(run, payer="fund", way="moved"), total=True))
    lines.append(payer_line(run, totals.person)._replace(total=True))
    lines.append(Line(worded(totals.total.words), totals.total.before, totals.total.after, bills_of(run, payer="total"), total=True))
    credits = totals.credits
    lines.append(Line(worded(credits.words), credits.before, credits.after, years_of(run, scheme=codes.EMPLOYEE), total=True))
    return lines


def payer_line(run: Run, fund: FundTotals) -> Line:
    """One payer; a pool's layers are kinds of bills, the others' are columns."""
    layers = tuple(layer_line(run, fund, layer) for layer in fund.layers) if len(fund.layers) > 1 else ()
    return Line(worded(fund.words), fund.before, fund.after, bills_of(run, payer=fund.key, way="moved"), layers)


def layer_line(run: Run, fund: FundTotals, layer: Amount) -> Line:
    """One layer of a payer."""
    if fund.key in POOLS:
        asked = {"payer": fund.key, "kind": KIND_CODES[layer.key.partition(".")[2]], "way": "moved"}
    else:
        asked = {"payer": layer.key, "way": "moved"}
    return Line(worded(layer.words), layer.before, layer.after, bills_of(run, **asked))


def payers_chart(outcome: Outcome) -> dict[str, Any] | None:
    """The change of each fund, stepping up to the whole."""
    moved = [fund for fund in outcome.totals.funds if fund.change and fund.key != "hospital"]
    if not moved:
        return None
    rows = [[worded(fund.words), fund.change] for fund in moved] + [[_("基金合计"), outcome.totals.fund.change]]
    return {"columns": [_("付款方"), _("基金支出变化")], "rows": rows, "unit": "fen", "from_zero": True}


def books_close(outcome: Outcome) -> bool:
    """Whether the payers sum to the fees, and the parts of the attribution to the whole."""
    return gap(outcome) == (0, 0) and (outcome.attribution is None or parts_sum(outcome.attribution))


# ---- how long the funds last ----


def month_gauges(outcome: Outcome) -> list[dict[str, Any]]:
    """One gauge a fund with both sides' months, and what stands beside it."""
    found = []
    for place, one in enumerate(outcome.months):
        found.append({
            "months": one, "name": f"months-{place}", "title": worded(one.words), "before": hundredths(one.months_before),
            "after": hundredths(one.months_after),
            "data": {
                "columns": [_("可支付月数"), _("月")],
                "rows": [[_("改革前"), plain(one.months_before)], [_("改革后"), plain(one.months_after)]],
                "unit": "months", "most": MOST_MONTHS, "bands": bands_of(one, MOST_MONTHS),
            },
        })  # fmt: skip
    return found


def bands_of(one: Months, most: int) -> list[list[Any]]:
    """The spans of a gauge: where each ends, as a share of the whole, and its colour."""
    ends = [*sorted(one.bounds), most]
    return [[min(end, most) / most, colour] for end, colour in zip(ends, BANDS, strict=True)]


def hundredths(value: int | None) -> str:
    """1423 as 14.23."""
    return "—" if value is None else f"{value // 100}.{value % 100:02d}"


def plain(value: int | None) -> float:
    """Hundredths as a number for a chart."""
    return 0.0 if value is None else value / 100


# ---- who gains, who loses ----


class GroupLine(NamedTuple):
    """One group of a dimension with where its rows are."""

    title: str
    row: Any
    link: str
    better: str
    worse: str

    @property
    def person_change(self) -> int:
        """What persons bear more."""
        return int(self.row.person_after - self.row.person_before)

    @property
    def fund_change(self) -> int:
        """What the funds pay more."""
        return int(self.row.fund_after - self.row.fund_before)

    @property
    def credit_change(self) -> int:
        """What is credited more."""
        return int(self.row.credit_after - self.row.credit_before)


def group_lines(run: Run, dimension: Dimension) -> list[GroupLine]:
    """The groups of a dimension: counted by person they open to person-years, counted by bill to bills."""
    found = []
    for row in dimension.rows:
        asked = {dimension.key: row.key}
        if dimension.by == "bill":
            links = (bills_of(run, **asked), bills_of(run, **asked, payer="person", way="less"),
                     bills_of(run, **asked, payer="person", way="more"))
        else:
            links = years_of(run, **asked), years_of(run, **asked, way="more"), years_of(run, **asked, way="less")
        found.append(GroupLine(worded(row.words), row, *links))
    return found


def groups_chart(dimension: Dimension) -> dict[str, Any]:
    """Money gained and lost by group."""
    rows = [[worded(row.words), row.gained, -row.lost] for row in drawn_rows(dimension)]
    return {"columns": [worded(dimension.words), _("变好金额"), _("变差金额")], "rows": rows, "unit": "fen"}


def chart_height(rows: int) -> int:
    """Pixels of a chart of so many bars across."""
    return 34 * rows + 80


def spread_lines(run: Run, outcome: Outcome) -> list[dict[str, Any]]:
    """The bins of the yearly change with where their person-years are."""
    found = []
    for one in filled(outcome.distribution):
        asked = {name: f"{fen / 100:.2f}" for name, fen in (("from", one.low), ("below", one.high)) if fen is not None}
        found.append({"title": worded(bin_words(one)), "bin": one, "link": years_of(run, **asked)})
    return found


def spread_chart(outcome: Outcome) -> dict[str, Any] | None:
    """Person-years by the change of their year; those without one are not drawn."""
    bins = [one for one in filled(outcome.distribution) if (one.low, one.high) != (0, 1)]
    if not bins:
        return None
    rows = [[worded(bin_words(one)), one.persons if (one.low or 0) >= 0 and one.low is not None else 0,
             0 if one.low is not None and one.low >= 0 else one.persons] for one in bins]
    return {"columns": [_("一年变化"), _("变好（人）"), _("变差（人）")], "rows": rows, "unit": "count"}


# ---- why ----


class PartLine(NamedTuple):
    """One part of the reform with its share of a measure."""

    title: str
    short: str
    keys: tuple[str, ...]
    ordered: int
    averaged: int


class Why(NamedTuple):
    """The attribution of one measure."""

    key: str
    title: str
    lines: list[PartLine]
    sums: tuple[int, int]
    whole: int
    chart: dict[str, Any]
    link: str


def why_of(run: Run, attribution: Attribution, measure: str) -> Why:
    """One measure split over the reform's parts; the first measure where it has no such one."""
    place = attribution.measures.index(measure) if measure in attribution.measures else 0
    shares = {share.part: share for share in attribution.shares}
    lines = [
        PartLine(worded(part.words), worded(headed(number, part.words)), part.changes, shares[number - 1].ordered[place],
                 shares[number - 1].averaged[place])
        for number, part in enumerate(attribution.parts, 1)
    ]  # fmt: skip
    title = worded(attribution.measure_words[place])
    chart = {"columns": [_("改动"), title], "rows": [[line.short, line.averaged] for line in lines], "unit": "fen"}
    key = attribution.measures[place]
    link = years_of(run, scheme=codes.EMPLOYEE) if key == "credits" else bills_of(run, payer=key, way="moved")
    return Why(key, title, lines, sums(attribution, place), attribution.whole[place], chart, link)


def measures_of(attribution: Attribution) -> list[tuple[str, str]]:
    """The measures that can be looked at."""
    return [(key, worded(words)) for key, words in zip(attribution.measures, attribution.measure_words, strict=True)]


def words_for(key: str) -> str:
    """A phrase of the report."""
    return worded(say(key))
