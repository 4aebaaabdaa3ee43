"""The plan 待遇方案: one city, one scheme, one day, every parameter resolved to an integer (policybook freezes it).

Rates are parts per 10,000, money is fen; `UNBOUNDED` means no limit. A tuple of `LEVELS` is indexed by `codes.PV … L3P`, of
`AID_CATEGORIES` by `codes.NO_AID … ILLNESS_POOR`, of `DISEASES` by the slot of a chronic disease in the plan's table. Ratios by
level and band are flat: `ratio[level * BANDS + band]`.

The compiled law reads the same attributes from a NumPy record made of a plan (warehouse/records.py); so a field is an integer, a
tuple of integers, or another NamedTuple, and nothing else.
"""

from typing import NamedTuple

from openyibao.kernel.codes import AID_CATEGORIES, LEVELS, OFFSITE_CLASSES

BANDS = 4
"""Bands of the pool and of catastrophic insurance; unused ones are empty."""

DISEASES = 64
"""Slots of the chronic table."""

Ints = tuple[int, ...]


class Readings(NamedTuple):
    """Where documents leave a choice open 解读口径: 0 is the default reading, 1 the named alternative (docs/reference/readings.md)."""

    cap_counts_all_outpatient: int
    no_layer2_outside_inpatient: int
    large_in_scope_band: int
    cap_total_above_pool: int
    factor_after_cap: int
    over_cap_without_factor: int
    factor_single_rounding: int
    offsite_all_layers: int
    offsite_outpatient: int
    repeat_per_level: int
    transfer_nominal_paid: int
    transfer_unreduced: int
    transfer_same_level_new: int
    delivery_counts: int
    transfer_daysurgery_count: int
    rescue_not_admission: int
    version_by_admission: int
    dual_in_later_layers: int
    over_quota_not_burden: int
    civil_inpatient_only: int
    aid_all_visits: int
    aid_overall_cap: int
    tilt_keeps_band_bounds: int
    cumulative_rounding: int
    tilt_per_claim: int
    tilt_whole_burden: int
    tilt_any_referral: int
    tilt_in_oth_pay: int
    quota_on_payment: int
    two_quota_separate: int
    prorate_none: int
    prorate_days: int
    two_disease_sublimits: int
    unlisted_level_lower: int
    inscp_after_offsite: int
    maternity_in_scope_only: int
    maternity_in_oth_pay: int
    kunming_not_started: int


class Scope(NamedTuple):
    """How a charge line falls into scope 政策范围 (benefits: line arithmetic)."""

    self_pay_first: int  # 0 = 先限价后先行自付; 1 = 先行自付按全价
    no_class_b_share: int  # 1 = 生育等不分甲乙 (maternity bills)
    dual_channel_share: int  # 双通道药品先行自付比例
    step_threshold: int  # 耗材分段起点, fen per item; UNBOUNDED = none
    step_share: int  # 起点以上部分不进入范围的比例
    bed_day_ceiling: Ints  # 床位费日限价 by level; UNBOUNDED = none


class Pool(NamedTuple):
    """Inpatient basic benefit 住院统筹, and the basic cap that severe outpatient and dual-channel bills share."""

    present: int
    deductible: Ints  # by level
    repeat_kind: int  # codes.REPEAT_…
    repeat_factor: int
    repeat_subtract: int
    repeat_minimum: int
    repeat_second: Ints  # REPEAT_TABLE: second admission, by level
    repeat_third: Ints  # third and later
    repeat_levels: Ints  # 1 = the rule applies at this level
    retired_factor: int  # 退休起付线系数
    retired_delta: int  # 退休起付线增减, fen (negative = lower)
    deductible_year_max: int  # 年度起付线合计上限
    bands: int  # number of bands in use, >= 1
    band_basis: int  # codes.BANDS_PER_STAY, BANDS_PER_YEAR
    band_low: Ints  # lower bounds, ascending from 0
    ratio_active: Ints  # [level * BANDS + band]
    ratio_retired: Ints
    cap: int
    cap_basis: int  # codes.CAP_PAID, CAP_IN_SCOPE
    day_surgery_no_deductible: int
    transfer_window: int  # days
    long_bed_period: int  # days per deductible of a long stay; 0 = off
    severe_uses_cap: int
    dual_uses_cap: int
    delivery_complication_inpatient: int  # 1 = a delivery with complications settles as a stay


