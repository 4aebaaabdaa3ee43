"""The log in words: every act that the code logs has its words, and an object opens where a page shows it."""

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from openyibao.bureau.staff.actions import acted
from openyibao.bureau.staff.queries import Acted
from openyibao.bureau.staff.telling import act_words, told, words
from signed import client_as

SOURCE = Path(__file__).parents[3] / "src" / "openyibao"
AT = datetime(2025, 3, 3, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
LOGGED = re.compile(r"""acted\((?:[^()]|\([^()]*\))*?what=(f?)"([^"]+)"(?: if [^,]* else "([^"]+)")?""")
CHINESE = re.compile(r"[一-鿿]")


def logged():
    """Every act named in a call of `acted`; the changing part of a name as *."""
    for path in sorted(SOURCE.rglob("*.py")):
        for _is_f, name, other in LOGGED.findall(path.read_text(encoding="utf-8")):
            yield from (re.sub(r"\{[^}]*\}", "*", one) for one in (name, other) if one)


def test_every_act_of_the_code_has_words():
    names = set(logged())
    assert len(names) > 60
    table = words()["acts"]
    for name in names:
        if name.endswith("*"):
            assert any(pattern.startswith(name[:-1]) for pattern in table), name
        else:
            assert act_words(name), f"{name}: no words in acts.yaml"


def test_words_are_in_both_languages():
    for said in (*words()["acts"].values(), *words()["objects"].values()):
        assert CHINESE.search(said["zh"]) and said["en"] and not CHINESE.search(said["en"])


@pytest.mark.parametrize(("what", "object", "zh", "of", "link"), [
    ("simulation.ask", "run/7", "发起改革模拟", "7", "/simulations/7"),
    ("load.people", "file/people.csv", "导入数据", "文件 people.csv", ""),
    ("alert.known", "alert/x", "知悉告警", "x", ""),      # an address that cannot be
    ("new.act", "thing/1", "new.act", "thing/1", ""),
])  # fmt: skip
def test_an_act_is_told_in_words_and_opens_its_object(what, object, zh, of, link):
    row = told([Acted(AT, "policy", what, object, {})])[0]
    assert (row.at, row.zh, row.object_zh, row.link) == (AT, zh, of, link)


def test_the_first_page_tells_what_one_did_in_words(django_database):
    client = client_as("policy")
    acted(officer="policy", what="simulation.ask", object="run/7", at=AT)
    for path in ("/", "/me/acts"):
        page = client.get(path).content.decode()
        assert "发起改革模拟" in page and 'href="/simulations/7"' in page and "simulation.ask" not in page
    client.post("/language", {"language": "en"})
    assert "Asked for a simulation" in client.get("/").content.decode()
