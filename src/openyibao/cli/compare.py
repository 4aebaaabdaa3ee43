"""`openyibao compare`: one file of bills under two policies; who pays more or less, exact to the fen, and the hardest cases."""

import csv
import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from openyibao.cli.console import INTERNAL, REJECTED, bar, check_lang, fail, out
from openyibao.cli.files import cannot_write, check_targets, format_for, keep_apart, part_of
from openyibao.cli.session import names_of, open_bills, open_people, other_cities, rule_set, spec, trial_lines
from openyibao.cli.show import grouped, refusal_lines, rejects_table, steps_table, title_of
from openyibao.cli.texts import field, say
from openyibao.cli.trust import Trust, steps_of, trust_lines
from openyibao.policybook.book import PolicyError
from openyibao.warehouse.bills import words
from openyibao.warehouse.bills.comparing import FIELDS, Comparison, Group, Pair, compare, pair_record
from openyibao.warehouse.bills.reading import BillFile, Rejected
from openyibao.warehouse.bills.reversal import Reversal
from openyibao.warehouse.bills.settled import Policy, Settled
from openyibao.warehouse.bills.tally import Tally
from openyibao.warehouse.bills.values import day_text

REJECT_ROWS = 20
NAMES = words.SCHEME_NAMES, words.STATUS_NAMES, words.AID_NAMES, words.KIND_NAMES, words.LEVEL_NAMES


def signed(fen: int) -> str:
    """Yuan with a sign."""
    return ("+" if fen > 0 else "") + grouped(fen)


def group_name(lang: str, name: str) -> str:
    """A group in the language."""
    for table in NAMES:
        for english, chinese in table.values():
            if english == name:
                return chinese if lang == "zh" else english
    return name


def layers_table(lang: str, whole: Group, first: str, second: str) -> Table:
    """Sums by layer under each policy."""
    table = Table(title=say(lang, "compare_title", a=first, b=second), title_justify="left")
    table.add_column(say(lang, "field"))
    for title in ("A" if lang == "en" else "甲", "B" if lang == "en" else "乙", say(lang, "difference")):
        table.add_column(title, justify="right")
    for name in FIELDS:
        if whole.before[name] or whole.after[name]:
            table.add_row(field(lang, name), grouped(whole.before[name]), grouped(whole.after[name]), signed(whole.differences[name]),
                          end_section=name in ("oth_pay", "hosp_part_amt"))
    return table


def groups_table(lang: str, dimension: str, comparison: Comparison) -> Table:
    """One dimension: bills, who pays less or more, and the person's and the funds' difference."""
    table = Table(title=say(lang, "by", what=say(lang, dimension)), title_justify="left")
    table.add_column(say(lang, "group"))
    for key in ("bills", "gain", "lose"):
        table.add_column(say(lang, key), justify="right")
    for key in ("person_pays", "funds_pay"):
        table.add_column(f"{say(lang, key)} {say(lang, 'difference')}", justify="right")
    for (kind, name), group in sorted(comparison.groups.items()):
        if kind == dimension:
            table.add_row(group_name(lang, name), f"{group.bills:,}", f"{group.gain:,}", f"{group.lose:,}",
                          signed(group.differences["psn_part_amt"]), signed(group.differences["fund_pay_sumamt"]))
    return table


def cases_table(lang: str, key: str, pairs: list[Pair]) -> Table:
    """The biggest losses or gains."""
    table = Table(title=say(lang, key), title_justify="left")
    for column in ("bill", "person", "day", "kind", "level"):
        table.add_column(say(lang, column))
    for title in ("A" if lang == "en" else "甲", "B" if lang == "en" else "乙", say(lang, "difference")):
        table.add_column(title, justify="right")
    for pair in pairs:
        one = pair.first
        table.add_row(one.bill.number, one.bill.person, day_text(one.claim.day), words.name(words.KIND_NAMES, one.claim.kind, lang),
                      words.name(words.LEVEL_NAMES, one.claim.level, lang), grouped(pair.before["psn_part_amt"]),
                      grouped(pair.after["psn_part_amt"]), signed(pair.loss))
    return table


