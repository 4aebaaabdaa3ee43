"""The common parameters of a city as a table to try new values in 常用参数: deductibles, ratios, ceilings, by scheme, class and level."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from openyibao.bureau.policymaking.inputs import asked_of
from openyibao.kernel.codes import EMPLOYEE, RESIDENT
from openyibao.policybook.book import Book
from openyibao.policybook.leaf import Leaf, Scalar
from openyibao.policybook.tree import found_on
from openyibao.policybook.words import scheme_words, subject_words, value_words

COMMON = {
    "inpatient": r"deductible\.\w+|deductible_year_max|ratio\..+|retired_add_pp|pool_cap",
    "outpatient": r"deductible\.\w+|deductible_year_max|ratio\..+|retired_add_pp|cap\..+",
    "two_diseases": r"ratio|cap\..+",
    "large_amount": r"layer\d\.(ratio|cap)",
    "catastrophic": r"deductible|cap|band\d\.ratio",
    "medical_aid": r"\w+\.(ratio|deductible)|overall_cap",
    "personal_account": r"share\..+|retiree_amount|retiree_share",
}
"""Subject -> the rest of its keys that are common; the form shows no others, a draft may set any."""
ORDER = ("employee", "resident", "both")
OPEN = ("inpatient", "outpatient")
"""Subjects whose tables stand open."""
FEWEST, MOST_STEPS = 1_000, 100


class Row(NamedTuple):
    """One parameter of the table: what is in force, and how a new value is typed."""

    leaf: Leaf
    name: dict[str, str]
    value: Scalar
    shown: dict[str, str]
    trust: str
    source: str
    unit: dict[str, str]
    typed: str  # the value in force as it stands in a field
    high: int  # end of the slider; 0 = no slider
    step: int
    entered: tuple[str, str] = ("", "")  # what was typed for either scenario
    problems: tuple[str, str] = ("", "")

    @property
    def field(self) -> str:
        """The end of the names of its fields."""
        return self.leaf.key


class Group(NamedTuple):
    """The parameters of one subject and scheme."""

    key: str
    title: dict[str, str]
    rows: tuple[Row, ...]
    open: bool


def table_of(book: Book, day: int) -> tuple[Group, ...]:
    """The common parameters of a city as they are in force on a day; those without a value on it are left out."""
    groups: dict[tuple[str, str], list[Row]] = {}
    seen: set[str] = set()
    for subject, rest in COMMON.items():
        wanted = re.compile(rf"{subject}\.(?:{rest})")
        for scheme in (EMPLOYEE, RESIDENT):
            for key in book.tables[scheme]:
                found = found_on(book.tables[scheme], key, day) if wanted.fullmatch(key) else None
                if found is None or found.leaf.key in seen:
                    continue
                seen.add(found.leaf.key)
                whose = found.leaf.key.split(".")[1]
                groups.setdefault((subject, whose), []).append(row_of(found.leaf, found.value.value, found.value.trust, found.value.source))
    order = sorted(groups, key=lambda one: (list(COMMON).index(one[0]), ORDER.index(one[1])))
    return tuple(
        Group(
            f"{subject}.{scheme}", {lang: f"{scheme_words(scheme, lang)} · {subject_words(subject, lang)}" for lang in ("zh", "en")},
            tuple(groups[subject, scheme]), subject in OPEN and scheme != "both",
        )
        for subject, scheme in order
    )  # fmt: skip


def row_of(leaf: Leaf, value: Scalar, trust: str, source: str) -> Row:
    """A parameter with its value in force."""
    asked = asked_of(leaf.key, value)
    high, step = slider(asked.form, asked.typed)
    shown = {lang: value_words(value, leaf.unit, leaf.key, lang) for lang in ("zh", "en")}
    unit = {"zh": "%", "en": "%"} if asked.form == "percent" else asked.unit
    return Row(leaf, {"zh": leaf.name, "en": leaf.name_en}, value, shown, trust, source, unit, asked.typed, high, step)


def slider(form: str, typed: str) -> tuple[int, int]:
    """End and step of a slider: percentages to 100, points to 30, sums to three times what is in force; none for what is no number."""
    if form == "percent":
        return 100, 1
    if form == "integer":
        return 30, 1
    if form != "money" or not typed.replace(".", "").isdigit():
        return 0, 1
    most = max(3 * int(float(typed)), FEWEST)
    step = 10
    while most > MOST_STEPS * step:
        step *= 5 if str(step)[0] == "1" else 2
    return -(-most // step) * step, step


def with_entered(groups: tuple[Group, ...], entered: Mapping[str, str], problems: Mapping[str, str]) -> tuple[Group, ...]:
    """The table with what was typed; field names are a-<key> and b-<key>."""
    found = []
    for group in groups:
        rows = tuple(
            row._replace(
                entered=(entered.get(f"a-{row.field}", ""), entered.get(f"b-{row.field}", "")),
                problems=(problems.get(f"a-{row.field}", ""), problems.get(f"b-{row.field}", "")),
            )
            for row in group.rows
        )
        found.append(group._replace(rows=rows, open=group.open or any(any(row.entered) for row in rows)))
    return tuple(found)
