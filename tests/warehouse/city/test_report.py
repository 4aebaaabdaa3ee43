"""The calibration report: it is what its city comes to, and the pages in the repository rest on today's profiles and policies."""

from pathlib import Path

import pytest

from openyibao.warehouse.city.answers import COUNT, FEN, Answer
from openyibao.warehouse.city.facts import APART, CONFLICT, Apart, Fact, facts_of
from openyibao.warehouse.city.profile import load_profile
from openyibao.warehouse.city.report import DIGEST, INDEX, compared, counts, outside, report_city, report_index, rests_on, tally
from openyibao.warehouse.city.size import City
from openyibao.warehouse.run.runner import Here

PAGES = Path(__file__).resolve().parents[3] / "docs" / "reference" / "calibration"
CITIES = ("ankang", "jingzhou", "jishou", "wuhan", "yuxi")


@pytest.mark.parametrize("name", CITIES)
def test_the_pages_in_the_repository_are_not_stale(name: str) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert f"{DIGEST}`{rests_on(load_profile(name))}`" in page, f"run: openyibao city report --city {name}"
    assert f"({name}.md)" in (PAGES / INDEX).read_text(encoding="utf-8")
    for fact in facts_of(name):
        assert f"| {fact.id} |" in page


@pytest.mark.parametrize("name", CITIES)
def test_counts_and_income_stand_within_two_in_a_hundred(name: str) -> None:
    """What the plans print of people and income; use and outgo are as honest as the page says."""
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8").splitlines()
    printed = ("enrolled", "insured", "collected", "income", "relief", "audits", "poor.registered", "providers", "population")
    for fact in facts_of(name):
        if fact.by.startswith(printed):
            row = next(line for line in page if line.startswith(f"| {fact.id} |"))
            assert "**" not in row, row


@pytest.mark.parametrize("name", CITIES)
def test_what_stands_apart_says_why(name: str) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8").splitlines()
    apart = [line for line in page if line.startswith("| ") and "**" in line]
    for line in apart:
        assert any(words[1] in line for words in APART.values()), line
    for fact in facts_of(name):
        if fact.apart and fact.apart.kind == CONFLICT:
            assert set(fact.apart.kept) <= {other.id for other in facts_of(name)}


def test_a_lower_bound_is_met_from_there_up_and_reasons_are_tallied() -> None:
    city = City("x", 1, 100, 1_000, (2020,), 1)
    fact = Fact("X-1", "甲", "a", 100, "人", "2020", "people", 1, "", "", "")
    facts = [
        fact, fact._replace(id="X-2", value=50, at_least=True), fact._replace(id="X-3", value=50),
        fact._replace(id="X-4", value=200, at_least=True, apart=Apart(CONFLICT, ("X-1",), "", "")),
    ]  # fmt: skip
    lines = compared(facts, {"people": Answer(10, COUNT)}, city)
    assert [outside(line) for line in lines] == [False, False, True, True] and counts(lines) == (2, 2, 0)
    assert tally(lines) == (
        "4 facts: 2 within ±2%, 2 outside (1 in conflict with another figure of the plan; 1 for no reason that is known), "
        "0 without an answer."
    )


def test_a_report_is_what_its_city_comes_to(tmp_path: Path) -> None:
    written = report_city(load_profile("jishou"), 720, 1, tmp_path, Here())
    text = written.file.read_text(encoding="utf-8")
    assert written.near + written.far + written.open == written.facts == len(facts_of("jishou"))
    assert "| JS-F003 | 常住人口参加医疗保险 residents enrolled | 2020 | 36.02 万人 | 36.02 | -0.00% |" in text.replace("+0.00%", "-0.00%")
    assert "| JS-F027 |" in text and "a date, no quantity" in text
    assert report_index(tmp_path).read_text(encoding="utf-8").count("(jishou.md)") == 1


def test_a_difference_is_taken_in_the_facts_unit_and_year() -> None:
    city = City("x", 1, 100, 1_000, (2020,), 1)
    fact = Fact("X-1", "甲", "a", 5, "万元", "2016-2020", "outgo", 5, "", "", "")
    near = fact._replace(id="X-2", by="people", value=1_015, unit="人", years=1)
    none = fact._replace(id="X-3", by="nothing")
    lines = compared([fact, near, none], {"outgo": Answer(80_000, FEN), "people": Answer(100, COUNT)}, city)
    assert lines[0].synthetic == pytest.approx(0.8) and lines[0].difference == pytest.approx(-0.2)
    assert lines[1].synthetic == 1_000 and lines[2].synthetic is None
    assert counts(lines) == (1, 1, 1)
