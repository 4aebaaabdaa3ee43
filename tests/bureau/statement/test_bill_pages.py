"""Pages of bills: one bill with every layer, the person masked until a purpose is given, reversals, the paper and its public check."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gateway import playing
from gateway.billing import EMPLOYEE, RESIDENT, TABLET_B, VISIT_FEE, Bill, noon, of
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.staff.models import Look
from openyibao.bureau.statement import queries
from openyibao.bureau.statement.verifying import token_of
from signed import client_as, open_client

town = playing.town

JISHOU = "433101000000000000000000"
H1, H2 = "H43310199001", "H43310199002"


def visit(town, psn_no, scheme=EMPLOYEE, total=777, at="2025-03-03", institution=H1):
    return Bill(town, psn_no, scheme, institution, noon(at), charges=(of(TABLET_B, total), of(VISIT_FEE, 10))).ready()


def stay(town, psn_no, scheme, total, institution=H1):
    return Bill(town, psn_no, scheme, institution, noon("2025-03-03"), noon("2025-03-08"), "2101", charges=(of(TABLET_B, total),)).ready()


def settled(bill):
    bill.settled()
    return int(bill.setl_id)


@pytest.fixture(scope="module")
def clerk(town):
    return client_as("settlement_clerk")


@pytest.fixture(scope="module")
def dear(town):
    """A low-income resident's stay, which every layer touches."""
    return settled(stay(town, town.newcomer(JISHOU + "05"), RESIDENT, 60_000))


def page(client, number, status=200):
    answer = client.get(reverse("bill", args=[number]))
    assert answer.status_code == status, answer.content.decode()[:800]
    return answer.content.decode()


def test_a_bill_shows_every_layer_and_that_it_was_settled_again(clerk, dear):
    text = page(clerk, dear)
    for words in ("基本医保统筹", "居民大病保险", "医疗救助", "已按结算当日政策重新计算，与存档分毫不差", "从总额到现金", "示例值"):
        assert words in text, words
    bill = Settlement.objects.get(pk=dear)
    for fen in (bill.total, bill.fund, bill.cash):
        assert f"{fen / 100:,.2f}" in text
    assert "重算结果与存档不一致" not in text


def test_name_and_diagnosis_are_shown_once_a_purpose_is_given_and_the_look_is_logged(town, dear):
    client, bill = client_as("settlement_clerk", name="第二经办"), Settlement.objects.get(pk=dear)
    text = page(client, dear)
    assert "齐强" not in text and "齐*" in text and "J06.900" not in text
    assert not Look.objects.filter(officer=client.officer, psn_no=bill.psn_no).exists()
    refused = client.post(reverse("bill", args=[dear]), {"purpose": "  "})
    assert refused.status_code == 400 and "须写明用途" in refused.content.decode()
    client.post(reverse("bill", args=[dear]), {"purpose": "窗口办理业务"})
    text = page(client, dear)
    assert "齐强" in text and "J06.900" in text
    look = Look.objects.filter(officer=client.officer, psn_no=bill.psn_no).latest("at")
    assert (look.purpose, look.what) == ("窗口办理业务", "bill")


def test_charge_lines_stand_with_their_four_parts(town, clerk):
    number = settled(visit(town, town.newcomer(JISHOU + "01")))
    text = page(clerk, number)
    assert "共 2 行" in text and TABLET_B in text and VISIT_FEE in text
    bill = Settlement.objects.get(pk=number)
    assert text.count(f"{bill.total / 100:,.2f}") >= 2          # the head and the foot of the lines


def test_a_bill_whose_stored_figures_were_touched_says_so_loudly(clerk, dear, monkeypatch):
    real = queries.beside_of

    def touched(columns):
        beside = real(columns)
        return beside._replace(figures=[beside.figures[0], beside.figures[1] + 1, *beside.figures[2:]])

    monkeypatch.setattr(queries, "beside_of", touched)
    text = page(clerk, dear)
    assert "重算结果与存档不一致，请勿据此支付" in text and "0.01" in text
    assert "分毫不差" not in text


def test_a_journal_row_that_was_touched_is_not_what_the_law_says(clerk, dear, monkeypatch):
    real = queries.row_of

    def touched(setl_id):
        row, beside = real(setl_id)
        place = 20                                              # the pooled fund's payment of the receipt
        return row._replace(receipt=[*row.receipt[:place], row.receipt[place] + 5, *row.receipt[place + 1 :]]), beside

    monkeypatch.setattr(queries, "row_of", touched)
    assert "按当日政策重算的金额与日志不同" in page(clerk, dear)


