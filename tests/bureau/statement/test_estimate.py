"""What would I pay: the estimate is what the window settles for the same facts, and where the rules do not say it says so."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from gateway import playing
from gateway.billing import EMPLOYEE, RESIDENT, TABLET_B, Bill, noon, of
from openyibao.bureau.policydesk.shelf import books, shelf
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.statement.estimating import Anybody, Parts, Place, Question, answer_for, answer_for_anybody, differing
from openyibao.kernel import codes
from signed import client_as, open_client

town = playing.town

JISHOU = "433101000000000000000000"
H1 = "H43310199001"
PAYERS = ("fund", "person", "account", "family", "cash", "deductible", "pool", "hospital")


def parts_of(bill):
    """The split of a bill's lines, as the hospital would state it for an estimate."""
    fen = {name: sum(int(Decimal(str(row[name] or 0)) * 100) for row in bill.rows)
           for name in ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt")}
    return Parts(int(bill.total * 100), *fen.values())


@pytest.mark.parametrize(("like", "scheme"), [("01", EMPLOYEE), ("02", EMPLOYEE), ("03", RESIDENT), ("05", RESIDENT)])
@pytest.mark.parametrize(("kind", "total"), [
    (codes.OUTPATIENT, 777), (codes.OUTPATIENT, 26_000), (codes.INPATIENT, 8_000), (codes.INPATIENT, 400_000),
])  # fmt: skip
def test_an_estimate_is_what_is_settled_later_to_the_fen(town, like, scheme, kind, total):
    psn_no = town.newcomer(JISHOU + like)
    Bill(town, psn_no, scheme, H1, noon("2025-01-06"), charges=(of(TABLET_B, 1_234),)).ready().settled()
    day = noon("2025-03-08")
    ends = day if kind == codes.INPATIENT else None
    bill = Bill(town, psn_no, scheme, H1, day, ends, "2101" if ends else "11", charges=(of(TABLET_B, total),)).ready()
    level = shelf().of_area("433101").level_of("02")
    question = Question(kind, 20250308, parts_of(bill))
    found = answer_for(psn_no, scheme, question, Place(level, codes.HOME), shelf(), day).receipt
    bill.settled()
    row = Settlement.objects.get(pk=int(bill.setl_id))
    asked = {name: getattr(found, name) for name in PAYERS} | {"account": found.account + found.family}
    assert asked == {name: getattr(row, name) for name in PAYERS}
    assert row.fund > 0 or kind == codes.OUTPATIENT


def test_a_filed_disease_is_known_of_a_person(town):
    psn_no, day = town.newcomer(JISHOU + "07"), noon("2025-03-08")
    bill = Bill(town, psn_no, RESIDENT, H1, day, med_type="9901", disease="M03900", charges=(of(TABLET_B, 120),)).ready()
    question = Question(codes.TWO_DISEASE, 20250308, parts_of(bill), "M03900")
    place = Place(shelf().of_area("433101").level_of("02"), codes.HOME)
    found = answer_for(psn_no, RESIDENT, question, place, shelf(), day)
    bill.settled()
    assert found.receipt.fund == Settlement.objects.get(pk=int(bill.setl_id)).fund > 0
    stranger = answer_for(town.newcomer(JISHOU + "03"), RESIDENT, question, place, shelf(), day)
    assert stranger.receipt.fund == 0 and "资格" in stranger.reason["zh"] and not stranger.silent


CARE = {"kind": "5", "day": "2025-03-01", "total": "30000", "share": "90", "level": "3", "where": "0"}
ASKED = {**CARE, "scheme": "2", "status": "0", "aid": "0"}


def test_anybody_may_ask_and_sees_layers_trust_and_cash():
    answer = open_client().get(reverse("estimate-public"), {**ASKED, "city": "jishou"})
    text = answer.content.decode()
    assert answer.status_code == 200 and "自己掏现金" in text and "逐层怎么付的" in text and "示例值" in text
    book = books()["jishou"]
    found = answer_for_anybody(Question(codes.INPATIENT, 20250301, Parts(3_000_000, 300_000)), Anybody(codes.RESIDENT),
                               Place(codes.L2, codes.HOME), book)
    assert f"{found.receipt.cash / 100:,.2f}" in text and f"{found.receipt.fund / 100:,.2f}" in text


def test_two_places_stand_side_by_side_with_the_difference_explained():
    text = open_client().get(reverse("estimate-public"), {**ASKED, "city": "jishou", "level2": "4", "where2": "4"}).content.decode()
    assert "差在哪里" in text and "外地·未备案自行前往" in text and "后者多" in text and "基本医保统筹 · 比例" in text
    book, who = books()["jishou"], Anybody(codes.RESIDENT)
    question = Question(codes.INPATIENT, 20250301, Parts(3_000_000))
    near, far = (answer_for_anybody(question, who, place, book) for place in (Place(codes.L2, 0), Place(codes.L3, codes.SELF_REFERRED)))
    rows = differing(near, far)
    cash = next(row for row in rows if row.en == "Cash")
    assert cash.fen == far.receipt.cash - near.receipt.cash > 0
    assert differing(near, near) == []


def test_where_the_rules_do_not_say_nobody_knows():
    text = open_client().get(reverse("estimate-public"), {**ASKED, "city": "jishou", "day": "2001-01-01"}).content.decode()
    assert "不知道" in text and "现行政策没有写明" in text and "自己掏现金" not in text


@pytest.mark.parametrize(("changes", "words"), [
    ({"total": "0"}, "我们不知道这次要花多少钱"), ({"total": "abc"}, "请填写金额"), ({"total": "-5"}, "金额应为正数"),
    ({"kind": "2"}, "请选择慢特病病种"), ({"kind": "13"}, "请填写透析次数"), ({"share": "", "full": "40000"}, "超过了总费用"),
    ({"full": "10"}, "占比与分项金额只填一种"),
])  # fmt: skip
def test_a_question_that_cannot_be_answered_is_sent_back_in_words(changes, words):
    assert words in open_client().get(reverse("estimate-public"), {**ASKED, "city": "jishou", **changes}).content.decode()


def test_the_insured_are_asked_neither_class_nor_sums(town):
    psn_no = town.newcomer(JISHOU + "05")
    client = client_as("insured", psn_no=psn_no)
    text = client.get(reverse("estimate")).content.decode()
    assert "按您登记的参保身份和今年的累计计算" in text and 'name="scheme"' not in text and 'name="pool_paid"' not in text
    text = client.get(reverse("estimate"), CARE).content.decode()
    question = Question(codes.INPATIENT, 20250301, Parts(3_000_000, 300_000))
    at = datetime.fromisoformat("2025-03-01T09:00:00+08:00")
    found = answer_for(psn_no, RESIDENT, question, Place(codes.L2, codes.HOME), shelf(), at).receipt
    assert found.aid > 0 and f"{found.cash / 100:,.2f}" in text


def test_a_clerk_estimates_for_one_person_after_giving_a_purpose(town):
    psn_no, client = town.newcomer(JISHOU + "03"), client_as("settlement_clerk")
    url = f"{reverse('estimate')}?person={psn_no}"
    assert "查询用途" in client.get(url).content.decode()
    client.post(url, {"purpose": "参保人来电查询"})
    assert "按该参保人登记的身份" in client.get(url).content.decode()
    assert client_as("settlement_clerk", area="433130").get(url).status_code == 404
    assert client_as("guest").get(url).status_code == 403


def test_the_bureaus_own_city_can_be_another():
    text = open_client().get(reverse("estimate-public"), {**ASKED, "city": "wuhan"}).content.decode()
    assert '<option value="wuhan" selected>' in text and "自己掏现金" in text
