"""A simulation's figures against the same year settled bill by bill in plain Python, and against itself run again."""

from collections import Counter
from pathlib import Path

import pytest

from openyibao.kernel import codes
from openyibao.policybook.book import load_book, policies_root
from openyibao.policybook.leaf import PolicyError
from openyibao.warehouse.run.runner import processes
from openyibao.warehouse.simulate.behaviour import elasticity_of
from openyibao.warehouse.simulate.outcome import CARD, Outcome, Row, from_json, to_json
from openyibao.warehouse.simulate.reform import Reform
from openyibao.warehouse.simulate.running import RECORDED, RESETTLED, simulate
from openyibao.warehouse.tables.store import Store
from warehouse.simulate.byhand import Holder, settled

Pairs = list[tuple[Holder, Holder]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the reform was simulated."""
    return tmp_path_factory.mktemp("run")


@pytest.fixture(scope="module")
def outcome(small_wuhan: Store, box_1: tuple[Path, Path], folder: Path) -> Outcome:
    """The example reform on a small Wuhan."""
    reform = Reform("wuhan", box_1, elasticity=elasticity_of("default"))
    return simulate(small_wuhan, 2022, reform, out=folder, command="openyibao simulate")


@pytest.fixture(scope="module")
def by_hand(small_wuhan: Store, box_1: tuple[Path, Path]) -> Pairs:
    """Every person-year before and after, in plain Python."""
    books = (load_book(policies_root(), "wuhan"), load_book(policies_root(), "wuhan", overlays=box_1))
    return list(zip(*(settled(small_wuhan, 2022, {0: book}) for book in books), strict=True))


def worse(one: Holder, other: Holder) -> int:
    """By how much a person's year is worse: borne more, less what is credited more."""
    return other.borne - one.borne - (sum(other.credits) - sum(one.credits))


def test_the_cost_is_the_sum_of_differences_over_all_bills(outcome: Outcome, by_hand: Pairs) -> None:
    sides: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for pair in by_hand:
        for found, holder in zip(sides, pair, strict=True):
            for _, claim, receipt in holder.bills:
                found["fund"] += receipt.fund
                found["person"] += receipt.person
                found["cash"] += receipt.cash
                found["total"] += receipt.total
                found["employee_pool" if claim.scheme == codes.EMPLOYEE else "resident_pool"] += receipt.pool
                found["aid"] += receipt.aid + receipt.tilt + receipt.topup
                if claim.scheme == codes.EMPLOYEE:
                    found[f"employee_pool.{claim.kind}"] += receipt.pool
            found["credits"] += sum(holder.credits)
    before, after = sides
    totals = outcome.totals
    assert (totals.fund.before, totals.fund.after) == (before["fund"], after["fund"])
    assert (totals.person.before, totals.person.after) == (before["person"], after["person"])
    assert (totals.credits.before, totals.credits.after) == (before["credits"], after["credits"])
    funds = {fund.key: fund for fund in totals.funds}
    for key in ("employee_pool", "resident_pool", "aid"):
        assert (funds[key].before, funds[key].after) == (before[key], after[key])
    assert {layer.key: layer.after for layer in totals.person.layers}["cash"] == after["cash"]
    outpatient = next(layer for layer in funds["employee_pool"].layers if layer.key == "employee_pool.outpatient")
    assert (outpatient.before, outpatient.after) == (0, after[f"employee_pool.{codes.OUTPATIENT}"])
    assert outpatient.after > 0
    for fund in (*totals.funds, totals.person):
        assert (sum(layer.before for layer in fund.layers), sum(layer.after for layer in fund.layers)) == (fund.before, fund.after)
    hospital = funds["hospital"].after if "hospital" in funds else 0
    assert totals.total.after == totals.fund.after + hospital + totals.person.after == totals.total.before


def test_bills_and_persons_who_gain_and_lose_are_counted_one_by_one(outcome: Outcome, by_hand: Pairs) -> None:
    totals = outcome.totals
    changes = [worse(*pair) for pair in by_hand]
    assert (totals.persons_gain, totals.persons_lose, totals.persons_same) == (
        sum(change < 0 for change in changes), sum(change > 0 for change in changes), changes.count(0))
    bills = [(old, new) for one, other in by_hand for (_, _, old), (_, _, new) in zip(one.bills, other.bills, strict=True)]
    assert totals.bills_gain == sum(new.person < old.person for old, new in bills) > 0
    assert totals.bills_lose == sum(new.person > old.person for old, new in bills)
    assert outcome.meta.bills == len(bills)
    assert outcome.meta.holders == len(by_hand)
    found = outcome.distribution
    assert sum(one.persons for one in found.bins) == len(by_hand)
    assert sum(one.money for one in found.bins) == -sum(changes)
    for one in found.bins:
        inside = [-change for change in changes if (one.low is None or -change >= one.low) and (one.high is None or -change < one.high)]
        assert (one.persons, one.money) == (len(inside), sum(inside))
    assert (found.smallest, found.largest) == (min(-change for change in changes), max(-change for change in changes))
    moved = sorted(-change for change in changes if change)
    assert found.median == moved[(len(moved) + 1) // 2 - 1] // 100 * 100


@pytest.mark.parametrize("key", ["status", "county", "age", "aid"])
def test_groups_are_sums_over_their_persons(outcome: Outcome, by_hand: Pairs, key: str) -> None:
    def group(holder: Holder) -> str:
        facts = holder.facts
        if key == "county":
            return str(holder.county)
        if key == "age":
            return str(max(low for low in (0, 6, 18, 35, 45, 60, 70, 80) if low <= facts["age"]))
        if key == "aid":
            return str(facts["aid"])
        if facts["scheme"] == codes.RESIDENT:
            return "resident"
        return "retired" if facts["status"] == codes.RETIRED else "flexible" if facts["flexible"] else "active"

    expected: dict[str, Counter[str]] = {}
    for one, other in by_hand:
        found = expected.setdefault(group(one), Counter())
        change = worse(one, other)
        found["persons"] += 1
        found["bills"] += len(one.bills)
        found["gain"] += change < 0
        found["lost"] += max(change, 0)
        found["person_after"] += other.borne
        found["fund_before"] += sum(receipt.fund for _, _, receipt in one.bills)
        found["credit_after"] += sum(other.credits)
    rows = {row.key: row for row in next(one for one in outcome.dimensions if one.key == key).rows}
    assert set(rows) == set(expected)
    for name, figures in expected.items():
        assert {field: getattr(rows[name], field) for field in figures} == dict(figures)


def test_every_dimension_sums_to_the_city(outcome: Outcome) -> None:
    def column(rows: tuple[Row, ...], name: str) -> int:
        return sum(getattr(row, name) for row in rows)

    for dimension in outcome.dimensions:
        assert column(dimension.rows, "person_after") == outcome.totals.person.after, dimension.key
        assert column(dimension.rows, "fund_before") == outcome.totals.fund.before, dimension.key
        assert column(dimension.rows, "bills") == outcome.meta.bills
        counted = outcome.meta.holders if dimension.by == "person" else outcome.meta.bills
        assert sum(column(dimension.rows, name) for name in ("gain", "lose", "same")) == counted, dimension.key
    assert sum(county.fund.after for county in outcome.counties) == outcome.totals.fund.after
    for county in outcome.counties:
        assert sum(fund.after for fund in county.funds) + county.person.after == sum(
            row.fund_after + row.person_after for row in next(one for one in outcome.dimensions if one.key == "county").rows
            if row.key == county.key) + sum(fund.after for fund in county.funds if fund.key == "hospital")


def test_accounts_show_who_is_credited_less_a_month(outcome: Outcome, by_hand: Pairs) -> None:
    everybody = outcome.accounts.rows[0]
    owners = [(one, other) for one, other in by_hand if sum(one.credits) + sum(other.credits)]
    assert everybody.owners == len(owners)
    losers = [(one, other) for one, other in owners if sum(other.credits) < sum(one.credits)]
    assert everybody.lose == len(losers) > 0
    lost = sum(sum(one.credits) - sum(other.credits) for one, other in losers)
    months = sum(sum(1 for pair in zip(one.credits, other.credits, strict=True) if any(pair)) for one, other in losers)
    assert everybody.month_lose == (2 * lost + months) // (2 * months)
    employees = [(one, other) for one, other in by_hand if one.facts["scheme"] == codes.EMPLOYEE]
    assert outcome.accounts.closing_before == sum(one.closing for one, _ in employees)
    assert outcome.accounts.closing_after == sum(other.closing for _, other in employees)
    assert outcome.accounts.pool_income_change == -outcome.totals.credits.change > 0
    retired = next(row for row in outcome.accounts.rows if row.key == "retired_from_70")
    mine = [(one, other) for one, other in owners if one.facts["status"] == codes.RETIRED and one.facts["age"] >= 70]
    assert retired.credit_after == sum(sum(other.credits) for _, other in mine) == 8300 * retired.months
    for name in ("credit_before", "paid_after", "closing_after"):
        assert sum(getattr(row, name) for row in outcome.accounts.rows[1:] if not row.key.startswith("income")) == getattr(everybody, name)
    pool = outcome.months[0]
    assert pool.income_after - pool.income_before == outcome.accounts.pool_income_change
    assert pool.outgo_after - pool.outgo_before == next(fund.change for fund in outcome.totals.funds if fund.key == "employee_pool")
    assert pool.closing_after == pool.opening + pool.income_after - pool.outgo_after


def test_the_hardest_cases_are_the_hardest_and_their_steps_end_in_the_figures(outcome: Outcome, by_hand: Pairs) -> None:
    assert len(outcome.hardest_years) == 20
    worst = sorted((worse(*pair) for pair in by_hand), reverse=True)[:20]
    assert [case.year_change for case in outcome.hardest_years] == worst
    bills = sorted(
        new.person - old.person for one, other in by_hand for (_, _, old), (_, _, new) in zip(one.bills, other.bills, strict=True))
    assert not any(change > 0 for change in bills)  # this reform makes no bill dearer: those who gain most are shown
    assert [case.bill_change for case in outcome.hardest_bills] == bills[:20]
    for case in (*outcome.hardest_bills, *outcome.hardest_years):
        for side in (case.before, case.after):
            if side is not None:
                assert side.fund + side.person == case.total - next((one.after for one in side.layers if one.key == "hospital"), 0)
                assert side.person == side.account + side.family + side.cash
    case = outcome.hardest_bills[0]
    assert case.before is not None
    assert case.after is not None
    assert case.after.person - case.before.person == case.bill_change
    figures = {step.key: step.value for step in case.after.steps}
    assert figures["pool"] == next(layer.after for layer in case.after.layers if layer.key == "pool")
    assert any("规划" in clause for step in case.after.steps for clause in step.clauses)


def test_attribution_of_the_example_has_its_six_parts_and_sums(outcome: Outcome) -> None:
    found = outcome.attribution
    assert found is not None
    assert [part.key for part in found.parts] == [
        "outpatient.employee", "outpatient.employee.deductible", "outpatient.employee.ratio.all", "outpatient.employee.retired_add_pp",
        "personal_account.employee.share.all", "personal_account.employee.retiree_amount"]
    assert found.exact
    assert found.orders == 720
    changes = {"fund": outcome.totals.fund.change, "person": outcome.totals.person.change, "credits": outcome.totals.credits.change,
               **{fund.key: fund.change for fund in outcome.totals.funds}}
    for place, key in enumerate(found.measures):
        assert found.whole[place] == changes[key]
        assert sum(share.ordered[place] for share in found.shares) == changes[key]
        assert sum(share.averaged[place] for share in found.shares) == changes[key]
    assert found.shares[1].averaged[0] < 0 < found.shares[0].averaged[0]  # a deductible saves what beginning costs
    parts = {change.key: change.part for change in outcome.changes}
    assert parts["personal_account.employee.share.all"] == 4
    assert all(change.part >= 0 for change in outcome.changes)


def test_again_and_after_an_interruption_the_same_to_the_byte(
    outcome: Outcome, folder: Path, small_wuhan: Store, box_1: tuple[Path, Path], tmp_path: Path
) -> None:
    reform = Reform("wuhan", box_1, elasticity=elasticity_of("default"))
    first = (folder / CARD).read_bytes()
    assert from_json(first.decode()) == outcome
    assert to_json(outcome).encode() == first

    class Stopped(Exception):
        pass

    def stop(what: str, done: int, whole: int) -> None:
        if (what, done) == ("compare", 1):
            raise Stopped

    with pytest.raises(Stopped):
        simulate(small_wuhan, 2022, reform, out=tmp_path, progress=stop, command="openyibao simulate")
    parts = list((tmp_path / "part").rglob("bucket=*.npz"))
    assert len(parts) == 1
    stamp = parts[0].stat().st_mtime_ns
    simulate(small_wuhan, 2022, reform, out=tmp_path, runner=processes(2), command="openyibao simulate")
    assert (tmp_path / CARD).read_bytes() == first
    assert parts[0].stat().st_mtime_ns == stamp  # taken up, not made again


def test_a_reform_that_changes_nothing_costs_nothing(small_wuhan: Store, tmp_path: Path) -> None:
    draft = tmp_path / "same.yaml"
    draft.write_text(
        "overlay: {city: wuhan, name: 不变, name_en: same}\n"
        "inpatient.resident.deductible.L3:\n  name: 起付线\n  name_en: deductible\n  unit: yuan\n"
        '  values:\n    2022-01-01: {value: 800, trust: illustrative, source: "试"}\n  confirmed_on: null\n', encoding="utf-8")
    book = load_book(policies_root(), "wuhan")
    plan = book.plan(codes.RESIDENT, 20220601)
    assert plan is not None and plan.pool.deductible[codes.L3] == 80_000
    found = simulate(small_wuhan, 2022, Reform("wuhan", (draft,)), out=tmp_path / "run", orders="none")
    assert found.meta.before == RECORDED
    assert found.changes == ()
    assert found.attribution is None
    assert (found.totals.fund.change, found.totals.bills_changed, found.totals.persons_same) == (0, 0, found.meta.holders)
    assert found.hardest_bills == ()
    assert found.behaviour is None


def test_a_draft_in_force_on_both_sides_is_settled_on_both(small_wuhan: Store, box_1: tuple[Path, Path], tmp_path: Path) -> None:
    start, later = box_1
    step = simulate(small_wuhan, 2022, Reform("wuhan", (later,), laid=(start,)), out=tmp_path / "step", orders="3")
    begin = simulate(small_wuhan, 2022, Reform("wuhan", (start,)), out=tmp_path / "begin", orders="given")
    assert step.meta.before == RESETTLED
    assert step.totals.fund.before == begin.totals.fund.after
    assert step.attribution is not None
    assert begin.attribution is not None
    assert (step.attribution.exact, step.attribution.orders) == (False, 3)
    assert step.attribution.whole[0] == step.totals.fund.change
    assert tuple(map(sum, zip(*(share.averaged for share in step.attribution.shares), strict=True))) == step.attribution.whole
    assert [share.ordered for share in begin.attribution.shares] == [share.averaged for share in begin.attribution.shares]


def test_a_draft_for_another_city_is_refused(small_ankang: Store, box_1: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="written for wuhan, not ankang"):
        simulate(small_ankang, 2023, Reform("ankang", box_1), out=tmp_path)
