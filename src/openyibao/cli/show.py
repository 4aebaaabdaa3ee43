"""Tables 表格: bills, summary, rejects, explanations, as rich renders them."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from openyibao.cli.texts import SHOWN_FIELDS, field, say
from openyibao.kernel import codes
from openyibao.kernel.explained.steps import Step
from openyibao.kernel.refusals import refusal
from openyibao.policybook.national import amounts
from openyibao.policybook.units import TRUST
from openyibao.warehouse.bills import words
from openyibao.warehouse.bills.problems import shown, yuan
from openyibao.warehouse.bills.reading import Rejected
from openyibao.warehouse.bills.settling import Settled
from openyibao.warehouse.bills.tally import Tally
from openyibao.warehouse.bills.values import day_text

ROW_FIELDS = ("medfee_sumamt", "inscp_scp_amt", "act_pay_dedc", "hifp_pay", "hifob_pay", "hifmi_pay", "cvlserv_pay", "maf_pay",
              "hifes_pay", "oth_pay", "fund_pay_sumamt", "hosp_part_amt", "psn_part_amt", "acct_pay", "psn_cash_pay")
ALWAYS = ("medfee_sumamt", "inscp_scp_amt", "fund_pay_sumamt", "psn_part_amt")

TRUST_STYLE = {"seed": "green", "doc": "green", "compiled": "yellow", "recalled": "dark_orange", "illustrative": "red"}


def grouped(fen: int) -> str:
    """Yuan with thousands marks."""
    whole, cents = yuan(fen).split(".")
    return f"{int(whole):,}.{cents}" if whole not in ("-0",) else f"-0.{cents}"


def trust_word(lang: str, mark: str) -> str:
    """A trust mark in words, coloured."""
    zh, en = TRUST.get(mark, (mark, mark))
    style = TRUST_STYLE.get(mark)
    word = zh if lang == "zh" else en
    return f"[{style}]{word}[/]" if style else word


def outcome_word(lang: str, settled: Settled) -> str:
    """`settled`, `reversed`, `replayed`, or the refusal's code."""
    if settled.reverses:
        return say(lang, "reversed")
    if settled.receipt.outcome == codes.SETTLED:
        return say(lang, "replayed" if settled.replaces else "settled")
    return f"[red]{refusal(settled.receipt.outcome).code}[/]"


