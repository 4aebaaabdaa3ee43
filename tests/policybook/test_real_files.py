"""The shipped policies: they check clean, load fast, and their values are counted by trust mark."""


import pytest

from openyibao.kernel.plan import Readings
from openyibao.policybook.book import cities, load_book, policies_root
from openyibao.policybook.check import check_city
from openyibao.policybook.read import read_file
from openyibao.policybook.tree import city_codes

ROOT = policies_root()
CITIES = ("ankang", "jingzhou", "jishou", "wuhan", "yuxi")

# Dated values by mark, alternatives included: seed, doc, compiled, recalled, illustrative (docs/reference/policies.md explains the sums).
COUNTS = {
    "nation": (0, 27, 1, 93, 136),
    "ankang": (25, 9, 66, 35, 213),
    "jingzhou": (7, 9, 65, 36, 221),
    "jishou": (6, 9, 58, 52, 215),
    "wuhan": (4, 9, 49, 105, 200),
    "yuxi": (8, 9, 53, 37, 222),
}


def test_the_five_cities_are_there():
    assert cities(ROOT) == city_codes(ROOT) == list(CITIES)


@pytest.mark.parametrize("city", CITIES)
def test_a_city_checks_without_errors_and_its_marks_are_counted(city):
    nation, own = check_city(ROOT, city)
    assert [str(problem) for report in (nation, own) for problem in report.errors] == []
    assert tuple(nation.entries.values()) == COUNTS["nation"]
    assert tuple(own.entries.values()) == COUNTS[city]
    assert own.unconfirmed == own.leaves, "no person has read a clause again yet; a confirmed leaf changes this"


def test_the_marks_of_all_files_add_up():
    totals = [sum(row[place] for row in COUNTS.values()) for place in range(5)]
    assert totals == [50, 72, 292, 358, 1207]


@pytest.mark.parametrize("city", CITIES)
def test_a_plan_is_frozen_once_and_looked_up_afterwards(city):
    book = load_book(ROOT, city)
    assert book.plan(1, 20240601) is book.plan(1, 20240601)


@pytest.mark.parametrize("city", CITIES)
def test_the_digest_says_what_decides_plans(city):
    assert load_book(ROOT, city).digest == load_book(ROOT, city).digest
    assert load_book(ROOT, city).digest != load_book(ROOT, city, readings=["delivery_counts"]).digest


def test_every_reading_is_a_parameter_with_words():
    book = load_book(ROOT, "ankang")
    for name in Readings._fields:
        assert book.reading_words(name, "zh") and book.reading_words(name, "en")
    assert book.plan(1, 20240601).readings_mask == 0


def test_expected_warnings_of_the_cities():
    def late(city):
        return {problem.file.split("/")[-1] for problem in check_city(ROOT, city)[1].problems}

    assert late("jishou") == {"catastrophic.yaml", "inpatient.yaml", "two_diseases.yaml", "medical_aid.yaml"}
    assert late("wuhan") == {"offsite.yaml", "two_diseases.yaml"}
    assert late("ankang") == set()
    cautions = check_city(ROOT, "yuxi")[1].cautions
    assert any("大额一层不支付" in sentence for sentence in cautions)
    assert any("kunming_not_started" in sentence for sentence in cautions)


def test_overlays_and_alternatives_read_without_problems():
    files = [*ROOT.glob("overlays/*.yaml"), *ROOT.glob("*/alternatives/*.yaml")]
    assert len(files) == 5
    assert [problem for path in files for problem in read_file(path).problems] == []
