"""The real command line over real files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from openyibao.cli.main import app

Run = Callable[..., Result]
Write = Callable[..., Path]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("settle", path, "--city", "ankang")` in an empty folder; English unless --lang says otherwise."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENYIBAO_LANG", "en")
    monkeypatch.setenv("OPENYIBAO_CACHE", str(tmp_path / "cache"))

    def command(*words: object) -> Result:
        """Run one command and return what it said and its exit code."""
        return CliRunner().invoke(app, [str(word) for word in words])

    return command


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """`write(row, row, name="bills.jsonl")` writes a JSON Lines file."""

    def lines(*rows: dict[str, Any], name: str = "bills.jsonl") -> Path:
        """One row a line."""
        path = tmp_path / name
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return path

    return lines
