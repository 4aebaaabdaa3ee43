"""`openyibao settle`: a file of bills in, every bill's result out, with a summary and, when asked, the steps of each bill."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import typer
from rich.console import Console

from openyibao.cli.console import INTERNAL, INTERRUPTED, REJECTED, bar, check_lang, err, fail, out
from openyibao.cli.files import STDOUT, Target, cannot_write, check_targets, format_for, keep_apart, straight, write_lines
from openyibao.cli.session import Policies, asked_for, open_bills, open_people, other_cities, trial_lines
from openyibao.cli.show import bills_table, refusal_lines, refusals_table, rejects_table, steps_table, summary_table, title_of
from openyibao.cli.texts import say
from openyibao.cli.trust import Trust, steps_of, trust_lines
from openyibao.kernel.settle.cascade import settle as plain_law
from openyibao.warehouse.bills.people import NOBODY, People
from openyibao.warehouse.bills.problems import yuan
from openyibao.warehouse.bills.reading import BillFile, Rejected
from openyibao.warehouse.bills.recheck import Recheck
from openyibao.warehouse.bills.reply import rejection, reply
from openyibao.warehouse.bills.results import record_of, reject_record
from openyibao.warehouse.bills.settled import Law, Settled
from openyibao.warehouse.bills.settling import settle_bills
from openyibao.warehouse.bills.tally import Tally

TABLE_ROWS = 40
"""Bills that the table shows when no file is asked for."""

REJECT_ROWS = 20


class Job(NamedTuple):
    """One run of the command."""

    bills: Path
    file: BillFile
    policies: Policies
    people: People
    lang: str
    explain: bool
    only: tuple[str, ...]
    law: Law
    compiled: bool = False
    replay: bool = True


class Outcome:
    """What a run came to."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.tally = Tally()
        self.trust = Trust()
        self.rejected: list[Rejected] = []
        self.first: list[Settled] = []
        self.explained: set[str] = set()
        self.interrupted = False
        self.trials = 0
        self.recheck = Recheck()
        self.differing: list[str] = []


def settled_of(job: Job, outcome: Outcome) -> Iterator[Settled]:
    """Every settled bill in order; rejects are kept aside."""
    trials = trial_lines(job.file)
    run = settle_bills(job.file.bills, job.policies.of, job.people, trials, job.law, job.replay)
    with bar(say(job.lang, "settling"), len(job.file.bills)) as shown:
        for done, result in enumerate(run):
            if done % 256 == 0:
                shown.at(done)
            if isinstance(result, Rejected):
                outcome.rejected.append(result)
                continue
            trial = result.bill.line in trials
            outcome.trials += trial
            if not trial:       # what a trial answers is nobody's money
                outcome.tally.add(result)
            outcome.trust.add(result)
            if job.compiled:
                outcome.recheck.add(result, trial)
            yield result


def run(job: Job, target: Target | None, console: Console) -> Outcome:
    """Settle, write and explain; Ctrl-C ends the run with what is written so far."""
    outcome = Outcome()
    outcome.rejected += job.file.rejected
    try:
        for settled in settled_of(job, outcome):
            show_or_write(job, outcome, settled, target, console)
    except KeyboardInterrupt:
        outcome.interrupted = True
    if target is not None:
        for rejected in outcome.rejected:
            request = job.file.messages.get(rejected.line)
            if request is not None:
                target.write(rejection(rejected, request))
    return outcome


def show_or_write(job: Job, outcome: Outcome, settled: Settled, target: Target | None, console: Console) -> None:
    """One bill to the file, to the table, and to its explanation."""
    if target is not None:
        target.write(answer(job, settled))
    elif len(outcome.first) < TABLE_ROWS and not job.explain:
        outcome.first.append(settled)
    if job.explain and (not job.only or asked_numbers(settled) & set(job.only)):
        outcome.explained |= asked_numbers(settled)
        explain_document(job.lang, settled, console)


def asked_numbers(settled: Settled) -> set[str]:
    """The numbers under which --bill finds a document: its own, and the bill's for a document of a replay (A3 for A3#2)."""
    number = settled.bill.number
    return {number, number.rpartition("#")[0]} if settled.because else {number}


