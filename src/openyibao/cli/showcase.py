"""What the demo shows 演示画面: cities side by side, who pays, refusals, a draft's winners and losers, in 100 columns."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml
from rich import box
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from openyibao.cli.compare import signed
from openyibao.cli.show import grouped, trust_word
from openyibao.cli.texts import field, say
from openyibao.kernel import codes
from openyibao.kernel.refusals import refusal
from openyibao.policybook.units import TRUST
from openyibao.warehouse.bills import words
from openyibao.warehouse.bills.comparing import FIELDS, Comparison, Pair
from openyibao.warehouse.bills.settled import Settled
from openyibao.warehouse.bills.tally import Tally
from openyibao.warehouse.bills.values import day_text

PHRASES = {
    "opening": ("{bills} 张虚构账单，{persons} 人，五个市，{first} 至 {last}；每张按就诊当日该市的政策结算。",
                "{bills} invented bills, {persons} persons, {first} to {last}, each under its city's policy of the day."),
    "cities": ("五市结算汇总（元）", "The five cities (yuan)"),
    "all": ("五市合计", "together"),
    "check": ("逐单核对", "checked"),
    "payers": ("每百元由谁付", "Who pays of 100 yuan"),
    "refused_title": ("{count} 张不予支付，各有理由",
                      "{count} bills that no fund pays, each with its reason"),
    "one_title": ("一张账单，逐步说明", "One bill, step by step"),
    "one_bill": ("账单 {bill}，{person}，{kind}，{level}，{days}", "Bill {bill}, {person}, {kind}, {level}, {days}"),
    "steps_left_out": ("为零、重复的 {count} 步从略；settle 加 --bill {bill} 显示全部。",
                       "{count} steps that are zero or repeat a figure are left out; settle with --bill {bill} shows all."),
    "compare_title": ("换一份政策：{city}现行与“{draft}”（数字为演示虚构）",
                      "Another policy: {city} as it is, and \"{draft}\" (its figures are invented)"),
    "now": ("现行", "as it is"),
    "draft": ("草案", "draft"),
    "change": ("差额", "difference"),
    "most": ("增减最多", "most changed"),
    "own_bills": ("{city}的 {bills} 张账单逐单重算：", "{city}'s {bills} bills settled again: "),
    "trust_title": ("能否据此付款：不能", "May anyone be paid by this? No"),
    "trust_line": ("上面各数依据 {total} 个政策参数：{marks}。", "{total} policy parameters are behind these figures: {marks}."),
    "trust_warning": ("只有“规划”和“公开文件”见于原文。其余用于演示，不是任何市的规定；读过本市文件、换成原文数字之前，不得据此付款。",
                      "Only \"city plan\" and \"public document\" stand in a document. The rest is no city's rule; replace it first."),
    "picture": ("画面已写入 {file}", "The picture is in {file}"),
    "next_title": ("接着可以试", "Try next"),
    "next_settle": ("结算这些账单，各层金额写入表格文件", "settle the bills, every layer into a spreadsheet"),
    "next_bill": ("看另一张：低保对象，大病与救助", "another bill: low income, catastrophic insurance and aid"),
    "next_policy": ("看一个市某一天的政策、出处与可信度", "a city's policy on a day, with clause and trust mark"),
    "next_compare": ("把全部账单放到两份政策下对比，写出逐单差额", "put every bill under two policies, differences into a file"),
    "next_reform": ("同一个市，改革前后两天", "one city, before and after its reform"),
}
"""Everything the demo says beside the shared words, zh and en."""

LAYERS = ("hifp_pay", "hifob_pay", "hifmi_pay", "cvlserv_pay", "maf_pay", "hifes_pay", "oth_pay")
BARS = (
    (("hifp_pay",), "hifp_pay", "dodger_blue1"),
    (("hifob_pay", "hifmi_pay"), "", "green3"),
    (("cvlserv_pay", "maf_pay", "hifes_pay", "oth_pay"), "", "gold3"),
    (("acct_pay",), "acct_pay", "medium_purple1"),
    (("psn_cash_pay", "hosp_part_amt"), "psn_cash_pay", "indian_red"),
)
"""Payers of the bar: fields, the field that names them ("" = PAYERS), colour."""

PAYERS = {"hifob_pay": ("大额、大病", "large, catastrophic"), "cvlserv_pay": ("公务员、救助、惠民保", "supplement, aid")}
BAR_CELLS = 64


def tell(lang: str, key: str, **parts: object) -> str:
    """A phrase of the demo in the language."""
    zh, en = PHRASES[key]
    return (zh if lang == "zh" else en).format(**parts)


def heading(title: str) -> Text:
    """A section's title."""
    return Text(title, style="bold")


