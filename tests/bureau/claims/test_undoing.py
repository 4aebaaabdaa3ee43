"""A settlement of a paper claim taken back: by two persons, in books and a year that are then as without it, and reviewed again."""

import pytest

from bureau.claims.desk import EMPLOYEE, RESIDENT, balances, checked, done, entered, papers, post, reviewed, said_of
from openyibao.bureau.claims.models import Batch, Claim, Payment, Step
from openyibao.bureau.settlement.models import Journal, Settlement, Standing, Year
from openyibao.bureau.staff.models import Act, Notice, Work
from openyibao.bureau.staff.telling import act_words
from signed import client_as

WHY = {"because": "床位费录入有误", "clause": "经办规程 第三十条"}
STAY = ("43310100000000000000000004", {"begins": "2025-05-01", "ends": "2025-05-08"})


def carried(psn_no, year=2025):
    """The year's figures, as kept."""
    row = Year.objects.filter(psn_no=psn_no, year=year).first()
    return row and list(row.figures)


def seen(row, login):
    """A claim's page as an officer reads it."""
    return said_of(client_as(login).post(f"/claims/{row.pk}", {"purpose": "复核"}, follow=True))


def test_an_unpaid_settlement_is_taken_back_corrected_and_reviewed_by_the_same_three(bureau):
    assert carried(RESIDENT) is None
    row = reviewed(entered(client_as("clerk")))
    first, fund = row.setl_id, row.fund
    assert done(client_as("clerk"), row, "ask-undo", **WHY).status_code == 302
    row.refresh_from_db()
    assert row.state == "undoing" and row.setl_id == first
    waiting = Work.objects.get(closed_at=None, object=f"claim/{row.pk}")
    assert (waiting.act, waiting.kind, waiting.not_for) == ("claim.final", "claim.undo", ["clerk"])
    assert done(client_as("second"), row, "undo").status_code == 403        # not the act that settles
    assert "床位费录入有误" in seen(row, "final")
    assert done(client_as("final"), row, "undo", note="床位费按清单更正").status_code == 302

    row.refresh_from_db()
    assert (row.state, row.setl_id, row.fund, row.pays, row.missing) == ("returned", None, None, [], "床位费按清单更正")
    mirror = Settlement.objects.get(mirror_of=first)
    assert mirror.fund == -fund and mirror.total == -2_000_000 and mirror.detail["claim"] == row.number
    assert Journal.objects.get(setl_id=mirror.setl_id).what == "M" and not Standing.objects.filter(setl_id=first).exists()
    assert balances() == {} and not any(carried(RESIDENT)[1:])
    assert not Work.objects.filter(closed_at=None, kind="claim.undo").exists()
    checked()

    clerk = client_as("clerk")
    number = row.invoices.get().number
    changes = {"line-0-full": "2000.00", "invoice-0-number": number, "version": row.version}
    assert post(clerk, f"/claims/{row.pk}/edit", papers(**changes)).status_code == 302
    row = reviewed(row)
    again = Settlement.objects.get(pk=row.setl_id)
    assert row.state == "approved" and again.within == 1_700_000 and 0 < row.fund < fund
    assert balances() == {"benefit": row.fund, "payable/claims": -row.fund}
    assert [one.msgid for one in Settlement.objects.filter(detail__claim=row.number).order_by("setl_id")] == [
        row.number, f"{row.number}-2", f"{row.number}-3"]  # fmt: skip
    checked()
    assert str(mirror.setl_id) in said_of(client_as("auditor").post(f"/bills/{first}", {"purpose": "审计"}, follow=True))


def test_a_paid_one_is_paid_back_first(bureau):
    before = balances()
    row = reviewed(entered(client_as("clerk"), psn_no=EMPLOYEE))
    client_as("paymaster").post("/claims/payable", {"claim": row.pk})
    batch = Batch.objects.latest("pk")
    refused = done(client_as("clerk"), row, "ask-undo", **WHY)
    assert refused.status_code == 403 and "CLAIM-39" in refused.content.decode()        # in a batch
    client_as("paymaster-2").post(f"/claims/batches/{batch.pk}", {"do": "release"})
    row.refresh_from_db()
    assert row.state == "paid"
    refused = done(client_as("clerk"), row, "ask-undo", **WHY)
    assert "CLAIM-39" in refused.content.decode() and "本人退款" in refused.content.decode()

    payment, page = Payment.objects.get(claim=row), f"/claims/batches/{batch.pk}"
    assert "CLAIM-36" in client_as("paymaster").post(page, {"do": "refund", "payment": payment.pk, "because": " "}).content.decode()
    told = {"do": "refund", "payment": payment.pk, "because": "重复享受待遇，已退回"}
    relative = client_as("paymaster", area="4331", relatives=[EMPLOYEE])
    assert "STAFF-04" in relative.post(page, told).content.decode()
    assert client_as("paymaster").post(page, told).status_code == 302
    row.refresh_from_db()
    payment.refresh_from_db()
    assert (row.state, row.paid_at, payment.state) == ("undoing", None, "refunded")
    assert "本人退款：重复享受待遇，已退回" in said_of(client_as("paymaster").get(page))
    assert "CLAIM-35" in client_as("paymaster").post(page, told).content.decode()       # once
    checked()

    assert done(client_as("final"), row, "undo").status_code == 302
    assert balances() == before and Claim.objects.get(pk=row.pk).missing == "重复享受待遇，已退回"
    assert Notice.objects.filter(officer="insured", link=f"/own/claims/{row.pk}", text__contains="结算已冲销").count() == 1
    checked()


