"""`openyibao resettle`: every bill of a city's year settled again under another policy 全市重新结算, beside what was recorded."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import typer
from rich.table import Table

from openyibao.cli.console import INTERNAL, INTERRUPTED, bar, check_lang, err, fail, out
from openyibao.cli.session import asked_for, open_book
from openyibao.cli.show import grouped
from openyibao.cli.trust import BY_KIND
from openyibao.kernel.codes import EMPLOYEE, RESIDENT
from openyibao.policybook.book import Book, load_book, policies_root
from openyibao.policybook.leaf import PolicyError
from openyibao.policybook.units import TRUST
from openyibao.warehouse.cluster.agreement import ClusterProblem
from openyibao.warehouse.cluster.connect import runner_for
from openyibao.warehouse.run.driver import Run, Want, recorded_package, resettle, resettle_years
from openyibao.warehouse.run.package import Package, PackageProblem, package_of
from openyibao.warehouse.run.runner import Runner, RunnerProblem, threads
from openyibao.warehouse.run.totals import measured
from openyibao.warehouse.tables.store import Store, StoreProblem

ROWS = {
    "bills": ("单据数", "bills"), "refused": ("不予支付的单据", "bills no fund pays"), "total": ("医疗费总额", "total fees"),
    "within": ("政策范围内", "in scope"), "deductible": ("起付线", "deductibles"), "pool": ("统筹基金", "pooled fund"),
    "large_first": ("职工大额一", "large amounts, first"), "large_second": ("职工大额二", "large amounts, second"),
    "catastrophic": ("大病保险", "catastrophic insurance"), "civil": ("公务员补助", "civil servants' supplement"),
    "aid": ("医疗救助", "medical aid"), "tilt": ("倾斜救助", "tilted aid"), "topup": ("脱贫补齐", "top-up for the poor"),
    "added_1": ("补充层一", "added layer 1"), "added_2": ("补充层二", "added layer 2"), "added_3": ("补充层三", "added layer 3"),
    "state": ("财政兜底", "state"), "fund": ("基金支付合计", "all funds"), "hospital": ("医院负担", "hospital bears"),
    "person": ("个人负担", "person bears"), "account": ("其中个人账户", "of it account"), "family": ("其中家庭共济", "of it family"),
    "cash": ("其中现金", "of it cash"),
}  # fmt: skip
"""The sums shown, in order; what is counted and not money first."""
COUNTS = ("bills", "refused")
ENDS = ("within", "fund", "hospital")
LAYERS = {
    "large": ("large_first", "large_second"), "catastrophic": ("catastrophic",), "civil": ("civil",), "aid": ("aid", "tilt"),
    "poverty": ("topup",), "added_1": ("added_1",), "added_2": ("added_2",), "added_3": ("added_3",),
}  # fmt: skip
"""The sums through which a later part of the plan pays."""
WORDS = {
    "title": ("{name} {year} 年：{scheme}", "{name} {year}: {scheme}"), "both": ("合计", "both schemes"), "employee": ("职工", "employees"),
    "resident": ("居民", "residents"), "row": ("项目", "sum"), "recorded": ("已记录", "recorded"), "again": ("重新结算", "settled again"),
    "difference": ("差额", "difference"), "settling": ("重新结算", "Settling"),
    "changed": ("{bills:,} 张单据中 {changed:,} 张的结果与记录不同。", "Of {bills:,} bills {changed:,} settle otherwise than recorded."),
    "same": ("{bills:,} 张单据的结果与记录逐分相同。", "All {bills:,} bills settle as recorded, to the fen."),
    "accounts": ("个人账户：年初 {opens}，划入 {credited}，年末 {closes} 元。",
                 "Personal accounts: {opens} on 1 January, {credited} credited, {closes} at the end, yuan."),
    "check": ("核对：总额 = 基金 + 医院 + 个人，个人 = 账户 + 共济 + 现金。",
              "Checked: total = funds + hospital + person, person = account + family + cash."),
    "broken": ("核对不平：总额与各方之和不等，结果不可用。", "Sums do not close: the result is not to be used."),
    "trust": ("所用参数 {all} 个：{marks}。", "{all} parameters in play: {marks}."),
    "moved": ("政策文件已与本年记录的政策不同：差额中包含这部分变化。",
              "The policies have changed since the year was recorded: the difference holds that change too."),
    "policy": ("政策包 {digest}", "package {digest}"),
    "files": ("每张单据的结果在 {out}", "Every bill's result lies in {out}"),
    "none": ("只求合计，未写文件。", "Totals alone; no files written."),
    "speed": ("{buckets} 个分区，{seconds:.1f} 秒，每秒 {rate:,.0f} 张。",
              "{buckets} buckets in {seconds:.1f} s, {rate:,.0f} bills a second."),
    "found": ("{buckets} 个分区，其中 {found} 个早已完成（--again 重做），{seconds:.1f} 秒。",
              "{buckets} buckets, {found} of them done before (--again does them anew), {seconds:.1f} s."),
    "stopped": ("已停止，{done} 个分区已完成；再次运行同一命令接着做。",
                "Stopped after {done} buckets; the same command again goes on from there."),
    "stopped_totals": ("已停止；只求合计时没有可接续的文件。", "Stopped; totals alone leave nothing to go on from."),
}  # fmt: skip


def say(lang: str, key: str, **parts: object) -> str:
    """A phrase in the language."""
    return WORDS[key][0 if lang == "zh" else 1].format(**parts)


class Asked(NamedTuple):
    """A run as the command asks for it."""

    store: Store
    years: tuple[int, ...]
    policies: dict[int, Package]
    book: Book | None  # None = the recorded policy
    out: Path | None
    want: Want


def resettle_command(
    city: str = typer.Option(..., "--city", help="City 统筹区."),
    year: str = typer.Option(..., "--year", "--years", help="2023, or 2022-2023: each year opens with what the one before left."),
    policy: list[Path] = typer.Option([], "--policy", help="Draft laid over the city's policies 草案; none = the recorded policy."),
    readings: str = typer.Option("", "--readings", help="Readings to set 口径, comma separated."),
    rule_sets: list[str] = typer.Option([], "--rule-set", help="Emergency rule set name:from:to."),
    prices: Path | None = typer.Option(None, "--prices", exists=True, dir_okay=False, help="Repriced `item` file 调价后的目录."),
    home: Path = typer.Option(Path("openyibao-home"), "--home", envvar="OPENYIBAO_HOME", help="Home folder 运行目录."),
    store: Path | None = typer.Option(None, "--store", help="Store 年度库; default HOME/warehouse/CITY."),
    target: Path | None = typer.Option(None, "--out", help="Folder of the results; default STORE/runs/<policy>."),
    totals_only: bool = typer.Option(False, "--totals-only", help="Sums alone, no results written 只求合计."),
    compare: bool = typer.Option(True, "--compare/--no-compare", help="Beside the recorded results 与记录比较."),
    workers: int = typer.Option(0, "--workers", min=0, help="Cores; 0 = all."),
    cluster: str = typer.Option("", "--cluster", help="tcp://host:port, spark://host:port or local[2] 集群."),
    resume: bool = typer.Option(True, "--resume/--again", help="Go on from the buckets done, or begin anew 续做或重做."),
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
) -> None:
    """Settle every bill of a city's year again under another policy, in order, with accumulators 全市重新结算; exact to the fen."""
    check_lang(lang)
    place = Store(store or home / "warehouse" / city)
    try:
        want = Want(compare, prices, None, not resume)
        asked = asked_run(place, city, year, policy, readings, rule_sets, target, totals_only, want)
        done = [0]
        with runner_of(cluster, workers, asked) as runner, bar(say(lang, "settling"), 1) as shown:
            runs = worked(asked, runner, progress_to(shown, done))
    except (StoreProblem, PackageProblem, RunnerProblem) as problem:
        fail(str(problem))
    except PolicyError as problem:
        fail(f"政策读不出：{city}", f"The policy of {city} cannot be used:", str(problem))
    except ClusterProblem as problem:
        fail(problem.zh, problem.en)
    except KeyboardInterrupt:
        err().print(say(lang, "stopped_totals") if totals_only else say(lang, "stopped", done=done[0]))
        raise typer.Exit(INTERRUPTED) from None
    names = place.card()
    whole = [shown_run(lang, str(names.get("name", city)), run, asked) for run in runs]
    if not all(whole):
        raise typer.Exit(INTERNAL)


