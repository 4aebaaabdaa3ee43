"""`openyibao warehouse`: a city's store 年度库: what it holds, whether it is sound, to Parquet and back, and questions about it."""

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import psycopg
import pyarrow as pa
import typer
from rich.table import Table as Grid

from openyibao.cli import serve
from openyibao.cli.console import REJECTED, bar, check_lang, fail, out
from openyibao.cli.load import years_of
from openyibao.policybook.book import Book, load_book, policies_root
from openyibao.policybook.leaf import PolicyError
from openyibao.warehouse.questions import showing
from openyibao.warehouse.questions.asking import Desk, QuestionProblem, opened
from openyibao.warehouse.questions.written import Question, UnknownQuestion, question, questions
from openyibao.warehouse.tables.checking import checked
from openyibao.warehouse.tables.exchange import FORMS, digest_of, exchange, files_of, opened_at
from openyibao.warehouse.tables.schema import TABLES
from openyibao.warehouse.tables.store import ARROW, PARQUET, Store, StoreProblem

app = typer.Typer(
    help="A city's years 年度库: show, check, export, import, ask.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip
HOME = typer.Option(Path("openyibao-home"), "--home", envvar="OPENYIBAO_HOME", help="Home folder 运行目录.")
LANG = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en.")
CITY = typer.Argument(help="A city in the home folder, or the folder of a store 城市或年度库目录.")
YEARS = typer.Option("", "--years", help="Years, such as 2023 or 2019-2023; default: all 年份.")
MEGABYTE = 1_000_000
SHOWN = 60
"""Rows of an answer on the terminal; a file has them all."""
WORST = 20
"""Problems on the terminal."""

WORDS = {
    "zh": {
        "show": ("表", "名称", "年份", "文件", "行数", "MB"), "line": "{name}：{people:,} 人，{years} 年，{form}，{made}",
        "sound": "核对 {files:,} 个文件：没有问题。", "problems": "{count:,} 处问题：", "rows": "{rows:,} 行，首行 {row}",
        "done": "写 {written:,} 个文件，{same:,} 个已有相同内容；共 {rows:,} 行。", "digest": "内容摘要 {digest}",
        "more": "另有 {count:,} 行；用 --csv 或 --xlsx 得到全部。", "wrote": "{file}：{rows:,} 行", "checking": "核对",
        "exchanging": "写出", "exported": "{year} 年：{persons:,} 人、{bills:,} 笔结算写到 {place}。",
        "there": "其中 {there:,} 桶此前已写完，未再读（--again 重读）。",
        "uneven": "{uneven:,} 个账户的划入与政策逐月应划不同：重算时账户与现金的分摊可能不同。",
        "late": "{late:,} 笔结算晚于日期更后的结算：年度库按日排序，重算时累计次序可能不同。",
    },
    "en": {
        "show": ("table", "name", "years", "files", "rows", "MB"), "line": "{name}: {people:,} people, {years}, {form}, {made}",
        "sound": "{files:,} files checked: nothing is wrong.", "problems": "{count:,} problems:", "rows": "{rows:,} rows, the first {row}",
        "done": "{written:,} files written, {same:,} held the same already; {rows:,} rows.", "digest": "digest of the contents {digest}",
        "more": "{count:,} more rows; --csv or --xlsx has them all.", "wrote": "{file}: {rows:,} rows", "checking": "checking",
        "exchanging": "writing", "exported": "{year}: {persons:,} persons, {bills:,} settlements to {place}.",
        "there": "{there:,} buckets were finished before and were not read (--again reads them).",
        "uneven": "{uneven:,} accounts were credited otherwise than the policy's months say: a run may divide account and cash otherwise.",
        "late": "{late:,} settlements came after one of a later day: a store is sorted by day, so a run may accumulate in another order.",
    },
}  # fmt: skip


def store_of(city: str, home: Path) -> Store:
    """The store that a command names: a folder with one, else the city's in the home folder; exit code 2 when there is none."""
    for place in (Path(city), home / "warehouse" / city):
        if (place / "city.json").is_file():
            try:
                return opened_at(place.resolve())
            except StoreProblem as problem:
                fail(f"{place} 里的年度库没有表。", str(problem))
    kept = home / "warehouse"
    fail(f"没有年度库 {city}：既不是目录，也不在 {kept} 里。", f"There is no store {city}: no folder, and none in {kept}.")


@app.command()
def show(city: str = CITY, home: Path = HOME, lang: str = LANG, digests: bool = typer.Option(False, "--digest", help="摘要.")) -> None:
    """What a store holds 内容: tables, years, rows, sizes; with --digest the digest of its contents."""
    check_lang(lang)
    store, words = store_of(city, home), WORDS[lang]
    card = store.card()
    years = "、".join(map(str, store.years())) if lang == "zh" else ", ".join(map(str, store.years()))
    made = card.get("made_with", "-")
    say = out().print
    name = card.get("name", card["city"])
    say(str(words["line"]).format(name=name, people=card.get("people", 0), years=years, form=store.form, made=made), markup=False)
    grid = Grid(box=None, pad_edge=False)
    for place, head in enumerate(words["show"]):
        grid.add_column(head, justify="right" if place > 2 else "left")
    files = list(files_of(store))
    for table in TABLES.values():
        mine = [file for file in files if file.table == table.name]
        if mine:
            rows = sum(store.read(*file).num_rows for file in mine)
            size = sum(store.path(*file).stat().st_size for file in mine) / MEGABYTE
            span = sorted({file.year for file in mine if file.year is not None})
            spoken = f"{span[0]}-{span[-1]}" if len(span) > 1 else "".join(map(str, span))
            grid.add_row(table.name, table.zh if lang == "zh" else table.en, spoken, f"{len(mine):,}", f"{rows:,}", f"{size:,.1f}")
    say(grid)
    if digests:
        say(str(words["digest"]).format(digest=digest_of(store)[""]), markup=False)


@app.command()
def check(city: str = CITY, home: Path = HOME, years: str = YEARS, lang: str = LANG) -> None:
    """Whether a store is sound 核对: order, keys, sums. Problems are listed with their reasons; exit code 3 when there are any."""
    check_lang(lang)
    store, words, chosen = store_of(city, home), WORDS[lang], years_of(years)
    count = len(list(files_of(store, chosen or None)))
    with bar(str(words["checking"]), count) as shown:
        found = list(checked(store, chosen or None, lambda done, total: shown.at(done)))
    say = out().print
    if not found:
        say(str(words["sound"]).format(files=count))
        return
    say(str(words["problems"]).format(count=len(found)))
    for one in found[:WORST]:
        where = str(words["rows"]).format(rows=one.rows, row=one.row)
        say(f"{one.file}: {one.zh if lang == 'zh' else one.en} ({where})", markup=False, soft_wrap=True)
    raise typer.Exit(REJECTED)


@app.command()
def export(
    target: Path = typer.Argument(help="The folder to write 目标目录."),
    city: str = typer.Option(..., "--city", help="City or store 城市."), home: Path = HOME, years: str = YEARS,
    form: str = typer.Option(PARQUET, "--form", help="parquet or arrow."), lang: str = LANG,
) -> None:  # fmt: skip
    """Write a store in the other form for exchange 导出 Parquet; goes on where it was stopped."""
    check_lang(lang)
    if form not in FORMS:
        fail(f"没有 {form} 这种形式；用 parquet 或 arrow。", f"There is no form {form}: parquet or arrow.")
    exchanged(store_of(city, home), Store(target, form), years_of(years), lang)


@app.command(name="import")
def import_(
    source: Path = typer.Argument(help="A store written by export 交换目录."), city: str = typer.Option("", "--city", help="As what city."),
    home: Path = HOME, years: str = YEARS, lang: str = LANG,
) -> None:  # fmt: skip
    """Read an exchanged store into the home folder as mapped files 导入 Parquet."""
    check_lang(lang)
    found = store_of(str(source), home)
    name = city or str(found.card()["city"])
    exchanged(found, Store(home / "warehouse" / name, ARROW), years_of(years), lang)


def exchanged(source: Store, target: Store, years: tuple[int, ...], lang: str) -> None:
    """One store into another, with progress."""
    words = WORDS[lang]
    with bar(str(words["exchanging"]), 100) as shown:
        try:
            done = exchange(source, target, years or None, lambda at, total: shown.at(100 * at // total))
        except StoreProblem as problem:
            fail("没有写完，再次运行会接着写：", str(problem))
    out().print(str(words["done"]).format(**done._asdict()), markup=False)
    out().print(str(target.root), markup=False, soft_wrap=True)


@app.command()
def ask(
    name: str = typer.Argument("", help="A question, or an SQL file; none lists the questions 问题名或 SQL 文件."),
    city: str = typer.Option("", "--city", help="City or store 城市."), home: Path = HOME, years: str = YEARS,
    given: list[str] = typer.Option([], "--set", help="A parameter, NAME=NUMBER 参数."),
    run: Path | None = typer.Option(None, "--run", help="Ask a run's results instead of the recorded ones 重算结果目录."),
    csv: Path | None = typer.Option(None, "--csv", help="Write the answer here."),
    xlsx: Path | None = typer.Option(None, "--xlsx", help="Write the answer here as a workbook."), lang: str = LANG,
) -> None:  # fmt: skip
    """Ask a store 查询: a reviewed question by name, or the SQL in a file. Money is shown in yuan."""
    check_lang(lang)
    if not name:
        listed(lang)
        return
    if not city:
        fail("请用 --city 指明城市或年度库。", "Name the city or the store: --city.")
    store, chosen = store_of(city, home), years_of(years)
    asked = None if name.endswith(".sql") else found_question(name)
    try:
        with opened(store, chosen or store.years(), run) as desk:
            answer = answered(desk, name, asked, parameters(given))
    except (QuestionProblem, StoreProblem) as problem:
        fail("查询没有成功：", str(problem))
    columns = showing.columns_of(asked, answer)
    title = Path(name).stem if asked is None else asked.zh if lang == "zh" else asked.en
    for path, write in ((csv, showing.write_csv(csv, answer, columns, lang) if csv else 0),
                        (xlsx, showing.write_xlsx(xlsx, answer, columns, lang, title) if xlsx else 0)):
        if path is not None:
            out().print(str(WORDS[lang]["wrote"]).format(file=path, rows=write), markup=False, soft_wrap=True)
    if csv is None and xlsx is None:
        table = Grid(title=title, title_justify="left")
        for column, head in zip(columns, showing.heads(columns, lang), strict=True):
            table.add_column(head, justify="right" if column.unit in ("fen", "rate", "count") else "left")
        for row in showing.lines(answer.slice(0, SHOWN), columns, lang):
            table.add_row(*row)
        out().print(table)
        if answer.num_rows > SHOWN:
            out().print(str(WORDS[lang]["more"]).format(count=answer.num_rows - SHOWN), markup=False)


def found_question(name: str) -> Question:
    """A reviewed question; exit code 2 when there is none of that name."""
    try:
        return question(name)
    except UnknownQuestion:
        fail(f"没有问题 {name}；有 {'、'.join(questions())}。", f"There is no question {name}; there are {', '.join(questions())}.")


def answered(desk: Desk, name: str, asked: Question | None, given: dict[str, int]) -> pa.Table:
    """The answer to a reviewed question, or to the SQL of a file."""
    if asked is not None:
        return desk.answer(asked, given)
    try:
        return desk.sql(Path(name).read_text(encoding="utf-8"), given)
    except OSError as problem:
        fail(f"读不了 {name}。", f"{name} cannot be read: {problem.strerror}.")


def parameters(given: list[str]) -> dict[str, int]:
    """Parameters from NAME=NUMBER; exit code 2 for anything else."""
    found = {}
    for text in given:
        name, equals, number = text.partition("=")
        if not equals or not number.lstrip("-").isdecimal():
            fail(f"--set {text} 应为 名称=整数。", f"--set {text} should be NAME=NUMBER.")
        found[name] = int(number)
    return found


def listed(lang: str) -> None:
    """Every reviewed question."""
    table = Grid(box=None, pad_edge=False)
    for one in questions().values():
        needs = " ".join(f"--set {part.name}={'' if part.default is None else part.default}" for part in one.parameters)
        table.add_row(one.name, one.zh if lang == "zh" else one.en, needs)
    out().print(table)


@app.command(name="export-database")
def export_database(
    city: str = typer.Argument(help="Whose bills, such as jishou 城市."), home: Path = HOME,
    years: str = typer.Option(..., "--years", help="Years, such as 2025 年份."),
    target: Path | None = typer.Option(None, "--store", help="Where; default: warehouse/CITY-database of the home folder 目标目录."),
    again: bool = typer.Option(False, "--again", help="Read buckets anew that were finished before 重新导出."), lang: str = LANG,
) -> None:  # fmt: skip
    """The server's own years into a store 数据库归档: standing settlements, people, accounts; goes on where it was stopped."""
    check_lang(lang)
    chosen, place = years_of(years), (target or home / "warehouse" / f"{city}-database").resolve()
    with serve.database(home):
        serve.migrate()
        exporting = import_module("openyibao.bureau.archive.exporting")
        book_of = import_module("openyibao.cli.verify").kept_policies()
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection, bar(str(WORDS[lang]["exchanging"]), 100) as shown:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for year in chosen:
                book = settled_under(exporting.digests_of(connection, division_of(city), year), book_of, city, year)
                done = exporting.exported(
                    connection, Store(place), year, book, lambda at, total: shown.at(100 * at // max(total, 1)), again
                )
                out().print(str(WORDS[lang]["exported"]).format(year=year, place=place, **done._asdict()), markup=False, soft_wrap=True)
                for name in ("there", "uneven", "late"):
                    if getattr(done, name):
                        out().print(str(WORDS[lang][name]).format(**done._asdict()), markup=False, soft_wrap=True)


def division_of(city: str) -> str:
    """A city's division code; exit code 2 for a city without policies."""
    try:
        return f"{load_book(policies_root(), city).admdvs:06d}"
    except PolicyError as problem:
        fail(f"没有城市 {city} 的政策。", str(problem))


def settled_under(digests: list[str], book_of: Callable[[str], Book | None], city: str, year: int) -> Book:
    """The one book that a year was settled under; exit code 2 for none, several, or one that nobody has."""
    if len(digests) != 1:
        fail(f"{city} {year} 年的结算用了 {len(digests)} 个政策包；年度库须出自一个。",
             f"The settlements of {city} {year} rest on {len(digests)} policy packages; a store is of one.", *digests)
    book = book_of(digests[0])
    if book is None:
        fail(f"库中没有政策包 {digests[0]}。", f"The database does not have the package {digests[0]}.")
    return book
