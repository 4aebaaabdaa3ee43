"""How far a result can be trusted 可信度: the parameters that decided each bill, counted by the mark of their source."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from openyibao.cli.texts import say
from openyibao.kernel import codes
from openyibao.kernel.explained.steps import Step
from openyibao.kernel.plan import BANDS
from openyibao.policybook.book import Source
from openyibao.policybook.units import TRUST
from openyibao.warehouse.bills.explaining import explained
from openyibao.warehouse.bills.results import readings_used
from openyibao.warehouse.bills.settling import Policy, Settled
from openyibao.warehouse.bills.tally import Tally

BY_KIND = {
    codes.OUTPATIENT: ("outpatient",),
    codes.CHRONIC: ("chronic",),
    codes.TWO_DISEASE: ("two_disease",),
    codes.DUAL_CHANNEL: ("dual_channel",),
    codes.INPATIENT: ("pool",),
    codes.DAY_SURGERY: ("pool",),
    codes.RESCUE: ("pool",),
    codes.DELIVERY: ("maternity",),
    codes.CAESAREAN: ("maternity",),
    codes.PRENATAL: ("maternity",),
    codes.MISCARRIAGE_EARLY: ("maternity",),
    codes.MISCARRIAGE_LATE: ("maternity",),
    codes.DIALYSIS: ("dialysis",),
    codes.PHARMACY: (),
}
"""The part of the plan that is a kind's basic benefit."""

INDEX = re.compile(r"(\w+)\.(\w+)\[(\d+)\]")


def parts_used(settled: Settled) -> set[str]:
    """Parts of the plan that had a say in this bill: its basic benefit, and each later layer that looked at money."""
    claim, receipt = settled.claim, settled.receipt
    if receipt.outcome != codes.SETTLED:
        return set()
    used = {*BY_KIND[receipt.kind], "account", "rounding"}
    looked = {"offsite": claim.offsite, "large": receipt.over_cap, "catastrophic": receipt.burden, "civil": receipt.civil_base,
              "aid": receipt.aid_base if claim.aid else 0, "added_1": receipt.added_base_1, "added_2": receipt.added_base_2,
              "added_3": receipt.added_base_3, "poverty": claim.registered_poor, "epidemic": claim.epidemic,
              "scope": 1 if settled.bill.charges is not None else 0}  # fmt: skip
    return used | {part for part, amount in looked.items() if amount}


def concerns(path: str, settled: Settled) -> bool:
    """Whether an entry of an indexed field is the bill's own: its level, disease, off-site class, aid category, status."""
    claim = settled.claim
    if "retired" in path and claim.status != codes.RETIRED:
        return False
    if "_active" in path and claim.status == codes.RETIRED:
        return False
    found = INDEX.fullmatch(path)
    if found is None:
        return True
    part, name, index = found[1], found[2], int(found[3])
    if part in ("pool", "outpatient", "scope"):
        place = index // BANDS if name.startswith("ratio") and part == "pool" else index
        return place == claim.level or name.startswith("band")
    own = {"chronic": (claim.disease, claim.other_disease), "offsite": (claim.offsite,), "aid": (claim.aid,)}
    return index in own[part] if part in own else True


def sources_used(settled: Settled) -> Iterator[Source]:
    """Every parameter behind a bill's result."""
    parts = parts_used(settled)
    for path, found in settled.policy.book.sources(settled.claim.scheme, settled.law_day).items():
        if re.split(r"[.\[]", path, maxsplit=1)[0] in parts and concerns(path, settled):
            yield from found


class Trust:
    """Parameters met so far, each once."""

    def __init__(self) -> None:
        """None yet."""
        self.marks: dict[tuple[str, str, int], str] = {}
        self.seen: set[tuple[object, ...]] = set()

    def add(self, settled: Settled) -> None:
        """Note what is behind one bill; bills of the same shape on the same day add nothing and are skipped."""
        claim, receipt = settled.claim, settled.receipt
        shape = (settled.policy.name, claim.scheme, settled.law_day, receipt.kind, claim.level, claim.status, claim.disease,
                 claim.other_disease, claim.offsite, claim.aid, frozenset(parts_used(settled)))
        if shape in self.seen:
            return
        self.seen.add(shape)
        for source in sources_used(settled):
            self.marks[settled.policy.name, source.path, source.since] = source.trust

    def counts(self) -> Counter[str]:
        """Parameters by trust mark."""
        return Counter(self.marks.values())


def trust_lines(lang: str, trust: Trust, tally: Tally, policies: Mapping[str, Policy]) -> Iterator[str]:
    """The trust warning, the readings in force, and each book's own cautions."""
    counts = trust.counts()
    if counts:
        marks = " · ".join(f"{TRUST[mark][0 if lang == 'zh' else 1]} {counts[mark]}" for mark in TRUST if counts[mark])
        yield f"[yellow]{say(lang, 'trust_warning', total=sum(counts.values()), marks=marks)}[/]"
    names = readings_used(tally.readings)
    yield say(lang, "readings", names=" ".join(names)) if names else say(lang, "no_readings")
    for name in sorted(tally.policies):
        for warning in policies[name].book.warnings:
            zh, _, en = warning.partition(" | ")
            yield f"[dim]{say(lang, 'warning')} {name}: {zh if lang == 'zh' or not en else en}[/]"


def steps_of(settled: Settled) -> list[Step]:
    """The explanation of one bill, each step with its clauses and trust marks."""
    return explained(settled.claim, settled.before, settled.plan, settled.receipt, settled.policy.book, settled.law_day)
