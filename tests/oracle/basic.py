"""The basic layer 基本医保: what the pooled fund pays for each kind of bill, and what finds no room under its cap."""

from decimal import Decimal
from typing import Any

from oracle import admission, quota
from oracle.casework import (
    CAESAREAN,
    CHRONIC,
    DELIVERY,
    DIALYSIS,
    DUAL,
    EMPLOYEE,
    OUTPATIENT,
    PRENATAL,
    STAYS,
    TWO_DISEASE,
    ZERO,
    Case,
    above,
    reads,
    rules,
)
from oracle.reference import at_level, next_lower, number, ratio_for, ratio_rows

NO_POLICY, NO_BENEFIT, NOT_GRANTED = 7, 8, 9


def band_of(case: Case) -> dict[str, Any] | None:
    """The in-scope band of the large-amount rule, where the file gives one and the reading asks for it."""
    large = rules(case, "large_amount") if case["scheme"] == "employee" else None
    return large.get("band") if large and reads(case, "large_in_scope_band") else None


def cap_left(case: Case) -> Decimal:
    """What is left of the basic cap 统筹封顶线 of the year."""
    inpatient = rules(case, "inpatient")
    return above(inpatient["pool_cap"], case["year"]["pool_paid"]) if inpatient else ZERO


def factored(case: Case, base: Decimal, ratio: Decimal, factor: Decimal) -> Decimal:
    """Base times ratio times off-site factor, in two rounding steps or in one."""
    if reads(case, "factor_single_rounding"):
        return Decimal(case["cents"](base * ratio * factor))
    return Decimal(case["cents"](case["cents"](base * ratio) * factor))


def under_cap(case: Case, base: Decimal, ratio: Decimal, left: Decimal, factor: Decimal) -> tuple[Decimal, Decimal]:
    """Payment within what is left of a cap, and the in-scope amount that found no room."""
    if reads(case, "factor_after_cap"):
        if case["cents"](base * ratio) > left:
            return case["cents"](left * factor), above(base, case["cents"](left / ratio))
        return factored(case, base, ratio, factor), ZERO
    pay = factored(case, base, ratio, factor)
    if pay <= left:
        return pay, ZERO
    filled = ratio if reads(case, "over_cap_without_factor") else ratio * factor
    return left, above(base, case["cents"](left / filled))


def pay_from_pool(case: Case, base: Decimal, ratio: Decimal) -> None:
    """The pool's share of a bill that uses the basic cap: stays, severe outpatient, dual channel."""
    year, factor = case["year"], case["off"]["factor"]
    case["base"], case["ratio"] = base, ratio
    band = band_of(case)
    if band:
        room = min(base, above(band["from"], year["pool_base"]))
        pay, over = factored(case, room, ratio, factor), base - room
    elif ratio:
        pay, over = under_cap(case, base, ratio, cap_left(case), factor)
    else:
        pay, over = ZERO, ZERO
    case["pool"], case["over_cap"] = pay, over
    year["pool_paid"] += pay
    year["pool_base"] += base - over


def lowered(case: Case, ratio: Decimal) -> Decimal:
    """The ratio less off-site points, never below zero."""
    return max(ZERO, ratio - case["off"]["points"])


def pay_small(case: Case, pay: Decimal, base: Decimal) -> Decimal:
    """An outpatient payment with its own limit; it touches the basic cap only under `cap_counts_all_outpatient`."""
    pay = case["cents"](pay * case["off"]["factor"])
    if reads(case, "cap_counts_all_outpatient"):
        year, band = case["year"], band_of(case)
        if band is None:
            pay = min(pay, cap_left(case))
        year["pool_paid"] += pay
        year["pool_base"] += base
    case["pool"] = pay
    return pay


def settle_stay(case: Case) -> None:
    """Hospital stay, day surgery, rescue, delivery with complications 住院类."""
    inpatient = rules(case, "inpatient")
    if inpatient is None:
        case["outcome"] = NO_POLICY
        return
    admission.admit(case, inpatient)
    case["deductible"] = min(case["S"], case["standard"])
    ratio = ratio_for(inpatient["ratio"], case["retired"], case["level"]) or ZERO
    if case["poverty"]:
        ratio = min(Decimal(1), ratio + case["poverty"]["inpatient_ratio_add_pp"] / 100)
    case["year"]["inpatient_deductible"] += case["deductible"]
    pay_from_pool(case, case["S"] - case["deductible"], lowered(case, ratio))
    admission.leave(case)
    if case["claimed_kind"] in (DELIVERY, CAESAREAN):
        case["year"]["prenatal_paid"] = ZERO
    case["later"] = True


