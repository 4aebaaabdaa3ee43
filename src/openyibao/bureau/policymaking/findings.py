"""Checking a draft 草案检查: five questions, each green or with findings that name entry and clause, against the policy in force."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from openyibao.bureau.policydesk.laid import Laid, book_with, layers_of
from openyibao.bureau.policymaking.drafted import changes_in, region_of
from openyibao.bureau.policymaking.entries import READ_ELSEWHERE
from openyibao.policybook.book import Book, policies_root
from openyibao.policybook.check import check_layers
from openyibao.policybook.folio import dashed
from openyibao.policybook.leaf import PolicyError, Problem
from openyibao.policybook.parameters import without_scheme
from openyibao.policybook.tree import Region, found_on
from openyibao.policybook.words import SCHEME_WORDS, scheme_words, subject_words, value_words

NAME = "本草案"
"""What findings call the draft's own file."""
FORM, LIST, GAPS, OVERLAPS, EFFECT = "form", "list", "gaps", "overlaps", "effect"
QUESTIONS = {
    FORM: ("格式与单位", "Form and units"),
    LIST: ("国家医疗保障待遇清单", "National benefit list"),
    GAPS: ("缺口：每个参数每一天都有规定", "Gaps: every parameter has a value on every day"),
    OVERLAPS: ("重叠：同一天不作两种规定", "Overlaps: no day says two things"),
    EFFECT: ("确有变化，且结算会读取", "Something changes, and bills depend on it"),
}
SIGNS = {OVERLAPS: ("重叠", "重复"), GAPS: ("缺口", "无版本"), LIST: ("benefit_list.", "清单")}
"""Words by which a finding of the policy check belongs to a question; any other is about form."""
GAP = re.compile(r"缺口 gap: (?P<key>\S+) of the (?P<scheme>\w+) scheme has no value on (?P<day>\S+)")


class Finding(NamedTuple):
    """One finding 一条检查结果."""

    question: str
    key: str  # the entry that it names; empty where it is about the file
    words: dict[str, str]
    error: bool  # keeps the draft from being submitted
    place: str  # file and line


class Question(NamedTuple):
    """One question of the check with what was found; none = green."""

    code: str
    name: dict[str, str]
    findings: tuple[Finding, ...]

    @property
    def state(self) -> str:
        """fine, warned, failed."""
        return "failed" if any(one.error for one in self.findings) else "warned" if self.findings else "fine"


class Checked(NamedTuple):
    """The whole check of a draft."""

    questions: tuple[Question, ...]
    standing: int  # findings about the policy in force that the draft neither makes nor mends
    mended: tuple[Finding, ...]  # findings that are there today and would be gone

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them."""
        return tuple(one for question in self.questions for one in question.findings)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Those that stop it."""
        return tuple(one for one in self.findings if one.error)


def checked(city: str, laid: Laid, text: str) -> Checked:
    """Check a draft over what is in force."""
    return _checked(policies_root(), city, laid, text)


@lru_cache(maxsize=64)
def _checked(root: Path, city: str, laid: Laid, text: str) -> Checked:
    """Kept for the same draft over the same policy."""
    draft = region_of(text, NAME)
    before = {identity(one): one for one in standing_problems(root, city, laid)}
    after = {identity(one): one for one in problems_of(root, city, laid, (draft,))}
    made = [finding(one) for key, one in after.items() if key not in before]
    still = {one.key for one in made}
    gone = (finding(one) for key, one in before.items() if key not in after)
    mended = tuple(one for one in gone if one.key not in still)
    own = [] if draft.problems else effects(root, city, laid, draft)
    if not any(draft.leaves):
        own = [Finding(EFFECT, "", {"zh": "草案里还没有任何调整。", "en": "The draft changes nothing yet."}, True, "")]
    found = [*made, *own]
    questions = tuple(
        Question(code, {"zh": zh, "en": en}, tuple(one for one in found if one.question == code)) for code, (zh, en) in QUESTIONS.items()
    )
    return Checked(questions, len(set(before) & set(after)), mended)


