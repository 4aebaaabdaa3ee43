"""A city's policy in plain words 政策明白纸: sentences and examples for everybody, made from the parameters that settle the bills.

No figure stands here: a sentence is left out where the city's policy does not state what it would say.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from openyibao.bureau.policymaking.document import AID_WORDS, LEVEL_WORDS, PLACE_WORDS, Grid, levels
from openyibao.bureau.policymaking.entries import BOTH, Entry, entries_on
from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book
from openyibao.policybook.parameters import AID_NAMES, LEVEL_NAMES
from openyibao.policybook.tree import SCHEMES
from openyibao.policybook.units import TRUST


class Sentence(NamedTuple):
    """One sentence and the entries that its figures come from."""

    zh: str
    en: str
    entries: tuple[Entry, ...]

    @property
    def trust(self) -> str:
        """The weakest trust mark among them."""
        marks = list(TRUST)
        return max((entry.trust for entry in self.entries), key=marks.index, default=marks[0])

    @property
    def clauses(self) -> str:
        """The documents."""
        return "；".join(dict.fromkeys(entry.clause for entry in self.entries))


class Example(NamedTuple):
    """One bill worked out by the settlement kernel, fen."""

    who: dict[str, str]
    where: dict[str, str]
    total: int
    within: int
    fund: int
    person: int


class Section(NamedTuple):
    """One heading of the page."""

    code: str
    name: dict[str, str]
    sentences: tuple[Sentence, ...]
    grids: tuple[Grid, ...]
    examples: tuple[Example, ...]


Pair = tuple[str, str]
DROPPED: Pair = ("", "")


def is_nought(value: object) -> bool:
    """Whether a figure is 0."""
    return not isinstance(value, bool) and str(value).replace("0", "").replace(".", "") == ""


def spoken(entry: Entry, lang: str) -> str:
    """A value as one says it: 400 元 where the file has 元/年."""
    words = entry.value[lang]
    for more in ("/人·年", "/年", " per head and year", " a year"):
        words = words.removesuffix(more)
    return words


class Sayer:
    """Looks figures up for one scheme; a figure that is not stated makes its sentence fall away."""

    def __init__(self, entries: Sequence[Entry], scheme: str) -> None:
        """The entries that speak of the scheme."""
        self.by_key = {entry.plain: entry for entry in entries if entry.scheme in (scheme, BOTH)}

    def says(self, zh: str, en: str, *, zero: Pair | None = None, unlimited: Pair = DROPPED, **keys: str) -> Iterator[Sentence]:
        """The sentence with its figures filled in, once; nothing where one is not stated.

        zero       what is said instead where a figure is nought; DROPPED = nothing is said
        unlimited  what is said instead where there is no limit
        """
        found = {name: self.by_key.get(key) for name, key in keys.items()}
        entries = {name: entry for name, entry in found.items() if entry is not None}
        if len(entries) != len(keys):
            return
        values = [entry.found.value.value for entry in entries.values()]
        said = unlimited if None in values else zero if zero is not None and any(is_nought(value) for value in values) else (zh, en)
        if said != DROPPED:
            words = {lang: {name: spoken(entry, lang) for name, entry in entries.items()} for lang in ("zh", "en")}
            yield Sentence(said[0].format(**words["zh"]), said[1].format(**words["en"]), tuple(entries.values()))

    def is_yes(self, key: str) -> bool:
        """Whether a yes/no parameter says yes."""
        entry = self.by_key.get(key)
        return entry is not None and entry.found.value.value is True


Says = Callable[[Sayer], Iterator[Sentence]]


def outpatient(say: Sayer) -> Iterator[Sentence]:
    """Ordinary outpatient."""
    if not say.is_yes("outpatient.present"):
        yield from say.says("普通门诊暂无统筹报销。", "Ordinary outpatient visits are not pooled.", present="outpatient.present")
        return
    yield from say.says(
        "一年内门诊起付线合计最多 {most}。", "The deductibles of a year come to {most} at most.", most="outpatient.deductible_year_max"
    )
    yield from more_for_retirees(say, "outpatient.retired_add_pp")
    yield from say.says("一年最多报销：在职 {active}，退休 {retired}。", "At most {active} a year for the active, {retired} for retirees.",
                        active="outpatient.cap.active", retired="outpatient.cap.retired")
    yield from say.says("一年最多报销 {cap}。", "At most {cap} a year.", cap="outpatient.cap.all")


def more_for_retirees(say: Sayer, key: str) -> Iterator[Sentence]:
    """What retirees get on top; residents have none."""
    return say.says("退休人员的报销比例再高 {points}。", "Retirees get {points} more.", zero=DROPPED, points=key)


def inpatient(say: Sayer) -> Iterator[Sentence]:
    """Stays."""
    yield from more_for_retirees(say, "inpatient.retired_add_pp")
    yield from say.says("统筹基金一年最多支付 {cap}。", "The pooled fund pays {cap} a year at most.", cap="inpatient.pool_cap",
                        unlimited=("统筹基金支付不设年度上限。", "The pooled fund has no yearly cap."))
    yield from say.says(
        "一年内起付线合计最多 {most}。", "The deductibles of a year come to {most} at most.", most="inpatient.deductible_year_max"
    )


def chronic(say: Sayer) -> Iterator[Sentence]:
    """Chronic diseases and the two diseases."""
    listed = [entry for key, entry in say.by_key.items() if key.startswith("chronic.M") and key.endswith(".ratio")]
    if listed:
        zh = f"共有 {len(listed)} 个门诊慢特病病种可以报销，须先办理认定。"
        yield Sentence(zh, f"{len(listed)} chronic diseases are covered once they are certified.", (listed[0],))
    yield from say.says("高血压、糖尿病门诊用药报 {ratio}。", "Drugs for hypertension and diabetes: {ratio}.", ratio="two_diseases.ratio")


def further(say: Sayer) -> Iterator[Sentence]:
    """What comes on top of the pooled fund."""
    yield from say.says("超过统筹封顶线以后，职工大额补助再报 {ratio}，一年最多 {cap}。",
                        "Above the pool's cap the large-amount layer pays {ratio}, {cap} a year at most.",
                        unlimited=("超过统筹封顶线以后，职工大额补助再报 {ratio}，不设上限。",
                                   "Above the pool's cap the large-amount layer pays {ratio} without a cap."),
                        ratio="large_amount.layer1.ratio", cap="large_amount.layer1.cap")
    yield from say.says("个人负担超过 {deductible} 的部分由大病保险再报，第一段 {ratio}。",
                        "Above {deductible} of own burden, catastrophic insurance pays {ratio} in the first band.",
                        deductible="catastrophic.deductible", ratio="catastrophic.band1.ratio")
    yield from say.says("大病保险一年最多支付 {cap}。", "Catastrophic insurance pays {cap} a year at most.", cap="catastrophic.cap",
                        unlimited=("大病保险支付不设上限。", "Catastrophic insurance has no cap."))


def aid(say: Sayer) -> Iterator[Sentence]:
    """Medical aid."""
    for name in AID_NAMES:
        zh, en = AID_WORDS[name]
        yield from say.says(
            f"{zh}：剩余合规费用超过 {{deductible}} 的部分救助 {{ratio}}。", f"{en}: {{ratio}} of what is left above {{deductible}}.",
            zero=(f"{zh}：剩余合规费用救助 {{ratio}}，没有起付线。", f"{en}: {{ratio}} of what is left, without a deductible."),
            deductible=f"medical_aid.{name}.deductible", ratio=f"medical_aid.{name}.ratio",
        )  # fmt: skip
    yield from say.says("全年救助合计最多 {cap}。", "All aid of a year: {cap} at most.", cap="medical_aid.overall_cap")


def offsite(say: Sayer) -> Iterator[Sentence]:
    """Treatment elsewhere."""
    for where, (zh, en) in PLACE_WORDS.items():
        same = (f"{zh}：报销比例与本地相同。", f"{en}: as at home.")
        yield from say.says(f"{zh}：报销比例比本地低 {{points}}。", f"{en}: {{points}} less than at home.", zero=same,
                            points=f"offsite.{where}.points")
        yield from say.says(f"{zh}：先自付 {{share}}，再按本地比例报。", f"{en}: {{share}} is paid first, then as at home.", zero=same,
                            share=f"offsite.{where}.share")
        yield from say.says(f"{zh}：按本地支付额的 {{factor}} 支付。", f"{en}: {{factor}} of what is paid at home.",
                            factor=f"offsite.{where}.factor")


def maternity(say: Sayer) -> Iterator[Sentence]:
    """Childbirth."""
    yield from say.says("顺产定额支付 {natural}，剖宫产 {caesarean}。", "A natural birth is paid {natural}, a caesarean {caesarean}.",
                        natural="maternity.natural", caesarean="maternity.caesarean")
    yield from say.says("产前检查支付 {prenatal}。", "Prenatal visits: {prenatal}.", zero=DROPPED, prenatal="maternity.prenatal")


def premiums(say: Sayer) -> Iterator[Sentence]:
    """What one pays in."""
    yield from say.says("居民每人每年个人缴 {own}，财政补助 {state}。", "Residents pay {own} a year; the state adds {state}.",
                        own="contribution.personal_premium", state="contribution.government_subsidy")
    yield from say.says("职工由单位缴工资的 {employer}，个人缴 {own}。", "Employers pay {employer} of wages, employees {own}.",
                        employer="contribution.employer_rate", own="contribution.employee_rate")


SECTIONS: tuple[tuple[str, tuple[str, str], Says], ...] = (
    ("outpatient", ("看门诊", "Seeing a doctor"), outpatient),
    ("inpatient", ("住院", "A stay in hospital"), inpatient),
    ("chronic", ("慢性病、特殊病", "Chronic diseases"), chronic),
    ("further", ("花得多时：大额与大病", "When it is a lot"), further),
    ("medical_aid", ("医疗救助", "Medical aid"), aid),
    ("offsite", ("到外地看病", "Treatment elsewhere"), offsite),
    ("maternity", ("生孩子", "Childbirth"), maternity),
    ("contribution", ("缴多少钱", "What one pays in"), premiums),
)
GRIDS = ("outpatient", "inpatient")
"""Sections with a table by level."""

PEOPLE: dict[str, tuple[tuple[int, tuple[str, str]], ...]] = {
    "employee": ((codes.ACTIVE, ("在职职工", "Employee")), (codes.RETIRED, ("退休职工", "Retiree"))),
    "resident": ((codes.ACTIVE, ("城乡居民", "Resident")),),
}
BILLS: dict[str, tuple[int, tuple[str, ...], int, int]] = {
    "inpatient": (codes.INPATIENT, ("P0", "L2", "L3"), 10_000_00, 9_000_00),
    "outpatient": (codes.OUTPATIENT, ("P0", "L2", "L3"), 500_00, 450_00),
}
"""Kind of bill, levels, total and in-scope amount in fen of the examples: what is asked, not what a policy says."""


def page_of(book: Book, scheme: str, day: int) -> list[Section]:
    """The whole page for one scheme on a day; sections without anything to say fall away."""
    entries = entries_on(book, day)
    say = Sayer(entries, scheme)
    found = []
    for code, words, sentences in SECTIONS:
        told = tuple(sentences(say))
        grid = levels([one for one in entries if one.subject == code and one.scheme == scheme]) if code in GRIDS else None
        examples = tuple(worked(book, scheme, day, code)) if code in BILLS else ()
        if told or grid:
            found.append(Section(code, {"zh": words[0], "en": words[1]}, told, (grid,) if grid else (), examples))
    return found


def worked(book: Book, scheme: str, day: int, code: str) -> Iterator[Example]:
    """Examples of one kind of bill: the first of the year, at home, settled by the kernel."""
    kind, asked, total, within = BILLS[code]
    number = next(one for one, word in SCHEMES.items() if word == scheme)
    for status, who in PEOPLE[scheme]:
        for level in asked:
            claim = Claim(number, kind, day, LEVEL_NAMES.index(level), total, full=total - within, within=within, status=status)
            plan = book.plan_for(claim)
            if plan is None:
                continue
            receipt, _year = settle(claim, Year(year=day // 10_000), plan)
            zh, en = LEVEL_WORDS[level]
            yield Example({"zh": who[0], "en": who[1]}, {"zh": zh, "en": en}, total, within, receipt.fund, receipt.person)
