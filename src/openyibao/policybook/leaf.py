"""What a policy file says, as plain values: leaves, their dated values, and what is wrong with a file."""

from typing import NamedTuple

Scalar = int | str | bool | tuple[str, ...] | None
"""A printed value: an integer, a decimal or word, yes/no, a list of words, or None (no limit)."""


class Value(NamedTuple):
    """One dated entry of a leaf: in force from `since` until the next entry (half-open)."""

    since: int  # yyyymmdd
    value: Scalar
    trust: str
    source: str  # clause or document
    note: str
    ended: bool  # the parameter ends on this day without a successor
    pinned: bool  # a reading that a caller may not change
    reason: str
    line: int


class Leaf(NamedTuple):
    """One parameter of one region 一个参数."""

    key: str
    name: str
    name_en: str
    unit: str
    values: tuple[Value, ...]
    confirmed_on: int  # 0 = no person has read the clause again yet
    file: str
    line: int
    default: str = ""  # what a reading says when it is not set
    default_en: str = ""


class Problem(NamedTuple):
    """One finding about a file; an error keeps the book from being used, a warning does not."""

    file: str
    line: int
    message: str
    error: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class PolicyError(Exception):
    """A policy file that cannot be used; carries the place of the first problem and all problems."""

    def __init__(self, file: str, line: int, message: str, problems: tuple[Problem, ...] = ()) -> None:
        self.file, self.line, self.message = file, line, message
        self.problems = problems or (Problem(file, line, message),)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class NoPolicies(PolicyError):
    """A policies folder that is missing or holds no region; `file` names the folder."""


def raise_first(problems: tuple[Problem, ...]) -> None:
    """Raise PolicyError with every error among the problems; warnings alone raise nothing."""
    errors = tuple(problem for problem in problems if problem.error)
    if errors:
        raise PolicyError(errors[0].file, errors[0].line, errors[0].message, errors)


def value_on(leaf: Leaf, day: int) -> Value | None:
    """The entry in force on a day, an `ended` one included; None before the first."""
    found = None
    for value in leaf.values:
        if value.since > day:
            break
        found = value
    return found
