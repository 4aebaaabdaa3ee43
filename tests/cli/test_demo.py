"""The demo and its bills: every kind, layer, aid category, off-site class and reason of refusal is there, and every figure adds up."""

import json
import re
import string
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cli.bills import POOR, STAY, VISIT
from openyibao.cli.demo import BILL, BILLS, DRAFT, PEOPLE, settle_all
from openyibao.cli.picture import picture_of
from openyibao.cli.showcase import PAYERS, PHRASES, by_city
from openyibao.cli.trial_home import examples
from openyibao.kernel import codes
from openyibao.kernel.refusals import REFUSALS
from openyibao.warehouse.bills.settled import Settled
from openyibao.warehouse.bills.tally import Tally
from openyibao.warehouse.bills.words import KIND_NAMES

CITIES = ("ankang", "jingzhou", "jishou", "wuhan", "yuxi")
PAYMENTS = (
    "pool", "consultation", "large_first", "large_second", "catastrophic", "civil", "aid", "tilt", "topup", "added_1", "added_2", "account",
    "family", "cash",
)  # fmt: skip
MET = ("third_party", "offsite_first", "deductible", "over_cap", "over_quota", "hospital", "excess_sessions", "full", "over", "pre")


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (examples() / name).read_text(encoding="utf-8").splitlines()]


@cache
def settled() -> tuple[Settled, ...]:
    done = settle_all(examples(), "en")
    assert not done.rejected and not done.file.rejected and not done.people.rejected
    return tuple(done.settled)


def test_there_are_enough_bills_of_every_city_and_scheme() -> None:
    counts = Counter((one.policy.name, one.claim.scheme) for one in settled())
    assert len(settled()) >= 200 and len({one.bill.person for one in settled()}) >= 60
    assert {city for city, _ in counts} == set(CITIES) and len(counts) == 10 and min(counts.values()) >= 10


def test_every_figure_adds_up() -> None:
    tally = Tally()
    for one in settled():
        tally.add(one)
    assert tally.broken == [] and tally.bills == len(settled())


def test_every_kind_of_bill_is_settled() -> None:
    assert {one.receipt.kind for one in settled() if one.receipt.outcome == codes.SETTLED} == set(KIND_NAMES)


@pytest.mark.parametrize("layer", PAYMENTS)
def test_every_layer_pays(layer: str) -> None:
    paying = [one.bill.number for one in settled() if getattr(one.receipt, layer) > 0]
    assert len(paying) >= (1 if layer in ("consultation", "topup") else 2), paying


@pytest.mark.parametrize("figure", MET)
def test_every_figure_between_is_met(figure: str) -> None:
    assert any(getattr(one.receipt, figure) > 0 for one in settled())


def test_every_reason_of_refusal_appears() -> None:
    assert {one.receipt.outcome for one in settled()} - {codes.SETTLED} == set(REFUSALS)


def test_every_aid_category_is_helped_and_every_offsite_class_and_method_met() -> None:
    assert {one.claim.aid for one in settled() if one.receipt.aid > 0} == set(range(1, codes.AID_CATEGORIES))
    assert {one.claim.offsite for one in settled()} == set(range(codes.OFFSITE_CLASSES))
    away = [one for one in settled() if one.claim.offsite != codes.HOME]
    methods = {one.plan.offsite.method[one.claim.offsite] for one in away}
    assert methods == {codes.SUBTRACT, codes.SELF_PAY_FIRST, codes.MULTIPLY}


def test_first_second_third_admissions_transfers_long_beds_and_quota_periods() -> None:
    assert {1, 2, 3} <= {one.receipt.admission for one in settled()}
    assert sum(one.claim.transferred for one in settled()) >= 5 and sum(one.claim.long_bed for one in settled()) >= 3
    assert any(one.claim.continued for one in settled())
    quota = [one for one in settled() if one.receipt.kind == codes.CHRONIC and one.receipt.outcome == codes.SETTLED]
    assert {one.plan.chronic.period[one.claim.disease] for one in quota} == {1, 3, 12}
    assert {one.plan.chronic.severe[one.claim.disease] for one in quota} == {0, 1}


def test_both_sides_of_the_end_of_the_poverty_policy() -> None:
    poor = [one for one in settled() if one.bill.person == "DEMO-AK-0005"]
    assert {one.claim.registered_poor for one in poor if one.claim.day < 20210101} == {1}
    assert {one.claim.registered_poor for one in poor if one.claim.day >= 20210101} == {0}


def test_some_bills_have_lines_of_every_class_with_a_ceiling_and_a_restriction() -> None:
    lines = [line for row in rows(BILLS) for line in row.get("feedetail", ())]
    assert {line["chrgitm_lv"] for line in lines} == {"01", "02", "03"} and len(lines) >= 40
    assert any("pric_uplmt_amt" in line for line in lines) and any("lmt_used_flag" in line for line in lines)
    assert any("init_feedetl_sn" in line for line in lines) and all(line["hilist_name"] for line in lines)


def test_the_people_are_plainly_invented_and_all_of_them_are_used() -> None:
    people, bills = rows(PEOPLE), rows(BILLS)
    assert all(re.fullmatch(r"DEMO-(AK|JZ|JS|WH|YX)-\d{4}", row["psn_no"]) for row in people)
    assert {row["psn_no"] for row in people} == {row["psn_no"] for row in bills}
    assert not re.search(r"\d{15}", (examples() / PEOPLE).read_text(encoding="utf-8") + (examples() / BILLS).read_text(encoding="utf-8"))


