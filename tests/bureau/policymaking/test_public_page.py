"""The public page: open to everybody, every city, both schemes; its sentences and examples are those of the parameters and the kernel."""

import re

import pytest

from openyibao.bureau.policymaking.plain import BILLS, page_of
from openyibao.kernel.claim import Claim
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from openyibao.policybook.book import cities, load_book, policies_root
from signed import open_client

DAY = 20260601
CITIES = cities(policies_root())


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("scheme", ["employee", "resident"])
def test_every_sentence_rests_on_entries_and_every_example_on_the_kernel(city, scheme):
    book = load_book(policies_root(), city)
    sections = page_of(book, scheme, DAY)
    assert {"inpatient", "outpatient", "medical_aid", "contribution"} <= {one.code for one in sections}
    for section in sections:
        for sentence in section.sentences:
            assert sentence.entries and sentence.clauses and "{" not in sentence.zh + sentence.en and "不设限" not in sentence.zh
            assert not re.search(r"[\u4e00-\u9fff]", sentence.en), sentence.en
            figures = set(re.findall(r"\d[\d,.]*%?", sentence.zh)) - {"两"}
            stated = " ".join(entry.value["zh"] for entry in sentence.entries)
            assert section.code == "chronic" or all(figure.rstrip(".") in stated for figure in figures), sentence
        for one in section.examples:
            assert one.fund + one.person == one.total
    kind, _, total, within = BILLS["inpatient"]
    level_3 = Claim(1 if scheme == "employee" else 2, kind, DAY, 4, total, full=total - within, within=within)
    receipt, _ = settle(level_3, Year(year=2026), book.plan_for(level_3))
    example = next(one for section in sections if section.code == "inpatient" for one in section.examples if one.where["zh"] == "三级医院")
    assert (example.fund, example.person) == (receipt.fund, receipt.person) and receipt.fund > 0


def test_the_page_needs_nobody_and_shows_the_marks(django_database):
    client = open_client()
    page = client.get("/policies/public/jishou?scheme=employee").content.decode()
    assert "在职职工" in page and "示例值" in page and "基金支付" in page
    assert client.get("/policies/public").status_code == 200 and client.get("/policies/public/nowhere").status_code == 404
    assert client.get("/policies/").status_code == 302
    client.cookies["language"] = "en"
    assert "Worked examples" in client.get("/policies/public/wuhan").content.decode()
