"""Storing rows 入库: what is new is inserted, what differs updated, the rest left untouched; so that a file can be loaded again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from django.db import connection
from django.db.models import AutoField, Model, QuerySet

from openyibao.bureau.loading.sift import Loaded

CHUNK = 2_000
BEIJING = timezone(timedelta(hours=8))
Key = tuple[Any, ...]


def midnight(day: date) -> datetime:
    """The beginning of a day in China."""
    return datetime.combine(day, time(), BEIJING)


def stored(rows: QuerySet[Any], key: Sequence[str], wanted: Mapping[Key, Mapping[str, Any]], along: Sequence[str] = ()) -> Loaded:
    """Make the rows of a query set stand as wanted.

    rows    the model's rows that may be met (a partial unique index: those it covers)
    key     the fields that make a row the same; the first narrows the search
    wanted  key -> all other fields that a row is to have
    along   fields that are written with a row that is new or differs, and by themselves make no difference
    """
    model: type[Model] = rows.model
    made: list[Model] = []
    changed = same = 0
    keys = list(wanted)
    for first in range(0, len(keys), CHUNK):
        chunk = keys[first:first + CHUNK]
        found = {tuple(getattr(row, field) for field in key): row for row in rows.filter(**{f"{key[0]}__in": {part[0] for part in chunk}})}
        moved: list[Model] = []
        fields: set[str] = set()
        for one in chunk:
            row = found.get(one)
            if row is None:
                made.append(model(**dict(zip(key, one, strict=True)), **wanted[one]))
                continue
            differing = [field for field, value in wanted[one].items() if field not in along and getattr(row, field) != value]
            if not differing:
                same += 1
                continue
            differing += along
            for field in differing:
                setattr(row, field, wanted[one][field])
            fields.update(differing)
            moved.append(row)
        if moved:
            model._default_manager.bulk_update(moved, fields)
        changed += len(moved)
    copied(model, made)     # last: a span that is closed above makes room for the next one
    return Loaded(len(made), changed, same, [])


def copied(model: type[Model], rows: Sequence[Model]) -> None:
    """Insert rows by COPY: a third of the time that INSERT takes."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    if not rows:
        return
    with connection.cursor() as cursor, cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as stream:
        for row in rows:
            stream.write_row([field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields])


def present(rows: QuerySet[Any], field: str, values: Iterable[str]) -> set[str]:
    """Which of these values some row has in a field."""
    asked = sorted(set(values))
    found: set[str] = set()
    for first in range(0, len(asked), CHUNK):
        found |= set(rows.filter(**{f"{field}__in": asked[first:first + CHUNK]}).values_list(field, flat=True))
    return found