def bills_table(lang: str, listed: Sequence[Settled]) -> Table:
    """One row per bill; payers that pay nothing on any of them have no column."""
    figures = [amounts(settled.receipt, settled.plan) for settled in listed]
    fields = [name for name in ROW_FIELDS if name in ALWAYS or any(row[name] for row in figures)]
    table = Table(title=say(lang, "results"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for key in ("bill", "person", "day", "kind", "level"):
        table.add_column(say(lang, key), overflow="fold")
    for name in fields:
        table.add_column(field(lang, name), justify="right", overflow="fold")
    table.add_column(say(lang, "outcome"), overflow="fold")
    for settled, row in zip(listed, figures, strict=True):
        table.add_row(
            escape(shown(settled.bill.number)), escape(shown(settled.bill.person)), day_text(settled.bill.day),
            words.name(words.KIND_NAMES, settled.receipt.kind, lang), words.name(words.LEVEL_NAMES, settled.claim.level, lang),
            *(grouped(row[name]) for name in fields), outcome_word(lang, settled),
        )  # fmt: skip
    return table


def summary_table(lang: str, tally: Tally) -> Table:
    """Sums per layer, by scheme and together; fields that are zero everywhere are left out."""
    table = Table(title=say(lang, "summary"), title_justify="left")
    table.add_column(say(lang, "field"))
    for key in ("employee", "resident", "both"):
        table.add_column(say(lang, key), justify="right")
    counts = (tally.counts[codes.EMPLOYEE], tally.counts[codes.RESIDENT], tally.bills)
    table.add_row(say(lang, "bills"), *(f"{count:,}" for count in counts), end_section=True)
    for name in SHOWN_FIELDS:
        if name == "balc":
            continue
        sums = (tally.sums[codes.EMPLOYEE][name], tally.sums[codes.RESIDENT][name], tally.total(name))
        if any(sums) or name in ("medfee_sumamt", "hifp_pay"):
            table.add_row(field(lang, name), *(grouped(fen) for fen in sums), end_section=name in ("inscp_scp_amt", "fund_pay_sumamt"))
    return table


def refusals_table(lang: str, tally: Tally) -> Table:
    """How many bills were refused, by reason."""
    table = Table(title=say(lang, "refused_rows"), title_justify="left")
    for key in ("code", "reason", "clause", "bills"):
        table.add_column(say(lang, key), justify="right" if key == "bills" else "left")
    for outcome, count in sorted(tally.outcomes.items()):
        if outcome != codes.SETTLED:
            why = refusal(outcome)
            sentence = why.sentence if lang == "zh" else why.sentence_en
            table.add_row(why.code, sentence, f"{why.clause} {trust_word(lang, why.trust)}", str(count))
    return table


def rejects_table(lang: str, rejected: Sequence[Rejected], most: int) -> Table:
    """The first rows set aside, with their reason."""
    table = Table(title=say(lang, "rejected_rows"), title_justify="left")
    for key in ("line", "bill", "code", "field", "reason"):
        table.add_column(say(lang, key))
    for one in rejected[:most]:
        problem = one.problem
        sentence = escape(problem.zh if lang == "zh" else problem.en)
        table.add_row(str(one.line), escape(one.number), problem.code, escape(problem.field), sentence)
    return table


def steps_table(lang: str, title: str, steps: Sequence[Step]) -> Table:
    """An explanation: step, formula with the numbers put in, figure, clause, trust mark."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(say(lang, "step"))
    table.add_column(say(lang, "formula"), overflow="fold", ratio=3)
    table.add_column(say(lang, "figure"), justify="right", no_wrap=True)
    table.add_column(say(lang, "clause"), overflow="fold", ratio=2)
    table.add_column(say(lang, "trust"), overflow="fold", ratio=1)
    for step in steps:
        table.add_row(*step_cells(lang, step))
    return table


def step_cells(lang: str, step: Step) -> tuple[str, str, str, str, str]:
    """One step: its name, the formula in words and with the numbers put in, the figure, clauses, trust marks."""
    words_of = step.words_zh if lang == "zh" else step.words_en
    formula = escape(step.formula) if words_of == step.formula else f"[dim]{escape(words_of)}[/]\n{escape(step.formula)}"
    figure = f"{step.value / 100:g}%" if step.unit == "percent" else grouped_limit(step.value) if step.unit == "yuan" else str(step.value)
    clauses = dict.fromkeys(source.clause for source in step.sources)
    marks = dict.fromkeys(source.trust for source in step.sources)
    return (step.name_zh if lang == "zh" else step.name_en, formula, figure, escape("；".join(clauses)),
            "、".join(trust_word(lang, mark) for mark in marks))


def grouped_limit(fen: int) -> str:
    """Yuan with thousands marks, ∞ where there is no limit."""
    return "∞" if fen >= codes.UNBOUNDED else grouped(fen)


def title_of(lang: str, settled: Settled) -> str:
    """The heading of an explained bill."""
    kind, level = words.name(words.KIND_NAMES, settled.receipt.kind, lang), words.name(words.LEVEL_NAMES, settled.claim.level, lang)
    return say(lang, "explained", bill=escape(shown(settled.bill.number)), kind=kind, level=level, day=day_text(settled.claim.day))


def refusal_lines(console: Console, lang: str, settled: Settled) -> None:
    """The sentence and clause of a refused bill."""
    if settled.receipt.outcome != codes.SETTLED:
        why = refusal(settled.receipt.outcome)
        console.print(f"{why.code} {why.sentence if lang == 'zh' else why.sentence_en} {why.clause}", style="red", markup=False)
