"""A reform 改革方案: drafts laid over a city's policies, readings, rule sets, a price list, and what each change says in words."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from openyibao.policybook.book import Book, RuleSet
from openyibao.policybook.leaf import PolicyError
from openyibao.policybook.parameters import SCHEME_NAMES, without_scheme
from openyibao.policybook.partial import DRAFT, Bundle, Material, Piece, material, pair_of, told
from openyibao.policybook.tree import read_overlay
from openyibao.policybook.words import SUBJECTS, scheme_words, subject_words
from openyibao.warehouse.simulate.behaviour import Elasticity
from openyibao.warehouse.simulate.outcome import Change, Words

NOW, THEN = ("现行", "today"), ("草案", "draft")
"""What the two sides of a change are called."""
PRICES = "prices"
"""Kind and key of the piece that stands for a price list."""
INCOME_ONLY = ("contribution",)
"""Subjects of which a simulation plays only what is credited to accounts; contributions themselves stay as recorded."""
NOT_PLAYED = ("waiting", "incentives", "ltc", "payment", "benefit_list", "fund", "settlement", "schemes", "area", "catalogue")
"""Subjects that no bill of the year depends on."""


@dataclass(frozen=True)
class Reform:
    """What is to be tried on a city's year."""

    city: str
    drafts: tuple[Path, ...] = ()
    laid: tuple[Path, ...] = ()  # drafts that count as in force already, on both sides
    readings: tuple[str, ...] = ()
    base_readings: tuple[str, ...] = ()
    rule_sets: tuple[RuleSet, ...] = ()
    prices: Path | None = None  # a price list (prices.py)
    elasticity: Elasticity | None = None


def material_of(reform: Reform, root: Path) -> Material:
    """Read a reform. Raises PolicyError for a draft that cannot be read or is written for another city, NoPolicies."""
    drafts, laid = ([read_overlay(path) for path in paths] for paths in (reform.drafts, reform.laid))
    for path, draft in zip((*reform.drafts, *reform.laid), (*drafts, *laid), strict=True):
        if draft.extends and draft.extends != reform.city:
            zh, en = f"草案是为 {draft.extends} 写的，不是 {reform.city}", f"the draft is written for {draft.extends}, not {reform.city}"
            raise PolicyError(str(path), 1, f"{zh} | {en}")
    return material(
        root, reform.city, drafts, laid, base_readings=reform.base_readings, readings=reform.readings, rule_sets=reform.rule_sets
    )


def title_of(found: Material, reform: Reform) -> Words:
    """The reform's name: of its drafts, its readings and rule sets, its price list."""
    zh = [draft.name for draft in found.drafts]
    en = [draft.name_en for draft in found.drafts]
    more = [*(name for name in found.readings if name not in found.base_readings), *(name for name, _, _ in reform.rule_sets)]
    prices = [reform.prices.stem] if reform.prices else []
    return Words("＋".join([*zh, *more, *prices]) or "现行政策", " + ".join([*en, *more, *prices]) or "policy of today")


def changes_of(found: Material, books: Sequence[Book], pieces: Sequence[Piece], parts: Sequence[Bundle]) -> tuple[Change, ...]:
    """Every change in words.

    books  the book with the first n drafts laid, n from 0; the last is the whole reform
    """
    where = {piece: place for place, part in enumerate(parts) for piece in part.pieces}
    changes = []
    for piece in pieces:
        one, other = (books[piece.place], books[piece.place + 1]) if piece.kind == DRAFT else (books[-2], books[-1])
        parted = piece.key.split(".")
        subject = parted[0]
        scheme = parted[1] if len(parted) > 1 and parted[1] in SCHEME_NAMES else "both"
        sentences = (told(one, other, piece, (NOW[at], THEN[at]), lang) for at, lang in enumerate(("zh", "en")))
        trust, source = mark_of(one, other, piece)
        names = Words(subject_words(subject, "zh"), subject_words(subject, "en"))
        whose = Words(scheme_words(scheme, "zh"), scheme_words(scheme, "en"))
        changes.append(Change(piece.key, names, whose, Words(*sentences), trust, source, where.get(piece, -1)))
    return tuple(changes)


def mark_of(one: Book, other: Book, piece: Piece) -> tuple[str, str]:
    """The mark and source of a change's new figure; a reading or a rule set that is switched on is the asker's."""
    if piece.kind != DRAFT:
        return "illustrative", "本次模拟设定"
    _, pair = pair_of(one, other, piece.key, piece.day)
    return (pair.other.value.trust, pair.other.value.source) if pair.other is not None else ("illustrative", "")


def books_of(found: Material) -> list[Book]:
    """The book before the reform, after the first draft, the second …; the last with readings and rule sets too. Raises PolicyError."""
    books = [found._replace(drafts=found.drafts[:count], readings=found.base_readings, rule_sets=found.base_sets).whole
             for count in range(len(found.drafts) + 1)]
    return [*books, found.whole]


def part_words(part: Bundle, place: int, changes: Iterable[Change]) -> Words:
    """What a part of the reform is called: its one change's sentence, else scheme, subject and what its parameters are.

    place  the part's row in the attribution
    """
    mine = [change for change in changes if change.part == place]
    if part.key == PRICES:
        return Words("价格与目录调整", "prices and catalogue")
    if len(mine) == 1:
        return mine[0].sentence
    if not mine:
        return Words(part.key, part.key)
    zh = list(dict.fromkeys(change.sentence.zh.partition("：")[0] for change in mine))
    en = list(dict.fromkeys(change.sentence.en.partition(": ")[0] for change in mine))
    names = Words("、".join(zh), "; ".join(en))
    if len(mine) > 3:
        names = Words(f"{zh[0]}等 {len(mine)} 项", f"{en[0]} and {len(mine) - 1} more")
    return Words(f"{mine[0].scheme.zh} · {mine[0].subject.zh}：{names.zh}", f"{mine[0].scheme.en}, {mine[0].subject.en}: {names.en}")


def notes_of(pieces: Iterable[Piece]) -> tuple[Words, ...]:
    """What the reform changes and the simulation does not play, or plays in part."""
    found = []
    for piece in pieces:
        split = without_scheme(piece.key)
        subject = piece.key.split(".")[0]
        if subject in INCOME_ONLY:
            zh, en = "只影响个人账户划入，缴费收入不重算", "only what it credits to accounts is played"
            found.append(Words(f"{piece.key}：{zh}", f"{piece.key}: {en}"))
        elif subject in NOT_PLAYED and split is not None:
            name = SUBJECTS.get(subject, (subject, subject))
            zh, en = "当年单据不受其影响，未模拟", "no bill depends on it; not played"
            found.append(Words(f"{piece.key}（{name[0]}）：{zh}", f"{piece.key} ({name[1]}): {en}"))
    return tuple(found)


def digest_of(path: Path) -> str:
    """A file's sha256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
