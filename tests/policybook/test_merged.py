"""Two rule sets made one: what is taken of each, and that the overlay says exactly that."""

from pathlib import Path

import pytest

from openyibao.policybook.book import load_book, policies_root
from openyibao.policybook.differ import View
from openyibao.policybook.merged import Decided, decide, direction, overlay_text, rule_of, same_diseases, told
from openyibao.policybook.tree import SCHEMES, found_on

OLD = Path(__file__).parents[2] / "examples" / "drafts" / "ankang-county-old.yaml"
DAY = 20230101
FIRST_L2, AID = "inpatient.resident.deductible.L2", "medical_aid.both.minimum_living.ratio"


@pytest.fixture(scope="module")
def views() -> tuple[View, View]:
    """The city's rules and a county's old ones."""
    root = policies_root()
    return View(load_book(root, "ankang"), DAY, "市"), View(load_book(root, "ankang", overlays=[OLD]), DAY, "县")


def by_key(views: tuple[View, View], *rules: str, otherwise: str = "better") -> dict[str, Decided]:
    """What is decided, by key."""
    return {item.key: item for item in decide(*views, [rule_of(rule) for rule in rules], otherwise)}


def test_better_and_worse_know_which_way_a_parameter_points(views: tuple[View, View]) -> None:
    better, worse = by_key(views), by_key(views, otherwise="worse")
    assert set(better) == {FIRST_L2, "inpatient.resident.deductible.L3", "inpatient.resident.ratio.all.L2", "outpatient.resident.cap.all",
                           "medical_aid.both.destitute.ratio", AID, "medical_aid.both.overall_cap"}
    assert better[FIRST_L2].taken == "second"  # 300 instead of 600: a lower deductible is better
    assert better[AID].taken == "first"  # 75 % instead of 70 %
    assert {key: {"first": "second", "second": "first"}[item.taken] for key, item in better.items()} == {
        key: item.taken for key, item in worse.items()}


def test_the_last_rule_that_fits_decides_with_or_without_scheme(views: tuple[View, View]) -> None:
    found = by_key(views, "inpatient.*=first", "inpatient.deductible.L2=second", f"{AID}==0.9")
    assert found["inpatient.resident.deductible.L3"].taken == "first"
    assert found[FIRST_L2].taken == "second"
    assert (found[AID].taken, found[AID].figure) == ("figure", "0.9")
    assert told(found[AID], *views, "zh") == "低保对象救助比例：市 75%，县 70%；合并为 90%"
    assert told(found[FIRST_L2], *views, "en").endswith("市 600 yuan, 县 300 yuan; merged 300 yuan")


@pytest.mark.parametrize("otherwise", ["first", "second", "better", "worse"])
def test_the_overlay_says_what_was_taken_and_nothing_else(views: tuple[View, View], otherwise: str, tmp_path: Path) -> None:
    base = views[0].book
    found = by_key(views, otherwise=otherwise)
    path = tmp_path / "merged.yaml"
    path.write_text(overlay_text(base, found.values(), DAY, ("合并", "merged")), encoding="utf-8")
    merged = load_book(policies_root(), "ankang", overlays=[path])
    for scheme in SCHEMES:
        if otherwise in ("first", "second"):
            assert merged.plan(scheme, DAY) == views[otherwise == "second"].book.plan(scheme, DAY)
        for item in found.values():
            entry = found_on(merged.tables[scheme], item.pair.key, DAY)
            if item.shared or item.scheme == scheme:
                assert item.entry is not None
                assert entry is not None
                assert entry.value.value == item.entry.value.value
    assert ("0.72" in path.read_text(encoding="utf-8")) == (otherwise in ("second", "better"))


def test_two_cities_merge_into_a_policy_that_holds(tmp_path: Path) -> None:
    root = policies_root()
    views = View(load_book(root, "ankang"), DAY, "安康"), View(load_book(root, "wuhan"), DAY, "武汉")
    same_diseases(views[0].book, views[1].book)
    found = decide(*views, [], "better")
    doubtful = [item for item in found if not item.comparable]
    assert doubtful
    assert {item.taken for item in doubtful} == {"first"}
    path = tmp_path / "merged.yaml"
    path.write_text(overlay_text(views[0].book, found, DAY, ("合并", "merged")), encoding="utf-8")
    merged = load_book(root, "ankang", overlays=[path])
    for scheme in SCHEMES:
        plans = [book.plan(scheme, DAY) for book in (merged, views[0].book, views[1].book)]
        assert plans[0] is not None
        assert plans[1] is not None
        assert plans[2] is not None
        for level in range(1, 5):
            assert plans[0].pool.deductible[level] == min(plan.pool.deductible[level] for plan in plans[1:] if plan is not None)


def test_directions() -> None:
    for key, sign in {"inpatient.deductible.L3": -1, "inpatient.ratio.active.L3": 1, "inpatient.repeat.factor": -1,
                      "offsite.filed.factor": 1, "offsite.self_referred.points": -1,
                      "catastrophic.tilt.deductible_factor": -1, "medical_aid.tilt.trigger": -1,
                      "chronic.second_share": 1, "special.transfer.window_days": 0, "scope.order": 0}.items():  # fmt: skip
        assert direction(key) == sign, key


@pytest.mark.parametrize("text", ["inpatient", "inpatient.*=", "inpatient.*=best"])
def test_a_rule_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write KEY=first"):
        rule_of(text)
