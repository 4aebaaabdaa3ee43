"""Freezing the basic layer 基本医保: scope, pool, ordinary outpatient, two diseases, chronic list, dual channel, maternity, dialysis."""

from openyibao.kernel import codes
from openyibao.kernel.plan import (
    BANDS,
    DISEASES,
    Chronic,
    Dialysis,
    DualChannel,
    Ints,
    Maternity,
    Outpatient,
    Pool,
    Scope,
    TwoDisease,
)
from openyibao.policybook.folio import Folio, Gap, fen, last_resort, rate, whole
from openyibao.policybook.parameters import LEVEL_NAMES
from openyibao.policybook.tree import Found

NO_LEVELS: Ints = (0,) * codes.LEVELS
NO_BANDS: Ints = (0,) * (codes.LEVELS * BANDS)
NO_DISEASES: Ints = (0,) * DISEASES
PERIOD_MONTHS = {"month": 1, "quarter": 3, "year": 12}
REPEAT = {
    "none": codes.REPEAT_NONE,
    "factor": codes.REPEAT_FACTOR,
    "subtract": codes.REPEAT_SUBTRACT,
    "table": codes.REPEAT_TABLE,
}
NO_POOL = Pool(
    0, NO_LEVELS, 0, 0, 0, 0, NO_LEVELS, NO_LEVELS, NO_LEVELS, 0, 0, 0,
    1, 0, (0,) * BANDS, NO_BANDS, NO_BANDS, 0, 0, 0, 0, 0, 0, 0, 0,
)
NO_OUTPATIENT = Outpatient(0, 0, NO_LEVELS, NO_LEVELS, 0, NO_LEVELS, NO_LEVELS, NO_LEVELS, 0, 0)
NO_CHRONIC = Chronic(0, 0, 0, NO_DISEASES, NO_DISEASES, (12,) * DISEASES, NO_DISEASES, 0, 0)


def scope(folio: Folio) -> Scope:
    """How a charge line falls into scope 政策范围."""
    return Scope(
        folio.choice("scope.self_pay_first", "scope.order", {"ceiling_first": 0, "self_pay_first": 1}),
        folio.flag("scope.no_class_b_share", "catalogue.maternity_ignores_class"),
        folio.rate("scope.dual_channel_share", "dual_channel.first_self_pay"),
        folio.fen("scope.step_threshold", "scope.step_threshold"),
        folio.rate("scope.step_share", "scope.step_share"),
        folio.by_level("scope.bed_day_ceiling", "scope.bed_day_ceiling.{}", fen),
    )


def pool(folio: Folio, present: bool) -> Pool:
    """Inpatient basic benefit 住院统筹."""
    if not present:
        return NO_POOL
    bands = folio.whole("pool.bands", "inpatient.bands")
    if not 1 <= bands <= BANDS:
        raise Gap(folio.gap("inpatient.bands"))
    kind = folio.choice("pool.repeat_kind", "inpatient.repeat.rule", REPEAT)
    low = [0] + [folio.fen(f"pool.band_low[{band}]", f"inpatient.band{band + 1}.from") for band in range(1, bands)]
    active = ratios(folio, "pool.ratio_active", "inpatient", "active", bands)
    return Pool(
        1,
        folio.by_level("pool.deductible", "inpatient.deductible.{}", fen),
        kind,
        folio.rate("pool.repeat_factor", "inpatient.repeat.factor") if kind == codes.REPEAT_FACTOR else 0,
        folio.fen("pool.repeat_subtract", "inpatient.repeat.subtract_each") if kind == codes.REPEAT_SUBTRACT else 0,
        folio.fen("pool.repeat_minimum", "inpatient.repeat.minimum") if kind == codes.REPEAT_SUBTRACT else 0,
        folio.by_level("pool.repeat_second", "inpatient.repeat.second.{}", fen) if kind == codes.REPEAT_TABLE else NO_LEVELS,
        folio.by_level("pool.repeat_third", "inpatient.repeat.third.{}", fen) if kind == codes.REPEAT_TABLE else NO_LEVELS,
        folio.by_level("pool.repeat_levels", "inpatient.repeat.applies.{}", whole),
        folio.rate("pool.retired_factor", "inpatient.retired_deductible_factor"),
        folio.fen("pool.retired_delta", "inpatient.retired_deductible_delta"),
        folio.fen("pool.deductible_year_max", "inpatient.deductible_year_max"),
        bands,
        folio.choice("pool.band_basis", "inpatient.band_basis", {"per_stay": codes.BANDS_PER_STAY, "per_year": codes.BANDS_PER_YEAR}),
        tuple(low) + (codes.UNBOUNDED,) * (BANDS - bands),
        active,
        retired_ratios(folio, "pool.ratio_retired", "inpatient", bands, active),
        folio.fen("pool.cap", "inpatient.pool_cap"),
        folio.choice("pool.cap_basis", "inpatient.cap_basis", {"paid": codes.CAP_PAID, "in_scope": codes.CAP_IN_SCOPE}),
        folio.flag("pool.day_surgery_no_deductible", "special.day_surgery.deductible_waived"),
        folio.whole("pool.transfer_window", "special.transfer.window_days"),
        folio.whole("pool.long_bed_period", "special.long_stay.period_days"),
        folio.flag("pool.severe_uses_cap", "chronic.severe_uses_cap"),
        folio.flag("pool.dual_uses_cap", "dual_channel.uses_cap"),
        folio.flag("pool.delivery_complication_inpatient", "maternity.complication_as_inpatient"),
    )


