"""An office sees its own indicators first, and all by one click; nothing is hidden from anybody (L02)."""

from datetime import UTC, date, datetime

import pytest

from openyibao.bureau.planning import actions
from openyibao.bureau.planning.board import indicators_of
from openyibao.warehouse.measure.plantable import plan_of
from signed import client_as

pytestmark = pytest.mark.usefixtures("django_database")
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def planned(office, city="jingzhou"):
    """How many indicators of a plan an office answers for, by its exact name; "" all."""
    return sum(not office or office in one.offices for one in plan_of(city).indicators)


def told(client, address):
    """What a list says of its length."""
    return client.get(address).content.decode().split('role="status">')[-1].split("</span>")[0].strip()


def exported(client, address):
    """The lines of an export without its head."""
    return b"".join(client.get(f"{address}&export=csv").streaming_content).decode("utf-8-sig").strip().splitlines()[1:]


def test_an_office_sees_its_own_indicators_first_and_all_by_one_click():
    client, own, every = client_as("policy", office="医保局"), planned("医保局"), planned("")
    assert 0 < own < every
    page = client.get("/plan/?city=jingzhou").content.decode()
    assert f"本部门的指标 · 医保局 · {own}" in page and f"全部 · {every}" in page and "JZ-03" not in page
    assert told(client, "/plan/?city=jingzhou") == f"共 {own} 条"
    assert told(client, "/plan/?city=jingzhou&whose=all") == f"共 {every} 条"
    assert "whose=all" in page and "JZ-03" in client.get("/plan/?city=jingzhou&whose=all").content.decode()
    assert len(exported(client, "/plan/?city=jingzhou")) == own
    assert len(exported(client, "/plan/?city=jingzhou&whose=all")) == every
    assert client.get("/plan/JZ-03?city=jingzhou").status_code == 200, "a view, no right"


def test_the_heads_of_the_board_count_what_is_shown_and_keep_the_choice():
    client = client_as("policy", office="税务")
    own, every = client.get("/plan/?city=jingzhou").content.decode(), client.get("/plan/?city=jingzhou&whose=all").content.decode()
    assert "state=no_answer&amp;whose=all" in every and "state=no_answer&amp;whose=all" not in own
    waits = len(indicators_of(plan_of("jingzhou"))), planned("税务")
    assert waits[1] == 1 and told(client, "/plan/?city=jingzhou&state=no_answer") == "共 1 条"
    assert told(client, "/plan/?city=jingzhou&state=no_answer&whose=all") == f"共 {planned('')} 条"


@pytest.mark.parametrize(("office", "city"), [("", "jingzhou"), ("保局", "jingzhou"), ("市医保局", "jingzhou"), ("医保局", "yuxi")])
def test_a_post_without_an_office_or_with_one_that_the_plan_does_not_name_sees_all(office, city):
    client = client_as("policy", office=office)
    page = client.get(f"/plan/?city={city}").content.decode()
    assert "本部门的指标" not in page and told(client, f"/plan/?city={city}") == f"共 {planned('', city)} 条"
    assert len(exported(client, f"/plan/?city={city}")) == planned("", city)


def test_the_demos_policy_officers_have_an_office_and_the_auditor_has_none():
    assert "本部门的指标 · 医保局" in client_as("policy").get("/plan/?city=jingzhou").content.decode()
    assert "本部门的指标 · 市医保局" in client_as("policy-leader").get("/plan/?city=wuhan").content.decode()
    assert "本部门的指标" not in client_as("auditor").get("/plan/?city=jingzhou").content.decode()


def test_an_office_sees_its_own_tasks_and_milestones_first():
    for office in ("税务", "医保、税务", "医保、税务、卫健", "税务局", "医保局"):
        actions.task_made(city="jingzhou", code="", title=f"任务（{office}）", office=office, owner="", due=date(2026, 12, 1), plan="",
                          by="policy-head", at=NOW)
        actions.milestone_made(city="jingzhou", title=f"里程碑（{office}）", due=date(2027, 12, 1), office=office, by="policy-head", at=NOW)
    client = client_as("policy", office="税务")
    for address, own in (("/plan/tasks?city=jingzhou", "本部门的任务"), ("/plan/milestones?city=jingzhou", "本部门的里程碑")):
        page, every = client.get(address).content.decode(), client.get(f"{address}&whose=all").content.decode()
        assert f"{own} · 税务 · 3" in page and "全部 · 5" in page
        assert all(office in page for office in ("（税务）", "（医保、税务）", "（医保、税务、卫健）"))
        assert "（税务局）" not in page and "（医保局）" not in page
        assert "（税务局）" in every and "（医保局）" in every
    assert len(exported(client, "/plan/tasks?city=jingzhou")) == 3 and len(exported(client, "/plan/tasks?city=jingzhou&whose=all")) == 5
    other = client_as("policy", office="残联").get("/plan/tasks?city=jingzhou").content.decode()
    assert "本部门" not in other and "（医保局）" in other
