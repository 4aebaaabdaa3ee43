"""Every parameter a policy file may set 参数表: its key without the scheme, its unit, and the words a choice may take.

A key in a file is `subject.scheme.rest` with scheme `employee`, `resident` or `both`. In the table `{level}` stands for PV … L3P,
`{disease}` for a code of the chronic list, `{set}` for the name of a rule set, `{reading}` for a field of kernel.plan.Readings, and a
unit ending in `?` may be `null`: no limit. A key that is not here is an error of the file that uses it.
"""

import re
from typing import NamedTuple

from openyibao.kernel.plan import Readings


class Parameter(NamedTuple):
    """One row of the table."""

    pattern: str
    unit: str
    nullable: bool
    choices: tuple[str, ...]


LEVEL_NAMES = ("PV", "P0", "L1", "L2", "L3", "L3P")
AID_NAMES = ("destitute", "orphan", "minimum_living", "returned_poor", "marginal", "illness_poor")
AID_WORDS = ("特困", "孤儿", "低保", "返贫致贫", "低保边缘", "因病致贫")
"""How a list of categories writes them: exact words, in the order of the kernel's codes from DESTITUTE on."""
OFFSITE_NAMES = ("filed", "referred", "emergency", "self_referred", "neighbour")

_HOLES = {
    "{level}": "(?:" + "|".join(LEVEL_NAMES) + ")",
    "{aid}": "(?:" + "|".join(AID_NAMES) + ")",
    "{where}": "(?:" + "|".join(OFFSITE_NAMES) + ")",
    "{who}": "(?:active|retired|all)",
    "{disease}": "M[0-9]{5}",
    "{set}": "[a-z0-9][a-z0-9-]*",
    "{reading}": "(?:" + "|".join(Readings._fields) + ")",
    "{n}": "[1-4]",
    "{code}": "[0-9]{2}",
    "{word}": "[a-z_0-9]+",
}

