"""The reviewed rows 成文取数: for each figure a SQL file whose rows sum to it, so that a figure and what is behind it cannot differ.

Every file gives `numerator` and `denominator`; the figure is the sum of the one over the sum of the other.
"""

from functools import cache
from importlib import resources

from openyibao.warehouse.questions.written import Question, read_question


@cache
def written() -> dict[str, Question]:
    """Every file of `rows/` by name, in order of name."""
    place = resources.files(__package__) / "rows"
    names = sorted(entry.name.removesuffix(".sql") for entry in place.iterdir() if entry.name.endswith(".sql"))
    return {name: read_question(name, (place / f"{name}.sql").read_text(encoding="utf-8")) for name in names}


def text_of(name: str) -> str:
    """The SQL of a file without its comments, to stand inside another statement."""
    return "\n".join(line for line in written()[name].text.splitlines() if not line.startswith("--"))
