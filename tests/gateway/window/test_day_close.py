"""The day's close: it ends at 0.00, or every broken pair has its class and its button; the five pains of a hospital are a test each."""

import csv
import io

import pytest

from gateway import playing
from gateway.billing import TABLET, Bill, noon, of
from gateway.window.test_window import HOSPITAL, cashier, newcomer, ready, settlements
from openyibao.bureau.settlement.models import Statement
from openyibao.bureau.staff.models import Work
from openyibao.gateway.window import closing
from openyibao.gateway.window.models import Booking, Close, Upload, Visit
from signed import client_as

__all__ = ["cashier"]
town = playing.town
DAY = "2025-03-10"


@pytest.fixture(autouse=True)
def own_day(town):
    """Each test closes a day of its own: the books before it belong to others."""
    for table in ("window_booking", "window_upload", "window_close"):
        town.rows(f"TRUNCATE {table} CASCADE")
    town.rows("ALTER TABLE settlement_settlement DISABLE TRIGGER USER")
    town.rows("UPDATE settlement_settlement SET at = at - interval '1 day' * (1 + setl_id %% 7)")
    town.rows("ALTER TABLE settlement_settlement ENABLE TRIGGER USER")


def settled(cashier, town):
    number, form = ready(cashier, town)
    cashier.post(f"/window/charges/{form.pk}/settle")
    form.refresh_from_db()
    assert form.state == Booking.BOOKED
    return number, form


def by_another_program(town):
    """A settlement of the same hospital that its window does not know."""
    made = Bill(town, newcomer(town, "01"), "310", HOSPITAL, noon("2025-03-10"), charges=(of(TABLET, 300),)).ready()
    assert made.settle().fine
    return int(made.setl_id)


def kinds():
    return [one.kind for one in closing.day_of(HOSPITAL, playing.NOW.date()).broken]


def remedy(client, what, kind, setl_id):
    return client.post("/window/day/remedy", {"day": DAY, "what": what, "kind": kind, "setl_id": setl_id})


def test_a_day_with_a_reversal_closes_to_nothing_and_is_told_to_the_bureau(town, cashier):
    _number, form = settled(cashier, town)
    settled(cashier, town)
    cashier.post(f"/window/charges/{Booking.objects.get(takes_back=form).pk}/settle")
    found = closing.day_of(HOSPITAL, playing.NOW.date())
    assert found.agreed and found.difference == 0 and found.ours.bills == 3 and found.booked == found.ours.fund + found.ours.account
    answer = cashier.post("/window/day", {"day": DAY}, follow=True)
    assert "差额 0.00" in answer.content.decode()
    close = Close.objects.get()
    assert close.agreed and close.theirs == close.ours == close.booked and close.broken == 0
    assert Statement.objects.filter(fixmedins_code=HOSPITAL, infno="3201", result="0").count() == len(found.rows)
    assert DAY in cashier.get("/window/days").content.decode()
    assert cashier.get("/window/days?export=csv").status_code == 200


def test_a_lost_record_is_fetched(town, cashier):
    setl_id = by_another_program(town)
    assert kinds() == ["only-here"]
    page = cashier.get(f"/window/day?day={DAY}").content.decode()
    assert 'value="fetch"' in page and 'value="reverse"' in page and str(setl_id) in page
    assert remedy(cashier, "fetch", "only-here", setl_id).status_code == 302
    assert kinds() == [] and Booking.objects.get(setl_id=setl_id).fetched
    assert closing.day_of(HOSPITAL, playing.NOW.date()).agreed


def test_a_bill_nobody_came_for_is_reversed_from_the_list(town, cashier):
    setl_id = by_another_program(town)
    remedy(cashier, "reverse", "only-here", setl_id)
    assert town.one("SELECT count(*) AS many FROM settlement_settlement WHERE mirror_of = %s", setl_id)["many"] == 1
    assert kinds() == [] and closing.day_of(HOSPITAL, playing.NOW.date()).ours.total == 0


def test_a_mismatch_of_amounts_is_corrected_from_the_settlement(town, cashier):
    _number, form = settled(cashier, town)
    Booking.objects.filter(pk=form.pk).update(fund=form.fund + 100)
    assert kinds() == ["amount"]
    close = cashier.post("/window/day", {"day": DAY}, follow=True)
    assert "1 笔不平" in close.content.decode() and not Close.objects.get().agreed
    remedy(cashier, "fetch", "amount", form.setl_id)
    assert kinds() == [] and Booking.objects.get(pk=form.pk).fund == form.fund


