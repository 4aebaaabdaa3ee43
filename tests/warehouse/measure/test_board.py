"""The board: every indicator of a plan stands somewhere, judged against its own baseline and target, in both languages."""

import csv

import openpyxl
import pytest

from openyibao.kernel.indicators import judging
from openyibao.kernel.indicators.judging import Target
from openyibao.kernel.indicators.value import Value
from openyibao.warehouse.measure.board import Standing, board, has_line, standing
from openyibao.warehouse.measure.export import ExportProblem, write_csv, write_rows, write_workbook
from openyibao.warehouse.measure.measuring import Survey
from openyibao.warehouse.measure.period import Period
from openyibao.warehouse.measure.plantable import plan_of
from openyibao.warehouse.measure.shown import HEADS, board_records, item_of, sheet_records
from openyibao.warehouse.measure.wording import named, target_of

WHOLE = Period(2023, 1, 12)


@pytest.fixture(scope="module")
def standings(survey: Survey) -> list[Standing]:
    return list(board(survey, plan_of("yuxi"), WHOLE))


def by_id(standings: list[Standing], name: str) -> Standing:
    return next(one for one in standings if one.indicator.id == name)


def test_every_indicator_stands_somewhere(standings: list[Standing]):
    assert [one.indicator.id for one in standings] == [one.id for one in plan_of("yuxi").indicators]
    for one in standings:
        assert (one.judged.verdict == judging.WAITING) == bool(one.indicator.quantity.feed)
        assert one.answer.value is not None or one.answer.why is not None


def test_a_quantity_asked_for_twice_is_counted_once(survey: Survey):
    found = {one.indicator.id: one for one in board(survey, plan_of("jingzhou"), WHOLE)}
    assert found["JZ-06"].answer is found["JZ-T01"].answer


def test_yx_07_at_61_is_above_its_floor_and_below_its_baseline(standings: list[Standing]):
    one = by_id(standings, "YX-07")
    now = standing(one.indicator, one.answer._replace(value=Value(61, 100)))
    assert now.judged.verdict == judging.BELOW_BASELINE
    assert now.pace is None     # a floor below the baseline is no aim to fall to


def test_a_value_on_the_way_has_its_path(standings: list[Standing]):
    one = by_id(standings, "YX-14")     # 64 % in 2020, at least 70 % in 2025
    now = standing(one.indicator, one.answer._replace(value=Value(66, 100)))
    assert now.judged.verdict == judging.SHORT
    assert (now.pace.path, now.pace.deviation, now.pace.forecast) == (6760, -160, 6733)


@pytest.mark.parametrize(("target", "lower", "line"), [
    (Target(">=", 8000), False, True), (Target(">=", 7000), False, False),
    (Target(">", 6000), True, True), (Target(">", 8000), True, False),
    (Target("about", 7100), False, True), (Target("hold", None), False, True), (Target("increase", None), False, False),
    (Target("adapt", None), False, False), (Target("range", 600, 900), False, False), (Target("done", 100), False, False),
])  # fmt: skip
def test_where_a_path_makes_sense(target, lower, line):
    assert has_line(target, 7000, lower) is line


@pytest.mark.parametrize(("lang", "place"), [("zh", 0), ("en", 1)])
def test_records_speak_the_language(standings: list[Standing], lang, place):
    records = board_records(standings, lang)
    assert len(records) == len(standings)
    assert set(records[0]) <= {words[place] for words in HEADS.values()}
    assert all(set(record) == set(records[0]) for record in records)
    waiting = [record for record in records if record[HEADS["feed"][place]]]
    assert len(waiting) == sum(bool(one.indicator.quantity.feed) for one in standings)
    assert "—" not in {record[HEADS["target"][place]] for record in records}


def test_targets_without_a_printed_figure_are_said(standings: list[Standing]):
    assert target_of(by_id(standings, "YX-02").indicator, "zh") == "适应经济社会发展 (2025)"
    assert target_of(by_id(standings, "YX-14").indicator, "en").endswith("(2025)")


@pytest.mark.parametrize(("column", "code", "zh", "en"), [("kind", 5, "住院", "inpatient"), ("level", 0, "村卫生室", "PV"),
                                                          ("town", 3, "3", "3"), ("kind", 99, "99", "99")])
def test_codes_in_words(column, code, zh, en):
    assert (named(column, code, "zh"), named(column, code, "en")) == (zh, en)


@pytest.mark.parametrize(("item", "zh", "en"), [("kind:1", "普通门诊", "outpatient"), ("insurer", "大病保险保费", "major-illness premium"),
                                                ("balance", "期末累计（元）", "balance at the end")])
def test_items_in_words(item, zh, en):
    assert (item_of(item, "zh"), item_of(item, "en")) == (zh, en)


def test_files_hold_what_the_board_holds(survey: Survey, standings: list[Standing], tmp_path):
    records = board_records(standings, "en")
    write_csv(tmp_path / "board.csv", records)
    with (tmp_path / "board.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [record["id"] for record in records]
    sheets = {"indicators": records, "funds": sheet_records(survey.books(202312), survey.city, 202301, 202312, "en"), "none": []}
    write_workbook(tmp_path / "board.xlsx", sheets)
    book = openpyxl.load_workbook(tmp_path / "board.xlsx")
    assert book.sheetnames == ["indicators", "funds", "none"]
    head, *rows = book["indicators"].iter_rows(values_only=True)
    assert [dict(zip(head, row, strict=True))["numerator"] for row in rows] == [record["numerator"] for record in records]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["board.csv", "board.xlsx"]


def test_rows_go_to_csv_or_parquet_and_nowhere_else(survey: Survey, standings: list[Standing], tmp_path):
    answer = by_id(standings, "YX-04").answer
    for ending in (".csv", ".parquet"):
        assert write_rows(tmp_path / f"rows{ending}", survey.rows(answer.quantity, WHOLE)) == answer.rows
    with pytest.raises(ExportProblem, match="rows are written as"):
        write_rows(tmp_path / "rows.txt", survey.rows(answer.quantity, WHOLE))
