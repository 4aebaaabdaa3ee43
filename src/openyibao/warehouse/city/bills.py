"""Slips into bills 单据: the person's standing on the day, the institution, the diagnosis; every column of `bill` but the money."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from openyibao.kernel.codes import CHRONIC, DIALYSIS, EMPLOYEE
from openyibao.warehouse.city.care import Care
from openyibao.warehouse.city.places import Places
from openyibao.warehouse.city.slips import (
    ACCOUNT_REFUSED,
    ADMITTED,
    BABIES,
    COMPLICATION,
    CONTINUED,
    COVER,
    DAY,
    DAYS,
    DIRECT,
    DISEASE,
    EPIDEMIC,
    ILLNESS,
    INSTITUTION,
    KIND,
    LEVEL,
    LONG_BED,
    MARKS,
    NEVER,
    NOT_GRANTED,
    OFFSITE,
    OPERATION,
    OTHER,
    PERSON,
    PRACTITIONER,
    SESSIONS,
    THIRD_PARTY,
    TRANSFERRED,
    TWO,
    WORK_INJURY,
    calendar,
    dated,
    day_number,
)  # fmt: skip

Columns = dict[str, Any]

BILLS_A_BUCKET = 10_000_000
BUCKETS = 100_000
"""A bill's number is year, bucket and place: unique in the city, ascending within a bucket's year."""
THIRD_PARTY_SHARE = 6_000
"""What a third party bears of an injury in scope, parts per 10,000 (illustrative)."""
SECOND_DIAGNOSIS = 0.4


def in_order(slips: Any, cover: Mapping[str, Any], holder: Mapping[str, Any]) -> tuple[Any, Any]:
    """The slips that have a holder, by person and day, and each one's row in `holder`.

    A slip whose scheme has no holder in the year (a stay carried into a year without cover) is no bill of that year.
    """
    scheme = np.asarray(cover["scheme"])[slips[:, COVER]].astype(np.int64)
    keys = np.asarray(holder["row"]).astype(np.int64) * 4 + np.asarray(holder["scheme"])
    wanted = slips[:, PERSON].astype(np.int64) * 4 + scheme
    place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    known = keys[place] == wanted if len(keys) else np.zeros(len(slips), bool)
    rows = np.flatnonzero(known)
    order = rows[np.argsort(slips[rows, PERSON].astype(np.int64) * 2048 + slips[rows, DAY], kind="stable")]
    return slips[order], place[order].astype(np.int32)


def bill_numbers(year: int, bucket: int, count: int) -> Any:
    """The bills' numbers."""
    return (year * BUCKETS + bucket) * BILLS_A_BUCKET + np.arange(count, dtype=np.int64)


