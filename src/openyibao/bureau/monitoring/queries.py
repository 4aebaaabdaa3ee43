"""What the operations room reads 运行监测查询: traffic, times of answer, refusals, queues, seals, jobs, the funds' day, alerts.

All of it comes from the database, so that any server process shows the whole server. `remembered` keeps a figure for a few seconds, so
that many open pages cost what one does.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Count, Max, Sum
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from openyibao.bureau.fund.books import BENEFIT
from openyibao.bureau.fund.queries import asked
from openyibao.bureau.monitoring.models import Alert, AlertStep, Hour, Minute, Process
from openyibao.bureau.monitoring.traffic import BUCKETS, percentile
from openyibao.bureau.providers.models import Institution
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.staff.models import Officer

SETTLING = ("2102", "2207", "2207A", "2304")
"""Numbers whose answer is a settled bill."""
ALIVE = timedelta(seconds=30)
"""A process that gave a sign of life within it is taken to live."""
KEPT = 4
"""Seconds that a page's figures are remembered."""
WIDE = 60
"""Minutes of the charts."""
TOP = 12
"""Institutions and codes that the room names."""

Answer = TypeVar("Answer")

FUNDS_OF_DAY = f"""
SELECT p.fund, coalesce(sum(p.fen), 0)::bigint, count(DISTINCT e.setl_id) FROM fund_entry e JOIN fund_posting p ON p.entry_id = e.id
WHERE e.poolarea = %s AND e.day = %s AND e.setl_id IS NOT NULL AND p.account = '{BENEFIT}' GROUP BY p.fund ORDER BY 2 DESC
"""

LAST_DAY = "SELECT day FROM fund_entry WHERE poolarea = %s AND setl_id IS NOT NULL ORDER BY day DESC LIMIT 1"

UNSEALED = """
SELECT count(*), min(at) FROM (
  SELECT at FROM settlement_journal WHERE id > coalesce((SELECT max(journal_id) FROM settlement_seal), 0) ORDER BY id LIMIT 10000) waiting
"""
"""Rows after the last sealed one; a row before it that was passed over is found by `verify`."""

LOADED = "SELECT max(at) FROM staff_act WHERE what = 'archive.take-in'"
"""When rows of another time last came in together: they wait for their seal since then, whatever their own moment."""

ENDS = """
WITH RECURSIVE area AS (
  (SELECT poolarea FROM settlement_seal ORDER BY poolarea LIMIT 1)
  UNION ALL
  SELECT (SELECT s.poolarea FROM settlement_seal s WHERE s.poolarea > area.poolarea ORDER BY s.poolarea LIMIT 1)
    FROM area WHERE area.poolarea IS NOT NULL
)
SELECT t.poolarea, t.number, encode(t.chain, 'hex') FROM area
  CROSS JOIN LATERAL (SELECT * FROM settlement_seal s WHERE s.poolarea = area.poolarea ORDER BY s.number DESC LIMIT 1) t
"""


class Times(NamedTuple):
    """Times of answer, microseconds."""

    many: int
    p50: int | None
    p95: int | None
    slowest: int


class Lag(NamedTuple):
    """The journal's rows that wait for their seal."""

    rows: int
    seconds: float  # since the oldest of them came in


class Spent(NamedTuple):
    """What a fund paid on a day."""

    fund: str
    fen: int
    bills: int


class Sent(NamedTuple):
    """What an institution or a number sent today."""

    code: str
    name: str
    many: int
    refused: int
    failed: int
    mean: int  # microseconds
    slowest: int
    last_at: datetime | None


class Bills(NamedTuple):
    """The bills of a day."""

    many: int
    mirrors: int
    total: int  # fen
    fund: int
    cash: int


class Waiting(NamedTuple):
    """Messages of an institution and number that are being answered."""

    institution: str
    infno: str
    many: int
    seconds: float


def remembered(name: str, work: Callable[[], Answer]) -> Answer:
    """A figure, worked out anew every few seconds at most by each process."""
    found: Answer | None = cache.get(name)
    if found is None:
        found = work()
        cache.set(name, found, KEPT)
    return found


