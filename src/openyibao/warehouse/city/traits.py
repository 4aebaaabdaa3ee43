"""What a person brings into a year of care 个人年度特征: age, cover, disease, frailty, and the visits expected of it; arrays for the loops.

The expected numbers come from the profile (`visits:`), times what calibration found, times the person's frailty, which is the same in
every year. Nothing here draws the visits.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel.codes import EMPLOYEE, LEVELS, RESIDENT
from openyibao.policybook.book import Book
from openyibao.warehouse.city.places import Places
from openyibao.warehouse.city.profile import Profile
from openyibao.warehouse.city.slips import NEVER, day_number

Columns = Mapping[str, Any]

AGE_FROM = (0, 6, 18, 45, 60, 75)
"""First age of each group."""
TILTS = 3
"""A mild, an ordinary and a grave case go to different levels."""
SEVERE_DISEASES = ("M00500", "M07803", "M07804", "M08300")
DIALYSIS_DISEASE, CANCER_DISEASE, TRANSPLANT_DISEASE = "M07803", "M00500", "M08300"


class Traits(NamedTuple):
    """One row per person of the bucket; days count from 1 January of the year."""

    number: Any  # uint64: the person's number
    group: Any  # int8: place in AGE_FROM
    sex: Any  # int8: 0 men, 1 women
    town: Any  # int32
    rural: Any  # int8
    visits: Any  # float64: outpatient visits expected in the year
    stays: Any  # float64
    pharmacy: Any  # float64
    born: Any  # int64
    died: Any  # int64, NEVER = living
    cover_at: Any  # int32 (persons + 1), into Covers
    disease: Any  # int32 slot, -1 = none
    grant: Any  # int64
    other: Any
    other_grant: Any
    two: Any  # int8 bits
    habit: Any  # int8: usual off-site class
    away: Any  # int32: row in Places.areas of the usual place
    poor: Any  # int8: registered poor
    expecting: Any  # int64: day of the next delivery within this year or the next, NEVER = none
    babies: Any  # int8


class Covers(NamedTuple):
    """One row per span of cover of the bucket, in the order of the table."""

    starts: Any  # int64
    ends: Any
    scheme: Any  # int8
    duplicate: Any  # int8


class Knobs(NamedTuple):
    """The profile's figures that the loops read."""

    visit_levels: Any  # float64 (2 schemes, 2 rural, TILTS, LEVELS): cumulative
    stay_levels: Any
    severe: Any  # int8 by slot: severe outpatient disease
    slots: Any  # int32 (3): slots of dialysis, cancer, transplant; -1 = none
    spread: Any  # float64 (2): log standard deviation of a stay's gravity, by scheme
    away: Any  # float64 (2): how often a stay is outside the city, by scheme, where it is not the person's habit
    stay_habit: Any  # float64 (2): how often who lives elsewhere for long stays in hospital there, by scheme
    visit_spread: float
    chronic: float
    poor_chronic: float
    severe_visits: float
    two_diseases: float
    sessions: float
    dual_channel: float
    day_surgery: float
    rescue: float
    last_stay: float
    transfer: float
    transfer_outside: float
    habit: float
    referred: float
    emergency: float
    self_referred: float
    neighbour: float
    direct: float
    direct_unfiled: float
    delivered: float
    delivery: float
    caesarean: float
    complication: float
    prenatal: float
    miscarriage: float
    long_bed: float
    third_party: float
    work_injury: float
    account_refused: float
    split: float
    epidemic_from: int
    epidemic_to: int
    epidemic: float
    dual_present: int
    dialysis_present: int
    fault_rate: float
    fault_persons: float
    after_death: float
    uncovered: float


def ages_on(born: Any, year: int) -> Any:
    """Age on 31 December."""
    return year - np.asarray(born).astype(np.int64) // 10_000


