"""The kit against a stand-in door: a right door passes every case, and each fault fails the cases that are there to find it."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from typer.testing import CliRunner

from openyibao.cli.main import app
from openyibao.outside.hospital.addresses import address_of
from openyibao.outside.hospital.cast import load_cast, shipped
from openyibao.outside.hospital.conformance import html
from openyibao.outside.hospital.conformance.case import case
from openyibao.outside.hospital.conformance.cases import repeat, wire
from openyibao.outside.hospital.conformance.every import CASES
from openyibao.outside.hospital.conformance.junit import junit
from openyibao.outside.hospital.conformance.run import FAILED, PASSED, SKIPPED, chosen, played
from openyibao.outside.hospital.conformance.stage import Stage
from openyibao.outside.hospital.signing import OPEN
from outside.hospital_door import standing

WHOLE = load_cast(shipped(), "jishou")
CAST = replace(WHOLE, keys={name: key for name, key in WHOLE.keys.items() if key.scheme in ("csb", "tif")})
FAULTS = {
    "line-off": {"outpatient.walk"},
    "fund-off": {"outpatient.walk", "inpatient.walk", "pharmacy.walk"},
    "text-amounts": {"outpatient.walk"},
    "trial-differs": {"outpatient.trial-equals-settlement", "pharmacy.walk"},
    "trial-writes": {"outpatient.trial-leaves-nothing"},
    "undo-forgets": {"outpatient.undone", "repeat.reversal-by-id"},
    "reverses-nothing": {"repeat.reversal-by-id"},
    "any-total": {"outpatient.wrong-total"},
    "any-line": {"outpatient.wrong-line"},
    "account-always": {"outpatient.no-account"},
    "forgets": {"repeat.same", "repeat.storm", "pharmacy.twice"},
    "any-content": {"repeat.other-content"},
    "no-fate": {"repeat.lost-answer"},
    "twice-inside": {"inpatient.twice"},
    "expired-may": {"refusals.expired-code"},
    "no-successor": {"refusals.expired-code"},
    "dead-may": {"refusals.dead"},
    "anybody-may": {"refusals.arrears", "refusals.waiting", "refusals.uninsured", "refusals.measure"},
    "any-doctor": {"refusals.suspended-doctor"},
    "no-reason": {"refusals.benefit-check"},
    "suspended-may": {"access.suspended-institution"},
    "any-signature": {"access.wrong-signature", "access.clock-skew", "access.replay"},
    "any-time": {"access.clock-skew"},
    "any-nonce": {"access.replay"},
    "no-not-served": {"access.known-not-served"},
    "one-address": {"access.every-address"},
    "any-size": {"wire.oversized"},
    "any-encoding": {"wire.encoding"},
    "impatient": {"wire.stall"},
    "five-hundred": {"wire.odd-texts", "outpatient.walk"},
    "dumb": {"access.unknown-number", "outpatient.wrong-total"},
    "same-page": {"catalogue.queries"},
    "always-equal": {"office.month-end"},
    "silent-detail": {"office.detail"},
}  # fmt: skip


def play(url: str, names: list[str]) -> dict[str, str]:
    """Outcome of each case named, all when none is."""
    stage = Stage(address_of(url), CAST, OPEN)
    try:
        return {result.case.name: result.outcome for result in played(stage, chosen(CASES, names))}
    finally:
        stage.close()


def test_a_right_door_passes_every_case():
    with standing(CAST) as url:
        outcomes = play(url, [])
    assert outcomes.pop("access.bearer") == SKIPPED
    assert {name for name, outcome in outcomes.items() if outcome != PASSED} == set()
    assert len(outcomes) + 1 == len(CASES)


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_wrong_door_fails_the_cases_that_look_for_it(fault, monkeypatch):
    monkeypatch.setattr(repeat, "WAIT", 0.5)
    monkeypatch.setattr(wire, "PAUSE", 1.5)
    with standing(CAST, fault) as url:
        outcomes = play(url, sorted(FAULTS[fault]))
    assert outcomes == dict.fromkeys(FAULTS[fault], FAILED)


def test_every_case_has_a_cure_and_a_name_of_its_own():
    assert len({row.name for row in CASES}) == len(CASES)
    for row in CASES:
        assert row.family in html.FAMILIES and row.zh and row.en and row.cure_zh and row.cure_en


def test_a_nameless_case_is_an_error():
    with pytest.raises(KeyError, match=r"access\.nothing"):
        chosen(CASES, ["access.nothing"])


def test_a_role_that_is_missing_skips_the_case():
    with standing(CAST) as url:
        stage = Stage(address_of(url), replace(CAST, people={}), OPEN)
        results = played(stage, chosen(CASES, ["refusals.dead"]))
        stage.close()
    assert [(row.outcome, "people.dead" in row.zh) for row in results] == [(SKIPPED, True)]


def test_a_second_run_reconciles_what_the_first_has_settled():
    with standing(CAST) as url:
        assert play(url, ["office"]) == play(url, ["office"]) == {row.name: PASSED for row in CASES if row.family == "office"}


def test_silence_is_a_failure_and_not_a_crash():
    with standing(CAST) as url:
        gone = url
    assert set(play(gone, ["access.unknown-number"]).values()) == {FAILED}


@case("access.crash", "读不懂的应答", "an unreadable reply", cure=("", ""))
def stumbling(stage):
    """A case that trips over a reply."""
    stage.hospital().must("1201", {"medinsinfo": {}}).output["nothing"]["there"]


class Tags(HTMLParser):
    """Counts tags and keeps the text."""

    def __init__(self):
        super().__init__()
        self.open, self.text, self.outside = [], "", []

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)
        self.outside += [value for name, value in attrs if name in ("src", "href") and not value.startswith("#")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_the_report_shows_request_reply_and_cure_and_hides_persons():
    with standing(CAST, "fund-off", "no-successor") as url:
        stage = Stage(address_of(url), CAST, OPEN)
        results = [*played(stage, chosen(CASES, ["outpatient.walk", "access.bearer", "refusals.expired-code"])),
                   *played(stage, [stumbling])]
        stage.close()
    page = html.page(results, url, "jishou", stage.clock())
    tags = Tags()
    tags.feed(page)
    assert tags.open == [] and tags.outside == [], "the page stands alone and is closed"
    for words in ("3 个用例未通过", "I4 基金支付总额", "怎么改", '"infno"', "med_list_codg", "KeyError"):
        assert words in tags.text, words
    for person in CAST.people.values():
        assert person.certno not in page and person.name not in page
    suites = ET.fromstring(junit(results, "x"))
    assert {name: suites.get(name) for name in ("tests", "failures", "skipped")} == {"tests": "4", "failures": "3", "skipped": "1"}
    assert suites.find(".//testcase[@name='refusals.expired-code']/failure") is not None


def test_the_command_writes_both_reports_and_tells_by_its_exit_code(tmp_path):
    run = CliRunner().invoke
    with standing(CAST) as url:
        good = run(app, ["conformance", url, "--only", "pharmacy", "--report", str(tmp_path / "good")])
        bad = run(app, ["conformance", url, "--key", "csb:nobody:x", "--only", "access.unknown-number", "--report", str(tmp_path / "bad")])
        odd = run(app, ["conformance", url, "--only", "nothing"])
        signed = run(app, ["conformance", url, "--key", "tif", "--only", "outpatient.walk", "--report", str(tmp_path / "signed")])
    assert (good.exit_code, bad.exit_code, odd.exit_code, signed.exit_code) == (0, 1, 2, 0), good.output + bad.output + signed.output
    assert "passed 2" in good.output
    for folder in ("good", "bad"):
        assert (tmp_path / folder / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
        ET.parse(tmp_path / folder / "report.xml")
    assert "access.replay" in run(app, ["conformance", "--list"]).output