def day_of(now: datetime) -> date:
    """The city's day."""
    return timezone.localtime(now).date()


def midnight(now: datetime) -> datetime:
    """Its first moment."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


# ---- the door ----


def outcomes(since: datetime, until: datetime) -> dict[str, int]:
    """Messages by outcome."""
    rows = Minute.objects.filter(minute__gte=since, minute__lte=until).values_list("outcome").annotate(Sum("count"))
    return {str(outcome): int(count) for outcome, count in rows}


def times(since: datetime, until: datetime) -> Times:
    """Times of answer over a span, of messages that were answered or refused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place, sum(n)::bigint FROM monitoring_minute, unnest(buckets) WITH ORDINALITY AS b(n, place) "
            "WHERE minute >= %s AND minute <= %s GROUP BY place", [since, until],
        )  # fmt: skip
        found = dict(cursor.fetchall())
    buckets = [int(found.get(place + 1, 0)) for place in range(BUCKETS)]
    slowest = Minute.objects.filter(minute__gte=since, minute__lte=until).aggregate(slowest=Max("slowest"))["slowest"]
    return Times(sum(buckets), within(percentile(buckets, 50), slowest), within(percentile(buckets, 95), slowest), int(slowest or 0))


def within(found: int | None, slowest: int | None) -> int | None:
    """A percentile read from buckets, which the slowest message bounds."""
    return found if found is None or not slowest else min(found, slowest)


def by_minute(now: datetime) -> list[tuple[datetime, int, int, int | None]]:
    """The last hour, minute by minute: messages, refused and failed ones, 95th percentile of the time of answer, microseconds."""
    first = now.replace(second=0, microsecond=0) - timedelta(minutes=WIDE - 1)
    sums: dict[datetime, list[Any]] = {first + timedelta(minutes=step): [0, 0, [0] * BUCKETS] for step in range(WIDE)}
    for minute, outcome, count, buckets in Minute.objects.filter(minute__gte=first).values_list("minute", "outcome", "count", "buckets"):
        if minute in sums:
            own = sums[minute]
            own[0] += count
            own[1] += count if outcome in ("refused", "failed") else 0
            own[2] = [a + b for a, b in zip(own[2], buckets, strict=True)]
    return [(minute, own[0], own[1], percentile(own[2], 95)) for minute, own in sums.items()]


def settled(since: datetime) -> int:
    """Bills that the door settled since an instant."""
    rows = Minute.objects.filter(minute__gte=since, infno__in=SETTLING, outcome="ok")
    return int(rows.aggregate(count=Sum("count"))["count"] or 0)


def codes_today(now: datetime) -> list[tuple[str, int]]:
    """Refusals and failures of today by code, the most frequent first."""
    rows = Minute.objects.filter(minute__gte=midnight(now)).exclude(code="").values_list("code").annotate(n=Sum("count")).order_by("-n")
    return [(str(code), int(count)) for code, count in rows[:TOP]]


