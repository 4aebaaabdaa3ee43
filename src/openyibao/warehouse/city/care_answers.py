"""What a synthetic city answers to the facts of a plan about care and money paid out 校准答案（就医与支出）: names as in facts/<city>.yaml.

Definitions, where a plan leaves one open: a benefit visit is a bill on which a fund or an account paid; `visits.stays` are stays, day
surgery, rescues and maternity, and each chronic patient once a year; the funds' outgo takes in what accounts paid, the residents' also
the major-illness premium that their fund hands on. Answers that end in `_own` are of those whose insurance the city itself runs: its
residents and the employees of employers that it runs (`employer.run_by` 1), without those of the prefecture and the province.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from openyibao.kernel import codes
from openyibao.kernel.indicators.answered import KEY_RECIPIENTS, PRIMARY, STAYS
from openyibao.policybook.book import Book, load_book, policies_root
from openyibao.policybook.contributions import page
from openyibao.warehouse.city.answers import COUNT, FEN, FIXED, RATIO, Answer
from openyibao.warehouse.measure.place import Tilt, tilt_of
from openyibao.warehouse.tables.store import Store

Columns = Mapping[str, Any]
MATERNITY = (codes.DELIVERY, codes.CAESAREAN, codes.PRENATAL, codes.MISCARRIAGE_EARLY, codes.MISCARRIAGE_LATE)
DELIVERIES = (codes.DELIVERY, codes.CAESAREAN, codes.MISCARRIAGE_EARLY, codes.MISCARRIAGE_LATE)
LASTING = (codes.CHRONIC, codes.DIALYSIS, codes.DUAL_CHANNEL)
BILL = (
    "person", "holder", "kind", "scheme", "total", "within", "offsite", "place", "direct", "registered_poor", "aid", "epidemic", "level",
)  # fmt: skip
RESULT = (
    "outcome", "pool", "account", "large_first", "large_second", "catastrophic", "civil", "aid", "tilt", "topup", "fund", "person",
    "added_1", "added_2", "added_3", "state",
)  # fmt: skip
HOLDER, CLOSING = ("scheme", "enrolled", "employer", "aid"), ("burden", "catastrophic_paid")
RUN_BY_CITY = 1
MONTHS = 12
NAMED = {codes.EMPLOYEE: "employee", codes.RESIDENT: "resident"}


def care_answers(store: Store, year: int) -> dict[str, Answer]:
    """The answers of one year of a store, at its scale. Raises StoreProblem, and what loading the city's policy book raises."""
    card, sums = store.card(), Counter[str]()
    run_by = store.arrays("employer", columns=("run_by",))["run_by"]
    book = load_book(policies_root(), str(card["city"]))
    for bucket in store.buckets("bill", year):
        bill, result = store.arrays("bill", year, bucket, BILL), store.arrays("result", year, bucket, RESULT)
        holder, closing = store.arrays("holder", year, bucket, HOLDER), store.arrays("closing", year, bucket, CLOSING)
        sums.update(bucket_care(bill, result, holder, closing, run_by, book, year))
    found = care_figures(sums, book, year)
    opening = card.get("balances", {}).get("employee_pool")
    if opening and sums["pool.employee"]:
        found["months.employee"] = Answer(opening["opening"] * MONTHS / sums["pool.employee"], FIXED)
    return found


def total(values: Any) -> int:
    """A sum that does not overflow."""
    return int(np.sum(values, dtype=np.int64))