def ratio_entry(folio: Folio, subject: str, who: str, level: str, band: int) -> Found | None:
    """The printed ratio of a level for a status, or the one printed for everybody; the more local of the two."""
    suffix = f".band{band + 1}" if band else ""
    own = folio.at_level(f"{subject}.ratio.{who}.{{}}{suffix}", level)
    everybody = folio.at_level(f"{subject}.ratio.all.{{}}{suffix}", level)
    if own is None or (everybody is not None and everybody.rank > own.rank):
        return everybody
    return own


def ratios(folio: Folio, path: str, subject: str, who: str, bands: int) -> Ints:
    """Ratios by level and band, flat; every level must have one."""
    figures = list(NO_BANDS)
    for index, level in enumerate(LEVEL_NAMES):
        for band in range(bands):
            entry = ratio_entry(folio, subject, who, level, band)
            if entry is None:
                raise Gap(folio.gap(f"{subject}.ratio.{who}.{last_resort(level)}"))
            folio.cite(f"{path}[{index * BANDS + band}]", (entry,))
            figures[index * BANDS + band] = rate(entry)
    return tuple(figures)


def retired_entry(folio: Folio, subject: str, level: str, band: int) -> Found | None:
    """The printed ratio of the retired 退休; None where points added decide, because none is printed or they are more local."""
    suffix = f".band{band + 1}" if band else ""
    printed = folio.at_level(f"{subject}.ratio.retired.{{}}{suffix}", level)
    added = folio.found(f"{subject}.retired_add_pp")
    if printed is None or (added is not None and added.rank > printed.rank):
        return None
    return printed


def retired_ratios(folio: Folio, path: str, subject: str, bands: int, active: Ints) -> Ints:
    """Ratios of the retired: the printed table, else the ratio of the active plus points, never over one."""
    figures = list(NO_BANDS)
    for index, level in enumerate(LEVEL_NAMES):
        for band in range(bands):
            place = index * BANDS + band
            entry = retired_entry(folio, subject, level, band)
            if entry is not None:
                folio.cite(f"{path}[{place}]", (entry,))
                figures[place] = rate(entry)
                continue
            base = ratio_entry(folio, subject, "active", level, band)
            folio.cite(f"{path}[{place}]", (base,))
            figures[place] = min(active[place] + folio.rate(f"{path}[{place}]", f"{subject}.retired_add_pp"), codes.WHOLE)
    return tuple(figures)


def outpatient(folio: Folio, present: bool) -> Outpatient:
    """Ordinary outpatient pooling 普通门诊统筹."""
    if not present:
        return NO_OUTPATIENT
    active, retired, listed = outpatient_ratios(folio)
    return Outpatient(
        1,
        folio.choice("outpatient.per_visit", "outpatient.deductible_basis", {"per_year": 0, "per_visit": 1}),
        outpatient_deductibles(folio, "outpatient.deductible_active", "active"),
        outpatient_deductibles(folio, "outpatient.deductible_retired", "retired"),
        folio.fen("outpatient.deductible_year_max", "outpatient.deductible_year_max"),
        active,
        retired,
        listed,
        folio.fen("outpatient.cap_active", "outpatient.cap.active", "outpatient.cap.all"),
        folio.fen("outpatient.cap_retired", "outpatient.cap.retired", "outpatient.cap.all"),
    )


def outpatient_ratios(folio: Folio) -> tuple[Ints, Ints, Ints]:
    """Ratios of active and retired by level, and which levels the document lists; an unlisted level has 0."""
    active, retired, listed = [0] * codes.LEVELS, [0] * codes.LEVELS, [0] * codes.LEVELS
    for index, level in enumerate(LEVEL_NAMES):
        entry = ratio_entry(folio, "outpatient", "active", level, 0)
        if entry is None:
            continue
        folio.cite(f"outpatient.ratio_active[{index}]", (entry,))
        folio.cite(f"outpatient.listed[{index}]", (entry,))
        active[index], listed[index] = rate(entry), 1
        path = f"outpatient.ratio_retired[{index}]"
        printed = retired_entry(folio, "outpatient", level, 0)
        folio.cite(path, (printed or entry,))
        retired[index] = rate(printed) if printed else min(active[index] + folio.rate(path, "outpatient.retired_add_pp"), codes.WHOLE)
    return tuple(active), tuple(retired), tuple(listed)


