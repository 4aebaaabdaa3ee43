"""`openyibao policy`: check the policy files, show a city's policy on a day, compare two policies in words."""

from pathlib import Path
from typing import NoReturn

import typer
from rich.table import Table
from rich.text import Text

from openyibao.cli.console import check_lang, fail, out
from openyibao.cli.session import names_of
from openyibao.policybook.book import LAST_DAY, Book, NoPolicies, PolicyError, cities, load_book, policies_root
from openyibao.policybook.check import Report, check_city
from openyibao.policybook.differ import View, differences
from openyibao.policybook.folio import dashed
from openyibao.policybook.leaf import Problem
from openyibao.policybook.parameters import SCHEME_NAMES, order
from openyibao.policybook.tree import SCHEMES, Found, found_on, read_overlay
from openyibao.policybook.units import FIRM, TRUST
from openyibao.policybook.words import SUBJECTS, scheme_words, subject_words, trust_words, value_words
from openyibao.warehouse.bills.problems import Problem as BadValue
from openyibao.warehouse.bills.values import day as day_of

app = typer.Typer(help="Check, show and compare policies 政策册。", no_args_is_help=True, rich_markup_mode=None)
FAILED = 1
STYLES = {"seed": "green", "doc": "green", "compiled": "yellow", "recalled": "dark_orange", "illustrative": "red"}
READ_ELSEWHERE = ("area", "schemes", "epidemic", "readings")
"""Subjects that bills depend on by another way than the plan of a day, or only when asked for."""
TODAY_HELP = "Day yyyy-mm-dd 日期."
LANG = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en.")


def pick(lang: str, zh: str, en: str) -> str:
    """One of two sentences."""
    return en if lang == "en" else zh


def half(sentence: str, lang: str) -> str:
    """A bilingual sentence `中文 | English` in one language; a sentence in one language stays."""
    zh, bar, en = sentence.partition(" | ")
    return en if bar and lang == "en" else zh


# ---- check --------------------------------------------------------------------------------------------------------------


@app.command("check")
def check_command(
    names: list[str] = typer.Argument(None, metavar="[CITY]...", help="Cities; all when none is named."),
    overlays: list[Path] = typer.Option([], "--overlay", help="Draft files to lay over each city and check with it."),
    lang: str = LANG,
) -> None:
    """Check the files: gaps, overlaps, sources, the national list; count values by trust mark. Exit code 1 on errors."""
    check_lang(lang)
    root = policies_root()
    known = known_cities(root)
    for name in names or ():
        if name not in known:
            fail(f"没有城市 {name}；有：{' '.join(known)}", f"There is no city {name}; there are {' '.join(known)}")
    missing = [path for path in overlays if not path.is_file()]
    if missing:
        fail(f"找不到叠加文件 {missing[0]}。", f"There is no overlay file {missing[0]}.")
    reports: dict[str, Report] = {}
    for name in names or known:
        for report in check_city(root, name, overlays):
            region = report.region
            reports.setdefault(region.contents[0].file if region.kind == "overlay" else region.code, report)
    drafts = [] if names else loose_overlays(root)
    show_findings([*reports.values()], drafts, lang)
    out().print(counts_table([*reports.values()], lang))
    if any(report.errors for report in reports.values()) or any(problem.error for problem in drafts):
        raise typer.Exit(FAILED)


def known_cities(root: Path) -> list[str]:
    """The cities of the policies folder, or exit 2 naming the folder."""
    try:
        known = cities(root)
    except NoPolicies as error:
        no_policies(error)
    if not known:
        fail(f"政策文件夹 {root} 里没有城市。", f"The policies folder {root} holds no city.")
    return known


def no_policies(error: NoPolicies) -> NoReturn:
    """Exit 2 for a policies folder that is missing or empty."""
    fail(*(f"{error.file}: {half(error.problems[0].message, lang)}" for lang in ("zh", "en")))


def loose_overlays(root: Path) -> list[Problem]:
    """What is wrong with the overlay files that belong to no city."""
    return [problem for path in sorted((root / "overlays").glob("*.yaml")) for problem in read_overlay(path).problems]


def show_findings(reports: list[Report], drafts: list[Problem], lang: str) -> None:
    """Every finding with its place, errors first, then what a reader must be told."""
    problems = [problem for report in reports for problem in report.problems] + drafts
    for problem in sorted(dict.fromkeys(problems), key=lambda one: (not one.error, one.file, one.line)):
        word = pick(lang, "错误", "error") if problem.error else pick(lang, "提醒", "warning")
        style = "red" if problem.error else "yellow"
        out().print(Text.assemble((word, style), f" {problem.file}:{problem.line}: {half(problem.message, lang)}"), soft_wrap=True)
    for report in reports:
        for sentence in report.cautions:
            place = pick(lang, f"{report.region.name}：", f"{report.region.name_en}: ")
            out().print(Text.assemble((pick(lang, "提示 ", "note "), "yellow"), place + half(sentence, lang)), soft_wrap=True)


