"""Two rule sets made one 政策合并 (B29, B30): their differences one by one, what is taken of each, and the overlay file that results.

For every parameter on which two policies differ on a day a rule says what is taken: the first policy's figure, the second's, the better
or the worse for the insured, or a figure of one's own. Where "better" has no meaning (a choice, words, bands that make one rule with
others, a parameter that one side does not state) the first policy's is taken, and the list says so.
"""

import json
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import NamedTuple

from openyibao.policybook.book import Book
from openyibao.policybook.differ import Pair, View, entries, fallbacks, pairs, said, words
from openyibao.policybook.folio import dashed
from openyibao.policybook.leaf import Leaf, PolicyError, Scalar
from openyibao.policybook.parameters import order
from openyibao.policybook.partial import one_rule
from openyibao.policybook.tree import SCHEMES, Found, found_on
from openyibao.policybook.units import UNITS
from openyibao.policybook.words import SUBJECTS, value_words

FIRST, SECOND, BETTER, WORSE = "first", "second", "better", "worse"
TAKEN = (FIRST, SECOND, BETTER, WORSE)
"""What a rule may say, beside `=FIGURE`."""
ELSEWHERE = (
    "area", "schemes", "benefit_list", "fund", "settlement", "catalogue", "payment", "ltc", "waiting", "incentives", "contribution",
    "readings",
)  # fmt: skip
"""Subjects that are not merged: who the city is, how it is financed, what no bill depends on."""
LOWER = (
    "deductible", "first_self_pay", "points", "patient_pays", "trigger", "minimum", "step_share", "retired_deductible_factor",
    "retired_deductible_delta", "deductible_factor", "deductible_year_max",
)  # fmt: skip
HIGHER = (
    "ratio", "cap", "quota", "retired_add_pp", "ratio_add_pp", "second_share", "pool_cap", "natural", "caesarean", "prenatal",
    "each_further_baby", "miscarriage_early", "miscarriage_late", "month_sessions", "overall_cap", "cap_total", "bed_day_ceiling",
    "step_threshold", "present", "cap_removed", "deductible_waived", "family", "inpatient_add_pp", "chronic_quota_factor",
    "consultation_free", "share", "retiree_amount", "retiree_share",
)  # fmt: skip
"""Words of a key of which a lower or a higher figure is better for the insured; the last word that is known decides."""
OF_REPEAT = {"factor": -1, "minimum": -1, "second": -1, "third": -1, "subtract_each": 1}
OF_OFFSITE = {"points": -1, "share": -1, "factor": 1}
"""The same below `inpatient.repeat` and `offsite`, where words mean something else."""


class Rule(NamedTuple):
    """What is taken for the parameters whose key fits a pattern: one of TAKEN, or `=FIGURE`."""

    pattern: str  # inpatient.*, medical_aid.*.ratio …; keys without scheme do too
    taken: str


class Decided(NamedTuple):
    """One parameter on which the two differ, and what is taken."""

    key: str  # with its scheme
    pair: Pair
    scheme: int  # a scheme it is stated for
    shared: bool  # stated for both schemes at once
    taken: str  # FIRST, SECOND, or "figure"
    entry: Found | None  # what is taken, of the level it falls back to where need be; None = a figure of one's own, or nothing is said
    figure: str  # of one's own
    asked: str  # the rule that decided
    comparable: bool  # False: the rule asked for better or worse, and there is none

    @property
    def leaf(self) -> Leaf:
        """The parameter, from whichever side states it."""
        entry = self.pair.one or self.pair.other
        assert entry is not None
        return entry.leaf


def rule_of(text: str) -> Rule:
    """`inpatient.*=better`, `medical_aid.both.destitute.ratio==0.9`. Raises ValueError."""
    pattern, sign, taken = text.partition("=")
    if not sign or (taken not in TAKEN and not taken.startswith("=")):
        raise ValueError(f"{text}: write KEY=first, =second, =better, =worse, or KEY==FIGURE")
    return Rule(pattern.strip(), taken.strip())