_TABLE = """
area.admdvs                              code
area.hosp_lv.{code}                      level  PV P0 L1 L2 L3 L3P
schemes.insutype.{word}                  code

inpatient.present                        yes_no
inpatient.deductible.{level}             yuan
inpatient.deductible_year_max            yuan_per_year?
inpatient.repeat.rule                    choice  none factor subtract table
inpatient.repeat.factor                  ratio
inpatient.repeat.subtract_each           yuan
inpatient.repeat.minimum                 yuan
inpatient.repeat.second.{level}          yuan
inpatient.repeat.third.{level}           yuan
inpatient.repeat.applies.{level}         yes_no
inpatient.retired_deductible_factor      ratio
inpatient.retired_deductible_delta       yuan
inpatient.bands                          count
inpatient.band_basis                     choice  per_stay per_year
inpatient.band{n}.from                   yuan
inpatient.ratio.{who}.{level}            ratio
inpatient.ratio.{who}.{level}.band{n}    ratio
inpatient.retired_add_pp                 points
inpatient.pool_cap                       yuan_per_year?
inpatient.cap_basis                      choice  paid in_scope
inpatient.carried_back                   text

outpatient.present                       yes_no
outpatient.deductible_basis              choice  per_year per_visit
outpatient.deductible.{level}            yuan
outpatient.deductible.{who}              yuan
outpatient.deductible.otherwise          yuan
outpatient.deductible_year_max           yuan_per_year?
outpatient.ratio.{who}.{level}           ratio
outpatient.retired_add_pp                points
outpatient.cap.{who}                     yuan_per_year?
outpatient.carried_back                  text

two_diseases.present                     yes_no
two_diseases.ratio                       ratio
two_diseases.cap.hypertension            yuan_per_year?
two_diseases.cap.diabetes                yuan_per_year?
two_diseases.cap.both                    yuan_per_year?
two_diseases.cap.each                    yuan_per_year?
two_diseases.cap.both_factor             factor

chronic.present                          yes_no
chronic.{disease}.class                  choice  chronic severe
chronic.{disease}.quota                  yuan?
chronic.{disease}.ratio                  ratio
chronic.period                           choice  month quarter year
chronic.carry_over                       yes_no
chronic.second_share                     ratio
chronic.prorate                          yes_no
chronic.deductible                       yuan_per_year
chronic.class_b_applies                  yes_no
chronic.number_of_diseases               count
chronic.severe_uses_cap                  yes_no

dual_channel.present                     yes_no
dual_channel.deductible                  yuan
dual_channel.first_self_pay              ratio
dual_channel.ratio                       ratio
dual_channel.uses_cap                    yes_no
dual_channel.prior_approval              text
dual_channel.max_supply_days             days

maternity.present                        yes_no
maternity.natural                        yuan
maternity.caesarean                      yuan
maternity.each_further_baby              yuan
maternity.prenatal                       yuan
maternity.miscarriage_early              yuan
maternity.miscarriage_late               yuan
maternity.settle_rule                    text
maternity.complication_as_inpatient      yes_no
maternity.allowance.rule                 text
maternity.allowance.formula              text
maternity.allowance.top_up               text
maternity.allowance.amount               yuan
maternity.leave_days.{word}              days

haemodialysis.present                    yes_no
haemodialysis.mode                       text
haemodialysis.session_price              yuan_per_session
haemodialysis.month_sessions             sessions
haemodialysis.patient_pays               yuan_per_session

offsite.{where}.method                   choice  subtract_pp self_pay_first multiply
offsite.{where}.points                   points
offsite.{where}.share                    ratio
offsite.{where}.factor                   ratio
offsite.neighbour.area                   code

large_amount.present                     yes_no
large_amount.title                       text
large_amount.layer1.ratio                ratio
large_amount.layer1.cap                  yuan_per_year?
large_amount.layer2.ratio                ratio
large_amount.layer2.cap                  yuan_per_year?
large_amount.cap_total                   yuan_per_year?
large_amount.band.from                   yuan_per_year?
large_amount.band.to                     yuan_per_year?

catastrophic.present                     yes_no
catastrophic.basis                       text
catastrophic.deductible                  yuan_per_year
catastrophic.band_basis                  choice  from_zero above_deductible
catastrophic.band{n}.from                yuan_per_year
catastrophic.band{n}.ratio               ratio
catastrophic.cap                         yuan_per_year?
catastrophic.tilt.deductible_factor      ratio
catastrophic.tilt.ratio_add_pp           points
catastrophic.tilt.cap_removed            yes_no
catastrophic.tilt.categories             aid_categories
catastrophic.premium                     yuan_per_person_year

civil_servant.present                    yes_no
civil_servant.contribution               ratio
civil_servant.scope                      text
civil_servant.deductible                 yuan_per_year
civil_servant.ratio                      ratio
civil_servant.cap                        yuan_per_year?
civil_servant.includes_first_self_pay    yes_no

medical_aid.present                      yes_no
medical_aid.{aid}.deductible             yuan_per_year
medical_aid.{aid}.ratio                  ratio
medical_aid.{aid}.cap                    yuan_per_year?
medical_aid.{aid}.enrolment_subsidy      text
medical_aid.overall_cap                  yuan_per_year?
medical_aid.tilt.trigger                 yuan_per_year
medical_aid.tilt.ratio                   ratio
medical_aid.tilt.cap                     yuan_per_year?
medical_aid.uncapped_before_2021         text
medical_aid.covered_diseases             count

poverty_tilt.consultation_free           yes_no
poverty_tilt.inpatient_add_pp            points
poverty_tilt.chronic_quota_factor        factor
poverty_tilt.promised_ratio.low          ratio?
poverty_tilt.promised_ratio.high         ratio?
poverty_tilt.promised_chronic_ratio      ratio?
poverty_tilt.promised_on                 choice  in_scope whole_fee
poverty_tilt.category                    text

epidemic.{set}.whole_fee                 yes_no
epidemic.{set}.no_deductible             yes_no
epidemic.{set}.ratio                     ratio
epidemic.{set}.no_caps                   yes_no
epidemic.{set}.state_pays_rest           yes_no
epidemic.{set}.offsite_cut               choice  kept lifted_for_class lifted_for_all

huiminbao.present                        yes_no
huiminbao.product                        text
huiminbao.premium                        yuan_per_person_year
huiminbao.layer{n}.base                  choice  in_scope_left outside
huiminbao.layer{n}.deductible            yuan_per_year
huiminbao.layer{n}.ratio                 ratio
huiminbao.layer{n}.cap                   yuan_per_year?
huiminbao.layer{n}.field                 choice  other enterprise
huiminbao.layer{n}.inpatient_only        yes_no
huiminbao.pre_existing_factor            ratio

employer_plan.present                    yes_no
employer_plan.base                       choice  in_scope_left outside
employer_plan.deductible                 yuan_per_year
employer_plan.ratio                      ratio
employer_plan.cap                        yuan_per_year?
employer_plan.field                      choice  other enterprise
employer_plan.inpatient_only             yes_no
employer_plan.pre_existing_factor        ratio

personal_account.scope                   choice  any in_scope
personal_account.family                  yes_no
personal_account.family_scope            text
personal_account.share.{word}            ratio
personal_account.retiree_share           ratio
personal_account.retiree_amount          yuan_per_month

scope.order                              choice  ceiling_first self_pay_first
scope.step_threshold                     yuan?
scope.step_share                         ratio
scope.bed_day_ceiling.{level}            yuan_per_day?

special.day_surgery.deductible_waived    yes_no
special.day_surgery.ratio                text
special.day_surgery.max_stay_hours       hours
special.day_surgery.tests_before_days    days
special.day_surgery.conversion           text
special.rescue.treated_as                text
special.rescue.window_hours              hours
special.rescue.death_without_admission   text
special.transfer.upward                  text
special.transfer.downward                text
special.transfer.downward_note           text
special.transfer.window_days             days
special.long_stay.period_days            days
special.cross_year.rule                  choice  year_of_discharge split_at_31_december
special.cross_year.alternatives          text
special.third_party.excluded             yes_no
special.third_party.advance              yes_no
special.third_party.self_declared        text
special.rounding.unit                    text
special.rounding.mode                    choice  half_up truncate
special.rounding.points                  text
special.newborn.enrol_within_days        days
special.newborn.retroactive_to_birth     yes_no
special.newborn.cross_year               text

readings.{reading}                       yes_no

contribution.government_subsidy          yuan_per_person_year
contribution.personal_premium            yuan_per_person_year
contribution.subsidised.{word}           text
contribution.base_floor_ratio            ratio
contribution.base_cap_ratio              factor
contribution.base_floor                  yuan_per_month
contribution.base_cap                    yuan_per_month
contribution.base_monthly_average_wage   yuan_per_month
contribution.late_fee_per_day            ratio
contribution.employer_rate_origin        ratio
contribution.employer_rate               ratio
contribution.maternity_rate_inside_pool  ratio
contribution.employee_rate               ratio
contribution.flexible_worker_rate        ratio
contribution.retiree_contribution        yuan
contribution.large_amount_premium        yuan_per_person_year
contribution.minimum_years.{word}        years
contribution.halving_2020.factor         ratio
contribution.halving_2020.max_months     months
contribution.halving_2020.who            text
contribution.deferral_2022.months        months
contribution.deferral_2022.who           text
contribution.relief.employer_rate_factor  ratio
contribution.relief.deferral_months      months
contribution.relief.resident_window_extended  yes_no
contribution.due_day                     count
contribution.arrears_grace_months        months
contribution.window_opens                code
contribution.window_closes               code

waiting.fixed_wait_months                months
waiting.variable_wait_per_gap_year       months
waiting.back_pay_reduces                 months
waiting.gap_4_years_min_total            months
waiting.long_gap_years                   years
waiting.break_without_wait_months        months
waiting.after_break_months               months
waiting.flexible_first_months            months
waiting.back_pay_rate                    text
incentives.after_continuous_years        years
incentives.catastrophic_cap_per_year     yuan
incentives.zero_claim_year               yuan
incentives.total_limit_share             ratio
incentives.zero_claim_reset              text
incentives.example                       text

benefit_list.catastrophic_deductible_max     text
benefit_list.catastrophic_ratio_min          ratio
benefit_list.catastrophic_tilt_deductible_factor  ratio
benefit_list.catastrophic_tilt_add_pp        points
benefit_list.catastrophic_tilt_cap_removed   yes_no
benefit_list.catastrophic_tilt_who           aid_categories
benefit_list.aid_deductible_guaranteed       yuan
benefit_list.aid_deductible_marginal         text
benefit_list.aid_deductible_illness          text
benefit_list.aid_ratio_min_guaranteed        ratio
benefit_list.aid_ratio_min_other             ratio
benefit_list.aid_tilted                      text
benefit_list.aid_retroactive_months          months
benefit_list.offsite_filed                   text
benefit_list.offsite_referral_max_points     points
benefit_list.offsite_self_referral_max_points  points
benefit_list.offsite_emergency_deemed_filed  yes_no
benefit_list.offsite_catalogue               text
benefit_list.offsite_longterm_min_months     months
benefit_list.offsite_temporary_min_months    months
benefit_list.two_diseases_ratio_min          ratio
benefit_list.two_diseases_deductible         yuan
benefit_list.outpatient_primary_ratio_min    ratio
benefit_list.outpatient_ratio_min            ratio
benefit_list.retiree_tilt                    yes_no

catalogue.class_a_self_pay               ratio
catalogue.class_b_drug_self_pay          ratio
catalogue.class_b_service_self_pay       ratio
catalogue.negotiated_drug_self_pay       ratio
catalogue.consumable.domestic            ratio
catalogue.consumable.imported            ratio
catalogue.consumable.item_ceiling        yuan_per_item
catalogue.class_c                        text
catalogue.tcm_slices_class               code
catalogue.maternity_ignores_class        yes_no

ltc.status                               text
ltc.premium.{word}                       yuan_per_person_year
ltc.eligible_levels                      text
ltc.home_visit.{word}                    yuan_per_month
ltc.institution.{word}                   yuan_per_day
ltc.family_carer                         yuan_per_day
ltc.observation_months                   months
ltc.reassessment_months                  months
ltc.overall_ratio_target                 ratio

payment.modes                            text
payment.timeline.{word}                  year
payment.dip_share_2025                   ratio
payment.drg_coverage_2025                ratio
payment.disease_share_2020               ratio
payment.disease_share_2025               ratio

fund.comfortable_months.{word}           months
fund.excess_months                       months
fund.insufficient_months                 months
settlement.order                         text
settlement.accumulators                  text
"""


