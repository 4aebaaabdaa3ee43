"""Freezing: figures of each city as its documents, or our stand-ins for them, print them."""

from itertools import pairwise

import pytest

from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import BANDS
from openyibao.policybook.book import PolicyError, load_book, policies_root

ROOT = policies_root()
E, R = codes.EMPLOYEE, codes.RESIDENT
YUAN = 100


@pytest.fixture(scope="module")
def books():
    return {city: load_book(ROOT, city) for city in ("ankang", "jingzhou", "jishou", "wuhan", "yuxi")}


def yuan(figures):
    return tuple(fen // YUAN for fen in figures)


def first_band(ratios):
    return tuple(ratios[level * BANDS] for level in range(codes.LEVELS))


def test_ankang_employees_before_and_after_april_2022(books):
    old, new = (books["ankang"].plan(E, day) for day in (20220331, 20220401))
    assert (old.pool.cap, new.pool.cap) == (60_000 * YUAN, 120_000 * YUAN)
    assert (old.large.cap_first, old.large.cap_second) == (200_000 * YUAN, 400_000 * YUAN)
    assert (new.large.cap_first, new.large.cap_second) == (140_000 * YUAN, 400_000 * YUAN)
    assert (new.large.ratio_first, new.large.ratio_second) == (9000, 7000)
    assert yuan(new.pool.deductible) == (200, 200, 200, 400, 800, 800)
    assert yuan(new.pool.repeat_second) == (100, 100, 100, 200, 400, 400)
    assert (new.pool.repeat_kind, set(new.pool.repeat_third)) == (codes.REPEAT_TABLE, {0})
    assert (new.pool.retired_delta, new.pool.retired_factor) == (-100 * YUAN, 10_000)
    assert first_band(new.pool.ratio_active) == (9500, 9500, 9500, 9400, 9100, 9100)
    assert first_band(new.pool.ratio_retired) == (9600, 9600, 9600, 9500, 9200, 9200)


def test_ankang_offsite_points_and_no_neighbour(books):
    offsite = books["ankang"].plan(E, 20230510).offsite
    assert offsite.method[codes.FILED] == codes.MULTIPLY and offsite.value[codes.FILED] == 10_000
    assert offsite.value[codes.REFERRED:codes.SELF_REFERRED + 1] == (1000, 1000, 1500)
    assert offsite.neighbour == 0


def test_ankang_outpatient_starts_in_2023(books):
    assert books["ankang"].plan(E, 20221231).outpatient.present == 0
    plan = books["ankang"].plan(E, 20230101).outpatient
    assert (plan.present, plan.cap_active, plan.cap_retired) == (1, 800 * YUAN, 1_000 * YUAN)
    assert plan.ratio_active == (6000, 6000, 6000, 5500, 5000, 5000)
    assert plan.ratio_retired == (7000, 7000, 7000, 6500, 6000, 6000)
    assert set(yuan(plan.deductible_active)) == {200}


def test_ankang_residents(books):
    plan = books["ankang"].plan(R, 20220901)
    assert (plan.pool.repeat_kind, plan.pool.cap) == (codes.REPEAT_NONE, 120_000 * YUAN)
    assert plan.outpatient.ratio_active == (6000, 5000, 5000, 0, 0, 0)
    assert plan.outpatient.listed == (1, 1, 1, 0, 0, 0)
    assert plan.two_disease == (1, 5000, 300 * YUAN, 300 * YUAN, 600 * YUAN)
    assert yuan(plan.catastrophic.band_low[:3]) == (10_000, 50_000, 100_000)
    assert plan.catastrophic.ratio == (6000, 7000, 8000, 0)
    assert (plan.catastrophic.deductible, plan.catastrophic.band_basis) == (10_000 * YUAN, codes.BANDS_FROM_ZERO)
    assert plan.catastrophic.tilted == (0, 1, 1, 1, 1, 0, 0)
    assert (plan.catastrophic.tilt_factor, plan.catastrophic.tilt_add, plan.catastrophic.tilt_removes_cap) == (5000, 500, 1)


def test_the_poverty_tilt_ends_on_the_first_of_2021(books):
    none = (0, 0, 10_000, 0, 0, 0)
    assert books["ankang"].plan(R, 20201231).poverty == (1, 1000, 12_000, 8000, 0, 0)
    assert books["ankang"].plan(R, 20210101).poverty == none
    assert books["ankang"].plan(E, 20201231).poverty == none
    assert books["wuhan"].plan(R, 20201231).poverty == (0, 0, 10_000, 9000, 8000, 1)
    assert books["wuhan"].plan(R, 20210101).poverty == none
    assert books["wuhan"].plan(E, 20201231).poverty == none
    assert books["jishou"].plan(R, 20201231).poverty == none


def test_aid_by_category(books):
    aid = books["ankang"].plan(R, 20220901).aid
    assert aid.ratio == (0, 10_000, 10_000, 7500, 7500, 6500, 6000)
    assert yuan(aid.deductible) == (0, 0, 0, 0, 0, 1_600, 4_000)
    assert aid.cap == (0, codes.UNBOUNDED, codes.UNBOUNDED, 5_000_000, 5_000_000, 3_000_000, 3_000_000)
    assert (aid.overall_cap, aid.tilt_trigger, aid.tilt_ratio, aid.tilt_cap) == (5_000_000, 1_000_000, 5000, 3_000_000)


def test_jishou_joint_outpatient_deductible_and_province_level(books):
    plan = books["jishou"].plan(E, 20230105)
    assert yuan(plan.outpatient.deductible_active) == (0, 0, 0, 200, 300, 300)
    assert plan.outpatient.deductible_year_max == 300 * YUAN
    assert yuan(books["jishou"].plan(E, 20240101).pool.deductible) == (200, 200, 500, 800, 1_100, 2_000)
    assert first_band(books["jishou"].plan(R, 20240101).pool.ratio_active) == (8500, 8500, 8200, 8000, 6500, 6000)


def test_jishou_large_amount_counts_from_zero_from_2024(books):
    old, new = (books["jishou"].plan(E, day).large for day in (20231231, 20240101))
    assert (old.cap_first, old.cap_total) == (350_000 * YUAN, codes.UNBOUNDED)
    assert (new.cap_first, new.cap_total) == (codes.UNBOUNDED, 500_000 * YUAN)


def test_jishou_catastrophic_bands_change_in_2024(books):
    old, new = (books["jishou"].plan(R, day).catastrophic for day in (20231231, 20240101))
    assert (old.bands, old.band_basis, old.ratio) == (4, codes.BANDS_ABOVE_DEDUCTIBLE, (6000, 6500, 7500, 8500))
    assert (new.bands, new.band_basis, new.ratio) == (3, codes.BANDS_FROM_ZERO, (6000, 6500, 7500, 0))
    assert yuan(old.band_low) == (0, 30_000, 80_000, 150_000)


def test_jishou_monthly_quotas(books):
    book = books["jishou"]
    slot = book.disease_slot("M01600")
    chronic = book.plan(E, 20240302).chronic
    assert (chronic.quota[slot], chronic.ratio[slot], chronic.period[slot], chronic.severe[slot]) == (167 * YUAN, 8000, 1, 0)
    severe = book.disease_slot("M00500")
    assert (chronic.severe[severe], chronic.quota[severe], chronic.ratio[severe]) == (1, codes.UNBOUNDED, 8500)
    assert (book.plan(E, 20240302).readings.repeat_per_level, book.plan(R, 20240302).readings.repeat_per_level) == (1, 0)


def test_jishou_resident_outpatient_before_its_deductible_was_printed(books):
    plan = books["jishou"].plan(R, 20160601)
    assert (plan.outpatient.cap_active, plan.outpatient.ratio_active[codes.P0]) == (60 * YUAN, 7000)
    assert plan.outpatient.listed == (1, 1, 0, 0, 0, 0)
    assert set(plan.outpatient.deductible_active) == {0}


def test_jingzhou(books):
    plan = books["jingzhou"].plan(E, 20240101)
    assert yuan(plan.outpatient.deductible_active)[0] == 500 and yuan(plan.outpatient.deductible_retired)[0] == 400
    assert (plan.large.band_from, plan.large.band_to, plan.large.cap_first) == (160_000 * YUAN, 510_000 * YUAN, 350_000 * YUAN)
    assert plan.offsite.method == (0, 0, 1, 1, 1, 1) and plan.offsite.value == (0, 0, 1000, 1000, 2000, 2000)
    assert yuan(books["jingzhou"].plan(R, 20240101).catastrophic.band_low[:3]) == (12_000, 30_000, 100_000)
    assert (plan.pool.repeat_kind, plan.pool.repeat_factor) == (codes.REPEAT_FACTOR, 5000)


def test_wuhan_printed_retired_ratios_factor_and_levels_without_repeat_rule(books):
    plan = books["wuhan"].plan(E, 20230601)
    assert first_band(plan.pool.ratio_retired) == (9360, 9360, 9360, 9120, 8880, 8880)
    assert (plan.pool.retired_factor, plan.pool.retired_delta) == (8000, 0)
    assert plan.outpatient.ratio_retired == (8400, 8400, 8400, 6800, 6000, 6000)
    assert books["wuhan"].plan(R, 20230601).pool.repeat_levels == (0, 0, 0, 1, 1, 1)
    assert plan.offsite.value[codes.SELF_REFERRED] == 7000 and plan.offsite.method[codes.SELF_REFERRED] == codes.MULTIPLY


def test_yuxi_per_visit_neighbour_and_idle_layer(books):
    plan = books["yuxi"].plan(E, 20240601)
    assert plan.outpatient.per_visit == 1 and yuan(plan.outpatient.deductible_active) == (20, 20, 20, 40, 60, 60)
    assert (plan.offsite.neighbour, plan.offsite.value[codes.NEIGHBOUR], plan.offsite.method[codes.NEIGHBOUR]) == (5301, 0, codes.SUBTRACT)
    assert (plan.pool.repeat_kind, plan.pool.repeat_subtract, plan.pool.repeat_minimum) == (codes.REPEAT_SUBTRACT, 10_000, 10_000)
    assert (plan.pool.cap, plan.large.cap_total) == (500_000 * YUAN, 500_000 * YUAN)
    assert any("大额一层不支付" in warning for warning in books["yuxi"].warnings)


def test_added_layers_and_the_employers_plan_by_overlay(books):
    plan = books["ankang"].plan(E, 20240101)
    assert plan.added_1 == (1, codes.BASE_IN_SCOPE_LEFT, 15_000 * YUAN, 8000, 1_000_000 * YUAN, 5000, codes.FIELD_OTHER, 0)
    assert plan.added_2 == (1, codes.BASE_OUTSIDE, 20_000 * YUAN, 6000, 1_000_000 * YUAN, 5000, codes.FIELD_OTHER, 1)
    assert plan.added_3.present == 0
    with_plan = load_book(ROOT, "ankang", overlays=[ROOT / "overlays" / "employer-plan.yaml"])
    assert with_plan.plan(E, 20240101).added_3 == (1, 0, 1_000 * YUAN, 8000, 20_000 * YUAN, 10_000, codes.FIELD_ENTERPRISE, 0)
    assert with_plan.plan(E, 20221231).added_3.present == 0 and with_plan.plan(R, 20240101).added_3.present == 0


def test_alternatives_are_laid_over_only_when_asked():
    def plan(city, name, scheme, day):
        return load_book(ROOT, city, overlays=[ROOT / city / "alternatives" / name]).plan(scheme, day)

    wuhan = plan("wuhan", "outpatient-2024.yaml", E, 20240401).outpatient
    assert set(wuhan.deductible_active) == {0} and wuhan.ratio_active[codes.L3] == 5500 and wuhan.cap_retired == 450_000
    assert plan("wuhan", "outpatient-2024.yaml", E, 20240331).outpatient.ratio_active[codes.L3] == 5000
    assert first_band(plan("wuhan", "inpatient-ratios.yaml", E, 20240401).pool.ratio_retired) == (9600, 9600, 9400, 9200, 9000, 9000)
    assert plan("yuxi", "pool-cap-2024.yaml", E, 20240401).pool.cap == 100_000 * YUAN
    jingzhou = plan("jingzhou", "offsite-factors.yaml", R, 20240401).offsite
    assert jingzhou.method[codes.REFERRED] == codes.MULTIPLY and jingzhou.value[codes.SELF_REFERRED] == 6000


def test_rule_sets_are_off_until_switched_on(books):
    assert books["ankang"].plan(E, 20200301).epidemic.present == 0
    book = load_book(ROOT, "ankang", rule_sets=[("covid-2020", 20200125, 20210101)])
    assert book.plan(E, 20200124).epidemic.present == 0
    assert book.plan(E, 20200125).epidemic == (1, 1, 1, 10_000, 1, 1, 2)
    assert book.plan(E, 20210101).epidemic.present == 0
    assert load_book(ROOT, "wuhan", rule_sets=[("covid-2020", 20200125, 20210101)]).plan(E, 20200301).epidemic.offsite_cut == 1


def test_a_pinned_reading_is_left_with_a_warning():
    book = load_book(ROOT, "jishou", readings=["quota_on_payment", "delivery_counts"])
    assert book.plan(E, 20240601).readings.quota_on_payment == 0
    assert book.plan(E, 20240601).readings.delivery_counts == 1
    assert any("quota_on_payment" in warning and "固定" in warning for warning in book.warnings)
    assert load_book(ROOT, "ankang", readings=["quota_on_payment"]).plan(E, 20240601).readings_mask == 1 << 28


def test_a_bill_without_a_version_has_no_plan(books):
    book = books["jishou"]
    assert book.plan(E, 20181231) is None and book.plan(R, 20151231) is None and book.plan(9, 20240101) is None
    day = 20170601
    assert book.plan_for(Claim(R, codes.OUTPATIENT, day, codes.P0, 0)) is not None
    assert book.plan_for(Claim(R, codes.INPATIENT, day, codes.L2, 0)) is None
    assert book.plan_for(Claim(R, codes.TWO_DISEASE, 20191130, codes.P0, 0)) is None
    assert book.plan_for(Claim(R, codes.TWO_DISEASE, 20191201, codes.P0, 0)) is not None
    assert book.missing(R, 20200601) == {"catastrophic"}
    jingzhou = books["jingzhou"]
    assert jingzhou.plan_for(Claim(R, codes.TWO_DISEASE, 20191201, codes.P0, 0)).two_disease.ratio == 5000
    assert jingzhou.plan_for(Claim(R, codes.TWO_DISEASE, 20191130, codes.P0, 0)) is None
    assert jingzhou.plan_for(Claim(R, codes.OUTPATIENT, 20191201, codes.P0, 0)) is not None
    assert jingzhou.plan_for(Claim(R, codes.OUTPATIENT, 20181231, codes.P0, 0)) is None


def test_the_version_of_a_stay_is_of_discharge_or_by_reading_of_admission(books):
    stay = Claim(E, codes.INPATIENT, 20220402, codes.L3, 0, admitted=20220330)
    assert books["ankang"].plan_for(stay).pool.cap == 120_000 * YUAN
    by_admission = load_book(ROOT, "ankang", readings=["version_by_admission"])
    assert by_admission.plan_for(stay).pool.cap == 60_000 * YUAN


def test_spans_follow_each_other_and_agree_with_days(books):
    for book in books.values():
        for scheme in (E, R):
            spans = book.spans(scheme)
            assert all(before[1] == after[0] and before[2] != after[2] for before, after in pairwise(spans))
            assert all(book.plan(scheme, since) == plan for since, _, plan in spans)


def test_hospital_levels_and_diseases(books):
    book = books["wuhan"]
    assert [book.level_of(code) for code in ("01", "12", "05", "13", "08", "11")] == [4, 4, 3, 3, 2, 1]
    with pytest.raises(PolicyError, match=r"hospital level 99 has no place"):
        book.level_of("99")
    assert {one.disease_names() for one in books.values()} == {book.disease_names()}
    assert book.disease_names()[book.disease_slot("M07803")] == ("M07803", "透析-血液透析", "haemodialysis")
    assert book.disease_slot("M99999") == -1
    assert (book.name, book.admdvs) == ("武汉市", 420100)
