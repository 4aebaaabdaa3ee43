"""`openyibao indicators`: a city's plan as it stands 规划指标看板; a figure's definition, rows and parts; the funds' monthly sheets."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import typer

from openyibao.bureau.refused import Refused
from openyibao.cli import serve
from openyibao.cli.console import bar, check_lang, fail, out
from openyibao.cli.files import cannot_write, check_targets
from openyibao.cli.indicator_tables import board_table, further_table, one_figure, parts_table, say, sheet_table, waiting_table
from openyibao.cli.session import Asked, open_book
from openyibao.kernel.indicators.listed import QUANTITIES
from openyibao.kernel.indicators.quantity import Quantity
from openyibao.warehouse.measure import shown
from openyibao.warehouse.measure.answer import Answer
from openyibao.warehouse.measure.board import Standing, board, further
from openyibao.warehouse.measure.export import ROW_ENDINGS, ExportProblem, write_csv, write_rows, write_workbook
from openyibao.warehouse.measure.measuring import Survey
from openyibao.warehouse.measure.period import Period, PeriodProblem, period, year_to
from openyibao.warehouse.measure.place import city_of
from openyibao.warehouse.measure.plantable import CITIES, Indicator, plan_of
from openyibao.warehouse.questions.asking import QuestionProblem, opened
from openyibao.warehouse.tables.store import Store, StoreProblem


@contextmanager
def survey_of(store: Path, city: str, asked: Period | None, run: Path | None) -> Iterator[tuple[Survey, Period]]:
    """The opened store, and the period (its last year where none is asked); ends with exit code 2 when something is missing."""
    try:
        found = city_of(Store(store), open_book(Asked(city, (), (), ())))
        name = str(found.store.card().get("city", city))
        if name != city:
            fail(f"{store} 是 {name} 的库，不是 {city} 的。", f"{store} is a store of {name}, not of {city}.")
        if not found.years:
            fail(f"{store} 没有任何年度的单据。", f"{store} has no year of bills.")
        chosen = asked if asked is not None else year_to(str(max(found.years)))
        if chosen.year not in found.years:
            there = "、".join(map(str, found.years))
            fail(f"库中没有 {chosen.year} 年；有 {there}。", f"The store has no {chosen.year}; it has {there}.")
        years = [year for year in found.years if year <= chosen.year and (run is None or (run / "result" / f"year={year}").exists())]
        if chosen.year not in years:
            fail(f"{run} 没有 {chosen.year} 年的结果。", f"{run} has no results of {chosen.year}.")
        with opened(found.store, years, run) as desk:
            yield Survey(desk, found), chosen
    except StoreProblem as problem:
        fail(f"城市库不能打开；先用 openyibao city make {city} 生成，或用 --store 指明。", f"The store cannot be opened: {problem}")
    except QuestionProblem as problem:
        fail("库中缺少所需的表或列。", f"The store lacks what the question asks: {problem}")


def found_of(name: str, city: str) -> tuple[Quantity, Indicator | None]:
    """An indicator's id (WH-04) or a quantity's code; ends with exit code 2 for neither."""
    for place in CITIES:
        for indicator in plan_of(place).indicators:
            if indicator.id.lower() == name.lower():
                if place != city:
                    fail(f"{indicator.id} 是 {place} 的指标。", f"{indicator.id} is an indicator of {place}.")
                return indicator.quantity, indicator
    if name in QUANTITIES:
        return QUANTITIES[name], None
    fail(f"没有指标 {name}；编号见看板，口径见 docs/reference/indicators.md。", f"There is no indicator {name}; ids are on the board.")


def whole_board(survey: Survey, asked: Period, lang: str) -> tuple[list[Standing], list[Answer]]:
    """Every indicator of the plan and every further quantity, with a progress bar."""
    plan = plan_of(survey.city.book.city)
    more = further(plan)
    with bar(say(lang, "measuring"), len(plan.indicators) + len(more)) as progress:
        standings = []
        for one in board(survey, plan, asked):
            standings.append(one)
            progress.at(len(standings))
        answers = []
        for quantity in more:
            answers.append(survey.answer(quantity, asked))
            progress.at(len(standings) + len(answers))
    return standings, answers


def chosen_period(as_of: str, words: str) -> Period | None:
    """What --as-of or --period ask for; ends with exit code 2 for words that name no period, and for both at once."""
    if as_of and words:
        fail("--as-of 和 --period 只能写一个。", "Give --as-of or --period, not both.")
    try:
        return year_to(as_of) if as_of else period(words) if words else None
    except PeriodProblem as problem:
        fail(problem.zh, problem.en)


def indicators(
    city: str = typer.Option(..., "--city", help="City 城市: jishou, ankang, jingzhou, wuhan, yuxi."),
    store: Path | None = typer.Option(None, "--store", help="The city's store 年度库; default: warehouse/CITY in the home folder."),
    home: Path = typer.Option(Path("openyibao-home"), "--home", envvar="OPENYIBAO_HOME", help="Home folder 运行目录."),
    run: Path | None = typer.Option(None, "--run", help="A re-settlement's folder: measure its results instead 按重结算结果."),
    as_of: str = typer.Option("", "--as-of", help="January to this month, 2023-12; default: the store's last year 截止月."),
    words: str = typer.Option("", "--period", help="2023, 2023Q3 or 2023-09 统计期."),
    name: str = typer.Option("", "--id", help="One figure: its definition, value, rows 一个指标 (WH-04, or a quantity's code)."),
    by: str = typer.Option("", "--by", help="Break the figure down by level, scheme, kind, town, county … 分组."),
    rows: Path | None = typer.Option(None, "--rows", help="Write every row behind the figure, .csv or .parquet 明细行."),
    sheet: bool = typer.Option(False, "--sheet", help="The funds' monthly sheet 基金收支月报."),
    csv: Path | None = typer.Option(None, "--csv", help="Write the board (or the sheet) as CSV."),
    xlsx: Path | None = typer.Option(None, "--xlsx", help="Write board and sheet as a workbook."),
    keep: bool = typer.Option(False, "--keep", help="Count every month and keep the values for the site's board 测算入库."),
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
) -> None:
    """A city's plan as it stands 规划指标: each value with its baseline, target, verdict, formula, and the rows behind it."""
    check_lang(lang)
    if city not in CITIES:
        fail(f"没有城市 {city}；有 {'、'.join(CITIES)}。", f"There is no city {city}; there are {', '.join(CITIES)}.")
    figure = found_of(name, city) if name else None
    if figure is None and (rows is not None or by):
        fail("--rows、--by 需要 --id。", "--rows and --by need --id.")
    if rows is not None and rows.suffix not in ROW_ENDINGS:
        fail(f"--rows 写成 {' 或 '.join(ROW_ENDINGS)} 文件。", f"--rows writes {' or '.join(ROW_ENDINGS)} files.")
    check_targets(rows, csv, xlsx)
    asked = chosen_period(as_of, words)
    if keep:
        if store is not None or run is not None:
            fail("--keep 只测算运行目录中的年度库。", "--keep counts the store of the home folder alone.")
        keep_values(home, city, asked, lang)
        return
    with survey_of(store if store is not None else home / "warehouse" / city, city, asked, run) as (survey, found):
        try:
            if figure is not None:
                show_figure(survey, *figure, found, by, rows, lang)
            else:
                show_board(survey, found, sheet, csv, xlsx, lang)
        except OSError as error:
            cannot_write(next((path for path in (rows, csv, xlsx) if path is not None), None), error)
        if survey.city.synthetic:
            out().print(say(lang, "synthetic"))
        if run is not None:
            out().print(say(lang, "run", run=run), soft_wrap=True)
            if (run / "rescoped").exists():
                out().print(say(lang, "rescoped"))


