"""The planning desk on a real database: counting a store, entries by hand, milestones, tasks, rows behind, report, rights."""

import io
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from openyibao.bureau.planning import actions, measuring
from openyibao.bureau.planning.actions import Paper
from openyibao.bureau.planning.models import Milestone, Proof, Refresh, Step, Task, Value
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.models import Notice, Work
from signed import client_as
from warehouse.made_store import made_store

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
PAPER = Paper(link="https://example.org/report")


@pytest.fixture
def home(tmp_path, settings_home):
    """A home folder with a made store of Yuxi."""
    made_store(tmp_path / "warehouse" / "yuxi", city="yuxi", people=200, years=(2023,), buckets=1)
    return tmp_path


@pytest.fixture
def settings_home(tmp_path, monkeypatch):
    """The settings' home folder is the test's."""
    monkeypatch.setattr("django.conf.settings.HOME", tmp_path)


def counted(**bounds):
    """A count done at once; how many values are new."""
    refresh = actions.asked(city="yuxi", by="trial", at=NOW, background=False, **bounds)
    return measuring.count(refresh=refresh, at=NOW, clock=lambda: NOW)


def enter(code="YX-07", month=202312, figure="61", **changes):
    """An entry by hand."""
    said = {"city": "yuxi", "code": code, "month": month, "figure": figure, "said": "年报", "paper": PAPER, "by": "policy-head", "at": NOW}
    return actions.entered(**{**said, **changes})


def test_a_count_keeps_values_once_and_the_same_count_keeps_none(django_database, home):
    assert counted(first=202312) > 50
    assert counted(first=202312) == 0
    refresh = Refresh.objects.order_by("pk").last()
    assert (refresh.state, refresh.months, refresh.months_done) == ("done", 1, 1)
    assert not Value.objects.exclude(stands=True).exists() and len(set(Value.objects.values_list("digest", flat=True))) > 50
    assert Milestone.objects.filter(city="yuxi").exclude(code="").count() == 2

    client = client_as("policy")
    board = client.get("/plan/?city=yuxi")
    assert board.status_code == 200 and "YX-07" in board.content.decode()
    rows = client.get("/plan/YX-05/rows?city=yuxi").content.decode()
    assert "与看板的值一致" in rows
    file = b"".join(client.get("/plan/YX-05/rows?city=yuxi&export=csv").streaming_content).decode()
    kept = Value.objects.filter(code="YX-05", span="year", stands=True).latest("month")
    assert len(file.strip().splitlines()) == kept.rows + 1
    assert client_as("first").get("/plan/YX-05/rows?city=yuxi").status_code == 200
    assert client_as("guest").get("/plan/YX-05/rows?city=yuxi").status_code == 403
    assert "本机构" in client_as("hospital").get("/plan/YX-05/rows?city=yuxi").content.decode()

    with pytest.raises(Refused, match="业务数据"):
        enter("YX-05")


def test_without_a_store_the_count_fails_with_the_next_step(django_database, settings_home):
    refresh = actions.asked(city="yuxi", by="trial", at=NOW, background=False)
    with pytest.raises(Refused) as refused:
        measuring.count(refresh=refresh, at=NOW, clock=lambda: NOW)
    assert refused.value.code == "PLAN-01" and "export-database" in refused.value.next_zh
    assert Refresh.objects.get(pk=refresh).state == "failed"


def test_two_counts_of_a_city_do_not_run_at_once_and_a_dead_one_is_given_up(django_database, settings_home):
    first = actions.asked(city="yuxi", by="trial", at=NOW, background=False)
    actions.moved(refresh=first, months=24, done=1, kept=0, at=NOW)
    with pytest.raises(Refused, match="正在测算"):
        actions.asked(city="yuxi", by="trial", at=NOW, background=False)
    actions.asked(city="yuxi", by="trial", at=NOW.replace(hour=11), background=False)
    assert Refresh.objects.get(pk=first).state == "failed"


def test_the_board_of_yuxi_does_not_call_yx_07_reached(django_database):
    enter()
    page = client_as("policy").get("/plan/?city=yuxi&q=YX-07").content.decode()
    assert "达标但低于基期" in page and "61.00" in page
    one = client_as("policy").get("/plan/YX-07").content.decode()
    assert "不能只算“已达标”" in one and "12.00 个百分点" in one
    assert Work.objects.filter(kind="plan.deviation", object="indicator/yuxi/YX-07", closed_at=None).count() == 1
    enter(figure="73.5")
    assert not Work.objects.filter(kind="plan.deviation", closed_at=None).exists()


def test_an_entry_needs_words_and_proof_and_keeps_its_history(django_database):
    for changes, code in (({"paper": Paper()}, "PLAN-08"), ({"said": " "}, "PLAN-08"), ({"figure": "六十"}, "PLAN-07"),
                          ({"figure": "1.234"}, "PLAN-07"), ({"month": 202612}, "PLAN-06"), ({"month": 202313}, "PLAN-06"),
                          ({"code": "YX-99"}, "PLAN-04"), ({"paper": Paper("a.exe", b"x")}, "PLAN-09"),
                          ({"paper": Paper(link="javascript:alert(1)")}, "PLAN-09")):
        with pytest.raises(Refused) as refused:
            enter(**changes)
        assert refused.value.code == code, changes
    assert not Value.objects.exists() and not Proof.objects.exists()
    enter(figure="60.9")
    enter(paper=Paper("表.pdf", b"%PDF-1.7"))
    assert list(Value.objects.order_by("pk").values_list("shown", "stands")) == [(6090, False), (6100, True)]
    with pytest.raises(Exception, match="append-only"):
        Proof.objects.all().delete()


