"""What the loops that make visits read 造就诊所需: registers, chances and figures packed into few arrays of records.

A record is passed to compiled code by its address, a bundle of many arrays is not: that is the difference between seconds and minutes of
compiling. The order of the fields is that of the dtypes below.
"""

from typing import Any, NamedTuple

import numpy as np

from openyibao.warehouse.city.care import Care
from openyibao.warehouse.city.places import Places
from openyibao.warehouse.city.slips import FIELDS, NEVER, day_number
from openyibao.warehouse.city.traits import Covers, Knobs, Traits

HOUSE = np.dtype([
    ("open_from", np.int64), ("open_to", np.int64), ("area", np.int32), ("staff_at", np.int32), ("staff_count", np.int32),
    ("level", np.int8), ("habit", np.int8)], align=True)  # fmt: skip
"""An institution: agreement in days from 1 January, area outside, its doctors in `staff`, level, planted habit."""
ILLNESS_RECORD = np.dtype([
    ("days", np.float64), ("long", np.int8), ("injury", np.int8), ("surgery", np.int8), ("infant", np.int8)], align=True)  # fmt: skip
COVER_RECORD = np.dtype([("starts", np.int64), ("ends", np.int64), ("scheme", np.int8), ("duplicate", np.int8)], align=True)
WHOLE_NUMBERS = (
    "epidemic_from", "epidemic_to", "dual_present", "dialysis_present", "days", "first", "ordinary", "areas", "neighbour_area",
    "hypertension", "diabetes", "pneumonia", "dialysis_slot",
)  # fmt: skip
SPANS, PENDING = 12, 9
"""Stays of a person in a year that are kept apart from one another; columns of what a stay carries over New Year."""


STAYS, STAYS_OF_POOR, AWAY, BY_HABIT, SETTLED_FILED, SETTLED_UNFILED, IN_EPIDEMIC, CHRONIC_OF_POOR, OF_TWO_DISEASES = range(9)
EVENS = 9
"""Even sequences: of what a plan counts and few people meet (chance.even)."""


class Ways(NamedTuple):
    """Where people are treated, and of what."""

    near: Any  # int32 (LEVELS + 1, towns, 2): at and count in `lists`; the last row is pharmacies
    outside: Any  # int32 (areas + 1, LEVELS, 2); the last row is every area
    lists: Any  # int32, institutions
    staff: Any  # int32, practitioners
    houses: Any  # HOUSE by institution
    levels: Any  # float64 (2: visits, stays; 2 schemes, 2 rural, TILTS, LEVELS): cumulative
    chances: Any  # float64 (2: visits, stays; SEASONS, SEXES, AGES, illnesses): cumulative
    illness: Any  # ILLNESS_RECORD
    of_disease: Any  # int32 (slots, 2): the illness that treats it, -1 = none; 1 = severe


class Room(NamedTuple):
    """What the loops write."""

    slips: Any  # int32 (room, FIELDS)
    pending: Any  # int64 (persons, PENDING)
    spans: Any  # int32 (persons, SPANS, 2): days of the stays
    numbers: Any  # int32 (persons): how many
    state: Any  # uint64 (1): chance
    even: Any  # uint64 (EVENS): where each even sequence is


def ways_of(care: Care, places: Places, habits: Any, knobs: Knobs, year: int) -> Ways:
    """The ways of a city in a year."""
    houses = np.zeros(len(places.level), HOUSE)
    houses["open_from"] = np.where(places.starts > 0, day_number(places.starts, year), -NEVER)
    houses["open_to"] = day_number(places.ends, year)
    for name, values in (("area", places.area), ("staff_at", places.staff_at), ("staff_count", places.staff_count), ("level", places.level),
                         ("habit", habits)):  # fmt: skip
        houses[name] = values
    illness = np.zeros(len(care.days), ILLNESS_RECORD)
    illness["days"] = care.days
    for place, name in enumerate(("long", "injury", "surgery", "infant")):
        illness[name] = care.flags[:, place]
    return Ways(
        np.stack([places.at, places.count], axis=-1), np.stack([places.outside_at, places.outside_count], axis=-1), places.lists,
        places.staff, houses, np.stack([knobs.visit_levels, knobs.stay_levels]), np.stack([care.visits, care.stays]), illness,
        np.stack([care.of_disease, knobs.severe.astype(np.int32)], axis=-1),
    )  # fmt: skip


def trait_records(traits: Traits) -> Any:
    """The traits as one record per person; cover_at and cover_to are its spans."""
    columns = {name: np.asarray(values) for name, values in traits._asdict().items() if name != "cover_at"}
    columns["cover_at"], columns["cover_to"] = traits.cover_at[:-1], traits.cover_at[1:]
    found = np.zeros(len(traits.number), np.dtype([(name, values.dtype) for name, values in columns.items()], align=True))
    for name, values in columns.items():
        found[name] = values
    return found


def cover_records(covers: Covers) -> Any:
    """The spans of cover as records."""
    found = np.zeros(len(covers.starts), COVER_RECORD)
    for name in COVER_RECORD.names or ():
        found[name] = getattr(covers, name)
    return found


def knob_records(knobs: Knobs, numbers: dict[str, int], key: int) -> Any:
    """The figures as one record in an array; `numbers` are those of WHOLE_NUMBERS that the year gives."""
    plain = {name: value for name, value in knobs._asdict().items() if isinstance(value, float)}
    whole = {name: int(numbers.get(name, getattr(knobs, name, 0))) for name in WHOLE_NUMBERS}
    by_scheme = {name: getattr(knobs, name) for name in ("spread", "away", "stay_habit")}
    types: list[Any] = [*((name, np.float64) for name in plain), *((name, np.float64, (2,)) for name in by_scheme)]
    types += [*((name, np.int64) for name in whole), ("key", np.uint64)]
    found = np.zeros(1, np.dtype(types, align=True))
    for name, value in {**plain, **by_scheme, **whole, "key": np.uint64(key)}.items():
        found[name] = value
    return found


def room_of(slips: int, persons: int, pending: Any) -> Room:
    """Room for so many slips."""
    return Room(
        np.empty((slips, FIELDS), np.int32), pending, np.zeros((persons, SPANS, 2), np.int32), np.zeros(persons, np.int32),
        np.zeros(1, np.uint64), np.zeros(EVENS, np.uint64),
    )  # fmt: skip
