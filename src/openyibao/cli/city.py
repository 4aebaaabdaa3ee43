"""`openyibao city`: make a synthetic city 造一座合成城市, and report how it compares with the city's plan."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import typer

from openyibao.cli.console import INTERRUPTED, Bar, bar, check_lang, err, fail, out
from openyibao.policybook.leaf import PolicyError
from openyibao.warehouse.city.calibrate_care import SAMPLE
from openyibao.warehouse.city.driver import OtherCity, make_city
from openyibao.warehouse.city.ground import NoYear, city_of, whole_city
from openyibao.warehouse.city.profile import Profile, ProfileProblem, load_profile, profiled
from openyibao.warehouse.city.report import report_city, report_index
from openyibao.warehouse.run.runner import RunnerProblem, processes
from openyibao.warehouse.tables.store import StoreProblem

app = typer.Typer(
    help="Synthetic cities 合成城市: invented people, settled by the law.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)
LANG = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en.")
HOME = typer.Option(Path("openyibao-home"), "--home", envvar="OPENYIBAO_HOME", help="Home folder 运行目录.")
REPORTS = Path("docs/reference/calibration")
WORDS = {
    "making": ("造城", "Making the city"),
    "begin": ("{name}：参保 {people:,} 人（{scale}），{years} 年，{buckets} 个分区，种子 {seed}。全部虚构。",
              "{name}: {people:,} insured ({scale}), {years}, {buckets} buckets, seed {seed}. All of it invented."),
    "made": ("已成：单据 {bills:,}，明细 {lines:,}。库在 {place}", "Done: {bills:,} bills, {lines:,} charge lines. The store: {place}"),
    "there": ("已有同一座城，未重做（--again 重做）。库在 {place}", "The same city is there (--again makes it anew). The store: {place}"),
    "stopped": ("已中断：完成的分区已保留，用同样的参数再运行即可继续。",
                "Interrupted: finished buckets are kept; run the same command to go on."),
    "doubtful": ("画像中 {count} 项为本项目设定或忆及，见 {place}/city.json 的 doubtful。",
                 "{count} figures of the profile are our own setting or recalled: see doubtful in {place}/city.json."),
    "reported": ("已写 {file}：{facts} 项，{near} 项在 ±2% 内，{far} 项在外，{open} 项不能由人和单据回答。",
                 "Wrote {file}: {facts} facts, {near} within ±2%, {far} outside, {open} not answerable from people and bills."),
}  # fmt: skip


def say(lang: str, key: str, **parts: object) -> str:
    """A sentence in the language."""
    zh, en = WORDS[key]
    return (zh if lang == "zh" else en).format(**parts)


def profile_or_fail(city: str) -> Profile:
    """A city's profile, or exit 2 naming those there are."""
    if city not in profiled():
        fail(f"没有城市 {city} 的画像；有 {'、'.join(profiled())}。", f"There is no profile of {city}; there are {', '.join(profiled())}.")
    try:
        return load_profile(city)
    except ProfileProblem as problem:
        fail(str(problem))


def people_of(profile: Profile, people: int | None, scale: str) -> int:
    """How many insured persons: a number, or a scale such as 0.1 or 1:10; exit 2 when it is neither or too many."""
    whole = whole_city(profile)
    if people is None:
        found = re.fullmatch(r"(?:1\s*[:：]\s*(\d+(?:\.\d+)?)|(0?\.\d+|1(?:\.0*)?))", scale.strip())
        if found is None:
            fail(f"--scale {scale} 看不懂；写 0.1 或 1:10。", f"--scale {scale} is not understood; write 0.1 or 1:10.")
        share = 1 / float(found[1]) if found[1] and float(found[1]) >= 1 else float(found[2] or 0)
        people = round(whole * share)
    if not 0 < people <= whole:
        fail(f"{profile.name}参保 {whole:,} 人，不能造 {people:,} 人。",
             f"{profile.name} has {whole:,} insured; {people:,} cannot be made.")
    return people


def years_of(text: str) -> tuple[int, ...]:
    """`2022-2023` or `2023` as years, or exit 2."""
    found = re.fullmatch(r"(20\d\d)(?:\s*[-–]\s*(20\d\d))?", text.strip())
    if found is None or int(found[2] or found[1]) < int(found[1]):
        fail(f"--years {text} 看不懂；写 2023 或 2020-2023。", f"--years {text} is not understood; write 2023 or 2020-2023.")
    return tuple(range(int(found[1]), int(found[2] or found[1]) + 1))


