"""Freezing what lies above the basic layer: off-site, large amount, catastrophic, civil servant, aid, tilt, epidemic, added layers."""

from openyibao.kernel import codes
from openyibao.kernel.plan import (
    BANDS,
    Account,
    AddedLayer,
    Aid,
    Catastrophic,
    Civil,
    Epidemic,
    Ints,
    Large,
    Offsite,
    Poverty,
    Readings,
)
from openyibao.policybook.folio import Folio, Gap
from openyibao.policybook.parameters import AID_NAMES, AID_WORDS, OFFSITE_NAMES

METHODS = {
    "subtract_pp": (codes.SUBTRACT, "points"),
    "self_pay_first": (codes.SELF_PAY_FIRST, "share"),
    "multiply": (codes.MULTIPLY, "factor"),
}
BASES = {"in_scope_left": codes.BASE_IN_SCOPE_LEFT, "outside": codes.BASE_OUTSIDE}
FIELDS = {"other": codes.FIELD_OTHER, "enterprise": codes.FIELD_ENTERPRISE}
CUTS = {"kept": 0, "lifted_for_class": 1, "lifted_for_all": 2}
NO_ADDED = AddedLayer(0, 0, 0, 0, 0, 0, 0, 0)


def offsite(folio: Folio) -> Offsite:
    """Off-site reductions 异地待遇 by class; at home nothing is cut, and without a neighbour its class is a self-referral."""
    area = folio.found("offsite.neighbour.area")
    methods, values = [codes.SUBTRACT], [0]
    for index, name in enumerate(OFFSITE_NAMES, 1):
        stated = name if name != "neighbour" or area is not None else "self_referred"
        method = folio.need(f"offsite.{stated}.method")
        code, parameter = METHODS[str(method.value.value)]
        folio.cite(f"offsite.method[{index}]", (method,))
        methods.append(code)
        values.append(folio.rate(f"offsite.value[{index}]", f"offsite.{stated}.{parameter}"))
    folio.cite("offsite.neighbour", (area,))
    return Offsite(tuple(methods), tuple(values), int(str(area.value.value)) if area else 0)


def large(folio: Folio, present: bool) -> Large:
    """Employee large-amount layers 职工大额."""
    if not present:
        return Large(0, 0, 0, 0, -1, -1, 0, 0)
    band = [folio.fen(f"large.band_{end}", f"large_amount.band.{end}") for end in ("from", "to")]
    return Large(
        1,
        folio.rate("large.ratio_first", "large_amount.layer1.ratio"),
        folio.fen("large.cap_first", "large_amount.layer1.cap"),
        folio.fen("large.cap_total", "large_amount.cap_total"),
        -1 if band[0] == codes.UNBOUNDED else band[0],
        -1 if band[0] == codes.UNBOUNDED else band[1],
        folio.rate("large.ratio_second", "large_amount.layer2.ratio"),
        folio.fen("large.cap_second", "large_amount.layer2.cap"),
    )


def catastrophic(folio: Folio, present: bool) -> Catastrophic:
    """Resident catastrophic insurance 城乡居民大病保险; bounds are kept as printed."""
    if not present:
        return Catastrophic(0, 0, 0, 1, (0,) * BANDS, (0,) * BANDS, 0, 0, 0, 0, (0,) * codes.AID_CATEGORIES)
    bands = 0
    while bands < BANDS and folio.found(f"catastrophic.band{bands + 1}.ratio") is not None:
        bands += 1
    if bands == 0:
        raise Gap(folio.gap("catastrophic.band1.ratio"))
    folio.cite("catastrophic.bands", (folio.found(f"catastrophic.band{band + 1}.ratio") for band in range(bands)))
    low = [folio.fen(f"catastrophic.band_low[{band}]", f"catastrophic.band{band + 1}.from") for band in range(bands)]
    ratio = [folio.rate(f"catastrophic.ratio[{band}]", f"catastrophic.band{band + 1}.ratio") for band in range(bands)]
    basis = {"above_deductible": codes.BANDS_ABOVE_DEDUCTIBLE, "from_zero": codes.BANDS_FROM_ZERO}
    return Catastrophic(
        1,
        folio.fen("catastrophic.deductible", "catastrophic.deductible"),
        folio.choice("catastrophic.band_basis", "catastrophic.band_basis", basis),
        bands,
        (*low, *(codes.UNBOUNDED,) * (BANDS - bands)),
        (*ratio, *(0,) * (BANDS - bands)),
        folio.fen("catastrophic.cap", "catastrophic.cap"),
        folio.rate("catastrophic.tilt_factor", "catastrophic.tilt.deductible_factor"),
        folio.rate("catastrophic.tilt_add", "catastrophic.tilt.ratio_add_pp"),
        folio.flag("catastrophic.tilt_removes_cap", "catastrophic.tilt.cap_removed"),
        tilted(folio),
    )


def tilted(folio: Folio) -> Ints:
    """1 for each aid category on the list of the tilted, by its exact word."""
    entry = folio.need("catastrophic.tilt.categories")
    words = entry.value.value if isinstance(entry.value.value, tuple) else ()
    flags = [0] * codes.AID_CATEGORIES
    for index, word in enumerate(AID_WORDS, 1):
        if word in words:
            folio.cite(f"catastrophic.tilted[{index}]", (entry,))
            flags[index] = 1
    return tuple(flags)


