"""Tables of `openyibao indicators` 指标的表格: the board, what waits, one figure with its rows, the funds' sheets."""

from itertools import islice

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from openyibao.cli.show import grouped
from openyibao.kernel.indicators.judging import REACHED, SHOWN
from openyibao.kernel.indicators.quantity import FEEDS, WHEN, Quantity
from openyibao.kernel.indicators.reserve import WORDS as LEVELS
from openyibao.kernel.indicators.value import printed, ratio
from openyibao.kernel.indicators.value import shown as rounded
from openyibao.warehouse.measure import shown, wording
from openyibao.warehouse.measure.answer import Answer
from openyibao.warehouse.measure.board import Standing, standing
from openyibao.warehouse.measure.measuring import Survey
from openyibao.warehouse.measure.period import Period
from openyibao.warehouse.measure.plantable import BASIS, BINDING, Indicator
from openyibao.warehouse.measure.written import text_of, written

WORDS = {
    "title": ("{name}：{plan}，{period}", "{name}: {plan}, {period}"),
    "further": ("规划之外的监测指标", "Watched beside the plan"),
    "waiting": ("待数据的规划指标", "Indicators that wait for data"),
    "synthetic": ("数据为合成城市，不是真实的人和费用。", "The data are a synthetic city's: no real person, no real money."),
    "run": ("按重结算结果 {run}，不是已记录的结果。", "As re-settled in {run}, not as recorded."),
    "rescoped": ("这次重结算另改了价格或目录：政策范围内费用、总费用仍是原单的。",
                 "This run changed prices or scope too: in-policy and total cost here are still the recorded bills'."),
    "sheet": ("基金收支月报（元），{period}", "Funds' monthly sheet (yuan), {period}"),
    "written": ("{what} -> {file}", "{what} -> {file}"),
    "rows": ("{count:,} 行 -> {file}", "{count:,} rows -> {file}"),
    "figure": ("{value} = {over} ÷ {under}，{rows:,} 行", "{value} = {over} / {under}, {rows:,} rows"),
    "sum": ("{value}（合计 {over}），{rows:,} 行", "{value} (sum {over}), {rows:,} rows"),
    "first": ("前 {count} 行（全部用 --rows 文件）", "The first {count} rows (all with --rows FILE)"),
    "kept": ("已测算入库：更新 {count:,} 个值。", "Kept: {count:,} values are new or differ."),
    "measuring": ("测算", "measuring"),
    "one": ("--rows、--by 需要一个 --id。", "--rows and --by need one --id."),
    "pace": ("路径上应为 {path}，差 {deviation}；按基期以来的速度，{year} 年为 {forecast}",
             "on the path {path}, off it by {deviation}; at the pace since the baseline {forecast} in {year}"),
}  # fmt: skip
SAMPLE = 10
"""Rows that the terminal shows of those behind a figure."""

NAMES = 3
"""Columns of the sheet that are words."""


def say(lang: str, key: str, **parts: object) -> str:
    """A phrase in the language."""
    return wording.pick(WORDS[key], lang).format(**parts)


def heads(lang: str, *names: str) -> list[str]:
    """Heads of columns."""
    return [wording.pick(shown.HEADS[name], lang) for name in names]


def points(hundredths: int, unit: str, lang: str) -> str:
    """A difference of two figures: percentage points of shares, the unit itself elsewhere."""
    if unit != "percent":
        return printed(hundredths, unit, lang)
    return printed(hundredths, unit, lang).replace("%", "个百分点" if lang == "zh" else "points")


def board_table(lang: str, title: str, standings: list[Standing]) -> Table:
    """The answered indicators of the plan."""
    table = Table(title=escape(title), title_justify="left")
    for name in ("id", "name", "value", "baseline", "target", "verdict", "deviation", "binding", "formula"):
        figure = name in ("value", "baseline", "target", "deviation")
        table.add_column(heads(lang, name)[0], justify="right" if figure else "left", overflow="fold")
    for one in standings:
        quantity, verdict = one.indicator.quantity, wording.verdict_of(one, lang)
        colour = "green" if one.judged.verdict == REACHED else "white" if one.judged.verdict == SHOWN else "yellow"
        off = points(one.pace.deviation, quantity.unit, lang) if one.pace is not None else ""
        table.add_row(one.indicator.id, escape(one.indicator.name if lang == "zh" else quantity.en), wording.value_of(one.answer, lang),
                      wording.baseline_of(one.indicator, lang), wording.target_of(one.indicator, lang), f"[{colour}]{escape(verdict)}[/]",
                      off, wording.pick(BINDING[one.indicator.binding], lang), escape(quantity.formula(lang)))
    return table


def waiting_table(lang: str, standings: list[Standing]) -> Table:
    """The indicators that wait, with their feed."""
    table = Table(title=say(lang, "waiting"), title_justify="left")
    for head in heads(lang, "id", "name", "baseline", "target", "feed"):
        table.add_column(head, overflow="fold")
    for one in standings:
        table.add_row(one.indicator.id, escape(one.indicator.name if lang == "zh" else one.indicator.quantity.en),
                      wording.baseline_of(one.indicator, lang), wording.target_of(one.indicator, lang),
                      wording.pick(FEEDS[one.indicator.quantity.feed], lang))
    return table


