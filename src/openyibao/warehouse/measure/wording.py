"""An indicator in words 指标用语: value, baseline, target, verdict, notes, in either language. Pages use it without loading a store."""

from typing import Any

from openyibao.kernel.indicators.judging import VERDICTS
from openyibao.kernel.indicators.reserve import WORDS as LEVELS
from openyibao.kernel.indicators.value import UNITS, printed, shown
from openyibao.warehouse.bills.words import AID_NAMES, KIND_NAMES, LEVEL_NAMES, SCHEME_NAMES
from openyibao.warehouse.measure.answer import Answer
from openyibao.warehouse.measure.board import Standing
from openyibao.warehouse.measure.plantable import Indicator

CODES = {"kind": KIND_NAMES, "scheme": SCHEME_NAMES, "level": LEVEL_NAMES, "aid": AID_NAMES}
"""Columns of rows whose numbers have names."""

AIMS = {
    ">=": ("不低于 {figure}", "at least {figure}"), ">": ("高于 {figure}", "more than {figure}"),
    "about": ("{figure} 左右", "about {figure}"),
    "hold": ("保持基期水平", "hold the baseline"), "range": ("{figure} 至 {upto}", "{figure} to {upto}"),
    "increase": ("高于基期", "above the baseline"), "adapt": ("适应经济社会发展", "fit the economy"), "done": ("实现", "reached"),
}  # fmt: skip
"""Comparator -> the target in words, where the plan's own are not shown."""


def pick(words: tuple[str, str], lang: str) -> str:
    """One of a pair."""
    return words[0] if lang == "zh" else words[1]


def value_of(answer: Answer, lang: str) -> str:
    """The value, or a dash."""
    if answer.value is None:
        return "—"
    return printed(shown(answer.value, answer.quantity.unit), answer.quantity.unit, lang)


def baseline_of(indicator: Indicator, lang: str) -> str:
    """The baseline with its year; in Chinese as the plan prints it."""
    if indicator.baseline is None:
        return (indicator.baseline_printed if lang == "zh" else "") or "—"
    words = indicator.baseline_printed if lang == "zh" else ""
    return f"{words or printed(indicator.baseline, indicator.quantity.unit, lang)} ({indicator.baseline_year})"


def target_of(indicator: Indicator, lang: str) -> str:
    """The target with its year; in Chinese as the plan prints it, where that is short."""
    target, unit = indicator.target, indicator.quantity.unit
    figure, upto = (printed(end, unit, lang) if end is not None else "" for end in (target.low, target.high))
    words = indicator.target_printed if lang == "zh" else ""
    return f"{words or pick(AIMS[target.comparator], lang).format(figure=figure, upto=upto)} ({indicator.target_year})"


def verdict_of(standing: Standing, lang: str) -> str:
    """The verdict, with the warning level of a reserve; why there is none, where a value is missing for want of something."""
    if standing.answer.value is None and not standing.indicator.quantity.feed and standing.answer.why is not None:
        return pick(standing.answer.why, lang)
    words = pick(VERDICTS[standing.judged.verdict], lang)
    return f"{words} · {pick(LEVELS[standing.answer.level], lang)}" if standing.answer.level else words


def notes_of(answer: Answer, lang: str) -> str:
    """Why there is no value, the reading taken, and the marks of what it rests on."""
    reading = (answer.quantity.reading,) if answer.quantity.reading is not None else ()
    why = (answer.why,) if answer.why is not None else ()
    return ("；" if lang == "zh" else "; ").join(pick(words, lang) for words in (*why, *reading, *answer.notes))


def number(hundredths: int, unit: str) -> float:
    """A shown figure as a plain number, for a workbook."""
    return hundredths / 100 if UNITS[unit].places else hundredths // 100


def named(column: str, code: Any, lang: str) -> str:
    """A code of a column in words, or as it stands."""
    names = CODES.get(column, {})
    return names[code][1 if lang == "zh" else 0] if code in names else str(code)