def explain_document(lang: str, settled: Settled, console: Console) -> None:
    """The steps of a bill; of a mirror only what it takes back, since nothing is computed again."""
    if settled.reverses:
        receipt = settled.receipt
        key = "because_of" if settled.because else "takes_back"
        console.print(say(lang, key, bill=settled.bill.number, reverses=settled.reverses, because=settled.because,
                          funds=yuan(receipt.fund), person=yuan(receipt.person), account=yuan(receipt.account + receipt.family)),
                      markup=False)
        return
    console.print(steps_table(lang, title_of(lang, settled), steps_of(settled)))
    refusal_lines(console, lang, settled)


def answer(job: Job, settled: Settled) -> dict[str, Any]:
    """The record of a bill: a national reply where it came as a national request."""
    request = job.file.messages.get(settled.bill.line)
    return record_of(settled, job.lang) if request is None else reply(settled, request)


def report(job: Job, outcome: Outcome, console: Console) -> None:
    """Tables and notes after a run."""
    lang, tally = job.lang, outcome.tally
    if outcome.first:
        console.print(bills_table(lang, outcome.first))
        if tally.documents > len(outcome.first):
            console.print(say(lang, "more", count=tally.documents - len(outcome.first)))
    if outcome.trials:
        console.print(say(lang, "trials", count=outcome.trials))
    if tally.bills == 0 and outcome.trials == 0:
        console.print(say(lang, "nothing"))
    elif tally.bills:
        console.print(summary_table(lang, tally))
        counts = (("settled", tally.bills - tally.refused), ("refused", tally.refused), ("rejected", len(outcome.rejected)),
                  ("persons", len(tally.persons)),
                  *((key, count) for key, count in (("reversed", tally.reversed), ("replayed", tally.replayed)) if count))
        console.print(" · ".join(f"{say(lang, key)} {count:,}" for key, count in counts))
    if tally.refused:
        console.print(refusals_table(lang, tally))
    if outcome.rejected:
        console.print(rejects_table(lang, outcome.rejected, REJECT_ROWS))
    for number in job.only:
        if number not in outcome.explained:
            console.print(say(lang, "not_found", bill=number), style="red", markup=False)
    for note in notes(job, outcome):
        console.print(note)


def notes(job: Job, outcome: Outcome) -> Iterator[str]:
    """The lines under the tables: identities, policies, readings, trust, order, people."""
    lang, tally = job.lang, outcome.tally
    if tally.broken:
        yield f"[red]{say(lang, 'identity_broken', bills=' '.join(tally.broken[:20]))}[/]"
    elif tally.bills:
        key = "identity_ok_mirrors" if tally.documents > tally.bills else "identity_ok"
        yield say(lang, key, bills=f"{tally.bills:,}", more=f"{tally.documents - tally.bills:,}")
    if tally.bills:
        digests = {name: job.policies.loaded[name].book.digest[:12] for name in sorted(tally.policies)}
        yield " · ".join(say(lang, "policy", name=name, digest=digest) for name, digest in digests.items())
        yield from trust_lines(lang, outcome.trust, tally, job.policies.loaded)
    if job.compiled and tally.bills:
        differing = outcome.differing = outcome.recheck.differing()
        key = "compiled_differs" if differing else "compiled_agrees"
        yield say(lang, key, bills=" ".join(differing[:20]) if differing else f"{tally.bills + tally.replayed:,}")
    if tally.reversed:
        yield say(lang, "with_replay" if job.replay else "without_replay", reversed=tally.reversed, replayed=tally.replayed)
    if job.policies.fixed and (strange := other_cities(job.file, job.policies.asked.city)):
        yield f"[yellow]{say(lang, 'other_city', count=strange, city=job.policies.asked.city)}[/]"
    if job.file.persons_sorted:
        yield say(lang, "sorted", count=job.file.persons_sorted)
    if job.people is not NOBODY:
        strangers = len(tally.persons - set(job.people.by_number))
        if strangers:
            yield say(lang, "unknown_people", count=strangers)
        if job.people.rejected:
            yield say(lang, "people_rejected", count=len(job.people.rejected))
    robbed = tally.persons & {rejected.person for rejected in outcome.rejected}
    if robbed:
        yield f"[yellow]{say(lang, 'without_rejected', count=len(robbed))}[/]"


