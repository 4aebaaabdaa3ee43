"""Codes of a claim in words, for templates: `{% load claims_words %}`."""

from typing import Any

from django import template

from openyibao.bureau.claims.stages import MED_TYPES, PAPERS

register = template.Library()
PAPER_WORDS, MEDICAL_WORDS = dict(PAPERS), dict(MED_TYPES)


@register.filter
def paper(what: str) -> Any:
    """What a scanned paper is."""
    return PAPER_WORDS.get(what, what)


@register.filter
def medical(med_type: str) -> Any:
    """A medical category 医疗类别."""
    return MEDICAL_WORDS.get(med_type, med_type)
