"""What `simulate` and `merge-counties` share 改革模拟共用: the workers, the progress, what can go wrong, the files and the headline."""

import shlex
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import typer
from rich.table import Table

from openyibao.cli.console import INTERNAL, INTERRUPTED, Bar, err, fail, out
from openyibao.policybook.leaf import PolicyError
from openyibao.warehouse.cluster.agreement import ClusterProblem
from openyibao.warehouse.cluster.connect import runner_for
from openyibao.warehouse.report.amounts import months, percent_signed, signed, yuan
from openyibao.warehouse.report.checks import gap, parts_sum
from openyibao.warehouse.report.files import write_report
from openyibao.warehouse.report.headline import headline, notice
from openyibao.warehouse.report.page import NoCharts, need_charts
from openyibao.warehouse.report.words import say, trust
from openyibao.warehouse.run.package import PackageProblem
from openyibao.warehouse.run.runner import Runner, RunnerProblem, threads
from openyibao.warehouse.simulate.gathering import Progress
from openyibao.warehouse.simulate.outcome import Amount, FundTotals, Outcome, Words
from openyibao.warehouse.simulate.prices import PriceProblem
from openyibao.warehouse.tables.store import Store, StoreProblem

PHASES = {"compare": ("逐单比较", "Comparing bills"), "attribute": ("归因", "Attributing")}
TEXTS = {
    "stopped": ("已停止，已算完的部分保留在 {out}；再次运行同一命令接着做。",
                "Stopped; what is done is kept in {out}, the same command again goes on from there."),
    "page": ("报告：{file}", "Report: {file}"),
    "workbook": ("工作簿：{file}", "Workbook: {file}"),
    "package": ("政策包：{file}", "Policy package: {file}"),
    "check": ("核对：各付款方之和等于医疗费总额；{bills:,} 张单据逐分相加。",
              "Checked: the payers sum to the fees; {bills:,} bills added up to the fen."),
    "broken": ("核对不符，结果不可用；详见报告。", "The figures do not add up and are not to be used; see the report."),
    "title": ("{title}：{year} 年（元）", "{title}: {year} (yuan)"),
}  # fmt: skip


def tell(lang: str, key: str, **parts: object) -> str:
    """A phrase in the language."""
    return TEXTS[key][0 if lang == "zh" else 1].format(**parts)


def worded(lang: str, words: Words) -> str:
    """Words in the language."""
    return words.zh if lang == "zh" else words.en


def opened(folder: Path, city: str) -> Store:
    """The store of a city, or exit 2."""
    store = Store(folder)
    try:
        card = store.card()
    except StoreProblem as problem:
        fail(str(problem), f"先造一座城：openyibao city make {city}", f"Make a city first: openyibao city make {city}")
    if card.get("city") != city:
        fail(f"{folder} 是 {card.get('city')} 的年度库，不是 {city} 的。", f"{folder} is the store of {card.get('city')}, not of {city}.")
    return store


@contextmanager
def runner_of(cluster: str, workers: int, store: Store, folder: Path) -> Iterator[Runner]:
    """This machine's cores, or a cluster that is left at the end."""
    if not cluster:
        yield threads(workers)
        return
    with closing(runner_for(cluster, store.root, folder)) as connected:
        yield connected


