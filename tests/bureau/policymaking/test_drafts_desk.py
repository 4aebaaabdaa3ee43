"""A change of policy at the desk: written, checked, approved by two heads, in force for pages and door; nobody does two steps."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openyibao.bureau.policydesk.models import Amendment, InForce, Package
from openyibao.bureau.policydesk.queries import book_of
from openyibao.bureau.policydesk.shelf import books, forget, shelf
from openyibao.bureau.policymaking import actions
from openyibao.bureau.policymaking.drafted import changes_of
from openyibao.bureau.policymaking.models import Draft
from openyibao.bureau.policymaking.queries import draft_file, drafts, laid_files
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.models import Notice, Work
from openyibao.bureau.staff.queries import acts_on
from openyibao.policybook.tree import found_on
from signed import client_as

KEY, SECOND = "outpatient.employee.ratio.active.L3", "outpatient.employee.deductible.L3"
STARTS = date(timezone.localdate().year + 1, 1, 1)
DAY = STARTS.year * 10_000 + 101


@pytest.fixture
def desk(django_database):
    """The drafter and both heads, signed in."""
    forget()
    return client_as("policy"), client_as("policy-head"), client_as("policy-leader")


def begun(officer, **more):
    """A draft of one parameter, as the page begins it."""
    given = {"name": "三级多报", "name_en": "More at level 3", "city": "jishou", "starts": STARTS.isoformat(), "why": "减负", "key": KEY}
    given |= more
    answer = officer.post("/policies/drafts/new", given)
    assert answer.status_code == 302, answer.content.decode()
    return Draft.objects.get(pk=int(answer["Location"].split("/")[-2]))


def written(officer, draft, *lines, **more):
    """The draft's form sent with (value, since) for each line."""
    form = {"name": draft.name, "name_en": draft.name_en, "why": draft.why, "starts": draft.starts.isoformat(), "do": "save", **more}
    for place, (value, since) in enumerate(lines):
        form |= {f"value-{place}": value, f"since-{place}": since, f"source-{place}": "示医保发〔2026〕9号", f"trust-{place}": "doc"}
    return officer.post(f"/policies/drafts/{draft.pk}/edit", form)


def step(officer, draft, name, **given):
    """One step of the draft."""
    return officer.post(f"/policies/drafts/{draft.pk}/{name}", given)


def value(key, day=DAY, city="jishou"):
    """What the pages' book says of an employees' parameter."""
    return found_on(books()[city].tables[1], key, day).value.value


def test_from_a_parameter_to_a_policy_in_force(desk):
    officer, head, leader = desk
    draft = begun(officer)
    (line,) = changes_of(draft.entries)
    assert (line.key, line.value, line.since, line.unit) == (KEY, "0.6", DAY, "ratio")
    assert written(officer, draft, ("65", STARTS.isoformat()), add=SECOND).status_code == 302
    assert written(officer, draft, ("65", STARTS.isoformat()), ("200", STARTS.isoformat())).status_code == 302
    page = officer.get(f"/policies/drafts/{draft.pk}").content.decode()
    assert "原来 60%，调整后 65%，高 5 个百分点" in page and "原来 300 元，调整后 200 元，低 100 元" in page and "未通过" not in page
    assert [one.pk for one in drafts("jishou")] == [draft.pk]

    step(officer, draft, "submit")
    assert Work.objects.get(closed_at=None).kind == actions.AGREE
    assert "审批政策调整" in head.get("/me/work").content.decode()
    step(head, draft, "agree")
    assert Amendment.objects.count() == 0 and value("outpatient.ratio.active.L3") == "0.6"
    step(leader, draft, "approve")
    draft.refresh_from_db()
    assert (draft.state, draft.by, draft.first_by, draft.second_by) == (Draft.APPROVED, "policy", "policy-head", "policy-leader")
    assert not Work.objects.filter(closed_at=None).exists() and Notice.objects.filter(officer="policy").count() == 1
    assert [one.what for one in acts_on(f"policy-draft/{draft.pk}")][:3] == ["policy.approve", "policy.agree", "policy.submit"]

    assert value("outpatient.ratio.active.L3") == "0.65" and value("outpatient.deductible.L3") == 200
    assert value("outpatient.ratio.active.L3", DAY - 8870) == "0.6"
    last = InForce.objects.filter(city="jishou").order_by("-id")[0]
    package = Package.objects.get(pk=last.package_id)
    assert package.digest == books()["jishou"].digest == book_of(package).digest
    assert laid_files("jishou") == [("amendments-0001.yaml", draft_file(draft.pk)[1])] and laid_files("wuhan") == []
    listed = officer.get(f"/policies/?view=list&find=三级医院门诊&scheme=employee&day={STARTS}").content.decode()
    assert "秦若兰、覃国栋" in listed and "65%" in listed
    one = officer.get(f"/policies/parameter/jishou/{KEY}?day={STARTS}").content.decode()
    assert "周明远 → 秦若兰 → 覃国栋" in one and "amendments/0001.yaml" in one
    after = officer.get(f"/policies/drafts/{draft.pk}").content.decode()
    assert "原来 60%，调整后 65%" in after and "未生效" in after
    assert "policy-head" not in officer.get("/policies/packages").content.decode()
    assert officer.get(f"/policies/packages/{package.digest}.zip")["Content-Type"] == "application/zip"