def test_what_is_not_taken_back_stands_and_is_paid(bureau):
    psn_no, days = STAY
    row = reviewed(entered(client_as("clerk"), psn_no=psn_no, **days))
    stood, owed = balances(), row.fund
    assert done(client_as("first"), row, "ask-undo", **WHY).status_code == 302
    assert "CLAIM-43" in done(client_as("final"), row, "keep", because=" ").content.decode()
    assert done(client_as("final"), row, "keep", because="费用清单无误").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.fund) == ("approved", owed) and balances() == stood
    assert not Settlement.objects.filter(mirror_of=row.setl_id).exists()
    client_as("paymaster").post("/claims/payable", {"claim": row.pk})
    assert Claim.objects.get(pk=row.pk).state == "batched"


def test_a_later_bill_of_the_year_stands_when_an_earlier_one_falls(bureau):
    psn_no, began = "43310100000000000000000005", balances()
    later = reviewed(entered(client_as("clerk"), psn_no=psn_no, begins="2025-09-01", ends="2025-09-08"))
    alone, year_alone = later.fund, carried(psn_no)
    done(client_as("clerk"), later, "ask-undo", **WHY)
    done(client_as("final"), later, "undo")
    assert balances() == began
    earlier = reviewed(entered(client_as("clerk"), psn_no=psn_no, begins="2025-05-01", ends="2025-05-08"))
    later.refresh_from_db()
    later = reviewed(later)
    done(client_as("clerk"), earlier, "ask-undo", **WHY)
    assert done(client_as("final"), earlier, "undo").status_code == 302
    assert Standing.objects.filter(setl_id=later.setl_id).exists() and not Standing.objects.filter(setl_id=earlier.setl_id).exists()
    assert began.get("payable/claims", 0) - balances()["payable/claims"] == later.fund
    assert later.fund > alone and carried(psn_no) != year_alone     # as it was settled: after another stay of the year
    checked()


def test_the_persons_own_application_goes_back_to_the_desk_that_settled_it(bureau):
    row = entered(client_as("clerk"), psn_no=STAY[0], begins="2025-02-01", ends="2025-02-05")
    Claim.objects.filter(pk=row.pk).update(own=True, entered_by="insured")
    row = reviewed(row)
    done(client_as("clerk"), row, "ask-undo", **WHY)
    done(client_as("final"), row, "undo", note="更正床位费")
    row.refresh_from_db()
    assert (row.state, row.missing) == ("submitted", "更正床位费")
    assert Work.objects.get(closed_at=None, object=f"claim/{row.pk}").kind == "claim.enter"
    assert reviewed(row).state == "approved"
    checked()


def test_the_log_says_what_was_done_in_words(bureau):
    """Not the state that it led to: what is not taken back has not been settled a second time."""
    what = set(Act.objects.filter(object__startswith="claim/").values_list("what", flat=True))
    assert {"claim.undoing", "claim.undone", "claim.kept", "claim.paid-back"} <= what
    assert all(act_words(one) for one in what)


@pytest.mark.parametrize(("said", "code"), [
    ({"because": "", "clause": "经办规程"}, "CLAIM-41"), ({"because": "有误", "clause": " "}, "CLAIM-41"),
])  # fmt: skip
def test_a_reason_and_a_ground_are_named(bureau, said, code):
    row = reviewed(entered(client_as("clerk"), psn_no=STAY[0], begins="2025-10-01", ends="2025-10-03"))
    assert code in done(client_as("clerk"), row, "ask-undo", **said).content.decode()
    assert Claim.objects.get(pk=row.pk).state == "approved"


def test_nobody_asks_and_decides_nor_for_a_relative(bureau):
    row = reviewed(entered(client_as("clerk"), psn_no=STAY[0], begins="2025-11-01", ends="2025-11-03"))
    assert "CLAIM-42" in done(client_as("final"), row, "undo").content.decode()
    assert "STAFF-03" in done(client_as("paymaster"), row, "ask-undo", **WHY).content.decode()
    assert "STAFF-04" in done(client_as("first_reviewer", relatives=[row.psn_no]), row, "ask-undo", **WHY).content.decode()
    assert done(client_as("final"), row, "ask-undo", **WHY).status_code == 302
    assert "STAFF-05" in done(client_as("final"), row, "undo").content.decode()
    assert "另一位复核人员" in seen(row, "final") and "等待复核人员决定" in seen(row, "auditor")
    assert Claim.objects.get(pk=row.pk).state == "undoing"


def test_a_returned_claim_is_reviewed_again_by_who_returned_it_but_not_by_who_entered_it(bureau):
    row = entered(client_as("clerk"), psn_no=STAY[0], begins="2025-12-01", ends="2025-12-03")
    done(client_as("clerk"), row, "submit")
    done(client_as("first"), row, "return", missing="缺出院小结")
    done(client_as("clerk"), row, "submit")
    assert "first" not in Work.objects.get(closed_at=None, object=f"claim/{row.pk}").not_for
    assert done(client_as("first"), row, "pass").status_code == 302
    row.refresh_from_db()
    assert row.state == "second"
    done(client_as("second"), row, "return", missing="缺费用清单")
    done(client_as("clerk"), row, "submit")
    assert done(client_as("first"), row, "pass").status_code == 302
    both = client_as("second_reviewer", name="兼岗")
    written = Step.objects.get(claim=row, outcome="returned", officer="second")
    Step.objects.create(claim=row, at=written.at, officer=both.officer, name="兼岗", stage="returned", outcome="returned")
    assert "STAFF-05" in done(both, row, "pass").content.decode()       # who changed the papers does not review them
    assert done(client_as("second"), row, "pass").status_code == 302
