"""What the alert rules measure 告警规则取数: one function each, (now) -> what is found, object by object. They write nothing.

The rules themselves, with their bounds and words, are data (`alerts.yaml`).
"""

import shutil
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.conf import settings
from django.db.models import Count, Max, Sum
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from openyibao.bureau.fund.queries import asked
from openyibao.bureau.monitoring import queries
from openyibao.bureau.monitoring.models import Hour, Process, Watch
from openyibao.bureau.providers.models import Institution
from openyibao.bureau.settlement.verify import Book, Head, chained
from openyibao.bureau.staff.models import Look, Officer

TABLE = Path(__file__).with_name("alerts.yaml")
LATELY = timedelta(minutes=10)
FEW = 20
"""Messages below which a share says nothing."""
USUAL = 30
"""Messages an institution must have sent in the same hour a week ago for its silence to mean something."""
SEALS = 5_000
"""Seals that one check looks at."""
WEEK = timedelta(days=7)

TODAY_BY_FUND = """
SELECT e.poolarea || ' ' || p.fund, sum(p.fen)::bigint FROM fund_entry e JOIN fund_posting p ON p.entry_id = e.id
WHERE e.day = %s AND e.poolarea IN (SELECT DISTINCT poolarea FROM fund_entry WHERE day = %s)
GROUP BY e.poolarea, p.fund HAVING sum(p.fen) <> 0
"""


class Found(NamedTuple):
    """What a rule measured of one object."""

    object: str  # an institution, a fund, a process; "" = the server as a whole
    figure: float
    words: Mapping[str, Any] = {}  # further words of the sentence


class Rule(NamedTuple):
    """One rule of alerts.yaml."""

    code: str
    figure: str
    above: float
    unit: str
    severity: str
    zh: str
    en: str
    advice_zh: str
    advice_en: str
    owner: str


