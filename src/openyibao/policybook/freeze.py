"""One day of one scheme, frozen into the kernel's Plan with its sources 冻结."""

from typing import NamedTuple

from openyibao.kernel import codes
from openyibao.kernel.plan import Plan
from openyibao.policybook import freeze_basic as basic
from openyibao.policybook import freeze_layers as layers
from openyibao.policybook.folio import Folio
from openyibao.policybook.tree import Found, Table, found_on

CORE: dict[str, tuple[str, ...]] = {
    "inpatient": ("inpatient.deductible.", "inpatient.ratio.", "inpatient.pool_cap"),
    "outpatient": ("outpatient.ratio.", "outpatient.cap."),
    "two_diseases": ("two_diseases.ratio", "two_diseases.cap.hypertension", "two_diseases.cap.each"),
    "chronic": ("chronic.M",),
    "dual_channel": ("dual_channel.ratio",),
    "maternity": ("maternity.natural", "maternity.caesarean"),
    "haemodialysis": ("haemodialysis.session_price", "haemodialysis.month_sessions"),
    "large_amount": ("large_amount.layer1.",),
    "catastrophic": ("catastrophic.deductible", "catastrophic.band1.", "catastrophic.cap"),
    "civil_servant": ("civil_servant.ratio", "civil_servant.deductible"),
    "medical_aid": ("medical_aid.destitute.ratio", "medical_aid.minimum_living.ratio", "medical_aid.overall_cap"),
    "huiminbao": ("huiminbao.layer1.ratio", "huiminbao.layer1.cap", "huiminbao.layer1.deductible"),
    "employer_plan": ("employer_plan.ratio", "employer_plan.cap", "employer_plan.deductible"),
}
"""The parameters that make a version of each benefit: where none of them is in force, the book holds no version for the day."""

BY_KIND = {
    codes.CHRONIC: "chronic",
    codes.TWO_DISEASE: "two_diseases",
    codes.DUAL_CHANNEL: "dual_channel",
    codes.INPATIENT: "inpatient",
    codes.DAY_SURGERY: "inpatient",
    codes.RESCUE: "inpatient",
    codes.OUTPATIENT: "outpatient",
    codes.DELIVERY: "maternity",
    codes.CAESAREAN: "maternity",
    codes.PRENATAL: "maternity",
    codes.MISCARRIAGE_EARLY: "maternity",
    codes.MISCARRIAGE_LATE: "maternity",
    codes.DIALYSIS: "haemodialysis",
}
"""The benefit without which a bill of a kind 就诊类别 has no policy to settle under."""

ABSENT, MISSING, IN_FORCE = 0, 1, 2
"""The scheme has no such benefit; it has, but the book no version for the day; a version is in force."""


class Frozen(NamedTuple):
    """A plan, the entries that decided each of its fields, the benefits without a version that day, and what was looked at."""

    plan: Plan
    cited: dict[str, tuple[Found, ...]]
    missing: frozenset[str]
    read: frozenset[str]  # keys without scheme that were looked at


def core_keys(table: Table, subject: str) -> list[str]:
    """The keys of a table that make a version of a benefit."""
    return [key for key in table if key.startswith(CORE[subject]) and not key.endswith(".class")]


def state_on(table: Table, subject: str, day: int) -> int:
    """ABSENT, MISSING or IN_FORCE; a benefit whose presence nobody states counts as missing."""
    present = found_on(table, f"{subject}.present", day)
    if present is not None and present.value.value is False:
        return ABSENT
    in_force = any(found_on(table, key, day) is not None for key in core_keys(table, subject))
    return IN_FORCE if present is not None and in_force else MISSING


def freeze(
    table: Table, scheme: int, day: int, diseases: tuple[str, ...], asked: frozenset[str], rule_sets: tuple[str, ...], place: str
) -> Frozen:
    """The plan of one scheme on one day.

    diseases   codes of the chronic list in the order of their slots
    asked      readings asked for by the caller
    rule_sets  emergency rule sets switched on for this day
    place      where a gap is reported when no file mentions the parameter, e.g. `policies/ankang`
    Raises Gap when a benefit in force lacks a required parameter.
    """
    folio = Folio(table, scheme, day, place)
    state = {subject: state_on(table, subject, day) for subject in CORE}
    has = {subject: found == IN_FORCE for subject, found in state.items()}
    for subject, fields in FIELDS_OF.items():
        for field in fields if state[subject] != MISSING else ():
            folio.cite(f"{field}.present", (folio.found(f"{subject}.present"),))
    flags = layers.readings(folio, asked)
    plan = Plan(
        scheme=scheme,
        rounding=folio.choice("rounding", "special.rounding.mode", {"half_up": codes.HALF_UP, "truncate": codes.TRUNCATE}),
        scope=basic.scope(folio),
        pool=basic.pool(folio, has["inpatient"]),
        outpatient=basic.outpatient(folio, has["outpatient"]),
        two_disease=basic.two_disease(folio, has["two_diseases"]),
        chronic=basic.chronic(folio, has["chronic"], diseases),
        dual_channel=basic.dual_channel(folio, has["dual_channel"]),
        maternity=basic.maternity(folio, has["maternity"]),
        dialysis=basic.dialysis(folio, has["haemodialysis"]),
        offsite=layers.offsite(folio),
        large=layers.large(folio, has["large_amount"]),
        catastrophic=layers.catastrophic(folio, has["catastrophic"]),
        civil=layers.civil(folio, has["civil_servant"]),
        aid=layers.aid(folio, has["medical_aid"]),
        poverty=layers.poverty(folio),
        epidemic=layers.epidemic(folio, rule_sets),
        added_1=layers.added(folio, 1, "huiminbao.layer1.", "huiminbao.pre_existing_factor", has["huiminbao"]),
        added_2=layers.added(folio, 2, "huiminbao.layer2.", "huiminbao.pre_existing_factor", has["huiminbao"]),
        added_3=layers.added(folio, 3, "employer_plan.", "employer_plan.pre_existing_factor", has["employer_plan"]),
        account=layers.account(folio),
        readings=flags,
        readings_mask=layers.mask_of(flags),
    )
    missing = frozenset(subject for subject, found in state.items() if found == MISSING)
    return Frozen(plan, {path: tuple(entries) for path, entries in folio.cited.items()}, missing, frozenset(folio.asked))


FIELDS_OF = {
    "inpatient": ("pool",),
    "outpatient": ("outpatient",),
    "two_diseases": ("two_disease",),
    "chronic": ("chronic",),
    "dual_channel": ("dual_channel",),
    "maternity": ("maternity",),
    "haemodialysis": ("dialysis",),
    "large_amount": ("large",),
    "catastrophic": ("catastrophic",),
    "civil_servant": ("civil",),
    "medical_aid": ("aid",),
    "huiminbao": ("added_1", "added_2"),
    "employer_plan": ("added_3",),
}
"""The groups of the plan that a benefit fills."""
