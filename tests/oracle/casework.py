"""What the steps of a settlement hand on to each other: one dict per bill, amounts as Decimal yuan."""

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from oracle import reference

Case = dict[str, Any]
ZERO = Decimal(0)
FEN = Decimal("0.01")

BILL_MONEY = ("total", "full", "over", "pre", "within", "off_list", "consultation", "third_party")
YEAR_COUNTS = (
    "year", "admissions", "admissions_by_level", "stay_level", "stay_left", "stay_admission", "quota_period",
    "dialysis_month", "dialysis_sessions", "bills",
)
CARRIED = (
    "account", "family", "stay_level", "stay_due", "stay_borne", "stay_left", "stay_admission", "prenatal_paid",
)
ONE_YEAR = (
    "admissions", "admissions_by_level", "inpatient_deductible", "outpatient_deductible", "outpatient_paid",
    "chronic_deductible", "quota_period", "quota_used", "quota_used_second", "two_disease_paid", "hypertension_paid",
    "diabetes_paid", "pool_paid", "pool_base", "large_first", "large_second", "burden", "catastrophic_paid", "civil_base",
    "civil_paid", "aid_base", "aid_paid", "tilt_base", "tilt_paid", "added_base_1", "added_base_2", "added_base_3",
    "added_paid_1", "added_paid_2", "added_paid_3", "dialysis_month", "dialysis_sessions", "account_paid", "cash_paid", "bills",
)

(EMPLOYEE, RESIDENT) = (1, 2)
(OUTPATIENT, CHRONIC, TWO_DISEASE, DUAL, INPATIENT, DAY_SURGERY, RESCUE, DELIVERY, CAESAREAN, PRENATAL,
 MISCARRIAGE_EARLY, MISCARRIAGE_LATE, DIALYSIS, PHARMACY) = range(1, 15)
STAYS = (INPATIENT, DAY_SURGERY, RESCUE)
BILL_DEFAULTS = {
    "status": 0, "admitted": 0, "offsite": 0, "place": 0, "transferred": 0, "continued": 0, "long_bed": 0, "disease": -1,
    "grant": 0, "other_disease": -1, "other_grant": 0, "granted": 1, "two_disease": 0, "two_registered": 0, "babies": 1,
    "complication": 0, "sessions": 0, "aid": 0, "registered_poor": 0, "civil_servant": 0, "added": 0, "pre_existing": 0,
    "account_use": 1, "cover_from": 1, "cover_to": 99991231, "wait_until": 0, "suspended": 0, "agreement": 1, "died": 0,
    "outside_fund": 0,
}


def cents(mode: str) -> Callable[[Decimal], Decimal]:
    """The rounding rule 舍入: half up to the fen, or cut off behind the fen."""
    rule = ROUND_DOWN if mode == "truncate" else ROUND_HALF_UP
    return lambda amount: amount.quantize(FEN, rounding=rule)


def yuan(fen: int) -> Decimal:
    """Fen as exact yuan."""
    return Decimal(fen) / 100


def fen(amount: Decimal) -> int:
    """Whole fen; a fraction of a fen here would be a mistake of this calculator."""
    scaled = amount * 100
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} yuan is not a whole number of fen: a rounding step is missing in the oracle")
    return int(scaled)


def opened_year(given: dict[str, int], calendar: int) -> dict[str, Any]:
    """The accumulators in yuan on the day of the bill: a new calendar year keeps only what is carried over."""
    keep = CARRIED if given.get("year", 0) != calendar else CARRIED + ONE_YEAR
    year: dict[str, Any] = dict.fromkeys(CARRIED + ONE_YEAR, ZERO) | dict.fromkeys(YEAR_COUNTS, 0)
    for name in keep:
        value = given.get(name, 0)
        year[name] = value if name in YEAR_COUNTS else yuan(value)
    return year | {"year": calendar}


def closed_year(year: dict[str, Any]) -> dict[str, int]:
    """The accumulators back in fen."""
    return {name: value if name in YEAR_COUNTS else fen(value) for name, value in year.items()}


def open_case(city: str, bill: dict[str, int], year: dict[str, int], readings: frozenset[str], mode: str) -> Case:
    """The dict that travels through the layers."""
    filled: dict[str, Any] = BILL_DEFAULTS | dict.fromkeys(BILL_MONEY, 0) | bill
    for name in BILL_MONEY:
        filled[name] = yuan(filled[name])
    starts = filled["admitted"] or filled["day"]
    stay_like = filled["kind"] in (*STAYS, DELIVERY, CAESAREAN)
    law_day = starts if stay_like and "version_by_admission" in readings else filled["day"]
    document = reference.city_document(city)
    return {
        "city": city, "document": document, "bill": filled, "kind": filled["kind"], "starts": starts, "law_day": law_day,
        "scheme": "employee" if filled["scheme"] == EMPLOYEE else "resident", "retired": filled["status"] == 1,
        "level": reference.LEVEL_WORDS[filled["level"]], "year": opened_year(year, filled["day"] // 10000),
        "readings": readings, "cents": cents(mode), "outcome": 0, "S": ZERO, "X": ZERO, "deductible": ZERO, "standard": ZERO,
        "pool": ZERO, "over_cap": ZERO, "kept_out": ZERO, "consultation": ZERO, "hospital": ZERO, "later": False,
        "excess_sessions": 0, "ratio": ZERO, "admission": 0, "base": ZERO,
    }


def reads(case: Case, name: str) -> bool:
    """Whether an alternative reading 解读口径 is in force for this bill, by request or by the city's own rule."""
    if name == "quota_on_payment" and case["city"] == "jishou":
        return False  # the worked example E13 decides
    if name == "repeat_per_level" and case["city"] == "jishou" and case["scheme"] == "employee" and case["law_day"] >= 20240101:
        return True  # the 2024 rule says "same level"
    return name in case["readings"]


def rules(case: Case, benefit: str) -> dict[str, Any] | None:
    """The version of a benefit of the scheme in force for this bill."""
    return reference.in_force(case["document"]["schemes"][case["scheme"]].get(benefit), case["law_day"])


def above(amount: Decimal, start: Decimal) -> Decimal:
    """What of `amount` lies above `start`."""
    return max(ZERO, amount - start)
