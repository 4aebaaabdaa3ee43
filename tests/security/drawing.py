"""Inputs drawn from the descriptions of the messages: for each served number, nodes and fields that could be right.

`Memory` keeps what the door has answered and what honest programs sent, by field name, so that drawn inputs name visits, settlements,
persons and files that exist.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from openyibao.gateway.describe import Field, Node, described
from openyibao.gateway.tables import allowed

KEEP = 60
"""Values remembered of a field; an older one gives way."""

Value = Any


class Memory:
    """What has been seen, by field name."""

    def __init__(self) -> None:
        """Nothing seen."""
        self.seen: dict[str, list[Any]] = {}

    def learn(self, tree: Any) -> None:
        """Every scalar of a tree under its own name."""
        if isinstance(tree, dict):
            for name, inner in tree.items():
                if isinstance(inner, dict | list):
                    self.learn(inner)
                elif inner not in (None, ""):
                    self.note(name, inner)
        elif isinstance(tree, list):
            for inner in tree:
                self.learn(inner)

    def note(self, name: str, value: Any) -> None:
        """One value."""
        kept = self.seen.setdefault(name, [])
        if value not in kept:
            kept.append(value)
            del kept[:-KEEP]

    def recall(self, random: Random, name: str) -> Any:
        """A value of that name, more often a late one; None when none was seen."""
        kept = self.seen.get(name)
        return None if not kept else kept[-1 - int(random.random() ** 2 * len(kept))]


Recall = Callable[[Random, Field], Any]


def drawn_input(random: Random, infno: str, recall: Recall, at: datetime) -> dict[str, Any]:
    """An input of a number that could be right. `recall`: a value known for a field, or None."""
    message = described(infno)
    assert message is not None, infno
    below = {node.name: node for node in message.input if node.inside}
    given: dict[str, Any] = {}
    for node in message.input:
        if not node.inside:
            rows = drawn_rows(random, node, below, recall, at)
            if node.name:
                given[node.name] = rows
            else:
                given |= rows if isinstance(rows, dict) else {"data": rows}
    return given


def drawn_rows(random: Random, node: Node, below: dict[str, Node], recall: Recall, at: datetime) -> Any:
    """The rows of a node: one, sometimes more."""
    count = random.choice((1, 1, 1, 2, 3)) if node.many else 1
    rows = [
        {
            field.name: drawn_rows(random, below[field.name], below, recall, at)
            if field.name in below and node.name in below[field.name].inside
            else drawn_value(random, field, recall, at)
            for field in node.fields
            if field.enforced or field.condition or random.random() < 0.6 or field.name in below
        }
        for _ in range(count)
    ]  # fmt: skip
    return rows if node.many else rows[0]


def drawn_value(random: Random, field: Field, recall: Recall, at: datetime) -> Value:
    """A value of a field: what is known, a code of its table, or one of its type and size."""
    if random.random() < 0.8:
        found = recall(random, field)
        if found is not None:
            return found
    table = allowed(field.table)
    codes = [code for code, _ in field.codes] or (sorted(table.codes) if table is not None else [])
    if codes:
        return random.choice(codes)
    if field.type == "数值型":
        whole = 10 ** min(max(field.length - field.decimals, 1), random.choice((1, 2, 4, 14, 30)))
        places = min(field.decimals, random.choice((0, 2, 4, 6)))
        return round(random.uniform(0, whole), places) if field.decimals else random.randrange(whole)
    if field.type in ("日期型", "日期时间型"):
        day = at + timedelta(seconds=random.choice((0, -1, 3600, -86_400, 86_400, -30 * 86_400, -400 * 86_400, 10**8)))
        return f"{day:%Y-%m-%d %H:%M:%S}" if "HH" in field.format or field.type == "日期时间型" else f"{day:%Y-%m-%d}"
    length = min(field.length or 20, random.choice((1, 4, 12, 30, 200)))
    return "".join(random.choices("0123456789ABCxyz医保", k=max(length, 1)))
