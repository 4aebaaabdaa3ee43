"""Officers and posts: entered by one administrator, confirmed by another; nobody changes the own rights."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from openyibao.bureau.refused import Refused
from openyibao.bureau.staff import changes, work
from openyibao.bureau.staff.models import Act, Change, Officer, Post, Session, Work
from openyibao.bureau.staff.rights import rights_of
from signed import QUICK, client_as

pytestmark = pytest.mark.usefixtures("django_database")
AT = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def two():
    """Two administrators."""
    return client_as("administrator"), client_as("administrator", name="第二人")


def rights(login):
    """An officer's rights."""
    return rights_of(Officer.objects.get(login=login))


def said(**other):
    """A form about a new officer."""
    return {"login": "chen.j", "name": "陈静", "post": "clerk", "psn_no": "", "relatives": "12 34，56", "is_active": "on"} | other


def test_a_new_officer_comes_of_two_administrators_and_gets_a_password_for_one_use(two):
    first, second = two
    answer = first.post("/staff/new", said())
    row = Change.objects.get()
    assert answer["Location"] == f"/staff/changes/{row.pk}" and not Officer.objects.filter(login="chen.j").exists()
    assert row.after == {"name": "陈静", "post": "clerk", "psn_no": "", "relatives": ["12", "34", "56"], "is_active": True}
    assert first.post(f"/staff/changes/{row.pk}", {"confirm": "1"}).status_code == 403, "not by the one who entered it"
    assert not Officer.objects.filter(login="chen.j").exists()
    waiting = second.get("/me/work").content.decode()
    assert "人员变更待确认：chen.j" in waiting and "chen.j" not in first.get("/me/work").content.decode()
    page = second.post(f"/staff/changes/{row.pk}", {"confirm": "1"}).content.decode()
    password = re.search(r'class="secret">([^<]+)<', page)[1]
    officer = Officer.objects.get(login="chen.j")
    assert officer.relatives == ["12", "34", "56"] and officer.post_id == "clerk" and officer.password_at is None
    assert password not in second.get(f"/staff/changes/{row.pk}").content.decode(), "shown once"
    with override_settings(PASSWORD_HASHERS=QUICK):
        answer = Client(SERVER_NAME="localhost").post("/sign-in", {"login": "chen.j", "password": password})
    assert answer["Location"].startswith("/sign-in/code")
    assert not Work.objects.filter(closed_at=None).exists() and work.unread(first.officer) == 1
    assert [one.what for one in Act.objects.order_by("id")] == ["staff.enter", "staff.confirm"]
    assert password not in str(list(Act.objects.values())), "no log keeps it"


def test_the_list_of_changes_and_its_export_name_both_officers_by_one_question_for_all_rows(two):
    first, second = two
    for login in ("chen.j", "li.m"):
        first.post("/staff/new", said(login=login))
        second.post(f"/staff/changes/{Change.objects.latest('pk').pk}", {"confirm": "1"})
    by, decided = (f"{Officer.objects.get(login=client.officer).name} {client.officer}" for client in two)
    page = second.get("/staff/changes").content.decode()
    assert len(re.findall(rf">\s*{re.escape(by)}\s*</td>", page)) == len(re.findall(rf">\s*{re.escape(decided)}\s*</td>", page)) == 2
    with CaptureQueriesContext(connection) as caught:
        file = b"".join(second.get("/staff/changes?export=csv").streaming_content).decode()
    assert file.count(by) == 2 and file.count(decided) == 2
    assert sum('SELECT "staff_officer"."login"' in one["sql"] and " IN (" in one["sql"] for one in caught) == 1


def test_nobody_changes_the_own_account_or_post(two):
    first, second = two
    for client in two:
        me = Officer.objects.get(login=client.officer)
        form = said(login=client.officer, name="我", post="policy-head")
        answer = client.post(f"/staff/officers/{client.officer}", form)
        assert answer.status_code == 403 and "STAFF-07" in answer.content.decode()
        form = {"name": "x", "room": "staff", "admdvs": "433101", "area": "", "roles": ["administrator", "policy_head"]}
        answer = client.post(f"/staff/posts/{me.post_id}", form)
        assert answer.status_code == 403 and "STAFF-07" in answer.content.decode()
    assert not Change.objects.exists()
    row = changes.enter(kind="post", key=Officer.objects.get(login=second.officer).post_id, at=AT, by=rights(first.officer),
                        after={"name": "x", "name_en": "", "room": "staff", "admdvs": "433101", "area": "", "institution": "", "guided": "",
                               "roles": ["administrator", "policy_head"]})  # fmt: skip
    with pytest.raises(Refused, match="不能修改自己的岗位"):
        changes.confirm(row.pk, by=rights(second.officer), at=AT)


def test_a_post_gets_roles_and_area_by_two_and_its_officers_rights_change_at_once(two):
    first, second = two
    guest = client_as("guest")
    assert guest.get("/logs/acts").status_code == 403
    form = {"name": "访客", "name_en": "Guest", "room": "staff", "admdvs": "433101", "area": "4331", "roles": ["guest", "auditor"]}
    first.post("/staff/posts/guest", form)
    row = Change.objects.get()
    page = second.get(f"/staff/changes/{row.pk}").content.decode()
    assert "审计岗（只读）" in page and "<strong>4331</strong>" in page
    assert guest.get("/logs/acts").status_code == 403
    second.post(f"/staff/changes/{row.pk}", {"confirm": "1"})
    assert guest.get("/logs/acts").status_code == 200
    assert rights("guest").area == "4331"


