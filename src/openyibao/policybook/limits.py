"""The national benefit list 国家医疗保障待遇清单 as checks: floors and ceilings a city's figures must respect.

The limits themselves are parameters (nation/benefit_list.yaml). A deviation from a limit whose own source is a city plan or a public
document is an error; from a limit that is only recalled, a warning.
"""

from collections.abc import Iterator

from openyibao.kernel import codes
from openyibao.kernel.plan import BANDS, Plan
from openyibao.policybook.folio import fen, rate
from openyibao.policybook.freeze import Frozen
from openyibao.policybook.leaf import Problem
from openyibao.policybook.parameters import AID_NAMES, AID_WORDS, LEVEL_NAMES, OFFSITE_NAMES
from openyibao.policybook.tree import Found, Table, found_on
from openyibao.policybook.units import FIRM
from openyibao.policybook.words import trust_words, value_words

MOST_POINTS = {
    "referred": "offsite_referral_max_points",
    "emergency": "offsite_referral_max_points",
    "self_referred": "offsite_self_referral_max_points",
}
GUARANTEED = ("destitute", "minimum_living")


class Check:
    """The checks of one frozen day; `table` holds the limits."""

    def __init__(self, table: Table, frozen: Frozen, day: int) -> None:
        self.table, self.frozen, self.day = table, frozen, day
        self.plan: Plan = frozen.plan

    def limit(self, name: str) -> Found | None:
        """An entry of the national list."""
        return found_on(self.table, f"benefit_list.{name}", self.day)

    def against(self, path: str, limit: Found | None, is_bad: bool, zh: str, en: str) -> Iterator[Problem]:
        """A finding at the entry that decided a field of the plan, when it is bad."""
        entries = self.frozen.cited.get(path, ())
        if limit is None or not is_bad or not entries:
            return
        stated, leaf = entries[0], entries[0].leaf
        value, bound = (value_words(one.value.value, one.leaf.unit, one.leaf.key, "zh") for one in (stated, limit))
        mark = f"{limit.leaf.key}，{trust_words(limit.value.trust, 'zh')}：{limit.value.source}"
        message = f"{leaf.key} {leaf.name} {value}，{zh} {bound}（{mark}） | {leaf.name_en}: {en} the benefit list ({limit.value.trust})"
        yield Problem(leaf.file, stated.value.line, message, limit.value.trust in FIRM)


def findings(table: Table, frozen: Frozen, day: int) -> Iterator[Problem]:
    """Every deviation of one day from the national list."""
    check = Check(table, frozen, day)
    yield from outpatient(check)
    yield from two_diseases(check)
    yield from catastrophic(check)
    yield from aid(check)
    yield from offsite(check)
    yield from levels(check)


def outpatient(check: Check) -> Iterator[Problem]:
    """Employees: where the ratio starts, and the tilt to retirees; residents: the ratio at primary level."""
    plan = check.plan.outpatient
    if not plan.present:
        return
    employees = check.plan.scheme == codes.EMPLOYEE
    limit = check.limit("outpatient_ratio_min" if employees else "outpatient_primary_ratio_min")
    for level in range(codes.LEVELS):
        asked = plan.listed[level] and (employees or level in (codes.P0, codes.L1))
        low = limit is not None and asked == 1 and plan.ratio_active[level] < rate(limit)
        yield from check.against(f"outpatient.ratio_active[{level}]", limit, low, "低于下限", "below")
        less = employees and plan.ratio_retired[level] < plan.ratio_active[level]
        yield from check.against(f"outpatient.ratio_retired[{level}]", check.limit("retiree_tilt"), less, "退休低于在职，应倾斜", "against")


def two_diseases(check: Check) -> Iterator[Problem]:
    """两病: ratio at least, no deductible (the plan has none)."""
    limit = check.limit("two_diseases_ratio_min")
    low = limit is not None and check.plan.two_disease.present == 1 and check.plan.two_disease.ratio < rate(limit)
    yield from check.against("two_disease.ratio", limit, low, "低于下限", "below")


