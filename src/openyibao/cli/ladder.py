"""One bill's explanation for a terminal of 100 columns 逐步说明: formula over its words, figure, trust mark over clause; zeros left out."""

from rich import box
from rich.markup import escape
from rich.table import Table

from openyibao.cli.show import grouped_limit, trust_word
from openyibao.cli.texts import say
from openyibao.cli.trust import steps_of
from openyibao.kernel.explained.steps import Step
from openyibao.warehouse.bills.explaining import KEPT, PAID, is_told
from openyibao.warehouse.bills.settled import Settled

SUMS = frozenset(("within", "base", "over_cap", "burden", "fund", "person"))
"""Steps that the short form keeps beside payments and what rests on a clause."""


def is_told_in_brief(step: Step) -> bool:
    """Whether a step stands in the short form too: it rests on a clause, or is somebody's payment, or a sum."""
    return is_told(step) and (bool(step.sources) or step.key in KEPT or step.key in SUMS)


def steps_ladder(lang: str, one: Settled, brief: bool) -> tuple[Table, int]:
    """The steps of a bill: numbers put in over the formula in words, the figure, trust mark over clause; and how many are left out."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="bold")
    table.add_column(f"{say(lang, 'step')} = {say(lang, 'formula')}", width=57, overflow="fold")
    table.add_column(say(lang, "figure"), justify="right", no_wrap=True, width=10)
    table.add_column(f"{say(lang, 'trust')}、{say(lang, 'clause')}" if lang == "zh" else "Trust, clause", overflow="fold")
    steps = steps_of(one)
    shown = [step for step in steps if (is_told_in_brief(step) if brief else is_told(step))]
    for step in shown:
        table.add_row(*ladder_cells(lang, step))
    return table, len(steps) - len(shown)


def ladder_cells(lang: str, step: Step) -> tuple[str, str, str]:
    """One step's three cells."""
    name, formula = (step.name_zh, step.words_zh) if lang == "zh" else (step.name_en, step.words_en)
    style = "bold green" if step.key in PAID else "bold"
    figure = f"{step.value / 100:g}%" if step.unit == "percent" else grouped_limit(step.value) if step.unit == "yuan" else str(step.value)
    meaning = f"\n[dim]{escape(formula)}[/]" if formula != step.formula and len(step.operands) > 1 else ""
    origin = "\n".join(dict.fromkeys(f"{trust_word(lang, source.trust)}{clause_words(source.clause)}" for source in step.sources))
    return f"[{style}]{name}[/] = {escape(step.formula)}{meaning}", f"[{style}]{figure}[/]", origin


def clause_words(clause: str) -> str:
    """The clause under its mark; nothing where it only says what the mark says."""
    return "" if clause.startswith("本项目设定") else f"\n[dim]{escape(clause)}[/]"
