"""Reforms as draft files 方案成文: what the form's tables say, as the YAML that a simulation reads, and a draft moved to another day.

A simulation takes drafts and nothing else, so that whatever was typed on a page can be read, kept, compared and approved like any draft.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import yaml

from openyibao.bureau.policymaking.drafted import Change, text_of
from openyibao.policybook.leaf import Leaf, PolicyError, Scalar, raise_first
from openyibao.policybook.read import DATE, Content, read_text

SOURCE = "本次模拟设定"
"""Where a figure typed on the form comes from."""


class Draft(NamedTuple):
    """One draft of a reform 草案: its file's name, its text, where it comes from (`desk/12`, `example`, `upload`, `form`)."""

    name: str
    text: str
    origin: str


def read(draft: Draft) -> Content:
    """A draft's leaves and header. Raises PolicyError, which names the line."""
    content = read_text(draft.text, draft.name)
    raise_first(content.problems)
    return content


def titles_of(drafts: Sequence[Draft]) -> tuple[str, str]:
    """The names of drafts joined, in both languages."""
    heads = [read(draft).header for draft in drafts]
    zh = [head.get("name", draft.name) for head, draft in zip(heads, drafts, strict=True)]
    en = [head.get("name_en", name) for head, name in zip(heads, zh, strict=True)]
    return "＋".join(zh), " + ".join(en)


def first_day(drafts: Sequence[Draft]) -> int:
    """The first day on which any of the drafts says something; 0 for none. Raises PolicyError."""
    return min((value.since for draft in drafts for leaf in read(draft).leaves for value in leaf.values), default=0)


def written(city: str, name: str, name_en: str, leaves: Sequence[tuple[Leaf, Scalar]], day: int) -> str:
    """A draft of new values 新值成文, each of one leaf of the policy in force, all from one day."""
    changes = [Change(leaf.key, leaf.name, leaf.name_en, leaf.unit, day, value, SOURCE, "illustrative") for leaf, value in leaves]
    return text_of(city, name, name_en, changes)


def moved(draft: Draft, first: int, onto: int) -> Draft:
    """A draft whose days are moved by as many months as lead from one day to another; days that fall on `first` fall on `onto`.

    first, onto  yyyymmdd
    """
    months = (onto // 10_000 - first // 10_000) * 12 + onto // 100 % 100 - first // 100 % 100
    if not months and first % 100 == onto % 100:
        return draft
    body = yaml.safe_load(draft.text)
    for key, leaf in body.items():
        if key != "overlay":
            leaf["values"] = {later(day, months, first, onto): value for day, value in leaf["values"].items()}
    return draft._replace(text=yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=120))


def later(day: Any, months: int, first: int, onto: int) -> date:
    """A day so many months later; the first day of all falls on `onto`, one that a shorter month lacks on its last day but one."""
    year, month, number = (int(part) for part in str(day).split("-"))
    if year * 10_000 + month * 100 + number == first:
        return as_date(onto)
    place = year * 12 + month - 1 + months
    return date(place // 12, place % 12 + 1, min(number, 28))


def as_date(day: int) -> date:
    """yyyymmdd as a date."""
    return date(day // 10_000, day // 100 % 100, day % 100)


def day_of(text: str) -> int:
    """yyyy-mm-dd as yyyymmdd. Raises ValueError."""
    if not DATE.fullmatch(text):
        raise ValueError(text)
    found = date.fromisoformat(text)
    return found.year * 10_000 + found.month * 100 + found.day


def played_in(drafts: Sequence[Draft], year: int, starts: int = 0) -> tuple[tuple[Draft, ...], int]:
    """The drafts as they are played on a year of bills, and the day they begin.

    starts  the day on which their first figure is to begin; 0 = as they say, but not after the year: a reform of next year is
            played in the same month and on the same day of the year whose bills are at hand
    Raises PolicyError for a draft that cannot be read.
    """
    first = first_day(drafts)
    if not first:
        raise PolicyError(drafts[0].name if drafts else "-", 1, "没有任何参数 | no parameter in it")
    onto = starts or (first if first // 10_000 <= year else year * 10_000 + first % 10_000)
    if onto % 10_000 == 229 and year % 4:
        onto -= 1
    return tuple(moved(draft, first, onto) for draft in drafts), onto


def drafts_in(reform: Mapping[str, Any], what: str = "drafts") -> tuple[Draft, ...]:
    """The drafts that a run's row keeps; `laid`: those in force on both sides."""
    return tuple(Draft(one["name"], one["text"], one["origin"]) for one in reform.get(what, ()))
