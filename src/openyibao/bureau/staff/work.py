"""Work that waits 待办: opened by a desk, seen by whoever may do it, closed by the one who did it. Nobody does two steps in a row."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from openyibao.bureau.staff.models import Notice, Work
from openyibao.bureau.staff.rights import Rights


def opened(
    *, act: str, kind: str, object: str, title: str, title_en: str, link: str, at: datetime, due: date | None = None, area: str = "",
    institution: str = "", not_for: tuple[str, ...] = (),
) -> Work:  # fmt: skip
    """Open a piece of work; the open one of the same kind and object is kept as it is."""
    row, _ = Work.objects.get_or_create(
        kind=kind, object=object, closed_at=None,
        defaults={"act": act, "title": title[:200], "title_en": title_en[:200], "link": link, "opened_at": at, "due": due, "area": area,
                  "institution": institution, "not_for": list(not_for)},
    )  # fmt: skip
    return row


def retitled(*, kind: str, object: str, title: str, title_en: str) -> bool:
    """Bring the words of the open piece of a kind and object up to date; False when there was none."""
    rows = Work.objects.filter(kind=kind, object=object, closed_at=None)
    return bool(rows.update(title=title[:200], title_en=title_en[:200]))


def closed(*, kind: str, object: str, by: str, outcome: str, at: datetime) -> bool:
    """Close the open piece of a kind and object; False when there was none."""
    return bool(Work.objects.filter(kind=kind, object=object, closed_at=None).update(closed_at=at, closed_by=by, outcome=outcome))


def waiting_for(rights: Rights) -> QuerySet[Work]:
    """What this officer may do now: the rights, the area and the institution fit, and the step before was somebody else's."""
    rows = Work.objects.filter(closed_at=None, act__in=rights.acts).exclude(not_for__contains=[rights.login])
    if rights.institution:
        rows = rows.filter(institution=rights.institution)
    elif rights.area:
        rows = rows.filter(Q(area__startswith=rights.area) | Q(area=""))
    return rows


def count_for(rights: Rights) -> int:
    """How many pieces wait for this officer."""
    return waiting_for(rights).count()


def told(*, officer: str, text: str, text_en: str, at: datetime, link: str = "") -> None:
    """Leave a notice 通知 for one officer."""
    Notice.objects.create(officer=officer, at=at, text=text[:300], text_en=text_en[:300], link=link)


def unread(login: str) -> int:
    """Notices that an officer has not read."""
    return Notice.objects.filter(officer=login, read_at=None).count()


def have_read(login: str, *, at: datetime) -> None:
    """Mark an officer's notices as read."""
    Notice.objects.filter(officer=login, read_at=None).update(read_at=at)
