"""A person's standing 参保与待遇身份 as bill files state it, and the opening of the person's year 期初数.

Every part may be "not stated" (None): then a wider source speaks (the bill over its `person`, that over the people file), and what
nobody states is the plain case: covered, active, no aid. The whole-list parts (chronic, two_registered) are authoritative when stated.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from openyibao.kernel.codes import LEVELS
from openyibao.kernel.year import Year, admissions_at
from openyibao.policybook import national
from openyibao.warehouse.bills import words
from openyibao.warehouse.bills.columns import YEAR
from openyibao.warehouse.bills.problems import bad_value, impossible, unknown_code, unknown_field, yuan
from openyibao.warehouse.bills.values import choice, day, day_text, money, month, stated, text, whole, yes_no

COUNTS = frozenset(("year", "admissions", "stay_admission", "dialysis_sessions", "bills"))
MONTHS = frozenset(("quota_period", "dialysis_month"))
YEAR_MONEY = frozenset(Year._fields) - COUNTS - MONTHS - {"admissions_by_level", "stay_level", "stay_left"}
"""Accumulators that are money."""

AID_KNOWN = words.AID_WORDS + " " + " ".join(national.AID)


class Standing(NamedTuple):
    """One source's word on a person; None = not stated. Days yyyymmdd; `starts` inclusive, `ends` the first day no longer in force."""

    starts: int = 0
    ends: int = 99999999
    scheme: int | None = None
    status: int | None = None
    civil_servant: int | None = None
    aid: int | None = None
    registered_poor: int | None = None
    chronic: tuple[tuple[str, int], ...] | None = None  # (code, granted from)
    two_registered: int | None = None
    added: int | None = None
    cover_from: int | None = None
    cover_to: int | None = None
    wait_until: int | None = None
    suspended: int | None = None
    died: int | None = None


class Opening(NamedTuple):
    """What a person's year starts with: accumulators by name; empty = nothing stated."""

    figures: tuple[tuple[str, int], ...] = ()

    def year(self, number: int) -> Year:
        """The Year before the first bill; `number` is that bill's calendar year, unless the opening states its own."""
        named = dict(self.figures)
        return Year(**({"year": number} | named))


def listed(field: str, value: Any) -> list[Any]:
    """A list cell: a list, JSON text, or words parted by spaces, commas or semicolons; the word none is an empty list."""
    if isinstance(value, str) and value.lstrip()[:1] == "[":
        try:
            value = json.loads(value, parse_float=Decimal)
        except ValueError:
            raise bad_value(field, value, "不是正确的 JSON 列表", "not a valid JSON list") from None
    if isinstance(value, str):
        parts = value.replace(",", " ").replace(";", " ").replace("、", " ").split()
        return [] if parts in (["none"], ["无"]) else list(parts)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return [value]
    if not isinstance(value, list):
        raise bad_value(field, value, "应为列表", "must be a list")
    return value


def scheme(value: Any) -> int:
    """insutype or a plain word -> scheme; national codes outside the two schemes are unknown here."""
    name = text("insutype", value)
    if name in national.SCHEMES:
        return national.SCHEMES[name].code
    return choice("insutype", name, words.SCHEMES, "310 390 employee resident 职工 居民")


def status(value: Any) -> int:
    """psn_type or a plain word -> ACTIVE, RETIRED."""
    name = text("psn_type", value)
    if name in words.STATUS:
        return words.STATUS[name]
    found = national.status_of(name)
    if found is None:
        raise unknown_code("psn_type", value, "active retired resident 11… 12… 14… 15… 16… 17… 18…")
    return found


def aid(cells: Mapping[str, Any]) -> int | None:
    """The aid category by name or national code; never matched by prefix."""
    if "aid" in cells:
        name = text("aid", cells["aid"])
        if name in words.AID:
            return words.AID[name]
        if name in national.AID:
            return national.AID[name].code
        raise unknown_code("aid", name, AID_KNOWN)
    if "psn_idet_type" not in cells:
        return None
    name = text("psn_idet_type", cells["psn_idet_type"])
    found = national.aid_of(name)
    if found is None:
        raise unknown_code("psn_idet_type", name, AID_KNOWN)
    return found


def registered_poor(cells: Mapping[str, Any]) -> int | None:
    """建档立卡 by its own column or by psn_idet_type 2302."""
    if "registered_poor" in cells:
        return yes_no("registered_poor", cells["registered_poor"])
    if "psn_idet_type" in cells and text("psn_idet_type", cells["psn_idet_type"]) in national.REGISTERED_POOR:
        return 1
    return None


def grants(value: Any) -> tuple[tuple[str, int], ...]:
    """Chronic grants: objects with code and from, or words `M03900` and `M03900@2023-03-15`."""
    found: list[tuple[str, int]] = []
    for entry in listed("chronic", value):
        if isinstance(entry, dict):
            if not stated(entry.get("code")):
                raise bad_value("chronic", entry, "缺少 code", "lacks code")
            starts = entry.get("from")
            found.append((text("chronic", entry["code"]), day("chronic", starts) if stated(starts) else 0))
        else:
            code, _, starts = text("chronic", entry).partition("@")
            found.append((code, day("chronic", starts) if starts else 0))
    return tuple(found)


