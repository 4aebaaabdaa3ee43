"""docs/coverage.yaml holds every requirement once, every edge case once, and claims nothing that is not there."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
COVERAGE = yaml.safe_load((ROOT / "docs" / "coverage.yaml").read_text(encoding="utf-8"))
COUNTS = {"A": 34, "B": 48, "C": 15, "D": 25, "E": 17, "F": 37, "G": 9, "H": 26, "I": 22, "J": 30, "K": 21, "L": 11, "M": 12}
IDS = [f"{letter}{number:02d}" for letter, count in COUNTS.items() for number in range(1, count + 1)]
EDGE_IDS = [f"E-{number:02d}" for number in range(1, 32)]
STATUSES = {"built", "partial", "not"}
REQUIREMENTS, EDGE_CASES = COVERAGE["requirements"], COVERAGE["edge_cases"]


def test_every_requirement_is_there_once_and_in_order():
    assert len(IDS) == 307
    assert [entry["id"] for entry in REQUIREMENTS] == IDS


def test_every_edge_case_is_there_once_and_in_order():
    assert [entry["id"] for entry in EDGE_CASES] == EDGE_IDS


def test_a_requirement_has_a_name_and_a_state():
    for entry in REQUIREMENTS:
        assert entry["title"] and entry["zh"], f"{entry['id']}: no title"
        assert entry["status"] in STATUSES, f"{entry['id']}: status is one of {sorted(STATUSES)}"
        assert set(entry) <= {"id", "title", "zh", "status", "module", "test", "note"}, f"{entry['id']}: unknown key"


def test_an_edge_case_has_a_default_and_its_alternatives():
    for entry in EDGE_CASES:
        assert entry["case"] and entry["zh"] and entry["source"] and entry["default"], f"{entry['id']}: something is empty"
        for choice in (entry, *entry["alternatives"]):
            assert choice["status"] in STATUSES, f"{entry['id']}: status is one of {sorted(STATUSES)}"
            assert choice["case"], f"{entry['id']}: an alternative without words"


def missing_places(entry: dict[str, Any]) -> list[str]:
    """What an entry claims and does not have: files that do not exist, or no file at all."""
    if entry["status"] not in ("built", "partial"):
        return []
    places = [*entry.get("module", []), *entry.get("test", [])]
    missing = [place for place in places if not (ROOT / place.split("::")[0]).exists()]
    if not entry.get("module"):
        missing.append("a module")
    if entry["status"] == "built" and not entry.get("test"):
        missing.append("a test")
    return missing


def test_what_is_built_names_a_module_and_a_test_that_exist():
    claims = {entry["id"]: missing_places(entry) for entry in [*REQUIREMENTS, *EDGE_CASES]}
    empty = {name: missing for name, missing in claims.items() if missing}
    assert not empty, f"docs/coverage.yaml claims what is not there: {empty}"
