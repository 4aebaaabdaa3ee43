"""`openyibao merge-counties`: counties brought under one rule set 市级统筹; the differences, the merged package, what it costs whom."""

from pathlib import Path

import typer
from rich.table import Table

from openyibao.cli.console import check_lang, fail, out
from openyibao.cli.reformed import command_line, finished, opened, played
from openyibao.policybook.leaf import PolicyError
from openyibao.policybook.merged import TAKEN, Rule, rule_of, told
from openyibao.warehouse.simulate.merging import OVERLAY, Draft, Merger, Party, drafted, merge

WORDS = {
    "title": ("{a} 与 {b}：不同 {count} 项", "{a} and {b}: {count} parameters differ"),
    "parameter": ("参数", "parameter"), "sentence": ("两套规则与所取", "both rules and what is taken"),
    "merged": ("合并方案（可作草案用）：{file}", "The merged package, a draft for any other command: {file}"),
}  # fmt: skip


def merge_command(
    city: str = typer.Option(..., "--city", help="City whose counties are merged 统筹区."),
    year: int = typer.Option(..., "--year", help="Recorded year 年度."),
    a_draft: list[Path] = typer.Option([], "--a-draft", exists=True, dir_okay=False, help="Rules A: draft over the city's policies 甲."),
    b_draft: list[Path] = typer.Option([], "--b-draft", exists=True, dir_okay=False, help="Rules B: draft over the city's policies 乙."),
    a_city: str = typer.Option("", "--a-city", help="Rules A are another city's."),
    b_city: str = typer.Option("", "--b-city", help="Rules B are another city's."),
    a_counties: str = typer.Option("", "--a-counties", help="Division codes under A 甲的县区; default: those not under B."),
    b_counties: str = typer.Option("", "--b-counties", help="Division codes under B 乙的县区."),
    a_name: str = typer.Option("", "--a-name", help="What A is called."),
    b_name: str = typer.Option("", "--b-name", help="What B is called."),
    take: list[str] = typer.Option([], "--take", help="KEY=first, second, better or worse, or KEY==FIGURE; * fits any; repeat."),
    otherwise: str = typer.Option("better", "--otherwise", help="What is taken where no --take fits: first, second, better, worse."),
    look: bool = typer.Option(False, "--list", help="Only list the differences and what would be taken 只列差异."),
    home: Path = typer.Option(Path("openyibao-home"), "--home", envvar="OPENYIBAO_HOME", help="Home folder 运行目录."),
    store: Path | None = typer.Option(None, "--store", help="Store 年度库; default HOME/warehouse/CITY."),
    target: Path | None = typer.Option(None, "--out", help="Folder of the report; default STORE/runs/merge-YEAR."),
    workers: int = typer.Option(0, "--workers", min=0, help="Cores; 0 = all."),
    cluster: str = typer.Option("", "--cluster", help="tcp://host:port, spark://host:port or local[2] 集群."),
    show: bool = typer.Option(False, "--open", help="Open the report in the browser 打开报告."),
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
) -> None:
    """Merge the rules of a city's counties 市级统筹 and price the merged package on a recorded year, county by county and fund by fund."""
    check_lang(lang)
    if otherwise not in TAKEN:
        fail(f"--otherwise {otherwise} 看不懂：写 {'、'.join(TAKEN)}。", f"--otherwise {otherwise}: write {', '.join(TAKEN)}.")
    first = Party(tuple(a_draft), a_city, codes(a_counties, "--a-counties"), a_name)
    second = Party(tuple(b_draft), b_city, codes(b_counties, "--b-counties"), b_name)
    merger = Merger(city, first, second, tuple(rule(text) for text in take), otherwise)
    if look:
        listed(lang, quick(merger, year))
        return
    if not (first.counties or second.counties):
        fail("写明哪些县区用哪套规则：--a-counties 或 --b-counties。",
             "Say which counties are under which rules: --a-counties or --b-counties.")
    place = opened(store or home / "warehouse" / city, city)
    folder = target or place.root / "runs" / f"merge-{year}"
    again = command_line(
        "merge-counties", city=city, year=year, a_draft=a_draft, b_draft=b_draft, a_city=a_city, b_city=b_city, a_counties=a_counties,
        b_counties=b_counties, a_name=a_name, b_name=b_name, take=take, otherwise=otherwise, store=store,
    )  # fmt: skip
    outcome = played(lang, cluster, workers, place, folder, lambda runner, progress: merge(
        place, year, merger, out=folder, runner=runner, progress=progress, command=again))  # fmt: skip
    finished(lang, outcome, folder, show=show)
    out().print(say(lang, "merged", file=folder / OVERLAY), soft_wrap=True, markup=False)


def say(lang: str, key: str, **parts: object) -> str:
    """A phrase in the language."""
    return WORDS[key][0 if lang == "zh" else 1].format(**parts)


def codes(text: str, option: str) -> tuple[int, ...]:
    """Division codes separated by commas, or exit 2."""
    parts = [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
    if not all(part.isdecimal() and len(part) == 6 for part in parts):
        fail(f"{option} {text} 应为六位区划代码，用逗号分开，如 610921,610922。",
             f"{option} {text}: six-digit division codes with commas between, for example 610921,610922.")
    return tuple(int(part) for part in parts)


def rule(text: str) -> Rule:
    """A rule of what is taken, or exit 2."""
    try:
        return rule_of(text)
    except ValueError as problem:
        fail(f"--take {text} 看不懂：写 键=first、second、better、worse，或 键==数值。", f"--take {problem}")


def quick(merger: Merger, year: int) -> Draft:
    """The differences without any pricing, or exit 2."""
    try:
        return drafted(merger, year)
    except PolicyError as problem:
        fail("政策读不出：", "The policy cannot be used:", str(problem))


def listed(lang: str, draft: Draft) -> None:
    """Print the differences and what would be taken of each, then the merged overlay's text."""
    names = [name.zh if lang == "zh" else name.en for name in draft.names]
    views = [view._replace(label=name) for view, name in zip(draft.views, names, strict=True)]
    table = Table(title=say(lang, "title", a=names[0], b=names[1], count=len(draft.decided)), title_justify="left")
    table.add_column(say(lang, "parameter"), overflow="fold")
    table.add_column(say(lang, "sentence"), overflow="fold")
    for item in draft.decided:
        table.add_row(item.key, told(item, views[0], views[1], lang))
    console = out()
    console.print(table)
    console.print(draft.text, markup=False, soft_wrap=True)
