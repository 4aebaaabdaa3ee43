"""A reform taken apart 改革拆分: its drafts leaf by leaf, and the book with only some of them in force.

Attribution switches parts of a reform on and off. A part is one parameter, or several of one kind that are printed together; parameters
that the policy check refuses one without the other, and those that make one rule, are switched together, and the reason is kept.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from openyibao.policybook.book import LAST_DAY, Book, Freezing, RuleSet, book_of
from openyibao.policybook.differ import Pair, View, said, sentence
from openyibao.policybook.folio import Gap
from openyibao.policybook.freeze import Frozen, freeze
from openyibao.policybook.leaf import PolicyError
from openyibao.policybook.parameters import LEVEL_NAMES, without_scheme
from openyibao.policybook.tree import SCHEMES, Found, Region, Table, days_of, found_on, lineage, need_regions, table_of

DRAFT, READING, RULE_SET = "draft", "reading", "rule_set"
TOGETHER = (
    ("catastrophic", ("deductible", "band", "band_basis")),
    ("inpatient", ("bands", "band", "band_basis")),
    ("large_amount", ("band", "cap_total")),
)
"""Words of a subject whose parameters make one rule, whatever the check says: bands count from the deductible."""
COARSEST = 3
"""Coarseness of `stem`: 0 each parameter by itself … 3 everything of a subject and scheme."""


class Piece(NamedTuple):
    """One thing that a reform changes 一处变动: a leaf of a draft, a reading, or a rule set."""

    kind: str  # DRAFT, READING, RULE_SET
    place: int  # which draft, which rule set; 0 for readings
    key: str  # the leaf's key, readings.<name>, epidemic.<set>
    day: int  # first day of the year asked on which it says something else


class Bundle(NamedTuple):
    """Pieces that are switched on together; `reason` in both languages where the policy makes them so, else empty."""

    key: str
    pieces: tuple[Piece, ...]
    reason: tuple[str, str] = ("", "")


class Material(NamedTuple):
    """A reform as it was read: the city's layers (its lineage and what is laid over it already), then the drafts on top."""

    root: Path
    city: str
    layers: tuple[Region, ...]
    drafts: tuple[Region, ...]
    base_readings: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()  # of the reform, those of the base among them
    base_sets: tuple[RuleSet, ...] = ()
    rule_sets: tuple[RuleSet, ...] = ()

    @property
    def base(self) -> Book:
        """The book before the reform. Raises PolicyError."""
        return book_of(self.root, self.city, self.layers, self.base_readings, self.base_sets)

    @property
    def whole(self) -> Book:
        """The book with the whole reform. Raises PolicyError."""
        return book_of(self.root, self.city, (*self.layers, *self.drafts), self.readings, self.rule_sets)


def material(
    root: Path, city: str, drafts: Iterable[Region], laid: Iterable[Region] = (), *, base_readings: Iterable[str] = (),
    readings: Iterable[str] = (), base_sets: Iterable[RuleSet] = (), rule_sets: Iterable[RuleSet] = (),
) -> Material:  # fmt: skip
    """Read a city's lineage once, to make many books of it.

    drafts  the reform, in order (tree.read_overlay)
    laid    drafts that are in force before the reform already
    Raises NoPolicies when the policies folder is missing.
    """
    need_regions(root)
    before = tuple(base_readings)
    after = tuple(dict.fromkeys((*before, *readings)))
    sets = tuple(base_sets)
    return Material(root, city, (*lineage(root, city), *laid), tuple(drafts), before, after, sets, (*sets, *rule_sets))


