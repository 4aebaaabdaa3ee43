"""The front pages keep their word: every command they name runs, and what they quote of its output is what it says today."""

import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGES = {"docs/getting-started.md": "en", "docs/getting-started.zh-CN.md": "zh"}
BOXES = re.compile(r"[│┃\s]+")


def plain(text: str) -> str:
    """Letters without boxes and gaps, which change with the terminal's width."""
    return BOXES.sub("", text)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a copy of the examples, where a page's commands run."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def quoted(page: str) -> list[tuple[str, list[str]]]:
    """Each command of a page with the lines quoted below it."""
    found: list[tuple[str, list[str]]] = []
    for block in blocks(page, ""):
        for line in block.splitlines() if block.startswith("$ ") else ():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif line.strip("… "):
                found[-1][1].append(line)
    return found


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of a page in one language ("" = none named)."""
    fenced: list[tuple[str, str]] = re.findall(r"^```(\w*)\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    return [text for named, text in fenced if named == language]


def bills_of(city: str, place: Path) -> None:
    """What the page's `grep` does."""
    lines = (place / "examples" / "bills.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (place / f"{city}.jsonl").write_text("".join(line for line in lines if f'"city": "{city}"' in line), encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_getting_started_quotes_real_outputs(run: Any, place: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    monkeypatch.chdir(place)
    monkeypatch.setenv("OPENYIBAO_LANG", PAGES[name])
    (place / "draft.yaml").write_text(blocks(page, "yaml")[0], encoding="utf-8")
    commands = quoted(page)
    assert len(commands) == 11
    for command, lines in commands:
        if command.startswith("grep "):
            bills_of("ankang", place)
            continue
        done = run(*shlex.split(command)[1:])
        assert done.exit_code == (3 if "bad-bills" in command else 0), (command, done.output)
        missing = [line for line in lines if plain(line) not in plain(done.output)]
        assert not missing, (command, missing)


def test_the_commands_of_the_readme_run(run: Any, place: Path) -> None:
    commands = re.findall(r"^ {4}\.venv/bin/openyibao (.*?)\s+#", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(commands) == 5
    for command in commands:
        done = run(*shlex.split(command))
        assert done.exit_code == 0, (command, done.output)


def test_the_pages_say_how_many_bills_and_people_there_are() -> None:
    bills = len((ROOT / "examples" / "bills.jsonl").read_text(encoding="utf-8").splitlines())
    people = len(set(re.findall(r'"psn_no": "([^"]+)"', (ROOT / "examples" / "people.jsonl").read_text(encoding="utf-8"))))
    for name in ("README.md", "README.zh-CN.md", "examples/README.md", *PAGES):
        assert str(bills) in (ROOT / name).read_text(encoding="utf-8"), name
    assert f"{people} people" in (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
