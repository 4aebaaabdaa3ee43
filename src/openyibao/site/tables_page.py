"""The page of the database's tables 数据表说明: written from the models and migrations themselves, so that it cannot fall behind.

`python -m openyibao.site.tables_page [file]` writes docs/reference/database.md. What a table's row is comes from the model's docstring,
what a column holds from the comment beside it or from tables.yaml, triggers from the migrations.
"""

import importlib
import inspect
import os
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import django
import yaml
from django.apps import apps
from django.db import models
from django.db.models.expressions import CombinedExpression, F

TYPES = {
    "CharField": "text", "TextField": "text", "BigIntegerField": "bigint", "IntegerField": "integer", "SmallIntegerField": "smallint",
    "FloatField": "double precision", "DecimalField": "numeric", "DateField": "date", "DateTimeField": "timestamptz",
    "BooleanField": "boolean", "BinaryField": "bytea", "JSONField": "jsonb",
    "BigAutoField": "bigint, own number", "AutoField": "integer, own number",
    "ForeignKey": "→", "ArrayField": "bigint[]", "ManyToManyField": "↔",
}  # fmt: skip
TRIGGER = re.compile(r"CREATE (?:CONSTRAINT )?TRIGGER (\w+) (?:BEFORE|AFTER) ([A-Z ]+?) ON (\w+)")
COMMENT = re.compile(r"^ {4}(\w+) = .*?\)  # (.+)$", re.MULTILINE)
WORDS = Path(__file__).with_name("tables.yaml")
LOOKUPS = {"gte": "≥", "gt": ">", "lte": "≤", "lt": "<", "in": "in", "exact": "="}


def page() -> str:
    """The whole page. Raises KeyError for a table or a column without words."""
    words = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    triggers = dict(all_triggers(words["rooms"]))
    parts = [words["head"]]
    for room, name in words["rooms"].items():
        parts.append(f"## {room} {name}\n")
        parts += [table(model, triggers.get(model._meta.db_table, []), words) for model in apps.get_app_config(room).get_models()]
    return "\n".join(parts)


def all_triggers(rooms: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Table -> its triggers, as the migrations make them."""
    found: dict[str, list[str]] = {}
    for room in rooms:
        package = importlib.import_module(f"{apps.get_app_config(room).name}.migrations")
        for module in sorted(one.name for one in pkgutil.iter_modules(package.__path__)):
            migration = importlib.import_module(f"{package.__name__}.{module}").Migration
            for operation in migration.operations:
                text = operation.sql if hasattr(operation, "sql") else ""
                for dropped in re.findall(r"DROP TRIGGER (\w+) ON (\w+)", text):
                    found[dropped[1]] = [one for one in found.get(dropped[1], []) if not one.startswith(f"`{dropped[0]}`")]
                for name, when, on in TRIGGER.findall(text):
                    found.setdefault(on, []).append(f"`{name}` ({when.lower()})")
    yield from found.items()


def table(model: Any, triggers: list[str], words: Any) -> str:
    """One table: its row, who writes it, its columns, its rules."""
    meta = model._meta
    lines = [f"### `{meta.db_table}`\n", sentence(model), "", f"Written by {words['writers'][meta.db_table]}.", ""]
    lines += ["| column | type | what |", "| --- | --- | --- |"]
    said = comments(model)
    for field in (*meta.local_fields, *meta.local_many_to_many):
        if not field.auto_created:
            what = said.get(field.name) or words_of(field, words["columns"])
            lines.append(f"| `{field.column or field.name}` | {type_of(field)} | {what} |")
    rules = [*map(rule, meta.constraints), *(f"trigger {one}" for one in triggers)]
    if rules:
        lines += ["", "Rules: " + "; ".join(rules) + "."]
    return "\n".join(lines) + "\n"


def sentence(model: Any) -> str:
    """What a row is, in one line."""
    return " ".join(inspect.cleandoc(model.__doc__).split())


def comments(model: Any) -> dict[str, str]:
    """Field -> the comment beside it."""
    return {name: text.replace("|", "\\|") for name, text in COMMENT.findall(inspect.getsource(model))}


def words_of(field: Any, columns: Mapping[str, str]) -> str:
    """What a column holds: the words of its table's column before those of its name. Raises KeyError."""
    own = f"{field.model._meta.db_table}.{field.name}"
    return columns[own] if own in columns else columns[field.name]


def type_of(field: Any) -> str:
    """A column's type, its width, and whether it may be empty."""
    kind = TYPES[type(field).__name__]
    if kind in ("→", "↔"):
        return f"{kind} `{field.related_model._meta.db_table}`" + (", may be empty" if field.null else "")
    if field.max_length and kind == "text":
        kind = f"text({field.max_length})"
    if type(field).__name__ == "ArrayField" and isinstance(field.base_field, models.CharField):
        kind = "text[]"
    return kind + (", key" if field.primary_key else "") + (", may be empty" if field.null else "")


def rule(constraint: Any) -> str:
    """A constraint in words, with its name."""
    if isinstance(constraint, models.CheckConstraint):
        return f"`{constraint.name}`: {condition(constraint.condition)}"
    where = f" where {condition(constraint.condition)}" if constraint.condition else ""
    if isinstance(constraint, models.UniqueConstraint):
        return f"`{constraint.name}`: one row per {', '.join(constraint.fields)}{where}"
    return f"`{constraint.name}`: no two rows of one person whose days overlap{where}"


def condition(given: Any) -> str:
    """A condition as one would say it."""
    if not isinstance(given, models.Q):
        name, _, lookup = given[0].partition("__")
        if lookup == "isnull":
            return f"{name} is {'' if given[1] else 'not '}empty"
        value = f"({', '.join(map(str, given[1]))})" if isinstance(given[1], tuple) else expression(given[1])
        return f"{name} {LOOKUPS[lookup or 'exact']} {value}"
    text = f" {given.connector.lower()} ".join(condition(one) for one in given.children)
    text = f"({text})" if given.connector == models.Q.OR and len(given.children) > 1 else text
    return f"not {text}" if given.negated else text


def expression(given: Any) -> str:
    """A value or a sum of columns."""
    if isinstance(given, CombinedExpression):
        return f"{expression(given.lhs)} {given.connector} {expression(given.rhs)}"
    return str(given.name if isinstance(given, F) else f"'{given}'" if isinstance(given, str) else given)


def main(target: Path) -> None:
    """Write the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openyibao.site.settings")
    django.setup()
    target.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference/database.md"))