def test_every_bill_says_what_it_is_for_and_a_persons_bills_are_in_order() -> None:
    last: dict[str, str] = {}
    for row in rows(BILLS):
        assert row["memo"], row["bill_id"]
        assert row["enddate"] >= last.get(row["psn_no"], ""), row["bill_id"]
        last[row["psn_no"]] = row["enddate"]


def test_the_employers_plan_and_the_epidemic_rules_work_when_switched_on(run: Any) -> None:
    place = examples()
    overlay = place.parent / "policies" / "overlays" / "employer-plan.yaml"
    done = run("settle", place / BILLS, "--people", place / PEOPLE, "--policy", overlay, "--rule-set", "covid-2020:2020-01-27:2020-05-01")
    assert done.exit_code == 0 and "enterprise plan" in done.output
    freed = run("settle", place / BILLS, "--people", place / PEOPLE, "--rule-set", "covid-2020:2020-01-27:2020-05-01", "--out", "out.jsonl")
    paid = {row["bill_id"]: row for row in map(json.loads, Path("out.jsonl").read_text(encoding="utf-8").splitlines())}
    assert freed.exit_code == 0 and paid["AK-0016-02"]["psn_part_amt"] == "0.00" and paid["WH-0016-01"]["psn_part_amt"] == "0.00"


def test_the_two_bad_rows_are_set_aside_and_the_good_one_is_settled(run: Any) -> None:
    done = run("settle", examples() / "bad-bills.jsonl", "--people", examples() / PEOPLE)
    assert done.exit_code == 3 and "BILL-08" in done.output and "transferred" in done.output and "all 1 bills add up" in done.output


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_demo_runs_in_both_languages(run: Any, lang: str) -> None:
    done = run("demo", "--lang", lang)
    assert done.exit_code == 0, done.output
    told = [line for line in done.output.splitlines() if not line.startswith("openyibao ")]  # a command is as long as its paths
    assert max(map(len, told)) < 200 and "…" not in done.output and "{" not in done.output
    assert BILL in done.output and f"{len(settled())}/{len(settled())}" in done.output
    assert all(why.code in done.output for why in REFUSALS.values())
    said = " ".join(done.output.split())
    missing = [key for key, (zh, en) in PHRASES.items() if key != "picture" and first_words(en if lang == "en" else zh) not in said]
    assert not missing, missing


def first_words(phrase: str) -> str:
    """A phrase up to its first blank to fill, or its beginning."""
    literal = max((text for text, *_ in string.Formatter().parse(phrase)), key=len)
    return literal[:12]


def test_no_phrase_is_missing_in_either_language() -> None:
    for zh, en in (*PHRASES.values(), *PAYERS.values()):
        assert zh and en
        blanks = [{name for _, name, *_ in string.Formatter().parse(text) if name} for text in (zh, en)]
        assert blanks[0] == blanks[1], (zh, en)


def test_a_refused_bill_and_an_unknown_number_are_explained_too(run: Any) -> None:
    assert "SETTLE-04 Benefits are suspended" in run("demo", "--bill", "JZ-0003-02").output
    assert "Bill JZ-0009-04" in run("demo", "--bill", "nothing").output


def test_a_small_folder_of_ones_own_works_and_an_empty_one_says_so(run: Any, write: Any, tmp_path: Path) -> None:
    write(*({**bill, "city": "ankang"} for bill in (STAY, POOR, VISIT)))
    done = run("demo", "--examples", tmp_path)
    assert done.exit_code == 0, done.output
    assert "Bill E04" in done.output and "3/3" in done.output
    (tmp_path / "none").mkdir()
    assert run("demo", "--examples", tmp_path / "none").exit_code == 2
    write({**VISIT, "city": "ankang", "inscp_scp_amt": "600.00"})
    assert run("demo", "--examples", tmp_path).exit_code == 2
    write({**VISIT, "city": "ankang", "inscp_scp_amt": "600.00"}, {**STAY, "city": "ankang"})
    assert run("demo", "--examples", tmp_path).exit_code == 3


def test_the_draft_has_winners_and_losers(run: Any) -> None:
    assert (examples() / DRAFT).is_file()
    found = re.search(r"(\d+) persons pay less, (\d+) pay more", run("demo").output)
    assert found and int(found[1]) > 0 and int(found[2]) > 0


def test_a_picture_sets_chinese_in_two_columns(run: Any, tmp_path: Path) -> None:
    assert '<text x="18" y="33" textLength="36" font-size="17"' in picture_of(["安康 1.00"])
    assert 'x="63" y="33" textLength="36"' in picture_of(["安康 1.00"])
    assert run("demo", "--picture", tmp_path / "demo.svg").exit_code == 0
    assert (tmp_path / "demo.svg").read_text(encoding="utf-8").startswith("<svg ")


@pytest.mark.parametrize("name", ["demo.svg", "demo.en.svg"])
def test_the_shipped_pictures_show_todays_figures(name: str) -> None:
    """When a policy or a bill changes: openyibao demo --picture docs/pictures/demo.svg, and with --lang en for demo.en.svg."""
    shipped = (examples().parent / "docs" / "pictures" / name).read_text(encoding="utf-8")
    for tally in by_city("en", settled()).values():
        for field in ("medfee_sumamt", "fund_pay_sumamt", "psn_cash_pay"):
            assert f"{tally.total(field) / 100:,.2f}" in shipped, (name, field)
