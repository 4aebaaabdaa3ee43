"""The policies of a day as entries 政策条目: each parameter with its value in words, its days, clause, trust mark and who approved it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from openyibao.bureau.policydesk.laid import amendment_of
from openyibao.policybook.book import LAST_DAY, Book
from openyibao.policybook.parameters import order, parameter
from openyibao.policybook.tree import SCHEMES, Found, Table, found_on
from openyibao.policybook.units import FIRM, UNITS
from openyibao.policybook.words import SCHEME_WORDS, SUBJECTS, value_words

BOTH = "both"
READ_ELSEWHERE = ("area", "schemes", "epidemic", "readings")
"""Subjects that bills depend on by another way than the plan of a day, or only when asked for."""

ALIASES: Mapping[str, str] = {
    "outpatient": "门诊统筹 门诊共济 outpatient pooling",
    "inpatient": "住院统筹 起付线 封顶线 hospital stay pooled fund cap",
    "chronic": "慢病 特病 门特 门慢 慢性病 chronic disease",
    "two_diseases": "高血压 糖尿病 hypertension diabetes",
    "catastrophic": "大病 大病保险 critical illness",
    "large_amount": "大额 大额补助",
    "medical_aid": "救助 低保 特困 aid",
    "offsite": "异地 转诊 备案 referral",
    "contribution": "缴费 费率 保费 premium",
    "personal_account": "个账 划入 共济 account",
    "maternity": "生育 分娩 childbirth",
    "civil_servant": "公务员补助",
    "epidemic": "应急 疫情 emergency",
}
"""Words under which an officer looks for a subject, beside its name."""
PEOPLE: Mapping[str, str] = {
    "employee": "职工 在职 employee employees",
    "resident": "居民 城乡居民 resident residents",
    BOTH: "职工 居民 两险种 employee employees resident residents both",
}
RETIREES = "退休 退休人员 retiree retirees retired"
STOP = frozenset({"of", "the", "and", "for", "in", "a", "an"})
MARKS = {"compiled": ("转", "c"), "recalled": ("忆", "r"), "illustrative": ("示", "i")}
"""Trust marks by one letter: 转引, 凭记忆, 示例."""
BREAKS = str.maketrans(dict.fromkeys(",，、;；/·|()（）", " "))


class Entry(NamedTuple):
    """One parameter as it stands on a day 政策条目."""

    key: str  # the leaf's key with its scheme: inpatient.employee.deductible.L3
    plain: str  # without scheme
    scheme: str  # both, employee, resident
    subject: str
    found: Found
    until: int  # first day on which something else stands; 0 = none known
    region: str  # code of the layer that says it: nation, jishou, amendments/0001.yaml
    idle: bool  # no bill depends on it

    @property
    def zh(self) -> str:
        """Its name."""
        return self.found.leaf.name

    @property
    def en(self) -> str:
        """Its name in English."""
        return self.found.leaf.name_en

    @property
    def name(self) -> dict[str, str]:
        """Its name in both languages, for |said."""
        return {"zh": self.zh, "en": self.en}

    @property
    def value(self) -> dict[str, str]:
        """What it says, in words with the unit."""
        return said_of(self.found)

    @property
    def since(self) -> int:
        """First day of this value."""
        return self.found.value.since

    @property
    def clause(self) -> str:
        """Document and clause."""
        return self.found.value.source

    @property
    def note(self) -> str:
        """What the file notes beside the value."""
        return self.found.value.note

    @property
    def trust(self) -> str:
        """Its trust mark."""
        return self.found.value.trust

    @property
    def firm(self) -> bool:
        """Whether the figure comes from a plan or a public document."""
        return self.trust in FIRM

    @property
    def mark(self) -> dict[str, str]:
        """A letter for tables where the trust mark has no room; empty for firm figures."""
        zh, en = MARKS.get(self.trust, ("", ""))
        return {"zh": zh, "en": en}

    @property
    def amendment(self) -> int:
        """The approved change that says it; 0 = a file."""
        return amendment_of(self.found.leaf.file)

    @property
    def is_text(self) -> bool:
        """Whether the value is words rather than a figure."""
        return UNITS[self.found.leaf.unit].form in ("text", "categories")


def said_of(found: Found) -> dict[str, str]:
    """An entry's value in words."""
    leaf, value = found.leaf, found.value.value
    return {lang: value_words(value, leaf.unit, leaf.key, lang) for lang in ("zh", "en")}


