"""The hospital's window: national messages from the browser, one settlement whatever is pressed, the year restored by a reversal."""

import json
import re

import pytest

from gateway import playing
from openyibao.gateway import inside
from openyibao.gateway.window import explaining
from openyibao.gateway.window.models import Booking, Line, Visit
from signed import client_as

town = playing.town
JISHOU = "433101000000000000000000"
HOSPITAL = "H43310199001"
TABLET, EXPIRED, NOW_IN_FORCE = "YP0011", "XJ01CAY112A006010180001", "XJ01CAY112A006010190004"


@pytest.fixture
def cashier(town):
    """The cashier of the example hospital, signed in."""
    return client_as("cashier")


def newcomer(town, kind):
    """A person of one's own whose certificate can be read."""
    like = JISHOU + kind
    number = town.newcomer(like)
    certno = f"S{number[-10:]}"
    index, sealed = town.runtime.cipher.index(certno), town.runtime.cipher.seal(certno)
    town.rows("UPDATE enrolment_person SET certno_index = %s, certno_cipher = %s WHERE psn_no = %s", index, sealed, number)
    return number


def shown(cashier, psn_no, kind="number"):
    answer = cashier.post("/window/", {"credential": psn_no, "kind": kind})
    assert answer.status_code == 302, answer.content.decode()
    return int(answer["Location"].rsplit("/", 1)[1])


def registered(cashier, psn_no, care="11", diagnosis="J06.900", **more):
    number = shown(cashier, psn_no)
    page = cashier.get(f"/window/visits/{number}").content.decode()
    standing = re.search(r'<option value="([^"]*)"[^>]*>', page.split('name="standing"')[1])[1]
    form = {"standing": standing, "care": care, "doctor": "D433101990001", "diagnosis": diagnosis, **more}
    answer = cashier.post(f"/window/visits/{number}/register", form)
    assert answer.status_code == 302, answer.content.decode()
    return number


def charged(cashier, number, item, serial=1, quantity="1", **more):
    return cashier.post(f"/window/visits/{number}/charge", {"item": item, "quantity": quantity, "serial": serial, **more})


def tried(cashier, number, account="1"):
    answer = cashier.post(f"/window/visits/{number}/trial", {"account": account})
    assert answer.status_code == 302, answer.content.decode()
    return Booking.objects.get(visit=number, state=Booking.READY, takes_back=None)


def ready(cashier, town, kind="01", quantity="50", **more):
    number = registered(cashier, newcomer(town, kind), **more)
    assert charged(cashier, number, TABLET, quantity=quantity).status_code == 302
    return number, tried(cashier, number)


def settlements(town, number):
    return town.rows("SELECT * FROM settlement_settlement WHERE mdtrt_id = %s ORDER BY setl_id", Visit.objects.get(pk=number).mdtrt_id)


def test_pressing_settle_twice_is_one_settlement_and_equals_the_trial(town, cashier):
    number, form = ready(cashier, town)
    for _ in range(2):
        assert cashier.post(f"/window/charges/{form.pk}/settle").status_code == 302
    (bill,) = settlements(town, number)
    form.refresh_from_db()
    assert (form.state, form.setl_id, form.msgid) == (Booking.BOOKED, bill["setl_id"], bill["msgid"])
    for name in ("total", "fund", "account", "cash"):
        assert form.trial[name] == getattr(form, name) == bill[name], name
    page = cashier.get(f"/window/visits/{number}").content.decode()
    assert "与预结算逐项一致" in page and f"/bills/{bill['setl_id']}" in page


def test_a_lost_answer_is_fetched_and_never_paid_again(town, cashier, monkeypatch):
    number, form = ready(cashier, town)
    sent = inside.ask

    def cut(hospital, infno, given, **more):
        """The message arrives, its answer does not."""
        sent(hospital, infno, given, **more)
        return inside.Answer({}, inside.no_reply(), unsure=True)

    with monkeypatch.context() as patch:
        patch.setattr(inside, "ask", cut)
        cashier.post(f"/window/charges/{form.pk}/settle")
    form.refresh_from_db()
    assert form.state == Booking.SENT
    page = cashier.get(f"/window/visits/{number}").content.decode()
    assert "取回结果" in page and "data-card=\"bill\"" not in page
    assert cashier.post(f"/window/visits/{number}/trial", {"account": "1"}).status_code == 409     # no way to make a second charge
    day = cashier.get("/window/day").content.decode()
    assert form.msgid in day
    assert cashier.post(f"/window/charges/{form.pk}/fetch").status_code == 302
    form.refresh_from_db()
    assert form.state == Booking.BOOKED and form.fetched and form.receipt
    assert len(settlements(town, number)) == 1


