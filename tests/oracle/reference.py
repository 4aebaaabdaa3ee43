"""The reference policies as plain dicts: raw YAML, unwrapped, cut to one scheme and one day.

Nothing of the policy book is used: this loader reads the reference files beside the repository, so that a slip in carrying the
figures into the project's own tree shows up as a difference.
"""

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DOMAIN = Path(__file__).resolve().parents[3] / "shared" / "reference" / "domain"
MISSING = f"the reference policies are not at {DOMAIN.name}/policies beside the repository"

LEVEL_WORDS = ("PV", "P0", "L1", "L2", "L3", "L3P")  # in the order of the level numbers
STANDS_IN = {"PV": "P0", "P0": "L1", "L3P": "L3"}  # which level's figure serves when a file leaves one out
AID_WORDS = ("", "特困人员", "孤儿、事实无人抚养儿童", "低保对象", "返贫致贫人口", "低保边缘家庭成员", "因病致贫重病患者")
TILT_WORDS = {"特困": 1, "孤儿": 2, "低保": 3, "返贫致贫": 4}  # exact words: 低保边缘 is not 低保
NOT_DATA = {"source", "unit", "note", "code_source", "alternative", "alternatives", "pool_cap_safe_alternative"}


def present() -> bool:
    """Whether the reference files can be read here."""
    return (DOMAIN / "policies").is_dir()


def plain(node: Any) -> Any:
    """A tree without wrappers: `{value: x, source: …}` becomes x, numbers become Decimal, remarks disappear."""
    if isinstance(node, dict):
        if "value" in node:
            return plain(node["value"])
        return {key: plain(child) for key, child in node.items() if key not in NOT_DATA}
    if isinstance(node, list):
        return [plain(child) for child in node]
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, int | float):
        return Decimal(str(node))
    return node


@cache
def city_document(city: str) -> dict[str, Any]:
    """The whole unwrapped policy file of a city."""
    text = (DOMAIN / "policies" / f"{city}.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = plain(yaml.safe_load(text))
    return document


def recalled_tilt(city: str, scheme: str, day: int) -> dict[str, Any] | None:
    """Wuhan's promise to the registered poor, recalled and in no reference file: 90 % of a stay's whole fee, 80 % of a chronic bill's."""
    if (city, scheme) != ("wuhan", "resident") or not 20180101 <= day <= 20201231:
        return None
    return {
        "general_consultation_fee": None, "inpatient_ratio_add_pp": Decimal(0), "chronic_cap_factor": Decimal(1),
        "whole_fee": {"stay": Decimal("0.9"), "chronic": Decimal("0.8")},
    }  # fmt: skip


def in_force(versions: Any, day: int) -> dict[str, Any] | None:
    """The version with from <= day <= to, or None where the file has a gap (or no such benefit)."""
    for version in versions or []:
        span = version["effective"]
        starts = int(span["from"].replace("-", ""))
        ends = int(span["to"].replace("-", "")) if span["to"] else 99991231
        if starts <= day <= ends:
            found: dict[str, Any] = version
            return found
    return None


def at_level(table: dict[str, Any], word: str) -> Any:
    """The entry of a level, or of the level that stands in for it; None when the file lists neither."""
    while word not in table:
        if word not in STANDS_IN:
            return None
        word = STANDS_IN[word]
    return table[word]


def next_lower(table: dict[str, Any], word: str) -> str | None:
    """The nearest level below `word` that the table lists."""
    below = LEVEL_WORDS[: LEVEL_WORDS.index(word)]
    return next((candidate for candidate in reversed(below) if candidate in table), None)


def number(text: Any) -> Decimal:
    """A ratio or amount of the file: decimal strings and plain numbers alike."""
    return Decimal(text) if isinstance(text, str) else Decimal(text or 0)


def ratio_for(table: dict[str, Any], retired: bool, word: str) -> Decimal | None:
    """The ratio of a level: `all`, or `active` and for retirees their own table or so many points more."""
    if "all" in table:
        rows, added = table["all"], Decimal(0)
    elif "active" not in table:
        rows, added = table, Decimal(0)
    elif retired and "retired" in table:
        rows, added = table["retired"], Decimal(0)
    else:
        rows, added = table["active"], table.get("retired_add_pp", Decimal(0)) / 100 if retired else Decimal(0)
    found = at_level(rows, word)
    return None if found is None else min(Decimal(1), number(found) + added)


def ratio_rows(table: dict[str, Any]) -> dict[str, Any]:
    """The by-level rows of a ratio table, whoever they are for."""
    rows: dict[str, Any] = table.get("active") or table.get("all") or table
    return rows
