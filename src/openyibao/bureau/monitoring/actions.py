"""What the operations room writes 运行监测办理: alerts raised and let go by the check, handled by people; old traffic goes."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from openyibao.bureau.monitoring import queries
from openyibao.bureau.monitoring.models import Alert, AlertStep, Minute, Process, Refusal, Watch
from openyibao.bureau.monitoring.rules import ONCE, Found, Rule, sentence
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff import work
from openyibao.bureau.staff.actions import acted
from openyibao.bureau.staff.models import Look

EVERY = timedelta(minutes=1)
"""The check runs once in it, whoever asks and however many server processes there are."""
MINUTES, REFUSALS, GONE = timedelta(days=3), timedelta(days=30), timedelta(days=1)
"""How long minutes, refused messages and rows of dead processes are kept."""
HANDLE, KIND, WATCH = "alert.handle", "alert", "watch"
RAISED, KNOWN, TAKEN, CLOSED = "raised", "known", "taken", "closed"


@transaction.atomic
def taken_turn(*, at: datetime) -> bool:
    """Whether the check is due: the one who asks first in a minute does it."""
    Watch.objects.get_or_create(pk=1)
    due = Q(ran_at=None) | Q(ran_at__lte=at - EVERY)
    return bool(Watch.objects.filter(due, pk=1).update(ran_at=at))


@transaction.atomic
def checked(*, rule: Rule, found: list[Found], at: datetime) -> list[int]:
    """Bring a rule's alerts in line with what was measured: raise, see again, let go; the numbers of those newly raised.

    An alert whose cause is gone closes by itself, unless somebody has taken it or it tells of something that happened.
    """
    there = {row.object: row for row in Alert.objects.select_for_update().filter(rule=rule.code).exclude(state=CLOSED)}
    beyond = {one.object: one for one in found if one.figure > rule.above}
    fresh = []
    for object, one in beyond.items():
        row = there.get(object)
        if row is None:
            fresh.append(raised(rule, one, at))
        else:
            back = row.gone_at is not None
            row.text, row.text_en = cut(*sentence(rule, one))
            row.figure, row.seen_at, row.gone_at = one.figure, at, None
            row.save(update_fields=["text", "text_en", "figure", "seen_at", "gone_at"])
            if back:
                AlertStep.objects.create(alert=row, at=at, by=WATCH, what="back")
    for object, row in there.items():
        if object not in beyond and rule.figure not in ONCE and row.gone_at is None:
            let_go(row, at)
    return fresh


def raised(rule: Rule, one: Found, at: datetime) -> int:
    """A new alert, its work, and notices to those who may handle it."""
    zh, en = cut(*sentence(rule, one))
    row = Alert.objects.create(
        rule=rule.code, object=one.object[:80], severity=rule.severity, text=zh, text_en=en, figure=one.figure, bound=rule.above,
        raised_at=at, seen_at=at,
    )  # fmt: skip
    AlertStep.objects.create(alert=row, at=at, by=WATCH, what=RAISED, said=zh)
    link = reverse("alert", args=[row.pk])
    work.opened(act=rule.owner, kind=KIND, object=f"alert/{row.pk}", title=f"告警：{zh}", title_en=f"Alert: {en}", link=link, at=at)
    for login in queries.who_may(rule.owner):
        work.told(officer=login, text=f"告警：{zh}", text_en=f"Alert: {en}", at=at, link=link)
    return row.pk


def cut(zh: str, en: str) -> tuple[str, str]:
    """Sentences as wide as their columns."""
    return zh[:300], en[:300]


def let_go(row: Alert, at: datetime) -> None:
    """The cause is gone: closed where nobody has taken it, else marked."""
    row.gone_at = at
    AlertStep.objects.create(alert=row, at=at, by=WATCH, what="gone")
    if row.state != TAKEN:
        row.state, row.closed_at, row.closed_by, row.note = CLOSED, at, WATCH, "原因消失，自动关闭"
        AlertStep.objects.create(alert=row, at=at, by=WATCH, what=CLOSED, said=row.note)
        work.closed(kind=KIND, object=f"alert/{row.pk}", by=WATCH, outcome="gone", at=at)
    row.save(update_fields=["gone_at", "state", "closed_at", "closed_by", "note"])


@transaction.atomic
def remembered(*, heads: Mapping[str, tuple[int, str]], micros: int) -> None:
    """What the next check goes on from: chains looked at, looks looked at."""
    last = Look.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    Watch.objects.filter(pk=1).update(heads={area: list(head) for area, head in heads.items()}, looked=last, micros=micros)


@transaction.atomic
def cleared(*, at: datetime) -> None:
    """Old traffic and dead processes go."""
    Minute.objects.filter(minute__lt=at - MINUTES).delete()
    Refusal.objects.filter(at__lt=at - REFUSALS).delete()
    Process.objects.filter(at__lt=at - GONE).delete()


@transaction.atomic
def handled(*, alert: int, what: str, said: str, by: str, at: datetime) -> None:
    """A person's step on an alert: known 知悉, taken 认领, note 记录, closed 关闭.

    Raises Refused ALERT-01 for an alert that is closed, ALERT-02 without the words that closing and noting need, ALERT-03 when it is
    another's.
    """
    row = Alert.objects.select_for_update().get(pk=alert)
    if row.state == CLOSED:
        raise Refused("ALERT-01", "告警已关闭。", "The alert is closed.", next_zh="请看处置经过。", next_en="See what was done.")
    said = said.strip()[:300]
    if what in (CLOSED, "note") and not said:
        raise Refused("ALERT-02", "请写明查到了什么、做了什么。", "Say what was found and done.", place="said", next_zh="请填写说明。",
                      next_en="Write a few words.")
    if what == CLOSED and row.owner and row.owner != by:
        raise Refused("ALERT-03", f"告警由 {row.owner} 处置，应由其关闭。", f"{row.owner} has taken it and closes it.",
                      next_zh="请先认领，再关闭。", next_en="Take it first, then close it.")
    if what == KNOWN and row.state == RAISED:
        row.state = KNOWN
    elif what == TAKEN:
        row.state, row.owner = TAKEN, by
    elif what == CLOSED:
        row.state, row.closed_at, row.closed_by, row.note = CLOSED, at, by, said
        work.closed(kind=KIND, object=f"alert/{row.pk}", by=by, outcome="closed", at=at)
    row.save(update_fields=["state", "owner", "closed_at", "closed_by", "note"])
    AlertStep.objects.create(alert=row, at=at, by=by, what=what, said=said)
    acted(officer=by, what=f"alert.{what}", object=f"alert/{row.pk}", at=at, detail={"rule": row.rule})