def further_table(lang: str, answers: list[Answer]) -> Table:
    """What no plan asks for."""
    table = Table(title=say(lang, "further"), title_justify="left")
    for name in ("quantity", "name", "value", "formula", "notes"):
        table.add_column(heads(lang, name)[0], justify="right" if name == "value" else "left", overflow="fold")
    for one in answers:
        level = f" · {wording.pick(LEVELS[one.level], lang)}" if one.level else ""
        table.add_row(one.quantity.code, wording.pick((one.quantity.zh, one.quantity.en), lang), wording.value_of(one, lang) + level,
                      escape(one.quantity.formula(lang)), escape(wording.notes_of(one, lang)))
    return table


def amount(lang: str, column: str, source: str, value: int) -> str:
    """A number of a row in its column's unit: yuan for fen, a word for a code."""
    unit = next((found.unit for found in written()[source].columns if found.name == column), "")
    if unit == "fen":
        return grouped(value)
    return wording.named(column, value, lang) if unit.startswith("code:") else f"{value:,}" if unit == "count" else str(value)


def counted(lang: str, answer: Answer) -> str:
    """How a value came about: what was divided by what, over how many rows."""
    quantity, value = answer.quantity, wording.value_of(answer, lang)
    if answer.source:
        over = amount(lang, "numerator", answer.source, answer.numerator)
        under = amount(lang, "denominator", answer.source, answer.denominator)
    else:
        over, under = (grouped(number) if quantity.unit in ("months", "percent") and answer.rows else f"{number:,}"
                       for number in (answer.numerator, answer.denominator))
    level = f"（{wording.pick(LEVELS[answer.level], lang)}）" if answer.level else ""
    return say(lang, "figure" if quantity.under is not None else "sum", value=value, over=over, under=under, rows=answer.rows) + level


def one_figure(console: Console, survey: Survey, quantity: Quantity, indicator: Indicator | None, asked: Period, lang: str) -> None:
    """A figure's definition, value, judgement, SQL and first rows."""
    answer = survey.answer(quantity, asked)
    name = quantity.zh if lang == "zh" else quantity.en
    if indicator is not None and lang == "zh":
        name = indicator.name
    console.print(f"[bold]{indicator.id if indicator is not None else quantity.code}[/] {escape(name)}")
    console.print(f"{heads(lang, 'formula')[0]}: {escape(quantity.formula(lang))}（{wording.pick(WHEN[quantity.when], lang)}）")
    if indicator is not None:
        found = standing(indicator, answer)
        console.print(f"{heads(lang, 'baseline')[0]}: {wording.baseline_of(indicator, lang)}  {heads(lang, 'target')[0]}: "
                      f"{wording.target_of(indicator, lang)}  {heads(lang, 'verdict')[0]}: {wording.verdict_of(found, lang)}")
        if found.pace is not None:
            path, leads = (printed(figure, quantity.unit, lang) for figure in (found.pace.path, found.pace.forecast))
            off = points(found.pace.deviation, quantity.unit, lang)
            console.print(say(lang, "pace", path=path, deviation=off, forecast=leads, year=indicator.target_year))
        console.print(f"{heads(lang, 'source')[0]}: {escape(indicator.source)}（{wording.pick(BASIS[indicator.basis], lang)}）"
                      f"{' ' + escape(indicator.note) if indicator.note else ''}")
    if answer.value is not None:
        console.print(counted(lang, answer))
    notes = wording.notes_of(answer, lang)
    if notes:
        console.print(f"{heads(lang, 'notes')[0]}: {escape(notes)}")
    if answer.source:
        console.print(text_of(answer.source), style="dim", markup=False)
        table = first_rows(survey, answer, lang)
        if table.row_count:
            console.print(table)


def first_rows(survey: Survey, answer: Answer, lang: str) -> Table:
    """The first of the rows behind a figure."""
    batches = survey.rows(answer.quantity, answer.period)
    table = Table(title=say(lang, "first", count=SAMPLE), title_justify="left")
    for name in batches.schema.names:
        table.add_column(name, justify="right")
    for row in islice((row for batch in batches for row in batch.slice(0, SAMPLE).to_pylist()), SAMPLE):
        table.add_row(*(amount(lang, name, answer.source, value) for name, value in row.items()))
    return table


def parts_table(survey: Survey, quantity: Quantity, asked: Period, column: str, lang: str) -> Table:
    """A figure broken down by a column of its rows, or by the person's town or county. Raises ValueError where that cannot be."""
    table = Table(title=f"{wording.pick((quantity.zh, quantity.en), lang)} · {column}", title_justify="left")
    for name in (column, *heads(lang, "value", "numerator", "denominator")):
        table.add_column(name, justify="right")
    source = survey.answer(quantity, asked).source
    for part, over, under in survey.by(quantity, asked, column):
        value = ratio(over, under)
        words = "—" if value is None else printed(rounded(value, quantity.unit), quantity.unit, lang)
        table.add_row(wording.named(column, part, lang), words,
                      amount(lang, "numerator", source, over), amount(lang, "denominator", source, under))
    return table


def sheet_table(records: list[dict[str, object]], title: str) -> Table:
    """The funds' sheet; a fund's name stands once."""
    table = Table(title=escape(title), title_justify="left")
    for column, head in enumerate(records[0] if records else ()):
        table.add_column(head, justify="left" if column < NAMES else "right", no_wrap=column >= NAMES)
    before: object = None
    for record in records:
        cells = list(record.values())
        names = ["" if cells[0] == before else str(cells[0]), *map(str, cells[1:NAMES])]
        table.add_row(*names, *("" if cell == "" else f"{float(str(cell)):,.2f}" for cell in cells[NAMES:]))
        before = cells[0]
    return table
