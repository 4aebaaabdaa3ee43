"""The report as a workbook 工作簿: a sheet for each part, in yuan, for those who go on calculating.

Changes and totals are formulas with their value stored beside them, so that a reader without a spreadsheet sees the same figures.
The same outcome gives the same bytes: the workbook's date is fixed.
"""

import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from openyibao.warehouse.report.amounts import day
from openyibao.warehouse.report.headline import headline
from openyibao.warehouse.report.pairing import pairs
from openyibao.warehouse.report.sheets import Column, Formula, Sheets, count, money, text
from openyibao.warehouse.report.words import UNITS, say, trust
from openyibao.warehouse.simulate.outcome import Explained, Outcome, Words

MADE = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


def write_workbook(outcome: Outcome, path: Path, lang: str = "zh") -> None:
    """Write the workbook to `path`."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": outcome.meta.title.zh if lang == "zh" else outcome.meta.title.en, "created": MADE})
        sheets = Sheets(book, lang)
        _summary(sheets, outcome)
        _payers(sheets, outcome)
        _months(sheets, outcome)
        _counties(sheets, outcome)
        _groups(sheets, outcome)
        _spread(sheets, outcome)
        _why(sheets, outcome)
        _cases(sheets, outcome)
        _accounts(sheets, outcome)
        _behaviour(sheets, outcome)
        _limits(sheets, outcome)


def _summary(sheets: Sheets, outcome: Outcome) -> None:
    meta, repro = outcome.meta, outcome.reproduction
    rows: list[tuple[Words, Any]] = [
        (say("reform"), meta.title),
        (say("city"), meta.city_name),
        (say("year"), str(meta.year)),
        (say("summary"), headline(outcome)),
        (say("before"), meta.before),
        (say("after"), meta.after),
        (say("bills"), f"{meta.bills:,}"),
        (say("people"), f"{meta.holders:,}"),
        (say("assumptions"), say("population", scale=meta.scale, seed=meta.seed)),
        *((say("assumptions"), note) for note in meta.notes),
        (say("command"), repro.command),
        (say("version"), repro.version),
        (say("base_digest"), repro.base_digest),
        (say("reform_digest"), repro.reform_digest),
        (say("store_digest"), repro.store_digest),
        *((say("drafts"), f"{name} {digest}") for name, digest in repro.drafts),
        (say("readings"), " ".join(repro.readings) or say("default")),
        (say("prices"), repro.prices or say("none")),
        (say("elasticity_used"), repro.elasticity or say("none")),
    ]
    sheets.add(say("summary"), (text("item"), Column(say("figure"), "wide")), rows)
    sheets.add(
        say("changes"),
        (text("parameter"), Column(say("changes"), "wide"), text("scheme"), text("trust"), text("clause")),
        ((one.key, one.sentence, one.scheme, trust(one.trust), one.source) for one in outcome.changes),
    )


def _payers(sheets: Sheets, outcome: Outcome) -> None:
    totals = outcome.totals
    rows: list[tuple[Any, ...]] = []
    for fund in (*totals.funds, totals.person):
        rows += [(fund.words, layer.words, layer.before, layer.after, Formula("{3}-{2}", layer.change)) for layer in fund.layers]
    sheets.add(say("payers"), (text("payer"), text("layer"), *money("before", "after", "change")), rows, total=(2, 3, 4))
    whole = [
        (one.words, one.before, one.after, Formula("{2}-{1}", one.change))
        for one in (totals.fund, totals.person, totals.total, totals.within, totals.credits)
    ]
    sheets.add(say("totals_sheet"), (text("item"), *money("before", "after", "change")), whole)


def _months(sheets: Sheets, outcome: Outcome) -> None:
    columns = (
        text("fund"),
        *money("opening", "income_before", "income_after", "outgo_before", "outgo_after", "closing_before_fund", "closing_after_fund"),
        Column(say("months_before"), "money"),
        Column(say("months_after"), "money"),
        text("level_before"),
        text("level_after"),
        text("trust"),
        text("source"),
    )
    sheets.add(
        say("months_sheet"),
        columns,
        (
            (
                one.words,
                one.opening,
                one.income_before,
                one.income_after,
                one.outgo_before,
                one.outgo_after,
                one.closing_before,
                one.closing_after,
                one.months_before,
                one.months_after,
                one.level_words_before,
                one.level_words_after,
                trust(one.trust),
                one.source,
            )
            for one in outcome.months
        ),
    )


def _counties(sheets: Sheets, outcome: Outcome) -> None:
    if not outcome.counties:
        return
    columns = (text("county"), text("county_rules"), *count("people"), text("payer"), *money("before", "after", "change"))
    sheets.add(say("counties"), columns, (
        (one.words, one.rules, one.persons, payer.words, payer.before, payer.after, Formula("{5}-{4}", payer.change))
        for one in outcome.counties for payer in (*one.funds, one.person)), total=(4, 5, 6))  # fmt: skip


def _groups(sheets: Sheets, outcome: Outcome) -> None:
    columns = (
        text("dimension"),
        text("group"),
        text("counted_by"),
        *count("people", "bills", "gain", "lose", "same"),
        *money(
            "gained",
            "lost",
            "person_before",
            "person_after",
            "person_change",
            "fund_before",
            "fund_after",
            "fund_change",
            "credit_before",
            "credit_after",
            "credit_change",
        ),
    )
    sheets.add(
        say("groups_sheet"),
        columns,
        (
            (
                one.words,
                row.words,
                say("people" if one.by == "person" else "bills"),
                row.persons,
                row.bills,
                row.gain,
                row.lose,
                row.same,
                row.gained,
                row.lost,
                row.person_before,
                row.person_after,
                Formula("{11}-{10}", row.person_after - row.person_before),
                row.fund_before,
                row.fund_after,
                Formula("{14}-{13}", row.fund_after - row.fund_before),
                row.credit_before,
                row.credit_after,
                Formula("{17}-{16}", row.credit_after - row.credit_before),
            )
            for one in outcome.dimensions
            for row in one.rows
        ),
    )


def _spread(sheets: Sheets, outcome: Outcome) -> None:
    sheets.add(
        say("spread_sheet"),
        (*money("from_low", "to_high"), *count("people"), *money("money")),
        ((one.low, one.high, one.persons, one.money) for one in outcome.distribution.bins),
    )


def _why(sheets: Sheets, outcome: Outcome) -> None:
    attribution = outcome.attribution
    if attribution is None:
        return
    for place, words in enumerate(attribution.measure_words):
        name = Words(f"{say('why_sheet').zh} {place + 1}", f"{say('why_sheet').en} {place + 1}")
        sheets.add(
            name,
            (Column(words, "wide"), *money("ordered", "averaged")),
            ((attribution.parts[share.part].words, share.ordered[place], share.averaged[place]) for share in attribution.shares),
            total=(1, 2),
        )


def _cases(sheets: Sheets, outcome: Outcome) -> None:
    lists = ((say("on_bill"), outcome.hardest_bills), (say("in_year"), outcome.hardest_years))
    columns = (
        text("list"),
        *count("rank"),
        text("bill"),
        text("person"),
        text("day"),
        text("scheme"),
        text("kind"),
        text("institution"),
        text("about"),
        *money("total", "within", "bill_change", "year_change", "year_before", "year_after", "credit_before", "credit_after"),
    )
    sheets.add(
        say("cases_sheet"),
        columns,
        (
            (
                name,
                case.rank,
                str(case.bill) if case.bill >= 0 else "",
                str(case.person),
                day(case.day) if case.bill >= 0 else "",
                case.scheme,
                case.kind,
                case.level,
                case.about,
                case.total,
                case.within,
                case.bill_change,
                case.year_change,
                case.person_year_before,
                case.person_year_after,
                case.credit_before,
                case.credit_after,
            )
            for name, cases in lists
            for case in cases
        ),
    )
    columns = (
        text("list"),
        *count("rank"),
        text("bill"),
        text("step"),
        Column(say("formula_before"), "wide"),
        *count("value_before"),
        Column(say("formula_after"), "wide"),
        *count("value_after"),
        text("unit"),
        Column(say("clause"), "wide"),
    )
    sheets.add(
        say("steps_sheet"),
        columns,
        (
            (
                name,
                case.rank,
                str(case.bill),
                pair.shown.words,
                *_side(pair.before),
                *_side(pair.after),
                UNITS[pair.shown.unit],
                "；".join(pair.clauses),
            )
            for name, cases in lists
            for case in cases
            for pair in pairs(case)
        ),
    )


def _side(step: Explained | None) -> tuple[str | None, float | None]:
    """A step's formula and its figure, in yuan, percent or a count."""
    if step is None:
        return None, None
    return step.formula, step.value if step.unit == "count" else step.value / 100


