"""`openyibao demo`: the shipped bills settled under their cities, one explained, and a draft reform compared with the law in force."""

from pathlib import Path

import typer

from openyibao.cli.compare import report as compare_report
from openyibao.cli.console import REJECTED, fail, out
from openyibao.cli.session import Policies, asked_for, check_lang, open_bills, open_people, spec, trial_lines
from openyibao.cli.settle import Job, Outcome, report, run
from openyibao.cli.show import refusal_lines, steps_table, title_of
from openyibao.cli.texts import say
from openyibao.cli.trust import steps_of
from openyibao.kernel.settle.cascade import settle as plain_law
from openyibao.policybook.national import FUND_FIELDS, amounts
from openyibao.warehouse.bills.comparing import Comparison, Pair, compare
from openyibao.warehouse.bills.reading import Rejected
from openyibao.warehouse.bills.settling import Settled, settle_bills

BILLS, PEOPLE, DRAFT = "bills.jsonl", "people.jsonl", "drafts/ankang-retirees.yaml"
CITY = "ankang"


def examples() -> Path:
    """The examples folder of the checkout."""
    return Path(__file__).resolve().parents[3] / "examples"


def layers(settled: Settled) -> tuple[int, int]:
    """How many funds pay a bill, and how much: what makes it worth explaining."""
    fields = amounts(settled.receipt, settled.plan)
    return sum(fields[name] > 0 for name in FUND_FIELDS), settled.receipt.fund


def demo(
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
    folder: Path | None = typer.Option(None, "--examples", help="Folder with bills.jsonl; default: the checkout's."),
) -> None:
    """Settle the shipped bills of the five cities and show the result 演示."""
    check_lang(lang)
    place = folder or examples()
    if not (place / BILLS).is_file():
        fail(f"找不到 {place / BILLS}；演示账单随源码提供。", f"There is no {place / BILLS}; the demo bills come with the source tree.")
    people = open_people(place / PEOPLE if (place / PEOPLE).is_file() else None)
    file, console = open_bills(place / BILLS, lang, ""), out()
    job = Job(place / BILLS, file, Policies(asked_for("auto", "", (), ())), people, lang, False, (), plain_law)
    outcome: Outcome = run(job, None, console)
    report(job, outcome, console)
    results = settle_bills(file.bills, job.policies.of, people, trial_lines(file))
    richest = max((one for one in results if isinstance(one, Settled)), key=layers, default=None)
    if richest is not None:
        console.print(steps_table(lang, title_of(lang, richest), steps_of(richest)))
        refusal_lines(console, lang, richest)
    compare_draft(job, place / DRAFT, lang)
    console.print(say(lang, "demo_next", bills=place / BILLS), soft_wrap=True)
    if outcome.rejected or people.rejected:
        raise typer.Exit(REJECTED)


def compare_draft(job: Job, draft: Path, lang: str) -> None:
    """The bills of one city under its law and under a draft."""
    own = [bill for bill in job.file.bills if bill.city in ("", CITY)]
    first, second = spec(CITY, (), ()), spec(f"{CITY}+{draft}", (), ())._replace(name=f"{CITY}+{draft.name}")
    comparison = Comparison(3)
    for result in compare(own, first, second, job.people, trial_lines(job.file)):
        if isinstance(result, Pair):
            comparison.add(result)
        elif isinstance(result, Rejected):
            comparison.rejected.append(result)
    compare_report(out(), lang, comparison, first.name, second.name)
