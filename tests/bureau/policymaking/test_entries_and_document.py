"""The policy of a day as entries, as a document and as a search finds it: nothing lost, nothing twice, every figure with its source."""

import pytest

from openyibao.bureau.policymaking.document import chapters
from openyibao.bureau.policymaking.entries import entries_on, history, searched, wanted
from openyibao.policybook.book import cities, load_book, policies_root
from openyibao.policybook.tree import SCHEMES, found_on

ROOT = policies_root()
DAY = 20240601


@pytest.fixture(scope="module")
def jishou():
    return load_book(ROOT, "jishou")


@pytest.mark.parametrize("city", cities(ROOT))
def test_the_document_holds_every_parameter_in_force_once(city):
    book = load_book(ROOT, city)
    entries = entries_on(book, DAY)
    stated = {found.leaf.key for code in SCHEMES for key in book.tables[code] if (found := found_on(book.tables[code], key, DAY))}
    assert {one.key for one in entries} == stated and len({(one.key, one.scheme) for one in entries}) == len(entries)
    printed = []
    for chapter in chapters(entries):
        for part in chapter.parts:
            printed += [cell for grid in part.grids for row in grid.rows for cell in row.cells if cell is not None]
            printed += part.lines
    assert sorted(one.key for one in printed) == sorted(one.key for one in entries)
    assert all(one.clause and one.trust and one.value["zh"] and one.value["en"] and one.since <= DAY for one in entries)


@pytest.mark.parametrize("text", ["门诊统筹 职工", "outpatient pooling, employees", "职工门诊统筹", "普通门诊，在职"])
def test_an_officer_finds_outpatient_pooling_of_employees(jishou, text):
    found = {one.key for one in searched(entries_on(jishou, DAY), text)}
    assert {"outpatient.employee.deductible.L3", "outpatient.employee.ratio.active.L3", "outpatient.employee.cap.active"} <= found
    assert not any(key.startswith(("inpatient.", "outpatient.resident.")) for key in found)


def test_a_search_is_cut_at_known_words_and_finds_nothing_for_nonsense(jishou):
    assert wanted("职工门诊统筹起付线 of the Year") == ["门诊统筹", "职工", "起付线", "year"]
    assert searched(entries_on(jishou, DAY), "退休 门诊 提高")[0].key == "outpatient.employee.retired_add_pp"
    assert searched(entries_on(jishou, DAY), "不存在的词") == []


def test_the_days_of_a_value_and_its_history_agree(jishou):
    spans = history(jishou.tables[1], "outpatient.present")
    assert [(span.since, span.until, span.value["zh"]) for span in spans][-2:] == [(20190101, 20221201, "否"), (20221201, 0, "是")]
    before = next(one for one in entries_on(jishou, 20221130) if one.key == "outpatient.employee.present")
    after = next(one for one in entries_on(jishou, 20221201) if one.key == "outpatient.employee.present")
    assert (before.since, before.until, after.since, after.until) == (20190101, 20221201, 20221201, 0)


def test_a_table_by_level_has_the_level_in_its_head_and_not_in_its_rows(jishou):
    inpatient = chapters(entries_on(jishou, DAY))[0]
    part = next(part for part in inpatient.parts if part.scheme == "employee")
    (grid,) = part.grids
    rows = {row.name["zh"]: [cell.value["zh"] if cell else None for cell in row.cells] for row in grid.rows}
    assert rows["住院起付线"] == ["200 元", "500 元", "800 元", "1,100 元", "2,000 元"]
    assert [head["en"] for head in grid.heads][:2] == ["Primary care", "Level 1"] and grid.rows[0].name["en"] == "Inpatient deductible"
    assert grid.clauses and all(one.clause for one in grid.clauses)
