"""`openyibao allowance`: the maternity allowance of a leave 生育津贴."""

import typer

from openyibao.cli.console import check_lang, fail, out
from openyibao.cli.texts import say
from openyibao.kernel.codes import HALF_UP, TRUNCATE
from openyibao.kernel.settle.maternity import allowance as allowance_of
from openyibao.warehouse.bills.problems import Problem, yuan
from openyibao.warehouse.bills.values import money


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