def test_what_no_button_mends_goes_to_the_bureau_once(town, cashier):
    _number, form = settled(cashier, town)
    Booking.objects.filter(pk=form.pk).update(setl_id=1)
    assert sorted(kinds()) == ["only-here", "only-there"]
    for _ in range(2):
        remedy(cashier, "bureau", "only-there", 1)
    work = Work.objects.get(kind=closing.QUESTION)
    assert "对账差异" in work.title and work.act == "dispute.handle"
    assert "已提请经办机构核对" in cashier.get(f"/window/day?day={DAY}").content.decode()


def uploaded(cashier, rows, columns=None):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns or ("fixmedins_code", "setl_id", "mdtrt_id", "psn_no", "medfee_sumamt", "fund_pay_sumamt", "acct_pay",
                                "refd_setl_flag"))
    writer.writerows(rows)
    file = io.BytesIO(text.getvalue().encode("gb18030"))
    file.name = "bills.csv"
    return cashier.post("/window/day/upload", {"day": DAY, "file": file})


def row_of(form, **changes):
    said = {"code": HOSPITAL, "setl_id": form.setl_id, "mdtrt_id": form.mdtrt_id, "psn_no": form.psn_no, "total": form.total,
            "fund": form.fund, "account": form.account, "refund": 0} | changes
    amounts = [f"{said[name] / 100:.2f}" for name in ("total", "fund", "account")]
    return [said["code"], said["setl_id"], said["mdtrt_id"], said["psn_no"], *amounts, said["refund"]]


def test_a_duplicate_in_the_hospitals_own_file_is_found(town, cashier):
    _number, form = settled(cashier, town)
    assert uploaded(cashier, [row_of(form), row_of(form)]).status_code == 302
    assert kinds() == ["twice-there"]
    uploaded(cashier, [row_of(form)])
    assert kinds() == [] and closing.day_of(HOSPITAL, playing.NOW.date()).source == "file"
    cashier.post("/window/day/upload", {"day": DAY, "drop": "1"})
    assert not Upload.objects.exists()


@pytest.mark.parametrize(("change", "columns", "said"), [
    ({}, ("setl_id",), "缺少列"), ({"total": 5, "code": "H43310199002"}, None, "机构 H43310199002"),
])  # fmt: skip
def test_an_unreadable_file_says_where_and_what_to_do(town, cashier, change, columns, said):
    _number, form = settled(cashier, town)
    answer = uploaded(cashier, [row_of(form, **change)], columns)
    assert answer.status_code == 409 and said in answer.content.decode() and "下一步" in answer.content.decode()
    assert not Upload.objects.exists()


def test_the_books_export_can_be_read_back(town, cashier):
    _number, form = settled(cashier, town)
    rows = list(csv.DictReader(io.StringIO(cashier.get("/window/day/book", {"day": DAY}).content.decode("utf-8-sig"))))
    assert [row["setl_id"] for row in rows] == [str(form.setl_id)]
    file = io.BytesIO(cashier.get("/window/day/book", {"day": DAY}).content)
    file.name = "book.csv"
    cashier.post("/window/day/upload", {"day": DAY, "file": file})
    assert kinds() == [] and closing.day_of(HOSPITAL, playing.NOW.date()).source == "file"


def test_the_insurance_office_closes_the_day_and_moves_no_money(town, cashier):
    setl_id = by_another_program(town)
    manager = client_as("hospital")
    assert 'value="reverse"' not in manager.get(f"/window/day?day={DAY}").content.decode()
    refused = remedy(manager, "reverse", "only-here", setl_id)
    assert refused.status_code in (403, 409) and "STAFF-03" in refused.content.decode()
    assert manager.get("/window/").status_code == 403
    assert town.one("SELECT count(*) AS many FROM settlement_settlement WHERE mirror_of = %s", setl_id)["many"] == 0


def test_a_reversal_made_elsewhere_is_fetched_with_its_settlement(town, cashier):
    number, form = settled(cashier, town)
    given = {"data": {"setl_id": str(form.setl_id), "mdtrt_id": str(form.mdtrt_id), "psn_no": form.psn_no}}
    mirror = int(town.call("2208", given, HOSPITAL).output["setlinfo"]["setl_id"])
    assert kinds() == ["taken-back-here"]
    remedy(cashier, "fetch", "taken-back-here", mirror)
    assert kinds() == [] and Visit.objects.get(pk=number).state == Visit.OPEN
    assert Booking.objects.get(setl_id=mirror).takes_back == form and len(settlements(town, number)) == 2
