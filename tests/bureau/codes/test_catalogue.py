"""The catalogue in memory: spans, ceilings and shares of the nearest area, and what is read again when something changed."""

from datetime import date

import psycopg
import pytest

from openyibao.bureau.codes import catalogue
from openyibao.bureau.codes.catalogue import Gone, epochs, grade_of, read_catalogue
from openyibao.bureau.codes.models import Ceiling, Code, CodeSet, Item, Mapping, SelfPay

DAY = date(2026, 3, 1)
OLD, NEW = "XL02BBA326A001010102180", "XL02BBA326A001010202180"


def item(code, starts, ends=None, **fields):
    fields = {"list_type": "101", "name": f"药品{code[-5:]}", "item_class": 2, "med_chrgitm_type": "09", **fields}
    return Item.objects.create(hilist_code=code, starts=starts, ends=ends, **fields)


def ceiling(code, area, price, level="", starts=date(2024, 1, 1), ends=None):
    Ceiling.objects.create(hilist_code=code, insu_admdvs=area, lmtpric_type=level, price=price, starts=starts, ends=ends)


def share(code, area, rate, psn_type="", prop_type="10", starts=date(2024, 1, 1), ends=None):
    SelfPay.objects.create(hilist_code=code, insu_admdvs=area, psn_type=psn_type, prop_type=prop_type, rate=rate, starts=starts, ends=ends)


@pytest.fixture
def read(django_database):
    with psycopg.connect(django_database) as connection:
        yield lambda earlier=None: read_catalogue(connection, earlier)


def test_an_item_stands_from_its_first_day_to_the_day_before_its_end(read):
    item(OLD, date(2024, 1, 1), date(2026, 3, 1), replaced_by=NEW)
    book = read()
    assert book.item_on(OLD, date(2026, 2, 28)).item_class == 2
    assert book.item_on(OLD, date(2026, 3, 1)) == Gone(OLD, "药品02180", date(2026, 3, 1), None, NEW)
    assert book.item_on(OLD, date(2023, 12, 31)) == Gone(OLD, "药品02180", None, date(2024, 1, 1), "")
    assert book.item_on("nobody knows", DAY) is None


def test_between_two_spans_an_item_is_gone_and_the_next_day_is_said(read):
    item(OLD, date(2024, 1, 1), date(2025, 1, 1))
    item(OLD, date(2025, 6, 1), item_class=1)
    book = read()
    assert book.item_on(OLD, date(2025, 3, 1)) == Gone(OLD, "药品02180", date(2025, 1, 1), date(2025, 6, 1), "")
    assert (book.item_on(OLD, date(2024, 6, 1)).item_class, book.item_on(OLD, date(2025, 6, 1)).item_class) == (2, 1)


@pytest.mark.parametrize(("fields", "flags"), [
    ({"list_type": "101"}, catalogue.DRUG),
    ({"list_type": "101", "dual_channel": True}, catalogue.DRUG | catalogue.DUAL_CHANNEL),
    ({"list_type": "102", "med_chrgitm_type": "10"}, catalogue.DRUG | catalogue.SLICES),
    ({"list_type": "201", "med_chrgitm_type": "01"}, catalogue.BED),
    ({"list_type": "201", "med_chrgitm_type": "12"}, catalogue.CONSULTATION),
    ({"list_type": "201", "med_chrgitm_type": "03"}, 0),
    ({"list_type": "301", "med_chrgitm_type": "08"}, catalogue.CONSUMABLE),
])
def test_the_flags_of_a_line_follow_from_the_item(read, fields, flags):
    item(OLD, date(2024, 1, 1), **fields)
    assert read().item_on(OLD, DAY).flags == flags


def test_the_nearest_area_with_a_ceiling_decides(read):
    item(OLD, date(2024, 1, 1))
    ceiling(OLD, "420000", 900)
    ceiling(OLD, "421000", 800)
    ceiling(OLD, "421002", 700, starts=date(2026, 3, 2))
    book = read()
    assert book.ceiling_on(OLD, "421002", DAY) == 800
    assert book.ceiling_on(OLD, "421002", date(2026, 3, 2)) == 700
    assert book.ceiling_on(OLD, "420106", DAY) == 900
    assert book.ceiling_on(OLD, "433101", DAY) == 0


