"""The policies of a day as a document 政策文本: chapters by subject, tables by level, disease or category, and the rest line by line."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from openyibao.bureau.policymaking.entries import BOTH, Entry
from openyibao.policybook.parameters import AID_NAMES, LEVEL_NAMES, OFFSITE_NAMES, parameter
from openyibao.policybook.words import SCHEME_WORDS, SUBJECTS

LEVEL_WORDS = {
    "PV": ("村卫生室", "Village clinic"), "P0": ("基层机构", "Primary care"), "L1": ("一级医院", "Level 1"), "L2": ("二级医院", "Level 2"),
    "L3": ("三级医院", "Level 3"), "L3P": ("省部属三级", "Provincial level 3"),
}  # fmt: skip
AID_WORDS = dict(zip(AID_NAMES, (
    ("特困人员", "Destitute"), ("孤儿", "Orphans"), ("低保对象", "Minimum living"), ("返贫致贫人口", "Returned to poverty"),
    ("低保边缘", "Marginal"), ("因病致贫", "Impoverished by illness"),
), strict=True))  # fmt: skip
PLACE_WORDS = dict(zip(OFFSITE_NAMES, (
    ("长期备案", "Filed long-term"), ("转诊转院", "Referred"), ("异地急诊", "Emergency"), ("自行外出", "Self-referred"),
    ("邻近城市", "Neighbouring city"),
), strict=True))  # fmt: skip
FIELD_WORDS = {
    "class": ("类别", "Class"), "quota": ("定额", "Quota"), "ratio": ("支付比例", "Ratio"), "deductible": ("起付线", "Deductible"),
    "cap": ("年度限额", "Yearly cap"), "enrolment_subsidy": ("参保资助", "Premium subsidy"), "method": ("降低方式", "Method"),
    "points": ("降低", "Points off"), "share": ("先自付", "Paid first"), "factor": ("系数", "Factor"), "area": ("区划", "Area"),
}  # fmt: skip
HOLES = (("{level}", LEVEL_NAMES), ("{aid}", AID_NAMES), ("{where}", OFFSITE_NAMES))
LEVEL_IN_NAME = re.compile(r"^(村卫生室|基层机构|一级医院|二级医院|三级医院|省部属三级医院|省部属三级)")
LEVEL_IN_ENGLISH = re.compile(r", (village clinic|primary care|level [123]|provincial level 3)(?=,|$)")
DISEASE = re.compile(r"M[0-9]{5}")
FEWEST = 2
"""A table is made where so many of its cells are filled; a lone figure stands in a line of its own."""


class Row(NamedTuple):
    """One row of a table: what it is, and the entry of each column, None where the document prints none."""

    name: dict[str, str]
    cells: tuple[Entry | None, ...]


class Grid(NamedTuple):
    """A table of figures by level, category or disease 表."""

    corner: object
    heads: tuple[dict[str, str], ...]
    rows: tuple[Row, ...]
    clauses: tuple[Entry, ...]  # one entry for each document that the table rests on


class Part(NamedTuple):
    """What a chapter says to one scheme."""

    scheme: str
    name: dict[str, str]
    grids: tuple[Grid, ...]
    lines: tuple[Entry, ...]
    many: int


class Chapter(NamedTuple):
    """One subject 一章."""

    subject: str
    name: dict[str, str]
    parts: tuple[Part, ...]
    many: int


def pair(words: tuple[str, str]) -> dict[str, str]:
    """Two languages as |said reads them."""
    return {"zh": words[0], "en": words[1]}


def chapters(entries: Iterable[Entry]) -> list[Chapter]:
    """The entries as chapters, in the order of the subjects."""
    by_subject: dict[str, list[Entry]] = {}
    for entry in entries:
        by_subject.setdefault(entry.subject, []).append(entry)
    found = []
    for subject, words in SUBJECTS.items():
        mine = by_subject.get(subject, [])
        parts = tuple(part_of(scheme, [one for one in mine if one.scheme == scheme]) for scheme in ("employee", "resident", BOTH))
        if mine:
            found.append(Chapter(subject, pair(words), tuple(part for part in parts if part.many), len(mine)))
    return found


def part_of(scheme: str, entries: list[Entry]) -> Part:
    """One scheme's part of a chapter: first the tables, then what is left."""
    grids: list[Grid] = []
    left = list(entries)
    for grid in (levels(left), records(left, "{aid}", _("对象")), records(left, "{where}", _("情形")), diseases(left)):
        if grid is not None:
            grids.append(grid)
            taken = {entry.key for row in grid.rows for entry in row.cells if entry is not None}
            left = [entry for entry in left if entry.key not in taken]
    return Part(scheme, pair(SCHEME_WORDS[scheme]), tuple(grids), tuple(left), len(entries))


