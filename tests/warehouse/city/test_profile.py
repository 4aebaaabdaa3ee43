"""Profiles: every figure says where it comes from; every fact of the plans is answered or says why not."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from openyibao.warehouse.city.facts import UNITS, facts_of
from openyibao.warehouse.city.ground import whole_city
from openyibao.warehouse.city.profile import FOLDER, ProfileProblem, load_profile, profiled

CITIES = ("ankang", "jingzhou", "jishou", "wuhan", "yuxi")
PLANS = {"ankang": "AK", "jingzhou": "JZ", "jishou": "JS", "wuhan": "WH", "yuxi": "YX"}

PRINTED = Path(__file__).resolve().parents[4] / "shared" / "reference" / "plans" / "figures.yaml"


@cache
def printed() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(PRINTED.read_text(encoding="utf-8"))["facts"]
    return found


def test_the_five_cities_have_a_profile() -> None:
    assert tuple(profiled()) == CITIES


@pytest.mark.parametrize("name", CITIES)
def test_a_profile_adds_up(name: str) -> None:
    profile = load_profile(name)
    employee = sum(profile.whole(f"employee.{kind}") for kind in ("employed", "flexible", "retired"))
    assert employee == profile.whole("enrolled.employee")
    if profile.has("employee.run_by"):
        assert sum(profile.series("employee.run_by")) == employee
    assert sum(share for *_, share, _ in profile.series("counties")) == pytest.approx(10_000, rel=0.01)
    assert len(profile.series("people.ages")) == len(profile.series("people.age_groups"))
    assert profile.whole("population.resident") <= whole_city(profile) + profile.whole("population.uninsured")


@pytest.mark.parametrize("name", CITIES)
def test_a_figure_taken_from_the_plan_is_the_plans(name: str) -> None:
    """Each leaf with the mark `plan` and the number of one fact carries that fact's figure."""
    facts = {fact.id: fact for fact in facts_of(name)}
    compared = 0
    for key, figure in load_profile(name).figures.items():
        if figure.trust == "plan" and figure.source in facts and isinstance(figure.value, int) and key != "supplement.rate":
            fact = facts[figure.source]
            assert figure.value == pytest.approx(float(fact.value) * UNITS[fact.unit]), key
            compared += 1
    assert compared >= (0 if name == "yuxi" else 2)


def test_a_leaf_without_a_mark_is_refused(tmp_path: Path) -> None:
    for text in ("people: {births: {value: 1}}", "people: {births: {value: 1, trust: sure}}", "people: 3",
                 "people: {births: {value: 1, trust: plan, x: 1}}"):  # fmt: skip
        (tmp_path / "jishou.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(ProfileProblem, match=r"profiles/jishou\.yaml: people"):
            load_profile("jishou", tmp_path)


def test_a_missing_figure_and_a_missing_city_are_named() -> None:
    with pytest.raises(ProfileProblem, match=r"jishou\.yaml: people\.hats is missing"):
        load_profile("jishou").figure("people.hats")
    with pytest.raises(ProfileProblem, match="no profile of paris; there are ankang"):
        load_profile("paris")


def test_the_digest_covers_every_file(tmp_path: Path) -> None:
    for file in ("nation.yaml", "jishou.yaml"):
        (tmp_path / file).write_bytes((FOLDER / file).read_bytes())
    digests = [load_profile("jishou", tmp_path).digest]
    calibrated = "wages: {growth: {value: 1, trust: calibrated}}"
    for file, text in (("care.yaml", "a: 1"), ("care/jishou.yaml", "b: 1"), ("calibrated/jishou.yaml", calibrated)):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text, encoding="utf-8")
        load_profile.cache_clear()
        digests.append(load_profile("jishou", tmp_path).digest)
    load_profile.cache_clear()
    assert len(set(digests)) == 4


@pytest.mark.parametrize("name", CITIES)
def test_every_fact_is_answered_or_says_why_not(name: str) -> None:
    facts = facts_of(name)
    assert len({fact.id for fact in facts}) == len(facts)
    for fact in facts:
        assert bool(fact.by) != bool(fact.why), fact.id
        if fact.by:
            assert fact.unit in UNITS and fact.target > 0, fact.id


@pytest.mark.parametrize("name", CITIES)
def test_no_fact_of_the_plan_is_forgotten(name: str) -> None:
    if not PRINTED.is_file():
        pytest.skip("needs the shared reference beside the checkout")
    stated = {fact["id"]: fact for fact in printed() if fact["plan"] == PLANS[name]}
    listed = {fact.id: fact for fact in facts_of(name)}
    assert stated.keys() <= listed.keys()
    for number, fact in stated.items():
        assert listed[number].value == fact["value"] and listed[number].unit == fact["unit"], number


