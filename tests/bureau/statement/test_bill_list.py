"""The list of bills: who sees what, filters that mean what they say, names masked, orders that turn pages without loss."""

import csv
import io
import re

import pytest
from django.urls import reverse

from gateway import playing
from gateway.billing import EMPLOYEE, RESIDENT, TABLET_B, Bill, noon, of
from openyibao.bureau.settlement.models import Settlement
from signed import client_as

town = playing.town

JISHOU = "433101000000000000000000"
H1, H2 = "H43310199001", "H43310199002"


@pytest.fixture(scope="module")
def bills(town):
    """Bills of two people at two hospitals; one was taken back."""
    one, other = town.newcomer(JISHOU + "01"), town.newcomer(JISHOU + "03")
    made = {}
    for name, psn_no, scheme, institution, total, day in (
        ("small", one, EMPLOYEE, H1, 50, "2025-03-03"), ("large", one, EMPLOYEE, H2, 9_000, "2025-03-04"),
        ("resident", other, RESIDENT, H1, 200, "2025-03-05"), ("fallen", other, RESIDENT, H1, 300, "2025-03-06"),
    ):  # fmt: skip
        town.now = noon(day)
        bill = Bill(town, psn_no, scheme, institution, noon(day), charges=(of(TABLET_B, total),)).ready()
        bill.settled()
        made[name] = int(bill.setl_id)
        if name == "fallen":
            assert bill.undo().output is not None
            made["mirror"] = Settlement.objects.get(mirror_of=made[name]).pk
    return made


def seen(client, **asked):
    text = client.get(reverse("bills"), asked).content.decode()
    return [int(number) for number in re.findall(r'href="/bills/(\d+)"', text)]


@pytest.fixture(scope="module")
def clerk(bills):
    return client_as("settlement_clerk")


@pytest.mark.parametrize(("asked", "found"), [
    ({}, {"small", "large", "resident", "fallen", "mirror"}),
    ({"state": "settled"}, {"small", "large", "resident"}),
    ({"state": "reversed"}, {"fallen"}),
    ({"state": "mirror"}, {"mirror"}),
    ({"scheme": "390"}, {"resident", "fallen", "mirror"}),
    ({"institution": H2}, {"large"}),
    ({"institution": "第二"}, {"large"}),
    ({"total": "1,000"}, {"large"}),
    ({"since": "2025-03-05", "until": "2025-03-05"}, {"resident"}),
    ({"until": "2025-03-04"}, {"small", "large"}),
    ({"name": "萧丽"}, {"resident", "fallen", "mirror"}),
    ({"name": "萧"}, set()),
    ({"kind": "1", "scheme": "310"}, {"small", "large"}),
    ({"kind": "5"}, set()),
])  # fmt: skip
def test_a_filter_finds_what_it_says(clerk, bills, asked, found):
    assert set(seen(clerk, **asked)) == {bills[name] for name in found}


def test_a_bill_is_found_by_its_number_and_by_its_person(clerk, bills):
    assert seen(clerk, number=bills["large"]) == [bills["large"]]
    psn_no = Settlement.objects.get(pk=bills["large"]).psn_no
    assert set(seen(clerk, person=psn_no)) == {bills["small"], bills["large"]}


def test_a_filter_that_cannot_be_read_is_named_and_left_out(clerk, bills):
    for asked in ({"number": "12x"}, {"since": "yesterday"}, {"total": "much"}):
        text = clerk.get(reverse("bills"), asked).content.decode()
        assert "看不懂这个条件" in text and f"/bills/{bills['small']}" in text


def test_everybody_sees_the_bills_of_the_own_post(bills):
    every = set(bills.values())
    assert set(seen(client_as("policy"))) == every
    assert set(seen(client_as("settlement_clerk", area="433101"))) == every
    assert not seen(client_as("settlement_clerk", area="433130"))
    assert not seen(client_as("settlement_clerk", area="4201"))
    assert set(seen(client_as("hospital_manager", institution=H2))) == {bills["large"]}


def test_a_town_names_the_person_first(bills):
    client, psn_no = client_as("town_clerk"), Settlement.objects.get(pk=bills["large"]).psn_no
    assert not seen(client) and "请先输入人员编号" in client.get(reverse("bills")).content.decode()
    assert set(seen(client, person=psn_no)) == {bills["small"], bills["large"]}


def test_names_are_masked_on_the_page_and_in_the_file(clerk, bills):
    text = clerk.get(reverse("bills")).content.decode()
    assert "赵**" in text and "赵浩然" not in text
    answer = clerk.get(reverse("bills"), {"export": "csv", "scheme": "310"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == 3 and "赵**" in rows[1] and not any("赵浩然" in cell for row in rows for cell in row)
    assert "9000.00" in rows[1]


def test_who_may_not_export_gets_no_file(bills):
    assert client_as("town_clerk").get(reverse("bills"), {"export": "csv"}).status_code == 403


@pytest.mark.parametrize("order", ["at", "-at", "total", "-total"])
def test_the_list_is_in_the_order_asked_for(clerk, bills, order):
    name = order.removeprefix("-")
    found = [getattr(Settlement.objects.get(pk=pk), name) for pk in seen(clerk, order=order)]
    assert found == sorted(found, reverse=order.startswith("-"))
