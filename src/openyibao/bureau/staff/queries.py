"""What the staff desk knows 留痕查询: who looked at a person, what was done, and what an officer may do."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from openyibao.bureau.staff.models import Act, Look, Officer


class Looked(NamedTuple):
    """One look 一次查询, as the person reads it."""

    at: datetime
    officer: str
    purpose: str
    what: str


class Acted(NamedTuple):
    """One act 一次操作."""

    at: datetime
    officer: str
    what: str
    object: str
    detail: dict[str, Any]


def names_of(logins: Iterable[str]) -> dict[str, str]:
    """The names of officers by login; a login without an officer stays as it is."""
    asked = {login for login in logins if login}
    return {login: login for login in asked} | dict(Officer.objects.filter(login__in=asked).values_list("login", "name"))


def with_names(*fields: str) -> Callable[[Sequence[Any]], None]:
    """For a list's `looked_up`: each row learns the names of the officers in these fields, by one question for a page."""
    def looked_up(rows: Sequence[Any]) -> None:
        names = names_of(getattr(row, field) for row in rows for field in fields)
        for row in rows:
            row.names = names

    return looked_up


def officer(field: str) -> Callable[[Any], str]:
    """For a column: the officer in a field of a row, by name and login; for rows that `with_names` has seen."""
    def told(row: Any) -> str:
        login = getattr(row, field)
        name = row.names.get(login, login)
        return str(login if name == login else f"{name} {login}")

    return told


def looks_at(psn_no: str, *, since: datetime | None = None, limit: int = 200) -> list[Looked]:
    """Who looked at this person and why, newest first: what the person may read (K12)."""
    rows = Look.objects.filter(psn_no=psn_no)
    if since is not None:
        rows = rows.filter(at__gte=since)
    return [Looked(*row) for row in rows.order_by("-at", "-id").values_list("at", "officer", "purpose", "what")[:limit]]


def acts_on(object: str, *, limit: int = 200) -> list[Acted]:
    """What was done to an object such as `person/<psn_no>`, newest first."""
    return _acts(Act.objects.filter(object=object), limit)


def acts_of(officer: str, *, limit: int = 200) -> list[Acted]:
    """What an officer did, newest first."""
    return _acts(Act.objects.filter(officer=officer), limit)


def _acts(rows: Any, limit: int) -> list[Acted]:
    """Rows of the log as values."""
    return [Acted(*row) for row in rows.order_by("-at", "-id").values_list("at", "officer", "what", "object", "detail")[:limit]]


def may(login: str, act: str) -> bool:
    """Whether an active officer's post holds a role that names the act, such as `settlement.reverse`; unknown officers may nothing."""
    officer = Officer.objects.filter(login=login, is_active=True).select_related("post").first()
    if officer is None or officer.post is None:
        return False
    return any(act in role.may for role in officer.post.roles.all())
