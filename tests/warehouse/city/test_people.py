"""People of small cities: counts as the plan states them at every year's end, lives without contradictions, the same whoever makes them."""

import numpy as np
import pytest

from openyibao.kernel import codes
from openyibao.warehouse.city.ground import NoYear, ground_of, possible_years, quota_of
from openyibao.warehouse.city.people import folk_of
from openyibao.warehouse.city.profile import load_profile
from openyibao.warehouse.city.registers import employers
from openyibao.warehouse.city.size import scaled
from warehouse.city.small import folks, small_city

CITIES = ("ankang", "jingzhou", "jishou", "wuhan", "yuxi")
YEARS = (2020, 2021)


@pytest.mark.parametrize("name", CITIES)
@pytest.mark.parametrize("people", [2_500, 7_001])
def test_every_year_ends_on_the_plans_counts(name: str, people: int) -> None:
    ground, made = folks(small_city(name, people))
    profile, city = ground.profile, ground.city
    wanted = {
        "employee": scaled(city, profile.whole("enrolled.employee")), "resident": scaled(city, profile.whole("enrolled.resident")),
        "maternity": scaled(city, profile.whole("employee.employed")), "poor": scaled(city, profile.whole("poor.registered")),
    }  # fmt: skip
    for year in YEARS:
        holders = [folk.years[year].holder for folk in made]
        found = {
            "employee": sum(int((h["enrolled"] * (h["scheme"] == 1)).sum()) for h in holders),
            "resident": sum(int((h["enrolled"] * (h["scheme"] == 2)).sum()) for h in holders),
            "maternity": sum(int((h["enrolled"] * (h["scheme"] == 1) * (h["status"] == 0) * (h["flexible"] == 0)).sum()) for h in holders),
            "poor": sum(int((h["enrolled"] * h["registered_poor"]).sum()) for h in holders),
        }
        assert found == wanted, year


def test_jishous_employees_are_run_by_three() -> None:
    ground, made = folks(small_city("jishou"))
    run_by = np.append(employers(ground.profile, ground.city)["run_by"], 1)
    for year in YEARS:
        counted = np.zeros(4, int)
        for folk in made:
            holder = folk.years[year].holder
            mine = (holder["enrolled"] == 1) & (holder["scheme"] == 1)
            counted += np.bincount(run_by[holder["employer"][mine]], minlength=4)
        assert counted[1:].tolist() == [scaled(ground.city, count) for count in (22_000, 46_500, 35_300)]


def test_quotas_of_buckets_sum_to_the_city() -> None:
    city = small_city("wuhan", 98_275, buckets=7)
    quotas = [quota_of(load_profile("wuhan"), city, bucket) for bucket in range(7)]
    assert sum(int(quota.jobs.sum() + quota.retired.sum()) + quota.flexible + quota.resident for quota in quotas) == 98_275
    assert sum(int(quota.jobs[0]) for quota in quotas) == scaled(city, 83_174)


def test_a_bucket_is_the_same_alone_and_another_with_another_seed() -> None:
    city = small_city()
    _, made = folks(city)
    alone, other = folk_of(ground_of(city), 1), folk_of(ground_of(small_city(seed=2)), 1)
    year, year_again = made[1].years[2021], alone.years[2021]
    for mine, again in ((made[1].person, alone.person), (made[1].cover, alone.cover), (year.holder, year_again.holder),
                        (year.contribution, year_again.contribution)):  # fmt: skip
        for name, column in mine.items():
            assert np.array_equal(column, again[name]), name
    assert not np.array_equal(made[1].person["born"], other.person["born"])


@pytest.mark.parametrize("name", ["jishou", "ankang"])
def test_spans_of_cover_lie_in_the_life_and_overlap_only_where_labelled(name: str) -> None:
    _, made = folks(small_city(name, 7_001))
    planted = 0
    for folk in made:
        cover, person = folk.cover, folk.person
        row = cover["person"] - person["person"][0]
        assert (cover["starts"] < cover["ends"]).all()
        assert (cover["starts"] >= person["born"][row]).all()
        died = person["died"][row]
        assert (((died == 0) | (cover["ends"] <= died + 8870)) & ((died == 0) | (cover["starts"] <= died))).all()
        planted += int(cover["duplicate"].sum())
        once = cover["duplicate"] == 0
        person_of, starts, ends = cover["person"][once], cover["starts"][once], cover["ends"][once]
        same = person_of[1:] == person_of[:-1]
        assert (ends[:-1][same] <= starts[1:][same]).all()
    assert planted > 0, "no duplicate enrolment was planted"


