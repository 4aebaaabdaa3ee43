"""A step of an explanation 结算步骤, and the builder that strings steps together.

A step's formula is printed with its numbers put in, in yuan and percent, in a small grammar that a reader or a test can compute:
numbers, percentages, + − × ÷, min(), max(), round() (half up to the fen) and floor() (truncated to the fen).
"""

from typing import Any, NamedTuple

from openyibao.kernel.codes import TRUNCATE, UNBOUNDED
from openyibao.kernel.explained.texts import NAMES

GIVEN = "given"
STEP = "step"
PARAMETER = "parameter"


class Operand(NamedTuple):
    """One number of a formula: its text, and whether it was given, found by an earlier step, or is a parameter of the policy."""

    name: str
    text: str
    kind: str


class Step(NamedTuple):
    """One figure of a receipt and how it came about."""

    key: str
    name_zh: str
    name_en: str
    formula: str  # with the numbers put in
    words_zh: str  # with the names put in
    words_en: str
    value: int  # fen, parts per 10,000, or a count
    unit: str  # "yuan", "percent", "count"
    operands: tuple[Operand, ...]
    fields: tuple[str, ...]  # the plan's fields it rests on
    sources: tuple[Any, ...] = ()  # provenance of those fields: clause, trust mark


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals; a limit that is none prints as ∞ 不设上限."""
    if fen >= UNBOUNDED:
        return "∞"
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def percent(rate: int) -> str:
    """Parts per 10,000 as a percentage."""
    whole, rest = divmod(rate, 100)
    return f"{whole}%" if rest == 0 else f"{whole}.{rest:02d}".rstrip("0") + "%"


def given(fen: int) -> tuple[str, str]:
    """A sum of money given with the bill or the year."""
    return yuan(fen), GIVEN


def counted(number: int) -> tuple[str, str]:
    """A count given with the bill or the year."""
    return str(number), GIVEN


def money(fen: int) -> tuple[str, str]:
    """A sum of money that the policy sets."""
    return yuan(fen), PARAMETER


def rate(parts: int) -> tuple[str, str]:
    """A rate that the policy sets."""
    return percent(parts), PARAMETER


class Builder:
    """Strings steps together; a formula names earlier steps and operands in braces."""

    def __init__(self, rounding: int) -> None:
        self.rounded = "floor" if rounding == TRUNCATE else "round"
        self.steps: list[Step] = []
        self._texts: dict[str, str] = {}

    def add(
        self,
        key: str,
        formula: str,
        value: int,
        *,
        unit: str = "yuan",
        fields: tuple[str, ...] = (),
        **numbers: tuple[str, str],
    ) -> int:
        """Add a step and return its figure. `round(` in the formula becomes the plan's way of rounding."""
        formula = formula.replace("round(", f"{self.rounded}(")
        operands, texts, words_zh, words_en = [], {}, {}, {}
        for name in _names(formula):
            text, kind = numbers[name] if name in numbers else (self._texts[name], STEP)
            operands.append(Operand(name, text, kind))
            texts[name] = text
            words_zh[name], words_en[name] = label(name)
        printed = yuan(value) if unit == "yuan" else percent(value) if unit == "percent" else str(value)
        self._texts[key] = printed
        zh, en = label(key)
        self.steps.append(
            Step(
                key,
                zh,
                en,
                formula.format(**texts),
                formula.format(**words_zh),
                formula.format(**words_en),
                value,
                unit,
                tuple(operands),
                fields,
            )
        )
        return value

    def has(self, key: str) -> bool:
        """Whether a step of that key was added."""
        return key in self._texts


def label(name: str) -> tuple[str, str]:
    """A key's Chinese and English name; a numbered key (`band_after_2`) takes its stem's name and the number."""
    if name in NAMES:
        return NAMES[name]
    stem, _, number = name.rpartition("_")
    zh, en = NAMES[stem]
    return f"{zh}{number}", f"{en} {number}"


def _names(formula: str) -> list[str]:
    """The names in braces, in order, each once."""
    names: list[str] = []
    for piece in formula.split("{")[1:]:
        name = piece.split("}")[0]
        if name not in names:
            names.append(name)
    return names