def asked_run(
    store: Store, city: str, year: str, policy: Sequence[Path], readings: str, rule_sets: Sequence[str], target: Path | None,
    totals_only: bool, want: Want,
) -> Asked:  # fmt: skip
    """The run, its policies made into packages; exit 2 for options that do not go together."""
    card = store.card()
    if card["city"] != city:
        fail(f"{store.root} 是 {card['city']} 的年度库，不是 {city} 的。", f"{store.root} is the store of {card['city']}, not of {city}.")
    years = years_of(year)
    if len(years) > 1 and totals_only:
        fail("跨年结转需要逐年写出结果：去掉 --totals-only。",
             "Years that follow on from each other need results: leave out --totals-only.")
    book = None
    if policy or readings or rule_sets:
        options = asked_for(city, readings, policy, rule_sets)
        book = open_book(options._replace(readings=tuple(dict.fromkeys((*card.get("readings", ()), *options.readings)))))
    policies = {one: package_of(book, one) if book is not None else recorded_package(store, one) for one in years}
    name = "recorded" if book is None else policies[years[0]].digest[:12]
    name += f"-{want.prices.stem}" if want.prices is not None else ""
    out_folder = None if totals_only else target or store.root / "runs" / name
    return Asked(store, years, policies, book, out_folder, want)


