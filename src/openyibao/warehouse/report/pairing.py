"""Two explanations of one bill, step beside step 前后对照: what only one side has stands where that side has it."""

from difflib import SequenceMatcher
from typing import NamedTuple

from openyibao.warehouse.simulate.outcome import Case, Explained, Side


class Pair(NamedTuple):
    """One step before and after; None where a side does not take it."""

    before: Explained | None
    after: Explained | None

    @property
    def shown(self) -> Explained:
        """The side that names the step."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def differs(self) -> bool:
        """Whether figure or formula is another."""
        if self.before is None or self.after is None:
            return True
        return (self.before.value, self.before.formula) != (self.after.value, self.after.formula)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses of both sides, each once."""
        both = (*(self.before.clauses if self.before else ()), *(self.after.clauses if self.after else ()))
        return tuple(dict.fromkeys(clause for clause in both if clause))

    @property
    def trust(self) -> tuple[str, ...]:
        """The trust marks of both sides, each once."""
        both = (*(self.before.trust if self.before else ()), *(self.after.trust if self.after else ()))
        return tuple(dict.fromkeys(both))


def pairs(case: Case) -> list[Pair]:
    """The steps of a case in order, paired by key."""
    before, after = (_steps(side) for side in (case.before, case.after))
    found: list[Pair] = []
    blocks = SequenceMatcher(None, [step.key for step in before], [step.key for step in after], autojunk=False).get_opcodes()
    for tag, low, high, from_, to in blocks:
        if tag == "equal":
            found += [Pair(one, other) for one, other in zip(before[low:high], after[from_:to], strict=True)]
        else:
            found += [Pair(step, None) for step in before[low:high]]
            found += [Pair(None, step) for step in after[from_:to]]
    return found


def _steps(side: Side | None) -> tuple[Explained, ...]:
    return side.steps if side is not None else ()
