"""Calibration of care and outgo 就医与支出校准: how often, how intensive, so that what the plan prints of visits and money paid comes out.

A sample is made over and over with the same chance, each time with the figures pushed by what is still missing; what is found is written
to profiles/care/calibrated/<city>.yaml, which nobody edits. People are made once: care does not change them.

    python -m openyibao.warehouse.city.calibrate_care jishou ankang
"""

import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml

from openyibao.kernel.codes import RESIDENT
from openyibao.warehouse.city.answers import Answer
from openyibao.warehouse.city.calibrate import HEADER, SAMPLE, SEED, YEAR
from openyibao.warehouse.city.care import care_profile
from openyibao.warehouse.city.care_answers import bill_sums, care_figures
from openyibao.warehouse.city.facts import facts_of
from openyibao.warehouse.city.ground import Ground, city_of, ground_of, whole_city
from openyibao.warehouse.city.making import furnished, make_year
from openyibao.warehouse.city.people import Folk, folk_of
from openyibao.warehouse.city.profile import CALIBRATED, FOLDER, load_profile
from openyibao.warehouse.city.ways import PENDING
from openyibao.warehouse.run.package import package_of

ROUNDS = 14
CLOSE = 0.004
SAMPLES = {"jishou": 4, "wuhan": 80}
"""Where the usual sample holds too few off-site stays, or more people than the answers need."""
STEP = 1.6
"""A figure moves by at most this factor a round."""


class Aim(NamedTuple):
    """One fact that is to come out, the answer that meets it, the figures that move it, and how strongly they are pushed."""

    fact: str
    by: str
    figures: tuple[str, ...]
    power: float = 1.0
    after: int = 0  # rounds to wait: what hangs on the tail is moved once the sums are near


RANGES = {"spread_employee": (0.6, 1.6), "spread_resident": (0.8, 1.5), "frailty": (0.6, 1.9), "civil": (0.4, 2.0)}
"""Bounds of figures that stop doing what they are for beyond them; any other is free."""
BOTH = ("intensity_employee", "intensity_resident")
AIMS: dict[str, tuple[Aim, ...]] = {
    "jishou": (
        Aim("JS-F013", "visits.stays", ("stays_employee", "stays_resident"), 1.2), Aim("JS-F014", "outgo.pool", BOTH, 1.2),
        Aim("JS-F015", "visits.delivery", ("delivered",)), Aim("JS-F016", "outgo.maternity", ("prenatal",), 3.0),
        Aim("JS-F035", "offsite.patients_inside", ("offsite",), 1.2), Aim("JS-F037", "offsite.byhand_fund", ("offsite_intensity",)),
    ),
    "ankang": (
        Aim("AK-F013", "visits.employee", ("outpatient_employee", "pharmacy"), 1.1),
        Aim("AK-F014", "outgo.employee", ("intensity_employee",), 1.1),
        Aim("AK-F008", "outgo.resident", ("intensity_resident",), 1.2),
        Aim("AK-F017", "visits.catastrophic", ("frailty", "spread_resident"), 0.25, 2),
        Aim("AK-F027", "outgo.large", ("spread_employee",), 0.2, 2), Aim("AK-F029", "outgo.civil", ("civil",), 0.6, 2),
        Aim("AK-F040", "outgo.maternity", ("delivered",), 1.1), Aim("AK-F039", "visits.maternity", ("prenatal",), 1.5),
    ),
    "jingzhou": (Aim("JZ-F010", "outgo.all", BOTH, 1.4),),
    "wuhan": (
        Aim("WH-F011", "visits.two_disease", ("two_diseases",)), Aim("WH-F012", "visits.poor_stays", ("poor_stays",)),
        Aim("WH-F013", "visits.poor_chronic", ("poor_chronic",)), Aim("WH-F014", "poor.cost", BOTH, 1.1),
        Aim("WH-F032", "offsite.cross_direct", ("offsite",), 1.2), Aim("WH-F033", "offsite.cross_direct_cost", ("offsite_intensity",)),
    ),
    "yuxi": (Aim("YX-F007", "outgo.all", BOTH, 1.4),),
}  # fmt: skip
"""What each city's plan prints of care; a figure without a fact keeps 1."""