def test_nobody_does_two_steps(desk):
    officer, head, leader = desk
    draft = begun(officer)
    written(officer, draft, ("65", STARTS.isoformat()))
    assert step(officer, draft, "agree").status_code == 403
    assert step(head, draft, "agree").status_code == 409                      # not submitted yet
    step(officer, draft, "submit")
    assert step(officer, draft, "agree").status_code == 403                   # no right
    assert step(leader, draft, "approve").status_code == 409                  # the first approval is missing
    step(head, draft, "agree")
    assert step(head, draft, "approve").status_code == 409 and "同一人" in step(head, draft, "approve").content.decode()
    assert Amendment.objects.count() == 0
    now = timezone.now()
    Draft.objects.filter(pk=draft.pk).update(by="policy-leader")
    with pytest.raises(Refused, match="同一人"):
        actions.approve(pk=draft.pk, by="policy-leader", at=now)
    Draft.objects.filter(pk=draft.pk).update(by="policy", first_by="policy-leader")
    with pytest.raises(Refused, match="同一人"):
        actions.approve(pk=draft.pk, by="policy-leader", at=now)
    with pytest.raises(Refused, match="同一人"):
        actions.decline(pk=draft.pk, by="policy", why="不", at=now)


def test_what_is_typed_wrong_stays_in_the_form_and_nothing_is_saved(desk):
    officer = desk[0]
    draft = begun(officer)
    answer = written(officer, draft, ("165", STARTS.isoformat()))
    page = answer.content.decode()
    assert answer.status_code == 400 and 'value="165"' in page and "比例不能超过 100%" in page
    assert "日期写法不对" in written(officer, draft, ("65", "2027-02-30")).content.decode()
    draft.refresh_from_db()
    assert changes_of(draft.entries)[0].value == "0.6"
    assert "请填写名称" in written(officer, draft, ("65", STARTS.isoformat()), name="").content.decode()
    twice = written(officer, draft, ("65", STARTS.isoformat()), add=[KEY])
    draft.refresh_from_db()
    assert twice.status_code == 302 and len(draft.entries) == 1
    assert written(officer, draft, ("65", STARTS.isoformat()), **{"remove-0": "on"}).status_code == 302
    draft.refresh_from_db()
    assert draft.entries == []


def test_a_draft_that_fails_the_check_or_begins_in_the_past_is_not_submitted(desk):
    officer = desk[0]
    empty = begun(officer, key="")
    assert "检查未通过" in step(officer, empty, "submit").content.decode()
    past = begun(officer)
    written(officer, past, ("65", (timezone.localdate() - timedelta(1)).isoformat()))
    answer = step(officer, past, "submit")
    assert answer.status_code == 409 and "不能追溯" in answer.content.decode()
    today = begun(officer)
    written(officer, today, ("65", timezone.localdate().isoformat()))
    assert step(officer, today, "submit").status_code == 302


def test_declined_withdrawn_and_begun_again(desk):
    officer, head, _ = desk
    draft = begun(officer)
    written(officer, draft, ("65", STARTS.isoformat()))
    step(officer, draft, "submit")
    assert step(head, draft, "decline").status_code == 409                    # without a reason
    step(head, draft, "decline", why="基金承受不起")
    draft.refresh_from_db()
    assert draft.state == Draft.DECLINED and "基金承受不起" in Notice.objects.get(officer="policy").text
    assert not Work.objects.filter(closed_at=None).exists() and drafts("jishou") == []
    assert "基金承受不起" in officer.get(f"/policies/drafts/{draft.pk}").content.decode()
    assert officer.get(f"/policies/drafts/{draft.pk}/edit").status_code == 302  # only looked at now
    again = begun(officer, key="", **{"from": f"draft:{draft.pk}"})
    assert again.entries == draft.entries
    step(officer, again, "withdraw", why="另议")
    again.refresh_from_db()
    assert again.state == Draft.WITHDRAWN and step(officer, again, "submit").status_code == 409