def decide(one: View, other: View, rules: Sequence[Rule], otherwise: str) -> list[Decided]:
    """Every parameter on which two policies differ that bills depend on, with what is taken. The last rule that fits decides."""
    first, second = (pairs(one, other, scheme) for scheme in SCHEMES)
    found = []
    for scheme, pairing in zip(SCHEMES, (first, second), strict=True):
        for key, pair in sorted(pairing.items(), key=lambda item: order(item[0])):
            shared = key in first and key in second and entries(first[key]) == entries(second[key])
            if (shared and scheme != next(iter(SCHEMES))) or said(pair.one) == said(pair.other) or not merges(key, pair):
                continue
            whole = with_scheme(key, "both" if shared else SCHEMES[scheme])
            taken = next((rule.taken for rule in reversed(rules) if fits(rule, key, whole)), otherwise)
            spoken = tuple(speaks(view, scheme, key) for view in (one, other))
            found.append(decided(whole, pair, (spoken[0], spoken[1]), scheme, shared, taken))
    subjects = list(SUBJECTS)
    return sorted(found, key=lambda item: (subjects.index(item.key.split(".")[0]), item.key.split(".")[1]))


def merges(key: str, pair: Pair) -> bool:
    """Whether a parameter is merged: a figure or a choice that bills depend on."""
    entry = pair.one or pair.other
    return entry is not None and key.split(".")[0] not in ELSEWHERE and UNITS[entry.leaf.unit].form != "text"


def with_scheme(key: str, scheme: str) -> str:
    """A key with its scheme put in."""
    subject, _, rest = key.partition(".")
    return f"{subject}.{scheme}.{rest}"


def fits(rule: Rule, key: str, whole: str) -> bool:
    """Whether a rule speaks of a key."""
    return fnmatchcase(whole, rule.pattern) or fnmatchcase(key, rule.pattern)


def speaks(view: View, scheme: int, key: str) -> Found | None:
    """What a policy says of a parameter, or of the level it falls back to."""
    table = view.book.tables[scheme]
    return next((entry for asked in (key, *fallbacks(key)) if (entry := found_on(table, asked, view.day)) is not None), None)


def decided(whole: str, pair: Pair, spoken: tuple[Found | None, Found | None], scheme: int, shared: bool, asked: str) -> Decided:
    """What a rule takes of one parameter. `spoken` is what either side says, fallbacks followed."""
    if asked.startswith("="):
        return Decided(whole, pair, scheme, shared, "figure", None, asked[1:].strip(), asked, True)
    side, comparable = asked, True
    if asked in (BETTER, WORSE):
        better = better_side(whole, pair.key, *spoken)
        comparable = better is not None
        side = FIRST if better is None else better if asked == BETTER else {FIRST: SECOND, SECOND: FIRST}[better]
    return Decided(whole, pair, scheme, shared, side, spoken[side == SECOND], "", asked, comparable)


def better_side(whole: str, key: str, one: Found | None, other: Found | None) -> str | None:
    """The side whose figure is better for the insured; None where that has no meaning."""
    if one is None or other is None or one_rule(whole) or "band" in whole:
        return None
    sign = direction(key)
    figures = amount(one), amount(other)
    if sign == 0 or figures[0] is None or figures[1] is None:
        return None
    return FIRST if (figures[0] - figures[1]) * sign >= 0 else SECOND


def direction(key: str) -> int:
    """1 where a higher figure is better for the insured, -1 where a lower one is, 0 where neither."""
    last = key.split(".")[-1]
    if key.startswith("offsite."):
        return OF_OFFSITE.get(last, 0)
    if key.startswith("inpatient.repeat."):
        return OF_REPEAT.get(key.split(".")[2], 0)
    for word in reversed(key.split(".")):
        if word in LOWER:
            return -1
        if word in HIGHER:
            return 1
    return 0


def amount(entry: Found) -> Fraction | None:
    """A figure that can be compared; no limit is the largest; None for a choice or words."""
    value = entry.value.value
    if value is None:
        return Fraction(10**15)
    if isinstance(value, bool | int):
        return Fraction(int(value))
    form = UNITS[entry.leaf.unit].form
    return Fraction(value) if isinstance(value, str) and form in ("decimal", "money", "integer") else None


# ---- in words, and as a file ----