def _accounts(sheets: Sheets, outcome: Outcome) -> None:
    accounts = outcome.accounts
    columns = (
        text("group"),
        *count("owners", "months_credited", "owners_gain"),
        *money("month_gain"),
        *count("owners_lose"),
        *money("month_lose", "credit_before", "credit_after", "paid_before", "paid_after", "closing_before", "closing_after"),
    )
    sheets.add(
        say("accounts"),
        columns,
        (
            (
                row.words,
                row.owners,
                row.months,
                row.gain,
                row.month_gain,
                row.lose,
                row.month_lose,
                row.credit_before,
                row.credit_after,
                row.paid_before,
                row.paid_after,
                row.closing_before,
                row.closing_after,
            )
            for row in accounts.rows
        ),
    )
    sheets.add(
        say("accounts_totals"),
        (text("item"), *money("money")),
        (
            (say("pool_income"), accounts.pool_income_change),
            (say("accounts_opening"), accounts.opening),
            (say("closing_before"), accounts.closing_before),
            (say("closing_after"), accounts.closing_after),
        ),
    )


def _behaviour(sheets: Sheets, outcome: Outcome) -> None:
    behaviour = outcome.behaviour
    if behaviour is None:
        return
    columns = (
        text("scheme"),
        text("kind"),
        *(Column(say(key), "ratio") for key in ("elasticity", "share_before", "share_after", "quantity")),
        *money("fund_static", "fund_response", "person_static", "person_response"),
    )
    sheets.add(
        say("behaviour_sheet"),
        columns,
        (
            (
                one.scheme,
                one.kind,
                one.elasticity / 10_000,
                one.share_before / 1_000_000,
                one.share_after / 1_000_000,
                one.quantity / 1_000_000,
                one.fund_static,
                one.fund_after,
                one.person_static,
                one.person_after,
            )
            for one in behaviour.cells
        ),
    )
    sheets.add(
        say("behaviour_totals"),
        (text("fund"), *money("fund_static", "fund_response", "change")),
        ((one.words, one.before, one.after, Formula("{2}-{1}", one.change)) for one in behaviour.funds),
    )


def _limits(sheets: Sheets, outcome: Outcome) -> None:
    sheets.add(
        say("limits"),
        (text("trust"), Column(say("parameter"), "wide"), Column(say("item"), "wide")),
        ((trust(one.trust), one.words, one.key) for one in outcome.cautions),
    )
