"""`openyibao verify`: settle the journal again, walk its chain, and compare every table that follows from it 核验."""

import os
import time
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import django
import psycopg
import typer
from django.core.exceptions import ObjectDoesNotExist
from rich.table import Table

from openyibao.bureau.settlement.differences import KINDS
from openyibao.bureau.settlement.spreading import verify_spread
from openyibao.bureau.settlement.verify import Head, Report
from openyibao.cli import serve
from openyibao.cli.console import INTERNAL, bar, check_lang, fail, out
from openyibao.policybook.book import Book, policies_root
from openyibao.warehouse.run.runner import Here, processes

CHINA = ZoneInfo("Asia/Shanghai")
SHOWN = 50
"""Differences that are printed; the counts are of all."""

SMALL = 60_000
"""Rows of journal and chain up to which starting processes would take longer than looking."""

COUNT = "SELECT (SELECT count(*) FROM settlement_journal) + (SELECT count(*) FROM settlement_seal)"

WORDS = {
    "zh": (
        "重算日志 {rows:,} 行，{persons:,} 人险种；已封存 {sealed:,} 行，未封存 {unsealed:,} 行；{seconds:.1f} 秒，每秒 {speed:,.0f} 行。",
        "链头 {area}:{number}:{chain}",
        "没有差异。",
        "{count:,} 处差异：",
        "另有 {count:,} 处没有列出。",
    ),
    "en": (
        "{rows:,} rows settled, {persons:,} persons; {sealed:,} sealed, {unsealed:,} not; {seconds:.1f} s, {speed:,.0f} rows a second.",
        "head {area}:{number}:{chain}",
        "Nothing differs.",
        "{count:,} differences:",
        "{count:,} more are not shown.",
    ),
}
HEADS = {"zh": ("位置", "差异", "库中", "应为", "元"), "en": ("place", "difference", "written", "should be", "yuan")}


def verify(
    home: Path = typer.Option(Path("openyibao-home"), "--home", envvar="OPENYIBAO_HOME", help="Home folder 运行目录."),
    since: str = typer.Option("", "--since", help="Settle again only persons with a bill since this day, yyyy-mm-dd 自何日起."),
    workers: int = typer.Option(0, "--workers", min=0, max=64, help="Processes; 0 = as many as cores 进程数."),
    head: list[str] = typer.Option([], "--head", help="A chain's end noted earlier, AREA:NUMBER:HASH, which must still stand 链头."),
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
) -> None:
    """Check the books 核验: chain, every settlement, ledger, accounts, messages, to the fen. Exit code 1 when anything differs."""
    check_lang(lang)
    starts, heads = _day(since), [_head(text) for text in head]
    with serve.database(home):
        began = time.monotonic()
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            row = connection.execute(COUNT).fetchone()
        count = row[0] if row else 0
        runner = processes(workers) if count > SMALL else Here()
        with bar("核验" if lang == "zh" else "verifying", count) as shown:
            report = verify_spread(os.environ["DATABASE_URL"], runner, kept_policies, since=starts, heads=heads, progress=shown.at)
    told(report, time.monotonic() - began, lang)
    if not report.clean:
        raise typer.Exit(INTERNAL)


def kept_policies() -> Callable[[str], Book | None]:
    """The policies of a package by its hash, as the database keeps them: not as the folder of policies is today. Called in each worker."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openyibao.site.settings")
    django.setup()
    shelf = import_module("openyibao.bureau.policydesk.queries").Shelf(policies_root(), {})    # models can be imported only now
    gone: set[str] = set()

    def book_of(digest: str) -> Book | None:
        if digest in gone:
            return None
        try:
            book: Book = shelf.of_digest(digest)
        except ObjectDoesNotExist:
            gone.add(digest)
            return None
        return book

    return book_of


def told(report: Report, seconds: float, lang: str) -> None:
    """Print a report."""
    summary, ends, clean, differ, more = WORDS[lang]
    console = out()
    say = console.print
    figures = {name: getattr(report, name) for name in ("rows", "persons", "sealed", "unsealed")}
    say(summary.format(**figures, seconds=seconds, speed=report.rows / seconds if seconds else 0))
    for end in report.heads:
        say(ends.format(area=end.poolarea, number=end.number, chain=end.chain), soft_wrap=True, markup=False)
    if report.clean:
        say(clean)
        return
    total = sum(report.counts.values())
    say(differ.format(count=total))
    for kind, count in sorted(report.counts.items()):
        say(f"  {count:>8,}  {kind}  {KINDS[kind][lang != 'zh']}", markup=False)
    table = Table(*HEADS[lang])
    for one in report.differences[:SHOWN]:
        table.add_row(one.place, one.sentence(lang), one.found[:60], one.expected[:60], f"{one.fen / 100:.2f}" if one.fen else "")
    say(table)
    if total > SHOWN:
        say(more.format(count=total - SHOWN))


def _day(text: str) -> datetime | None:
    """A day as the instant it begins."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CHINA) if text else None
    except ValueError:
        fail(f"--since {text} 不是日期，应为 yyyy-mm-dd。", f"--since {text} is no day: yyyy-mm-dd.")


def _head(text: str) -> Head:
    """A head as it was printed."""
    area, _, rest = text.partition(":")
    number, _, chain = rest.partition(":")
    if not (area and number.isdecimal() and chain):
        fail(f"--head {text} 应为 统筹区:序号:链值。", f"--head {text} should be AREA:NUMBER:HASH.")
    return Head(area, int(number), chain)
