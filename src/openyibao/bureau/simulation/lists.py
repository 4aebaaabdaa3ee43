"""The simulation desk's lists 模拟列表: the runs, and the bills and person-years behind a run's figures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.pages.listing import Column, Filter, Listing, at_least, equals, fen_of, filtered, holds, since, until
from openyibao.bureau.simulation.models import Run
from openyibao.bureau.simulation.rows import Rows
from openyibao.bureau.staff.queries import officer, with_names
from openyibao.warehouse.simulate.behind import BILLS, YEARS
from openyibao.warehouse.simulate.funds import FEE, FUNDS, LAYERS, WITHIN
from openyibao.warehouse.simulate.outcome import Dimension, Outcome, Words

STATES = (
    ("waiting", _("排队中")), ("running", _("运行中")), ("done", _("已完成")), ("stopped", _("已停止")), ("failed", _("失败")),
)  # fmt: skip
KINDS = ((Run.SIMULATE, _("改革模拟")), (Run.EXPORT, _("单据归档")))
WAYS = (("moved", _("有变化")), ("more", _("增加")), ("less", _("减少")), ("same", _("不变")))
BETTER = (("more", _("变好")), ("less", _("变差")), ("same", _("不变")), ("moved", _("有变化")))
SIGNS = {"moved": "<> 0", "more": "> 0", "less": "< 0", "same": "= 0"}


def english() -> bool:
    """Whether the page is shown in English."""
    return (get_language() or "").startswith("en")


def worded(words: Words) -> str:
    """Words in the page's language."""
    return words.en if english() else words.zh


def title_of(run: Run) -> str:
    """A run's name in the page's language."""
    return run.title_en if english() and run.title_en else run.title


def figure_of(name: str) -> Any:
    """A figure of a run's row; nothing while there is none."""
    return lambda run: run.figures.get(name)


RUNS = Listing(
    "runs", _("改革模拟"),
    (
        Column("id", _("编号"), lambda run: run.pk, "code", lambda run: reverse("simulation", args=[run.pk])),
        Column("title", _("方案"), title_of, link=lambda run: reverse("simulation", args=[run.pk])),
        Column("state", _("状态"), lambda run: run.state, "tag"),
        Column("year", _("单据年度"), lambda run: f"{run.store} · {run.year}", order=("year",)),
        Column("cost", _("基金支出变化（元）"), figure_of("cost"), "fen"),
        Column("gain", _("变好（人）"), figure_of("gain"), "number", wide=True),
        Column("lose", _("变差（人）"), figure_of("lose"), "number", wide=True),
        Column("by", _("发起人"), officer("asked_by"), order=("asked_by",), wide=True),
        Column("at", _("发起时间"), lambda run: run.asked_at, "instant", order=("asked_at",)),
        Column("seconds", _("用时（秒）"), lambda run: None if run.seconds is None else f"{run.seconds:.1f}", wide=True),
    ),
    (
        holds("q", _("方案名称"), "title"),
        equals("state", _("状态"), "state", STATES),
        equals("kind", _("类型"), "kind", KINDS),
        equals("year", _("单据年度"), "year", hint="2023"),
        equals("by", _("发起人"), "asked_by"),
        since("since", _("发起自"), "asked_at", instant=True),
        until("until", _("发起至"), "asked_at", instant=True),
    ),
    ("-asked_at", "-pk"), empty=_("还没有模拟。"), export="simulation.see", looked_up=with_names("asked_by"),
)  # fmt: skip


# ---- what a payer pays on a bill ----


class Payer(NamedTuple):
    """A payer or a layer 付款方: its words, and what it pays on a side in SQL (`{side}`: before, after)."""

    key: str
    words: Words
    sql: str


def payers() -> dict[str, Payer]:
    """Every payer and layer that bills can be listed by."""
    found = [Payer("fund", LAYERS["fund"], "fund_{side}")]
    for fund in FUNDS:
        columns = " + ".join(f"{column}_{{side}}" for column in fund.columns)
        own_scheme = f"CASE WHEN scheme = {fund.scheme} THEN {columns} ELSE 0 END"
        found.append(Payer(fund.key, fund.words, own_scheme if fund.scheme else columns))
    own = {one.key for one in found}
    more = [name for name in LAYERS if name not in own and name != "fund"]
    found += [Payer(name, LAYERS[name], f"{name}_{{side}}") for name in more]
    found += [Payer("total", FEE, "total_{side}"), Payer("within", WITHIN, "within_{side}")]
    return {one.key: one for one in found}


