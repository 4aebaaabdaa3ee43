"""Help beside a field 字段说明: what a term means, from the glossary that the project keeps (docs/glossary.md), by its English name."""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

ROW = re.compile(r"^\| `?([a-z_ /]+)`? *\| ([^|]+)\|(.*)\|$")


class Help(NamedTuple):
    """A term's Chinese name and what the glossary says of it."""

    zh: str
    text: str


def glossary_file() -> Path:
    """The glossary: the checkout's, or the copy inside the installed package."""
    here = Path(__file__).resolve()
    checkout = here.parents[4] / "docs" / "glossary.md"
    return checkout if checkout.is_file() else here.parents[2] / "_docs" / "glossary.md"


@lru_cache(maxsize=1)
def terms() -> dict[str, Help]:
    """Every term of the glossary by its English name."""
    found = {}
    for line in glossary_file().read_text(encoding="utf-8").splitlines():
        row = ROW.match(line)
        if row:
            for name in re.split(r" */ *", row[1].strip()):
                found[name] = Help(row[2].strip(), row[3].strip(" |"))
    return found


def help_on(term: str) -> Help | None:
    """What the glossary says of a term; None where it says nothing."""
    return terms().get(term)
