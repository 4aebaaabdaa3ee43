"""Sessions 会话: which are open, and ending them. Django keeps what one holds; here stands whose it is, since when, from where."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.sessions.models import Session as Stored
from django.db import transaction

from openyibao.bureau.staff.models import Officer, Session
from openyibao.bureau.staff.signing import IDLE, WHOLE

BROWSER = Session._meta.get_field("browser").max_length


@transaction.atomic
def opened(*, officer: Officer, key: str, address: str, browser: str, at: datetime) -> None:
    """Note that a session began; the officer's sessions that are over are cleared away."""
    gone(set(Session.objects.filter(officer=officer).values_list("key", flat=True)) - {one.key for one in live(officer, at)})
    Session.objects.update_or_create(key=key, defaults={
        "officer": officer, "began_at": at, "seen_at": at, "address": address[:45], "browser": browser[:BROWSER],
    })  # fmt: skip


def seen(key: str, *, at: datetime) -> None:
    """Note that a session was used."""
    Session.objects.filter(key=key).update(seen_at=at)


def live(officer: Officer, now: datetime) -> list[Session]:
    """The officer's open sessions, the last used first."""
    return list(Session.objects.filter(officer=officer, seen_at__gt=now - IDLE, began_at__gt=now - WHOLE).order_by("-seen_at", "key"))


def ended(key: str) -> None:
    """Note that a session ended."""
    Session.objects.filter(key=key).delete()


def end_others(officer: Officer, *, but: str = "") -> int:
    """End every session of an officer but one; gives how many there were. Whoever sits there has to sign in again."""
    keys = list(Session.objects.filter(officer=officer).exclude(key=but).values_list("key", flat=True))
    gone(keys)
    return len(keys)


@transaction.atomic
def gone(keys: Iterable[str]) -> None:
    """Remove sessions and what they hold."""
    kept = list(keys)
    Stored.objects.filter(session_key__in=kept).delete()
    Session.objects.filter(key__in=kept).delete()