def counts_table(reports: list[Report], lang: str) -> Table:
    """Values by trust mark, and parameters whose clause no person has read again, for each region."""
    table = Table(title=pick(lang, "政策检查", "Policy check"), title_justify="left")
    table.add_column(pick(lang, "地区", "region"))
    for title in (pick(lang, "参数", "parameters"), *(f"{mark}\n{trust_words(mark, lang)}" for mark in TRUST)):
        table.add_column(title, justify="right")
    for title in (pick(lang, "未经复核", "unconfirmed"), pick(lang, "错误", "errors"), pick(lang, "提醒", "warnings")):
        table.add_column(title, justify="right")
    for report in reports:
        table.add_row(pick(lang, report.region.name, report.region.name_en), *counts(report))
    total = [sum(int(counts(report)[place]) for report in reports) for place in range(len(TRUST) + 4)]
    table.add_section()
    table.add_row(pick(lang, "合计", "total"), *(str(number) for number in total))
    return table


def counts(report: Report) -> list[str]:
    """One row of the table of counts."""
    errors = len(report.errors)
    marks = [report.entries[mark] for mark in TRUST]
    return [str(number) for number in (report.leaves, *marks, report.unconfirmed, errors, len(report.problems) - errors)]


# ---- show ---------------------------------------------------------------------------------------------------------------


@app.command("show")
def show_command(
    city: str = typer.Argument(..., help="City, or city+overlay.yaml."),
    on: str = typer.Option(..., "--on", help=TODAY_HELP),
    scheme: str = typer.Option("", "--scheme", help="employee or resident; both when not named."),
    subject: str = typer.Option("", "--subject", help=f"One of {', '.join(SUBJECTS)}."),
    lang: str = LANG,
) -> None:
    """Show a city's policy on a day: every parameter with value, days, clause and trust mark."""
    check_lang(lang)
    if scheme and scheme not in SCHEMES.values():
        fail(f"--scheme {scheme} 不认识；可用 employee、resident。", f"--scheme {scheme} is unknown; use employee or resident.")
    if subject and subject not in SUBJECTS:
        fail(f"没有主题 {subject}；可用：{' '.join(SUBJECTS)}", f"There is no subject {subject}; known: {' '.join(SUBJECTS)}")
    view = view_of(city, on, lang, "")
    console = out()
    title = pick(lang, f"{view.book.name}　{dashed(view.day)}　政策", f"{view.book.name_en}, policy on {dashed(view.day)}")
    console.print(Text(title, "bold"))
    console.print(pick(lang, "除“规划”“公开文件”外，数字未经核对，不可用于付款。",
                       "Figures marked other than city plan or public document are unverified: not for paying anybody."), style="red")
    for sentence in view.book.warnings:
        console.print(Text(pick(lang, "提示 ", "note ") + half(sentence, lang), "yellow"), soft_wrap=True)
    for sentence in not_begun(view, scheme, lang):
        console.print(Text(sentence, "yellow"), soft_wrap=True)
    for name in SUBJECTS:
        if subject in ("", name):
            for table in subject_tables(view, name, scheme, lang):
                console.print(table)


def not_begun(view: View, scheme: str, lang: str) -> list[str]:
    """For each scheme without a version in force on the day: that there is none, and when the first begins."""
    sentences = []
    for number, name in SCHEMES.items():
        if scheme not in ("", name) or view.book.frozen(number, view.day) is not None:
            continue
        who, day = scheme_words(name, lang), dashed(view.day)
        first = min((segment.since for segment in view.book.segments[number]), default=LAST_DAY)
        if first >= LAST_DAY:
            sentences.append(pick(lang, f"{who}：没有任何版本。", f"{who}: there is no version at all."))
        else:
            sentences.append(pick(lang, f"{who}：{day} 没有生效的版本，最早的版本自 {dashed(first)} 起。",
                                  f"{who}: no version is in force on {day}; the first begins on {dashed(first)}."))
    return sentences


def subject_tables(view: View, subject: str, scheme: str, lang: str) -> list[Table]:
    """The tables of one subject: what both schemes share, then each scheme's own."""
    rows: dict[str, list[tuple[str, Found]]] = {word: [] for word in SCHEME_NAMES}
    for number, name in SCHEMES.items():
        for pair in rows_of(view, subject, number).items() if scheme in ("", name) else ():
            word = pair[1].leaf.key.split(".")[1]
            if pair not in rows[word]:
                rows[word].append(pair)
    titles = {word: subject_words(subject, lang) + ("" if word == "both" else f" · {scheme_words(word, lang)}") for word in rows}
    read = view.book.read()
    return [rows_table(titles[word], sorted(found, key=lambda pair: order(pair[0])), read, lang) for word, found in rows.items() if found]


def rows_of(view: View, subject: str, scheme: int) -> dict[str, Found]:
    """The entries in force of one subject, by key."""
    table = view.book.tables[scheme]
    found = {key: found_on(table, key, view.day) for key in table if key.split(".")[0] == subject}
    return {key: entry for key, entry in found.items() if entry is not None}


