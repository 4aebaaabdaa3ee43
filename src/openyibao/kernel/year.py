"""The person's year so far 年度累计: what one bill leaves behind for the next, per person, scheme and benefit year."""

from typing import NamedTuple

from openyibao.kernel.law import law


class Year(NamedTuple):
    """Accumulators 累计 (national query 5206), fen unless said; all zero on 1 January but the last stay, the accounts, the pregnancy."""

    year: int = 0  # 待遇年度
    account: int = 0  # 个人账户余额
    family: int = 0  # 可用的家庭共济余额
    admissions: int = 0  # 住院次数
    admissions_by_level: int = 0  # 各等级住院次数, eight bits a level
    inpatient_deductible: int = 0  # 住院起付线已付
    stay_level: int = 0  # 上次住院: 等级
    stay_due: int = 0  # 上次住院: 应付起付线（转院连续累计）
    stay_borne: int = 0  # 上次住院: 实付起付线（转院连续累计）
    stay_left: int = 0  # 上次住院: 出院日
    stay_admission: int = 0  # 上次住院: 住院次数序号
    outpatient_deductible: int = 0  # 普通门诊起付线已付
    outpatient_paid: int = 0  # 普通门诊统筹已付
    chronic_deductible: int = 0  # 慢特病起付线已付
    quota_period: int = 0  # 慢特病定额所属期, yyyymm of its first month
    quota_used: int = 0  # 定额已用（合并定额或较高病种）
    quota_used_second: int = 0  # 定额已用（第二病种单列时）
    two_disease_paid: int = 0  # 两病已付合计
    hypertension_paid: int = 0
    diabetes_paid: int = 0
    pool_paid: int = 0  # 基本医保封顶线已用（支付口径）
    pool_base: int = 0  # 基本医保封顶线已用（政策范围内口径，起付线以上）
    large_first: int = 0  # 大额第一层已付
    large_second: int = 0  # 大额第二层已付
    burden: int = 0  # 大病累计负担 B
    catastrophic_paid: int = 0  # 大病已付
    civil_base: int = 0  # 公务员补助累计基数
    civil_paid: int = 0
    aid_base: int = 0  # 救助累计基数
    aid_paid: int = 0
    tilt_base: int = 0  # 倾斜救助累计负担
    tilt_paid: int = 0
    added_base_1: int = 0  # 补充层累计基数与已付
    added_base_2: int = 0
    added_base_3: int = 0
    added_paid_1: int = 0
    added_paid_2: int = 0
    added_paid_3: int = 0
    prenatal_paid: int = 0  # 本次妊娠产检已付
    dialysis_month: int = 0  # 血透所属月 yyyymm
    dialysis_sessions: int = 0  # 该月次数
    account_paid: int = 0  # 个人账户支付累计
    cash_paid: int = 0  # 现金支付累计
    bills: int = 0  # 已结算单数


@law
def opened(year: Year, number: int) -> Year:
    """The year in which calendar year `number` settles: `year` itself, or a fresh one after 1 January."""
    if year.year == number:
        return year
    return fresh(year, number)


@law
def fresh(year: Year, number: int) -> Year:
    """Calendar year `number` opened after `year` 年度结转.

    Carried over: the accounts, the last stay (a transfer over New Year), the pregnancy's check-ups.
    """
    return Year(
        year=number,
        account=year.account,
        family=year.family,
        admissions=0,
        admissions_by_level=0,
        inpatient_deductible=0,
        stay_level=year.stay_level,
        stay_due=year.stay_due,
        stay_borne=year.stay_borne,
        stay_left=year.stay_left,
        stay_admission=year.stay_admission,
        outpatient_deductible=0,
        outpatient_paid=0,
        chronic_deductible=0,
        quota_period=0,
        quota_used=0,
        quota_used_second=0,
        two_disease_paid=0,
        hypertension_paid=0,
        diabetes_paid=0,
        pool_paid=0,
        pool_base=0,
        large_first=0,
        large_second=0,
        burden=0,
        catastrophic_paid=0,
        civil_base=0,
        civil_paid=0,
        aid_base=0,
        aid_paid=0,
        tilt_base=0,
        tilt_paid=0,
        added_base_1=0,
        added_base_2=0,
        added_base_3=0,
        added_paid_1=0,
        added_paid_2=0,
        added_paid_3=0,
        prenatal_paid=year.prenatal_paid,
        dialysis_month=0,
        dialysis_sessions=0,
        account_paid=0,
        cash_paid=0,
        bills=0,
    )


@law
def admissions_at(packed: int, level: int) -> int:
    """Admissions at one level, from the packed counter `admissions_by_level`."""
    return (packed >> (8 * level)) & 255


@law
def one_more_admission(packed: int, level: int) -> int:
    """The packed counter with one more admission at `level`; a count stops at 255."""
    if admissions_at(packed, level) == 255:
        return packed
    return packed + (1 << (8 * level))
