"""Words of bills as template filters 单据用词: `{% load naming %}`."""

from typing import Any

from django import template
from django.utils.translation import get_language

from openyibao.bureau.statement import naming
from openyibao.kernel.receipt import Receipt
from openyibao.policybook.book import Book

register = template.Library()


@register.filter
def masked_name(name: Any) -> str:
    """A name with all but its first sign hidden."""
    return naming.masked_name(str(name or ""))


@register.filter
def kind_words(med_type: str) -> str:
    """The kind of visit of a med_type."""
    return str(naming.kind_words(med_type))


@register.filter
def scheme_words(insutype: str) -> str:
    """A scheme."""
    return str(naming.scheme_words(insutype))


@register.filter
def quantity(number: int) -> str:
    """A quantity kept in 1/10,000, without needless zeros."""
    return f"{number / 10_000:g}"


@register.filter
def account_of(receipt: Receipt) -> int:
    """What personal accounts pay of a receipt, own and family, fen."""
    return receipt.account + receipt.family


@register.filter
def city_name(book: Book) -> str:
    """A book's city in the page's language."""
    return book.name_en if (get_language() or "").startswith("en") else book.name
