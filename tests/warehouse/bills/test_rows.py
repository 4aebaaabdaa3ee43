"""Files that are not what they should be: every bad row is set aside with its place and reason, and the rest is read."""

import json
import tracemalloc
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from openyibao.warehouse.bills.columns import BILL
from openyibao.warehouse.bills.problems import FileProblem
from openyibao.warehouse.bills.reading import read_bills
from openyibao.warehouse.bills.rows import LONGEST, rows

GOOD = {
    "bill_id": "A", "psn_no": "P", "insutype": "310", "kind": "inpatient", "level": "L3", "begndate": "2023-05-01", "enddate": "2023-05-10",
    "medfee_sumamt": "1000.00", "inscp_scp_amt": "900.00",
}  # fmt: skip


def line(number: str, **changes: object) -> bytes:
    return json.dumps({**GOOD, "bill_id": number, **changes}, ensure_ascii=False).encode()


def reasons(path: Path) -> dict[int, str]:
    return {one.line: one.problem.code for one in read_bills(path).rejected}


def test_garbage_between_good_rows_costs_only_its_own_lines(tmp_path: Path) -> None:
    path = tmp_path / "bills.jsonl"
    path.write_bytes(b"\n".join([
        line("first"),
        b"\xff\xfe\x00\x01 binary \x80",
        b'{"bill_id": "x", ',
        b"[1, 2, 3]",
        b'{"bill_id": NaN}',
        b"[" * 50_000,
        b"",
        b'{"bill_id": "twice", "bill_id": "twice"}',
        line("last"),
    ]))
    file = read_bills(path)
    assert [bill.number for bill in file.bills] == ["first", "last"]
    assert {one.line: one.problem.code for one in file.rejected} == dict.fromkeys((2, 3, 4, 5, 6, 8), "BILL-01")


def test_a_line_of_ten_megabytes_is_skipped_without_being_kept_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "bills.jsonl"
    path.write_bytes(line("first") + b"\n" + b"x" * 10_000_000 + b"\n" + line("last") + b"\n")
    tracemalloc.start()
    file = read_bills(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [bill.number for bill in file.bills] == ["first", "last"]
    assert [(one.line, one.problem.code) for one in file.rejected] == [(2, "BILL-02")]
    assert peak < 4 * LONGEST


def test_a_last_line_that_never_ends_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "bills.jsonl"
    path.write_bytes(line("first") + b"\n" + b"y" * (LONGEST + 10))
    assert reasons(path) == {2: "BILL-02"}


@pytest.mark.parametrize("name", ["bills.jsonl", "bills.csv", "bills.parquet", "bills"])
def test_an_empty_file_says_so(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"")
    with pytest.raises(FileProblem, match="empty"):
        read_bills(path)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="no file"):
        read_bills(tmp_path / "none.jsonl")


def test_a_csv_header_with_a_misspelt_column_names_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "bills.csv"
    path.write_text("bill_id,psn_no,medfee_sumant\nA,P,1\n", encoding="utf-8")
    with pytest.raises(FileProblem, match="medfee_sumamt"):
        read_bills(path)


def test_a_csv_header_that_repeats_a_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bills.csv"
    path.write_text("bill_id,bill_id\nA,P\n", encoding="utf-8")
    with pytest.raises(FileProblem, match="repeats"):
        read_bills(path)


def test_csv_rows_with_wrong_cells_encoding_or_quotes_are_set_aside(tmp_path: Path) -> None:
    header = ",".join(GOOD)
    good = ",".join(str(value) for value in GOOD.values())
    path = tmp_path / "bills.csv"
    path.write_bytes("\n".join([
        "\ufeff" + header, good, "only,three,cells", good.replace("A,", 'B"open,"', 1), good.replace("A,", '"C,', 1),
        good.replace("A,", "D,", 1),
    ]).encode() + b"\n" + "编号".encode("gb18030") + good.encode() + b"\n" + good.replace("A,", "E,", 1).encode() + b"\r\n")
    file = read_bills(path)
    assert [bill.number for bill in file.bills] == ["A", "D", "E"]
    assert {one.line: one.problem.code for one in file.rejected} == {3: "BILL-01", 4: "BILL-01", 5: "BILL-01", 7: "BILL-01"}


def test_csv_cells_may_hold_line_breaks_and_json(tmp_path: Path) -> None:
    path = tmp_path / "bills.csv"
    path.write_text(
        'bill_id,psn_no,insutype,kind,level,enddate,memo,feedetail\n'
        'A,P,310,outpatient,L1,2023-05-10,"two\nlines","[{""cnt"": 2, ""pric"": ""1.5"", ""chrgitm_lv"": ""01""}]"\n'
        'B,P,310,outpatient,L1,2023-05-11,,"[{broken"\n',
        encoding="utf-8",
    )
    file = read_bills(path)
    assert [bill.number for bill in file.bills] == ["A"]
    assert file.bills[0].charges is not None and file.bills[0].charges.lines[0].quantity == 20_000
    assert [(one.line, one.problem.code) for one in file.rejected] == [(4, "BILL-01")]


def test_a_parquet_file_that_is_none_says_so(tmp_path: Path) -> None:
    path = tmp_path / "bills.parquet"
    path.write_bytes(b"PAR1 not really")
    with pytest.raises(FileProblem, match="Parquet"):
        list(rows(path, BILL))


def test_parquet_takes_text_decimals_dates_and_nested_lines(tmp_path: Path) -> None:
    path = tmp_path / "bills.parquet"
    table = pyarrow.table({
        "bill_id": ["A", "B"],
        "psn_no": ["P", "P"],
        "insutype": ["310", "310"],
        "kind": ["outpatient", "outpatient"],
        "level": ["L1", "L1"],
        "enddate": pyarrow.array([19_500, 19_501], pyarrow.date32()),
        "medfee_sumamt": pyarrow.array(["12.30", None]).cast(pyarrow.decimal128(16, 2)),
        "inscp_scp_amt": [12.3, None],
        "feedetail": [None, [{"cnt": "1", "pric": "5", "chrgitm_lv": "01"}]],
    })
    pyarrow.parquet.write_table(table, path)
    first, second = read_bills(path).bills
    assert first.day == 20230523 and dict(first.sums) == {"total": 1230, "within": 1230}
    assert second.charges is not None


def test_the_second_bill_with_a_number_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "bills.jsonl"
    path.write_bytes(line("A") + b"\n" + line("B") + b"\n" + line("A") + b"\n")
    file = read_bills(path)
    assert [bill.number for bill in file.bills] == ["A", "B"]
    assert file.rejected[0].problem.code == "BILL-09" and "line 1" in file.rejected[0].problem.en


def test_bills_out_of_order_take_their_own_places_in_order_of_day(tmp_path: Path) -> None:
    path = tmp_path / "bills.jsonl"
    days = {"a": ("P", 9), "b": ("Q", 1), "c": ("P", 3), "d": ("P", 3), "e": ("Q", 2)}
    path.write_bytes(b"\n".join(line(number, psn_no=person, begndate=f"2023-05-0{day}", enddate=f"2023-05-0{day}")
                                for number, (person, day) in days.items()))
    file = read_bills(path)
    assert [bill.number for bill in file.bills] == ["c", "b", "d", "a", "e"]
    assert file.persons_sorted == 1
