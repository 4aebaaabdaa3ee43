"""Charge lines 费用明细: fee = own-pay + over limit + first self-pay + in scope, whatever the city's choices."""

from hypothesis import given, settings
from hypothesis import strategies as st

from openyibao.kernel import codes
from openyibao.kernel.claim import Line
from openyibao.kernel.lines import bill_of, line_fee, over_ceiling, scoped
from openyibao.kernel.plan import Scope

NO_CEILING = (codes.UNBOUNDED,) * codes.LEVELS
PLAIN = Scope(0, 1, 2_000, codes.UNBOUNDED, 5_000, NO_CEILING)
FLAG, ROUNDING = st.integers(0, 1), st.sampled_from((codes.HALF_UP, codes.TRUNCATE))
UNIT, YUAN = 10_000, 1_000_000
LINES = st.builds(
    Line,
    quantity=st.integers(0, 50 * UNIT),
    price=st.integers(0, 90_000 * YUAN),
    item_class=st.sampled_from((codes.CLASS_A, codes.CLASS_B, codes.CLASS_C)),
    self_pay=st.integers(0, 10_000),
    ceiling=st.one_of(st.just(0), st.integers(1, 90_000 * YUAN)),
    restricted=st.sampled_from((0, 0, 0, 1)),
    consumable=FLAG, bed=FLAG, drug=FLAG, dual_channel=FLAG, consultation=FLAG, slices=FLAG,
)  # fmt: skip
SCOPES = st.builds(
    Scope,
    self_pay_first=FLAG,
    no_class_b_share=FLAG,
    dual_channel_share=st.integers(0, 10_000),
    step_threshold=st.sampled_from((codes.UNBOUNDED, 0, 1_000_00, 50_000_00)),
    step_share=st.integers(0, 10_000),
    bed_day_ceiling=st.sampled_from((NO_CEILING, (40_00,) * codes.LEVELS, (0,) * codes.LEVELS)),
)


def line(price: str, quantity: int = 1, **more: int) -> Line:
    """A line of class B at a price in yuan."""
    return Line(quantity * UNIT, int(price) * YUAN, **{"item_class": codes.CLASS_B, **more})


@settings(max_examples=500)
@given(LINES, SCOPES, FLAG, ROUNDING)
def test_every_line_is_its_four_parts(one, scope, maternity, rounding):
    part = scoped(one, scope, maternity, rounding)
    assert part.fee == line_fee(one, rounding) == part.full + part.over + part.pre + part.within
    assert min(part) >= 0 and part.off_list <= part.full and part.consultation <= part.within


@settings(max_examples=300)
@given(st.lists(LINES, max_size=8), SCOPES, st.integers(0, codes.LEVELS - 1), st.integers(1, 60), FLAG, ROUNDING)
def test_a_bill_is_the_sum_of_its_lines(lines, scope, level, days, maternity, rounding):
    bill = bill_of(tuple(lines), scope, level, days, maternity, rounding)
    assert bill.fee == bill.full + bill.over + bill.pre + bill.within == sum(line_fee(one, rounding) for one in lines)
    assert min(bill) >= 0


@settings(max_examples=300)
@given(LINES, SCOPES, FLAG, ROUNDING)
def test_class_c_and_an_unmet_restriction_are_all_own_pay(one, scope, maternity, rounding):
    for out in (one._replace(item_class=codes.CLASS_C), one._replace(restricted=1)):
        part = scoped(out, scope, maternity, rounding)
        assert (part.full, part.over, part.pre, part.within) == (part.fee, 0, 0, 0)
        assert part.off_list == (part.fee if one.drug or one.consumable else 0)


@settings(max_examples=300)
@given(LINES, ROUNDING)
def test_first_self_pay_on_the_whole_fee_is_never_less(one, rounding):
    ceiling_first, self_pay_first = (scoped(one, PLAIN._replace(self_pay_first=order), 0, rounding) for order in (0, 1))
    assert self_pay_first.pre >= ceiling_first.pre and self_pay_first.within <= ceiling_first.within


def test_both_orders_of_ceiling_and_first_self_pay():
    """100.00 under a ceiling of 80.00 with 10%: 8.00 of what is under the ceiling, or 10.00 of the price."""
    one = line("100", ceiling=80 * YUAN, self_pay=1_000)
    for order, over, pre, within in ((0, 20_00, 8_00, 72_00), (1, 20_00, 10_00, 70_00)):
        part = scoped(one, PLAIN._replace(self_pay_first=order), 0, 0)
        assert (part.over, part.pre, part.within) == (over, pre, within)


def test_a_ceiling_counts_only_above_it():
    for price, over in (("79", 0), ("80", 0), ("81", 3_00)):
        assert over_ceiling(line(price, 3, ceiling=80 * YUAN), line_fee(line(price, 3), 0), 0) == over


def test_class_a_has_no_first_self_pay_unless_it_is_slices():
    plain, slices = (scoped(line("100", item_class=codes.CLASS_A, self_pay=1_000, slices=mark), PLAIN, 0, 0) for mark in (0, 1))
    assert (plain.pre, slices.pre) == (0, 10_00)


def test_maternity_ignores_the_class_b_share_where_the_city_says_so():
    one = line("100", self_pay=1_000)
    shares = [scoped(one, PLAIN._replace(no_class_b_share=ignores), maternity, 0).pre for ignores in (0, 1) for maternity in (0, 1)]
    assert shares == [10_00, 10_00, 10_00, 0]


def test_a_dual_channel_drug_has_the_share_of_the_benefit():
    assert scoped(line("100", self_pay=1_000, dual_channel=1), PLAIN, 0, 0).pre == 20_00


def test_the_step_of_costly_consumables():
    """Half of what one item costs above 1,000.00 stays out of scope; two items have two thresholds."""
    scope = PLAIN._replace(step_threshold=1_000_00)
    for price, quantity, over in (("1000", 1, 0), ("1001", 1, 50), ("3000", 1, 1_000_00), ("1500", 2, 500_00)):
        part = scoped(line(price, quantity, item_class=codes.CLASS_A, consumable=1), scope, 0, 0)
        assert (part.over, part.within) == (over, part.fee - over)


def test_the_bed_ceiling_is_of_the_whole_bill():
    """Three days at 40.00: a bed of 60.00 for one day and 30.00 for two is within 120.00, four lines of 40.00 are not."""
    scope = PLAIN._replace(bed_day_ceiling=(40_00,) * codes.LEVELS)
    bed = {"item_class": codes.CLASS_A, "bed": 1}
    for lines, over in (((line("60", **bed), line("30", 2, **bed)), 0), ((line("40", 4, **bed),), 40_00)):
        bill = bill_of(lines, scope, codes.L2, 3, 0, 0)
        assert (bill.over, bill.within) == (over, bill.fee - over)