def test_a_message_that_never_arrived_may_be_sent_again_or_given_up(town, cashier, monkeypatch):
    number, form = ready(cashier, town)

    def silence(*given, **more):
        """Nothing arrives, nothing comes back."""
        return inside.Answer({}, inside.no_reply(), unsure=True)

    with monkeypatch.context() as patch:
        patch.setattr(inside, "ask", silence)
        cashier.post(f"/window/charges/{form.pk}/settle")
    cashier.post(f"/window/charges/{form.pk}/fetch")
    form.refresh_from_db()
    assert form.state == Booking.SENT and not settlements(town, number)
    cashier.post(f"/window/charges/{form.pk}/settle")
    form.refresh_from_db()
    assert form.state == Booking.BOOKED and len(settlements(town, number)) == 1

    other, form = ready(cashier, town)
    with monkeypatch.context() as patch:
        patch.setattr(inside, "ask", silence)
        cashier.post(f"/window/charges/{form.pk}/settle")
    cashier.post(f"/window/charges/{form.pk}/void")
    form.refresh_from_db()
    assert form.state == Booking.DROPPED
    late = town.call(form.infno, json.loads(form.content), HOSPITAL, msgid=form.msgid)
    assert not late.fine and not settlements(town, other)          # buried: it can settle nothing any more


def test_a_reversal_restores_the_year_and_the_account_and_another_bill_may_follow(town, cashier):
    psn_no = newcomer(town, "01")
    number = registered(cashier, psn_no)
    before = town.balance(psn_no)
    for serial, quantity in ((1, "50"), (2, "3")):
        charged(cashier, number, TABLET, serial, quantity)
    form = tried(cashier, number)
    year = town.year(psn_no, "310")
    cashier.post(f"/window/charges/{form.pk}/settle")
    undoing = Booking.objects.get(takes_back=form)
    cashier.post(f"/window/charges/{undoing.pk}/settle")
    assert town.balance(psn_no) == before
    after = town.year(psn_no, "310")
    assert after is not None and (year is None or after == year) and after.pool_paid == after.outpatient_paid == after.bills == 0
    cashier.post(f"/window/visits/{number}/take-off", {"serial": 2})
    again = tried(cashier, number)
    assert again.trial["total"] == 31_000 and again.msgid != form.msgid
    cashier.post(f"/window/charges/{again.pk}/settle")
    first, mirror, last = settlements(town, number)
    assert mirror["mirror_of"] == first["setl_id"] and mirror["total"] == -first["total"] and last["mirror_of"] is None
    receipts = [row.receipt for row in Booking.objects.filter(visit=number, state=Booking.BOOKED).order_by("pk")]
    assert sorted(receipts) == [row.receipt for row in Booking.objects.filter(visit=number, receipt__isnull=False).order_by("setl_id")]
    assert Visit.objects.get(pk=number).state == Visit.SETTLED


def test_an_expired_code_is_refused_with_what_replaces_it_and_the_rest_goes_on(town, cashier):
    number = registered(cashier, newcomer(town, "01"))
    charged(cashier, number, TABLET, 1)
    charged(cashier, number, EXPIRED, 2, "2")
    line = Line.objects.get(visit=number, serial=2)
    assert line.state == Line.REFUSED
    assert (line.refusal["code"], line.refusal["instead"], line.refusal["since"]) == ("LINE-01", NOW_IN_FORCE, "2023-01-01")
    page = cashier.get(f"/window/visits/{number}").content.decode()
    assert NOW_IN_FORCE in page and "其余明细不受影响" in page
    assert tried(cashier, number).trial["total"] == 620
    charged(cashier, number, NOW_IN_FORCE, 3, "2", instead_of=2)
    assert [row.state for row in Line.objects.filter(visit=number).order_by("serial")] == [Line.TAKEN, Line.REMOVED, Line.TAKEN]
    assert tried(cashier, number).trial["total"] == 620 + 1_340


def test_one_press_one_line_and_a_changed_bill_voids_its_form(town, cashier):
    number, form = ready(cashier, town)
    charged(cashier, number, TABLET, 1, "50")
    assert Line.objects.filter(visit=number).count() == 1
    charged(cashier, number, TABLET, 2)
    answer = cashier.post(f"/window/charges/{form.pk}/settle")
    assert answer.status_code == 409 and "没有收费" in answer.content.decode() and not settlements(town, number)


def test_a_low_income_inpatient_is_discharged_with_aid_in_the_same_bill(town, cashier):
    number = registered(cashier, newcomer(town, "05"), "2101", "J18.900", begins="2025-03-03")
    charged(cashier, number, TABLET, 1, "900")
    charged(cashier, number, EXPIRED, 2)
    early = tried(cashier, number)
    assert cashier.post(f"/window/charges/{early.pk}/settle").status_code == 302
    early.refresh_from_db()
    assert early.refusal["code"] == "VISIT-16"                   # not before the discharge
    assert cashier.post(f"/window/visits/{number}/discharge").status_code == 302
    form = tried(cashier, number)
    told = explaining.told(form.trial)
    assert {"pool", "aid"} <= {one["code"] for one in told["layers"] if one["layer"].paid}
    cited = [source for one in told["layers"] for source in one["sources"]]
    assert cited and all(source["clause"] and source["trust"] for source in cited)
    cashier.post(f"/window/charges/{form.pk}/settle")
    (bill,) = settlements(town, number)
    assert (bill["total"], bill["fund"]) == (form.trial["total"], form.trial["fund"])
    assert cashier.post(f"/window/visits/{number}/back-in").status_code == 409