def sent_today(now: datetime, field: str, area: str = "", limit: int = TOP) -> list[Sent]:
    """Messages of today by `institution` or by `infno`, the busiest first; of institutions in an area where one is given."""
    rows = Hour.objects.filter(hour__gte=midnight(now))
    if area:
        rows = rows.filter(institution__in=Institution.objects.filter(admdvs__startswith=area[:6]).values("fixmedins_code"))
    sums: dict[str, list[Any]] = {}
    grouped = rows.values_list(field, "outcome").annotate(Sum("count"), Sum("micros"), Max("slowest"), Max("last_at"))
    for code, outcome, count, micros, slowest, last in grouped:
        own = sums.setdefault(str(code), [0, 0, 0, 0, 0, None])
        own[0] += count
        own[1] += count if outcome == "refused" else 0
        own[2] += count if outcome == "failed" else 0
        own[3] += micros
        own[4] = max(own[4], slowest)
        own[5] = last if own[5] is None else max(own[5], last)
    names = names_of(sums) if field == "institution" else {}
    found = [
        Sent(code, names.get(code, ""), own[0], own[1], own[2], own[3] // max(own[0], 1), own[4], own[5]) for code, own in sums.items()
    ]
    return sorted(found, key=lambda one: -one.many)[:limit]


def names_of(codes: Sequence[str] | dict[str, Any]) -> dict[str, str]:
    """Institutions' names by code."""
    return dict(Institution.objects.filter(fixmedins_code__in=list(codes)).values_list("fixmedins_code", "name"))


def processes(now: datetime) -> list[Process]:
    """Server processes that live."""
    return list(Process.objects.filter(at__gte=now - ALIVE).order_by("name"))


def queues(found: Sequence[Process]) -> list[Waiting]:
    """What the processes are at, the longest waiting first."""
    sums: dict[tuple[str, str], tuple[int, float]] = {}
    for process in found:
        for institution, infno, count, seconds in process.queues:
            before = sums.get((institution, infno), (0, 0.0))
            sums[institution, infno] = (before[0] + count, max(before[1], seconds))
    return sorted((Waiting(*key, *value) for key, value in sums.items()), key=lambda one: -one.seconds)


# ---- the books ----


def bills_of(poolarea: str, now: datetime) -> Bills:
    """The bills that were settled today, mirrors apart."""
    rows = Settlement.objects.filter(at__gte=midnight(now), at__lt=midnight(now) + timedelta(days=1), poolarea=poolarea)
    sums = rows.aggregate(many=Count("pk"), mirrors=Count("mirror_of"), total=Sum("total"), fund=Sum("fund"), cash=Sum("cash"))
    return Bills(*(int(sums[name] or 0) for name in Bills._fields))._replace(many=int(sums["many"] or 0) - int(sums["mirrors"] or 0))


def funds_of(poolarea: str, day: date) -> list[Spent]:
    """What each fund paid by the entries of a day 当日基金支出."""
    return [Spent(str(fund), int(fen), int(bills)) for fund, fen, bills in asked(FUNDS_OF_DAY, poolarea, day)]


def last_day(poolarea: str) -> date | None:
    """The last day with a bill in the books."""
    rows = asked(LAST_DAY, poolarea)
    return rows[0][0] if rows else None


def seal_lag(now: datetime) -> Lag:
    """The journal's rows that wait for their seal."""
    rows, oldest = asked(UNSEALED)[0]
    if oldest is None:
        return Lag(0, 0.0)
    loaded = asked(LOADED)[0][0]
    came_in = oldest if loaded is None else max(oldest, loaded)
    return Lag(int(rows), max((now - came_in).total_seconds(), 0.0))


def seal_ends() -> dict[str, tuple[int, str]]:
    """The end of each pooling area's chain: number and hash."""
    return {area: (number, chain) for area, number, chain in asked(ENDS)}


@contextmanager
def plain_connection() -> Iterator[Any]:
    """Django's connection as the driver's own, in a transaction."""
    with transaction.atomic():
        connection.ensure_connection()
        yield connection.connection


def jobs() -> dict[str, int]:
    """Background jobs by state."""
    return {str(status): int(count) for status, count in ProcrastinateJob.objects.values_list("status").annotate(Count("pk"))}


# ---- alerts ----


def open_alerts() -> list[Alert]:
    """Alerts that are not closed: the gravest first, then the oldest."""
    grave = {"high": 0, "middle": 1, "low": 2}
    return sorted(Alert.objects.exclude(state="closed"), key=lambda row: (grave[row.severity], row.raised_at))


def steps_of(alert: int) -> list[AlertStep]:
    """What happened to an alert, the newest first."""
    return list(AlertStep.objects.filter(alert_id=alert).order_by("-at", "-pk"))


def who_may(act: str) -> list[str]:
    """Logins of the officers whose post may do an act."""
    return sorted(set(Officer.objects.filter(is_active=True, post__roles__may__contains=[act]).values_list("login", flat=True)))
