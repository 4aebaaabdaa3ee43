"""Files stay small, name no machine, and the front pages promise only what is there."""

import re
from pathlib import Path

import pytest
import typer.main

from openyibao.cli.main import app

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "openyibao"
LONGEST, LONG = 500, 300
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|opt|tmp|home|Users)/|file:/{2}|(?<![=\w.])(?:10|192\.168|172\.16)\.\d+\.\d+\b")
TEXTS = {".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".in", ".csv", ".jsonl", ".json", ".svg", ""}


def written_files() -> list[Path]:
    """Every text file that a person or a tool of the project wrote."""
    places = [ROOT / name for name in ("src", "tests", "docs", "policies", "requirements", "benchmarks", "changelog.d", ".ci", "frontend")]
    files = [path for place in places if place.is_dir() for path in sorted(place.rglob("*"))]
    files += [path for path in ROOT.iterdir() if not path.name.startswith(".")]
    made = {"__pycache__", "node_modules", "_vendor"}
    return [path for path in files if path.is_file() and path.suffix in TEXTS and not made & set(path.parts)]


def name_of(path: Path) -> str:
    """The path from the root, as a test id."""
    return path.relative_to(ROOT).as_posix()


def test_python_files_are_short():
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCE.rglob("*.py")}
    growing = {name: lines for name, lines in sorted(lengths.items()) if LONG < lines <= LONGEST}
    print(f"longer than {LONG} lines: {growing}")
    too_long = {name: lines for name, lines in lengths.items() if lines > LONGEST}
    assert not too_long, f"longer than {LONGEST} lines, find the second subject: {too_long}"


def test_nothing_happens_in_init_files():
    for path in SOURCE.rglob("__init__.py"):
        code = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL).strip()
        assert not code, f"{name_of(path)}: only a docstring belongs here"


def test_no_file_names_a_machine():
    found = []
    for path in written_files():
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if MACHINE.search(line):
                found.append(f"{name_of(path)}:{number}: {line.strip()[:100]}")
    assert not found, "paths or addresses of somebody's machine:\n" + "\n".join(found)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_targets_named_in_a_page_are_in_the_makefile(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = set(re.findall(r"(?:^ {4}|`)make ([a-z][a-z-]*)", page.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert named <= targets, f"{name_of(page)} names {sorted(named - targets)}, which the Makefile does not have"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_of_a_page_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        target = (page.parent / link).resolve()
        assert target.exists(), f"{name_of(page)}: link to {link} leads nowhere"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_named_in_a_page_exist(page):
    for words in re.findall(r"(?:bin/|`)openyibao ((?:[a-z-]+ ?)+)", page.read_text(encoding="utf-8")):
        command = typer.main.get_command(app)
        for word in words.split():
            commands = getattr(command, "commands", None)
            if not commands or word.startswith("-"):
                break
            assert word in commands, f"{name_of(page)}: `openyibao {words.strip()}`: there is no {word!r}; there are {sorted(commands)}"
            command = commands[word]


def test_both_readmes_show_the_same_commands():
    english, chinese = (re.findall(r"^ {4}(\S.*?)(?:\s+#.*)?$", page.read_text(encoding="utf-8"), flags=re.MULTILINE) for page in PAGES[:2])
    assert english == chinese
