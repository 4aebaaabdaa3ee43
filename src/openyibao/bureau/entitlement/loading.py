"""Loading the entitlement desk's tables 待遇资格导入: special identities, filings, measures against persons."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from openyibao.bureau.enrolment.loading import of_known_people
from openyibao.bureau.entitlement.models import Filing, Identity, Measure
from openyibao.bureau.loading.problems import contradicts
from openyibao.bureau.loading.sift import Loaded, Row
from openyibao.bureau.loading.storing import midnight, stored

GRANTED = "granted"
PLACES, OTHERS = ("offsite", "referral"), ("chronic", "two-disease", "special-drug", "fixed")
PLACE_KEY, OTHER_KEY = ("psn_no", "kind", "fixmedins_code", "area", "starts"), ("psn_no", "kind", "code", "starts")
"""What makes a filing the same: off-site and referral by their place, the others by what they are for."""

STATED = ("psn_no", "kind", "insutype", "code", "fixmedins_code", "area", "starts", "ends", "filed_by")


def load_identities(rows: Sequence[Row]) -> Loaded:
    """Special identities 特殊身份 (psn_idet_type)."""
    sound, rejected = of_known_people(rows)
    wanted = {
        (values["psn_no"], values["psn_idet_type"], values["starts"]): {
            "psn_type_lv": values["psn_type_lv"], "ends": values["ends"], "source": values["source"],
        } for _, values in sound
    }  # fmt: skip
    return stored(Identity.objects.all(), ("psn_no", "psn_idet_type", "starts"), wanted)._replace(rejected=rejected)


def load_filings(rows: Sequence[Row], at: datetime) -> Loaded:
    """Filed entitlements 备案 that are granted; `at` is when they are loaded. A place is one filing whatever class it has been filed as."""
    sound, rejected = of_known_people(rows)
    granted = Filing.objects.filter(state=GRANTED)
    total = Loaded(0, 0, 0, rejected)
    for kinds, key in ((PLACES, PLACE_KEY), (OTHERS, OTHER_KEY)):
        wanted: dict[tuple[Any, ...], dict[str, Any]] = {}
        for line, values in (row for row in sound if row.values["kind"] in kinds):
            one = tuple(values[field] for field in key)
            if one in wanted:
                rejected.append(contradicts(line, "kind", values["kind"], "与前面一行是同一项备案。", "An earlier row files the same."))
                continue
            wanted[one] = {**{field: values[field] for field in STATED if field not in key}, "at": at}
        part = stored(granted.filter(kind__in=kinds), key, wanted, along=("at",))
        total = Loaded(total.new + part.new, total.changed + part.changed, total.same + part.same, rejected)
    return total


def load_measures(rows: Sequence[Row]) -> Loaded:
    """Measures against persons 参保人处理: direct settlement suspended; days begin at midnight in China."""
    sound, rejected = of_known_people(rows, "target")
    wanted = {
        (values["target"], midnight(values["starts"])): {
            "ends": midnight(values["ends"]) if values["ends"] else None, "reason": values["reason"], "clause": values["clause"],
        } for _, values in sound
    }  # fmt: skip
    return stored(Measure.objects.all(), ("psn_no", "starts"), wanted)._replace(rejected=rejected)
