"""What the report says 报告文字: words.yaml holds every phrase in Chinese and English beside each other."""

from functools import lru_cache
from pathlib import Path

import yaml

from openyibao.policybook.units import TRUST
from openyibao.warehouse.simulate.outcome import Words

UNITS = {"yuan": Words("元", "yuan"), "percent": Words("%", "%"), "count": Words("个", "count")}
"""Units of an explanation's figures."""


@lru_cache(maxsize=1)
def phrases() -> dict[str, Words]:
    """Every phrase by its key."""
    text = (Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")
    return {key: Words(**both) for key, both in yaml.safe_load(text).items()}


def say(key: str, **parts: Words | str | int) -> Words:
    """A phrase in both languages; a part that is Words gives each language its own. Raises KeyError for an unknown key or part."""
    phrase = phrases()[key]
    return Words(
        phrase.zh.format(**{name: part.zh if isinstance(part, Words) else part for name, part in parts.items()}),
        phrase.en.format(**{name: part.en if isinstance(part, Words) else part for name, part in parts.items()}),
    )


def trust(mark: str) -> Words:
    """A trust mark 可信度 in words, the user's own figures too; an unknown mark is printed as it is."""
    if mark == "user":
        return say("trust_user")
    zh, en = TRUST.get(mark, (mark, mark))
    return Words(zh, en)
