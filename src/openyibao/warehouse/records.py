"""Plans, claims and years as NumPy records: the compiled law reads `plan.pool.cap` from a record exactly as plain Python reads it
from a NamedTuple.

A record is passed by its address, so a plan of a thousand integers costs a bill nothing, and of a claim only the fields that its kind
asks for are ever loaded.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import Plan, no_plan
from openyibao.kernel.year import Year

Records = np.ndarray[Any, np.dtype[Any]]

MONEY = ("total", "full", "over", "pre", "within", "off_list", "consultation", "third_party")
DAYS = ("day", "admitted", "grant", "other_grant", "cover_from", "cover_to", "wait_until", "died")
WIDE = (*DAYS, "place")
SHORT = ("sessions",)


def claim_type(field: str) -> type[np.signedinteger[Any]]:
    """The narrowest integer type that holds a claim field."""
    if field in MONEY:
        return np.int64
    if field in WIDE:
        return np.int32
    return np.int16 if field in SHORT else np.int8


CLAIM = np.dtype(
    sorted(((field, claim_type(field)) for field in Claim._fields), key=lambda pair: -np.dtype(pair[1]).itemsize),
    align=True,
)
"""One bill, the widest fields first: money int64 fen, days and areas int32, the rest int8 (sessions int16)."""

YEAR = np.dtype([(field, np.int64) for field in Year._fields], align=True)
"""One person's year so far, every figure int64."""

RESULTS = (
    "outcome", "deductible", "pool", "large_first", "large_second", "catastrophic", "civil", "aid", "tilt", "topup",
    "added_1", "added_2", "added_3", "state", "fund", "hospital", "person", "account", "family", "cash",
)  # fmt: skip
"""What a run writes of a receipt."""

RESULT = np.dtype([(field, np.int64) for field in RESULTS], align=True)


def record_type(value: Any) -> np.dtype[Any]:
    """The dtype of a plan or of a part of one: integers, fixed tuples of integers, and parts nested by name."""
    return np.dtype([(name, *_shape(getattr(value, name))) for name in value._fields], align=True)


def _shape(value: Any) -> tuple[Any, ...]:
    if hasattr(value, "_fields"):
        return (record_type(value),)
    if isinstance(value, tuple):
        return (np.int64, (len(value),))
    return (np.int64,)


PLAN = record_type(no_plan())
"""One plan, every part nested by name, every figure int64."""


def plan_records(plans: Sequence[Plan]) -> Records:
    """One record per plan, in order; shape (len(plans),)."""
    return np.array([_plain(plan) for plan in plans], dtype=PLAN)


def _plain(value: Any) -> Any:
    if hasattr(value, "_fields"):
        return tuple(_plain(item) for item in value)
    return value


def claim_records(claims: Sequence[Claim]) -> Records:
    """Claims as records, in the order given."""
    records = np.empty(len(claims), CLAIM)
    for field, values in zip(Claim._fields, zip(*claims, strict=True), strict=True):
        records[field] = values
    return records


def year_records(years: Sequence[Year]) -> Records:
    """Years as records, in the order given."""
    return np.array([tuple(year) for year in years], dtype=YEAR)
