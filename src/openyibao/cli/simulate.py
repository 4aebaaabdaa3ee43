"""`openyibao simulate`: what a reform would have cost in a city's year, who gains, who loses, and why 改革模拟."""

from pathlib import Path

import typer

from openyibao.cli.console import check_lang, fail
from openyibao.cli.reformed import command_line, finished, opened, played
from openyibao.cli.session import names_of, rule_set
from openyibao.warehouse.simulate.behaviour import Elasticity, elasticity_of
from openyibao.warehouse.simulate.reform import Reform
from openyibao.warehouse.simulate.running import simulate
from openyibao.warehouse.simulate.splitting import orders_of


def simulate_command(
    city: str = typer.Option(..., "--city", help="City 统筹区."),
    year: int = typer.Option(..., "--year", help="Recorded year 年度."),
    draft: list[Path] = typer.Option([], "--draft", exists=True, dir_okay=False, help="Draft of the reform 草案; repeat for several."),
    already: list[Path] = typer.Option([], "--already", exists=True, dir_okay=False, help="Draft in force on both sides 已实施."),
    readings: str = typer.Option("", "--readings", help="Readings the reform sets 口径, comma separated."),
    rule_sets: list[str] = typer.Option([], "--rule-set", help="Emergency rule set name:from:to that the reform switches on."),
    prices: Path | None = typer.Option(None, "--prices", exists=True, dir_okay=False, help="Changed prices, CSV 调价文件."),
    elasticity: str = typer.Option("", "--elasticity", help="Response 行为弹性: -0.2, default, outpatient=-0.3,inpatient=-0.1."),
    orders: str = typer.Option("all", "--orders", help="Attribution 归因: all, given, none, or a number of drawn orders."),
    home: Path = typer.Option(Path("openyibao-home"), "--home", envvar="OPENYIBAO_HOME", help="Home folder 运行目录."),
    store: Path | None = typer.Option(None, "--store", help="Store 年度库; default HOME/warehouse/CITY."),
    target: Path | None = typer.Option(None, "--out", help="Folder of the report; default STORE/runs/simulate-YEAR-DRAFT."),
    workers: int = typer.Option(0, "--workers", min=0, help="Cores; 0 = all."),
    cluster: str = typer.Option("", "--cluster", help="tcp://host:port, spark://host:port or local[2] 集群."),
    show: bool = typer.Option(False, "--open", help="Open the report in the browser 打开报告."),
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
) -> None:
    """Simulate a reform on a recorded year 政策模拟: cost by fund, months payable, winners and losers, attribution, the hardest cases."""
    check_lang(lang)
    if not (draft or readings or rule_sets or prices):
        fail("没有改革内容：写 --draft、--prices、--readings 或 --rule-set。",
             "Nothing changes: give --draft, --prices, --readings or --rule-set.")
    reform = Reform(city, tuple(draft), tuple(already), names_of(readings), (), tuple(rule_set(text) for text in rule_sets), prices,
                    response(elasticity))
    try:
        orders_of(orders)
    except ValueError as problem:
        fail(f"--orders {orders} 看不懂：写 all、given、none 或 1 到 1000 的数。", str(problem))
    place = opened(store or home / "warehouse" / city, city)
    folder = target or place.root / "runs" / f"simulate-{year}-{name_of(reform)}"
    again = command_line(
        "simulate", city=city, year=year, already=already, draft=draft, readings=readings, rule_set=rule_sets, prices=prices,
        elasticity=elasticity, orders=orders if orders != "all" else "", store=store,
    )  # fmt: skip
    outcome = played(lang, cluster, workers, place, folder, lambda runner, progress: simulate(
        place, year, reform, out=folder, runner=runner, orders=orders, progress=progress, command=again))
    finished(lang, outcome, folder, show=show)


def response(text: str) -> Elasticity | None:
    """The behaviour option, or exit 2."""
    try:
        return elasticity_of(text)
    except ValueError as problem:
        fail(f"--elasticity {text} 看不懂：写 -0.2、outpatient=-0.3,inpatient=-0.1 或 default。", f"--elasticity {text}: {problem}")


def name_of(reform: Reform) -> str:
    """A short name for the folder: of its drafts, price list, readings."""
    names = [path.stem for path in (*reform.drafts, *filter(None, (reform.prices,)))]
    return "+".join([*names, *reform.readings, *(name for name, _, _ in reform.rule_sets)])
