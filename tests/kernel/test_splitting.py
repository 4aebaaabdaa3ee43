"""Care split into several bills 拆分: what a year pays does not hang on how it was cut, but for a fen, and where it does."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.people import MONEY, SEEDS, SMALL, drawn_case, plan_on, stay
from openyibao.kernel import codes
from openyibao.kernel.plan import BANDS, Plan
from openyibao.kernel.reversal import play
from openyibao.kernel.settle.above import above_yearly
from openyibao.kernel.settle.catastrophic import catastrophic
from openyibao.kernel.settle.pool import banded, pooled
from openyibao.kernel.year import Year

PARTS = st.lists(SMALL, min_size=1, max_size=8)
CITIES = st.sampled_from(("ankang", "jingzhou", "jishou", "wuhan", "yuxi"))
DAY = 20230601


def catastrophic_year(burdens: list[int], plan: Plan, factor: int, aid: int) -> int:
    """What catastrophic insurance pays of a year's burdens, bill after bill."""
    year, claim = Year(year=2023), stay(codes.RESIDENT, DAY, 0, aid=aid)
    for burden in burdens:
        paid = catastrophic(burden, claim, year, plan, factor)
        year = year._replace(burden=year.burden + burden, catastrophic_paid=year.catastrophic_paid + paid)
    return year.catastrophic_paid


@settings(max_examples=300)
@given(CITIES, PARTS, MONEY, st.sampled_from(range(codes.AID_CATEGORIES)), st.sampled_from(((), ("tilt_keeps_band_bounds",))))
def test_a_catastrophic_year_does_not_depend_on_the_cut(city, parts, last, aid, readings):
    plan = plan_on(city, codes.RESIDENT, DAY, *readings)
    assert catastrophic_year([*parts, last], plan, codes.WHOLE, aid) == catastrophic_year([sum(parts) + last], plan, codes.WHOLE, aid)


@settings(max_examples=200)
@given(CITIES, PARTS, st.sampled_from((7_000, 9_000)))
def test_with_an_offsite_factor_only_rounding_moves(city, parts, factor):
    plan = plan_on(city, codes.RESIDENT, DAY, "offsite_all_layers")
    difference = catastrophic_year(parts, plan, factor, 0) - catastrophic_year([sum(parts)], plan, factor, 0)
    assert abs(difference) <= len(parts)


def with_yearly_bands(low: list[int]) -> Plan:
    """Wuhan's resident plan with three bands that run over the year."""
    plan = plan_on("wuhan", codes.RESIDENT, DAY)
    ratios = tuple(5_000 + 1_000 * (slot % BANDS) for slot in range(codes.LEVELS * BANDS))
    bounds = (0, *sorted(low), codes.UNBOUNDED)
    return plan._replace(pool=plan.pool._replace(bands=3, band_low=bounds, band_basis=codes.BANDS_PER_YEAR, ratio_active=ratios))


@settings(max_examples=300)
@given(PARTS, st.lists(st.integers(1, 6_000_000), min_size=2, max_size=2, unique=True), st.sampled_from((codes.HALF_UP, codes.TRUNCATE)))
def test_yearly_pool_bands_move_only_rounding(parts, low, rounding):
    plan = with_yearly_bands(low)
    pool, ratios, paid, start = plan.pool, plan.pool.ratio_active, 0, 0
    for part in parts:
        paid += banded(part, start, pool, ratios, codes.L3, 0, 0, rounding)
        start += part
    whole = banded(start, 0, pool, ratios, codes.L3, 0, 0, rounding)
    assert abs(whole - paid) <= len(parts) * pool.bands


@settings(max_examples=300)
@given(CITIES, PARTS, MONEY, st.sampled_from((7_000, 9_000, codes.WHOLE)))
def test_the_pool_under_its_cap_moves_only_rounding(city, parts, room, factor):
    """Payment and what finds no room, of one amount or of its parts, under what is left of the cap."""
    plan = plan_on(city, codes.RESIDENT, DAY)
    ratios = plan.pool.ratio_active
    year, left, paid, over = Year(year=2023), room, 0, 0
    for part in parts:
        now, beyond = pooled(part, year, plan, ratios, codes.L3, 0, 0, factor, left)
        left, paid, over = left - now, paid + now, over + beyond
    whole, beyond = pooled(sum(parts), year, plan, ratios, codes.L3, 0, 0, factor, room)
    assert abs(whole - paid) <= len(parts)
    assert abs(beyond - over) <= 4 * len(parts)


@settings(max_examples=300)
@given(PARTS, SMALL, st.integers(0, 10_000), st.sampled_from((codes.HALF_UP, codes.TRUNCATE)))
def test_a_share_above_a_yearly_deductible(parts, deductible, ratio, rounding):
    """Claim by claim only rounding moves; with `cumulative_rounding` nothing does."""
    for cumulative, allowed in ((0, len(parts)), (1, 0)):
        paid = before = 0
        for part in parts:
            paid += above_yearly(before, part, deductible, ratio, cumulative, rounding)
            before += part
        assert abs(above_yearly(0, before, deductible, ratio, cumulative, rounding) - paid) <= allowed


@settings(max_examples=150)
@given(SEEDS, SMALL, SMALL)
def test_two_parts_of_one_admission_are_paid_as_one(seed, first, second):
    """A stay cut at midnight (the second part `continued`) pays as the whole did, whatever layers follow, but for a fen a step."""
    _, _, plan = drawn_case(seed, ("tilt_whole_burden", "over_cap_without_factor", "tilt_per_claim"))
    if plan.scheme == 0 or plan.pool.bands > 1:
        return
    day, start = 20_230_601, Year(year=2023)
    whole = stay(plan.scheme, day, first + second, aid=codes.MARGINAL, civil_servant=1, added=3)
    parts = (whole._replace(total=first, within=first), whole._replace(total=second, within=second, continued=1))
    if first < plan.pool.deductible[codes.L3]:
        return  # the second part does not bear what the first left of the deductible
    together, apart = (sum(one.receipt.fund for one in play(bills, start, lambda claim: plan)) for bills in ((whole,), parts))
    assert abs(together - apart) <= 20


def test_two_stays_bear_two_deductibles():
    """What a cut does move: a stay settled as two admissions bears the second deductible, and bands per stay start again."""
    plan = plan_on("ankang", codes.EMPLOYEE, DAY)
    whole = stay(codes.EMPLOYEE, DAY, 20_000_00)
    half = whole._replace(total=10_000_00, within=10_000_00)
    once, twice = (play(bills, Year(year=2023), lambda claim: plan) for bills in ((whole,), (half, half)))
    borne = [one.receipt.deductible for one in twice]
    assert borne == [plan.pool.deductible[codes.L3], plan.pool.repeat_second[codes.L3]]
    assert sum(borne) > once[0].receipt.deductible