def guarded(work: Callable[[], Any], lang: str) -> Any:
    """Do some work; what is wrong with its city, years, folder or workers is said, and the command ends with exit code 2."""
    try:
        return work()
    except KeyboardInterrupt:
        err().print(say(lang, "stopped"))
        raise typer.Exit(INTERRUPTED) from None
    except NoYear as missing:
        asked, can = "、".join(map(str, missing.wanted)), f"{missing.can[0]}-{missing.can[-1]}" if missing.can else "-"
        fail(f"{missing.city}：{asked} 年没有可用的政策；可造的年份是 {can}。",
             f"{missing.city}: no policy for {asked}; years that can be made: {can}.",
             missing.why)  # fmt: skip
    except OtherCity as other:
        fail(str(other), "换一个 --store，或用 --again 重做。 Choose another --store, or --again.")
    except (StoreProblem, PolicyError, ProfileProblem, RunnerProblem) as problem:
        fail(str(problem))


@app.command()
def make(
    city: str = typer.Argument(help="City 城市: jishou, ankang, jingzhou, wuhan, yuxi."),
    people: int | None = typer.Option(None, "--people", min=1, help="Insured persons 参保人数."),
    scale: str = typer.Option("1:100", "--scale", help="Or a scale 比例: 0.1 or 1:10."),
    years: str = typer.Option("2022-2023", "--years", help="Years 年份, e.g. 2020-2023."),
    seed: int = typer.Option(1, "--seed", help="The same seed gives the same city 随机种子."),
    store: Path | None = typer.Option(None, "--store", help="Folder of the store 年度库; default: <home>/warehouse/<city>."),
    workers: int = typer.Option(0, "--workers", min=0, help="Processes 进程数; 0 = all cores."),
    again: bool = typer.Option(False, "--again", help="Begin anew 重做."),
    home: Path = HOME,
    lang: str = LANG,
) -> None:
    """Make a synthetic city 造一座合成城市: people, contributions, institutions, visits, charge lines; every bill settled by the law."""
    check_lang(lang)
    profile = profile_or_fail(city)
    asked = years_of(years)
    size = city_of(profile, people_of(profile, people, scale), asked, seed)
    place, console = store or home / "warehouse" / city, out()
    told = f"{asked[0]}-{asked[-1]}" if len(asked) > 1 else str(asked[0])
    console.print(say(lang, "begin", name=profile.name, people=size.people, scale=f"1:{size.whole / size.people:.4g}", years=told,
                      buckets=size.buckets, seed=seed), soft_wrap=True)  # fmt: skip
    worked: list[int] = []

    def making() -> dict[str, Any]:
        with bar(say(lang, "making"), size.buckets) as shown:
            return make_city(size, place, processes(workers), progress=lambda done, *_: at(shown, worked, done), again=again)

    card = guarded(making, lang)
    if not worked:
        console.print(say(lang, "there", place=place), soft_wrap=True)
        return
    console.print(say(lang, "made", bills=card["bills"], lines=card["lines"], place=place), soft_wrap=True)
    console.print(say(lang, "doubtful", count=len(card["doubtful"]), place=place), soft_wrap=True)


def at(shown: Bar, worked: list[int], done: int) -> None:
    """Show progress, and remember that there was some."""
    worked.append(done)
    shown.at(done)


@app.command()
def report(
    city: str = typer.Option("", "--city", help="One city 一座城市; default: every city with a profile."),
    people: int = typer.Option(SAMPLE, "--people", min=100, help="Insured persons of the sample city 样本参保人数."),
    seed: int = typer.Option(1, "--seed", help="Seed 随机种子."),
    to: Path = typer.Option(REPORTS, "--out", help="Folder for the pages 输出目录."),
    workers: int = typer.Option(0, "--workers", min=0, help="Processes 进程数; 0 = all cores."),
    lang: str = LANG,
) -> None:
    """Compare synthetic cities with the figures of their plans 校准报告: docs/reference/calibration."""
    check_lang(lang)
    for name in [city] if city else profiled():
        profile = profile_or_fail(name)
        sample = min(people, whole_city(profile))
        written = guarded(partial(report_city, profile, sample, seed, to, processes(workers)), lang)
        out().print(say(lang, "reported", **written._asdict()), soft_wrap=True)
    guarded(partial(report_index, to), lang)
