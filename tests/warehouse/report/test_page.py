"""The page: whole in one file, in both languages, every figure in it, the same bytes again, and drawn by a real browser."""

import dataclasses
import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from openyibao.warehouse.report import page as page_module
from openyibao.warehouse.report.amounts import months, signed, yuan
from openyibao.warehouse.report.charts import MOST, charts
from openyibao.warehouse.report.page import NoCharts, page
from openyibao.warehouse.report.words import phrases, say
from openyibao.warehouse.simulate.outcome import Words, from_json, to_json
from warehouse.report.made_outcome import made_outcome

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHINESE = re.compile(r"[一-鿿]")


class Seen(HTMLParser):
    """What a browser meets: addresses it would load, the text of each language, and text outside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[tuple[str, str]] = []
        self.words: dict[str, list[str]] = {"zh": [], "en": []}
        self.text: list[str] = []
        self.within: list[str] = []
        self.speaking: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.addresses += [(tag, str(value)) for name, value in attrs if name in ("src", "href", "action", "srcset", "poster", "data")]
        if tag in ("script", "style"):
            self.within.append(tag)
        if tag == "span":
            self.speaking.append(found.get("data-l") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.within.pop()
        if tag == "span":
            self.speaking.pop()

    def handle_data(self, data: str) -> None:
        if self.within:
            return
        self.text.append(data)
        for lang in self.speaking:
            if lang:
                self.words[lang].append(data)


@pytest.fixture(scope="module")
def outcome() -> Any:
    return made_outcome()


@pytest.fixture(scope="module")
def text(outcome) -> str:
    return page(outcome)


@pytest.fixture(scope="module")
def seen(text) -> Seen:
    return Seen(text)


def test_it_asks_nobody_for_anything(text, seen):
    assert seen.addresses
    assert [found for found in seen.addresses if not (found[1].startswith("#") or found[1] == "data:,")] == []
    own = re.sub(r"<script>.*?</script>", "", text, count=1, flags=re.DOTALL)  # the chart library names its licence by address
    assert len(own) < len(text) / 2
    assert "://" not in own and "@import" not in own and "url(" not in own
    assert "default-src 'none'" in text


def test_the_same_outcome_gives_the_same_bytes(outcome, text):
    assert page(from_json(to_json(outcome))) == text


def figures(value: Any) -> Iterator[int]:
    """Every figure of money or people of a dataclass."""
    for field in dataclasses.fields(value):
        found = getattr(value, field.name)
        if isinstance(found, int) and not isinstance(found, bool):
            yield found


def test_every_figure_of_the_outcome_is_on_it(outcome, seen):
    text = " ".join(seen.text)
    totals = outcome.totals
    amounts = [one for fund in (*totals.funds, totals.person) for one in (fund, *fund.layers) if one.before or one.after]
    for one in (*amounts, totals.total, totals.within, totals.fund, totals.credits):
        assert all(found in text for found in (yuan(one.before), yuan(one.after), signed(one.change))), one
    for fund in outcome.months:
        money = (fund.opening, fund.income_before, fund.income_after, fund.outgo_before, fund.outgo_after, fund.closing_before,
                 fund.closing_after)
        assert all(yuan(found) in text for found in money), fund
        assert f"{months(fund.months_before)} → {months(fund.months_after)}" in text
    for row in (row for dimension in outcome.dimensions for row in dimension.rows):
        counts = (row.persons, row.bills, row.gain, row.lose, row.same)
        money = (row.gained, row.lost, row.person_before, row.fund_before, row.credit_before)
        assert all(f"{found:,}" in text for found in counts) and all(yuan(found) in text for found in money), row
        assert signed(row.person_after - row.person_before) in text and signed(row.fund_after - row.fund_before) in text
    for county in outcome.counties:
        amounts = (county.fund, *county.funds)
        assert f"{county.persons:,}" in text and all(yuan(found) in text for one in amounts for found in (one.before, one.after)), county
        assert yuan(county.person.before) in text and signed(county.person.change) in text
    for one in outcome.distribution.bins:
        assert f"{one.persons:,}" in text and signed(one.money) in text
    for share in outcome.attribution.shares:
        assert all(signed(found) in text for found in (*share.ordered, *share.averaged)), share
    for row in outcome.accounts.rows:
        assert all(yuan(found) in text or f"{found:,}" in text for found in figures(row)), row
    for one in outcome.behaviour.cells:
        assert all(yuan(found) in text for found in (one.fund_static, one.fund_after, one.person_static, one.person_after)), one
    for case in (*outcome.hardest_bills, *outcome.hardest_years):
        assert signed(case.bill_change if case.by == "bill" else case.year_change) in text
        for side in filter(None, (case.before, case.after)):
            assert all(step.formula in text for step in side.steps)
            assert all(yuan(found) in text for found in (side.fund, side.person, side.account, side.cash))
    assert all(one.key in text for one in outcome.cautions)
    repro = outcome.reproduction
    assert all(found in text for found in (repro.base_digest, repro.reform_digest, repro.store_digest, repro.command, repro.drafts[0][1]))


def test_both_languages_say_everything(seen):
    assert len(seen.words["zh"]) == len(seen.words["en"]) > 200
    assert [words for words in seen.words["en"] if CHINESE.search(words)] == []
    assert all(words.strip() for words in (*seen.words["zh"], *seen.words["en"]))


def test_every_phrase_stands_in_both_languages_with_the_same_gaps():
    for key, words in phrases().items():
        gaps = [set(re.findall(r"{\w+}", half)) for half in (words.zh, words.en)]
        assert gaps[0] == gaps[1], key
        assert bool(words.zh) == bool(words.en) and not CHINESE.search(words.en), key


def test_every_phrase_is_said_somewhere():
    sources = [*page_module.TEMPLATES.parent.glob("*.py"), *page_module.TEMPLATES.glob("*.html")]
    told = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    made = {f"{key}_{way}" for key in ("fund", "person", "credits") for way in ("more", "less", "same")}
    asked = [key for key in phrases() if key not in made and not key.startswith("nav_")]
    assert [key for key in asked if f'"{key}"' not in told and f"'{key}'" not in told] == []


def test_it_opens_in_the_language_asked_for(outcome, text):
    assert '<html lang="zh-CN" data-lang="zh">' in text and "<title>职工门诊共济改革</title>" in text
    english = page(outcome, "en")
    assert '<html lang="en" data-lang="en">' in english and "<title>Employee outpatient pooling</title>" in english


def test_nothing_that_comes_from_a_file_becomes_markup(outcome, text):
    assert "&lt;第三条&gt; &amp; 附件" in text and "<第三条>" not in text
    title = Words("</script><script>alert(1)</script>", "</script><b>x</b>")
    hostile = page(dataclasses.replace(outcome, meta=dataclasses.replace(outcome.meta, title=title)))
    assert "<script>alert(1)" not in hostile and "</script><b>" not in hostile


def test_books_that_do_not_close_are_said_to_be_open(outcome, text):
    assert say("adds_up", change="0.00").zh in text and 'class="check broken"' not in text
    totals = dataclasses.replace(outcome.totals, total=dataclasses.replace(outcome.totals.total, after=outcome.totals.total.after + 1))
    assert say("adds_up_broken", before="0.00", after="-0.01").zh in page(dataclasses.replace(outcome, totals=totals))
    shares = (dataclasses.replace(outcome.attribution.shares[0], averaged=(1, 1)), *outcome.attribution.shares[1:])
    broken = dataclasses.replace(outcome, attribution=dataclasses.replace(outcome.attribution, shares=shares))
    assert say("sums_broken").zh in page(broken) and say("sums_exactly").zh not in page(broken)


def test_what_was_not_asked_for_is_not_there(outcome):
    plain = page(dataclasses.replace(made_outcome(behaviour=False), attribution=None, hardest_bills=(), hardest_years=(), cautions=()))
    assert 'id="counties"' not in page(dataclasses.replace(outcome, counties=()))
    assert 'id="behaviour"' not in plain and 'href="#behaviour"' not in plain
    assert all(say(key).zh in plain for key in ("no_why", "no_cases", "no_cautions", "no_behaviour"))


def test_of_many_groups_the_chart_draws_those_that_move_most_and_the_table_has_all(outcome):
    many = tuple(dataclasses.replace(outcome.dimensions[0].rows[0], key=str(place), words=Words(f"街道{place}", f"town {place}"),
                                     lost=place)
                 for place in range(60))
    towns = dataclasses.replace(outcome.dimensions[0], key="town", rows=many)
    wide = dataclasses.replace(outcome, dimensions=(towns,))
    drawn = charts(wide)["group-town"]["labels"]
    assert len(drawn) == MOST and drawn[0] == ["街道59", "town 59"] and ["街道0", "town 0"] not in drawn
    assert all(f"town {place}<" in page(wide) for place in (0, 30, 59))


def test_payers_step_up_to_the_cost(outcome):
    values = charts(outcome)["payers"]["series"][0]["values"]
    assert sum(values[:-1]) == values[-1] == outcome.totals.fund.change


def test_without_the_chart_library_it_says_how_to_get_it(outcome, monkeypatch, tmp_path):
    monkeypatch.setattr(page_module, "ECHARTS", tmp_path / "echarts.min.js")
    with pytest.raises(NoCharts, match="make setup") as caught:
        page(outcome)
    assert "make setup" in caught.value.zh


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: the page is not drawn")
def test_a_browser_draws_the_charts_and_speaks_english(text, tmp_path):
    file = tmp_path / "report.html"
    file.write_text(text, encoding="utf-8")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000")
    command = [str(CHROMIUM), *flags, "--dump-dom", f"{file.as_uri()}#en"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    drawn = done.stdout.split("<script", 1)[0]
    assert 'data-lang="en"' in drawn and "<title>Employee outpatient pooling</title>" in done.stdout
    shown = re.findall(r'data-chart="([\w-]+)"[^>]*>\s*<div[^>]*><svg', drawn)
    assert shown == ["payers", "counties", "group-scheme", "spread", "why-fund", "accounts"]
    assert "+200 m" in drawn  # the label of a bar