class Remembering:
    """Freezes a day of a scheme once for every state of what the reform touches; between two choices most days are the same."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        """`pieces` are all that may differ from one book to the next."""
        split = (without_scheme(piece.key) for piece in pieces if piece.kind == DRAFT)
        self.touched = tuple(dict.fromkeys(one[1] for one in split if one is not None))
        self.known: dict[object, Frozen | Gap] = {}

    def __call__(
        self, table: Table, scheme: int, day: int, diseases: tuple[str, ...], asked: frozenset[str], names: tuple[str, ...], place: str
    ) -> Frozen:
        """`freeze`, remembered. Raises Gap."""
        entries = (found_on(table, key, day) for key in self.touched)
        state = tuple((one.leaf.file, one.leaf.key, one.value.since) if one else None for one in entries)
        key = (scheme, day, diseases, asked, names, state)
        if key not in self.known:
            try:
                self.known[key] = freeze(table, scheme, day, diseases, asked, names, place)
            except Gap as gap:
                self.known[key] = gap
        found = self.known[key]
        if isinstance(found, Gap):
            raise found
        return found


def partial_book(found: Material, pieces: Iterable[Piece], freezing: Freezing = freeze, until: int = LAST_DAY) -> Book:
    """The book with only these pieces of the reform in force; `freezing` and `until` as in `book_of`.

    Raises PolicyError where they do not hold without the rest.
    """
    chosen = list(pieces)
    layers = list(found.layers)
    for place, draft in enumerate(found.drafts):
        layers.append(restricted(draft, frozenset(piece.key for piece in chosen if piece.kind == DRAFT and piece.place == place)))
    readings = [*found.base_readings, *(piece.key.split(".", 1)[1] for piece in chosen if piece.kind == READING)]
    sets = [*found.base_sets, *(found.rule_sets[piece.place] for piece in chosen if piece.kind == RULE_SET)]
    return book_of(found.root, found.city, tuple(layers), readings, sets, freezing=freezing, until=until)


def restricted(draft: Region, keys: frozenset[str]) -> Region:
    """A draft with these of its leaves only."""
    contents = tuple(content._replace(leaves=tuple(leaf for leaf in content.leaves if leaf.key in keys)) for content in draft.contents)
    return draft._replace(contents=contents)


def pieces_of(found: Material, year: int) -> list[Piece]:
    """Everything the reform changes for bills of a year, in the order of the drafts' leaves, then readings, then rule sets.

    A leaf that says what was said before it, or that is not in force in the year or the one before, is left out.
    """
    pieces = []
    layers = list(found.layers)
    for place, draft in enumerate(found.drafts):
        below = {scheme: table_of(layers, scheme) for scheme in SCHEMES}
        layers.append(draft)
        above = {scheme: table_of(layers, scheme) for scheme in SCHEMES}
        for leaf in draft.leaves:
            day = first_difference(below, above, leaf.key, year)
            if day:
                pieces.append(Piece(DRAFT, place, leaf.key, day))
    start = year * 10_000 + 101
    pieces += [Piece(READING, 0, f"readings.{name}", start) for name in found.readings if name not in found.base_readings]
    more = range(len(found.base_sets), len(found.rule_sets))
    pieces += [Piece(RULE_SET, place, f"epidemic.{found.rule_sets[place][0]}", max(found.rule_sets[place][1], start)) for place in more]
    return pieces


def first_difference(below: dict[int, Table], above: dict[int, Table], key: str, year: int) -> int:
    """The first day, from 1 January of the year before to the year's end, on which a leaf says something else; 0 = none.

    A day of the year itself goes before one of the year before: only stays admitted then still settle under it.
    """
    split = without_scheme(key)
    assert split is not None
    start, before, end = year * 10_000 + 101, (year - 1) * 10_000 + 101, year * 10_000 + 1231
    days: set[int] = set()
    for scheme, name in SCHEMES.items():
        if split[0] not in ("both", name):
            continue
        for day in {before, start, *(day for day in days_of({split[1]: above[scheme].get(split[1], ())}) if before <= day <= end)}:
            if said(found_on(below[scheme], split[1], day)) != said(found_on(above[scheme], split[1], day)):
                days.add(day)
    return min((day for day in days if day >= start), default=max(days, default=0))


# ---- what belongs together ----


def stem(key: str, coarseness: int) -> str:
    """What a key's parameters are grouped by: itself, without its level, without whom it is for, or only subject and scheme."""
    parts = key.split(".")
    if coarseness <= 0:
        return key
    if coarseness >= COARSEST:
        return ".".join(parts[:2])
    kept = [part.rstrip("1234") or part for part in parts if part not in LEVEL_NAMES]
    if coarseness == 2:
        kept = [part for part in kept if part not in ("active", "retired", "all")]
    return ".".join(kept[:3] if coarseness == 2 else kept)


def one_rule(key: str) -> str:
    """A name shared by the parameters that make one rule; empty for all others."""
    parts = key.split(".")
    for subject, words in TOGETHER:
        if parts[0] == subject and len(parts) > 2 and (parts[2] in words or parts[2].rstrip("1234") in words):
            return f"{parts[0]}.{parts[1]}.{words[0]}"
    return ""


def bundles(pieces: Sequence[Piece], coarseness: int) -> list[Bundle]:
    """The pieces grouped at one coarseness, in order; what makes one rule is always together."""
    grouped: dict[tuple[str, int, str], list[Piece]] = {}
    for piece in pieces:
        key = one_rule(piece.key) or stem(piece.key, coarseness)
        grouped.setdefault((piece.kind, piece.place, key if piece.kind == DRAFT else piece.key), []).append(piece)
    found = []
    for (kind, _, key), members in grouped.items():
        rule = kind == DRAFT and bool(one_rule(members[0].key)) and len({stem(piece.key, 2) for piece in members}) > 1
        reason = ("这些参数合成一条规则，一并计入", "these parameters make one rule and move together") if rule else ("", "")
        found.append(Bundle(key, tuple(members), reason))
    return found


