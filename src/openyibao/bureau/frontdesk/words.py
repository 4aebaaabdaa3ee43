"""The register in words that a pensioner understands 白话: cover, class, filings, limits."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as lazy

from openyibao.bureau.enrolment.cover import Cover
from openyibao.bureau.entitlement.models import Filing, Identity
from openyibao.bureau.entitlement.queries import aid_class
from openyibao.bureau.statement.naming import AIDS, STATUSES, scheme_words
from openyibao.bureau.statement.yearly import Limit
from openyibao.policybook.national import status_of

FILINGS: dict[str, Any] = {
    Filing.CHRONIC: lazy("门诊慢特病"), Filing.TWO_DISEASE: lazy("门诊两病"), Filing.SPECIAL_DRUG: lazy("双通道药品"),
    Filing.OFFSITE: lazy("异地就医备案"), Filing.REFERRAL: lazy("转诊"), Filing.FIXED: lazy("选定机构"),
}  # fmt: skip


def lang() -> str:
    """zh or en, as the page is shown."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def cover_words(cover: Cover) -> dict[str, Any]:
    """A cover: scheme, class, whether it pays today, until when, and why not."""
    status = status_of(cover.psn_type) if cover.psn_type else None
    ends = cover.benefit_to - timedelta(days=1) if cover.benefit_to else None
    named = STATUSES.get(status, "") if cover.insutype == "310" and status is not None else ""
    return {
        "scheme": scheme_words(cover.insutype), "class": named, "covered": cover.covered, "since": cover.benefit_from, "until": ends,
        "reason": cover.reason(lang()), "civil": cover.civil_servant,
    }  # fmt: skip


def identity_words(row: Identity) -> dict[str, Any]:
    """A special identity: the aid it gives, and its days."""
    return {"words": AIDS.get(aid_class([row]), row.psn_idet_type), "starts": row.starts, "ends": row.ends}


def filing_words(row: Filing) -> dict[str, Any]:
    """A filing: what, for which disease, drug, place, and its days."""
    return {"words": FILINGS.get(row.kind, row.kind), "code": row.code or row.area, "starts": row.starts, "ends": row.ends}


def limit_rows(limits: Sequence[tuple[str, tuple[Limit, ...]]]) -> list[dict[str, Any]]:
    """Limits of the year: used, left, and the clause of each with its mark."""
    found = []
    for insutype, rows in limits:
        for one in rows:
            source = one.sources[0] if one.sources else None
            found.append({
                "scheme": scheme_words(insutype), "name": one.en if lang() == "en" else one.zh, "used": one.used, "limit": one.limit,
                "left": one.left, "boundless": one.boundless, "share": one.share, "trust": source.trust if source else "",
                "clause": source.clause if source else "",
            })  # fmt: skip
    return found
