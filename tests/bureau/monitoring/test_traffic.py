"""What the door does is added up in memory, written whole, and read back as rates, percentiles and queues."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection

from openyibao.bureau.monitoring import queries
from openyibao.bureau.monitoring.models import Hour, Minute, Process, Refusal
from openyibao.bureau.monitoring.traffic import BOUNDS, BUCKETS, REFUSED, Traffic, gone, percentile, written

NOW = datetime(2026, 3, 2, 2, 30, 10, tzinfo=UTC)
AT = NOW.timestamp()


def message(traffic, institution="H43310100001", infno="2207", outcome="ok", code="", seconds=0.004, at=AT, ticket=1):
    """One message from its arrival to its answer."""
    traffic.began(ticket, institution, infno)
    traffic.ended(ticket, infno, outcome, code, seconds, at, "a trace")


def write(traffic, at=NOW):
    """Write what was added up."""
    written(traffic, traffic.drained(), traffic.load(0, 3), at)


def test_two_processes_add_to_the_same_rows(django_database):
    for _ in range(2):
        traffic = Traffic(NOW)
        for seconds in (0.001, 0.004, 0.3, 9.0):
            message(traffic, seconds=seconds)
        message(traffic, outcome="refused", code="PERSON-01")
        write(traffic)
    ok = Minute.objects.get(outcome="ok")
    assert (ok.count, ok.slowest, sum(ok.buckets), len(ok.buckets)) == (8, 9_000_000, 8, BUCKETS)
    assert ok.buckets[0] == 2 and ok.buckets[-1] == 2 and ok.minute == NOW.replace(second=0)
    assert Hour.objects.get(outcome="ok").count == 8 and Refusal.objects.count() == 2
    assert queries.outcomes(NOW - timedelta(minutes=5), NOW) == {"ok": 8, "refused": 2}
    assert queries.settled(queries.midnight(NOW)) == 8
    assert queries.codes_today(NOW) == [("PERSON-01", 2)]
    sent = queries.sent_today(NOW, "institution")
    assert [(one.code, one.many, one.refused) for one in sent] == [("H43310100001", 10, 2)]
    assert queries.sent_today(NOW, "institution", "999999") == []


def test_what_could_not_be_written_is_written_with_the_next(django_database):
    traffic = Traffic(NOW)
    message(traffic)
    tally = traffic.drained()
    message(traffic, seconds=0.2)
    with pytest.raises(DatabaseError), connection.execute_wrapper(away):
        written(traffic, tally, traffic.load(0, 0), NOW)
    traffic.put_back(tally)
    write(traffic)
    row = Minute.objects.get()
    assert (row.count, row.micros, row.slowest) == (2, 204_000, 200_000)
    assert Hour.objects.get().count == 2


def away(execute, sql, params, many, context):
    """A database that is not there."""
    raise DatabaseError("away")


def test_a_flood_of_refusals_is_counted_whole_and_kept_in_part(django_database):
    traffic = Traffic(NOW)
    for _ in range(REFUSED + 50):
        message(traffic, outcome="refused", code="DOOR-01")
    write(traffic)
    assert Refusal.objects.count() == REFUSED and Minute.objects.get().count == REFUSED + 50


def test_names_longer_than_their_columns_do_not_stop_the_figures(django_database):
    traffic = Traffic(NOW)
    message(traffic, institution="H" * 40, infno="9" * 30, outcome="refused", code="X" * 40)
    write(traffic)
    assert Refusal.objects.get().institution == "H" * 12


def test_the_queue_names_institution_and_number_and_how_long(django_database):
    traffic = Traffic(NOW)
    for ticket in (1, 2):
        traffic.began(ticket, "H43310100001", "2207")
    write(traffic)
    alive = queries.processes(NOW)
    assert [(one.institution, one.infno, one.many) for one in queries.queues(alive)] == [("H43310100001", "2207", 2)]
    assert alive[0].in_flight == 2 and queries.processes(NOW + timedelta(minutes=2)) == []
    traffic.ended(1, "2207", "ok", "", 0.1, AT, "")
    assert traffic.load(0, 0).in_flight == 1
    gone(traffic)
    assert not Process.objects.exists()


def test_percentiles_lie_within_their_buckets():
    assert percentile([0] * BUCKETS, 95) is None
    assert 2_000 < percentile([0, 0, 100] + [0] * (BUCKETS - 3), 50) <= 5_000
    assert percentile([0] * (BUCKETS - 1) + [1], 50) == BOUNDS[-1]
    mixed = [90, *[0] * (BUCKETS - 2), 10]
    assert percentile(mixed, 50) < 1_000 and percentile(mixed, 95) == BOUNDS[-1]


def test_the_last_hour_has_every_minute(django_database):
    traffic = Traffic(NOW)
    message(traffic, at=AT - 120)
    message(traffic, outcome="failed", code="DOOR-02", at=AT - 120)
    write(traffic)
    minutes = queries.by_minute(NOW)
    assert len(minutes) == 60 and minutes[-3][1:3] == (2, 1) and minutes[-1][1:] == (0, 0, None)
