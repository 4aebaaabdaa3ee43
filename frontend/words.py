"""The pages' words in English 英文词条: collected from Python and templates of each app into its locale/, and compiled for Django.

    python frontend/words.py collect [APP …]     bring every locale/en/LC_MESSAGES/django.po in line with the code; translations are kept
    python frontend/words.py compile [APP …]     write django.mo beside each (`make setup` does)
    python frontend/words.py missing [APP …]     list the entries without English; exit code 1 when there are some

An app's words stand in the app: `bureau/<room>/locale/`, `site/locale/`. The msgid is the Chinese text itself.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1] / "src" / "openyibao"
PLACE = Path("locale", "en", "LC_MESSAGES", "django.po")
HEAD = r'''msgid ""
msgstr ""
"Language: en\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

'''
ALIAS = re.compile(r"\b((?:n|p)?gettext(?:_lazy|_noop)?) as (\w+)")
KEYWORDS: dict[str, Any] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}  # fmt: skip


def keywords(text: str) -> dict[str, Any]:
    """The names by which a module calls gettext: the usual ones and those of its imports."""
    return KEYWORDS | {alias: KEYWORDS[name] for name, alias in ALIAS.findall(text)}


def apps() -> list[Path]:
    """The folders that keep words of their own: every room, the window at the door, the site."""
    rooms = sorted(path for path in (SOURCE / "bureau").iterdir() if path.is_dir() and path.name != "__pycache__")
    return [*rooms, SOURCE / "gateway" / "window", SOURCE / "site"]


def found(app: Path) -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    """Every text of an app that is meant to be translated: (file, line, msgid)."""
    for path in sorted([*app.rglob("*.py"), *app.rglob("*.html")]):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            text = "\n".join(map(str.strip, templatize(text, origin=str(path)).splitlines()))      # no Python: indents mean nothing
        for line, words, *_ in extract("python", io.BytesIO(text.encode()), keywords=keywords(text), options={"encoding": "utf-8"}):
            yield path.relative_to(app).as_posix(), line, words


def kept(app: Path) -> Catalog:
    """The app's entries as they stand."""
    place = app / PLACE
    if not place.is_file():
        return Catalog(locale="en")
    with place.open("rb") as file:
        return read_po(file, locale="en")


def collected(app: Path) -> Catalog:
    """The app's entries as the code asks for them, with the translations that stand."""
    before, now = kept(app), Catalog(locale="en", fuzzy=False, charset="utf-8")
    for place, _line, words in found(app):
        entry = before.get(words[0] if isinstance(words, tuple) else words)
        now.add(words, entry.string if entry is not None else None, locations=[(place, None)])
    return now


def written(catalog: Catalog) -> bytes:
    """A catalogue as a file, the same bytes for the same entries."""
    out = io.BytesIO()
    write_po(out, catalog, width=140, sort_output=True, omit_header=True, include_lineno=False)
    return HEAD.encode() + out.getvalue()


def without_english(app: Path) -> list[str]:
    """The app's texts that have no English, as `file: text`."""
    missing = []
    for entry in collected(app):
        strings = entry.string if isinstance(entry.string, (tuple, list)) else (entry.string,)
        if entry.id and not all(strings):
            missing.append(f"{app.relative_to(SOURCE)}/{entry.locations[0][0]}: {entry.id}")
    return missing


def collect(asked: list[Path]) -> None:
    """Bring the apps' files in line with the code."""
    for app in asked:
        catalog, place = collected(app), app / PLACE
        if len(catalog):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(written(catalog))
        elif place.exists():
            place.unlink()


def compile_all(asked: list[Path]) -> None:
    """Write django.mo beside django.po."""
    for app in asked:
        if (app / PLACE).is_file():
            with (app / PLACE).with_suffix(".mo").open("wb") as file:
                write_mo(file, kept(app))


def main(given: list[str]) -> int:
    """One command, for the apps named or for all."""
    asked, named = given[0] if given else "", given[1:]
    chosen = [app for app in apps() if not named or app.name in named]
    if asked == "collect":
        collect(chosen)
    elif asked == "compile":
        compile_all(chosen)
    elif asked == "missing":
        lines = [line for app in chosen for line in without_english(app)]
        print("\n".join(lines) or "every entry has its English")
        return 1 if lines else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
