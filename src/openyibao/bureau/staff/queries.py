"""What the staff desk knows 留痕查询: who looked at a person, what was done, and what an officer may do."""

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
