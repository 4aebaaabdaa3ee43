"""From which rows each quantity is answered 取数: the file of `rows/`, and what it is given beside the period."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from openyibao.kernel.codes import EMPLOYEE, KINDS, OUTPATIENT, PHARMACY, RESIDENT
from openyibao.kernel.indicators.answered import KEY_RECIPIENTS, PREMIUM_AIDED, PRIMARY, STAYS, VISITS
from openyibao.kernel.ledger import EMPLOYEE_POOL, RESIDENT_FUND

RATIO, SUM, ANY, SHEET, RESERVE, STRAIN, PLAN, TILT = "ratio", "sum", "any", "sheet", "reserve", "strain", "plan", "tilt"
"""What is made of the rows: numerator over denominator; the sum; 1 when any row counts; sums of the funds' sheets; months payable; income
over outgo; a figure of the policy; a ratio whose rows need the policy's major-illness deductible."""


class Source(NamedTuple):
    """How a quantity is answered."""

    rows: str  # file of rows/; "" = none
    given: Mapping[str, Any] = {}
    shape: str = RATIO
    funds: tuple[str, ...] = ()


EMPLOYEES, RESIDENTS = {"scheme": EMPLOYEE}, {"scheme": RESIDENT}
ALL_CARE = [kind for kind in range(OUTPATIENT, KINDS) if kind != PHARMACY]
IN_STAYS, IN_VISITS = {"kinds": list(STAYS)}, {"kinds": list(VISITS)}
KEY = {"categories": list(KEY_RECIPIENTS)}

SOURCES: Mapping[str, Source] = {
    "enrolment": Source("enrolled", {"residents_only": 0}),
    "residents_enrolled": Source("enrolled", {"residents_only": 1}),
    "key_groups": Source("key_groups"),
    "registered_poor": Source("registered_poor"),
    "poor_delivered": Source("poor_delivered", {"due": list(PREMIUM_AIDED)}),
    "key_subsidised": Source("key_subsidised", KEY),
    "voucher": Source("voucher"),
    "dependency": Source("dependency"),
    "arrears": Source("arrears"),
    "employee_inpatient": Source("in_policy", EMPLOYEES | IN_STAYS),
    "resident_inpatient": Source("in_policy", RESIDENTS | IN_STAYS),
    "employee_outpatient": Source("in_policy", EMPLOYEES | {"kinds": [OUTPATIENT]}),
    "resident_outpatient": Source("in_policy", RESIDENTS | {"kinds": [OUTPATIENT]}),
    "resident_all": Source("in_policy", RESIDENTS | {"kinds": ALL_CARE}),
    "aid_ratio": Source("aid", IN_STAYS | KEY),
    "catastrophic_ratio": Source("catastrophic", {}, TILT),
    "employee_inpatient_actual": Source("all_funds", EMPLOYEES | IN_STAYS),
    "resident_inpatient_actual": Source("all_funds", RESIDENTS | IN_STAYS),
    "person_share": Source("person_share", {"pharmacy": PHARMACY}),
    "cross_province_inpatient": Source("direct", IN_STAYS | {"abroad": 1}),
    "cross_province_visits": Source("direct", IN_VISITS | {"abroad": 1}),
    "in_province_inpatient": Source("direct", IN_STAYS | {"abroad": 0}),
    "in_province_visits": Source("direct", IN_VISITS | {"abroad": 0}),
    "cross_province_open": Source("direct", IN_VISITS | {"abroad": 1}, ANY),
    "primary_share": Source("levels", {"levels": list(PRIMARY)}),
    "offsite_share": Source("offsite"),
    "admission_rate": Source("admissions", IN_STAYS),
    "stay_cost": Source("cost", IN_STAYS),
    "visit_cost": Source("cost", IN_VISITS),
    "stay_days": Source("days", IN_STAYS),
    "refused_share": Source("refused"),
    "basic_income": Source("income", {}, SHEET),
    "basic_outgo": Source("outgo", {}, SHEET),
    "employee_months": Source("", {}, RESERVE, (EMPLOYEE_POOL,)),
    "resident_months": Source("", {}, RESERVE, (RESIDENT_FUND,)),
    "pooled_months": Source("", {}, RESERVE, (EMPLOYEE_POOL, RESIDENT_FUND)),
    "employee_strain": Source("", {}, STRAIN, (EMPLOYEE_POOL,)),
    "resident_strain": Source("", {}, STRAIN, (RESIDENT_FUND,)),
    "outpatient_start": Source("", {}, PLAN),
    "outpatient_pooling": Source("", {}, PLAN),
}
"""Code of the answered quantity -> where it comes from."""