def test_the_form_enters_a_value_and_its_file_can_be_had_back(django_database):
    client = client_as("policy-head")
    given = {"month": "2023-12", "figure": "61", "said": "大病年报", "link": "", "proof": SimpleUploadedFile("表.pdf", b"%PDF-1.7 x")}
    assert client.post("/plan/YX-07/enter", given).status_code == 302
    proof = Proof.objects.get()
    answer = client.get(f"/plan/proofs/{proof.pk}")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 x" and "attachment" in answer["Content-Disposition"]
    assert client.post("/plan/YX-07/enter", {**given, "proof": ""}).status_code == 400
    assert client_as("policy").post("/plan/YX-07/enter", given).status_code == 403


def test_a_milestone_of_the_plan_is_declared_with_a_proof_and_gets_its_value(django_database):
    actions.laid_out(city="jishou", by="trial", at=NOW)
    row = Milestone.objects.get(code="JS-T04")
    with pytest.raises(Refused):
        actions.declared(milestone=row.pk, on=date(2025, 6, 1), said="已上线", paper=Paper(), by="policy-head", at=NOW)
    actions.declared(milestone=row.pk, on=date(2025, 6, 1), said="已上线", paper=PAPER, by="policy-head", at=NOW)
    assert Value.objects.get(code="JS-T04", stands=True).shown == 100
    with pytest.raises(Refused, match="已经实现"):
        actions.declared(milestone=row.pk, on=date(2025, 6, 1), said="再来", paper=PAPER, by="policy-head", at=NOW)
    page = client_as("policy").get("/plan/milestones?city=jishou").content.decode()
    assert "2025-06-01" in page


def test_a_task_waits_in_the_queue_until_it_is_done_with_a_proof(django_database):
    client = client_as("policy-head")
    made = client.post("/plan/tasks/new?city=jishou", {"title": "挂牌", "code": "JS-T02", "office": "经办中心", "owner": "policy",
                                                       "due": "2020-01-01", "plan": "先试点"})
    task = Task.objects.get()
    assert made["Location"] == f"/plan/tasks/{task.pk}" and Notice.objects.filter(officer="policy").exists()
    assert Work.objects.get(kind="plan.task", closed_at=None).due == date(2020, 1, 1)
    assert "已逾期" in client.get("/plan/tasks?late=1").content.decode()
    assert client.post(f"/plan/tasks/{task.pk}", {"state": "done", "said": "办完", "link": ""}).status_code == 400
    assert client.post(f"/plan/tasks/{task.pk}", {"state": "done", "said": "办完", "link": "https://example.org/a"}).status_code == 302
    assert not Work.objects.filter(kind="plan.task", closed_at=None).exists()
    assert list(Step.objects.order_by("pk").values_list("state", flat=True)) == ["open", "done"]
    strange = {"title": "x", "code": "YX-07", "office": "y", "due": "2027-01-01"}
    assert client.post("/plan/tasks/new?city=jishou", strange).status_code == 400
    assert client_as("policy").post(f"/plan/tasks/{task.pk}", {"state": "doing", "said": "x"}).status_code == 403


def test_filters_count_and_export(django_database):
    enter()
    client = client_as("policy")
    assert "共 3 条" in client.get("/plan/?city=yuxi&binding=约束性").content.decode()
    assert "共 1 条" in client.get("/plan/?city=yuxi&state=below_baseline").content.decode()
    file = b"".join(client.get("/plan/?city=yuxi&export=csv").streaming_content).decode("utf-8-sig").splitlines()
    assert len(file) == 30 and "达标但低于基期 · 重大偏离" in next(line for line in file if line.startswith("YX-07"))
    book = load_workbook(io.BytesIO(b"".join(client.get("/plan/?city=yuxi&export=xlsx").streaming_content)))
    assert book.active.max_row == 30


def test_the_yearly_report_is_a_workbook_and_a_paper_in_both_languages(django_database):
    enter()
    client = client_as("policy", language="en")
    page = client.get("/plan/report?city=yuxi").content.decode()
    assert "The plan&#x27;s indicators in 2023" in page or "The plan's indicators in 2023" in page
    book = load_workbook(io.BytesIO(b"".join(client.get("/plan/report?city=yuxi&year=2023&form=xlsx").streaming_content)))
    assert book.sheetnames[0] == "Indicators" and book.active.max_row > 29
    paper = b"".join(client_as("policy").get("/plan/report?city=yuxi&year=2023&form=pdf").streaming_content)
    assert paper.startswith(b"%PDF-")


def test_an_unknown_indicator_is_not_found_and_another_citys_is_shown_as_its_own(django_database):
    client = client_as("policy")
    assert client.get("/plan/ZZ-01").status_code == 404
    assert "玉溪" in client.get("/plan/yx-07?city=jishou").content.decode()


def test_pages_ask_few_questions(django_database):
    enter()
    from_pages = {}
    for address in ("/plan/?city=yuxi", "/plan/YX-07", "/plan/milestones?city=yuxi", "/plan/tasks", "/plan/report?city=yuxi"):
        from_pages[address] = questions(client_as("policy-head"), address)
    assert max(from_pages.values()) <= 25, from_pages


def questions(client, address):
    """How many questions to the database a page takes."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)
