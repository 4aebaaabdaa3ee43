"""The command `openyibao`: every command by name. What a command needs is imported by its module; pyarrow and Numba only when met."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

import typer

from openyibao.cli import policy
from openyibao.cli.compare import compare_command
from openyibao.cli.conformance import conformance
from openyibao.cli.console import fail, out
from openyibao.cli.demo import demo
from openyibao.cli.estimate import estimate
from openyibao.cli.later import Later
from openyibao.cli.session import check_lang
from openyibao.cli.settle import settle
from openyibao.cli.texts import say
from openyibao.kernel.codes import HALF_UP, TRUNCATE
from openyibao.kernel.settle.maternity import allowance as allowance_of
from openyibao.warehouse.bills.problems import Problem, yuan
from openyibao.warehouse.bills.values import money

app = typer.Typer(
    name="openyibao",
    cls=Later,
    help="City medical insurance 医疗保障: settle bills, explain every fen, compare policies.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("settle")(settle)
app.command("compare")(compare_command)
app.command("estimate")(estimate)
app.command("demo")(demo)
app.command("conformance")(conformance)
app.add_typer(policy.app, name="policy")


@app.command()
def allowance(
    average: str = typer.Option(..., "--average", help="Employer's monthly average wage of the year before, yuan 月平均工资."),
    days: int = typer.Option(..., "--days", min=0, max=1000, help="Days of leave 产假天数."),
    truncate: bool = typer.Option(False, "--truncate", help="Cut off below a fen instead of rounding half up."),
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
) -> None:
    """Maternity allowance 生育津贴."""
    check_lang(lang)
    try:
        monthly = money("average", average)
    except Problem as problem:
        fail(problem.zh, problem.en)
    amount = allowance_of(monthly, days, TRUNCATE if truncate else HALF_UP)
    out().print(say(lang, "allowance", average=yuan(monthly), days=days, amount=yuan(amount)))


@app.command()
def version() -> None:
    """The version of OpenYibao."""
    try:
        out().print(f"openyibao {installed('openyibao')}")
    except PackageNotFoundError:
        out().print("openyibao (source tree 源码)")


if __name__ == "__main__":
    app()