def outpatient_deductible(case: Case, rule: dict[str, Any], word: str) -> Decimal:
    """What the visit still owes 门诊起付线: per visit, or joint over levels within the year."""
    table, paid = rule.get("deductible", ZERO), case["year"]["outpatient_deductible"]
    if isinstance(table, dict) and "per_visit" in table:
        return number(at_level(table["per_visit"], word))
    if not isinstance(table, dict):
        due = number(table)
    elif "all" in table:
        due = table["all"]
    elif "active" in table:
        due = table["retired" if case["retired"] else "active"]
    else:
        due = number(at_level(table, word))
    return above(min(due, rule.get("deductible_annual_total_max", due)), paid)


def settle_outpatient(case: Case) -> None:
    """Ordinary outpatient 普通门诊统筹."""
    rule, bill, year = rules(case, "outpatient_general"), case["bill"], case["year"]
    if rule is None or rule.get("pooled", True) is False:
        case["outcome"] = NO_POLICY if rule is None else NO_BENEFIT
        return
    word, ratio = case["level"], ratio_for(rule["ratio"], case["retired"], case["level"])
    if ratio is None and reads(case, "unlisted_level_lower"):
        lower = next_lower(ratio_rows(rule["ratio"]), word)
        word, ratio = (lower, ratio_for(rule["ratio"], case["retired"], lower)) if lower else (word, None)
    if ratio is None:
        return
    free = min(bill["consultation"], case["S"]) if case["poverty"] and case["poverty"]["free_consultation"] else ZERO
    case["consultation"] = free
    case["standard"] = outpatient_deductible(case, rule, word)
    case["deductible"] = min(case["S"] - free, case["standard"])
    if not (isinstance(rule.get("deductible"), dict) and "per_visit" in rule["deductible"]):
        year["outpatient_deductible"] += case["deductible"]
    case["base"], case["ratio"] = case["S"] - free - case["deductible"], lowered(case, ratio)
    cap = rule["cap"]["retired" if case["retired"] else "active"] if isinstance(rule["cap"], dict) else rule["cap"]
    left = above(cap, year["outpatient_paid"])
    share = min(case["cents"](case["base"] * case["ratio"]), left)
    paid = pay_small(case, share, case["base"])
    year["outpatient_paid"] += paid
    case["pool"] = paid + free


def settle_two_disease(case: Case) -> None:
    """Hypertension and diabetes drugs 两病用药."""
    rule, bill, year = rules(case, "two_diseases"), case["bill"], case["year"]
    if rule is None:
        case["outcome"] = NO_BENEFIT if case["scheme"] == "employee" else NO_POLICY
        return
    own, registered = bill["two_disease"], bill["two_registered"]
    if not bill["granted"] or own not in (1, 2) or not own & registered:
        case["outcome"] = NOT_GRANTED
        return
    caps, name = rule["cap"], "hypertension_paid" if own == 1 else "diabetes_paid"
    single = caps["each"] if "each" in caps else caps["高血压" if own == 1 else "糖尿病"]
    left = above(single, year[name])
    if registered == 3:
        joint = above(2 * caps["each"] if "each" in caps else caps["both"], year["two_disease_paid"])
        left = min(left, joint) if reads(case, "two_disease_sublimits") else joint
    case["base"], case["ratio"] = case["S"], lowered(case, number(rule["ratio"]))
    paid = pay_small(case, min(case["cents"](case["base"] * case["ratio"]), left), case["base"])
    year[name] += paid
    year["two_disease_paid"] += paid