class Outpatient(NamedTuple):
    """Ordinary outpatient pooling 普通门诊统筹. A level without a ratio has rate 0 and `listed` 0."""

    present: int
    per_visit: int  # 1 = deductible per visit, 0 = per year, joint over levels
    deductible_active: Ints  # by level
    deductible_retired: Ints
    deductible_year_max: int  # 各级合计上限
    ratio_active: Ints  # by level
    ratio_retired: Ints
    listed: Ints  # 1 = the document lists the level (fallbacks applied)
    cap_active: int  # per year, payment
    cap_retired: int


class TwoDisease(NamedTuple):
    """Hypertension and diabetes drugs 两病门诊用药."""

    present: int
    ratio: int
    cap_hypertension: int
    cap_diabetes: int
    cap_both: int


class Chronic(NamedTuple):
    """Chronic and special outpatient 门诊慢特病: per disease a class, a quota and its period, a ratio."""

    present: int
    diseases: int  # slots in use
    deductible: int  # per year
    severe: Ints  # 1 = 按住院封顶线，无单独定额
    quota: Ints  # per period, fen
    period: Ints  # months of a period: 1, 3, 12
    ratio: Ints
    second_share: int  # share of the second disease's quota in the joint quota
    prorate: int  # 1 = the period of the grant is pro rata


class DualChannel(NamedTuple):
    """Dual-channel drugs 双通道."""

    present: int
    deductible: int
    ratio: int


class Maternity(NamedTuple):
    """Fixed amounts of maternity 生育定额; UNBOUNDED never occurs, 0 = none."""

    present: int
    natural: int
    caesarean: int
    each_further_baby: int
    prenatal: int  # per pregnancy
    miscarriage_early: int
    miscarriage_late: int


class Dialysis(NamedTuple):
    """Haemodialysis per session 血液透析按次定额."""

    present: int
    session_price: int
    month_sessions: int
    patient_pays: int  # per session


class Offsite(NamedTuple):
    """Off-site reductions 异地待遇, by off-site class."""

    method: Ints  # codes.SUBTRACT …
    value: Ints  # parts per 10,000: points off, share first, or factor
    neighbour: int  # area prefix (4 digits) treated without filing; 0 = none


class Large(NamedTuple):
    """Employee large-amount layers 职工大额, up to two, stacked."""

    present: int
    ratio_first: int
    cap_first: int  # the layer's own yearly cap, payment
    cap_total: int  # pool and layer together counted from zero; UNBOUNDED = none
    band_from: int  # the file's in-scope band, used under large_in_scope_band; -1 = none
    band_to: int
    ratio_second: int
    cap_second: int  # 0 = no second layer


class Catastrophic(NamedTuple):
    """Resident catastrophic insurance 城乡居民大病保险: a difference of a cumulative function of the year's burden."""

    present: int
    deductible: int
    band_basis: int  # codes.BANDS_ABOVE_DEDUCTIBLE, BANDS_FROM_ZERO
    bands: int
    band_low: Ints  # as printed
    ratio: Ints
    cap: int
    tilt_factor: int  # of the deductible
    tilt_add: int  # parts per 10,000 more
    tilt_removes_cap: int
    tilted: Ints  # 1 = the aid category is tilted


class Civil(NamedTuple):
    """Civil-servant supplement 公务员医疗补助."""

    present: int
    deductible: int
    ratio: int
    cap: int
    includes_first_self_pay: int


class Aid(NamedTuple):
    """Medical aid 医疗救助 and tilted aid 倾斜救助."""

    present: int
    deductible: Ints  # by aid category
    ratio: Ints
    cap: Ints  # UNBOUNDED where the category has none
    overall_cap: int
    tilt_trigger: int
    tilt_ratio: int
    tilt_cap: int


class Poverty(NamedTuple):
    """Tilt rules for registered poor 脱贫攻坚倾斜政策; all zero once ended."""

    consultation_free: int  # 1 = 一般诊疗费全额报销
    inpatient_add: int  # parts per 10,000 more
    quota_factor: int  # of chronic quotas; WHOLE = unchanged
    promised_ratio: int  # 住院三重保障后补齐到的比例; 0 = none
    promised_chronic: int  # 门诊慢特病补齐到的比例; 0 = none
    whole_fee: int  # 1 = both are counted on the whole fee 总费用, not on the in-scope part


