"""A bad policy file: every fault is named with file and line, and none hides the rest."""

import shutil

import pytest

from openyibao.kernel.codes import UNBOUNDED
from openyibao.policybook.book import PolicyError, load_book, policies_root
from openyibao.policybook.check import check_city

GOOD = 'value: 800, trust: illustrative, source: "本项目设定", note: "由 2022 年规定前推"'


@pytest.fixture
def root(tmp_path):
    for name in ("nation", "ankang"):
        shutil.copytree(policies_root() / name, tmp_path / "policies" / name)
    return tmp_path / "policies"


def edit(root, file, old, new, after=""):
    """Replace the first `old` that stands after the text `after`; gives the line number of the change."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    start = text.index(after) if after else 0
    place = text.index(old, start)
    path.write_text(text[:place] + new + text[place + len(old):], encoding="utf-8")
    return text[:place].count("\n") + 1


def errors(root, city="ankang"):
    return [str(problem) for report in check_city(root, city) for problem in report.errors]


L3 = "inpatient.employee.deductible.L3:"
CAP = "inpatient.employee.pool_cap:"

FAULTS = {
    "unknown key": ("inpatient.employee.pool_cap:", "inpatient.employee.pool_lid:", "", "unknown key inpatient.employee.pool_lid"),
    "unknown field": ("name: 三级医院住院起付线", "nam: 三级医院住院起付线", L3, "unknown key nam"),
    "float": ('value: "0.91"', "value: 0.91", "", '浮点 float: 0.91; write the decimal in quotes: "0.91"'),
    "ratio over 1": ('value: "0.91"', 'value: "1.91"', "", "ratio over 1: 1.91"),
    "negative ratio": ('value: "0.91"', 'value: "-0.91"', "", "negative: -0.91"),
    "negative money": ("value: 800", "value: -800", L3, "negative: -800"),
    "too much money": ("value: 800", "value: 900000001", L3, "too large: 900000001; at most 900,000,000 yuan"),
    "a fen too much": ("value: 800", 'value: "900000000.01"', L3, "too large: 900000000.01"),
    "ratio as a word": ('value: "0.91"', 'value: "high"', "", "expected a decimal in quotes"),
    "missing source": (', source: "本项目设定", note: "由 2022 年规定前推"', "", L3, "missing: source"),
    "empty source": ('source: "本项目设定"', 'source: ""', L3, "missing: source"),
    "missing trust": ("trust: illustrative, ", "", L3, "missing: trust"),
    "unknown trust": ("trust: illustrative", "trust: hearsay", L3, "unknown trust mark hearsay"),
    "unknown unit": ("unit: yuan", "unit: dollars", L3, "unknown unit dollars"),
    "other unit": ("unit: yuan", "unit: days", L3, "unit days, but this parameter is in yuan"),
    "duplicate day": ("2022-04-01: {value: 800", "2019-01-01: {value: 800", L3, "重叠 overlap: 2019-01-01 stands twice"),
    "days out of order": ("2022-04-01: {value: 800", "2018-04-01: {value: 800", L3, "重叠 overlap: 2018-04-01 stands after a later day"),
    "no such day": ("2022-04-01: {value: 800", "2022-02-30: {value: 800", L3, "2022-02-30 is not a day"),
    "null": ("value: 800", "value: null", L3, "null (no limit) makes no sense"),
    "choice": ("value: table", "value: ladder", "", "ladder is not one of none, factor, subtract, table"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_file_and_line(root, fault):
    old, new, after, message = FAULTS[fault]
    line = edit(root, "ankang/inpatient.yaml", old, new, after)
    found = errors(root)
    assert any(f"policies/ankang/inpatient.yaml:{line}: " in one and message in one for one in found), found
    with pytest.raises(PolicyError) as raised:
        load_book(root, "ankang")
    assert any(message in str(problem) for problem in raised.value.problems)


def test_many_faults_are_all_reported(root):
    edit(root, "ankang/inpatient.yaml", 'value: "0.91"', "value: 0.91")
    edit(root, "ankang/inpatient.yaml", "value: 800", "value: -800", L3)
    edit(root, "ankang/outpatient.yaml", "trust: compiled", "trust: hearsay")
    (root / "ankang" / "chronic.yaml").write_text("chronic: [unclosed\n", encoding="utf-8")
    found = " ".join(errors(root))
    for message in ("float", "negative", "hearsay", "chronic.yaml:2: not readable as YAML"):
        assert message in found


def test_a_duplicate_key_in_one_file_and_in_two(root):
    text = (root / "ankang" / "inpatient.yaml").read_text(encoding="utf-8")
    leaf = text[text.index(L3):text.index("inpatient.employee.repeat.rule")]
    (root / "ankang" / "inpatient.yaml").write_text(text + "\n" + leaf, encoding="utf-8")
    assert any("重复 duplicate: inpatient.employee.deductible.L3" in one for one in errors(root))
    (root / "ankang" / "inpatient.yaml").write_text(text, encoding="utf-8")
    (root / "ankang" / "ltc2.yaml").write_text(leaf, encoding="utf-8")
    found = errors(root)
    assert any("stands twice, first in policies/ankang/inpatient.yaml" in one for one in found)
    assert any("ltc2.yaml:1: inpatient.employee.deductible.L3 belongs in inpatient.yaml" in one for one in found)


def test_a_gap_in_days_names_file_line_and_day(root):
    line = edit(root, "ankang/inpatient.yaml", "2022-04-01: {value: 120000, trust: compiled,",
                '2022-04-01: {ended: true, trust: compiled, source: "试"}\n    2023-04-01: {value: 120000, trust: compiled,', CAP)
    assert line > 0
    gap = "缺口 gap: inpatient.pool_cap of the employee scheme has no value on 2022-04-01"
    assert any("inpatient.yaml" in one and gap in one for one in errors(root))
    with pytest.raises(PolicyError, match="2022-04-01"):
        load_book(root, "ankang")


def test_two_gaps_are_both_reported(root):
    text = (root / "ankang" / "inpatient.yaml").read_text(encoding="utf-8")
    start, end = text.index("inpatient.employee.deductible.L2:"), text.index("inpatient.employee.repeat.rule")
    cap = text.index(CAP), text.index("# ---- 住院　居民")
    (root / "ankang" / "inpatient.yaml").write_text(text[:start] + text[end:cap[0]] + text[cap[1]:], encoding="utf-8")
    found = " ".join(errors(root))
    for key in ("inpatient.deductible.L2", "inpatient.deductible.L3", "inpatient.pool_cap"):
        assert f"gap: {key} of the employee scheme has no value on 2019-01-01" in found


def test_a_benefit_that_stops_is_a_gap(root):
    path = root / "ankang" / "catastrophic.yaml"
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        lines.append(line)
        if line.startswith("    2020-01-01:"):
            lines.append('    2023-01-01: {ended: true, trust: illustrative, source: "试"}')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert any("居民" in one and "自 2023-01-01 起无版本" in one and "catastrophic.yaml" in one for one in errors(root))


def test_the_national_list_binds_by_the_trust_of_its_own_source(root):
    edit(root, "ankang/two_diseases.yaml", 'value: "0.5"', 'value: "0.4"')
    edit(root, "ankang/medical_aid.yaml", 'value: "0.75"', 'value: "0.65"', "medical_aid.both.minimum_living.ratio")
    report = check_city(root, "ankang")[1]
    recalled = [problem for problem in report.problems if "two_diseases_ratio_min" in problem.message]
    documented = [problem for problem in report.problems if "aid_ratio_min_guaranteed" in problem.message]
    assert [problem.error for problem in recalled] == [False]
    assert [problem.error for problem in documented] == [True]
    assert "50%" in recalled[0].message and "70%" in documented[0].message


def test_levels_catastrophic_and_offsite_limits_are_checked(root):
    edit(root, "ankang/inpatient.yaml", "value: 200", "value: 2000", "inpatient.employee.deductible.L1:")
    edit(root, "ankang/catastrophic.yaml", 'value: "0.6"', 'value: "0.55"', "catastrophic.resident.band1.ratio")
    edit(root, "ankang/offsite.yaml", "value: 15", "value: 25", "offsite.both.self_referred.points")
    edit(root, "ankang/offsite.yaml", "value: 10", "value: 12", "offsite.both.referred.points")
    found = " ".join(str(problem) for problem in check_city(root, "ankang")[1].problems)
    limits = ("catastrophic_ratio_min", "offsite_self_referral_max_points", "offsite_referral_max_points")
    for message in ("低级别机构的起付线应优于", *limits):
        assert message in found


def test_a_disease_outside_the_national_list_is_refused(root):
    edit(root, "ankang/chronic.yaml", "chronic.employee.M03900.quota", "chronic.employee.M99999.quota")
    with pytest.raises(PolicyError, match=r"M99999 is not in the list of chronic diseases"):
        load_book(root, "ankang")


def test_an_unknown_city_reading_or_rule_set_is_refused(root):
    for call in (
        lambda: load_book(root, "atlantis"),
        lambda: load_book(root, "../ankang"),
        lambda: load_book(root, "ankang", readings=["no_such_reading"]),
        lambda: load_book(root, "ankang", rule_sets=[("plague-1666", 16660101, 16670101)]),
        lambda: load_book(root, "ankang", rule_sets=[("covid-2020", 20200601, 20200101)]),
    ):
        with pytest.raises(PolicyError):
            call()


def test_a_ring_of_regions_is_cut(root):
    meta = root / "nation" / "meta.yaml"
    text = meta.read_text(encoding="utf-8").replace("kind: nation", "kind: province")
    meta.write_text(text.replace("extends: null", "extends: ankang"), encoding="utf-8")
    with pytest.raises(PolicyError, match="extends comes back to"):
        load_book(root, "ankang")


def test_a_province_lies_between_nation_and_city(root):
    shutil.copytree(root / "nation", root / "shaanxi", ignore=lambda folder, names: [name for name in names if name != "meta.yaml"])
    (root / "shaanxi" / "meta.yaml").write_text(
        "kind: province\nname: 陕西省\nname_en: Shaanxi\nextends: nation\nopen_questions: []\n", encoding="utf-8")
    (root / "shaanxi" / "civil_servant.yaml").write_text(
        "civil_servant.employee.cap:\n  name: 年度限额\n  name_en: Cap\n  unit: yuan_per_year\n"
        '  values:\n    2020-01-01: {value: 50000, trust: illustrative, source: "试"}\n  confirmed_on: null\n', encoding="utf-8")
    edit(root, "ankang/meta.yaml", "extends: nation", "extends: shaanxi")
    book = load_book(root, "ankang")
    assert book.plan(1, 20191231).civil.cap == UNBOUNDED
    assert book.plan(1, 20200101).civil.cap == 5_000_000
    assert book.sources(1, 20200101)["civil.cap"][0].path == "civil_servant.employee.cap"


def test_garbage_is_answered_with_a_line(root):
    (root / "ankang" / "scope.yaml").write_bytes(bytes(range(256)) * 100)
    found = errors(root)
    assert any(one.startswith("policies/ankang/scope.yaml:") for one in found)


def test_the_good_copy_has_no_errors(root):
    assert GOOD in (root / "ankang" / "inpatient.yaml").read_text(encoding="utf-8")
    assert errors(root) == []
