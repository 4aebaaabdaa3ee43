"""The log in words 操作的说法: what was done, to what, and where it is seen. The words are data (acts.yaml)."""

from collections.abc import Iterable
from datetime import datetime
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.urls import NoReverseMatch, reverse

from openyibao.bureau.staff.queries import Acted

TABLE = Path(__file__).with_name("acts.yaml")


class Told(NamedTuple):
    """One act in words: when, what in both languages, its object in both, and the address that shows the object ("" = none)."""

    at: datetime
    zh: str
    en: str
    object_zh: str
    object_en: str
    link: str


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, dict[str, str]]]:
    """The table: `acts` by pattern, `objects` by kind."""
    found: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1_024)
def act_words(what: str) -> tuple[str, str] | None:
    """What was done in Chinese and English; None for an act that the table does not know."""
    found = next((said for pattern, said in words()["acts"].items() if fnmatchcase(what, pattern)), None)
    return (found["zh"], found["en"]) if found else None


def told(acts: Iterable[Acted]) -> list[Told]:
    """The log's rows in words. An act without words is told by its code."""
    rows = []
    for one in acts:
        zh, en = act_words(one.what) or (one.what, one.what)
        kind, _slash, key = one.object.partition("/")
        known = words()["objects"].get(kind)
        names = (named(known["zh"], key, zh), named(known["en"], key, en)) if known else (one.object, one.object)
        rows.append(Told(one.at, zh, en, *names, page_of(known, key)))
    return rows


def named(kind: str, key: str, said: str) -> str:
    """An object's key, with its kind where the act does not say it already."""
    return key if kind.casefold() in said.casefold() else f"{kind} {key}"


def page_of(known: dict[str, str] | None, key: str) -> str:
    """The address of what was acted on, "" where there is none."""
    if not known or "page" not in known:
        return ""
    try:
        return reverse(known["page"], args=[key])
    except NoReverseMatch:
        return ""
