"""`openyibao city-demo`: a small synthetic city made, loaded into the server's database, and one reform of it simulated.

Each step is a command that anybody may type; it is shown, run as a process of its own, and the first that fails ends the demo.
"""

import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import typer

from openyibao.cli import serve
from openyibao.cli.console import INTERNAL, INTERRUPTED, REJECTED, check_lang, out
from openyibao.cli.trial_home import CITY_DEMO, claimed, emptied, examples, short

CITY, SCALE, YEARS, YEAR = "jishou", "1:10", "2022-2023", "2023"
DRAFT = "jishou-stay-near.yaml"

WORDS = {
    "make": ("造一座合成城市，每张单据都按政策结算", "Make a synthetic city; every bill is settled by its policy"),
    "codes": ("装入目录、机构（虚构）", "Load catalogue and institutions (invented)"),
    "load": ("把这座城市装入服务器的数据库", "Load the city into the server's database"),
    "simulate": ("模拟一项改革，全市逐单重算", "Simulate a reform: every bill of the city settled again"),
    "done": ("演示完成，{seconds:.0f} 秒。报告：{report}", "Done in {seconds:.0f} s. The report: {report}"),
    "next": ("接着可以：", "What next:"),
    "failed": ("这一步没有成功，演示停在这里：", "This step failed; the demo ends here:"),
}  # fmt: skip


class Step(NamedTuple):
    """One command of the demo: its heading, what follows `openyibao`, and the exit codes that are no failure."""

    key: str
    words: tuple[str, ...]
    fine: tuple[int, ...] = (0,)


def steps(home: Path, scale: str) -> list[Step]:
    """The commands in order, for a home folder and a city of some size."""
    store, place = home / "warehouse" / CITY, examples()
    return [
        Step("make", ("city", "make", CITY, "--scale", scale, "--years", YEARS, "--seed", "1", "--store", short(store))),
        Step("codes", ("load", "all", short(place / "sandbox"), "--training", "--home", short(home))),
        # Sealing is left to the server, which seals what it finds when it runs; exit code 3: people enrolled twice are set aside.
        Step("load", ("load", "city", short(store), "--home", short(home), "--no-seal"), (0, REJECTED)),
        Step("simulate", ("simulate", "--city", CITY, "--year", YEAR, "--draft", short(place / "drafts" / DRAFT), "--store", short(store),
                          "--out", short(home / "report"))),
    ]  # fmt: skip


def city_demo(
    home: Path = typer.Option(Path("openyibao-city"), "--home", help="Its folder, of its own 演示目录."),
    reset: bool = typer.Option(False, "--reset", help="Empty the folder first 重新开始."),
    scale: str = typer.Option(SCALE, "--scale", help="How large a city 城市比例."),
    show: bool = typer.Option(False, "--open", help="Open the report in the browser 打开报告."),
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
) -> None:
    """Make a small city, load it into the database, simulate a reform 合成城市演示."""
    check_lang(lang)
    began, console, place = time.monotonic(), out(), 0 if lang == "zh" else 1
    if reset:
        emptied(home, CITY_DEMO)
    claimed(home, CITY_DEMO)
    todo = steps(home, scale)
    try:
        with serve.database(home):
            for number, step in enumerate(todo, 1):
                console.print(f"\n[bold]{number}/{len(todo)} {WORDS[step.key][place]}[/]", soft_wrap=True)
                more = ["--open"] if show and step.key == "simulate" else []
                console.print(f"  openyibao {' '.join(step.words)}", style="dim", soft_wrap=True, markup=False)
                ended = subprocess.run([sys.executable, "-m", "openyibao.cli.main", *step.words, *more, "--lang", lang], check=False)
                if ended.returncode not in step.fine:
                    console.print(f"[red]{WORDS['failed'][place]}[/] {step.words[0]} ({ended.returncode})", soft_wrap=True)
                    raise typer.Exit(INTERRUPTED if ended.returncode == INTERRUPTED else INTERNAL)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    report = short(home / "report" / "report.html")
    console.print("\n" + WORDS["done"][place].format(seconds=time.monotonic() - began, report=report), soft_wrap=True, markup=False)
    console.print(WORDS["next"][place])
    for words in (f"verify --home {short(home)}", f"indicators --city {CITY} --home {short(home)} --as-of {YEAR}-12",
                  f"warehouse ask flows --city {CITY} --home {short(home)} --years {YEAR}"):
        console.print(f"  openyibao {words}", soft_wrap=True, markup=False)
