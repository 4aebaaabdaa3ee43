"""A paper claim from the clerk to the bank: settled by the law of a bill at a window, in books that close."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureau.claims.desk import EMPLOYEE, RESIDENT, balances, checked, done, entered, papers, post, reviewed, said_of
from openyibao.bureau.claims.models import Batch, Claim, Payment, Step
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement import taking_back
from openyibao.bureau.settlement.models import Journal, Settlement, Standing
from openyibao.bureau.settlement.statements import bills
from openyibao.bureau.settlement.taking_back import Undo
from openyibao.bureau.staff.models import Notice, Work
from signed import client_as


def test_a_claim_goes_through_three_persons_and_is_paid(bureau):
    row = reviewed(entered(client_as("clerk")))
    assert row.state == "approved" and row.fund and row.setl_id
    bill = Settlement.objects.get(pk=row.setl_id)
    assert (bill.total, bill.full, bill.over, bill.pre, bill.within) == (2_000_000, 100_000, 50_000, 50_000, 1_800_000)
    assert bill.fund == row.fund > 0 and bill.total == bill.fund + bill.person + bill.hospital
    assert bill.account == 0                      # the person has paid in cash
    assert Journal.objects.get(setl_id=row.setl_id).what == "S"
    assert balances()["payable/claims"] == -row.fund and f"payable/{row.institution}" not in balances()
    checked()

    assert client_as("paymaster").post("/claims/payable", {"claim": row.pk}).status_code == 302
    batch = Batch.objects.get()
    assert (batch.count, batch.fen) == (1, row.fund)
    refused = client_as("paymaster").post(f"/claims/batches/{batch.pk}", {"do": "release"})
    assert refused.status_code == 403 and "STAFF-05" in refused.content.decode()
    assert client_as("paymaster-2").post(f"/claims/batches/{batch.pk}", {"do": "release"}).status_code == 302
    row.refresh_from_db()
    batch.refresh_from_db()
    assert row.state == "paid" and batch.state == "released"
    assert balances() == {"benefit": row.fund, "bank": -row.fund}
    file = client_as("paymaster").get(f"/claims/batches/{batch.pk}/file").content
    assert hashlib.sha256(file).hexdigest() == batch.sha256 and file.startswith(b"\xef\xbb\xbf")
    assert "6222000011112222" in file.decode() and f"{row.fund / 100:.2f}" in file.decode()
    checked()

    payment = Payment.objects.get()
    back = client_as("paymaster").post(f"/claims/batches/{batch.pk}", {"do": "back", "payment": payment.pk, "because": "户名不符"})
    assert back.status_code == 302
    row.refresh_from_db()
    assert row.state == "approved" and balances() == {"benefit": row.fund, "payable/claims": -row.fund}
    said = {"holder": "萧丽", "bank": "示例银行", "account": "6222000099998888", "phone": ""}
    assert done(client_as("clerk"), row, "account", **said).status_code == 302
    client_as("paymaster-2").post("/claims/payable", {"claim": row.pk})
    second = Batch.objects.latest("pk")
    client_as("paymaster").post(f"/claims/batches/{second.pk}", {"do": "release"})
    row.refresh_from_db()
    assert row.state == "paid" and balances() == {"benefit": row.fund, "bank": -row.fund}
    checked()


def test_every_step_is_work_for_the_next_post_and_nobody_does_two(bureau):
    row = entered(client_as("clerk"))
    done(client_as("clerk"), row, "submit")
    waiting = Work.objects.get(closed_at=None, object=f"claim/{row.pk}")
    assert (waiting.act, waiting.not_for) == ("claim.first", ["clerk"]) and waiting.due
    assert done(client_as("second"), row, "pass").status_code == 403       # not at this review
    done(client_as("first"), row, "pass")
    both = client_as("second_reviewer", name="兼岗")
    officer = Step.objects.get(claim=row, outcome="second")
    assert officer.officer == "first"
    Step.objects.create(claim=row, at=officer.at, officer=both.officer, name="兼岗", stage="first", outcome="second")
    again = done(both, row, "pass")
    assert again.status_code == 403 and "STAFF-05" in again.content.decode()
    assert done(client_as("second"), row, "pass").status_code == 302
    assert Work.objects.get(closed_at=None, object=f"claim/{row.pk}").act == "claim.final"


def test_nobody_reviews_the_own_claim_or_a_relatives(bureau):
    row = entered(client_as("clerk"))
    done(client_as("clerk"), row, "submit")
    relative = client_as("first_reviewer", relatives=[RESIDENT])
    answer = done(relative, row, "pass")
    assert answer.status_code == 403 and "STAFF-04" in answer.content.decode()


def test_an_invoice_is_claimed_once_and_free_again_after_a_rejection(bureau):
    clerk = client_as("clerk")
    row = entered(clerk, **{"invoice-0-number": "12345678"})
    answer = post(clerk, f"/claims/new/{RESIDENT}", papers(**{"invoice-0-number": "12345678"}))
    assert answer.status_code == 400 and "CLAIM-10" in answer.content.decode()
    done(clerk, row, "submit")
    done(client_as("first"), row, "reject", because="票据经核查为伪造", clause="基金监管条例 第四十一条")
    row.refresh_from_db()
    assert row.state == "rejected"
    assert "行政复议" in client_as("auditor").post(f"/claims/{row.pk}", {"purpose": "审计"}, follow=True).content.decode()
    assert entered(clerk, **{"invoice-0-number": "12345678"}).state == "draft"


def test_a_returned_claim_says_what_is_missing_and_comes_again(bureau):
    row = entered(client_as("clerk"))
    done(client_as("clerk"), row, "submit")
    assert done(client_as("first"), row, "return", missing="").status_code == 403
    done(client_as("first"), row, "return", missing="缺出院小结")
    row.refresh_from_db()
    assert (row.state, row.missing) == ("returned", "缺出院小结")
    due = row.due
    done(client_as("clerk"), row, "submit")
    row.refresh_from_db()
    assert (row.state, row.due) == ("first", due)


def test_a_county_and_a_town_see_their_own(bureau):
    row = entered(client_as("town"))
    assert row.area == "433101001"
    assert client_as("clerk").get(f"/claims/{row.pk}").status_code == 200
    for other in (client_as("county"), client_as("town_clerk", area="433101002")):
        assert other.get(f"/claims/{row.pk}").status_code == 403
        assert row.number not in other.get("/claims/").content.decode()
    assert client_as("hospital").get("/claims/").status_code == 403


def test_scans_are_known_by_their_bytes_and_sent_as_files(bureau):
    clerk = client_as("clerk")
    row = entered(clerk)
    for content, code in ((b"<html>", "SCAN-02"), (b"%PDF-" + b"0" * (10 * 2**20), "SCAN-01")):
        answer = clerk.post(f"/claims/{row.pk}", {"do": "scan", "what": "other", "file": SimpleUploadedFile("a.pdf", content)})
        assert answer.status_code == 403 and code in answer.content.decode()
    scan = row.scans.earliest("pk")
    sent = clerk.get(f"/claims/{row.pk}/scans/{scan.pk}")
    assert sent.content.startswith(b"%PDF") and sent["Content-Disposition"].startswith("attachment")
    assert "sandbox" in sent["Content-Security-Policy"]
    assert client_as("county").get(f"/claims/{row.pk}/scans/{scan.pk}").status_code == 403
    (bureau / "scans" / scan.sha256[:2] / scan.sha256).write_bytes(b"%PDF-other")
    assert "SCAN-03" in clerk.get(f"/claims/{row.pk}/scans/{scan.pk}").content.decode()


def test_account_numbers_lie_sealed(bureau):
    row = entered(client_as("clerk"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, '') FROM claims_claim c")
        assert "62220000" not in cursor.fetchone()[0]
    assert row.account_tail == "2222"


def test_the_page_shown_is_the_page_decided_on(bureau):
    row = entered(client_as("clerk"))
    done(client_as("clerk"), row, "submit")
    stale = client_as("first").post(f"/claims/{row.pk}", {"do": "pass", "version": 0, "stage": "first"})
    assert stale.status_code == 403 and "CLAIM-21" in stale.content.decode()
    assert Claim.objects.get(pk=row.pk).state == "first"


def test_the_applicant_is_told(bureau):
    row = entered(client_as("clerk"), psn_no=EMPLOYEE, **{"line-0-amount": "20000.00", "line-TOTAL_FORMS": 1})
    done(client_as("clerk"), row, "submit")
    assert Notice.objects.filter(officer="insured", link=f"/own/claims/{row.pk}").count() == 1


def test_what_was_settled_at_a_window_is_not_claimed_again(bureau):
    first = reviewed(entered(client_as("clerk"), psn_no="43310100000000000000000004", begins="2025-06-01", ends="2025-06-09"))
    paper = Settlement.objects.get(pk=first.setl_id)
    direct = Settlement(**{field.attname: getattr(paper, field.attname) for field in Settlement._meta.fields})
    direct.setl_id, direct.mdtrt_id, direct.detail = 7, 7, {"invono": "99887766"}
    direct.save(force_insert=True)
    Standing.objects.create(mdtrt_id=7, chrg_bchno="0", setl_id=7)
    clerk, path = client_as("clerk"), f"/claims/new/{paper.psn_no}"
    same = post(clerk, path, papers(begins="2025-06-01", ends="2025-06-09"))
    assert same.status_code == 400 and "CLAIM-12" in same.content.decode()
    answer = post(clerk, path, papers(**{"begins": "2025-07-01", "ends": "2025-07-09", "invoice-0-number": "99887766"}))
    assert answer.status_code == 400 and "CLAIM-11" in answer.content.decode()


def test_no_page_asks_the_database_too_often(bureau):
    row = entered(client_as("clerk"), begins="2025-09-01", ends="2025-09-08")
    clerk = client_as("clerk")
    clerk.post(f"/claims/{row.pk}", {"purpose": "审核"})
    clerk.get(f"/claims/{row.pk}")
    for path in (f"/claims/{row.pk}", "/claims/", f"/claims/new/{RESIDENT}", "/claims/batches"):
        with CaptureQueriesContext(connection) as asked:
            assert clerk.get(path).status_code == 200
        assert len(asked) <= 25, (path, len(asked))


def test_a_code_is_split_by_the_catalogue(bureau):
    row = entered(client_as("clerk"), **{"line-0-amount": "19000.00", "line-1-amount": "1000.00", "line-1-over": "",
                                         "line-1-code": "XA02BCY002B002010190003", "line-1-quantity": "100"})  # fmt: skip
    assert done(client_as("clerk"), row, "submit").status_code == 302
    page = said_of(client_as("first").post(f"/claims/{row.pk}", {"purpose": "审核"}, follow=True))
    assert "XA02BCY002B002010190003 1,000.00 0.00 0.00 100.00 900.00" in page      # class B, first self-pay 10 %


def test_the_books_of_a_hospital_hold_no_paper_claim(bureau):
    row = reviewed(entered(client_as("clerk"), psn_no="43310100000000000000000005", institution="H43310199001", med_type="21",
                           begins="2025-08-01", ends="2025-08-09"))  # fmt: skip
    bill = Settlement.objects.get(pk=row.setl_id)
    starts, ends = bill.at - timedelta(hours=1), bill.at + timedelta(hours=1)
    assert bill.setl_id not in {one.setl_id for one in bills(starts, ends, institution="H43310199001")}
    assert bill.setl_id in {one.setl_id for one in bills(starts, ends)}
    with pytest.raises(Refused) as refused:
        taking_back.check({"fixmedins_code": "H43310199001", "detail": json.dumps(bill.detail)}, Undo(bill.setl_id, 0, ""), "H43310199001")
    assert refused.value.code == "REVERSE-09"
