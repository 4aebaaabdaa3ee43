"""An explanation is enough to compute a bill again: every printed formula gives the figure beside it, and the figures are the receipt's."""

import random

from drawn import case
from kernel.arithmetic import computed
from kernel.people import drawn_case
from openyibao.kernel.explain import explain
from openyibao.kernel.explained.steps import STEP, percent, yuan
from openyibao.kernel.settle.cascade import settle

FIGURES = ("deductible", "pool", "over_cap", "over_quota", "large_first", "large_second", "catastrophic", "civil", "aid", "tilt", "topup",
           "added_1", "added_2", "added_3", "state", "fund", "hospital", "person", "account", "family", "cash")  # fmt: skip
CASES = 3000


def test_every_figure_is_derived_again_from_the_printed_explanation():
    for number in range(CASES):
        claim, year, plan = drawn_case(number)
        receipt, _ = settle(claim, year, plan)
        found = {}
        for step in explain(claim, year, plan, receipt, {}):
            where = f"case {number}, {step.key}: {step.formula}"
            scale = 10_000 if step.unit == "percent" else 100
            if step.value < 10**14:
                assert computed(step.formula) * scale == step.value, where
            for operand in step.operands:
                if operand.kind == STEP:
                    assert operand.text == found[operand.name][1], where
            found[step.key] = (step.value, percent(step.value) if step.unit == "percent" else yuan(step.value))
        for figure in FIGURES:
            shown = found.get(figure, (0, ""))[0]
            assert shown == getattr(receipt, figure), f"case {number}: {figure} shown {shown}, settled {getattr(receipt, figure)}"


def test_the_two_languages_name_every_step():
    claim, year, plan = case(random.Random(7))
    receipt, _ = settle(claim, year, plan)
    for step in explain(claim, year, plan, receipt, {}):
        assert step.name_zh and step.name_en and step.words_zh != step.words_en
