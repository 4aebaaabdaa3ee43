"""What a city answers about care: counted again here bill by bill, and nothing left out when it is nought."""

from typing import Any

from openyibao.kernel.codes import DELIVERY, EMPLOYEE, INPATIENT, MISCARRIAGE_LATE, RESIDENT
from openyibao.warehouse.city.care_answers import bill_sums, care_figures, catastrophic_premium
from openyibao.warehouse.city.facts import facts_of
from openyibao.warehouse.city.profile import profiled
from warehouse.city.small_year import YEARS, town


def rows() -> list[dict[str, Any]]:
    made = town().years[YEARS[0]]
    names = {**made.bill, **{f"paid_{name}": column for name, column in made.result.items()}}
    return [dict(zip(names, (int(value) for value in values), strict=True)) for values in zip(*names.values(), strict=True)]


def test_counts_and_sums_are_those_of_the_bills() -> None:
    made, bills = town().years[YEARS[0]], rows()
    sums = bill_sums(made.bill, made.result, 43)
    employee = [bill for bill in bills if bill["scheme"] == EMPLOYEE]
    assert sums["visits.employee"] == sum(bill["paid_fund"] > 0 or bill["paid_account"] > 0 for bill in employee) > 100
    assert sums["pool.resident"] == sum(bill["paid_pool"] for bill in bills if bill["scheme"] == RESIDENT) > 0
    assert sums["account.employee"] == sum(bill["paid_account"] for bill in employee) > 0
    maternity = [bill for bill in employee if DELIVERY <= bill["kind"] <= MISCARRIAGE_LATE and bill["paid_pool"] > 0]
    assert sums["visits.maternity"] == len(maternity) and sums["outgo.maternity"] == sum(bill["paid_pool"] for bill in maternity)
    stays = [bill for bill in bills if bill["kind"] == INPATIENT and bill["paid_outcome"] == 0 and bill["place"]]
    inside = {bill["person"] for bill in stays if bill["place"] // 10_000 == 43}
    assert sums["offsite.patients_inside"] == len(inside) and sums["offsite.stays"] >= len(stays) > 0
    by_hand = sum(bill["paid_fund"] for bill in stays if bill["place"] // 10_000 == 43 and not bill["direct"])
    assert sums["offsite.byhand_fund"] == by_hand


def test_every_answer_that_the_facts_name_is_given_even_when_nought() -> None:
    place = town()
    made = place.years[YEARS[0]]
    sums = bill_sums(made.bill, made.result, 43)
    sums["enrolled.resident"] = 1_000
    found = care_figures(sums, place.shop.ground.book, YEARS[0])
    ours = ("visits.", "outgo.", "offsite.", "ratio.", "mean.", "poor.cost", "poor.reimbursed", "poor.other", "share.")
    asked = {fact.by for city in profiled() for fact in facts_of(city) if fact.by.startswith(ours)}
    assert asked - {"outgo.epidemic"} <= set(found) and "outgo.epidemic" in found
    assert found["ratio.employee_inpatient"].value == sums["paid.employee_inpatient"] / sums["within.employee_inpatient"]


def test_the_residents_outgo_takes_in_the_premium_handed_on() -> None:
    place = town()
    made = place.years[YEARS[1]]
    sums = bill_sums(made.bill, made.result, 43)
    sums["enrolled.resident"] = 1_000
    premium = catastrophic_premium(place.shop.ground.book, YEARS[1])
    found = care_figures(sums, place.shop.ground.book, YEARS[1])
    assert premium > 0 and found["outgo.resident"].value == sums["pool.resident"] + 1_000 * premium
    assert found["outgo.all"].value == found["outgo.resident"].value + found["outgo.employee"].value