PAYERS = payers()
BILL_COLUMNS = (
    "bucket", "row", "bill", "day", "scheme", "kind", "level", "person", "g_county", "total_before", "total_after", "within_after",
    "fund_before", "fund_after", "person_before", "person_after", "pay_before", "pay_after", "pay_change", "person_change",
)  # fmt: skip
YEAR_COLUMNS = (
    "bucket", "row", "person", "age", "bills", "g_status", "g_county", "person_before", "person_after", "fund_before", "fund_after",
    "credit_before", "credit_after", "better",
)  # fmt: skip
SHOWN = ("scheme", "kind", "level", "offsite", "status", "age", "county")
"""Dimensions whose filters always stand in the bar; others when they are in use."""


def bill_rows(folder: Path, payer: str, county: str = "") -> Rows:
    """The bills behind a run, with what a payer pays on each; `county` narrows to a county's people."""
    sql = PAYERS.get(payer, PAYERS["fund"]).sql
    before, after = sql.format(side="before"), sql.format(side="after")
    computed = {
        "pay_before": before, "pay_after": after, "pay_change": f"({after}) - ({before})", "person_change": "person_after - person_before",
    }  # fmt: skip
    rows = Rows(folder, BILLS, computed, BILL_COLUMNS)
    return rows.filter(g_county=county) if county else rows


def year_rows(folder: Path, county: str = "") -> Rows:
    """The person-years behind a run."""
    rows = Rows(folder, YEARS, {}, YEAR_COLUMNS)
    return rows.filter(g_county=county) if county else rows


def dimension_filters(outcome: Outcome, by: tuple[str, ...], asked: Mapping[str, str]) -> list[Filter]:
    """A filter for each dimension: the usual ones, and those in use."""
    found = []
    for dimension in outcome.dimensions:
        if dimension.by in by and (dimension.key in SHOWN or asked.get(dimension.key)):
            found.append(equals(dimension.key, worded(dimension.words), f"g_{dimension.key}", choices_of(dimension)))
    return found


def choices_of(dimension: Dimension) -> tuple[tuple[str, Any], ...]:
    """The groups of a dimension."""
    return tuple((row.key, worded(row.words)) for row in dimension.rows)


def where(name: str, title: Any, column: str, ways: tuple[tuple[str, Any], ...] = WAYS) -> Filter:
    """Whether a change is up, down, none."""
    return Filter(name, title, lambda rows, text: narrowed(rows, f"{column} {SIGNS[text]}" if text in SIGNS else ""), "choice", ways)


def narrowed(rows: Any, sql: str) -> Any:
    """Narrowed by a condition; ValueError for none."""
    if not sql:
        raise ValueError(sql)
    return rows.where(sql)


def day_number(name: str, title: Any, sign: str) -> Filter:
    """A day on or after, on or before the one given; the rows keep days as numbers."""
    def apply(rows: Any, text: str) -> Any:
        """2023-05-10 as 20230510."""
        number = text.replace("-", "")
        if not (number.isdigit() and len(number) == 8):
            raise ValueError(text)
        return rows.filter(**{f"day__{sign}": int(number)})

    return Filter(name, title, apply, "day")


def names_in(outcome: Outcome, key: str) -> dict[str, str]:
    """The words of a dimension's groups by key."""
    return {row.key: worded(row.words) for dimension in outcome.dimensions if dimension.key == key for row in dimension.rows}