def bits(field: str, value: Any, table: dict[str, int]) -> int:
    """A list of words as one integer of bits."""
    total = 0
    for entry in listed(field, value):
        total |= choice(field, entry, table)
    return total


ADDED = {"1": 1, "2": 2, "3": 4, "huiminbao": 3, "惠民保": 3, "employer_plan": 4, "企业补充": 4}
"""Added layers 补充层 by slot, or by product: 惠民保 has the slots 1 and 2, an employer's plan slot 3."""


def died(cells: Mapping[str, Any]) -> int | None:
    """The day of death."""
    return day("died", cells["died"]) if "died" in cells else None


def standing(cells: Mapping[str, Any]) -> Standing:
    """The standing that one row, bill or `person` object states; raises Problem."""
    starts = day("starts", cells["starts"]) if "starts" in cells else 0
    ends = day("ends", cells["ends"]) if "ends" in cells else 99999999
    if ends <= starts:
        raise impossible("ends", cells["ends"], f"ends {day_text(ends)} 不晚于 starts {day_text(starts)}",
                         f"ends {day_text(ends)} is not after starts {day_text(starts)}")
    return Standing(
        starts, ends,
        scheme(cells["insutype"]) if "insutype" in cells else None,
        status(cells["psn_type"]) if "psn_type" in cells else None,
        yes_no("cvlserv_flag", cells["cvlserv_flag"]) if "cvlserv_flag" in cells else None,
        aid(cells),
        registered_poor(cells),
        grants(cells["chronic"]) if "chronic" in cells else None,
        bits("two_registered", cells["two_registered"], words.DISEASES) if "two_registered" in cells else None,
        bits("added", cells["added"], ADDED) if "added" in cells else None,
        day("cover_from", cells["cover_from"]) if "cover_from" in cells else None,
        day("cover_to", cells["cover_to"]) if "cover_to" in cells else None,
        day("wait_until", cells["wait_until"]) if "wait_until" in cells else None,
        yes_no("suspended", cells["suspended"]) if "suspended" in cells else None,
        died(cells),
    )  # fmt: skip


def over(first: Standing, second: Standing) -> Standing:
    """`first` where it states something, `second` elsewhere; the span is the second's."""
    parts = [mine if mine is not None else theirs for mine, theirs in zip(first[2:], second[2:], strict=True)]
    return Standing(second.starts, second.ends, *parts)  # type: ignore[arg-type]


def levels_count(value: Any) -> int:
    """Admissions by level {"L3": 2} -> eight bits a level."""
    if isinstance(value, str) and value.lstrip()[:1] == "{":
        try:
            value = json.loads(value)
        except ValueError:
            raise bad_value("admissions_by_level", value, "不是正确的 JSON", "not valid JSON") from None
    if not isinstance(value, dict):
        raise bad_value("admissions_by_level", value, "应写成 {\"L3\": 2}", "write {\"L3\": 2}")
    return sum(whole("admissions_by_level", count, 0, 255) << (8 * choice("admissions_by_level", level, words.LEVELS))
               for level, count in value.items() if stated(count))


def accumulator(name: str, value: Any) -> int:
    """One accumulator of the year as its integer."""
    if name == "admissions_by_level":
        return levels_count(value)
    if name == "stay_level":
        return choice("stay_level", value, words.LEVELS, words.LEVEL_WORDS)
    if name == "stay_left":
        return day("stay_left", value)
    if name in MONTHS:
        return month(name, value)
    return whole(name, value) if name in COUNTS else money(name, value)


def opening(cells: Mapping[str, Any]) -> Opening:
    """The opening figures that a row states: account, family, `year` and `year_…` columns; raises Problem."""
    year = cells.get("year", {})
    if isinstance(year, str) and year.lstrip()[:1] == "{":
        try:
            year = json.loads(year, parse_float=Decimal)
        except ValueError:
            raise bad_value("year", year, "不是正确的 JSON", "not valid JSON") from None
    if not isinstance(year, dict):
        year = {"year": year}
    figures: dict[str, int] = {}
    for name, value in year.items():
        if name not in Year._fields:
            raise unknown_field(f"year.{name}", "")
        if stated(value):
            figures[name] = accumulator(name, value)
    for name, value in cells.items():
        if name.startswith(YEAR):
            figures[name[len(YEAR):]] = accumulator(name[len(YEAR):], value)
    for name in ("account", "family"):
        if name in cells:
            figures[name] = money(name, cells[name])
    return Opening(tuple(sorted(figures.items())))


def year_cells(year: Year) -> dict[str, Any]:
    """A Year in the words of this file: what a result shows and a people file can open the next run with."""
    cells: dict[str, Any] = {name: yuan(value) if name in YEAR_MONEY else value for name, value in zip(Year._fields, year, strict=True)}
    packed = year.admissions_by_level
    cells["admissions_by_level"] = {words.LEVEL_NAMES[level][0]: admissions_at(packed, level) for level in range(LEVELS)
                                    if admissions_at(packed, level)}
    cells["stay_level"] = words.LEVEL_NAMES[year.stay_level][0]
    cells["stay_left"] = day_text(year.stay_left)
    return cells


