"""A person's year: every bill with its running sums, limits with what is left, and the whole journal settled again."""

import re

import pytest
from django.urls import reverse

from gateway import playing
from gateway.billing import EMPLOYEE, TABLET_B, Bill, noon, of
from openyibao.bureau.enrolment.cover import Cover
from openyibao.bureau.policydesk.shelf import books, shelf
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.staff.models import Look
from openyibao.bureau.statement import queries, yearly
from openyibao.bureau.statement.proving import year_proved
from openyibao.kernel.codes import RESIDENT, UNBOUNDED
from openyibao.kernel.year import Year
from signed import client_as

town = playing.town

JISHOU = "433101000000000000000000"
H1, H2 = "H43310199001", "H43310199002"


@pytest.fixture(scope="module")
def psn_no(town):
    """An employee with three visits, one of them elsewhere and one taken back."""
    number = town.newcomer(JISHOU + "01")
    for institution, total, undone in ((H1, 900, False), (H2, 400, False), (H1, 250, True)):
        bill = Bill(town, number, EMPLOYEE, institution, noon("2025-03-03"), charges=(of(TABLET_B, total),)).ready()
        bill.settled()
        if undone:
            assert bill.undo().output is not None
    return number


def year_page(client, psn_no, year=2025):
    url = reverse("person-year", args=[psn_no, year])
    client.post(url, {"purpose": "窗口办理业务"})
    return client.get(url)


def test_it_asks_for_a_purpose_first_and_logs_the_look(psn_no):
    client = client_as("settlement_clerk", name="查询人")
    url = reverse("person-year", args=[psn_no, 2025])
    assert "查询用途" in client.get(url).content.decode()
    assert not Look.objects.filter(officer=client.officer).exists()
    year_page(client, psn_no)
    assert Look.objects.filter(officer=client.officer, psn_no=psn_no, purpose="窗口办理业务").exists()


def test_bills_stand_in_order_with_running_sums_and_the_last_is_the_year(psn_no):
    text = year_page(client_as("settlement_clerk"), psn_no).content.decode()
    assert "全部单据已从头重算，累计与存档一致" in text
    numbers = [int(found) for found in re.findall(r'href="/bills/(\d+)"', text)]
    bills = [Settlement.objects.get(pk=number) for number in numbers]
    assert len(bills) == 4 and [bill.pk for bill in bills] == sorted(bill.pk for bill in bills)
    sums = yearly.after_each(queries.journal_of(psn_no), 2025, queries.bills_by_number(numbers))
    assert sums[-1].fund == sum(bill.fund for bill in bills) == sum(bill.fund for bill in bills[:2])
    assert f"{sums[-1].fund / 100:,.2f}" in text and f"{sums[-1].person / 100:,.2f}" in text


def test_what_is_left_of_a_limit_is_what_the_next_bill_may_still_take(town, psn_no):
    figures = Year(*town.one("SELECT figures FROM settlement_year WHERE psn_no = %s", psn_no)["figures"])
    who = yearly.class_on(psn_no, town.now.date())
    book = shelf().of_area(who.cover.admdvs)
    found = {one.code: one for one in yearly.limits_on(figures, who, book, 20250310)}
    plan = book.plan(who.scheme, 20250310)
    assert found["outpatient"].limit == plan.outpatient.cap_active
    assert found["outpatient"].left == plan.outpatient.cap_active - figures.outpatient_paid < plan.outpatient.cap_active
    assert found["pool"].sources and found["pool"].left <= found["pool"].limit < UNBOUNDED
    assert "catastrophic" not in found          # a resident's layer


@pytest.mark.parametrize(("aid", "limit", "field"), [(0, None, "catastrophic.cap"), (3, UNBOUNDED, "catastrophic.tilt_removes_cap")])
def test_a_limit_that_is_lifted_cites_what_lifts_it(aid, limit, field):
    plan = books()["jishou"].plan(RESIDENT, 20250310)
    cover = Cover(*(None for _ in Cover._fields))
    who = yearly.Class("390", RESIDENT, 1, aid, 0, 0, True, cover)
    told = next(row for row in yearly.rows_of(Year(year=2025), who, plan) if row[0] == "catastrophic")
    assert told[4:] == (plan.catastrophic.cap if limit is None else limit, (field,))


def test_a_hospital_sees_its_own_bills_and_of_others_the_sums(psn_no):
    text = year_page(client_as("hospital_manager", institution=H2), psn_no).content.decode()
    assert len(re.findall(r'href="/bills/(\d+)"', text)) == 1 and text.count("其他机构") == 3
    stranger = client_as("hospital_manager", institution="H43310199003")
    assert year_page(stranger, psn_no).status_code == 404


def test_outside_the_area_there_is_nobody(psn_no):
    assert year_page(client_as("settlement_clerk", area="433130"), psn_no).status_code == 404


def test_the_insured_see_their_own_year(psn_no):
    answer = client_as("insured", psn_no=psn_no).get(reverse("own-year", args=[2025]))
    assert answer.status_code == 200 and "各项限额还剩多少" in answer.content.decode()


def test_a_year_that_was_touched_between_two_bills_is_found(psn_no):
    rows = queries.journal_of(psn_no)
    assert year_proved(rows, {}, shelf()) == []
    row, beside = rows[1]
    touched = [rows[0], (row._replace(before=[*row.before[:12], row.before[12] + 1, *row.before[13:]]), beside), *rows[2:]]
    assert "replay.before" in {one.kind for one in year_proved(touched, {}, shelf())}
