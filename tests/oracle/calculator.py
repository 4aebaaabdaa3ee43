"""`settle`: one bill of one person under a city's reference policy, and the year after it."""

from decimal import Decimal
from typing import Any

from openyibao.kernel import codes
from oracle import casework, reference
from oracle.basic import settle_basic
from oracle.casework import CAESAREAN, CHRONIC, DELIVERY, DUAL, INPATIENT, PHARMACY, TWO_DISEASE, ZERO, Case, fen, reads
from oracle.elsewhere import reduction
from oracle.later import LAYERS

LAYER_NAMES = (
    "pool", "large_first", "large_second", "catastrophic", "civil", "aid", "tilt", "topup", "added_1", "added_2", "added_3",
)

ACCOUNT_CLOSED = (codes.NO_PROVIDER, codes.DECEASED, codes.OUTSIDE_FUND)
"""Refusals after which no account pays either: it is the heirs', or has no use there."""


def refusal(case: Case) -> int:
    """Why no fund pays, 0 when one may: standing of the person and of the institution on the first day of care."""
    bill, starts = case["bill"], case["starts"]
    if bill["outside_fund"]:
        return 10
    if bill["died"] and starts > bill["died"]:
        return 6
    if not bill["cover_from"] or starts < bill["cover_from"]:
        return 1
    if starts > bill["cover_to"]:
        return 2
    if starts < bill["wait_until"]:
        return 3
    if bill["suspended"]:
        return 4
    return 0 if bill["agreement"] else 5


def kind_as_settled(case: Case) -> int:
    """A delivery with complications is a stay; a two-disease bill of a patient on the chronic list is a chronic bill."""
    bill, kind = case["bill"], case["kind"]
    if kind in (DELIVERY, CAESAREAN) and bill["complication"]:
        return INPATIENT
    if kind == TWO_DISEASE and bill["disease"] >= 0 and bill["granted"] and bill["grant"] <= bill["day"]:
        return CHRONIC
    return int(kind)


def poverty_rule(case: Case) -> dict[str, Any] | None:
    """The tilt rules for registered poor 建档立卡 in force for this bill, if the person is one."""
    if not case["bill"]["registered_poor"]:
        return None
    rule = casework.rules(case, "poverty_tilt") or reference.recalled_tilt(case["city"], case["scheme"], case["law_day"])
    return rule | {"free_consultation": rule["general_consultation_fee"] == "fully reimbursed"} if rule else None


def prepare(case: Case) -> None:
    """Third party out first, then the off-site first self-pay: S is what the layers may look at."""
    bill = case["bill"]
    case["claimed_kind"], case["kind"] = case["kind"], kind_as_settled(case)
    case["poverty"] = poverty_rule(case)
    case["off"] = reduction(case)
    case["maternity"] = DELIVERY <= case["kind"] < PHARMACY - 1
    own = bill["within"] - bill["third_party"]
    case["X"] = case["cents"](own * case["off"]["first"])
    case["S"] = own - case["X"]


def pay_layers(case: Case) -> None:
    """Basic fund, then each later layer on what is left; nothing more when the basic layer refuses."""
    settle_basic(case)
    blank = dict.fromkeys(LAYER_NAMES, ZERO) | {"burden": ZERO}
    for name, value in blank.items():
        case.setdefault(name, value)
    if case["outcome"]:
        return
    if case["kind"] == DUAL or case["later"] or case["bill"]["civil_servant"] or case["bill"]["aid"] or case["bill"]["added"]:
        for layer in LAYERS:
            layer(case)


def share_of_family(case: Case) -> bool:
    """Whether family sharing 家庭共济 is in force on the day (the employee rule serves the resident relative)."""
    account = reference.in_force(case["document"]["schemes"]["employee"].get("personal_account"), case["law_day"])
    return bool(account and account.get("family_sharing"))


