"""Rights as data: the table, recusal, two persons, the purpose before a person's record, work and notices, the log one can read."""

from datetime import UTC, date, datetime, timedelta

import pytest
import yaml
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from openyibao.bureau.refused import Refused
from openyibao.bureau.staff import rights as table
from openyibao.bureau.staff import work
from openyibao.bureau.staff.actions import acted
from openyibao.bureau.staff.asking import ACT, asks, give_purpose, looks_at, open_to_all, purpose_for
from openyibao.bureau.staff.models import Look, Notice, Officer, Post, Role, Work
from openyibao.bureau.staff.rights import Rights, arrange_roles, need_second, rights_of
from signed import client_as

pytestmark = pytest.mark.usefixtures("django_database")
AT = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)
LI = Rights("li", frozenset({"person.see", "claim.first"}), "433130", "", "8", frozenset({"9"}))


def test_the_table_names_acts_that_exist_in_both_languages():
    said = table.table()
    for role in said["roles"].values():
        assert set(role["may"]) <= set(said["acts"]) and role["zh"] and role["en"] and "home.see" in role["may"]
    assert all(words["zh"] and words["en"] for words in said["acts"].values())
    given = {act for role in said["roles"].values() for act in role["may"]}
    assert given == set(said["acts"]), "an act that no role has is an act nobody may do"


def test_a_reviewer_holds_one_of_the_three_steps_and_nobody_holds_both_ends():
    roles = {code: set(words["may"]) for code, words in table.table()["roles"].items()}
    for one, other in (("claim.enter", "claim.first"), ("claim.first", "claim.second"), ("claim.second", "claim.final"),
                       ("claim.final", "claim.pay"), ("policy.draft", "policy.approve"), ("staff.edit", "claim.pay")):
        assert not [code for code, may in roles.items() if {one, other} <= may], (one, other)
    assert not [act for act in roles["auditor"] if act.split(".")[1] not in ("see", "follow", "export")], "an auditor reads"
    assert not [act for act in roles["guest"] if act.split(".")[1] not in ("see", "estimate")], "a guest reads"


def test_roles_follow_the_file_and_those_of_the_city_stay(monkeypatch):
    Role.objects.create(code="town_helper", name="村级协办", name_en="Helper", may=["home.see"])
    arrange_roles()
    arrange_roles()
    assert Role.objects.get(code="guest").may == table.table()["roles"]["guest"]["may"]
    assert Role.objects.get(code="town_helper").may == ["home.see"]
    broken = {"acts": {}, "roles": {"x": {"zh": "x", "en": "x", "may": ["fly"]}}}
    monkeypatch.setattr(table, "table", lambda: broken)
    monkeypatch.setattr(table, "acts", dict)
    with pytest.raises(ValueError, match="fly"):
        arrange_roles()


def test_rights_are_those_of_all_roles_of_the_post_and_none_without_one():
    arrange_roles()
    post = Post.objects.create(code="p", name="p", room="r", admdvs="433101", area="4331", institution="")
    post.roles.set(Role.objects.filter(code__in=["guest", "paymaster"]))
    officer = Officer.objects.create(login="o", name="o", post=post, psn_no="7", relatives=["8"])
    found = rights_of(officer)
    assert found.may("claim.pay") and found.may("policy.see") and not found.may("claim.final")
    assert (found.area, found.psn_no, found.relatives) == ("4331", "7", frozenset({"8"}))
    assert not rights_of(Officer(login="n", name="n", post=None)).acts
    officer.is_active = False
    assert not rights_of(officer).acts


@pytest.mark.parametrize("psn_no", ["8", "9"])
def test_nobody_handles_the_own_case_or_a_relatives(psn_no):
    with pytest.raises(Refused) as refused:
        LI.need_other(psn_no)
    assert refused.value.code == "STAFF-04"
    LI.need_other("10")
    LI.need_other("")


def test_two_steps_need_two_people():
    with pytest.raises(Refused) as refused:
        need_second(first="li", second="li")
    assert refused.value.code == "STAFF-05"
    need_second(first="li", second="wang")


# ---- pages that ask ----


@asks("person.see")
@looks_at
def record(request, *, psn_no):
    """A page about one person."""
    return HttpResponse(f"record of {psn_no}")


@asks("claim.pay")
def paying(request):
    """A page for paymasters."""
    raise AssertionError("nobody without the right gets here")


@asks("person.see")
def recused(request):
    """A page whose action refuses."""
    request.rights.need_other("9")


@open_to_all
def front(request):
    """A page for all."""
    return HttpResponse("hello")


def asked(rights, method="get", session=None, **form):
    """A request of somebody with rights."""
    request = getattr(RequestFactory(SERVER_NAME="localhost"), method)("/x?y=1", form)
    request.rights, request.session, request.user = rights, {} if session is None else session, Officer(login="li", name="李")
    return request


def test_a_page_says_which_right_is_missing_and_what_to_do():
    answer = paying(asked(LI))
    text = answer.content.decode()
    assert answer.status_code == 403 and "零星报销拨付" in text and "系统管理岗" in text and "STAFF-03" in text
    assert paying(asked(None))["Location"] == "/sign-in?next=%2Fx%3Fy%3D1"