def traits_of(person: Columns, cover: Columns, year: int, profile: Profile, places: Places, frailty: Any) -> Traits:
    """The traits of a bucket's persons in a year; `frailty` is one standard normal figure a person, the same in every year."""
    age = np.clip(ages_on(person["born"], year), 0, 120)
    group = (np.searchsorted(AGE_FROM, age, side="right") - 1).astype(np.int8)
    scheme = scheme_in(person, cover, year)
    employee = scheme == EMPLOYEE
    spread = np.where(employee, *(
        float(profile.value("costs.frailty")) * float(profile.value(f"calibrated.frailty_{name}")) for name in ("employee", "resident")
    ))  # fmt: skip
    weight = np.exp(spread * frailty - spread * spread / 2)
    poor = np.asarray(person["registered_poor"]) == 1
    of_poor = float(profile.value("visits.poor_stays")) * float(profile.value("calibrated.poor_stays"))
    stays = by_scheme(profile, "stays", group, employee) * np.where(poor, of_poor, 1.0)
    aided = marked_in(person, cover, year, np.asarray(cover["aid"]) > 0)
    stays = stays * np.where(aided, float(profile.value("visits.aided_stays")) * float(profile.value("calibrated.aided_stays")), 1.0)
    pharmacy = np.array(profile.value("visits.pharmacy"))[group] * float(profile.value("calibrated.pharmacy"))
    areas = np.asarray(person["place"])
    away = np.searchsorted(places.areas, areas).astype(np.int32)
    known = (away < len(places.areas)) & (places.areas[np.minimum(away, max(len(places.areas) - 1, 0))] == areas)
    town = np.clip(np.asarray(person["town"]), 0, None).astype(np.int32)
    cover_at = np.searchsorted(np.asarray(cover["person"]), np.append(person["person"], np.iinfo(np.int64).max))
    expecting, babies = deliveries(person, year)
    return Traits(
        number=np.asarray(person["person"]).astype(np.uint64), group=group, sex=(np.asarray(person["sex"]) - 1).astype(np.int8), town=town,
        rural=places.rural[town], visits=by_scheme(profile, "outpatient", group, employee) * weight, stays=stays * weight,
        pharmacy=np.where(employee, pharmacy, 0.0), born=day_number(person["born"], year), died=day_number(person["died"], year),
        cover_at=cover_at.astype(np.int32), disease=np.asarray(person["disease"]).astype(np.int32),
        grant=day_number(person["grant"], year), other=np.asarray(person["other_disease"]).astype(np.int32),
        other_grant=day_number(person["other_grant"], year), two=np.asarray(person["two_registered"]).astype(np.int8),
        habit=np.asarray(person["offsite"]).astype(np.int8), away=np.where(known, away, len(places.areas)).astype(np.int32),
        poor=poor.astype(np.int8), expecting=expecting, babies=babies,
    )  # fmt: skip


def by_scheme(profile: Profile, what: str, group: Any, employee: Any) -> Any:
    """Expected numbers by scheme and age, calibrated."""
    found = []
    for name in ("employee", "resident"):
        rates = np.array(profile.value(f"visits.{what}.{name}"), np.float64)
        found.append(rates[group] * float(profile.value(f"calibrated.{what}_{name}")))
    return np.where(employee, found[0], found[1])


def scheme_in(person: Columns, cover: Columns, year: int) -> Any:
    """The scheme that decides how often somebody is treated: that of the last span that touches the year, 0 = none."""
    touches = (np.asarray(cover["starts"]) < (year + 1) * 10_000) & (np.asarray(cover["ends"]) > year * 10_000)
    rows = np.flatnonzero(touches & (np.asarray(cover["duplicate"]) == 0))
    scheme = np.zeros(len(person["person"]), np.int8)
    scheme[np.searchsorted(np.asarray(person["person"]), np.asarray(cover["person"])[rows])] = np.asarray(cover["scheme"])[rows]
    return scheme


def marked_in(person: Columns, cover: Columns, year: int, mark: Any) -> Any:
    """Whether somebody has a span of cover in the year that bears a mark; `mark` is by span."""
    touches = (np.asarray(cover["starts"]) < (year + 1) * 10_000) & (np.asarray(cover["ends"]) > year * 10_000)
    rows = np.flatnonzero(touches & mark)
    found = np.zeros(len(person["person"]), bool)
    found[np.searchsorted(np.asarray(person["person"]), np.asarray(cover["person"])[rows])] = True
    return found


def deliveries(person: Columns, year: int) -> tuple[Any, Any]:
    """Each mother's next delivery from this year on, as a day, and how many babies it brings."""
    count = len(person["person"])
    expecting = np.full(count, NEVER, np.int64)
    mothers, born = np.asarray(person["mother"]), day_number(person["born"], year)
    rows = np.flatnonzero((mothers >= 0) & (born >= 0))
    np.minimum.at(expecting, mothers[rows], born[rows])
    same = rows[expecting[mothers[rows]] == born[rows]]
    number = np.bincount(mothers[same], minlength=count)
    return expecting, np.maximum(number, 1).astype(np.int8)


