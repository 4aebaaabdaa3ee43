"""The public's own pages: only the own record, in plain words; an own claim; "this is wrong" and its answer."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from bureau.claims.desk import EMPLOYEE, done, entered, papers, reviewed, said_of
from openyibao.bureau.claims.models import Claim
from openyibao.bureau.frontdesk.models import Objection
from openyibao.bureau.providers.models import Institution
from openyibao.bureau.staff.actions import looked
from openyibao.bureau.staff.models import Look, Notice, Work
from signed import client_as

OWN = ("/own/", "/own/bills", "/own/claims", "/own/looks", "/own/claims/new")
HALF = {"line-0-amount": "20000.00", "line-TOTAL_FORMS": 1}


def application(**changes):
    """What a person types: without the clerk's fields and lines."""
    return {name: value for name, value in papers(**changes).items() if not name.startswith("line")}


def test_the_first_page_says_whether_one_is_covered_and_what_is_left(bureau):
    said = said_of(client_as("insured").get("/own/"))
    assert "今天能正常报销" in said and "基本医保封顶线" in said and "职工医保" in said
    stopped = said_of(client_as("insured", psn_no="43310100000000000000000008", name="朱立新").get("/own/"))
    assert "今天不能报销" in stopped
    nobody = client_as("insured", psn_no="").get("/own/")
    assert nobody.status_code == 403 and "OWN-05" in nobody.content.decode()


def test_officers_have_no_own_pages_and_the_insured_no_desks(bureau):
    for path in OWN:
        assert client_as("clerk").get(path).status_code == 403
    for path in ("/claims/", "/claims/new", "/claims/payable", "/claims/batches", "/own/objections"):
        assert client_as("insured").get(path).status_code == 403


def test_a_person_applies_and_the_clerk_takes_it_on(bureau):
    me, clerk = client_as("insured"), client_as("clerk")
    answer = me.post("/own/claims/new", application(med_type="13", begins="2025-04-02", ends="2025-04-02"))
    assert answer.status_code == 302, said_of(answer)
    row = Claim.objects.latest("pk")
    page = f"/own/claims/{row.pk}"
    assert (row.psn_no, row.own, row.state) == (EMPLOYEE, True, "draft")
    assert "CLAIM-08" in me.post(page, {"do": "submit", "version": row.version}).content.decode()
    me.post(page, {"do": "scan", "what": "invoice", "file": SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\nphoto")})
    assert me.post(page, {"do": "submit", "version": row.version}).status_code == 302
    row.refresh_from_db()
    assert row.state == "submitted" and row.due
    assert Work.objects.filter(object=f"claim/{row.pk}", act="claim.enter", closed_at=None).exists()
    assert me.get(f"{page}/edit").status_code == 302                     # it is the clerk's now
    clerk.post(f"/claims/{row.pk}", {"purpose": "受理"})
    assert done(clerk, row, "return", missing="请补费用清单").status_code == 302
    assert "请补费用清单" in said_of(me.get(page))
    assert Notice.objects.filter(officer="insured", link=page, text__contains="退回补正").exists()


def test_nobody_reads_another_persons_pages(bureau):
    other = client_as("insured", psn_no="43310100000000000000000003", name="萧丽")
    row = reviewed(entered(client_as("clerk"), EMPLOYEE, **HALF))
    for path in (f"/own/claims/{row.pk}", f"/own/claims/{row.pk}/scans/{row.scans.first().pk}", f"/own/bills/{row.setl_id}"):
        assert other.get(path).status_code in (403, 404), path
    assert other.post(f"/own/bills/{row.setl_id}", {"what": "amount", "text": "不是我的"}).status_code == 403
    assert str(row.setl_id) not in other.get("/own/bills").content.decode()
    mine = client_as("insured")
    for path in (f"/own/claims/{row.pk}", f"/own/claims/{row.pk}/scans/{row.scans.first().pk}", f"/own/bills/{row.setl_id}"):
        assert mine.get(path).status_code == 200, path


def test_a_bill_in_words_and_this_is_wrong(bureau):
    row = reviewed(entered(client_as("clerk"), EMPLOYEE, begins="2025-05-01", ends="2025-05-08", **HALF))
    me, page = client_as("insured"), f"/own/bills/{row.setl_id}"
    said = said_of(me.get(page))
    assert f"{row.fund / 100:,.2f}" in said and "20,000.00" in said
    assert me.post(page, {"what": "amount", "text": ""}).status_code == 403
    me.post(page, {"what": "amount", "text": "药费算错了"})
    me.post(page, {"what": "amount", "text": "再说一次"})
    one = Objection.objects.get(setl_id=row.setl_id)
    assert (one.psn_no, one.text, one.state) == (EMPLOYEE, "药费算错了", "open")
    clerk = client_as("clerk")
    assert Work.objects.filter(kind="objection", object=f"objection/{one.pk}", closed_at=None).exists()
    clerk.post(f"/own/objections/{one.pk}", {"purpose": "核查异议"})
    assert client_as("county").post(f"/own/objections/{one.pk}", {"answer": "别处的"}).status_code == 403
    assert clerk.post(f"/own/objections/{one.pk}", {"answer": "已核对清单，金额无误。"}).status_code == 302
    assert "已核对清单，金额无误。" in said_of(me.get(page))
    assert Notice.objects.filter(officer="insured", link=page).exists()


def test_every_look_is_there_to_read_with_its_office(bureau):
    row = entered(client_as("clerk"), EMPLOYEE, begins="2025-06-01", ends="2025-06-08", **HALF)
    client_as("clerk").post(f"/claims/{row.pk}", {"purpose": "来电查询"})
    client_as("clerk").get(f"/claims/{row.pk}")
    me = client_as("insured")
    page = said_of(me.get("/own/looks"))
    assert "结算经办岗" in page and "零星报销" in page
    assert Look.objects.filter(psn_no=EMPLOYEE, officer="clerk").exists()
    hospital = Institution.objects.order_by("fixmedins_code")[0]
    for purpose in ("1101", "2206"):
        looked(officer=f"{hospital.fixmedins_code}/0001", psn_no=EMPLOYEE, purpose=purpose, what="identity", at=timezone.now())
    page = said_of(me.get("/own/looks"))
    assert page.count(hospital.name) == 2 and "就医时核对身份" in page and "在医院或药店办理" in page and "0001" not in page


def test_own_claims_of_relatives_wait_for_the_counter(bureau):
    relative = client_as("clerk", relatives=[EMPLOYEE])
    relative.post(f"/claims/new/{EMPLOYEE}", {"purpose": "受理"})
    answer = relative.post(f"/claims/new/{EMPLOYEE}", papers())
    assert "STAFF-04" in answer.content.decode()
