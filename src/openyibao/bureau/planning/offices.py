"""What an office answers for 责任部门 (L02): its own indicators, tasks and milestones are shown first, all of them by one click.

It is a view and no right: nothing is hidden from anybody, and a post without an office, or with one that the plan does not name, sees all.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from openyibao.bureau.planning.board import Row
from openyibao.bureau.planning.models import Milestone, Task
from openyibao.bureau.staff.rights import reader

Shown = TypeVar("Shown")
WHOSE, OWN, EVERY = "whose", "own", "all"
"""The parameter of an address, and what it may say; without it the own ones are shown."""
BETWEEN = "、"
"""Stands between the offices of a task or a milestone."""


class Whose(NamedTuple):
    """The switch between the own and all: how many there are of each, and where a click leads."""

    office: str
    own: bool  # whether the own ones are shown
    mine: int
    every: int
    own_link: str
    every_link: str


def switch(request: HttpRequest, mine: int, every: int) -> Whose | None:
    """The switch of a page; None for a reader without an office, or with one that nothing there is the duty of."""
    office = reader(request).office
    if not office or not mine:
        return None
    links = []
    for choice in (OWN, EVERY):
        asked = request.GET.copy()
        asked.pop("export", None)
        asked[WHOSE] = choice
        links.append(f"?{asked.urlencode()}")
    return Whose(office, request.GET.get(WHOSE) != EVERY, mine, every, *links)


def chosen(request: HttpRequest, every: Sequence[Shown], own: Sequence[Shown]) -> tuple[Sequence[Shown], Whose | None]:
    """What is shown of a list and of those that are the reader's office's own, and the switch."""
    whose = switch(request, len(own), len(every))
    return (own if whose is not None and whose.own else every), whose


def own_rows(rows: Iterable[Row], office: str) -> list[Row]:
    """The indicators that an office answers for, by its exact name in the plan."""
    return [row for row in rows if office in row.indicator.offices]


def own_milestones(rows: Iterable[Milestone], office: str) -> list[Milestone]:
    """The milestones of an office."""
    return [row for row in rows if office in row.office.split(BETWEEN)]


def own_tasks(query: QuerySet[Task], office: str) -> QuerySet[Task]:
    """The tasks of an office."""
    named = Q(office=office) | Q(office__startswith=f"{office}{BETWEEN}")
    return query.filter(named | Q(office__endswith=f"{BETWEEN}{office}") | Q(office__contains=f"{BETWEEN}{office}{BETWEEN}"))