def test_a_refusal_of_the_action_becomes_a_page():
    answer = recused(asked(LI))
    assert answer.status_code == 403 and "回避" in answer.content.decode()


def test_views_say_what_they_ask_for():
    assert (getattr(record, ACT), getattr(front, ACT), getattr(paying, ACT)) == ("person.see", "open to all", "claim.pay")


def test_a_record_opens_for_a_purpose_and_the_look_is_logged():
    session = {}
    answer = record(asked(LI, session=session), psn_no="1")
    assert "record of" not in answer.content.decode() and "用途" in answer.content.decode() and not Look.objects.exists()
    assert record(asked(LI, "post", session, purpose="   "), psn_no="1").status_code == 400
    answer = record(asked(LI, "post", session, purpose="窗口办理业务"), psn_no="1")
    assert answer["Location"] == "/x?y=1" and not Look.objects.exists()
    assert record(asked(LI, session=session), psn_no="1").content == b"record of 1"
    look = Look.objects.get()
    assert (look.officer, look.psn_no, look.purpose, look.what) == ("li", "1", "窗口办理业务", "/x")
    assert "record of" not in record(asked(LI, session=session), psn_no="2").content.decode(), "a purpose holds for one person"


def test_a_purpose_grows_stale():
    session = {}
    request = asked(LI, session=session)
    give_purpose(request, "1", "来电查询")
    assert purpose_for(request, "1") == "来电查询"
    session["purposes"]["1"][1] = (timezone.now() - timedelta(seconds=1)).timestamp()
    assert purpose_for(request, "1") == ""


def test_ones_own_record_opens_at_once_and_is_logged_all_the_same():
    assert record(asked(LI), psn_no="8").content == b"record of 8"
    assert Look.objects.get().purpose == "本人查询"


# ---- work and notices ----


def opened(**other):
    """A piece of work."""
    given = {"act": "claim.first", "kind": "claim.first", "object": "claim/1", "title": "初审 1", "title_en": "Review 1",
             "link": "/claims/1", "at": AT}
    return work.opened(**given | other)


def test_work_waits_for_whoever_may_do_it_here():
    opened(object="claim/1", area="433130")
    opened(object="claim/2", area="433101")
    opened(object="claim/3", area="433130", not_for=("li",))
    opened(object="claim/4", act="claim.second", kind="claim.second", area="433130")
    opened(object="claim/5")
    opened(object="claim/6", institution="H43310199001", act="day.close", kind="day")
    assert sorted(one.object for one in work.waiting_for(LI)) == ["claim/1", "claim/5"]
    assert work.count_for(LI._replace(login="wang")) == 3
    hospital = Rights("h", frozenset({"day.close", "claim.first"}), "433101", "H43310199001", "", frozenset())
    assert [one.object for one in work.waiting_for(hospital)] == ["claim/6"]


def test_work_is_opened_once_and_closed_once():
    first = opened()
    assert opened(title="again").pk == first.pk
    assert work.closed(kind="claim.first", object="claim/1", by="li", outcome="passed", at=AT)
    assert not work.closed(kind="claim.first", object="claim/1", by="li", outcome="passed", at=AT)
    assert opened().pk != first.pk and Work.objects.count() == 2


def test_the_first_page_shows_what_waits_and_what_is_late():
    client = client_as("first")
    opened(area="433101", due=date(2020, 1, 1))
    page = client.get("/").content.decode()
    assert "初审 1" in page and "2020-01-01" in page
    client.post("/language", {"language": "en"})
    assert "Review 1" in client.get("/me/work").content.decode()


def test_notices_are_new_until_they_are_read():
    client = client_as("first")
    work.told(officer="first", text="已退回补正", text_en="Sent back", at=AT, link="/claims/1")
    work.told(officer="second", text="别人的", text_en="Somebody else's", at=AT)
    for _ in range(2):
        page = client.get("/me/notices").content.decode()
        assert "已退回补正" in page and "别人的" not in page and "badge-notification" in page, "looking does not change anything"
    client.post("/me/notices")
    assert "badge-notification" not in client.get("/me/notices").content.decode()
    assert Notice.objects.get(officer="second").read_at is None


def test_everybody_reads_the_own_log():
    client = client_as("first")
    acted(officer="first", what="claim.first", object="claim/1", at=AT)
    acted(officer="second", what="claim.second", object="claim/2", at=AT)
    Look.objects.create(officer="first", psn_no="4711", purpose="零星报销审核", what="claim", at=AT)
    page = client.get("/me/acts").content.decode()
    assert "零星报销 1" in page and "4711" in page and "零星报销 2" not in page


def test_the_account_page_says_what_one_may_do_and_where():
    page = client_as("county").get("/me").content.decode()
    assert "433130" in page and "零星报销录入" in page and "零星报销初审" not in page


def test_demo_accounts_have_posts_whose_roles_exist():
    client_as("guest")
    for login, words in yaml.safe_load((table.TABLE.with_name("demo.yaml")).read_text(encoding="utf-8")).items():
        assert {role.code for role in Post.objects.get(code=login).roles.all()} == set(words["roles"]), login