def bucket_care(bill: Columns, result: Columns, holder: Columns, closing: Columns, run_by: Any, book: Book, year: int) -> Counter[str]:
    """One bucket's counts and sums of a year, by name; `run_by` is the column of the employers' register."""
    runner = np.append(np.asarray(run_by), RUN_BY_CITY)[np.asarray(holder["employer"])]
    own = (np.asarray(holder["scheme"]) == codes.RESIDENT) | (runner == RUN_BY_CITY)
    found = bill_sums(bill, result, book.admdvs // 10_000, own[np.asarray(bill["holder"])])
    resident = np.asarray(holder["scheme"]) == codes.RESIDENT
    found["enrolled.resident"] = int((resident & (np.asarray(holder["enrolled"]) == 1)).sum())
    tilt = tilt_of(book.plan(codes.RESIDENT, year * 10_000 + 1231))
    if tilt is not None:
        found.update(catastrophic_sums({name: np.asarray(values)[resident] for name, values in {**holder, **closing}.items()}, tilt))
    return found


def catastrophic_sums(resident: Columns, tilt: Tilt) -> Counter[str]:
    """What residents bore of the year above their major-illness deductible, and what was paid of it."""
    deductible = np.where(np.isin(resident["aid"], tilt.tilted), tilt.lowered, tilt.deductible)
    above = np.asarray(resident["burden"], np.int64) > deductible
    return Counter({
        "catastrophic.above": total((np.asarray(resident["burden"], np.int64) - deductible)[above]),
        "catastrophic.paid": total(np.asarray(resident["catastrophic_paid"])[above]),
    })  # fmt: skip


def bill_sums(bill: Columns, result: Columns, province: int, own: Any) -> Counter[str]:
    """One bucket's counts and sums of fen, by name.

    province  the first two digits of the city's division code
    own       by bill: of those whose insurance the city itself runs
    """
    found: Counter[str] = Counter()
    kind, scheme = bill["kind"], bill["scheme"]
    settled = result["outcome"] == codes.SETTLED
    paid = (result["fund"] > 0) | (result["account"] > 0)
    stay, maternity = settled & np.isin(kind, STAYS), np.isin(kind, MATERNITY)
    for number, name in NAMED.items():
        theirs = scheme == number
        found[f"visits.{name}"] = int((paid & theirs).sum())
        found[f"pool.{name}"] = total(result["pool"][theirs])
        found[f"account.{name}"] = total(result["account"][theirs])
        for place, rows in (("", settled & theirs & ~maternity & (kind != codes.PHARMACY)), ("_inpatient", stay & theirs)):
            found[f"within.{name}{place}"] = total(bill["within"][rows])
            found[f"paid.{name}{place}"] = total(result["pool"][rows])
    pool_paid = result["pool"] > 0
    lasting, counted = pool_paid & np.isin(kind, LASTING), pool_paid & np.isin(kind, (*STAYS, codes.RESCUE, *DELIVERIES))
    found["visits.stays_own"] = int((counted & own).sum()) + len(np.unique(bill["person"][lasting & own]))
    found["outgo.pool_own"] = total(result["pool"][own])
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
    found["primary"] = total(result["pool"][np.isin(bill["level"], PRIMARY)])
    for further in (poor_sums(bill, result, stay), offsite_sums(bill, result, stay, province, own), layer_sums(bill, result, stay)):
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
        "within.poor": total(bill["within"][inpatient]),
        "paid.poor": sum(total(result[layer][inpatient]) for layer in ("pool", "catastrophic", "aid", "tilt", "topup")),
    })  # fmt: skip


def offsite_sums(bill: Columns, result: Columns, stay: Any, province: int, own: Any) -> Counter[str]:
    """Stays outside the city: direct and by hand, inside the province and across its border (the first two digits of the division code)."""
    away = stay & (bill["place"] != 0)
    direct = bill["direct"] == 1
    inside = away & (bill["place"] // 10_000 == province)
    across = away & ~inside
    byhand = inside & ~direct & own
    return Counter({
        "offsite.stays": int(away.sum()), "offsite.direct_own": int((away & direct & own).sum()),
        "offsite.direct_inside_own": int((inside & direct & own).sum()), "offsite.direct_outside_own": int((across & direct & own).sum()),
        "offsite.cross": int(across.sum()), "offsite.cross_direct": int((across & direct).sum()),
        "offsite.cross_direct_cost": total(bill["total"][across & direct]),
        "offsite.cross_direct_pool": total(result["pool"][across & direct]),
        "offsite.patients_own": len(np.unique(bill["person"][inside & own])),
        "offsite.byhand_patients_own": len(np.unique(bill["person"][byhand])),
        "offsite.byhand_fund_own": total(result["fund"][byhand]),
    })  # fmt: skip


def layer_sums(bill: Columns, result: Columns, stay: Any) -> Counter[str]:
    """What aid to key recipients found before it, and what it paid of it."""
    key = stay & np.isin(bill["aid"], KEY_RECIPIENTS)
    before = np.asarray(bill["within"], np.int64) - result["pool"] - result["catastrophic"] - result["large_first"] - result["large_second"]
    return Counter({
        "aid.before": total(before[key]), "aid.paid": sum(total(result[layer][key]) for layer in ("aid", "tilt", "topup")),
    })  # fmt: skip


def care_figures(sums: Mapping[str, int], book: Book, year: int) -> dict[str, Answer]:
    """The answers that the sums of a year give."""
    counts = ("visits.", "offsite.")
    money = ("outgo.", "poor.", "offsite.cross_direct_cost", "offsite.cross_direct_pool", "offsite.byhand_fund_own")
    told = {name: value for name, value in sums.items() if name.startswith((*counts, *money))}
    found = {name: Answer(value, FEN if name.startswith(money) else COUNT) for name, value in told.items()}
    premium = catastrophic_premium(book, year) * sums["enrolled.resident"]
    employee, resident = sums["pool.employee"] + sums["account.employee"], sums["pool.resident"] + premium
    found |= {
        "outgo.employee": Answer(employee, FEN), "outgo.resident": Answer(resident, FEN), "outgo.all": Answer(employee + resident, FEN),
        "mean.catastrophic": Answer(sums["outgo.catastrophic"] / max(sums["visits.catastrophic"], 1), FIXED),
        "share.primary": ratio(sums["primary"], sums["pool.employee"] + sums["pool.resident"]),
        "offsite.direct_share": ratio(sums["offsite.cross_direct"], sums["offsite.cross"]),
        "offsite.byhand_share": ratio(sums["offsite.byhand_patients_own"], sums["offsite.patients_own"]),
        "ratio.aid": ratio(sums["aid.paid"], sums["aid.before"]), "ratio.poor": ratio(sums["paid.poor"], sums["within.poor"]),
        "ratio.catastrophic": ratio(sums["catastrophic.paid"], sums["catastrophic.above"]),
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
