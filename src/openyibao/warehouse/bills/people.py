"""The people file 参保人文件: every person's dated standing, found by psn_no for the day that decides.

A stay is judged on its admission day 入院日, another bill on its service day.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from openyibao.kernel.claim import FOREVER
from openyibao.warehouse.bills.columns import PEOPLE, canonical
from openyibao.warehouse.bills.problems import Problem, missing
from openyibao.warehouse.bills.rows import Row, rows
from openyibao.warehouse.bills.standing import Opening, Standing, opening, standing
from openyibao.warehouse.bills.values import text


class Person(NamedTuple):
    """One person's spans of standing in order of their start, and the opening of each scheme's year (scheme None = any)."""

    spans: tuple[Standing, ...]
    openings: tuple[tuple[int | None, Opening], ...]


class People(NamedTuple):
    """Everybody of a people file, and the rows of it that cannot be read."""

    by_number: dict[str, Person]
    rejected: tuple[tuple[Row, Problem], ...]


NOBODY = People({}, ())


def read_people(path: Path) -> People:
    """Read a people file whole; bad rows are kept with their Problem. Raises FileProblem."""
    return gathered(rows(path, PEOPLE))


def gathered(found: Iterable[Row]) -> People:
    """Rows grouped by person."""
    spans: dict[str, list[Standing]] = {}
    openings: dict[str, list[tuple[int | None, Opening]]] = {}
    rejected: list[tuple[Row, Problem]] = []
    for row in found:
        try:
            if row.problem is not None or row.cells is None:
                raise row.problem or missing("psn_no")
            cells = canonical(row.cells, PEOPLE)
            if "psn_no" not in cells:
                raise missing("psn_no", "（人员编号）", " (the person's number)")
            number, said, start = text("psn_no", cells["psn_no"]), standing(cells), opening(cells)
        except Problem as problem:
            rejected.append((row, problem))
            continue
        spans.setdefault(number, []).append(said)
        if start.figures:
            openings.setdefault(number, []).append((said.scheme, start))
    everybody = {number: Person(tuple(sorted(found, key=lambda span: span.starts)), tuple(openings.get(number, ())))
                 for number, found in spans.items()}
    return People(everybody, tuple(rejected))


def with_cover(span: Standing) -> Standing:
    """The span with its own days as days of benefit, where it states none."""
    return span._replace(
        cover_from=max(span.starts, 1) if span.cover_from is None else span.cover_from,
        cover_to=last_day(span.ends) if span.cover_to is None else span.cover_to,
    )


def last_day(ends: int) -> int:
    """The day before `ends`; FOREVER for an open span."""
    if ends > FOREVER:
        return FOREVER
    before = date(ends // 10_000, ends // 100 % 100, ends % 100) - timedelta(1)
    return before.year * 10_000 + before.month * 100 + before.day


def on_day(person: Person, scheme: int | None, day: int) -> Standing:
    """The span that decides on `day`: in force, else the last that ended before (lapsed), else the first to come (not yet covered).

    Where two spans are in force the employee scheme wins over the resident one; a person whose spans are all of another scheme than
    the bill's is not covered in the bill's.
    """
    spans = [span for span in person.spans if scheme is None or span.scheme in (None, scheme)]
    if not spans:
        return Standing(scheme=scheme, cover_from=0)
    current = [span for span in spans if span.starts <= day < span.ends]
    if current:
        return with_cover(min(current, key=lambda span: (span.scheme or 9, -span.starts)))
    ended = [span for span in spans if span.ends <= day]
    return with_cover(max(ended, key=lambda span: span.ends) if ended else spans[0])


def opening_of(person: Person, scheme: int) -> Opening:
    """The opening of the person's year in one scheme."""
    for said, start in person.openings:
        if said in (None, scheme):
            return start
    return Opening()
