"""What the door does, added up in memory and written every few seconds 报文流量: no message waits for it.

`noted` is called once a message, in the event loop alone: a few dictionary entries, about a microsecond. `drained` takes what has been
added up (in the loop), `written` writes it (in a thread). Several server processes write into the same rows, each adding its own.
"""

import json
import os
import platform
import time
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from openyibao.bureau.monitoring.models import Process, Refusal

BOUNDS = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000)
"""Upper bounds of the buckets of times of answer, microseconds; one more bucket holds what took longer."""
BUCKETS = len(BOUNDS) + 1
REFUSED = 100
"""Refused messages that one write keeps one by one; the rest are counted."""
QUEUED = 50
"""Lines of a process's queue that are kept: the oldest."""
WIDTHS = {"infno": 8, "code": 20, "institution": 12}

MINUTES = """
INSERT INTO monitoring_minute AS t (minute, infno, outcome, code, count, micros, slowest, buckets)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (minute, infno, outcome, code) DO UPDATE SET count = t.count + EXCLUDED.count, micros = t.micros + EXCLUDED.micros,
  slowest = greatest(t.slowest, EXCLUDED.slowest), buckets = (
    SELECT array_agg(a + b ORDER BY place) FROM unnest(t.buckets, EXCLUDED.buckets) WITH ORDINALITY AS u(a, b, place))
"""

HOURS = """
INSERT INTO monitoring_hour AS t (hour, institution, infno, outcome, count, micros, slowest, last_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (hour, institution, infno, outcome) DO UPDATE SET count = t.count + EXCLUDED.count, micros = t.micros + EXCLUDED.micros,
  slowest = greatest(t.slowest, EXCLUDED.slowest), last_at = greatest(t.last_at, EXCLUDED.last_at)
"""

ALIVE = """
INSERT INTO monitoring_process (name, started_at, at, in_flight, waiting, connections, queues) VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb)
ON CONFLICT (name) DO UPDATE SET at = EXCLUDED.at, in_flight = EXCLUDED.in_flight, waiting = EXCLUDED.waiting,
  connections = EXCLUDED.connections, queues = EXCLUDED.queues
"""


class Tally(NamedTuple):
    """What was added up since the last write."""

    minutes: dict[tuple[int, str, str, str], list[int]]  # minute, number, outcome, code -> count, micros, slowest, buckets
    hours: dict[tuple[int, str, str, str], list[int]]  # hour, institution, number, outcome -> count, micros, slowest, last second
    refused: list[tuple[int, str, str, str, str, str, int]]  # second, institution, number, outcome, code, trace, micros


class Load(NamedTuple):
    """How a process does at the moment."""

    waiting: int  # statements that wait for a connection
    connections: int  # in use
    queues: list[tuple[str, str, int, float]]  # institution, number, messages, seconds the oldest has waited

    @property
    def in_flight(self) -> int:
        """Messages being answered."""
        return sum(count for _, _, count, _ in self.queues)