def civil(folio: Folio, present: bool) -> Civil:
    """Civil-servant supplement 公务员医疗补助."""
    if not present:
        return Civil(0, 0, 0, 0, 0)
    return Civil(
        1,
        folio.fen("civil.deductible", "civil_servant.deductible"),
        folio.rate("civil.ratio", "civil_servant.ratio"),
        folio.fen("civil.cap", "civil_servant.cap"),
        folio.flag("civil.includes_first_self_pay", "civil_servant.includes_first_self_pay"),
    )


def aid(folio: Folio, present: bool) -> Aid:
    """Medical aid 医疗救助 by category; the first place stands for persons without one."""
    nobody = (0,) * codes.AID_CATEGORIES
    if not present:
        return Aid(0, nobody, nobody, nobody, 0, 0, 0, 0)
    deductible, ratio, cap = [0], [0], [0]
    for index, name in enumerate(AID_NAMES, 1):
        deductible.append(folio.fen(f"aid.deductible[{index}]", f"medical_aid.{name}.deductible"))
        ratio.append(folio.rate(f"aid.ratio[{index}]", f"medical_aid.{name}.ratio"))
        cap.append(folio.fen(f"aid.cap[{index}]", f"medical_aid.{name}.cap"))
    return Aid(
        1,
        tuple(deductible),
        tuple(ratio),
        tuple(cap),
        folio.fen("aid.overall_cap", "medical_aid.overall_cap"),
        folio.fen("aid.tilt_trigger", "medical_aid.tilt.trigger"),
        folio.rate("aid.tilt_ratio", "medical_aid.tilt.ratio"),
        folio.fen("aid.tilt_cap", "medical_aid.tilt.cap"),
    )


def poverty(folio: Folio) -> Poverty:
    """Tilt rules for registered poor 脱贫攻坚倾斜政策; of two promised ratios for stays the lower."""
    promised = [folio.rate("poverty.promised_ratio", f"poverty_tilt.promised_ratio.{end}") for end in ("low", "high")]
    return Poverty(
        folio.flag("poverty.consultation_free", "poverty_tilt.consultation_free"),
        folio.rate("poverty.inpatient_add", "poverty_tilt.inpatient_add_pp"),
        folio.rate("poverty.quota_factor", "poverty_tilt.chronic_quota_factor"),
        min(promised),
        folio.rate("poverty.promised_chronic", "poverty_tilt.promised_chronic_ratio"),
        folio.choice("poverty.whole_fee", "poverty_tilt.promised_on", {"in_scope": 0, "whole_fee": 1}),
    )


def epidemic(folio: Folio, names: tuple[str, ...]) -> Epidemic:
    """The emergency rule sets 疫情保障规定 switched on for the day; of several the most generous in each point."""
    figures = [0] * 6
    for name in names:
        path, key = "epidemic.", f"epidemic.{name}."
        folio.cite(f"{path}present", (folio.found(f"{key}whole_fee"),))
        one = [
            folio.flag(f"{path}whole_fee", f"{key}whole_fee"),
            folio.flag(f"{path}no_deductible", f"{key}no_deductible"),
            folio.rate(f"{path}ratio", f"{key}ratio"),
            folio.flag(f"{path}no_caps", f"{key}no_caps"),
            folio.flag(f"{path}state_pays_rest", f"{key}state_pays_rest"),
            folio.choice(f"{path}offsite_cut", f"{key}offsite_cut", CUTS),
        ]
        figures = [max(pair) for pair in zip(figures, one, strict=True)]
    return Epidemic(1 if names else 0, *figures)


def added(folio: Folio, place: int, prefix: str, shared: str, present: bool) -> AddedLayer:
    """An added layer 补充层: `prefix` holds its own parameters, `shared` the factor for pre-existing illness."""
    if not present:
        return NO_ADDED
    path = f"added_{place}."
    return AddedLayer(
        1,
        folio.choice(f"{path}base", f"{prefix}base", BASES),
        folio.fen(f"{path}deductible", f"{prefix}deductible"),
        folio.rate(f"{path}ratio", f"{prefix}ratio"),
        folio.fen(f"{path}cap", f"{prefix}cap"),
        folio.rate(f"{path}pre_existing_factor", shared),
        folio.choice(f"{path}field", f"{prefix}field", FIELDS),
        folio.flag(f"{path}inpatient_only", f"{prefix}inpatient_only"),
    )


def account(folio: Folio) -> Account:
    """Personal account 个人账户."""
    return Account(
        folio.choice("account.scope", "personal_account.scope", {"any": codes.ACCOUNT_ANY, "in_scope": codes.ACCOUNT_IN_SCOPE}),
        folio.flag("account.family", "personal_account.family"),
    )


def readings(folio: Folio, asked: frozenset[str]) -> Readings:
    """The readings in force: as the policy sets them, or as the caller asked where the policy does not pin them."""
    flags = []
    for name in Readings._fields:
        entry = folio.need(f"readings.{name}")
        folio.cite(f"readings.{name}", (entry,))
        flags.append(1 if entry.value.value is True or (name in asked and not entry.value.pinned) else 0)
    return Readings(*flags)


def mask_of(flags: Readings) -> int:
    """The readings as bits: bit k is the k-th field."""
    return sum(flag << bit for bit, flag in enumerate(flags))
