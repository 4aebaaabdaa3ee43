"""Counties brought under one rule set 市级统筹 (B29, B30): the old rules side by side, the merged package, what it costs whom.

Every county's bills are settled under its own old rules and under the merged package; the difference is the answer, by county and fund,
for basic insurance and medical aid alike. The merged package is written as an overlay file that any other command takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from openyibao.policybook.book import Book, load_book, policies_root
from openyibao.policybook.differ import View
from openyibao.policybook.leaf import PolicyError
from openyibao.policybook.merged import BETTER, TAKEN, Decided, Rule, decide, overlay_text, same_diseases, told
from openyibao.policybook.tree import read_overlay
from openyibao.policybook.words import scheme_words, subject_words
from openyibao.warehouse.run.driver import recorded_package, store_digest
from openyibao.warehouse.run.package import package_of, write_package
from openyibao.warehouse.run.runner import Runner
from openyibao.warehouse.simulate.answering import TOP, Question, answered
from openyibao.warehouse.simulate.cautions import cautions_of
from openyibao.warehouse.simulate.gathering import Progress, buckets_of, counties_of
from openyibao.warehouse.simulate.hardest import Policy
from openyibao.warehouse.simulate.outcome import CARD, Change, Meta, Outcome, Reproduction, Words, to_json
from openyibao.warehouse.simulate.reform import digest_of
from openyibao.warehouse.simulate.running import ALWAYS, own_version
from openyibao.warehouse.tables.store import Store, whole

OVERLAY = "merged.yaml"
"""The merged package in a merger's folder."""
BEFORE = Words("各县区按其原有规则重新结算", "each county settled anew under its own old rules")


@dataclass(frozen=True)
class Party:
    """One rule set: the city's own policies or another city's, with drafts laid over them, and the counties under it."""

    drafts: tuple[Path, ...] = ()
    city: str = ""  # another city's code; empty = the store's
    counties: tuple[int, ...] = ()  # division codes; empty = all counties that the other party does not name
    name: str = ""  # what it is called; empty = after its drafts or its city


@dataclass(frozen=True)
class Merger:
    """Two rule sets to be made one."""

    city: str
    first: Party
    second: Party
    rules: tuple[Rule, ...] = ()
    otherwise: str = BETTER  # one of merged.TAKEN, where no rule fits


class Draft(NamedTuple):
    """A merged package before it is priced."""

    views: tuple[View, View]
    decided: tuple[Decided, ...]
    text: str  # of the overlay
    names: tuple[Words, Words]


def drafted(merger: Merger, year: int, root: Path | None = None) -> Draft:
    """The differences of the two rule sets on 1 January, what is taken of each, and the merged overlay's text.

    Raises PolicyError; ValueError for an `otherwise` that is none.
    """
    if merger.otherwise not in TAKEN:
        raise ValueError(f"{merger.otherwise}: one of {', '.join(TAKEN)}")
    root, day = root or policies_root(), year * 10_000 + 101
    base = load_book(root, merger.city)
    books = tuple(load_book(root, party.city or merger.city, overlays=party.drafts) for party in (merger.first, merger.second))
    for book in books:
        same_diseases(base, book)
    names = tuple(name_of(party, book) for party, book in zip((merger.first, merger.second), books, strict=True))
    views = View(books[0], day, names[0].zh), View(books[1], day, names[1].zh)
    found = decide(*views, merger.rules, merger.otherwise)
    title = f"{names[0].zh}与{names[1].zh}合并", f"{names[0].en} and {names[1].en} merged"
    return Draft(views, tuple(found), overlay_text(base, found, day, title), (names[0], names[1]))


def name_of(party: Party, book: Book) -> Words:
    """What a rule set is called."""
    if party.name:
        return Words(party.name, party.name)
    drafts = [read_overlay(path) for path in party.drafts]
    if not drafts:
        return Words(book.name, book.name_en)
    return Words("＋".join(draft.name for draft in drafts), " + ".join(draft.name_en for draft in drafts))


