"""The search over everything: each finds what the own post may see, and nothing more."""

import re

import pytest

from gateway import playing
from gateway.billing import EMPLOYEE, TABLET_B, Bill, noon, of
from openyibao.bureau.enrolment.models import Person
from signed import client_as

town = playing.town
JISHOU = "433101000000000000000000"
H1, H2 = "H43310199001", "H43310199002"


@pytest.fixture(scope="module")
def treated(town):
    """One person with a bill at the first hospital, one who was treated nowhere."""
    town.now = noon("2025-03-03")
    one, other = town.newcomer(JISHOU + "01"), town.newcomer(JISHOU + "03")
    bill = Bill(town, one, EMPLOYEE, H1, noon("2025-03-03"), charges=(of(TABLET_B, 50),)).ready()
    bill.settled()
    return one, other, bill.setl_id


def hits(client, words):
    """Addresses of what was found."""
    answer = client.get("/search", {"q": words})
    assert answer.status_code == 200
    lists = re.findall(r'<ul class="plain">(.*?)</ul>', answer.content.decode(), re.DOTALL)
    return set(re.findall(r'href="([^"]+)"', "".join(lists)))


@pytest.mark.parametrize(("post", "persons", "bills"), [
    ({"area": ""}, 2, 1),
    ({"area": "4331"}, 2, 1),
    ({"area": "433101"}, 2, 1),
    ({"area": "433101001"}, 2, 1),          # a town's post: the register knows the county
    ({"area": "433130"}, 0, 0),
    ({"area": "4201"}, 0, 0),
    ({"area": "433101", "institution": H1}, 1, 1),
    ({"area": "433101", "institution": H2}, 0, 0),
])  # fmt: skip
def test_a_post_finds_people_and_bills_of_its_own_area_or_hospital(treated, post, persons, bills):
    one, other, setl_id = treated
    client = client_as("settlement_clerk", **post)
    assert len(hits(client, one) | hits(client, other)) == persons
    assert len(hits(client, setl_id)) == bills


def test_a_name_is_found_whole_and_shown_masked(treated):
    name = Person.objects.get(pk=treated[0]).name
    client = client_as("settlement_clerk")
    page = client.get("/search", {"q": name}).content.decode()
    assert treated[0] in page and f"{name[0]}{'*' * (len(name) - 1)}" in page
    assert not hits(client, name[0])


def test_a_clause_is_found_by_its_words_and_not_by_who_may_not_read_policy(treated):
    assert any(link.startswith("/policies/") for link in hits(client_as("policy"), "住院 起付线"))
    assert hits(client_as("policy"), "起") == set()