def opening(lang: str, results: Sequence[Settled]) -> Text:
    """How many bills, persons and days."""
    days = [one.claim.day for one in results]
    persons = len({one.bill.person for one in results})
    return Text(tell(lang, "opening", bills=len(results), persons=persons, first=day_text(min(days)), last=day_text(max(days))))


def city_name(lang: str, settled: Settled) -> str:
    """The city in the language, 安康市 as 安康."""
    book = settled.policy.book
    return book.name.removesuffix("市") if lang == "zh" else book.name_en


def by_city(lang: str, results: Sequence[Settled]) -> dict[str, Tally]:
    """Sums of each city in the order of the file, by the city's name."""
    tallies: dict[str, Tally] = {}
    for one in results:
        tallies.setdefault(city_name(lang, one), Tally()).add(one)
    return tallies


def cities_table(lang: str, tallies: Mapping[str, Tally]) -> Table:
    """One column per city: bills, layers, persons, and how many bills add up; layers that pay nothing anywhere have no row."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1), header_style="bold")
    table.add_column("", no_wrap=True)
    for name in (*tallies, tell(lang, "all")):
        table.add_column(name, justify="right", no_wrap=True)
    every = list(tallies.values())
    counts = {
        "bills": [one.bills for one in every], "settled": [one.bills - one.refused for one in every],
        "refused": [one.refused for one in every], "persons": [len(one.persons) for one in every],
    }  # fmt: skip
    for key, numbers in counts.items():
        table.add_row(say(lang, key), *(f"{number:,}" for number in (*numbers, sum(numbers))), end_section=key == "persons")
    for name in ("medfee_sumamt", "inscp_scp_amt", *LAYERS, "fund_pay_sumamt", "acct_pay", "psn_cash_pay", "hosp_part_amt"):
        sums = [one.total(name) for one in every]
        if any(sums):
            style = "bold" if name in ("medfee_sumamt", "fund_pay_sumamt") else ""
            last = name in ("inscp_scp_amt", "fund_pay_sumamt", "hosp_part_amt")
            table.add_row(field(lang, name), *(grouped(fen) for fen in (*sums, sum(sums))), style=style, end_section=last)
    sound = [one.bills - len(one.broken) for one in every]
    table.add_row(tell(lang, "check"), *(f"{good}/{one.bills} {mark(good, one)}" for good, one in zip(sound, every, strict=True)),
                  f"{sum(sound)}/{sum(counts['bills'])} {'[green]✓[/]' if sum(sound) == sum(counts['bills']) else '[red]✗[/]'}")
    return table


def mark(good: int, tally: Tally) -> str:
    """A tick where every bill of the city adds up."""
    return "[green]✓[/]" if good == tally.bills else "[red]✗[/]"


def payer_name(lang: str, fields: tuple[str, ...], named: str) -> str:
    """The word of a part of the bar."""
    if named:
        return field(lang, named)
    zh, en = PAYERS[fields[0]]
    return zh if lang == "zh" else en


def payers_legend(lang: str) -> Text:
    """What the colours of the bars mean."""
    legend = Text(tell(lang, "payers"))
    for fields, named, colour in BARS:
        legend.append(f"  ■ {payer_name(lang, fields, named)}", style=colour)
    return legend


def payers_table(lang: str, tallies: Mapping[str, Tally]) -> Table:
    """Who pays of each hundred yuan: a bar per city and the shares in its order."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), show_header=False)
    for _ in range(3):
        table.add_column(no_wrap=True)
    for name, tally in tallies.items():
        shares = [sum(tally.total(one) for one in fields) for fields, _, _ in BARS]
        table.add_row(name, bar_of(shares), Text(" ".join(f"{100 * share / sum(shares):3.0f}" for share in shares), style="dim"))
    return table


def bar_of(shares: Sequence[int]) -> Text:
    """A bar of BAR_CELLS cells cut in proportion; the cuts are rounded on the running sum, so that the bar is always full."""
    text, done, before = Text(), 0, 0
    for share, (_, _, colour) in zip(shares, BARS, strict=True):
        done += share
        upto = (2 * done * BAR_CELLS + sum(shares)) // (2 * sum(shares))
        text.append("█" * (upto - before), style=colour)
        before = upto
    return text