def rejects_path(asked: Path | None, target: Path | None) -> Path | None:
    """Where rejects go: as asked, else beside the result, else nowhere (the table shows them)."""
    if asked is not None:
        return asked
    if target is None or straight(target):
        return None
    return target.with_name(target.name + ".rejects.jsonl")


def reject_records(job: Job, outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Rows of the rejects file: bills first, then rows of the people file."""
    rows = {one.line: one for one in outcome.rejected}
    for line in sorted(rows):
        yield reject_record(rows[line])
    for row, problem in job.people.rejected:
        yield {**reject_record(Rejected(row.number, "", "", problem, row.cells)), "file": "people"}


def settle(
    bills: Path = typer.Argument(help="Bill file 账单文件: .jsonl, .csv or .parquet."),
    city: str = typer.Option("auto", "--city", help="City 统筹区; auto = the bill's own column."),
    people: Path | None = typer.Option(None, "--people", help="People file 参保人文件."),
    explain: bool = typer.Option(False, "--explain", help="Show each bill's steps 逐步说明."),
    bill: list[str] = typer.Option([], "--bill", help="Explain only this bill_id (repeatable)."),
    readings: str = typer.Option("", "--readings", help="Alternative readings 口径, comma-separated."),
    policy: list[Path] = typer.Option([], "--policy", help="Overlay file 叠加政策 (repeatable)."),
    rule_set: list[str] = typer.Option([], "--rule-set", help="Emergency rule set name:from:to (repeatable)."),
    out_file: Path | None = typer.Option(None, "--out", help="Result file; - for standard output."),
    kind: str | None = typer.Option(None, "--format", help="jsonl, csv or parquet."),
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
    rejects: Path | None = typer.Option(None, "--rejects", help="File for rows set aside 退回文件."),
    level: str = typer.Option("", "--level", help="Institution level for rows that state none."),
    compiled: bool = typer.Option(False, "--compiled/--plain", help="Settle again with the compiled law and compare every layer."),
    replay: bool = typer.Option(True, "--replay/--no-replay", help="After a reversal, settle the person's later bills again 重放."),
) -> None:
    """Settle a file of bills 逐单结算."""
    check_lang(lang)
    asked_out = out_file if out_file is not None or kind is None else STDOUT
    aside = rejects_path(rejects, asked_out)
    check_targets(asked_out, aside)
    policies = Policies(asked_for(city, readings, policy, rule_set))
    persons = open_people(people)
    file = open_bills(bills, lang, level)
    shape = format_for(out_file, kind)
    if file.messages and shape != "jsonl":
        fail("接口报文的应答只能写成 jsonl。", "Replies to national messages can be written as jsonl only.")
    keep_apart(asked_out, rejects, bills, people)
    target = Target(asked_out, shape) if asked_out is not None else None
    console = err() if asked_out == STDOUT else out()
    job = Job(bills, file, policies, persons, lang, explain or bool(bill), tuple(bill), plain_law, compiled, replay)
    try:
        try:
            outcome = run(job, target, console)
        except BaseException:
            if target is not None:
                target.abandon()
            raise
        finish(job, outcome, target, aside, console)
    except BrokenPipeError:
        raise
    except OSError as error:
        cannot_write(asked_out or aside, error)


def tally_broken(outcome: Outcome) -> bool:
    """Whether a bill does not add up, or the compiled law answers otherwise: our fault, exit code 1."""
    return bool(outcome.tally.broken or outcome.differing)


def finish(job: Job, outcome: Outcome, target: Target | None, aside: Path | None, console: Console) -> None:
    """Move files into place, report, and end with the exit code."""
    lang = job.lang
    place = None
    if target is not None:
        place = target.abandon() if outcome.interrupted else target.finish()
    report(job, outcome, console)
    if target is not None and place is not None and place != STDOUT:
        console.print(say(lang, "partial" if outcome.interrupted else "written", count=f"{target.count:,}", file=place), soft_wrap=True)
    refused_rows = len(outcome.rejected) + len(job.people.rejected)
    if aside is not None:
        count = write_lines(aside, reject_records(job, outcome))
        if count:
            console.print(say(lang, "rejects_file", count=count, file=aside), soft_wrap=True)
    if tally_broken(outcome):
        raise typer.Exit(INTERNAL)
    if outcome.interrupted:
        raise typer.Exit(INTERRUPTED)
    if refused_rows:
        raise typer.Exit(REJECTED)