class Phases:
    """A progress bar that is begun anew with each phase of a simulation."""

    def __init__(self, lang: str) -> None:
        """Nothing shown yet."""
        self.lang, self.phase = lang, ""
        self.bar: Bar | None = None

    def at(self, phase: str, done: int, whole: int) -> None:
        """So many of a phase's tasks are done."""
        if phase != self.phase or self.bar is None:
            self.end()
            self.phase, self.bar = phase, Bar(PHASES.get(phase, (phase, phase))[0 if self.lang == "zh" else 1], whole)
        self.bar.at(done)

    def end(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.end()


def played(lang: str, cluster: str, workers: int, store: Store, folder: Path, work: Callable[[Runner, Progress], Outcome]) -> Outcome:
    """Simulate; what is wrong with policies, store, prices or workers is said, and the command ends with exit code 2 (130: stopped)."""
    phases = Phases(lang)
    try:
        need_charts()
        with runner_of(cluster, workers, store, folder) as runner:
            return work(runner, phases.at)
    except PolicyError as problem:
        fail("政策读不出：", "The policy cannot be used:", str(problem))
    except (NoCharts, PriceProblem, ClusterProblem) as problem:
        fail(problem.zh, problem.en)
    except (StoreProblem, PackageProblem, RunnerProblem) as problem:
        fail(str(problem))
    except KeyboardInterrupt:
        phases.end()
        err().print(tell(lang, "stopped", out=folder), soft_wrap=True)
        raise typer.Exit(INTERRUPTED) from None
    finally:
        phases.end()


def finished(lang: str, outcome: Outcome, folder: Path, *, show: bool) -> None:
    """Write the report, print the headline and the paths; exit 1 where the figures do not add up."""
    report, console = write_report(outcome, folder, lang), out()
    console.print(worded(lang, headline(outcome)), soft_wrap=True, markup=False)
    console.print(funds_table(lang, outcome))
    if outcome.months:
        console.print(months_table(lang, outcome))
    caution = notice(outcome)
    if caution is not None:
        console.print(worded(lang, caution), style="yellow", soft_wrap=True, markup=False)
    sound = gap(outcome) == (0, 0) and (outcome.attribution is None or parts_sum(outcome.attribution))
    console.print(tell(lang, "check", bills=outcome.meta.bills) if sound else f"[red]{tell(lang, 'broken')}[/]")
    package = next((folder / "policy").glob(f"{outcome.reproduction.reform_digest[:16]}*.npz"))
    for key, file in (("page", report.page), ("workbook", report.workbook), ("package", package)):
        console.print(tell(lang, key, file=file), soft_wrap=True, markup=False)
    if show:
        webbrowser.open(report.page.resolve().as_uri())
    if not sound:
        raise typer.Exit(INTERNAL)


def funds_table(lang: str, outcome: Outcome) -> Table:
    """Who pays, before and after."""
    table = Table(title=tell(lang, "title", title=worded(lang, outcome.meta.title), year=outcome.meta.year), title_justify="left")
    table.add_column(worded(lang, say("payer")))
    for key in ("before", "after", "change", "relative"):
        table.add_column(worded(lang, say(key)), justify="right")
    totals = outcome.totals
    rows: list[tuple[Words, Amount | FundTotals]] = [(fund.words, fund) for fund in totals.funds if fund.before or fund.after]
    sums: list[tuple[Words, Amount | FundTotals]] = [(say("all_funds"), totals.fund), (say("persons_bear"), totals.person),
                                                     (say("fees"), totals.total), (say("credited"), totals.credits)]
    for place, (words, one) in enumerate([*rows, *sums]):
        table.add_row(worded(lang, words), yuan(one.before), yuan(one.after), signed(one.change), percent_signed(one.change, one.before),
                      end_section=place == len(rows) - 1)
    return table


def months_table(lang: str, outcome: Outcome) -> Table:
    """Months payable of each fund, before and after."""
    table = Table(title=worded(lang, say("months_sheet")), title_justify="left")
    for key, side in (("fund", "left"), ("months_before", "right"), ("months_after", "right"), ("level_after", "left"), ("trust", "left")):
        table.add_column(worded(lang, say(key)), justify="right" if side == "right" else "left")
    for fund in outcome.months:
        figures = months(fund.months_before), months(fund.months_after)
        table.add_row(worded(lang, fund.words), *figures, worded(lang, fund.level_words_after), worded(lang, trust(fund.trust)))
    return table


def command_line(name: str, **options: object) -> str:
    """The command that makes the same again: options in order, files and lists repeated, what was not given left out."""
    words = ["openyibao", name]
    for option, value in options.items():
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if one is not None and one != "":
                words += [f"--{option.replace('_', '-')}", shlex.quote(str(one))]
    return " ".join(words)