def counties_under(merger: Merger, store: Store) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Each party's counties. Raises PolicyError for one that is not the city's, is named twice, or is left to nobody."""
    every = tuple(sorted({int(code) for code in store.arrays("town")["county"]}))
    first, second = merger.first.counties, merger.second.counties
    first = first or tuple(code for code in every if code not in second)
    second = second or tuple(code for code in every if code not in first)
    if tuple(sorted((*first, *second))) != every or not first or not second:
        had, asked = ("、".join(map(str, codes)) for codes in (every, (*first, *second)))
        zh = f"每个县区须属于且只属于一套规则：全市有 {had}，分到的是 {asked}"
        raise PolicyError(merger.city, 1, f"{zh} | every county belongs to one rule set: there are {had}, given {asked}")
    return first, second


def merge(
    store: Store, year: int, merger: Merger, *, out: Path, runner: Runner | None = None, top: int = TOP, root: Path | None = None,
    progress: Progress | None = None, command: str = "",
) -> Outcome:  # fmt: skip
    """Price a merger on a recorded year; the outcome and the merged overlay are written to `out`.

    Raises PolicyError (also where the merged package does not pass the policy check), StoreProblem, RunnerProblem, ValueError.
    """
    buckets_of(store, year)
    out, root, card = out.resolve(), root or policies_root(), store.card()
    draft, counties = drafted(merger, year, root), counties_under(merger, store)
    overlay = out / OVERLAY
    out.mkdir(parents=True, exist_ok=True)
    whole(overlay, draft.text.encode())
    after = load_book(root, merger.city, overlays=(overlay,))
    books = (*(view.book for view in draft.views), after)
    packages = [package_of(book, year) for book in books]
    paths = [write_package(package, out / "policy") for package in (*packages, recorded_package(store, year))]
    policies = [Policy(book, package) for book, package in zip(books, packages, strict=True)]
    second = frozenset(counties[1])
    question = Question(
        store, year, out, tuple(zip(map(str, paths[:2]), counties, strict=True)), paths[2], None, paths[3],
        lambda county: (policies[1] if county in second else policies[0], policies[2]), top,
    )  # fmt: skip
    answer = answered(question, after, runner, progress)
    changes = tuple(change_of(item, draft) for item in draft.decided)
    title = Words(f"{draft.names[0].zh}与{draft.names[1].zh}合并", f"{draft.names[0].en} and {draft.names[1].en} merged")
    rules = {code: name for codes, name in zip(counties, draft.names, strict=True) for code in codes}
    outcome = Outcome(
        meta=Meta(
            city=card["city"], city_name=Words(after.name, after.name_en), year=year, title=title, before=BEFORE, after=title,
            people=int(card["people"]), holders=answer.holders, bills=answer.bills,
            scale=str(card.get("scale", "")), seed=int(card.get("seed", 0)), behaviour=False,
            notes=(*ALWAYS, *notes_of(draft)),
        ),
        changes=changes, totals=answer.totals, months=answer.months, dimensions=answer.dimensions, distribution=answer.distribution,
        attribution=None, hardest_bills=answer.hardest_bills, hardest_years=answer.hardest_years, accounts=answer.accounts, behaviour=None,
        cautions=cautions_of(after, year, answer.gathered.sums["before"] + answer.gathered.sums["after"], changes, card),
        reproduction=Reproduction(
            version=own_version(), base_digest="+".join(package.digest for package in packages[:2]), reform_digest=packages[2].digest,
            store_digest=store_digest(store, year), drafts=tuple((path.name, digest_of(path)) for path in drafts_of(merger)), readings=(),
            prices="", elasticity="", command=command,
        ),
        counties=counties_of(answer.gathered, store, rules),
    )  # fmt: skip
    whole(out / CARD, to_json(outcome).encode())
    return outcome


def drafts_of(merger: Merger) -> Sequence[Path]:
    """Both parties' drafts."""
    return (*merger.first.drafts, *merger.second.drafts)


def change_of(item: Decided, draft: Draft) -> Change:
    """One difference with what is taken, as the outcome lists changes."""
    one, other = draft.views
    english = View(one.book, one.day, draft.names[0].en), View(other.book, other.day, draft.names[1].en)
    subject, scheme = item.key.split(".")[:2]
    own = item.taken == "figure" or item.entry is None
    trust, source = ("illustrative", "合并方案设定") if own or item.entry is None else (item.entry.value.trust, item.entry.value.source)
    about, whose = (Words(words(name, "zh"), words(name, "en")) for words, name in ((subject_words, subject), (scheme_words, scheme)))
    return Change(item.key, about, whose, Words(told(item, one, other, "zh"), told(item, *english, "en")), trust, source, -1)


def notes_of(draft: Draft) -> tuple[Words, ...]:
    """What a reader of a merger must know."""
    left = sum(not item.comparable for item in draft.decided)
    count = len(draft.decided)
    found = [Words(f"两套规则不同 {count} 项，按 1 月 1 日的规定逐项选定，全年适用。",
                   f"The rule sets differ on {count} parameters as of 1 January; what is taken holds all year.")]  # fmt: skip
    if left:
        found.append(Words(f"其中 {left} 项无从比较优劣，取前者。", f"On {left} of them neither side is better; the first is taken."))
    return tuple(found)
