"""Policies in words, and the commands check, show and diff."""

import shutil

import pytest
from typer.testing import CliRunner

from openyibao.cli.policy import app
from openyibao.policybook.book import NoPolicies, cities, load_book, policies_root
from openyibao.policybook.check import check_city
from openyibao.policybook.differ import View, differences
from openyibao.policybook.words import percent, value_words

ROOT = policies_root()
RUN = CliRunner()


@pytest.mark.parametrize(("decimal", "words"), [
    ("0.91", "91"), ("0.936", "93.6"), ("1", "100"), ("0", "0"), ("0.5", "50"), ("0.0005", "0.05"),
])
def test_percent(decimal, words):
    assert percent(decimal) == words


def test_values_in_words():
    assert value_words(800, "yuan", "inpatient.employee.deductible.L3", "zh") == "800 元"
    assert value_words(120000, "yuan_per_year", "inpatient.pool_cap", "en") == "120,000 yuan a year"
    assert value_words(None, "yuan_per_year", "inpatient.pool_cap", "zh") == "不设限"
    assert value_words(None, "yuan", "chronic.employee.M00500.quota", "zh") == "无单独定额"
    assert value_words(10, "points", "x", "zh") == "10 个百分点"
    assert value_words(True, "yes_no", "x", "zh") == "是"
    assert value_words("self_pay_first", "choice", "scope.both.order", "zh") != value_words("self_pay_first", "choice", "offsite.x", "zh")


def test_differences_are_sentences_and_equal_ones_are_counted():
    one, other = (View(load_book(ROOT, city), 20240601, name) for city, name in (("ankang", "安康"), ("jingzhou", "荆州")))
    found, equal = differences(one, other, "zh")
    said = [difference.sentence for difference in found]
    assert "三级医院住院起付线：安康 800 元，荆州 1,200 元，高 400 元" in said
    assert "三级医院住院在职支付比例：安康 91%，荆州 82%，低 9 个百分点" in said
    assert equal > 300
    assert not any("2,000 元，荆州 2,000" in sentence for sentence in said)


def test_differences_in_english_and_none_with_itself():
    book = load_book(ROOT, "ankang")
    found, equal = differences(View(book, 20240601, "Ankang"), View(book, 20240601, "Ankang"), "en")
    assert found == [] and equal > 400
    found, _ = differences(View(book, 20220331, "before"), View(book, 20220401, "after"), "en")
    assert "Yearly cap of the pooled fund: before 60,000 yuan a year, after 120,000 yuan a year, 60,000 yuan a year higher" in [
        difference.sentence for difference in found]


def test_check_says_what_it_found_and_counts():
    result = RUN.invoke(app, ["check"])
    assert result.exit_code == 0, result.output
    assert "1207" in result.output and "武汉市" in result.output and "大额一层不支付" in result.output
    english = RUN.invoke(app, ["check", "wuhan", "--lang", "en"])
    assert "up to 27.6 points off" in english.output


def test_check_ends_with_one_on_errors(tmp_path, monkeypatch):
    shutil.copytree(ROOT, tmp_path / "policies")
    path = tmp_path / "policies" / "yuxi" / "inpatient.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('value: "0.91"', "value: 0.91", 1), encoding="utf-8")
    monkeypatch.setenv("OPENYIBAO_POLICIES", str(tmp_path / "policies"))
    result = RUN.invoke(app, ["check"])
    assert result.exit_code == 1
    assert "policies/yuxi/inpatient.yaml:" in result.output and "float" in result.output
    assert RUN.invoke(app, ["check", "ankang"]).exit_code == 0
    assert RUN.invoke(app, ["show", "yuxi", "--on", "2024-01-01"]).exit_code == 1


def test_show_has_value_clause_and_mark():
    result = RUN.invoke(app, ["show", "ankang", "--on", "2023-05-10", "--subject", "inpatient", "--scheme", "employee"])
    assert result.exit_code == 0, result.output
    for words in ("三级医院住院起付线", "800 元", "2022-04-01", "安医保发〔2022〕12号", "转引，未核", "未经核对"):
        assert words in result.output
    assert "居民" not in result.output


def test_show_and_diff_take_overlays_days_and_readings():
    overlay = str(ROOT / "wuhan" / "alternatives" / "outpatient-2024.yaml")
    result = RUN.invoke(app, ["diff", "wuhan", overlay, "--on", "2024-06-01"])
    assert result.exit_code == 0, result.output
    assert "在职人员门诊起付线：武汉 700 元，武汉（武汉 2024 年普通门诊的另一读法） 0 元，低 700 元" in result.output
    result = RUN.invoke(app, ["diff", "ankang@2022-03-31", "ankang@2022-04-01"])
    assert "安康 2022-03-31 60,000 元/年" in result.output
    assert RUN.invoke(app, ["show", f"wuhan+{overlay}", "--on", "2024-06-01", "--subject", "outpatient"]).exit_code == 0