def problems_of(root: Path, city: str, laid: Laid, drafts: Sequence[Region]) -> Iterable[Problem]:
    """Every finding about a city's whole policy with drafts over it."""
    over = layers_of(root, city, laid)[len(layers_of(root, city)) :]
    return [problem for report in check_layers(root, city, [*over, *drafts], with_cautions=False) for problem in report.problems]


@lru_cache(maxsize=16)
def standing_problems(root: Path, city: str, laid: Laid) -> tuple[Problem, ...]:
    """Findings about what is in force, kept until something else is."""
    return tuple(problems_of(root, city, laid, ()))


@lru_cache(maxsize=16)
def standing_book(root: Path, city: str, laid: Laid) -> Book:
    """The book in force. Raises PolicyError."""
    return book_with(root, city, laid)


def identity(problem: Problem) -> tuple[str, str]:
    """A finding without its line and figures: the same finding before and after."""
    return problem.file if problem.file == NAME else "", problem.message


def finding(problem: Problem) -> Finding:
    """A finding of the policy check in an officer's words."""
    message = problem.message
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    gap = GAP.search(message)
    if gap:
        key, scheme = gap["key"], gap["scheme"]
        subject = key.split(".")[0]
        zh = f"{subject_words(subject, 'zh')}（{scheme_words(scheme, 'zh')}）的 {key} 自 {gap['day']} 起没有规定，结算会缺数。"
        en = f"{subject_words(subject, 'en')} ({scheme_words(scheme, 'en')}): {key} has no value from {gap['day']} on."
        return Finding(GAPS, key, {"zh": zh, "en": en}, problem.error, place)
    zh, bar, en = message.partition(" | ")
    words = {"zh": zh, "en": en if bar else zh}
    key = next((word.rstrip(":：，,") for word in zh.split() if without_scheme(word.rstrip(":：，,")) is not None), "")
    code = next((code for code, signs in SIGNS.items() if any(sign in zh for sign in signs)), FORM)
    return Finding(code, key, words, problem.error, place)


def effects(root: Path, city: str, laid: Laid, draft: Region) -> list[Finding]:
    """Changes that change nothing, that no bill reads, or that hide a later value of the files."""
    try:
        base = standing_book(root, city, laid)
    except PolicyError:
        return []
    changes, read, found = changes_in(draft), base.read(), []
    begun = {one.plain.split(".")[0] for one in changes if one.plain.endswith(".present")}      # a benefit that begins is read from then on
    for one in changes:
        split = without_scheme(one.key)
        if split is None:
            continue
        scheme, plain = split
        tables = [base.tables[code] for code, word in ((1, "employee"), (2, "resident")) if scheme in ("both", word)]
        standing = [found_on(table, plain, one.since) for table in tables]
        name = f"{one.key} {one.name}"
        if not one.ended and standing and all(entry is not None and entry.value.value == one.value for entry in standing):
            now = {lang: value_words(one.value, one.unit, one.key, lang) for lang in ("zh", "en")}
            found.append(warned(one.key, f"{name}：{dashed(one.since)} 现行已是 {now['zh']}，没有变化。",
                                f"{one.name_en}: already {now['en']} on {dashed(one.since)}; nothing changes."))
        if plain not in read and plain.split(".")[0] not in (*READ_ELSEWHERE, *begun):
            found.append(warned(one.key, f"{name}：结算不读取，账单不会因此变化。", f"{one.name_en}: no bill depends on it."))
        later = sorted({value.since for table in tables for _, leaf in table.get(plain, ()) for value in leaf.values
                        if value.since > one.since})
        if later:
            found.append(warned(one.key, f"{name}：现行规定自 {dashed(later[0])} 起另有新值，将一并被本草案覆盖；如需保留请另加一行。",
                                f"{one.name_en}: a later value from {dashed(later[0])} would be covered too; add a line to keep it."))
    return found


def warned(key: str, zh: str, en: str) -> Finding:
    """A finding that does not stop the draft."""
    return Finding(EFFECT, key, {"zh": zh, "en": en}, False, "")


def whose(scheme: str) -> dict[str, str]:
    """A scheme in words."""
    zh, en = SCHEME_WORDS[scheme]
    return {"zh": zh, "en": en}
