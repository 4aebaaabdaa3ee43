"""Values as an officer types them 录入: 60 for 60 %, 1,200 for yuan, a choice in words; and back from what a file prints."""

import re
from typing import NamedTuple

from openyibao.policybook.leaf import Scalar
from openyibao.policybook.parameters import AID_WORDS, Parameter, parameter, without_scheme
from openyibao.policybook.read import MAY_BE_NEGATIVE, MOST_YUAN, RATIO_DIGITS
from openyibao.policybook.units import UNITS
from openyibao.policybook.words import choice_words, percent

NUMBER = re.compile(r"-?\d+(\.\d+)?")
NO_LIMIT = ("不设限", "不限", "无", "no limit", "none", "null")
"""Words for null where a parameter may be null."""


class Wrong(ValueError):
    """A value that cannot be taken, with why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep both sentences."""
        self.zh, self.en = zh, en
        super().__init__(zh)


class Asked(NamedTuple):
    """How one parameter's value is asked for 录入方式."""

    form: str  # money, percent, factor, integer, flag, choice, text, categories
    unit: dict[str, str]
    choices: tuple[tuple[str, dict[str, str]], ...]
    nullable: bool
    typed: str  # what stands in the field
    hint: dict[str, str]


def row_of(key: str) -> Parameter:
    """The row of the parameter table. Raises Wrong for a key that does not exist."""
    split = without_scheme(key)
    row = parameter(split[1]) if split else None
    if row is None:
        raise Wrong(f"没有参数 {key}", f"no parameter is called {key}")
    return row


def form_of(row: Parameter) -> str:
    """Ratios are typed as percentages, everything else as the file prints it."""
    return "percent" if row.unit == "ratio" else "factor" if row.unit == "factor" else UNITS[row.unit].form


def asked_of(key: str, value: Scalar) -> Asked:
    """The field of a parameter with a value in it."""
    row = row_of(key)
    form, unit = form_of(row), UNITS[row.unit]
    choices: tuple[tuple[str, dict[str, str]], ...] = tuple(
        (word, {lang: choice_words(word, key, lang) for lang in ("zh", "en")}) for word in row.choices
    )
    if form == "flag":
        choices = (("true", {"zh": "是", "en": "yes"}), ("false", {"zh": "否", "en": "no"}))
    return Asked(form, {"zh": unit.zh, "en": unit.en}, choices, row.nullable, typed_of(form, value), hint_of(form, row))


def hint_of(form: str, row: Parameter) -> dict[str, str]:
    """What may be typed."""
    hints = {
        "percent": ("0 到 100，最多两位小数", "0 to 100, at most two decimals"),
        "money": ("元，最多两位小数", "yuan, at most two decimals"),
        "factor": ("最多四位小数", "at most four decimals"),
        "integer": ("整数", "a whole number"),
        "categories": ("多类用顿号隔开：" + "、".join(AID_WORDS), "categories in Chinese, with 、 between them"),
    }
    zh, en = hints.get(form, ("", ""))
    return {"zh": f"{zh}；无限额填“不设限”", "en": f"{en}; “no limit” where there is none"} if row.nullable and zh else {"zh": zh, "en": en}


def typed_of(form: str, value: Scalar) -> str:
    """A value as it stands in a field."""
    if value is None:
        return NO_LIMIT[0]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "、".join(value)
    return percent(str(value)) if form == "percent" else str(value)


def value_of(key: str, typed: str) -> Scalar:
    """What was typed as the file prints it. Raises Wrong."""
    row = row_of(key)
    form, text = form_of(row), typed.strip().replace("，", ",")
    if not text:
        raise Wrong("请填写新值", "write the new value")
    if text.lower() in NO_LIMIT and form not in ("text", "categories"):
        if not row.nullable:
            raise Wrong("这个参数不能不设限", "this parameter must have a limit")
        return None
    if form == "flag":
        return flag(text)
    if form == "choice":
        if text not in row.choices:
            raise Wrong(f"没有“{text}”这个选项", f"“{text}” is not one of the choices")
        return text
    if form == "categories":
        return categories(text)
    return text if form == "text" else figure(form, text.replace(",", "").rstrip("%％元").strip(), key)


def flag(text: str) -> bool:
    """是 or 否."""
    if text.lower() not in ("true", "false", "是", "否", "yes", "no"):
        raise Wrong("请选“是”或“否”", "choose yes or no")
    return text.lower() in ("true", "是", "yes")


def categories(text: str) -> tuple[str, ...]:
    """特困、低保 as words of the list."""
    words = tuple(word for word in re.split(r"[、,;；\s]+", text) if word)
    unknown = [word for word in words if word not in AID_WORDS]
    if unknown:
        raise Wrong(f"没有这类对象：{'、'.join(unknown)}；可用：{'、'.join(AID_WORDS)}", f"no such category: {', '.join(unknown)}")
    return words


def figure(form: str, text: str, key: str) -> Scalar:
    """A number of a form."""
    if not NUMBER.fullmatch(text):
        raise Wrong(f"“{text}”不是数字", f"“{text}” is no number")
    split = without_scheme(key)
    if text.startswith("-") and (split is None or split[1] not in MAY_BE_NEGATIVE):
        raise Wrong("不能为负", "must not be negative")
    whole, _, part = text.partition(".")
    part = part.rstrip("0")
    places = {"percent": RATIO_DIGITS - 2, "factor": RATIO_DIGITS, "money": 2, "integer": 0}[form]
    if len(part) > places:
        zh, en = ("须为整数", "a whole number is needed") if places == 0 else (f"最多 {places} 位小数", f"at most {places} decimals")
        raise Wrong(zh, en)
    if form == "percent":
        return ratio(int(whole), part)
    if form == "money" and int(whole) > MOST_YUAN:
        raise Wrong(f"超过可精确结算的 {MOST_YUAN:,} 元", f"more than {MOST_YUAN:,} yuan cannot be settled exactly")
    if form == "factor":
        return f"{int(whole)}.{part}" if part else str(int(whole))
    if not part:
        return int(whole)
    return f"{'-' if text.startswith('-') else ''}{abs(int(whole))}.{part}"


def ratio(whole: int, part: str) -> str:
    """62.5 % as "0.625". Raises Wrong above 100 %."""
    ten_thousandths = whole * 100 + int(part.ljust(2, "0") or 0)
    if ten_thousandths > 10_000:
        raise Wrong("比例不能超过 100%", "a ratio is 100 % at most")
    return f"{ten_thousandths // 10_000}.{ten_thousandths % 10_000:04d}".rstrip("0").rstrip(".") if ten_thousandths % 10_000 else str(
        ten_thousandths // 10_000
    )