def outpatient_deductibles(folio: Folio, path: str, who: str) -> Ints:
    """Outpatient deductible 门诊起付线 by level: printed by status, by level, for all, or what holds where none is printed."""
    figures = []
    for index, level in enumerate(LEVEL_NAMES):
        entries = (
            folio.found(f"outpatient.deductible.{who}"),
            folio.at_level("outpatient.deductible.{}", level),
            folio.found("outpatient.deductible.all"),
        )
        stated = [entry for entry in entries if entry is not None]
        entry = max(stated, key=lambda found: found.rank) if stated else folio.need("outpatient.deductible.otherwise")
        folio.cite(f"{path}[{index}]", (entry,))
        figures.append(fen(entry))
    return tuple(figures)


def two_disease(folio: Folio, present: bool) -> TwoDisease:
    """Hypertension and diabetes drugs 两病门诊用药; a cap for `each` gives the joint cap by its stated multiple."""
    if not present:
        return TwoDisease(0, 0, 0, 0, 0)
    caps = [
        folio.fen(f"two_disease.cap_{disease}", f"two_diseases.cap.{disease}", "two_diseases.cap.each")
        for disease in ("hypertension", "diabetes")
    ]
    joint = folio.found("two_diseases.cap.both")
    each = folio.found("two_diseases.cap.each")
    if joint is not None and (each is None or joint.rank >= each.rank):
        folio.cite("two_disease.cap_both", (joint,))
        both = fen(joint)
    else:
        both = folio.fen("two_disease.cap_both", "two_diseases.cap.each")
        both = both * folio.rate("two_disease.cap_both", "two_diseases.cap.both_factor") // codes.WHOLE
    return TwoDisease(1, folio.rate("two_disease.ratio", "two_diseases.ratio"), caps[0], caps[1], min(both, codes.UNBOUNDED))


def chronic(folio: Folio, present: bool, diseases: tuple[str, ...]) -> Chronic:
    """Chronic and special outpatient 门诊慢特病; `diseases` are the codes in the order of the slots, the same for every city."""
    if not present:
        return NO_CHRONIC._replace(diseases=len(diseases))
    severe, quota, period, ratio = [0] * DISEASES, [0] * DISEASES, [12] * DISEASES, [0] * DISEASES
    for slot, code in enumerate(diseases):
        months = folio.choice(f"chronic.period[{slot}]", "chronic.period", PERIOD_MONTHS)
        period[slot] = months
        stated = folio.found(f"chronic.{code}.quota")
        if stated is None:
            continue
        severe[slot] = folio.choice(f"chronic.severe[{slot}]", f"chronic.{code}.class", {"chronic": 0, "severe": 1})
        folio.cite(f"chronic.quota[{slot}]", (stated,))
        quota[slot] = fen(stated)
        ratio[slot] = folio.rate(f"chronic.ratio[{slot}]", f"chronic.{code}.ratio")
    return Chronic(
        1,
        len(diseases),
        folio.fen("chronic.deductible", "chronic.deductible"),
        tuple(severe),
        tuple(quota),
        tuple(period),
        tuple(ratio),
        folio.rate("chronic.second_share", "chronic.second_share"),
        folio.flag("chronic.prorate", "chronic.prorate"),
    )


def dual_channel(folio: Folio, present: bool) -> DualChannel:
    """Dual-channel drugs 双通道."""
    if not present:
        return DualChannel(0, 0, 0)
    return DualChannel(
        1,
        folio.fen("dual_channel.deductible", "dual_channel.deductible"),
        folio.rate("dual_channel.ratio", "dual_channel.ratio"),
    )


def maternity(folio: Folio, present: bool) -> Maternity:
    """Fixed amounts of maternity 生育定额."""
    if not present:
        return Maternity(0, 0, 0, 0, 0, 0, 0)
    names = ("natural", "caesarean", "each_further_baby", "prenatal", "miscarriage_early", "miscarriage_late")
    amounts = [folio.fen(f"maternity.{name}", f"maternity.{name}") for name in names]
    return Maternity(1, *amounts)


def dialysis(folio: Folio, present: bool) -> Dialysis:
    """Haemodialysis per session 血液透析按次定额."""
    if not present:
        return Dialysis(0, 0, 0, 0)
    return Dialysis(
        1,
        folio.fen("dialysis.session_price", "haemodialysis.session_price"),
        folio.whole("dialysis.month_sessions", "haemodialysis.month_sessions"),
        folio.fen("dialysis.patient_pays", "haemodialysis.patient_pays"),
    )
