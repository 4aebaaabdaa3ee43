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

from openyibao.warehouse.city.answers import Answer
from openyibao.warehouse.city.calibrate import HEADER, SEED, YEAR
from openyibao.warehouse.city.care import care_profile
from openyibao.warehouse.city.care_answers import bucket_care, care_figures
from openyibao.warehouse.city.facts import facts_of
from openyibao.warehouse.city.ground import Ground, city_of, ground_of, whole_city
from openyibao.warehouse.city.making import furnished, make_year
from openyibao.warehouse.city.people import Folk, folk_of
from openyibao.warehouse.city.profile import CALIBRATED, FOLDER, load_profile
from openyibao.warehouse.city.ways import PENDING
from openyibao.warehouse.run.package import package_of

ROUNDS = 60
NEAR, FAR = 0.018, 0.0195
"""Where a fact is met, inside the report's ±2 %; and from where one that was met is looked for again."""
SAMPLE = 300_000
"""Persons of the sample, or the whole city; the report is taken from as many, so that what few people meet is met there too."""
STEP = 1.6
"""A figure moves by at most this factor a round."""


class Aim(NamedTuple):
    """One fact that is to come out, the answer that meets it, the figures that move it, and how strongly they are pushed."""

    fact: str
    by: str
    figures: tuple[str, ...]
    power: float = 1.0  # below zero where the answer falls as the figure rises
    after: int = 0  # rounds to wait: what hangs on the tail is moved once the sums are near
    group: str = ""  # facts met by the same people and stays: their figures rest once all of them are met


RANGES = {
    "spread_employee": (0.5, 1.6), "spread_resident": (0.6, 1.6), "frailty_employee": (0.5, 1.9), "frailty_resident": (0.5, 1.9),
    "delivered": (0.0, 1.03), "delivery": (0.3, 3.0),
}  # fmt: skip
"""Bounds of figures that stop doing what they are for beyond them; any other is free."""
BOTH = ("intensity_employee", "intensity_resident")
AIMS: dict[str, tuple[Aim, ...]] = {
    "jishou": (
        Aim("JS-F013", "visits.stays_own", ("stays_employee", "stays_resident"), 1.2), Aim("JS-F014", "outgo.pool_own", BOTH, 1.2),
        Aim("JS-F015", "visits.delivery", ("delivered",), group="birth"),
        Aim("JS-F016", "outgo.maternity", ("delivery", "delivered"), 1.0, group="birth"),       # the quota ends what intensity can do
        Aim("JS-F025", "visits.aid", ("aided_stays",), 0.8, 1, group="aid"),
        Aim("JS-F026", "outgo.aid", ("aided_stays", "spread_resident"), 0.6, 1, group="aid"),
        Aim("JS-F035", "offsite.patients_own", ("offsite",), 1.2, group="offsite"),
        Aim("JS-F036", "offsite.byhand_patients_own", ("direct",), -1.0, 1, group="offsite"),
        Aim("JS-F037", "offsite.byhand_fund_own", ("offsite_intensity",), 0.5, group="offsite"),
    ),
    "ankang": (
        Aim("AK-F013", "visits.employee", ("outpatient_employee", "pharmacy"), 1.1, group="visits"),
        Aim("AK-F014", "outgo.employee", ("intensity_employee",), 1.1, group="employee"),
        Aim("AK-F027", "outgo.large", ("spread_employee", "frailty_employee"), 0.4, group="employee"),
        Aim("AK-F008", "outgo.resident", ("intensity_resident",), 1.2, group="resident"),
        Aim("AK-F017", "visits.catastrophic", ("frailty_resident",), 0.5, group="resident"),
        Aim("AK-F018", "outgo.catastrophic", ("spread_resident",), 0.3, group="resident"),
        Aim("AK-F040", "outgo.maternity", ("delivery",), 1.2, group="birth"),
        Aim("AK-F039", "visits.maternity", ("prenatal",), 1.5, group="birth"),
        Aim("AK-F072", "outgo.epidemic", ("epidemic",), group="epidemic"),
    ),
    "jingzhou": (Aim("JZ-F010", "outgo.all", BOTH, 1.4), Aim("JZ-15", "offsite.direct_share", ("direct",))),
    "wuhan": (
        Aim("WH-F011", "visits.two_disease", ("two_diseases",)), Aim("WH-F012", "visits.poor_stays", ("poor_stays",)),
        Aim("WH-F013", "visits.poor_chronic", ("poor_chronic",)), Aim("WH-F014", "poor.cost", BOTH, 1.1),
        Aim("WH-F032", "offsite.cross_direct", ("direct",)), Aim("WH-F033", "offsite.cross_direct_cost", ("offsite_intensity",), 0.5),
    ),
    "yuxi": (Aim("YX-F007", "outgo.all", BOTH, 1.4), Aim("YX-14", "offsite.direct_share", ("direct",))),
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
        sums.update(bucket_care(made.bill, made.result, made.holder, made.closing, ground.employer["run_by"], ground.book, YEAR))
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
    best, least = dict(found), (len(aims), float("inf"))
    before, slower = dict.fromkeys(aims, 0.0), dict.fromkeys(aims, 1.0)
    met: set[str] = set()
    for turn in range(rounds):
        answers = answered(ground, folks, found)
        off = {aim: answers[aim.by].whole(ground.city) / targets[aim.fact] - 1 for aim in aims}
        say(f"{city} {turn + 1}/{rounds}: " + ", ".join(f"{aim.fact} {gap:+.1%}" for aim, gap in off.items()))
        worst = sum(abs(gap) > FAR for gap in off.values()), sum(abs(gap) for gap in off.values())
        if worst < least:
            best, least = dict(found), worst
        met = {aim.group for aim in aims} - {aim.group for aim, gap in off.items() if abs(gap) > (FAR if aim.group in met else NEAR)}
        if len(met) == len({aim.group for aim in aims}):
            break
        for aim, gap in off.items():
            if aim.group in met:
                continue
            slower[aim] = min(slower[aim] * (0.5 if before[aim] * gap < 0 else 1.5), 1.0)       # it went too far: half as far from here on
            before[aim] = gap
            for name in aim.figures if turn >= aim.after else ():
                low, high = RANGES.get(name, (0.0, float("inf")))
                found[name] = round(min(max(pushed(found[name], 1 + gap, 1.0, aim.power * slower[aim]), low), high), 4)
    return best


def size_of(city: str) -> int:
    """Persons of a city's sample."""
    return min(SAMPLE, whole_city(load_profile(city)))


def write_care(city: str, found: Mapping[str, float], rests_on: str, folder: Path = FOLDER) -> Path:
    """Write what was found, as leaves of the care profile."""
    sources = {name: aim.fact for aim in AIMS[city] for name in aim.figures}
    note = f"种子 {SEED}，{size_of(city):,} 人，依据 {rests_on[:16]}"
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
        write_care(name, calibrated_care(name, size_of(name), print), load_profile(name).digest)
