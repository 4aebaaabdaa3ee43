"""One thing has one name: what bills, years and receipts carry stands in docs/glossary.md."""

import re
from pathlib import Path

import pytest

from openyibao.kernel.claim import Claim, Line
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.year import Year

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
NAMES, TERMS = PAGE.split("## Terms of the field")
ROWS = [[cell.strip() for cell in row.strip("|").split("|")] for row in NAMES.splitlines() if row.startswith("| `")]
NAMED = {name for row in ROWS for name in re.findall(r"`([^`]+)`", row[0])}


@pytest.mark.parametrize("values", [Claim, Line, Year, Receipt], ids=lambda values: values.__name__)
def test_every_field_has_a_row(values):
    missing = [field for field in values._fields if field not in NAMED]
    assert not missing, f"docs/glossary.md has no row for {missing} of {values.__name__}: add code, 中文, national field, what it is"


def test_a_name_has_one_row():
    names = [name for row in ROWS for name in re.findall(r"`([^`]+)`", row[0])]
    assert len(names) == len(set(names)), sorted(name for name in set(names) if names.count(name) > 1)


def test_the_terms_of_the_field_are_all_there_once():
    terms = [row.strip("|").split("|")[0].strip() for row in TERMS.splitlines() if row.startswith("| ")][2:]
    assert len(terms) == len(set(terms)) == 443
