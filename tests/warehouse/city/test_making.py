"""A bucket's years: bills fit the person's life and cover, stays do not overlap, money is the sum of the lines and the kernel's answer."""

import numpy as np
import pytest

from openyibao.kernel.claim import Claim, Line
from openyibao.kernel.codes import (
    CHRONIC,
    DAY_SURGERY,
    DELIVERY,
    DIALYSIS,
    HOME,
    INPATIENT,
    KINDS,
    MISCARRIAGE_LATE,
    PHARMACY,
    RESIDENT,
    TWO_DISEASE,
)  # fmt: skip
from openyibao.kernel.lines import Scoped, bill_of
from openyibao.kernel.plan import no_plan
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from openyibao.warehouse.city.patterns import AFTER_DEATH, OVERLAPPING_STAYS, SPLIT_STAY, UNCOVERED, VISIT_DURING_STAY
from openyibao.warehouse.city.slips import FAULT
from openyibao.warehouse.records import RESULTS
from openyibao.warehouse.run.block import OPENING
from openyibao.warehouse.run.credits import credits_of
from warehouse.city.small import folks, small_city
from warehouse.city.small_year import YEARS, Town, made, town

STAYS = (INPATIENT, DAY_SURGERY)


@pytest.fixture(scope="module", params=YEARS)
def year(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def place() -> Town:
    return town()


def test_made_again_it_is_the_same_and_another_seed_gives_another(place: Town) -> None:
    again = made(place.shop, place.folk)
    other = town(seed=2)
    for number in YEARS:
        for name, column in place.years[number].bill.items():
            assert np.array_equal(column, again.years[number].bill[name]), name
        for one, two in zip(place.years[number].sheet, again.years[number].sheet, strict=True):
            assert np.array_equal(one, two)
        assert len(other.years[number].bill["bill"]) != len(place.years[number].bill["bill"])


def test_bills_are_in_order_and_each_has_its_holder(place: Town, year: int) -> None:
    bill, holder = place.years[year].bill, place.years[year].holder
    keys = bill["person"].astype(np.int64) * 100_000_000 + bill["day"]
    assert np.all(np.diff(keys) >= 0) and np.all(np.diff(bill["bill"]) > 0)
    assert np.array_equal(holder["person"][bill["holder"]], bill["person"])
    assert np.array_equal(holder["scheme"][bill["holder"]], bill["scheme"])
    assert np.all(bill["day"] // 10_000 == year)
    assert 2 < len(bill["bill"]) / len(np.unique(holder["person"])) < 9
    assert set(np.unique(bill["kind"])) >= {1, CHRONIC, TWO_DISEASE, INPATIENT, DIALYSIS, PHARMACY}
    assert np.all(bill["kind"] < KINDS)


def test_nobody_is_treated_before_birth_or_after_death_or_without_cover_but_where_planted(place: Town, year: int) -> None:
    bill, person, cover = place.years[year].bill, place.folk.person, place.folk.cover
    fault, row = place.years[year].slips[:, FAULT], np.searchsorted(person["person"], bill["person"])
    born, died = person["born"][row], person["died"][row]
    assert np.all(bill["day"] >= born)
    late = (died > 0) & (bill["day"] > died)
    assert np.array_equal(late, fault == AFTER_DEATH) or np.all(fault[late] == AFTER_DEATH)
    deciding = np.where(bill["admitted"] > 0, bill["admitted"], bill["day"])
    inside = np.zeros(len(row), bool)
    at = np.searchsorted(cover["person"], bill["person"]), np.searchsorted(cover["person"], bill["person"], side="right")
    for step in range(int((at[1] - at[0]).max())):
        span = np.minimum(at[0] + step, at[1] - 1)
        inside |= (cover["starts"][span] <= deciding) & (deciding < cover["ends"][span]) & (cover["scheme"][span] == bill["scheme"])
    assert np.all(inside | np.isin(fault, (AFTER_DEATH, UNCOVERED)))


def test_stays_do_not_overlap_and_no_visit_falls_into_one_but_where_planted(place: Town, year: int) -> None:
    bill, fault = place.years[year].bill, place.years[year].slips[:, FAULT]
    lies = np.flatnonzero(np.isin(bill["kind"], STAYS) & ~np.isin(fault, (OVERLAPPING_STAYS, SPLIT_STAY)) & (bill["transferred"] == 0))
    rows = lies[np.lexsort((bill["admitted"][lies], bill["person"][lies]))]
    same = bill["person"][rows][1:] == bill["person"][rows][:-1]
    assert same.sum() > 5
    assert np.all(bill["admitted"][rows][1:][same] > bill["day"][rows][:-1][same])
    spans = {}
    for row in lies:
        spans.setdefault(int(bill["person"][row]), []).append((int(bill["admitted"][row]), int(bill["day"][row])))
    for row in np.flatnonzero(np.isin(bill["kind"], (1, CHRONIC, TWO_DISEASE, PHARMACY)) & (fault != VISIT_DURING_STAY)):
        for first, last in spans.get(int(bill["person"][row]), ()):
            assert not first <= bill["day"][row] <= last, bill["bill"][row]


def test_where_and_by_whom(place: Town, year: int) -> None:
    bill, ground = place.years[year].bill, place.shop.ground
    institution, practitioner = ground.institution, ground.practitioner
    assert np.array_equal(bill["level"], institution["level"][bill["institution"]])
    assert np.array_equal(bill["place"], institution["place"][bill["institution"]])
    assert np.all((bill["place"] == 0) == (bill["offsite"] == HOME))
    assert np.all(bill["direct"][bill["offsite"] == HOME][bill["kind"][bill["offsite"] == HOME] != INPATIENT] == 1)
    known = bill["practitioner"] >= 0
    assert known.mean() > 0.95
    assert np.array_equal(np.asarray(practitioner["institution"])[bill["practitioner"][known]], bill["institution"][known])
    pharmacies = institution["pharmacy"][bill["institution"]] == 1
    assert np.all(pharmacies[bill["kind"] == PHARMACY]) and not np.any(pharmacies[np.isin(bill["kind"], STAYS)])


def test_mothers_of_newborns_are_delivered(place: Town) -> None:
    person = place.folk.person
    delivered = {int(number) for year in YEARS for number in place.years[year].bill["person"][
        np.isin(place.years[year].bill["kind"], (DELIVERY, DELIVERY + 1))]}  # fmt: skip
    mothers = {int(person["person"][row]) for row in person["mother"] if row >= 0}
    assert delivered and delivered <= mothers
    assert np.all(person["sex"][np.searchsorted(person["person"], sorted(delivered))] == 2)


def test_a_stay_over_new_year_goes_on(place: Town) -> None:
    first, second = (place.years[year].bill for year in YEARS)
    on = second["continued"] == 1
    assert on.sum() > 0
    for person in second["person"][on]:
        before = (first["person"] == person) & (first["day"] == YEARS[0] * 10_000 + 1231)
        assert before.sum() == 1
    whole = (second["admitted"] > 0) & (second["admitted"] < YEARS[1] * 10_000)
    assert whole.sum() > 0, "some wait for their discharge"


def test_money_is_the_sum_of_the_lines(place: Town, year: int) -> None:
    bill, sheet = place.years[year].bill, place.years[year].sheet
    fees = (sheet.quantity.astype(np.int64) * sheet.price + 50_000_000) // 100_000_000
    totals = np.zeros(len(bill["bill"]), np.int64)
    np.add.at(totals, sheet.row, fees)
    assert np.array_equal(totals, bill["total"]) and np.all(bill["total"] > 0)
    assert np.array_equal(bill["full"] + bill["over"] + bill["pre"] + bill["within"], bill["total"])
    assert np.array_equal(np.bincount(sheet.row, minlength=len(totals)), bill["lines"])
    assert np.all(np.diff(sheet.row.astype(np.int64) * 100_000_000 + sheet.day) >= 0)
    stay = np.isin(bill["kind"], STAYS)
    assert 15 < bill["lines"][stay].mean() < 45 and 2 < bill["lines"][bill["kind"] == 1].mean() < 6
    charged_from = np.where(bill["admitted"] > 0, bill["admitted"], bill["day"])
    assert np.all(sheet.day >= charged_from[sheet.row]) and np.all(sheet.day <= bill["day"][sheet.row])


def test_scope_is_the_kernels(place: Town, year: int) -> None:
    bill, sheet, item = place.years[year].bill, place.years[year].sheet, place.shop.item
    for row in range(0, len(bill["bill"]), max(len(bill["bill"]) // 150, 1)):
        lines = tuple(
            Line(*(int(value) for value in (
                sheet.quantity[at], sheet.price[at], item["item_class"][k], item["self_pay"][k], item["ceiling"][k],
                sheet.restricted[at], item["consumable"][k], item["bed"][k], item["drug"][k], item["dual_channel"][k],
                item["consultation"][k], item["slices"][k])))
            for at in np.flatnonzero(sheet.row == row) for k in (sheet.item[at],))  # fmt: skip
        told = scoped_by(place, row, year, lines)
        assert (told.fee, told.full, told.over, told.pre, told.within) == tuple(
            int(bill[name][row]) for name in ("total", "full", "over", "pre", "within"))


def scoped_by(place: Town, row: int, year: int, lines: tuple[Line, ...]) -> Scoped:
    bill = place.years[year].bill
    kind, day = int(bill["kind"][row]), int(bill["day"][row])
    plan = place.shop.ground.book.plan(int(bill["scheme"][row]), day) or no_plan()
    maternity = 1 if DELIVERY <= kind <= MISCARRIAGE_LATE else 0
    return bill_of(lines, plan.scope, int(bill["level"][row]), max(int(bill["days"][row]), 1), maternity, plan.rounding)


def test_results_are_the_kernels_in_plain_python(place: Town, year: int) -> None:
    made_year, book = place.years[year], place.shop.ground.book
    bill, holder = made_year.bill, made_year.holder
    credits = credits_of(holder, place.packages[year])
    sampled = np.unique(bill["holder"])[::40]
    for number in sampled:
        state = Year(year=year, **{name: int(holder[name][number]) for name in OPENING})
        credited = 0
        for row in np.flatnonzero(bill["holder"] == number):
            claim = Claim(**{name: int(bill[name][row]) for name in Claim._fields})
            month = claim.day // 100 % 100
            state = state._replace(account=state.account + int(credits[number, credited:month].sum()))
            credited = month
            receipt, state = settle(claim, state, book.plan_for(claim) or no_plan())
            assert tuple(getattr(receipt, name) for name in RESULTS) == tuple(int(made_year.result[name][row]) for name in RESULTS), claim
        assert state.account + int(credits[number, credited:].sum()) == made_year.closing["account"][number]


def test_the_second_year_opens_with_the_closing_of_the_first(place: Town) -> None:
    first, second = (place.years[year] for year in YEARS)
    closing = {
        (int(person), int(scheme)): int(account)
        for person, scheme, account in zip(first.holder["person"], first.holder["scheme"], first.closing["account"], strict=True)
    }
    met = 0
    for person, scheme, account in zip(second.holder["person"], second.holder["scheme"], second.holder["account"], strict=True):
        if (int(person), int(scheme)) in closing:
            assert account == closing[int(person), int(scheme)]
            met += 1
    assert met > 1_000


def test_chronic_and_two_disease_bills_are_of_those_who_have_them(place: Town, year: int) -> None:
    bill, person = place.years[year].bill, place.folk.person
    row = np.searchsorted(person["person"], bill["person"])
    two = bill["kind"] == TWO_DISEASE
    assert np.all(person["two_registered"][row[two]] & bill["two_disease"][two] > 0) and np.all(bill["scheme"][two] == RESIDENT)
    lasting = np.isin(bill["kind"], (CHRONIC, DIALYSIS)) & (place.years[year].slips[:, FAULT] == 0)
    own = (bill["disease"] == person["disease"][row]) | (bill["disease"] == person["other_disease"][row])
    assert np.all(own[lasting])
    assert (place.years[year].result["outcome"][lasting] == 0).mean() > 0.95


def test_people_of_one_bucket_do_not_depend_on_another() -> None:
    ground, people = folks(small_city(people=6_000))
    assert len(people) == 3 and ground.city.buckets == 3
    one = town().years[2020].bill
    assert np.all(one["person"] // 32_768 == 0)
