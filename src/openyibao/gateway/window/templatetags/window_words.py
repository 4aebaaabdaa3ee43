"""Words of the window in templates: `{% load window_words %}`."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import get_language

from openyibao.bureau.enrolment.cover import Cover
from openyibao.bureau.pages.templatetags.parts import yuan
from openyibao.bureau.settlement.reconcile import Sums
from openyibao.gateway.window import words
from openyibao.gateway.window.models import Booking

register = template.Library()
PRICE = 2
"""Decimals a price has at least."""


def lang() -> str:
    """The page's language."""
    return "en" if (get_language() or "").startswith("en") else "zh"


@register.filter
def cover_reason(cover: Cover) -> str:
    """Why there is no cover."""
    return cover.reason(lang())


@register.filter
def next_said(refusal: dict[str, Any]) -> str:
    """The next step of a refusal that was kept."""
    return str(refusal.get(f"next_{lang()}", ""))


@register.filter
def plain_number(value: Decimal) -> str:
    """A quantity without needless zeros, never as a power of ten."""
    return f"{value:f}"


@register.filter
def plain_price(value: Decimal) -> str:
    """A price with two decimals, more where it has them."""
    text = f"{value:f}".rstrip("0")
    whole, _point, cents = text.partition(".")
    return f"{whole}.{cents.ljust(PRICE, '0')}"


@register.filter
def item_class(code: str) -> Any:
    """甲乙丙."""
    return words.ITEM_CLASSES.get(code, code)


@register.filter
def first_diagnosis(diagnoses: list[list[str]]) -> str:
    """The main diagnosis."""
    return " ".join(diagnoses[0]) if diagnoses else ""


@register.filter
def scheme_words(insutype: str) -> Any:
    """A scheme in words."""
    return words.scheme(insutype)


@register.filter
def clearing_words(clr_type: str) -> Any:
    """A clearing category in words."""
    return words.CLEARED.get(clr_type, clr_type)


@register.filter
def paid(sums: Sums) -> str:
    """Funds and account of some bills."""
    return yuan(sums.fund + sums.account)


@register.filter
def as_tried(row: Booking) -> bool:
    """Whether a settlement came out as its trial said, in every amount that is shown."""
    trial = row.trial
    return all(trial.get(name) == getattr(row, name) for name in ("total", "fund", "account", "cash"))


@register.filter
def demo_memo(memo: str) -> str:
    """What there is to try with one of the demo's people: the Chinese memo, or its English word."""
    key, _colon, text = memo.partition("：")
    return text if lang() == "zh" else str(words.DEMO.get(key, key.replace("-", " ")))