def entries_on(book: Book, day: int) -> list[Entry]:
    """Every parameter in force on a day, in the order of the parameter table; one that both schemes share stands once."""
    read = book.read()
    regions = {content.file: layer.code for layer in book.layers for content in layer.contents}
    tables = {word: book.tables[scheme] for scheme, word in SCHEMES.items()}
    standing = {word: {key: found_on(table, key, day) for key in table} for word, table in tables.items()}
    found = []
    for word, entries in standing.items():
        other = standing["resident" if word == "employee" else "employee"]
        for key, entry in entries.items():
            if entry is None:
                continue
            twin = other.get(key)
            shared = twin is not None and twin.leaf is entry.leaf
            if shared and word != "employee":
                continue
            subject = key.split(".")[0]
            idle = key not in read and subject not in READ_ELSEWHERE
            found.append(Entry(
                entry.leaf.key, key, BOTH if shared else word, subject, entry, ends(tables[word], key, day, entry),
                regions.get(entry.leaf.file, entry.leaf.file), idle,
            ))  # fmt: skip
    subjects = list(SUBJECTS)
    return sorted(found, key=lambda one: (subjects.index(one.subject), (BOTH, "employee", "resident").index(one.scheme), order(one.plain)))


def ends(table: Table, key: str, day: int, entry: Found) -> int:
    """The first day after `day` on which another entry stands; 0 when none is known."""
    days = sorted({value.since for _, leaf in table.get(key, ()) for value in leaf.values if value.since > day})
    for later in days:
        found = found_on(table, key, later)
        if found is None or (found.leaf is not entry.leaf or found.value is not entry.value):
            return later
    return 0


class Span(NamedTuple):
    """What a parameter says over some days [since, until); None = nothing stands."""

    since: int
    until: int  # 0 = open
    found: Found | None

    @property
    def value(self) -> dict[str, str]:
        """In words."""
        return said_of(self.found) if self.found is not None else {"zh": "不再规定", "en": "no longer stated"}


def history(table: Table, key: str) -> list[Span]:
    """Everything a key ever said for a scheme, oldest first."""
    days = sorted({value.since for _, leaf in table.get(key, ()) for value in leaf.values})
    spans: list[Span] = []
    for day in (day for day in days if day < LAST_DAY):
        found = found_on(table, key, day)
        if spans and spans[-1].found == found:
            continue
        if spans:
            spans[-1] = spans[-1]._replace(until=day)
        if spans or found is not None:
            spans.append(Span(day, 0, found))
    return spans


def searched(entries: Iterable[Entry], text: str) -> list[Entry]:
    """The entries that every word of a search fits: name, subject, whom it concerns, key, clause; Chinese or English."""
    words = wanted(text)
    return [entry for entry, body in ((one, body_of(one)) for one in entries) if all(word in body for word in words)]


def wanted(text: str) -> list[str]:
    """The words of a search; Chinese written without a space is cut at the words that are known."""
    found: list[str] = []
    for token in text.lower().translate(BREAKS).split():
        if token not in STOP:
            found += cut(token)
    return found


def cut(token: str) -> Iterator[str]:
    """`职工门诊统筹` as 职工, 门诊统筹: known words first, what is left as it is."""
    known = sorted(known_words(), key=lambda word: (-len(word), word))
    rest = [token]
    for word in known:
        parts = []
        for piece in rest:
            if word != piece and word in piece and not piece.isascii():
                before, _, after = piece.partition(word)
                yield word
                parts += [part for part in (before, after) if part]
            else:
                parts.append(piece)
        rest = parts
    yield from rest


def known_words() -> set[str]:
    """Chinese words for subjects and people."""
    phrases = [*(zh for zh, _ in SUBJECTS.values()), *ALIASES.values(), *PEOPLE.values(), RETIREES]
    return {word for phrase in phrases for word in phrase.split() if not word.isascii()}


def body_of(entry: Entry) -> str:
    """Everything that a search may find an entry by."""
    zh, en = SUBJECTS[entry.subject]
    whom = SCHEME_WORDS[entry.scheme]
    retired = RETIREES if "retired" in entry.plain or "retiree" in entry.plain else ""
    parts = (entry.zh, entry.en, zh, en, ALIASES.get(entry.subject, ""), *whom, PEOPLE[entry.scheme], retired, entry.key, entry.clause)
    return " ".join(parts).lower()


def is_scheme_key(key: str) -> bool:
    """Whether a text is the key of a parameter that exists, with its scheme."""
    parts = key.split(".")
    return len(parts) > 2 and parts[1] in SCHEME_WORDS and parameter(".".join((parts[0], *parts[2:]))) is not None
