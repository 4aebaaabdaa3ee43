"""Every page speaks Chinese and English: no text outside the translations, no entry without English, no file behind."""

import ast
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from frontend_tools import tool

words = tool("words")
APPS = words.apps()
CJK = re.compile(r"[\u3400-\u9fff]")
TRANSLATED = re.compile(
    r"{%-?\s*(?:trans|translate)\s+.*?%}|{%\s*(?:blocktrans|blocktranslate)\b.*?{%\s*endblocktrans(?:late)?\s*%}"
    r"|{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}|<button[^>]*lang=\"zh\"[^>]*>.*?</button>|_\((['\"]).*?\1\)", re.DOTALL)  # fmt: skip
PAGES = {"views.py", "forms.py", "lists.py", "tags.py", "listing.py", "navigation.py", "first_page.py", "asking.py", "administration.py"}
"""Modules whose texts are shown as they stand."""
SENTENCE, WORD = re.compile(r"^[^\u3400-\u9fff]*[A-Za-z]{2,} [A-Za-z]"), re.compile(r"^[^\u3400-\u9fff]*[A-Za-z]{3,}")
"""English for people: some words, or one where only the language can be the choice."""
MEANT = {"本人查询", "政策调整草案", "终止"}
"""Texts that are kept in a row or a file, not shown: the purpose of a look at oneself, the source of a drafted value."""


def name_of(app: Path) -> str:
    """An app as a test id."""
    return app.name


@pytest.mark.parametrize("app", APPS, ids=name_of)
def test_every_entry_has_its_english(app):
    assert words.without_english(app) == []


@pytest.mark.parametrize("app", APPS, ids=name_of)
def test_the_files_hold_what_the_code_says(app):
    place, catalogue = app / words.PLACE, words.collected(app)
    assert place.is_file() or not len(catalogue), f"run `make words`: {place} is missing"
    if place.is_file():
        assert place.read_bytes() == words.written(catalogue), f"run `make words`: {place} is behind the code"


@pytest.mark.parametrize("app", APPS, ids=name_of)
def test_no_template_has_chinese_outside_the_translations(app):
    found = []
    for path in sorted(app.rglob("*.html")):
        plain = TRANSLATED.sub(lambda match: "\n" * match[0].count("\n"), path.read_text(encoding="utf-8"))
        lines = [(number, line.strip()[:80]) for number, line in enumerate(plain.splitlines(), 1) if CJK.search(line)]
        found += [f"{path.relative_to(app)}:{number}: {line}" for number, line in lines]
    assert not found, "\n".join(found)


def untranslated(source: str) -> list[tuple[int, str]]:
    """Chinese texts that are no docstring, no argument of gettext, and have no English beside them."""
    tree, gettext = ast.parse(source), {"_", *words.keywords(source)}
    fine: set[int] = set()
    said: set[str] = set()      # a key that is also shown is translated where it is shown
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            fine.add(id(node.value))
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in gettext:
            fine |= {id(part) for part in ast.walk(node)}
            said |= set(texts(node))
        elif (isinstance(node, ast.Call | ast.Dict) and any(SENTENCE.search(text) for text in texts(node))) or (
            isinstance(node, ast.IfExp) and any(WORD.search(text) for text in texts(node))
        ):  # fmt: skip
            fine |= {id(part) for part in ast.walk(node)}
        elif isinstance(node, ast.Tuple):           # (Chinese, English), as everywhere in the house
            for first, second in itertools.pairwise(node.elts):
                if [len(list(texts(first))), len(list(texts(second)))] == [1, 1] and not CJK.search(next(texts(second))):
                    fine |= {id(part) for part in ast.walk(first)}
    return [(node.lineno, node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            and CJK.search(node.value) and id(node) not in fine and node.value not in said and " | " not in node.value]  # fmt: skip


def texts(node: ast.AST) -> Iterator[str]:
    """The text constants in a piece of code."""
    return (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))


@pytest.mark.parametrize("app", APPS, ids=name_of)
def test_no_page_module_has_chinese_without_english(app):
    found = []
    for path in sorted(app.rglob("*.py")):
        if path.name in PAGES or path.name.endswith("_views.py"):
            lines = untranslated(path.read_text(encoding="utf-8"))
            found += [f"{path.relative_to(app)}:{number}: {text[:60]}" for number, text in lines if text not in MEANT]
    assert not found, "\n".join(found)


def test_the_check_finds_what_it_should():
    source = '''"""文档"""
A = _("甲")
B = "乙"
C = Refused("X-1", "丙。", "Third one.")
def f():
    """文"""
    return {"title": "丁"}
'''
    assert [text for _, text in untranslated(source)] == ["乙", "丁"]
    assert CJK.search(TRANSLATED.sub("", '<p>{% trans "甲" %} 乙</p>')) and not CJK.search(TRANSLATED.sub("", '{# 甲 #}{% trans "甲" %}'))


def test_one_text_has_one_english():
    said = defaultdict(set)
    for app in APPS:
        for entry in words.kept(app):
            if entry.id:
                said[entry.id].add((entry.string, app.name))
    differ = {text: ways for text, ways in said.items() if len({english for english, _ in ways}) > 1}
    lines = [f"{text}: " + "; ".join(f"{english} ({app})" for english, app in sorted(ways, key=str)) for text, ways in differ.items()]
    assert not lines, "Django joins all catalogues, so a text has one English on all pages:\n" + "\n".join(lines)


@pytest.mark.parametrize("app", [app for app in APPS if (app / words.PLACE).is_file()], ids=name_of)
def test_what_is_compiled_is_what_is_written(app):
    place = app / words.PLACE
    compiled = place.with_suffix(".mo")
    assert compiled.is_file(), "run `make setup`"
    with place.open("rb") as text, compiled.open("rb") as made:
        wanted, found = read_po(text, locale="en"), read_mo(made)
    said = [sorted(map(flat, (entry for entry in one if entry.id))) for one in (wanted, found)]
    assert said[0] == said[1], "run `make setup`"


def flat(entry: Message) -> list[str]:
    """An entry's text and English, singular and plural, whichever kind of sequence they were read into."""
    return [part for side in (entry.id, entry.string) for part in ([side] if isinstance(side, str) else side)]


def test_placeholders_survive_translation():
    named = re.compile(r"%\((\w+)\)[sd]")
    wrong = []
    for app in APPS:
        for entry in words.kept(app):
            ids, strings = (one if isinstance(one, tuple | list) else (one,) for one in (entry.id, entry.string))
            if entry.id and any(set(named.findall(text)) != set(named.findall(ids[0])) for text in strings):
                wrong.append(f"{app.name}: {entry.id} -> {entry.string}")
    assert not wrong, "\n".join(wrong)
