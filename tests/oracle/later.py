"""The layers after the basic fund: large-amount, catastrophic, civil servants, aid, tilted aid, topping up, added products."""

from decimal import Decimal
from typing import Any

from oracle.basic import band_of, passes_on, under_cap
from oracle.casework import CHRONIC, DIALYSIS, DUAL, OUTPATIENT, STAYS, TWO_DISEASE, ZERO, Case, above, reads, rules
from oracle.elsewhere import SELF_REFERRED, standing
from oracle.reference import AID_WORDS, TILT_WORDS, number


def stacked_layers(rule: dict[str, Any]) -> list[tuple[Decimal, Decimal | None]]:
    """(ratio, own cap) of each large-amount layer; a cap of None is given as a total with the pool."""
    if "layers" in rule:
        return [(number(layer["ratio"]), layer["cap"]) for layer in rule["layers"]]
    return [(number(rule["ratio"]), rule.get("layer_cap"))]


def large_amount(case: Case) -> None:
    """职工大额: each layer takes what found no room in the one before."""
    year, rule = case["year"], rules(case, "large_amount")
    case["large_first"] = case["large_second"] = ZERO
    if rule is None or not passes_on(case):
        return
    spread = reads(case, "offsite_all_layers")
    points, factor = (case["off"]["points"], case["off"]["factor"]) if spread else (ZERO, Decimal(1))
    over, band = case["over_cap"], band_of(case)
    for name, (ratio, cap) in zip(("large_first", "large_second"), stacked_layers(rule), strict=False):
        share = max(ZERO, ratio - points)
        if band:
            room = min(over, above(band["to"], max(band["from"], year["pool_base"])))
            pay, over = case["cents"](case["cents"](room * share) * factor), ZERO
            year["pool_base"] += room
        else:
            if cap is None:
                cap = rule["cap_total"] - (ZERO if reads(case, "cap_total_above_pool") else year["pool_paid"])
            left = above(cap, year[name])
            pay, over = under_cap(case, over, share, left, factor) if share else (ZERO, over)
        case[name] = pay
        year[name] += pay


def catastrophic_sum(case: Case, rule: dict[str, Any], burden: Decimal, tilted: bool) -> Decimal:
    """f(B): what catastrophic insurance owes for a yearly burden 累计负担, band by band."""
    printed = rule["deductible"]
    own = printed * number(rule["tilt"]["deductible_factor"]) if tilted else printed
    add = rule["tilt"]["ratio_add_pp"] / 100 if tilted else ZERO
    total = ZERO
    for place, band in enumerate(rule["bands"]):
        low, high = number(band["from"]), band["to"]
        if rule["band_basis"] == "above_deductible":
            shift = printed if reads(case, "tilt_keeps_band_bounds") else own
            low, high = low + shift, None if high is None else high + shift
        if place == 0:
            low = own
        part = above(burden if high is None else min(burden, high), low)
        total += case["cents"](part * min(Decimal(1), number(band["ratio"]) + add))
    return total


def catastrophic(case: Case) -> None:
    """居民大病: the difference of f before and after this bill, within the yearly cap."""
    year, rule = case["year"], rules(case, "catastrophic")
    case["catastrophic"] = case["burden"] = ZERO
    if case["scheme"] != "resident" or not case["later"]:
        return
    case["burden"] = case["S"] - case["kept_out"] - case["pool"]
    before = year["burden"]
    year["burden"] += case["burden"]
    if rule is None:
        return
    tilted = case["bill"]["aid"] in {TILT_WORDS[word] for word in rule["tilt"]["categories"]}
    pay = catastrophic_sum(case, rule, year["burden"], tilted) - catastrophic_sum(case, rule, before, tilted)
    if reads(case, "offsite_all_layers"):
        pay = case["cents"](pay * case["off"]["factor"])
    if rule["cap"] is not None and not (tilted and rule["tilt"]["cap_removed"]):
        pay = min(pay, above(rule["cap"], year["catastrophic_paid"]))
    case["catastrophic"] = pay
    year["catastrophic_paid"] += pay


def yearly_share(case: Case, before: Decimal, amount: Decimal, deductible: Decimal, ratio: Decimal) -> Decimal:
    """Ratio of what this bill adds above a yearly deductible, rounded for the bill or on the running sum."""
    low, high = above(before, deductible), above(before + amount, deductible)
    if reads(case, "cumulative_rounding"):
        return Decimal(case["cents"](high * ratio) - case["cents"](low * ratio))
    return Decimal(case["cents"]((high - low) * ratio))


def left_over(case: Case) -> Decimal:
    """The in-scope amount that no layer has paid yet."""
    paid = sum(case.get(name, ZERO) for name in ("pool", "large_first", "large_second", "catastrophic", "civil", "aid", "tilt", "topup"))
    return above(case["S"] - case["kept_out"], Decimal(paid))