def side_by_side(console: Console, lang: str, pair: Pair) -> None:
    """Both explanations of one bill, the second under the first when the terminal is narrow."""
    for key, settled in (("side_a", pair.first), ("side_b", pair.second)):
        console.print(steps_table(lang, f"{say(lang, key, name=settled.policy.name)} · {title_of(lang, settled)}", steps_of(settled)))
        refusal_lines(console, lang, settled)


class PairWriter:
    """The comparison's own file, CSV or JSON Lines, one row per bill."""

    def __init__(self, path: Path, kind: str) -> None:
        """Open it under a temporary name."""
        if kind == "parquet":
            fail("compare 写 csv 或 jsonl。", "compare writes csv or jsonl.")
        self.path, self.kind, self.part = path, kind, part_of(path)
        self.file = self.part.open("w", encoding="utf-8-sig" if kind == "csv" else "utf-8", newline="" if kind == "csv" else "\n")
        self.rows: csv.DictWriter[str] | None = None

    def write(self, record: dict[str, Any]) -> None:
        """Add one row."""
        if self.kind == "jsonl":
            self.file.write(json.dumps(record, ensure_ascii=False) + "\n")
            return
        if self.rows is None:
            self.rows = csv.DictWriter(self.file, list(record), lineterminator="\n")
            self.rows.writeheader()
        self.rows.writerow(record)

    def __enter__(self) -> "PairWriter":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.file.close()
        if self.part == self.path:
            return
        if kind is None:
            self.part.replace(self.path.resolve())
        else:
            self.part.unlink()


class Side:
    """One of the two policies: what settled under it, and how far that can be trusted."""

    def __init__(self, policy: Policy) -> None:
        """Nothing settled yet."""
        self.policy, self.tally, self.trust = policy, Tally(), Trust()

    def add(self, settled: Settled) -> None:
        """Note one bill."""
        self.tally.add(settled)
        self.trust.add(settled)

    def notes(self, lang: str, key: str) -> Iterator[str]:
        """What `settle` would say under its tables: policy, trust, readings, the book's cautions."""
        name = self.policy.name
        yield f"{say(lang, key, name=name)} · {say(lang, 'policy', name=name, digest=self.policy.book.digest[:12])}"
        yield from trust_lines(lang, self.trust, self.tally, {name: self.policy})
        if self.tally.broken:
            yield f"[red]{say(lang, 'identity_broken', bills=' '.join(self.tally.broken[:20]))}[/]"


Sides = tuple[Side, Side]


def pairs_of(
    results: Iterator[Pair | Rejected], comparison: Comparison, sides: Sides, writer: PairWriter | None, explained: set[str]
) -> Iterator[Pair]:
    """Count and write every pair; yield those to explain."""
    for result in results:
        if isinstance(result, Rejected):
            comparison.rejected.append(result)
            continue
        comparison.add(result)
        sides[0].add(result.first)
        sides[1].add(result.second)
        if writer is not None:
            writer.write(pair_record(result))
        if result.first.bill.number in explained:
            yield result


def report(console: Console, lang: str, comparison: Comparison, first: str, second: str) -> None:
    """All tables and the check line."""
    whole = comparison.whole
    console.print(layers_table(lang, whole, first, second))
    for dimension in ("scheme", "class", "kind", "level"):
        console.print(groups_table(lang, dimension, comparison))
    for key, pairs in (("losses", comparison.losses()), ("gains", comparison.gains())):
        if pairs:
            console.print(cases_table(lang, key, pairs))
    winners, losers = comparison.winners(), comparison.losers()
    console.print(say(lang, "winners", winners=winners, losers=losers, same=len(comparison.persons) - winners - losers))
    console.print(say(lang, "refused_pair", a=comparison.refused[0], b=comparison.refused[1]))
    if whole.closes():
        console.print(say(lang, "total_check", fields=len(FIELDS)))
    else:
        console.print(say(lang, "total_broken"), style="red")
    if comparison.rejected:
        console.print(rejects_table(lang, comparison.rejected, REJECT_ROWS))