def told(item: Decided, one: View, other: View, lang: str) -> str:
    """One difference and what is taken, in a sentence."""
    leaf, at = item.leaf, int(lang == "en")
    both = ((item.pair.one, one), (item.pair.other, other))
    sides = [words(item.pair.key, entry, view, item.scheme, item.shared, lang) for entry, view in both]
    name = (leaf.name, leaf.name_en)[at]
    taken = figure_words(item, lang) if item.taken == "figure" else sides[0] if item.taken == FIRST else sides[1]
    doubt = "" if item.comparable else ("（无从比较优劣，取前者）", " (neither is better: the first is taken)")[at]
    if lang == "en":
        return f"{name}: {one.label} {sides[0]}, {other.label} {sides[1]}; merged {taken}{doubt}"
    return f"{name}：{one.label} {sides[0]}，{other.label} {sides[1]}；合并为 {taken}{doubt}"


def figure_words(item: Decided, lang: str) -> str:
    """A figure of one's own in words."""
    return value_words(plain(item), item.leaf.unit, item.pair.key, lang)


def plain(item: Decided) -> Scalar:
    """A figure of one's own in the form its unit asks for; the reader of the overlay judges it."""
    text, form = item.figure, UNITS[item.leaf.unit].form
    if text in ("null", "none", "无"):
        return None
    if form == "flag":
        return text in ("true", "yes", "是")
    if form == "categories":
        return tuple(word.strip() for word in text.replace("、", ",").split(","))
    return int(text) if form in ("money", "integer") and text.lstrip("-").isdigit() else text


def overlay_text(base: Book, decided_of: Iterable[Decided], day: int, title: tuple[str, str]) -> str:
    """The merged rules as a draft laid over `base` from a day on; what `base` says already is left out.

    A parameter of which the side that is taken says nothing stays as in `base`: a draft cannot unsay what lies beneath it.
    """
    lines = ["# 合并方案：由两套规则逐项选定，供测算。", "", "overlay:", f"  city: {base.city}", f"  name: {quoted(title[0])}",
             f"  name_en: {quoted(title[1])}"]  # fmt: skip
    for item in decided_of:
        for scheme_word, scheme in written_for(item):
            value = plain(item) if item.taken == "figure" else item.entry.value.value if item.entry is not None else None
            now = found_on(base.tables[scheme], item.pair.key, day)
            silent = item.taken != "figure" and item.entry is None
            if not silent and (now is None or now.value.value != value):
                lines += ["", *leaf_lines(item, scheme_word, day, value)]
    return "\n".join(lines) + "\n"


def written_for(item: Decided) -> list[tuple[str, int]]:
    """The schemes a parameter is written for: what both share once for each, so that nothing of the city's own stays above it."""
    return [(name, number) for number, name in SCHEMES.items()] if item.shared else [(SCHEMES[item.scheme], item.scheme)]


def leaf_lines(item: Decided, scheme: str, day: int, value: Scalar) -> list[str]:
    """One leaf of the overlay."""
    leaf = item.leaf
    key = with_scheme(item.pair.key, scheme)
    if item.taken == "figure":
        trust, source = "illustrative", "合并方案设定"
    else:
        assert item.entry is not None
        trust, source = item.entry.value.trust, item.entry.value.source
    return [
        f"{key}:", f"  name: {quoted(leaf.name)}", f"  name_en: {quoted(leaf.name_en)}", f"  unit: {leaf.unit}", "  values:",
        f"    {dashed(day)}: {{value: {scalar(value)}, trust: {trust}, source: {quoted(source)}}}", "  confirmed_on: null",
    ]  # fmt: skip


def scalar(value: Scalar) -> str:
    """A value as YAML."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(quoted(word) for word in value) + "]"
    return str(value) if isinstance(value, int) else quoted(value)


def quoted(text: str) -> str:
    """Words as a YAML string."""
    return json.dumps(text, ensure_ascii=False)


def same_diseases(one: Book, other: Book) -> None:
    """Refuse two policies whose chronic lists differ in order: a bill's disease would mean another. Raises PolicyError."""
    if one.diseases != other.diseases:
        differ = sorted(set(one.diseases) ^ set(other.diseases))
        zh, en = f"两套规则的慢特病病种表不同：{'、'.join(differ)}", f"the lists of chronic diseases differ: {', '.join(differ)}"
        raise PolicyError(f"policies/{other.city}/chronic.yaml", 1, f"{zh} | {en}")
