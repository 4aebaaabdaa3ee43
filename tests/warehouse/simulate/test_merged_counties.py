"""A merger of counties priced: each county under its own old rules, then under the merged package, checked bill by bill."""

from collections import Counter
from pathlib import Path

import pytest

from openyibao.policybook.book import load_book, policies_root
from openyibao.policybook.leaf import PolicyError
from openyibao.policybook.merged import rule_of
from openyibao.warehouse.simulate.merging import OVERLAY, Merger, Party, merge
from openyibao.warehouse.simulate.outcome import Outcome
from openyibao.warehouse.tables.store import Store
from warehouse.simulate.byhand import settled

OLD = Path(__file__).parents[3] / "examples" / "drafts" / "ankang-county-old.yaml"
CITY, COUNTY = 610901, 610902


@pytest.fixture(scope="module")
def merged(small_ankang: Store, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, Path]:
    """The better of both rules for everybody, but a figure of our own for one ratio of aid."""
    folder = tmp_path_factory.mktemp("merger")
    rules = (rule_of("medical_aid.both.minimum_living.ratio==0.8"),)
    return merge(small_ankang, 2023, Merger("ankang", Party(), Party((OLD,), counties=(COUNTY,)), rules), out=folder), folder


def test_each_county_moves_from_its_own_rules_to_the_merged_ones(merged: tuple[Outcome, Path], small_ankang: Store) -> None:
    outcome, folder = merged
    root = policies_root()
    old = settled(small_ankang, 2023, {0: load_book(root, "ankang"), COUNTY: load_book(root, "ankang", overlays=[OLD])})
    new = settled(small_ankang, 2023, {0: load_book(root, "ankang", overlays=[folder / OVERLAY])})
    expected: dict[int, Counter[str]] = {CITY: Counter(), COUNTY: Counter()}
    for one, other in zip(old, new, strict=True):
        found = expected[one.county]
        found["persons"] += 1
        found["gain"] += other.borne < one.borne
        found["lose"] += other.borne > one.borne
        for side, holder in (("before", one), ("after", other)):
            for _, _, receipt in holder.bills:
                found[f"fund_{side}"] += receipt.fund
                found[f"aid_{side}"] += receipt.aid + receipt.tilt + receipt.topup
                found[f"person_{side}"] += receipt.person
    assert sum(found["aid_after"] for found in expected.values()) != sum(found["aid_before"] for found in expected.values())
    rows = {int(row.key): row for row in next(one for one in outcome.dimensions if one.key == "county").rows}
    for county in outcome.counties:
        found, row = expected[int(county.key)], rows[int(county.key)]
        assert (county.fund.before, county.fund.after) == (found["fund_before"], found["fund_after"])
        assert (county.person.before, county.person.after) == (found["person_before"], found["person_after"])
        aid = next(fund for fund in county.funds if fund.key == "aid")
        assert (aid.before, aid.after) == (found["aid_before"], found["aid_after"])
        assert (county.persons, row.gain, row.lose) == (found["persons"], found["gain"], found["lose"])
    assert [county.rules.zh for county in outcome.counties] == ["安康市", "甲县旧规则"]
    assert outcome.totals.fund.before == sum(found["fund_before"] for found in expected.values())


def test_the_differences_are_listed_with_what_is_taken(merged: tuple[Outcome, Path]) -> None:
    outcome, _ = merged
    said = {change.key: change.sentence for change in outcome.changes}
    assert len(said) == 7
    assert said["inpatient.resident.deductible.L2"].zh == "二级医院住院起付线：安康市 600 元，甲县旧规则 300 元；合并为 300 元"
    assert said["medical_aid.both.minimum_living.ratio"].en.endswith("merged 80%")
    assert outcome.attribution is None
    assert outcome.hardest_years


def test_a_merger_of_equal_rules_moves_nothing(small_ankang: Store, tmp_path: Path) -> None:
    found = merge(small_ankang, 2023, Merger("ankang", Party(), Party(counties=(COUNTY,))), out=tmp_path)
    assert (found.changes, found.totals.fund.change, found.totals.bills_changed) == ((), 0, 0)


@pytest.mark.parametrize("counties", [((), (999999,)), ((CITY, COUNTY), (COUNTY,)), ((CITY,), (CITY,))])
def test_every_county_belongs_to_exactly_one_rule_set(
    small_ankang: Store, tmp_path: Path, counties: tuple[tuple[int, ...], tuple[int, ...]]
) -> None:
    first, second = (Party(counties=codes) for codes in counties)
    with pytest.raises(PolicyError, match="every county belongs to one rule set"):
        merge(small_ankang, 2023, Merger("ankang", first, second), out=tmp_path)
