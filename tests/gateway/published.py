"""The reference of the interface beside the repository: transactions, code tables, recorded messages."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "reference" / "fsi"
MISSING = "the interface's reference is not beside the repository"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def present() -> bool:
    """Whether the reference can be read here."""
    return (FOLDER / "transactions.yaml").is_file()


@cache
def document(name: str) -> dict[str, Any]:
    """One reference file as plain data."""
    with (FOLDER / name).open(encoding="utf-8") as stream:
        content: dict[str, Any] = yaml.load(stream, Loader=LOADER)
    return content


def samples(kind: str) -> list[dict[str, Any]]:
    """The recorded messages of a kind (request, reply); none where the reference is absent."""
    if not present():
        return []
    lines = (FOLDER / "samples.jsonl").read_text(encoding="utf-8").splitlines()
    return [sample for line in lines if (sample := json.loads(line))["kind"] == kind]