def catastrophic(check: Check) -> Iterator[Problem]:
    """大病: every band at least; the tilt halves the deductible, adds points, removes the cap, for the named categories."""
    plan = check.plan.catastrophic
    if not plan.present:
        return
    limit = check.limit("catastrophic_ratio_min")
    for band in range(plan.bands):
        low = limit is not None and plan.ratio[band] < rate(limit)
        yield from check.against(f"catastrophic.ratio[{band}]", limit, low, "低于下限", "below")
        falls = band > 0 and plan.ratio[band] < plan.ratio[band - 1]
        yield from check.against(f"catastrophic.ratio[{band}]", limit, falls, "应随金额提高；下限", "not rising with the amount, against")
    factor, points = check.limit("catastrophic_tilt_deductible_factor"), check.limit("catastrophic_tilt_add_pp")
    worse = factor is not None and plan.tilt_factor > rate(factor)
    yield from check.against("catastrophic.tilt_factor", factor, worse, "高于清单", "above")
    less = points is not None and plan.tilt_add < rate(points)
    yield from check.against("catastrophic.tilt_add", points, less, "低于清单", "below")
    removed = check.limit("catastrophic_tilt_cap_removed")
    kept = removed is not None and removed.value.value is True and plan.tilt_removes_cap == 0
    yield from check.against("catastrophic.tilt_removes_cap", removed, kept, "倾斜对象应不封顶", "against")
    yield from tilted_categories(check)


def tilted_categories(check: Check) -> Iterator[Problem]:
    """Categories that the list tilts and the city does not."""
    who = check.limit("catastrophic_tilt_who")
    words = who.value.value if who is not None and isinstance(who.value.value, tuple) else ()
    left_out = [word for word in words if check.plan.catastrophic.tilted[AID_WORDS.index(word) + 1] == 0]
    path = next((path for path in check.frozen.cited if path.startswith("catastrophic.tilted[")), "")
    yield from check.against(path, who, bool(left_out), f"缺 {'、'.join(left_out)}；清单为", "leaves out categories of")


def aid(check: Check) -> Iterator[Problem]:
    """救助: no deductible and a floor for 特困 and 低保, a lower floor for the others."""
    plan = check.plan.aid
    if not plan.present:
        return
    free = check.limit("aid_deductible_guaranteed")
    for index, name in enumerate(AID_NAMES, 1):
        guaranteed = name in GUARANTEED
        limit = check.limit("aid_ratio_min_guaranteed" if guaranteed else "aid_ratio_min_other")
        low = limit is not None and plan.ratio[index] < rate(limit)
        yield from check.against(f"aid.ratio[{index}]", limit, low, "低于下限", "below")
        asked = guaranteed and free is not None and plan.deductible[index] > fen(free)
        yield from check.against(f"aid.deductible[{index}]", free, asked, "高于清单", "above")


def offsite(check: Check) -> Iterator[Problem]:
    """异地: how many points a method takes off at most, seen at the city's highest inpatient ratio."""
    best = max(check.plan.pool.ratio_active)
    for index, name in enumerate(OFFSITE_NAMES, 1):
        limit = check.limit(MOST_POINTS[name]) if name in MOST_POINTS else None
        if limit is None:
            continue
        lost = points_lost(check.plan.offsite.method[index], check.plan.offsite.value[index], best)
        points = f"{lost // 100}.{lost % 100:02d}".rstrip("0").rstrip(".")
        zh, en = f"最多相当于降低 {points} 个百分点，超过上限", f"up to {points} points off, above"
        yield from check.against(f"offsite.value[{index}]", limit, lost > rate(limit), zh, en)


def points_lost(method: int, value: int, best: int) -> int:
    """What a method takes off the ratio `best`, parts per 10,000."""
    if method == codes.SUBTRACT:
        return value
    share = value if method == codes.SELF_PAY_FIRST else codes.WHOLE - value
    return share * best // codes.WHOLE


def levels(check: Check) -> Iterator[Problem]:
    """住院: the lower the level, the lower the deductible and the higher the ratio."""
    plan = check.plan.pool
    if not plan.present:
        return
    for level in range(codes.P0, codes.L3P):
        higher = level + 1
        dearer = plan.deductible[level] > plan.deductible[higher]
        lower = plan.ratio_active[level * BANDS] < plan.ratio_active[higher * BANDS]
        for path, bad, zh, en in (
            (f"pool.deductible[{level}]", dearer, "起付线", "deductible"),
            (f"pool.ratio_active[{level * BANDS}]", lower, "支付比例", "ratio"),
        ):
            entries = check.frozen.cited.get(path, ())
            if bad and entries:
                leaf, than = entries[0].leaf, LEVEL_NAMES[higher]
                said = f"{leaf.key} {leaf.name}：低级别机构的{zh}应优于 {than}（待遇清单，忆及）"
                message = f"{said} | {leaf.name_en}: worse {en} than at {than} (benefit list, recalled)"
                yield Problem(leaf.file, entries[0].value.line, message, False)