def pattern_of(entry: Entry) -> str:
    """The row of the parameter table that an entry belongs to."""
    row = parameter(entry.plain)
    return row.pattern if row else entry.plain


def hole(entry: Entry, name: str, words: Sequence[str]) -> tuple[str, str] | None:
    """What stands in a hole of an entry's key, and the key with the hole open; None without one."""
    if name not in pattern_of(entry):
        return None
    parts = entry.plain.split(".")
    for place, part in enumerate(parts):
        if part in words and place:
            return part, ".".join((*parts[:place], name, *parts[place + 1 :]))
    return None


def levels(entries: list[Entry]) -> Grid | None:
    """Figures that differ by the hospital's level, one row a figure."""
    rows: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        found = hole(entry, "{level}", LEVEL_NAMES)
        if found is not None:
            rows.setdefault(found[1], {})[found[0]] = entry
    rows = {key: cells for key, cells in rows.items() if len(cells) >= FEWEST}
    if not rows:
        return None
    used = [level for level in LEVEL_NAMES if any(level in cells for cells in rows.values())]
    made = tuple(Row(without_level(next(iter(cells.values()))), tuple(cells.get(level) for level in used)) for cells in rows.values())
    return Grid(_("按机构等级"), tuple(pair(LEVEL_WORDS[level]) for level in used), made, clauses_of(made))


def without_level(entry: Entry) -> dict[str, str]:
    """A figure's name without the level that its column says."""
    english = LEVEL_IN_ENGLISH.sub("", entry.en)
    return {"zh": LEVEL_IN_NAME.sub("", entry.zh), "en": english}


def records(entries: list[Entry], name: str, corner: object) -> Grid | None:
    """Figures of categories or situations: one row each, one column a figure."""
    words, names = (AID_WORDS, AID_NAMES) if name == "{aid}" else (PLACE_WORDS, OFFSITE_NAMES)
    rows: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        found = hole(entry, name, names)
        if found is not None:
            rows.setdefault(found[0], {})[entry.plain.rsplit(".", 1)[1]] = entry
    return table_of({one: rows[one] for one in names if one in rows}, {one: pair(words[one]) for one in names}, corner)


def diseases(entries: list[Entry]) -> Grid | None:
    """Chronic diseases: one row a disease."""
    rows: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        code = entry.plain.split(".")[1] if entry.subject == "chronic" else ""
        if DISEASE.fullmatch(code):
            rows.setdefault(code, {})[entry.plain.rsplit(".", 1)[1]] = entry
    names = {code: disease_name(code, cells) for code, cells in rows.items()}
    return table_of(rows, names, _("病种"))


def disease_name(code: str, cells: dict[str, Entry]) -> dict[str, str]:
    """A disease's name: that of its class, or of its figure without the figure's own words; the code where neither says."""
    entry = next(iter(cells.values()))
    zh = re.sub(r"(类别|定额|支付比例|限额|年度|月度|季度)+$", "", entry.zh).rstrip("：:，, ") or code
    en = re.sub(r"[,:]? ?(class|quota|ratio)$", "", entry.en, flags=re.IGNORECASE) or code
    return {"zh": f"{zh} {code}", "en": f"{en} {code}"}


def table_of(rows: dict[str, dict[str, Entry]], names: dict[str, dict[str, str]], corner: object) -> Grid | None:
    """Rows of named figures as a table; None without any."""
    if not rows:
        return None
    fields = list(dict.fromkeys(field for field in FIELD_WORDS for cells in rows.values() if field in cells))
    made = tuple(Row(names[one], tuple(cells.get(field) for field in fields)) for one, cells in rows.items())
    return Grid(corner, tuple(pair(FIELD_WORDS[field]) for field in fields), made, clauses_of(made))


def clauses_of(rows: Iterable[Row]) -> tuple[Entry, ...]:
    """One entry for each document and day that a table rests on."""
    first: dict[tuple[str, str, int], Entry] = {}
    for row in rows:
        for entry in row.cells:
            if entry is not None:
                first.setdefault((entry.clause, entry.trust, entry.since), entry)
    return tuple(sorted(first.values(), key=lambda one: (one.since, one.clause)))
