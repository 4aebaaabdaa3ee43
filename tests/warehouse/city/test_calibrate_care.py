"""Calibration of care: figures are pushed towards their aim, and what is found is read back by the profile."""

from pathlib import Path
from shutil import copytree

import pytest

from openyibao.warehouse.city.calibrate_care import AIMS, pushed, write_care
from openyibao.warehouse.city.care import care_profile
from openyibao.warehouse.city.facts import facts_of
from openyibao.warehouse.city.profile import FOLDER, load_profile


def test_every_aim_is_a_fact_with_that_answer_and_moves_figures_of_its_group() -> None:
    for city, aims in AIMS.items():
        facts, groups = {fact.id: fact for fact in facts_of(city)}, {(name, aim.group) for aim in aims for name in aim.figures}
        profile = care_profile(load_profile(city))
        assert len(groups) == len({name for name, _ in groups})
        for aim in aims:
            assert facts[aim.fact].by == aim.by, aim
            assert facts[aim.fact].target > 0 and aim.figures
            assert all(profile.has(f"calibrated.{name}") for name in aim.figures)


@pytest.mark.parametrize(("answer", "expected"), [(80.0, 1.25), (100.0, 1.0), (125.0, 0.8), (10.0, 1.6), (1_000.0, 0.625), (0.0, 1.6)])
def test_a_figure_is_pushed_by_what_is_missing_and_not_far(answer: float, expected: float) -> None:
    assert pushed(1.0, answer, 100.0, 1.0) == pytest.approx(expected)


def test_what_is_found_is_read_back_and_changes_the_digest(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    copytree(FOLDER, folder)
    (folder / "care" / "calibrated" / "jishou.yaml").unlink(missing_ok=True)
    before = load_profile("jishou", folder)
    write_care("jishou", {"delivered": 0.5123, "offsite": 1.25}, before.digest, folder)
    load_profile.cache_clear()
    after = load_profile("jishou", folder)
    assert after.digest != before.digest
    found = care_profile(after, folder)
    assert found.value("calibrated.delivered") == 0.5123 and found.figure("calibrated.offsite").trust == "calibrated"
    assert found.figure("calibrated.offsite").source == "JS-F035"
    assert care_profile(after.replaced({"care.calibrated.offsite": 3.0}), folder).value("calibrated.offsite") == 3.0
