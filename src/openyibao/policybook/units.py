"""Units of policy parameters 单位: what a printed value may look like, and how it is said in words."""

from typing import NamedTuple


class Unit(NamedTuple):
    """One unit: its words and the form a value takes in the YAML."""

    zh: str
    en: str
    form: str  # money, decimal, integer, flag, choice, text, categories


UNITS: dict[str, Unit] = {
    "yuan": Unit("元", "yuan", "money"),
    "yuan_per_year": Unit("元/年", "yuan a year", "money"),
    "yuan_per_month": Unit("元/月", "yuan a month", "money"),
    "yuan_per_day": Unit("元/日", "yuan a day", "money"),
    "yuan_per_session": Unit("元/次", "yuan a session", "money"),
    "yuan_per_item": Unit("元/件", "yuan an item", "money"),
    "yuan_per_person_year": Unit("元/人·年", "yuan per head and year", "money"),
    "ratio": Unit("%", "%", "decimal"),
    "factor": Unit("倍", "times", "decimal"),
    "points": Unit("个百分点", "points", "integer"),
    "hours": Unit("小时", "hours", "integer"),
    "days": Unit("天", "days", "integer"),
    "months": Unit("个月", "months", "integer"),
    "years": Unit("年", "years", "integer"),
    "sessions": Unit("次", "sessions", "integer"),
    "count": Unit("个", "", "integer"),
    "year": Unit("年", "", "integer"),
    "yes_no": Unit("", "", "flag"),
    "choice": Unit("", "", "choice"),
    "level": Unit("", "", "choice"),
    "code": Unit("", "", "text"),
    "text": Unit("", "", "text"),
    "aid_categories": Unit("", "", "categories"),
}
"""Money is yuan (an integer, or a decimal string to the fen), ratios and factors are decimal strings; only a change may be negative."""

TRUST: dict[str, tuple[str, str]] = {
    "seed": ("规划", "city plan"),
    "doc": ("公开文件", "public document"),
    "compiled": ("转引，未核", "third-party compilation, not verified"),
    "recalled": ("忆及，待核", "recalled, to be verified"),
    "illustrative": ("本项目设定，非本市规定", "illustrative, not the city's rule"),
}
"""Trust marks 可信度: where a figure comes from, best first; the words are shown beside the figure."""

FIRM = ("seed", "doc")
"""Marks whose limits bind: a deviation from one is an error, from the others a warning."""