def sample_of(ground: Ground) -> list[Folk]:
    """The sample's people, bucket by bucket."""
    return [folk_of(ground, bucket) for bucket in range(ground.city.buckets)]


def answered(ground: Ground, folks: list[Folk], found: Mapping[str, float]) -> dict[str, Answer]:
    """What the sample answers with these calibrated figures."""
    profile = ground.profile.replaced({f"care.calibrated.{name}": value for name, value in found.items()})
    shop, package = furnished(ground._replace(profile=profile)), package_of(ground.book, YEAR)
    sums: Counter[str] = Counter()
    for bucket, folk in enumerate(folks):
        made = make_year(shop, folk, bucket, YEAR, package, np.zeros((len(folk.person["person"]), PENDING), np.int64), None)
        sums.update(bill_sums(made.bill, made.result, ground.book.admdvs // 10_000))
        sums["enrolled.resident"] += int(((made.holder["scheme"] == RESIDENT) & (made.holder["enrolled"] == 1)).sum())
    return care_figures(sums, ground.book, YEAR)


def pushed(value: float, answer: float, target: float, power: float) -> float:
    """A figure moved towards what brings the answer to its target."""
    if answer <= 0:
        return value * STEP
    return float(value * np.clip((target / answer) ** power, 1 / STEP, STEP))


def calibrated_care(city: str, people: int, say: Callable[[str], None] = lambda _: None, rounds: int = ROUNDS) -> dict[str, float]:
    """The calibrated figures of a city's care, from a sample of so many people; it goes on from what was found before."""
    aims = AIMS[city]
    wanted = {aim.fact for aim in aims}
    targets = {fact.id: fact.target for fact in facts_of(city) if fact.id in wanted}
    ground = ground_of(city_of(load_profile(city), people, (YEAR,), SEED))
    care = care_profile(ground.profile)
    folks, found = sample_of(ground), {name: float(care.value(f"calibrated.{name}")) for aim in aims for name in aim.figures}
    best, least = dict(found), float("inf")
    for turn in range(rounds):
        answers = answered(ground, folks, found)
        off = {aim: answers[aim.by].whole(ground.city) / targets[aim.fact] - 1 for aim in aims}
        say(f"{city} {turn + 1}/{rounds}: " + ", ".join(f"{aim.fact} {gap:+.1%}" for aim, gap in off.items()))
        worst = sum(abs(gap) for gap in off.values())
        if worst < least:
            best, least = dict(found), worst
        if all(abs(gap) < CLOSE for gap in off.values()):
            break
        for aim, gap in off.items():
            for name in aim.figures if turn >= aim.after else ():
                low, high = RANGES.get(name, (0.0, float("inf")))
                found[name] = round(min(max(pushed(found[name], 1 + gap, 1.0, aim.power), low), high), 4)
    return best


def write_care(city: str, found: Mapping[str, float], rests_on: str, folder: Path = FOLDER) -> Path:
    """Write what was found, as leaves of the care profile."""
    sources = {name: aim.fact for aim in AIMS[city] for name in aim.figures}
    note = f"种子 {SEED}，1:{SAMPLES.get(city, SAMPLE)}，依据 {rests_on[:16]}"
    leaves: dict[str, Any] = {
        name: {"value": value, "trust": "calibrated", "source": sources[name], "note": note} for name, value in sorted(found.items())
    }
    path = folder / "care" / CALIBRATED / f"{city}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER.replace("calibrate ", "calibrate_care ") + yaml.safe_dump({"calibrated": leaves}, allow_unicode=True, width=140),
                    encoding="utf-8")
    return path


if __name__ == "__main__":
    for name in sys.argv[1:]:
        people = whole_city(load_profile(name)) // SAMPLES.get(name, SAMPLE)
        write_care(name, calibrated_care(name, people, print), load_profile(name).digest)