def years_of(text: str) -> tuple[int, ...]:
    """`2023` or `2022-2023` as years, or exit 2."""
    first, _, last = text.partition("-")
    if not first.isdecimal() or (last and not last.isdecimal()) or not 2000 <= int(first) <= int(last or first) <= 2100:
        fail(f"--year {text} 应写成 2023 或 2022-2023。", f"Write --year {text} as 2023 or 2022-2023.")
    return tuple(range(int(first), int(last or first) + 1))


@contextmanager
def runner_of(cluster: str, workers: int, asked: Asked) -> Iterator[Runner]:
    """The runner: this machine's cores, or a cluster, left at the end."""
    if not cluster:
        yield threads(workers)
        return
    with closing(runner_for(cluster, asked.store.root, asked.out)) as connected:
        yield connected


def progress_to(shown: Any, done: list[int]) -> Callable[[int, int, int], None]:
    """Move the bar, and remember how many buckets are done."""
    def at(count: int, buckets: int, _: int) -> None:
        shown.total, done[0] = buckets, count
        shown.at(count)

    return at


def worked(asked: Asked, runner: Runner, progress: Callable[[int, int, int], None]) -> list[Run]:
    """Every year's run."""
    if asked.out is None:
        year = asked.years[0]
        return [resettle(asked.store, year, asked.policies[year], None, runner=runner, progress=progress, want=asked.want)]
    policy = asked.policies.__getitem__
    return resettle_years(asked.store, asked.years, policy, asked.out, runner=runner, progress=progress, want=asked.want)