def test_only_the_drafter_writes(desk):
    other = client_as("policy", name="别人")
    draft = begun(desk[0])
    assert written(other, draft, ("65", STARTS.isoformat())).status_code == 302   # led to the draft, nothing written
    assert step(other, draft, "submit").status_code == 409
    draft.refresh_from_db()
    assert changes_of(draft.entries)[0].value == "0.6" and draft.state == Draft.WRITING


def test_a_file_becomes_a_draft_and_its_faults_are_said(desk):
    officer = desk[0]
    text = draft_file(begun(officer).pk)[1]
    made = begun(officer, key="", name="读入", file=SimpleUploadedFile("d.yaml", text.encode()))
    assert changes_of(made.entries)[0].key == KEY
    for content, why in ((text.replace('"0.6"', '"1.6"').encode(), "ratio over 1"), (b"\xff\xfe\x00", "UTF-8"), (b"a: [", "YAML"),
                         (text.replace("city: jishou", "city: wuhan").encode(), "wuhan"), (b"x" * 300_000, "200 KB")):
        given = {"name": "坏", "city": "jishou", "starts": STARTS.isoformat(), "file": SimpleUploadedFile("d.yaml", content)}
        answer = officer.post("/policies/drafts/new", given)
        assert answer.status_code == 200 and why in answer.content.decode(), why


def test_alternatives_and_the_file(desk):
    officer, _, _ = desk
    page = officer.get("/policies/drafts/new?city=wuhan").content.decode()
    assert "另一组数字" in page and "企业补充" in page
    draft = begun(officer, city="wuhan", key="", **{"from": "file:wuhan/alternatives/inpatient-ratios.yaml"})
    assert len(draft.entries) > 3
    assert begun(officer, key="", **{"from": "file:../../../etc/passwd"}).entries == []
    answer = officer.get(f"/policies/drafts/{draft.pk}/file")
    assert answer.content.decode() == draft_file(draft.pk)[1] and "city: wuhan" in answer.content.decode()


def test_two_drafts_two_days_two_cities_in_words(desk):
    officer, _, _ = desk
    draft = begun(officer)
    written(officer, draft, ("65", STARTS.isoformat()))
    for query, words in (
        (f"one=jishou&other=jishou&one_day={STARTS}&other_day={STARTS}&other_what=draft:{draft.pk}", "高 5 个百分点"),
        ("one=jishou&other=jishou&one_day=2022-11-30&other_day=2022-12-01", "有普通门诊统筹"),
        ("one=jishou&other=wuhan&one_day=2024-06-01&other_day=2024-06-01", "吉首 1,100 元，武汉 800 元，低 300 元"),
        ("one=jishou&other=jishou&one_day=2024-06-01&other_day=2024-06-01", "没有不同"),
        ("one=jishou&other=jishou&other_what=draft:999999", "没有这一方"),
        ("one=jishou&other=jishou&other_what=package:nobody", "没有这一方"),
    ):
        answer = officer.get(f"/policies/compare?{query}")
        assert answer.status_code == 200 and words in answer.content.decode(), query
    guest = client_as("guest")
    assert "没有这一方" in guest.get(f"/policies/compare?one=jishou&other=jishou&other_what=draft:{draft.pk}").content.decode()


def test_who_may_see_what(desk):
    draft = begun(desk[0])
    for login in ("guest", "insured", "cashier", "clerk"):
        client = client_as(login)
        assert client.get("/policies/").status_code == 200 and client.get("/policies/emergency").status_code == 200
        assert client.get("/policies/drafts").status_code == 403 and client.get(f"/policies/drafts/{draft.pk}").status_code == 403
    assert client_as("auditor").get(f"/policies/drafts/{draft.pk}").status_code == 200
    assert client_as("auditor").get("/policies/drafts/new").status_code == 403


def test_no_page_asks_the_database_much(desk):
    officer = desk[0]
    draft = begun(officer)
    shelf()
    for path in ("", "?view=list", "?view=tree&find=门诊", "?export=csv", f"parameter/jishou/{KEY}", "compare?one=jishou&other=wuhan",
                 "packages", "drafts", "drafts/new", f"drafts/{draft.pk}", f"drafts/{draft.pk}/edit?find=住院", "emergency",
                 "public/jishou"):
        with CaptureQueriesContext(connection) as asked:
            answer = officer.get(f"/policies/{path}")
            assert answer.status_code == 200, path
            assert b"".join(answer) if answer.streaming else answer.content
        assert len(asked) <= 25, (path, len(asked))