def bills_listing(run: Run, outcome: Outcome, payer: str, asked: Mapping[str, str]) -> Listing:
    """The bills behind a run's figures, one row a bill, with what one payer pays on it before and after."""
    one = PAYERS.get(payer, PAYERS["fund"])
    kinds, levels, counties = (names_in(outcome, key) for key in ("kind", "level", "county"))
    shown = worded(one.words)
    columns = (
        Column("bill", _("单据"), lambda row: row.bill, "code", lambda row: reverse("simulation-bill", args=[run.pk, row.bucket, row.row])),
        Column("day", _("结算日"), lambda row: row.day, "day", order=("day",)),
        Column("kind", _("就诊类别"), lambda row: kinds.get(str(row.kind), row.kind)),
        Column("level", _("机构等级"), lambda row: levels.get(str(row.level), row.level), wide=True),
        Column("county", _("县区"), lambda row: counties.get(row.g_county, row.g_county), wide=True),
        Column("total", _("医疗费总额"), lambda row: row.total_after, "fen", order=("total_after",)),
        Column("before", _("%(payer)s（前）") % {"payer": shown}, lambda row: row.pay_before, "fen", order=("pay_before",)),
        Column("after", _("%(payer)s（后）") % {"payer": shown}, lambda row: row.pay_after, "fen", order=("pay_after",)),
        Column("change", _("变化"), lambda row: row.pay_change, "fen", order=("pay_change",)),
        Column("own", _("个人负担变化"), lambda row: row.person_change, "fen", order=("person_change",)),
    )
    named = tuple((key, worded(found.words)) for key, found in PAYERS.items())
    filters = (
        Filter("payer", _("付款方"), lambda rows, _text: rows, "choice", named),
        where("way", _("变化"), "pay_change"),
        *dimension_filters(outcome, ("person", "bill"), asked),
        day_number("since", _("结算日自"), "gte"), day_number("until", _("结算日至"), "lte"),
        at_least("least", _("费用不低于（元）"), "total_after"),
        equals("bill", _("单据编号"), "bill"),
        *([equals("person", _("人员序号"), "person")] if asked.get("person") else []),
    )  # fmt: skip
    return Listing("simulated-bills", _("逐单明细"), columns, filters, ("pk",), export="bill.export")


class Sums(NamedTuple):
    """The sums of the rows that a list's filters let through."""

    rows: int
    before: int
    after: int
    own: int

    @property
    def change(self) -> int:
        """After less before."""
        return self.after - self.before


def bill_sums(listing: Listing, rows: Rows, asked: Any) -> Sums:
    """What a payer pays on all the bills that the filters let through, and what their persons bear more."""
    found: Any = filtered(listing, cast("QuerySet[Any]", rows), asked)[0]
    return Sums(*found.sums("count(*)", "sum(pay_before)", "sum(pay_after)", "sum(person_change)"))


def year_sums(listing: Listing, rows: Rows, asked: Any) -> Sums:
    """What the persons bear in all the years that the filters let through, and by how much they are better off."""
    found: Any = filtered(listing, cast("QuerySet[Any]", rows), asked)[0]
    return Sums(*found.sums("count(*)", "sum(person_before)", "sum(person_after)", "sum(better)"))


def years_listing(run: Run, outcome: Outcome, asked: Mapping[str, str]) -> Listing:
    """The person-years behind a run's figures, one row a person and scheme."""
    statuses, counties = names_in(outcome, "status"), names_in(outcome, "county")
    columns = (
        Column("person", _("人员序号"), lambda row: row.person, "code",
               lambda row: f"{reverse('simulation-bills', args=[run.pk])}?person={row.person}&payer=person"),
        Column("status", _("参保身份"), lambda row: statuses.get(row.g_status, row.g_status)),
        Column("age", _("年龄"), lambda row: row.age, "number", order=("age",)),
        Column("county", _("县区"), lambda row: counties.get(row.g_county, row.g_county), wide=True),
        Column("bills", _("单据数"), lambda row: row.bills, "number", order=("bills",), wide=True),
        Column("before", _("个人负担（前）"), lambda row: row.person_before, "fen", order=("person_before",)),
        Column("after", _("个人负担（后）"), lambda row: row.person_after, "fen", order=("person_after",)),
        Column("credit", _("划入账户变化"), lambda row: row.credit_after - row.credit_before, "fen", wide=True),
        Column("fund", _("基金支出变化"), lambda row: row.fund_after - row.fund_before, "fen", wide=True),
        Column("better", _("一年变好（＋）变差（−）"), lambda row: row.better, "fen", order=("better",)),
    )
    filters = (
        where("way", _("处境"), "better", BETTER),
        *dimension_filters(outcome, ("person",), asked),
        Filter("from", _("变好不少于（元）"), lambda rows, text: rows.where("better >= ?", fen_of(text)), "yuan"),
        Filter("below", _("变好少于（元）"), lambda rows, text: rows.where("better < ?", fen_of(text)), "yuan"),
        *([equals("person", _("人员序号"), "person")] if asked.get("person") else []),
    )
    return Listing("simulated-years", _("参保人年明细"), columns, filters, ("better", "pk"), export="bill.export")