def columns_of(
    slips: Any, holder_row: Any, person: Mapping[str, Any], cover: Mapping[str, Any], care: Care, places: Places, year: int, bucket: int,
    severe: Any, rng: np.random.Generator,
) -> Columns:  # fmt: skip
    """Every column of `bill` but the money, which is 0.

    severe  int8 by slot of the chronic list: what counts as a pre-existing illness with added layers
    """
    days = calendar(year)
    count, rows, spans, marks = len(slips), slips[:, PERSON], slips[:, COVER], slips[:, MARKS]
    chronic = np.isin(slips[:, KIND], (CHRONIC, DIALYSIS))
    institution = slips[:, INSTITUTION]
    day = dated(slips[:, DAY], days)
    stay = slips[:, ADMITTED] > -NEVER
    admitted = np.where(stay, dated(np.where(stay, slips[:, ADMITTED], 0), days), 0)
    deciding = np.where(stay, admitted, day)
    ends = np.asarray(cover["ends"])[spans]
    last = day_number(ends, year) - 1
    cover_to = np.where(ends >= 99991231, 99991231, dated(np.where(last < NEVER - 1, np.clip(last, -30_000, 1_000), 0), days))
    second = chronic & (slips[:, DISEASE] >= 0) & (slips[:, DISEASE] != np.asarray(person["disease"])[rows])
    grants = np.asarray(person["grant"])[rows], np.asarray(person["other_grant"])[rows]
    own = np.asarray(person["disease"])[rows]
    stopped = np.asarray(cover["suspended_from"])[spans]
    suspended = (stopped > 0) & (stopped <= deciding) & (deciding < np.asarray(cover["suspended_to"])[spans])
    practitioner = slips[:, PRACTITIONER]
    diagnosis, other_diagnosis = diagnosed(slips, care, rng)
    in_force = (places.starts[institution] <= day) & (day < places.ends[institution])
    money = np.zeros(count, np.int64)
    return {
        "bill": bill_numbers(year, bucket, count), "person": np.asarray(person["person"])[rows], "holder": holder_row,
        "institution": institution, "practitioner": practitioner,
        "department": np.where(practitioner >= 0, places.department[np.maximum(practitioner, 0)], 0),
        "diagnosis": diagnosis, "other_diagnosis": other_diagnosis, "operation": slips[:, OPERATION], "days": slips[:, DAYS],
        "direct": (marks & DIRECT) // DIRECT, "lines": np.zeros(count, np.int32),
        "scheme": np.asarray(cover["scheme"])[spans], "kind": slips[:, KIND], "day": day, "level": slips[:, LEVEL],
        "total": money, "full": money, "over": money, "pre": money, "within": money, "off_list": money, "consultation": money,
        "third_party": money,
        "status": np.asarray(cover["status"])[spans], "admitted": admitted, "offsite": slips[:, OFFSITE], "place": places.area[institution],
        "transferred": (marks & TRANSFERRED) // TRANSFERRED, "continued": (marks & CONTINUED) // CONTINUED,
        "long_bed": (marks & LONG_BED) // LONG_BED,
        "disease": np.where(chronic, slips[:, DISEASE], -1), "grant": np.where(chronic, np.where(second, grants[1], grants[0]), 0),
        "other_disease": np.where(chronic, slips[:, OTHER], -1),
        "other_grant": np.where(chronic & (slips[:, OTHER] >= 0), np.where(second, grants[0], grants[1]), 0),
        "granted": 1 - (marks & NOT_GRANTED) // NOT_GRANTED, "two_disease": slips[:, TWO],
        "two_registered": np.asarray(person["two_registered"])[rows], "babies": slips[:, BABIES], "complication": slips[:, COMPLICATION],
        "sessions": slips[:, SESSIONS], "aid": np.asarray(cover["aid"])[spans],
        "registered_poor": np.asarray(person["registered_poor"])[rows],
        "civil_servant": np.asarray(cover["civil_servant"])[spans], "epidemic": (marks & EPIDEMIC) // EPIDEMIC,
        "added": np.asarray(cover["added"])[spans],
        "pre_existing": ((own >= 0) & (severe[np.maximum(own, 0)] == 1) & (np.asarray(cover["added"])[spans] > 0)).astype(np.int8),
        "account_use": 1 - (marks & ACCOUNT_REFUSED) // ACCOUNT_REFUSED, "cover_from": np.asarray(cover["starts"])[spans],
        "cover_to": cover_to, "wait_until": np.asarray(cover["wait_until"])[spans], "suspended": suspended.astype(np.int8),
        "agreement": in_force.astype(np.int8), "died": np.asarray(person["died"])[rows],
        "outside_fund": (marks & WORK_INJURY) // WORK_INJURY,
    }  # fmt: skip


def diagnosed(slips: Any, care: Care, rng: np.random.Generator) -> tuple[Any, Any]:
    """The principal diagnosis and another one, -1 = none."""
    illness, values = slips[:, ILLNESS], rng.random((3, len(slips)))
    count = care.diagnosis_at[illness + 1] - care.diagnosis_at[illness]
    place = care.diagnosis_at[illness] + (values[0] * count).astype(np.int32)
    principal = np.where(count > 0, care.diagnosis[np.minimum(place, len(care.diagnosis) - 1)], -1)
    common = care.diagnosis[(values[1] * min(len(care.diagnosis), 40)).astype(np.int32)]
    other = np.where((slips[:, DAYS] > 0) & (values[2] < SECOND_DIAGNOSIS) & (common != principal), common, -1)
    return principal, other


def set_money(bill: Columns, sums: Mapping[str, Any], slips: Any, lines: Any) -> None:
    """Write what scoping says of each bill, the number of its lines, and what a third party bears of an injury."""
    bill.update(sums)
    bill["lines"] = lines
    bill["operation"] = slips[:, OPERATION]
    hurt = (slips[:, MARKS] & THIRD_PARTY) > 0
    bill["third_party"] = np.where(hurt, bill["within"] * THIRD_PARTY_SHARE // 10_000, 0)


def schemes_of(bill: Columns) -> Any:
    """0 for employees' bills, 1 for residents'."""
    return (np.asarray(bill["scheme"]) != EMPLOYEE).astype(np.int8)