def keep_values(home: Path, city: str, asked: Period | None, lang: str) -> None:
    """Count the store's months, or those of a period, into the database of the home folder, as the board's button does."""
    with serve.database(home):
        serve.migrate()
        measuring, actions = (import_module(f"openyibao.bureau.planning.{name}") for name in ("measuring", "actions"))
        clock = import_module("django.utils.timezone").now
        first, last = (asked.year * 100 + asked.first, asked.month) if asked is not None else (0, 0)
        try:
            refresh = actions.asked(city=city, by="command", at=clock(), first=first, last=last, background=False)
            kept = measuring.count(refresh=refresh, at=clock(), clock=clock)
        except Refused as refusal:
            fail(refusal.sentence("zh"), refusal.sentence("en"))
        out().print(say(lang, "kept", count=kept))


def show_figure(
    survey: Survey, quantity: Quantity, indicator: Indicator | None, asked: Period, by: str, rows: Path | None, lang: str
) -> None:
    """One figure: definition, value, breakdown, rows."""
    console = out()
    one_figure(console, survey, quantity, indicator, asked, lang)
    try:
        if by:
            console.print(parts_table(survey, quantity, asked, by, lang))
        if rows is not None:
            count = write_rows(rows, survey.rows(quantity, asked))
            console.print(say(lang, "rows", count=count, file=rows), soft_wrap=True)
    except (ValueError, QuestionProblem, ExportProblem) as problem:
        fail(f"{quantity.code} 没有可列出或按此分组的行。", f"{quantity.code}: {problem}")


def show_board(survey: Survey, asked: Period, sheet: bool, csv: Path | None, xlsx: Path | None, lang: str) -> None:
    """The board or the funds' sheet, on the terminal and as files."""
    console, city = out(), survey.city.book
    first, last = asked.year * 100 + asked.first, asked.month
    if sheet:
        board_records: list[dict[str, object]] = []
        sheet_records = shown.sheet_records(survey.books(last), survey.city, first, last, lang)
        console.print(sheet_table(sheet_records, say(lang, "sheet", period=asked.words(lang))))
    else:
        standings, answers = whole_board(survey, asked, lang)
        plan, place = plan_of(city.city), city.name if lang == "zh" else city.name_en
        title = say(lang, "title", name=place, plan=plan.title, period=asked.words(lang))
        console.print(board_table(lang, title, [one for one in standings if not one.indicator.quantity.feed]))
        console.print(further_table(lang, answers))
        console.print(waiting_table(lang, [one for one in standings if one.indicator.quantity.feed]))
        board_records = shown.board_records(standings, lang)
        sheet_records = shown.sheet_records(survey.books(last), survey.city, first, last, lang) if xlsx is not None else []
    if csv is not None:
        write_csv(csv, sheet_records if sheet else board_records)
        console.print(say(lang, "written", what="CSV", file=csv), soft_wrap=True)
    if xlsx is not None:
        names = ("指标", "基金月报") if lang == "zh" else ("indicators", "funds")
        write_workbook(xlsx, {name: records for name, records in zip(names, (board_records, sheet_records), strict=True) if records})
        console.print(say(lang, "written", what="XLSX", file=xlsx), soft_wrap=True)
