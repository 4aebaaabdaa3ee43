"""`openyibao city`: what is wrong with the city, the size, the years or the folder is said in both languages."""

from pathlib import Path

import pytest

from cli.conftest import Run
from openyibao.cli.city import people_of, years_of
from openyibao.warehouse.city.profile import load_profile


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("paris",), "There is no profile of paris; there are ankang"),
        (("jishou", "--scale", "1/10"), "--scale 1/10 is not understood"),
        (("jishou", "--scale", "1:0"), "cannot be made"),
        (("jishou", "--people", "400000"), "400,000 cannot be made"),
        (("jishou", "--years", "2023-2022"), "--years 2023-2022 is not understood"),
        (("ankang", "--years", "2018-2019"), "no policy for 2018; years that can be made: 2019-"),
    ],
)
def test_what_cannot_be_made_is_said(run: Run, words: tuple[str, ...], told: str) -> None:
    result = run("city", "make", *words, "--store", "here")
    assert result.exit_code == 2 and told in result.stderr.replace("\n", " "), result.output
    assert not Path("here").exists()


def test_a_folder_with_other_things_is_left_alone(run: Run) -> None:
    Path("here").mkdir()
    Path("here/letter.txt").write_text("mine", encoding="utf-8")
    result = run("city", "make", "jishou", "--people", "200", "--years", "2023", "--store", "here", "--lang", "zh")
    assert result.exit_code == 2 and "目录不空" in result.stderr and Path("here/letter.txt").read_text(encoding="utf-8") == "mine"


def test_a_scale_or_a_number_of_people() -> None:
    jishou = load_profile("jishou")
    assert [people_of(jishou, None, scale) for scale in ("1:10", "0.1", "1:1", "1", "1：100")] == [36_020, 36_020, 360_200, 360_200, 3_602]
    assert people_of(jishou, 5_000, "1:100") == 5_000
    assert years_of("2023") == (2023,) and years_of("2020-2022") == (2020, 2021, 2022)
