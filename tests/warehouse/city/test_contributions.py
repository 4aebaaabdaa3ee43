"""Contributions: the compiled months are the kernel's, month by month in plain Python; what comes in is what the plans print."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openyibao.kernel.codes import EMPLOYEE, WHOLE
from openyibao.kernel.enrolment import Rates, monthly
from openyibao.kernel.rounding import share
from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.city import contributions as c
from openyibao.warehouse.city.answers import FEN
from openyibao.warehouse.city.bucketful import EMPLOYED, FLEXIBLE
from openyibao.warehouse.city.calibrate import people_answers, solved
from openyibao.warehouse.city.facts import facts_of
from openyibao.warehouse.city.ground import whole_city
from openyibao.warehouse.city.profile import load_profile
from warehouse.city.small import folks, small_city

RATE = st.integers(0, 2_000)
MONTHLY = Rates(300_000, 1_500_000, 800, 200, 900, 280)


def runs_of(wage: int, flexible: bool, first: int, last: int, rates: Rates, factor: list[int], employer: list[int]) -> np.ndarray:
    """The compiled runs of one person: employer = civil, relieved, unpaid, paid, audited."""
    table = np.array([employer, [0] * 5], np.int64)
    job = FLEXIBLE if flexible else EMPLOYED
    people = np.array([[0, first, last, job, wage, -1 if flexible else 0, 0, -1 if flexible else 0]], np.int64)
    matrix = np.array([[tuple(rates)] * 2] * 12, np.int64)
    base, runs = np.zeros(1, np.int64), np.zeros((14, c.WIDTH), np.int64)
    figures = np.array([200, 12_000, 2020, 0, 202012, 0], np.int64)
    count = c.employees_months(people, table, matrix, np.array(factor, np.int64), figures, base, runs)
    return runs[:count]


@settings(max_examples=60)
@given(wage=st.integers(0, 5_000_000), flexible=st.booleans(), first=st.integers(1, 12), data=st.data(), employer_rate=RATE, person=RATE,
       relief=st.sampled_from([WHOLE, 5_000, 0]), relieved=st.integers(0, 1))  # fmt: skip
def test_runs_of_months_are_the_kernels_months(
    wage: int, flexible: bool, first: int, data: st.DataObject, employer_rate: int, person: int, relief: int, relieved: int
) -> None:
    last = data.draw(st.integers(first, 12))
    rates = MONTHLY._replace(employer=employer_rate, person=person)
    factor = [relief if 2 <= month <= 6 else WHOLE for month in range(1, 13)]
    runs = runs_of(wage, flexible, first, last, rates, factor, [1, relieved, 0, 0, 0])
    eased = [factor[month - 1] if relieved and not flexible else WHOLE for month in range(first, last + 1)]
    plain = [monthly(wage, int(flexible), rates, each, 0) for each in eased]
    assert runs[:, 3].sum() == len(plain)
    assert runs[:, 5].sum() == sum(month.employer for month in plain)
    assert runs[:, 6].sum() == sum(month.person for month in plain)
    assert runs[:, 12].sum() == (0 if flexible else sum(share(month.base, 200, 0) for month in plain))
    assert runs[:, 11].sum() == 12_000 * len(plain) // 12
    assert set(runs[:, 4]) == {plain[0].base}


def test_arrears_are_unpaid_late_or_paid() -> None:
    runs = runs_of(800_000, False, 1, 12, MONTHLY, [WHOLE] * 12, [0, 0, 202003, 202006, 0])
    assert [(int(run[2]), int(run[3]), int(run[10])) for run in runs] == [(1, 2, c.PAID), (3, 3, c.LATE), (6, 7, c.PAID)]
    assert runs[1, 9] == 20200615
    runs = runs_of(800_000, False, 1, 12, MONTHLY, [WHOLE] * 12, [0, 0, 202011, 999912, 0])
    assert [(int(run[2]), int(run[10]), int(run[9]) > 0) for run in runs] == [(1, c.PAID, True), (11, c.UNPAID, False)]


def test_every_row_of_a_city_is_the_kernels() -> None:
    """Rows of a made bucket against plain Python: base times rates, months of relief and all."""
    ground, made = folks(small_city("wuhan"))
    terms = ground.terms[2020]
    for folk in made:
        rows, holder = folk.years[2020].contribution, folk.years[2020].holder
        key = rows["person"] * 100 + rows["first_month"]
        assert (np.diff(key) >= 0).all()
        mine = np.flatnonzero((rows["scheme"] == EMPLOYEE) & (rows["base"] > 0) & (rows["paid_on"] != 2020_1210))[::7]
        assert len(mine) > 20
        for place in mine.tolist():
            month = int(rows["first_month"][place])
            flexible = int(holder["flexible"][rows["holder"][place]])
            factor = terms.factor[month - 1] if rows["state"][place] == c.RELIEVED else WHOLE
            due = monthly(int(rows["base"][place]), flexible, terms.rates[month - 1][0], factor, terms.rounding)
            months = int(rows["months"][place])
            assert (due.base, due.employer * months, due.person * months) == tuple(
                int(rows[name][place]) for name in ("base", "employer_part", "person_part"))  # fmt: skip


def test_residents_pay_premium_or_aid_does() -> None:
    ground, made = folks(small_city("ankang"))
    terms = ground.terms[2021]
    for folk in made:
        rows, holder = folk.years[2021].contribution, folk.years[2021].holder
        mine = rows["scheme"] == 2
        assert (rows["person_part"][mine] + rows["aided"][mine] == terms.premium).all() and (rows["subsidy"][mine] == terms.subsidy).all()
        aid = holder["aid"][rows["holder"][mine]]
        assert (rows["aided"][mine][aid == 1] == terms.premium).all() and (rows["aided"][mine][aid == 0] == 0).all()
        assert mine.sum() == (holder["scheme"] == 2).sum()


@pytest.mark.parametrize("name", ["ankang", "jingzhou", "wuhan", "yuxi"])
def test_what_comes_in_is_what_the_plan_prints(name: str) -> None:
    """People and money coming in within two in a hundred, in a city of one in two hundred."""
    profile = load_profile(name)
    ground, answers = people_answers(profile, load_book(policies_root(), name), whole_city(profile) // 200, 3)
    compared = 0
    for fact in facts_of(name):
        answer = answers.get(fact.by)
        if answer is not None and (answer.kind == FEN or fact.by.startswith("enrolled")):
            assert answer.whole(ground.city) == pytest.approx(fact.target, rel=0.02), fact.id
            compared += 1
    assert compared >= 2


def test_arrears_stop_benefits_only_after_a_long_break() -> None:
    ground, _ = folks(small_city("wuhan", 20_000))
    since, until = c.suspensions(ground)
    unpaid, paid = np.append(ground.employer["arrears"], 0), np.append(c.paid_months(ground), 0)
    short = (unpaid > 0) & (paid != 999912) & ((paid // 100 - unpaid // 100) * 12 + paid % 100 - unpaid % 100 <= 3)
    assert short.any() and not since[short].any()
    long = (unpaid > 0) & ~short
    assert long.any() and (since[long] > unpaid[long] * 100).all() and (until[long] > since[long]).all()
    assert not since[unpaid == 0].any()


def test_the_secant_rule_finds_or_says_that_it_does_not() -> None:
    assert solved(lambda x: x * x, 9.0, 1.0) == pytest.approx(3.0, rel=1e-3)
    with pytest.raises(ValueError, match="no argument found"):
        solved(lambda x: 5.0, 9.0, 1.0)