DRAFT = """overlay: {name: 试, city: wuhan}
special.both.cross_year.rule:
  name: 跨年住院
  name_en: Stays over the new year
  unit: choice
  values:
    2024-01-01: {value: split_at_31_december, trust: illustrative, source: "试"}
  confirmed_on: null
chronic.both.carry_over:
  name: 定额结转
  name_en: Carry over
  unit: yes_no
  values:
    2024-01-01: {value: true, trust: illustrative, source: "试"}
  confirmed_on: null
"""


@pytest.mark.parametrize("arguments", [
    ["check"],
    ["show", "ankang", "--on", "2023-02-03"],
    ["diff", "ankang@2023-02-03", "wuhan@2023-02-03"],
])
def test_a_missing_or_empty_policies_folder_is_named(arguments, tmp_path, monkeypatch):
    for folder in (tmp_path / "nowhere", tmp_path):
        monkeypatch.setenv("OPENYIBAO_POLICIES", str(folder))
        result = RUN.invoke(app, arguments)
        assert result.exit_code == 2, result.output
        assert f"{folder}: " in result.output.replace("\n", "")
        for call in (lambda folder=folder: cities(folder), lambda folder=folder: load_book(folder, "ankang")):
            with pytest.raises(NoPolicies):
                call()


@pytest.mark.parametrize("days", [("ankang@2021-06-01", "ankang@2023-06-01"), ("wuhan@2023-01-31", "wuhan@2023-02-01")])
def test_a_figure_of_the_other_scheme_is_not_told(days):
    result = RUN.invoke(app, ["diff", *days, "--subject", "outpatient"])
    (line,) = [line for line in result.output.splitlines() if "在职人员门诊统筹年度限额" in line]
    assert "未载" in line and "未列，按" not in line


def test_show_before_the_first_version_says_when_it_begins():
    result = RUN.invoke(app, ["show", "ankang", "--on", "1999-06-01"])
    assert result.exit_code == 0
    assert "职工：1999-06-01 没有生效的版本，最早的版本自 2019-01-01 起" in result.output
    english = RUN.invoke(app, ["show", "ankang", "--on", "1999-06-01", "--scheme", "resident", "--lang", "en"])
    assert "residents: no version is in force on 1999-06-01; the first begins on 2019-01-01." in english.output
    assert "employees:" not in english.output


def test_show_marks_what_no_bill_depends_on():
    result = RUN.invoke(app, ["show", "wuhan", "--on", "2024-06-01", "--subject", "ltc"])
    assert "结算不读取" in result.output
    result = RUN.invoke(app, ["show", "wuhan", "--on", "2024-06-01", "--subject", "scope"])
    assert result.exit_code == 0 and "结算不读取" not in result.output


def test_an_overlay_is_counted_by_itself_and_choices_not_acted_on_are_told(tmp_path):
    draft = tmp_path / "draft.yaml"
    draft.write_text(DRAFT, encoding="utf-8")
    alone, laid = check_city(ROOT, "wuhan"), check_city(ROOT, "wuhan", [draft])
    assert [report.leaves for report in laid] == [*(report.leaves for report in alone), 2]
    assert [report.entries for report in laid[:2]] == [report.entries for report in alone]
    told = [sentence for sentence in laid[1].cautions if "尚未实现" in sentence and "not acted on yet" in sentence]
    assert len(told) == 2 and not any("尚未实现" in sentence for sentence in alone[1].cautions)
    assert "尚未实现" in RUN.invoke(app, ["check", "wuhan", "--overlay", str(draft)]).output


@pytest.mark.parametrize("arguments", [
    ["check", "atlantis"],
    ["show", "ankang", "--on", "2023-02-30"],
    ["show", "ankang", "--on", "2023-02-03", "--subject", "cake"],
    ["show", "ankang", "--on", "2023-02-03", "--lang", "fr"],
    ["diff", "ankang", "wuhan"],
    ["diff", "ankang", "no-such-file.yaml", "--on", "2024-01-01"],
])
def test_a_wrong_word_is_refused_with_exit_code_two(arguments):
    assert RUN.invoke(app, arguments).exit_code == 2