def refusals_list(lang: str, results: Sequence[Settled]) -> Table:
    """Each reason with its code, the first clause of its sentence, and how many bills."""
    counts = Counter(one.receipt.outcome for one in results if one.receipt.outcome != codes.SETTLED)
    table = Table(box=None, pad_edge=False, padding=(0, 1), show_header=False)
    for _ in range(3):
        table.add_column()
    for outcome, count in sorted(counts.items()):
        why = refusal(outcome)
        sentence = why.sentence.split("。")[0] if lang == "zh" else why.sentence_en.split(". ")[0].rstrip(".")
        table.add_row(f"[red]{why.code}[/]", f"×{count}", sentence)
    return table


def refusal_text(lang: str, one: Settled) -> Text:
    """The sentence and clause of a refused bill."""
    why = refusal(one.receipt.outcome)
    return Text(f"{why.code} {why.sentence if lang == 'zh' else why.sentence_en} {why.clause}", style="red")


def bill_line(lang: str, one: Settled) -> str:
    """The explained bill in one line."""
    claim = one.claim
    days = dict.fromkeys(day_text(day) for day in (claim.admitted or claim.day, claim.day))
    return tell(lang, "one_bill", bill=one.bill.number, person=one.bill.person, days=(" 至 " if lang == "zh" else " to ").join(days),
                kind=words.name(words.KIND_NAMES, one.receipt.kind, lang), level=words.name(words.LEVEL_NAMES, claim.level, lang))


def draft_name(lang: str, path: Path) -> str:
    """A draft's own name, from its file."""
    stated = yaml.safe_load(path.read_text(encoding="utf-8")).get("overlay", {})
    return str(stated.get("name" if lang == "zh" else "name_en", path.name))


def comparison_table(lang: str, comparison: Comparison) -> Table:
    """Sums of every layer that changes, under both policies."""
    whole = comparison.whole
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="bold")
    table.add_column("")
    for key in ("now", "draft", "change"):
        table.add_column(tell(lang, key), justify="right", no_wrap=True)
    for name in FIELDS:
        if whole.differences[name]:
            table.add_row(field(lang, name), grouped(whole.before[name]), grouped(whole.after[name]), signed(whole.differences[name]))
    return table


def cases_table(lang: str, comparison: Comparison, most: int) -> Table:
    """The biggest losses and gains: what the person pays now, under the draft, and the difference."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="bold")
    for key in ("bill", "day", "kind", "level"):
        table.add_column(tell(lang, "most") if key == "bill" else say(lang, key), no_wrap=True)
    for key in ("now", "draft", "change"):
        table.add_column(tell(lang, key), justify="right", no_wrap=True)
    for pair in (*comparison.losses()[:most], *comparison.gains()[:most]):
        table.add_row(*case_cells(lang, pair))
    return table


def case_cells(lang: str, pair: Pair) -> tuple[str, ...]:
    """One changed bill."""
    claim, before, after = pair.first.claim, pair.before["psn_part_amt"], pair.after["psn_part_amt"]
    kind, level = words.name(words.KIND_NAMES, claim.kind, lang), words.name(words.LEVEL_NAMES, claim.level, lang)
    colour = "red" if pair.loss > 0 else "green"
    return (escape(pair.first.bill.number), day_text(claim.day), kind, level, grouped(before), grouped(after),
            f"[{colour}]{signed(pair.loss)}[/]")


def trust_counts(lang: str, counts: Mapping[str, int]) -> str:
    """How many parameters of each mark, best first."""
    marks = " · ".join(f"{short_mark(trust_word(lang, name))} {counts[name]}" for name in TRUST if counts.get(name))
    return tell(lang, "trust_line", total=sum(counts.values()), marks=marks)


def short_mark(word: str) -> str:
    """A trust mark in a list: 转引，未核 as 转引未核, so that the list's own commas stand out."""
    return word.replace("，非本市规定", "").replace("，", "").replace(", not verified", "").replace(", to be verified", "").replace(
        ", not the city's rule", "")


def next_commands(lang: str, bills: str, people: str, draft: str, city: str) -> Iterator[str]:
    """Commands to try, each with what it does."""
    files = f"{bills} --people {people}"
    yield from (
        f"[dim]# {tell(lang, key)}[/]\n{escape(command)}"
        for key, command in (
            ("next_settle", f"openyibao settle {files} --out results.csv"),
            ("next_bill", f"openyibao settle {files} --bill AK-0002-03"),
            ("next_policy", "openyibao policy show ankang --on 2021-06-11 --subject large_amount"),
            ("next_compare", f"openyibao compare {files} --policy {city} --policy {city}+{draft} --out differences.csv"),
            ("next_reform", "openyibao policy diff wuhan@2023-01-31 wuhan@2023-02-01"),
        )
    )

