"""Lists: pages that follow on from each other whatever the order, filters that cannot be read, tokens, exports."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from django.core import signing
from django.db import connection
from django.http import QueryDict
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from openyibao.bureau.pages import listing as lists
from openyibao.bureau.pages.export import exported
from openyibao.bureau.pages.listing import Column, Filter, Listing, at_least, begins, equals, every_row, fen_of, sheet, since, until
from openyibao.bureau.staff.models import Act, Officer, Post, Work
from signed import client_as

pytestmark = pytest.mark.usefixtures("django_database")
AT = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)

WORKS = Listing(
    "works", "待办",
    (
        Column("due", "期限", lambda row: row.due, "day", order=("due",)),
        Column("kind", "类别", lambda row: row.kind, order=("kind", "-due")),
        Column("amount", "金额", lambda row: len(row.title) * 1_234, "fen"),
        Column("state", "状态", lambda row: "open", "tag"),
        Column("title", "事项", lambda row: row.title, link=lambda row: row.link),
    ),
    (
        equals("kind", "类别", "kind"), equals("pk", "编号", "pk"), begins("object", "对象", "object"),
        since("since", "自", "due"), until("until", "至", "due"), since("from", "自", "opened_at", instant=True),
        until("to", "至", "opened_at", instant=True), at_least("yuan", "金额", "pk"),
    ),
    ("due", "pk"),
)  # fmt: skip


def asked(**words):
    """A request for a list."""
    found = RequestFactory(SERVER_NAME="localhost").get("/", words)
    found.rights = None
    return found


@pytest.fixture
def works():
    """Thirty pieces of work: few days, some without one, few kinds."""
    for number in range(30):
        Work.objects.create(act="a", kind=f"kind{number % 3}", object=f"o/{number}", title=f"t{number}", title_en="t", link="/",
                            opened_at=AT, due=None if number % 5 == 0 else date(2025, 1, 1 + number % 4))
    return Work.objects.all()


def pages_of(query, order, size=7):
    """The rows of all pages, one after the other, as one who turns the pages meets them."""
    found, token, pages = [], "", 0
    while True:
        one = sheet(WORKS, query, asked(order=order, after=token), size)
        assert not one.problems
        found += [row.pk for row in one.rows]
        pages += 1
        token = one.after
        if not token:
            return found, pages


@pytest.mark.parametrize("order", ["", "due", "-due", "kind", "-kind"])
def test_pages_follow_on_with_ties_and_empty_values(works, order):
    fields, _ = lists.ordering(WORKS, order)
    found, pages = pages_of(works, order)
    assert found == list(works.order_by(*fields).values_list("pk", flat=True))
    assert len(found) == 30 and pages == 5


@pytest.mark.parametrize("order", ["post", "-post", "last", "-last"])
def test_pages_follow_on_through_another_table_that_may_be_empty(order):
    columns = (Column("post", "p", str, order=("post__name",)), Column("last", "l", str, order=("last_login",)))
    names = Listing("o", "o", columns, (), ("login",))
    posts = [Post.objects.create(code=f"p{n}", name=f"岗{n % 2}", room="r", admdvs="433101") for n in range(3)]
    for number in range(17):
        Officer.objects.create(login=f"u{number}", name="x", post=None if number % 4 == 0 else posts[number % 3],
                               last_login=None if number % 3 == 0 else AT + timedelta(days=number % 5))
    fields, _ = lists.ordering(names, order)
    found, token = [], ""
    while True:
        one = sheet(names, Officer.objects.select_related("post"), asked(order=order, after=token), 4)
        found, token = found + [row.pk for row in one.rows], one.after
        if not token:
            break
    assert found == list(Officer.objects.order_by(*fields).values_list("pk", flat=True))


def test_rows_that_come_while_one_reads_neither_repeat_nor_hide_others(works):
    first = sheet(WORKS, works, asked(), 7)
    Work.objects.create(act="a", kind="kind0", object="new", title="n", title_en="n", link="/", opened_at=AT, due=date(2024, 1, 1))
    second = sheet(WORKS, works, asked(after=first.after), 7)
    seen = [row.pk for row in (*first.rows, *second.rows)]
    assert len(set(seen)) == 14 and not set(seen) & set(works.filter(object="new").values_list("pk", flat=True))


def token_of(*values, salt="works", order=("due", "pk")):
    """A token that one of ours might have made."""
    return signing.dumps([list(order), list(values)], salt=salt, compress=True)


@pytest.mark.parametrize("token", [
    "rubbish", "a:b:c", token_of({"day": "2025-01-02"}, 3, salt="other"), token_of({"day": "2025-01-02"}, 3) + "x",
    token_of("kind1", None, 3, order=("kind", "-due", "pk")), token_of({"day": "yesterday"}, 3), signing.dumps("x", salt="works"),
], ids=["rubbish", "parts", "other list", "one letter more", "other order", "no day", "no list"])
def test_a_token_that_is_not_ours_starts_again_and_says_so(works, token):
    one = sheet(WORKS, works, asked(after=token), 7)
    assert one.problems == ["页码已失效，已回到第一页。"]
    assert [row.pk for row in one.rows] == [row.pk for row in sheet(WORKS, works, asked(), 7).rows]


@pytest.mark.parametrize(("name", "text"), [
    ("since", "tomorrow"), ("since", "2025-02-30"), ("until", "x"), ("from", "9999-99-99"), ("to", "9999-12-31"), ("pk", "x"),
    ("yuan", "1.234"), ("yuan", "--1"), ("yuan", "²"), ("kind", "a\0b"), ("object", "\0"),
])
def test_a_filter_that_cannot_be_read_is_named_and_left_out(works, name, text):
    one = sheet(WORKS, works, asked(**{name: text}))
    assert one.many == 30 and len(one.problems) == 1 and text.replace("\0", "") in one.problems[0]


@pytest.mark.parametrize(("name", "text", "many"), [
    ("kind", "kind1", 10), ("kind", "'; DROP TABLE staff_work; --", 0), ("object", "o/1", 11), ("object", "%", 0), ("object", "o_", 0),
    ("since", "2025-01-03", 12), ("until", "2025-01-01", 6), ("from", "2025-06-02", 30), ("from", "2025-06-03", 0), ("to", "2025-06-01", 0),
    ("to", "2025-06-02", 30), ("pk", "99999999999999999999999", 0), ("yuan", "99999999999999999999999", 0), ("yuan", " 0 ", 30),
])
def test_filters_narrow_and_nothing_else(works, name, text, many):
    one = sheet(WORKS, works, asked(**{name: text}))
    assert one.many == many and not one.problems and one.active == 1


@pytest.mark.parametrize(("text", "fen"), [("1,234.5", 123_450), ("0.05", 5), ("-3", -300), ("１２", 1_200), ("7.", 700)])
def test_yuan_as_people_type_them(text, fen):
    assert fen_of(text) == fen


def test_a_long_list_is_not_counted_to_its_end(monkeypatch, works):
    monkeypatch.setattr(lists, "COUNTED", 20)
    one = sheet(WORKS, works, asked())
    assert (one.many, one.more_than_counted) == (20, True)
    monkeypatch.setattr(lists, "COUNTED", 30)
    assert (sheet(WORKS, works, asked()).many, sheet(WORKS, works, asked()).more_than_counted) == (30, False)


def test_only_sizes_on_offer_are_taken(works):
    assert [len(sheet(WORKS, works, asked(size=size)).rows) for size in ("20", "1000000", "-1", "x")] == [20, 30, 30, 30]


def test_a_page_of_a_list_takes_two_queries_however_long(works):
    with CaptureQueriesContext(connection) as queries:
        sheet(WORKS, works, asked(after=sheet(WORKS, works, asked(), 7).after), 7)
    assert len(queries) == 4


# ---- exports ----

EVIL = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")


def content(answer):
    """The bytes of a streamed answer."""
    return b"".join(answer.streaming_content)


def exported_as(form, query, **words):
    """The list as a file."""
    request = asked(**words)
    return exported(request, WORKS, every_row(WORKS, query, request), form)


def test_csv_has_all_rows_of_the_filter_in_order_and_amounts_in_yuan(works):
    answer = exported_as("csv", works, kind="kind1", order="-due")
    text = content(answer).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["期限", "类别", "金额", "状态", "事项"]
    assert len(rows) == 11 and rows[1][0] == "" and rows[-1][0] == "2025-01-01"
    assert rows[1][2] in ("24.68", "37.02") and {row[3] for row in rows[1:]} == {"待办"}
    assert "attachment" in answer["Content-Disposition"] and text.endswith("\r\n")


def test_nothing_in_an_export_is_run_as_a_formula():
    for number, text in enumerate(EVIL):
        Work.objects.create(act="a", kind="k", object=f"o/{number}", title=text, title_en=text, link="/", opened_at=AT, due=None)
    query = Work.objects.all()
    rows = list(csv.reader(io.StringIO(content(exported_as("csv", query)).decode("utf-8-sig"), newline="")))
    assert [row[4] for row in rows[1:]] == [f"'{text}" for text in EVIL]
    page = openpyxl.load_workbook(io.BytesIO(content(exported_as("xlsx", query)))).active
    assert [page.cell(row, 5).data_type for row in range(2, 8)] == ["s"] * 6


def test_a_workbook_has_numbers_as_numbers_and_days_as_days(works):
    page = openpyxl.load_workbook(io.BytesIO(content(exported_as("xlsx", works)))).active
    assert page.max_row == 31 and page.cell(1, 3).value == "金额" and page.freeze_panes == "A2"
    assert page.cell(2, 1).value.date() == date(2025, 1, 1) and page.cell(2, 3).value in (24.68, 37.02)


def test_a_workbook_goes_on_on_another_sheet(monkeypatch, works):
    monkeypatch.setattr("openyibao.bureau.pages.export.XLSX_ROWS", 20)
    book = openpyxl.load_workbook(io.BytesIO(content(exported_as("xlsx", works))))
    assert [page.max_row for page in book] == [21, 11]


def test_an_export_speaks_the_language_of_the_page_though_it_is_made_later(works):
    with translation.override("en"):
        answer = exported_as("csv", works)
    with translation.override("zh-hans"):
        assert "To do" in content(answer).decode()


def test_an_export_needs_its_right_and_leaves_by_the_page():
    client = client_as("auditor")
    answer = client.get("/logs/sign-ins?export=csv")
    assert answer["Content-Type"].startswith("text/csv") and "auditor" in content(answer).decode()
    assert client.get("/logs/sign-ins?export=exe").status_code == 200
    client_as("clerk")
    page = client.get("/logs/sign-ins?login=auditor&order=-at").content.decode()
    assert "?login=auditor&amp;order=-at&amp;export=xlsx" in page
    answer = client.get("/logs/sign-ins?login=auditor&export=csv")
    assert "clerk" not in content(answer).decode()


def test_without_the_right_to_export_the_list_shows_no_button_and_gives_no_file(monkeypatch):
    client = client_as("auditor")
    monkeypatch.setattr("openyibao.bureau.staff.lists.ACTS", lists.Listing("acts", "x", (), (), ("-pk",), export="bill.export"))
    Act.objects.create(officer="x", what="x", object="x", at=AT)
    assert "export=csv" not in client.get("/logs/acts").content.decode()
    assert client.get("/logs/acts?export=csv").status_code == 403


# ---- the list on the page ----


def test_the_pages_links_keep_filters_order_and_size():
    client = client_as("auditor")
    for number in range(45):
        Act.objects.create(officer="wang", what=f"claim.{number}", object=f"claim/{number}", at=AT + timedelta(seconds=number))
    page = client.get("/logs/acts?officer=wang&order=-at&size=20").content.decode()
    assert "共 45 条" in page and 'value="wang"' in page and 'aria-sort="descending"' in page
    link = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    asked_for = QueryDict(link.removeprefix("?"))
    assert (asked_for["officer"], asked_for["order"], asked_for["size"]) == ("wang", "-at", "20")
    second = client.get(f"/logs/acts{link}").content.decode()
    assert "claim/24" in second and "claim/25" not in second and "第一页" in second


def test_what_was_typed_comes_back_as_text():
    typed = {"officer": '"><script>alert(1)</script>', "order": '"><x>', "size": '"><y>'}
    page = client_as("auditor").get("/logs/acts", typed).content.decode()
    assert "<script>alert" not in page and "<x>" not in page and "<y>" not in page
    assert "没有符合条件的记录" in page and "清除" in page


def test_a_filter_of_the_page_says_what_it_did_not_understand():
    page = client_as("auditor").get("/logs/acts?since=gestern").content.decode()
    assert "看不懂这个条件，已忽略：自 gestern" in page


def test_filters_with_choices_are_dropdowns():
    assert Filter("x", "x", lambda query, text: query).kind == "text"
    page = client_as("auditor").get("/logs/sign-ins?outcome=in").content.decode()
    assert '<option value="in" selected>' in page