Measure = Callable[[datetime], list[Found]]


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its code. Raises ValueError for one that measures something unknown."""
    found = {code: Rule(code, **words) for code, words in yaml.safe_load(TABLE.read_text(encoding="utf-8")).items()}
    unknown = sorted(rule.code for rule in found.values() if rule.figure not in MEASURES)
    if unknown:
        raise ValueError(f"{TABLE.name}: {', '.join(unknown)}: no such figure")
    return found


def sentence(rule: Rule, found: Found) -> tuple[str, str]:
    """What is wrong, zh and en."""
    words = {"name": found.object, "figure": plain(found.figure), "above": plain(rule.above), **found.words}
    return rule.zh.format(**words), rule.en.format(**words)


def plain(figure: float) -> str:
    """A figure as people write it, however large: 12,345 or 1.5."""
    return f"{figure:,.2f}".rstrip("0").rstrip(".")


def share(now: datetime, outcome: str) -> list[Found]:
    """Messages of the last minutes with an outcome, in percent; nothing where there were few."""
    sums = queries.outcomes(now - LATELY, now)
    total = sum(sums.values())
    return [Found("", round(sums.get(outcome, 0) * 100 / total, 1))] if total >= FEW else []


def failed_share(now: datetime) -> list[Found]:
    """Messages that failed through no fault of their own."""
    return share(now, "failed")


def refused_share(now: datetime) -> list[Found]:
    """Messages that were refused."""
    return share(now, "refused")


def slow_answers(now: datetime) -> list[Found]:
    """The 95th percentile of the last minutes, milliseconds."""
    times = queries.times(now - LATELY, now)
    return [Found("", round(times.p95 / 1000))] if times.many >= FEW and times.p95 is not None else []


def silent_institutions(now: datetime) -> list[Found]:
    """Minutes since the last message of an institution that was busy in the same hour a week ago."""
    hour = (now - WEEK).replace(minute=0, second=0, microsecond=0)
    usual = {
        row["institution"]: row["sent"] for row in Hour.objects.filter(hour=hour).exclude(institution="").values("institution")
        .annotate(sent=Sum("count")).filter(sent__gte=USUAL)
    }  # fmt: skip
    if not usual:
        return []
    last = dict(Hour.objects.filter(institution__in=usual, hour__gte=hour).values_list("institution").annotate(Max("last_at")))
    names = dict(Institution.objects.filter(fixmedins_code__in=usual).values_list("fixmedins_code", "name"))
    return [
        Found(code, round((now - last[code]).total_seconds() / 60), {"usual": sent, "name": names.get(code, code)})
        for code, sent in usual.items() if code in last
    ]  # fmt: skip


def seal_lag(now: datetime) -> list[Found]:
    """Seconds that the oldest row of the journal has waited for its seal."""
    lag = queries.seal_lag(now)
    return [Found("", round(lag.seconds), {"pending": lag.rows})]


def unbalanced_funds(now: datetime) -> list[Found]:
    """Funds whose entries of today do not sum to nothing, fen."""
    today = queries.day_of(now)
    return [Found(name, abs(fen)) for name, fen in asked(TODAY_BY_FUND, today, today)]


def broken_seals(now: datetime) -> list[Found]:
    """Seals since the last check that do not hold on to their row and the seal before."""
    return walked()[0]


def walked() -> tuple[list[Found], dict[str, tuple[int, str]]]:
    """The seals since the last check, some thousands of each pooling area, and the heads that the next check goes on from.

    An area that was never looked at is looked at from its end on; what lies before is `openyibao verify`'s.
    """
    watch = Watch.objects.first()
    heads = dict(watch.heads) if watch is not None else {}
    found, onward = [], queries.seal_ends()
    for area, (number, _chain) in list(onward.items()):
        before = heads.get(area)
        if before is None or before[0] >= number:
            continue
        broken, last = Book(None), min(number, before[0] + SEALS)
        with queries.plain_connection() as raw:
            ends, _sealed = chained(
                raw, broken, {}, "WHERE s.poolarea = %s AND s.number > %s AND s.number <= %s", [area, before[0], last],
                Head(area, before[0], before[1]),
            )  # fmt: skip
        found.append(Found(area, sum(broken.counts.values())))
        if area in ends:
            onward[area] = (ends[area].number, ends[area].chain)
    return found, onward


def silent_processes(now: datetime) -> list[Found]:
    """Seconds since the last sign of life of each server process."""
    return [Found(row.name, round((now - row.at).total_seconds())) for row in Process.objects.all()]


def failed_jobs(now: datetime) -> list[Found]:
    """Background jobs that failed within a day."""
    failed = ProcrastinateEvent.objects.filter(type="failed", at__gte=now - timedelta(days=1)).count()
    return [Found("", failed)]


def waiting_jobs(now: datetime) -> list[Found]:
    """Minutes that the oldest background job has waited."""
    waiting = ProcrastinateJob.objects.filter(status="todo")
    oldest = ProcrastinateEvent.objects.filter(job__in=waiting, type="deferred").order_by("at").first()
    return [Found("", round((now - oldest.at).total_seconds() / 60))] if oldest is not None else []


def disk_used(now: datetime) -> list[Found]:
    """How much of the home folder's disk is used, percent."""
    home = Path(settings.HOME)
    if not home.is_dir():
        return []
    usage = shutil.disk_usage(home)
    return [Found("", round((usage.total - usage.free) * 100 / usage.total))]


def own_looks(now: datetime) -> list[Found]:
    """Looks since the last check at the own record or a relative's, by officer; insured persons, who read their own, are not meant."""
    watch = Watch.objects.first()
    since = watch.looked if watch is not None else 0
    looks = Look.objects.filter(pk__gt=since).values("officer", "psn_no").annotate(times=Count("pk"))
    staff = Officer.objects.exclude(post__roles__code="insured")
    officers = {row.login: row for row in staff.filter(login__in={one["officer"] for one in looks})}
    sums: dict[str, int] = {}
    for one in looks:
        officer = officers.get(one["officer"])
        if officer is not None and (one["psn_no"] == officer.psn_no or one["psn_no"] in officer.relatives):
            sums[officer.login] = sums.get(officer.login, 0) + one["times"]
    return [Found(login, times) for login, times in sums.items()]


MEASURES: dict[str, Measure] = {
    measure.__name__: measure
    for measure in (
        failed_share, refused_share, slow_answers, silent_institutions, seal_lag, unbalanced_funds, broken_seals, silent_processes,
        failed_jobs, waiting_jobs, disk_used, own_looks,
    )
}  # fmt: skip
"""Figure -> how it is measured."""
ONCE = ("broken_seals", "own_looks")
"""Figures that tell of what happened since the last check: their alerts do not close by themselves."""
