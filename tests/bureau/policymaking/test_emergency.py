"""Emergency rule sets: asked by one, confirmed by another, in force from the day; their cost so far is that of the bills, to the fen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from gateway import playing
from gateway.billing import EMPLOYEE, TABLET, Bill, noon, of
from openyibao.bureau.policydesk.actions import switch_rule_set
from openyibao.bureau.policydesk.laid import laid_over
from openyibao.bureau.policydesk.models import RuleSetSwitch
from openyibao.bureau.policydesk.shelf import books, forget
from openyibao.bureau.policymaking import emergency
from openyibao.bureau.policymaking.emergency_cost import cost
from openyibao.bureau.policymaking.models import RuleSetRequest
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.models import Work
from openyibao.policybook.book import policies_root
from signed import client_as

town = playing.town
TODAY = timezone.localdate()
H1, JISHOU = "H43310199001", "433101000000000000000000"


def form(**more):
    """The form of a request."""
    given = {"city": "jishou", "name": "covid-2020", "on": "1", "day": TODAY.isoformat(), "diagnoses": "u07.1、J12", "why": "市指挥部通告"}
    return given | more


def test_one_asks_another_confirms_and_the_plan_has_it(django_database):
    forget()
    head, leader = client_as("policy-head"), client_as("policy-leader")
    assert head.post("/policies/emergency/ask", form()).status_code == 302
    row = RuleSetRequest.objects.get()
    assert (row.state, row.diagnoses) == (RuleSetRequest.ASKED, ["U07.1", "J12"])
    assert books()["jishou"].plan(1, emergency.number(TODAY)).epidemic.present == 0
    assert head.post("/policies/emergency/ask", form()).status_code == 409      # one request at a time
    assert head.post(f"/policies/emergency/{row.pk}/confirm").status_code == 409 and not RuleSetSwitch.objects.exists()
    assert leader.post(f"/policies/emergency/{row.pk}/confirm").status_code == 302
    book = books()["jishou"]
    assert book.plan(1, emergency.number(TODAY)).epidemic.present == 1
    assert book.plan(1, emergency.number(TODAY - timedelta(1))).epidemic.present == 0
    assert not Work.objects.filter(closed_at=None).exists()
    page = leader.get("/policies/emergency").content.decode()
    assert "已启用" in page and "U07.1、J12" in page and "秦若兰 → 覃国栋" in page

    later = TODAY + timedelta(9)
    assert leader.post("/policies/emergency/ask", form(on="0", day=later.isoformat())).status_code == 302
    off = RuleSetRequest.objects.get(state=RuleSetRequest.ASKED)
    assert leader.post(f"/policies/emergency/{off.pk}/refuse").status_code == 302   # taken back by who asked
    off.refresh_from_db()
    assert off.state == RuleSetRequest.WITHDRAWN
    leader.post("/policies/emergency/ask", form(on="0", day=later.isoformat()))
    head.post(f"/policies/emergency/{RuleSetRequest.objects.get(state=RuleSetRequest.ASKED).pk}/confirm")
    assert laid_over()["jishou"].rule_sets == (("covid-2020", emergency.number(TODAY), emergency.number(later)),)
    assert books()["jishou"].plan(1, emergency.number(later)).epidemic.present == 0


@pytest.mark.parametrize(("given", "why"), [
    ({"why": " "}, "依据"), ({"diagnoses": "感冒"}, "诊断编码"), ({"diagnoses": ""}, "诊断编码"),
    ({"day": (TODAY - timedelta(1)).isoformat()}, "已过"), ({"on": "0"}, "已处于该状态"),
])  # fmt: skip
def test_what_is_refused_says_why(django_database, given, why):
    answer = client_as("policy-head").post("/policies/emergency/ask", form(**given))
    assert answer.status_code == 409 and why in answer.content.decode() and not RuleSetRequest.objects.exists()


def test_others_see_the_rules_and_may_not_switch(django_database):
    page = client_as("cashier").get("/policies/emergency").content.decode()
    assert "covid-2020" in page and "申请与确认" not in page
    for login in ("cashier", "policy", "auditor"):
        assert client_as(login).post("/policies/emergency/ask", form()).status_code == 403
    with pytest.raises(Refused, match="已经办理"):
        emergency.confirm(pk=1, by="x", at=timezone.localtime())


def test_the_cost_is_the_difference_of_every_bill_it_concerned(town):
    def settled(person, day, total):
        town.now = noon(day) + timedelta(hours=1)
        bill = Bill(town, person, EMPLOYEE, H1, noon(day), charges=(of(TABLET, total),)).ready()
        return bill, bill.settle().output["setlinfo"]

    def in_database(work, *values):
        return town.run(town.runtime.in_thread(work, *values))

    def switched(on, day):
        in_database(lambda: switch_rule_set(root=policies_root(), city="jishou", name="covid-2020", on=on, day=day, diagnoses=["J06"],
                                            by=("b", "c"), at=town.now))
        town.run(town.runtime.refresh())

    one, twin = (town.newcomer(JISHOU + "01") for _ in range(2))
    switched(True, date(2025, 3, 12))
    with_it = [settled(one, day, total)[1] for day, total in (("2025-03-12", 500), ("2025-03-13", 900))]
    shelf = town.runtime.desk.shelf
    book = shelf.of_area("433101")
    reversed_bill = settled(town.newcomer(JISHOU + "01"), "2025-03-13", 700)[0]
    undone = town.call("2208", {"data": {"setl_id": reversed_bill.setl_id, "mdtrt_id": reversed_bill.mdtrt_id,
                                         "psn_no": reversed_bill.psn_no}}, H1)
    assert undone.fine
    found = in_database(cost, shelf, book, "covid-2020", 20250312, 20250314)
    switched(False, date(2025, 3, 14))
    without = [settled(twin, day, total)[1] for day, total in (("2025-03-14", 500), ("2025-03-15", 900))]
    expected = sum(a["fund_pay_sumamt"] - b["fund_pay_sumamt"] for a, b in zip(with_it, without, strict=True))
    assert expected > 0 and Decimal(found.funds) / 100 == expected and found.person == -found.funds
    assert (found.bills, found.persons, found.complete) == (2, 1, True)
    assert in_database(cost, shelf, book, "covid-2020", 20250401, 20250501).bills == 0
