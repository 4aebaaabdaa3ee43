"""What a synthetic city answers to the facts of a plan about care and money paid out 校准答案（就医与支出）: names as in facts/<city>.yaml.

Definitions, where a plan leaves one open: a benefit visit is a bill on which a fund or an account paid; `visits.stays` are stays, day
surgery, rescues and maternity, and each chronic patient once a year; the funds' outgo takes in what accounts paid, the residents' also
the major-illness premium that their fund hands on.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from openyibao.kernel import codes
from openyibao.policybook.book import Book, load_book, policies_root
from openyibao.policybook.contributions import page
from openyibao.warehouse.city.answers import COUNT, FEN, FIXED, RATIO, Answer
from openyibao.warehouse.tables.store import Store

Columns = Mapping[str, Any]
STAYS = (codes.INPATIENT, codes.DAY_SURGERY)
MATERNITY = (codes.DELIVERY, codes.CAESAREAN, codes.PRENATAL, codes.MISCARRIAGE_EARLY, codes.MISCARRIAGE_LATE)
DELIVERIES = (codes.DELIVERY, codes.CAESAREAN, codes.MISCARRIAGE_EARLY, codes.MISCARRIAGE_LATE)
LASTING = (codes.CHRONIC, codes.DIALYSIS, codes.DUAL_CHANNEL)
BILL = ("person", "kind", "scheme", "total", "within", "offsite", "place", "direct", "registered_poor", "aid", "epidemic", "level")
RESULT = (
    "outcome", "pool", "account", "large_first", "large_second", "catastrophic", "civil", "aid", "tilt", "topup", "fund", "person",
    "added_1", "added_2", "added_3", "state",
)  # fmt: skip
KEY_RECIPIENTS = (codes.DESTITUTE, codes.ORPHAN, codes.MINIMUM_LIVING, codes.RETURNED_POOR)
MONTHS = 12
NAMED = {codes.EMPLOYEE: "employee", codes.RESIDENT: "resident"}


def care_answers(store: Store, year: int) -> dict[str, Answer]:
    """The answers of one year of a store, at its scale. Raises StoreProblem, and what loading the city's policy book raises."""
    card, sums = store.card(), Counter[str]()
    book = load_book(policies_root(), str(card["city"]))
    for bucket in store.buckets("bill", year):
        bill, result = store.arrays("bill", year, bucket, BILL), store.arrays("result", year, bucket, RESULT)
        sums.update(bill_sums(bill, result, book.admdvs // 10_000))
        holder = store.arrays("holder", year, bucket, ("scheme", "enrolled"))
        sums["enrolled.resident"] += int(((holder["scheme"] == codes.RESIDENT) & (holder["enrolled"] == 1)).sum())
    found = care_figures(sums, book, year)
    opening = card.get("balances", {}).get("employee_pool")
    if opening and sums["pool.employee"]:
        found["months.employee"] = Answer(opening["opening"] * MONTHS / sums["pool.employee"], FIXED)
    return found


def total(values: Any) -> int:
    """A sum that does not overflow."""
    return int(np.sum(values, dtype=np.int64))


def bill_sums(bill: Columns, result: Columns, province: int) -> Counter[str]:
    """One bucket's counts and sums of fen, by name; `province` is the first two digits of the city's division code."""
    found: Counter[str] = Counter()
    kind, scheme = bill["kind"], bill["scheme"]
    settled = result["outcome"] == codes.SETTLED
    paid = (result["fund"] > 0) | (result["account"] > 0)
    stay, maternity = settled & np.isin(kind, STAYS), np.isin(kind, MATERNITY)
    for number, name in NAMED.items():
        own = scheme == number
        found[f"visits.{name}"] = int((paid & own).sum())
        found[f"pool.{name}"] = total(result["pool"][own])
        found[f"account.{name}"] = total(result["account"][own])
        for place, rows in (("", settled & own & ~maternity & (kind != codes.PHARMACY)), ("_inpatient", stay & own)):
            found[f"within.{name}{place}"] = total(bill["within"][rows])
            found[f"paid.{name}{place}"] = total(result["pool"][rows])
    pool_paid = result["pool"] > 0
    lasting = pool_paid & np.isin(kind, LASTING)
    found["visits.stays"] = int((pool_paid & (np.isin(kind, (*STAYS, codes.RESCUE)) | np.isin(kind, DELIVERIES))).sum()) + len(
        np.unique(bill["person"][lasting]))
    insured = pool_paid & maternity & (scheme == codes.EMPLOYEE)
    found["visits.maternity"] = int(insured.sum())
    found["visits.delivery"] = int((insured & np.isin(kind, DELIVERIES)).sum())
    found["outgo.maternity"] = total(result["pool"][insured])
    for name in ("catastrophic", "civil", "aid"):
        found[f"outgo.{name}"] = total(result[name])
        found[f"visits.{name}"] = int((result[name] > 0).sum())
    found["outgo.aid"] += total(result["tilt"])
    found["outgo.large"] = total(result["large_first"]) + total(result["large_second"])
    found["visits.two_disease"] = int((settled & (kind == codes.TWO_DISEASE)).sum())
    found["outgo.epidemic"] = total(bill["total"][(bill["epidemic"] == 1)])
    found["primary"] = total(result["pool"][bill["level"] <= codes.P0])
    for further in (poor_sums(bill, result, stay), offsite_sums(bill, result, stay, province), layer_sums(bill, result, stay)):
        found.update(further)
    return found


def poor_sums(bill: Columns, result: Columns, stay: Any) -> Counter[str]:
    """Registered poor: stays and severe outpatient visits, their cost, what was reimbursed by all layers, what else was paid."""
    poor = bill["registered_poor"] == 1
    severe = (bill["kind"] == codes.CHRONIC) | (bill["kind"] == codes.DIALYSIS)
    rows = poor & (stay | severe)
    inpatient = poor & stay
    other = total(result["added_1"][rows]) + total(result["added_2"][rows]) + total(result["added_3"][rows])
    return Counter({
        "visits.poor_stays": int(inpatient.sum()), "visits.poor_chronic": int((poor & severe & (result["fund"] > 0)).sum()),
        "poor.cost": total(bill["total"][rows]), "poor.reimbursed": total(result["fund"][rows]) - other, "poor.other": other,
        "within.poor": total(bill["within"][inpatient]), "paid.poor": total(result["pool"][inpatient]),
    })  # fmt: skip


def offsite_sums(bill: Columns, result: Columns, stay: Any, province: int) -> Counter[str]:
    """Stays outside the city: direct and by hand, inside the province and across its border (the first two digits of the division code)."""
    away = stay & (bill["place"] != 0)
    direct = bill["direct"] == 1
    inside = away & (bill["place"] // 10_000 == province)
    across = away & ~inside
    byhand = inside & ~direct
    return Counter({
        "offsite.stays": int(away.sum()), "offsite.direct": int((away & direct).sum()),
        "offsite.direct_inside": int((inside & direct).sum()), "offsite.direct_outside": int((across & direct).sum()),
        "offsite.cross": int(across.sum()), "offsite.cross_direct": int((across & direct).sum()),
        "offsite.cross_direct_cost": total(bill["total"][across & direct]),
        "offsite.cross_direct_pool": total(result["pool"][across & direct]),
        "offsite.patients_inside": len(np.unique(bill["person"][inside])),
        "offsite.byhand_patients": len(np.unique(bill["person"][byhand])),
        "offsite.byhand_fund": total(result["fund"][byhand]),
    })  # fmt: skip


def layer_sums(bill: Columns, result: Columns, stay: Any) -> Counter[str]:
    """What aid and major-illness insurance found before them, and what they paid of it."""
    key = stay & np.isin(bill["aid"], KEY_RECIPIENTS)
    before = np.asarray(bill["within"], np.int64) - result["pool"] - result["catastrophic"] - result["large_first"] - result["large_second"]
    touched = result["catastrophic"] > 0
    burden = np.asarray(bill["within"], np.int64) - result["pool"]
    return Counter({
        "aid.before": total(np.maximum(before[key], 0)), "aid.paid": total(result["aid"][key]) + total(result["tilt"][key]),
        "catastrophic.before": total(np.maximum(burden[touched], 0)),
    })  # fmt: skip


def care_figures(sums: Mapping[str, int], book: Book, year: int) -> dict[str, Answer]:
    """The answers that the sums of a year give."""
    counts = ("visits.", "offsite.")
    money = ("outgo.", "poor.", "offsite.cross_direct_cost", "offsite.cross_direct_pool", "offsite.byhand_fund")
    told = {name: value for name, value in sums.items() if name.startswith((*counts, *money))}
    found = {name: Answer(value, FEN if name.startswith(money) else COUNT) for name, value in told.items()}
    premium = catastrophic_premium(book, year) * sums["enrolled.resident"]
    employee, resident = sums["pool.employee"] + sums["account.employee"], sums["pool.resident"] + premium
    found |= {
        "outgo.employee": Answer(employee, FEN), "outgo.resident": Answer(resident, FEN), "outgo.all": Answer(employee + resident, FEN),
        "outgo.pool": Answer(sums["pool.employee"] + sums["pool.resident"], FEN),
        "mean.catastrophic": Answer(sums["outgo.catastrophic"] / max(sums["visits.catastrophic"], 1), FIXED),
        "share.primary": ratio(sums["primary"], sums["pool.employee"] + sums["pool.resident"]),
        "offsite.direct_share": ratio(sums["offsite.cross_direct"], sums["offsite.cross"]),
        "offsite.byhand_share": ratio(sums["offsite.byhand_patients"], sums["offsite.patients_inside"]),
        "ratio.aid": ratio(sums["aid.paid"], sums["aid.before"]), "ratio.poor": ratio(sums["paid.poor"], sums["within.poor"]),
        "ratio.catastrophic": ratio(sums["outgo.catastrophic"], sums["catastrophic.before"]),
    }
    for name in NAMED.values():
        for place in ("", "_inpatient"):
            found[f"ratio.{name}{place}"] = ratio(sums[f"paid.{name}{place}"], sums[f"within.{name}{place}"])
    return found


def ratio(part: int, whole: int) -> Answer:
    """A share, 0 of nothing."""
    return Answer(part / whole if whole else 0.0, RATIO)


def catastrophic_premium(book: Book, year: int) -> int:
    """The major-illness premium a head that the residents' fund hands on, fen; 0 where the book has none."""
    desk = page(book, codes.RESIDENT, year * 10_000 + 101)
    return desk.fen("", "catastrophic.premium") if desk.found("catastrophic.premium") is not None else 0