def civil_servant(case: Case) -> None:
    """公务员医疗补助."""
    year, rule = case["year"], rules(case, "civil_servant")
    case["civil"] = case["civil_base"] = ZERO
    narrow = reads(case, "civil_inpatient_only") and case["kind"] not in (*STAYS, CHRONIC, DIALYSIS)
    if rule is None or not case["bill"]["civil_servant"] or narrow or case["maternity"]:
        return
    case["civil_base"] = left_over(case)
    case["civil"] = yearly_share(case, year["civil_base"], case["civil_base"], rule["deductible"], number(rule["ratio"]))
    year["civil_base"] += case["civil_base"]
    year["civil_paid"] += case["civil"]


def within_aid(case: Case) -> bool:
    """Whether medical aid looks at this kind of bill."""
    wide = case["kind"] in (OUTPATIENT, TWO_DISEASE, DUAL) and reads(case, "aid_all_visits")
    return bool(case["bill"]["aid"]) and (case["later"] or wide)


def medical_aid(case: Case) -> None:
    """医疗救助: yearly deductible, ratio and cap of the category."""
    year, book = case["year"], case["document"]["medical_aid"]
    case["aid"] = case["aid_base"] = ZERO
    if not within_aid(case):
        return
    category = next(row for row in book["categories"] if row["category"] == AID_WORDS[case["bill"]["aid"]])
    case["aid_base"] = left_over(case)
    pay = yearly_share(case, year["aid_base"], case["aid_base"], number(category["deductible"]), number(category["ratio"]))
    cap = category["annual_cap_inpatient_and_chronic"]
    if cap is None and reads(case, "aid_overall_cap"):
        cap = book["annual_cap"]
    case["aid"] = pay if cap is None else min(pay, above(cap, year["aid_paid"]))
    year["aid_base"] += case["aid_base"]
    year["aid_paid"] += case["aid"]


def tilted_aid(case: Case) -> None:
    """倾斜救助: a share of a yearly burden that is still high after aid, for proper referral only."""
    year, rule = case["year"], case["document"]["medical_aid"]["tilted_aid"]
    case["tilt"] = ZERO
    if not within_aid(case) or (standing(case) == SELF_REFERRED and not reads(case, "tilt_any_referral")):
        return
    trigger, burden = rule["trigger_in_scope_burden"], left_over(case)
    before = ZERO if reads(case, "tilt_per_claim") else year["tilt_base"]
    year["tilt_base"] += burden
    after = before + burden
    if reads(case, "tilt_whole_burden"):
        part = (after if after > trigger else ZERO) - (before if before > trigger else ZERO)
    else:
        part = above(after, trigger) - above(before, trigger)
    case["tilt"] = min(case["cents"](part * number(rule["ratio"])), burden, above(rule["cap"], year["tilt_paid"]))
    year["tilt_paid"] += case["tilt"]


def topping_up(case: Case) -> None:
    """补齐: registered poor patients reach the promised share of the in-scope amount of a stay, or of the whole fee, while that lasted."""
    case["topup"] = case["topped_outside"] = ZERO
    target = case["poverty"].get("triple_guarantee_target") if case["poverty"] else None
    paid = case["pool"] + case["catastrophic"] + case["aid"] + case["tilt"]
    if target and case["kind"] in STAYS:
        case["topup"] = above(case["cents"](case["S"] * Decimal(target[0])), paid)
    promise = case["poverty"].get("whole_fee") if case["poverty"] else None
    if promise and case["kind"] in (*STAYS, CHRONIC, DIALYSIS):
        owed = case["S"] + case["X"] if case["kind"] == DIALYSIS else case["bill"]["total"] - case["bill"]["third_party"]
        open_before = left_over(case)
        case["topup"] = above(case["cents"](owed * promise["stay" if case["kind"] in STAYS else "chronic"]), paid)
        case["topped_outside"] = above(case["topup"], open_before)


def added_products(case: Case) -> None:
    """惠民保: in-catalogue burden left, and listed out-of-catalogue items of stays."""
    year, book, bill = case["year"], case["document"].get("huiminbao", {}), case["bill"]
    case["added_1"] = case["added_2"] = case["added_3"] = ZERO
    if case["maternity"]:
        return
    bases = (left_over(case), above(bill["off_list"], case["topped_outside"]) if case["kind"] in STAYS else ZERO)
    for place, (layer, base) in enumerate(zip(book.get("layers", []), bases, strict=True)):
        if not bill["added"] >> place & 1:
            continue
        base_name, paid_name = f"added_base_{place + 1}", f"added_paid_{place + 1}"
        part = above(year[base_name] + base, layer["deductible"]) - above(year[base_name], layer["deductible"])
        pay = case["cents"](part * number(layer["ratio"]))
        if bill["pre_existing"]:
            pay = case["cents"](pay * number(book["pre_existing_condition_factor"]))
        pay = min(pay, above(layer["cap"], year[paid_name]))
        case[f"added_{place + 1}"] = pay
        year[base_name] += base
        year[paid_name] += pay


LAYERS = (large_amount, catastrophic, civil_servant, medical_aid, tilted_aid, topping_up, added_products)