class Traffic:
    """One process's figures."""

    def __init__(self, started_at: datetime) -> None:
        """Nothing added up."""
        self.name = f"{platform.node()[:60]}:{os.getpid()}"
        self.started_at = started_at
        self.tally = Tally({}, {}, [])
        self.under_way: dict[int, tuple[str, str, float]] = {}

    def began(self, ticket: int, institution: str, infno: str) -> None:
        """A message whose sender and number are known is being answered; `ticket` tells it from others."""
        self.under_way[ticket] = (institution, infno, time.monotonic())

    def ended(self, ticket: int, infno: str, outcome: str, code: str, seconds: float, at: float, trace: str) -> None:
        """A message was answered. `at`: when it arrived, seconds of the clock; an unknown number is `unknown`."""
        institution, _, _ = self.under_way.pop(ticket, ("", "", 0.0))
        micros, second = int(seconds * 1_000_000), int(at)
        key = (second // 60, infno, outcome, code)
        sums = self.tally.minutes.get(key)
        if sums is None:
            sums = self.tally.minutes[key] = [0] * (3 + BUCKETS)
        sums[0] += 1
        sums[1] += micros
        if micros > sums[2]:
            sums[2] = micros
        sums[3 + bisect_left(BOUNDS, micros)] += 1
        hourly = (second // 3600, institution, infno, outcome)
        own = self.tally.hours.get(hourly)
        if own is None:
            own = self.tally.hours[hourly] = [0, 0, 0, second]
        own[0] += 1
        own[1] += micros
        if micros > own[2]:
            own[2] = micros
        if second > own[3]:
            own[3] = second
        if code and len(self.tally.refused) < REFUSED:
            self.tally.refused.append((second, institution, infno, outcome, code, trace, micros))

    def drained(self) -> Tally:
        """What was added up, which begins anew."""
        taken, self.tally = self.tally, Tally({}, {}, [])
        return taken

    def put_back(self, tally: Tally) -> None:
        """A tally that could not be written: added to what came since, to be written next time."""
        for mine, theirs, added in ((self.tally.minutes, tally.minutes, 2), (self.tally.hours, tally.hours, 2)):
            for key, sums in theirs.items():
                there = mine.get(key)
                mine[key] = sums if there is None else together(there, sums, added)
        self.tally.refused[:0] = tally.refused[: max(REFUSED - len(self.tally.refused), 0)]

    def load(self, waiting: int, connections: int) -> Load:
        """How this process does now."""
        now = time.monotonic()
        found: dict[tuple[str, str], tuple[int, float]] = {}
        for institution, infno, since in self.under_way.values():
            count, oldest = found.get((institution, infno), (0, 0.0))
            found[institution, infno] = (count + 1, max(oldest, now - since))
        queues = [(institution, infno, count, round(oldest, 3)) for (institution, infno), (count, oldest) in found.items()]
        return Load(waiting, connections, sorted(queues, key=lambda one: -one[3])[:QUEUED])


def together(mine: list[int], theirs: Sequence[int], slowest: int) -> list[int]:
    """Two sums as one: everything added but the slowest, and of an hour the last second, whose greater one counts."""
    last = len(mine) == 4
    return [max(a, b) if place == slowest or (last and place == 3) else a + b
            for place, (a, b) in enumerate(zip(mine, theirs, strict=True))]


def written(process: Traffic, tally: Tally, load: Load, at: datetime) -> None:
    """Write a tally and a sign of life, all or nothing. In the order of the keys, so that two processes never wait for each other."""
    with transaction.atomic(), connection.cursor() as cursor:
        if tally.minutes:
            cursor.executemany(MINUTES, [
                (instant(minute * 60), *cut("infno", infno), outcome, *cut("code", code), *sums[:3], sums[3:])
                for (minute, infno, outcome, code), sums in sorted(tally.minutes.items())
            ])  # fmt: skip
        if tally.hours:
            cursor.executemany(HOURS, [
                (instant(hour * 3600), *cut("institution", institution), *cut("infno", infno), outcome, *sums[:3], instant(sums[3]))
                for (hour, institution, infno, outcome), sums in sorted(tally.hours.items())
            ])  # fmt: skip
        Refusal.objects.bulk_create(
            Refusal(at=instant(second), institution=institution[:12], infno=infno[:8], outcome=outcome, code=code[:20], trace=trace[:16],
                    micros=micros)
            for second, institution, infno, outcome, code, trace, micros in tally.refused
        )  # fmt: skip
        alive = (process.name, process.started_at, at, load.in_flight, load.waiting, load.connections, json.dumps(load.queues))
        cursor.execute(ALIVE, alive)


def gone(process: Traffic) -> None:
    """A process that ends in good order takes its row with it."""
    Process.objects.filter(name=process.name).delete()


def cut(field: str, text: str) -> tuple[Any]:
    """A text as wide as its column."""
    return (text[: WIDTHS[field]],)


def instant(second: int) -> datetime:
    """A second of the clock as an instant."""
    return datetime.fromtimestamp(second, UTC)


def percentile(buckets: Sequence[int], share: int) -> int | None:
    """The time of answer, microseconds, that `share` in a hundred messages stay within, by the buckets: the bucket's share of the way.

    None without a message; what took longer than the last bound is told as that bound.
    """
    total = sum(buckets)
    if not total:
        return None
    wanted, passed = total * share / 100, 0
    for place, count in enumerate(buckets):
        if count and passed + count >= wanted:
            low = BOUNDS[place - 1] if place else 0
            high = BOUNDS[place] if place < len(BOUNDS) else BOUNDS[-1]
            return round(low + (high - low) * (wanted - passed) / count)
        passed += count
    return BOUNDS[-1]