def rows_table(title: str, rows: list[tuple[str, Found]], read: frozenset[str], lang: str) -> Table:
    """Name, value in words, days, clause, trust mark; what is no document's figure stands out, what no bill depends on is said."""
    table = Table(title=title, title_justify="left")
    for heading in (pick(lang, "参数", "parameter"), pick(lang, "数值", "value"), pick(lang, "起", "from"),
                    pick(lang, "出处", "clause or source"), pick(lang, "可信度", "trust")):
        table.add_column(heading, overflow="fold")
    for key, entry in rows:
        leaf, value = entry.leaf, entry.value
        words = value_words(value.value, leaf.unit, key, lang)
        style = STYLES[value.trust]
        note = f"\n{value.note}" if value.note else ""
        mark = ("" if value.trust in FIRM else "! ") + trust_words(value.trust, lang)
        idle = key not in read and key.split(".")[0] not in READ_ELSEWHERE
        unread = pick(lang, "\n结算不读取", "\nnot read by settlement") if idle else ""
        table.add_row(Text(leaf.name_en if lang == "en" else leaf.name), Text(words), dashed(value.since),
                      Text(value.source + note), Text.assemble((mark, style), (unread, "dim")))
    return table


# ---- diff ---------------------------------------------------------------------------------------------------------------


@app.command("diff")
def diff_command(
    first: str = typer.Argument(..., metavar="A", help="city, city@day, city+overlay.yaml, city~reading, or an overlay file."),
    second: str = typer.Argument(..., metavar="B", help="The same."),
    on: str = typer.Option("", "--on", help=TODAY_HELP),
    subject: str = typer.Option("", "--subject", help="Only this subject."),
    lang: str = LANG,
) -> None:
    """Compare two policies in words; equal parameters are counted, not listed."""
    check_lang(lang)
    one, other = (view_of(name, on, lang, city_in(sibling)) for name, sibling in ((first, second), (second, first)))
    if one.label == other.label:
        one, other = (view._replace(label=f"{view.label} {dashed(view.day)}") for view in (one, other))
    found, equal = differences(one, other, lang)
    shown = [difference for difference in found if subject in ("", difference.subject)]
    console, heading = out(), ("", "")
    for difference in shown:
        if heading != (difference.subject, difference.scheme):
            heading = (difference.subject, difference.scheme)
            console.print(Text(f"{subject_words(difference.subject, lang)} · {scheme_words(difference.scheme, lang)}", "bold"))
        console.print(Text("  " + difference.sentence), soft_wrap=True)
    console.print(pick(lang, f"不同 {len(shown)} 项；另有 {equal} 项相同，略去。",
                       f"{len(shown)} differ; {equal} parameters are equal and left out."))


def city_in(name: str) -> str:
    """The city named by A or B, empty when it names only an overlay file."""
    code = name.partition("@")[0].partition("~")[0].partition("+")[0]
    return "" if code.endswith((".yaml", ".yml")) else code


def view_of(name: str, on: str, lang: str, otherwise: str) -> View:
    """A policy on a day from its name; an overlay file alone lies over the city it names, or over `otherwise`."""
    rest, _, fixed = name.partition("@")
    rest, _, readings = rest.partition("~")
    code, *drafts = rest.split("+")
    if code.endswith((".yaml", ".yml")):
        drafts, code = [code, *drafts], ""
    for draft in drafts:
        if not Path(draft).is_file():
            fail(f"找不到叠加文件 {draft}。", f"There is no overlay file {draft}.")
    overlays = [read_overlay(Path(draft)) for draft in drafts]
    code = code or next((overlay.extends for overlay in overlays if overlay.extends), otherwise)
    if not code:
        fail(f"{name} 没有说明用于哪个城市。", f"{name} does not say which city it lies over; write CITY+{name}.")
    book = opened(code, [Path(draft) for draft in drafts], names_of(readings))
    if not (fixed or on):
        fail("请用 --on 指明日期，或写成 城市@日期。", "Name the day with --on, or write CITY@DAY.")
    label = pick(lang, book.name.removesuffix("市"), book.name_en)
    extra = [overlay.name_en if lang == "en" else overlay.name for overlay in overlays] + ([readings] if readings else [])
    laid = "、".join(extra)
    return View(book, the_day(fixed or on), label if not laid else pick(lang, f"{label}（{laid}）", f"{label} ({laid})"))


def opened(city: str, overlays: list[Path], readings: tuple[str, ...]) -> Book:
    """A book, or every complaint about its files and exit code 1."""
    try:
        return load_book(policies_root(), city, readings=readings, overlays=overlays)
    except NoPolicies as error:
        no_policies(error)
    except PolicyError as error:
        for problem in error.problems:
            out().print(Text(str(problem), "red"), soft_wrap=True)
        raise typer.Exit(FAILED) from error


def the_day(text: str) -> int:
    """A day as an integer, or exit 2."""
    try:
        return day_of("on", text)
    except BadValue as problem:
        fail(problem.zh, problem.en)
