"""A draft of the desk is the file that a simulation takes, and a file is a draft: round, unit by unit, with every refusal in words."""

from pathlib import Path

import pytest

from openyibao.bureau.policymaking.drafted import changes_in, changes_of, kept, region_of, text_of
from openyibao.bureau.policymaking.inputs import Wrong, asked_of, value_of
from openyibao.policybook.tree import read_overlay
from openyibao.warehouse.simulate.reform import Reform, material_of

EXAMPLES = sorted((Path(__file__).parents[3] / "examples" / "drafts").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_draft_comes_back_as_it_was(path, tmp_path):
    region = read_overlay(path)
    changes = changes_in(region)
    text = text_of(region.extends, region.name, region.name_en, changes_of(kept(changes)))
    again = region_of(text, "draft")
    assert not again.problems and (again.name, again.name_en, again.extends) == (region.name, region.name_en, region.extends)
    assert changes_in(again) == changes and changes
    written = tmp_path / "draft.yaml"
    written.write_text(text, encoding="utf-8")
    found = material_of(Reform(region.extends or "jishou", (written,)), Path(__file__).parents[3] / "policies")
    assert found.drafts[0].name == region.name


@pytest.mark.parametrize(("key", "typed", "value"), [
    ("outpatient.employee.ratio.active.L3", "60", "0.6"),
    ("outpatient.employee.ratio.active.L3", "62.55 %", "0.6255"),
    ("outpatient.employee.ratio.active.L3", "100", "1"),
    ("outpatient.employee.ratio.active.L3", "0", "0"),
    ("inpatient.employee.deductible.L3", "1,200", 1200),
    ("inpatient.employee.deductible.L3", "1200.50", "1200.5"),
    ("inpatient.both.retired_deductible_delta", "-100", -100),
    ("inpatient.employee.pool_cap", "不设限", None),
    ("inpatient.employee.pool_cap", "No limit", None),
    ("outpatient.employee.present", "是", True),
    ("outpatient.employee.deductible_basis", "per_visit", "per_visit"),
    ("catastrophic.resident.tilt.categories", "特困、低保", ("特困", "低保")),
    ("two_diseases.resident.cap.both_factor", "1.5", "1.5"),
    ("inpatient.employee.retired_add_pp", "3", 3),
])  # fmt: skip
def test_what_is_typed_becomes_what_the_file_prints_and_is_shown_again_alike(key, typed, value):
    assert value_of(key, typed) == value
    assert value_of(key, asked_of(key, value).typed) == value


@pytest.mark.parametrize(("key", "typed", "why"), [
    ("outpatient.employee.ratio.active.L3", "120", "100%"),
    ("outpatient.employee.ratio.active.L3", "100.01", "100%"),
    ("outpatient.employee.ratio.active.L3", "-1", "负"),
    ("outpatient.employee.ratio.active.L3", "60.123", "小数"),
    ("outpatient.employee.ratio.active.L3", "六十", "不是数字"),
    ("outpatient.employee.ratio.active.L3", "", "新值"),
    ("inpatient.employee.deductible.L3", "1.005", "小数"),
    ("inpatient.employee.deductible.L3", "900000001", "精确"),
    ("inpatient.employee.deductible.L3", "不设限", "不设限"),
    ("inpatient.employee.retired_add_pp", "2.5", "整数"),
    ("outpatient.employee.deductible_basis", "每次", "选项"),
    ("catastrophic.resident.tilt.categories", "富人", "富人"),
])  # fmt: skip
def test_what_cannot_be_taken_is_said_in_both_languages(key, typed, why):
    with pytest.raises(Wrong) as refused:
        value_of(key, typed)
    assert why in refused.value.zh and refused.value.en


def test_words_that_yaml_would_read_otherwise_stay_words():
    (change,) = changes_in(region_of(text_of("jishou", '引号"：冒号', "no: yes", changes_of([{
        "key": "special.both.third_party.self_declared", "name": "a: b", "name_en": "#1", "unit": "text", "since": 20270101,
        "value": "是: 否 # 不", "source": '文件"一"', "trust": "doc", "note": "{x}", "ended": False,
    }])), "draft"))  # fmt: skip
    assert (change.value, change.source, change.note, change.name) == ("是: 否 # 不", '文件"一"', "{x}", "a: b")