@pytest.mark.parametrize("name", ["jishou", "wuhan"])
def test_holders_are_sorted_and_their_months_fit_their_cover(name: str) -> None:
    _, made = folks(small_city(name))
    twice = 0
    for folk in made:
        for year in YEARS:
            holder = folk.years[year].holder
            key = holder["person"] * 10 + holder["scheme"]
            assert (np.diff(key) > 0).all()
            twice += int((np.diff(holder["person"]) == 0).sum())
            assert ((holder["first_month"] >= 1) & (holder["first_month"] <= holder["last_month"]) & (holder["last_month"] <= 12)).all()
            assert (holder["cover_from"] <= year * 10_000 + holder["last_month"] * 100 + 31).all()
            assert (holder["cover_to"] >= year * 10_000 + holder["first_month"] * 100 + 1).all()
            late = holder["first_month"] > 1
            assert (holder["cover_from"][late] // 100 == year * 100 + holder["first_month"][late]).all()
            both = np.flatnonzero(np.diff(holder["person"]) == 0)  # an employee's row, and a resident's after it
            first, last = holder["first_month"], holder["last_month"]
            apart = (last[both] < first[both + 1]) | (last[both + 1] < first[both])
            assert (apart | (holder["duplicate"][both + 1] == 1)).all()
            assert np.isin(key, folk.cover["person"] * 10 + folk.cover["scheme"]).all()
            counted = np.bincount(holder["person"] - holder["person"].min(), weights=holder["enrolled"])
            assert counted.max() == 1
    assert twice > 0, "nobody changed schemes"


def test_the_dead_have_no_later_year_and_newborns_a_mother() -> None:
    _, made = folks(small_city("ankang"))
    for folk in made:
        person = folk.person
        dead = person["person"][(person["died"] > 0) & (person["died"] < 2021_0101)]
        assert len(dead) and not np.isin(dead, folk.years[2021].holder["person"]).any()
        born = np.flatnonzero(person["born"] >= 2020_0101)
        children = born[person["mother"][born] >= 0]
        mothers = person["mother"][children]
        assert len(children) and (person["sex"][mothers] == 2).all()
        ages = (person["born"][children] - person["born"][mothers]) // 10_000
        assert ages.min() >= 14 and ages.max() <= 46
        assert (person["household"][children] == person["household"][mothers]).all()


def test_retirement_begins_with_the_year_and_the_retired_are_old_enough() -> None:
    _, made = folks(small_city("wuhan"))
    for folk in made:
        holder = folk.years[2021].holder
        retired = holder["status"] == codes.RETIRED
        assert (holder["age"][retired] >= 45).all() and (holder["pension"][retired] > 0).all() and (holder["base"][retired] == 0).all()
        assert (holder["first_month"][retired] == 1).all()
        working = (holder["scheme"] == 1) & ~retired
        assert (holder["base"][working] > 0).all() and (holder["age"][working] >= 16).all()


def test_late_renewals_wait_only_since_the_rule_began() -> None:
    _, before = folks(small_city(years=(2024,)))
    _, after = folks(small_city(years=(2025,)))
    assert not any(folk.years[2024].holder["wait_until"].any() for folk in before)
    waits = np.concatenate([folk.years[2025].holder["wait_until"] for folk in after])
    starts = np.concatenate([folk.years[2025].holder["cover_from"] for folk in after])
    assert (waits > 0).any()
    months = (waits // 10_000 * 12 + waits // 100 % 100 - starts // 10_000 * 12 - starts // 100 % 100)[waits > 0]
    assert months.min() >= 3


def test_years_without_a_policy_are_named_with_those_there_are() -> None:
    with pytest.raises(NoYear) as missing:
        ground_of(small_city("ankang", years=(2018, 2019)))
    assert missing.value.wanted == (2018,) and missing.value.can[0] == 2019
    assert possible_years(ground_of(small_city("wuhan")).book)[0] == 2019


@pytest.mark.parametrize("name", ["ankang", "jingzhou", "jishou", "wuhan", "yuxi"])
def test_every_city_can_be_made_for_2019(name: str) -> None:
    ground = ground_of(small_city(name, years=(2019,)))
    assert ground.terms[2019].premium == 220_00 and ground.terms[2019].subsidy == 520_00
    assert ground.book.plan(1, 20190101) is not None and ground.book.plan(2, 20190101) is not None
