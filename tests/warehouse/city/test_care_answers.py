"""What a city answers about care: counted again here bill by bill, and nothing left out when it is nought."""

from collections import Counter
from typing import Any

import numpy as np

from openyibao.kernel.codes import DAY_SURGERY, DELIVERY, EMPLOYEE, INPATIENT, MISCARRIAGE_LATE, RESIDENT
from openyibao.warehouse.city.care_answers import bucket_care, care_figures, catastrophic_premium, catastrophic_sums
from openyibao.warehouse.city.facts import facts_of
from openyibao.warehouse.city.profile import profiled
from openyibao.warehouse.measure.place import Tilt
from warehouse.city.small_year import YEARS, town


def rows() -> list[dict[str, Any]]:
    made = town().years[YEARS[0]]
    names = {**made.bill, **{f"paid_{name}": column for name, column in made.result.items()}}
    return [dict(zip(names, (int(value) for value in values), strict=True)) for values in zip(*names.values(), strict=True)]


def care_of(year: int) -> Counter[str]:
    place = town()
    made, ground = place.years[year], place.shop.ground
    return bucket_care(made.bill, made.result, made.holder, made.closing, ground.employer["run_by"], ground.book, year)


def test_major_illness_payments_are_compared_with_what_is_above_the_deductible() -> None:
    tilt = Tilt(10_000, 5_000, [3])
    resident = {name: np.array(values) for name, values in {
        "aid": [0, 3, 0, 3], "burden": [15_000, 6_000, 10_000, 5_000], "catastrophic_paid": [3_000, 700, 0, 0]}.items()}
    assert catastrophic_sums(resident, tilt) == {"catastrophic.above": 5_000 + 1_000, "catastrophic.paid": 3_700}


def test_counts_and_sums_are_those_of_the_bills() -> None:
    made, bills = town().years[YEARS[0]], rows()
    sums = care_of(YEARS[0])
    employee = [bill for bill in bills if bill["scheme"] == EMPLOYEE]
    assert sums["visits.employee"] == sum(bill["paid_fund"] > 0 or bill["paid_account"] > 0 for bill in employee) > 100
    assert sums["pool.resident"] == sum(bill["paid_pool"] for bill in bills if bill["scheme"] == RESIDENT) > 0
    assert sums["account.employee"] == sum(bill["paid_account"] for bill in employee) > 0
    maternity = [bill for bill in employee if DELIVERY <= bill["kind"] <= MISCARRIAGE_LATE and bill["paid_pool"] > 0]
    assert sums["visits.maternity"] == len(maternity) and sums["outgo.maternity"] == sum(bill["paid_pool"] for bill in maternity)
    stays = [bill for bill in bills if bill["kind"] in (INPATIENT, DAY_SURGERY) and bill["paid_outcome"] == 0 and bill["place"]]
    assert sums["offsite.stays"] >= len(stays) > 0
    runner = np.append(town().shop.ground.employer["run_by"], 1)
    own = {bill["bill"] for bill in bills if bill["scheme"] == RESIDENT or runner[made.holder["employer"][bill["holder"]]] == 1}
    assert 0 < len(own) < len(bills), "Jishou's prefecture and province insure some of its employees themselves"
    inside = [bill for bill in stays if bill["place"] // 10_000 == 43 and bill["bill"] in own]
    assert sums["offsite.patients_own"] == len({bill["person"] for bill in inside}) > 0
    assert sums["offsite.byhand_fund_own"] == sum(bill["paid_fund"] for bill in inside if not bill["direct"])
    everybody = sums["pool.employee"] + sums["pool.resident"]
    assert sums["outgo.pool_own"] == sum(bill["paid_pool"] for bill in bills if bill["bill"] in own) < everybody


def test_every_answer_that_the_facts_name_is_given_even_when_nought() -> None:
    place = town()
    sums = care_of(YEARS[0])
    found = care_figures(sums, place.shop.ground.book, YEARS[0])
    ours = ("visits.", "outgo.", "offsite.", "ratio.", "mean.", "poor.cost", "poor.reimbursed", "poor.other", "share.")
    asked = {fact.by for city in profiled() for fact in facts_of(city) if fact.by.startswith(ours)}
    assert asked - {"outgo.epidemic"} <= set(found) and "outgo.epidemic" in found
    assert found["ratio.employee_inpatient"].value == sums["paid.employee_inpatient"] / sums["within.employee_inpatient"]


def test_the_residents_outgo_takes_in_the_premium_handed_on() -> None:
    place, sums = town(), care_of(YEARS[1])
    sums["enrolled.resident"] = 1_000
    premium = catastrophic_premium(place.shop.ground.book, YEARS[1])
    found = care_figures(sums, place.shop.ground.book, YEARS[1])
    assert premium > 0 and found["outgo.resident"].value == sums["pool.resident"] + 1_000 * premium
    assert found["outgo.all"].value == found["outgo.resident"].value + found["outgo.employee"].value
