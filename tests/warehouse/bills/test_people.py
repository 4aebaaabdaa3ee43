"""Who the person is on the deciding day: spans, schemes, grants, and the opening of the year."""

import json
from pathlib import Path
from typing import Any

import pytest

from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.settle.eligibility import covered
from openyibao.policybook.book import Book, load_book, policies_root
from openyibao.warehouse.bills.assemble import bare_claim
from openyibao.warehouse.bills.bill import bill
from openyibao.warehouse.bills.people import People, opening_of, read_people

VISIT = {"bill_id": "A", "psn_no": "P", "kind": "inpatient", "level": "L3", "begndate": "2023-05-01", "enddate": "2023-05-10",
         "medfee_sumamt": "10", "inscp_scp_amt": "10"}  # fmt: skip


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book(policies_root(), "ankang")


def people(folder: Path, *rows: dict[str, Any]) -> People:
    path = folder / "people.jsonl"
    path.write_text("\n".join(json.dumps({"psn_no": "P", **row}) for row in rows), encoding="utf-8")
    return read_people(path)


def claim(book: Book, found: People, **changes: Any) -> Claim:
    return bare_claim(bill({**VISIT, **changes}, 1), found, book)


def test_the_span_of_the_admission_day_decides_a_stay(tmp_path: Path, book: Book) -> None:
    found = people(tmp_path, {"starts": "2023-01-01", "ends": "2023-05-02", "insutype": "310"},
                   {"starts": "2023-05-02", "insutype": "310", "psn_type": "retired"})
    assert claim(book, found).status == codes.ACTIVE
    assert claim(book, found, begndate="2023-05-02").status == codes.RETIRED
    assert claim(book, found, kind="outpatient").status == codes.RETIRED


COVER = [
    ("2022-12-31", codes.NOT_COVERED),
    ("2023-01-01", codes.SETTLED),
    ("2023-05-31", codes.SETTLED),
    ("2023-06-01", codes.LAPSED),
    ("2023-09-01", codes.SETTLED),
]


@pytest.mark.parametrize(("on", "outcome"), COVER)
def test_cover_is_the_span_of_the_row(tmp_path: Path, book: Book, on: str, outcome: int) -> None:
    found = people(tmp_path, {"starts": "2023-01-01", "ends": "2023-06-01", "insutype": "310"}, {"starts": "2023-09-01", "insutype": "310"})
    assert covered(claim(book, found, begndate=on, enddate=on)) == outcome


def test_cover_may_be_stated_apart_from_the_row(tmp_path: Path, book: Book) -> None:
    found = people(tmp_path, {"insutype": "390", "cover_from": "2023-03-01", "cover_to": "2023-12-31", "wait_until": "2023-06-01"})
    assert covered(claim(book, found, begndate="2023-02-28")) == codes.NOT_COVERED
    assert covered(claim(book, found)) == codes.WAITING
    assert covered(claim(book, found, begndate="2024-01-01", enddate="2024-01-02")) == codes.LAPSED


def test_a_bill_of_a_scheme_that_the_person_is_not_in_is_not_covered(tmp_path: Path, book: Book) -> None:
    found = people(tmp_path, {"insutype": "390"})
    assert covered(claim(book, found, insutype="310")) == codes.NOT_COVERED
    assert covered(claim(book, found)) == codes.SETTLED


def test_employee_wins_where_both_schemes_are_in_force(tmp_path: Path, book: Book) -> None:
    found = people(tmp_path, {"insutype": "390"}, {"insutype": "310"})
    assert claim(book, found).scheme == codes.EMPLOYEE


def test_the_bill_speaks_over_its_person_and_that_over_the_file(tmp_path: Path, book: Book) -> None:
    found = people(tmp_path, {"insutype": "390", "aid": "低保对象", "registered_poor": 1})
    one = claim(book, found, person={"aid": "特困人员", "cvlserv_flag": "1"}, cvlserv_flag="0")
    assert (one.aid, one.registered_poor, one.civil_servant) == (codes.DESTITUTE, 1, 0)


AID = [("低保对象", codes.MINIMUM_LIVING), ("低保边缘家庭成员", codes.MARGINAL), ("低保", codes.MINIMUM_LIVING), ("2304", codes.DESTITUTE),
       ("236074", codes.MARGINAL), ("none", codes.NO_AID)]


@pytest.mark.parametrize(("name", "category"), AID)
def test_aid_categories_are_matched_whole(tmp_path: Path, book: Book, name: str, category: int) -> None:
    assert claim(book, people(tmp_path, {"insutype": "390", "aid": name})).aid == category


def test_psn_idet_type_gives_aid_or_registered_poverty(tmp_path: Path, book: Book) -> None:
    poor = claim(book, people(tmp_path, {"insutype": "390", "psn_idet_type": "2302"}))
    soldier = claim(book, people(tmp_path, {"insutype": "390", "psn_idet_type": "2104"}))
    assert (poor.aid, poor.registered_poor) == (codes.NO_AID, 1)
    assert (soldier.aid, soldier.registered_poor) == (codes.NO_AID, 0)


def test_a_stated_chronic_list_is_the_whole_list(tmp_path: Path, book: Book) -> None:
    listed = people(tmp_path, {"insutype": "310", "chronic": [{"code": "M01600", "from": "2023-02-01"}, {"code": "M03900"}]})
    chronic = {"kind": "chronic", "begndate": None}
    held = claim(book, listed, dise_code="M01600", **chronic)
    assert (held.granted, held.grant, held.other_disease) == (1, 20230201, book.disease_slot("M03900"))
    assert claim(book, listed, dise_code="M04600", **chronic).granted == 0
    assert claim(book, listed, dise_code="M01600", kind="chronic", begndate=None, enddate="2023-01-31").granted == 0
    unstated = claim(book, people(tmp_path, {"insutype": "310"}), dise_code="M04600", **chronic)
    assert (unstated.granted, unstated.grant) == (1, 0)


def test_two_disease_bills_use_the_chronic_list_only_where_it_is_stated(tmp_path: Path, book: Book) -> None:
    drug = {"kind": "two_disease", "dise_code": "M03900", "begndate": None}
    assert claim(book, people(tmp_path, {"insutype": "390"}), **drug).disease == -1
    assert claim(book, people(tmp_path, {"insutype": "390", "chronic": "M03900@2022-01-01"}), **drug).disease == book.disease_slot("M03900")
    registered = claim(book, people(tmp_path, {"insutype": "390", "two_registered": "diabetes"}), **drug)
    assert (registered.granted, registered.two_registered) == (0, codes.DIABETES)


def test_a_bad_row_of_the_people_file_is_kept_with_its_reason(tmp_path: Path) -> None:
    found = people(tmp_path, {"insutype": "390"}, {"insutype": "3x0"}, {"starts": "2023-02-01", "ends": "2023-01-01"})
    assert [(row.number, problem.code) for row, problem in found.rejected] == [(2, "BILL-07"), (3, "BILL-10")]
    assert len(found.by_number["P"].spans) == 1


def test_the_year_so_far_opens_in_its_scheme(tmp_path: Path) -> None:
    year = {"burden": "3100.00", "admissions_by_level": {"L3": 2}, "stay_level": "L2"}
    found = people(tmp_path, {"insutype": "390", "account": "12.34", "year": year})
    start = opening_of(found.by_number["P"], codes.RESIDENT).year(2023)
    assert (start.year, start.account, start.burden, start.admissions_by_level, start.stay_level) == (2023, 1234, 310000, 2 << 32, codes.L2)
    assert opening_of(found.by_number["P"], codes.EMPLOYEE).figures == ()