def test_a_ceiling_of_the_institutions_grade_comes_before_one_for_all(read):
    ceiling(OLD, "421000", 500)
    ceiling(OLD, "421000", 600, level="03")
    ceiling(OLD, "421000", 400, level="1")
    book = read()
    assert [book.ceiling_on(OLD, "421003", DAY, level) for level in ("02", "05", "9", "")] == [600, 500, 400, 500]


@pytest.mark.parametrize(
    ("level", "grade"), [("01", "3"), ("12", "3"), ("4", "3"), ("05", "2"), ("13", "2"), ("08", "1"), ("14", "1"), ("", "")]
)
def test_fourteen_levels_are_three_grades(level, grade):
    assert grade_of(level) == grade


def test_a_share_of_the_persons_kind_comes_before_everybodys(read):
    share(OLD, "421000", 1000)
    share(OLD, "421000", 2000, psn_type="390")
    share(OLD, "420000", 500, psn_type="310")
    book = read()
    assert [book.rate_on(OLD, "421002", DAY, kind) for kind in ("310", "390", "")] == [1000, 2000, 1000]
    assert book.rate_on(OLD, "420106", DAY, "310") == 500
    assert book.rate_on(OLD, "420106", DAY, "390") is None
    assert book.rate_on(NEW, "421002", DAY, "310") is None


def test_a_share_of_another_rule_is_no_first_self_pay(read):
    share(OLD, "421000", 7000, prop_type="20")
    assert read().rate_on(OLD, "421000", DAY) is None


def test_a_code_of_a_set_on_a_day(read):
    CodeSet.objects.create(number="1a", name="疾病诊断", name_en="diagnosis", pattern="")
    spans = {"starts": date(2020, 1, 1), "ends": date(2026, 1, 1), "replaced_by": "I10.x00"}
    Code.objects.create(code_set_id="1a", code="I10.x00x002", name="高血压病", **spans)
    book = read()
    assert book.code_on("1a", "I10.x00x002", date(2025, 12, 31)).name == "高血压病"
    assert book.code_on("1a", "I10.x00x002", DAY).replaced_by == "I10.x00"
    assert book.code_on("1b", "I10.x00x002", DAY) is None


def test_a_withdrawn_mapping_stands_for_the_days_before(read):
    mapping = {"fixmedins_code": "H42100000001", "own_code": "Y1", "own_name": "药", "list_type": "101", "starts": date(2026, 1, 1)}
    Mapping.objects.create(**mapping, hilist_code=OLD, withdrawn=True, ends=date(2026, 2, 1))
    Mapping.objects.create(**{**mapping, "starts": date(2026, 2, 10)}, hilist_code=NEW)
    Mapping.objects.create(**{**mapping, "own_code": "Y2"}, hilist_code=NEW, withdrawn=True, ends=date(2026, 1, 1))
    book = read()
    found = [book.mapped("H42100000001", "Y1", "101", day) for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 10))]
    assert found == [OLD, None, NEW]
    assert book.mapped("H42100000001", "Y2", "101", date(2026, 1, 1)) is None
    assert book.mapped("H42100000002", "Y1", "101", DAY) is None


def test_only_what_changed_is_read_again(read, django_database):
    item(OLD, date(2024, 1, 1))
    first = read()
    assert read(first).items is first.items
    Mapping.objects.create(fixmedins_code="H1", own_code="Y", own_name="药", list_type="101", hilist_code=OLD, starts=DAY)
    second = read(first)
    assert second.items is first.items
    assert second.mapped("H1", "Y", "101", DAY) == OLD
    item(NEW, date(2024, 1, 1))
    third = read(second)
    assert third.mappings is second.mappings
    assert third.item_on(NEW, DAY).code == NEW
    with psycopg.connect(django_database) as connection:
        assert epochs(connection) == third.epoch
