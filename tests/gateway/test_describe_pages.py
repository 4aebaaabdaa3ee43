"""The reference pages are what the descriptions say today."""

from pathlib import Path

from openyibao.gateway.describe import known_numbers, served_numbers
from openyibao.gateway.pages import pages, write

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference" / "messages"
LARGEST = 1_500_000


def test_the_pages_in_the_repository_are_the_generated_ones():
    written = pages()
    assert {path.name for path in FOLDER.glob("*.md")} == set(written)
    for name, text in written.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"{name}: run python -m openyibao.gateway.pages"


def test_every_served_message_has_a_page_and_every_number_a_row():
    written = pages()
    assert {f"{infno}.md" for infno in served_numbers()} <= set(written)
    for infno in known_numbers():
        assert f"| {infno} |" in written["README.md"] or f"| [{infno}]({infno}.md) |" in written["README.md"]
    assert sum(len(text.encode()) for text in written.values()) < LARGEST


def test_a_page_of_a_message_no_longer_served_goes_away(tmp_path):
    (tmp_path / "9999.md").write_text("stale", encoding="utf-8")
    count = write(tmp_path)
    assert count == len(list(tmp_path.glob("*.md")))
    assert not (tmp_path / "9999.md").exists()


def test_code_tables_are_linked_to_headings_that_exist():
    written = pages()
    headings = {line[3:].lower() for line in written["tables.md"].splitlines() if line.startswith("## ")}
    for name, text in written.items():
        for part in text.split("tables.md#")[1:]:
            assert part.split(")")[0] in headings, name
