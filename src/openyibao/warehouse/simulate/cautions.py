"""Figures in play that no document of the city gives 存疑数字: stated plainly beside every simulation."""

from collections.abc import Mapping, Sequence
from typing import Any

from openyibao.kernel import codes
from openyibao.policybook.book import Book, Source
from openyibao.policybook.units import FIRM, TRUST, UNITS
from openyibao.warehouse.simulate.funds import PLACE
from openyibao.warehouse.simulate.outcome import Caution, Change, Words

BENEFIT = {
    codes.OUTPATIENT: "outpatient", codes.CHRONIC: "chronic", codes.TWO_DISEASE: "two_disease", codes.DUAL_CHANNEL: "dual_channel",
    codes.INPATIENT: "pool", codes.DAY_SURGERY: "pool", codes.RESCUE: "pool", codes.DELIVERY: "maternity", codes.CAESAREAN: "maternity",
    codes.PRENATAL: "maternity", codes.MISCARRIAGE_EARLY: "maternity", codes.MISCARRIAGE_LATE: "maternity", codes.DIALYSIS: "dialysis",
}  # fmt: skip
"""The part of the plan that is a kind's basic benefit."""
LAYER = {
    "large": ("large_first", "large_second"), "catastrophic": ("catastrophic",), "civil": ("civil",), "aid": ("aid", "tilt"),
    "poverty": ("topup",), "added_1": ("added_1",), "added_2": ("added_2",), "added_3": ("added_3",),
}  # fmt: skip
"""The columns of `result` through which a later part of the plan pays."""


def cautions_of(book: Book, year: int, cells: Any, changes: Sequence[Change], card: Mapping[str, Any]) -> tuple[Caution, ...]:
    """Every figure in play that is not firm: the reform's own first, then the balances, then the policy's, worst marks first.

    cells  both sides' cells (funds.SHAPE) added up: what no bill met on either side is not in play
    """
    found = [caution(one.trust, one.key, one.sentence) for one in changes if one.trust not in FIRM]
    for key, stated in sorted(card.get("balances", {}).items()):
        if stated["trust"] not in FIRM:
            figure = f"{int(stated['opening']) // 100:,}"
            words = Words(f"期初结余 {key}：{figure} 元", f"opening balance {key}: {figure} yuan")
            found.append(caution(stated["trust"], f"balance.{key}", words))
    own = {one.key for one in changes}
    marks = list(TRUST)
    sources = [source for source in in_play(book, year, cells) if source.trust not in FIRM and source.path not in own]
    ordered = sorted(sources, key=lambda source: (-marks.index(source.trust), source.path, source.since))
    return (*found, *(caution(source.trust, source.path, told(source)) for source in dict.fromkeys(ordered)))


def caution(trust: str, key: str, words: Words) -> Caution:
    """A caution with its mark in words."""
    return Caution(trust, Words(*TRUST.get(trust, (trust, trust))), key, words)


def told(source: Source) -> Words:
    """A parameter and its figure."""
    unit = UNITS[source.unit]
    return Words(f"{source.name}：{source.value} {unit.zh}".rstrip(), f"{source.name_en}: {source.value} {unit.en}".rstrip())


def in_play(book: Book, year: int, cells: Any) -> list[Source]:
    """The parameters of the plan that some bill of the year can have met."""
    start, end = year * 10_000 + 101, year * 10_000 + 1231
    found: list[Source] = []
    for scheme, segments in book.segments.items():
        parts = parts_in_play(cells[scheme])
        days = [start, *(segment.since for segment in segments if start < segment.since <= end)]
        for day in days:
            for path, sources in book.sources(scheme, day).items():
                if path.split(".")[0].split("[")[0] in parts:
                    found += sources
    return found


def parts_in_play(cells: Any) -> set[str]:
    """The parts of the plan that one scheme's bills met: the basic benefits of their kinds, and every layer that paid."""
    sums = cells.sum(axis=1)
    parts = {"account", "rounding", "scope"} if sums.any() else set()
    parts |= {name for kind, name in BENEFIT.items() if sums[kind, PLACE["total"]]}
    return parts | {name for name, columns in LAYER.items() if any(sums[:, PLACE[column]].any() for column in columns)}
