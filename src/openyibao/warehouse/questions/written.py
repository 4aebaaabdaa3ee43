"""The reviewed questions 成文查询: a folder of SQL files, each saying in its head what it answers.

    -- 标题 | Title
    -- grain: one row per …                        what a row is
    -- source: K17 …                               which need it answers (may repeat)
    -- parameter top 20 中文 | English             a `$top` of the text; `-` instead of 20 = must be given
    -- column total fen 中文 | English             every column of the answer in order, with its unit

Units: fen (shown in yuan), rate (parts per 10,000, shown in percent), count, year, day, area (a division code), text, and code:NAME,
whose words are in `labels`.
"""

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

UNITS = ("fen", "rate", "count", "area", "day", "year", "text")


class Parameter(NamedTuple):
    """A `$name` of a question."""

    name: str
    default: int | None
    zh: str
    en: str


class Answered(NamedTuple):
    """A column of the answer."""

    name: str
    unit: str
    zh: str
    en: str


class Question(NamedTuple):
    """One reviewed question 成文查询."""

    name: str
    zh: str
    en: str
    grain: str
    sources: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[Answered, ...]
    text: str


class UnknownQuestion(Exception):
    """No reviewed question of that name; lists those there are."""


def read_question(name: str, text: str) -> Question:
    """A question from its file's text; raises ValueError naming the line of a head that cannot be read."""
    titles: tuple[str, str] | None = None
    grain, sources = "", []
    parameters: list[Parameter] = []
    columns: list[Answered] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("--"):
            break
        try:
            content = line.removeprefix("--").strip()
            if titles is None:
                titles = halves(content)
            elif content.startswith("grain:"):
                grain = content.removeprefix("grain:").strip()
            elif content.startswith("source:"):
                sources.append(content.removeprefix("source:").strip())
            elif content.startswith("parameter "):
                _, short, default, words = content.split(None, 3)
                parameters.append(Parameter(short, None if default == "-" else int(default), *halves(words)))
            elif content.startswith("column "):
                _, short, unit, words = content.split(None, 3)
                if unit not in UNITS and not unit.startswith("code:"):
                    raise ValueError(f"unit {unit}")
                columns.append(Answered(short, unit, *halves(words)))
        except ValueError as problem:
            raise ValueError(f"{name}.sql line {number}: {problem}") from None
    if titles is None or not grain or not columns:
        raise ValueError(f"{name}.sql: the head lacks its title, grain or columns")
    return Question(name, *titles, grain, tuple(sources), tuple(parameters), tuple(columns), text)


def halves(words: str) -> tuple[str, str]:
    """中文 | English."""
    chinese, bar, english = words.partition("|")
    if not bar or not chinese.strip() or not english.strip():
        raise ValueError(f"not '中文 | English': {words}")
    return chinese.strip(), english.strip()


@cache
def questions() -> dict[str, Question]:
    """Every reviewed question by name, in order of name."""
    place = resources.files(__package__)
    names: Sequence[str] = sorted(entry.name.removesuffix(".sql") for entry in place.iterdir() if entry.name.endswith(".sql"))
    return {name: read_question(name, (place / f"{name}.sql").read_text(encoding="utf-8")) for name in names}


def question(name: str) -> Question:
    """A reviewed question by name; raises UnknownQuestion."""
    try:
        return questions()[name]
    except KeyError:
        raise UnknownQuestion(f"no question {name}; there are {', '.join(questions())}") from None
