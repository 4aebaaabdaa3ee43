"""What a bill leaves behind 年度累计结转: the year after it, made from the receipt, so that a journal of receipts rebuilds every year."""

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import (
    CAESAREAN,
    CHRONIC,
    DAY_SURGERY,
    DELIVERY,
    DIABETES,
    DIALYSIS,
    HYPERTENSION,
    MISCARRIAGE_EARLY,
    MISCARRIAGE_LATE,
    OUTPATIENT,
    PRENATAL,
    SETTLED,
    TWO_DISEASE,
)
from openyibao.kernel.dates import period_start
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.settle.added import is_inpatient_type
from openyibao.kernel.settle.chronic import uses_second_quota
from openyibao.kernel.settle.dialysis import sessions_before
from openyibao.kernel.settle.kinds import uses_basic_cap
from openyibao.kernel.settle.stay import counts_admission, is_transfer
from openyibao.kernel.year import Year, one_more_admission


@law
def when(holds: bool, amount: int) -> int:
    """The amount where the condition holds, else nothing."""
    return amount if holds else 0


@law
def either(holds: bool, now: int, before: int) -> int:
    """The new figure where the condition holds, else the one before."""
    return now if holds else before


@law
def quota_taken(receipt: Receipt, plan: Plan) -> int:
    """How much of a chronic quota the bill took: its payment, or the in-scope amount the quota admitted."""
    if plan.readings.quota_on_payment == 1:
        return receipt.pool
    return receipt.base - receipt.over_quota


@law
def adds_admission(claim: Claim, receipt: Receipt, year: Year, plan: Plan) -> bool:
    """Whether the settled bill counts as an admission 计入住院次数."""
    if receipt.outcome != SETTLED or receipt.eligible == 0:
        return False
    if is_inpatient_type(receipt.kind):
        return counts_admission(claim, year, plan)
    return receipt.kind in (DELIVERY, CAESAREAN) and plan.readings.delivery_counts == 1


@law
def ends_pregnancy(kind: int) -> bool:
    """Delivery or miscarriage: the next check-up belongs to another pregnancy."""
    return kind in (DELIVERY, CAESAREAN, MISCARRIAGE_EARLY, MISCARRIAGE_LATE)


@law
def carried(claim: Claim, year: Year, receipt: Receipt, plan: Plan) -> Year:
    """The year after the bill.

    year    the year the bill was settled in (already opened for its calendar year)
    """
    kind, basic = receipt.kind, receipt.pool - receipt.consultation
    settled = receipt.outcome == SETTLED
    capped = settled and uses_basic_cap(claim, kind, plan)
    stays = settled and is_inpatient_type(kind)
    sets_stay = stays and kind != DAY_SURGERY
    follows = sets_stay and is_transfer(claim, year, plan)
    one = 1 if adds_admission(claim, receipt, year, plan) else 0
    chronic, outpatient, two = settled and kind == CHRONIC, kind == OUTPATIENT, kind == TWO_DISEASE
    hypertension, diabetes = two and claim.two_disease == HYPERTENSION, two and claim.two_disease == DIABETES
    period, used, used_second = year.quota_period, year.quota_used, year.quota_used_second
    if chronic and plan.chronic.severe[claim.disease] == 0:
        now = period_start(claim.day, plan.chronic.period[claim.disease])
        if now != period:
            period, used, used_second = now, 0, 0
        if uses_second_quota(claim, plan):
            used_second += quota_taken(receipt, plan)
        else:
            used += quota_taken(receipt, plan)
    month, sessions = year.dialysis_month, year.dialysis_sessions
    if settled and kind == DIALYSIS:
        month, sessions = claim.day // 100, sessions_before(claim, year) + claim.sessions
    prenatal = year.prenatal_paid + when(kind == PRENATAL, basic)
    if settled and ends_pregnancy(claim.kind):
        prenatal = 0
    by_level = one_more_admission(year.admissions_by_level, claim.level) if one == 1 else year.admissions_by_level
    return Year(
        year=year.year,
        account=year.account - receipt.account,
        family=year.family - receipt.family,
        admissions=year.admissions + one,
        admissions_by_level=by_level,
        inpatient_deductible=year.inpatient_deductible + when(stays, receipt.deductible),
        stay_level=either(sets_stay, claim.level, year.stay_level),
        stay_due=either(sets_stay, receipt.standard + when(follows, year.stay_due), year.stay_due),
        stay_borne=either(sets_stay, receipt.deductible + when(follows, year.stay_borne), year.stay_borne),
        stay_left=either(sets_stay, claim.day, year.stay_left),
        stay_admission=either(sets_stay, receipt.admission, year.stay_admission),
        outpatient_deductible=year.outpatient_deductible + when(outpatient, receipt.deductible),
        outpatient_paid=year.outpatient_paid + when(outpatient, basic),
        chronic_deductible=year.chronic_deductible + when(chronic, receipt.deductible),
        quota_period=period,
        quota_used=used,
        quota_used_second=used_second,
        two_disease_paid=year.two_disease_paid + when(two, basic),
        hypertension_paid=year.hypertension_paid + when(hypertension, basic),
        diabetes_paid=year.diabetes_paid + when(diabetes, basic),
        pool_paid=year.pool_paid + when(capped, basic),
        pool_base=year.pool_base + when(capped, receipt.base),
        large_first=year.large_first + receipt.large_first,
        large_second=year.large_second + receipt.large_second,
        burden=year.burden + receipt.burden,
        catastrophic_paid=year.catastrophic_paid + receipt.catastrophic,
        civil_base=year.civil_base + receipt.civil_base,
        civil_paid=year.civil_paid + receipt.civil,
        aid_base=year.aid_base + receipt.aid_base,
        aid_paid=year.aid_paid + receipt.aid,
        tilt_base=year.tilt_base + receipt.tilt_base,
        tilt_paid=year.tilt_paid + receipt.tilt,
        added_base_1=year.added_base_1 + receipt.added_base_1,
        added_base_2=year.added_base_2 + receipt.added_base_2,
        added_base_3=year.added_base_3 + receipt.added_base_3,
        added_paid_1=year.added_paid_1 + receipt.added_1,
        added_paid_2=year.added_paid_2 + receipt.added_2,
        added_paid_3=year.added_paid_3 + receipt.added_3,
        prenatal_paid=prenatal,
        dialysis_month=month,
        dialysis_sessions=sessions,
        account_paid=year.account_paid + receipt.account + receipt.family,
        cash_paid=year.cash_paid + receipt.cash,
        bills=year.bills + 1,
    )