class Holding:
    """Which choices of a reform's pieces the policy check accepts for the bills of a year; each is tried once."""

    def __init__(self, found: Material, pieces: Iterable[Piece], year: int) -> None:
        """`pieces` are those of the reform `found`."""
        self.found = found
        self.until = year * 10_000 + 1231
        self.freezing = Remembering(pieces)
        self.known: dict[frozenset[Piece], PolicyError | None] = {}

    def book(self, parts: Sequence[Bundle], choice: Iterable[int]) -> Book:
        """The book with only these parts, up to the year's end. Raises PolicyError."""
        pieces = (piece for place in sorted(choice) for piece in parts[place].pieces)
        return partial_book(self.found, pieces, self.freezing, self.until)

    def refusal(self, parts: Sequence[Bundle], choice: Iterable[int]) -> PolicyError | None:
        """Why the policy does not hold with only these parts; None where it does."""
        places = sorted(choice)
        asked = frozenset(piece for place in places for piece in parts[place].pieces)
        if asked not in self.known:
            try:
                self.book(parts, places)
                self.known[asked] = None
            except PolicyError as refusal:
                self.known[asked] = refusal
        return self.known[asked]

    def together(self, parts: Sequence[Bundle], chosen: Iterable[Iterable[int]]) -> list[Bundle]:
        """The parts merged until every choice of them is a policy that the check accepts.

        chosen  the choices that will be asked for, as indices into `parts`
        A refused choice is cut down to the fewest parts that are still refused, the later ones leaving first; these and the part that
        has what is missing become one.
        """
        parts = list(parts)
        wanted = [frozenset(choice) for choice in chosen]
        while (refused := next((one for one in wanted if self.refusal(parts, one) is not None), None)) is not None:
            parts, places = self.joined(parts, refused)
            wanted = [frozenset(places[place] for place in one) for one in wanted]
        return parts

    def joined(self, parts: Sequence[Bundle], choice: frozenset[int]) -> tuple[list[Bundle], dict[int, int]]:
        """The parts with those made one that a refused choice shows to need each other, and where each old part went."""
        fewest = choice
        for place in sorted(choice, reverse=True):
            if self.refusal(parts, fewest - {place}) is not None:
                fewest -= {place}
        refusal = self.refusal(parts, fewest)
        assert refusal is not None
        rest = [place for place in range(len(parts)) if place not in fewest]
        needed = [place for place in rest if any(mentioned(piece.key, refusal) for piece in parts[place].pieces)]
        if not rest:
            raise refusal
        return compact(parts, fewest | {(needed or rest)[0]}, refusal)


def mentioned(key: str, refusal: PolicyError) -> bool:
    """Whether a refusal speaks of a parameter, or of one that a coarser key stands for."""
    split = without_scheme(key)
    plain = split[1] if split else key
    return any(plain in problem.message or key in problem.message for problem in refusal.problems)


def compact(parts: Sequence[Bundle], joined: frozenset[int], refusal: PolicyError) -> tuple[list[Bundle], dict[int, int]]:
    """The parts after joining some, and where each old one went."""
    first = min(joined)
    gap = refusal.problems[0].message.partition("，")[0]
    reason = (f"缺一不可，一并计入（单独生效时：{gap}）", f"none holds without the others, so they move together ({gap})")
    members = tuple(piece for place in sorted(joined) for piece in parts[place].pieces)
    kept: list[Bundle] = []
    places: dict[int, int] = {}
    for place, part in enumerate(parts):
        if place == first or place not in joined:
            places[place] = len(kept)
            kept.append(Bundle(common(members), members, reason) if place == first else part)
    return kept, {**places, **dict.fromkeys(joined, places[first])}


def common(pieces: Sequence[Piece]) -> str:
    """The longest head that keys share, at least subject and scheme of the first."""
    split = [piece.key.split(".") for piece in pieces]
    head = []
    for words in zip(*split, strict=False):
        if len(set(words)) > 1:
            break
        head.append(words[0])
    return ".".join(head) or ".".join(split[0][:2])


# ---- in words ----


def pair_of(one: Book, other: Book, key: str, day: int) -> tuple[int, Pair]:
    """A scheme that a leaf speaks of, and the leaf's pair of entries in two books on a day."""
    split = without_scheme(key)
    assert split is not None
    scheme = next(number for number, name in SCHEMES.items() if split[0] in ("both", name))
    entries: list[Found | None] = [found_on(book.tables[scheme], split[1], day) for book in (one, other)]
    return scheme, Pair(split[1], *entries)


def told(one: Book, other: Book, piece: Piece, labels: tuple[str, str], lang: str) -> str:
    """One change in a sentence a policy officer reads. `labels` name the two sides."""
    if piece.kind == READING:
        return other.reading_words(piece.key.split(".", 1)[1], lang)
    if piece.kind == RULE_SET:
        return {"zh": "启用疫情保障规定", "en": "Emergency rule set on"}[lang] + f" {piece.key.split('.', 1)[1]}"
    scheme, pair = pair_of(one, other, piece.key, piece.day)
    if pair.one is None and pair.other is None:
        return piece.key
    return sentence(pair, View(one, piece.day, labels[0]), View(other, piece.day, labels[1]), scheme, False, lang)
