"""What a reader of a book must be told 提示: readings left pinned, a layer that can pay nothing, goals without a date.

Each caution is one sentence in Chinese and, after a bar, in English.
"""

from collections.abc import Mapping, Sequence

from openyibao.kernel.codes import UNBOUNDED
from openyibao.policybook.folio import dashed
from openyibao.policybook.freeze import Frozen
from openyibao.policybook.leaf import Scalar
from openyibao.policybook.tree import Table
from openyibao.policybook.words import value_words

ONLY_WAY: dict[str, Scalar] = {
    "special.cross_year.rule": "year_of_discharge",
    "special.third_party.excluded": True,
    "chronic.carry_over": False,
    "chronic.class_b_applies": True,
}
"""Choices a file may state and the settlement does not read: the value it always acts by."""


def cautions(tables: Mapping[int, Table], frozen: Mapping[int, Sequence[Frozen | None]], asked: frozenset[str]) -> list[str]:
    """Every caution about a book, each once."""
    found: list[str] = []
    for scheme, table in tables.items():
        found += [*pinned(table, asked), *not_acted_on(table)]
        found += [sentence for one in frozen[scheme] if one is not None for sentence in (*idle_layer(one), *by_goal(one))]
    return list(dict.fromkeys(found))


def pinned(table: Table, asked: frozenset[str]) -> list[str]:
    """Readings that were asked for and that the city pins."""
    sentences = []
    for name in sorted(asked):
        for _, leaf in table.get(f"readings.{name}", ()):
            for value in leaf.values:
                if value.pinned:
                    sentences.append(f"口径 {name} 在本市固定，未采用：{value.reason} | reading {name} is pinned here and was not set")
    return sentences


def not_acted_on(table: Table) -> list[str]:
    """Choices that differ from the one way the settlement knows."""
    sentences = []
    for key, usual in ONLY_WAY.items():
        for _, leaf in table.get(key, ()):
            for value in leaf.values:
                if not value.ended and value.value != usual:
                    told, known = (value_words(one, leaf.unit, key, "zh") for one in (value.value, usual))
                    zh = f"{leaf.key} {leaf.name}自 {dashed(value.since)} 起为“{told}”，尚未实现，结算仍按“{known}”"
                    told, known = (value_words(one, leaf.unit, key, "en") for one in (value.value, usual))
                    en = f"{leaf.key}, {leaf.name_en}: '{told}' from {dashed(value.since)} is not acted on yet; bills settle as '{known}'"
                    sentences.append(f"{zh} | {en}")
    return sentences


def idle_layer(frozen: Frozen) -> list[str]:
    """A large-amount layer that can never pay: its total, counted from zero, is not above the pool's cap."""
    plan = frozen.plan
    if not plan.large.present or plan.large.cap_total >= UNBOUNDED or plan.readings.cap_total_above_pool:
        return []
    if plan.large.cap_total > plan.pool.cap:
        return []
    entries = frozen.cited["large.cap_total"]
    since, clause = entries[0].value.since, entries[0].value.source
    day = dashed(since)
    total, cap = plan.large.cap_total // 100, plan.pool.cap // 100
    zh = f"{day} 起大额合计封顶线（{total} 元，自零起算）不高于统筹封顶线（{cap} 元），大额一层不支付：{clause}"
    return [f"{zh} | from {day} the large-amount layer pays nothing: its total from zero is not above the pool's cap"]


def by_goal(frozen: Frozen) -> list[str]:
    """A neighbour treated without filing because a plan sets it as a goal."""
    if frozen.plan.offsite.neighbour == 0 or frozen.plan.readings.kunming_not_started:
        return []
    entry = frozen.cited["offsite.neighbour"][0]
    area = frozen.plan.offsite.neighbour
    zh = f"邻近城市（区划 {area}）免备案按规划目标处理，起始日未载：{entry.value.source}；未实行时用口径 kunming_not_started"
    return [f"{zh} | treatment in area {area} without filing is a goal of the plan without a date (reading kunming_not_started)"]