def _rows() -> tuple[Parameter, ...]:
    rows = []
    for line in _TABLE.splitlines():
        if line.strip():
            pattern, unit, *choices = line.split()
            rows.append(Parameter(pattern, unit.removesuffix("?"), unit.endswith("?"), tuple(choices)))
    return tuple(rows)


PARAMETERS = _rows()
_PLAIN = {row.pattern: row for row in PARAMETERS if "{" not in row.pattern}


def _expression(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[a-z]+\})", pattern)
    return re.compile("".join(_HOLES[part] if part in _HOLES else re.escape(part) for part in parts))


_OPEN: dict[str, list[tuple[re.Pattern[str], Parameter]]] = {}
for _row in PARAMETERS:
    if "{" in _row.pattern:
        _OPEN.setdefault(_row.pattern.split(".")[0], []).append((_expression(_row.pattern), _row))

SUBJECTS = tuple(dict.fromkeys(row.pattern.split(".")[0] for row in PARAMETERS))
SCHEME_NAMES = ("both", "employee", "resident")


def parameter(key: str) -> Parameter | None:
    """The row for a key without its scheme (`inpatient.deductible.L3`), or None when no parameter is called that."""
    if key in _PLAIN:
        return _PLAIN[key]
    for expression, row in _OPEN.get(key.split(".")[0], []):
        if expression.fullmatch(key):
            return row
    return None


def without_scheme(key: str) -> tuple[str, str] | None:
    """`inpatient.employee.pool_cap` as (`employee`, `inpatient.pool_cap`); None when the key has no scheme."""
    parts = key.split(".")
    if len(parts) < 3 or parts[1] not in SCHEME_NAMES:
        return None
    return parts[1], ".".join([parts[0], *parts[2:]])


_ORDER = {row.pattern: place for place, row in enumerate(PARAMETERS)}


def order(key: str) -> tuple[int, int, str]:
    """Where a key without scheme stands among the others: by the table of parameters, then by level, then by name."""
    row = parameter(key)
    level = next((LEVEL_NAMES.index(part) for part in key.split(".") if part in LEVEL_NAMES), 0)
    return (_ORDER[row.pattern] if row else len(_ORDER), level, key)
