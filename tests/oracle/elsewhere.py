"""Treatment outside the pooling area 异地就医: three different arithmetic methods, and who counts as self-referred."""

from decimal import Decimal
from typing import Any

from oracle.casework import STAYS, ZERO, Case, reads

(HOME, FILED, REFERRED, EMERGENCY, SELF_REFERRED, NEIGHBOUR) = range(6)
CHAPTER = {FILED: "filed_longterm", REFERRED: "transfer", EMERGENCY: "emergency", SELF_REFERRED: "self_referral",
           NEIGHBOUR: "kunming_no_filing"}


def standing(case: Case) -> int:
    """The off-site class after looking at the place: a neighbouring city without filing, or a self-referral after all."""
    said, place = case["bill"]["offsite"], case["bill"]["place"]
    if said not in (SELF_REFERRED, NEIGHBOUR):
        return int(said)
    near = case["document"]["offsite"].get("kunming_no_filing")
    if near is None or reads(case, "kunming_not_started"):
        return SELF_REFERRED
    inside = str(place).startswith(near["admdvs_prefix"]) if place else said == NEIGHBOUR
    return NEIGHBOUR if inside else SELF_REFERRED


def reduction(case: Case) -> dict[str, Any]:
    """points off the ratio, share paid first, factor on the payment: the neutral values where nothing is reduced."""
    neutral = {"points": ZERO, "first": ZERO, "factor": Decimal(1)}
    where = standing(case)
    if where == HOME or not (case["kind"] in STAYS or reads(case, "offsite_outpatient")):
        return neutral
    rule = case["document"]["offsite"][CHAPTER[where]]
    if rule["method"] == "subtract_pp":
        return neutral | {"points": Decimal(rule["pp"]) / 100}
    if rule["method"] == "self_pay_first":
        return neutral | {"first": Decimal(rule["share"])}
    return neutral | {"factor": Decimal(rule["factor"])}
