"""`openyibao demo`: the shipped bills settled under their cities, one explained, and a draft reform compared with the law in force."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import typer
from rich.console import RenderableType
from rich.text import Text

from openyibao.cli import showcase
from openyibao.cli.console import REJECTED, check_lang, fail, laid_out, out
from openyibao.cli.ladder import steps_ladder
from openyibao.cli.picture import save_picture
from openyibao.cli.session import Asked, Policies, asked_for, open_bills, open_book, open_people, trial_lines
from openyibao.cli.show import rejects_table
from openyibao.cli.showcase import heading, tell
from openyibao.cli.texts import say
from openyibao.cli.trial_home import examples, short
from openyibao.cli.trust import Trust
from openyibao.kernel import codes
from openyibao.policybook.national import FUND_FIELDS, amounts
from openyibao.warehouse.bills.comparing import Comparison, Pair, compare
from openyibao.warehouse.bills.people import People
from openyibao.warehouse.bills.reading import BillFile, Rejected
from openyibao.warehouse.bills.settled import Policy, Settled
from openyibao.warehouse.bills.settling import settle_bills

BILLS, PEOPLE, DRAFT = "bills.jsonl", "people.jsonl", "drafts/wuhan-residents.yaml"
CITY = "wuhan"
BILL = "AK-0001-02"
"""The bill explained: a stay of 2021 in Ankang that goes through the pool and both large-amount layers."""

MOST = 3
"""Losses and gains shown."""


class Demo(NamedTuple):
    """What the demo has in hand."""

    place: Path
    lang: str
    file: BillFile
    people: People
    settled: list[Settled]
    rejected: list[Rejected]
    trust: Trust


def demo(
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
    folder: Path | None = typer.Option(None, "--examples", help="Folder with bills.jsonl; default: the shipped one."),
    bill: str = typer.Option(BILL, "--bill", help="The bill to explain 逐步说明的账单."),
    picture: Path | None = typer.Option(None, "--picture", help="Write the summary and the explained bill as an SVG picture instead."),
) -> None:
    """Settle the shipped bills of the five cities, explain one, try a draft 演示."""
    check_lang(lang)
    place = folder or examples()
    if not (place / BILLS).is_file():
        fail(f"找不到 {place / BILLS}。", f"There is no {place / BILLS}.")
    shown = settle_all(place, lang)
    if not shown.settled:
        fail(f"{place / BILLS} 里没有可结算的账单。", f"{place / BILLS} has no bill that can be settled.")
    if picture is not None:
        save_picture(picture, (*opening(shown), *cities(shown), *one_bill(shown, bill, brief=True), *trust(shown)))
        out().print(tell(lang, "picture", file=picture), soft_wrap=True)
        return
    console = laid_out()
    for part in (*opening(shown), *cities(shown), *refusals(shown), *one_bill(shown, bill), *draft(shown), *trust(shown)):
        console.print(part)
    console.print(heading(tell(lang, "next_title")))
    bills, people, path = (short(place / name) for name in (BILLS, PEOPLE, DRAFT))
    for command in showcase.next_commands(lang, bills, people, path, CITY):
        console.print(command, soft_wrap=True)
    rejected = [*shown.rejected, *shown.file.rejected]
    if rejected:
        console.print(rejects_table(lang, rejected, MOST))
    if rejected or shown.people.rejected:
        raise typer.Exit(REJECTED)


def settle_all(place: Path, lang: str) -> Demo:
    """Every bill of the folder under its city's policy."""
    people = open_people(place / PEOPLE if (place / PEOPLE).is_file() else None)
    file, policies = open_bills(place / BILLS, lang, ""), Policies(asked_for("auto", "", (), ()))
    shown = Demo(place, lang, file, people, [], [], Trust())
    for result in settle_bills(file.bills, policies.of, people, trial_lines(file)):
        if isinstance(result, Rejected):
            shown.rejected.append(result)
        else:
            shown.settled.append(result)
            shown.trust.add(result)
    return shown