def reversals(file: BillFile, comparison: Comparison) -> int:
    """How many reversals of the file acted."""
    aside = {rejected.line for rejected in comparison.rejected}
    return sum(isinstance(event, Reversal) and event.line not in aside for event in file.bills)


def compare_command(
    bills: Path = typer.Argument(help="Bill file 账单文件."),
    policy: list[str] = typer.Option([], "--policy", help="Twice: city, city+overlay.yaml, city~reading, city@day."),
    people: Path | None = typer.Option(None, "--people", help="People file 参保人文件."),
    readings: str = typer.Option("", "--readings", help="Readings for both policies."),
    rule_sets: list[str] = typer.Option([], "--rule-set", help="Rule set for both policies, name:from:to."),
    hardest: int = typer.Option(10, "--hardest", min=0, max=1000, help="How many hardest cases to list."),
    explain: bool = typer.Option(False, "--explain", help="Explain the single hardest loss and gain under both policies."),
    bill: list[str] = typer.Option([], "--bill", help="Explain this bill_id under both policies (repeatable)."),
    out_file: Path | None = typer.Option(None, "--out", help="File with every bill under both policies."),
    kind: str | None = typer.Option(None, "--format", help="csv or jsonl."),
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
    level: str = typer.Option("", "--level", help="Institution level for rows that state none."),
) -> None:
    """Settle a file under two policies and compare 政策对比."""
    check_lang(lang)
    if len(policy) != 2:
        fail("请写两个 --policy（甲、乙）。", "Give --policy twice: A and B.")
    common = names_of(readings), tuple(rule_set(text) for text in rule_sets)
    first, second = (spec(text, *common) for text in policy)
    if first.name == second.name:
        second = second._replace(name=second.name + "′")
    check_targets(out_file)
    keep_apart(out_file, bills, people)
    persons, file = open_people(people), open_bills(bills, lang, level)
    console, comparison = out(), Comparison(hardest)
    comparison.rejected += file.rejected
    writer = PairWriter(out_file, format_for(out_file, kind)) if out_file is not None else None
    results = compare(file.bills, first, second, persons, trial_lines(file))
    asked: list[Pair] = []
    sides = Side(first), Side(second)
    try:
        with writer or nullcontext(), bar(say(lang, "settling"), len(file.bills)):
            asked += pairs_of(results, comparison, sides, writer, set(bill))
    except PolicyError as error:
        fail(str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        cannot_write(out_file, error)
    if comparison.whole.bills == 0:
        console.print(say(lang, "nothing"))
    else:
        report(console, lang, comparison, first.name, second.name)
        for key, side in (("side_a", sides[0]), ("side_b", sides[1])):
            for note in side.notes(lang, key):
                console.print(note)
    strange = other_cities(file, first.book.city, second.book.city)
    if strange:
        cities = " / ".join(dict.fromkeys((first.book.city, second.book.city)))
        console.print(f"[yellow]{say(lang, 'other_city', count=strange, city=cities)}[/]")
    count = reversals(file, comparison)
    if count:
        console.print(say(lang, "reversed_pair", count=count))
    if explain:
        asked += [*comparison.losses()[:1], *comparison.gains()[:1]]
    for pair in asked:
        side_by_side(console, lang, pair)
    if out_file is not None:
        console.print(say(lang, "written", count=f"{comparison.whole.bills:,}", file=out_file), soft_wrap=True)
    if not comparison.whole.closes() or any(side.tally.broken for side in sides):
        raise typer.Exit(INTERNAL)
    if comparison.rejected:
        raise typer.Exit(REJECTED)
