"""A sample of the figures that settlement reads is moved a step up and a step down: a golden case fails, or the file says why none can."""

import fnmatch
import random

import pytest

from drawn import plan
from kernel.people import stay
from mutation.nudge import CITIES, DIRECTIONS, NATION, NOTICED, REFUSED, Figure, explanations, figures, is_settled, nudged, verdict, why
from openyibao.kernel import codes
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year

SAMPLE, SEED = 60, 20240601
EVERY = [figure for figure in figures((NATION, *CITIES)) if is_settled(figure)]


def test_most_numeric_figures_are_read_by_settlement():
    assert len(EVERY) > 800
    assert {figure.region for figure in EVERY} == {NATION, *CITIES}


@pytest.mark.parametrize("figure", random.Random(SEED).sample(EVERY, SAMPLE), ids=lambda figure: figure.name)
def test_a_golden_case_notices(figure: Figure) -> None:
    for direction in DIRECTIONS:
        found = verdict(figure, direction)
        if found is not None and found.outcome not in (NOTICED, REFUSED):
            assert why(found), f"{figure.name} {direction}: {found.outcome}; add a golden case, or say why in explained.yaml"


def test_every_explanation_is_of_a_figure():
    """No stale pattern; that its nudges go unnoticed is checked by the whole run (`python -m mutation.nudge`)."""
    names = [f"{figure.name} {direction}" for figure in EVERY for direction in DIRECTIONS]
    for pattern in explanations():
        assert fnmatch.filter(names, pattern), f"{pattern}: settlement reads no such figure"


def test_a_nudge_keeps_to_what_its_unit_allows():
    for figure in EVERY:
        for direction in DIRECTIONS:
            value = nudged(figure, direction)
            if value is not None:
                assert value.value != figure.value.value and type(value.value) is type(figure.value.value)


def test_the_ratio_of_an_emergency_rule_set_decides_a_bill():
    """Rule sets are off unless a caller names their days, so no golden case reaches their ratio; this bill does."""
    on = plan("wuhan", codes.RESIDENT, 20200615, True)
    less = on._replace(epidemic=on.epidemic._replace(ratio=9_900))
    claim = stay(codes.RESIDENT, 20200615, 10_000_00, epidemic=1)
    paid = [settle(claim, Year(year=2020), one)[0].pool for one in (on, less)]
    assert paid == [10_000_00, 9_900_00]
