"""The deductible of a stay 住院起付线: level, admission number, retiree, transfer, long stays."""

from datetime import date
from decimal import Decimal
from typing import Any

from oracle.casework import DAY_SURGERY, RESCUE, ZERO, Case, reads
from oracle.reference import LEVEL_WORDS, at_level, number


def as_date(day: int) -> date:
    """yyyymmdd as a calendar day."""
    return date(day // 10000, day // 100 % 100, day % 100)


def nominal(case: Case, inpatient: dict[str, Any], count: int) -> Decimal:
    """The deductible of the count-th admission at this level for this person, before any transfer rule."""
    level = case["level"]
    amount = number(at_level(inpatient["deductible"], level))
    repeat = inpatient["repeat"]
    spared = repeat.get("not_for_levels", [])
    untouched = level in spared or (level == "PV" and "P0" in spared)
    if "by_admission" in repeat:
        row = at_level(repeat["by_admission"], level)
        amount = number(row[min(count, len(row)) - 1])
    elif "factor_second_and_later" in repeat and count > 1 and not untouched:
        amount = case["cents"](amount * number(repeat["factor_second_and_later"]))
    elif "subtract_each" in repeat and count > 1:
        amount = max(min(amount, repeat["minimum"]), amount - repeat["subtract_each"] * (count - 1))
    if case["retired"]:
        amount = case["cents"](amount * number(inpatient.get("retired_deductible_factor", "1")))
        amount = max(ZERO, amount + inpatient.get("retired_deductible_delta", ZERO))
    return amount


def earlier_count(case: Case) -> int:
    """Admissions of the year before this one, over all levels or at this level only."""
    year = case["year"]
    if reads(case, "repeat_per_level"):
        return int(year["admissions_by_level"] >> (8 * case["bill"]["level"])) & 255
    return int(year["admissions"])


def second_leg(case: Case) -> bool:
    """Whether this stay goes on from the last one by transfer 转院, within the window of days."""
    year, bill = case["year"], case["bill"]
    if not bill["transferred"] or not year["stay_left"]:
        return False
    if bill["level"] == year["stay_level"] and reads(case, "transfer_same_level_new"):
        return False
    window = case["document"]["special_rules"]["transfer_admission"]["window_days"]
    return bool(0 <= (as_date(case["starts"]) - as_date(year["stay_left"])).days <= window)


def periods_begun(case: Case) -> int:
    """Deductibles of a long stay: one, and one more for each full period in a psychiatric, rehabilitation or chronic bed."""
    length = case["document"]["special_rules"]["long_stay"]["deductible_period_days"]
    if not case["bill"]["long_bed"] or not length:
        return 1
    return int(1 + (as_date(case["bill"]["day"]) - as_date(case["starts"])).days // length)


def admit(case: Case, inpatient: dict[str, Any]) -> None:
    """Set standard 应付起付线 and admission, and keep the stay and the count in the year (the deductible itself comes after)."""
    year, bill = case["year"], case["bill"]
    case["goes_on"] = False
    if case["kind"] == DAY_SURGERY:
        case["counts"] = reads(case, "transfer_daysurgery_count")
        return
    goes_on = second_leg(case)
    case["goes_on"] = goes_on or bool(bill["continued"])
    case["admission"] = year["stay_admission"] if case["goes_on"] else earlier_count(case) + 1
    case["counts"] = not case["goes_on"]
    if bill["continued"]:
        case["standard"] = ZERO
    elif not goes_on:
        case["standard"] = nominal(case, inpatient, case["admission"]) * periods_begun(case)
    else:
        case["counts"] = reads(case, "transfer_daysurgery_count")
        if bill["level"] > year["stay_level"]:
            asked = nominal(case, inpatient, 1 if reads(case, "transfer_unreduced") else max(1, case["admission"]))
            had = year["stay_due"] if reads(case, "transfer_nominal_paid") else year["stay_borne"]
            case["standard"] = max(ZERO, asked - had)
    if case["kind"] == RESCUE and reads(case, "rescue_not_admission"):
        case["counts"] = False


def count_admission(case: Case) -> None:
    """One more admission, at its level too."""
    year, level = case["year"], case["bill"]["level"]
    year["admissions"] += 1
    if (year["admissions_by_level"] >> (8 * level)) & 255 < 255:
        year["admissions_by_level"] += 1 << (8 * level)


def leave(case: Case) -> None:
    """After the deductible is known: count the admission and remember the stay for a transfer."""
    year = case["year"]
    if case["counts"] and case["S"] > 0:
        count_admission(case)
    if case["kind"] == DAY_SURGERY:
        return
    before_due, before_borne = (year["stay_due"], year["stay_borne"]) if case["goes_on"] else (ZERO, ZERO)
    year["stay_level"] = LEVEL_WORDS.index(case["level"])
    year["stay_due"] = before_due + case["standard"]
    year["stay_borne"] = before_borne + case["deductible"]
    year["stay_left"] = case["bill"]["day"]
    year["stay_admission"] = case["admission"]