def opening(shown: Demo) -> Iterator[RenderableType]:
    """What is settled."""
    yield showcase.opening(shown.lang, shown.settled)
    yield ""


def cities(shown: Demo) -> Iterator[RenderableType]:
    """The five cities side by side, and who pays."""
    tallies = showcase.by_city(shown.lang, shown.settled)
    yield heading(tell(shown.lang, "cities"))
    yield showcase.cities_table(shown.lang, tallies)
    yield showcase.payers_legend(shown.lang)
    yield showcase.payers_table(shown.lang, tallies)
    yield ""


def refusals(shown: Demo) -> Iterator[RenderableType]:
    """The bills that no fund pays."""
    refused = sum(one.receipt.outcome != codes.SETTLED for one in shown.settled)
    if refused:
        yield heading(tell(shown.lang, "refused_title", count=refused))
        yield showcase.refusals_list(shown.lang, shown.settled)
        yield ""


def one_bill(shown: Demo, number: str, brief: bool = False) -> Iterator[RenderableType]:
    """One bill step by step."""
    one = next((each for each in shown.settled if each.bill.number == number), None) or richest(shown.settled)
    yield heading(tell(shown.lang, "one_title"))
    yield f"{showcase.city_name(shown.lang, one)} · {showcase.bill_line(shown.lang, one)}"
    memo = memo_of(shown.place / BILLS, one.bill.number) if shown.lang == "zh" else ""
    if memo:
        yield Text(memo, style="dim")
    if one.receipt.outcome != codes.SETTLED:
        yield showcase.refusal_text(shown.lang, one)
    table, left_out = steps_ladder(shown.lang, one, brief)
    yield table
    if left_out:
        yield Text(tell(shown.lang, "steps_left_out", count=left_out, bill=one.bill.number), style="dim")
    yield ""


def memo_of(path: Path, number: str) -> str:
    """The remark that stands beside a bill in the file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line) if number in line else {}
        if row.get("bill_id") == number:
            return str(row.get("memo", ""))
    return ""


def richest(settled: list[Settled]) -> Settled:
    """The bill that most funds pay, and of these the dearest: the one worth explaining."""
    return max(settled, key=layers)


def layers(one: Settled) -> tuple[int, int]:
    """How many funds pay a bill, and how much."""
    fields = amounts(one.receipt, one.plan)
    return sum(fields[name] > 0 for name in FUND_FIELDS), one.receipt.fund


def draft(shown: Demo) -> Iterator[RenderableType]:
    """The bills of one city under its law and under a draft."""
    path, own = shown.place / DRAFT, [bill for bill in shown.file.bills if bill.city == CITY]
    if not own or not path.is_file():
        return
    first, second = (Policy(CITY, open_book(Asked(CITY, (), overlays, ()))) for overlays in ((), (path,)))
    comparison, lang = Comparison(MOST), shown.lang
    pairs = [one for one in compare(own, first, second, shown.people, trial_lines(shown.file)) if isinstance(one, Pair)]
    if not pairs:
        return
    for pair in pairs:
        comparison.add(pair)
    city = showcase.city_name(lang, pairs[0].first)
    yield heading(tell(lang, "compare_title", city=city, draft=showcase.draft_name(lang, path)))
    yield showcase.comparison_table(lang, comparison)
    winners, losers = comparison.winners(), comparison.losers()
    same = len(comparison.persons) - winners - losers
    yield tell(lang, "own_bills", city=city, bills=len(pairs)) + say(lang, "winners", winners=winners, losers=losers, same=same)
    yield showcase.cases_table(lang, comparison, MOST)


def trust(shown: Demo) -> Iterator[RenderableType]:
    """How far all this can be trusted."""
    yield Text(tell(shown.lang, "trust_title"), style="bold yellow")
    yield showcase.trust_counts(shown.lang, shown.trust.counts())
    yield tell(shown.lang, "trust_warning")
    yield ""