def pay_person(case: Case) -> None:
    """Own account, family account, cash."""
    bill, year = case["bill"], case["year"]
    case["fund"] = Decimal(sum(case[name] for name in LAYER_NAMES))
    case["person"] = bill["total"] - case["fund"] - case["hospital"]
    use = bool(bill["account_use"]) and case["outcome"] not in ACCOUNT_CLOSED
    payable = case["person"] - min(bill["third_party"], bill["within"])
    case["account"] = min(year["account"], payable) if use else ZERO
    case["family"] = min(year["family"], payable - case["account"]) if use and share_of_family(case) else ZERO
    case["cash"] = case["person"] - case["account"] - case["family"]
    year["account"] -= case["account"]
    year["family"] -= case["family"]
    year["account_paid"] += case["account"]
    year["cash_paid"] += case["cash"]


def national_fields(case: Case) -> dict[str, Decimal]:
    """The same figures under the national amount fields 国家接口字段."""
    aid, other = case["aid"] + case["topup"], case["added_1"] + case["added_2"] + case["added_3"]
    pool = case["pool"]
    if reads(case, "tilt_in_oth_pay"):
        other += case["tilt"]
    else:
        aid += case["tilt"]
    if case["maternity"] and reads(case, "maternity_in_oth_pay"):
        pool, other = ZERO, other + pool
    within = case["bill"]["within"] - (case["X"] if reads(case, "inscp_after_offsite") else ZERO)
    return {
        "medfee_sumamt": case["bill"]["total"], "fulamt_ownpay_amt": case["bill"]["full"], "overlmt_selfpay": case["bill"]["over"],
        "preselfpay_amt": case["bill"]["pre"], "inscp_scp_amt": within, "act_pay_dedc": case["deductible"], "hifp_pay": pool,
        "hifob_pay": case["large_first"] + case["large_second"], "hifmi_pay": case["catastrophic"], "cvlserv_pay": case["civil"],
        "maf_pay": aid, "oth_pay": other, "fund_pay_sumamt": case["fund"], "psn_part_amt": case["person"],
        "hosp_part_amt": case["hospital"], "acct_pay": case["account"] + case["family"],
        "acct_mulaid_pay": case["family"], "psn_cash_pay": case["cash"],
    }


RESULT_MONEY = (
    "standard", "deductible", "base", "over_cap", "kept_out", "burden", *LAYER_NAMES, "fund", "hospital", "person", "account",
    "family", "cash", "consultation",
)


def settle(
    city: str, bill: dict[str, int], year: dict[str, int], readings: set[str] | frozenset[str] = frozenset(), rounding: str = "half_up",
) -> tuple[dict[str, Any], dict[str, int]]:
    """Settle one bill.

    city      name of the reference policy
    bill      fields of a claim by name, amounts in fen, days yyyymmdd
    year      accumulators by name, fen; an empty dict is a fresh year
    readings  names of the alternative readings set
    rounding  half_up, or truncate
    Returns the figures by receipt name in fen (national fields under `fields`) and the year after.
    """
    case = casework.open_case(city, bill, year, frozenset(readings), rounding)
    prepare(case)
    case["outcome"] = 0 if case["kind"] == PHARMACY else refusal(case)
    if case["kind"] == PHARMACY or case["outcome"]:
        case |= dict.fromkeys(LAYER_NAMES, ZERO) | {"burden": ZERO}
    else:
        pay_layers(case)
    pay_person(case)
    case["year"]["bills"] += 1
    result: dict[str, Any] = {name: fen(case[name]) for name in RESULT_MONEY}
    result |= {"outcome": case["outcome"], "kind": case["kind"], "admission": case["admission"], "offsite_first": fen(case["X"])}
    result |= {"eligible": fen(case["S"]), "excess_sessions": case["excess_sessions"]}
    result["fields"] = {name: fen(amount) for name, amount in national_fields(case).items()}
    result["within"] = result["fields"]["inscp_scp_amt"]
    return result, casework.closed_year(case["year"])
