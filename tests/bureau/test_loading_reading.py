"""Reading tables: each kind of file gives the same rows, every bad row is set aside with a named reason, and no sound row is lost."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from openyibao.bureau.loading import cells
from openyibao.bureau.loading.catalogue import CEILINGS, DRUGS, SELFPAY
from openyibao.bureau.loading.columns import Asked
from openyibao.bureau.loading.insured import PEOPLE, RELATIONS
from openyibao.bureau.loading.parties import INSTITUTIONS
from openyibao.bureau.loading.problems import BadCell, LoadProblem
from openyibao.bureau.loading.sift import REASONS, read_table, refuse_shrunk, write_rejected
from openyibao.kernel.identity import check_sign

ASKED = Asked(date(2025, 6, 30))
HEADER = ["hilist_code", "insu_admdvs", "hilist_lmtpric_type", "overlmt_dspo_way", "hilist_pric_uplmt_amt", "begndate", "enddate"]
ROWS = [
    ["001102000010000", "433101", "3", "1", "18.5", "2024-01-01", "2024-12-31"],
    ["001109000010000", "", "", "1", "0.333333", "2024-01-01", ""],
]


def written(folder: Path, name: str, header: list[str], rows: list[list[str]], encoding: str = "utf-8") -> Path:
    path = folder / name
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def codes_of(path: Path, table, asked: Asked = ASKED) -> list[tuple[int, str, str]]:
    return [(why.line, why.code, why.column) for why in read_table(path, table, asked).rejected]


def check_ceilings(path: Path) -> None:
    sifted = read_table(path, CEILINGS, ASKED)
    assert sifted.rejected == []
    first, second = (row.values for row in sifted.rows)
    assert first["hilist_pric_uplmt_amt"] == 18_500_000
    assert (first["begndate"], first["enddate"]) == (date(2024, 1, 1), date(2025, 1, 1)), "enddate is the last day in force"
    assert second["hilist_pric_uplmt_amt"] == 333_333
    assert second["enddate"] is None and second["insu_admdvs"] == ""
    assert [row.line for row in sifted.rows] == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_each_encoding(tmp_path, encoding):
    chinese = [next(column.zh for column in CEILINGS.columns if column.name == name) for name in HEADER]
    check_ceilings(written(tmp_path, "ceilings.csv", chinese, ROWS, encoding))


def test_tab_separated_text_with_the_word_null(tmp_path):
    path = tmp_path / "ceilings.txt"
    path.write_text("\n".join("\t".join(cell or "null" for cell in row) for row in [HEADER, *ROWS]), encoding="utf-8")
    check_ceilings(path)


def test_a_workbook(tmp_path):
    book = Workbook()
    book.active.append(HEADER)
    book.active.append(["001102000010000", 433101, 3, 1, 18.5, date(2024, 1, 1), date(2024, 12, 31)])
    book.active.append(["001109000010000", None, None, "1", 0.333333, "2024/1/1", None])
    book.save(tmp_path / "ceilings.xlsx")
    check_ceilings(tmp_path / "ceilings.xlsx")


def test_a_parquet_file(tmp_path):
    columns = {name: [row[place] for row in ROWS] for place, name in enumerate(HEADER)}
    columns["hilist_pric_uplmt_amt"] = [Decimal("18.500000"), Decimal("0.333333")]
    columns["begndate"] = [date(2024, 1, 1), date(2024, 1, 1)]
    pq.write_table(pa.table(columns), tmp_path / "ceilings.parquet")
    check_ceilings(tmp_path / "ceilings.parquet")


def test_a_long_number_that_a_spreadsheet_rounded_is_refused(tmp_path):
    book = Workbook()
    book.active.append(HEADER)
    book.active.append([1102000010000123, "433101", "3", "1", 18.5, date(2024, 1, 1), None])
    book.save(tmp_path / "ceilings.xlsx")
    assert codes_of(tmp_path / "ceilings.xlsx", CEILINGS) == [(2, "LOAD-06", "hilist_code")]


def test_every_reason_of_a_bad_row_is_told_and_the_rest_goes_on(tmp_path):
    rows = [
        ROWS[0],
        ["", "433101", "9", "1", "-1", "2024-02-30", ""],                                            # four cells are wrong
        ["001102000010000", "433101", "3", "1", "20", "2024-01-01", ""],                             # repeats line 2
        ["001102000010000", "433101", "3", "1", "20", "2024-02-01", "2023-01-01"],                   # ends before it starts
        ["001102000010000", "433101", "3", "1", "20", "2024-02-01"],                                 # a cell short
        ["医院编码", "4331", "3", "1", "2.1234567", "20240301", ""],
        ROWS[1],
    ]
    path = written(tmp_path, "ceilings.csv", HEADER, rows)
    sifted = read_table(path, CEILINGS, ASKED)
    assert [(why.line, why.code, why.column) for why in sifted.rejected] == [
        (3, "LOAD-05", "hilist_code"), (3, "LOAD-07", "hilist_lmtpric_type"), (3, "LOAD-06", "hilist_pric_uplmt_amt"),
        (3, "LOAD-06", "begndate"),
        (4, "LOAD-11", "hilist_code"), (5, "LOAD-12", "enddate"), (6, "LOAD-04", ""),
        (7, "LOAD-08", "hilist_code"), (7, "LOAD-08", "insu_admdvs"), (7, "LOAD-06", "hilist_pric_uplmt_amt"),
    ]  # fmt: skip
    assert [row.line for row in sifted.rows] == [2, 8]
    assert sifted.total == 7
    assert all(why.zh and why.en for why in sifted.rejected)


def test_rejected_rows_can_be_corrected_and_loaded_again(tmp_path):
    path = written(tmp_path, "ceilings.csv", HEADER, [["001102000010000", "433101", "3", "1", "x", "2024-01-01", ""], ROWS[1]])
    report = tmp_path / "ceilings.rejects.csv"
    write_rejected(report, path, read_table(path, CEILINGS, ASKED).rejected)
    assert report.stat().st_mode & 0o777 == 0o600
    text = report.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == ",".join([*REASONS, *HEADER])
    assert text.count("001102000010000") == 1 and "001109000010000" not in text
    report.write_text(text.replace(",x,", ",25.00,"), encoding="utf-8-sig")
    again = read_table(report, CEILINGS, ASKED)
    assert [row.values["hilist_pric_uplmt_amt"] for row in again.rows] == [25_000_000]
    assert again.ignored == REASONS


@pytest.mark.parametrize(("name", "content", "code"), [
    ("a.csv", b"", "LOAD-02"),
    ("a.csv", b"hilist_code,begndate\n", "LOAD-02"),
    ("a.csv", ",".join([*HEADER, "开始日期"]).encode(), "LOAD-02"),
    ("a.csv", "编码".encode("utf-16"), "LOAD-01"),
    ("a.csv", b"hilist_code\xff\xff\n", "LOAD-01"),
    ("a.csv", b'hilist_code,"begndate\n1,2\n', "LOAD-01"),
    ("a.xlsx", b"no workbook", "LOAD-01"),
    ("a.parquet", b"no parquet", "LOAD-01"),
    ("a.doc", b"anything", "LOAD-01"),
])  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_as_a_whole(tmp_path, name, content, code):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LoadProblem) as refused:
        read_table(tmp_path / name, CEILINGS, ASKED)
    assert refused.value.code == code and refused.value.zh


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(LoadProblem, match="LOAD-01"):
        read_table(tmp_path / "none.csv", CEILINGS, ASKED)


def test_a_version_that_shrinks_by_more_than_two_per_cent_is_refused():
    refuse_shrunk(DRUGS, 0, 0)
    refuse_shrunk(DRUGS, 1000, 980)
    with pytest.raises(LoadProblem, match="LOAD-03"):
        refuse_shrunk(DRUGS, 1000, 979)


PERSON_HEADER = ["psn_no", "psn_cert_type", "certno", "psn_name", "gend", "brdy", "admdvs", "died_on"]
FIRST = "43310119840312011"
GOOD = FIRST + check_sign(FIRST)


@pytest.mark.parametrize(("certno", "gend", "brdy", "died", "expected"), [
    (GOOD, "1", "1984-03-12", "", []),
    (GOOD.lower(), "1", "19840312", "", []),
    ("433101840312011", "1", "1984-03-12", "", []),
    (GOOD, "2", "1984-03-12", "", [("LOAD-09", "certno")]),
    (GOOD, "1", "1984-03-13", "", [("LOAD-09", "certno")]),
    (FIRST + ("0" if GOOD[-1] != "0" else "1"), "1", "1984-03-12", "", [("LOAD-09", "certno")]),
    (GOOD, "1", "1984-03-12", "1984-03-11", [("LOAD-12", "died_on")]),
    (GOOD, "1", "1984-03-12", "2025-07-01", [("LOAD-12", "died_on")]),
])  # fmt: skip
def test_persons_are_checked_against_their_number(tmp_path, certno, gend, brdy, died, expected):
    row = ["43310100000000000000000001", "1", certno, "某某", gend, brdy, "433101", died]
    path = written(tmp_path, "people.csv", PERSON_HEADER, [row])
    assert [(code, column) for _, code, column in codes_of(path, PEOPLE)] == expected


def test_another_certificate_is_not_taken_for_an_identity_number(tmp_path):
    row = ["43310100000000000000000018", "990201", "S990100018", "某某", "1", "2025-06-01", "433101", ""]
    assert codes_of(written(tmp_path, "people.csv", PERSON_HEADER, [row]), PEOPLE) == []


def test_training_numbers_need_to_be_asked_for(tmp_path):
    row = ["43310100000000000000000001", "01", "99010119840312011X", "某某", "1", "1984-03-12", "433101", ""]
    path = written(tmp_path, "people.csv", PERSON_HEADER, [row])
    assert codes_of(path, PEOPLE) == [(2, "LOAD-09", "certno")]
    assert codes_of(path, PEOPLE, Asked(ASKED.day, training=True)) == []


def test_a_pharmacy_is_no_hospital_and_a_hospital_has_a_level(tmp_path):
    header = ["fixmedins_code", "fixmedins_name", "fixmedins_type", "hosp_lv", "uscc", "admdvs"]
    rows = [
        ["H43310199001", "甲", "1", "2", "", "433101"], ["P43310199001", "乙", "2", "", "", "433101"],
        ["H43310199002", "丙", "2", "", "", "433101"], ["H43310199003", "丁", "1", "", "", "433101"],
        ["H43310199004", "戊", "1", "2", "91420100MA4K00000R", "433101"],
    ]  # fmt: skip
    sifted = read_table(written(tmp_path, "institutions.csv", header, rows), INSTITUTIONS, ASKED)
    assert [row.values["hosp_lv"] for row in sifted.rows] == ["02", ""], "a zero that a spreadsheet dropped is put back"
    assert [(why.line, why.code) for why in sifted.rejected] == [(4, "LOAD-12"), (5, "LOAD-05"), (6, "LOAD-10")]


def test_shares_and_months(tmp_path):
    header = ["hilist_code", "selfpay_prop", "begndate"]
    shares = [["001102000010000", share, f"2024-01-{day:02d}"] for day, share in enumerate(("0.1", "10%", "1", "10"), 1)]
    sifted = read_table(written(tmp_path, "selfpay.csv", header, shares), SELFPAY, ASKED)
    assert [row.values["selfpay_prop"] for row in sifted.rows] == [1000, 1000, 10_000]
    assert [(why.line, why.code) for why in sifted.rejected] == [(5, "LOAD-06")]
    relation = ["psn_no", "insutype", "admdvs", "psn_type", "starts", "paid_through"]
    months = ("202512", "202500", "202513")
    rows = [["43310100000000000000000001", "310", "433101", "1101", f"2024-01-{day:02d}", month] for day, month in enumerate(months, 1)]
    sifted = read_table(written(tmp_path, "relations.csv", relation, rows), RELATIONS, ASKED)
    assert [row.values["paid_through"] for row in sifted.rows] == [202512, 202500] and len(sifted.rejected) == 1


@given(st.integers(0, 10**12))
def test_money_written_and_read_is_the_same(fen):
    assert cells.money(f"{fen // 100}.{fen % 100:02d}") == fen


@given(st.dates(max_value=date(9999, 12, 30)))
def test_a_day_is_read_in_every_writing(day):
    written_as = (f"{day.year:04d}-{day.month:02d}-{day.day:02d}", f"{day.year:04d}{day.month:02d}{day.day:02d}",
                  f"{day.year:04d}/{day.month}/{day.day}", f"{day.year:04d}年{day.month}月{day.day}日")
    assert {cells.day(text) for text in written_as} == {day}
    assert (cells.last_day(written_as[0]) - day).days == 1


@given(st.text(max_size=30))
def test_whatever_a_cell_holds_is_read_or_refused(text):
    for read in (cells.money, cells.price, cells.share, cells.day, cells.last_day, cells.month, cells.flag, cells.item_class, cells.text):
        if text.strip():
            try:
                read(text.strip())
            except BadCell as bad:
                assert bad.zh and bad.en