def shown_run(lang: str, name: str, run: Run, asked: Asked) -> bool:
    """Print a run; whether its sums close."""
    console = out()
    for key, scheme in (("employee", EMPLOYEE), ("resident", RESIDENT), ("both", None)):
        console.print(sums_table(lang, say(lang, "title", name=name, year=run.year, scheme=say(lang, key)), run, scheme))
    whole = measured(run.cube)
    closes = whole["total"] == whole["fund"] + whole["hospital"] + whole["person"]
    closes = closes and whole["person"] == whole["account"] + whole["family"] + whole["cash"]
    console.print(say(lang, "check") if closes else f"[red]{say(lang, 'broken')}[/]")
    if run.recorded is not None:
        console.print(say(lang, "changed" if run.changed else "same", bills=run.bills, changed=run.changed))
    opens, credited, closing_sum = (grouped(fen) for fen in run.accounts)
    console.print(say(lang, "accounts", opens=opens, credited=credited, closes=closing_sum))
    for line in notes(lang, run, asked):
        console.print(line)
    console.print(say(lang, "files", out=run.out) if run.out is not None else say(lang, "none"), soft_wrap=True)
    speed = {"buckets": run.buckets, "found": run.found, "seconds": run.seconds, "rate": run.bills / max(run.seconds, 0.001)}
    console.print(say(lang, "found" if run.found else "speed", **speed), style="dim")
    return closes


def sums_table(lang: str, title: str, run: Run, scheme: int | None) -> Table:
    """One scheme's sums, recorded and settled again; rows without money are left out."""
    now, before = measured(run.cube, scheme), measured(run.recorded, scheme) if run.recorded is not None else None
    table = Table(title=title, title_justify="left")
    table.add_column(say(lang, "row"))
    for key in ("recorded", "again", "difference") if before is not None else ("again",):
        table.add_column(say(lang, key), justify="right")
    for key, names in ROWS.items():
        words = names[0 if lang == "zh" else 1]
        figure: Callable[[int], str] = (lambda count: f"{count:,}") if key in COUNTS else grouped
        if before is None:
            if now[key]:
                table.add_row(words, figure(now[key]), end_section=key in ENDS)
        elif now[key] or before[key]:
            moved = now[key] - before[key]
            table.add_row(words, figure(before[key]), figure(now[key]), ("+" if moved > 0 else "") + figure(moved), end_section=key in ENDS)
    return table


def notes(lang: str, run: Run, asked: Asked) -> Iterator[str]:
    """Which policy, how far it can be trusted, and whether the policies have moved since the year was recorded."""
    yield f"[dim]{say(lang, 'policy', digest=run.package[:12])}[/]"
    if asked.book is None:
        return
    marks = marks_in_play(asked.book, run)
    words = " · ".join(f"{TRUST[mark][0 if lang == 'zh' else 1]} {marks[mark]}" for mark in TRUST if marks[mark])
    yield f"[yellow]{say(lang, 'trust', all=sum(marks.values()), marks=words)}[/]"
    plain = load_book(policies_root(), asked.book.city, readings=asked.store.card().get("readings", ()))
    if package_of(plain, run.year).digest != recorded_package(asked.store, run.year).digest:
        yield f"[yellow]{say(lang, 'moved')}[/]"
    for warning in asked.book.warnings:
        zh, _, english = warning.partition(" | ")
        yield f"[dim]{zh if lang == 'zh' or not english else english}[/]"


def marks_in_play(book: Book, run: Run) -> Counter[str]:
    """The parameters that some bill of the year can have met, each once, by the mark of its source."""
    found: dict[tuple[int, str, int], str] = {}
    first, last = run.year * 10_000 + 101, run.year * 10_000 + 1231
    for scheme in (EMPLOYEE, RESIDENT):
        sums = measured(run.cube, scheme)
        parts = {"account", "rounding"} | {part for part, names in LAYERS.items() if any(sums[name] for name in names)}
        parts |= {part for kind, own in BY_KIND.items() for part in own if measured(run.cube, scheme, kind)["bills"]}
        days = [first, *(segment.since for segment in book.segments.get(scheme, ()) if first < segment.since <= last)]
        for day in days:
            for path, sources in book.sources(scheme, day).items():
                if path.split(".")[0].split("[")[0] in parts:
                    found.update({(scheme, source.path, source.since): source.trust for source in sources})
    return Counter(found.values())