class Epidemic(NamedTuple):
    """An emergency rule set 疫情保障规定, switched on for a class and a period."""

    present: int
    whole_fee: int  # 1 = 不受目录限制，全部费用进入范围
    no_deductible: int
    ratio: int  # at least this ratio
    no_caps: int
    state_pays_rest: int  # 1 = 个人负担由财政补助
    offsite_cut: int  # 0 = kept, 1 = lifted for the class, 2 = lifted for everybody


class AddedLayer(NamedTuple):
    """A plug-in layer after aid 补充层: 惠民保, an employer's plan, or another."""

    present: int
    base: int  # codes.BASE_…
    deductible: int  # per year
    ratio: int
    cap: int
    pre_existing_factor: int
    field: int  # codes.FIELD_…
    inpatient_only: int


class Account(NamedTuple):
    """Personal account 个人账户."""

    scope: int  # codes.ACCOUNT_…
    family: int  # 1 = family sharing in force


class Plan(NamedTuple):
    """Everything the law needs to know of one scheme of one city on one day."""

    scheme: int
    rounding: int
    scope: Scope
    pool: Pool
    outpatient: Outpatient
    two_disease: TwoDisease
    chronic: Chronic
    dual_channel: DualChannel
    maternity: Maternity
    dialysis: Dialysis
    offsite: Offsite
    large: Large
    catastrophic: Catastrophic
    civil: Civil
    aid: Aid
    poverty: Poverty
    epidemic: Epidemic
    added_1: AddedLayer
    added_2: AddedLayer
    added_3: AddedLayer
    account: Account
    readings: Readings
    readings_mask: int  # bit k = the k-th field of Readings is set


NO_LEVELS = (0,) * LEVELS
NO_BANDS = (0,) * BANDS
NO_RATIOS = (0,) * (LEVELS * BANDS)
NO_DISEASES = (0,) * DISEASES
NO_LAYER = AddedLayer(0, 0, 0, 0, 0, 0, 0, 0)


def no_plan() -> Plan:
    """The plan of a day without a policy 无有效政策: scheme 0, so that every bill is refused with NO_POLICY and nothing is paid."""
    return Plan(
        scheme=0,
        rounding=0,
        scope=Scope(0, 0, 0, 0, 0, NO_LEVELS),
        pool=Pool(
            0,
            NO_LEVELS,
            0,
            0,
            0,
            0,
            NO_LEVELS,
            NO_LEVELS,
            NO_LEVELS,
            0,
            0,
            0,
            1,
            0,
            NO_BANDS,
            NO_RATIOS,
            NO_RATIOS,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
        ),
        outpatient=Outpatient(0, 0, NO_LEVELS, NO_LEVELS, 0, NO_LEVELS, NO_LEVELS, NO_LEVELS, 0, 0),
        two_disease=TwoDisease(0, 0, 0, 0, 0),
        chronic=Chronic(0, 0, 0, NO_DISEASES, NO_DISEASES, NO_DISEASES, NO_DISEASES, 0, 0),
        dual_channel=DualChannel(0, 0, 0),
        maternity=Maternity(0, 0, 0, 0, 0, 0, 0),
        dialysis=Dialysis(0, 0, 0, 0),
        offsite=Offsite((0,) * OFFSITE_CLASSES, (0,) * OFFSITE_CLASSES, 0),
        large=Large(0, 0, 0, 0, -1, 0, 0, 0),
        catastrophic=Catastrophic(0, 0, 0, 0, NO_BANDS, NO_BANDS, 0, 0, 0, 0, (0,) * AID_CATEGORIES),
        civil=Civil(0, 0, 0, 0, 0),
        aid=Aid(0, (0,) * AID_CATEGORIES, (0,) * AID_CATEGORIES, (0,) * AID_CATEGORIES, 0, 0, 0, 0),
        poverty=Poverty(0, 0, 0, 0, 0, 0),
        epidemic=Epidemic(0, 0, 0, 0, 0, 0, 0),
        added_1=NO_LAYER,
        added_2=NO_LAYER,
        added_3=NO_LAYER,
        account=Account(0, 0),
        readings=Readings(*(0 for _ in Readings._fields)),
        readings_mask=0,
    )