def test_an_area_that_is_none_and_a_role_that_is_none_are_refused_beside_the_field(two):
    form = {"code": "x y", "name": "甲", "room": "staff", "admdvs": "4331", "area": "43x", "institution": "1", "roles": ["emperor"]}
    answer = two[0].post("/staff/posts/new", form)
    text = answer.content.decode()
    assert answer.status_code == 400 and text.count("field-problem") == 5 and not Change.objects.exists()


def test_locking_waits_for_nobody_and_ends_the_sessions(two):
    clerk = client_as("clerk")
    assert Session.objects.filter(officer__login="clerk").count() == 1
    row = Officer.objects.get(login="clerk")
    answer = two[0].post("/staff/officers/clerk", {"login": "clerk", "name": row.name, "post": row.post_id, "psn_no": "", "relatives": ""})
    assert answer["Location"] == "/staff" and not Change.objects.exists()
    assert clerk.get("/").status_code == 302 and not Session.objects.filter(officer__login="clerk").exists()
    assert Act.objects.get(what="staff.lock").object == "officer/clerk"


def test_a_forgotten_password_is_reset_by_two_and_the_second_factor_with_it(two):
    first, second = two
    clerk = client_as("clerk")
    Officer.objects.filter(login="clerk").update(factor=b"x" * 40)
    first.post("/staff/officers/clerk", {"reset": "1"})
    row = Change.objects.get()
    assert row.kind == "reset" and clerk.get("/").status_code == 200
    assert "secret" in second.post(f"/staff/changes/{row.pk}", {"confirm": "1"}).content.decode()
    found = Officer.objects.get(login="clerk")
    assert found.factor is None and found.password_at is None and clerk.get("/").status_code == 302


def test_a_change_is_withdrawn_or_sent_back_and_then_settled(two):
    first, second = two
    for client, state in ((first, "withdrawn"), (second, "rejected")):
        first.post("/staff/new", said())
        row = Change.objects.get(state="waiting")
        client.post(f"/staff/changes/{row.pk}", {"refuse": "1"})
        row.refresh_from_db()
        assert (row.state, row.decided_by) == (state, client.officer)
        assert second.post(f"/staff/changes/{row.pk}", {"confirm": "1"}).status_code == 403
    assert not Officer.objects.filter(login="chen.j").exists()


@pytest.mark.parametrize(("path", "form", "code"), [
    ("/staff/new", said(login="clerk"), "STAFF-06"),
    ("/staff/officers/clerk", None, "STAFF-09"),
])
def test_what_makes_no_sense_is_refused(two, path, form, code):
    row = Officer.objects.get(login="clerk")
    form = form or {"login": "clerk", "name": row.name, "post": row.post_id, "psn_no": "", "relatives": "", "is_active": "on"}
    answer = two[0].post(path, form)
    assert answer.status_code == 403 and code in answer.content.decode()


def test_one_change_of_an_officer_waits_at_a_time(two):
    two[0].post("/staff/new", said())
    answer = two[1].post("/staff/new", said(name="另一个"))
    assert answer.status_code == 403 and "STAFF-08" in answer.content.decode()
    assert Change.objects.count() == 1


def test_the_auditor_reads_and_changes_nothing(two):
    auditor = client_as("auditor")
    two[0].post("/staff/new", said())
    row = Change.objects.get()
    for path in ("/staff", "/staff/posts", "/staff/changes", f"/staff/changes/{row.pk}", "/logs/acts", "/logs/looks", "/logs/sign-ins"):
        assert auditor.get(path).status_code == 200, path
    for path in ("/staff/new", "/staff/officers/clerk", "/staff/posts/new", "/staff/posts/clerk"):
        assert auditor.get(path).status_code == 403, path
    assert auditor.post(f"/staff/changes/{row.pk}", {"confirm": "1"}).status_code == 403
    assert Post.objects.filter(code="clerk").exists() and not Officer.objects.filter(login="chen.j").exists()


def test_a_posts_office_is_changed_by_two_administrators_who_see_it_before_and_after(two):
    first, second = two
    guest = Post.objects.get(code="guest")
    form = {"code": "guest", "name": guest.name, "name_en": guest.name_en, "room": guest.room, "admdvs": guest.admdvs, "area": "",
            "institution": "", "guided": "", "office": "医保局", "roles": ["guest"]}
    assert first.post("/staff/posts/guest", form).status_code == 302
    row = Change.objects.get()
    assert (row.before["office"], row.after["office"]) == ("", "医保局")
    page = second.get(f"/staff/changes/{row.pk}").content.decode()
    assert "责任部门" in page and "<strong>医保局</strong>" in page
    assert Post.objects.get(code="guest").office == "", "not before it is confirmed"
    second.post(f"/staff/changes/{row.pk}", {"confirm": "1"})
    assert rights("guest").office == "医保局"
    assert "医保局" in client_as("guest").get("/me").content.decode()
    assert Act.objects.get(what="staff.confirm").detail["after"]["office"] == "医保局"


def test_a_change_that_waited_since_before_posts_had_offices_is_confirmed_all_the_same(two):
    first, second = two
    Post.objects.filter(code="guest").update(office="医保局")
    after = {key: said for key, said in changes.post_as_is(Post.objects.get(code="guest")).items() if key != "office"} | {"name": "来宾"}
    row = changes.enter(kind=changes.POST, key="guest", after=after, by=rights(first.officer), at=AT)
    changes.confirm(row.pk, by=rights(second.officer), at=AT)
    guest = Post.objects.get(code="guest")
    assert (guest.name, guest.office) == ("来宾", "医保局")
