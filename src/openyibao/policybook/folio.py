"""One scheme of one city on one day, opened for freezing: values turned to the kernel's integers, each noted with its source.

Nothing here has a default: a parameter that no region states is a `Gap` with file, line and day. What is stated nowhere because the
benefit does not exist is said by the benefit's own `present` parameter.
"""

from collections.abc import Callable, Iterable

from openyibao.kernel.codes import UNBOUNDED, WHOLE
from openyibao.policybook.leaf import Leaf, Problem
from openyibao.policybook.parameters import LEVEL_NAMES
from openyibao.policybook.tree import SCHEMES, Found, Table, found_on
from openyibao.policybook.units import UNITS

FALLS_BACK = {"PV": "P0", "P0": "L1", "L3P": "L3"}
"""Level whose figure a level takes where the document prints none of its own."""

FEN = 100


def dashed(day: int) -> str:
    """20220401 as 2022-04-01."""
    return f"{day // 10000}-{day // 100 % 100:02d}-{day % 100:02d}"


def last_resort(level: str) -> str:
    """The level at the end of a level's fallbacks: the one a document must print."""
    while level in FALLS_BACK:
        level = FALLS_BACK[level]
    return level


class Gap(Exception):
    """A required parameter without a value on the day."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class Folio:
    """The opened page: `found` looks up, `cite` notes which leaf decided which field of the plan."""

    def __init__(self, table: Table, scheme: int, day: int, place: str) -> None:
        self.table, self.scheme, self.day, self.place = table, scheme, day, place
        self.cited: dict[str, list[Found]] = {}
        self.asked: set[str] = set()

    def found(self, key: str) -> Found | None:
        """The entry in force, or None."""
        self.asked.add(key)
        return found_on(self.table, key, self.day)

    def need(self, *keys: str) -> Found:
        """The entry in force of the first key that has one; a Gap names the first key."""
        for key in keys:
            entry = self.found(key)
            if entry is not None:
                return entry
        raise Gap(self.gap(keys[0]))

    def gap(self, key: str) -> Problem:
        """Where and on which day a parameter is missing."""
        leaves = self.table.get(key, ())
        near: Leaf | None = leaves[0][1] if leaves else None
        file = near.file if near else f"{self.place}/{key.split('.')[0]}.yaml"
        message = f"缺口 gap: {key} of the {SCHEMES[self.scheme]} scheme has no value on {dashed(self.day)}"
        return Problem(file, near.line if near else 1, message)

    def cite(self, path: str, entries: Iterable[Found | None]) -> None:
        """Note the entries that decided a field of the plan."""
        self.cited.setdefault(path, []).extend(entry for entry in entries if entry is not None)

    def fen(self, path: str, *keys: str) -> int:
        """Money in fen; null is UNBOUNDED."""
        return self._noted(path, fen, keys)

    def rate(self, path: str, *keys: str) -> int:
        """A ratio, factor or points in parts per 10,000; null is 0."""
        return self._noted(path, rate, keys)

    def whole(self, path: str, *keys: str) -> int:
        """A whole number."""
        return self._noted(path, whole, keys)

    def flag(self, path: str, *keys: str) -> int:
        """1 for true, 0 for false."""
        return self._noted(path, whole, keys)

    def choice(self, path: str, key: str, codes: dict[str, int]) -> int:
        """A word as the kernel's code."""
        return self._noted(path, lambda entry: codes[str(entry.value.value)], (key,))

    def _noted(self, path: str, convert: Callable[[Found], int], keys: tuple[str, ...]) -> int:
        entry = self.need(*keys)
        self.cite(path, (entry,))
        return convert(entry)

    def at_level(self, pattern: str, level: str) -> Found | None:
        """The entry for a level, or for the level it falls back to."""
        while True:
            entry = self.found(pattern.format(level))
            if entry is not None or level not in FALLS_BACK:
                return entry
            level = FALLS_BACK[level]

    def by_level(self, path: str, pattern: str, convert: Callable[[Found], int]) -> tuple[int, ...]:
        """One figure for each level, with the fallbacks; a level without any is a Gap."""
        figures = []
        for index, level in enumerate(LEVEL_NAMES):
            entry = self.at_level(pattern, level)
            if entry is None:
                raise Gap(self.gap(pattern.format(last_resort(level))))
            self.cite(f"{path}[{index}]", (entry,))
            figures.append(convert(entry))
        return tuple(figures)


def fen(entry: Found) -> int:
    """Yuan as fen: an integer, a decimal string, or null for no limit."""
    value = entry.value.value
    if value is None:
        return UNBOUNDED
    if isinstance(value, int):
        return value * FEN
    whole_part, _, part = str(value).partition(".")
    sum_of = abs(int(whole_part)) * FEN + int((part + "00")[:2])
    return -sum_of if whole_part.startswith("-") else sum_of


def rate(entry: Found) -> int:
    """Parts per 10,000 of a ratio or factor string, or of percentage points; null is 0."""
    value = entry.value.value
    if value is None:
        return 0
    if UNITS[entry.leaf.unit].form == "integer":
        return int(str(value)) * (WHOLE // 100)
    whole_part, _, part = str(value).partition(".")
    return int(whole_part) * WHOLE + int((part + "0000")[:4])


def whole(entry: Found) -> int:
    """A whole number or a yes/no as an integer."""
    return int(str(entry.value.value)) if not isinstance(entry.value.value, bool) else int(entry.value.value)