def settle_chronic(case: Case) -> None:
    """Chronic and severe outpatient diseases 门诊慢特病."""
    book, bill, year = case["document"]["outpatient_chronic"].get(case["scheme"]), case["bill"], case["year"]
    if book is None:
        case["outcome"] = NO_BENEFIT
        return
    if not bill["granted"] or not 0 <= bill["disease"] < len(book["items"]) or bill["grant"] > bill["day"]:
        case["outcome"] = NOT_GRANTED
        return
    item = book["items"][bill["disease"]]
    case["standard"] = above(book["deductible"], year["chronic_deductible"])
    case["deductible"] = min(case["S"], case["standard"])
    year["chronic_deductible"] += case["deductible"]
    base, ratio = case["S"] - case["deductible"], lowered(case, number(item["ratio"]))
    case["later"] = True
    if item["class"] == "severe":
        pay_from_pool(case, base, ratio)
        return
    quota.open_period(case, quota.MONTHS[item["quota_period"]])
    whole, used_name = quota.quota_of_bill(case, book)
    left = above(whole, year[used_name])
    case["ratio"] = ratio
    if reads(case, "quota_on_payment"):
        pay = min(case["cents"](base * ratio), left)
        outside = above(base, case["cents"](left / ratio)) if pay == left and ratio and case["cents"](base * ratio) > left else ZERO
        case["base"] = base
        paid = pay_small(case, pay, base - outside)
        year[used_name] += paid
    else:
        case["base"] = min(base, left)
        outside = base - case["base"]
        pay_small(case, case["cents"](case["base"] * ratio), case["base"])
        year[used_name] += case["base"]
    case["kept_out"] = outside if reads(case, "over_quota_not_burden") else ZERO


def settle_dual(case: Case) -> None:
    """Dual-channel drugs 双通道: no deductible, own ratio, basic cap."""
    rule = case["document"]["special_rules"]["dual_channel"]
    if not case["bill"]["granted"]:
        case["outcome"] = NOT_GRANTED
        return
    case["deductible"] = case["standard"] = min(case["S"], rule["deductible"])
    pay_from_pool(case, case["S"] - case["deductible"], lowered(case, number(rule["ratio"][case["scheme"]])))
    case["later"] = reads(case, "dual_in_later_layers")


def settle_dialysis(case: Case) -> None:
    """Haemodialysis by the session 血透按次定额: the package is all in scope, the fee beyond it stays with the hospital."""
    rule, bill, year = case["document"]["special_rules"]["haemodialysis"], case["bill"], case["year"]
    if not bill["granted"]:
        case["outcome"] = NOT_GRANTED
        return
    month = bill["day"] // 100
    if year["dialysis_month"] != month:
        year["dialysis_month"], year["dialysis_sessions"] = month, 0
    before = year["dialysis_sessions"]
    year["dialysis_sessions"] += bill["sessions"]
    limit = int(rule["max_sessions_per_month"])
    case["excess_sessions"] = max(0, before + bill["sessions"] - limit) - max(0, before - limit)
    charged = bill["total"] - bill["full"]
    package = min(charged, bill["sessions"] * rule["session_price"])
    case["S"], case["hospital"] = package, charged - package
    pay_from_pool(case, above(package, bill["sessions"] * rule["patient_pays"]), Decimal(1))
    case["later"] = True


def settle_maternity(case: Case) -> None:
    """Fixed amounts of maternity 生育定额, up to the fee."""
    rule, bill, year = case["document"]["maternity"].get(case["scheme"], {}), case["bill"], case["year"]
    kind = case["kind"]
    limit = case["S"] if reads(case, "maternity_in_scope_only") else bill["total"]
    if kind == PRENATAL:
        amount = above(rule["prenatal_check_total"], year["prenatal_paid"]) if "prenatal_check_total" in rule else None
    elif kind <= CAESAREAN:
        fixed = rule["delivery_fixed"]
        amount = fixed["caesarean" if kind == CAESAREAN else "natural"]
        amount += fixed.get("multiple_birth_add_each", ZERO) * max(0, bill["babies"] - 1)
    else:
        fixed = rule.get("abortion_fixed", {})
        amount = fixed.get("under_4_months" if kind == PRENATAL + 1 else "from_4_months")
    if amount is None:
        case["outcome"] = NO_BENEFIT
        return
    case["pool"] = min(limit, amount)
    year["prenatal_paid"] = year["prenatal_paid"] + case["pool"] if kind == PRENATAL else ZERO
    if kind <= CAESAREAN and bill["within"] > 0 and reads(case, "delivery_counts"):
        admission.count_admission(case)


HANDLERS = {OUTPATIENT: settle_outpatient, TWO_DISEASE: settle_two_disease, CHRONIC: settle_chronic, DUAL: settle_dual,
            DIALYSIS: settle_dialysis} | dict.fromkeys(STAYS, settle_stay)


def settle_basic(case: Case) -> None:
    """Hand the bill to the rules of its kind."""
    HANDLERS.get(case["kind"], settle_maternity)(case)


def passes_on(case: Case) -> bool:
    """Whether the over-cap amount goes to the employee's large-amount layer."""
    if case["bill"]["scheme"] != EMPLOYEE or not case["over_cap"]:
        return False
    return case["kind"] in STAYS or not reads(case, "no_layer2_outside_inpatient")
