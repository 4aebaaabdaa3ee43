"""The workbook: every sheet in both languages, sums that are sums, the same bytes again."""

import pytest
from openpyxl import load_workbook

from openyibao.warehouse.report.workbook import write_workbook
from warehouse.report.made_outcome import made_outcome


@pytest.fixture(scope="module")
def outcome():
    return made_outcome()


@pytest.fixture(scope="module")
def books(outcome, tmp_path_factory):
    folder = tmp_path_factory.mktemp("books")
    return {lang: opened(outcome, folder / f"{lang}.xlsx", lang) for lang in ("zh", "en")}


def opened(outcome, path, lang="zh", values=True):
    write_workbook(outcome, path, lang)
    return load_workbook(path, data_only=values)


def rows_of(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def fen(yuan):
    return round(yuan * 100)


def test_the_same_outcome_gives_the_same_bytes(outcome, tmp_path):
    for name in ("one.xlsx", "two.xlsx"):
        write_workbook(outcome, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_payers_sum_to_the_fees_and_the_sums_are_formulas(outcome, books, tmp_path):
    last = rows_of(books["zh"]["谁来付"])[-1]
    fees = outcome.totals.total
    assert [fen(value) for value in last[2:]] == [fees.before, fees.after, 0]
    formulas = rows_of(opened(outcome, tmp_path / "b.xlsx", values=False)["谁来付"])
    assert formulas[-1][2] == f"=SUM(C2:C{len(formulas) - 1})" and formulas[1][4] == "=D2-C2"


def test_parts_sum_to_the_whole(outcome, books):
    for place, whole in enumerate(outcome.attribution.whole):
        assert [fen(value) for value in rows_of(books["en"][f"Attribution {place + 1}"])[-1][1:]] == [whole, whole]


def test_groups_are_all_there_in_yuan(outcome, books):
    rows = rows_of(books["zh"]["分组"])[1:]
    expected = [row for dimension in outcome.dimensions for row in dimension.rows]
    assert len(rows) == len(expected)
    for row, one in zip(rows, expected, strict=True):
        assert row[1] == one.words.zh and row[3:8] == [one.persons, one.bills, one.gain, one.lose, one.same]
        sides = ((one.person_before, one.person_after), (one.fund_before, one.fund_after), (one.credit_before, one.credit_after))
        money = [one.gained, one.lost, *(amount for before, after in sides for amount in (before, after, after - before))]
        assert [fen(value) for value in row[8:]] == money


def test_cases_come_with_their_steps(outcome, books):
    book = books["zh"]
    assert len(rows_of(book["个案"])) == 1 + len(outcome.hardest_bills) + len(outcome.hardest_years)
    steps = [row for row in rows_of(book["个案步骤"])[1:] if row[1] == 1 and row[0] == "这张单据"]
    assert [row[3] for row in steps] == ["可报金额", "实付起付线", "封顶后余额", "支付比例", "基本统筹支付"]
    assert steps[2][4:8] == [None, None, "max(1000.00 - 350.00, 0)", 650]
    assert steps[3][5:9] == [80, "50%", 50, "%"]


def test_every_sheet_speaks_one_language_and_keeps_its_heading(books):
    chinese, english = books["zh"], books["en"]
    assert len(chinese.sheetnames) == len(english.sheetnames) == 17
    for sheet in english.worksheets:
        assert sheet.freeze_panes == "B2"
        heads = [cell.value for cell in sheet[1]]
        assert all(head and head.isascii() for head in heads), heads
    assert all(any("一" <= letter <= "鿿" for letter in str(cell.value)) for sheet in chinese.worksheets for cell in sheet[1])


def test_what_was_not_asked_for_has_no_sheet(tmp_path):
    assert "行为反应" not in opened(made_outcome(behaviour=False), tmp_path / "a.xlsx").sheetnames