def test_a_hypertension_visit_settles_as_two_diseases(town, cashier):
    psn_no = newcomer(town, "07")
    number = shown(cashier, psn_no)
    page = cashier.get(f"/window/visits/{number}").content.decode()
    assert "两病门诊（高血压、糖尿病）：高血压" in page
    number = registered(cashier, psn_no, "9901/M03900", "I10.x00")
    charged(cashier, number, TABLET, 1, "10")
    form = tried(cashier, number)
    cashier.post(f"/window/charges/{form.pk}/settle")
    (bill,) = settlements(town, number)
    assert bill["med_type"] == "9901" and bill["clr_type"] == "15" and bill["fund"] > 0


@pytest.mark.parametrize(("kind", "said"), [("08", "不能享受待遇"), ("19", "没有参保记录"), ("01", "可以享受待遇")])
def test_cover_is_said_in_words(town, cashier, kind, said):
    number = shown(cashier, newcomer(town, kind))
    assert said in cashier.get(f"/window/visits/{number}").content.decode()


def test_a_voucher_works_once_shown_and_only_in_a_demo(town, cashier):
    answer = cashier.post("/window/demo-voucher", {"psn_no": JISHOU + "01"})
    token = answer["Location"].split("token=")[1]
    number = shown(cashier, token, "")
    assert Visit.objects.get(pk=number).cert_type == "01" and Visit.objects.get(pk=number).psn_no == JISHOU + "01"
    wrong = cashier.post("/window/", {"credential": "DEMO0", "kind": ""})
    assert wrong.status_code == 409 and "VOUCHER-01" in wrong.content.decode() and "刷新" in wrong.content.decode()


def test_another_hospital_and_the_own_relatives_are_out_of_reach(town, cashier):
    number, form = ready(cashier, town)
    other = client_as("cashier", institution="H43310199002")
    assert other.get(f"/window/visits/{number}").status_code == 403
    for address in (f"/window/charges/{form.pk}/settle", f"/window/visits/{number}/trial"):
        assert other.post(address).status_code == 403
    assert not settlements(town, number)
    relative = newcomer(town, "01")
    own = client_as("cashier", relatives=[relative])
    refused = own.post("/window/", {"credential": relative, "kind": "number"})
    assert refused.status_code == 409 and "STAFF-04" in refused.content.decode()
    nowhere = client_as("cashier", institution="")
    assert nowhere.get("/window/").status_code == 403


def test_a_refused_registration_leaves_no_visit_and_may_be_sent_again(town, cashier):
    psn_no = newcomer(town, "01")
    number = shown(cashier, psn_no)
    page = cashier.get(f"/window/visits/{number}").content.decode()
    standing = re.search(r'<option value="([^"]*)"[^>]*>', page.split('name="standing"')[1])[1]
    form = {"standing": standing, "care": "11", "doctor": "D433101990002", "diagnosis": "J06.900"}
    answer = cashier.post(f"/window/visits/{number}/register", form)
    assert answer.status_code == 409 and "MEASURE-03" in answer.content.decode()
    assert cashier.post(f"/window/visits/{number}/register", form | {"doctor": "D433101990001"}).status_code == 302
    assert cashier.post(f"/window/visits/{number}/cancel").status_code == 302
    assert Visit.objects.get(pk=number).state == Visit.CANCELLED
    unknown = cashier.post(f"/window/visits/{shown(cashier, psn_no)}/register", form | {"diagnosis": "没有这种病"})
    assert unknown.status_code == 400


def test_searches_answer_by_code_and_by_name(town, cashier):
    assert "YP0025 阿莫西林" in cashier.get("/window/goods", {"q": "阿莫"}).content.decode()
    assert "已停用" in cashier.get("/window/goods", {"q": EXPIRED}).content.decode()
    assert "J18.900" in cashier.get("/window/diagnoses", {"q": "肺炎"}).content.decode()
    several = charged(cashier, registered(cashier, newcomer(town, "01")), "氨氯地平")
    assert several.status_code == 400 and "不止一个项目符合" in several.content.decode()


def test_lines_that_were_cut_off_halfway_are_sent_again_by_the_trial(town, cashier, monkeypatch):
    number = registered(cashier, newcomer(town, "01"))
    for serial in (1, 2):
        charged(cashier, number, TABLET, serial)
    sent = inside.ask

    def cut(hospital, infno, given, **more):
        """Withdrawing arrives, sending again does not."""
        return sent(hospital, infno, given, **more) if infno == "2205" else inside.Answer({}, inside.no_reply(), unsure=True)

    with monkeypatch.context() as patch:
        patch.setattr(inside, "ask", cut)
        assert cashier.post(f"/window/visits/{number}/take-off", {"serial": 2}).status_code == 409
    assert town.rows("SELECT 1 FROM settlement_line WHERE mdtrt_id = %s", Visit.objects.get(pk=number).mdtrt_id) == []
    form = tried(cashier, number)
    assert form.trial["total"] == 1_240
