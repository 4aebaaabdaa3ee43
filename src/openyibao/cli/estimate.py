"""`openyibao estimate`: what would I pay 我要付多少; one bill on the command line, explained by the same law as any other."""

import typer

from openyibao.cli.console import check_lang, fail, out
from openyibao.cli.session import Policies, asked_for
from openyibao.cli.show import bills_table, refusal_lines, steps_table, title_of
from openyibao.cli.texts import say
from openyibao.cli.trust import Trust, steps_of, trust_lines
from openyibao.warehouse.bills.estimating import estimated
from openyibao.warehouse.bills.problems import Problem
from openyibao.warehouse.bills.tally import Tally


def pairs(more: list[str]) -> dict[str, str]:
    """`--set name=value` as cells."""
    cells = {}
    for text in more:
        name, equals, value = text.partition("=")
        if not equals:
            fail(f"--set {text} 应写成 字段=值。", f"Write --set {text} as field=value.")
        cells[name] = value
    return cells


def estimate(
    city: str = typer.Option(..., "--city", help="City 统筹区."),
    day: str = typer.Option(..., "--day", help="Day of discharge or service 日期."),
    kind: str = typer.Option(..., "--kind", help="outpatient, inpatient, chronic … 就诊类别."),
    level: str = typer.Option("", "--level", help="PV P0 L1 L2 L3 L3P 机构等级."),
    scheme: str = typer.Option("employee", "--scheme", help="employee or resident 险种."),
    total: str = typer.Option(..., "--total", help="Total fee in yuan 医疗费总额."),
    in_scope: str = typer.Option("", "--in-scope", help="In-scope amount in yuan 政策范围内; default: the whole fee."),
    status: str = typer.Option("active", "--status", help="active or retired 在职、退休."),
    aid: str = typer.Option("none", "--aid", help="Aid category 救助对象类别."),
    offsite: str = typer.Option("home", "--offsite", help="home, filed, referred, emergency, self_referred 异地."),
    disease: str = typer.Option("", "--disease", help="Chronic disease code 慢特病病种."),
    account: str = typer.Option("0", "--account", help="Own account balance 个人账户余额."),
    more: list[str] = typer.Option([], "--set", help="Any other field of a bill, name=value (repeatable)."),
    readings: str = typer.Option("", "--readings", help="Alternative readings 口径."),
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
) -> None:
    """What would I pay 我要付多少."""
    check_lang(lang)
    cells = {"insutype": scheme, "kind": kind, "level": level, "begndate": day, "enddate": day, "medfee_sumamt": total,
             "inscp_scp_amt": in_scope, "psn_type": status, "aid": aid, "offsite": offsite, "dise_code": disease,
             "account": account} | pairs(more)  # fmt: skip
    policies = Policies(asked_for(city, readings, (), ()))
    try:
        result = estimated(cells, policies.of)
    except Problem as problem:
        fail(problem.zh, problem.en)
    console, tally, trust = out(), Tally(), Trust()
    tally.add(result)
    trust.add(result)
    console.print(steps_table(lang, title_of(lang, result), steps_of(result)))
    console.print(bills_table(lang, [result]))
    refusal_lines(console, lang, result)
    if not in_scope and "inscp_scp_amt" not in pairs(more):
        console.print(say(lang, "whole_in_scope"))
    console.print(say(lang, "policy", name=city, digest=result.policy.book.digest[:12]))
    for line in trust_lines(lang, trust, tally, policies.loaded):
        console.print(line)