def covers_of(cover: Columns, year: int) -> Covers:
    """The spans of cover, in days of the year."""
    return Covers(
        day_number(cover["starts"], year), day_number(cover["ends"], year), np.asarray(cover["scheme"]).astype(np.int8),
        np.asarray(cover["duplicate"]).astype(np.int8),
    )  # fmt: skip


def level_steps(weights: list[float]) -> Any:
    """Cumulative shares of the levels for (town or village, TILTS); village clinics are for villagers."""
    base = np.array(weights, np.float64)
    rank = np.arange(LEVELS)
    found = np.empty((2, TILTS, LEVELS))
    for rural in range(2):
        own = base * np.where(rank == 0, 1.6 if rural else 0.12, 1.0) * np.where(rank >= 4, 0.8 if rural else 1.15, 1.0)
        for tilt, pull in enumerate((0.78, 1.0, 1.45)):
            found[rural, tilt] = own * pull**rank
    steps: Any = np.cumsum(found, axis=-1)
    steps /= steps[..., -1:]
    steps[..., -1] = 1.0
    return steps


def knobs_of(profile: Profile, book: Book, year: int) -> Knobs:
    """The figures of a profile for a year."""
    def value(key: str) -> float:
        return float(profile.value(key))

    first, last, rate = profile.value("visits.epidemic")
    plans = [book.plan(scheme, year * 10_000 + 701) for scheme in (EMPLOYEE, RESIDENT)]
    spread, offsite = value("costs.stay_spread"), value("calibrated.offsite")
    return Knobs(
        visit_levels=np.array([level_steps(profile.value(f"visits.levels.outpatient_{name}")) for name in ("employee", "resident")]),
        stay_levels=np.array([level_steps(profile.value(f"visits.levels.stay_{name}")) for name in ("employee", "resident")]),
        severe=np.array([code in SEVERE_DISEASES for code in book.diseases], np.int8),
        slots=np.array([book.disease_slot(code) for code in (DIALYSIS_DISEASE, CANCER_DISEASE, TRANSPLANT_DISEASE)], np.int32),
        spread=np.array([spread * value("calibrated.spread_employee"), spread * value("calibrated.spread_resident")]),
        away=np.array([value("visits.offsite.employee"), 1.0]),
        stay_habit=np.array([1.0, value("visits.offsite.habit_resident")]) * value("visits.offsite.habit"),
        visit_spread=value("costs.visit_spread"), chronic=value("visits.chronic") * value("calibrated.chronic"),
        poor_chronic=value("calibrated.poor_chronic"), severe_visits=value("visits.severe"),
        two_diseases=value("visits.two_diseases") * value("calibrated.two_diseases"), sessions=value("visits.dialysis_sessions"),
        dual_channel=value("visits.dual_channel"), day_surgery=value("visits.day_surgery"), rescue=value("visits.rescue"),
        last_stay=value("visits.last_stay"), transfer=value("visits.transfer"),
        transfer_outside=min(value("visits.transfer_outside") * offsite, 1.0), habit=value("visits.offsite.habit"),
        referred=value("visits.offsite.referred") * offsite, emergency=value("visits.offsite.emergency") * offsite,
        self_referred=value("visits.offsite.self_referred") * offsite, neighbour=value("visits.offsite.neighbour") * offsite,
        direct=value("visits.offsite.direct") * value("calibrated.direct"),
        direct_unfiled=value("visits.offsite.direct_unfiled"), delivery=value("calibrated.delivery"),
        delivered=value("visits.maternity.delivered") * value("calibrated.delivered"),
        caesarean=value("visits.maternity.caesarean"), complication=value("visits.maternity.complication"),
        prenatal=value("visits.maternity.prenatal") * value("calibrated.prenatal"),
        miscarriage=value("visits.maternity.miscarriage"), long_bed=value("visits.long_bed"), third_party=value("visits.third_party"),
        work_injury=value("visits.work_injury"), account_refused=value("visits.account_refused"), split=value("visits.split"),
        epidemic_from=int(day_number([first], year)[0]), epidemic_to=int(day_number([last], year)[0]),
        epidemic=float(rate) * value("calibrated.epidemic"),
        dual_present=int(any(plan is not None and plan.dual_channel.present for plan in plans)),
        dialysis_present=int(any(plan is not None and plan.dialysis.present for plan in plans)),
        fault_rate=value("faults.rate"), fault_persons=value("faults.persons"), after_death=value("faults.after_death"),
        uncovered=value("faults.uncovered"),
    )  # fmt: skip