def test_a_reversal_its_original_and_the_bill_settled_again_are_one_story(town, clerk):
    made = visit(town, town.newcomer(JISHOU + "01"), total=3_000)
    first = settled(made)
    assert made.undo().output is not None
    assert made.call("2205", {"data": {"mdtrt_id": made.mdtrt_id, "chrg_bchno": "1", "psn_no": made.psn_no}}).output is not None
    made.charges, made.rows = (), []
    made.charge(of(TABLET_B, 3_000))
    again = settled(made)
    mirror = Settlement.objects.get(mirror_of=first)
    assert Settlement.objects.get(pk=again).total == 300_000
    text = page(clerk, first)
    assert f"由撤销单 {mirror.pk} 撤销" in text and "重新结算" in text and "分毫不差" in text
    text = page(clerk, mirror.pk)
    assert f"与原单 {first} 相反" in text and "分毫不差" in text and "重算结果与存档不一致" not in text
    text = page(clerk, again)
    assert "已结算" in text and "撤销与重结经过" in text and "共 1 行" in text


def test_who_may_not_see_a_bill_is_told_as_if_there_were_none(town, dear):
    assert "不在您的可见范围内" in page(client_as("settlement_clerk", area="433130"), dear, 404)
    assert "不在您的可见范围内" in page(client_as("hospital_manager", institution=H2), dear, 404)
    assert "不在您的可见范围内" in page(client_as("policy"), 987_654_321, 404)
    page(client_as("hospital_manager", institution=H1), dear)
    page(client_as("town_clerk"), dear)
    assert page(client_as("administrator"), dear, 403)


def test_the_insured_open_their_own_bill_and_nobody_elses(town, dear):
    bill = Settlement.objects.get(pk=dear)
    own = client_as("insured", psn_no=bill.psn_no)
    for name in ("bill", "own-bill"):
        answer = own.get(reverse(name, args=[dear]))
        assert answer.status_code == 200 and "齐强" in answer.content.decode()
        assert client_as("insured").get(reverse(name, args=[dear])).status_code == 404
    assert own.get(reverse("own-bill-pdf", args=[dear])).content[:4] == b"%PDF"
    assert Look.objects.filter(officer=own.officer, psn_no=bill.psn_no, purpose="本人查询").exists()


def test_a_page_asks_the_database_few_questions(clerk, dear):
    for url in (reverse("bill", args=[dear]), reverse("bills")):
        with CaptureQueriesContext(connection) as asked:
            clerk.get(url)
        assert len(asked) <= 25, [one["sql"][:80] for one in asked]


def test_the_paper_has_its_type_embedded_and_leads_to_the_public_check(clerk, dear):
    answer = clerk.get(reverse("bill-pdf", args=[dear]))
    assert answer["Content-Type"] == "application/pdf" and answer.content[:4] == b"%PDF"
    assert b"NotoSansSC" in answer.content and b"/FontFile" in answer.content
    assert len(answer.content) > 20_000


def test_the_public_check_says_whether_a_bill_stands_and_names_nobody(town, dear):
    anybody, bill = open_client(), Settlement.objects.get(pk=dear)
    text = anybody.get(reverse("bill-verify", args=[token_of(dear)])).content.decode()
    assert "单据真实，现行有效" in text and "齐*" in text and "齐强" not in text and bill.psn_no not in text
    assert f"{bill.total / 100:,.2f}" in text
    made = visit(town, town.newcomer(JISHOU + "01"))
    fallen = settled(made)
    assert made.undo().output is not None
    assert "不再有效" in anybody.get(reverse("bill-verify", args=[token_of(fallen)])).content.decode()


@pytest.mark.parametrize("forge", [lambda token: token[:-1], lambda token: f"1{token}", lambda token: "nothing"])
def test_a_forged_check_is_refused_in_words(dear, forge):
    answer = open_client().get(reverse("bill-verify", args=[forge(token_of(dear))]))
    assert answer.status_code == 404 and "不可采信" in answer.content.decode()


def test_in_english_a_bill_has_no_chinese_but_names_and_clauses(dear):
    client = client_as("settlement_clerk", language="en")
    text = page(client, dear)
    assert "How each layer paid" in text and "Basic pooled fund" in text and "equal to the records to the fen" in text
    heads = re.findall(r"<th scope=\"col\"[^>]*>([^<]*)</th>", text)
    assert heads and not any(re.search("[一-龥]", head) for head in heads), heads
